"""Whose number it is, and of which year: does a sentence speak of this body's whole year at all?

A report is for one body and one year; its text also tells of last year, of half a year, of the county
that a bureau belongs to, of the office that writes for its government. Such numbers are right beside
other ones in the tables, and say nothing against them.
"""

from __future__ import annotations

import re

#: The year that a sentence has come to speak of: the last of these before a number counts.
_OWN_YEAR = re.compile(r"(?:本年|今年|当年)(?!初)")
_OTHER_YEAR = re.compile(
    r"(?:去年|上年|上一年|前年|往年|历年|近[两三四五六七八九十]年)(?!度?末?(?:度|转入|转来)?的?结转)"
)
_SINCE = re.compile(r"(?P<when>.{0,7})以来")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)年")
#: A part of the year. 1月1日至12月31日 is all of it.
_PART = re.compile(
    r"[上下]半年|季度|[前后][一二三四五六七八九十]+个月|(?<!\d)1\s*月?\s*[-—–－~～至到]\s*(?:[2-9]|1[01])\s*月(?!\s*\d)|"
    r"(?<!\d)(?:[1-9]|1[0-2])月份(?!\s*\d)"
)
#: A part of the bodies that the report is for, or others beside them.
_OTHERS = re.compile(
    r"(?:其他|有关|相关|所属|下属|下辖|直属|各)(?:部门|单位|科室|股室|乡镇|镇街|镇(?!人民)|乡(?!镇)|街道|社区|村|县市|县区|区县|县|区|市州|地市)|"
    r"(?:市|县|区)直(?:部门|单位|机关)|垂直管理"
)
#: The office that keeps a government's reports, spoken of as a body of its own.
_OFFICE = re.compile(
    r"(?:省|市|县|区|州|旗|镇|乡|街道)?(?:人民)?政府办(?:公室|公厅)?|[党两]政办|[市县区州旗]府办"
)
_IS_OFFICE = re.compile(r"(?:办公室|办公厅|政府办|府办)$")
#: Who it was that received: the body in front of the verb (县教育局共收到).
_SUBJECT = re.compile(
    r"([一-鿿]{1,12}(?:局|委|委员会|办|厅|院|镇|乡|街道|公司|中心|政府))"
    r"(?:今年|全年|本年度?|年内|共|累计|总共|一共|合计|20\d\d年度?)*(?:收到|受理|接到|新收|接收)"
)
_OURSELVES = re.compile(r"[我本全该各](?:单位|机关|街道|.)$")
#: Characters at the end of a subject that stand in the body's name as well.
_TAIL = 3
#: An area that a sentence counts over, and what kind of area a body reports for as a whole.
_AREA = re.compile(r"全(省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?![域面])")
_REPORTS_FOR = re.compile(
    r"(省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?:(?:人民)?政府|办事处|管委会|管理委员会)?$"
)
_ALSO = {"自治区": {"区"}, "乡": {"镇"}, "镇": {"乡"}, "街道": {"镇", "乡", "区"}}


def elsewhere(said: str, org: str | None, year: int | None) -> bool:
    """Whether the number behind `said`, the sentence up to it, is another year's, a part of it, or another body's.

    >>> elsewhere("去年收到申请", "某县财政局", 2023), elsewhere("上年结转申请", "某县财政局", 2023)
    (True, False)
    >>> elsewhere("全县共收到申请", "某县财政局", 2023), elsewhere("全县共收到申请", "某县人民政府", 2023)
    (True, False)
    """
    return _other_year(said, year) or _PART.search(said) is not None or _other_body(said, org)


def _other_year(said: str, year: int | None) -> bool:
    """Whether the last year that was named is another one."""
    last = {-1: False}
    last |= {m.end(): True for m in _OTHER_YEAR.finditer(said)}
    last |= {m.end(): False for m in _OWN_YEAR.finditer(said)}
    if year is not None:
        last |= {m.end(): int(m[1]) != year for m in _YEAR.finditer(said)}
        # 2019-2023年: the last of them alone is no year of its own
        several = re.compile(rf"20[0-4]\d\s*[-—–－~～至到]\s*{year}年")
        last |= {m.end(): True for m in several.finditer(said)}
    for m in _SINCE.finditer(said):
        own = re.search(rf"(?:今年|本年|{year}年)度?$", m["when"]) is not None
        last[m.end()] = not own
    return last[max(last)]


def _other_body(said: str, org: str | None) -> bool:
    if _OTHERS.search(said):
        return True
    if org is None:
        return False
    if _OFFICE.search(said) and not _IS_OFFICE.search(org) and _OFFICE.search(org) is None:
        return True
    if any(not _is_own(m[1], org) for m in _SUBJECT.finditer(said)):
        return True
    areas = {m[1] for m in _AREA.finditer(said)}
    own = _REPORTS_FOR.search(org)
    return not areas <= ({own[1]} | _ALSO.get(own[1], set()) if own is not None else set())


def _is_own(subject: str, org: str) -> bool:
    """Whether a sentence's subject is the body itself: 我局, 县财政局 of 绩溪县财政局, 高桥镇 of 高桥镇人民政府."""
    tail = subject.replace("人民", "")[-_TAIL:]
    return _OURSELVES.search(subject) is not None or tail in org.replace("人民", "")
