"""A page whose every line has a place of its own (a PDF turned into HTML) → pages of glyphs.

Such a page has no table: only where its words stand tells which row and which column they belong to. How wide they
are is not told; characters are as wide as their size, letters and figures half of it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page
from gongkai.extract.web.css import Styles
from gongkai.extract.web.dom import UNSEEN, children
from gongkai.extract.web.length import read_length
from gongkai.model import Limits, TooLarge
from gongkai.record import dataclass

#: Fewer lines with a place are no report.
_FEWEST = 40
#: With more characters on one page it is no report.
_MOST = 40_000
#: This share of the page's characters stands in such lines.
_MOSTLY = 0.95
#: Points in a pixel.
_POINT = 0.75
#: A line of letters takes so many times their size where no style says how much.
_LINE = 1.2
#: Pieces whose tops differ by less than this, in points, stand on one level.
_LEVEL = 4.0
#: A number stands at least so far behind other words of its level, in sizes of their letters.
_APART = 0.7
_FIGURES = re.compile(r"[\s\d,，.．/\\—–-]+")
_PLACED = re.compile(r"position\s*:\s*absolute", re.IGNORECASE)
_BLANK = re.compile(r"[\s ]+")


class _Piece(NamedTuple):
    """The characters of a line, each with its width in points, from where it begins."""

    left: float
    top: float
    size: float
    characters: list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class _PlacedPage:
    """The element that is a page, its size in points, and what is written on it."""

    number: int
    width: float
    height: float
    pieces: list[_Piece]


def may_be_placed(text: str) -> bool:
    """Whether lines of a page may have places of their own; it takes no parser."""
    return _PLACED.search(text) is not None and text.count("<p") + text.count("<div") >= _FEWEST


def width_of(text: str) -> float:
    """How wide a text is, in sizes of its letters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def find_pages(body: Any, styles: Styles, limits: Limits) -> list[Page] | None:
    """The pages of glyphs that are drawn on a page, None where its text is not placed line by line.

    A line that is hidden or struck, in part or whole, makes it none: those are read as any other page. Raises TooLarge.
    """
    lines = [node for node in body.css("p, div, span") if _is_line(node, styles)]
    if len(lines) < _FEWEST or _count(lines) < _MOSTLY * _count([body]):
        return None
    pages: dict[int, _PlacedPage] = {}
    for line in lines:
        page = _find_page(line, styles, pages)
        pieces = _read_pieces(line, styles)
        if page is None or pieces is None:
            return None
        page.pieces.extend(pieces)
    if any(sum(len(piece.characters) for piece in page.pieces) > _MOST for page in pages.values()):
        return None
    if len(pages) > limits.pages:
        raise TooLarge(f"{len(pages):,} pages; the limit is {limits.pages:,}")
    return [Page(s.number, s.width, s.height, list(_lay(s.pieces)), []) for s in pages.values()]


def _count(nodes: list[Any]) -> int:
    """How many characters are printed in some elements, blanks and what no page shows aside."""
    return sum(
        len(_BLANK.sub("", node.text_content or ""))
        for part in nodes
        for node in part.traverse(include_text=True)
        if node.tag == "-text" and (node.parent is None or node.parent.tag not in UNSEEN)
    )


def _is_line(node: Any, styles: Styles) -> bool:
    """Whether an element has a place, and letters of its own rather than elements with places."""
    if styles.declares(node, "position").lower() != "absolute":
        return False
    return not any(
        styles.declares(n, "position") for n in node.css("p, div, span") if n.mem_id != node.mem_id
    )


def _find_page(line: Any, styles: Styles, pages: dict[int, _PlacedPage]) -> _PlacedPage | None:
    """The page that a line stands on: the nearest element around it that has a place and a size."""
    node = line.parent
    while node is not None and not styles.declares(node, "position"):
        node = node.parent
    if node is None:
        return None
    if node.mem_id not in pages:
        sides = [_read_points(styles, node, name) for name in ("width", "height")]
        if None in sides:
            return None
        pages[node.mem_id] = _PlacedPage(len(pages) + 1, sides[0] or 0.0, sides[1] or 0.0, [])
    return pages[node.mem_id]


def _read_points(styles: Styles, node: Any, name: str) -> float | None:
    pixels = read_length(styles.declares(node, name), styles.draw(node).size, 0.0)
    return None if pixels is None else _POINT * pixels


def _read_pieces(line: Any, styles: Styles) -> list[_Piece] | None:
    """What is written in a line, and in those that follow it in its element; None where not all of it is plainly seen."""
    left, top = (_read_points(styles, line, name) for name in ("left", "top"))
    if left is None or top is None:
        return None
    pieces = [_Piece(left, top, 0.0, [])]
    for text, size in _list_runs(line, styles):
        if text is None:
            return None
        if text == "\n":
            pieces.append(_Piece(left, pieces[-1].top + _LINE * size, 0.0, []))
            continue
        widths = (size * width_of(c) for c in text)
        last = pieces[-1]
        pieces[-1] = last._replace(size=max(size, last.size))
        last.characters.extend(zip(text, widths, strict=True))
    return [p for p in pieces if any(not c.isspace() for c, _ in p.characters)]


def _lay(pieces: Sequence[_Piece]) -> Iterator[Glyph]:
    """The glyphs of a page. A piece ends where the next one on its level begins, whatever its letters may take."""
    levels: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for p in pieces:
        text = "".join(c for c, _ in p.characters)
        levels[round(p.top / _LEVEL)].append((p.left, _FIGURES.fullmatch(text) is not None))
    for beside in levels.values():
        beside.sort()
    for p in pieces:
        near = [levels.get(round(p.top / _LEVEL) + step, []) for step in (-1, 0, 1)]
        after = [
            beside[i] for beside in near if (i := bisect_right(beside, (p.left + 1, True))) < len(beside)
        ]
        end, is_number = min(after, default=(math.inf, False))
        wide = sum(width for _, width in p.characters)
        room = end - p.left - (_APART * p.size if is_number else 0.0)
        yield from _write(p, min(1.0, max(room, wide / 2) / wide))


def _write(piece: _Piece, share: float) -> Iterator[Glyph]:
    x = piece.left
    for character, width in piece.characters:
        end = x + share * width
        if not character.isspace():
            yield Glyph(character, x, piece.top, end, piece.top + piece.size)
        x = end


def _list_runs(node: Any, styles: Styles) -> Iterator[tuple[str | None, float]]:
    """The texts of a line with the sizes of their letters in points, None for what is not plainly seen; breaks as ends of lines."""
    drawn = styles.draw(node)
    for child in children(node):
        if child.tag == "-text":
            is_seen = not styles.unseen(node) and not drawn.is_struck
            yield child.text_content or "" if is_seen else None, _POINT * drawn.size
        elif child.tag == "br":
            yield "\n", _POINT * drawn.size
        elif not child.tag.startswith("-") and child.tag not in UNSEEN:
            yield from _list_runs(child, styles)
