from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from gongkai.emit import WRITERS, emit
from gongkai.emit.schema import datasets
from gongkai.emit.write.rows import rows
from gongkai.model import Check, Mention, Place, Report, Template

Made = Callable[..., Report]

#: the contract: what a user may rely on
CONTRACT = {
    "facts": "report_id source_file org year template table row column value unit blank printed origin "
    "confidence row_label row_rule row_score column_label column_rule column_score page block cell_row "
    "cell_column x0 top x1 bottom body_id",
    "reports": "report_id source_file sha256 bytes format reader org year title published template pages "
    "facts blanks findings checks_failed status reason version level division_code division_evidence body_id "
    "org_confidence org_evidence year_confidence year_evidence sums",
    "sections": "report_id source_file org year section path level number heading text",
    "mentions": "report_id source_file org year section path counts value unit printed approximate worded "
    "fields rule sentence page block",
    "checks": "report_id source_file rule table row column left right difference outcome facts",
    "findings": "report_id source_file code severity message table row column page printed",
    "proposals": "report_id source_file group rank table row column printed value needed cause unique verdict "
    "sums page",
}


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_the_columns_are_those_of_the_contract() -> None:
    assert {dataset.name: " ".join(dataset.names) for dataset in datasets()} == CONTRACT


def test_a_mention_says_where_it_stands_and_what_it_speaks_of(made: Made) -> None:
    new = ("requests", "new", "total")
    mention = Mention(
        Decimal("180000"),
        "条",
        "18万余",
        "信息",
        "信息18万余条。",
        "",
        Place(2, 4),
        (new, new),
        "received",
        "",
        True,
    )
    (line,) = rows(made(mentions=(mention,)), "id", "1")["mentions"]
    assert (line["value"], line["unit"], line["printed"]) == (Decimal(180000), "条", "18万余")
    assert (line["section"], line["path"], line["page"], line["block"]) == (None, None, 2, 5)
    assert (line["fields"], line["approximate"]) == ("requests.new.total;requests.new.total", True)


def test_a_folder_holds_every_dataset_in_every_format_and_says_what_it_is(made: Made, out: Path) -> None:
    emit([made()], out, templates=(), run_facts={})
    expected = {f"{name}{writer.suffix}" for name in CONTRACT for writer in WRITERS}
    assert set(files(out)) == expected | {"datapackage.json", "codebook.md", "run.json"}


def test_the_same_reports_give_the_same_bytes_but_for_the_run(made: Made, tmp_path: Path) -> None:
    reports = [made(f"{n}.docx") for n in range(50)]
    emit(reports, tmp_path / "a", templates=(), run_facts={"started": "today"})
    emit(reports, tmp_path / "b", templates=(), run_facts={"started": "tomorrow"})
    a, b = files(tmp_path / "a"), files(tmp_path / "b")
    assert {name for name in a if a[name] != b[name]} == {"run.json"}


def test_excel_is_told_that_the_text_is_utf_8(made: Made, out: Path) -> None:
    emit([made()], out, templates=(), run_facts={})
    assert all((out / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf") for name in CONTRACT)


def test_no_reports_give_datasets_of_no_rows(out: Path) -> None:

    tally = emit([], out, templates=(), run_facts={})
    assert (tally.reports, read(out, "facts")) == (0, [])
    assert pq.read_table(out / "facts.parquet").num_rows == 0


def test_blank_and_zero_and_unread_stay_apart(made: Made, out: Path) -> None:
    cells = {("new", "person"): ("0", ""), ("new", "total"): ("0", "0"), ("granted", "total"): (None, "若干")}
    emit([made(cells=cells, blanks=frozenset({("new", "person")}))], out, templates=(), run_facts={})
    told = [(line["value"], line["blank"], line["printed"]) for line in read(out, "facts")]
    assert told == [("0", "true", ""), ("0", "false", "0"), ("", "false", "若干")]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("96171.60", "96171.60"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
        ("-0", "0"),
        ("-3", "-3"),
        ("8.0618", "8.0618"),
    ],
)
def test_a_value_is_told_exactly_and_without_exponent(value: str, told: str, made: Made, out: Path) -> None:

    emit([made(cells={("new", "person"): (value, value)})], out, templates=(), run_facts={})
    assert read(out, "facts")[0]["value"] == told
    assert pq.read_table(out / "facts.parquet")["value"].to_pylist() == [float(told)]


def test_what_a_fact_says_of_its_place_counts_from_one(made: Made, out: Path) -> None:
    emit([made()], out, templates=(), run_facts={})
    line = read(out, "facts")[0]
    assert [line[c] for c in ("page", "block", "cell_row", "cell_column")] == ["2", "5", "2", "4"]
    assert [line[c] for c in ("x0", "top", "x1", "bottom")] == ["90", "456.5", "284.7", "480"]
    assert [line[c] for c in ("confidence", "row_score", "column_score")] == ["0.9877", "100", "97.5"]
    assert line["row_label"] == "一、新收"


def test_the_further_reports_of_one_file_are_numbered(made: Made, out: Path) -> None:
    emit([made("a.docx"), made("a.docx"), made("a.docx"), made("b.docx")], out, templates=(), run_facts={})
    sha256 = hashlib.sha256(b"a.docx").hexdigest()
    id = hashlib.sha256(f"a.docx\0{sha256}".encode()).hexdigest()[:16]
    ids = [line["report_id"] for line in read(out, "reports")]
    assert ids[:3] == [id, f"{id}-2", f"{id}-3"]


def test_a_report_tells_what_stands_in_the_other_datasets(made: Made, out: Path) -> None:
    failed = Check(
        "row_total", "requests", "new", None, Decimal(3), Decimal(0), "fail", (("requests", "new", "total"),)
    )
    tally = emit(
        [made(checks=(failed,), blanks=frozenset({("new", "total")}))], out, templates=(), run_facts={}
    )
    line = read(out, "reports")[0]
    assert [line[c] for c in ("facts", "blanks", "findings", "checks_failed")] == ["2", "1", "1", "1"]
    assert (tally.facts, tally.blanks, tally.warnings, tally.checks_failed, tally.ok) == (2, 1, 1, 1, 1)
    assert read(out, "checks")[0]["difference"] == "3"
    assert read(out, "checks")[0]["facts"] == "requests.new.total"


def test_what_no_file_can_hold_becomes_the_replacement_character(made: Made, out: Path) -> None:

    emit([made("a\udcb1.docx", title="年\x00报", org="\ud800")], out, templates=(), run_facts={})
    line = read(out, "reports")[0]
    assert [line[c] for c in ("source_file", "title", "org")] == ["a\ufffd.docx", "年\ufffd报", "\ufffd"]
    assert pq.read_table(out / "reports.parquet")["title"].to_pylist() == ["年\ufffd报"]


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ({"MOST_BYTES": 1}, [10, 10, 10, 10, 8]),  # each batch is enough
        ({"GROUP_REPORTS": 7, "GROUP_BYTES": 1}, [14, 14, 14, 6]),
        ({"GROUP_REPORTS": 7}, [48]),  # too little to be worth it
        ({"GROUP_REPORTS": 7, "MOST_REPORTS": 14}, [28, 20]),
    ],
)
def test_a_row_group_that_is_full_is_written(
    sizes: dict[str, int], groups: list[int], made: Made, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.emit.write.writer.BATCH_ROWS", 10)
    for name, size in sizes.items():
        monkeypatch.setattr(f"gongkai.emit.write.writer.{name}", size)
    emit((made(f"{n:02}.docx") for n in range(24)), out, templates=(), run_facts={})
    facts = pq.ParquetFile(out / "facts.parquet")
    assert [facts.metadata.row_group(i).num_rows for i in range(facts.num_row_groups)] == groups
    assert facts.read()["source_file"].to_pylist() == [f"{n:02}.docx" for n in range(24) for _ in range(2)]


# The folder ----------------------------------------------------------------------------------


def stopped(made: Made) -> Iterator[Report]:
    yield made()
    raise KeyboardInterrupt


def test_a_run_that_is_stopped_leaves_nothing(made: Made, out: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        emit(stopped(made), out, templates=(), run_facts={})
    assert list(out.parent.iterdir()) == []


def test_a_run_that_is_stopped_leaves_the_old_dataset_as_it_was(made: Made, out: Path) -> None:
    emit([made()], out, templates=(), run_facts={})
    before = files(out)
    with pytest.raises(KeyboardInterrupt):
        emit(stopped(made), out, templates=(), run_facts={})
    assert (files(out), list(out.parent.iterdir())) == (before, [out])


def test_a_dataset_of_ours_is_replaced(made: Made, out: Path) -> None:
    emit([made("a.docx"), made("b.docx")], out, templates=(), run_facts={})
    emit([made("c.docx")], out, templates=(), run_facts={})
    assert [line["source_file"] for line in read(out, "reports")] == ["c.docx"]
    assert list(out.parent.iterdir()) == [out]


def test_an_empty_folder_is_filled(made: Made, out: Path) -> None:
    out.mkdir()
    emit([made()], out, templates=(), run_facts={})
    assert len(read(out, "reports")) == 1


def test_a_folder_of_somebody_else_is_refused(made: Made, out: Path) -> None:
    out.mkdir()
    (out / "facts.csv").write_text("not ours")
    with pytest.raises(FileExistsError, match="not a folder that we wrote"):
        emit([made()], out, templates=(), run_facts={})
    assert (out / "facts.csv").read_text() == "not ours"


def test_a_file_beside_our_dataset_is_never_removed(made: Made, out: Path) -> None:
    emit([made()], out, templates=(), run_facts={})
    (out / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"holds notes\.txt"):
        emit([made()], out, templates=(), run_facts={})
    assert (out / "notes.txt").read_text() == "mine"


def test_a_file_in_the_way_is_refused(made: Made, out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(FileExistsError, match="is a file"):
        emit([made()], out, templates=(), run_facts={})


def test_others_may_read_the_folder(made: Made, out: Path) -> None:
    (out.parent / "like").mkdir()
    emit([made()], out, templates=(), run_facts={})
    assert out.stat().st_mode == (out.parent / "like").stat().st_mode


# What it says of itself ----------------------------------------------------------------------


def test_the_package_is_valid(made: Made, form: Template, out: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="the validator is for development only")
    check = Check("row_total", "requests", "new", None, None, None, "not_assessable", ())
    cells = {
        ("new", "person"): (None, "=1+1"),
        ("new", "total"): ("-3", "-3"),
        ("granted", "total"): ("0", ""),
    }
    reports = [made(cells=cells, checks=(check,)), made("b", org=None, year=None, cells={}, status="failed")]
    emit(reports, out, templates=(form,), run_facts={})
    told = frictionless.validate(str(out / "datapackage.json"))
    assert told.flatten(["title", "resourceName", "fieldName", "note"]) == []


def test_every_file_of_a_dataset_is_in_the_package_with_its_hash(made: Made, out: Path) -> None:
    emit([made()], out, templates=(), run_facts={})
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    told = [r for r in package["resources"]] + [r["parquet"] for r in package["resources"]]
    assert {r["path"] for r in told} == {f"{name}{writer.suffix}" for name in CONTRACT for writer in WRITERS}
    for r in told:
        data = (out / r["path"]).read_bytes()
        assert (r["bytes"], r["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")


def test_the_codebook_has_every_field_and_rule(form: Template, out: Path) -> None:
    emit([], out, templates=(form,), run_facts={})
    text = (out / "codebook.md").read_text("utf-8")
    assert (
        "| `granted` | `total` | 三、办理结果 / （一）予以公开 | 申请人情况 / 总计 | granted | total | 件 |"
        in text
    )
    assert "国办公开办函〔2021〕30号" in text
    assert "- `row_total`: person = total, in every row. 相加等于总计。 They add up." in text


def test_the_run_is_told_with_its_counts(made: Made, out: Path) -> None:
    emit([made()], out, templates=(), run_facts={"host": "here", "folder": Path("x")})
    told = json.loads((out / "run.json").read_text("utf-8"))
    assert (told["host"], told["folder"], told["tally"]["facts"]) == ("here", "x", 2)


def test_emit_itself_needs_neither_pandas_nor_pyarrow() -> None:
    code = "import sys, gongkai.emit.read.load; from gongkai.emit import *; print({'pandas', 'pyarrow', 'numpy'} & set(sys.modules))"
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
