"""From a folder of files to the panel: copies, amended versions, spellings, namesakes, and reports of nobody."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from panel_check import check

from builders.report_files import ReportFile
from gongkai.commands import main

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
#: a box of table three without which no sum of its row and column holds
BROKEN = {("granted", "natural_person"): "9999"}
#: a box whose change every sum allows: a decision of another kind of person in both rows and the same column
FILES = (
    ReportFile("finance/2022.docx", "旌德县财政局", 2022, 1, "2023年1月20日"),
    ReportFile("finance/web/2022.html", "旌德县财政局", 2022, 1, "2023年1月20日"),
    ReportFile("water/first.docx", "绩溪县水利局", 2022, 2, "2023年1月18日"),
    ReportFile("water/corrected.docx", "绩溪县水利局", 2022, 3, "2023年3月2日"),
    ReportFile("health/first.docx", "绩溪县卫生健康委员会", 2023, 4, "2024年1月18日"),
    ReportFile("health/corrected.docx", "绩溪县卫生健康委员会", 2023, 4, "2024年3月2日", BROKEN),
    ReportFile("reform/2021.docx", "绩溪县发展和改革委员会", 2021, 5),
    ReportFile("reform/2022.docx", "绩溪县发改委", 2022, 6),
    ReportFile("towns/a.docx", "长沙县高桥镇人民政府", 2022, 7),
    ReportFile("towns/b.docx", "浦东新区高桥镇人民政府", 2022, 8),
    ReportFile("towns/which.docx", "高桥镇人民政府", 2022, 9),
    ReportFile("towns/which_too.docx", "高桥镇人民政府", 2022, 10),
    ReportFile("nobody.docx", "本单位", 2022, 11, title=["2022年政府信息公开工作年度报告"]),
)


def call(*words: str | Path) -> int:
    return int(main([str(w) for w in words]))


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("folder")
    for file in FILES:
        file.write(place / "in")
    (place / "in" / "copies").mkdir()
    shutil.copy(place / "in" / "finance" / "2022.docx", place / "in" / "copies" / "x.docx")
    call("run", place / "in", "--to", place / "out", "--quiet", "--workers", "2")
    return place / "out"


@pytest.fixture
def made(dataset: Path, tmp_path: Path) -> Path:
    assert call("panel", dataset, "--to", tmp_path / "panel.csv", "--quiet") == 0
    return tmp_path


def by_file(path: Path) -> dict[str, dict[str, str]]:
    return {line["source_file"].removeprefix("in/"): line for line in listed(path)}


def test_every_report_has_a_line_or_is_listed(made: Path, dataset: Path) -> None:
    panel, lost, unplaced = (
        by_file(made / name) for name in ("panel.csv", "panel_duplicates.csv", "panel_unplaced.csv")
    )
    losers = {file for file, line in lost.items() if line["kept"] == "0"}
    every = {line["source_file"].removeprefix("in/") for line in listed(dataset / "reports.csv")}
    assert set(panel) | losers | set(unplaced) == every and len(every) == len(FILES) + 1
    assert not set(panel) & losers and not losers & set(unplaced) and not set(panel) & set(unplaced)


def test_every_cell_is_of_the_report_of_its_line(made: Path, dataset: Path) -> None:
    assert list(check(dataset, made)) == []


def test_a_copy_in_another_format_and_one_of_the_same_bytes(made: Path) -> None:
    lines = by_file(made / "panel_duplicates.csv")
    group = {f: (line["kind"], line["open"]) for f, line in lines.items() if line["org"] == "旌德县财政局"}
    kept = next(f for f, (kind, _) in group.items() if kind == "kept")
    assert kept.endswith(".docx")
    assert sorted(v for f, v in group.items() if f != kept) == [("agree", "0"), ("copy", "0")]


def test_a_later_version_counts_and_what_differs_is_named(made: Path) -> None:
    lines = by_file(made / "panel_duplicates.csv")
    first, last = lines["water/first.docx"], lines["water/corrected.docx"]
    assert (last["kept"], last["decided_by"], first["open"]) == ("1", "published", "1")
    assert "≠" in first["diffs"] and int(first["n_diff"]) > 20


def test_a_later_version_whose_sums_fail_does_not_count_and_that_is_said(made: Path) -> None:
    lines = by_file(made / "panel_duplicates.csv")
    first, last = lines["health/first.docx"], lines["health/corrected.docx"]
    assert (first["kept"], first["decided_by"]) == ("1", "sums")
    assert (last["later_lost"], last["kind"], last["open"]) == ("1", "amended", "1")
    assert last["diffs"].startswith("rq_granted_natural: ") and last["diffs"].endswith("≠9999")


def test_two_spellings_are_one_body_and_two_towns_of_one_name_are_two(made: Path) -> None:
    panel = pd.read_csv(made / "panel.csv", encoding="utf-8-sig", dtype={"division_code": str})
    reform = panel[panel.source_file.str.contains("reform")]
    assert reform.body_id.nunique() == 1 and sorted(reform.year) == [2021, 2022]
    towns = panel[panel.source_file.str.contains("towns")]
    assert sorted(towns.division_code) == ["310115104", "430121109"] and towns.body_id.nunique() == 2


def test_what_nothing_proves_is_not_merged(made: Path) -> None:
    unplaced = by_file(made / "panel_unplaced.csv")
    assert {f: line["why"] for f, line in unplaced.items()} == {
        "towns/which.docx": "no body",
        "towns/which_too.docx": "no body",
        "nobody.docx": "no body",
    }


def test_the_summary_counts_everything(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call("panel", dataset, "--to", tmp_path / "p.csv", "--json")
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["lines"], told["not_chosen"], told["unplaced"]) == (7, 4, {"no body": 3})
    assert told["with_report"] + told["not_chosen"] + sum(told["unplaced"].values()) == len(FILES) + 1
    assert (told["groups"], told["open"]) == (3, 2)


def fill(made: Path, file: str, **of: str) -> Path:
    """panel_duplicates.csv with something written in one line."""
    lines = listed(made / "panel_duplicates.csv")
    for line in lines:
        if line["source_file"].endswith(file):
            line.update(of)
    path = made / "decided.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.DictWriter(out, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path


def test_keep_is_taken_by_the_next_run(made: Path, dataset: Path, tmp_path: Path) -> None:
    decided = fill(made, "health/corrected.docx", keep="yes", by="王")
    again = tmp_path / "again" / "panel.csv"
    assert call("panel", dataset, "--to", again, "--duplicates", decided, "--quiet") == 0
    panel = by_file(again)
    assert "health/corrected.docx" in panel and "health/first.docx" not in panel
    assert panel["health/corrected.docx"]["choice_rule"] == "person"
    assert list(check(dataset, again.parent)) == []


@pytest.mark.parametrize(
    ("of", "message"),
    [
        ({"source_file": "in/other.docx", "report_id": "0" * 16}, "in/other.docx is no file of this dataset"),
        ({"body_id": "341824/教育局"}, "the group 341824/教育局 2023 does not hold"),
        ({"year": "2019"}, "the group 341824/卫生健康委员会 2019 does not hold"),
    ],
)
def test_a_file_or_a_group_that_is_not_there_is_refused_in_one_line(
    made: Path, dataset: Path, capsys: pytest.CaptureFixture[str], of: dict[str, str], message: str
) -> None:
    decided = fill(made, "health/corrected.docx", keep="yes", by="王", **of)
    assert call("panel", dataset, "--to", made / "p2.csv", "--duplicates", decided) == 2
    told = capsys.readouterr().err.strip()
    assert message in told and f"{decided.name}, line " in told and "\n" not in told
    assert not (made / "p2.csv").exists()


def test_a_decision_about_a_year_that_is_left_out_stays_in_the_list(
    made: Path, dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided = fill(made, "health/corrected.docx", keep="yes", by="王")
    place = made / "2022" / "panel.csv"
    call("panel", dataset, "--to", place, "--duplicates", decided, "--years", "2022")
    assert "decisions about reports that this panel leaves out stay in the list" in capsys.readouterr().out
    (line,) = [d for d in listed(place.with_name("panel_duplicates.csv")) if d["kind"] == "outside"]
    assert (line["keep"], line["by"]) == ("yes", "王")


def test_a_dataset_in_which_nothing_has_a_body_gives_lines_for_a_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ReportFile("a.docx", "高桥镇人民政府", 2022, 9).write(tmp_path / "in")
    call("run", tmp_path / "in", "--to", tmp_path / "out", "--quiet")
    (tmp_path / "bodies.csv").write_text("body_id,org\n341824/财政局,绩溪县财政局\n", "utf-8")
    to = [f"--to={tmp_path / f'p.{kind}'}" for kind in ("csv", "dta", "parquet", "sqlite")]
    words = ["--bodies", tmp_path / "bodies.csv", "--years", "2021-2022"]
    assert call("panel", tmp_path / "out", *to, *words) == 0, capsys.readouterr().err
    panel = pd.read_stata(tmp_path / "p.dta", convert_categoricals=False)
    assert panel.present.tolist() == [0, 0] and panel.rq_new_total.isna().all()


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real layouts is not beside the checkout")
def test_the_corpus_with_planted_copies(tmp_path: Path) -> None:
    truths = (".json", ".csv", ".py", ".md", ".toml")
    found = sorted(p for p in (CORPUS / "clean").rglob("*") if p.is_file() and p.suffix not in truths)
    for number, path in enumerate(found):
        shutil.copy(path, _new(tmp_path / "in" / path.name))
        if number % 3 == 0:
            shutil.copy(path, _new(tmp_path / "in" / "again" / f"{number}{path.suffix}"))
    call("run", tmp_path / "in", "--to", tmp_path / "out", "--quiet", "--workers", "2")
    call("panel", tmp_path / "out", "--to", tmp_path / "panel.csv", "--quiet")
    assert list(check(tmp_path / "out", tmp_path)) == []
    lines = listed(tmp_path / "panel.csv")
    assert len({(line["body_id"], line["year"]) for line in lines}) == len(lines)
    losers = {line["report_id"] for line in listed(tmp_path / "panel_duplicates.csv") if line["kept"] == "0"}
    unplaced = {line["report_id"] for line in listed(tmp_path / "panel_unplaced.csv")}
    every = {line["report_id"] for line in listed(tmp_path / "out" / "reports.csv")}
    assert {line["report_id"] for line in lines} | losers | unplaced == every
    reports = {line["report_id"]: line for line in listed(tmp_path / "out" / "reports.csv")}
    for line in lines:
        assert reports[line["report_id"]]["body_id"] == line["body_id"]


def _new(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
