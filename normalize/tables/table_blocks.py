"""The located tables of a document → which of its paragraphs are theirs, and where each table begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gongkai.model import Block, Paragraph
from gongkai.normalize.form.label import key, simplify
from gongkai.normalize.form.lexicon import Lexicon
from gongkai.normalize.tables import flattened
from gongkai.normalize.tables.locate import TableRows

#: The section in which a table stands, by its number from 0.
_SECTION_OF = {"proactive": 1, "requests": 2, "review": 3, "statistics": 5}
#: A head or a note of a table, and a line among its boxes, have at most so many characters.
_LONGEST_HEAD, _LONGEST_LINE = 60, 90
#: An explanation behind a label; “（一）” is none.
_EXPLANATION = re.compile(r"[(（][^()（）]{4,}[)）][|\s]*$")
#: 第二十条第（一）项 over a block of table two; the note on the balance in table three.
_BLOCK_HEAD_OR_NOTE = re.compile(
    r"^(?:中华人民共和国政府信息公开条例)?.?二十条.?[一五六八九]项$|勾稽关系为?第一项"
)


def table_paragraphs(
    blocks: Sequence[Block], tables: Sequence[TableRows], lexicon: Lexicon
) -> frozenset[int]:
    """The numbers of the paragraphs that are boxes of a table, or its heads and notes: no narrative."""
    numbers = {b for t in tables for b in t.blocks}
    numbers |= {i for i, b in enumerate(blocks) if i not in numbers and _is_head_or_note(b)}
    for t in tables:
        if isinstance(blocks[t.blocks[0]], Paragraph):
            numbers |= set(_lines_between(blocks, t))
        numbers |= set(flattened.heads_above(blocks, t.blocks[0], lexicon))
    return frozenset(numbers)


def _is_head_or_note(block: Block) -> bool:
    if not isinstance(block, Paragraph) or len(block.text) > _LONGEST_HEAD:
        return False
    label = simplify(key(_EXPLANATION.sub("", block.text) or block.text))
    return _BLOCK_HEAD_OR_NOTE.search(label) is not None


def _lines_between(blocks: Sequence[Block], table: TableRows) -> Iterator[int]:
    """Lines among a flattened table's lines: pieces of labels and bars."""
    for i in range(table.blocks[0], table.blocks[-1] + 1):
        block = blocks[i]
        if isinstance(block, Paragraph) and block.flow and len(block.text) <= _LONGEST_LINE:
            yield i


def table_begins(tables: Sequence[TableRows]) -> Mapping[int, tuple[int, int]]:
    """(block, row) at which each table begins, by the number of its section; row -1 for lines of text."""
    begins: dict[int, tuple[int, int]] = {}
    for t in tables:
        first = t.rows[0]
        begins.setdefault(_SECTION_OF[t.table], (t.blocks[0], first.index if first.grid >= 0 else -1))
    return begins
