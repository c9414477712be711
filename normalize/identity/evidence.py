"""What in a document may name its body or its year, and how much each piece counts.

Weights and patterns are those of evidence.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Generic, NamedTuple, TypeVar

from gongkai.normalize.identity.organ_name import endings

#: Lines from the top that are a document's head: title, body and what the page prints around them.
HEAD = 30

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The lines of a document that may name its body or its year, folded; `metadata` is as the page has it.

    `preface` are the lines before the first section, `narrative` those of the sections, `closing`
    the last lines of the document.
    """

    title: str | None
    preface: tuple[str, ...]
    narrative: tuple[str, ...]
    closing: tuple[str, ...]
    file_name: str
    metadata: tuple[tuple[str, str], ...]


class Vote(NamedTuple, Generic[Value]):
    """One piece of evidence: what it says, its weight and where it stands."""

    value: Value
    weight: float
    source: str


@cache
def data() -> dict[str, Any]:
    """The data of evidence.toml."""
    return tomllib.loads(files(__package__).joinpath("evidence.toml").read_text("utf-8"))


def organ_vote(name: str, source: str) -> Vote[str]:
    """A vote for a body."""
    return Vote(name, data()["weights"]["organ"][source], source)


def year_vote(year: int, source: str) -> Vote[int]:
    """A vote for a year."""
    return Vote(year, data()["weights"]["year"][source], source)


@cache
def organ_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of sentences that name a body as `organ`, each with the source of its votes."""
    return tuple((p["source"], _compile(p["pattern"])) for p in data()["organ_patterns"])


@cache
def publisher_pattern() -> re.Pattern[str]:
    """A line of the page that names its publisher as `organ`."""
    return _compile(data()["publisher"]["pattern"])


@cache
def betting_pattern() -> re.Pattern[str]:
    """Words of betting sites."""
    return _compile(data()["betting"]["pattern"], re.IGNORECASE)


def _compile(pattern: str, flags: int = 0) -> re.Pattern[str]:
    for name, part in ({"end": endings()} | data()["parts"]).items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return re.compile(pattern, flags | re.VERBOSE)


def metadata_titles(metadata: Iterable[tuple[str, str]]) -> list[str]:
    """What a page or a file calls itself."""
    return [value for name, value in metadata if name.lower() in data()["metadata"]["title"]]


def fold_line(text: str) -> str:
    """A line without blanks, its width folded; square brackets of document numbers are 〔 and 〕."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("﹝", "〔").replace("﹞", "〕")
