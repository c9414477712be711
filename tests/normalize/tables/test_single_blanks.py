"""Rows of text with one blank, or bars and tabs, between their boxes."""

from __future__ import annotations

from gongkai.model import Report, Source
from gongkai.pipeline import read_source

HEAD = "青石县水利局2021年政府信息公开工作年度报告\n一、总体情况\n完成。\n"


def read(text: str) -> Report:
    (report,) = read_source(Source("a.txt", (HEAD + text).encode(), "", len(text)))
    return report


def values(report: Report) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for fact in report.facts:
        assert fact.value is not None
        found.setdefault(fact.field.row.id, []).append(int(fact.value))
    return found


REQUESTS = (
    "三、收到和处理政府信息公开申请情况\n"
    "一、本年新收政府信息公开申请数量 7 1 0 0 0 0 8\n"
    "二、上年结转政府信息公开申请数量 1 0 0 0 0 0 1\n"
    "（七）总计 8 1 0 0 0 0 9\n"
    "四、结转下年度继续办理 {}\n"
    "四、政府信息公开行政复议、行政诉讼情况\n无。\n"
)


def test_a_row_with_one_blank_between_all_its_numbers_is_read() -> None:
    report = read(REQUESTS.format("0 0 0 0 0 0 0"))
    assert values(report) == {
        "new_requests": [7, 1, 0, 0, 0, 0, 8],
        "carried_in": [1, 0, 0, 0, 0, 0, 1],
        "outcomes_total": [8, 1, 0, 0, 0, 0, 9],
        "carried_out": [0] * 7,
    }
    assert [s.number for s in report.sections if s.level == 1] == ["一", "三", "四"]


def test_a_row_that_lost_a_number_is_not_read() -> None:
    assert "carried_out" not in values(read(REQUESTS.format("3 2 0 0 1 6")))


def test_bars_and_tabs_in_one_table_separate_the_same_boxes() -> None:
    report = read(
        "二、主动公开政府信息情况\n信息内容\t|\t本年制发件数\t|\t本年废止件数\t|\t现行有效件数\n"
        "规章\t3\t1\t12\n行政规范性文件|4|\t|31\n"
    )
    assert values(report) == {"regulations": [3, 1, 12], "normative_documents": [4, 0, 31]}
    assert [f.field.column.id for f in report.facts if f.blank] == ["repealed"]


def test_rows_with_one_blank_are_not_taken_for_a_text_that_lost_lines() -> None:
    rows = [f"行政许可{chr(0x4E00 + n)} {n} {n + 1} {n + 2}" for n in range(30)]
    assert "text-lost" not in [f.code for f in read("\n".join(rows)).findings]
