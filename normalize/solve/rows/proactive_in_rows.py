"""Table two in rows of boxes: those behind a label are its row's, in the order of the heads of its block."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gongkai.model import Match, PlacedWord
from gongkai.normalize.form.align import align, drop_repeated
from gongkai.normalize.form.label import key, simplify, squeeze
from gongkai.normalize.form.lexicon import Glossary, TableGlossaries
from gongkai.normalize.form.table_words import TOPICS
from gongkai.normalize.form.template import table
from gongkai.normalize.form.which_form import FORMS, choose_form_of_proactive, columns_of_rows
from gongkai.normalize.solve.rows.row_lines import RowLine, gather_boxes, pair_in_order, read_lines
from gongkai.normalize.solve.solution import Solution, Verdict
from gongkai.normalize.solve.table_region import Region


class _BlockRow(NamedTuple):
    """A row and the heads of its block in the order of reading. `has_topic`: 信息内容 stands before them."""

    line: RowLine
    heads: Sequence[PlacedWord]
    has_topic: bool


def solve_in_rows(region: Region, glossaries: TableGlossaries) -> list[Solution]:
    """The rows with their boxes, under the form whose heads and rows these are."""
    rows = list(_put_under_heads(read_lines(region), glossaries))
    aligned = {form: _align(rows, form, glossaries.rows) for form in FORMS}
    form = choose_form_of_proactive((w.text for w in region.texts), aligned, glossaries.columns)
    return [] if form is None else _solve(rows, aligned[form], form, glossaries)


def _align(rows: Sequence[_BlockRow], form: str, glossary: Glossary) -> Sequence[Match | None]:
    ids = [r.id for r in table(form, "proactive").rows]
    return align([row.line.leaf for row in rows], ids, glossary)


def _solve(
    rows: Sequence[_BlockRow], aligned: Sequence[Match | None], form: str, glossaries: TableGlossaries
) -> list[Solution]:
    """The rows of one form with their boxes; those in doubt without."""
    columns = columns_of_rows(form)
    named = [(row, m) for row, m in zip(rows, aligned, strict=True) if m is not None]
    found = [(m.id, _read_row(row, columns[m.id], glossaries)) for row, m in named]
    boxes = gather_boxes(((id, column), w) for id, own in found for column, (_, w) in own.items())
    heads = {column: head for _, own in reversed(found) for column, (head, _) in own.items()}
    matches = {m.id: m for _, m in named}
    doubtful = frozenset(matches.keys() - {id for id, _ in boxes})
    nothing = Verdict(0, 0, 0, 0)
    solution = Solution("proactive", form, "rows", boxes, matches, heads, nothing, "rows", doubtful=doubtful)
    return [solution] if boxes else []


# Heads ---------------------------------------------------------------------------------------


def _put_under_heads(lines: Sequence[RowLine], glossaries: TableGlossaries) -> Iterator[_BlockRow]:
    """The rows of values, each with the heads that are read last before it.

    Numbers right behind heads are those of a row that lost its label. Where they are there more than once, each number may
    stand before its label.
    """
    displaced = [_is_head(line, glossaries.columns) and not line.is_blank for line in lines]
    heads: Sequence[PlacedWord] = ()
    has_topic = False
    for line, is_displaced in zip(lines, displaced, strict=True):
        is_row = bool(line.values) and not _is_head(line, glossaries.columns)
        labels = line.labels[:-1] if is_row else line.labels
        if any(glossaries.columns.match(w.text) is not None for w in labels):
            heads, has_topic = _drop_topic(labels, glossaries.columns)
        if is_displaced and sum(displaced) > 1:
            heads = ()
        if is_row:
            yield _BlockRow(line, heads, has_topic)


def _is_head(line: RowLine, glossary: Glossary) -> bool:
    """Whether the label next to the boxes of a line is a head, so that what stands in them has no label of a row."""
    return glossary.match(line.leaf) is not None


def _drop_topic(labels: Sequence[PlacedWord], glossary: Glossary) -> tuple[Sequence[PlacedWord], bool]:
    """The heads behind the word that says what the rows are, 信息内容: heads of the block before may stand in one run with them."""
    topics = [n for n, w in enumerate(labels) if simplify(key(w.text)) in TOPICS]
    if topics and topics[-1] + 1 < len(labels):
        return labels[topics[-1] + 1 :], True
    return labels[1:] if glossary.match(labels[0].text) is None else labels, False


def _match_heads(texts: Sequence[str], columns: Sequence[str], glossary: Glossary) -> Sequence[Match | None]:
    """What each head means. One without a meaning of its own (本年新) takes that of its position, where the others stand in theirs."""
    matches = align(texts, columns, glossary)
    once = drop_repeated(matches)
    if all(once) or len(texts) != len(columns):
        return once
    if any(m is not None and m.id != id for m, id in zip(matches, columns, strict=True)):
        return once
    if any(m is None and glossary.match(text) is not None for m, text in zip(matches, texts, strict=True)):
        return once  # it means something else by itself
    return [m or Match(text, id, 0.0, "position") for m, text, id in zip(once, texts, columns, strict=True)]


def _is_cut(match: Match, text: str, glossary: Glossary) -> bool:
    """Whether only the beginning of a listed head is printed: text of a sheet that is wider than its paper ends there."""
    begin = simplify(key(text))
    return match.rule == "fuzzy" and any(
        id == match.id and wording.startswith(begin) for wording, (id, _) in glossary.printed.items()
    )


# One row -------------------------------------------------------------------------------------


def _read_row(
    row: _BlockRow, columns: Sequence[str], glossaries: TableGlossaries
) -> Mapping[str, tuple[str, PlacedWord]]:
    """The head and the box of each column of a row; empty where it is not certain which is whose."""
    heads = row.heads
    if not heads or glossaries.rows.exact(heads[-1].text) is not None:
        return {}  # the label of a row without numbers stands right above
    values = row.line.values
    if row.has_topic:
        heads, values = _join_repeated(heads, values)
    texts = [squeeze(w.text) for w in heads]
    known = {m.id: text for m, text in _matched(texts, columns, glossaries.columns)}
    if any(_is_cut(m, text, glossaries.columns) for m, text in _matched(texts, columns, glossaries.columns)):
        return {}  # numbers may be cut as well
    return {id: (known[id], w) for id, w in pair_in_order(values, [*known]).items()} if known else {}


def _matched(texts: Sequence[str], columns: Sequence[str], glossary: Glossary) -> list[tuple[Match, str]]:
    matches = _match_heads(texts, columns, glossary)
    return [(m, text) for m, text in zip(matches, texts, strict=True) if m is not None]


def _join_repeated(
    heads: Sequence[PlacedWord], values: Sequence[PlacedWord]
) -> tuple[Sequence[PlacedWord], Sequence[PlacedWord]]:
    """One box for each head that a text repeats, where the row repeats its value as often.

    A program that knows no spans writes a box again for every column that it goes over.
    """
    if len(heads) != len(values):
        return heads, values
    first = [True, *(a.text != b.text for a, b in itertools.pairwise(heads))]
    if any(
        not own and a.text != b.text
        for own, (a, b) in zip(first[1:], itertools.pairwise(values), strict=True)
    ):
        return heads, values
    return list(itertools.compress(heads, first)), list(itertools.compress(values, first))
