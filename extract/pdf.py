"""PDF with a text layer → Document: glyphs and ruling lines of each page, in reading order.

PDFium parses; its raw interface is called because wrapping every glyph in an object costs more
than all the rest. Coordinates are in points from the top left of the page as displayed.
"""

from __future__ import annotations

import ctypes
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

from model import Document, Encrypted, Finding, Limits, Place, Source, TooLarge, Truncated, Unreadable

from .glyph import Glyph
from .overlay import Foreign, foreign, watch, worth
from .page import Page, blocks, turned
from .ruling import Rule, lines_of
from .ruling import joined as joined_line
from .struck import struck

if TYPE_CHECKING:
    from PIL.Image import Image

#: A filled rectangle thinner than this, in points, is a ruling line.
THIN = 3.2
#: Objects on one page beyond which it is no report: a bomb, or a map.
MOST_OBJECTS = 60_000
MOST_GLYPHS = 40_000
#: Characters taller than this, in points, may belong to a stamp or watermark.
TALL = 20.0
#: Nested forms deeper than this are not looked into.
DEEPEST = 8

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
_ERRORS = {4: "password", 3: "format", 2: "file"}


def sniff(data: bytes) -> bool:
    """Whether a PDF header stands in the first kilobyte, as readers accept it."""
    return b"%PDF-" in data[:1024] and not data.startswith(b"PK\x03\x04")


def read(source: Source, limits: Limits) -> Document:
    """Every page's Grids and Paragraphs.

    Raises Encrypted, Truncated, Unreadable, TooLarge.
    """
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    document = _open(pdfium, source.data)
    try:
        count = pdfium.FPDF_GetPageCount(document)
        if count > limits.pages:
            raise TooLarge(f"{count:,} pages; the limit is {limits.pages:,}")
        if count < 1:
            raise Unreadable("the file has no page")
        pages = [_page(pdfium, document, n) for n in range(count)]
    finally:
        pdfium.FPDF_CloseDocument(document)
    pages, notes = _seen(source.data, pages, limits)
    found, findings = blocks(pages, limits)
    return Document(source, "pdf", "pdfium", tuple(found), count, (), (*notes, *findings))


def _open(pdfium: Any, data: bytes) -> Any:
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if document:
        return document
    error = pdfium.FPDF_GetLastError()
    if _ERRORS.get(error) == "password":
        raise Encrypted("the file asks for a password; publish or fetch it without one")
    if b"%%EOF" not in data[-2048:]:
        raise Truncated("the file ends early; fetch it again")
    raise Unreadable("PDFium cannot open it; is the file damaged?")


def _page(pdfium: Any, document: Any, number: int) -> Page:
    """What stands on one page.

    Raises Unreadable where the page cannot be loaded, TooLarge past the limits of a page.
    """
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        raise Unreadable(f"page {number + 1}: PDFium cannot load it")
    try:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        place = _placer(pdfium, page, width, height)
        rules: list[Rule] = []
        images, odd = _objects(pdfium, page, place, rules, number)
        text = pdfium.FPDFText_LoadPage(page)
        try:
            over = Foreign(set(), set(), False)
            if worth(pdfium, odd, place, rules):
                over = foreign(pdfium, page, text, place, rules)
            glyphs, lost, stamps = _glyphs(pdfium, text, place, number, over.out)
            turn = _facing(pdfium, text, pdfium.FPDFPage_GetRotation(page))
            figures = not lost or any("0" <= g.text <= "9" for g in glyphs)
            unread = _unread(pdfium, text, place, lost, figures) if lost else ()
            if lost and not figures:
                unread += _speechless(pdfium, page, text, place)
            unread += _figures(pdfium, text, place, over.doubtful)
            unread += tuple(g._replace(text=LOST) for g in struck(glyphs, rules))
        finally:
            pdfium.FPDFText_ClosePage(text)
    finally:
        pdfium.FPDF_ClosePage(page)
    hidden = over.layer and images > 0
    drawn = Page(
        number + 1, width, height, glyphs, rules, len(lost), stamps, images, unread=unread, hidden=hidden
    )
    return turned(drawn, turn) if turn else drawn


#: Characters of a page that are asked which way they face, and the share that must agree.
FACING, AGREED = 40, 0.9


def _facing(pdfium: Any, text: Any, shown: int) -> int:
    """By how many degrees clockwise a page must be turned for its text to run level: content may be drawn
    lying on a page that stands. `shown` is by how many quarters a viewer turns the page."""
    count = pdfium.FPDFText_CountChars(text)
    some = range(0, count, max(1, count // FACING))
    asked = [i for i in some if pdfium.FPDFText_GetUnicode(text, i) > 32]  # line ends face nowhere
    # the angle is clockwise: text that runs upwards is at three quarters
    turns = Counter(-(shown + round(pdfium.FPDFText_GetCharAngle(text, i) / 1.5707963)) % 4 for i in asked)
    turn, agreed = turns.most_common(1)[0] if turns else (0, 0)
    return 90 * turn if agreed >= AGREED * len(asked) else 0


_Placer = Callable[[float, float, float, float], tuple[float, float, float, float]]


def _placer(pdfium: Any, page: Any, width: float, height: float) -> _Placer:
    """From a box in the page's own space (left, bottom, right, top) to the page as displayed."""
    box = [ctypes.c_float() for _ in range(4)]
    refs = [ctypes.byref(b) for b in box]
    if not pdfium.FPDFPage_GetCropBox(page, *refs) and not pdfium.FPDFPage_GetMediaBox(page, *refs):
        left, bottom = 0.0, 0.0
    else:
        left, bottom = min(box[0].value, box[2].value), min(box[1].value, box[3].value)
    turn = pdfium.FPDFPage_GetRotation(page)

    def upright(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        return x0 - left, height - (y1 - bottom), x1 - left, height - (y0 - bottom)

    def quarter(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        return y0 - bottom, x0 - left, y1 - bottom, x1 - left

    def half(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        return width - (x1 - left), y0 - bottom, width - (x0 - left), y1 - bottom

    def three(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        return width - (y1 - bottom), height - (x1 - left), width - (y0 - bottom), height - (x0 - left)

    return (upright, quarter, half, three)[turn % 4]


def _glyphs(
    pdfium: Any, text: Any, place: _Placer, number: int, out: Iterable[int]
) -> tuple[list[Glyph], list[int], int]:
    """The glyphs of a page, the numbers of those without Unicode, and how many are of a stamp or watermark.

    Those in `out` are known to be of one.
    """
    count = pdfium.FPDFText_CountChars(text)
    if count > MOST_GLYPHS:
        raise TooLarge(f"page {number + 1}: {count:,} characters; the limit is {MOST_GLYPHS:,}")
    codes = _codes(pdfium, text, count)
    for i in out:
        codes[i] = 32
    glyphs: list[Glyph] = []
    lost: list[int] = []
    slanted = len(set(out))
    new = tuple.__new__  # a Glyph for every character: its own __new__ takes three times as long
    for i, (code, box) in enumerate(zip(codes, _loose(pdfium, text, count), strict=True)):
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
        if bottom - top > TALL:
            if 0.1 < pdfium.FPDFText_GetCharAngle(text, i) % 1.5707963 < 1.47:
                slanted += 1
                continue
            x0, top, x1, bottom = _inked(pdfium, text, place, i, (x0, top, x1, bottom))
        glyphs.append(new(Glyph, (chr(code), x0, top, x1, bottom)))
    return glyphs, lost, slanted


def _inked(pdfium: Any, text: Any, place: _Placer, i: int, loose: _Box) -> _Box:
    """The box of a tall character as displayed: that of its outline where PDFium's loose box is out of all measure.

    It is for fonts that are written downwards, whose size PDFium takes without the page's scale.
    """
    sides = [ctypes.c_double() for _ in range(4)]
    if not pdfium.FPDFText_GetCharBox(text, i, *map(ctypes.byref, sides)):
        return loose
    left, right, lower, upper = (side.value for side in sides)
    tight = place(left, lower, right, upper)
    beside = tight[2] < loose[0] or tight[0] > loose[2] or tight[3] < loose[1] or tight[1] > loose[3]
    larger = 4 * max(right - left, upper - lower) < min(loose[2] - loose[0], loose[3] - loose[1])
    return tight if tight[2] > tight[0] and (beside or larger) else loose


@cache
def _quick(pdfium: Any, name: str) -> Callable[..., int]:
    """A function of PDFium that takes and gives addresses as numbers.

    For what is called for every character: making and checking a pointer object costs as much as
    the call. A page is read by one thread, so that the lock of Python need not be let go.
    """
    function = getattr(pdfium, name)
    kinds = [ctypes.c_void_p if hasattr(kind, "contents") else kind for kind in function.argtypes]
    gives = ctypes.c_void_p if hasattr(function.restype, "contents") else function.restype
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None  # a function that is there
    return ctypes.PYFUNCTYPE(gives, *kinds)(address)


def _address(pointer: Any) -> int:
    """Where a pointer points to."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


_Box = tuple[float, float, float, float]


def _loose(pdfium: Any, text: Any, count: int) -> list[_Box | None]:
    """The box (left, top, right, bottom) of every character, None where PDFium has none."""
    room = (ctypes.c_float * (4 * count))()
    start = ctypes.addressof(room)
    get = _quick(pdfium, "FPDFText_GetLooseCharBox")
    have = list(map(get, repeat(_address(text), count), range(count), range(start, start + 16 * count, 16)))
    return _there(room, have)


def _there(room: Any, have: list[int]) -> list[_Box | None]:
    """Boxes of four floats each, None for those that PDFium did not give."""
    boxes: list[_Box | None] = list(struct.iter_unpack("4f", room))
    return boxes if all(have) else [box if there else None for box, there in zip(boxes, have, strict=True)]


#: What stands for a glyph that cannot be read.
LOST = "\ufffd"
#: A glyph whose outline is lower than this, in points, leaves no ink.
INK = 0.5


def _unread(pdfium: Any, text: Any, place: _Placer, lost: Sequence[int], figures: bool) -> tuple[Glyph, ...]:
    """Of the glyphs without Unicode those that stand for something.

    One without ink may be a blank that the font does not name; but where a page has no
    `figures` at all, its font lost them, and the blanks are what is left of them.
    """
    rect = pdfium.FS_RECTF()
    sides = [ctypes.c_double() for _ in range(4)]
    refs = [ctypes.byref(side) for side in sides]
    result = []
    for i in lost:
        inked = pdfium.FPDFText_GetCharBox(text, i, *refs) and sides[3].value - sides[2].value > INK
        if (inked or not figures) and pdfium.FPDFText_GetLooseCharBox(text, i, ctypes.byref(rect)):
            result.append(Glyph(LOST, *place(rect.left, rect.bottom, rect.right, rect.top)))
    return tuple(result)


def _figures(pdfium: Any, text: Any, place: _Placer, numbers: Iterable[int]) -> tuple[Glyph, ...]:
    """Of these characters the digits, as glyphs that cannot be read: a box with one is not blank."""
    rect = pdfium.FS_RECTF()
    return tuple(
        Glyph(LOST, *place(rect.left, rect.bottom, rect.right, rect.top))
        for i in sorted(numbers)
        if chr(pdfium.FPDFText_GetUnicode(text, i)).isdecimal()
        and pdfium.FPDFText_GetLooseCharBox(text, i, ctypes.byref(rect))
    )


def _speechless(pdfium: Any, page: Any, text: Any, place: _Placer) -> tuple[Glyph, ...]:
    """Pieces of text that show nothing and say nothing: PDFium leaves a lone lost glyph out."""
    box, refs = _BOX
    result = []
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        item = pdfium.FPDFPage_GetObject(page, i)
        if pdfium.FPDFPageObj_GetType(item) != _TEXT or pdfium.FPDFTextObj_GetText(item, text, None, 0) > 2:
            continue
        if pdfium.FPDFPageObj_GetBounds(item, *refs):
            result.append(Glyph(LOST, *place(box[0].value, box[1].value, box[2].value, box[3].value)))
    return tuple(result)


def _codes(pdfium: Any, text: Any, count: int) -> list[int]:
    """The Unicode of every character: in one call where each is one unit of UTF-16, else one by one."""
    buffer = (ctypes.c_ushort * (count + 1))()
    got = pdfium.FPDFText_GetText(text, 0, count, buffer)
    if got == count + 1:
        codes = buffer[:count]
        if max(codes, default=0) < 0xD800 or not any(0xD800 <= c < 0xE000 for c in codes):
            return codes
    return [pdfium.FPDFText_GetUnicode(text, i) for i in range(count)]


def _objects(pdfium: Any, page: Any, place: _Placer, rules: list[Rule], number: int) -> tuple[int, list[Any]]:
    """Puts the ruling lines of a page into `rules`; how many pictures it holds, and the pieces of text
    that are not painted plainly in black (None for those inside a form)."""
    count = pdfium.FPDFPage_CountObjects(page)
    if count > MOST_OBJECTS:
        raise TooLarge(f"page {number + 1}: {count:,} objects; the limit is {MOST_OBJECTS:,}")
    images = 0
    odd: list[Any] = []
    items = list(map(_quick(pdfium, "FPDFPage_GetObject"), repeat(_address(page), count), range(count)))
    kinds = list(map(_quick(pdfium, "FPDFPageObj_GetType"), items))
    bounds = iter(_bounds(pdfium, [item for item, what in zip(items, kinds, strict=True) if what == _PATH]))
    get, is_odd = pdfium.FPDFPage_GetObject, watch(pdfium)
    for i, what in enumerate(kinds):
        if what == _TEXT:
            item = get(page, i)
            if is_odd(item, i):
                odd.append(item)
        elif what == _PATH:
            box = next(bounds)
            if box is None:
                continue
            x0, top, x1, bottom = place(*box)
            if min(x1 - x0, bottom - top) <= THIN:
                rules.append(_line(x0, top, x1, bottom))
            else:
                rules.extend(_stroked(pdfium, get(page, i), place, None))
        elif what == _IMAGE:
            images += 1
        elif what == _FORM:
            more, strange = _form(pdfium, get(page, i), place, rules, None, 0)
            images += more
            odd += [None] * strange
    return images, odd


def _bounds(pdfium: Any, items: Sequence[int]) -> list[_Box | None]:
    """The box (left, bottom, right, top) of each object, None where it draws nothing. `items` are addresses."""
    room = (ctypes.c_float * (4 * len(items)))()
    start = ctypes.addressof(room)
    end = start + ctypes.sizeof(room)
    sides = [range(start + 4 * side, end, 16) for side in range(4)]
    return _there(room, list(map(_quick(pdfium, "FPDFPageObj_GetBounds"), items, *sides)))


_Matrix = tuple[float, float, float, float, float, float]


def _form(
    pdfium: Any, form: Any, place: _Placer, rules: list[Rule], outer: _Matrix | None, depth: int
) -> tuple[int, bool]:
    """The ruling lines inside a form, placed by its matrix; its pictures and oddities as of a page."""
    if depth >= DEEPEST:
        return 0, False
    own = _matrix(pdfium, form)
    matrix = own if outer is None else _times(own, outer)
    images, odd = 0, False
    for i in range(min(pdfium.FPDFFormObj_CountObjects(form), MOST_OBJECTS)):
        item = pdfium.FPDFFormObj_GetObject(form, i)
        what = pdfium.FPDFPageObj_GetType(item)
        if what == _TEXT:
            odd = odd or watch(pdfium)(item, i)
        elif what == _PATH:
            rules.extend(_stroked(pdfium, item, place, matrix))
        elif what == _IMAGE:
            images += 1
        elif what == _FORM:
            more, strange = _form(pdfium, item, place, rules, matrix, depth + 1)
            images, odd = images + more, odd or strange
    return images, odd


def _matrix(pdfium: Any, item: Any) -> _Matrix:
    m = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(m))
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(m: _Matrix, n: _Matrix) -> _Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _applied(m: _Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


#: Four numbers for PDFium to write to; a process reads one page at a time.
_BOX = (_FLOATS := [ctypes.c_float() for _ in range(4)]), [ctypes.byref(f) for f in _FLOATS]


def _stroked(pdfium: Any, item: Any, place: _Placer, outer: _Matrix | None) -> Iterator[Rule]:
    """The ruling lines that a path which is no thin shape as a whole draws: the straight parts of its
    strokes, and inside a form its thin shapes."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    if not stroke.value and outer is None:
        return  # a white or shaded box behind something
    for x0, top, x1, bottom in _strokes(pdfium, item, place, outer):
        if min(x1 - x0, bottom - top) <= THIN and (stroke.value or outer is not None):
            yield _line(x0, top, x1, bottom)


def _strokes(
    pdfium: Any, item: Any, place: _Placer, outer: _Matrix | None
) -> Iterator[tuple[float, float, float, float]]:
    """The straight parts of a path, as boxes on the page."""
    own = _matrix(pdfium, item)
    matrix = own if outer is None else _times(own, outer)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = now = (0.0, 0.0)
    for i in range(min(pdfium.FPDFPath_CountSegments(item), MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = _applied(matrix, x.value, y.value)
        what = pdfium.FPDFPathSegment_GetType(segment)
        if what == 2:  # move
            start = point
        elif what == 0:  # line
            yield place(
                min(now[0], point[0]), min(now[1], point[1]), max(now[0], point[0]), max(now[1], point[1])
            )
        now = point
        if pdfium.FPDFPathSegment_GetClose(segment) and what != 2:
            yield place(
                min(now[0], start[0]), min(now[1], start[1]), max(now[0], start[0]), max(now[1], start[1])
            )
            now = start


def _line(x0: float, top: float, x1: float, bottom: float) -> Rule:
    """A thin box as the line through its middle."""
    if x1 - x0 >= bottom - top:
        y = (top + bottom) / 2
        return Rule(x0, y, x1, y)
    x = (x0 + x1) / 2
    return Rule(x, top, x, bottom)


def _seen(data: bytes, pages: list[Page], limits: Limits) -> tuple[list[Page], list[Finding]]:
    """The pages, those that are pictures or cannot be copied read by OCR where it is installed.

    A page whose font has no Unicode is seen whole; its text layer is not believed anywhere.
    """
    from .scan import DPI, available, read_page

    wanted = [p for p in pages if p.is_lost or p.hidden or (not p.glyphs and p.images)]
    if not wanted or not available():
        return pages, []
    if any(p.is_lost for p in wanted):
        wanted = list(pages)
    if len(wanted) > limits.pictures:
        raise TooLarge(f"{len(wanted):,} pages to be read by OCR; the limit is {limits.pictures:,}")
    numbers = {p.number for p in wanted}
    findings = []
    result = []
    for page in pages:
        if page.number not in numbers:
            result.append(page)
            continue
        why = "its font does not tell its characters" if page.lost else "it is a picture"
        why = "its text is not printed but hidden under a picture" if page.hidden else why
        findings.append(
            Finding(
                "page-by-ocr", "note", f"page {page.number} was read by OCR: {why}", Place(page=page.number)
            )
        )
        picture = render(data, page.number, DPI / 72)
        seen = read_page(picture, page.number, page.width, page.height)
        result.append(seen if page.hidden else replace(seen, unread=page.unread))
        limits.after_page()
    return result, findings


def render(data: bytes, page: int, scale: float) -> Image:
    """A page (from 1) as a picture, `scale` pixels a point.

    Raises Unreadable where there is no such page.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        if not 1 <= page <= len(document):
            raise Unreadable(f"there is no page {page}; the file has {len(document)}")
        return document[page - 1].render(scale=scale).to_pil()  # type: ignore[no-any-return]
    finally:
        document.close()


def reread(source: Source, places: Sequence[Place]) -> tuple[str | None, ...]:
    """The text in some boxes, read a second time by pdfplumber; None where it cannot."""
    import io
    import logging

    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    result: list[str | None] = []
    with pdfplumber.open(io.BytesIO(source.data)) as document:
        for place in places:
            if place.page is None or place.bbox is None or place.page > len(document.pages):
                result.append(None)
                continue
            page = document.pages[place.page - 1]
            x0, top, x1, bottom = place.bbox
            inside = [
                c
                for c in page.chars
                if x0 <= (c["x0"] + c["x1"]) / 2 <= x1 and top <= (c["top"] + c["bottom"]) / 2 <= bottom
            ]
            if any(not c["upright"] or c["matrix"][0] < 0 for c in inside):
                result.append(None)  # a page that lies: pdfplumber would read across its lines
                continue
            glyphs = [
                Glyph(c["text"], c["x0"], c["top"], c["x1"], c["bottom"]) for c in inside if c["text"].strip()
            ]
            result.append("\n".join(joined_line(line) for line in lines_of(glyphs)) if glyphs else "")
    return tuple(result)
