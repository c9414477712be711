"""The status of documents without a value."""

import pytest

from gongkai.model import Report, Source
from gongkai.pipeline import read_source

TITLE = "青石县民政局{}年政府信息公开工作年度报告\n"
WORDS = (
    "一、主动公开情况\n全年公开信息40条。\n二、依申请公开情况\n没有收到申请。\n三、复议诉讼情况\n没有发生。\n"
    "青石县民政局\n"
)


def read(text: str) -> Report:
    (report,) = read_source(Source("a.txt", text.encode(), "", len(text)))
    return report


@pytest.mark.parametrize("year", [2010, 2016, 2023])
def test_a_report_in_words_is_a_narrative_whatever_its_year(year: int) -> None:
    report = read(TITLE.format(year) + WORDS)
    assert (report.status, report.reason, report.template) == ("narrative", "", "free")
    assert (report.org, report.year) == ("青石县民政局", year)


def test_a_report_whose_tables_stand_elsewhere_is_partial() -> None:
    linked = WORDS.replace("没有收到申请。", "详见附表。")
    report = read(TITLE.format(2022) + linked)
    assert (report.status, report.reason, report.template) == ("partial", "tables-elsewhere", "2021")


def test_what_is_no_report_has_no_body_year_form_or_sections() -> None:
    report = read("青石省政府信息公开年度报告制度\n第一条 依法制定。\n第二条 应当包括：\n" + WORDS)
    assert (report.status, report.reason) == ("empty", "rule")
    assert (report.org, report.year, report.template, report.sections) == (None, None, None, ())
