"""Table four in rows of boxes: fifteen behind their heads in the order of reading, or five behind each case."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import field

from gongkai.model import Match, PlacedWord
from gongkai.normalize.form.cases import CASES, RESULTS, group_of, repeats_all_results
from gongkai.normalize.form.label import squeeze
from gongkai.normalize.form.lexicon import TableGlossaries
from gongkai.normalize.form.number import is_blank, value_of
from gongkai.normalize.solve.rows.row_lines import RowLine, gather_boxes, pair_in_order, read_lines
from gongkai.normalize.solve.solution import Solution, judge
from gongkai.normalize.solve.table_region import Region
from gongkai.record import dataclass

_SLOTS = tuple(itertools.product(CASES, RESULTS))
#: So many different results side by side are those of one case.
_LEAST_RESULTS = 4

_Slot = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _CaseLabels:
    """The labels over a row of boxes, as they are read: its cases, the results, and what each is called.

    `begins_with_litigation`: 行政诉讼 is read before 行政复议.
    """

    cases: Sequence[str] = ()
    results: Sequence[str] = ()
    printed: Mapping[str, str] = field(default_factory=dict)
    begins_with_litigation: bool = False


def solve_in_rows(region: Region, glossaries: TableGlossaries) -> list[Solution]:
    """The boxes of each row under the heads that are read before it."""
    rows_found = _rows_under_labels(read_lines(region), glossaries)
    found = (pair for labels, values in rows_found for pair in _read_row(labels, values).items())
    boxes = gather_boxes(found, blanks_yield=True)
    if not boxes:
        return []
    printed = {id: text for labels, _ in reversed(rows_found) for id, text in labels.printed.items()}
    rows = {id: Match(printed.get(id, ""), id, 100.0, "exact") for id in CASES}
    columns = {id: text for id, text in printed.items() if id in RESULTS}
    return [Solution("review", "2021", "rows", boxes, rows, columns, judge("review", "2021", boxes), "rows")]


def _rows_under_labels(
    lines: Sequence[RowLine], glossaries: TableGlossaries
) -> list[tuple[_CaseLabels, Sequence[PlacedWord]]]:
    """The rows of boxes, each with the labels that govern it: those of its own line, and the heads before it."""
    found: list[tuple[_CaseLabels, Sequence[PlacedWord]]] = []
    heads: list[PlacedWord] = []
    is_open = True
    for line in lines:
        own = _own_case(line, glossaries)
        words = line.labels if own is None else line.labels[:-1]
        known = [w for w in words if _is_known(w.text, glossaries)]
        # 行政诉讼 before the case that a row is of is no head
        if known and (own is None or any(glossaries.columns.match(w.text) is not None for w in known)):
            heads = [*heads, *words] if is_open else [*words]
            is_open = True
        labels = _read_labels(heads, glossaries)
        if not _is_row(line, own, labels):
            continue
        is_open = False
        if own is not None:
            labels = _CaseLabels((own,), labels.results, {**labels.printed, own: squeeze(line.leaf)})
        found.append((labels, line.values))
    return found


def _is_row(line: RowLine, own: str | None, heads: _CaseLabels) -> bool:
    """Whether a line has the values of a row: where all is blank, beside heads, what their spans cover is blank too."""
    if not line.values or not line.is_blank or own is not None:
        return bool(line.values)
    return len(line.values) == len(_SLOTS) and repeats_all_results(heads.results)


def _own_case(line: RowLine, glossaries: TableGlossaries) -> str | None:
    """The case that the label next to some boxes names, where there are as many as a case has."""
    is_head = glossaries.columns.match(line.leaf) is not None
    if is_head or not len(RESULTS) - 1 <= len(line.values) < len(_SLOTS):
        return None
    if line.is_blank and (len(line.values) > len(RESULTS) or _names_several(line, glossaries)):
        return None
    return group_of(line.leaf, glossaries.rows)


def _names_several(line: RowLine, glossaries: TableGlossaries) -> bool:
    """Whether the labels of a line name several cases, or a result."""
    if any(glossaries.columns.match(w.text) is not None for w in line.labels):
        return True
    return sum(group_of(w.text, glossaries.rows) is not None for w in line.labels) > 1


def _is_known(text: str, glossaries: TableGlossaries) -> bool:
    is_of_court = "诉" in text or "訴" in text
    return (
        is_of_court
        or glossaries.columns.match(text) is not None
        or group_of(text, glossaries.rows) is not None
    )


def _read_labels(words: Sequence[PlacedWord], glossaries: TableGlossaries) -> _CaseLabels:
    cases: list[str] = []
    results: list[str] = []
    printed: dict[str, str] = {}
    first: str | None = None
    for w in words:
        result = glossaries.columns.match(w.text)
        id = result.id if result is not None else group_of(w.text, glossaries.rows)
        if result is None and first is None and (id is not None or "诉" in w.text or "訴" in w.text):
            first = id or ""
        if id is not None:
            (cases if result is None else results).append(id)
            printed.setdefault(id, squeeze(w.text))
    return _CaseLabels(cases, results, printed, first == "")


def _read_row(labels: _CaseLabels, values: Sequence[PlacedWord]) -> Mapping[_Slot, PlacedWord]:
    """The boxes of a row by case and result; none where the labels do not tell them for certain."""
    slots = _order_slots(labels)
    if not labels.results and len(values) == len(_SLOTS):
        # a text that lost its heads: the form's order, where the totals add up
        return dict(zip(_SLOTS, values, strict=True)) if _totals_add_up(values) else {}
    if len(values) == len(slots) + 1 and is_blank(values[0].text) and _totals_add_up(values[1:]):
        values = values[1:]  # the label 行政复议 covers the place of a second one
    names = [".".join(slot) for slot in slots]
    pairs = pair_in_order(values, names) if slots else {}
    return {slot: pairs[name] for slot, name in zip(slots, names, strict=True) if name in pairs}


def _order_slots(labels: _CaseLabels) -> list[_Slot]:
    """What the boxes under some labels mean, in their order; empty where that is not sure."""
    results = labels.results[: len(_SLOTS)]
    if repeats_all_results(results) and labels.results[len(_SLOTS) :] in ([], ["total"]):
        # the heads of one line may stand over those of the next, so that only the form's own order is sure
        is_sure = tuple(labels.cases) in (CASES, CASES[1:]) and not (
            labels.begins_with_litigation and labels.cases[0] == CASES[0]
        )
        return [(CASES[i // len(RESULTS)], result) for i, result in enumerate(results)] if is_sure else []
    if len(results) == len(set(results)) >= _LEAST_RESULTS and len(set(labels.cases)) == 1:
        return [(labels.cases[0], result) for result in results]
    return []


def _totals_add_up(values: Sequence[PlacedWord]) -> bool:
    """Whether each fifth number is the sum of the four before it."""
    numbers = [n[0] for w in values if (n := value_of(w.text)) is not None]
    size = len(RESULTS)
    groups = [numbers[i : i + size] for i in range(0, len(numbers), size)]
    return len(numbers) == len(values) and all(sum(own[:-1]) == own[-1] for own in groups)
