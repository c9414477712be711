"""Tables in text that converters made of pages, PDFs and DOCX: numbers apart from their labels, boxes put together, spans written out."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from gongkai.extract import text
from gongkai.model import Limits, Report, Source
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table

HEADS = "申请人情况\n自然人 法人或其他组织 总计\n商业企业 科研机构 社会公益组织 法律服务机构 其他\n"
LABELS = {row.id: row.path[-1] for row in table("2021", "requests").rows}
#: Boxes of a table whose sums hold, by row; all others are 0.
BALANCED = {
    "new_requests": [5, 2, 0, 1, 0, 0, 8],
    "carried_in": [1, 0, 0, 0, 0, 3, 4],
    "granted": [4, 1, 0, 0, 0, 0, 5],
    "denied_process_information": [1, 0, 0, 1, 0, 0, 2],
    "not_processed_duplicate": [0, 1, 0, 0, 0, 2, 3],
    "outcomes_total": [5, 2, 0, 1, 0, 2, 10],
    "carried_out": [1, 0, 0, 0, 0, 1, 2],
}


def reports(content: str) -> tuple[Report, ...]:
    data = content.encode()
    return normalize(text.read(Source("x.txt", data, "0" * 64, len(data)), Limits()))


def values(content: str) -> dict[tuple[str, str], Decimal | None]:
    (whole,) = reports("某县2023年政府信息公开工作年度报告\n一、总体情况\n全年公开12条。\n" + content)
    return {(f.field.row.id, f.field.column.id): f.value for f in whole.facts}


def requests(lines: str) -> dict[tuple[str, str], Decimal | None]:
    return values(f"三、收到和处理政府信息公开申请情况\n{lines}\n五、存在的主要问题\n无。\n")


def boxes(row: str) -> list[int]:
    return BALANCED.get(row, [0] * 7)


def printed(row: str, gap: str = " ") -> str:
    return gap.join(map(str, boxes(row)))


def is_balanced(got: dict[tuple[str, str], Decimal | None]) -> bool:
    columns = [c.id for c in table("2021", "requests").columns]
    return got == {(row, c): n for row in LABELS for c, n in zip(columns, boxes(row), strict=True)}


# Table three ---------------------------------------------------------------------------------


def test_totals_that_stand_first_are_totals_where_the_sums_hold_so() -> None:
    heads = "申请人情况\n总计 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他\n"
    rows = [f"{label} {boxes(row)[6]} {' '.join(map(str, boxes(row)[:6]))}" for row, label in LABELS.items()]
    assert is_balanced(requests(heads + "\n".join(rows)))


def test_numbers_between_the_lines_of_a_label_are_its_row_s() -> None:
    rows = [f"{label} {printed(row)}" for row, label in LABELS.items()]
    broken = (
        "1.申请人无正当理由逾期不补\n理结果 正、行政机关不再处理其政府 {}\n（六）其他 信息公开申请\n处理 "
    )
    at = list(LABELS).index("other_not_corrected_in_time")
    rows[at : at + 2] = [broken.format(printed("other_not_corrected_in_time")) + rows[at + 1]]
    assert is_balanced(requests(HEADS + "\n".join(rows)))


@pytest.mark.parametrize(("heads", "first"), [(HEADS, 4), ("总计 自然人\n", 0), ("", None)])
def test_rows_of_nought_in_lines_of_their_own_are_read_where_the_heads_tell_the_order(
    heads: str, first: int | None
) -> None:
    """A misprint is the only number: no sum but 0 = 0 holds, and one fails."""
    rows = [
        f"{label} {'4 0 0 0 0 0 0' if row == 'carried_in' else '0 0 0 0 0 0 0'}"
        for row, label in LABELS.items()
    ]
    got = requests(heads + "\n".join(rows))
    assert got.get(("carried_in", "natural_person")) == first


def apart(order: list[str]) -> str:
    """The rows of groups' labels behind the numbers of all rows, as a page's content may have them."""
    first, last = order[:4], order[-2:]
    lines = [f"{LABELS[row]}\n{printed(row, chr(10))}" for row in first]
    lines += [printed(row, "\n") for row in order[4:-2]]
    lines += [LABELS[row] for row in order[4:-2]]
    return HEADS + "\n".join([*lines, *(f"{LABELS[row]}\n{printed(row, chr(10))}" for row in last)])


def test_numbers_apart_from_their_labels_are_dealt_out_where_all_sums_hold() -> None:
    assert is_balanced(requests(apart(list(LABELS))))


def test_numbers_are_not_dealt_out_where_a_row_is_left_out_and_another_is_the_report_s_own() -> None:
    left_out = [row for row in LABELS if row != "denied_enforcement_files"]
    content = apart(left_out).replace(
        LABELS["carried_in"], "其中：网上申请\n0\n0\n0\n0\n0\n0\n0\n" + LABELS["carried_in"]
    )
    got = requests(content)
    assert ("denied_process_information", "total") not in got


def test_numbers_are_not_dealt_out_where_a_sum_fails() -> None:
    got = requests(apart(list(LABELS)).replace("4\n1\n0\n0\n0\n0\n5", "3\n1\n0\n0\n0\n0\n4"))
    assert not {row for row, _ in got} & {"denied_process_information", "not_processed_duplicate"}


def test_the_line_that_holds_the_first_numbers_of_a_row_may_stand_behind_the_others() -> None:
    rows = list(LABELS)
    lines = [f"{LABELS[row]}\n{printed(row)}" for row in rows]
    at = rows.index("not_processed_duplicate")
    lines[at - 1] += "\n0 2 3"  # 2.重复申请 0 1 0 0 stands a little lower
    lines[at] = f"{LABELS[rows[at]]} 0 1 0 0"
    assert is_balanced(requests(HEADS + "\n".join(lines)))


def test_seven_numbers_behind_a_run_of_labels_are_not_those_of_the_last_one() -> None:
    rows = list(LABELS)
    lines = [f"{LABELS[row]}\n{printed(row, chr(10))}" for row in rows[:4]]
    lines += [LABELS[row] for row in rows[4:-2]]
    lines += [printed("granted", "\n")]
    lines += [f"{LABELS[row]}\n{printed(row, chr(10))}" for row in rows[-2:]]
    assert (rows[-3], "total") not in requests(HEADS + "\n".join(lines))


def test_numbers_dealt_out_to_rows_before_them_are_not_taken_where_a_sum_fails() -> None:
    """Labels stand before and behind the numbers of several rows: these may be any of theirs."""
    rows = list(LABELS)
    lines = [f"{LABELS[row]}\n{printed(row, chr(10))}" for row in rows]
    at = rows.index("denied_process_information")
    lines[at - 1 : at + 1] = [
        LABELS[rows[at - 1]] + "\n",
        LABELS[rows[at]],
        printed(rows[at], "\n"),
        printed(rows[at - 1], "\n"),
    ]
    lines[-1] = lines[-1].replace("2", "3")
    got = requests(HEADS + "\n".join(lines))
    assert not [slot for slot in got if slot[0] in (rows[at - 1], rows[at])]


def test_totals_are_told_by_numbers_in_lines_of_their_own_where_no_row_lacks_them() -> None:
    short = {"new_requests": "3\n1\n4", "granted": "4\n4", "outcomes_total": "3\n1\n4"}
    lines = [f"{label}\n{short.get(row, '0')}" for row, label in LABELS.items()]
    got = requests(HEADS.replace(" ", "\n") + "\n".join(lines))
    assert (got["granted", "total"], got["carried_out", "other"]) == (4, 0)
    assert ("granted", "natural_person") not in got
    lines[5] = LABELS["denied_prohibited_by_law"]
    assert not requests(HEADS.replace(" ", "\n") + "\n".join(lines))


def test_the_last_head_is_no_row_where_the_label_of_a_row_was_lost() -> None:
    heads = HEADS.replace(" ", "\n")
    rest = f"{LABELS['new_requests']}\n3\n0\n0\n0\n0\n0\n3\n{LABELS['carried_in']}\n0\n0\n0\n0\n0\n0\n0"
    got = requests(heads + "1\n0\n0\n0\n1\n0\n2\n" + rest)
    assert not [slot for slot in got if slot[0] == "outcomes_total"]


def test_boxes_in_lines_of_their_own_are_read_though_totals_are_wrong_as_printed() -> None:
    """Blank boxes are lines of a blank; labels stand as often as they span columns, as docx2python has them."""
    wrong = {"new_requests": "3,,,,,,2", "granted": ",,,,,,2", "denied_state_secret": "3,,,,,,"}
    lines = list(itertools.chain(*([*HEADS.split(), ""],)))
    for row, label in LABELS.items():
        lines += [label, label, *(box or "\u3000" for box in wrong.get(row, ",,,,,,").split(","))]
    got = requests("\n\n".join(lines))
    assert [got[r, "natural_person"] for r in ("new_requests", "granted", "denied_state_secret")] == [3, 0, 3]


def test_boxes_that_a_program_put_together_are_parted() -> None:
    """Which columns it found differs from line to line; its lines of dashes are no rows."""
    rows = []
    for n, (row, label) in enumerate(LABELS.items()):
        a, b, c, d, e, f, g = map(str, boxes(row))
        cut = [f"{a} {b}", c, d, f"{e} {f} {g}"] if n % 2 else [a, f"{b} {c}", f"{d} {e}", f"{f} {g}"]
        rows += [
            "| " + " | ".join([label, *cut]) + " |",
            *(["| --- | --- | --- | --- | --- |"] if n == 0 else []),
        ]
    assert is_balanced(requests(HEADS + "\n".join(rows)))


def test_rows_in_bars_without_one_at_their_ends_keep_their_blank_boxes() -> None:
    lines = ["（本列数据的勾稽关系为…） | 申请人情况", "---|---", "自然人 | 法人或其他组织 | 总计"]
    lines += ["商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他"]
    for row, label in LABELS.items():
        group = "三、本年度办理结果\n" if row == "granted" else ""
        lines.append(group + " | ".join([label, *(str(n or "") for n in boxes(row))]))
    assert is_balanced(requests("\n".join(lines)))


# Table two -----------------------------------------------------------------------------------

PROACTIVE = "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n0\n行政规范性文件\n4\n1\n9\n"
OLD = (
    "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\n本年新制作数量\n本年新公开数量\n对外公开总数量\n规章\n1\n2\n3\n"
    "规范性文件\n4\n5\n6\n第二十条第（五）项\n信息内容\n上一年项目数量\n本年增/减\n处理决定数量\n行政许可\n7\n0\n8\n"
)
END = "三、收到和处理政府信息公开申请情况\n无。\n"


def test_boxes_that_a_program_repeats_for_each_column_of_a_span_are_one() -> None:
    band = "第二十条第（五）项\n" * 3 + "信息内容\n" + "本年处理决定数量\n" * 3
    got = values(PROACTIVE + band + "行政许可\n12\n12\n12\n" + END)
    assert got["administrative_licensing", "decisions"] == 12
    got = values(PROACTIVE + band + "行政许可\n12\n12\n13\n" + END)
    assert ("administrative_licensing", "decisions") not in got


def test_a_number_below_a_head_that_is_cut_off_is_left_out() -> None:
    """A sheet that is wider than its paper ends there, and its numbers do."""
    got = values(PROACTIVE + "第二十条第（五）项\n信息内容\n本年处理\n行政许可\n1\n" + END)
    assert ("administrative_licensing", "decisions") not in got


def test_a_head_that_holds_those_of_two_columns_is_neither() -> None:
    heads = [c.path[-1] for c in table("2021", "requests").columns]
    heads[:2] = ["自然人商业企业"]
    lines = ["| 申请人情况 | " + " | ".join(heads) + " |", "| --- |" + " --- |" * 6]
    lines += [f"| {label} | " + " | ".join(map(str, boxes(row)[1:])) + " |" for row, label in LABELS.items()]
    assert not requests("\n".join(lines))


def test_a_box_is_not_given_to_two_columns_where_the_page_ends_before_the_last_one() -> None:
    one_column = "|  | 信息内容 | 本年处理决定数量 |  |\n| --- | --- | --- | --- |\n"
    table = (
        "第二十条第（一）项\n|  | 信息内容 | 本年制发件数 | 本年废止件数 |\n| --- | --- | --- | --- |\n"
        "| 规章 |  | 0 | 0 |\n| 行政规范性文件 |  | 0 | 0 |\n"
        f"第二十条第（五）项\n{one_column}| 行政许可 |  |  | 12 |\n"
        f"第二十条第（六）项\n{one_column}| 行政处罚 |  |  | 0 |\n| 行政强制 |  |  | 0 |\n"
    )
    got = values(f"二、行政机关主动公开政府信息情况\n{table}{END}")
    assert got["normative_documents", "issued"] == 0
    assert ("normative_documents", "in_force") not in got


def test_heads_of_the_block_before_are_not_those_of_a_row() -> None:
    """A text of a page may have the heads of one block behind those of another: -1 is 增/减, not 72."""
    table = OLD.replace(
        "行政许可\n7\n0\n8\n",
        "行政许可\n7\n0\n8\n信息内容\n本年增/减\n处理决定数量\n第二十条第（六）项\n信息内容\n",
    )
    got = values(table + "上一年项目数量\n行政处罚\n72\n-1\n1486\n" + END)
    assert got["administrative_licensing", "decisions"] == 8
    assert got["administrative_penalties", "change"] == -1


def test_rows_of_table_two_behind_table_four_are_left_out() -> None:
    review = "类别\n结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n" + "".join(
        f"{label}\n0\n0\n0\n0\n0\n" for label in ("行政复议", "未经复议直接起诉", "复议后起诉")
    )
    got = values(PROACTIVE + review + "第二十条第（六）项\n信息内容\n本年处理决定数量\n行政处罚\n1\n" + END)
    assert ("administrative_penalties", "decisions") not in got
    assert got["normative_documents", "in_force"] == 9


# Several reports in one text -----------------------------------------------------------------


def whole(year: int, rows: list[str]) -> str:
    return (
        f"某县档案局{year}年政府信息公开工作年度报告\n一、总体情况\n全年公开12条。\n二、主动公开政府信息情况\n"
        "规章 0 0 0\n三、收到和处理政府信息公开申请情况\n" + HEADS + "\n".join(rows) + "\n"
        "四、政府信息公开行政复议、行政诉讼情况\n无。\n五、存在的主要问题\n无。\n六、其他需要报告的事项\n无。\n"
    )


def test_each_of_two_reports_in_one_text_has_the_words_of_its_own_lines() -> None:
    """Labels that go over two lines need the words with their places."""
    broken = "（二）部分公开（区分处理的，只计这一 {}\n情形，不计其他情形）"
    rows = [
        (broken.format(printed(row)) if row == "partially_granted" else f"{label} {printed(row)}")
        for row, label in LABELS.items()
    ]
    noughts = [row.replace(printed("granted"), "0 0 0 0 0 0 0") for row in rows]
    first, second = reports(whole(2023, rows) + whole(2022, noughts))
    granted = [
        [f.value for f in r.facts if f.field.row.id == "granted" and f.field.column.id == "total"]
        for r in (first, second)
    ]
    assert ([r.year for r in (first, second)], granted) == ([2023, 2022], [[5], [0]])


def test_the_head_of_each_page_is_no_title_of_another_report() -> None:
    head = "第1页 共3页\n政府信息公开年报\n"
    band = "第二十条第（五）项\n信息内容\n本年处理决定数量\n行政许可\n12\n"
    got = values(head + PROACTIVE + head + band + END)
    assert got["administrative_licensing", "decisions"] == 12
