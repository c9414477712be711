"""A Layout → the words of each table: those between its section's heading and the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gongkai.model import Layout, LayoutKind, PlacedWord
from gongkai.normalize.form.radical import fold_radicals
from gongkai.normalize.solve.word_lines import BOXED, group_reading_lines, is_value
from gongkai.record import dataclass, replace

#: A heading is no longer, in characters.
_LONGEST_HEADING = 45
#: A heading whose table follows has so many values in so many lines behind it; one of a contents page has not.
_LEAST_VALUES, _REACH = 3, 40
#: The number of a heading, which a chapter of the report's own moves on: 四、收到和处理政府信息公开申请情况.
_NUMBER = r"[(（]?[一二三四五六七八九\d]{0,2}[)）]?[、.．]?"
_HEADINGS = {
    "proactive": re.compile(
        rf"^二[、.．]?+(?!上年结转).*公开|^{_NUMBER}(?:行政机关)?主动公开政府信息的?情况"
    ),
    "requests": re.compile(
        rf"^三[、.．]?+(?!本年度?办理).*申请|^{_NUMBER}(?:行政机关)?收到和处理政府信息公开申请的?情况"
    ),
    "review": re.compile(
        rf"^四[、.．]?+(?!结转).*(?:复议|诉讼)|^{_NUMBER}(?:因?政府信息公开)?.{{0,6}}行政复议.{{0,4}}行政诉讼的?情况"
    ),
    "problems": re.compile(rf"^五[、.．]?.*(?:问题|改进|不足|困难)|^{_NUMBER}存在的?主要问题"),
}
#: What light markup writes before a heading: **三、…**, ## 三、…
_MARKS = re.compile(r"^[#*'=_>]+")
_SENTENCE = re.compile("[。；;]")
#: What a heading that goes on in the next line begins with, and how long the rest is at the most, in characters.
_NUMBERED = re.compile(r"^[(（]?[一二三四五六七八九\d][)）]?[、.．]")
_LONGEST_REST = 12
#: A sign before a number, and how far from it at the most, in heights. A dash alone is a placeholder.
_SIGN, _NEAR_SIGN = re.compile("减少?|增加?"), 1.5
#: A unit that stands apart from its number.
_UNIT_BEHIND = re.compile(r"[(（]?(?:[万亿]?元|[件条项个次])[)）]?")
_UNIT_BEFORE = re.compile(r"([件条个])([0-9０-９]{1,9})")


@dataclass(frozen=True, slots=True)
class Region:
    """The words of one table in reading order. `values` have a number, or are blank boxes; `texts` are the rest.

    `behind` are the words of a text behind table three, up to section five: its numbers may stand there. `is_closed`: the
    page goes on behind the table, so that no row of it stands on the next one.
    """

    kind: LayoutKind
    words: tuple[PlacedWord, ...]
    values: tuple[PlacedWord, ...]
    texts: tuple[PlacedWord, ...]
    behind: tuple[PlacedWord, ...] = ()
    is_closed: bool = True

    @classmethod
    def of(cls, kind: LayoutKind, words: Sequence[PlacedWord]) -> Region:
        """The region of these words."""
        if kind not in BOXED:
            words = [_turn_unit(w) for w in _join_units(_join_signs(words))]
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

    def turn(self) -> Region:
        """The boxes of a table that is printed on its side, as they stand in one that is not."""
        turned = [replace(w, x0=w.top, top=w.x0, x1=w.bottom, bottom=w.x1) for w in self.words if w.box]
        return Region.of(self.kind, sorted(turned, key=lambda w: (w.top, w.x0)))


def _join_signs(words: Sequence[PlacedWord]) -> Iterator[PlacedWord]:
    """The words; a sign that a blank parts from its number is one word with it: 减 1 is 减1."""
    sign: PlacedWord | None = None
    for w in words:
        if sign is not None:
            whole = sign.text + w.text
            is_joined = w.text[:1].isdigit() and is_value(whole) and _stand_together(sign, w)
            if is_joined:
                yield replace(w, text=whole, x0=sign.x0, cell=replace(w.cell, text=whole))
                sign = None
                continue
            yield sign
        sign = w if _SIGN.fullmatch(w.text) else None
        if sign is None:
            yield w
    if sign is not None:
        yield sign


def _join_units(words: Iterable[PlacedWord]) -> Iterator[PlacedWord]:
    """The words; a unit that a blank parts from its number is one word with it: 128600 元 is not 128600."""
    number: PlacedWord | None = None
    for w in words:
        if number is not None and _UNIT_BEHIND.fullmatch(w.text) and _stand_together(number, w):
            text = number.text + w.text
            number = replace(number, text=text, x1=w.x1, cell=replace(number.cell, text=text))
            continue
        if number is not None:
            yield number
        number = w if w.text[-1:].isdigit() and is_value(w.text) else None
        if number is None:
            yield w
    if number is not None:
        yield number


def _turn_unit(word: PlacedWord) -> PlacedWord:
    """A number whose unit drifted before it, as text made of a narrow box has it: 件1 is 1件."""
    m = _UNIT_BEFORE.fullmatch(word.text)
    if m is None:
        return word
    text = m[2] + m[1]
    return replace(word, text=text, cell=replace(word.cell, text=text))


def _stand_together(word: PlacedWord, behind: PlacedWord) -> bool:
    """Whether a word stands right behind another one in the same line."""
    if word.cell.place.row is not None:
        return word.cell.place.row == behind.cell.place.row
    is_level = abs(word.y - behind.y) < 0.5 * behind.height
    return is_level and 0 <= behind.x0 - word.x1 < _NEAR_SIGN * behind.height


def find_regions(layout: Layout) -> Mapping[str, Region]:
    """The region of each table whose heading stands in a Layout, by the table's id."""
    lines = group_reading_lines([_fold(w) for w in layout.words])
    begins = _find_headings(lines)
    regions: dict[str, Region] = {}
    for name, begin in begins.items():
        if name == "problems":
            continue
        end = min((i for i in begins.values() if i > begin), default=len(lines))
        region = Region.of(layout.kind, _join(lines[begin + 1 : end]))
        region = replace(region, is_closed=_goes_on(lines, end))
        if name == "requests" and region.is_flow:
            behind = Region.of(layout.kind, _join(lines[end : begins.get("problems", len(lines))]))
            region = replace(region, behind=behind.words)
        regions[name] = region
    return regions


def _goes_on(lines: Sequence[Sequence[PlacedWord]], end: int) -> bool:
    """Whether the line at `end` stands on the page of the one before it."""
    return end < len(lines) and lines[end][0].cell.place.page == lines[end - 1][0].cell.place.page


def _join(lines: Sequence[Sequence[PlacedWord]]) -> list[PlacedWord]:
    return [w for line in lines for w in line]


def _fold(word: PlacedWord) -> PlacedWord:
    """The word with its radicals as ideographs: text made from some fonts has ⼀ for 一."""
    text = fold_radicals(word.text)
    return word if text == word.text else replace(word, text=text)


def _find_headings(lines: Sequence[Sequence[PlacedWord]]) -> dict[str, int]:
    """The last line of each heading, in the form's order; a contents page says them first and has no values."""
    texts = [_MARKS.sub("", re.sub(r"\s", "", "".join(w.text for w in line))) for line in lines]
    hits = {name: list(_lines_like(texts, pattern)) for name, pattern in _HEADINGS.items()}
    all_hits = sorted({i for own in hits.values() for i in own})
    begins: dict[str, int] = {}
    start = 0
    for name, own in hits.items():
        later = [i for i in own if i >= start]
        if later:
            begins[name] = next((i for i in later if _has_values_behind(lines, i, all_hits)), later[0])
            start = begins[name] + 1
    return begins


def _lines_like(texts: Sequence[str], pattern: re.Pattern[str]) -> Iterator[int]:
    """The lines that are such a heading, or end one that is broken over two lines."""
    is_like = [_is_like(text, pattern) for text in texts]
    for i, text in enumerate(texts):
        if is_like[i]:
            yield i
        elif i and 0 < len(text) <= _LONGEST_REST and not is_like[i - 1]:
            before = texts[i - 1]
            if _NUMBERED.match(before) and _is_like(before + text, pattern):
                yield i


def _is_like(text: str, pattern: re.Pattern[str]) -> bool:
    return len(text) < _LONGEST_HEADING and pattern.match(text) is not None and not _SENTENCE.search(text)


def _has_values_behind(lines: Sequence[Sequence[PlacedWord]], i: int, headings: Sequence[int]) -> bool:
    """Whether values stand between a heading and the next one."""
    end = min((h for h in headings if h > i), default=len(lines))
    behind = (w for line in lines[i + 1 : min(end, i + _REACH)] for w in line)
    return sum(is_value(w.text) for w in behind) >= _LEAST_VALUES
