"""A PDF and boxes that PDFium read → their text as parsers of another make read it.

pdf_oxide reads first: it takes a twentieth of pdfplumber's time. Where both engines see the same characters, the box is
confirmed. Everywhere else pdfplumber is the third voice, and what it reads is the second reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pdf_oxide

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import group_lines, line_text
from gongkai.model import BBox, Place

pdf_oxide.disable_logging()
#: Width and height of a page, in points.
Size = tuple[float, float]
#: What pdf_oxide gives as the box of a page that has none of its own and takes its parent's.
LETTER = (0.0, 0.0, 612.0, 792.0)
#: What pdf_oxide raises for a file that it cannot read, and for what it does not foresee.
_REFUSED = (ValueError, RuntimeError, OSError, IndexError, TypeError, MemoryError)


def read_boxes(
    data: bytes, boxes: Sequence[tuple[Place, str]], sizes: Mapping[int, Size]
) -> tuple[str | None, ...]:
    """The text in each box, whose own text as PDFium reads it is given; None where no engine can read it.

    `sizes` are those of the pages as displayed.
    """
    found = dict(zip(boxes, _read_by_oxide(data, [place for place, _ in boxes], sizes), strict=True))
    doubtful = [box for box, text in found.items() if text is None or text.split() != box[1].split()]
    if doubtful:
        # pdfplumber takes longer to load than most PDFs take to read, and most boxes are confirmed without it.
        from gongkai.extract.pdfium.plumber import read_boxes as read_by_plumber

        found.update(zip(doubtful, read_by_plumber(data, [place for place, _ in doubtful]), strict=True))
    return tuple(found[box] for box in boxes)


def _read_by_oxide(data: bytes, places: Sequence[Place], sizes: Mapping[int, Size]) -> list[str | None]:
    """The text in each box; None where pdf_oxide finds none, or cannot read the file or the page."""
    texts: list[str | None] = [None] * len(places)
    try:
        document = pdf_oxide.PdfDocument.from_bytes(data)
        numbers = {place.page for place in places if place.page is not None}
        pages = {number: _read_letters(document, number - 1, sizes[number]) for number in numbers}
    except _find_refusals():
        return texts
    for i, place in enumerate(places):
        if place.page is not None and place.bbox is not None:
            inside = _find_inside(pages[place.page], place.bbox)
            if inside:
                texts[i] = "\n".join(line_text(line) for line in group_lines(inside))
    return texts


def _find_refusals() -> tuple[type[BaseException], ...]:
    """What pdf_oxide raises, a panic of Rust included: its class is no Exception and cannot be imported."""
    return (*_REFUSED, *(c for c in BaseException.__subclasses__() if c.__name__ == "PanicException"))


def _read_letters(document: pdf_oxide.PdfDocument, number: int, size: Size) -> list[Glyph]:
    """The characters of a page as displayed; none of a page that a viewer turns."""
    if document.page_rotation(number):
        return []
    box = document.page_crop_box(number) or document.page_media_box(number)
    if box == LETTER and size != LETTER[2:]:
        box = (0.0, 0.0, *size)
    left, _, _, top = box
    return [
        Glyph(letter.char, x - left, top - y - high, x + wide - left, top - y)
        for letter in document.extract_chars(number)
        for x, y, wide, high in [letter.bbox]
        if letter.char.strip()
    ]


def _find_inside(letters: Sequence[Glyph], box: BBox) -> list[Glyph]:
    """The letters whose middle lies in a box."""
    x0, top, x1, bottom = box
    return [
        letter
        for letter in letters
        if top <= (letter[2] + letter[4]) / 2 <= bottom and x0 <= (letter[1] + letter[3]) / 2 <= x1
    ]
