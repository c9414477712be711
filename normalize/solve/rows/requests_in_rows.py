"""Table three in rows of boxes: the boxes behind a label are its row's, in the order of the heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gongkai.model import Match, PlacedWord
from gongkai.normalize.form.align import align
from gongkai.normalize.form.label import key, simplify, squeeze, write_out_other
from gongkai.normalize.form.lexicon import Glossary, TableGlossaries
from gongkai.normalize.form.number import value_of
from gongkai.normalize.form.table_words import GROUPS
from gongkai.normalize.form.template import table
from gongkai.normalize.form.which_form import FORMS, choose_form_of_requests
from gongkai.normalize.solve.belief import COLUMNS
from gongkai.normalize.solve.filled_requests import fit_of
from gongkai.normalize.solve.head_order import are_applicants
from gongkai.normalize.solve.label_runs import EXACT, LabelledRow, folded_key, row_labels
from gongkai.normalize.solve.rows.row_boxes import (
    adds_up,
    drop_covered,
    ends_in_total,
    is_scrambled,
    keeps_blanks,
    lacks_totals,
    may_be_swept,
)
from gongkai.normalize.solve.rows.row_lines import RowLine, gather_boxes, pair_in_order, read_lines
from gongkai.normalize.solve.solution import Solution, SolvedBox, judge
from gongkai.normalize.solve.solve_own_rows import OwnLine, may_be_another, name_own_lines
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.word_lines import is_value
from gongkai.record import replace

_COUNT = len(COLUMNS)
#: So many heads of columns in one run of labels, and the last of them is no row: 总计.
_LEAST_HEADS = 3
#: Heads that may be unreadable, while the others show the order of all.
_MOST_UNREAD = 2
#: The label over the five kinds of bodies; in text they stand behind it, wherever the others do.
_OVER_FIVE = re.compile(r"法人[或和及与]?其[他它]组[织織]")


class _Aligned(NamedTuple):
    """The rows under one form, each with its Match."""

    form: str
    lines: Sequence[RowLine]
    matches: Sequence[Match | None]


class _ColumnOrder(NamedTuple):
    """The columns in the order in which their boxes stand, and the text of each head; both empty where heads tell none."""

    order: Sequence[str]
    texts: Mapping[str, str]


def solve_in_rows(region: Region, glossaries: TableGlossaries) -> list[Solution]:
    """The rows with their boxes, under the form whose labels fit better."""
    lines = read_lines(region)
    begin = next((n for n, line in enumerate(lines) if _begins(line, glossaries)), len(lines))
    labels = [w for line in lines[:begin] for w in line.labels]
    labels += lines[begin].labels[:-1] if begin < len(lines) else []
    rows = [line for line in lines[begin:] if line.values and _is_row(line, glossaries)]
    if not rows or are_applicants([line.leaf for line in rows], glossaries.columns):
        return []
    solution = _solve(
        _align_rows(rows, glossaries.rows), _read_heads(labels, glossaries.columns), glossaries.rows
    )
    return [solution] if solution.boxes else []


# Heads ---------------------------------------------------------------------------------------


def _begins(line: RowLine, glossaries: TableGlossaries) -> bool:
    """Whether a line is a row of numbers, or one that the form has: what stands above the first one are heads."""
    numbers = (value_of(w.text) for w in line.values)
    is_printed = any(
        n is not None and not n[1] for n in numbers
    )  # no placeholder: --- below a head is a rule
    return (is_printed or glossaries.rows.match(line.leaf) is not None) and _is_row(line, glossaries)


def _is_row(line: RowLine, glossaries: TableGlossaries) -> bool:
    """Whether a line is a row, and not heads: 总计 names a column and a row."""
    heads = sum(_is_head(w.text, glossaries.columns) for w in line.labels)
    is_head = _is_head(line.leaf, glossaries.columns)
    if is_head and heads >= _LEAST_HEADS:
        return False  # its numbers are those of a row that lost its label
    is_known = glossaries.rows.match(line.leaf) is not None
    if line.is_blank and heads > 1 and (is_head or not is_known):
        return False
    return (is_known or not line.is_blank) and not _ends_run_of_rows(line, glossaries)


def _ends_run_of_rows(line: RowLine, glossaries: TableGlossaries) -> bool:
    """Whether the label of another row without numbers stands before that of a row whose numbers begin a new line.

    The seven numbers may be those of any row in the run, or of one whose label is lost.
    """
    if len(line.values) != _COUNT or len(line.labels) < 2:
        return False
    if line.labels[-1].cell.place.block == line.values[0].cell.place.block:
        return False
    before, last = (w.text for w in line.labels[-2:])
    if glossaries.columns.exact(before) is not None or simplify(key(before)) in GROUPS:
        # 总计, the last head; （六）其他处理, which is a row in one form and a group in the other
        return False
    ids = [m.id if (m := glossaries.rows.exact(text)) is not None else None for text in (before, last)]
    return None not in ids and ids[0] != ids[1]


def _is_head(text: str, glossary: Glossary) -> bool:
    return _OVER_FIVE.search(squeeze(text)) is not None or glossary.match(text) is not None


def _read_heads(labels: Sequence[PlacedWord], glossary: Glossary) -> _ColumnOrder:
    """The heads of a table, in the order in which their boxes stand.

    Heads that cannot be read take the form's order. A text that lacks a column altogether has fewer boxes in its rows, and
    they are not taken.
    """
    texts: dict[str, str] = {}
    over: int | None = None
    for w in labels:
        m = glossary.match(w.text)
        if m is not None:
            texts.setdefault(m.id, squeeze(w.text))
        elif over is None and _OVER_FIVE.search(re.sub(r"\s", "", w.text)) is not None:
            over = len(texts)
    if len(texts) < _COUNT - _MOST_UNREAD:
        return _ColumnOrder((), {})
    return _ColumnOrder(_order_columns([*texts], over), texts)


def _order_columns(ids: Sequence[str], over: int | None) -> Sequence[str]:
    """The order of the columns, from the order in which the heads are read; () where it is not sure.

    The form's heads are read row by row: 自然人, 总计, then the five below 法人或其他组织, which stands behind `over` of them.
    """
    inner = [id for id in COLUMNS[1:-1] if id in ids]
    outer = [id for id in ids if id not in inner]
    if [id for id in ids if id in inner] != inner:
        return ()
    if outer == [id for id in (COLUMNS[0], COLUMNS[-1]) if id in ids]:
        return COLUMNS
    if over is None or len(ids) < len(COLUMNS):
        return ()
    return [*outer[:over], *inner, *outer[over:]]


# Rows ----------------------------------------------------------------------------------------


def _align_rows(rows: Sequence[RowLine], glossary: Glossary) -> _Aligned:
    """The rows under the form that fits better; few rows may fit both."""
    by_form = {form: _align(rows, form, glossary) for form in FORMS}
    paths = [folded_key("".join(w.text for w in line.labels)) for line in rows]
    form = choose_form_of_requests({form: a.matches for form, a in by_form.items()}, paths)
    return by_form[form or "2021"]


def _align(rows: Sequence[RowLine], form: str, glossary: Glossary) -> _Aligned:
    texts = [write_out_other(line.leaf, form) for line in rows]
    matches = align(texts, [r.id for r in table(form, "requests").rows], glossary)
    kept = [
        None if m is not None and may_be_another(line.leaf, m) else m
        for line, m in zip(rows, matches, strict=True)
    ]
    return _Aligned(form, rows, kept)


def _solve(aligned: _Aligned, heads: _ColumnOrder, glossary: Glossary) -> Solution:
    """The rows of one form with their boxes; those in doubt without."""
    labels = row_labels("requests", aligned.form, glossary)
    values = _take_boxes(aligned)
    named = [(line, m) for line, m in zip(aligned.lines, aligned.matches, strict=True) if m is not None]
    rows = [_label_row(line, m) for line, m in named]
    is_whole = {row.id for row in rows} == {*labels.ids} and all(row.score == EXACT for row in rows)
    order = heads.order or COLUMNS
    own = name_own_lines(_find_own_lines(aligned, values), rows, order, is_whole=is_whole)
    boxes = gather_boxes(_place_boxes(aligned, values, heads))
    boxes |= {
        (id, c): SolvedBox(w.cell, "fitted") for id, (_, numbers) in own.items() for c, w in numbers.items()
    }
    matches = {m.id: replace(m, printed=_path(line)) for line, m in named} | {
        id: m for id, (m, _) in own.items()
    }
    given = {row for row, _ in boxes}
    return Solution(
        "requests",
        aligned.form,
        "rows",
        boxes,
        matches,
        heads.texts if heads.order else {},
        judge("requests", aligned.form, boxes),
        "rows",
        fit_of(rows, labels),
        frozenset(matches.keys() - given),
        len(given),
    )


def _take_boxes(aligned: _Aligned) -> list[Sequence[PlacedWord]]:
    """The value boxes of each row, without those of columns that its label covers."""
    ids = [m.id if m is not None else "" for m in aligned.matches]
    return drop_covered(list(zip(ids, (line.values for line in aligned.lines), strict=True)), _COUNT)


def _label_row(line: RowLine, m: Match) -> LabelledRow:
    return LabelledRow(m.id, (line.labels[-1],), EXACT if m.rule in ("exact", "alias") else m.score / 100)


def _place_boxes(
    aligned: _Aligned, values: Sequence[Sequence[PlacedWord]], heads: _ColumnOrder
) -> Iterator[tuple[tuple[str, str], PlacedWord]]:
    """The boxes by row and column. Where no head names the columns, only the sums of all rows do."""
    if not heads.order and not all(map(adds_up, values)):
        return
    pairs = _pair_rows(values, heads.order or COLUMNS)
    for m, own in zip(aligned.matches, pairs, strict=True):
        yield from (((m.id, column), w) for column, w in own.items()) if m is not None else ()


def _path(line: RowLine) -> str:
    """The printed labels of a row, from those of its groups to its own."""
    groups = [squeeze(w.text) for w in line.labels[:-1] if simplify(key(w.text)) in GROUPS]
    return " / ".join(dict.fromkeys([*groups, squeeze(line.leaf)]))


def _find_own_lines(aligned: _Aligned, values: Sequence[Sequence[PlacedWord]]) -> list[OwnLine]:
    """The rows that the form does not have, with their boxes."""
    return [
        OwnLine(line.leaf, line.labels[-1].y, own)
        for line, m, own in zip(aligned.lines, aligned.matches, values, strict=True)
        if m is None and line.labels and all(is_value(w.text) for w in own)
    ]


# Boxes ---------------------------------------------------------------------------------------


def _pair_rows(values: Sequence[Sequence[PlacedWord]], order: Sequence[str]) -> list[dict[str, PlacedWord]]:
    """The boxes of each row by column, empty where it is not sure which is whose: only the table as a whole tells that."""
    if is_scrambled(values):
        return [{} for _ in values]
    keeps = None if lacks_totals(values) else keeps_blanks(values)
    are_regular = sum(len(own) == _COUNT for own in values) >= max(1, len(values) - 1)
    pairs = [pair_in_order(own, order) for own in values]
    last = values[-1]
    if not pairs[-1] and are_regular and 0 < len(last) < _COUNT and not ends_in_total(last):
        # every other row has all its boxes: only the end of the last one is missing
        pairs[-1] = dict(zip(order, last, strict=False))
    if keeps is not None:
        pairs = [{} if may_be_swept(tuple(own.values()), keeps) else own for own in pairs]
    return pairs
