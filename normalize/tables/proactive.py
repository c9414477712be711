"""Table two, 主动公开政府信息情况: rows → readings.

The table is a pile of blocks, each with heads of its own: 第二十条第（一）项 and so on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gongkai.model import Finding, Match, flag
from gongkai.normalize.form.align import align, total
from gongkai.normalize.form.label import key, match, simplified
from gongkai.normalize.form.number import is_blank, is_label
from gongkai.normalize.form.template import table
from gongkai.normalize.tables.fact import CellReading, TableReading
from gongkai.normalize.tables.header import unit
from gongkai.normalize.tables.row import Row, spread, squeeze

_BLOCK = re.compile(r"第?二十条|第[(（]?[一五六八九][)）]?项|政府信息公开条例")
_TOPIC = ("信息内容", "信息類别", "项目", "内容")
_FORMS = ("2021", "2019")


def read(rows: Sequence[Row], extra: Path | None) -> TableReading:
    """Every value box of the table, with its row and column."""
    words = ("proactive", "rows", extra)
    data = _data(rows, extra)
    labels = [row.leaf.text if row.leaf else "" for row, _ in data]
    aligned = {f: align(labels, [r.id for r in table(f, "proactive").rows], words) for f in _FORMS}
    form = _form(rows, data, aligned, extra)
    readings: list[CellReading] = []
    findings: list[Finding] = []
    if form is None:
        return TableReading("proactive", None, (), ())
    slots = {(s.row.id, s.column.id) for s in table(form, "proactive").fields}
    order = [c.id for c in table(form, "proactive").columns]
    for (row, head), m in zip(data, aligned[form], strict=True):
        if m is None:
            if any(not is_blank(c.text) for c in row.values):
                findings.append(_unknown(row))
            continue
        columns = [c for c in order if (m.id, c) in slots]
        more, finding = _row(row, replace(m, printed=row.path), head, columns, extra)
        readings += more
        if finding is not None:
            findings.append(finding)
    return TableReading("proactive", form, tuple(readings), tuple(findings))


def _data(rows: Sequence[Row], extra: Path | None) -> list[tuple[Row, Row | None]]:
    """The rows of values, each with the row of heads that governs it."""
    result: list[tuple[Row, Row | None]] = []
    head: Row | None = None
    words = ("proactive", "columns", extra)
    for row in rows:
        if _is_head(row, words):
            head = row
        elif row.leaf is not None and not _is_block(row) and (own := _leafed(row, extra)).values:
            result.append((own, head))
    return result


def _leafed(row: Row, extra: Path | None) -> Row:
    """The row with its label where a row's name stands: “规章 | 若干” has words for a value."""
    labels = row.labels
    words = ("proactive", "rows", extra)
    if len(labels) > 1 and match(labels[-1].text, words) is None:
        for label in reversed(labels[:-1]):
            if match(label.text, words) is not None:
                return replace(row, stop=label.column + label.colspan)
    return row


def _is_block(row: Row) -> bool:
    labels = [c for c in row.cells if is_label(c.text)]
    return len(labels) == 1 and _BLOCK.search(simplified(re.sub(r"\s", "", labels[0].text))) is not None


def _is_head(row: Row, words: tuple[str, str, Path | None]) -> bool:
    labels = [c for c in row.cells if is_label(c.text)]
    if any(not is_label(c.text) and not is_blank(c.text) for c in row.cells):
        return False
    if labels and simplified(key(labels[0].text)) in _TOPIC and len(labels) > 1:
        return True
    return any(match(c.text, words) is not None for c in labels)


def _form(
    rows: Sequence[Row],
    data: Sequence[tuple[Row, Row | None]],
    aligned: dict[str, list[Match | None]],
    extra: Path | None,
) -> str | None:
    """The form whose heads and rows these are; the heads tell, rows are much the same in both."""
    words = ("proactive", "columns", extra)
    votes = {f: total(aligned[f]) / 1000 for f in _FORMS}
    columns = {f: {c.id for c in table(f, "proactive").columns} for f in _FORMS}
    for row in rows:
        for cell in row.cells:
            m = match(cell.text, words) if is_label(cell.text) else None
            if m is None:
                continue
            here = [f for f in _FORMS if m.id in columns[f]]
            if len(here) == 1:
                votes[here[0]] += 1
    own = {"other_public_services", "government_procurement"}
    votes["2019"] += sum(m is not None and m.id in own for m in aligned["2019"])
    if not data or votes["2019"] == votes["2021"]:
        return None
    best = max(votes, key=lambda f: votes[f])
    return best if votes[best] >= 1 else None


def _row(
    row: Row, m: Match, head: Row | None, columns: Sequence[str], extra: Path | None
) -> tuple[list[CellReading], Finding | None]:
    """The readings of one row, or why there are none."""
    if head is None:
        return [], _doubt(row, m, len(columns), "no heads stand above it")
    labels = [c for c in head.cells if is_label(c.text)][1:]
    if not _topic_first(head):
        labels = [c for c in head.cells if is_label(c.text)]
    texts = [squeeze(c.text) for c in labels]
    found = align(texts, columns, ("proactive", "columns", extra))
    finding = None
    contradicted = False
    if len(labels) == len(columns):
        matches, contradicted = _by_position(texts, found, columns, extra)
        if contradicted:
            finding = _contradicted(row, m, texts, columns)
    else:
        matches = _once(found)
    known = [(x.id, c.column) for x, c in zip(matches, labels, strict=True) if x is not None]
    heads = {x.id: (x, t) for x, t in zip(matches, texts, strict=True) if x is not None}
    end = row.leaf.column + row.leaf.colspan if row.leaf is not None else None
    pairs, way = spread(row.values, known, end, flat=row.flat)
    if not pairs:
        if all(is_blank(c.text) for c in row.values) and row.flat:
            return [], None
        return [], _doubt(row, m, len(known), "which column each belongs to is not certain")
    readings = [
        CellReading(
            m,
            replace(heads[id][0], printed=heads[id][1]),
            cell,
            "contradicted" if contradicted else way,
            unit(heads[id][1]),
        )
        for id, cell in pairs.items()
    ]
    return readings, finding


def _topic_first(head: Row) -> bool:
    labels = [c for c in head.cells if is_label(c.text)]
    return match(labels[0].text, ("proactive", "columns", None)) is None


def _by_position(
    texts: Sequence[str], found: Sequence[Match | None], columns: Sequence[str], extra: Path | None
) -> tuple[list[Match | None], bool]:
    """As many heads as columns: a head that says nothing (本年新) is told by its position.

    A head that says something else (上一年项目数量 over 政府集中采购), or what another one says, is
    believed in its position too, as a reader of the page would, but contradicted.
    """
    once = _once(found)
    if all(x is not None for x in once):
        return once, False
    result: list[Match | None] = []
    contradicted = False
    for text, x, own, id in zip(texts, found, once, columns, strict=True):
        alone = match(text, ("proactive", "columns", extra))
        if x is not None and x.id == id:
            result.append(x)
        elif own is not None:
            return once, False
        else:
            contradicted = contradicted or alone is not None
            result.append(Match(text, id, 0.0, "position"))
    return result, contradicted


def _once(found: Sequence[Match | None]) -> list[Match | None]:
    """The heads without those that stand twice: which of them is meant, the words do not say."""
    ids = [x.id for x in found if x is not None]
    return [None if x is None or ids.count(x.id) > 1 else x for x in found]


def _contradicted(row: Row, m: Match, texts: Sequence[str], columns: Sequence[str]) -> Finding:
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


def _unknown(row: Row) -> Finding:
    place = row.cells[0].place
    return flag(
        "label-unknown",
        f"{place}: the row “{row.path}” is none that the form has; its boxes are left out",
        place=place,
        table="proactive",
        printed=row.path,
        severity="warning",
    )
