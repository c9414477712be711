"""What in a document may name its body or its year, and how much each piece counts.

Weights and patterns are those of evidence.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from gongkai.normalize.form.label import GLOSS, simplify
from gongkai.record import dataclass
from gongkai.startup_cache import read_toml

#: Lines from the top that are a document's head: title, body and what the page prints around them.
HEAD = 30
#: Empty boxes that a table's text leaves behind a line: 青石县财政局2023年政府信息公开工作年度报告 | |||||
_TRAILING_BOXES = re.compile(r"\|+$")
_TRADITIONAL = re.compile("報告|公開|開展|關於")

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class IdentityEvidence:
    """The lines of a document that may name its body or its year, folded; `metadata` is as the page has it.

    `top` are the lines before the first section, `preface` those of them that are no breadcrumbs, `narrative`
    those of the sections, `closing` the last lines of the document; `folders` are those of its path, `list_body` is
    whose list a crawl found it in.
    """

    title: str | None
    top: tuple[str, ...]
    preface: tuple[str, ...]
    narrative: tuple[str, ...]
    closing: tuple[str, ...]
    file_name: str
    metadata: tuple[tuple[str, str], ...]
    folders: tuple[str, ...] = ()
    list_body: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text."""
        return (*self.preface, *self.narrative)


class Vote(NamedTuple, Generic[Value]):
    """One piece of evidence: what it says, its weight and where it stands."""

    value: Value
    weight: float
    source: str


#: What a line does not show.
_INVISIBLE = re.compile(r"[\s\u200b\ufeff]+")


@cache
def data() -> dict[str, Any]:
    """The data of evidence.toml."""
    return read_toml(__package__, "evidence.toml")


def year_vote(year: int, source: str) -> Vote[int]:
    """A vote for a year."""
    return Vote(year, data()["weights"]["year"][source], source)


@cache
def betting_pattern() -> re.Pattern[str]:
    """Words of betting sites."""
    return re.compile(data()["betting"]["pattern"], re.IGNORECASE | re.VERBOSE)


def metadata_titles(metadata: Iterable[tuple[str, str]]) -> list[str]:
    """What a page or a file calls itself."""
    return [value for name, value in metadata if name.lower() in data()["metadata"]["title"]]


def fold_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines folded. Those of a copy in traditional characters are simplified, glosses (規(guī)定) left out."""
    if any(_TRADITIONAL.search(line) for line in lines):
        lines = [simplify(GLOSS.sub("", unicodedata.normalize("NFKC", line))) for line in lines]
    return tuple(map(fold_line, lines))


@lru_cache(maxsize=1024)
def fold_line(text: str) -> str:
    """A line without blanks, its width and radicals folded; square brackets of document numbers are 〔 and 〕.

    A year in words has digits, 二○二一年度 is 2021年度; not so in a date in words, which has a rule of its own.
    """
    if _to_fold().search(text) is not None:  # few lines: to translate asks for every character
        text = text.translate(_folded())
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _YEAR_IN_WORDS.sub(
        lambda hit: "".join(str(_NUMERALS.index(c)) for c in _ZERO.sub("〇", hit[0])),
        _TRAILING_BOXES.sub("", folded),
    )


_NUMERALS = "〇一二三四五六七八九"
_ZERO = re.compile("[○◯零O]")
_YEAR_IN_WORDS = re.compile("二[〇○◯零O][一二三四五六七八九〇○◯零O]{2}(?=年(?!.{1,3}月))")


@cache
def _folded() -> dict[int, int]:
    radicals = data()["radicals"]
    return str.maketrans(radicals["printed"] + "﹝﹞", radicals["meant"] + "〔〕")


@cache
def _to_fold() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(map(chr, _folded())))}]")
