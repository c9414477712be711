"""First lines, metadata and file name → the title of a report, and the body that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from gongkai.normalize.identity.evidence import HEAD, fold_line, metadata_titles
from gongkai.normalize.identity.grammar import Name, lexicon, parse_name

#: Characters that a title may have, and a line of one that is broken; lines that one may be broken into.
_LONGEST, _LONGEST_LINE, _MOST_LINES = 80, 45, 4
#: A page that lists reports of so many years in a row lists others than this one.
_LISTED_YEARS = 3
#: Lines from the top in which a title may have lost its line break.
_UNBROKEN = 3
#: A name over a break is one where it costs no more than this above the name without the first line.
_DEARER = 0.35

#: What a title calls a report.
REPORT = re.compile(
    r"""
      (?:政府|政务|政務)?信息(?:和政务)?公开(?:工作)?(?:情况)?(?:的)?[(（〔]?(?:20\d\d)?(?:年度?)?[)）〕]?
      (?:年度?)?(?:工作)?(?:情况)?(?:的)?(?:报告|年报)
    | (?:政府)?(?:信息公开|政务公开)(?:工作)?(?:情况)?(?:的)?(?:年度?报告|年报|工作报告)
    | 年度工作报告
    | 政府信息公开(?:工作)?(?:情况)?统计(?:报)?表
    """,
    re.VERBOSE,
)
#: A year of a report, alone or before 年.
YEAR = re.compile(r"(?<!\d)(20[0-4]\d)\s*(?:年度|年|—|-)?")
#: The same with its brackets, as it is cut out of a title: 2023年度, (2023年), 〔2023〕.
_YEAR_IN_NAME = re.compile(r"[(（〔\[]?(?<!\d)20[0-4]\d(?!\d)\s*(?:年度|年)?[)）〕\]]?")
#: The body's own subject said again behind the year: 海关总署2010年海关, 青石县环境保护局2012年环境.
_TOPIC_AGAIN = re.compile("^(?P<body>.*(?P<topic>[一-鿿]{2,4}).*)20[0-4]\\d年度?(?P=topic)$")
_YEAR_LINE = re.compile(r"[(（]?20\d\d年?(?:度)?[)）]?")
#: What a page's table of its own data prints before a title: 名称:, 索引号|.
_CAPTION = re.compile(
    r"""
      ^(?:(?:文件|信息|公文|文章)?(?:名称|标题|题名|下载)|索引号|发?文号|关键[字词]|主题词?)
       (?:[:：|]|(?=[^:：|]{2,30}20\d\d年))
    | ^(?:文号|关键[字词])[:：|]
    """,
    re.VERBOSE,
)
#: What stands before a title on its line: #, *, Page 8 -, 第8页, 附件1:
_MARKS_BEFORE = re.compile(
    r"^(?:[#*>•·\-—_]|Page\d+[-—]?|P\.\d+|第\d+页|附件?\d*[:：.]|附件\d)+", re.IGNORECASE
)
#: Of these, what is a mark of the page and no word of the title.
_PAGE_MARK = re.compile(r"^(?:[#*>•·]|Page\d+[-—]?|P\.\d+|第\d+页(?:共\d+页)?)+", re.IGNORECASE)
_WORDS_BEFORE = re.compile(r"^(?:年(?!报|度报)度?(?=...)|关于印发|关于公布|关于|现公布|现将|年度|印发)+")
_WORDS_BEHIND = re.compile(r"(?:关于|上年度|年度|的)+$")
#: Where a title begins behind something else: a site's name, a document number, the title of a notice.
_PARTED = re.compile(r"[|>_]|(?<=[一-鿿])[-—]+(?=[一-鿿])|[:：,，。;；》](?=.)|《|[〕\]]\d+号")
_BODY_BEHIND = re.compile(r"[(\[（]([^()\[\]（）]{3,30})[)\]）]")
#: How the text goes on behind a title whose line break was lost.
_TEXT_BEGINS = re.compile(r"20\d\d年|根据|为|按照|依据|一、")
#: What a page says of itself in a line of its own, without the word before it: no number of a letter, in force, public.
_OF_THE_PAGE = re.compile("(?:暂?无|空|是|否|(?:现行)?有效|(?:主动)?公开|其[他它])")
_BRANCH = re.compile(".{0,8}(?:分局|支局|大队|支队)")


class Title(NamedTuple):
    """A title with its lines put together, and the body that it names.

    `apart` says that the body stands alone on the first of several lines, which may be a banner of the page.
    `first` and `last` are the numbers of its lines, `parts` those lines.
    """

    text: str
    name: Name | None
    apart: bool
    parts: tuple[str, ...]
    first: int
    last: int


def is_title(text: str) -> bool:
    """Whether a line is the title of a report."""
    return _is_title(fold_line(text))


@lru_cache(maxsize=256)
def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST and REPORT.search(text) is not None and "。" not in text and "《" not in text


def find_title(preface: Sequence[str], metadata: Sequence[tuple[str, str]]) -> str | None:
    """The report's title, its lines put together: body, year and kind may each have their own.

    `preface` are folded lines. The first title with the most of body and year counts.
    """
    lines = title_lines(preface)
    unbroken = _cut_unbroken(lines)
    titles = [] if unbroken is None else [unbroken]
    titles += [_add_year_line(title, lines) for title in find_titles(lines)]
    if titles:
        return _PAGE_MARK.sub("", max(titles, key=_rank))
    return next(filter(_is_title, map(fold_line, metadata_titles(metadata))), None)


def title_lines(preface: Sequence[str]) -> list[str]:
    """The first lines of a document without captions and without lists of other reports."""
    return _drop_lists([_CAPTION.sub("", line) for line in preface[:HEAD]])


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
        hit = REPORT.search(line[:_LONGEST])
        if hit is None or len(line) <= _LONGEST or not _TEXT_BEGINS.match(line, hit.end()):
            continue
        title = line[: hit.end()]
        if not re.search(r"[，。《：]", title):
            return title
    return None


def _add_year_line(title: Title, lines: Sequence[str]) -> str:
    """A title with the year that stands alone on the line behind it, or with a line that is only its year before it."""
    after = lines[title.last + 1] if title.last + 1 < len(lines) else ""
    return title.text + after if _YEAR_LINE.fullmatch(after) else title.text


def _rank(title: str) -> int:
    """How much a title tells: a body counts for more than a year."""
    return (name_in_title(title) is not None) * 2 + (YEAR.search(title) is not None)


def find_titles(lines: Sequence[str]) -> tuple[Title, ...]:
    """The titles among folded lines, each over one line or several. A broken title replaces that of its later lines."""
    found: list[Title] = []
    for n in range(len(lines)):
        longest = next(filter(None, (_join(lines, n, k) for k in range(_MOST_LINES, 1, -1))), None)
        if longest is not None:
            found.append(longest)
        if _is_title(lines[n]) and lines[n].count("|") < 2:  # else a row of the page's own table
            found.append(Title(lines[n], name_in_title(lines[n]), False, (lines[n],), n, n))
    broken = {
        n for title in found if title.first < title.last for n in range(title.first + 1, title.last + 1)
    }
    return tuple(title for title in found if title.first not in broken)


def _join(lines: Sequence[str], n: int, count: int) -> Title | None:
    """The title that `count` lines from `n` on are together, or None where they are none."""
    parts = lines[n : n + count]
    if (
        len(parts) < count
        or _OF_THE_PAGE.fullmatch(parts[0])
        or any(len(p) > _LONGEST_LINE or not p or re.search("[。:：;；|《》]", p) for p in parts)
    ):
        return None
    whole, before = "".join(parts), "".join(parts[:-1])
    hit = REPORT.search(whole)
    if hit is None or len(whole) > _LONGEST or hit.end() <= len(before) or REPORT.search(before):
        return None
    name, own = name_in_title(whole), name_in_title("".join(parts[1:]))
    if name is None:
        # a title without a body that breaks inside 信息公开|年度报告, its first line nothing but a year
        only_year = _YEAR_IN_NAME.sub("", whole[: hit.start()]) == ""
        if not only_year or (
            REPORT.search(parts[-1]) is not None and hit.start() >= len(before) and count > 2
        ):
            return None
        return Title(whole, None, False, tuple(parts), n, n + count - 1)
    first = parse_name(_YEAR_IN_NAME.sub("", _trim_marks(parts[0])))
    if own is not None and not own.bare and not _completes(name, own, first):
        return None
    apart = first is not None and first.text == name.text and YEAR.search(parts[0]) is None
    return Title(whole, name, apart, tuple(parts), n, n + count - 1)


def _completes(name: Name, own: Name, first: Name | None) -> bool:
    """Whether the first line belongs to the name that the later lines have by themselves.

    It does not where it is a body of its own: a banner of the page.
    """
    if not name.text.endswith(own.text) or name.text == own.text:
        return False
    if first is None:
        return name.cost <= own.cost + _DEARER
    return not first.organ or first.text in lexicon().centre or _BRANCH.fullmatch(own.text) is not None


@lru_cache(maxsize=4096)
def name_in_title(title: str) -> Name | None:
    """The body that a folded title names: what stands before year and report, or in brackets behind, as a whole."""
    text = _trim_marks(title)
    hit = REPORT.search(text)
    if hit is None:
        return None
    behind = REPORT.search(text, hit.end())  # a page's column, 政府信息公开年报, before the title
    if behind is not None and (name := parse_name(_clean_head(text[hit.end() : behind.start()]))) is not None:
        return name
    head = text[: hit.start()]
    for piece in dict.fromkeys((head, _PARTED.split(head)[-1])):
        if (name := parse_name(_clean_head(piece))) is not None:
            return name
    behind = _BODY_BEHIND.match(text, hit.end())
    return None if behind is None else parse_name(_YEAR_IN_NAME.sub("", behind[1]))


def head_of_title(title: str) -> str:
    """What stands in the place of a body's name in a title, a name or not."""
    text = _trim_marks(title)
    hit = REPORT.search(text)
    return "" if hit is None else _clean_head(_PARTED.split(text[: hit.start()])[-1])


def _clean_head(text: str) -> str:
    head = _YEAR_IN_NAME.sub("", _TOPIC_AGAIN.sub(r"\g<body>", text))
    return _trim_marks(_WORDS_BEHIND.sub("", _WORDS_BEFORE.sub("", head)))


def _trim_marks(text: str) -> str:
    return _CAPTION.sub("", _MARKS_BEFORE.sub("", text)).strip("《》“”\"'|-—_·.、 ")


def drop_years(text: str) -> str:
    """A title or a name without its years."""
    return _YEAR_IN_NAME.sub("", text)


def trim_name(text: str) -> str:
    """A line that may be a name without years and the marks of a page."""
    return _trim_marks(drop_years(text))


def title_of_file(path: str) -> str:
    """What a file's name says, folded: without folders, ending and the codes in front of it."""
    name = path.replace("\\", "/").rpartition("/")[2]
    name = re.sub(r"^[A-Za-z0-9_\-. ]+(?=[一-鿿])(?!年)", "", name.rpartition("!")[2])
    return fold_line(re.sub(r"\.[A-Za-z]{2,6}$", "", name))


def titles_of_pages(metadata: Sequence[tuple[str, str]]) -> Iterator[tuple[bool, str]]:
    """The parts of the titles that a page or a file gives itself, and whether each is that of a report."""
    for title in metadata_titles(metadata):
        words = list(map(fold_line, title.split()))
        apart = any(name_in_title(word) is not None for word in words)  # else a blank may stand inside a name
        for part in re.split(r"[-_—|>]+", "|".join(words) if apart else fold_line(title)):
            yield REPORT.search(part) is not None, part
