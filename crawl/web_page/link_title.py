"""A link's title → whether it is a report's, and why."""

from __future__ import annotations

import re
import unicodedata

from gongkai.crawl.site import Site

# Titles of reports. “年报” and “年度报告” are enough; “工作报告” needs a year beside it, and so does a
# title that the list cut off: “2023年政府信息公开工作…”.
_SUBJECT = "信息公开"
_WORK = "(?:工作)?(?:情况)?(?:的)?"
_REPORT_TITLE = re.compile(
    rf"""
    # 政府信息公开工作年度报告, 信息公开年报
      {_SUBJECT} {_WORK} (?:年度|年) {_WORK} (?:总结)? (?:报告|报表|报)
    | {_SUBJECT} 工作? 年报
    # 2023年度政府信息公开工作报告
    | 年度 (?:政府|政务)? {_SUBJECT} {_WORK} (?:年度)? 报告
    """,
    re.VERBOSE,
)
_TITLE_WITH_YEAR = re.compile(r"信息公开(?:工作)?(?:情况|执行情况|总结)?(?:的)?报告")
_CUT_TITLE = re.compile(r"信息公开(?:工作)?(?:年度?)?(?:工作)?(?:报)?(?:…|\.\.\.?|⋯)$")
_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)|二[〇○零Ｏo0]{1,2}[〇○零一二三四五六七八九十]{1,3}年")
#: Words of titles that are about reports and name none. 办法制: of 政府办法制科.
_ABOUT = (
    *("解读", "图解", "一图", "读懂", "图说", "通知", "指南", "目录", "办法(?!制)", "规定", "制度", "规范", "模板"),
    *("样式", "格式", "填报", "培训", "会议", "部署", "召开", "印发", "报送", "要点", "方案", "评估", "考核", "通报"),
    *("问答", "申请表", "季度", "月度", "督查", "编制说明", "预告"),
)  # fmt: skip
_NO_REPORT_TITLE = re.compile("|".join(_ABOUT))
#: A heading that leads to reports: 政府信息公开年报, 2023年.
_LIST_HEADING = re.compile(
    r"(?:政府|政务|法定)?信息公开(?:工作)?(?:年度|年)(?:工作)?(?:报告|报)(?:栏目|专栏|汇总)?"
)
_YEAR_HEADING = re.compile(r"20[0-4]\d(?:年度?)?(?:年报|年度报告|报告)?")
#: Texts of links that name nothing: the title stands beside them.
_NAMELESS = re.compile(
    r"""
      (?:点击|在线|全文)? (?:下载|查看|详情|浏览|打开|阅读|附件|正文|查阅) (?:附件|全文|详情|文件|\d)*
    | pdf | word | docx? | wps | ofd | >+ | 更多
    |  # nothing at all
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: Words of the betting trade in copies of public pages on hijacked hosts.
_BETTING = (
    *(
        "体育直播",
        "备用网址",
        "博彩",
        "彩票网",
        "娱乐城",
        "投注",
        "威廉希尔",
        "365体育",
        "bet365",
        "百家乐",
        "老虎机",
    ),
    *(
        "赌场",
        "赌博",
        "雷速体育",
        "明升体育",
        "真人荷官",
        "棋牌",
        "澳门新葡京",
        "亚博",
        "皇冠体育",
        "电竞下注",
    ),
)
_BETTING_WORD = re.compile("|".join(_BETTING), re.IGNORECASE)


def fold(text: str) -> str:
    """Text as titles are compared: NFKC, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def judge_title(title: str, url: str, site: Site) -> tuple[bool, str]:
    """Whether a link with this title leads to a report, and why (not). `url` is where it leads."""
    folded = fold(title)
    for pattern in site.urls:
        if re.search(pattern, url):
            return True, f"its address fits urls: {pattern}"
    for pattern in site.skip:
        if re.search(pattern, folded):
            return False, f"skip: {pattern}"
    if site.titles:
        for pattern in site.titles:
            if re.search(pattern, folded):
                return True, f"titles: {pattern}"
        return False, "no pattern of titles fits"
    return _usual(folded)


def _usual(folded: str) -> tuple[bool, str]:
    hit = _REPORT_TITLE.search(folded)
    if hit is None and _YEAR.search(folded) is not None:
        hit = _TITLE_WITH_YEAR.search(folded) or _CUT_TITLE.search(folded)
    if hit is None:
        return False, "not the title of a report"
    against = _NO_REPORT_TITLE.search(folded)
    if against is not None:
        return False, f"“{against[0]}”: about reports, not one"
    return True, f"“{hit[0]}”"


def has_year(title: str) -> bool:
    """Whether a title names a year."""
    return _YEAR.search(fold(title)) is not None


def heads_list(title: str, site: Site) -> str:
    """Why a link with this text leads to a list of reports; "" where it does not."""
    folded = fold(title)
    for pattern in site.follow:
        if re.search(pattern, folded):
            return f"follow: {pattern}"
    if not site.titles and (_LIST_HEADING.fullmatch(folded) or _YEAR_HEADING.fullmatch(folded)):
        return "the heading of a list"
    return ""


def is_blank(text: str) -> bool:
    """Whether a link's text does not name its target: 下载, 查看."""
    return _NAMELESS.fullmatch(fold(text)) is not None


def find_betting_word(text: str) -> str:
    """The word of the betting trade in a text; "" where there is none."""
    hit = _BETTING_WORD.search(fold(text))
    return "" if hit is None else hit[0]


#: Parts of a page that differ with each request.
_COUNTER = re.compile(r"(?:浏览|点击|阅读|访问)(?:次数|量|数)?[:：]?\d*次?|今天是.{0,24}")


def strip_counters(text: str) -> str:
    """The text of a page without the counters and clocks that differ with each request."""
    return _COUNTER.sub("", fold(text))


_FORM_HEADINGS = (
    re.compile(r"总体情况"),
    re.compile(r"主动公开政府信息(?:的)?情况"),
    re.compile(r"(?:收到和)?处理政府信息公开申请(?:的)?情况"),
    re.compile(r"行政复议、?(?:提起)?行政诉讼(?:的)?情况"),
    re.compile(r"存在的?(?:主要)?问题及改进"),
    re.compile(r"(?:其他)?需要报告的事项"),
    re.compile(r"依申请公开(?:政府信息)?(?:的)?(?:办理)?情况"),
    re.compile(r"主动公开(?:政府信息)?(?:的)?情况"),
)
#: A narrative of the years before the form has no such headings, but at least this many characters.
_NARRATIVE = 400


def reads_as_report(text: str, entitled: bool) -> bool:
    """Whether a page's text is a report's.

    It is where two headings of the official form stand in it. On a page that is `entitled` as a report,
    a long text about disclosure is enough.
    """
    folded = fold(text)
    if sum(mark.search(folded) is not None for mark in _FORM_HEADINGS) >= 2 and (
        entitled or "信息公开" in folded
    ):
        return True
    return entitled and len(folded) >= _NARRATIVE and folded.count("公开") >= 3
