"""PDF with a text layer → Document: glyphs and ruling lines of each page, in reading order.

PDFium parses. Its raw interface is called, because an object for every glyph costs more than all the
rest. Coordinates are in points from the top left of the page as displayed.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from gongkai.extract.ocr.pages import recognise_pages, recognise_pictures
from gongkai.extract.ocr.pictured import find_areas, lacks_tables
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page, lay_out, turn_page
from gongkai.extract.page.word_layout import make_layouts
from gongkai.extract.pdfium.annotations import FormField, show_annotations
from gongkai.extract.pdfium.calls import Box, Placer, address_of, bind, find_pieces, read_matrices
from gongkai.extract.pdfium.charbox import FIRST_CHINESE, TALL, locate_characters, lower, straighten
from gongkai.extract.pdfium.digit_font import (
    find_doubtful_digits,
    find_false_digits,
    find_shifted_digits,
    is_wanted,
)
from gongkai.extract.pdfium.odd_pieces import find_odd_pieces
from gongkai.extract.pdfium.outlined_text import may_outline, paint_outlined
from gongkai.extract.pdfium.paths import Drawing, make_placer, page_size, read_drawing
from gongkai.extract.pdfium.strikethrough import find_struck
from gongkai.extract.pdfium.visible import look_at
from gongkai.extract.pdfium.watermark import Foreign, find_foreign, may_be_foreign
from gongkai.model import (
    BBox,
    Document,
    Encrypted,
    Limits,
    Place,
    Source,
    TooLarge,
    Truncated,
    Unreadable,
)

if TYPE_CHECKING:
    from PIL.Image import Image

#: Characters on one page beyond which it is no report.
MOST_GLYPHS = 40_000

_TEXT = 1
_ERRORS = {4: "password", 3: "format", 2: "file"}


def sniff(data: bytes) -> bool:
    """Whether a PDF header stands in the first kilobyte, as readers accept it."""
    return b"%PDF-" in data[:1024] and not data.startswith(b"PK\x03\x04")


def read(source: Source, limits: Limits) -> Document:
    """Every page's Grids and Paragraphs.

    Raises Encrypted, Truncated, Unreadable, TooLarge.
    """
    pdfium = _load_library().raw
    document = _open(pdfium, source.data)
    try:
        count = pdfium.FPDF_GetPageCount(document)
        if count > limits.pages:
            raise TooLarge(f"{count:,} pages; the limit is {limits.pages:,}")
        if count < 1:
            raise Unreadable("the file has no page")
        layers = _may_have_layers(source.data)
        outlined = may_outline(source.data)
        pages = [_read_page(pdfium, document, n, layers, outlined) for n in range(count)]
    finally:
        pdfium.FPDF_CloseDocument(document)
    unlike = {page.number: (*page.noted, *(glyph[1:] for glyph in page.unseen)) for page in pages}
    sizes = {p.number: (p.height, p.width) if p.turn % 180 else (p.width, p.height) for p in pages}

    def picture(page: Page, dpi: float) -> Image:
        return render(source.data, page.number, dpi / 72)

    pages, notes = recognise_pages(pages, limits, picture)
    blocks, findings = lay_out(pages, limits)
    if any(p.pictures for p in pages) and lacks_tables(blocks):
        pages, more = recognise_pictures(pages, limits, picture)
        if more:
            blocks, findings = lay_out(pages, limits)
            notes += more
    found = (*notes, *findings)
    return Document(
        source,
        "pdf",
        "pdfium",
        tuple(blocks),
        count,
        (),
        found,
        partial(make_layouts, pages, limits),
        partial(_reread, source.data, unlike, sizes),
    )


def _load_library() -> Any:
    """The package pypdfium2."""
    # It takes 30 ms to load. This module is loaded for files of other formats as well, which must not wait.
    import pypdfium2  # type: ignore[import-untyped]

    return pypdfium2


def _open(pdfium: Any, data: bytes) -> Any:
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if document:
        return document
    error = pdfium.FPDF_GetLastError()
    if _ERRORS.get(error) == "password":
        raise Encrypted("the file needs a password; publish or fetch it without one")
    if b"%%EOF" not in data[-2048:]:
        raise Truncated("the file ends early; fetch it again")
    raise Unreadable("PDFium cannot open it; is the file damaged?")


def _may_have_layers(data: bytes) -> bool:
    """Whether the file may have optional layers: it names them, or packs the part where it would."""
    return b"/OCProperties" in data or b"/ObjStm" in data


def _read_page(pdfium: Any, document: Any, number: int, layers: bool, outlined: bool) -> Page:
    """What stands on one page.

    Raises Unreadable where the page cannot be loaded, TooLarge past the limits of a page.
    """
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        raise Unreadable(f"page {number + 1}: PDFium cannot load it")
    page, own, fields = show_annotations(pdfium, document, page, number)
    try:
        taken = paint_outlined(pdfium, page) if outlined else 0
        own = None if own is None else own - taken
        place = make_placer(pdfium, page)
        drawing = read_drawing(pdfium, page, place, number, layers, own)
        text = pdfium.FPDFText_LoadPage(page)
        try:
            return _read_content(pdfium, page, text, number, place, drawing, fields)
        finally:
            pdfium.FPDFText_ClosePage(text)
    finally:
        pdfium.FPDF_ClosePage(page)


def _read_content(
    pdfium: Any,
    page: Any,
    text: Any,
    number: int,
    place: Placer,
    drawing: Drawing,
    fields: Sequence[FormField],
) -> Page:
    """The glyphs, ruling lines and pictures of a page that is open. Raises TooLarge."""
    rules, images, odd, inside, doubts, annotated, noted = drawing
    width, height = page_size(pdfium, page)
    count = pdfium.FPDFText_CountChars(text)
    if count > MOST_GLYPHS:
        raise TooLarge(f"page {number + 1}: {count:,} characters; the limit is {MOST_GLYPHS:,}")
    where, astray = locate_characters(pdfium, text, count, inside)
    pieces = find_pieces(pdfium, text, where)
    matrices = read_matrices(pdfium, pieces)
    straighten(matrices, pieces, where)
    codes = _read_codes(pdfium, text, count)
    lower(pdfium, text, codes, pieces, where)
    look = look_at(pdfium, page, text, codes, where, place, doubts, rules, pieces)
    over = Foreign(set(), set(), set(), False)
    if look.unseen or may_be_foreign(pdfium, odd, place, rules):
        over = find_foreign(pdfium, text, place, rules, where, pieces, look.unseen)
    glyphs, lost, stamps = _read_glyphs(pdfium, text, codes, place, where, over.out, over.hidden, astray)
    has_figures = not lost or any("0" <= g.text <= "9" for g in glyphs)
    unread = _find_unread(pdfium, text, place, where, lost)
    unread += _find_inked_blanks(pdfium, text, place, where, codes)
    strange, single = find_odd_pieces(pdfium, codes, pieces, matrices, inside, where)
    doubtful, alike = find_doubtful_digits(pdfium, text, codes, where, pieces)
    doubtful |= {i for i in single if is_wanted(codes[i])}
    doubtful -= strange.keys() | look.partly
    alike = [[i for i in numbers if i not in single] for numbers in alike]
    false = find_false_digits(pdfium, page, text, codes, where, place, doubtful, alike)
    strange |= dict.fromkeys(look.partly, "partly hidden") | dict.fromkeys(false, FALSE)
    strange |= dict.fromkeys(
        find_shifted_digits(pdfium, text, codes, where, doubtful), "raised or lowered figure"
    )
    strange |= dict.fromkeys(_find_tiny(codes, where), "figure too small to read")
    unread += tuple(
        _unknown_glyph(place, box, what) for i, what in strange.items() if (box := where[i]) is not None
    )
    if lost and not has_figures:
        unread += _find_silent(pdfium, page, text, place)
    unread += _find_figures(pdfium, text, place, where, over.doubtful)
    unread += tuple(_find_unshown(glyphs, fields, place))
    unread += tuple(g._replace(text="crossed out") for g in find_struck(glyphs, [*rules, *annotated]))
    drawn = Page(
        number + 1,
        width,
        height,
        glyphs,
        rules,
        len(lost),
        stamps,
        len(images),
        unread=unread,
        hidden=over.layer and bool(images or doubts.shapes),
        pictures=find_areas(images, width, height),
        unseen=_read_unseen(pdfium, text, place, where, over.hidden),
        shapes=tuple(doubts.shapes),
        has_ink=look.has_ink,
        has_faint_ink=look.has_faint_ink,
        false=sum(false.values()),
        strokes=tuple(annotated),
        noted=tuple(noted),
    )
    turn = find_turn(pdfium, text, pdfium.FPDFPage_GetRotation(page))
    return turn_page(drawn, turn) if turn else drawn


def _read_unseen(
    pdfium: Any, text: Any, place: Placer, where: Sequence[Box | None], hidden: Iterable[int]
) -> tuple[Glyph, ...]:
    """The characters that nobody sees, as glyphs in the order of the file."""
    boxes = ((i, where[i]) for i in sorted(hidden))
    return tuple(
        Glyph(chr(pdfium.FPDFText_GetUnicode(text, i)), *place(box[0], box[3], box[2], box[1]))
        for i, box in boxes
        if box is not None
    )


#: So many characters of a page are tested for the way they face, and at least this share must agree.
FACING, AGREED = 40, 0.9


def find_turn(pdfium: Any, text: Any, shown: int) -> int:
    """By how many degrees clockwise a page must be turned for its text to run level.

    Content may be drawn lying on a page that stands. `shown` is by how many quarters a viewer turns the page.
    """
    count = pdfium.FPDFText_CountChars(text)
    some = range(0, count, max(1, count // FACING))
    tested = [i for i in some if pdfium.FPDFText_GetUnicode(text, i) > 32]  # line ends face nowhere
    # The angle is clockwise: text that runs upwards is at three quarters.
    angles = [a for i in tested if math.isfinite(a := _angle_of(pdfium, text, i))]
    turns = Counter(-(shown + round(angle / 1.5707963)) % 4 for angle in angles)
    turn, agreed = turns.most_common(1)[0] if turns else (0, 0)
    return 90 * turn if agreed >= AGREED * len(tested) else 0


def _angle_of(pdfium: Any, text: Any, i: int) -> float:
    """The angle at which a character is seen: a negative size turns it once more."""
    angle: float = pdfium.FPDFText_GetCharAngle(text, i)
    return angle + math.pi if angle and pdfium.FPDFText_GetFontSize(text, i) < 0 else angle


def _read_glyphs(
    pdfium: Any,
    text: Any,
    codes: Sequence[int],
    place: Placer,
    where: Sequence[Box | None],
    out: Collection[int],
    hidden: Collection[int],
    astray: Iterable[int],
) -> tuple[list[Glyph], list[int], int]:
    """The glyphs of a page, the numbers of those that cannot be read, and how many are of a stamp or watermark.

    `where` are the boxes of all characters. Those in `out` are of a stamp, those in `hidden` are not seen; the
    place of those in `astray` is not known.
    """
    codes = list(codes)
    for i in chain(out, hidden):
        codes[i] = 32
    for i in astray:
        codes[i] = 0xFFFD
    glyphs: list[Glyph] = []
    lost: list[int] = []
    slanted, last = len(set(out)), 0
    new = tuple.__new__  # a Glyph for every character: its own __new__ takes three times as long
    for i, (code, box) in enumerate(zip(codes, where, strict=True)):
        if code <= 32 or code == 0xA0 or code == 0x3000:
            if code == 0 or (code < 32 and code not in (2, 9, 10, 13)):
                lost.append(i)
            continue
        if 0xE000 <= code < 0xF900 or code >= 0xFFFD:
            lost.append(i)
            continue
        if box is None:
            continue
        left, upper, right, lower = box
        x0, top, x1, bottom = place(left, lower, right, upper)
        if top > bottom:
            top, bottom = bottom, top  # a negative size
        if code == last and code >= FIRST_CHINESE and _is_shadow(glyphs[-1], x0, top, x1 - x0):
            continue
        if bottom - top > TALL and 0.1 < pdfium.FPDFText_GetCharAngle(text, i) % 1.5707963 < 1.47:
            slanted += 1
            continue
        glyphs.append(new(Glyph, (chr(code), x0, top, x1, bottom)))
        last = code
    return glyphs, lost, slanted


#: A character printed again this near, in shares of its width, is its shadow, or makes it bold.
SHADOW = 0.2


def _is_shadow(last: Glyph, x0: float, top: float, wide: float) -> bool:
    """Whether a character is the same one before it printed again: PDFium drops it unless it has a radical's code."""
    return max(abs(last.x0 - x0), abs(last.top - top)) < SHADOW * wide


#: A digit lower than this, in points, and than such a share of the page's middle digit, is a speck to the eye.
TINY, SPECK = 2.5, 0.4
#: Digits no further apart than this, in points, stand beside each other.
BESIDE = 4.0


def _find_tiny(codes: Sequence[int], where: Sequence[Box | None]) -> Iterator[int]:
    """The digits that nobody can read for their size, those behind a larger digit aside: they are marks of it."""
    coded = enumerate(zip(codes, where, strict=True))
    boxes = {i: box for i, (code, box) in coded if box is not None and 48 <= code <= 57}
    heights = {i: min(abs(box[1] - box[3]), abs(box[2] - box[0]) * 2) for i, box in boxes.items()}
    if not heights or min(heights.values()) >= TINY:
        return
    middle = sorted(heights.values())[len(heights) // 2]
    tiny = {i for i, high in heights.items() if high < min(TINY, SPECK * middle)}
    others = [boxes[i] for i in heights.keys() - tiny]
    for i in tiny:
        left, upper, right, lower = boxes[i]
        if not any(
            o[0] - BESIDE < right and left < o[2] + BESIDE and o[3] < (upper + lower) / 2 < o[1]
            for o in others
        ):
            yield i


#: What a glyph that cannot be read is, for the mark in its box.
LOST = "character"
#: What a digit is that is drawn as another character, or the other way round, for the mark in its box.
FALSE = "character that its font names wrongly"
#: Kinds of Unicode characters that draw nothing by themselves: blanks, controls, marks of format, accents.
_BLANKS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn"})
#: A glyph whose outline is lower than this, in points, leaves no ink.
INK = 0.5


def _find_unread(
    pdfium: Any, text: Any, place: Placer, where: Sequence[Box | None], lost: Sequence[int]
) -> tuple[Glyph, ...]:
    """The glyphs without Unicode. One without ink counts as well: a viewer with another font may show a minus there."""
    return tuple(_unknown_glyph(place, box) for i in lost if (box := where[i]) is not None)


def _find_inked_blanks(
    pdfium: Any, text: Any, place: Placer, where: Sequence[Box | None], codes: Sequence[int]
) -> tuple[Glyph, ...]:
    """Blanks that leave ink: the font names another character so."""
    sides = [ctypes.c_double() for _ in range(4)]
    refs = [ctypes.addressof(side) for side in sides]
    measure, made = bind(pdfium, "FPDFText_GetCharBox"), bind(pdfium, "FPDFText_IsGenerated")
    at = address_of(text)
    kinds = {code for code in set(codes) if _is_blank(code)}
    blanks = [i for i, code in enumerate(codes) if code in kinds and where[i] is not None and not made(at, i)]
    inked = [i for i in blanks if measure(at, i, *refs) and sides[3].value - sides[2].value > INK]
    # The box of a slanted blank, in a watermark, is high without any ink.
    inked = [i for i in inked if not 0.1 < _angle_of(pdfium, text, i) % 1.5707963 < 1.47]
    return _find_unread(pdfium, text, place, where, inked)


@cache
def _is_blank(code: int) -> bool:
    return unicodedata.category(chr(code)) in _BLANKS


def _unknown_glyph(place: Placer, box: Box, what: str = LOST) -> Glyph:
    left, upper, right, lower = box
    return Glyph(what, *place(left, lower, right, upper))


def _find_figures(
    pdfium: Any, text: Any, place: Placer, where: Sequence[Box | None], numbers: Iterable[int]
) -> tuple[Glyph, ...]:
    """The digits among these characters, as glyphs that cannot be read: a box with one is not blank."""
    digits = (i for i in sorted(numbers) if chr(pdfium.FPDFText_GetUnicode(text, i)).isdecimal())
    return tuple(_unknown_glyph(place, box) for i in digits if (box := where[i]) is not None)


def _find_unshown(glyphs: Sequence[Glyph], fields: Sequence[FormField], place: Placer) -> Iterator[Glyph]:
    """Fields that hold other figures than their place on the page shows: a viewer may show either."""
    if not fields:
        return
    middles = [((x0 + x1) / 2, (top + bottom) / 2, text) for text, x0, top, x1, bottom in glyphs]
    for box, text in fields:
        x0, top, x1, bottom = place(*box)
        shown = [letter for x, y, letter in middles if x0 <= x <= x1 and top <= y <= bottom]
        held = sorted(filter(str.isdecimal, text or ""))
        if text is None or (sorted(filter(str.isdecimal, shown)) != held and (held or not shown)):
            yield Glyph("form field", x0, top, x1, bottom)


def _find_silent(pdfium: Any, page: Any, text: Any, place: Placer) -> tuple[Glyph, ...]:
    """Pieces of text without a character, as glyphs that cannot be read: PDFium leaves a lone lost glyph out."""
    box = [ctypes.c_float() for _ in range(4)]
    refs = [ctypes.byref(side) for side in box]
    result = []
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        item = pdfium.FPDFPage_GetObject(page, i)
        if pdfium.FPDFPageObj_GetType(item) != _TEXT or pdfium.FPDFTextObj_GetText(item, text, None, 0) > 2:
            continue
        if pdfium.FPDFPageObj_GetBounds(item, *refs):
            result.append(Glyph(LOST, *place(box[0].value, box[1].value, box[2].value, box[3].value)))
    return tuple(result)


def _read_codes(pdfium: Any, text: Any, count: int) -> list[int]:
    """The Unicode of every character: in one call where each is one unit of UTF-16, else one by one."""
    buffer = (ctypes.c_ushort * (count + 1))()
    got = pdfium.FPDFText_GetText(text, 0, count, buffer)
    if got == count + 1:
        codes = buffer[:count]
        if max(codes, default=0) < 0xD800 or not any(0xD800 <= c < 0xE000 for c in codes):
            return codes
    return [pdfium.FPDFText_GetUnicode(text, i) for i in range(count)]


def render(data: bytes, page: int, scale: float) -> Image:
    """A page (from 1) as a picture, `scale` pixels a point.

    Raises Unreadable where there is no such page.
    """
    document = _load_library().PdfDocument(data)
    try:
        if not 1 <= page <= len(document):
            raise Unreadable(f"there is no page {page}; the file has {len(document)}")
        return document[page - 1].render(scale=scale).to_pil()  # type: ignore[no-any-return]
    finally:
        document.close()


def _reread(
    data: bytes,
    unlike: Mapping[int, Sequence[BBox]],
    sizes: Mapping[int, tuple[float, float]],
    boxes: Sequence[tuple[Place, str]],
) -> tuple[str | None, ...]:
    """The text in some boxes as engines of another make read it; None where they cannot.

    They do not know what is seen: boxes with text that nobody sees or that an annotation shows are not compared. Where such
    text stands on each page, as displayed, is in `unlike`; how large each page is, in `sizes`.
    """
    # The other engines take longer to load than most PDFs take to read, and few values are read twice.
    from gongkai.extract.pdfium.second_reading import read_boxes

    alike = [box for box in boxes if not _meets(box[0], unlike)]
    texts = dict(zip(alike, read_boxes(data, alike, sizes), strict=True))
    return tuple(texts.get(box) for box in boxes)


def _meets(place: Place, boxes: Mapping[int, Sequence[BBox]]) -> bool:
    """Whether one of the boxes of its page reaches into a place."""
    if place.page is None or place.bbox is None:
        return False
    x0, top, x1, bottom = place.bbox
    return any(
        left < x1 and x0 < right and upper < bottom and top < lower
        for left, upper, right, lower in boxes[place.page]
    )


#: See `gongkai.model.Reader`.
as_pdf = None
