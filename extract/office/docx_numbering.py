"""numbering.xml → the number that Word prints before a paragraph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gongkai.model import Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"


#: A number with more digits than Word writes is made to harm; none is read.
_LONGEST = 12
_INTEGER = re.compile(r"[+-]?[0-9]+")


@lru_cache(maxsize=4096)
def read_integer(text: str | None, default: int) -> int:
    """An integer of an attribute; `default` where it is missing or none.

    Raises Unreadable where it has more digits than any program writes.
    """
    text = (text or "").strip()
    if not _INTEGER.fullmatch(text):
        return default
    if len(text.lstrip("+-0")) > _LONGEST:
        raise Unreadable(f"an attribute holds a number of {len(text)} digits; the file is damaged")
    return int(text)


#: Signs that a list may set before a figure, and that look like a part of it.
SIGNS = frozenset("-–—−‐‑﹣－+＋")


@dataclass(frozen=True, slots=True)
class DocxLevel:
    """How one level of a list is numbered: format, text with %1 to %9, first number, style of its paragraphs.

    `legal` shows the numbers of all levels in it in Arabic figures.
    """

    format: str
    text: str
    start: int
    style: str = ""
    legal: bool = False


@dataclass(frozen=True, slots=True)
class DocxList:
    """A list: what it is an instance of, its levels, and at which numbers it begins anew, by level."""

    abstract: str
    levels: Mapping[int, DocxLevel]
    restarts: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class ListCounter:
    """The lists of one document while it is read; it changes as it counts."""

    lists: Mapping[str, DocxList]
    styles: Mapping[str, tuple[str, int]]
    #: Lists of one kind go on counting where the other ended: the counts belong to the kind.
    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _restarted: set[tuple[str, int]] = field(default_factory=set)

    def number(self, paragraph_properties: Any, style: str) -> str:
        """The number of a paragraph, "" where it has none. Counts it."""
        at = self._find_level(paragraph_properties, style)
        if at is None or at[0] not in self.lists or at[1] not in self.lists[at[0]].levels:
            return ""
        list_id, depth = at
        own = self.lists[list_id]
        self._count(list_id, own, depth)
        level = own.levels[depth]
        text = level.text
        for n in own.levels:
            if n <= depth and f"%{n + 1}" in text:
                value = self.counts.get((own.abstract, n), own.levels[n].start)
                text = text.replace(
                    f"%{n + 1}", format_number(value, "decimal" if level.legal else own.levels[n].format)
                )
        if level.format == "bullet":
            return text if text in SIGNS else ""
        return "" if level.format == "none" else text

    def _count(self, list_id: str, own: DocxList, depth: int) -> None:
        key = (own.abstract, depth)
        if depth in own.restarts and (list_id, depth) not in self._restarted:
            self._restarted.add((list_id, depth))
            self.counts[key] = own.restarts[depth] - 1
        self.counts[key] = self.counts.get(key, own.levels[depth].start - 1) + 1
        for deeper in [k for k in self.counts if k[0] == own.abstract and k[1] > depth]:
            del self.counts[deeper]

    def _find_level(self, properties: Any, style: str) -> tuple[str, int] | None:
        own = None if properties is None else properties.find(W + "numPr")
        if own is None:
            return self.styles.get(style)
        inherited = self.styles.get(style, ("", 0))
        list_id, depth = own.find(W + "numId"), own.find(W + "ilvl")
        name = (list_id.get(W + "val") or "") if list_id is not None else inherited[0]
        level = read_integer(depth.get(W + "val"), 0) if depth is not None else inherited[1]
        return (name, level) if name and name != "0" else None


def read_lists(numbering: Any | None, styles: Any | None) -> ListCounter:
    """The lists of a document, from the roots of numbering.xml and styles.xml, either of which may be missing."""
    lists: dict[str, DocxList] = {}
    if numbering is not None:
        abstract = {a.get(W + "abstractNumId") or "": a for a in numbering.iterchildren(W + "abstractNum")}
        linked = _read_linked(numbering, styles)
        for num in numbering.iterchildren(W + "num"):
            base = num.find(W + "abstractNumId")
            if base is not None:
                name = base.get(W + "val") or ""
                lists[num.get(W + "numId") or ""] = _read_list(num, linked.get(name, name), abstract)
    return ListCounter(lists, _read_styles(styles, lists))


def _read_list(num: Any, name: str, abstract: Mapping[str, Any]) -> DocxList:
    levels = _read_levels(abstract[name]) if name in abstract else {}
    restarts: dict[int, int] = {}
    for override in num.iterchildren(W + "lvlOverride"):
        depth = read_integer(override.get(W + "ilvl"), 0)
        whole, start = override.find(W + "lvl"), override.find(W + "startOverride")
        if whole is not None:
            levels[depth] = _read_level(whole)
            restarts[depth] = levels[depth].start
        if start is not None:
            restarts[depth] = read_integer(start.get(W + "val"), 1)
    return DocxList(name, levels, restarts)


def _read_linked(numbering: Any, styles: Any | None) -> dict[str, str]:
    """Kinds of list that only name a style (w:numStyleLink) → the kind that this style is (w:styleLink)."""
    kinds = {}
    for a in numbering.iterchildren(W + "abstractNum"):
        link = a.find(W + "styleLink")
        if link is not None:
            kinds[link.get(W + "val")] = a.get(W + "abstractNumId") or ""
    found = {}
    for a in numbering.iterchildren(W + "abstractNum"):
        link = a.find(W + "numStyleLink")
        if link is not None and link.get(W + "val") in kinds:
            found[a.get(W + "abstractNumId") or ""] = kinds[link.get(W + "val")]
    return found


def _read_levels(abstract: Any) -> dict[int, DocxLevel]:
    return {
        read_integer(lvl.get(W + "ilvl"), 0): _read_level(lvl) for lvl in abstract.iterchildren(W + "lvl")
    }


def _read_level(lvl: Any) -> DocxLevel:
    def value(tag: str, default: str) -> str:
        item = lvl.find(W + tag)
        return default if item is None else str(item.get(W + "val") or default)

    legal = lvl.find(W + "isLgl") is not None and value("isLgl", "1") not in ("0", "false", "off")
    start = read_integer(value("start", "1"), 1)
    return DocxLevel(value("numFmt", "decimal"), value("lvlText", ""), start, value("pStyle", ""), legal)


def _read_styles(styles: Any | None, lists: Mapping[str, DocxList]) -> dict[str, tuple[str, int]]:
    """The lists of paragraph styles: list id and level, by style id; a style has those of the one it is based on."""
    own: dict[str, tuple[str, tuple[str, int] | None]] = {}
    for style in () if styles is None else styles.iterchildren(W + "style"):
        name, base = style.get(W + "styleId") or "", style.find(W + "basedOn")
        number = style.find(f"{W}pPr/{W}numPr")
        found = None if number is None else _read_style_number(number, name, lists)
        own[name] = ("" if base is None else base.get(W + "val") or "", found)
    resolved = {name: _inherit_number(name, own) for name in own}
    return {name: number for name, number in resolved.items() if number is not None and number[0] != "0"}


def _read_style_number(number: Any, style: str, lists: Mapping[str, DocxList]) -> tuple[str, int] | None:
    """A style's list and level: the level of the list that names the style, else the one that it states."""
    list_id, depth = number.find(W + "numId"), number.find(W + "ilvl")
    if list_id is None:
        return None
    name = list_id.get(W + "val") or ""
    levels = lists[name].levels if name in lists else {}
    linked = next((n for n, level in sorted(levels.items()) if level.style == style), None)
    stated = read_integer(depth.get(W + "val"), 0) if depth is not None else 0
    return name, stated if linked is None else linked


def _inherit_number(
    name: str, own: Mapping[str, tuple[str, tuple[str, int] | None]]
) -> tuple[str, int] | None:
    seen: set[str] = set()
    while name in own and name not in seen:
        seen.add(name)
        base, number = own[name]
        if number is not None:
            return number
        name = base
    return None


def format_number(value: int, format: str) -> str:
    """A number in a list's own digits.

    >>> format_number(12, "chineseCounting")
    '十二'
    """
    if not 0 < value < 10_000:
        return str(value)
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
