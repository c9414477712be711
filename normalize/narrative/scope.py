"""A sentence up to a number → whether the number is this body's, and of the whole year.

A report is for one body and one year. Its text also tells of last year, of half a year, of the county
of a bureau, of the office that writes for its government. Such numbers differ from those of the
tables without contradicting them.
"""

from __future__ import annotations

import re

#: Words for a year. The last one before a number counts.
_OWN_YEAR = re.compile(r"(?:本年|今年|当年)(?!初)")
_OTHER_YEAR = re.compile(
    r"(?:去年|上年|上一年|前年|往年|历年|近[两三四五六七八九十]年)(?!度?末?(?:度|转入|转来)?的?结转)"
)
_SINCE = re.compile(r"(?P<when>.{0,7})以来")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)年")
#: A part of the year; 1月1日至12月31日 is the whole.
_PART = re.compile(
    r"""
      [上下]半年 | 季度 | [前后][一二三四五六七八九十]+个月
    | (?<!\d)1\s*月?\s*[-—–－~～至到]\s*(?:[2-9]|1[01])\s*月(?!\s*\d)
    | (?<!\d)(?:[1-9]|1[0-2])月份(?!\s*\d)
    """,
    re.VERBOSE,
)
#: A part of the bodies that the report is for, or others beside them.
_OTHERS = re.compile(
    """
      (?:其他|有关|相关|所属|下属|下辖|直属|各)
      (?:部门|单位|科室|股室|乡镇|镇街|镇(?!人民)|乡(?!镇)|街道|社区|村|县市|县区|区县|县|区|市州|地市)
    | (?:市|县|区)直(?:部门|单位|机关)
    | 垂直管理
    """,
    re.VERBOSE,
)
#: The office of a government, named as a body of its own.
_OFFICE = re.compile(
    r"(?:省|市|县|区|州|旗|镇|乡|街道)?(?:人民)?政府办(?:公室|公厅)?|[党两]政办|[市县区州旗]府办"
)
_IS_OFFICE = re.compile(r"(?:办公室|办公厅|政府办|府办)$")
#: The body in front of a verb of receiving (县教育局共收到).
_SUBJECT = re.compile(
    r"""
    ([一-鿿]{1,12}(?:局|委|委员会|办|厅|院|镇|乡|街道|公司|中心|政府))
    (?:今年|全年|本年度?|年内|共|累计|总共|一共|合计|20\d\d年度?)*
    (?:收到|受理|接到|新收|接收)
    """,
    re.VERBOSE,
)
_OURSELVES = re.compile(r"[我本全该各](?:单位|机关|街道|.)$")
#: So many last characters of a subject must stand in the body's name.
_TAIL = 3
#: The area that a number is for (全县), and the kind of area that a body's report is for.
_AREA = re.compile(r"全(省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?![域面])")
_REPORTS_FOR = re.compile(
    r"(省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?:(?:人民)?政府|办事处|管委会|管理委员会)?$"
)
_ALSO = {"自治区": {"区"}, "乡": {"镇"}, "镇": {"乡"}, "街道": {"镇", "乡", "区"}}


def tells_of_others(before: str, org: str | None, year: int | None) -> bool:
    """Whether the number after `before`, the sentence up to it, is another year's, a part of the year's or another body's.

    >>> tells_of_others("去年收到申请", "某县财政局", 2023), tells_of_others("上年结转申请", "某县财政局", 2023)
    (True, False)
    >>> tells_of_others("全县共收到申请", "某县财政局", 2023), tells_of_others("全县共收到申请", "某县人民政府", 2023)
    (True, False)
    """
    return (
        _tells_other_year(before, year) or _PART.search(before) is not None or _tells_other_body(before, org)
    )


def _tells_other_year(before: str, year: int | None) -> bool:
    """Whether the last year that the text names is another one."""
    if "年" not in before and "以来" not in before:
        return False  # every way to name one has one of them
    last = {-1: False}
    last |= {m.end(): True for m in _OTHER_YEAR.finditer(before)}
    last |= {m.end(): False for m in _OWN_YEAR.finditer(before)}
    if year is not None:
        last |= {m.end(): int(m[1]) != year for m in _YEAR.finditer(before)}
        # 2019-2023年 is several years, although it ends with this one.
        several = re.compile(rf"20[0-4]\d\s*[-—–－~～至到]\s*{year}年")
        last |= {m.end(): True for m in several.finditer(before)}
    for m in _SINCE.finditer(before):
        own = re.search(rf"(?:今年|本年|{year}年)度?$", m["when"]) is not None
        last[m.end()] = not own
    return last[max(last)]


def _tells_other_body(before: str, org: str | None) -> bool:
    """Whether the text names parts of the body, other bodies, or a wider area."""
    if _OTHERS.search(before):
        return True
    if org is None:
        return False
    if _OFFICE.search(before) and not _IS_OFFICE.search(org) and _OFFICE.search(org) is None:
        return True
    if any(not _is_own(m[1], org) for m in _SUBJECT.finditer(before)):
        return True
    areas = {m[1] for m in _AREA.finditer(before)}
    own = _REPORTS_FOR.search(org)
    return not areas <= ({own[1]} | _ALSO.get(own[1], set()) if own is not None else set())


def _is_own(subject: str, org: str) -> bool:
    """Whether a sentence's subject is the body itself: 我局, 县财政局 of 绩溪县财政局, 高桥镇 of 高桥镇人民政府."""
    tail = subject.replace("人民", "")[-_TAIL:]
    return _OURSELVES.search(subject) is not None or tail in org.replace("人民", "")
