from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser

import pandas as pd
import pytest

from gongkai.emit.write.frame import frame, html
from gongkai.model import Check, Finding, Report, Template

Made = Callable[..., Report]

CELLS = {("granted", "total"): ("7", "7"), ("new", "total"): ("3", "3"), ("new", "person"): (None, "若干")}


def test_a_frame_without_a_form_has_the_order_of_the_report(made: Made) -> None:
    table = frame(made(cells=CELLS), "requests")
    assert (list(table.index), list(table.columns)) == (["granted", "new"], ["total", "person"])


def test_a_frame_has_the_order_of_the_form(made: Made, form: Template) -> None:
    table = frame(made(cells=CELLS), "requests", templates=[form])
    assert (list(table.index), list(table.columns)) == (["new", "granted"], ["person", "total"])
    assert table.loc["granted", "total"] == 7
    assert table.isna().to_numpy().tolist() == [[True, False], [True, False]]


def test_a_frame_knows_both_labels(made: Made) -> None:
    attrs = frame(made(), "requests").attrs
    assert attrs["columns_zh"] == {"person": "申请人情况 / 自然人", "total": "申请人情况 / 总计"}
    assert (attrs["rows_en"], attrs["template"]) == ({"new": "new"}, "2021")


def test_whole_numbers_are_counts_and_money_is_not(made: Made) -> None:
    table = frame(made(cells={("new", "person"): ("3.0", "3"), ("new", "total"): ("8.5", "8.5")}), "requests")
    assert [str(t) for t in table.dtypes] == ["Int64", "Float64"]


def test_a_long_frame_has_a_line_a_fact(made: Made, form: Template) -> None:
    table = frame(made(cells=CELLS), "requests", layout="long", templates=[form])
    assert table["row"].tolist() == ["new", "new", "granted"]
    assert table["column_zh"].tolist()[0] == "申请人情况 / 自然人"
    assert table["value"].tolist() == [pd.NA, 3, 7]
    assert table["printed"].tolist() == ["若干", "3", "7"]


def test_a_table_that_only_the_form_has_is_empty(made: Made, form: Template) -> None:
    assert frame(made(cells={}), "requests", templates=[form]).isna().to_numpy().all()


def test_a_table_that_nobody_has_is_an_error(made: Made) -> None:
    with pytest.raises(KeyError, match="no table 'fees'; there are"):
        frame(made(), "fees")


def test_html_escapes_everything(made: Made) -> None:
    evil = "<script>alert(1)</script>\"'&"
    finding = Finding("x", "error", evil, table="requests", row="new", column="person")
    text = html(
        made(evil, {("new", "person"): (None, evil)}, title=evil, org=evil, findings=(finding,), reason=evil)
    )
    tags: set[str] = set()

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            assert {name for name, _ in attrs} <= {"style", "title"}

    Tags().feed(text)
    assert "script" not in tags
    assert "table" in tags


def test_html_flags_what_failed_and_dims_what_is_blank(made: Made) -> None:
    total = ("requests", "new", "total")
    check = Check("row_total", "requests", "new", None, Decimal(3), Decimal(0), "fail", (total,))
    text = html(made(checks=(check,), blanks=frozenset({("new", "person")})))
    assert 'title="printed “0” | row_total: 3 ≠ 0">0</td>' in text
    assert "color:#aaa;" in text
    assert "requests.new row_total: 3 ≠ 0" in text
    assert "label-fuzzy: page 2: x" in text


def test_html_counts_what_it_does_not_show(made: Made) -> None:
    findings = tuple(Finding("x", "note", f"number {n}") for n in range(60))
    assert "… and 10 more" in html(made(findings=findings))


def test_a_file_that_was_not_read_has_html_too(made: Made) -> None:
    failed = made(
        cells={}, org=None, year=None, title=None, template=None, status="failed", reason="encrypted"
    )
    assert "status: failed encrypted" in html(failed)
