"""A report without a value → why it must have tables all the same: pictures, links, chapters with nothing in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from gongkai.model import Block, Paragraph, Section
from gongkai.normalize.form.label import key, simplify
from gongkai.normalize.form.lexicon import Lexicon
from gongkai.normalize.tables.flattened import vocabulary

#: The first year of a form with tables, and of one whose chapters hold them.
_FIRST_LIST, _FIRST_TABLES = 2014, 2019
#: The chapters that hold a table since 2019.
_WITH_TABLE = ("proactive", "requests", "review")
#: So many lines that are labels of the form are a table that was not read.
_LEAST_LABELS = 6
#: A line of so many words is a table that has run together.
_LEAST_WORDS = 20
#: A text that sends the reader to a table elsewhere.
_LINKED = re.compile(
    r"""
      (?:详?见|参见|如|附).{0,6}(?:附件|附表|下表|表格|下图|图片)
    | 附(?:(?:件|表)\d?[:：、]?|\d?[:：]).{0,40}(?:统计表|报表|情况表)
    | (?:点击|下载).{0,8}(?:查看|附件|表格|统计表|浏览)
    """,
    re.VERBOSE,
)


def explain_missing(
    chapters: Sequence[Section], lines: Sequence[str], labels: bool, pictures: bool, year: int | None
) -> str | None:
    """Why a report without a value is no narrative: its tables stand where they could not be read. None if it has none.

    `lines` is its whole text; `labels` says that the form's labels stand in it, `pictures` that pictures do.
    """
    if year is None or year < _FIRST_LIST:
        return None
    if labels:
        return "labels of the form stand in the text, but no row of a table could be put together from them"
    if year >= _FIRST_TABLES and pictures:
        return "no table was read, and the document holds pictures: the tables may be among them"
    held = [s for s in chapters if s.id in _WITH_TABLE]
    if any(_LINKED.search(s.text) for s in held) or (
        year < _FIRST_TABLES and any(map(_LINKED.search, lines))
    ):
        return "no table was read; the text sends the reader to a table elsewhere, an annex or a picture"
    if year >= _FIRST_TABLES and held and not any(s.text.strip() for s in held):
        return "the chapters that hold the tables are empty: the tables were pictures, or were left out of this copy"
    return None


def has_labels(blocks: Iterable[Block], lexicon: Lexicon) -> bool:
    """Whether so many lines and boxes begin with a label of the form that a table must stand there.

    The rows of table two do not count: 行政许可 and 规章 stand in the menu of every site.
    """
    known = vocabulary(lexicon) - set(lexicon["proactive"].rows.wordings)
    words = (word for block in blocks for text in _texts(block) for word in _words_that_lead(text))
    return sum(len(word) >= 2 and simplify(key(word)) in known for word in words) >= _LEAST_LABELS


def _words_that_lead(text: str) -> list[str]:
    """The first word of a line; all words of one into which a whole table has run."""
    words = re.split(r"[\s|]+", text.strip(" |\t\u3000"))
    return words if len(words) >= _LEAST_WORDS else words[:1]


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from block.text.split("\n")
        return
    yield from (cell.text for cell in block.cells)
