"""A known form, fitted to words with places: what is not certain from the boxes of a table alone.

    Layouts ─table_region→ Regions ─solve_…→ Solutions ─choose→ the one that is believed

Rows are found by their labels in the form's order, numbers belong to the row at whose level they stand, columns
come from several hypotheses, and the form's own sums judge. Two Solutions of one strength that differ in a value
give nothing there. It is asked only for what the readers of tables leave in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from gongkai.model import Layout, LayoutKind, Place
from gongkai.normalize.form.lexicon import Lexicon, TableGlossaries
from gongkai.normalize.form.number import value_of
from gongkai.normalize.solve.solution import Solution, SolvedBox
from gongkai.normalize.solve.solve_proactive import solve_proactive
from gongkai.normalize.solve.solve_requests import solve_requests
from gongkai.normalize.solve.solve_review import solve_review
from gongkai.normalize.solve.table_region import Region, find_regions
from gongkai.record import replace

_SOLVERS: Mapping[str, Callable[[Region, TableGlossaries], list[Solution]]] = {
    "proactive": solve_proactive,
    "requests": solve_requests,
    "review": solve_review,
}
#: A Layout is no rival of a stronger one, unless more sums hold under it.
_STRENGTH: Mapping[LayoutKind, int] = {
    "boxes": 3,
    "bars": 3,
    "tabs": 3,
    "rows": 3,
    "points": 2,
    "columns": 1,
    "flow": 0,
}
#: Labels that fit worse than the best by more than a row are of the wrong form.
_A_ROW = 1.0
#: So many of the rows of a drawn table have all their boxes: then rows with fewer are ragged.
_MOSTLY_WHOLE = 0.7
#: So many numbers more are printed in a table, not one that strayed into it.
_SOME = 3

_Slot = tuple[str, str]


class Chosen(NamedTuple):
    """The Solution of a table, its boxes without those in doubt, and the pairs of values that differ."""

    solution: Solution
    boxes: Mapping[_Slot, SolvedBox]
    disputed: Mapping[_Slot, tuple[str, str]]


def solve_tables(
    layouts: Iterable[Layout],
    names: Collection[str],
    lexicon: Lexicon,
    located: Mapping[str, Collection[Place]] = MappingProxyType({}),
) -> dict[str, Chosen]:
    """The tables of these names that can be filled from some Layouts of one document, by the table's id.

    `located`: the boxes of tables that are known by their words, for Layouts of boxes in which no heading tells one.
    """
    tried: dict[str, list[_Tried]] = {}
    for name, region in _find_all_regions(layouts, located):
        if name in names:
            printed = sum(w.text != "" for w in region.values)
            solutions = _SOLVERS[name](region, lexicon[name])
            tried.setdefault(name, []).append(_Tried(printed, solutions))
    chosen = {name: _choose(list(_drop_empty(every))) for name, every in tried.items()}
    return {name: best for name, best in chosen.items() if best is not None}


def solve_rows(regions: Mapping[str, Region], lexicon: Lexicon) -> dict[str, Chosen]:
    """The tables that can be filled from rows in order, by the table's id."""
    chosen = {name: _choose(_SOLVERS[name](region, lexicon[name])) for name, region in regions.items()}
    return {name: best for name, best in chosen.items() if best is not None}


class _Tried(NamedTuple):
    """How many numbers are printed in a table under one Layout, and the Solutions of it."""

    printed: int
    solutions: Sequence[Solution]


def _find_all_regions(
    layouts: Iterable[Layout], located: Mapping[str, Collection[Place]]
) -> Iterator[tuple[str, Region]]:
    """The regions of tables by their headings and, in Layouts of boxes without one, by the places of their boxes."""
    for layout in layouts:
        regions = dict(find_regions(layout))
        for name in located.keys() - regions.keys():
            if layout.kind == "boxes":
                own = [w for w in layout.words if w.box and w.cell.place in located[name]]
                regions[name] = Region.of(layout.kind, own)
        yield from regions.items()


def _drop_empty(tried: Sequence[_Tried]) -> Iterator[Solution]:
    """The Solutions of a table, without those in which nothing is printed where more is printed under another Layout.

    In another order of the pages the row of numbers stands elsewhere than below its heads: there is nothing, but not
    blank.
    """
    most = max(t.printed for t in tried)
    for printed, solutions in tried:
        for s in solutions:
            if printed + _SOME > most or any(box.cell.text for box in s.boxes.values()):
                yield s


def _choose(solutions: Sequence[Solution]) -> Chosen | None:
    """The best Solution that is believed, without the values in which a rival as strong differs."""
    fit = max((s.fit for s in solutions), default=0.0)
    believed = [s for s in solutions if s.rule and s.fit >= fit - _A_ROW]
    if not believed:
        return None
    best = min(believed, key=lambda s: (-round(s.fit), -s.verdict.score, -len(s.boxes), -_STRENGTH[s.kind]))
    disputed: dict[_Slot, tuple[str, str]] = {}
    for other in believed:
        if _is_rival(other, best):
            disputed |= _differences(best, other)
    best = _add_rows(best, [s for s in solutions if s.rule])
    ragged = _ragged_rows(solutions, best)
    boxes = {slot: box for slot, box in best.boxes.items() if slot not in disputed and slot[0] not in ragged}
    return Chosen(best, boxes, disputed)


def _add_rows(best: Solution, others: Sequence[Solution]) -> Solution:
    """The best Solution with rows that it lacks of others that give the same in every box that both have.

    A row that a page's end cuts is no row of the drawn table, and the words of it stand where they stand.
    """
    for other in others:
        if other.form != best.form or _differences(best, other) or not other.boxes.keys() & best.boxes.keys():
            continue
        rows = {
            id: match for id, match in other.rows.items() if id not in best.rows and id not in best.doubtful
        }
        if rows:
            more = {slot: box for slot, box in other.boxes.items() if slot[0] in rows}
            best = replace(best, boxes={**best.boxes, **more}, rows={**best.rows, **rows})
    return best


def _is_rival(other: Solution, best: Solution) -> bool:
    """Whether another Solution is as good: it breaks no sum that the best satisfies, unless the best does so too.

    One of a weaker Layout is as good only where more sums hold under it.
    """
    if other.form != best.form or best.verdict.beats(other.verdict):
        return False
    return _STRENGTH[other.kind] >= _STRENGTH[best.kind] or other.verdict.held > best.verdict.held


def _differences(best: Solution, other: Solution) -> dict[_Slot, tuple[str, str]]:
    return {
        slot: (box.cell.text, other.boxes[slot].cell.text)
        for slot, box in best.boxes.items()
        if slot in other.boxes and _value(box) != _value(other.boxes[slot])
    }


def _value(box: SolvedBox) -> Decimal | None:
    """The number in a box, None where what it holds was not read."""
    number = value_of(box.cell.text)
    return None if number is None else number[0]


def _ragged_rows(solutions: Sequence[Solution], best: Solution) -> set[str]:
    """Rows drawn with too few boxes: where no box is drawn, nothing is blank."""
    if best.kind not in ("points", "columns"):
        return set()
    short: set[str] = set()
    for s in solutions:
        is_drawn = _STRENGTH[s.kind] == 3 and s.form == best.form
        if is_drawn and s.counted >= _MOSTLY_WHOLE * (s.counted + len(s.doubtful)):
            short |= s.doubtful
    return {row for (row, _), box in best.boxes.items() if row in short and box.cell.text == ""}
