"""What a sheet of a workbook shows, box by box → its blocks: the table as a Grid, lines before and behind it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.model import Block, Cell, Grid, Limits, Paragraph, Place, TooLarge, drop_unread, mark_unread

#: Rows and columns of a merged box: the first of each and the last.
Merge = tuple[int, int, int, int]
#: Boxes under one drawing, at the most: what covers more is the ground of the sheet.
_MOST_COVERED = 400
#: A text of so many characters in a row of its own is a sentence; the form's labels have at most half as many.
_SENTENCE = 70
#: Merged boxes of one sheet, at the most: each is held against all others.
_MOST_MERGES = 5_000


@dataclass(slots=True)
class SheetCells:
    """A sheet while it is read: texts by row and column, from 0; merged boxes; rows and columns that nobody sees."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def mark_covered(self, boxes: Merge, what: str) -> None:
        """Adds a mark of what is drawn over some boxes to each of them."""
        top, left, bottom, right = boxes
        if (bottom - top + 1) * (right - left + 1) <= _MOST_COVERED:
            for at in ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)):
                self.texts[at] = self.texts.get(at, "") + mark_unread(what)


def lay_out_sheet(sheet: SheetCells, first: int, limits: Limits) -> list[Block]:
    """The tables of a sheet as Grids; lines with one filled box before, between and behind them are paragraphs.

    `first` is the number of the next block. Raises TooLarge.
    """
    if len(sheet.merges) > _MOST_MERGES:
        raise TooLarge(f"a sheet of {len(sheet.merges):,} merged boxes; the limit is {_MOST_MERGES:,}")
    seen = _drop_hidden(sheet)
    last_row = max((r for r, _ in seen.texts), default=-1)
    last_column = max((c for _, c in seen.texts), default=-1)
    if (last_row + 1) * (last_column + 1) > limits.cells:
        raise TooLarge(
            f"a sheet of {last_row + 1:,} × {last_column + 1:,} boxes; the limit is {limits.cells:,}"
        )
    rows = [[seen.texts.get((r, c), "") for c in range(last_column + 1)] for r in range(last_row + 1)]
    blocks: list[Block] = []
    at = 0
    for begin, end in _find_tables(rows):
        _add_paragraphs(rows[at:begin], first, blocks)
        blocks.append(_build_grid(rows, seen.merges, begin, end, first + len(blocks)))
        at = end
    _add_paragraphs(rows[at:], first, blocks)
    return blocks


def _find_tables(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """The first row of each table and the one behind its last.

    A table begins with a row of two filled boxes, and goes on over rows of one, which may be blank but for their labels,
    up to a sentence: a report on one sheet has its narrative between its tables.
    """
    tables: list[tuple[int, int]] = []
    begin: int | None = None
    end = 0
    for i, row in enumerate(rows):
        filled = [t for t in row if t.strip()]
        if len(filled) >= 2:
            begin = i if begin is None else begin
            end = i + 1
        elif begin is not None and filled and len(filled[0]) >= _SENTENCE:
            tables.append((begin, i))
            begin = None
    return tables if begin is None else [*tables, (begin, end)]


def _drop_hidden(sheet: SheetCells) -> SheetCells:
    """The sheet without hidden rows and columns; a merged box is as large as what is seen of it."""
    merges = _drop_overlaps(sheet.merges)
    texts = _drop_covered(sheet.texts, merges)
    if not sheet.hidden_rows and not sheet.hidden_columns:
        return SheetCells(texts, merges)
    seen = SheetCells()
    row_of, column_of = _count_seen(sheet.hidden_rows), _count_seen(sheet.hidden_columns)
    moved: set[tuple[int, int]] = set()
    for r0, c0, r1, c1 in merges:
        rows = [r for r in range(r0, r1 + 1) if r not in sheet.hidden_rows]
        columns = [c for c in range(c0, c1 + 1) if c not in sheet.hidden_columns]
        moved.add((r0, c0))
        if rows and columns:
            corner = (row_of(rows[0]), column_of(columns[0]))
            seen.texts[corner] = texts.get((r0, c0), "")
            seen.merges.append((*corner, corner[0] + len(rows) - 1, corner[1] + len(columns) - 1))
    for (r, c), text in texts.items():
        if (r, c) not in moved and r not in sheet.hidden_rows and c not in sheet.hidden_columns:
            seen.texts[row_of(r), column_of(c)] = text
    return seen


def _count_seen(hidden: Iterable[int]) -> Callable[[int], int]:
    """The number that a row or column has once the hidden ones are taken out."""
    listed = sorted(hidden)
    return lambda number: number - bisect_left(listed, number)


def _drop_overlaps(merges: Sequence[Merge]) -> list[Merge]:
    """The merged boxes; one that covers part of an earlier one is not drawn."""
    kept: list[Merge] = []
    for merge in merges:
        r0, c0, r1, c1 = merge
        if not any(r0 <= k[2] and k[0] <= r1 and c0 <= k[3] and k[1] <= c1 for k in kept):
            kept.append(merge)
    return kept


def _drop_covered(
    texts: Mapping[tuple[int, int], str], merges: Sequence[Merge]
) -> dict[tuple[int, int], str]:
    """The texts without those that a merged box covers: nobody sees them."""
    return {
        (r, c): text
        for (r, c), text in texts.items()
        if not any(m[0] <= r <= m[2] and m[1] <= c <= m[3] and (r, c) != m[:2] for m in merges)
    }


def _add_paragraphs(rows: Sequence[Sequence[str]], first: int, blocks: list[Block]) -> None:
    for row in rows:
        text = "".join(drop_unread(t) for t in row if t.strip())
        if text.strip():
            blocks.append(Paragraph(text, Place(block=first + len(blocks))))


def _build_grid(
    rows: Sequence[Sequence[str]], merges: Sequence[Merge], begin: int, end: int, block: int
) -> Grid:
    columns = max(len(row) for row in rows[begin:end])
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for r0, c0, r1, c1 in merges:
        if begin <= r0 < end and c0 < columns:
            high, wide = min(r1, end - 1) - r0 + 1, min(c1, columns - 1) - c0 + 1
            spans[r0, c0] = (high, wide)
            covered |= {(r0 + i, c0 + k) for i in range(high) for k in range(wide) if i or k}
    cells = []
    for r in range(begin, end):
        for c, text in enumerate(rows[r]):
            if (r, c) not in covered:
                high, wide = spans.get((r, c), (1, 1))
                place = Place(block=block, row=r - begin, column=c)
                cells.append(Cell(r - begin, c, high, wide, text, place))
    return Grid(tuple(cells), end - begin, columns, Place(block=block))
