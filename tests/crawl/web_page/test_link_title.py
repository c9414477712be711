"""Titles of reports, of what is about them, and of lists."""

from __future__ import annotations

import pytest

from gongkai.crawl.site import Site
from gongkai.crawl.web_page.link_title import find_betting_word, heads_list, judge_title, reads_as_report

ANY = Site("a", "b", ("http://a.gov.cn/",))


@pytest.mark.parametrize(
    "title",
    [
        "临江市人民政府2023年政府信息公开工作年度报告",
        "临江市教育局２０２１年度政府信息公开工作 年度报告",
        "清溪镇2012年政府信息公开工作报告",
        "2019年政府信息公开年报",
        "二〇一八年政府信息公开年度报告",
        "临江市卫健委2020年信息公开工作年度报告",
        "2016年度政府信息公开情况报告",
        "临江市政府办法制科2019年政府信息公开工作年度报告",
        "临江市规划和自然资源局2022年政府信息公开工作年…",
        "2010年度政府信息公开工作年报",
    ],
)
def test_a_title_of_a_report(title: str) -> None:
    assert judge_title(title, "http://a.gov.cn/1", ANY)[0]


@pytest.mark.parametrize(
    "title",
    [
        "《2023年政府信息公开工作年度报告》解读",
        "一图读懂2023年政府信息公开工作年度报告",
        "关于做好2023年政府信息公开工作年度报告编制工作的通知",
        "政府信息公开指南",
        "政府信息公开申请表",
        "2023年法治政府建设年度报告",
        "2023年政府工作报告",
        "2023年政府网站工作年度报表",
        "政府信息公开工作年度报告格式模板",
        "",
    ],
)
def test_no_title_of_a_report(title: str) -> None:
    taken, why = judge_title(title, "http://a.gov.cn/1", ANY)
    assert not taken and why


def test_a_sites_own_patterns_come_first() -> None:
    site = Site("a", "b", ("http://a.gov.cn/",), titles=("^年报",), skip=("草案",), urls=(r"/nb/\d+",))
    assert judge_title("年报二〇二三", "http://a.gov.cn/1", site)[0]
    assert not judge_title("2023年政府信息公开年度报告", "http://a.gov.cn/1", site)[0]
    assert not judge_title("年报（草案）", "http://a.gov.cn/1", site)[0]
    assert judge_title("任何", "http://a.gov.cn/nb/7", site) == (True, r"its address fits urls: /nb/\d+")


def test_headings_lead_to_lists_and_titles_do_not() -> None:
    assert heads_list("政府信息公开年报", ANY) and heads_list("2023年", ANY) and heads_list("2023年度", ANY)
    assert not heads_list("临江市2023年政府信息公开工作年度报告", ANY)
    assert heads_list("市直部门", Site("a", "b", (), follow=("部门",)))


def test_words_of_the_betting_trade_are_told() -> None:
    assert find_betting_word("365体育直播,365体育备用网址自然资源和规划局") == "365体育"
    assert find_betting_word("临江市体育局2023年政府信息公开工作年度报告") == ""


def test_a_page_reads_as_a_report_by_two_headings_or_as_a_long_narrative() -> None:
    assert reads_as_report("信息公开 一、总体情况 二、主动公开政府信息情况", False)
    assert not reads_as_report("一、总体情况", True)
    assert not reads_as_report("页面不存在" * 200, True)
    narrative = "我局坚持公开为常态，主动公开信息，受理依申请公开。" * 20
    assert reads_as_report(narrative, True)
    assert not reads_as_report(narrative, False)
