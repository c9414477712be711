"""`gongkai check`: a dataset of several years, its summary, its datasets, rules of one's own."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai import emit
from gongkai.model import Fact, Match, Place, Report, Section, Source
from gongkai.normalize.form.template import field, templates

Run = Callable[..., tuple[int, str, str]]
IN, OUT = ("requests", "carried_in", "total"), ("requests", "carried_out", "total")


def report(
    year: int, cells: dict[tuple[str, str, str], str], org: str = "某县某局", name: str = ""
) -> Report:
    match = Match("", "", 100.0, "exact")
    facts = tuple(
        Fact(field("2021", *a), Decimal(t or 0), not t, t, Place(), match, match) for a, t in cells.items()
    )
    path = name or f"{org}{year}.docx"
    sections = (Section("overview", "1", 1, "一、", "总体情况", "正文。", Place()),)
    source = Source(path, b"", path.encode().hex()[:64], 1)
    return Report(source, "docx", "docx", None, "2021", org, year, "标题", None, facts, sections, ())


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Two bodies over two years; what the first carries over differs, that of the second agrees."""
    reports = [
        report(2021, {OUT: "3"}),
        report(2022, {IN: "4"}),
        report(2021, {OUT: "5"}, "某县另一局"),
        report(2022, {IN: "5"}, "某县另一局"),
        report(2022, {}, "某县无表局"),
    ]
    emit.emit(reports, tmp_path / "out", templates=templates(), run_facts={})
    return tmp_path / "out"


def lines(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_check_compares_the_years_of_each_body(gongkai: Run, dataset: Path) -> None:
    code, out, err = gongkai("check", dataset)
    assert (code, err) == (0, "")
    found = [
        (c["org"], c["year"], c["rule"], c["left"], c["right"], c["outcome"])
        for c in lines(dataset, "series")
    ]
    assert found == [
        ("某县另一局", "2022", "R5", "5", "5", "pass"),
        ("某县某局", "2022", "R5", "4", "3", "fail"),
    ]
    (result,) = lines(dataset, "series_findings")
    assert (result["code"], result["severity"], result["other_source_file"]) == (
        "years-differ",
        "warning",
        "某县某局2021.docx",
    )
    assert "5 reports of 2 bodies, 2021 to 2022" in out
    assert "1 left out" in out and "某县某局2022.docx   years-differ" in out


def test_a_body_in_two_spellings_is_one(gongkai: Run, tmp_path: Path) -> None:
    reports = [report(2021, {OUT: "3"}, "绩溪县政府办"), report(2022, {IN: "4"}, "绩溪县人民政府办公室")]
    emit.emit(reports, tmp_path / "out", templates=templates(), run_facts={})
    _, out, _ = gongkai("check", tmp_path / "out")
    assert "2 reports of 1 bodies" in out
    assert [(c["rule"], c["outcome"]) for c in lines(tmp_path / "out", "series")] == [("R5", "fail")]


def test_the_facts_of_both_reports_are_named(gongkai: Run, dataset: Path) -> None:
    gongkai("check", dataset, "--quiet")
    assert lines(dataset, "series")[0]["facts"] == "requests.carried_in.total;requests.carried_out.total@-1"


def test_the_summary_for_programs_has_the_same_counts(gongkai: Run, dataset: Path) -> None:
    code, out, _ = gongkai("check", dataset, "--json")
    result = json.loads(out)
    assert (code, result["bodies"], result["left_out"]) == (0, 2, 1)
    assert result["rules"]["R5"] == {"pass": 1, "fail": 1, "uncertain": 0, "not_assessable": 0}
    assert {"code": "years-differ", "severity": "warning", "count": 1} in result["findings"]


def test_the_package_describes_what_a_check_added_and_a_second_check_changes_nothing(
    gongkai: Run, dataset: Path
) -> None:
    gongkai("check", dataset, "--quiet")
    first = {p.name: p.read_bytes() for p in dataset.iterdir()}
    names = [r["name"] for r in json.loads(first["datapackage.json"])["resources"]]
    assert names[-2:] == ["series", "series_findings"]
    gongkai("check", dataset, "--quiet")
    assert {p.name: p.read_bytes() for p in dataset.iterdir()} == first


def test_the_package_of_a_checked_folder_is_valid(
    gongkai: Run, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frictionless = pytest.importorskip("frictionless")
    gongkai("check", dataset, "--quiet")
    monkeypatch.chdir(dataset)
    assert frictionless.Package("datapackage.json").validate().flatten(["note"]) == []


def test_a_run_over_a_checked_folder_takes_the_check_away(gongkai: Run, dataset: Path) -> None:
    gongkai("check", dataset, "--quiet")
    emit.emit([report(2021, {OUT: "3"})], dataset, templates=templates(), run_facts={})
    assert not (dataset / "series.csv").exists()


def test_csv_alone_is_read_alike(dataset: Path) -> None:
    from_parquet = list(emit.read_filings(dataset))
    for path in dataset.glob("*.parquet"):
        path.unlink()
    assert list(emit.read_filings(dataset)) == from_parquet
    assert [f.year for f in from_parquet if f is not None] == [2021, 2022, 2021, 2022]


def test_a_folder_that_is_no_dataset_is_refused_in_one_line(gongkai: Run, tmp_path: Path) -> None:
    code, out, err = gongkai("check", tmp_path)
    assert (code, out, err.count("\n")) == (2, "", 1)


# Rules of one's own --------------------------------------------------------------------------


def rules(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_rule_of_ones_own_of_severity_error_gives_one(gongkai: Run, dataset: Path, tmp_path: Path) -> None:
    own = rules(
        tmp_path,
        '[[rules]]\ncode = "U1"\nleft = ["requests.carried_out.total"]\nright = ["4"]\nrelation = "<="\n'
        'severity = "error"\nzh = "结转不超过四件"\nen = "at most four carried out"\n',
    )
    code, out, _ = gongkai("check", dataset, "--rules", own)
    assert code == 1
    assert "结转不超过四件" in out
    found = [(f["org"], f["code"], f["severity"]) for f in lines(dataset, "series_findings")]
    assert ("某县另一局", "rule-fails", "error") in found


def test_a_severity_of_a_rule_of_the_form_may_be_raised(gongkai: Run, dataset: Path, tmp_path: Path) -> None:
    code, _, _ = gongkai(
        "check", dataset, "--quiet", "--rules", rules(tmp_path, '[severity]\nR5 = "error"\n')
    )
    assert code == 1
    assert lines(dataset, "series_findings")[0]["severity"] == "error"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = [", "not TOML"),
        ("[rule]\n", "unknown key rule; did you mean rules?"),
        ("rules = 3\n", "rules is 3; wanted: tables [[rules]]"),
        ('[[rules]]\nleft = ["0"]\n', "[[rules]] 1: code is missing"),
        ('[[rules]]\ncode = "R5"\nleft = ["0"]\nright = ["0"]\n', "R5: the code is taken"),
        ('[[rules]]\ncode = "U"\nleft = ["0"]\nright = ["0"]\n', "wants a box on the left"),
        ('[[rules]]\ncode = "U"\nlift = ["0"]\n', "unknown key lift; did you mean left?"),
        ('[[rules]]\ncode = "U"\nleft = "0"\n', 'left is "0"; wanted: a list of texts'),
        ('[[rules]]\ncode = "U"\nrelation = "<"\n', "relation is"),
        ('[[rules]]\ncode = "U"\nseverity = "fatal"\n', "severity is"),
        ('[[rules]]\ncode = "U"\ntolerance = "1"\n', "tolerance is"),
        (
            '[[rules]]\ncode = "U"\nleft = ["requests.x.total"]\nright = ["0"]\n',
            "no form has 'requests.x.total'",
        ),
        ('[[rules]]\ncode = "U"\nleft = ["requests"]\nright = ["0"]\n', "U: 'requests' is no term"),
        ('[[rules]]\ncode = "U"\ntolerance = nan\n', "tolerance is"),
        ('[[rules]]\ncode = "U"\ntolerance = true\n', "tolerance is"),
        ('[[rules]]\ncode = "U\\n1"\n', "code: wants letters, digits"),
        ('[[rules]]\ncode = ["U"]\n', '[[rules]] 1: code is ["U"]; wanted: letters, digits'),
        ('[[rules]]\ncode = "R7"\n', "R7: the code is taken"),
        ('[[rules]]\ncode = "U"\nzh = ["…"]\n', 'zh is ["…"]; wanted: a text'),
        (
            '[[rules]]\ncode = "U"\ntemplates = ["2022"]\n',
            "[[rules]] 1 (U): there is no form 2022; templates are 2014, 2019, 2021",
        ),
        ("x = " + "[" * 3000, "lists are nested too deep"),
        (
            '[[rules]]\ncode = "U"\nleft = ["requests.*.total"]\nright = ["proactive.*.issued"]\n',
            "U: no row or column is in all of its terms",
        ),
        ('[severity]\nR99 = "error"\n', "R99: wants the code of a rule"),
        ('severity = "error"\n', 'severity is "error"; wanted: a table [severity]'),
    ],
)
def test_a_wrong_file_of_rules_is_refused_in_one_line(
    text: str, message: str, gongkai: Run, dataset: Path, tmp_path: Path
) -> None:
    code, out, err = gongkai("check", dataset, "--rules", rules(tmp_path, text))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err and "rules.toml" in err


def test_the_examples_of_the_documentation_are_rules(gongkai: Run, dataset: Path, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
    examples = [part.partition("```")[0] for part in text.split("```toml\n")[1:]]
    assert len(examples) >= 2
    for example in examples:
        code, _, err = gongkai("check", dataset, "--quiet", "--rules", rules(tmp_path, example))
        assert (code in (0, 1), err) == (True, "")


def test_a_cluster_that_found_no_report_left_an_empty_dataset(
    gongkai: Run, dataset: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "parts-only"
    shutil.copytree(dataset, folder)
    for path in (*folder.glob("*.csv"), *folder.glob("*.parquet")):
        path.unlink()
    for name in ("checks", "facts", "reports", "sections"):
        (folder / "parts" / name).mkdir(parents=True)
    code, out, err = gongkai("check", folder)
    assert (code, err) == (0, "")
    assert out.startswith("0 reports")
