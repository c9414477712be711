"""The catalogue of messages.toml: our English wordings and their Chinese ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from re import Pattern

from gongkai.startup_cache import read_toml

#: the holes that hold a number, and how it is written
_NUMBERS, _NUMBER = ("n", "was", "now", "share"), "[-0-9.,]+"


@cache
def sections() -> Mapping[str, Mapping[str, str]]:
    """The catalogue by its sections: English wording → Chinese wording."""
    return read_toml("gongkai.commands", "messages.toml")


@cache
def wordings() -> Mapping[str, str]:
    """English wording → Chinese wording, of all sections."""
    return {english: chinese for section in sections().values() for english, chinese in section.items()}


def fitting(message: str) -> tuple[str, dict[str, str]] | None:
    """The Chinese wording of a message and what stands in its holes; None where no wording fits."""
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(message)
        if found is not None:
            return chinese, found.groupdict()
    return None


@cache
def _patterns() -> tuple[tuple[Pattern[str], str], ...]:
    """The wordings with holes as patterns, those with the most letters of their own first."""

    def compiled() -> Iterator[tuple[int, Pattern[str], str]]:
        for english, chinese in wordings().items():
            parts = re.split(r"\{(\w+)\}", english)
            if len(parts) > 1:
                seen: set[str] = set()
                pattern = ""
                for n, part in enumerate(parts):
                    if n % 2 == 0:
                        pattern += re.escape(part)
                    elif part in seen:
                        pattern += f"(?P={part})"
                    else:
                        pattern += f"(?P<{part}>{_NUMBER if part in _NUMBERS else '.*?'})"
                        seen.add(part)
                yield sum(map(len, parts[::2])), re.compile(pattern, re.DOTALL), chinese

    ordered = sorted(compiled(), key=lambda entry: -entry[0])
    return tuple((pattern, chinese) for _, pattern, chinese in ordered)
