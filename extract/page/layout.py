"""Pages of glyphs and ruling lines → blocks in reading order, whatever drew them: PDF, a scan, OFD."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gongkai.extract.page.block_number import number_block
from gongkai.extract.page.borderless import find_aligned_grids
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import group_lines, line_text
from gongkai.extract.page.page_break import join_grids
from gongkai.extract.page.paragraph import TextLine, build_paragraphs, find_body_lines
from gongkai.extract.page.ruled_table import find_grids
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.page.two_up import find_gutter
from gongkai.model import BBox, Block, Cell, Finding, Grid, Limits, Paragraph, Place, TooLarge, flag

#: A share of glyphs without Unicode above which a page counts as unreadable.
LOST_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page, in points from its top left.

    `lost` glyphs have no Unicode, `stamps` are laid over it or hidden, `images` pictures. `unread` are the lost
    glyphs that stand for something: a box with one of them is not blank. `check` reads a box of
    a scanned page a second time. Where the page lies on its side or stands on its head, all this is
    of the page turned clockwise by `turn` degrees, so that its lines run level. `hidden`: its text
    is not painted but lies under a picture; a scanner's program read it there. `pictured`: one of its
    pictures is large enough for a table.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[RulingLine]
    lost: int = 0
    stamps: int = 0
    images: int = 0
    check: Callable[[Cell], Cell] | None = None
    unread: tuple[Glyph, ...] = ()
    turn: int = 0
    hidden: bool = False
    pictured: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether too many glyphs have no Unicode for the page to be read."""
        return self.lost > 20 and self.lost > LOST_SHARE * (len(self.glyphs) + self.lost)


def lay_out(pages: Sequence[Page], limits: Limits) -> tuple[list[Block], list[Finding]]:
    """The blocks of all pages in reading order, with Grids joined over page ends."""
    findings = [f for page in pages for f in _said(page)]
    pages = _parted(pages)
    drawn: list[tuple[Page, list[Grid], list[list[Glyph]], list[TextLine]]] = []
    for page in pages:
        if page.is_lost:
            drawn.append((page, [], [], []))
            continue
        found, inside = find_grids(page.rules, page.glyphs, page.number, worn=page.check is not None)
        if page.check is not None:
            found = [replace(g, cells=tuple(map(page.check, g.cells))) for g in found]
        if sum(len(g.cells) for g in found) > limits.cells:
            raise TooLarge(f"page {page.number}: more than {limits.cells:,} boxes")
        rest = [g for i, g in enumerate(page.glyphs) if i not in inside]
        lines = _on_page(group_lines(rest), page) if rest else []
        drawn.append(
            (page, found, lines, [TextLine.of(line, line_text(line), page.number) for line in lines])
        )
    kept = find_body_lines([(page.height, texts) for page, _, _, texts in drawn])
    result: list[Block] = []
    for (page, found, lines, texts), numbers in zip(drawn, kept, strict=True):
        if not found:  # on a page with rules, what stands outside them is no table
            found, taken = find_aligned_grids([lines[i] for i in numbers], page.number)
            numbers = [i for n, i in enumerate(numbers) if n not in taken]
        found = [_marked(grid, page.unread) for grid in found] if page.unread else found
        found = [_believed_less(grid) for grid in found] if page.hidden else found
        result += _ordered(found, build_paragraphs([texts[i] for i in numbers], page.width))
    whole, notes = join_grids(result)
    whole = turn_back(whole, {page.number: page for page in pages if page.turn})
    return [number_block(b, i) for i, b in enumerate(whole)], [*findings, *notes]


def _parted(pages: Sequence[Page]) -> list[Page]:
    """Pages with two documents side by side as the left pages, then the right ones."""
    at = [find_gutter(p.glyphs, p.rules, p.width, p.height) for p in pages]
    if not at or any(x is None for x in at[: max(1, len(at) - 1)]):
        return list(pages)
    cuts = [x if x is not None else p.width / 2 for x, p in zip(at, pages, strict=True)]
    halves = []
    for right in (False, True):
        for page, cut in zip(pages, cuts, strict=True):
            glyphs = [g for g in page.glyphs if ((g.x0 + g.x1) / 2 >= cut) is right]
            rules = [r for r in page.rules if ((r.x0 + r.x1) / 2 >= cut) is right]
            unread = tuple(g for g in page.unread if ((g.x0 + g.x1) / 2 >= cut) is right)
            halves.append(replace(page, glyphs=glyphs, rules=rules, unread=unread))
    return halves


def turn_page(page: Page, turn: int) -> Page:
    """A page turned clockwise by 90, 180 or 270 degrees, with all that stands on it."""

    def box(bounds: Sequence[float]) -> BBox:
        return _turned(bounds, turn, page.width, page.height)

    lies = turn != 180
    return replace(
        page,
        width=page.height if lies else page.width,
        height=page.width if lies else page.height,
        glyphs=[Glyph(g.text, *box(g[1:])) for g in page.glyphs],
        rules=[RulingLine(*box(r)) for r in page.rules],
        unread=tuple(Glyph(g.text, *box(g[1:])) for g in page.unread),
        turn=turn,
    )


def _turned(bounds: Sequence[float], turn: int, width: float, height: float) -> BBox:
    """A box on a page of that size, where it stands once the page is turned clockwise."""
    x0, top, x1, bottom = bounds
    if turn == 90:
        return height - bottom, x0, height - top, x1
    if turn == 180:
        return width - x1, height - bottom, width - x0, height - top
    return top, width - x1, bottom, width - x0


def turn_back(found: Sequence[Block], pages: Mapping[int, Page]) -> list[Block]:
    """The blocks with the places of turned `pages` as these are seen, not as they were read."""
    if not pages:
        return list(found)

    def seen(place: Place) -> Place:
        page = pages.get(place.page or 0)
        if page is None or place.bbox is None:
            return place
        return replace(place, bbox=_turned(place.bbox, 360 - page.turn, page.width, page.height))

    return [
        replace(b, place=seen(b.place))
        if isinstance(b, Paragraph)
        else replace(b, place=seen(b.place), cells=tuple(replace(c, place=seen(c.place)) for c in b.cells))
        for b in found
    ]


def _on_page(lines: Sequence[list[Glyph]], page: Page) -> list[list[Glyph]]:
    """The lines without what stands beyond the edges of the page, where nobody sees it."""
    result = []
    for line in lines:
        if line[0].x0 < 0 or line[-1].x1 > page.width:
            line = [g for g in line if 0 <= (g.x0 + g.x1) / 2 <= page.width]
        if line and 0 <= (line[0].top + line[0].bottom) / 2 <= page.height:
            result.append(line)
    return result


def _said(page: Page) -> Iterator[Finding]:
    place = Place(page=page.number)
    if page.is_lost:
        yield flag(
            "font-no-unicode",
            f"page {page.number}: {page.lost} characters have no Unicode; the page can be seen but not copied. "
            "Install the extra gongkai[ocr] to read it",
            place=place,
        )
    elif not page.glyphs and page.images:
        yield flag(
            "page-without-text",
            f"page {page.number} is a picture; install the extra gongkai[ocr] to read it",
            place=place,
        )
    if page.hidden:
        yield flag(
            "text-hidden",
            f"page {page.number}: its text is not printed but hidden under a picture, as a scanner's program read it; "
            "install the extra gongkai[ocr] to have the picture read",
            place=place,
        )
    if page.turn:
        yield flag(
            "page-turned",
            f"page {page.number} lies turned; it was read after a turn of {page.turn} degrees clockwise",
            place=place,
        )
    if page.stamps:
        yield flag(
            "watermark-left-out",
            f"page {page.number}: {page.stamps} characters of a stamp, a watermark or hidden text left out",
            place=place,
        )


def _marked(grid: Grid, unread: Sequence[Glyph]) -> Grid:
    """The grid with U+FFFD in every box of values that holds a character nobody can tell."""
    return replace(grid, cells=tuple(_with_marks(cell, unread) for cell in grid.cells))


def _with_marks(cell: Cell, unread: Sequence[Glyph]) -> Cell:
    if cell.place.bbox is None or any("一" <= c <= "鿿" for c in cell.text):
        return cell
    if cell.text.strip() and cell.origin == "ocr":
        return cell  # seen on the picture of the page
    x0, top, x1, bottom = cell.place.bbox
    inside = [g for g in unread if x0 < (g.x0 + g.x1) / 2 < x1 and top < (g.top + g.bottom) / 2 < bottom]
    return replace(cell, text=cell.text + "\ufffd" * len(inside)) if inside else cell


#: Highest confidence of what a scanner's program read in a picture: nobody looked at it again.
HIDDEN = 0.85


def _believed_less(grid: Grid) -> Grid:
    """The grid of a hidden layer: its text was not printed."""
    return replace(
        grid,
        cells=tuple(replace(c, origin="ocr", confidence=min(c.confidence, HIDDEN)) for c in grid.cells),
    )


def _ordered(found: Sequence[Grid], texts: Sequence[Paragraph]) -> list[Block]:
    """The blocks of one page from top to bottom."""

    def top(block: Block) -> float:
        return block.place.bbox[1] if block.place.bbox is not None else 0.0

    return sorted([*found, *texts], key=top)
