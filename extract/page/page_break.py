"""A Grid broken by the end of a page → one Grid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gongkai.extract.page.edges import nearest
from gongkai.model import Block, Cell, Finding, Grid, flag

#: Columns of both parts begin at the same places, within so many points.
NEAR = 4.0

#: Edges of columns that two parts must have in common where their left sides differ.
MANY = 7

#: a label, not a placeholder of one character
_WORDS = re.compile(r"[一-鿿]\s*[一-鿿]")
_NUMBERED = re.compile(r"[（(]?(?:[一二三四五六七八九十]|\d{1,2})[)）、.．]")


def join_grids(blocks: Sequence[Block]) -> tuple[list[Block], list[Finding]]:
    """The blocks with every Grid that goes on over a page end made one, and a note for each."""
    result: list[Block] = []
    findings: list[Finding] = []
    for block in blocks:
        last = result[-1] if result else None
        if isinstance(block, Grid) and isinstance(last, Grid) and _goes_on(last, block):
            result[-1] = _join(last, block)
            findings.append(
                flag(
                    "grid-joined",
                    f"page {block.place.page}: the table goes on from page {_last_page(last)}",
                    place=block.place,
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
    if not a or not b or abs(a[-1] - b[-1]) > NEAR:
        return False
    if abs(a[0] - b[0]) > NEAR and min(len(a), len(b)) < MANY:
        return False  # the left wall of a group's box may be left out on a page; the others must say that it is one
    return all(any(abs(x - y) <= NEAR for y in a) for x in b) or all(
        any(abs(x - y) <= NEAR for y in b) for x in a
    )


def _edges(grid: Grid, page: int) -> list[float]:
    """Where columns begin and end in the part of a Grid that stands on one page.

    A box that began on a page before and goes down to this one is of this part, too.
    """
    top = min((c.row for c in grid.cells if c.place.page == page), default=0)
    return _edges_of(c for c in grid.cells if c.row + c.rowspan > top)


def _edges_of(cells: Iterable[Cell]) -> list[float]:
    xs = sorted({x for c in cells if c.place.bbox for x in (c.place.bbox[0], c.place.bbox[2])})
    edges: list[float] = []
    for x in xs:
        if not edges or x - edges[-1] > NEAR:
            edges.append(x)
    return edges


def _join(upper: Grid, lower: Grid) -> Grid:
    """One Grid: columns from both parts, the head not twice, a box cut by the page end whole."""
    edges = _edges_of((*upper.cells, *lower.cells))
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

    A cut goes between two rows or through one; a merged group is cut where the box below is the
    rest of its label, the same label again, or empty.
    """
    last = [c for c in top if c.row + c.rowspan == cut]
    first = [c for c in below if c.row == cut]
    shared = 1 if first and _one_row(last, first, cut) else 0
    taken: set[tuple[int, int]] = set()
    healed: list[Cell] = []
    for cell in top:
        rest = next((c for c in first if shared and _same_columns(cell, c) and cell in last), None)
        rest = rest or next((c for c in first if _continues(cell, c, first, cut)), None)
        if rest is None:
            healed.append(cell)
            continue
        taken.add((rest.row, rest.column))
        height = cell.rowspan + rest.rowspan - shared
        healed.append(replace(cell, rowspan=height, text=_put_together(cell.text, rest.text)))
    rest_of = [c for c in below if (c.row, c.column) not in taken]
    return [*healed, *(replace(c, row=c.row - shared) for c in rest_of)]


def _put_together(upper: str, lower: str) -> str:
    again = re.sub(r"\s", "", lower) == re.sub(r"\s", "", upper)
    return upper if again or not lower.strip() else f"{upper}\n{lower}".strip()


def _same_columns(upper: Cell, lower: Cell) -> bool:
    return (upper.column, upper.colspan) == (lower.column, lower.colspan)


def _one_row(last: Sequence[Cell], first: Sequence[Cell], cut: int) -> bool:
    """Whether the last row above and the first below are the two parts of one row.

    One part is empty, the lower one is the rest of labels, or the label begins in the upper part
    and ends beside the values in the lower one.
    """
    if any(says(last, first) for says in (_is_rest, _are_heads_cut, _closes, _has_no_label)):
        return True
    if not all(any(_same_columns(u, c) for u in last) for c in first):
        return False
    upper = [c.text.strip() for c in last if c.row == cut - 1]
    lower = [c.text.strip() for c in first if c.rowspan == 1]
    several = any(c.rowspan > 1 for c in first)
    if min(len(upper), len(lower)) >= 2:
        # below heads an empty row is one of values, unless boxes go on from it to the next
        heads = all(_WORDS.search(t) for t in upper) and not several
        pieces = several and all(_is_piece(t) for t in lower)
        if not any(upper) or pieces or not (any(lower) or heads):
            return True
    above, under = [t for t in upper if t], [t for t in lower if t]
    return (
        len(above) == 1
        and len(upper) > 3
        and _NUMBERED.match(above[0]) is not None
        and bool(under)
        and _WORDS.search(under[0]) is not None
        and not any(_NUMBERED.match(t) for t in under)
    )


def _is_piece(text: str) -> bool:
    """The end of a broken word, or nothing."""
    return len(text) <= 3 and not re.search(r"[\d/\\—-]", text) and not _NUMBERED.match(text)


def _continues(upper: Cell, lower: Cell, first: Sequence[Cell], cut: int) -> bool:
    """Whether a group's box goes on below the cut: same columns, several rows high, labels beside it."""
    if upper.row + upper.rowspan != cut or (upper.column, upper.colspan) != (lower.column, lower.colspan):
        return False
    if max(upper.rowspan, lower.rowspan) < 2:
        return _is_head_cut(upper, lower, first)
    if not _WORDS.search(upper.text):
        return False
    if not any(c.column > lower.column and _WORDS.search(c.text) for c in first):
        return False  # beside a value no group goes on
    text = re.sub(r"\s", "", lower.text)
    same = text == re.sub(r"\s", "", upper.text)
    return text == "" or same or _NUMBERED.match(text) is None


def _is_head_cut(upper: Cell, lower: Cell, first: Sequence[Cell]) -> bool:
    """Whether a head goes on below the cut: a piece of a word, in a row of heads alone."""
    piece, whole_text = re.sub(r"\s", "", lower.text), re.sub(r"\s", "", upper.text)
    heads = not any(re.search(r"\d", c.text) for c in first)
    whole = sum(_WORDS.search(c.text) is not None for c in first)
    rest = piece == whole_text or (_is_piece(piece) and len(piece) > 0)
    return heads and whole >= 2 and rest and re.search(r"[一-鿿]", whole_text) is not None


def _are_heads_cut(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether both rows are parts of one row of heads: words over words in the same columns, no number.

    No form has two rows of heads with the same columns. Where little is left for the lower part, it
    must not look like a label with blank boxes beside it.
    """
    above = {(c.column, c.colspan): c.text.strip() for c in last if c.text.strip()}
    below = {(c.column, c.colspan): c.text.strip() for c in first if c.text.strip()}
    texts = [*above.values(), *below.values()]
    if not below or not below.keys() <= above.keys():
        return False
    if any(re.search(r"\d", t) or _NUMBERED.match(t) or not re.search(r"[一-鿿]", t) for t in texts):
        return False
    left = min(c.column for c in first)
    label = next((text for (column, _), text in below.items() if column == left), "")
    over = next((text for (column, _), text in above.items() if column == left), "")
    rest = _is_piece(label) or _open(over) > 0 > _open(label)
    return len(below) >= 3 or (len(above) >= 3 and rest)


def _has_no_label(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether the row below has figures and no label, and the row above a label, and figures or nothing over those.

    A figure of a narrow box goes on over the cut (12 above, 1 below), or all stand below it.
    """
    own = [c for c in first if c.rowspan == 1]
    figures = [c for c in own if c.text.strip()]
    above = {(c.column, c.colspan): c.text.strip() for c in last}
    if not figures or not all(re.fullmatch(r"[\d\s]+", c.text) for c in figures):
        return False
    labels = [c for c in own if c.column < min(f.column for f in figures)]
    return any(_WORDS.search(above.get((c.column, c.colspan), "")) for c in labels) and all(
        re.fullmatch(r"[\d\s]*", above.get((c.column, c.colspan), "?")) for c in figures
    )


def _closes(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether all that the row below holds is the end of a bracket that a box above it opens.

    >>> _open("（本列数据的勾稽关系为：第一项加"), _open("第三项加第四项之和）")
    (1, -1)
    """
    below = [c for c in first if c.text.strip()]
    if len(below) != 1 or len(first) < 3:
        return False
    above = next((c for c in last if c.column == below[0].column), None)
    return above is not None and _open(above.text) > 0 > _open(below[0].text)


def _open(text: str) -> int:
    """How many more brackets a text opens than it closes."""
    return sum(text.count(c) for c in "（(") - sum(text.count(c) for c in "）)")


def _is_rest(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether the first row below is the rest of the last row above: pieces of words, no number."""
    texts = [c.text.strip() for c in first if c.text.strip() and c.rowspan == 1]
    if not texts or any(
        re.search(r"\d", t) or re.match(r"[（(]?[一二三四五六七八九十][)）、.]", t) for t in texts
    ):
        return False
    values = [c for c in first if c.column >= 3 or not c.text.strip()]
    same = {c.column: c for c in last if c.rowspan >= 1}
    leftmost = min(c.column for c in first if c.text.strip())
    return (
        len(values) >= 2
        and all(not c.text.strip() for c in first if c.column > min(x.column for x in first) + 2)
        # the box of a group need not end at the cut: some writers draw no walls for its rest
        and all(c.column in same for c in first if c.text.strip() or c.column > leftmost)
        and any(re.fullmatch(r"[\d\s/\\—-]+", same[c.column].text) for c in values if c.column in same)
    )
