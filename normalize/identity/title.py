"""First lines, metadata and file name → the title of a report, and the body that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from gongkai.normalize.identity.evidence import HEAD, fold_line, metadata_titles, publisher_pattern
from gongkai.normalize.identity.organ_name import check_name, drop_years, ends_as_organ, names_nobody

#: Characters that a title may have.
_LONGEST = 80
#: A page that lists reports of so many years in a row lists others than this one.
_LISTED_YEARS = 3
#: Lines from the top in which a title may have lost its line break.
_UNBROKEN = 3

#: What a title calls a report.
_REPORT = re.compile(
    """
      (?:政府|政务|政務)?信息公开(?:工作)?(?:情况)?(?:的)?年度?(?:工作)?(?:报告|年报)
    | (?:信息公开|政务公开)(?:工作)?(?:的)?(?:年度?报告|年报|工作报告)
    | 信息公开工作(?:年度)?(?:报告|年报) | 信息公开工作的年度报告
    | 年度工作报告
    | 政府信息公开(?:工作)?(?:情况)?统计(?:报)?表
    """,
    re.VERBOSE,
)
#: A year of a report, alone or before 年.
YEAR = re.compile(r"(?<!\d)(20[0-4]\d)\s*(?:年度|年|—|-)?")
_YEAR_LINE = re.compile(r"[(（]?20\d\d年?(?:度)?[)）]?")
#: What a page's table of its own data prints before a title: 名称:, 索引号|.
_CAPTION = re.compile(
    r"""
      ^(?:(?:文件|信息|公文)?(?:名称|标题|题名|下载)|索引号|发?文号|关键[字词]|主题词?)
       (?:[:：|]|(?=[^:：|]{2,30}20\d\d年))
    | ^(?:文号|关键[字词])[:：|]
    """,
    re.VERBOSE,
)
#: How the text goes on behind a title whose line break was lost.
_TEXT_BEGINS = re.compile(r"20\d\d年|根据|为|按照|依据|一、")


def is_title(text: str) -> bool:
    """Whether a line is the title of a report."""
    return _is_title(fold_line(text))


@lru_cache(maxsize=256)
def _is_title(text: str) -> bool:
    return (
        len(text) <= _LONGEST and _REPORT.search(text) is not None and "。" not in text and "《" not in text
    )


def find_title(preface: Sequence[str], metadata: Sequence[tuple[str, str]]) -> str | None:
    """The report's title, its lines put together: body, year and kind may each have their own.

    `preface` are folded lines. The first title with the most of body and year counts.
    """
    lines = _drop_lists([_CAPTION.sub("", line) for line in preface[:HEAD]])
    unbroken = _cut_unbroken(lines)
    titles = [] if unbroken is None else [(1, unbroken)]
    for n, line in enumerate(lines):
        if _is_title(line) and line.count("|") < 2:  # else a row of the page's own table
            whole = _join_lines(lines, n)
            titles.append((_rank(whole), whole))
    if titles:
        return max(titles, key=lambda title: title[0])[1]
    return next(filter(_is_title, map(fold_line, metadata_titles(metadata))), None)


def _drop_lists(lines: Sequence[str]) -> list[str]:
    """The lines without runs of titles, which are a page's list of other reports."""
    result: list[str] = []
    run: list[str] = []
    for line in [*lines, ""]:
        if _is_title(line) and YEAR.search(line):
            run.append(line)
            continue
        if len({year for title in run for year in YEAR.findall(title)}) < _LISTED_YEARS:
            result += run
        run = []
        result.append(line)
    return result[:-1]


def _cut_unbroken(lines: Sequence[str]) -> str | None:
    """A title whose line break was lost: …年度报告2023年，国家…"""
    for line in lines[:_UNBROKEN]:
        hit = _REPORT.search(line[:_LONGEST])
        if hit is None or len(line) <= _LONGEST or not _TEXT_BEGINS.match(line, hit.end()):
            continue
        title = line[: hit.end()]
        if not re.search(r"[，。《：]", title):
            return title
    return None


def _join_lines(lines: Sequence[str], n: int) -> str:
    """The title of line `n` with the body on the line before it and the year on the line after it."""
    title = lines[n]
    before = lines[n - 1] if n else ""
    if begins_title(before) and (organ_in_title(title) is None or not YEAR.search(title)):
        title = before + title
    after = lines[n + 1] if n + 1 < len(lines) else ""
    return title + after if _YEAR_LINE.fullmatch(after) else title


def _rank(title: str) -> int:
    """How much a title tells: a body counts for more than a year."""
    return (organ_in_title(title) is not None) * 2 + (YEAR.search(title) is not None)


def begins_title(line: str) -> bool:
    """Whether a folded line may be the first line of a title: a body, or a body and a year."""
    name = drop_years(line)
    return (
        2 <= len(name) <= 30
        and not publisher_pattern().search(line)
        and ends_as_organ(name)
        and not names_nobody(name)
        and not re.search(r"[，。：:；]", line)
    )


def organ_in_title(title: str) -> str | None:
    """The body that a folded title names."""
    text = drop_years(title)
    hit = _REPORT.search(text)
    if hit is None:
        return None
    name = re.sub(r"^(?:附件\d*[:：]?|关于)", "", text[: hit.start()])
    name = re.sub(r"(?:关于|年度|的|工作|20\d\d)+$", "", name).strip('《》“”"-—_·.、:：()（）')
    name = re.split(r"[:：|>]", re.sub(r"^.*?[〕\]]\d+号", "", name))[-1]
    return None if name == "政府" else check_name(name)


def title_of_file(path: str) -> str:
    """What a file's name says, folded: without folders, ending and the codes in front of it."""
    name = path.replace("\\", "/").rpartition("/")[2]
    name = re.sub(r"^[A-Za-z0-9_\-. ]+(?=[一-鿿])(?!年)", "", name.rpartition("!")[2])
    return fold_line(re.sub(r"\.[A-Za-z]{2,6}$", "", name))
