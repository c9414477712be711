"""What the readers of tables leave open and the table as a whole settles, from documents built by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from builders import made_grids as build
from gongkai.model import Cell, Document, Layout, Place, PlacedWord
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table

ROWS = table("2019", "requests").rows
NUMBERS = {"new_requests": "3", "granted": "2", "unavailable_not_held": "1", "outcomes_total": "3"}
HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def word(text: str, x: float, y: float) -> PlacedWord:
    cell = Cell(0, 0, 1, 1, text, Place(page=1, bbox=(x, y, x + 6 * len(text), y + 10)))
    return PlacedWord(text, x, y, x + 6 * len(text), y + 10, cell)


def layout() -> Layout:
    """Table three of the form of 2019 as words without walls."""
    words = [word("三、收到和处理政府信息公开申请情况", 50, 0)]
    words += [word(text, 300 + 50 * i, 30) for i, text in enumerate(HEADS)]
    for n, row in enumerate(ROWS):
        y = 50.0 + 20 * n
        number = NUMBERS.get(row.id, "0")
        words.append(word(row.path[-1], 60, y))
        words += [word(number if i in (0, 6) else "0", 310 + 50 * i, y) for i in range(7)]
    return Layout("points", (*words, word("四、政府信息公开行政复议、行政诉讼情况", 50, 900)))


def test_rows_of_both_forms_take_that_of_the_whole_table() -> None:
    few = [
        ["一、本年新收政府信息公开申请数量", "·", "·", "3", "0", "0", "0", "0", "0", "3"],
        ["三、本年度办理结果", "（一）予以公开", "·", "2", "0", "0", "0", "0", "0", "2"],
    ]
    document = build.document(build.grid([*build.HEAD, *few]))
    (report,) = normalize(replace(document, layouts=lambda: [layout()]))
    facts = {(f.field.row.id, f.field.column.id): f for f in report.facts}
    assert {f.field.template for f in report.facts} == {"2019"}
    assert len(facts) == len(ROWS) * 7
    assert facts["unavailable_not_held", "total"].value == 1
    assert facts["granted", "total"].confidence > 0.99  # what the boxes gave stays as they gave it


def test_a_subtotal_among_the_rows_that_were_read_is_of_every_form() -> None:
    few = [
        ["一、本年新收政府信息公开申请数量", "·", "·", "3", "0", "0", "0", "0", "0", "3"],
        ["三、本年度办理结果", "（三）不予公开", "小计", "0", "0", "0", "0", "0", "0", "0"],
    ]
    document = build.document(build.grid([*build.HEAD, *few]))
    (report,) = normalize(replace(document, layouts=lambda: [layout()]))
    assert {f.field.template for f in report.facts} == {"2019"}
    assert {f.field.row.id for f in report.facts} == {"denied_subtotal", *(row.id for row in ROWS)}


def test_a_box_that_the_whole_table_contradicts_is_not_taken_either() -> None:
    few = [
        ["一、本年新收政府信息公开申请数量", "·", "·", "3", "0", "0", "0", "0", "0", "3"],
        ["三、本年度办理结果", "（一）予以公开", "·", "0", "2", "0", "0", "0", "0", "2"],
    ]
    document = build.document(build.grid([*build.HEAD, *few]))
    (report,) = normalize(replace(document, layouts=lambda: [layout()]))
    values = {(f.field.row.id, f.field.column.id): f.value for f in report.facts}
    assert values.get(("granted", "commercial_enterprise"), 0) == 0
    assert "assignments-differ" in {f.code for f in report.findings}


def drawn(changed: Mapping[str, Sequence[str]]) -> Document:
    """The same table as boxes, with other numbers in some rows, and no heading but that of the words."""
    lines = []
    for row in ROWS:
        number = NUMBERS.get(row.id, "0")
        numbers = changed.get(row.id, [number, "0", "0", "0", "0", "0", number])
        lines.append([*[*row.path, "·", "·"][:3], *numbers])
    return replace(build.document(build.grid([*build.HEAD, *lines])), layouts=lambda: [layout()])


def test_a_whole_table_that_breaks_sums_gives_way_to_words_that_keep_them() -> None:
    (report,) = normalize(drawn({"granted": ["0", "0", "0", "0", "0", "2", "2"]}))
    values = {(f.field.row.id, f.field.column.id): f.value for f in report.facts}
    assert (values["granted", "natural_person"], values["granted", "other"]) == (2, 0)
    (finding,) = {f.row for f in report.findings if f.code == "assignments-differ"}
    assert finding == "granted"


def test_a_whole_table_whose_sums_hold_stays_as_its_boxes_have_it() -> None:
    three = ["3", "0", "0", "0", "0", "0", "3"]
    (report,) = normalize(drawn({"granted": three, "unavailable_not_held": ["0"] * 7}))
    values = {(f.field.row.id, f.field.column.id): f.value for f in report.facts}
    assert (values["granted", "total"], len(values)) == (3, len(ROWS) * 7)


@pytest.mark.parametrize(
    ("text", "total", "parts"),
    [
        ("00", "2", ("0", "0")),
        ("12", "5", ("1", "2")),
        ("120", "14", ("12", "0")),
        ("1 2", "5", ("1", "2")),
        ("12", "14", None),
        ("123", "8", None),
        ("11", "2", None),
    ],
)
def test_a_box_over_two_columns_is_parted_where_the_total_says_how(
    text: str, total: str, parts: tuple[str, str] | None
) -> None:
    """“12” is 1 and 2 where this adds up, and nobody knows its column where 12 does."""
    first, second = parts or ("0", "0")
    lines = []
    for row in ROWS:
        number = NUMBERS.get(row.id, "0")
        own = [number, "0", "0", "0", "0", "0", number]
        if row.id in ("new_requests", "outcomes_total"):
            own = ["3", "0", first, second, "0", "0", str(3 + int(first) + int(second))]
        if row.id == "granted":
            own = ["2", "0", text, "·", "0", "0", total]
        lines.append([*[*row.path, "·", "·"][:3], *own])
    head = ["项目", "·", "·", *HEADS]
    (report,) = normalize(build.document(build.grid([head, *lines])))
    found = {f.field.column.id: f.printed for f in report.facts if f.field.row.id == "granted"}
    read = tuple(found.get(c) for c in ("research_institution", "public_welfare_org"))
    assert read == (parts or (None, None))
