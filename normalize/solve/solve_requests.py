"""Table three, fitted to placed words: rows by their labels, columns by several hypotheses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from gongkai.model import PlacedWord
from gongkai.normalize.form.lexicon import TableGlossaries
from gongkai.normalize.form.which_form import FORMS
from gongkai.normalize.solve.head_order import are_heads_moved
from gongkai.normalize.solve.label_runs import RowLabels, row_labels, score_label
from gongkai.normalize.solve.requests_in_boxes import solve_in_boxes
from gongkai.normalize.solve.requests_in_flow import solve_in_flow
from gongkai.normalize.solve.requests_in_points import solve_in_points
from gongkai.normalize.solve.rows.requests_in_rows import solve_in_rows
from gongkai.normalize.solve.solution import Solution
from gongkai.normalize.solve.table_halves import join_halves
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.word_lines import group_levels

_FIRST = re.compile(r"^[、.．,，]?(?:一|本|新|[1１][、.])")


def solve_requests(region: Region, glossaries: TableGlossaries) -> list[Solution]:
    """Every way to fill table three from a region that was tried, under either form."""
    solutions: list[Solution] = []
    if are_heads_moved(_read_head_lines(region)):
        return []
    if region.kind == "rows":
        return solve_in_rows(region, glossaries)
    for form in FORMS:
        labels = row_labels("requests", form, glossaries.rows)
        first = _find_first_row(region.texts, labels)
        if first is None:
            continue
        if region.is_flow:
            solutions += solve_in_flow(region, labels, first)
        elif region.is_boxed:
            upright = solve_in_boxes(region, labels, first)
            solutions += upright or _solve_on_its_side(region, labels)
        else:
            solutions += solve_in_points(region, labels, first)
            solutions += _solve_in_halves(region, labels) if region.kind == "points" else []
    return solutions


def _read_head_lines(region: Region) -> list[list[str]]:
    """The words above the first row of table three, line by line."""
    if region.kind in ("flow", "rows"):
        runs = itertools.groupby(region.texts, key=lambda w: (w.cell.place.block, w.cell.place.row))
        lines = [list(run) for _, run in runs]
    else:
        lines = group_levels(region.texts)
    texts = ([w.text for w in line] for line in lines)
    return [*itertools.takewhile(lambda line: not any("新收" in text for text in line), texts)]


def _solve_in_halves(region: Region, labels: RowLabels) -> list[Solution]:
    """The last rows of the form stand right of the first ones."""
    whole = join_halves(region, labels)
    first = None if whole is None else _find_first_row(whole.texts, labels)
    return [] if whole is None or first is None else solve_in_points(whole, labels, first)


def _solve_on_its_side(region: Region, labels: RowLabels) -> list[Solution]:
    """The rows of the form stand across the top, its columns down the side."""
    turned = region.turn()
    first = _find_first_row(turned.texts, labels)
    return [] if first is None else solve_in_boxes(turned, labels, first)


def _find_first_row(texts: Sequence[PlacedWord], labels: RowLabels) -> PlacedWord | None:
    """Where the label of the first row (本年新收…) begins: heads stand above it."""
    for i, w in enumerate(texts):
        if _FIRST.match(w.text) is None:
            continue
        if "新收" in w.text:
            return w
        joined = ""
        for piece in texts[i : i + 6]:
            joined += piece.text
            if any(rank == 0 and score > 0.5 for rank, score in score_label(joined, labels)):
                return w
    return None
