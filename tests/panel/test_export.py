"""A dataset as one workbook or database: nothing is lost, keys and views hold, links lead where they say."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest

from builders.dataset_folder import folder, report
from gongkai.emit.schema import datasets
from gongkai.panel import build, export, refuse_dataset
from gongkai.panel.dataset_export import failed_variables
from gongkai.panel.files import excel


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Four reports of two bodies: one whose sums fail, one with a blank box, one whose file is there."""
    reports = [
        report("341824/财政局", 2020, "2019", {"new_requests": 5, "new_requests.natural_person": 7}),
        report("341824/财政局", 2021, "2021", blanks=["granted.natural_person"], file="here.docx"),
        report("341824/财政局", 2022, "2021", org="=1+1"),
        report("b", 2021, "2021"),
    ]
    out = folder(tmp_path / "out", reports)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "here.docx").write_bytes(b"")
    run = json.loads((out / "run.json").read_text("utf-8")) | {"folder": str(tmp_path), "inputs": ["in"]}
    (out / "run.json").write_text(json.dumps(run), "utf-8")
    return out


def test_a_workbook_has_the_sheets_that_an_auditor_opens(dataset: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    ids = pd.read_parquet(dataset / "reports.parquet").set_index("source_file").report_id
    (pages / f"{ids['here.docx']}.html").write_text("", "utf-8")
    path = tmp_path / "to" / "all.xlsx"
    export(dataset, build(dataset), [(path, "xlsx")], pages=pages)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:5] == ["panel", "missing", "reports", "checks_failed", "findings"]
    assert {"codebook", "columns"} <= set(book.sheetnames)
    for sheet in book.worksheets[:1] + book.worksheets[2:4]:
        assert sheet.auto_filter.ref and sheet.freeze_panes
    assert (
        book["checks_failed"].max_row - 1
        == (pd.read_parquet(dataset / "checks.parquet").outcome == "fail").sum()
    )
    reports = {row[2].value: row for row in book["reports"].iter_rows(min_row=2)}
    assert reports["here.docx"][2].hyperlink.target.replace("\\", "/") == "../in/here.docx"
    assert reports["here.docx"][0].hyperlink.target.replace("\\", "/") == f"../pages/{ids['here.docx']}.html"
    assert reports["b_2021.docx"][2].hyperlink is None and reports["b_2021.docx"][0].value is None
    assert "=1+1" in [cell.value for cell in book["reports"]["H"] if cell.data_type == "s"]


def test_blank_boxes_are_grey_and_those_of_failed_sums_red(dataset: Path, tmp_path: Path) -> None:
    export(dataset, build(dataset), [(tmp_path / "a.xlsx", "xlsx")])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["panel"]
    at = {cell.value: cell.column for cell in sheet[1]}
    years = {(row[0].value, row[at["year"] - 1].value): row for row in sheet.iter_rows(min_row=2)}
    blank = years["341824/财政局", 2021][at["rq_granted_natural"] - 1]
    failed = years["341824/财政局", 2020][at["rq_new_total"] - 1]
    fine = years["b", 2021][at["rq_new_total"] - 1]
    assert [(c.value, c.fill.fgColor.rgb) for c in (blank, failed, fine)] == [
        (0, "FFD9D9D9"),
        (5, "FFFFC7CE"),
        (0, "00000000"),
    ]
    failing = failed_variables(dataset)
    assert sum("rq_new_total" in names for names in failing.values()) == 1


def test_more_rows_than_a_sheet_holds_are_split_by_year_with_a_word(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = build(dataset)
    monkeypatch.setattr(excel, "MOST_ROWS", 4)
    monkeypatch.setattr("gongkai.panel.dataset_export.codebook", lambda panel: [])
    monkeypatch.setattr("gongkai.panel.dataset_export.there", lambda folder: [])
    monkeypatch.setattr(excel.Workbook, "add_panel", lambda *_: None)
    monkeypatch.setattr(excel.Workbook, "add_reasons", lambda *_: None)
    monkeypatch.setattr("gongkai.panel.dataset_export._rows", _few_checks)
    done = export(dataset, panel, [(tmp_path / "a.xlsx", "xlsx")])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [name for name in book.sheetnames if name.startswith("reports")] == [
        "reports 2020",
        "reports 2021",
        "reports 2022",
    ]
    assert [sheet.max_row - 1 for sheet in book.worksheets[:3]] == [1, 2, 1]
    assert [word.partition(" (3)")[0] for word in done.words] == [
        "panel: more lines than a sheet holds",
        "reports: more rows than a sheet holds",
    ]


def test_a_panel_of_more_lines_than_a_sheet_holds_is_split_by_year(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = build(dataset)
    monkeypatch.setattr(excel, "MOST_ROWS", 4)
    with excel.Workbook(tmp_path / "p.xlsx") as book:
        book.add_panel(panel, "zh", failed_variables(dataset))
    read = pd.read_excel(tmp_path / "p.xlsx", sheet_name=None, engine="openpyxl")
    assert list(read) == ["panel", "panel 2020", "panel 2021", "panel 2022"]
    assert read["panel"].iloc[:, 0].tolist() == list(read)[1:]
    lines = pd.concat(list(read.values())[1:])
    assert sorted(zip(lines.body_id, lines.year, strict=True)) == sorted(
        zip(panel.texts["body_id"], panel.numbers["year"], strict=True)
    )
    assert read["panel 2021"].rq_new_total.tolist() == [0, 0] and read[
        "panel 2020"
    ].rq_new_total.tolist() == [5]


def _few_checks(folder: Path, dataset: str, *, only_failing: bool = False) -> object:
    frame = pd.read_parquet(folder / f"{dataset}.parquet")
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return list(frame.columns), iter(rows if dataset == "reports" else [])


@pytest.mark.parametrize("kind", ["duckdb", "sqlite"])
def test_a_database_holds_every_dataset_with_keys_and_views(dataset: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"all.{kind}"
    export(dataset, build(dataset), [(path, kind)])
    connect = duckdb.connect if kind == "duckdb" else sqlite3.connect
    connection = connect(str(path))

    def ask(query: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.execute(query).fetchall()]

    for d in datasets():
        assert ask(f'SELECT count(*) FROM "{d.name}"') == [
            (len(pd.read_parquet(dataset / f"{d.name}.parquet")),)
        ]
    assert ask("SELECT count(*), count(DISTINCT body_id) FROM panel") == [(4, 2)]
    assert ask("SELECT body_id, year FROM latest ORDER BY body_id") == [("341824/财政局", 2022), ("b", 2021)]
    failing = ask("SELECT DISTINCT org, year, outcome FROM failing")
    assert failing == [("财政局", 2020, "fail")]
    with pytest.raises((duckdb.ConstraintException, sqlite3.IntegrityError)):
        connection.execute("INSERT INTO reports SELECT * FROM reports")
    connection.close()


def test_comments_say_what_a_column_is(dataset: Path, tmp_path: Path) -> None:
    panel = build(dataset)
    export(dataset, panel, [(tmp_path / "a.duckdb", "duckdb"), (tmp_path / "a.sqlite", "sqlite")])
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        query = "SELECT comment FROM duckdb_columns() WHERE table_name = 'reports' AND column_name = 'year'"
        assert connection.execute(query).fetchall() == [("年度 / the year reported on",)]
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    query = "SELECT comment FROM columns WHERE table_name = 'reports' AND column_name = 'year'"
    assert connection.execute(query).fetchall() == [("年度 / the year reported on",)]
    connection.close()


def test_tables_by_name_are_the_datasets(dataset: Path, tmp_path: Path) -> None:
    done = export(
        dataset, build(dataset), [(tmp_path / "all.parquet", "parquet"), (tmp_path / "all.csv", "csv")]
    )
    assert (tmp_path / "all_facts.csv").read_bytes() == (dataset / "facts.csv").read_bytes()
    assert len(pd.read_parquet(tmp_path / "all_panel.parquet")) == 4 and len(done.files) == 2 * 9


def test_files_of_others_and_the_dataset_itself_are_refused(dataset: Path, tmp_path: Path) -> None:
    path = tmp_path / "all.duckdb"
    path.write_text("mine", "utf-8")
    with pytest.raises(FileExistsError, match="is not ours"):
        export(dataset, build(dataset), [(path, "duckdb")])
    assert path.read_text("utf-8") == "mine"
    with pytest.raises(ValueError, match="the next run replaces"):
        refuse_dataset(dataset, [dataset / "p.dta"])
    with pytest.raises(ValueError, match="one table alone"):
        export(dataset, build(dataset), [(tmp_path / "a.dta", "dta")])
