"""A flattened text → Layouts: its words by bars, by tabs, by columns of characters, and in order alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from gongkai.extract.plain.box_lines import read_box_lines
from gongkai.model import Cell, Layout, Place, PlacedWord

#: The height of a line and the width of a column of characters, in units of our own.
LINE, COLUMN = 12.0, 6.0
#: Fewer lines with bars or tabs are no table.
LEAST_ROWS = 8
#: Where ruled lines are more than this share of those with bars, they close the rows.
RULED_SHARE = 0.3

_BAR = re.compile("[|│┃║｜]")
_RULE = re.compile("[\\s+\\-=:|─━═│┃║┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝┏┳┓┣╋┫┗┻┛]{6,}")
_JOINT = re.compile("[+├┣╠][-─━═]")
_PAGE_NUMBER = re.compile(r"\s*[-—－–]+\s*\d+\s*[-—－–]+\s*|\s*第\s*\d+\s*页.*")
_LONE_NUMBER = re.compile(r"\s*\d{1,3}\s*")
#: A label and seven numbers, two blanks or more before each.
_FULL_ROW = re.compile(r"\s*(?P<label>\S.*?)(?P<values>(?:\s{2,}[\d,]+){7})\s*")
#: So many such lines, with labels of so many kinds, show whether columns drift.
_LEAST_EXACT, _LEAST_LABELS = 4, 3
#: A word of a line; a date within a label is no number: 截至 12 月 31 日. A wide blank between narrow ones is a box of
#: a page in which nothing else stands.
_WORD = re.compile(r"(?:\S+\ )? \d+\ ?月\ ?\d+\ ?日 \S* | \S+ | (?<![^\ ])\u3000(?![^\ ])", re.VERBOSE)


def make_layouts(text: str) -> list[Layout]:
    """The words of a text, placed in every way that it allows."""
    lines = _read_lines(text)
    found = [
        Layout("bars", tuple(_place_between_bars(lines))),
        Layout("tabs", tuple(_place_between_tabs(lines))),
        Layout("columns", tuple(_place_in_columns(lines, _width))),
        *_make_exact_layouts(lines),
        Layout("flow", tuple(_place_in_order(lines))),
        Layout("flow", tuple(_place_box_lines(lines))),
    ]
    return [layout for layout in found if layout.words]


def _read_lines(text: str) -> list[str]:
    """The lines of a text; page numbers are blank ones, for they would be numbers of a table."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return ["" if _is_page_number(lines, i) else line.replace("\f", "") for i, line in enumerate(lines)]


def _is_page_number(lines: Sequence[str], i: int) -> bool:
    if _PAGE_NUMBER.fullmatch(lines[i]) is not None:
        return True
    following = next((line for line in lines[i + 1 : i + 3] if line.strip()), "")
    return _LONE_NUMBER.fullmatch(lines[i]) is not None and following.startswith("\f")


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: a Chinese character two."""
    return sum(1 if c < "\u2000" or "\u2500" <= c < "\u2580" else 2 for c in text)


def _word(text: str, x0: float, top: float, x1: float, bottom: float, at: Place, *, box: bool) -> PlacedWord:
    return PlacedWord(text, x0, top, x1, bottom, Cell(0, 0, 1, 1, text, at), box)


def _line_word(line: str, n: int) -> PlacedWord:
    """A line outside a table as one word."""
    return _word(line.strip(), 0.0, n * LINE, 100.0, (n + 1) * LINE, Place(row=n, column=0), box=False)


# Bars ----------------------------------------------------------------------------------------


def _place_between_bars(lines: Sequence[str]) -> list[PlacedWord]:
    """Boxes between bars, by the bars' places where ruled lines close the rows, else by their number.

    Without ruled lines a line is a row; with them a row may go over several lines.
    """
    rules = {n for n, line in enumerate(lines) if _RULE.fullmatch(line) is not None}
    barred = {n for n, line in enumerate(lines) if n not in rules and len(_BAR.findall(line)) >= 3}
    if len(barred) < LEAST_ROWS:
        return []
    is_drawn = len(rules) > RULED_SHARE * len(barred)
    words: list[PlacedWord] = []
    n = 0
    while n < len(lines):
        last = n
        if n in barred:
            while is_drawn and last + 1 in barred and _JOINT.search(lines[last + 1]) is None:
                last += 1
            words += _read_barred_row(lines, range(n, last + 1), is_drawn)
        elif n not in rules and lines[n].strip():
            words.append(_line_word(lines[n], n))
        n = last + 1
    return _join_repeated(words)


def _read_barred_row(lines: Sequence[str], numbers: range, is_drawn: bool) -> Iterator[PlacedWord]:
    boxes: dict[tuple[int, int], list[str]] = {}
    for n in numbers:
        bars = [m.start() for m in _BAR.finditer(lines[n])]
        if not is_drawn and not lines[n].lstrip().startswith(lines[n][bars[0]]):
            bars = [-1, *bars, len(lines[n])]  # nothing closes the first box and the last one
        for k, (a, b) in enumerate(itertools.pairwise(bars)):
            extent = (_width(lines[n][:a]), _width(lines[n][:b])) if is_drawn else (20 * k, 20 * k + 18)
            boxes.setdefault(extent, []).append(lines[n][a + 1 : b].strip().replace("**", ""))
    top, bottom = numbers.start * LINE, numbers.stop * LINE
    for k, ((x0, x1), parts) in enumerate(sorted(boxes.items())):
        at = Place(row=numbers.start, column=k)
        yield _word("".join(parts), x0 * COLUMN + 2, top, x1 * COLUMN - 2, bottom, at, box=True)


def _join_repeated(words: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Boxes that repeat the words of the box to their left are one box with it: converters write spans so."""
    result: list[PlacedWord] = []
    for w in words:
        last = result[-1] if result else None
        same = last is not None and last.box and w.box and (last.top, last.text) == (w.top, w.text)
        if last is not None and same and any("一" <= c <= "鿿" for c in w.text):
            result[-1] = replace(last, x1=w.x1)
        else:
            result.append(w)
    return result


# Tabs, columns, order ------------------------------------------------------------------------


def _place_between_tabs(lines: Sequence[str]) -> list[PlacedWord]:
    if sum("\t" in line for line in lines) < LEAST_ROWS:
        return []
    words: list[PlacedWord] = []
    for n, line in enumerate(lines):
        parts = line.split("\t")
        if len(parts) == 1:
            words += [_line_word(line, n)] if line.strip() else []
            continue
        top, bottom = n * LINE, (n + 1) * LINE
        words += [
            _word(t.strip(), k * 100.0 + 2, top, k * 100.0 + 98, bottom, Place(row=n, column=k), box=True)
            for k, t in enumerate(parts)
        ]
    return words


def _place_in_columns(lines: Sequence[str], width: Callable[[str], int]) -> Iterator[PlacedWord]:
    for n, line in enumerate(lines):
        x1 = end = 0
        for k, m in enumerate(_WORD.finditer(line)):
            x0 = x1 + width(line[end : m.start()])  # from the word before: a line may have thousands of words
            x1, end = x0 + width(m[0]), m.end()
            at = Place(row=n, column=k)
            text = m[0].strip()
            yield _word(text, x0 * COLUMN, n * LINE, x1 * COLUMN, (n + 1) * LINE, at, box=not text)


def _make_exact_layouts(lines: Sequence[str]) -> Iterator[Layout]:
    """The words as points where the columns of the text do not drift: seven numbers stand in the same places in many lines.

    Programs pad boxes to as many characters, or to as many places of a screen. The labels before the numbers must differ in
    both, or nothing is shown.
    """
    for width in (_width, len):
        if _are_columns_exact(lines, width):
            yield Layout("points", tuple(_place_in_columns(lines, width)))


def _are_columns_exact(lines: Sequence[str], width: Callable[[str], int]) -> bool:
    rows: list[list[tuple[int, int]]] = []
    labels: set[tuple[int, int]] = set()
    for line in lines:
        m = _FULL_ROW.fullmatch(line)
        if m is None:
            continue
        numbers = [n.span() for n in re.finditer(r"\S+", line[m.start("values") :])]
        start = m.start("values")
        rows.append([(width(line[: start + a]), width(line[: start + b])) for a, b in numbers])
        labels.add((_width(m["label"]), len(m["label"])))
    if len(rows) < _LEAST_EXACT or len({places - count for places, count in labels}) < _LEAST_LABELS:
        return False
    return all(_are_aligned(column) for column in zip(*rows, strict=True))


def _are_aligned(column: Sequence[tuple[int, int]]) -> bool:
    """Whether numbers begin at one place, or end at one, or have their middles there."""
    firsts, lasts, middles = {a for a, _ in column}, {b for _, b in column}, [a + b for a, b in column]
    return len(firsts) == 1 or len(lasts) == 1 or max(middles) - min(middles) <= 1


def _place_in_order(lines: Sequence[str]) -> Iterator[PlacedWord]:
    count = 0
    for n, line in enumerate(lines):
        for k, m in enumerate(_WORD.finditer(line)):
            text = m[0].strip()
            at = Place(row=n, column=k)
            yield _word(text, 0.0, count * LINE, 10.0, (count + 1) * LINE, at, box=not text)
            count += 1


def _place_box_lines(lines: Sequence[str]) -> Iterator[PlacedWord]:
    """Each line a word, and a blank box for each empty line that is one."""
    for count, (n, text) in enumerate(read_box_lines(lines) or ()):
        y = count * LINE
        at = Place(row=n, column=0)
        yield _word(text.strip(), 0.0, y, 10.0, y + LINE, at, box=not text.strip())
