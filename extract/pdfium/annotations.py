"""Annotations that a viewer shows become part of their page: filled fields, text boxes, stamps, drawn lines."""

from __future__ import annotations

import ctypes
from typing import Any

#: Kinds of annotations, as PDFium numbers them, that show nothing or only a sign that a note is there.
_SIGNS = frozenset({1, 2, 16, 17, 18, 19, 21, 22, 23, 25})  # note, link, pop-up, attachment, sound, film
#: Flags of annotations that nobody sees: hidden, not viewed.
_UNSEEN = 2 | 32


def show_annotations(pdfium: Any, document: Any, page: Any, number: int) -> tuple[Any, int | None]:
    """The page with what its annotations show as part of its content, and how many of its objects are its own.

    The page itself where they show nothing. It is closed where another is given back; only the copy of the file in
    memory changes.
    """
    count = pdfium.FPDFPage_GetAnnotCount(page)
    shown = [i for i in range(count) if _is_shown(pdfium, page, i)]
    if not shown:
        return page, None
    own = pdfium.FPDFPage_CountObjects(page)
    for i in reversed(range(count)):
        if i not in shown:
            pdfium.FPDFPage_RemoveAnnot(page, i)
    _draw_fields(pdfium, page)
    if pdfium.FPDFPage_Flatten(page, 0) == 0:  # 0: as displayed; gives 0 where it failed
        return page, None
    again = pdfium.FPDF_LoadPage(document, number)
    if not again:
        return page, None
    pdfium.FPDF_ClosePage(page)
    return again, own


def _is_shown(pdfium: Any, page: Any, number: int) -> bool:
    annotation = pdfium.FPDFPage_GetAnnot(page, number)
    if not annotation:
        return False
    try:
        sign = pdfium.FPDFAnnot_GetSubtype(annotation) in _SIGNS
        return not sign and not pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)


def _draw_fields(pdfium: Any, page: Any) -> None:
    """Has PDFium draw the fields that their file left to the viewer to draw: it does so when it renders them."""
    room = ctypes.create_string_buffer(4)
    bitmap = pdfium.FPDFBitmap_CreateEx(1, 1, pdfium.FPDFBitmap_BGRx, room, 4)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, 1, 1, 0, pdfium.FPDF_ANNOT)
    pdfium.FPDFBitmap_Destroy(bitmap)
