"""Tables two and three in other shapes than the form's, from Grids built by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import made_grids as build
from gongkai.model import Block, Report
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table

NEW = ["一、本年新收政府信息公开申请数量", "·", "·"]
CARRIED = ["二、上年结转政府信息公开申请数量", "·", "·"]
SEVEN = ["1", "2", "3", "4", "5", "6", "21"]
Lines = list[list[str | None]]


def report(*blocks: Block | str) -> Report:
    (only,) = normalize(build.document(*blocks))
    return only


def values(*tables: Lines) -> dict[tuple[str, str], Decimal | None]:
    read = report(*(build.grid(lines, i) for i, lines in enumerate(tables)))
    return {(f.field.row.id, f.field.column.id): f.value for f in read.facts}


def test_a_first_column_of_serial_numbers_is_no_value() -> None:
    got = values(
        [
            ["", "第二十条第（一）项", "·", "·", "·"],
            ["序号", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["1", "规章", "7", "8", "9"],
            ["2", "行政规范性文件", "4", "5", "6"],
            ["", "第二十条第（五）项", "·", "·", "·"],
            ["序号", "信息内容", "本年处理决定数量", "·", "·"],
            ["3", "行政许可", "11", "·", "·"],
        ]
    )
    assert got["regulations", "issued"] == 7
    assert got["normative_documents", "in_force"] == 6
    assert got["administrative_licensing", "decisions"] == 11
    assert len(got) == 7


def test_words_in_a_last_column_are_a_remark() -> None:
    got = values(
        [
            [*build.HEAD[0], "备注"],
            [*build.HEAD[1], "·"],
            [*build.HEAD[2], "·"],
            [*NEW, *SEVEN, "详见附件"],
            [*CARRIED, *SEVEN, ""],
        ]
    )
    assert [got["new_requests", c] for c in ("natural_person", "total")] == [1, 21]
    assert len(got) == 14


def test_a_number_in_a_last_column_without_a_head_leaves_the_row_out() -> None:
    got = values([*build.HEAD, [*NEW, *SEVEN, "9"], [*CARRIED, *SEVEN]])
    assert {row for row, _ in got} == {"carried_in"}


def test_applicants_down_the_side_are_turned_around() -> None:
    top = [
        [
            "申请人情况",
            *[label for label in ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量")],
        ],
        ["·", "·", "·"],
    ]
    results = ["（一）予以公开", "（二）部分公开", "（七）总计"]
    head = [[*top[0], "三、本年度办理结果", "·", "·", "四、结转下年度继续办理"], [*top[1], *results, "·"]]
    names = ["自然人", *build.APPLICANTS, "总计"]
    got = values([*head, *[[n, str(i), "0", str(i), "0", str(i), "0"] for i, n in enumerate(names)]])
    assert got["new_requests", "natural_person"] == 0
    assert got["new_requests", "legal_service_org"] == 4
    assert got["outcomes_total", "total"] == 6
    assert len(got) == 42


def test_heads_whose_spans_do_not_add_up_are_counted() -> None:
    head = [
        [
            "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
            "·",
            "申请人情况",
            *["·"] * 7,
        ],
        ["·", "·", None, "自然人", "法人或其他组织", *["·"] * 4, "总计"],
        ["·", "·", None, None, "商业企业", "科研机构", "·", "社会公益组织", "法律服务机构", "其他"],
    ]
    numbers = {"new_requests": SEVEN, "granted": SEVEN, "outcomes_total": SEVEN}
    rows: Lines = [
        [*[*row.path, "·", "·"][:3], *numbers.get(row.id, ["0"] * 7)]
        for row in table("2021", "requests").rows
    ]
    got = values([*head, *rows])
    assert [got["new_requests", c] for c in ("natural_person", "other", "total")] == [1, 6, 21]
    assert len(got) == len(rows) * 7


def test_the_end_of_a_cut_table_is_read_though_it_is_one_row() -> None:
    cut: Lines = [["（七）总计", "·", "·", *SEVEN]]
    got = values([*build.HEAD, [*NEW, *SEVEN], [*CARRIED, *SEVEN]], cut)
    assert got["outcomes_total", "total"] == 21


def test_a_table_of_a_row_that_was_read_before_is_another_statistic() -> None:
    decoy: Lines = [["本年新收政府信息公开申请数量", "·", "·", "9", "9", "9", "9", "9", "9", "54"]]
    got = values([*build.HEAD, [*NEW, *SEVEN], [*CARRIED, *SEVEN]], decoy)
    assert got["new_requests", "total"] == 21


def test_a_sentence_above_table_four_is_not_its_head() -> None:
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows: Lines = [
        ["行政复议", *["·"] * 4, "未经复议直接起诉", *["·"] * 4, "复议后起诉", *["·"] * 4],
        results * 3,
        [str(i) for i in range(15)],
    ]
    read = report("全年发生行政复议2件、行政诉讼0件，均已审结。", build.grid(rows, 1))
    assert [f.value for f in read.facts if f.field.table == "review"] == list(range(15))


def test_a_row_with_the_name_of_the_section_is_no_label() -> None:
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows: Lines = [
        ["政府信息公开行政复议、行政诉讼情况", *["·"] * 14],
        ["行政复议", *["·"] * 4, "未经复议直接起诉", *["·"] * 4, "复议后起诉", *["·"] * 4],
        results * 3,
        [str(i) for i in range(15)],
    ]
    assert len(values(rows)) == 15


def test_a_head_that_slid_out_of_its_place_is_not_counted() -> None:
    head = [
        ["", "·", "·", "申请人情况", *["·"] * 6],
        ["·", "·", "·", "自然人", "法人或其他组织", *["·"] * 4, "总计"],
        ["商业企业", "·", "·", "·", "科研机构", "社会公益组织", "法律服务机构", "其他", "", "·"],
    ]
    head[2][1:4] = ["", "", ""]
    head[0][1:3] = head[1][1:3] = ["·", "·"]
    assert values([*head, [*NEW, *SEVEN], [*CARRIED, *SEVEN]]) == {}


def test_a_number_over_two_columns_is_in_neither() -> None:
    """No wall was seen between 其他 and 总计: 17 may stand in either, or be 1 and 7."""
    got = values([*build.HEAD, [*NEW, "5", "0", "0", "0", "8", "17", "·"], [*CARRIED, *SEVEN]])
    assert {c for row, c in got if row == "new_requests"}.isdisjoint({"other", "total"})
    assert got["new_requests", "legal_service_org"] == 8


def test_a_row_that_lacks_boxes_and_ends_in_its_sum_is_left_out() -> None:
    got = values([*build.HEAD, [*NEW, "3", "2", "5", None, None, None, None], [*CARRIED, *SEVEN]])
    assert {row for row, _ in got} == {"carried_in"}


@pytest.mark.parametrize(("below", "given"), [(["1", "5", "", "", "", "7", "3"], False), ([""] * 7, True)])
def test_a_row_above_a_few_figures_without_a_label_is_left_out(below: list[str], given: bool) -> None:
    """Its numbers may be broken over the page's end: 13 above it and 1 below it are 131. Their sum holds all the same."""
    got = values([*build.HEAD, [*NEW, *SEVEN], [*CARRIED, *SEVEN], ["", "", "", *below]])
    assert ("carried_in" in {row for row, _ in got}) is given


CASES = ["行政复议", "未经复议直接起诉", "复议后起诉"]
RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
FIFTEEN = [str(n) for n in range(15)]
FORM_OF_REVIEW: Lines = [
    ["行政复议", "·", "·", "·", "·", "行政诉讼", *["·"] * 9],
    [*RESULTS, "未经复议直接起诉", "·", "·", "·", "·", "复议后起诉", "·", "·", "·", "·"],
    ["·", "·", "·", "·", "·", *RESULTS, *RESULTS],
]


def in_order(got: dict[tuple[str, str], Decimal | None]) -> list[Decimal | None]:
    return [
        got.get((row.id, c.id))
        for row in table("2021", "review").rows
        for c in table("2021", "review").columns
    ]


def test_results_down_the_side_are_read_case_by_case() -> None:
    down = [["", *CASES], *([r, *FIFTEEN[i::5]] for i, r in enumerate(RESULTS))]
    assert in_order(values(down)) == list(range(15))


@pytest.mark.parametrize(("head", "value"), [("年度", "2023"), ("备注号", "7")])
def test_a_column_of_the_bodys_own_before_the_results_is_none_of_them(head: str, value: str) -> None:
    lines = [[head if i == 0 else "·", *line] for i, line in enumerate(FORM_OF_REVIEW)]
    assert in_order(values([*lines, [value, *FIFTEEN]])) == list(range(15))


def test_a_total_of_all_results_is_no_result() -> None:
    lines = [[*line, "合计" if i == 0 else "·"] for i, line in enumerate(FORM_OF_REVIEW)]
    assert in_order(values([*lines, [*FIFTEEN, "105"]])) == list(range(15))


@pytest.mark.parametrize(
    ("boxes", "given"),
    [
        (["1", "0", "0", "0", "1", "0", "0"], 7),
        (["1", "0", "0", "0", "1", "0", "2"], 0),
        (["1", "0", "0", "1", "0", "0", "0"], 0),
        (["0"] * 9, 9),
    ],
)
def test_the_last_box_of_a_ragged_row_of_results_may_be_a_total(boxes: list[str], given: int) -> None:
    got = values([*FORM_OF_REVIEW, [*boxes, *[None] * (15 - len(boxes))]])  # type: ignore[list-item]
    assert len(got) == given


@pytest.mark.parametrize("head", ["上年总计", "占比", "备注"])
def test_a_column_behind_the_totals_is_left_out_and_told(head: str) -> None:
    heads = [[*line, head if i == 0 else "·"] for i, line in enumerate(build.HEAD)]
    read = report(build.grid([*heads, [*NEW, *SEVEN, "12"], [*CARRIED, *SEVEN, "3%"]]))
    assert [f.value for f in read.facts] == [1, 2, 3, 4, 5, 6, 21] * 2
    assert [f.severity for f in read.findings if f.code == "label-unknown"] == ["warning"]


def test_numbers_of_lines_between_labels_and_values_are_no_values() -> None:
    heads = [[*line[:3], "行次" if i == 0 else "·", *line[3:]] for i, line in enumerate(build.HEAD)]
    got = values([*heads, [*NEW, "1", *SEVEN], [*CARRIED, "2", *SEVEN]])
    assert [got["carried_in", c] for c in ("natural_person", "total")] == [1, 21]
