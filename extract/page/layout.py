"""Pages of glyphs and ruling lines → blocks in reading order, whatever drew them: PDF, a scan, OFD."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gongkai.extract.left_out import LeftOut
from gongkai.extract.page.block_number import number_block
from gongkai.extract.page.borderless import find_aligned_grids
from gongkai.extract.page.cut_box import mark_cut_boxes
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import group_lines, line_text
from gongkai.extract.page.page_break import join_grids
from gongkai.extract.page.paragraph import TextLine, build_paragraphs, find_body_lines
from gongkai.extract.page.ruled_table import find_grids
from gongkai.extract.page.ruling_line import RulingLine
from gongkai.extract.page.two_up import find_gutter, order_halves
from gongkai.extract.pdfium.odd_figures import find_lines_inside, find_odd_figures, find_short_lines
from gongkai.model import (
    BBox,
    Block,
    Cell,
    Finding,
    Grid,
    Limits,
    Paragraph,
    Place,
    TooLarge,
    flag,
    mark_unread,
)

#: A page counts as unreadable where more than this share of its glyphs, and more than so many, have no Unicode.
LOST_SHARE, LOST_GLYPHS = 0.2, 20
#: Fewer glyphs than this prove nothing about their font.
GARBLED_GLYPHS = 60
#: Characters of which any Chinese text has many, those of a table of this form not less than others, and the least
#: share of them among its Chinese characters.
COMMON = "的一是在不了有和人中大为上个以要时来用们生到作地于出就分对成会可主发年动同工能下过子产方面后多定行法所民经政府信息公开申请数量本机关项第条件理定处他其三二"
COMMON_SHARE = 0.06
#: A larger share of letters that no report uses (accents, Greek, Cyrillic, Korean) is of a wrong font map.
STRANGE = 0.3
#: Letters with accents in Chinese text are of a wrong font map, where they are of so many kinds, so many, and more
#: than this share: distilled files name some characters after others (ÿ for （, Ā for ）).
ACCENTED_KINDS, ACCENTED_LETTERS, ACCENTED = 3, 4, 0.01
#: From so many digits on that are drawn as other characters, no text of the page is believed.
FALSE_DIGITS = 3
#: So many drawings on a page without a character are characters as outlines.
OUTLINES = 20
#: Highest confidence of what a scanner's program read in a picture: nobody checked it.
HIDDEN = 0.85


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page, in points from its top left.

    `lost` glyphs have no Unicode; `unread` are those of them that stand for something, and their text says what they
    are: a box with one is not blank. `unseen` are characters that nobody sees. `stamps` counts the characters that
    are laid over the page, `images` its pictures. `shapes` are the boxes of pictures and drawings, and `has_ink` tells
    whether anything but text is drawn in a box, both of the page as displayed; of a scan, whether there is ink, and of
    the page as read. `check`
    reads boxes of a scanned page a second time. `turn`: the page lies on its side or stands on its head. All this
    is of the page turned clockwise by so many degrees, so that its lines run level. `hidden`: its text is not
    painted but lies under a picture, where a scanner's program read it. `pictures` are the boxes of those that are
    large enough for a table, `insets` what OCR read in them. `unwarp` tells where a box of a photographed page, once it stands upright, is in the photograph.
    `words` reads the words of a scanned page from their own ink, each with its place on the page as read; it gives None
    where their lines are not level.
    `false` digits are drawn as other digits than their font names. `strokes` are lines of annotations: no walls of
    boxes. `noted` are the boxes of annotations as displayed. `compared`: the figures of a scanned page were compared with
    text that was hidden under it.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[RulingLine]
    lost: int = 0
    stamps: int = 0
    images: int = 0
    check: Callable[[Sequence[Cell]], Sequence[Cell]] | None = None
    unread: tuple[Glyph, ...] = ()
    turn: int = 0
    hidden: bool = False
    pictures: tuple[BBox, ...] = ()
    unseen: tuple[Glyph, ...] = ()
    shapes: tuple[BBox, ...] = ()
    has_ink: Callable[[BBox], bool] | None = None
    has_faint_ink: Callable[[BBox], bool] | None = None
    insets: tuple[Inset, ...] = ()
    unwarp: Callable[[BBox], BBox] | None = None
    words: Callable[[], Sequence[Cell] | None] | None = None
    false: int = 0
    strokes: tuple[RulingLine, ...] = ()
    noted: tuple[BBox, ...] = ()
    compared: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether the page can be seen and not read: its glyphs have no Unicode or a wrong one."""
        without = self.lost > LOST_GLYPHS and self.lost > LOST_SHARE * (len(self.glyphs) + self.lost)
        return without or self.is_garbled or self.has_false_digits

    @property
    def has_false_digits(self) -> bool:
        """Whether so many digits are drawn as others that a font names them wrongly."""
        return self.false >= FALSE_DIGITS

    @property
    def is_garbled(self) -> bool:
        """Whether the characters are not those of any Chinese text: the font names others than it shows."""
        if len(self.glyphs) < GARBLED_GLYPHS or self.check is not None:
            return False
        return _makes_no_text(tuple([g[0] for g in self.glyphs]))

    @property
    def is_picture(self) -> bool:
        """Whether all that is seen on the page are pictures, or outlines in place of characters."""
        return not self.glyphs and bool(self.images or len(self.shapes) > OUTLINES)


@lru_cache(64)
def _makes_no_text(characters: tuple[str, ...]) -> bool:
    """Whether characters are not those of any Chinese text. It is asked several times of each page."""
    counts = Counter(characters)
    chinese = strange = 0
    accented: list[int] = []
    for c, n in counts.items():
        if "\u3400" <= c <= "\u9fff":
            chinese += n
        elif c >= "\u00a1":
            latin = c < "\u0100" and c not in "·×°±§"
            if latin or "\u0100" <= c < "\u2000" or "\ua000" <= c < "\uf900":
                strange += n
            if "\u00c0" <= c < "\u0250" and c not in "×÷":
                accented.append(n)
    if strange > STRANGE * len(characters):
        return True
    common = sum([counts.get(c, 0) for c in COMMON])
    is_accented = len(accented) >= ACCENTED_KINDS and sum(accented) >= max(
        ACCENTED_LETTERS, ACCENTED * len(characters)
    )
    return chinese > GARBLED_GLYPHS and (common < COMMON_SHARE * chinese or is_accented)


@dataclass(frozen=True, slots=True)
class Inset:
    """A picture on a page of text, read as a page of its own, and its box on that page."""

    page: Page
    place: BBox


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A page, its Grids with ruling lines, and the lines of text outside them."""

    page: Page
    grids: list[Grid]
    lines: list[list[Glyph]]
    texts: list[TextLine]


def lay_out(pages: Sequence[Page], limits: Limits) -> tuple[list[Block], list[Finding]]:
    """The blocks of all pages in reading order, with Grids joined over page ends."""
    findings = [finding for page in pages for finding in _check_page(page)]
    findings += _note_unseen(pages)
    pages = _split_two_up(pages)
    drawn = [_find_ruled(page, limits) for page in pages]
    body = find_body_lines([(d.page.height, d.texts) for d in drawn])
    blocks = [b for d, numbers in zip(drawn, body, strict=True) for b in _find_blocks(d, numbers, limits)]
    blocks, notes = join_grids(blocks)
    blocks = turn_back(blocks, {p.number: p for p in pages if p.turn or p.unwarp})
    return [number_block(b, i) for i, b in enumerate(blocks)], [*findings, *notes]


def _find_ruled(page: Page, limits: Limits) -> _Drawn:
    """The tables of a page that ruling lines draw. Raises TooLarge."""
    if page.is_lost:
        return _Drawn(page, [], [], [])
    worn = page.check is not None
    ink = page.has_ink if worn else None
    unseen = () if page.turn else page.unseen
    grids, inside = find_grids(page.rules, page.glyphs, page.number, worn=worn, has_ink=ink, unseen=unseen)
    if page.check is not None:
        grids = [replace(g, cells=tuple(page.check(g.cells))) for g in grids]
        limits.after_page()  # a page filled in by hand takes as long again as its lines did
    if sum(len(g.cells) for g in grids) > limits.cells:
        raise TooLarge(f"page {page.number}: more than {limits.cells:,} boxes")
    rest = [g for i, g in enumerate(page.glyphs) if i not in inside]
    lines = _drop_outside(group_lines(rest), page) if rest else []
    return _Drawn(page, grids, lines, [TextLine.of(line, line_text(line), page.number) for line in lines])


def _find_blocks(drawn: _Drawn, numbers: Sequence[int], limits: Limits) -> list[Block]:
    """The blocks of one page from top to bottom. `numbers` are the lines that are no page number or running head."""
    page = drawn.page
    grids, numbers = _find_aligned(drawn, numbers)
    grids = _mark_unread(grids, page) if grids else []
    if page.unseen and not page.turn and page.check is None:
        grids = [mark_cut_boxes(grid, page.unseen) for grid in grids]
    if page.hidden:
        grids = [_lower_confidence(grid) for grid in grids]
    insets = [b for inset in page.insets for b in _find_inset_blocks(inset, limits)]
    return _sort([*grids, *insets, *build_paragraphs([drawn.texts[i] for i in numbers], page.width)])


def _find_aligned(drawn: _Drawn, numbers: Sequence[int]) -> tuple[list[Grid], Sequence[int]]:
    """The tables of a page, those without ruling lines too, and the lines that stand in none of these.

    On a page with ruling lines, what stands outside them is no table. Numbers of a scan would be boxes that were read
    once: its words are each read from their own ink.
    """
    if drawn.grids or drawn.page.check is not None:
        return drawn.grids, numbers
    grids, taken = find_aligned_grids([drawn.lines[i] for i in numbers], drawn.page.number)
    return grids, [i for n, i in enumerate(numbers) if n not in taken]


def _find_inset_blocks(inset: Inset, limits: Limits) -> Iterator[Block]:
    """The blocks of a picture, moved to where it stands on its page. Raises TooLarge."""
    drawn = _find_ruled(inset.page, limits)
    for block in _find_blocks(drawn, range(len(drawn.lines)), limits):
        place = _move_place(block.place, inset)
        if isinstance(block, Grid):
            cells = tuple(replace(c, place=_move_place(c.place, inset)) for c in block.cells)
            yield replace(block, place=place, cells=cells)
        else:
            yield replace(block, place=place)


def _move_place(place: Place, inset: Inset) -> Place:
    """A place in a picture on the picture's page: that of the whole picture where it was turned to be read."""
    if place.bbox is None:
        return place
    if inset.page.turn:
        return replace(place, bbox=inset.place)
    left, upper = inset.place[:2]
    x0, top, x1, bottom = place.bbox
    moved = x0 + left, top + upper, x1 + left, bottom + upper
    return replace(
        place, bbox=(round(moved[0], 2), round(moved[1], 2), round(moved[2], 2), round(moved[3], 2))
    )


def _split_two_up(pages: Sequence[Page]) -> list[Page]:
    """Sheets with two pages, or two documents, side by side as their halves.

    Of two documents the left halves come first, then the right ones; of one, each left half before its right one: the
    order in which its sections stand. The last sheet may have no gutter: its right half can be shorter.
    """
    gutters = [find_gutter(p.glyphs, p.rules, p.width, p.height) for p in pages]
    if not gutters or any(x is None for x in gutters[: max(1, len(gutters) - 1)]):
        return list(pages)
    cuts = [x if x is not None else p.width / 2 for x, p in zip(gutters, pages, strict=True)]
    left, right = (
        [_half(p, x, is_right) for p, x in zip(pages, cuts, strict=True)] for is_right in (False, True)
    )
    return order_halves(left, right, lambda half: map(line_text, group_lines(half.glyphs)))


def _half(page: Page, cut: float, right: bool) -> Page:
    """The page with only what stands left, or right, of the cut."""

    def inside(thing: Glyph | RulingLine) -> bool:
        return ((thing.x0 + thing.x1) / 2 >= cut) is right

    return replace(
        page,
        glyphs=list(filter(inside, page.glyphs)),
        rules=list(filter(inside, page.rules)),
        unread=tuple(filter(inside, page.unread)),
        strokes=tuple(filter(inside, page.strokes)),
    )


def turn_page(page: Page, turn: int) -> Page:
    """A page turned clockwise by 90, 180 or 270 degrees, with all that stands on it."""

    def box(bounds: Sequence[float]) -> BBox:
        return _turn_box(bounds, turn, page.width, page.height)

    lies = turn != 180
    return replace(
        page,
        width=page.height if lies else page.width,
        height=page.width if lies else page.height,
        glyphs=[Glyph(g.text, *box(g[1:])) for g in page.glyphs],
        rules=[RulingLine(*box(r)) for r in page.rules],
        unread=tuple(Glyph(g.text, *box(g[1:])) for g in page.unread),
        strokes=tuple(RulingLine(*box(r)) for r in page.strokes),
        turn=turn,
    )


def _turn_box(bounds: Sequence[float], turn: int, width: float, height: float) -> BBox:
    """A box on a page of that size, where it stands once the page is turned clockwise."""
    x0, top, x1, bottom = bounds
    if turn == 90:
        return height - bottom, x0, height - top, x1
    if turn == 180:
        return width - x1, height - bottom, width - x0, height - top
    return top, width - x1, bottom, width - x0


def turn_back(blocks: Sequence[Block], pages: Mapping[int, Page]) -> list[Block]:
    """The blocks with their places on turned or photographed `pages` as a viewer shows these, not as they were read."""
    if not pages:
        return list(blocks)

    def turn(place: Place) -> Place:
        page = pages.get(place.page or 0)
        return place if page is None else show_place(place, page)

    def turn_block(block: Block) -> Block:
        if isinstance(block, Paragraph):
            return replace(block, place=turn(block.place))
        cells = tuple(replace(c, place=turn(c.place)) for c in block.cells)
        return replace(block, place=turn(block.place), cells=cells)

    return [turn_block(block) for block in blocks]


def show_place(place: Place, page: Page) -> Place:
    """A place on a page as read, where a viewer shows it."""
    bbox = place.bbox
    if bbox is None:
        return place
    if page.turn:
        bbox = _turn_box(bbox, 360 - page.turn, page.width, page.height)
    return replace(place, bbox=bbox if page.unwarp is None else page.unwarp(bbox))


def _drop_outside(lines: Sequence[list[Glyph]], page: Page) -> list[list[Glyph]]:
    """The lines without what stands outside the page, where nobody sees it."""
    result = []
    for line in lines:
        if line[0].x0 < 0 or line[-1].x1 > page.width:
            line = [g for g in line if 0 <= (g.x0 + g.x1) / 2 <= page.width]
        if line and 0 <= (line[0].top + line[0].bottom) / 2 <= page.height:
            result.append(line)
    return result


def _check_page(page: Page) -> Iterator[Finding]:
    """What a reader should know of a page."""
    place = Place(page=page.number)
    if page.is_lost:
        wrong = f"{page.lost} characters have no Unicode"
        if page.is_garbled:
            wrong = "its characters make no text"
        elif page.has_false_digits:
            wrong = f"its font draws {page.false} digits as others than it names"
        yield flag(
            "font-no-unicode",
            f"page {page.number}: {wrong}; the page can be seen but not copied. "
            "Install the extra gongkai[ocr] to read it",
            place=place,
        )
    elif page.is_picture:
        yield flag(
            "page-without-text",
            f"page {page.number} is a picture; install the extra gongkai[ocr] to read it",
            place=place,
        )
    if page.hidden:
        yield flag(
            "text-hidden",
            f"page {page.number}: its text is not printed but hidden under a picture, as a scanner's program read it; "
            "install the extra gongkai[ocr] to read the picture itself",
            place=place,
        )
    if page.turn:
        yield flag(
            "page-turned",
            f"page {page.number} is turned; it was read after a turn of {page.turn} degrees clockwise",
            place=place,
        )
    if page.stamps:
        yield flag(
            "watermark-left-out",
            f"page {page.number}: {page.stamps} characters of a stamp or a watermark left out",
            place=place,
        )


def _note_unseen(pages: Sequence[Page]) -> list[Finding]:
    """The note of the text that nobody sees, by its lines."""
    left_out = LeftOut()
    for page in pages:
        for line in group_lines(page.unseen):
            box = line[0].x0, min(g.top for g in line), line[-1].x1, max(g.bottom for g in line)
            x0, top, x1, bottom = (round(v, 2) for v in box)
            left_out.add(
                "not seen on the page", line_text(line), Place(page.number, bbox=(x0, top, x1, bottom))
            )
    return left_out.findings()


def _mark_unread(grids: Sequence[Grid], page: Page) -> list[Grid]:
    """The grids with a mark in every box of values for what stands in it and cannot be read."""
    marks = list(page.unread)
    if page.check is None:  # the boxes of a scan are read from their own ink
        marks += find_odd_figures(page.glyphs, page.rules)
        short = find_short_lines((*page.rules, *page.strokes))
        for grid in grids:
            marks += find_lines_inside(grid, short, page.glyphs)
    if not marks and not page.shapes:
        return list(grids)
    return [
        replace(grid, cells=tuple(_add_marks(cell, page, marks) for cell in grid.cells)) for grid in grids
    ]


def _add_marks(cell: Cell, page: Page, marks: Sequence[Glyph]) -> Cell:
    if cell.place.bbox is None or any("一" <= c <= "鿿" and c not in _COUNTED for c in cell.text):
        return cell
    if cell.text.strip() and cell.origin == "ocr":
        return cell  # OCR read it from the picture of the page
    found = [g.text for g in marks if _has_middle(cell.place.bbox, g[1:])]
    found += _find_drawn(cell, cell.place.bbox, page)
    text = cell.text + "".join(mark_unread(what) for what in dict.fromkeys(found))
    return replace(cell, text=text) if found else cell


#: Chinese characters that stand behind a number, or for none: a box with another is a label.
_COUNTED = "件条个次项份宗起篇户页万亿元余无一零〇"
#: A drawing that stands in a box reaches at most so far, in points, beyond its walls.
BEYOND = 2.0
#: A drawing no larger than this, in points, may be a stroke through the figures that it meets; a larger one is a seal.
SMALL = 60.0


def _find_drawn(cell: Cell, bbox: BBox, page: Page) -> Iterator[str]:
    """Whether something drawn stands in a box: in the box alone, or anything at all where it has no text."""
    if page.has_ink is None or cell.origin == "ocr":
        return
    x0, top, x1, bottom = _turn_box(bbox, 360 - page.turn, page.width, page.height) if page.turn else bbox
    for left, upper, right, lower in page.shapes:
        own = x0 - BEYOND < left and right < x1 + BEYOND and top - BEYOND < upper and lower < bottom + BEYOND
        meets = left < x1 and x0 < right and upper < bottom and top < lower
        small = max(right - left, lower - upper) <= SMALL
        shows = page.has_faint_ink if own and page.has_faint_ink is not None else page.has_ink
        if (own or (meets and (small or not cell.text.strip()))) and shows((x0, top, x1, bottom)):
            yield "drawing"
            return


def _has_middle(outer: BBox, inner: Sequence[float]) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] < x < outer[2] and outer[1] < y < outer[3]


def _lower_confidence(grid: Grid) -> Grid:
    """The grid of a hidden layer: its text was not printed."""
    return replace(
        grid,
        cells=tuple(replace(c, origin="ocr", confidence=min(c.confidence, HIDDEN)) for c in grid.cells),
    )


def _sort(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of one page from top to bottom."""
    return sorted(blocks, key=lambda block: block.place.bbox[1] if block.place.bbox is not None else 0.0)
