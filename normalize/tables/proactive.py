"""Table two, 主动公开政府信息情况: rows → readings.

The table is a pile of blocks, each with heads of its own: 第二十条第（一）项 and so on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.model import Cell, Finding, Match, flag
from gongkai.normalize.form.align import align, drop_repeated
from gongkai.normalize.form.label import key, simplify, squeeze
from gongkai.normalize.form.lexicon import Glossary, TableGlossaries
from gongkai.normalize.form.number import is_blank, is_label
from gongkai.normalize.form.table_words import TOPICS
from gongkai.normalize.form.template import table
from gongkai.normalize.form.which_form import FORMS, choose_form_of_proactive, columns_of_rows, vote_for_forms
from gongkai.normalize.tables.fact import CellReading, TableReading
from gongkai.normalize.tables.header import unit
from gongkai.normalize.tables.own_rows import columns_beside, has_every_row, name_own_row
from gongkai.normalize.tables.row import Row, spread, write_out_noughts
from gongkai.record import dataclass, replace

_BLOCK = re.compile(r"第?二十条|第[(（]?[一五六八九][)）]?项|政府信息公开条例")
#: A block of 2021 with this head alone; that of 2019 has 处理决定数量 behind two others.
_ONLY_HEAD_OF_2021 = "本年处理决定数量"


@dataclass(frozen=True, slots=True)
class _ProactiveLine:
    """A row of values and the row of heads that governs it."""

    row: Row
    head: Row | None


@dataclass(frozen=True, slots=True)
class _Heads:
    """What the heads over a row mean: `cells` in the document, and the Match of each.

    `contradicted`: a head, taken by its position, means something else by itself.
    """

    cells: Sequence[Cell]
    matches: Sequence[Match | None]
    contradicted: bool = False


def read(rows: Sequence[Row], glossaries: TableGlossaries) -> tuple[TableReading, ...]:
    """Every value box of the table, with its row and column: one reading, or one for each form of its blocks."""
    lines = _lines(rows, glossaries)
    by_form = _part_by_form(lines, glossaries.columns)
    if by_form is not None:
        several = tuple(
            _read_lines(own, form, _align(own, form, glossaries), glossaries) for form, own in by_form.items()
        )
        if _claim_different_fields(several):
            return several
    aligned = {form: _align(lines, form, glossaries) for form in FORMS}
    form = choose_form_of_proactive(_labels_of(rows), aligned, glossaries.columns) if lines else None
    if form is None:
        return (TableReading("proactive", None, (), ()),)
    return (_read_lines(lines, form, aligned[form], glossaries),)


def _align(lines: Sequence[_ProactiveLine], form: str, glossaries: TableGlossaries) -> list[Match | None]:
    labels = [line.row.leaf_text for line in lines]
    return list(align(labels, [r.id for r in table(form, "proactive").rows], glossaries.rows))


def _read_lines(
    lines: Sequence[_ProactiveLine], form: str, aligned: Sequence[Match | None], glossaries: TableGlossaries
) -> TableReading:
    """The readings of some rows under one form."""
    columns = columns_of_rows(form)
    readings: list[CellReading] = []
    findings: list[Finding] = []
    ids = [m.id if m is not None else None for m in aligned]
    is_whole = has_every_row("proactive", form, set(filter(None, ids)))
    for i, (line, m) in enumerate(zip(lines, aligned, strict=True)):
        if m is None:
            own, own_findings = _read_own_row(line, i, columns_beside(ids, i, columns), glossaries)
            readings += own if is_whole else []
            findings += own_findings if is_whole else _report_unknown(line.row)
            continue
        row_readings, row_findings = _read_line(line, m, columns.get(m.id, ()), glossaries)
        readings += row_readings
        findings += row_findings
    return TableReading("proactive", form, tuple(readings), tuple(findings))


def _part_by_form(
    lines: Sequence[_ProactiveLine], glossary: Glossary
) -> dict[str, list[_ProactiveLine]] | None:
    """The rows of each form, where some blocks have the heads of one form and some those of the other; else None.

    Heads that both forms have go with those of 2021.
    """
    votes = [_vote_of_heads(line.head, glossary) for line in lines]
    if {"2019", "2021"} - set(votes):
        return None
    parted: dict[str, list[_ProactiveLine]] = {form: [] for form in FORMS}
    for line, vote in zip(lines, votes, strict=True):
        parted[vote or "2021"].append(line)
    return parted


def _vote_of_heads(head: Row | None, glossary: Glossary) -> str | None:
    """The form that alone has the heads of a block, as they are printed."""
    if head is None:
        return None
    exact = [c for c in head.cells if is_label(c.text) and glossary.exact(squeeze(c.text)) is not None]
    if [squeeze(c.text) for c in exact] == [_ONLY_HEAD_OF_2021]:
        return "2021"
    forms = set(vote_for_forms([c.text for c in exact], glossary))
    return forms.pop() if len(forms) == 1 else None


def _claim_different_fields(readings: Sequence[TableReading]) -> bool:
    """Whether no field is claimed under two forms."""
    fields = [{(r.row.id, r.column.id) for r in reading.readings} for reading in readings]
    return not set.intersection(*fields)


def _lines(rows: Sequence[Row], glossaries: TableGlossaries) -> list[_ProactiveLine]:
    lines: list[_ProactiveLine] = []
    head: Row | None = None
    for row in rows:
        if _is_head(row, glossaries.columns):
            head = row
        elif row.leaf is not None and not _is_block(row):
            heads = [c.column for c in head.cells if is_label(c.text)] if head is not None else ()
            own = _stop_labels(write_out_noughts(row, heads), glossaries.rows)
            if own.values:
                lines.append(_ProactiveLine(own, head))
    return lines


def _stop_labels(row: Row, glossary: Glossary) -> Row:
    """The row with its label where a row's name stands: “规章 | 若干” has words for a value."""
    labels = row.labels
    if len(labels) > 1 and glossary.match(labels[-1].text) is None:
        for label in reversed(labels[:-1]):
            if glossary.match(label.text) is not None:
                return replace(row, stop=label.column + label.colspan)
    return row


def _is_block(row: Row) -> bool:
    labels = [c for c in row.cells if is_label(c.text)]
    return len(labels) == 1 and _BLOCK.search(simplify(re.sub(r"\s", "", labels[0].text))) is not None


def _is_head(row: Row, glossary: Glossary) -> bool:
    labels = [c for c in row.cells if is_label(c.text)]
    if any(not is_label(c.text) and not is_blank(c.text) for c in row.cells):
        return False
    if labels and simplify(key(labels[0].text)) in TOPICS and len(labels) > 1:
        return True
    return any(glossary.match(c.text) is not None for c in labels)


def _labels_of(rows: Sequence[Row]) -> list[str]:
    return [c.text for row in rows for c in row.cells if is_label(c.text)]


# One row -------------------------------------------------------------------------------------


def _read_own_row(
    line: _ProactiveLine, i: int, columns: Sequence[str], glossaries: TableGlossaries
) -> tuple[list[CellReading], list[Finding]]:
    """The readings of a row that the form does not have, under the heads over it."""
    m = name_own_row(line.row, i + 1, glossaries)
    if m is None or line.head is None or all(is_blank(c.text) for c in line.row.values):
        return [], _report_unknown(line.row)
    readings, _ = _read_line(line, m, columns, glossaries)
    return readings, [] if readings else _report_unknown(line.row)


def _read_line(
    line: _ProactiveLine, m: Match, columns: Sequence[str], glossaries: TableGlossaries
) -> tuple[list[CellReading], list[Finding]]:
    """The readings of one row, or why there are none. `columns` are those that the form has for it."""
    if line.head is None:
        return [], [_doubt(line.row, m, len(columns), "no heads stand above it")]
    return _read_under(line.row, line.head, m, columns, glossaries.columns)


def _read_under(
    row: Row, head: Row, m: Match, columns: Sequence[str], glossary: Glossary
) -> tuple[list[CellReading], list[Finding]]:
    heads = _read_heads(head, columns, glossary)
    known = {x.id: (x, c) for x, c in zip(heads.matches, heads.cells, strict=True) if x is not None}
    places = [(x.id, c.column) for x, c in zip(heads.matches, heads.cells, strict=True) if x is not None]
    pairs, way = spread(row.values, places, row.label_end)
    findings = [_report_contradicted(row, m, heads)] if heads.contradicted else []
    if not pairs:
        return [], [_doubt(row, m, len(places), "which column each belongs to is not certain")]
    row_match = replace(m, printed=row.path)
    way = "contradicted" if heads.contradicted else way
    texts = {id: squeeze(known[id][1].text) for id in pairs}
    readings = [
        CellReading(row_match, replace(known[id][0], printed=texts[id]), cell, way, unit(texts[id]))
        for id, cell in pairs.items()
    ]
    return readings, findings


def _read_heads(head: Row, columns: Sequence[str], glossary: Glossary) -> _Heads:
    """The heads of one block. The first label is none where it names what the rows are: 信息内容."""
    labels = [c for c in head.cells if is_label(c.text)]
    if glossary.match(labels[0].text) is None:
        labels = labels[1:]
    texts = [squeeze(c.text) for c in labels]
    matches = align(texts, columns, glossary)
    if len(labels) == len(columns):
        by_position, contradicted = _match_by_position(texts, matches, columns, glossary)
        return _Heads(labels, by_position, contradicted)
    return _Heads(labels, drop_repeated(matches))


def _match_by_position(
    texts: Sequence[str], matches: Sequence[Match | None], columns: Sequence[str], glossary: Glossary
) -> tuple[list[Match | None], bool]:
    """As many heads as columns: a head without a meaning of its own (本年新) takes that of its position.

    So does a head that means something else (上一年项目数量 over 政府集中采购), or the same as another
    one, as for a reader of the page; but then the heads are contradicted.
    """
    once = drop_repeated(matches)
    if all(x is not None for x in once):
        return once, False
    result: list[Match | None] = []
    contradicted = False
    for text, x, own, id in zip(texts, matches, once, columns, strict=True):
        if x is not None and x.id == id:
            result.append(x)
        elif own is not None:
            return once, False
        else:
            contradicted = contradicted or glossary.match(text) is not None
            result.append(Match(text, id, 0.0, "position"))
    return result, contradicted


# Findings ------------------------------------------------------------------------------------


def _report_contradicted(row: Row, m: Match, heads: _Heads) -> Finding:
    texts = [squeeze(c.text) for c in heads.cells]
    place = row.cells[0].place
    return flag(
        "label-contradicts",
        f"{place}: the heads over {m.id} are {', '.join(texts)}; the boxes are taken by position",
        place=place,
        table="proactive",
        row=m.id,
        printed=" | ".join(texts),
    )


def _doubt(row: Row, m: Match, expected: int, why: str) -> Finding:
    place = row.cells[0].place
    printed = " | ".join(c.text.strip() for c in row.values)
    return flag(
        "row-unaligned",
        f"{place}: {len(row.values)} boxes ({printed}) for {expected} columns; {why}, so none is taken",
        place=place,
        table="proactive",
        row=m.id,
        printed=printed,
    )


def _report_unknown(row: Row) -> list[Finding]:
    """A row of numbers whose label is not understood."""
    if all(is_blank(c.text) for c in row.values):
        return []
    place = row.cells[0].place
    return [
        flag(
            "label-unknown",
            f"{place}: the form has no row “{row.path}”; its boxes are left out",
            place=place,
            table="proactive",
            printed=row.path,
            severity="warning",
        )
    ]
