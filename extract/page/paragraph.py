"""Lines of a page → Paragraphs, without page numbers and running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.model import Paragraph, Place

#: Page numbers and running heads stand within this share of the page's height at its top and foot.
RIM = 0.11
#: A page number stands so far from every line of the body, in heights of its own.
_APART = 0.25
#: A line that ends so far before the right margin, in characters, ends its paragraph.
SHORT = 2.0
#: A line that begins so far behind the left margin, in characters, begins a paragraph.
INDENT = 1.2

_ORNAMENT = r"[\s\-—–―_·.|/]*"
_NUMBER_OF_A_PAGE = r"(?: 第 \s* )? \d{1,3} \s* 页?"
_NUMBER_OF_PAGES = r"(?: 共 | of | / ) \s* \d{1,3} \s* 页?"
_PAGE_NUMBER = re.compile(
    rf"{_ORNAMENT} {_NUMBER_OF_A_PAGE} [\s\-—–―_·.|/,，]* (?: {_NUMBER_OF_PAGES} )? {_ORNAMENT}", re.VERBOSE
)
#: The dots before a page number in a table of contents.
_LEADER = re.compile(r"(?:[.．·…]\s*){3,}\d{1,3}\s*$")
#: The number of a heading or an item, at the beginning of a line.
_ITEM = re.compile(
    r"""
    [一二三四五六七八九十]{1,2} \s* [、.．]          # 一、
    | [（(] [一二三四五六七八九十\d]{1,2} [)）]      # （一）
    | \d{1,2} \s* [、.．] (?!\d)                   # 1.
    """,
    re.VERBOSE,
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
    """The numbers of the lines of each page that are neither its page number nor a running head.

    `pages` are (height, lines). A line at the rim is a running head if it stands on other pages too, whatever
    its digits are.
    """
    seen: Counter[str] = Counter()
    for height, lines in pages:
        seen.update({_mask_digits(t) for t in lines if _at_rim(t, height)})

    def is_furniture(line: TextLine, height: float) -> bool:
        if not _at_rim(line, height):
            return False
        return _PAGE_NUMBER.fullmatch(line.text) is not None or (
            len(pages) > 1 and seen[_mask_digits(line)] > 1
        )

    found = []
    for height, lines in pages:
        furniture = [is_furniture(t, height) for t in lines]
        body = [t for t, apart in zip(lines, furniture, strict=True) if not apart]
        found.append([i for i, t in enumerate(lines) if not furniture[i] or _is_part_of(t, body)])
    return found


def _is_part_of(line: TextLine, body: Sequence[TextLine]) -> bool:
    """Whether a lone number stands beside a line of the body, or on it: a piece of one that a narrow box broke over lines."""
    if not _PAGE_NUMBER.fullmatch(line.text):
        return False
    near = _APART * (line.bottom - line.top)
    return any(t.top - line.bottom < near and line.top - t.bottom < near for t in body)


def _mask_digits(line: TextLine) -> str:
    return re.sub(r"\d+", "#", line.text) + f"@{round(line.top / 4)}"


def _at_rim(line: TextLine, height: float) -> bool:
    return line.bottom < RIM * height or line.top > (1 - RIM) * height


def build_paragraphs(lines: Sequence[TextLine], width: float) -> list[Paragraph]:
    """The lines of a page, from top to bottom, as paragraphs."""
    if not lines:
        return []
    body = [t for t in lines if len(t.text) > 4]
    left = min((t.x0 for t in body), default=0.0)
    right = max((t.x1 for t in body), default=width)
    size = sorted(t.size for t in body)[len(body) // 2] if body else 0.0
    result: list[list[TextLine]] = []
    for line in lines:
        if result and (
            _continues_paragraph(result[-1], line, left, right)
            or _continues_title(result[-1], line, left, right, size)
        ):
            result[-1].append(line)
        else:
            result.append([line])
    return [_build_paragraph(part, left, right) for part in result]


def _continues_paragraph(part: Sequence[TextLine], line: TextLine, left: float, right: float) -> bool:
    """Whether a line goes on with the paragraph before it."""
    last = part[-1]
    if line.page != last.page or abs(line.size - last.size) > 0.25 * last.size:
        return False
    if line.top - last.bottom > 1.6 * last.size or line.top < last.top:
        return False
    if right - last.x1 > SHORT * last.size or line.x0 - left > INDENT * line.size:
        return False
    # A numbered line that is short or set in is a heading or an item, not the rest of a sentence.
    numbered = _ITEM.match(line.text) is not None
    return not (
        numbered and (len(line.text) < 25 or line.x0 - left > 0.5 * line.size or _ITEM.match(part[0].text))
    )


def _continues_title(
    part: Sequence[TextLine], line: TextLine, left: float, right: float, size: float
) -> bool:
    """Whether a line goes on with a title: large, centred like the line before it, close below it."""
    last = part[-1]
    if min(last.size, line.size) < 1.15 * size or abs(last.size - line.size) > 0.1 * last.size:
        return False
    if not 0 <= line.top - last.bottom < 1.2 * line.size:
        return False
    return all(abs((t.x0 - left) - (right - t.x1)) < 2 * t.size for t in (last, line)) and not _ITEM.match(
        line.text
    )


def _build_paragraph(part: Sequence[TextLine], left: float, right: float) -> Paragraph:
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
