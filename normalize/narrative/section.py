"""Paragraphs → the six Sections and their numbered sub-sections.

Three things make a line a heading: its words, its number, and its place, which is in order and
before the table of its section. A contents page, a preface that lists the sections, and
sub-headings with a section's name each lack one of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from rapidfuzz.distance import Levenshtein

from gongkai.model import Block, Cell, Grid, Paragraph, Place, Section
from gongkai.normalize.form.label import simplify
from gongkai.normalize.form.number import is_label
from gongkai.normalize.form.radical import fold_radicals
from gongkai.normalize.narrative.leftover import clean_line
from gongkai.record import dataclass, replace
from gongkai.startup_cache import read_toml

IDS = ("overview", "proactive", "requests", "review", "problems", "other")

#: A heading's words must be this near to a known wording (0 to 1); one character in eight may differ.
NEAR = 0.84
#: Score of a heading recognised by one word and its number, and characters that it may have.
_BY_WORD, _LONGEST_HEADING = 0.7, 32
_CN = "一二三四五六七八九十"
#: The numbers that nobody can alter, as on a cheque.
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", _CN)
_FORMAL_NUMBER = re.compile(r"^\s*[壹贰叁肆伍陆柒捌玖拾]{1,2}(?=\s*[、.．])")
#: The number of a heading at the start of a line, and what stands around it.
_MARK = re.compile(
    rf"""
    ^[\#*\s【〖]*
    (?P<mark>
        [(（﹙][{_CN}\d]{{1,3}}[)）﹚]
      | 第[{_CN}](?:部分|章|节)
      | [{_CN}]{{1,2}}(?=\s*[、.．,，:：·]|\s|\D)
      | \d{{1,2}}(?=\s*[、.．,，:：)）])
    )
    \s*[、.．,，:：)）·]*[\s*]*
    """,
    re.VERBOSE,
)
#: The number of a heading inside a line.
_INLINE = re.compile(
    rf"""
      (?<![（(第{_CN}])(?P<mark>[{_CN}]|[1-6])\s*[、.．]\s*(?=\S)
    | (?<=[。；！\s])(?P<bracket>[(（][{_CN}][)）])\s*(?=\S)
    """,
    re.VERBOSE,
)
#: A line that begins with a number, after another line.
_LEVEL = re.compile(rf"\n\s*[(（﹙第]?[{_CN}\d]")
#: With so many headings in one Grid, the whole report is drawn as a table.
_WHOLE = 3
#: So many main headings 一、二、 show how the document numbers them.
_LEAST_MAIN = 2
_STOP = re.compile("[。；]")
#: What stands behind a heading's number.
_SEPARATED = re.compile(r"\s*[、.．]")
_NOT_WORD = re.compile(r"[\W_]+")
#: Lines of a table, no narrative: bars, captions, heads of its labels.
_BAR = re.compile(
    r"""
    [|\s]*
    (?: [(（]?[续附]表[一二三\d]?[)）]? | 表[一二三\d]
      | [(（]?单位[:：]\s*[件条项个万元、/，,]{1,6}[)）]?
      | 项目 | 类别 | 序号 | 编号 )?
    [|\s]*
    """,
    re.VERBOSE,
)
#: A heading's words stand among so many characters; what may stand behind them.
_READ, _BEHIND = 60, " \u3000\t\u00a0*#:：。】〗"
#: Characters that the note behind a heading has at most.
_LONGEST_NOTE = 32
_NOTE = re.compile(r"[(（](?!(?:暂|本年度?|目前)?无|没有|未|略)[^()（）。]{1,30}[)）]")
#: A number alone in a line. So many that count on from one of the first pages are page numbers.
_LONE_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_LEAST_PAGES, _FIRST_NUMBER = 2, 3
#: The rest of a heading that goes on in the next line has at most so many characters.
_LONGEST_REST = 12
_LEADER = re.compile(r"(?:[.．·…\s]{3,}|\t)\s*\d{1,3}\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of narrative. `at` is (block, row, number of the line in its block); `toc`: of a contents page."""

    text: str
    at: tuple[int, int, int]
    place: Place
    number: str = ""
    toc: bool = False


@dataclass(frozen=True, slots=True)
class HeadingCandidate:
    """A piece of a line that may be the heading of a section.

    `start` and `end` bound it in its line. `style` is how it is numbered, `value` its number.
    `whole`: nothing but the heading stands on the line.
    """

    line: int
    start: int
    end: int
    section: int
    score: float
    style: str
    value: int | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Owned:
    """A line of narrative, the section it stands in and the path of its part ("" before the first)."""

    line: Line
    section: str = ""
    path: str = ""


@cache
def _headings() -> Mapping[str, Any]:
    """The data of headings.toml."""
    return read_toml(__package__, "headings.toml")


@cache
def heading_names() -> Mapping[str, tuple[str, ...]]:
    """The keys of every wording of every section's heading."""
    return {id: tuple(_key(n) for n in _headings()[id]["names"]) for id in IDS}


@cache
def _words() -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The words that make a numbered line in its place a heading: (number of the section, words), in order."""
    data = _headings()
    return tuple((IDS.index(id), tuple(data[id]["words"])) for id in data["order"])


@cache
def _plain() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """The wordings that tell a numbered heading wherever it stands: (number of the section, pattern), in order."""
    data = _headings()
    return tuple(
        (IDS.index(id), re.compile(data[id]["plain"], re.VERBOSE))
        for id in data["order"]
        if "plain" in data[id]
    )


@cache
def _further() -> re.Pattern[str]:
    """What makes a chapter one of the report's own, though it has a word of the six."""
    return re.compile(_headings()["further"]["pattern"], re.VERBOSE)


@lru_cache(maxsize=8192)
def _key(text: str) -> str:
    return simplify(_NOT_WORD.sub("", unicodedata.normalize("NFKC", fold_radicals(text))))


@lru_cache(maxsize=4096)
def is_heading(text: str) -> bool:
    """Whether a whole line is a section's heading with its number."""
    text = fold_radicals(text)
    if _MARK.match(text) is None:  # a number inside the line makes no whole line a heading
        return False
    return any(
        c.whole and c.value is not None and c.style != "none"
        for c in _find_in_line(0, Line(text, (0, 0, 0), Place()))
    )


def is_name(text: str) -> bool:
    """Whether a whole line is a section's name, numbered or not."""
    return any(c.whole and c.score >= 1 for c in _find_in_line(0, Line(text, (0, 0, 0), Place())))


def is_first_heading(text: str) -> bool:
    """Whether a line is the heading of the first section."""
    return any(
        c.section == 0 and c.whole and c.value == 1 for c in _find_in_line(0, Line(text, (0, 0, 0), Place()))
    )


def detach_headings(block: Block) -> tuple[Block, list[tuple[int, str]]]:
    """A Grid without the headings glued to its boxes, and those headings with their rows.

    dingyuan_2019_seed.txt has heading four in the last box of table three. What stands after a
    glued heading begins a new table; in a Grid of counted columns it moves one row down.
    """
    if not isinstance(block, Grid) or not any(map(_has_glued_heading, block.cells)):
        return block, []
    glued: list[tuple[int, str]] = []
    cells = []
    down = 0
    for cell in sorted(block.cells, key=lambda c: (c.row, c.column)):
        moved = replace(cell, row=cell.row + down)
        lines = cell.text.split("\n")
        cut = _first_heading(lines)
        if cut is None:
            cells.append(moved)
            continue
        glued += [(moved.row + 1, line) for line in lines[cut:] if line.strip()]
        cells.append(replace(moved, text="\n".join(lines[:cut])))
        if block.counted:
            down += 1
    if not glued:
        return block, []
    return replace(block, cells=tuple(cells), rows=block.rows + down), glued


def _has_glued_heading(cell: Cell) -> bool:
    """Whether a line of a box behind its first is a heading; a quick look at the numbers of lines comes first."""
    return _LEVEL.search(cell.text) is not None and _first_heading(cell.text.split("\n")) is not None


def _first_heading(lines: Sequence[str]) -> int | None:
    """The first line behind the first that is a heading."""
    return next((n for n, line in enumerate(lines) if n and line.strip() and is_heading(line)), None)


def read_lines(
    blocks: Sequence[Block], glued: Mapping[int, Sequence[tuple[int, str]]], skip: frozenset[int]
) -> list[Line]:
    """The narrative of a document in reading order: paragraphs, and headings inside Grids.

    `glued` are the headings that detach_headings took off, as (row, text) by block. `skip` are blocks whose text
    belongs to a table.
    """
    result: list[Line] = []
    of_pages = _page_numbers([(i, b) for i, b in enumerate(blocks) if i not in skip])
    for i, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            if i in skip or i in of_pages or _BAR.fullmatch(block.text):
                continue
            for n, printed in enumerate(block.text.split("\n")):
                text = clean_line(_fold_number(fold_radicals(printed)))
                if text.strip() or (n == 0 and block.number):
                    number = block.number if n == 0 else ""
                    toc = block.role == "toc" or _LEADER.search(text) is not None
                    result.append(Line(text, (i, -1, n), block.place, number, toc))
            continue
        found = [(row, 1, text) for row, text in glued.get(i, ())]
        found += [(row, 0, text) for row, text in _heading_rows(block)]
        for n, (row, _, text) in enumerate(sorted(found)):
            result.append(Line(text, (i, row, n), replace(block.place, row=row)))
    return _join_headings(result)


def _fold_number(text: str) -> str:
    """A line whose number is written 壹、 with 一、."""
    return _FORMAL_NUMBER.sub(lambda hit: hit[0].translate(_FORMAL), text)


def _join_headings(lines: Sequence[Line]) -> list[Line]:
    """The lines with each heading that is broken over two lines as one: 三、收到和处理政府信息公开申/请情况."""
    result: list[Line] = []
    for line in lines:
        before = result[-1] if result else None
        if before is not None and len(line.text.strip()) <= _LONGEST_REST and _ends_heading(before, line):
            result[-1] = replace(before, text=before.text.rstrip() + line.text.strip())
        else:
            result.append(line)
    return result


def _ends_heading(before: Line, line: Line) -> bool:
    """Whether two lines are a section's name word for word, and the first alone is not."""
    mark = None if line.number else _MARK.match(before.number + before.text)
    if mark is None or before.toc or line.toc or _STOP.search(before.text + line.text):
        return False
    rest = (before.number + before.text)[mark.end() :].rstrip()
    return not _is_whole_name(rest) and _is_whole_name(rest + line.text.strip())


def _is_whole_name(text: str) -> bool:
    hit = _match_name(text)
    return hit is not None and hit[1] >= 1 and hit[2] == len(text)


def _page_numbers(blocks: Sequence[tuple[int, Block]]) -> frozenset[int]:
    """The paragraphs that are nothing but a number, where they count the pages: 1, 2, 3 or 2, 3, 4."""
    alone = [
        (i, int(b.text)) for i, b in blocks if isinstance(b, Paragraph) and _LONE_NUMBER.fullmatch(b.text)
    ]
    numbers = [number for _, number in alone]
    if len(alone) < _LEAST_PAGES or numbers != list(range(numbers[0], numbers[0] + len(alone))):
        return frozenset()
    return frozenset(i for i, _ in alone) if numbers[0] <= _FIRST_NUMBER else frozenset()


def _heading_rows(grid: Grid) -> Iterator[tuple[int, str]]:
    """Rows of a Grid that are one box with a section's heading. Of a report drawn as one table, sentences, title and end as well."""
    by_row: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.text.strip():
            by_row.setdefault(cell.row, []).append(cell.text)
    alone = {
        row: texts[0]
        for row, texts in by_row.items()
        if len(texts) == 1 and (is_label(texts[0]) or _STOP.search(texts[0]))  # “无。” is a sentence too
    }
    headings = {row for row, text in alone.items() if is_heading(text)}
    is_whole = len(headings) >= _WHOLE
    for row, text in alone.items():
        # above the first heading stands the title, behind the last one the body and the date
        is_outside = is_whole and not min(headings) < row < max(headings)
        if row in headings or is_outside or (is_whole and _STOP.search(text)):
            yield row, text


def find_headings(found: Sequence[Line], tables: Mapping[int, tuple[int, int]]) -> list[HeadingCandidate]:
    """The headings of the sections, at most one a section, in order.

    `tables` are the (block, row) at which tables begin, by the number of their section.
    """
    candidates = [
        c
        for n, line in enumerate(found)
        if not line.toc
        for c in _find_in_line(n, line) or _find_in_place(n, line)
    ]
    candidates = _drop_sub_headings(_drop_lists(candidates))
    if not candidates:
        return []
    styles = sorted({c.style for c in candidates})
    options = [_choose(found, candidates, tables, style) for style in styles]
    return max(options, key=lambda o: o[0])[1]


def _find_in_line(n: int, line: Line) -> list[HeadingCandidate]:
    """Every heading that a line may have: at its start, or further on behind a number."""
    text = line.text
    result: list[HeadingCandidate] = []
    if line.number:
        mark = _MARK.match(line.number + "、x") or _MARK.match(line.number)
        result += _find_after_mark(n, text, 0, len(text) - len(text.lstrip()), mark["mark"] if mark else "")
    else:
        mark = _MARK.match(text)
        if mark is not None:
            result += _find_after_mark(n, text, mark.start("mark"), mark.end(), mark["mark"])
        if not result:
            start = len(text) - len(text.lstrip(" \u3000\t\u00a0#*"))
            # a paragraph has more behind the name of a section than a note
            if len(text[start + _READ :].strip(_BEHIND)) <= _LONGEST_NOTE:
                result += [c for c in _find_after_mark(n, text, start, start, "") if c.whole]
    for inline in _INLINE.finditer(text):
        if inline.start() > 1 and not any(c.start <= inline.start() < c.end for c in result):
            mark_text = inline["mark"] or inline["bracket"]
            result += _find_after_mark(n, text, inline.start(), inline.end(), mark_text, inline=True)
    return result


#: What no heading has in it: a sentence, or a label of a row that is numbered like a heading.
_NO_HEADING = re.compile(r"[。；，：;,:|\t\d]|本年新收|年度?结转|(?:^|本年度?|[、.．\s])办理结果|继续办理")


_YEAR = re.compile(r"20\d\d\s*年度?")


def _find_in_place(n: int, line: Line) -> list[HeadingCandidate]:
    """A heading that headings.toml lacks, recognised by its words alone, or by one word and its number.

    七、工作中存在的问题和今后打算 tells of problems wherever it stands; 五、不足之处 does as the fifth.
    """
    text = line.number + line.text
    mark = _MARK.match(text)
    if mark is None:
        return []
    style, value = _read_mark(mark["mark"])
    rest = _YEAR.sub("", simplify(text[mark.end() :]))
    if style != "一" or not 2 <= len(rest.strip()) <= _LONGEST_HEADING or _NO_HEADING.search(rest):
        return []
    if _further().search(rest):
        return []
    section = next((s for s, pattern in _plain() if pattern.search(rest)), None)
    if section is None:
        section = next((s for s, words in _words() if any(w in rest for w in words)), None)
        if section is None or value != section + 1:
            return []
    start = 0 if line.number else mark.start("mark")
    return [HeadingCandidate(n, start, len(line.text), section, _BY_WORD, style, value, True)]


def _find_after_mark(
    n: int, text: str, start: int, after: int, mark: str, inline: bool = False
) -> list[HeadingCandidate]:
    """The candidate whose words begin at `after`, where they are a section's name."""
    rest = text[after : after + _READ]
    hit = _match_name(rest)
    if hit is None:
        return []
    section, score, length = hit
    tail = text[after + length :].strip(_BEHIND)
    whole = tail == "" or _NOTE.fullmatch(tail) is not None
    if not whole and mark and not inline and _has_more_words(text[after:], text[after + length :]):
        return [HeadingCandidate(n, start, len(text), section, score, *_read_mark(mark), True)]
    if not whole and score < 1:
        return []
    if not whole and not inline and mark == "":
        return []
    style, value = _read_mark(mark)
    if not whole and style == "(一)":  # a sub-heading with its text
        return []
    return [HeadingCandidate(n, start, after + length, section, score, style, value, whole and not inline)]


def _has_more_words(line: str, tail: str) -> bool:
    """Whether a heading has more words than its section's name (存在的主要问题以及今后打算) and no text behind it."""
    return (
        len(line) <= _LONGEST_HEADING
        and len(tail.strip()) >= 2
        and _NO_HEADING.search(line) is None
        and not re.match(r"\s|[(（]?[无暂没本我全]", tail)
    )


@lru_cache(maxsize=8192)
def _match_name(rest: str) -> tuple[int, float, int] | None:
    """The section named at the start of `rest`: (number, nearness from 0 to 1, length of the name)."""
    line = rest.split("\n")[0]
    plain = _NOTE.sub("", line)
    if plain != line and len(line) <= _LONGEST_HEADING:
        hit = _match_name(plain)
        if hit is not None and hit[2] == len(plain):  # a gloss inside the heading
            return hit[0], hit[1], len(line)
    whole = _key(line)
    number = _numbers_of_names().get(whole)
    if number is not None:
        return number, 1.0, len(line)
    for length in _lengths_of_names():
        number = _numbers_of_names().get(whole[:length]) if length < len(whole) else None
        if number is not None:
            return number, 1.0, _length_in_line(line, length)
    near, nearest = 0.0, None
    for number, name in _names_about(len(whole)):
        score = Levenshtein.normalized_similarity(whole, name, score_cutoff=NEAR)
        if score >= NEAR and score > near:
            near, nearest = score, number
    return None if nearest is None else (nearest, near, _length_in_line(line, len(whole)))


@cache
def _numbers_of_names() -> dict[str, int]:
    """The section of each name of a heading, of the same name of two sections the first one."""
    names = [(name, number) for number, id in enumerate(IDS) for name in heading_names()[id]]
    return dict(reversed(names))


@cache
def _lengths_of_names() -> list[int]:
    """How long names are that other words may stand behind, the longest first."""
    return sorted({len(name) for name in _numbers_of_names() if len(name) >= 4}, reverse=True)


@cache
def _names_about(length: int) -> list[tuple[int, str]]:
    """The names that a heading of so many characters may be with errors, and their sections, in order."""
    names = [(number, name) for number, id in enumerate(IDS) for name in heading_names()[id]]
    return [(number, name) for number, name in names if abs(length - len(name)) <= 3 and len(name) >= 5]


def _length_in_line(line: str, length: int) -> int:
    """The number of characters of `line` that make the first `length` characters of its key."""
    count = 0
    for i, c in enumerate(line):
        if count >= length:
            return i
        if _NOT_WORD.sub("", c):
            count += 1
    return len(line)


def _read_mark(mark: str) -> tuple[str, int | None]:
    """The style of a heading's number ("一", "(一)", "1", "(1)", "none") and its value."""
    folded = unicodedata.normalize("NFKC", mark).replace("﹙", "(").replace("﹚", ")")
    inner = folded.strip("()第部分章节")
    value = (
        _CN.index(inner) + 1 if inner in _CN and len(inner) == 1 else int(inner) if inner.isdigit() else None
    )
    if folded.startswith("("):
        return "(一)" if not inner.isdigit() else "(1)", value
    if not inner:
        return "none", None
    return ("1" if inner.isdigit() else "一"), value


def _drop_lists(candidates: Sequence[HeadingCandidate]) -> list[HeadingCandidate]:
    """The candidates without those of a line that names section after section, as a preface does.

    A line that holds the only headings of the document, in order, is the report on one line.
    """
    by_line: dict[int, list[HeadingCandidate]] = {}
    for c in candidates:
        by_line.setdefault(c.line, []).append(c)
    result = []
    for c in candidates:
        line = by_line[c.line]
        close = [o for o in line if o is not c and (abs(o.start - c.end) <= 4 or abs(c.start - o.end) <= 4)]
        if not (len(line) >= 3 and close) or _holds_report(line, candidates):
            result.append(c)
    return result


def _holds_report(line: Sequence[HeadingCandidate], candidates: Sequence[HeadingCandidate]) -> bool:
    """Whether numbered headings of one line stand nowhere else, from the first on and in the form's order."""
    sections = [c.section for c in sorted(line, key=lambda c: c.start)]
    others = {c.section for c in candidates if c.line != line[0].line}
    return (
        sections[0] == 0
        and sections == sorted(set(sections))
        and not others & set(sections)
        and all(c.style == "一" and c.value == c.section + 1 for c in line)
    )


def _drop_sub_headings(candidates: Sequence[HeadingCandidate]) -> list[HeadingCandidate]:
    """The candidates without sub-headings that have a section's name: (一)主动公开 below 一、总体情况.

    Where main headings are 一、 and 二、, one in brackets stands for a section only under that section's
    number, and only if no main heading names it.
    """
    main = {c.section for c in candidates if c.style == "一" and c.whole and c.value == c.section + 1}
    if len(main) < _LEAST_MAIN:
        return list(candidates)
    return [
        c
        for c in candidates
        if c.style not in ("(一)", "(1)") or (c.value == c.section + 1 and c.section not in main)
    ]


#: What the style of a heading's number adds to its worth.
_STYLE_WORTH = {"一": 2.0, "none": 0.0, "1": 0.5, "(一)": 0.0, "(1)": -1.0}


def _choose(
    found: Sequence[Line],
    candidates: Sequence[HeadingCandidate],
    tables: Mapping[int, tuple[int, int]],
    style: str,
) -> tuple[float, list[HeadingCandidate]]:
    """The best choice of headings in rising order, if main headings are numbered in `style`, and its worth."""
    worth = {c: _worth(found, c, tables, style) for c in candidates}
    chains: dict[HeadingCandidate, tuple[float, list[HeadingCandidate]]] = {}
    ordered = sorted(candidates, key=lambda c: (c.line, c.start))
    for c in ordered:
        best: tuple[float, list[HeadingCandidate]] = (0.0, [])
        for before in ordered:
            if (before.line, before.start) >= (c.line, c.start):
                break
            if before.section < c.section and chains[before][0] > best[0]:
                best = chains[before]
        chains[c] = (best[0] + worth[c], [*best[1], c])
    # Of equal chains the later one counts: a contents page has every heading before the text has it.
    score, chain = max(chains.values(), key=lambda x: (round(x[0], 6), x[1][-1].line))
    return score, chain


def _worth(
    found: Sequence[Line], c: HeadingCandidate, tables: Mapping[int, tuple[int, int]], style: str
) -> float:
    """How much speaks for a candidate: its words, its number, and its place before and behind the tables."""
    worth = 6.0 * c.score + _STYLE_WORTH[c.style] + (2.0 if c.whole else 0.0)
    if c.style == style:
        worth += 3.0
    if c.value == c.section + 1:
        worth += 2.0
    at = found[c.line].at[:2]
    for section, begin in tables.items():
        if c.section <= section and at > begin:
            worth -= 8.0
        if c.section > section and at < begin:
            worth -= 8.0
    # A sub-heading with a section's name stands before the section itself: later ones are worth a little more.
    return worth + 1e-4 * c.line * (1 if c.section < 4 else -0.01)


def cut_sections(
    found: Sequence[Line], headings: Sequence[HeadingCandidate], end: int
) -> tuple[list[Section], list[Line], list[Owned]]:
    """The Sections, the lines before the first heading (title and preface), and the lines of the sections.

    `end` is the number of the first line after the narrative: signature and date.
    """
    if not headings:
        return [], list(found), []
    result: list[Section] = []
    owned: list[Owned] = []
    first = headings[0]
    preface = list(found[: first.line])
    if found[first.line].text[: first.start].strip():
        preface.append(replace(found[first.line], text=found[first.line].text[: first.start]))
    for h, after in zip(headings, [*headings[1:], None], strict=True):
        parts, lines = _cut_section(found, h, after, end)
        result += parts
        owned += lines
    return result, preface, owned


def _cut_section(
    found: Sequence[Line], h: HeadingCandidate, after: HeadingCandidate | None, end: int
) -> tuple[list[Section], list[Owned]]:
    line = found[h.line]
    body: list[Line] = []
    last = after.line if after is not None else max(end, h.line + 1)
    head_rest = line.text[h.end :]
    if after is not None and after.line == h.line:
        head_rest = line.text[h.end : after.start]
    if head_rest.strip(" \u3000\t\u00a0:：。*#】〗"):
        body.append(replace(line, text=head_rest.lstrip(":：。 \u3000")))
    own_end = _find_further_chapter(found, h, after, last)
    further = [] if own_end == last else [Owned(line) for line in found[own_end:last]]
    body += found[h.line + 1 : own_end]
    if (
        not further
        and after is not None
        and after.line > h.line
        and found[after.line].text[: after.start].strip(" #*\u3000【〖")
    ):
        body.append(replace(found[after.line], text=found[after.line].text[: after.start], number=""))
    text = "\n".join((b.number + b.text).strip() for b in body if (b.number + b.text).strip())
    mark = _MARK.match(line.text[h.start :])
    number = line.number or (mark["mark"] if mark else "")
    heading = line.text[mark.end() + h.start if mark else h.start : h.end].strip(" #*\u3000【】〖〗")
    path = str(h.section + 1)
    top = Section(IDS[h.section], path, 1, number, heading, text, line.place)
    children, paths = _cut_parts(IDS[h.section], path, body)
    owned = [Owned(b, IDS[h.section], p) for b, p in zip(body, paths, strict=True)]
    return [top, *children], [*owned, *further]


def _find_further_chapter(
    found: Sequence[Line], h: HeadingCandidate, after: HeadingCandidate | None, last: int
) -> int:
    """The line at which a chapter that is none of the six begins below a heading, or `last`.

    It is numbered as the headings are and goes on counting: 三、收费情况 between 二、 and 四、. A number that
    begins anew counts the items of a list.
    """
    if h.value is None or h.style not in ("一", "1", "(一)"):
        return last
    for n in range(h.line + 1, last):
        text = found[n].number + found[n].text
        mark = _MARK.match(text)
        if mark is None or found[n].toc:
            continue
        if h.style != "(一)" and not _SEPARATED.match(text, mark.end("mark")):
            continue
        style, value = _read_mark(mark["mark"])
        if style != h.style or value is None:
            continue
        rest = _YEAR.sub("", text[mark.end() :]).strip()
        ends = after is None or after.style != h.style or after.value is None or after.value > value
        is_next = value == h.value + 1 and ends
        if is_next and 2 <= len(rest) <= _LONGEST_HEADING and _NO_HEADING.search(rest) is None:
            return n
        return last
    return last


_LEVELS = (
    re.compile(rf"^\s*(?P<number>[(（﹙][{_CN}]{{1,3}}[)）﹚])[、.．\s]*"),
    re.compile(r"^\s*(?P<number>\d{1,2}\s*[、.．]|[①-⑳])\s*(?!\d)"),
    re.compile(r"^\s*(?P<number>[(（]\d{1,2}[)）])[、.．\s]*"),
)


def _cut_parts(id: str, path: str, body: Sequence[Line]) -> tuple[list[Section], list[str]]:
    """The numbered parts of a section's narrative, each with its own text, and the path of every line."""
    marks: list[tuple[int, int, str, str]] = []  # line, kind, number, rest
    for n, line in enumerate(body):
        for kind, pattern in enumerate(_LEVELS):
            hit = pattern.match(line.number + line.text)
            if hit is not None:
                text = line.number + line.text
                marks.append((n, kind, hit["number"].strip(), text[hit.end() :]))
                break
    kinds = sorted({m[1] for m in marks})
    counts = [0] * len(kinds)
    paths = [path] * len(body)
    result = []
    for i, (n, kind, number, rest) in enumerate(marks):
        level = kinds.index(kind)
        counts[level] += 1
        counts[level + 1 :] = [0] * (len(kinds) - level - 1)
        until = marks[i + 1][0] if i + 1 < len(marks) else len(body)
        heading, text = _split_heading(rest)
        more = [b.text.strip() for b in body[n + 1 : until]]
        below = ".".join(str(max(c, 1)) for c in counts[: level + 1])
        full = "\n".join(t for t in [text, *more] if t)
        result.append(Section(id, f"{path}.{below}", level + 2, number, heading, full, body[n].place))
        paths[n:until] = [f"{path}.{below}"] * (until - n)
    return result, paths


def _split_heading(rest: str) -> tuple[str, str]:
    """The heading and the text of a sub-section's first line."""
    head, stop, text = rest.partition("。")
    if stop and len(head) <= 30:
        return head.strip(), text.strip()
    if len(rest) <= 40:
        return rest.strip(), ""
    return "", rest.strip()
