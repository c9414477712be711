"""Marks of Markdown in a text: taken off lines, and tables of bars made Grids.

Programs that write or convert reports leave them: # before headings, ** around words, and
tables as `| a | b |` with a line of dashes below the first row (GitHub's form of Markdown).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.model import Cell, Grid, Place

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*$")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(?P<text>[^*_\n]+?)(?<=\S)\1")
#: a lone dash may be a placeholder, so it takes a colon beside it
_RULE = r"\s*(?::?-{2,}:?|:-:?|-:)\s*"
_DASHES = re.compile(rf"^\s*\|?{_RULE}(?:\|{_RULE})+\|?\s*$")
#: A whole row in bars, one at each end: so many in a row are a table without its line of dashes.
_FENCED = re.compile(r"^\s*\|(?=.*[^\s|]).*\|.*\|\s*$")
_LEAST_ROWS = 3
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def plain(line: str) -> str:
    """A line without the marks of a heading or of strong words.

    >>> plain("## 一、总体情况")
    '一、总体情况'
    """
    heading = _HEADING.match(line)
    return _STRONG.sub(r"\g<text>", heading["text"] if heading is not None else line)


def table(lines: Sequence[str], start: int, block: int) -> tuple[Grid, int] | None:
    """The table that begins at a line, and the line behind it; None where none begins."""
    if start + 1 >= len(lines) or "|" not in lines[start]:
        return None
    dashes = _DASHES.match(lines[start + 1]) is not None
    i = start
    while i < len(lines) and (
        _BAR.search(lines[i]) if dashes and lines[i].strip() else _FENCED.match(lines[i])
    ):
        i += 1
    rows = [_boxes(line) for n, line in enumerate(lines[start:i]) if not (dashes and n == 1)]
    if not dashes and len(rows) < _LEAST_ROWS:
        return None
    ends = {(line.lstrip().startswith("|"), line.rstrip().endswith("|")) for line in lines[start:i]}
    if len(ends) > 1:
        return None  # a box was broken over lines, and with it its row
    cells = tuple(
        Cell(r, c, 1, 1, text, Place(block=block, row=r, column=c))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    # where rows differ, boxes of one number need not stand over each other
    counted = len({len(row) for row in rows}) > 1
    columns = max(len(row) for row in rows)
    return Grid(cells, len(rows), columns, Place(block=block), ruled=dashes, counted=counted), i


def _boxes(line: str) -> list[str]:
    """The boxes of a row; the bars at its ends part nothing."""
    text = line.strip()
    text = text[1:] if text.startswith("|") else text
    text = text[:-1] if text.endswith("|") and not text.endswith("\\|") else text
    return [_BREAK.sub("\n", plain(box.strip()).replace("\\|", "|")) for box in _BAR.split(text)]
