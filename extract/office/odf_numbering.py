"""The list styles of OpenDocument → the number that is printed before an item or a heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.extract.office.docx_numbering import SIGNS, format_number, read_integer

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"

#: How ODF names a way of counting → how Word names it, which `format_number` takes.
_FORMATS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一": "chineseCounting",
    "壹": "chineseCounting",
    "甲": "ideographTraditional",
    "①": "decimalEnclosedCircle",
    "１": "decimalFullWidth",
}
#: The outline counts headings; it stands beside the list styles under this name.
_OUTLINE = "\x00outline"
#: A level or a number of a list is not larger than this.
_LARGEST = 99_999


@dataclass(frozen=True, slots=True)
class OdfLevel:
    """How one level is numbered. `shown` is how many levels its number shows."""

    format: str
    before: str
    behind: str
    start: int
    shown: int


@dataclass(slots=True)
class OdfLists:
    """The lists of one document while it is read; it changes as it counts."""

    styles: Mapping[str, Mapping[int, OdfLevel]]
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def begin(self, element: Any, style: str, level: int) -> None:
        """Begins a list: its level counts anew unless it continues an earlier list."""
        goes_on = element.get(TEXT + "continue-numbering") == "true" or element.get(TEXT + "continue-list")
        if not goes_on or level > 1:
            self._forget(style, level)

    def number(self, item: Any, style: str, level: int) -> str:
        """The number of a list's item, "" where it has none. Counts it."""
        return self._next(style, level, item.get(TEXT + "start-value") or "")

    def heading(self, h: Any) -> str:
        """The number of a heading that stands in no list, by the outline. Counts it."""
        level = h.get(TEXT + "outline-level") or "1"
        if h.get(TEXT + "is-list-header") == "true":
            return ""
        return self._next(_OUTLINE, read_integer(level, 0), "")

    def _next(self, style: str, level: int, start: str) -> str:
        levels = self.styles.get(style, {})
        own = levels.get(level)
        if own is None or not own.format:
            return own.before if own is not None and own.before in SIGNS else ""
        value = read_integer(start, 0) if start else self.counts.get((style, level), own.start - 1) + 1
        self.counts[style, level] = value
        self._forget(style, level + 1)
        shown = [n for n in range(level - own.shown + 1, level + 1) if n in levels]
        numbers = [
            format_number(self.counts.get((style, n), levels[n].start), levels[n].format) for n in shown
        ]
        return own.before + ".".join(numbers) + own.behind

    def _forget(self, style: str, level: int) -> None:
        for key in [k for k in self.counts if k[0] == style and k[1] >= level]:
            del self.counts[key]


def read_odf_lists(sheets: Sequence[Any]) -> OdfLists:
    """The lists of a document's roots, styles.xml before content.xml."""
    styles: dict[str, dict[int, OdfLevel]] = {}
    for sheet in sheets:
        for element in sheet.iter(TEXT + "list-style", TEXT + "outline-style"):
            is_list = element.tag == TEXT + "list-style"
            name = (element.get(STYLE + "name") or "") if is_list else _OUTLINE
            styles[name] = dict(
                map(
                    _level,
                    element.iterchildren(
                        TEXT + "list-level-style-number",
                        TEXT + "list-level-style-bullet",
                        TEXT + "outline-level-style",
                    ),
                )
            )
    return OdfLists(styles)


def _level(element: Any) -> tuple[int, OdfLevel]:
    def count(name: str) -> int:
        return max(0, min(read_integer(element.get(TEXT + name), 1), _LARGEST))

    format = (element.get(STYLE + "num-format") or "").split(",")[0].strip()
    before, behind = (element.get(STYLE + name) or "" for name in ("num-prefix", "num-suffix"))
    if element.get(TEXT + "bullet-char"):
        return count("level"), OdfLevel("", element.get(TEXT + "bullet-char") or "", "", 1, 1)
    known = _FORMATS.get(format, "decimal" if format else "")
    return count("level"), OdfLevel(known, before, behind, count("start-value"), count("display-levels"))
