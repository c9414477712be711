"""Document → the rows of each table of the form, by the words that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gongkai.model import Block, Grid
from gongkai.normalize.form.label import key, simplify
from gongkai.normalize.form.lexicon import Glossary, Lexicon
from gongkai.normalize.form.number import is_label
from gongkai.normalize.form.table_words import APPLICANTS, RESULTS
from gongkai.normalize.narrative.section import is_heading, is_name
from gongkai.normalize.tables import flattened, statistics
from gongkai.normalize.tables.row import Row, rows
from gongkai.record import dataclass

#: As many of a table's own words must stand in a run of rows before it is taken for that table.
_LEAST_WORDS = 2
#: Applicants and results that make a run of rows table three or four.
_LEAST_APPLICANTS, _LEAST_RESULTS = 3, 3
#: Shorter keys are words of every statistic, longer ones of the form's rows; both in characters.
_LEAST_KEY, _LEAST_ROW_KEY = 4, 6
#: The score of a wording that counts for its table: one typing error.
_NEAR = 82
_BLOCK = re.compile(r"第?二十条第?[一五六八九]项")
_OF_REQUESTS = re.compile(r"勾稽|第一项加第二项|本年度办理结果")


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of one table, in reading order, and the blocks they stand in."""

    table: str
    rows: tuple[Row, ...]
    blocks: tuple[int, ...]

    @property
    def is_drawn(self) -> bool:
        return self.rows[0].grid >= 0 and not self.rows[0].flat


def find_tables(blocks: Sequence[Block], headings: Sequence[bool], lexicon: Lexicon) -> list[TableRows]:
    """The runs of rows in a document that belong to a table of the form, in reading order.

    `headings`: for each block, whether it is a section's heading.
    """
    runs = [*_drawn_runs(blocks), *_flat_runs(blocks, headings, lexicon)]
    whole: list[TableRows] = []
    pieces: list[TableRows] = []
    for part in _cut_runs(runs, lexicon):
        (
            whole if part.table == "statistics" or _is_enough(part.table, part.rows, lexicon) else pieces
        ).append(part)
    joined = _join_pieces(pieces, {t.table for t in whole}, lexicon)
    whole += joined
    whole += _claim_ends([p for p in pieces if p not in joined], whole, lexicon)
    return sorted(whole, key=lambda t: t.blocks[0])


# Runs of rows --------------------------------------------------------------------------------


def _drawn_runs(blocks: Sequence[Block]) -> Iterator[list[Row]]:
    """The rows of each Grid."""
    for i, block in enumerate(blocks):
        if isinstance(block, Grid):
            run = rows(block, i)
            if block.counted:
                run = tuple(Row(r.grid, r.index, r.cells, r.above, flat=True) for r in run)
            yield list(run)


def _flat_runs(blocks: Sequence[Block], headings: Sequence[bool], lexicon: Lexicon) -> list[list[Row]]:
    """The rows that stand as lines of text."""
    lines = flattened.flow_lines(blocks)
    listed = statistics.rows_of_lines(lines, lexicon["statistics"].rows)
    if listed:
        return [listed]
    if not lines or flattened.has_lost_lines(lines):
        return []
    is_end = [headings[i] for i, _ in lines]
    return [flattened.rows(lines, region, lexicon) for region in flattened.regions(lines, is_end, lexicon)]


# Runs to tables ------------------------------------------------------------------------------


def _cut_runs(runs: Sequence[Sequence[Row]], lexicon: Lexicon) -> list[TableRows]:
    """The rows of each run under the table that they speak for.

    A drawn run whose words speak for none (总计) may be the end of the table before it.
    """
    parts: list[TableRows] = []
    for run in runs:
        own = [row for row in run if not _is_heading_row(row)]
        tables = _cut_by_votes(own, lexicon)
        if not tables and parts and any(row.cells and row.grid >= 0 and not row.flat for row in own):
            tables = [_gather(parts[-1].table, own)]
        parts += tables
    return parts


def _is_heading_row(row: Row) -> bool:
    """A section's heading that stands in the Grid as a row of its own."""
    words = [c.text for c in row.cells if is_label(c.text)]
    return (
        len(words) == 1
        and not any(c.text.strip() for c in row.cells if c.text != words[0])
        and (is_heading(words[0]) or is_name(words[0]))
    )


def _cut_by_votes(run: Sequence[Row], lexicon: Lexicon) -> list[TableRows]:
    """One drawn table may be several of the form's: a row without a vote goes with those before it.

    Whether there are words enough in each is for the caller to ask.
    """
    if statistics.is_list(run, lexicon["statistics"].rows):
        return [_gather("statistics", run)]
    votes = [_vote(row, lexicon) for row in run]
    table = next((v for v in votes if v is not None), None)
    if table is None:
        return []
    parts: list[tuple[str, list[Row]]] = []
    for row, vote in zip(run, votes, strict=True):
        table = vote or table
        if not parts or parts[-1][0] != table:
            parts.append((table, []))
        parts[-1][1].append(row)
    return [_gather(table, part) for table, part in parts]


def _gather(table: str, part: Sequence[Row]) -> TableRows:
    return TableRows(table, tuple(part), tuple(sorted({c.place.block or 0 for r in part for c in r.cells})))


def _vote(row: Row, lexicon: Lexicon) -> str | None:
    """The table that a row's labels speak for, None where they do not or speak for several."""
    count: dict[str, float] = {}
    for cell in row.cells:
        table = _table_of(cell.text, lexicon) if is_label(cell.text) else None
        if table is not None:
            count[table] = count.get(table, 0) + 1
    return _only_best(count)


def _only_best(scores: dict[str, float]) -> str | None:
    """The one name with the best score, None where several share it or there is none."""
    best = max(scores.values(), default=0.0)
    winners = [name for name, score in scores.items() if score == best]
    return winners[0] if len(winners) == 1 else None


@lru_cache(maxsize=8192)
def _table_of(text: str, lexicon: Lexicon) -> str | None:
    """The one table that knows this label."""
    k = simplify(key(text))
    table = _table_of_key(k)
    if table is not None or (len(k) < _LEAST_KEY and k != "规章"):
        return table
    glossaries = [(t, glossary) for t in flattened.TABLES for glossary in lexicon[t]]
    exact = {t: 100.0 for t, glossary in glossaries if glossary.exact(text) is not None}
    if exact:
        return _only_best(exact)
    return _only_best({t: m.score for t, glossary in glossaries if (m := glossary.match(text)) is not None})


def _table_of_key(k: str) -> str | None:
    """The table that alone has these words, where they are known without its glossaries."""
    if k == "信息内容" or _BLOCK.search(k):
        return "proactive"
    if k in APPLICANTS or _OF_REQUESTS.search(k):
        return "requests"
    return "review" if k in RESULTS or k in ("行政诉讼", "行政复议") else None


# Is it the table? ----------------------------------------------------------------------------


def _is_enough(table: str, part: Sequence[Row], lexicon: Lexicon) -> bool:
    """Whether a run of rows is really this table, and not a statistic with a word in common."""
    keys = {simplify(key(c.text)) for row in part for c in row.cells if is_label(c.text)}
    if table == "proactive":
        columns = sum(_is_wording(k, lexicon[table].columns) for k in keys)
        return "信息内容" in keys or any(_BLOCK.search(k) for k in keys) or columns >= _LEAST_WORDS
    if table == "requests":
        known = sum(len(k) >= _LEAST_ROW_KEY and _is_wording(k, lexicon[table].rows) for k in keys)
        return len(keys & APPLICANTS) >= _LEAST_APPLICANTS or known >= _LEAST_WORDS
    return _is_enough_of_review(keys, part, lexicon[table].columns)


def _is_enough_of_review(keys: set[str], part: Sequence[Row], columns: Glossary) -> bool:
    if {"行政复议", "行政诉讼"} <= keys and any(len(row.values) == 15 for row in part):
        return True  # a text that lost the heads of the fifteen boxes
    results = sum(_is_wording(k, columns) and (len(k) == 4 or k.isascii()) for k in keys)
    if results >= _LEAST_RESULTS:
        return True
    return results >= _LEAST_WORDS and any("复" in k and "议" in k for k in keys)


def _is_wording(k: str, glossary: Glossary) -> bool:
    m = glossary.match(k) if k else None
    return m is not None and m.score >= _NEAR


# Pieces of tables ----------------------------------------------------------------------------


def _join_pieces(pieces: Sequence[TableRows], have: set[str], lexicon: Lexicon) -> list[TableRows]:
    """Runs too short to be recognised alone, taken together where their table is not there as a whole.

    Some documents print a table for every row of the form.
    """
    joined: list[TableRows] = []
    for table in dict.fromkeys(p.table for p in pieces):
        parts = [p for p in pieces if p.table == table]
        together = tuple(row for p in parts for row in p.rows)
        if table not in have and len(parts) > 1 and _is_enough(table, together, lexicon):
            joined += parts
    return joined


def _claim_ends(pieces: Sequence[TableRows], whole: Sequence[TableRows], lexicon: Lexicon) -> list[TableRows]:
    """Drawn ends of a table that was cut, too short to be recognised alone.

    All their rows are the table's own, none stands in its other parts, and no other table stands between.
    """
    ends: list[TableRows] = []
    for piece in sorted(pieces, key=lambda p: p.blocks[0]):
        tables = [*whole, *ends]
        before = [t for t in tables if t.blocks[-1] < piece.blocks[0]]
        if piece.table not in ("proactive", "requests") or not before or not piece.is_drawn:
            continue
        ids = _row_ids(piece, lexicon)
        others = {id for t in tables if t.table == piece.table for id in _row_ids(t, lexicon)}
        last = max(before, key=lambda t: t.blocks[-1])
        if last.table == piece.table and ids and None not in ids and not others & ids:
            ends.append(piece)
    return ends


def _row_ids(part: TableRows, lexicon: Lexicon) -> set[str | None]:
    """The row ids of a table's rows of values; None stands for a label that is none of its own."""
    labels = [row.leaf.text for row in part.rows if row.leaf is not None and row.values]
    matches = [lexicon[part.table].rows.match(text) for text in labels]
    return {m.id if m is not None else None for m in matches}
