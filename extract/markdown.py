"""Lines of Markdown → lines without marks, and tables of bars as Grids.

Programs that write or convert reports leave such marks: # before headings, ** around words, and
tables as `| a | b |` with a line of dashes below the first row (GitHub's Markdown).
"""

from __future__ import annotations

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
