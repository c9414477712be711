"""The title of a report, as it is given: without the marks of a page, its year in words read."""

from __future__ import annotations

import pytest

from builders import made_grids as build
from gongkai.normalize import normalize

END = ["一、总体情况", "本机关有序开展公开。", "二、主动公开政府信息情况"]


@pytest.mark.parametrize("mark", ["Page 8 - ", "第3页 共9页 ", "# ", "* "])
def test_a_mark_of_the_page_is_no_word_of_the_title(mark: str) -> None:
    title = "青石县信访局2021年政府信息公开工作年度报告"
    (report,) = normalize(build.document(mark + title, *END, path="x.txt"))
    assert (report.title, report.org) == (title, "青石县信访局")


@pytest.mark.parametrize("said", ["无", "有效", "主动公开"])
def test_what_a_page_says_of_itself_is_no_line_of_a_title(said: str) -> None:
    """A page's 文号 and what it says stand in lines of their own, right above a title of two lines."""
    lines = ["文号", said, "青石县信访局", "2021年政府信息公开工作年度报告"]
    (report,) = normalize(build.document(*lines, *END, path="x.txt"))
    assert report.org == "青石县信访局"


@pytest.mark.parametrize("year", ["二〇二一年", "二○二一年", "二零二一年度"])
def test_a_year_in_words_is_a_year(year: str) -> None:
    (report,) = normalize(
        build.document("青石县信访局", f"{year}政府信息公开工作年度报告", *END, path="x.txt")
    )
    assert (report.year, report.org) == (2021, "青石县信访局")


def test_the_signature_has_the_county_that_the_title_lacks() -> None:
    lines = ["2018年青山镇政府信息公开工作年度报告", *END, "青石县青山镇人民政府", "2019年1月8日"]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert report.org == "青石县青山镇人民政府"


def test_the_office_of_a_zones_committee_compiles_for_it() -> None:
    lines = ["白岭高新技术产业开发区管理委员会2022年政府信息公开工作年度报告", "来源：白岭高新区管委会办公室"]
    text = "本报告由白岭高新区管委会办公室编制。"
    (report,) = normalize(build.document(*lines, text, *END, path="x.txt"))
    assert report.org == "白岭高新技术产业开发区管理委员会"


def test_the_source_of_a_page_alone_is_its_body_where_the_text_calls_itself_so() -> None:
    bare = "2022年政府信息公开工作年度报告"
    (other,) = normalize(build.document(bare, "来源：白岭县综合管理局", *END, path="x.txt"))
    assert other.org is None
    (own,) = normalize(build.document(bare, "来源：白岭县综合管理局", "我局主动公开。", *END, path="x.txt"))
    assert own.org == "白岭县综合管理局"


def test_a_zone_that_a_sentence_speaks_of_is_a_place() -> None:
    lines = ["2022年政府信息公开工作年度报告", END[0], "2022年，白岭风景区围绕生态保护开展公开。", END[2]]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert report.org is None
