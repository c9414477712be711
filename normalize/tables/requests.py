"""Table three, 收到和处理政府信息公开申请情况: rows → readings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gongkai.model import Cell, Finding, Match, flag
from gongkai.normalize.form.align import align, total
from gongkai.normalize.form.label import exact, key, last_of, match
from gongkai.normalize.form.number import is_blank, is_label
from gongkai.normalize.form.template import table
from gongkai.normalize.tables.fact import CellReading, TableReading
from gongkai.normalize.tables.flattened_check import (
    adds_up,
    ends_in_total,
    keeps_blanks,
    swept,
    totals_blank,
    uncovered,
)
from gongkai.normalize.tables.header import NOWHERE, Head, counted_heads, flat_heads, heads
from gongkai.normalize.tables.row import Row, spread

#: Labels over several columns, and the note on the balance in the top left box.
_OVER = re.compile(
    r"申[请請]人情[况況]|申[请請]人[类類]|^申[请請]人$|法人|勾稽|钩稽|第一项加|第一項加|[0-9一二三四]项加第"
)
_FORMS = ("2021", "2019")
_COLUMNS = tuple(c.id for c in table("2021", "requests").columns)


def read(rows: Sequence[Row], extra: Path | None) -> TableReading:
    """Every value box of the table, with its row and column.

    `rows` may come from several Grids: a table cut in two keeps the heads of its first part.
    """
    words = ("requests", "rows", extra)
    parts = _parts(rows, extra)
    data = [(row, h) for part, h in parts for row in part if _has_values(row, h)]
    data = [(_leafed(row, h), h) for row, h in data]
    labels = [row.leaf.text if row.leaf else "" for row, _ in data]
    if _lies_on_its_side(labels, extra):
        return TableReading("requests", None, (), tuple(_doubt(row, None, 0) for row, _ in data[:1]))
    aligned = {
        f: align([_other(t, f) for t in labels], [r.id for r in table(f, "requests").rows], words)
        for f in _FORMS
    }
    form = _form(aligned, data)
    readings: list[CellReading] = []
    findings: list[Finding] = []
    matches = aligned[form or "2021"]
    values = _values(data, matches)
    first = next((c.place.page for row in rows for c in row.cells), None)
    matches = _healed(data, matches, values, words, first)
    regular = sum(len(boxes) == 7 for boxes in values) >= len(data) - 1
    flat = [boxes for (row, _), boxes in zip(data, values, strict=True) if row.flat]
    kept = None if totals_blank(flat) else keeps_blanks(flat)
    headless = all(adds_up(boxes) for (_, h), boxes in zip(data, values, strict=True) if not h)
    heads_of: list[Head] | None = None
    columns: dict[str, Match] = {}
    for (row, h), boxes, m in zip(data, values, matches, strict=True):
        if h is not heads_of:  # most rows have the heads of the row before
            heads_of, columns = h, {x.match.id: replace(x.match, printed=x.path) for x in h}
        if m is None:
            findings += _unread(row)
            continue
        pairs, way = _pairs(row, boxes, h, regular and row is data[-1][0], kept)
        if not h and not headless:
            pairs = {}  # nobody says what the columns are, and the last is not the sum of the others
        more, finding = _row(row, boxes, replace(m, printed=row.path), h, columns, pairs, way)
        readings += more
        if finding is not None:
            findings.append(finding)
    findings += _strange([h for _, h in data])
    return TableReading("requests", form, tuple(readings), tuple(findings))


def _healed(
    data: Sequence[tuple[Row, list[Head]]],
    matches: Sequence[Match | None],
    values: Sequence[Sequence[Cell]],
    words: tuple[str, str, Path | None],
    first: int | None,
) -> list[Match | None]:
    """Rows that a page end cut through: numbers beside “7.属于行” and blank boxes beside “政执法案卷”.

    The blanks are none of the row's: its numbers stand above. They are taken where both pieces
    together are the row's label, word for word; else neither part is. So a blank row that begins a
    page with anything but a whole label is not given as zeros. `first` is the page the table begins on.
    """
    healed = list(matches)
    pages = [
        next((c.place.page for c in (*boxes, *row.cells)), None)
        for (row, _), boxes in zip(data, values, strict=True)
    ]
    for i, (row, _) in enumerate(data):
        m = healed[i]
        before = pages[i - 1] if i else first
        if m is None or pages[i] == before or not all(is_blank(c.text) for c in values[i]):
            continue
        whole = m.rule in ("exact", "alias")
        if i == 0:
            healed[i] = m if whole else None
            continue
        above = data[i - 1][0]
        begun = above.leaf.text if above.leaf else ""
        numbers = healed[i - 1] is None and not all(is_blank(c.text) for c in values[i - 1])
        if whole and not (numbers and not key(begun)):
            continue  # a whole label; only a bare number above it would be its beginning
        healed[i] = None
        found = exact(begun + (row.leaf.text if row.leaf else ""), words)
        if numbers and found is not None and found.id == m.id:
            healed[i - 1] = replace(found, rule="sequence")
    return healed


#: So many applicants as labels of rows, and the table lies on its side: its results stand across the top.
_LEAST_APPLICANTS = 3


def _lies_on_its_side(labels: Sequence[str], extra: Path | None) -> bool:
    found = {m.id for text in labels if (m := exact(text, ("requests", "columns", extra))) is not None}
    return len(found - {"other", "total"}) >= _LEAST_APPLICANTS


def _strange(used: Sequence[list[Head]]) -> list[Finding]:
    """That heads which say nothing were passed over, once for the table."""
    seen = dict.fromkeys(x.path for h in used for x in h if x.match.rule == "position" and x.match.printed)
    if not seen:
        return []
    texts = ", ".join(path.rpartition(" / ")[2] for path in seen)
    message = f"heads that the form does not have ({texts}); their columns are taken by position"
    return [flag("label-contradicts", message, table="requests", printed=" | ".join(seen))]


_OTHER = re.compile(
    r"^\s*(?:(?P<mark>[(（]?(?:六|6)[)）]?[、.．,，]?|㈥)|(?P<line>3[.．、]))?\s*其[他它]\s*$"
)


def _other(label: str, form: str) -> str:
    """（六）其他 is the row （六）其他处理 of 2019 in short; 3.其他 the last of the three rows of 2021."""
    hit = _OTHER.match(last_of(label))
    if hit is None or (hit["line"] is not None and form == "2019"):
        return label  # 3. is a number of the form of 2021
    return "（六）其他处理" if hit["mark"] or form == "2019" else label


def _form(aligned: dict[str, list[Match | None]], data: Sequence[tuple[Row, list[Head]]]) -> str | None:
    """The form whose rows fit better: one row （六）其他处理, or three below it.

    A bare 其他 fits both; a label of its group beside it is that of 2021.
    """
    scores = {f: total(m) for f, m in aligned.items()}
    if scores["2019"] != scores["2021"]:
        return max(scores, key=lambda f: scores[f])
    for (row, _), m in zip(data, aligned["2021"], strict=True):
        if m is not None and m.id == "other_misc":
            return "2021" if "其他处理" in row.path or "其它处理" in row.path else "2019"
    return None


def _parts(rows: Sequence[Row], extra: Path | None) -> list[tuple[list[Row], list[Head]]]:
    """The data rows, each run with the heads that govern it."""
    order = _COLUMNS
    words = ("requests", "columns", extra)
    result: list[tuple[list[Row], list[Head]]] = []
    head_rows: list[Row] = []
    current: list[Head] = []
    for row in rows:
        if (
            _is_head(row, words)
            or (head_rows and _goes_on(row, head_rows[-1], extra))
            or _is_row_of_words(row)
        ):
            head_rows.append(row)
            continue
        if head_rows and not row.flat and all(is_blank(c.text) for c in row.cells):
            continue  # a strip that a page end leaves of a row of heads
        if head_rows:
            flat = all(r.flat for r in head_rows)
            found = flat_heads(head_rows, order, words) if flat else heads(head_rows, order, words, _OVER)
            if not flat and len(found) < len(order):
                found = counted_heads(head_rows, order, words) or found
            if len(found) >= 3:
                current = found
            result.append(([], current))
            head_rows = []
        if not result or (result[-1][0] and result[-1][0][-1].grid != row.grid):
            result.append(([], current))
        result[-1][0].append(row)
    return result


def _is_head(row: Row, words: tuple[str, str, Path | None]) -> bool:
    labels = [c for c in row.cells if is_label(c.text)]
    if any(not is_label(c.text) and not is_blank(c.text) for c in row.cells):
        return False
    if (
        row.leaf is not None
        and exact(row.leaf.text, ("requests", "rows", words[2])) is not None
        and len(labels) < 3
        and not (len(labels) == len(row.cells) > 1 and all(exact(c.text, words) for c in labels))
    ):
        return False  # 总计 names a column and a row; beside 自然人, and nothing else, it is a column
    hits = sum(match(c.text, words) is not None for c in labels)
    return hits >= 2 or any(_OVER.search(re.sub(r"\s", "", c.text)) for c in labels)


def _is_row_of_words(row: Row) -> bool:
    """Heads of somebody's own: 项目 | 数据1 | 数据2 … over every column."""
    return not row.flat and len(row.cells) > len(_COLUMNS) and all(is_label(c.text) for c in row.cells)


def _goes_on(row: Row, head: Row, extra: Path | None) -> bool:
    """A row of words below a head: labels broken by a page end (商业 over 企业)."""
    if row.grid != head.grid or row.flat or not any(is_label(c.text) for c in row.cells):
        return False
    if any(not is_label(c.text) and not is_blank(c.text) for c in row.cells):
        return False
    labels = [c for c in row.cells if is_label(c.text)]
    if len(labels) == len(row.cells) and labels[0].column > 0:
        return True  # no box of the row is a value: 其他 on a line of its own
    own = any(match(c.text, ("requests", "rows", extra)) for c in labels[: max(1, len(labels) - 1)])
    return len(row.cells) - len(labels) < 5 and not own


def _has_values(row: Row, h: Sequence[Head]) -> bool:
    return row.leaf is not None and bool(_leafed(row, h).values)


def _leafed(row: Row, h: Sequence[Head]) -> Row:
    """The row, with words in its value columns kept from passing for its label."""
    if not h or row.flat or h[0].column == NOWHERE:
        return row
    first = h[0].column
    leaf = row.leaf
    if leaf is None or leaf.column <= first or not any(c.column < first for c in row.labels):
        return row
    return replace(row, stop=first)


def _values(data: Sequence[tuple[Row, list[Head]]], matches: Sequence[Match | None]) -> list[Sequence[Cell]]:
    """The value boxes of each row."""
    boxes = [row.values for row, _ in data]
    if not all(row.flat for row, _ in data):
        return list(boxes)
    return uncovered(
        [(m.id if m is not None else "", b) for m, b in zip(matches, boxes, strict=True)], len(_COLUMNS)
    )


def _pairs(
    row: Row, boxes: Sequence[Cell], h: Sequence[Head], last: bool, kept: bool | None
) -> tuple[dict[str, Cell], str]:
    """Which box belongs to which column, and how that was decided.

    `last` says that this is the last row of a text whose other rows have all their boxes; `kept`
    whether blank boxes keep their places in it (None: whatever the sums say).
    """
    known = [(x.match.id, x.column) for x in h] or [(c, i) for i, c in enumerate(_COLUMNS)]
    leaf = row.leaf
    end = leaf.column + leaf.colspan if leaf is not None else None
    whole = len(known) == len(_COLUMNS)
    counted = row.flat or not h or h[0].column == NOWHERE
    if len({c for c, _ in known}) < len(known):
        return {}, "doubt"  # a head stands twice
    pairs, way = spread(boxes, known, end, flat=counted, whole=whole)
    if not pairs and row.flat and last and 0 < len(boxes) < len(known) and not ends_in_total(boxes):
        # Every other row of the text has all its boxes: only the end of the last one is missing.
        pairs, way = dict(zip([c for c, _ in known], boxes, strict=False)), "count"
    if way == "count" and not counted and whole and tuple(c for c, _ in known) != _COLUMNS:
        return {}, "doubt"  # heads in an order of their own, and not over the boxes: which is wrong?
    if row.flat and pairs and kept is not None and swept(tuple(pairs.values()), kept):
        return {}, "doubt"
    return pairs, way


def _row(
    row: Row,
    boxes: Sequence[Cell],
    m: Match,
    h: Sequence[Head],
    columns: Mapping[str, Match],
    pairs: dict[str, Cell],
    way: str,
) -> tuple[list[CellReading], Finding | None]:
    """The readings of one row, or why there are none. `columns` are the Matches of `h` as printed."""
    if not pairs:
        if all(is_blank(c.text) for c in boxes):
            return [], None
        return [], _doubt(row, m, len(h) or len(_COLUMNS))
    by_id = {x.match.id: x.match for x in h}
    readings = []
    for id, cell in pairs.items():
        column = columns[id] if id in columns else Match("", id, 0.0, "position")
        head = by_id.get(id)
        strange = head is not None and head.rule == "position" and head.printed != ""
        readings.append(CellReading(m, column, cell, "contradicted" if strange else way))
    return readings, None


def _doubt(row: Row, m: Match | None, expected: int) -> Finding:
    place = row.cells[0].place
    printed = " | ".join(c.text.strip() for c in row.values)
    return flag(
        "row-unaligned",
        f"{place}: {len(row.values)} boxes ({printed}) for {expected} columns; "
        "which column each belongs to is not certain, so none is taken",
        place=place,
        table="requests",
        row=m.id if m is not None else None,
        printed=printed,
    )


def _unread(row: Row) -> list[Finding]:
    """A row of numbers whose label is not understood."""
    if all(is_blank(c.text) for c in row.values):
        return []
    place = row.cells[0].place
    return [
        flag(
            "label-unknown",
            f"{place}: the row “{row.path}” is none that the form has; its boxes are left out",
            place=place,
            table="requests",
            printed=row.path,
        )
    ]
