"""Lines of a page → Paragraphs; page numbers and running heads left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.model import Paragraph, Place

#: The share of a page's height at its top and foot in which furniture stands.
RIM = 0.11
#: A line that ends so far before the right margin, in characters, ends its paragraph.
SHORT = 2.0
#: A line that begins so far behind the left margin, in characters, begins one.
INDENT = 1.2

_PAGE_NUMBER = re.compile(
    r"[\s\-—–―_·.|/]*(?:第\s*)?\d{1,3}\s*(?:页)?[\s\-—–―_·.|/,，]*(?:(?:共|of|/)\s*\d{1,3}\s*(?:页)?)?[\s\-—–―_·.|/]*"
)
_LEADER = re.compile(r"(?:[.．·…]\s*){3,}\d{1,3}\s*$")
_BEGINS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}\s*[、.．]|[（(][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}\s*[、.．](?!\d))"
)


class TextLine(NamedTuple):
    """One line: its text, its box, the height of its characters and its page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    page: int

    @classmethod
    def of(cls, glyphs: Sequence[Glyph], text: str, page: int) -> TextLine:
        size = sorted(g.bottom - g.top for g in glyphs)[len(glyphs) // 2]
        return cls(
            text,
            glyphs[0].x0,
            min(g.top for g in glyphs),
            glyphs[-1].x1,
            max(g.bottom for g in glyphs),
            size,
            page,
        )


def find_body_lines(pages: Sequence[tuple[float, Sequence[TextLine]]]) -> list[list[int]]:
    """Which lines of each page are more than its number and running head, by their numbers.

    `pages` are (height, lines). A line at the rim that stands on other pages too, its digits
    aside, is a running head.
    """
    seen: Counter[str] = Counter()
    for height, lines in pages:
        seen.update({_masked(t) for t in lines if _at_rim(t, height)})

    def is_furniture(line: TextLine, height: float) -> bool:
        if not _at_rim(line, height):
            return False
        return _PAGE_NUMBER.fullmatch(line.text) is not None or (len(pages) > 1 and seen[_masked(line)] > 1)

    return [[i for i, t in enumerate(lines) if not is_furniture(t, height)] for height, lines in pages]


def _masked(line: TextLine) -> str:
    return re.sub(r"\d+", "#", line.text) + f"@{round(line.top / 4)}"


def _at_rim(line: TextLine, height: float) -> bool:
    return line.bottom < RIM * height or line.top > (1 - RIM) * height


def build_paragraphs(lines: Sequence[TextLine], width: float) -> list[Paragraph]:
    """Lines put together to paragraphs, in the order given."""
    if not lines:
        return []
    body = [t for t in lines if len(t.text) > 4]
    left = min((t.x0 for t in body), default=0.0)
    right = max((t.x1 for t in body), default=width)
    size = sorted(t.size for t in body)[len(body) // 2] if body else 0.0
    result: list[list[TextLine]] = []
    for line in lines:
        if result and (
            _goes_on(result[-1], line, left, right) or _titled(result[-1], line, left, right, size)
        ):
            result[-1].append(line)
        else:
            result.append([line])
    return [_paragraph(part, left, right) for part in result]


def _goes_on(part: Sequence[TextLine], line: TextLine, left: float, right: float) -> bool:
    """Whether a line belongs to the paragraph before it."""
    last = part[-1]
    if line.page != last.page or abs(line.size - last.size) > 0.25 * last.size:
        return False
    if line.top - last.bottom > 1.6 * last.size or line.top < last.top:
        return False
    if right - last.x1 > SHORT * last.size or line.x0 - left > INDENT * line.size:
        return False
    # a numbered line that is short, or set in, is a heading or an item and not the rest of a sentence
    numbered = _BEGINS.match(line.text) is not None
    return not (
        numbered and (len(line.text) < 25 or line.x0 - left > 0.5 * line.size or _BEGINS.match(part[0].text))
    )


def _titled(part: Sequence[TextLine], line: TextLine, left: float, right: float, size: float) -> bool:
    """Whether a line is the rest of a title: large, centred like the line before, close below it."""
    last = part[-1]
    if min(last.size, line.size) < 1.15 * size or abs(last.size - line.size) > 0.1 * last.size:
        return False
    if not 0 <= line.top - last.bottom < 1.2 * line.size:
        return False
    return all(abs((t.x0 - left) - (right - t.x1)) < 2 * t.size for t in (last, line)) and not _BEGINS.match(
        line.text
    )


def _paragraph(part: Sequence[TextLine], left: float, right: float) -> Paragraph:
    text = part[0].text
    for line in part[1:]:
        glue = " " if text[-1:].isascii() and text[-1:].isalpha() and line.text[:1].isascii() else ""
        text += glue + line.text
    bbox = (
        round(min(t.x0 for t in part), 2),
        round(part[0].top, 2),
        round(max(t.x1 for t in part), 2),
        round(part[-1].bottom, 2),
    )
    first = part[0]
    middle = abs((first.x0 - left) - (right - first.x1)) < 2 * first.size
    centered = len(part) == 1 and middle and first.x0 - left > 2 * first.size
    role: Literal["body", "toc"] = "toc" if _LEADER.search(text) else "body"
    return Paragraph(
        text, Place(first.page, None, None, None, bbox), "", role, round(first.size, 1), centered
    )
