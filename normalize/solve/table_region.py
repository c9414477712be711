"""A Layout → the words of each table: those between its section's heading and the next one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.model import Layout, LayoutKind, PlacedWord
from gongkai.normalize.solve.word_lines import BOXED, group_reading_lines, is_value

#: A heading is no longer, in characters.
_LONGEST_HEADING = 45
#: A heading whose table follows has so many values in so many lines behind it; one of a contents page has not.
_LEAST_VALUES, _REACH = 3, 40
_HEADINGS = {
    "proactive": re.compile(r"^二[、.．]?+(?!上年结转).*公开"),
    "requests": re.compile(r"^三[、.．]?+(?!本年度?办理).*申请"),
    "review": re.compile(r"^四[、.．]?+(?!结转).*(?:复议|诉讼)"),
    "problems": re.compile(r"^五[、.．]?.*(?:问题|改进|不足|困难)"),
}
_SENTENCE = re.compile("[。；;]")


@dataclass(frozen=True, slots=True)
class Region:
    """The words of one table in reading order. `values` have a number, or are blank boxes; `texts` are the rest."""

    kind: LayoutKind
    words: tuple[PlacedWord, ...]
    values: tuple[PlacedWord, ...]
    texts: tuple[PlacedWord, ...]

    @classmethod
    def of(cls, kind: LayoutKind, words: Sequence[PlacedWord]) -> Region:
        """The region of these words."""
        values = tuple(w for w in words if is_value(w.text) and (w.text or w.box))
        return cls(kind, tuple(words), values, tuple(w for w in words if not is_value(w.text)))

    @property
    def is_boxed(self) -> bool:
        """Whether the words are boxes, so that blank ones are known."""
        return self.kind in BOXED

    @property
    def is_flow(self) -> bool:
        """Whether only the order of the words is known."""
        return self.kind == "flow"


def find_regions(layout: Layout) -> Mapping[str, Region]:
    """The region of each table whose heading stands in a Layout, by the table's id."""
    lines = group_reading_lines(layout.words)
    begins = _find_headings(lines)
    regions: dict[str, Region] = {}
    for name, begin in begins.items():
        if name == "problems":
            continue
        end = min((i for i in begins.values() if i > begin), default=len(lines))
        regions[name] = Region.of(layout.kind, [w for line in lines[begin + 1 : end] for w in line])
    return regions


def _find_headings(lines: Sequence[Sequence[PlacedWord]]) -> dict[str, int]:
    """The line of each heading, in the form's order; a contents page says them first and has no values."""
    texts = [re.sub(r"\s", "", "".join(w.text for w in line)) for line in lines]
    begins: dict[str, int] = {}
    start = 0
    for name, pattern in _HEADINGS.items():
        hits = [
            i
            for i in range(start, len(lines))
            if len(texts[i]) < _LONGEST_HEADING and pattern.match(texts[i]) and not _SENTENCE.search(texts[i])
        ]
        if hits:
            begins[name] = next((i for i in hits if _has_values_behind(lines, i)), hits[0])
            start = begins[name] + 1
    return begins


def _has_values_behind(lines: Sequence[Sequence[PlacedWord]], i: int) -> bool:
    behind = (w for line in lines[i : i + _REACH] for w in line)
    return sum(is_value(w.text) for w in behind) >= _LEAST_VALUES
