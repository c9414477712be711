"""Tables that a document has more than once → the one that is the report's own, where its caption tells.

A correction shows the wrong table before the right one, a comparison that of the year before, a guide an example, an annex
that of another body. Where nothing tells them apart, all stay, and what they differ in is not given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.model import Block, Paragraph
from gongkai.normalize.form.label import key, simplify
from gongkai.normalize.form.number import is_blank, is_label
from gongkai.normalize.tables.locate import TableRows
from gongkai.record import dataclass

#: Two tables are the same one twice if so many rows stand in both, with numbers.
_LEAST_SHARED = 3
#: Numbers of a table four.
_LEAST_RESULTS = 10
#: A caption is so many paragraphs before a table, at most, each of at most so many characters.
_MOST_LINES, _LONGEST = 3, 60
_EXAMPLE = re.compile("示例|样表|范例|举例")
_CORRECTED = re.compile("更正为|更正后|更正如下|修改为|修改后|修正为|订正为|应为")
_PART_OF_YEAR = re.compile("季度|半年|[0-9一二三四五六七八九十]月")
_WHOLE_YEAR = re.compile("全年|年度|合计|汇总")
_YEAR = re.compile(r"20\d\d(?=年)")
_ANNEX = re.compile(r"^\s*附[件表录]\s*[0-9一二三四五六七八九十]*\s*(?:[:：].*)?$")


@dataclass(frozen=True, slots=True)
class OwnTables:
    """The tables that are the report's own, and the names of those that stand in it more than once."""

    tables: tuple[TableRows, ...]
    repeated: frozenset[str]


def choose_own_tables(tables: Sequence[TableRows], blocks: Sequence[Block]) -> OwnTables:
    """The tables without those that repeat one of them for another year, part of it, body or purpose."""
    dropped: set[int] = set()
    repeated: set[str] = set()
    for name in dict.fromkeys(t.table for t in tables):
        rivals = _find_rivals([t for t in tables if t.table == name])
        if not rivals:
            continue
        repeated.add(name)
        own = _choose(rivals, blocks)
        if own is not None:
            dropped |= {id(t) for t in rivals if t is not own}
    return OwnTables(tuple(t for t in tables if id(t) not in dropped), frozenset(repeated))


def _find_rivals(tables: Sequence[TableRows]) -> list[TableRows]:
    """The tables of which each has the rows of the first, drawn ones alone; empty where one is cut into parts."""
    if len(tables) < 2 or not all(t.is_drawn for t in tables):
        return []
    first, *others = [_rows_with_numbers(t) for t in tables]
    if not all(len(first & other) >= _LEAST_SHARED for other in others):
        return []
    return list(tables)


def _rows_with_numbers(t: TableRows) -> set[str]:
    """The labels of a table's rows of numbers; those of table four have none, so that its numbers are counted."""
    valued = [row for row in t.rows if any(not is_blank(c.text) and not is_label(c.text) for c in row.cells)]
    if t.table == "review":
        numbers = sum(not is_blank(c.text) and not is_label(c.text) for row in valued for c in row.cells)
        return set(map(str, range(_LEAST_SHARED))) if numbers >= _LEAST_RESULTS else set()
    return {simplify(key(row.leaf_text)) for row in valued if row.leaf is not None}


def _choose(rivals: Sequence[TableRows], blocks: Sequence[Block]) -> TableRows | None:
    """The one table that is the report's, None where that is not sure."""
    captions = {i: _read_caption(t, blocks) for i, t in enumerate(rivals)}
    left = [i for i in captions if _EXAMPLE.search(captions[i]) is None]
    annex = _find_annex(blocks)
    left = [i for i in left if rivals[i].blocks[0] < annex] or left
    for is_own in (_is_corrected, _is_of_whole_year, _is_of_last_year):
        own = [i for i in left if is_own(captions[i], [captions[j] for j in left if j != i])]
        left = own if len(own) == 1 else left
    return rivals[left[0]] if len(left) == 1 else None


def _find_annex(blocks: Sequence[Block]) -> int:
    """The block that begins an annex; behind all of them where there is none."""
    begins = (n for n, b in enumerate(blocks) if isinstance(b, Paragraph) and _ANNEX.match(b.text))
    return next(begins, len(blocks))


def _read_caption(t: TableRows, blocks: Sequence[Block]) -> str:
    """The short paragraphs right before a table."""
    lines: list[str] = []
    for block in reversed(blocks[max(0, t.blocks[0] - _MOST_LINES) : t.blocks[0]]):
        if not isinstance(block, Paragraph) or len(block.text) > _LONGEST:
            break
        lines.append(block.text)
    return "\n".join(lines)


def _is_corrected(caption: str, _others: Sequence[str]) -> bool:
    return _CORRECTED.search(caption) is not None


def _is_of_whole_year(caption: str, others: Sequence[str]) -> bool:
    is_whole = _WHOLE_YEAR.search(caption) is not None and _PART_OF_YEAR.search(caption) is None
    return is_whole and all(_PART_OF_YEAR.search(other) for other in others)


def _is_of_last_year(caption: str, others: Sequence[str]) -> bool:
    """Whether this is the table of the last of several years, each with its year above it: others are there to compare."""
    years = [set(_YEAR.findall(text)) for text in (caption, *others)]
    return all(len(own) == 1 for own in years) and all(max(years[0]) > max(other) for other in years[1:])
