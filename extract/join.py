"""A Grid broken by the end of a page → one Grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from model import Block, Cell, Finding, Grid

from .ruling import nearest

#: Columns of both parts begin at the same places, within so many points.
NEAR = 4.0

#: a label, not a placeholder of one character
_WORDS = re.compile(r"[一-鿿]\s*[一-鿿]")
_NUMBERED = re.compile(r"[（(]?(?:[一二三四五六七八九十]|\d{1,2})[)）、.．]")


def joined(blocks: Sequence[Block]) -> tuple[list[Block], list[Finding]]:
    """The blocks with every Grid that goes on over a page end made one, and a note for each."""
    result: list[Block] = []
    findings: list[Finding] = []
    for block in blocks:
        last = result[-1] if result else None
        if isinstance(block, Grid) and isinstance(last, Grid) and _goes_on(last, block):
            result[-1] = _join(last, block)
            findings.append(
                Finding(
                    "grid-joined",
                    "note",
                    f"page {block.place.page}: the table goes on from page {_last_page(last)}",
                    block.place,
                )
            )
        else:
            result.append(block)
    return result, findings


def _last_page(grid: Grid) -> int:
    return max((c.place.page or 0 for c in grid.cells), default=0)


def _goes_on(upper: Grid, lower: Grid) -> bool:
    """Whether the lower Grid, on the next page, has the upper one's columns."""
    if (lower.place.page or 0) != _last_page(upper) + 1:
        return False
    a, b = _edges(upper, _last_page(upper)), _edges(lower, lower.place.page or 0)
    if not a or not b or abs(a[0] - b[0]) > NEAR or abs(a[-1] - b[-1]) > NEAR:
        return False
    return all(any(abs(x - y) <= NEAR for y in a) for x in b) or all(
        any(abs(x - y) <= NEAR for y in b) for x in a
    )


def _edges(grid: Grid, page: int) -> list[float]:
    """Where columns begin and end in the part of a Grid that stands on one page."""
    own = [c for c in grid.cells if c.place.page == page and c.place.bbox is not None]
    xs = sorted({x for c in own if c.place.bbox for x in (c.place.bbox[0], c.place.bbox[2])})
    edges: list[float] = []
    for x in xs:
        if not edges or x - edges[-1] > NEAR:
            edges.append(x)
    return edges


def _all_edges(*parts: Grid) -> list[float]:
    xs = sorted(
        {x for g in parts for c in g.cells if c.place.bbox for x in (c.place.bbox[0], c.place.bbox[2])}
    )
    edges: list[float] = []
    for x in xs:
        if not edges or x - edges[-1] > NEAR:
            edges.append(x)
    return edges


def _join(upper: Grid, lower: Grid) -> Grid:
    """One Grid: columns from both parts, the head not twice, a box cut by the page end whole."""
    edges = _all_edges(upper, lower)
    top = [_placed(c, edges, 0) for c in upper.cells]
    head = _head_rows(upper, lower)
    below = [_placed(c, edges, upper.rows - head) for c in lower.cells if c.row >= head]
    cells = _healed(top, below, upper.rows)
    cells.sort(key=lambda c: (c.row, c.column))
    rows = max(c.row + c.rowspan for c in cells)
    return Grid(tuple(cells), rows, len(edges) - 1, upper.place, upper.ruled)


def _placed(cell: Cell, edges: Sequence[float], down: int) -> Cell:
    """A cell in the columns of the joined Grid."""
    assert cell.place.bbox is not None  # every box of a page has its place
    x0, _, x1, _ = cell.place.bbox
    first, last = nearest(edges, x0), nearest(edges, x1)
    span = max(1, last - first)
    if not down and (cell.column, cell.colspan) == (first, span):
        return cell
    return replace(cell, row=cell.row + down, column=first, colspan=span)


def _head_rows(upper: Grid, lower: Grid) -> int:
    """How many rows the lower part repeats from the top of the upper one."""
    rows = 0
    while rows < min(upper.rows, lower.rows, 4):
        a, b = _texts(upper, rows), _texts(lower, rows)
        if not a or a != b or all(re.fullmatch(r"[\d\s/.-]*", t) for t in a):
            break
        rows += 1
    return rows


def _texts(grid: Grid, row: int) -> list[str]:
    return [re.sub(r"\s", "", c.text) for c in grid.cells if c.row == row and c.text.strip()]


def _healed(top: list[Cell], below: list[Cell], cut: int) -> list[Cell]:
    """The boxes of both parts, those that the cut went through put together.

    A row is cut where its boxes below hold no label of their own; a merged group is cut where the
    box below is the rest of its label, the same label again, or empty.
    """
    last = [c for c in top if c.row + c.rowspan == cut]
    first = [c for c in below if c.row == cut]
    if first and _is_rest(last, first):
        return [
            *(_merged(c, first) for c in top),
            *(_up(c) for c in below if c.row > cut or _spans(c, top, cut)),
        ]
    taken: set[tuple[int, int]] = set()
    healed: list[Cell] = []
    for cell in top:
        rest = next((c for c in first if _continues(cell, c, first, cut)), None)
        if rest is None:
            healed.append(cell)
            continue
        taken.add((rest.row, rest.column))
        again = re.sub(r"\s", "", rest.text) == re.sub(r"\s", "", cell.text)
        text = cell.text if again or not rest.text.strip() else f"{cell.text}\n{rest.text}".strip()
        healed.append(replace(cell, rowspan=cell.rowspan + rest.rowspan, text=text))
    return [*healed, *(c for c in below if (c.row, c.column) not in taken)]


def _continues(upper: Cell, lower: Cell, first: Sequence[Cell], cut: int) -> bool:
    """Whether a group's box goes on below the cut: same columns, several rows high, labels beside it."""
    if upper.row + upper.rowspan != cut or (upper.column, upper.colspan) != (lower.column, lower.colspan):
        return False
    if max(upper.rowspan, lower.rowspan) < 2 or not _WORDS.search(upper.text):
        return False
    if not any(c.column > lower.column and _WORDS.search(c.text) for c in first):
        return False  # beside a value no group goes on
    text = re.sub(r"\s", "", lower.text)
    same = text == re.sub(r"\s", "", upper.text)
    return text == "" or same or _NUMBERED.match(text) is None


def _is_rest(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether the first row below is the rest of the last row above: pieces of words, no number."""
    texts = [c.text.strip() for c in first if c.text.strip() and c.rowspan == 1]
    if not texts or any(
        re.search(r"\d", t) or re.match(r"[（(]?[一二三四五六七八九十][)）、.]", t) for t in texts
    ):
        return False
    values = [c for c in first if c.column >= 3 or not c.text.strip()]
    same = {c.column: c for c in last if c.rowspan >= 1}
    return (
        len(values) >= 2
        and all(not c.text.strip() for c in first if c.column > min(x.column for x in first) + 2)
        and all(c.column in same for c in first)
        and any(re.fullmatch(r"[\d\s/\\—-]+", same[c.column].text) for c in values if c.column in same)
    )


def _merged(cell: Cell, first: Sequence[Cell]) -> Cell:
    rest = next((c for c in first if (c.column, c.colspan) == (cell.column, cell.colspan)), None)
    if rest is None or cell.row + cell.rowspan != rest.row or not rest.text.strip():
        return cell
    return replace(cell, text=f"{cell.text}\n{rest.text}".strip())


def _up(cell: Cell) -> Cell:
    return replace(cell, row=cell.row - 1)


def _spans(cell: Cell, top: Sequence[Cell], cut: int) -> bool:
    return cell.row == cut and cell.rowspan > 1
