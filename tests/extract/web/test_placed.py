"""Tables that are drawn without a table: grids, boxes at fixed places, and what ARIA says."""

from __future__ import annotations

import pytest

from gongkai.extract import html
from gongkai.model import Grid, Limits, Source

SHEET = "<style>.g{display:grid} .a{position:absolute}</style>"
#: The same without boxes over two rows.
ROWS = "甲 | 乙 | ·\n | 1 | 2\n丙 | 3 | 4"
TABLE = "甲 | 乙 | ·\n· | 1 | 2\n丙 | 3 | 4"


def grids(body: str) -> list[str]:
    page = f"<html><head>{SHEET}</head><body><p>{'年报' * 40}</p>{body}<p>{'年报' * 40}</p></body></html>".encode()
    return [
        str(b) for b in html.read(Source("x", page, "", len(page)), Limits()).blocks if isinstance(b, Grid)
    ]


def placed(styles: dict[str, str]) -> str:
    return "".join(f'<div class=a style="{style}">{text}</div>' for text, style in styles.items())


@pytest.mark.parametrize(
    "body",
    [
        '<div class=g style="grid-template-columns:repeat(3, minmax(0, 1fr))"><i style="grid-row:span 2">甲</i>'
        '<i style="grid-column:span 2">乙</i><i>1</i><i>2</i><i>丙</i><i>3</i><i>4</i></div>',
        '<div class=g style="grid-template-columns:[a] 1fr auto 20px"><b style="display:contents"><i style="grid-area:1/1/3/2">甲</i>'
        '<i style="grid-column:2/-1">乙</i></b><i>1</i><i>2</i><i>丙</i><i>3</i><i>4</i></div>',
        "<div>" + placed(
            {
                "4": "left:120px;top:40px;width:60px;height:20px", "甲": "left:0;top:0;width:60px;height:40px",
                "乙": "left:60px;top:0;width:120px;height:20px", "1": "left:61px;top:20px;width:59px;height:20px",
                "2": "left:120px;top:20px;width:60px;height:20px", "丙": "left:0;top:40px;width:60px;height:20px",
                "3": "left:60px;top:40px;width:60px;height:20px",
            }
        ) + "</div>",
        '<div role=table><div role=row><i role=rowheader aria-rowspan=2>甲</i><i role=columnheader aria-colspan=2>乙</i></div>'
        "<div role=rowgroup><div role=row><i role=cell>1</i><i role=cell>2</i></div><div role=row><i role=cell>丙</i><i role=cell>3</i>"
        "<i role=cell>4</i></div></div></div>",
    ],
)  # fmt: skip
def test_what_a_style_puts_into_rows_and_columns_is_a_table(body: str) -> None:
    assert grids(body) == [TABLE]


@pytest.mark.parametrize(
    "body",
    [
        '<div class=g style="grid-template-columns:repeat(auto-fill, 90px)">' + "<i>1</i>" * 9 + "</div>",
        '<div class=g style="grid-template-columns:200px 1fr">' + f"<div>{'年' * 500}</div>" * 6 + "</div>",
        '<div class=g style="grid-template-columns:1fr 1fr"><i>1</i><i>2</i></div>',
        "<div>"
        + placed({str(n): f"left:{n * 10}px;top:0;width:60px;height:20px" for n in range(9)})
        + "</div>",
    ],
)
def test_a_layout_of_the_page_is_no_table(body: str) -> None:
    assert grids(body) == []


def test_a_span_ends_with_its_group_and_is_read_as_far_as_it_is_a_number() -> None:
    body = (
        "<table><tbody><tr><td rowspan=60>甲</td><td>1</td></tr><tr><td>2</td></tr></tbody><tbody><tr><td>乙</td><td>3</td></tr>"
        f"<tr><td colspan='2.0'>丙</td></tr><tr><td colspan={'9' * 5000}>丁</td></tr></tbody></table>"
    )
    (found,) = grids(body)
    assert [line.split(" | ")[:2] for line in found.split("\n")] == [
        ["甲", "1"],
        ["·", "2"],
        ["乙", "3"],
        ["丙", "·"],
        ["丁", "·"],
    ]


@pytest.mark.parametrize(
    ("row", "box"),
    [
        ("display:flex", "flex:{}"),
        ("display:flex", "width:{}0px"),
        ("", "display:inline-block;width:{}0px"),
        ("", "float:left;width:{}0%"),
    ],
)
def test_boxes_side_by_side_in_rows_are_a_table_by_their_widths(row: str, box: str) -> None:
    lines = ((("甲", 3), ("乙", 6)), (("", 3), ("1", 3), ("2", 3)), (("丙", 3), ("3", 3), ("4", 3)))
    body = "".join(
        f'<div style="{row}">' + "".join(f'<i style="{box.format(w)}">{t}</i>' for t, w in line) + "</div>"
        for line in lines
    )
    assert grids(f"<div>{body}</div>") == [ROWS]


def test_rows_that_do_not_end_together_are_no_table() -> None:
    rows = "".join(
        f'<div><i style="float:left;width:{w}px">甲</i><i style="float:left;width:90px">1</i></div>'
        for w in (60, 160, 260)
    )
    assert grids(f"<div>{rows}</div>") == []
