"""Every file, read back by its own usual reader, is the panel."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from builders.dataset_folder import folder, report
from gongkai.panel import Panel, PanelOptions, SaveOptions, build, format_of, save
from gongkai.panel.missing import BY_NUMBER
from gongkai.panel.variables import LONGEST_LABEL, LONGEST_NAME, variables
from gongkai.run.own_output import is_own_output

FORMULA = '=HYPERLINK("http://x","财政局")'


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    """Lines with every kind of number and of gap: small, large, fractions, signs, a name that is a formula."""
    change = "proactive.administrative_licensing.change"
    reports = [
        report("a", 2018, "2014", {"requests_received": 40, "dedicated_funds": 1.25}),
        report("a", 2019, "2019", {change: -3, "new_requests": 120, "granted": None}),
        report(
            "a", 2021, "2021", {"new_requests": 3_000_000_000, "granted": 5, "outcomes_total": 8}, org=FORMULA
        ),
        report("b", 2021, "2021", {"new_requests": 40_000, "outcomes_total": 7}, left_out=["granted.other"]),
    ]
    out = folder(tmp_path_factory.mktemp("panel") / "out", reports)
    return build(out, PanelOptions(balanced=True, years=(2018, 2021), optional=True))


def expected(panel: Panel, name: str) -> list[float | None]:
    return [
        None if code else float(v) for v, code in zip(panel.numbers[name], panel.codes[name], strict=True)
    ]


def plain(values: Any) -> list[float | None]:
    return [None if pd.isna(v) else float(v) for v in values]


def numbers(panel: Panel) -> list[str]:
    return [v.name for v in panel.variables if v.content != "text"]


def test_stata(panel: Panel, tmp_path: Path) -> None:
    save(panel, [(tmp_path / "p.dta", "dta")])
    read = pd.read_stata(tmp_path / "p.dta", convert_categoricals=False)
    assert [c for c in numbers(panel) if plain(read[c]) != expected(panel, c)] == []
    assert list(read["body_id"]) == list(panel.texts["body_id"]) and FORMULA in list(read["org"])


def test_stata_tells_the_reasons(panel: Panel, tmp_path: Path) -> None:
    save(panel, [(tmp_path / "p.dta", "dta")])
    read = pd.read_stata(tmp_path / "p.dta", convert_missing=True, convert_categoricals=False)
    for name in numbers(panel):
        letters = [f".{BY_NUMBER[int(c)].letter}" if c else "" for c in panel.codes[name]]
        shown = [str(v) if code else "" for v, code in zip(read[name], panel.codes[name], strict=True)]
        assert shown == letters, name


def test_stata_has_labels_in_both_languages_and_notes(panel: Panel, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="the extra gongkai[stats] is not installed")
    save(panel, [(tmp_path / "p.dta", "dta")])
    frame, meta = pyreadstat.read_dta(str(tmp_path / "p.dta"), user_missing=True)
    assert meta.column_names_to_labels["rq_new_total"] == "申请：一、本年新收政府信息公开申请数量｜总计"
    assert "h" in {str(v) for v in frame["d_grant_rate"]} | {"h"} and len(meta.notes) == len(BY_NUMBER)
    text = (tmp_path / "p.dta").read_bytes()
    assert b"_lang_list" in text and b"new requests | total" in text


def test_stata_labels_of_codes(panel: Panel, tmp_path: Path) -> None:
    save(panel, [(tmp_path / "p.dta", "dta")], SaveOptions("en"))
    labels = pd.io.stata.StataReader(tmp_path / "p.dta").value_labels()
    assert labels["sums"] == {0: "none", 1: "hold", 2: "uncertain", 3: "fail"}


def test_spss(panel: Panel, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="the extra gongkai[stats] is not installed")
    save(panel, [(tmp_path / "p.sav", "sav")])
    read, _ = pyreadstat.read_sav(str(tmp_path / "p.sav"))
    assert [c for c in numbers(panel) if plain(read[c]) != expected(panel, c)] == []
    codes, meta = pyreadstat.read_sav(str(tmp_path / "p.sav"), user_missing=True)
    gaps = panel.codes["rq_granted_total"] > 0
    assert (
        codes["rq_granted_total"][gaps].tolist()
        == (-999999900.0 - panel.codes["rq_granted_total"][gaps]).tolist()
    )
    assert meta.variable_value_labels["rq_granted_total"][-999999903.0] == "未能识读"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_tables(panel: Panel, tmp_path: Path, kind: str) -> None:
    save(panel, [(tmp_path / f"p.{kind}", kind)], SaveOptions(mask=True))
    reader = pd.read_csv if kind == "csv" else pd.read_parquet
    read = reader(tmp_path / f"p.{kind}")
    assert [c for c in numbers(panel) if plain(read[c]) != expected(panel, c)] == []
    reasons = reader(tmp_path / f"p_missing.{kind}")
    unread = reasons[reasons["reason"] == "unread"]
    assert list(unread["variable"]) == ["rq_granted_total"] and list(unread["code"]) == [".c"]
    mask = reader(tmp_path / f"p_mask.{kind}")
    assert mask["rq_granted_total"].tolist()[1] == ".c"


def test_a_name_that_is_a_formula_is_text_for_a_spreadsheet(panel: Panel, tmp_path: Path) -> None:
    save(panel, [(tmp_path / "p.csv", "csv")])
    assert f"'{FORMULA}" in pd.read_csv(tmp_path / "p.csv")["org"].tolist()


ODD = '标题"引号",逗号\n换行\t制表 emoji😀 \u202eRTL é'
LONG = "长" * 5000


@pytest.mark.parametrize("kind", ["dta", "sav", "csv", "parquet", "sqlite", "duckdb", "xlsx"])
def test_texts_are_read_back_whole(tmp_path: Path, kind: str) -> None:
    """Texts longer than a text of fixed length of Stata's, and characters that files are built with."""
    titles = [ODD, LONG, "短"]
    made = [report("a", 2021 + i, "2021") for i in range(len(titles))]
    reports = [replace(r, title=title) for r, title in zip(made, titles, strict=True)]
    file = tmp_path / f"p.{kind}"
    save(build(folder(tmp_path / "out", reports)), [(file, kind)])
    readers = {
        "dta": lambda: pd.read_stata(file, convert_categoricals=False),
        "sav": lambda: pytest.importorskip("pyreadstat").read_sav(str(file))[0],
        "csv": lambda: pd.read_csv(file),
        "parquet": lambda: pd.read_parquet(file),
        "xlsx": lambda: pd.read_excel(file, engine="openpyxl"),
        "sqlite": lambda: pd.read_sql("SELECT * FROM panel", sqlite3.connect(file)),
        "duckdb": lambda: pytest.importorskip("duckdb").connect(str(file)).sql("FROM panel").df(),
    }
    assert readers[kind]()["title"].tolist() == titles


#: prints each number of a file with all its digits, a missing one as its tag
IN_R = """
library(haven)
shown <- function(x) {
  x <- zap_labels(x)
  if (is.character(x)) return(x)
  ifelse(is.na(x), if (KIND == "dta") paste0(".", na_tag(x)) else "", sprintf("%.17g", as.numeric(x)))
}
panel <- switch(KIND, dta = read_dta("p.dta"), sav = read_sav("p.sav"),
                csv = read.csv("p.csv", fileEncoding = "UTF-8-BOM", colClasses = c(body_id = "character")))
write.csv(as.data.frame(lapply(panel, shown)), "read.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")
"""


@pytest.mark.parametrize("kind", ["dta", "sav", "csv"])
def test_r_reads_every_number_and_every_reason(panel: Panel, tmp_path: Path, kind: str) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    save(panel, [(tmp_path / f"p.{kind}", kind)])
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", f'KIND <- "{kind}"\n{IN_R}'],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )
    if "there is no package called" in done.stderr:
        pytest.skip("haven is not installed in R")
    assert done.returncode == 0, done.stderr
    read = pd.read_csv(tmp_path / "read.csv", dtype=str, keep_default_na=False)
    for name in numbers(panel):
        gap = {True: lambda c: f".{BY_NUMBER[int(c)].letter}", False: lambda c: ""}[kind == "dta"]
        wanted = [
            gap(code) if code else float(v)
            for v, code in zip(panel.numbers[name], panel.codes[name], strict=True)
        ]
        shown = [float(t) if t and t[0] in "-0123456789" else t for t in read[name]]
        assert shown == wanted, name


def test_excel(panel: Panel, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="the extra gongkai[stats] is not installed")
    save(panel, [(tmp_path / "p.xlsx", "xlsx")])
    read = pd.read_excel(tmp_path / "p.xlsx", sheet_name=None, engine="openpyxl")
    for name in numbers(panel):  # a workbook keeps 16 digits of a number
        digits = [
            [None if v is None else f"{v:.15g}" for v in values]
            for values in (plain(read["panel"][name]), expected(panel, name))
        ]
        assert digits[0] == digits[1], name
    assert FORMULA in read["panel"]["org"].tolist()  # a text, as openpyxl reads it without calculating
    assert {"panel", "missing", "codebook"} <= set(read)
    import openpyxl

    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    cells = [c for row in book["panel"].iter_rows() for c in row if c.value == FORMULA]
    assert {c.data_type for c in cells} == {"s"} and book["panel"].freeze_panes == "C2"


def test_sqlite(panel: Panel, tmp_path: Path) -> None:
    save(panel, [(tmp_path / "p.sqlite", "sqlite")])
    connection = sqlite3.connect(tmp_path / "p.sqlite")
    read = pd.read_sql("SELECT * FROM panel", connection)
    assert [c for c in numbers(panel) if plain(read[c]) != expected(panel, c)] == []
    assert (
        connection.execute("SELECT comment FROM columns WHERE column_name = 'year'")
        .fetchone()[0]
        .startswith("报告年度")
    )
    connection.close()


def test_duckdb(panel: Panel, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra gongkai[stats] is not installed")
    save(panel, [(tmp_path / "p.duckdb", "duckdb")])
    with duckdb.connect(str(tmp_path / "p.duckdb"), read_only=True) as connection:
        read = connection.sql("SELECT * FROM panel ORDER BY body_id, year").df()
    assert [c for c in numbers(panel) if plain(read[c]) != expected(panel, c)] == []


@pytest.mark.parametrize("kind", ["dta", "csv", "parquet", "sqlite", "xlsx"])
def test_two_runs_give_the_same_bytes(panel: Panel, tmp_path: Path, kind: str) -> None:
    if kind == "xlsx":
        pytest.importorskip("xlsxwriter", reason="the extra gongkai[stats] is not installed")
    for name in ("a", "b"):
        save(panel, [(tmp_path / name / f"p.{kind}", kind)])
    first, second = ((tmp_path / name / f"p.{kind}").read_bytes() for name in ("a", "b"))
    assert first == second


def test_somebody_elses_file_is_not_replaced(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "p.dta").write_bytes(b"mine")
    with pytest.raises(FileExistsError, match=r"p\.dta: is there and is not ours"):
        save(panel, [(tmp_path / "p.dta", "dta")])
    assert [p.name for p in tmp_path.iterdir()] == ["p.dta"]


def test_our_own_files_are_replaced(panel: Panel, tmp_path: Path) -> None:
    for _ in range(2):
        save(panel, [(tmp_path / "p.csv", "csv")])
    assert json.loads((tmp_path / "panel_files.json").read_text("utf-8"))["files"][:2] == [
        "p.csv",
        "p_missing.csv",
    ]


@pytest.mark.parametrize(("name", "format"), [("a.DTA", "dta"), ("b.db", "sqlite"), ("c.pq", "parquet")])
def test_the_ending_names_the_format(name: str, format: str) -> None:
    assert format_of(Path(name)) == format


def test_an_ending_that_names_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\.dta"):
        format_of(Path("panel.doc"))


def test_names_and_labels_are_what_stata_takes() -> None:
    names = [v.name for v in variables()]
    assert len({n.lower() for n in names}) == len(names)
    assert all(n.isascii() and n.isidentifier() and len(n) <= LONGEST_NAME for n in names)
    assert all(0 < len(label) <= LONGEST_LABEL for v in variables() for label in (v.zh, v.en))


def test_every_field_of_every_form_has_a_name() -> None:
    from gongkai.normalize import templates

    known = {
        a
        for v in variables()
        if v.kind in ("field", "optional") and v.terms
        for t in v.terms.values()
        for a in t
    }
    assert {f.address for form in templates() for table in form.tables for f in table.fields} <= known


def test_the_codebook_counts_what_is_missing(panel: Panel, tmp_path: Path) -> None:
    save(panel, [(tmp_path / "p.csv", "csv")])
    book = pd.read_csv(tmp_path / "panel_codebook.csv").set_index("variable")
    line = book.loc["rq_granted_total"]
    assert int(line["missing_c_unread"]) == 1
    assert int(line["reported"]) + int(
        sum(line[f"missing_{r.letter}_{r.word}"] for r in BY_NUMBER.values())
    ) == len(panel)
    assert line["wording_2021"] == "三、本年度办理结果 / （一）予以公开 | 申请人情况 / 总计" and np.isfinite(
        line["max"]
    )


def test_the_codebook_is_a_page_for_people(panel: Panel, tmp_path: Path) -> None:
    save(panel, [(tmp_path / "p.csv", "csv")])
    page = (tmp_path / "panel_codebook.html").read_text("utf-8")
    for v in panel.variables:
        assert f'<tr id="{v.name}">' in page
    assert is_own_output(tmp_path / "panel_codebook.html") and "http" not in page.split("</style>")[1]
    row = re.search(r'<tr id="s_other">(.*?)</tr>', page, re.DOTALL)
    assert row is not None
    for told in (
        "其他处理合计",
        "2019: requests.other_handling.total",
        "2019→2021 sum",
        "国办公开办函〔2021〕30号",
    ):
        assert told in row[1]


def test_the_package_is_valid(panel: Panel, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="the validator is for development only")
    files = [
        (tmp_path / f"{name}.{kind}", kind)
        for name, kind in (("a", "csv"), ("b", "csv"), ("a", "parquet"), ("a", "dta"))
    ]
    save(panel, [*files, (tmp_path / "elsewhere" / "c.csv", "csv")])
    told = frictionless.validate(str(tmp_path / "panel_datapackage.json"))
    assert told.flatten(["title", "resourceName", "fieldName", "note"]) == []
    assert [task.place for task in told.tasks] == [path.name for path, _ in files]


def test_the_codebook_is_a_sheet_and_describes_the_files_for_programs(panel: Panel, tmp_path: Path) -> None:
    save(panel, [(tmp_path / "p.csv", "csv"), (tmp_path / "p.parquet", "parquet")])
    sheet = pd.read_excel(tmp_path / "panel_codebook.xlsx", engine="openpyxl")
    assert list(sheet.variable) == [v.name for v in panel.variables]
    package = json.loads((tmp_path / "panel_datapackage.json").read_text("utf-8"))
    assert [r["path"] for r in package["resources"]] == ["p.csv", "p.parquet"]
    fields = {f["name"]: f for f in package["resources"][0]["schema"]["fields"]}
    assert list(fields) == list(pd.read_csv(tmp_path / "p.csv").columns)
    assert fields["rq_new_total"]["unit"] == "件" and fields["rq_new_total"]["type"] == "integer"
    assert len(package["missingCodes"]) == 10
