"""Is this document a report at all? Explainers, notices, blank forms and quarterly lists are not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from gongkai.model import Fact, Section

#: Lines from the top among which a document says what it is, and the longest such line.
_TOP, _LONGEST = 8, 70
#: Narrative shorter than this, in characters, is what a blank form has.
_LEAST_NARRATIVE = 40

_KINDS = (
    (
        "explainer",
        re.compile(
            r"文字解读|图解|一图读懂|图文解读|政策解读|(?:年度报告|年报)的?解读|^解读[:：]|[】\])）]?解读$"
        ),
    ),
    (
        "notice",
        re.compile(
            r"(?:关于|印发).{0,60}(?:通知|的函|意见|方案)[)）]?$|填报(?:说明|指南)|编制(?:说明|指南|要求)$"
        ),
    ),
    (
        "part-year",
        re.compile(
            r"上半年|下半年|半年度?|[第]?[一二三四1-4]季度|(?:1|一)[-—至](?:6|六|9|九)月|\d{1,2}月份?[^,，。]{0,8}公开[^,，。]{0,8}(?:表|情况|月报)$"
        ),
    ),
    (
        "comparison",  # of several years or bodies, as programs print it: none of its numbers is of one report
        re.compile(
            r"(?:年度?报告|年报|工作报告)(?:文本|内容|数据|差异)*(?:比对|对比)(?:$|报告|分析|结果|表)"
        ),
    ),
    ("summary", re.compile(r"^[^,，。]{0,24}20\d\d年度?依申请公开[^,，。]{0,10}(?:情况|表|总结|报告)$")),
    ("budget", re.compile(r"(?:部门|单位|财政)?(?:预算|决算|预决算)(?:公开|报告|说明|情况)")),
    ("plan", re.compile(r"工作要点|工作计划|实施方案|公开指南|公开目录|考核|评估报告")),
)
_REPORT = re.compile(r"年度?(?:工作)?报告|年报|工作报告")
_UNFILLED = re.compile(r"[×xX＿_]{2,}|[（(](?:单位|机关|行政机关)名称[)）]|[○〇]{2,}")


def not_a_report(
    top: Sequence[str],
    names: Iterable[str],
    facts: Sequence[Fact],
    sections: Sequence[Section],
    org: str | None,
) -> str | None:
    """Why a document is no report ("explainer", "notice", …), or None where it may be one.

    `top` are its first lines, `names` what the file and its page call it.
    """
    lines = [_fold(t) for t in top[:_TOP]]
    titles = [t for t in lines if 4 <= len(t) <= _LONGEST and "。" not in t]
    plain = any(_REPORT.search(t) and not _kind(t) for t in titles)
    for text in [*titles, *(_fold(n) for n in names)]:
        kind = _kind(text)
        if (
            kind is not None
            and (_REPORT.search(text) or not plain)
            and not (plain and kind in ("plan", "budget"))
        ):
            return kind
    return _blank_form(lines, facts, sections, org)


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _kind(text: str) -> str | None:
    for name, pattern in _KINDS:
        if pattern.search(text):
            return name
    return None


def _blank_form(
    lines: Sequence[str], facts: Sequence[Fact], sections: Sequence[Section], org: str | None
) -> str | None:
    """A form that nobody has filled in: no number in any box, and nobody's name or no narrative."""
    if not facts or any(not f.blank for f in facts):
        return None
    narrative = sum(len(s.text) for s in sections if s.level == 1)
    unfilled = any(_UNFILLED.search(t) for t in lines)
    return "blank-form" if org is None or unfilled or narrative < _LEAST_NARRATIVE else None
