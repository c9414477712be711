"""First lines and boxes → what a document is that is no annual report: explainer, notice, blank form, quarterly list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from gongkai.model import Fact, Section

#: Lines from the top that may be a title, and characters that a title may have.
_TOP, _LONGEST = 8, 70
#: A blank form has less narrative than this, in characters.
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
            r"""
              上半年|下半年|半年度?|[第]?[一二三四1-4]季度
            | (?:1|一)[-—至](?:6|六|9|九)月
            | \d{1,2}月份?[^,，。]{0,8}公开[^,，。]{0,8}(?:表|情况|月报)$
            """,
            re.VERBOSE,
        ),
    ),
    (
        "comparison",  # of several years or bodies: its numbers are not those of one report
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


def detect_other_kind(
    top: Sequence[str],
    names: Iterable[str],
    facts: Sequence[Fact],
    sections: Sequence[Section],
    org: str | None,
) -> str | None:
    """What a document is that is no report ("explainer", "notice", …), or None where it may be a report.

    `top` are its first lines, `names` its titles in the metadata. `org` is the body that it names.
    """
    lines = [_fold(t) for t in top[:_TOP]]
    titles = [t for t in lines if 4 <= len(t) <= _LONGEST and "。" not in t]
    has_title = any(_REPORT.search(t) and _kind(t) is None for t in titles)
    for text in [*titles, *map(_fold, names)]:
        kind = _kind(text)
        # Beside a report's own title, a line of another kind may be a link of the page.
        if kind is not None and not (has_title and _may_be_link(kind, text)):
            return kind
    return "blank-form" if _is_blank_form(lines, facts, sections, org) else None


def _may_be_link(kind: str, text: str) -> bool:
    return kind in ("plan", "budget") or _REPORT.search(text) is None


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _kind(text: str) -> str | None:
    for name, pattern in _KINDS:
        if pattern.search(text):
            return name
    return None


def _is_blank_form(
    lines: Sequence[str], facts: Sequence[Fact], sections: Sequence[Section], org: str | None
) -> bool:
    """Whether nobody has filled in a form: no number in any box, and no name or no narrative."""
    if not facts or any(not fact.blank for fact in facts):
        return False
    narrative = sum(len(section.text) for section in sections if section.level == 1)
    unfilled = any(map(_UNFILLED.search, lines))
    return org is None or unfilled or narrative < _LEAST_NARRATIVE
