"""Grids cut by the end of a page → whole Grids.

A cut goes between two rows or through one. Then a row, a label or the box of a group has to be put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gongkai.extract.page.edges import nearest
from gongkai.model import Block, Cell, Finding, Grid, flag

#: Columns of both parts begin at the same positions, within so many points.
NEAR = 4.0
#: Edges of columns that two parts must have in common where their left sides differ.
MANY = 7
#: The lower part repeats at most so many rows of heads.
MOST_HEADS = 4
#: A label of a row stands in one of so many columns from the left.
LABEL_COLUMNS = 3

#: words of a label, not a placeholder of one character
_WORDS = re.compile(r"[一-鿿]\s*[一-鿿]")
_CHINESE = re.compile(r"[一-鿿]")
_DIGIT = re.compile(r"\d")
_BLANKS = re.compile(r"\s")
#: the number of an item: （一） 1. 二、
_ITEM = re.compile(r"[（(]?(?:[一二三四五六七八九十]|\d{1,2})[)）、.．]")
_CHINESE_ITEM = re.compile(r"[（(]?[一二三四五六七八九十][)）、.]")
_FIGURES = re.compile(r"[\d\s]*")
#: figures with the unit behind them, which ends a number
_AMOUNT = re.compile(r"[\d\s]*(?:[件条项个次元]|万元)?\s*")
_VALUES = re.compile(r"[\d\s/\\—-]+")
_NO_HEAD = re.compile(r"[\d\s/.-]*")
_VALUE_MARK = re.compile(r"[\d/\\—-]")


def join_grids(blocks: Sequence[Block]) -> tuple[list[Block], list[Finding]]:
    """The blocks with the parts of each Grid joined over page ends, and a note for each join."""
    result: list[Block] = []
    findings: list[Finding] = []
    for block in blocks:
        last = result[-1] if result else None
        if (
            isinstance(block, Grid)
            and isinstance(last, Grid)
            and (shift := _find_shift(last, block)) is not None
        ):
            result[-1] = _join_parts(last, block, shift)
            findings.append(
                flag(
                    "grid-joined",
                    _joined(block, last),
                    place=block.place,
                )
            )
        else:
            result.append(block)
    return result, findings


def _joined(lower: Grid, upper: Grid) -> str:
    page, before = lower.place.page, _last_page(upper)
    if page == before:
        return f"page {page}: the table goes on from the left half"
    return f"page {page}: the table goes on from page {before}"


def _last_page(grid: Grid) -> int:
    return max((c.place.page or 0 for c in grid.cells), default=0)


def _find_shift(upper: Grid, lower: Grid) -> float | None:
    """How far right of the upper Grid the lower one stands where it goes on with it; None where it does not.

    It stands on the next page and has the upper one's columns. On a sheet with two pages it goes on from the left half
    to the right one, higher up, and from there to the left half of the next sheet: as wide, and nothing of it stands
    below or above the other part.
    """
    last, page = _last_page(upper), lower.place.page or 0
    is_next = page == last + 1
    if not is_next and not (page == last and _begins_higher(lower, upper)):
        return None
    a, b = _edges(upper, last), _edges(lower, page)
    if not a or not b:
        return None
    is_beside = b[-1] < a[0] if is_next else b[0] > a[-1]
    if not (is_beside or is_next) or (is_beside and abs((b[-1] - b[0]) - (a[-1] - a[0])) > NEAR):
        return None
    shift = b[-1] - a[-1] if is_beside else 0.0
    return shift if _have_same_edges(a, [x - shift for x in b]) else None


def _have_same_edges(a: Sequence[float], b: Sequence[float]) -> bool:
    if abs(a[-1] - b[-1]) > NEAR:
        return False
    # A page may leave out the left wall of a group's box. Then many other edges must agree.
    if abs(a[0] - b[0]) > NEAR and min(len(a), len(b)) < MANY:
        return False
    return _are_among(b, a) or _are_among(a, b)


def _begins_higher(lower: Grid, upper: Grid) -> bool:
    return (
        lower.place.bbox is not None
        and upper.place.bbox is not None
        and lower.place.bbox[1] < upper.place.bbox[1]
    )


def _are_among(some: Sequence[float], edges: Sequence[float]) -> bool:
    return all(any(abs(x - y) <= NEAR for y in edges) for x in some)


def _edges(grid: Grid, page: int) -> list[float]:
    """Where columns begin and end in the part of a Grid that stands on one page.

    A box that began on a page before and goes down to this one belongs to this part, too.
    """
    top = min((c.row for c in grid.cells if c.place.page == page), default=0)
    return _edges_of(c for c in grid.cells if c.row + c.rowspan > top)


def _xs(cells: Iterable[Cell]) -> set[float]:
    return {x for c in cells if c.place.bbox for x in (c.place.bbox[0], c.place.bbox[2])}


def _edges_of(cells: Iterable[Cell], more: Iterable[float] = ()) -> list[float]:
    edges: list[float] = []
    for x in sorted(_xs(cells).union(more)):
        if not edges or x - edges[-1] > NEAR:
            edges.append(x)
    return edges


def _join_parts(upper: Grid, lower: Grid, shift: float) -> Grid:
    """One Grid: columns of both parts, the heads once, a box that the page end cuts made whole.

    The lower part stands so far right of the upper one.
    """
    edges = _edges_of(upper.cells, [x - shift for x in _xs(lower.cells)])
    top = [_place_cell(c, edges, 0, 0.0) for c in upper.cells]
    heads = _count_heads(upper, lower)
    below = [_place_cell(c, edges, upper.rows - heads, shift) for c in lower.cells if c.row >= heads]
    cells = _heal_rows(top, below, upper.rows)
    cells.sort(key=lambda c: (c.row, c.column))
    rows = max(c.row + c.rowspan for c in cells)
    return Grid(tuple(cells), rows, len(edges) - 1, upper.place, upper.ruled)


def _place_cell(cell: Cell, edges: Sequence[float], down: int, shift: float) -> Cell:
    """A cell in the columns of the joined Grid, `down` rows lower and so far left of where it stands."""
    assert cell.place.bbox is not None  # every box of a page has its place
    x0, _, x1, _ = cell.place.bbox
    first, last = nearest(edges, x0 - shift), nearest(edges, x1 - shift)
    span = max(1, last - first)
    if not down and (cell.column, cell.colspan) == (first, span):
        return cell
    # `replace` takes three times as long, and all boxes of a table that goes on are placed anew
    return Cell(
        cell.row + down,
        first,
        cell.rowspan,
        span,
        cell.text,
        cell.place,
        cell.origin,
        cell.confidence,
        cell.alternative,
    )


def _count_heads(upper: Grid, lower: Grid) -> int:
    """How many rows the lower part repeats from the top of the upper one."""
    rows = 0
    while rows < min(upper.rows, lower.rows, MOST_HEADS):
        a, b = _row_texts(upper, rows), _row_texts(lower, rows)
        if not a or a != b or all(_NO_HEAD.fullmatch(t) for t in a):
            break
        rows += 1
    return rows


def _row_texts(grid: Grid, row: int) -> list[str]:
    return [_squeeze(c.text) for c in grid.cells if c.row == row and c.text.strip()]


def _squeeze(text: str) -> str:
    """The text without blanks."""
    return _BLANKS.sub("", text)


def _heal_rows(top: list[Cell], below: list[Cell], cut: int) -> list[Cell]:
    """The boxes of both parts, with those that the cut went through put together.

    A merged group is cut where the box below is the rest of its label, the same label again, or empty.
    """
    last = [c for c in top if c.row + c.rowspan == cut]
    first = [c for c in below if c.row == cut]
    shared = 1 if first and _is_one_row(last, first, cut) else 0
    rests = [_find_rest(cell, first, shared, cut) for cell in top]
    taken = {(rest.row, rest.column) for rest in rests if rest is not None}
    healed = [
        cell if rest is None else _add_rest(cell, rest, shared) for cell, rest in zip(top, rests, strict=True)
    ]
    others = [c for c in below if (c.row, c.column) not in taken]
    return [*healed, *(replace(c, row=c.row - shared) if shared else c for c in others)]


def _find_rest(cell: Cell, first: Sequence[Cell], shared: int, cut: int) -> Cell | None:
    """The box below the cut that is the rest of one above it."""
    if shared and cell.row + cell.rowspan == cut:
        for lower in first:
            if _have_same_columns(cell, lower):
                return lower
    return next((c for c in first if _is_group_continued(cell, c, first, cut)), None)


def _add_rest(cell: Cell, rest: Cell, shared: int) -> Cell:
    return replace(cell, rowspan=cell.rowspan + rest.rowspan - shared, text=_join_texts(cell.text, rest.text))


def _join_texts(upper: str, lower: str) -> str:
    repeated = _squeeze(lower) == _squeeze(upper)
    return upper if repeated or not lower.strip() else f"{upper}\n{lower}".strip()


def _have_same_columns(upper: Cell, lower: Cell) -> bool:
    return (upper.column, upper.colspan) == (lower.column, lower.colspan)


def _is_one_row(last: Sequence[Cell], first: Sequence[Cell], cut: int) -> bool:
    """Whether the last row above and the first below are the two parts of one row.

    One part is empty, the lower one is the rest of labels, or the label begins in the upper part
    and ends beside the values in the lower one.
    """
    rules = (_is_rest, _are_heads_cut, _closes_bracket, _has_no_label, _has_label_below)
    if any(holds(last, first) for holds in rules):
        return True
    if not all(any(_have_same_columns(u, c) for u in last) for c in first):
        return False
    upper = [c.text.strip() for c in last if c.row == cut - 1]
    lower = [c.text.strip() for c in first if c.rowspan == 1]
    return _is_part_empty(upper, lower, several=any(c.rowspan > 1 for c in first)) or _is_label_cut(
        upper, lower
    )


def _is_part_empty(upper: Sequence[str], lower: Sequence[str], several: bool) -> bool:
    """Whether one part of a row is empty. `several`: boxes below the cut are several rows high."""
    if min(len(upper), len(lower)) < 2:
        return False
    if not any(upper):
        return True
    if several and all(map(_is_piece, lower)):
        return True
    # Below heads an empty row is one of values, unless boxes go on from it to the next.
    below_heads = not several and all(_WORDS.search(t) for t in upper)
    return not any(lower) and not below_heads


def _is_label_cut(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a numbered label stands alone above the cut and words without a number below it."""
    above, below = [t for t in upper if t], [t for t in lower if t]
    if len(above) != 1 or len(upper) <= LABEL_COLUMNS or not below:
        return False
    return (
        _ITEM.match(above[0]) is not None
        and _WORDS.search(below[0]) is not None
        and not any(_ITEM.match(t) for t in below)
    )


def _is_piece(text: str) -> bool:
    """Whether a text is the end of a broken word, or nothing."""
    return len(text) <= 3 and not _VALUE_MARK.search(text) and not _ITEM.match(text)


def _is_group_continued(upper: Cell, lower: Cell, first: Sequence[Cell], cut: int) -> bool:
    """Whether a group's box goes on below the cut: same columns, several rows high, labels beside it."""
    if upper.row + upper.rowspan != cut or not _have_same_columns(upper, lower):
        return False
    if max(upper.rowspan, lower.rowspan) < 2:
        return _is_head_cut(upper, lower, first)
    if not _WORDS.search(upper.text):
        return False
    if not any(c.column > lower.column and _WORDS.search(c.text) for c in first):
        return False  # beside a value no group goes on
    rest = _squeeze(lower.text)
    return rest in ("", _squeeze(upper.text)) or _ITEM.match(rest) is None


def _is_head_cut(upper: Cell, lower: Cell, first: Sequence[Cell]) -> bool:
    """Whether a head goes on below the cut: a piece of a word, in a row that has only heads."""
    piece, whole = _squeeze(lower.text), _squeeze(upper.text)
    if any(_DIGIT.search(c.text) for c in first):
        return False
    heads = sum(_WORDS.search(c.text) is not None for c in first)
    is_rest = piece == whole or (_is_piece(piece) and piece != "")
    return heads >= 2 and is_rest and _CHINESE.search(whole) is not None


def _are_heads_cut(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether both rows are parts of one row of heads: words over words in the same columns, no number.

    No form has two rows of heads with the same columns. Where little is left for the lower part, it
    must not look like a label with blank boxes beside it.
    """
    above, below = _texts_by_columns(last), _texts_by_columns(first)
    if not below or not below.keys() <= above.keys():
        return False
    if not all(map(_may_be_head, [*above.values(), *below.values()])):
        return False
    return len(below) >= 3 or (len(above) >= 3 and _is_left_head_cut(above, below, first))


def _texts_by_columns(cells: Sequence[Cell]) -> dict[tuple[int, int], str]:
    """The printed texts by first column and number of columns."""
    return {(c.column, c.colspan): c.text.strip() for c in cells if c.text.strip()}


def _may_be_head(text: str) -> bool:
    return not _DIGIT.search(text) and not _ITEM.match(text) and _CHINESE.search(text) is not None


def _is_left_head_cut(
    above: dict[tuple[int, int], str], below: dict[tuple[int, int], str], first: Sequence[Cell]
) -> bool:
    """Whether the leftmost box below the cut has a piece of a word, or the end of the bracket above it."""
    left = min(c.column for c in first)
    lower = next((text for (column, _), text in below.items() if column == left), "")
    upper = next((text for (column, _), text in above.items() if column == left), "")
    return _is_piece(lower) or _count_open(upper) > 0 > _count_open(lower)


def _has_no_label(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether the row below has figures and no label, and the row above has the label.

    Above the figures stand figures or nothing: a figure of a narrow box is cut (12 above, 1 below), or
    all figures stand below the cut.
    """
    own = [c for c in first if c.rowspan == 1]
    figures = [c for c in own if c.text.strip()]
    if not figures or not all(_AMOUNT.fullmatch(c.text) for c in figures):
        return False
    above = {(c.column, c.colspan): c.text.strip() for c in last}
    leftmost = min(f.column for f in figures)
    labels = (above.get((c.column, c.colspan), "") for c in own if c.column < leftmost)
    over = (above.get((c.column, c.colspan), "?") for c in figures)
    return any(map(_WORDS.search, labels)) and all(map(_FIGURES.fullmatch, over))


def _has_label_below(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether the row above has figures and no label, and the row below has the label and no figure.

    A label of two lines that does not fit above the cut stands below it as a whole, its figures stay above.
    """
    figures = [c for c in last if c.rowspan == 1 and c.text.strip()]
    if len(figures) < 2 or not all(_VALUES.fullmatch(c.text.strip()) for c in figures):
        return False
    leftmost = min(f.column for f in figures)
    beside = [c for c in last if c.column + c.colspan == leftmost]
    if len(beside) != 1 or beside[0].text.strip():
        return False
    below = {(c.column, c.colspan): c.text.strip() for c in first}
    label = below.get((beside[0].column, beside[0].colspan), "")
    under = (below.get((c.column, c.colspan), "?") for c in figures)
    return _WORDS.search(label) is not None and not any(under)


def _closes_bracket(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether the row below holds only the end of a bracket that a box above it opens.

    >>> _count_open("（本列数据的勾稽关系为：第一项加"), _count_open("第三项加第四项之和）")
    (1, -1)
    """
    below = [c for c in first if c.text.strip()]
    if len(below) != 1 or len(first) < 3:
        return False
    above = next((c for c in last if c.column == below[0].column), None)
    return above is not None and _count_open(above.text) > 0 > _count_open(below[0].text)


def _count_open(text: str) -> int:
    """How many more brackets a text opens than it closes."""
    return sum(text.count(c) for c in "（(") - sum(text.count(c) for c in "）)")


def _is_rest(last: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether the first row below is the rest of the last row above: pieces of words, no number."""
    printed = [c for c in first if c.text.strip()]
    if not _are_pieces([c.text.strip() for c in printed if c.rowspan == 1]):
        return False
    labels_end = min(c.column for c in first) + LABEL_COLUMNS
    return all(c.column < labels_end for c in printed) and _is_under_values(last, first, printed)


def _is_under_values(last: Sequence[Cell], first: Sequence[Cell], printed: Sequence[Cell]) -> bool:
    """Whether boxes of values of the row above go on below the cut, blank there, and so do those of `printed`."""
    values = [c for c in first if c.column >= LABEL_COLUMNS or not c.text.strip()]
    above = {c.column: c.text for c in last}
    # The box of a group need not end at the cut: some writers draw no walls for its rest.
    leftmost = min(c.column for c in printed)
    beside = [c for c in first if c.column > leftmost]
    if len(values) < 2 or not all(c.column in above for c in (*printed, *beside)):
        return False
    return any(_VALUES.fullmatch(above.get(c.column, "?")) for c in values)


def _are_pieces(texts: Sequence[str]) -> bool:
    """Whether there are texts, and all may be pieces of words: no number, and not the number of an item."""
    return bool(texts) and not any(_DIGIT.search(t) or _CHINESE_ITEM.match(t) for t in texts)
