"""Annotations that a viewer shows become part of their page: filled fields, text boxes, stamps, drawn lines."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any, NamedTuple

from gongkai.extract.pdfium.calls import Box

#: Kinds of annotations, as PDFium numbers them, that show nothing or only a sign that a note is there.
_SIGNS = frozenset(
    {1, 2, 16, 17, 18, 19, 22, 23}
)  # note, link, pop-up, attachment, sound, film, marks of printers
#: Kinds of fields that hold a text (lists of choices, text), and buttons, as PDFium numbers them.
_TEXTS, _BUTTON = frozenset({4, 5, 6}), 1
#: So many characters of a field are read.
MOST_TEXT = 256
#: Flags of annotations that nobody sees: hidden, not viewed.
_UNSEEN = 2 | 32


class FormField(NamedTuple):
    """A field of a form: its box in the page's own space (left, bottom, right, top), and what it holds.

    No text stands for a field that shows what the file does not say, as a button without an appearance.
    """

    box: Box
    text: str | None


def show_annotations(
    pdfium: Any, document: Any, page: Any, number: int
) -> tuple[Any, int | None, list[FormField]]:
    """The page with what its annotations show as part of its content, how many of its objects are its own, its fields.

    The page itself where they show nothing. It is closed where another is given back; only the copy of the file in
    memory changes.
    """
    count = pdfium.FPDFPage_GetAnnotCount(page)
    shown = [i for i in range(count) if _is_shown(pdfium, page, i)]
    if not shown:
        return page, None, []
    fields = _read_fields(pdfium, document, page, shown)
    own = pdfium.FPDFPage_CountObjects(page)
    for i in reversed(range(count)):
        if i not in shown:
            pdfium.FPDFPage_RemoveAnnot(page, i)
    _draw_fields(pdfium, page)
    if pdfium.FPDFPage_Flatten(page, 0) == 0:  # 0: as displayed; gives 0 where it failed
        return page, None, fields
    again = pdfium.FPDF_LoadPage(document, number)
    if not again:
        return page, None, fields
    pdfium.FPDF_ClosePage(page)
    return again, own, fields


def _read_fields(pdfium: Any, document: Any, page: Any, shown: Sequence[int]) -> list[FormField]:
    """The fields among the annotations that are shown and hold a text."""
    info = pdfium.FPDF_FORMFILLINFO()
    info.version = 1
    form = pdfium.FPDFDOC_InitFormFillEnvironment(document, info)
    if not form:
        return []
    try:
        found = (_read_field(pdfium, form, page, number) for number in shown)
        return [field for field in found if field is not None]
    finally:
        pdfium.FPDFDOC_ExitFormFillEnvironment(form)


def _read_field(pdfium: Any, form: Any, page: Any, number: int) -> FormField | None:
    annotation = pdfium.FPDFPage_GetAnnot(page, number)
    if not annotation:
        return None
    try:
        kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
        room = (ctypes.c_ushort * MOST_TEXT)()
        rectangle = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(annotation, rectangle)
        box = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        if kind in _TEXTS:
            size = pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, room, ctypes.sizeof(room))
            text = bytes(room)[: max(0, min(size, ctypes.sizeof(room)) - 2)].decode("utf-16-le", "replace")
            return FormField(box, text) if text.strip() else None
        if kind == _BUTTON and pdfium.FPDFAnnot_GetAP(annotation, 0, None, 0) <= 2:
            return FormField(box, None)
        return None
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)


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
