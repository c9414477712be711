"""Tables in flattened text: what their lines keep of the order of boxes, and what they do not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.extract import text
from gongkai.model import Limits, Report, Source
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table

NEW, CARRIED, GRANTED = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "三、本年度办理结果|（一）予以公开",
)
INNER = "商业企业|科研机构|社会公益组织|法律服务机构|其他"
HEADS = ["申请人情况", "自然人|法人或其他组织|总计", INNER]
TOP = "一、总体情况\n全年公开12条。\n三、收到和处理政府信息公开申请情况\n"


def report(lines: list[str], bar: str) -> Report:
    data = (TOP + "\n".join(lines).replace("|", bar)).encode()
    (whole,) = normalize(text.read(Source("x.txt", data, "0" * 64, len(data)), Limits()))
    return whole


def values(lines: list[str], bar: str) -> dict[tuple[str, str], Decimal | None]:
    return {(f.field.row.id, f.field.column.id): f.value for f in report(lines, bar).facts}


@pytest.mark.parametrize("bar", ["\n", "｜", "    ", "\t", " | "])
def test_boxes_in_the_form_s_order_are_read(bar: str) -> None:
    got = values([*HEADS, f"{NEW}|1|2|3|4|5|6|21", f"{CARRIED}|0|0|0|0|0|0|0"], bar)
    assert [got["new_requests", c] for c in ("natural_person", "other", "total")] == [1, 6, 21]
    assert len(got) == 14


@pytest.mark.parametrize("bar", ["\n", "｜", "    ", "\t", " | "])
def test_a_total_that_stands_first_is_the_total(bar: str) -> None:
    heads = ["申请人情况", "总计|自然人|法人或其他组织", INNER]
    got = values([*heads, f"{NEW}|21|1|2|3|4|5|6", f"{CARRIED}|0|0|0|0|0|0|0"], bar)
    assert [got["new_requests", c] for c in ("natural_person", "other", "total")] == [1, 6, 21]


@pytest.mark.parametrize("page", ["— 1 —", "- 12 -", "第 2 页 共 5 页"])
def test_the_number_of_a_page_between_heads_and_rows_is_neither(page: str) -> None:
    heads = ["申请人情况", "法人或其他组织", "自然人 总计", *INNER.split("|")]
    labels = [row.path[-1] for row in table("2019", "requests").rows]
    rows = [f"{label} 0 0 0 0 0 0 {n if n in (2, 21) else 0}" for n, label in enumerate(labels)]
    got = values([*heads, page, *rows], "\n")
    assert len(got) == 7 * len(labels)
    assert got["granted", "total"] == 2  # its sum fails, as printed


def filled_up(style: str, rows: list[list[str]], width: int) -> list[str]:
    """Rows as converters of pages write them: what spans cover stands at their ends, as bars with nothing between."""
    lines = []
    for row in rows:
        rest = "|" * (width - len(row))
        if style == "fenced":
            lines.append("| " + " | ".join(row) + " | " + rest)
        elif style == "a line each":
            lines += [f"{box} |" for box in row] + ([rest] if rest else [])
        else:
            lines += ["| ", *(f" {box}  | " for box in row[:-1]), f" {row[-1]}  |{rest}"]
    return lines


@pytest.mark.parametrize("style", ["fenced", "a line each", "a bar before each row"])
@pytest.mark.parametrize("zero", ["0", ""])
def test_rows_that_are_filled_up_at_their_ends_are_read_in_order(style: str, zero: str) -> None:
    rows = [
        ["（勾稽关系）", "申请人情况"],
        ["自然人", "法人或其他组织", "总计"],
        INNER.split("|"),
        [NEW, "3", zero, zero, "2", zero, zero, "5"],
        [CARRIED, zero, zero, zero, zero, zero, zero, "0"],
        ["三、本年度办理结果", "（一）予以公开", "1", zero, zero, "2", zero, zero, "3"],
        ["（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "1", zero, zero, zero, zero, zero, "1"],
    ]
    got = values(filled_up(style, rows, 10), "|")
    assert len(got) == 28
    read = [got["granted", c] for c in ("natural_person", "public_welfare_org", "other", "total")]
    assert read == [1, 2, 0, 3]


@pytest.mark.parametrize("style", ["fenced", "a line each", "a bar before each row"])
def test_numbers_of_two_rows_below_each_other_are_no_row_of_table_two(style: str) -> None:
    rows = [
        ["第二十条第（一）项"],
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "", ""],
        ["行政规范性文件", "2", "", "3"],
        ["第二十条第（五）项"],
        ["信息内容", "本年处理决定数量"],
        ["行政许可", "85"],
    ]
    lines = ["二、主动公开政府信息情况", *filled_up(style, rows, 4), "三、收到和处理政府信息公开申请情况"]
    got = values(lines, "|")
    assert got["administrative_licensing", "decisions"] == 85
    assert got.get(("normative_documents", "issued"), 2) == 2
    assert got.get(("normative_documents", "in_force"), 3) == 3


def test_without_heads_a_last_number_that_is_no_sum_leaves_the_rows_out() -> None:
    rows = [f"{NEW}|21|1|2|3|4|5|6", f"{CARRIED}|0|0|0|0|0|0|0", f"{GRANTED}|2|1|1|0|0|0|0"]
    assert values(["申请人情况", *rows], "\n") == {}


def test_applicants_down_the_side_of_a_text_are_left_out() -> None:
    rows = [f"{name}|1|2|3|4|5|6|7" for name in ("自然人", *INNER.split("|"), "总计")]
    assert values([f"申请人情况|{NEW}|{CARRIED}|{GRANTED}", *rows], "\n") == {}


def test_a_row_that_lacks_a_box_in_the_middle_of_the_table_is_left_out() -> None:
    rows = [f"{NEW}|1|2|3|4|5|6|21", f"{CARRIED}|1|1|0|0|0|2", f"{GRANTED}|1|2|3|4|5|6|21"]
    assert {row for row, _ in values([*HEADS, *rows], "\n")} == {"new_requests", "granted"}


def test_a_last_row_that_may_end_in_its_total_is_left_out() -> None:
    rows = [f"{NEW}|1|2|3|4|5|6|21", f"{CARRIED}|1|2|3|4|5|6|21", f"{GRANTED}|1|1|0|0|0|2"]
    assert {row for row, _ in values([*HEADS, *rows], "\n")} == {"new_requests", "carried_in"}


def test_totals_that_nobody_filled_in_are_blank_and_nothing_else_is_in_doubt() -> None:
    rows = [f"{NEW}|1|2|3|4|5|6|", f"{CARRIED}|0|1|0|3|0|2|", f"{GRANTED}|1|3|3|7|5|8|"]
    whole = report([*HEADS, *rows], "\t")
    assert [f.value for f in whole.facts if f.field.column.id == "other"] == [6, 2, 8]
    assert [f.blank for f in whole.facts if f.field.column.id == "total"] == [True] * 3


def test_3_其他_is_never_the_single_row_of_2019() -> None:
    rows = [f"{NEW}|1|2|3|4|5|6|21", f"{CARRIED}|0|0|0|0|0|0|0", "3.其他|1|0|0|0|0|0|1"]
    assert {row for row, _ in values([*HEADS, *rows], "\t")} == {"new_requests", "carried_in", "other_misc"}


def test_rows_fenced_in_bars_are_rows_without_a_line_of_dashes() -> None:
    fenced = [f"|{line}|" for line in (*HEADS, f"{NEW}|1|2||4|5||12", f"{CARRIED}|||0||0|0|0")]
    data = (TOP + "\n".join(fenced)).encode()
    (whole,) = normalize(text.read(Source("x.txt", data, "0" * 64, len(data)), Limits()))
    assert len({f.place.block for f in whole.facts}) == 1
    assert [str(f.value) for f in whole.facts] == ["1", "2", "0", "4", "5", "0", "12", *["0"] * 7]
    assert sum(f.blank for f in whole.facts) == 5


def test_a_placeholder_behind_a_group_of_table_four_is_a_value() -> None:
    results = "结果维持|结果纠正|其他结果|尚未审结|总计"
    rows = [f"类别|{results}", "行政复议|/|0|1|1|2", "未经复议直接起诉|0|0|0|0|0", "复议后起诉|1|0|0|/|1"]
    data = (
        "一、总体情况\n无\n四、政府信息公开行政复议、行政诉讼情况\n" + "\n".join(rows).replace("|", "\n")
    ).encode()
    (whole,) = normalize(text.read(Source("x.txt", data, "0" * 64, len(data)), Limits()))
    first = [(f.value, f.blank) for f in whole.facts if f.field.row.id == "reconsideration"]
    assert first == [(0, True), (0, False), (1, False), (1, False), (2, False)]


def test_serial_numbers_before_the_labels_of_a_text_are_no_values() -> None:
    rows = [f"1|{NEW}|1|2|3|4|5|6|21", f"2|{CARRIED}|0|0|0|0|0|0|0", f"3|{GRANTED}|1|2|3|4|5|6|21"]
    got = values(["序号", *HEADS, *rows], "\n")
    assert [got[row, "total"] for row in ("new_requests", "carried_in", "granted")] == [21, 0, 21]
    assert len(got) == 21


FIFTEEN = "1|0|0|0|1|0|0|0|0|0|2|1|0|0|3"


@pytest.mark.parametrize(
    ("box", "read"), [("2", 15), ("5", 0), ('"2', 0)], ids=["adds-up", "does-not", "no-number"]
)
def test_fifteen_boxes_without_heads_are_taken_where_their_totals_add_up_or_else_reported(
    box: str, read: int
) -> None:
    above = "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"
    whole = report([above, "行政复议", "行政诉讼", FIFTEEN.replace("2", box)], " | ")
    taken = [f for f in whole.facts if f.field.table == "review"]
    doubts = [f for f in whole.findings if f.code == "row-unaligned"]
    assert (len(taken), len(doubts)) == (read, 0 if read else 1)


def test_the_heading_above_a_table_in_bars_stays_the_section_s() -> None:
    results = "结果维持|结果纠正|其他结果|尚未审结|总计"
    rows = [
        f"|类别|{results}|",
        "|行政复议|1|0|1|1|3|",
        "|未经复议直接起诉|0|0|0|0|0|",
        "|复议后起诉|1|0|0|0|1|",
    ]
    data = "\n".join(["一、总体情况", "无", "四、政府信息公开行政复议、行政诉讼情况", *rows]).encode()
    (whole,) = normalize(text.read(Source("x.txt", data, "0" * 64, len(data)), Limits()))
    assert [s.id for s in whole.sections] == ["overview", "review"] and len(whole.facts) == 15


TABLE_TWO = [
    ["第二十条第（一）项"],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "0", "0", ""],
    ["行政规范性文件", "6", "", "14"],
    ["第二十条第（五）项"],
    ["信息内容", "本年处理决定数量"],
    ["行政许可", "31"],
]


DOCUMENTS = ("regulations", "normative_documents")


@pytest.mark.parametrize("is_opened", [True, False])
def test_a_lone_bar_opens_a_row_or_is_a_blank_box(is_opened: bool) -> None:
    lines = ["二、主动公开政府信息情况"]
    for row in TABLE_TWO:
        boxes = [f"{box} |".strip() for box in row]
        rest = "|" * (4 - len(row))
        lines += [*(["|"] if is_opened else []), *boxes[:-1], f"{boxes[-1]} {rest}".rstrip()]
    got = values([*lines, "三、收到和处理政府信息公开申请情况"], "|")
    rows = [[got.get((r, c)) for c in ("issued", "repealed", "in_force")] for r in DOCUMENTS]
    assert rows == [[0, 0, 0], [6, 0, 14]]
    assert got["administrative_licensing", "decisions"] == 31


def test_a_row_that_lost_its_label_does_not_take_the_columns_with_it() -> None:
    boxes = [box for row in TABLE_TWO for box in row if box != "规章"]
    boxes = [box or "2" for box in boxes]
    got = values(["二、主动公开政府信息情况", *boxes, "三、收到和处理政府信息公开申请情况"], "|")
    assert [got["normative_documents", c] for c in ("issued", "repealed", "in_force")] == [6, 2, 14]
    assert not any(row == "regulations" for row, _ in got)


@pytest.mark.parametrize("fence", ["", "| "])
def test_bars_that_fill_rows_up_to_one_width_are_no_blank_boxes(fence: str) -> None:
    """Rows without a total are read too: bars without a blank between them are no boxes."""
    rows = [
        "申请人情况 | |||||||||",
        "自然人 | 法人或其他组织 | 总计 | |||||||",
        f"{INNER.replace('|', ' | ')} | |||||",
        f"{NEW} | 3 | | | 2 | | | 5 | ||",
        f"{CARRIED} | 0 | | | | | | | ||",
        "三、本年度办理结果 | (一)予以公开 | 4 | | | 1 | | | 5 | |",
        "(三)不予公开 | 1.属于国家秘密 | 0 | | | | | | | |",
        "四、结转下年度继续办理 | 0 | | | | | | |",
    ]
    got = values([fence + row for row in rows], "|")
    assert [got["new_requests", c] for c in ("natural_person", "public_welfare_org", "total")] == [3, 2, 5]
    assert [got["carried_in", c] for c in ("natural_person", "total")] == [0, 0]
    assert len(got) == 7 * 5


def lone_numbers(printed: dict[str, str], nothing: str = "") -> list[str]:
    """The rows of the form of 2021, each a line, with the numbers of some."""
    rows = table("2021", "requests").rows
    return [f"{row.path[-1]} {printed.get(row.id, nothing)}".rstrip(" ") for row in rows]


def test_rows_that_lost_blank_boxes_have_their_totals_where_the_sums_of_these_hold() -> None:
    rows = {"new_requests": "5 2 7", "granted": "4 4", "denied_state_secret": "1 1", "outcomes_total": "5 5"}
    got = values(lone_numbers(rows | {"carried_out": "2 2"}), "\n")
    assert got["new_requests", "total"] == 7
    assert got["not_processed_petition", "natural_person"] == 0
    assert ("new_requests", "natural_person") not in got
    assert len(got) == 5 + 7 * 20


def test_a_total_of_nought_alone_is_that_of_a_blank_row() -> None:
    rows = {"new_requests": "3 1 4", "granted": "4 4", "outcomes_total": "3 1 4"}
    got = values(lone_numbers(rows, "0"), "\n")
    assert got["granted", "total"] == 4
    assert len(got) == 3 + 7 * 22


@pytest.mark.parametrize(
    "rows",
    [
        {"new_requests": "5 2 7", "granted": "4 4", "outcomes_total": "7 7"},  # a number was lost
        {"new_requests": "5 2 7", "granted": "7", "outcomes_total": "7 7"},  # which box it is in nobody knows
        {"new_requests": "5 2 7", "granted": "7 7\n0", "outcomes_total": "7 7"},
    ],
)
def test_rows_that_lost_boxes_are_not_taken_where_a_number_is_unexplained(rows: dict[str, str]) -> None:
    assert not values(lone_numbers(rows), "\n")


def test_wide_blanks_between_narrow_ones_are_blank_boxes() -> None:
    blank = " ".join(7 * "\u3000")
    rows = {"new_requests": "3 \u3000 \u3000 \u3000 \u3000 \u3000 3", "carried_out": "0 3 0 0 0 0 3"}
    heads = [line.replace("|", " ") for line in HEADS]
    got = values([*heads, *lone_numbers(rows, blank)], "\n")
    assert got["carried_out", "commercial_enterprise"] == 3
    assert len(got) == 7 * 25
