"""Document → the rows of each table of the form, by the words that stand in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from gongkai.model import Block, Cell, Grid, Paragraph
from gongkai.normalize.form.label import exact, key, match, simplified
from gongkai.normalize.form.number import is_label
from gongkai.normalize.narrative.section import is_heading, is_name
from gongkai.normalize.tables import flattened, statistics
from gongkai.normalize.tables.litigation import group_of
from gongkai.normalize.tables.row import Row, rows
from gongkai.normalize.tables.transposed import upright

#: As many of a table's own words must stand in a run of rows before it is taken for that table.
_LEAST_WORDS = 2
_RESULTS = {"结果维持", "结果纠正", "其他结果", "尚未审结"}
_APPLICANTS = {"自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "申请人情况"}
_BLOCK = re.compile(r"第?二十条第?[一五六八九]项")


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one table, in reading order, and the blocks they stand in."""

    table: str
    rows: tuple[Row, ...]
    blocks: tuple[int, ...]


def find(blocks: Sequence[Block], headings: Sequence[bool], extra: Path | None) -> list[Found]:
    """The runs of rows in a document that belong to a table of the form, in reading order.

    `headings` says of each block whether it is a section's heading.
    """
    runs: list[list[Row]] = []
    flat: list[tuple[int, Paragraph]] = []
    for i, block in enumerate(blocks):
        if isinstance(block, Grid):
            run = [r if not block.counted else _flat(r) for r in rows(upright(block, extra), i)]
            runs.append([*_caption(blocks, headings, i), *run])
        elif block.flow:
            flat.append((i, block))
    listed = statistics.one_a_line(flat, extra)
    if listed:
        runs.append(listed)
    elif flat and not flattened.lost(flat):
        ends = [headings[i] for i, _ in flat]
        runs += [flattened.rows(flat, run, extra) for run in flattened.regions(flat, ends, extra)]
    found: list[Found] = []
    for run in runs:
        kept = [r for r in run if not _is_heading_row(r)]
        parts = _segments(kept, extra)
        if not parts and found and any(r.cells and r.grid >= 0 and not r.flat for r in kept):
            parts = [_found(found[-1].table, kept)]  # 总计 says no table: it may be the end of the last one
        found += parts
    whole = [f for f in found if f.table == "statistics" or _is_enough(f.table, f.rows, extra)]
    whole += _pieces([f for f in found if f not in whole], {f.table for f in whole}, extra)
    whole += _rests([f for f in found if f not in whole], whole, extra)
    return sorted(whole, key=lambda f: f.blocks[0])


def _pieces(found: Sequence[Found], have: set[str], extra: Path | None) -> list[Found]:
    """Runs too short to be told alone, taken together where their table is not there as a whole.

    Some documents print a table for every row of the form.
    """
    result = []
    for table in dict.fromkeys(f.table for f in found):
        parts = [f for f in found if f.table == table]
        together = tuple(row for f in parts for row in f.rows)
        if table not in have and len(parts) > 1 and _is_enough(table, together, extra):
            result += parts
    return result


def _rests(found: Sequence[Found], whole: Sequence[Found], extra: Path | None) -> list[Found]:
    """Drawn ends of a table that was cut, too short to be told alone: all their rows are the table's own,
    none stands in its other parts, and no other table stands between.
    """
    result: list[Found] = []
    for f in sorted(found, key=lambda f: f.blocks[0]):
        before = [w for w in (*whole, *result) if w.blocks[-1] < f.blocks[0]]
        ids = _ids(f, extra)
        if f.table not in ("proactive", "requests") or not before or not ids or None in ids:
            continue
        others = {id for w in (*whole, *result) if w.table == f.table for id in _ids(w, extra)}
        last = max(before, key=lambda w: w.blocks[-1])
        if last.table == f.table and f.rows[0].grid >= 0 and not others & ids and not f.rows[0].flat:
            result.append(f)
    return result


def _ids(f: Found, extra: Path | None) -> set[str | None]:
    """The row ids of a table's rows of values; None stands for a label that is none of its own."""
    words = (f.table, "rows", extra)
    labels = [row.leaf.text for row in f.rows if row.leaf is not None and row.values]
    return {m.id if (m := match(text, words)) is not None else None for text in labels}


def _caption(blocks: Sequence[Block], headings: Sequence[bool], i: int) -> list[Row]:
    """The line above a Grid, where it names a group of table four: a page end can part the two."""
    above = blocks[i - 1] if i else None
    if not isinstance(above, Paragraph) or headings[i - 1] or len(above.text) > 40:
        return []
    if "复议" in simplified(above.text) and "行政诉讼情况" in simplified(key(above.text)):
        return []  # the section's heading, in whatever words
    if group_of(above.text) is None or re.search(r"[。；，,;]|\d", above.text):
        return []  # a sentence about the table that follows
    cell = Cell(-1, 0, 1, 1, above.text, replace(above.place, block=i - 1))
    return [Row(i, -1, (cell,), ())]


def _is_heading_row(row: Row) -> bool:
    """A section's heading that stands in the Grid as a row of its own."""
    words = [c.text for c in row.cells if is_label(c.text)]
    return (
        len(words) == 1
        and not any(c.text.strip() for c in row.cells if c.text != words[0])
        and (is_heading(words[0]) or is_name(words[0]))
    )


def _flat(row: Row) -> Row:
    return Row(row.grid, row.index, row.cells, row.above, flat=True)


def _segments(run: Sequence[Row], extra: Path | None) -> list[Found]:
    """One drawn table may hold several of the form's: rows that vote for one another's follow.

    Whether there are words enough in each is for the caller to ask.
    """
    if statistics.is_list(run, extra):
        return [_found("statistics", run)]
    votes = [_vote(row, extra) for row in run]
    first = next((v for v in votes if v is not None), None)
    if first is None:
        return []
    result: list[tuple[str, list[Row]]] = []
    now = first
    for row, v in zip(run, votes, strict=True):
        if v is not None and v != now:
            now = v
        if not result or result[-1][0] != now:
            result.append((now, []))
        result[-1][1].append(row)
    return [_found(t, part) for t, part in result]


def _found(table: str, part: Sequence[Row]) -> Found:
    return Found(table, tuple(part), tuple(sorted({c.place.block or 0 for r in part for c in r.cells})))


def _vote(row: Row, extra: Path | None) -> str | None:
    """The table that a row's labels speak for, None where they do not or speak for several."""
    count: dict[str, int] = {}
    for cell in row.cells:
        if is_label(cell.text):
            t = _table_of(cell.text, extra)
            if t is not None:
                count[t] = count.get(t, 0) + 1
    if not count:
        return None
    best = max(count.values())
    winners = [t for t, n in count.items() if n == best]
    return winners[0] if len(winners) == 1 else None


@lru_cache(maxsize=8192)
def _table_of(text: str, extra: Path | None) -> str | None:
    """The one table that knows this label."""
    k = simplified(key(text))
    if k in ("信息内容",) or _BLOCK.search(k):
        return "proactive"
    if k in _APPLICANTS or any(words in k for words in ("勾稽", "第一项加第二项", "本年度办理结果")):
        return "requests"
    if k in _RESULTS or k in ("行政诉讼", "行政复议"):
        return "review"
    if len(k) < 4 and k != "规章":
        return None
    kinds = [(t, kind, extra) for t in flattened.TABLES for kind in ("rows", "columns")]
    scores = {words[0]: 100.0 for words in kinds if exact(text, words) is not None}
    if not scores:
        scores = {words[0]: m.score for words in kinds if (m := match(text, words)) is not None}
    if not scores:
        return None
    best = max(scores.values())
    winners = [t for t, s in scores.items() if s == best]
    return winners[0] if len(winners) == 1 else None


def _is_enough(table: str, part: Sequence[Row], extra: Path | None) -> bool:
    """Whether a run of rows is really this table, and not a statistic with a word in common."""
    keys = {simplified(key(c.text)) for row in part for c in row.cells if is_label(c.text)}
    if table == "proactive":
        columns = sum(_exact(k, table, "columns", extra) for k in keys)
        return "信息内容" in keys or any(_BLOCK.search(k) for k in keys) or columns >= _LEAST_WORDS
    if table == "requests":
        known = sum(len(k) >= 6 and _exact(k, table, "rows", extra) for k in keys)
        return len(keys & _APPLICANTS) >= 3 or known >= _LEAST_WORDS
    results = sum(_exact(k, table, "columns", extra) and len(k) == 4 for k in keys)
    if {"行政复议", "行政诉讼"} <= keys and any(len(row.cells) == 15 for row in part):
        return True  # a text that lost the heads of the fifteen boxes
    return results >= 3 or (results >= 2 and any("复" in k and "议" in k for k in keys))


def _exact(k: str, table: str, kind: str, extra: Path | None) -> bool:
    m = match(k, (table, kind, extra)) if k else None
    return m is not None and m.score >= 82
