"""Table three, from Grids built by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from builders import made_grids as build
from gongkai.normalize import normalize

NEW = ["一、本年新收政府信息公开申请数量", "·", "·"]
GRANTED = ["三、本年度办理结果", "（一）予以公开", "·"]


def values(*lines: list[str | None]) -> dict[tuple[str, str], Decimal | None]:
    (report,) = normalize(build.document(build.grid([*build.HEAD, *lines])))
    return {(f.field.row.id, f.field.column.id): f.value for f in report.facts}


def test_seven_boxes_go_to_the_seven_columns() -> None:
    got = values([*NEW, "7", "1", "2", "3", "4", "5", "22"])
    assert [got["new_requests", c] for c in ("natural_person", "other", "total")] == [7, 5, 22]


def test_a_label_that_spans_a_column_too_few_does_not_shift_the_values() -> None:
    got = values(["一、本年新收政府信息公开申请数量", "·", "7", "1", "2", "3", "4", "5", "22"])
    assert got["new_requests", "natural_person"] == 7
    assert got["new_requests", "total"] == 22


def test_a_label_that_a_false_wall_parts_is_whole_where_it_is_listed() -> None:
    got = values(["（五）不予处理—3.要求提供公开出", "版物", "·", "7", "1", "2", "3", "4", "5", "22"])
    assert got["not_processed_publication", "total"] == 22
    assert values(["（五）不予处理", "版物", "·", "7", "1", "2", "3", "4", "5", "22"]) == {}


def test_empty_boxes_after_the_last_column_do_not_count() -> None:
    got = values([*NEW, "7", "1", "2", "3", "4", "5", "22", "", ""])
    assert got["new_requests", "total"] == 22


def test_a_ragged_row_gives_the_boxes_it_has_and_no_others() -> None:
    got = values([*NEW, "7", "1", "2", None, None, None, None])
    assert got == {
        ("new_requests", "natural_person"): 7,
        ("new_requests", "commercial_enterprise"): 1,
        ("new_requests", "research_institution"): 2,
    }


def test_a_row_of_another_grid_with_fewer_boxes_is_under_none_of_the_heads() -> None:
    applicants = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    new = ["一、本年新收政府信息公开申请数量", "7", "1", "0", "0", "0", "0", "8"]
    first = build.grid([["申请人情况", *applicants], new])
    granted, partly = "（一）予以公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
    second = build.grid([[granted, "6", "2"], [partly, "0", "1"], ["5.属于三类内部事务信息", "0", "0"]])
    (report,) = normalize(build.document(first, second))
    assert {f.field.row.id for f in report.facts} == {"new_requests"}


@pytest.mark.parametrize("boxes", [("3", "8"), ("3", "3"), ("0", "5"), ("3",), ("3", "0", "", "9")])
def test_the_last_box_of_a_ragged_row_may_be_the_total_of_numbers_that_are_lost(boxes: Sequence[str]) -> None:
    assert values([*NEW, *boxes, *[None] * (7 - len(boxes))]) == {}


@pytest.mark.parametrize(("carried_out", "given"), [("3", True), ("4", False)])
def test_a_sum_down_its_column_proves_the_last_box_of_a_ragged_row(carried_out: str, given: bool) -> None:
    seven = ["3", "0", "0", "0", "0", "0", "3"]
    got = values(
        [*NEW, *seven],
        ["二、上年结转政府信息公开申请数量", "·", "·", *["0"] * 7],
        ["三、本年度办理结果", "（七）总计", "·", *["0"] * 7],
        ["四、结转下年度继续办理", "·", "·", carried_out, *[None] * 6],
    )
    assert (("carried_out", "natural_person") in got) is given


@pytest.mark.parametrize("boxes", [("7", "1", "2"), ("0", "0"), ("5", "0", "")])
def test_a_box_that_is_less_than_those_before_it_is_no_total(boxes: Sequence[str]) -> None:
    assert len(values([*NEW, *boxes, *[None] * (7 - len(boxes))])) == len(boxes)


def test_where_a_word_stands_decides_which_row_it_names() -> None:
    got = values(
        [*NEW, "7", "0", "0", "0", "0", "0", "7"],
        [
            "三、本年度办理结果",
            "（五）不予处理",
            "5.要求行政机关确认或重新出具已获取信息",
            "1",
            "0",
            "0",
            "0",
            "0",
            "0",
            "1",
        ],
        [
            "",
            "（六）其他处理",
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "2",
            "0",
            "0",
            "0",
            "0",
            "0",
            "2",
        ],
        [
            "",
            "",
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "3",
            "0",
            "0",
            "0",
            "0",
            "0",
            "3",
        ],
        ["", "", "3.其他", "4", "0", "0", "0", "0", "0", "4"],
        ["", "（七）总计", "·", "9", "0", "0", "0", "0", "0", "9"],
    )
    assert got["other_misc", "natural_person"] == 4
    assert got["outcomes_total", "natural_person"] == 9


def test_a_label_that_only_its_neighbours_identify_is_taken_between_them() -> None:
    got = values(
        [*NEW, "7", "0", "0", "0", "0", "0", "7"],
        ["二、上华结传正付信怠公幵伸请数量", "·", "·", "1", "0", "0", "0", "0", "0", "1"],
        [*GRANTED, "8", "0", "0", "0", "0", "0", "8"],
    )
    assert got["carried_in", "natural_person"] == 1


def test_a_row_that_the_form_does_not_have_gives_no_fact_and_a_finding() -> None:
    (report,) = normalize(
        build.document(
            build.grid(
                [
                    *build.HEAD,
                    [*NEW, "7", "0", "0", "0", "0", "0", "7"],
                    ["某市自设的一行指标", "·", "·", "5", "0", "0", "0", "0", "0", "5"],
                    ["二、上年结转政府信息公开申请数量", "·", "·", "1", "0", "0", "0", "0", "0", "1"],
                ]
            )
        )
    )
    assert {f.field.row.id for f in report.facts} == {"new_requests", "carried_in"}
    assert "label-unknown" in [f.code for f in report.findings]


def test_two_boxes_for_one_field_give_none() -> None:
    (report,) = normalize(
        build.document(
            build.grid(
                [
                    *build.HEAD,
                    [*NEW, "7", "0", "0", "0", "0", "0", "7"],
                    [*NEW, "8", "0", "0", "0", "0", "0", "8"],
                ]
            )
        )
    )
    assert ("new_requests", "total") not in {(f.field.row.id, f.field.column.id) for f in report.facts}
    assert "field-twice" in [f.code for f in report.findings]


def test_a_box_that_cannot_be_read_is_a_fact_without_value_and_an_error() -> None:
    (report,) = normalize(
        build.document(build.grid([*build.HEAD, [*NEW, "7", "若干", "0", "0", "0", "0", "7"]]))
    )
    by_column = {f.field.column.id: f for f in report.facts}
    assert by_column["commercial_enterprise"].value is None
    assert by_column["total"].value == 7
    assert [f.severity for f in report.findings if f.code == "number-unreadable"] == ["error"]


def test_the_single_row_of_other_handling_is_the_form_of_2019() -> None:
    line = ["三、本年度办理结果", "（六）其他处理", "·", "1", "0", "0", "0", "0", "0", "1"]
    (report,) = normalize(
        build.document(build.grid([*build.HEAD, [*NEW, "1", "0", "0", "0", "0", "0", "1"], line]))
    )
    assert {f.field.template for f in report.facts} == {"2019"}


def test_a_ragged_row_under_an_unread_first_head_is_not_counted_from_the_second() -> None:
    head = [*build.HEAD[:1], ["·", "·", "·", "", *build.HEAD[1][4:]], *build.HEAD[2:]]
    (report,) = normalize(build.document(build.grid([*head, [*NEW, "7"], [*GRANTED, "7"]])))
    assert report.facts == ()
    assert {f.code for f in report.findings} >= {"row-unaligned"}


def test_a_head_without_a_meaning_is_taken_by_its_position_and_reported() -> None:
    head = [*build.HEAD[:2], ["·", "·", "·", "·", "数据2", *build.APPLICANTS[1:], "·"]]
    (report,) = normalize(build.document(build.grid([*head, [*NEW, "7", "1", "2", "3", "4", "5", "22"]])))
    by_column = {f.field.column.id: f for f in report.facts}
    assert by_column["commercial_enterprise"].value == 1
    assert by_column["commercial_enterprise"].confidence < 0.95 < by_column["total"].confidence
    assert [f.printed for f in report.findings if f.code == "label-contradicts"] == [
        "申请人情况 / 法人或其他组织 / 数据2"
    ]


def test_heads_in_another_order_are_not_taken_by_position() -> None:
    swapped = ["科研机构", "口口口", *build.APPLICANTS[2:]]
    head = [*build.HEAD[:2], ["·", "·", "·", "·", *swapped, "·"]]
    (report,) = normalize(build.document(build.grid([*head, [*NEW, "7", "1", "2", "3", "4", "5", "22"]])))
    assert "commercial_enterprise" not in {f.field.column.id for f in report.facts}


def test_a_table_for_every_row_is_read_as_one() -> None:
    head = ["项目", *(f"数据{n}" for n in range(1, 8))]
    rows = [
        "一、本年新收政府信息公开申请数量",
        "三、本年度办理结果（六）其他处理3.其他",
        "三、本年度办理结果（七）总计",
    ]
    grids = [build.grid([head, [row, *"7123452"]], block) for block, row in enumerate(rows)]
    (report,) = normalize(build.document(*grids))
    assert {f.field.row.id for f in report.facts} == {"new_requests", "other_misc", "outcomes_total"}
    assert {f.confidence < 0.95 for f in report.facts} == {True}


def cut(above: str, below: str) -> dict[tuple[str, str], Decimal | None]:
    """A row whose label a page end cut in two: its numbers stand above, blank boxes below."""
    lines = [
        ["三、本年度办理结果", "（三）不予公开", "6.属于四类过程性信息", *"1000001"],
        ["·", "·", above, *"2000002"],
        ["·", "·", below, *[""] * 7],
        ["·", "·", "8.属于行政查询事项", *"3000003"],
    ]
    whole = build.grid([*build.HEAD, *lines])
    cells = tuple(
        replace(c, place=replace(c.place, page=2 if c.row >= len(build.HEAD) + 2 else 1)) for c in whole.cells
    )
    (report,) = normalize(build.document(replace(whole, cells=cells)))
    return {(f.field.row.id, f.field.column.id): f.value for f in report.facts}


def test_blank_boxes_below_a_page_end_are_none_of_the_row_that_began_above() -> None:
    got = cut("7.属于行", "政执法案卷")
    assert got["denied_enforcement_files", "natural_person"] == 2
    assert got["denied_administrative_inquiry", "natural_person"] == 3


def test_a_row_cut_in_pieces_that_are_no_label_together_gives_nothing() -> None:
    got = cut("7.属", "行政执法案卷")
    assert not [row for row, _ in got if row == "denied_enforcement_files"]


def test_a_blank_row_that_begins_the_data_on_a_later_page_needs_its_whole_label() -> None:
    whole = build.grid(
        [
            *build.HEAD,
            ["府信息公开申请数量", "·", "·", *[""] * 7],
            ["二、上年结转政府信息公开申请数量", "·", "·", *"1000001"],
        ]
    )
    cells = tuple(
        replace(c, place=replace(c.place, page=2 if c.row >= len(build.HEAD) else 1)) for c in whole.cells
    )
    (report,) = normalize(build.document(replace(whole, cells=cells)))
    assert {f.field.row.id for f in report.facts} == {"carried_in"}


def test_heads_that_stand_over_the_label_are_none_of_a_ragged_row() -> None:
    head = ["商业企业", "科研机构", "社会公益组织"]
    rows = [[NEW[0], "11", "10"], ["二、上年结转政府信息公开申请数量", "2", "0"]]
    (report,) = normalize(build.document(build.grid([head, *rows])))
    assert report.facts == ()
    assert {f.code for f in report.findings} >= {"row-unaligned"}


def test_an_empty_strip_between_the_rows_of_heads_does_not_part_them() -> None:
    strip = ["·", "·", "·", "·", "", "", "", "", "", "·"]
    head = [*build.HEAD[:2], strip, build.HEAD[2]]
    (report,) = normalize(build.document(build.grid([*head, [*NEW, "7", "1", "2", "3", "4", "5", "22"]])))
    assert [f.value for f in report.facts] == [7, 1, 2, 3, 4, 5, 22]


def test_under_a_head_that_stands_twice_nothing_is_taken() -> None:
    twice = ["·", "·", "·", "·", "商业企业", "商业企业", *build.APPLICANTS[2:], "·"]
    (report,) = normalize(build.document(build.grid([*build.HEAD[:2], twice, [*NEW, *"7123456"]])))
    assert report.facts == ()
    assert "row-unaligned" in [f.code for f in report.findings]


def test_a_first_row_without_any_box_changes_nothing() -> None:
    empty: list[str | None] = [None] * 10
    (report,) = normalize(build.document(build.grid([empty, *build.HEAD, [*NEW, *"7123456"]])))
    assert {f.field.row.id for f in report.facts} == {"new_requests"}


def test_blank_boxes_beside_numbers_without_a_label_are_not_zeros() -> None:
    numbers: list[str | None] = ["", "0", "0", "0", "0", "0", "1", "1"]
    blank: list[str | None] = ["（二）部分公开", *[""] * 7]
    granted: list[str | None] = ["（一）予以公开", "3", "0", "0", "0", "0", "0", "3"]
    assert {row for row, _ in values(granted, blank)} == {"granted", "partially_granted"}
    assert {row for row, _ in values(granted, numbers, blank)} == {"granted"}
    assert {row for row, _ in values(blank, numbers, granted)} == {"granted"}


def test_a_box_with_the_labels_of_two_rows_names_neither() -> None:
    both: list[str | None] = ["其中：网上平台提交的申请二、上年结转政府信息公开中请数量", *"0000011"]
    assert {row for row, _ in values([*NEW[:1], *"1000001"], both)} == {"new_requests"}


def test_a_label_that_took_in_a_value_names_no_row() -> None:
    taken: list[str | None] = ["二、上年结转政府信息公开申请的数量 60", *"000006"]
    assert {row for row, _ in values([*NEW[:1], *"1000001"], taken)} == {"new_requests"}


def test_a_group_before_a_label_without_a_number_is_parted_by_its_mark() -> None:
    first: list[str | None] = ["（三）不予公开—属于国家秘密", *"1000001"]
    last: list[str | None] = [
        "（六）其他处理 —申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        *"0000022",
    ]
    assert {row for row, _ in values(first, last)} == {"denied_state_secret", "other_not_corrected_in_time"}


@pytest.mark.parametrize("nought", ["0", "均为0", "/"])
def test_a_merged_box_of_nought_is_nought_in_every_column_and_row(nought: str) -> None:
    carried = ["二、上年结转政府信息公开申请数量", "·", "·"]
    got = values([*NEW, "2", "1", nought, "·", "·", "·", "3"], [*carried, "1", "0", "·", "·", "·", "·", "1"])
    columns = ("research_institution", "public_welfare_org", "legal_service_org", "other")
    assert [got[row, c] for row in ("new_requests", "carried_in") for c in columns] == [0] * 8
    assert [got[row, "total"] for row in ("new_requests", "carried_in")] == [3, 1]


def test_a_merged_box_with_a_number_is_no_number_of_any_column() -> None:
    got = values([*NEW, "2", "1", "4", "·", "·", "·", "7"])
    assert {column for _, column in got} <= {"natural_person", "commercial_enterprise", "total"}


def test_a_head_that_stands_apart_from_its_beginning_does_not_make_its_numbers_foreign() -> None:
    heads = ["自然人", "商业企业", "科研机构", "组织", "社会公益", "机构", "法律服务", "其他", "总计"]
    grid = build.grid(
        [["", *heads], ["一、本年新收政府信息公开申请数量", "3", "0", "0", "2", "", "0", "", "0", "5"]]
    )
    (report,) = normalize(build.document(grid))
    given = {f.field.column.id for f in report.facts if f.blank}
    assert "legal_service_org" not in given
    assert "public_welfare_org" not in given


def test_a_table_that_stands_twice_with_other_numbers_gives_what_both_have_and_nothing_more() -> None:
    carried = ["二、上年结转政府信息公开申请数量", "·", "·"]
    before = [[*NEW, "7", "0", "0", "0", "0", "0", "7"], [*carried, "1", "0", "0", "0", "0", "0", "1"]]
    after = [[*NEW, "8", "0", "0", "0", "0", "0", "8"], [*carried, "2", "0", "0", "0", "0", "0", "2"]]
    tables = [build.grid([*build.HEAD, *lines], 2 * i + 1) for i, lines in enumerate((before, after))]
    heading = "三、收到和处理政府信息公开申请情况"
    (report,) = normalize(build.document(heading, tables[0], "上表有误，更正如下：", tables[1]))
    given = {(f.field.row.id, f.field.column.id) for f in report.facts if f.value}
    assert given == set()
