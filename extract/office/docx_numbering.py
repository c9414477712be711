"""numbering.xml → the number that Word prints before a paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class DocxLevel:
    """How one level of a list is numbered: format, text with %1 to %9, first number."""

    format: str
    text: str
    start: int


@dataclass(slots=True)
class ListCounter:
    """The lists of one document while it is read; it changes as it counts."""

    lists: Mapping[str, Mapping[int, DocxLevel]]
    styles: Mapping[str, tuple[str, int]]
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def number(self, paragraph_properties: Any, style: str) -> str:
        """The number of a paragraph, "" where it has none. Counts it."""
        at = self._find_level(paragraph_properties, style)
        if at is None or at[0] not in self.lists or at[1] not in self.lists[at[0]]:
            return ""
        list_id, depth = at
        levels = self.lists[list_id]
        key = (list_id, depth)
        self.counts[key] = self.counts.get(key, levels[depth].start - 1) + 1
        for deeper in [k for k in self.counts if k[0] == list_id and k[1] > depth]:
            del self.counts[deeper]
        text = levels[depth].text
        for n in range(depth + 1):
            if n in levels and f"%{n + 1}" in text:
                value = self.counts.get((list_id, n), levels[n].start)
                text = text.replace(f"%{n + 1}", format_number(value, levels[n].format))
        return "" if levels[depth].format in ("none", "bullet") else text

    def _find_level(self, properties: Any, style: str) -> tuple[str, int] | None:
        own = None if properties is None else properties.find(W + "numPr")
        if own is None:
            return self.styles.get(style)
        inherited = self.styles.get(style, ("", 0))
        list_id, depth = own.find(W + "numId"), own.find(W + "ilvl")
        name = list_id.get(W + "val") if list_id is not None else inherited[0]
        level = depth.get(W + "val") if depth is not None else str(inherited[1])
        return (name, int(level)) if name and name != "0" and str(level).isdigit() else None


def read_lists(numbering: Any | None, styles: Any | None) -> ListCounter:
    """The lists of a document, from the roots of numbering.xml and styles.xml, either of which may be missing."""
    lists: dict[str, dict[int, DocxLevel]] = {}
    if numbering is not None:
        abstract = {
            a.get(W + "abstractNumId"): _read_levels(a) for a in numbering.iterchildren(W + "abstractNum")
        }
        for num in numbering.iterchildren(W + "num"):
            base = num.find(W + "abstractNumId")
            if base is None:
                continue
            levels = dict(abstract.get(base.get(W + "val"), {}))
            for override in num.iterchildren(W + "lvlOverride"):
                _apply_override(levels, override)
            lists[num.get(W + "numId")] = levels
    return ListCounter(lists, _read_styles(styles))


def _read_levels(abstract: Any) -> dict[int, DocxLevel]:
    return {int(lvl.get(W + "ilvl") or 0): _read_level(lvl) for lvl in abstract.iterchildren(W + "lvl")}


def _read_level(lvl: Any) -> DocxLevel:
    def value(tag: str, default: str) -> str:
        item = lvl.find(W + tag)
        return default if item is None else str(item.get(W + "val") or default)

    start = value("start", "1")
    return DocxLevel(value("numFmt", "decimal"), value("lvlText", ""), int(start) if start.isdigit() else 1)


def _apply_override(levels: dict[int, DocxLevel], override: Any) -> None:
    depth = int(override.get(W + "ilvl") or 0)
    whole = override.find(W + "lvl")
    if whole is not None:
        levels[depth] = _read_level(whole)
    start = override.find(W + "startOverride")
    if start is not None and depth in levels and (start.get(W + "val") or "").isdigit():
        old = levels[depth]
        levels[depth] = DocxLevel(old.format, old.text, int(start.get(W + "val")))


def _read_styles(styles: Any | None) -> dict[str, tuple[str, int]]:
    """The lists of paragraph styles: list id and level, by style id."""
    found: dict[str, tuple[str, int]] = {}
    for style in () if styles is None else styles.iterchildren(W + "style"):
        number = style.find(f"{W}pPr/{W}numPr")
        if number is None:
            continue
        list_id, depth = number.find(W + "numId"), number.find(W + "ilvl")
        if list_id is not None:
            level = depth.get(W + "val") if depth is not None else "0"
            found[style.get(W + "styleId")] = (list_id.get(W + "val"), int(level or 0))
    return found


def format_number(value: int, format: str) -> str:
    """A number in a list's own digits.

    >>> format_number(12, "chineseCounting")
    '十二'
    """
    if "hinese" in format or "japanese" in format or format in ("ideographDigital", "taiwaneseCounting"):
        return _to_chinese(value)
    if format == "ideographTraditional":
        return _STEMS[(value - 1) % 10]
    if "nclosedCircle" in format:
        return chr(0x2460 + value - 1) if 1 <= value <= 20 else str(value)
    if format == "decimalEnclosedParen":
        return f"({value})"
    if format == "decimalFullWidth":
        return str(value).translate({48 + i: 0xFF10 + i for i in range(10)})
    if format in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if format == "upperLetter" else letter.lower()
    if format in ("upperRoman", "lowerRoman"):
        return _to_roman(value) if format == "upperRoman" else _to_roman(value).lower()
    return f"{value:02}" if format == "decimalZero" else str(value)


def _to_chinese(value: int) -> str:
    if value < 10:
        return _DIGITS[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
    return str(value)


def _to_roman(value: int) -> str:
    text = ""
    for size, letters in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while value >= size:
            text, value = text + letters, value - size
    return text
