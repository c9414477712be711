"""Lines of Markdown → lines without marks, and tables of bars as Grids.

Programs that write or convert reports leave such marks: # before headings, ** around words, and
tables as `| a | b |` with a line of dashes below the first row (GitHub's Markdown).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from gongkai.model import Cell, Grid, Place

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*$")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(?P<text>[^*_\n]+?)(?<=\S)\1")
#: A cell of the line of dashes. A lone dash may be a placeholder, so it needs a colon beside it.
_DASH_CELL = r"\s*(?::?-{2,}:?|:-:?|-:)\s*"
_DASHES = re.compile(rf"^\s*\|?{_DASH_CELL}(?:\|{_DASH_CELL})+\|?\s*$")
#: A row with a bar at each end.
_FENCED = re.compile(r"^\s*\|(?=.*[^\s|]).*\|.*\|\s*$")
#: So many rows of that kind are a table without its line of dashes.
_LEAST_ROWS = 3
#: A row that ends in bars with nothing between them, and one that has such bars before a box.
_FILLED, _SPANNED = re.compile(r"[^|]\|{2,}\s*$"), re.compile(r"\|\|+[^|\n]*[^|\s]")
#: The bars behind a closed box that fill a row up, and so many rows that have them.
_FILL, _LEAST_FILLED = re.compile(r"\|\s+\|{2,}$"), 2
#: A single bar behind a closed box, and a character of a label.
_ONE_MORE, _WORD = re.compile(r"\|\s+\|$"), re.compile("[一-鿿]{2}")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def strip_marks(line: str) -> str:
    """A line without the marks of a heading or of bold words.

    >>> strip_marks("## 一、总体情况")
    '一、总体情况'
    """
    heading = _HEADING.match(line)
    return _STRONG.sub(r"\g<text>", heading["text"] if heading is not None else line)


def read_table(lines: Sequence[str], start: int, block: int) -> tuple[Grid, int] | None:
    """The table that begins at a line, and the number of the line behind it; None where none begins."""
    if start + 1 >= len(lines) or "|" not in lines[start]:
        return None
    dashes = _DASHES.match(lines[start + 1]) is not None
    i = start
    while i < len(lines) and (
        _BAR.search(lines[i]) if dashes and lines[i].strip() else _FENCED.match(lines[i])
    ):
        i += 1
    rows = [_split_row(line) for n, line in enumerate(lines[start:i]) if not (dashes and n == 1)]
    if not dashes and (len(rows) < _LEAST_ROWS or _is_filled_up(lines[start:i])):
        return None
    ends = {(line.lstrip().startswith("|"), line.rstrip().endswith("|")) for line in lines[start:i]}
    if len(ends) > 1:
        return None  # a box with a line break has cut its row in two
    cells = tuple(
        Cell(r, c, 1, 1, text, Place(block=block, row=r, column=c))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    # In rows of different lengths, boxes of one number need not belong to one column.
    counted = len({len(row) for row in rows}) > 1
    columns = max(len(row) for row in rows)
    return Grid(cells, len(rows), columns, Place(block=block), ruled=dashes, counted=counted), i


def drop_fill(lines: Sequence[str]) -> list[str]:
    """The lines; in tables whose rows a converter filled up with bars to one width, without those, and a bar at each end.

    行政许可 | 3 | || has two boxes of four columns: bars behind a closed box, no blank between them, are no boxes. All
    rows of such a table have as many bars, but for the last one, which may not be filled up.
    """
    result: list[str] = []
    for is_barred, run in itertools.groupby(lines, key=lambda line: "|" in line):
        own = list(run)
        result += _drop_fill_of_table([line.strip() for line in own]) or own if is_barred else own
    return result


def _drop_fill_of_table(lines: Sequence[str]) -> list[str] | None:
    """The rows without what fills them up; None where it does not show."""
    filled = [_FILL.search(line) is not None for line in lines]
    widths = {line.count("|") - line.startswith("|") for line in lines[:-1]}
    if len(widths) != 1 or sum(filled) < _LEAST_FILLED or not all(line.endswith("|") for line in lines):
        return None
    rows = ["|" + _FILL.sub("|", line).removeprefix("|") for line in lines]
    counts = {_count_values(row) for row, is_filled in zip(rows, filled, strict=True) if is_filled} - {0}
    if not counts:
        return None  # only heads are: whether a bar behind the values fills up is for those who know the form
    # one bar alone may be a blank box: it is not where the row has its boxes without it, as the others have
    return [
        row[:-1].rstrip()
        if not is_filled and {_count_values(row) - 1} == counts and _ONE_MORE.search(row)
        else row
        for row, is_filled in zip(rows, filled, strict=True)
    ]


def _count_values(row: str) -> int:
    """The boxes of a fenced row behind its last one with words; 0 where it has no others."""
    boxes = _split_row(row)
    words = [n for n, box in enumerate(boxes) if _WORD.search(box) is not None]
    return len(boxes) - 1 - words[-1] if words else 0


def _is_filled_up(lines: Sequence[str]) -> bool:
    """Whether rows end in bars with nothing between them: a page's converter writes there what spans cover, wherever it is.

    The boxes of such a table do not stand in columns; their order is all that is left.
    """
    return any(_FILLED.search(line) for line in lines) and not any(_SPANNED.search(line) for line in lines)


def _split_row(line: str) -> list[str]:
    """The boxes of a row; the bars at its ends separate nothing."""
    text = line.strip()
    text = text[1:] if text.startswith("|") else text
    text = text[:-1] if text.endswith("|") and not text.endswith("\\|") else text
    return [_BREAK.sub("\n", strip_marks(box.strip()).replace("\\|", "|")) for box in _BAR.split(text)]
