"""Calls of PDFium with numbers for arguments, not with an object for each."""

from __future__ import annotations

import ctypes
import struct
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import cache
from itertools import repeat
from typing import Any

from gongkai.extract.page.matrix import Matrix
from gongkai.model import BBox

#: Four numbers as PDFium gives them: of characters left, top, right, bottom, of objects left, bottom, right, top.
Box = tuple[float, float, float, float]
#: From a box in a page's own space (left, bottom, right, top) to the page as displayed.
Placer = Callable[[float, float, float, float], BBox]


@cache
def bind(pdfium: Any, name: str) -> Callable[..., int]:
    """A function of PDFium that takes and gives addresses as numbers.

    For functions that are called for every character: making and checking a pointer object costs as much
    as the call. One thread reads a page, so that Python's lock need not be released.
    """
    function = getattr(pdfium, name)
    kinds = [ctypes.c_void_p if hasattr(kind, "contents") else kind for kind in function.argtypes]
    gives = ctypes.c_void_p if hasattr(function.restype, "contents") else function.restype
    at = ctypes.cast(function, ctypes.c_void_p).value
    assert at is not None  # a function of the library has an address
    return ctypes.PYFUNCTYPE(gives, *kinds)(at)


def address_of(pointer: Any) -> int:
    """The address that a pointer points to."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def unpack_boxes(room: Any, have: list[int]) -> list[Box | None]:
    """Boxes of four floats each, None for those that PDFium did not give; `have` is not 0 for those it gave."""
    boxes: list[Box | None] = list(struct.iter_unpack("4f", room))
    return boxes if all(have) else [box if there else None for box, there in zip(boxes, have, strict=True)]


def read_bounds(pdfium: Any, items: Sequence[int]) -> list[Box | None]:
    """The box (left, bottom, right, top) of each object, None where it draws nothing. `items` are addresses."""
    room = (ctypes.c_float * (4 * len(items)))()
    start = ctypes.addressof(room)
    end = start + ctypes.sizeof(room)
    sides = [range(start + 4 * side, end, 16) for side in range(4)]
    return unpack_boxes(room, list(map(bind(pdfium, "FPDFPageObj_GetBounds"), items, *sides)))


def read_matrices(pdfium: Any, items: Collection[int]) -> list[Matrix]:
    """The matrix of each object. `items` are addresses."""
    room = (ctypes.c_float * (6 * len(items)))()
    start = ctypes.addressof(room)
    places = range(start, start + ctypes.sizeof(room), 24)
    for _ in map(bind(pdfium, "FPDFPageObj_GetMatrix"), items, places):
        pass
    return list(struct.iter_unpack("6f", room))


def list_objects(pdfium: Any, page: Any) -> list[int]:
    """The objects of a page in drawing order, by their addresses."""
    count = pdfium.FPDFPage_CountObjects(page)
    return list(map(bind(pdfium, "FPDFPage_GetObject"), repeat(address_of(page), count), range(count)))


#: The numbers of the characters of each piece of text, by its address.
Pieces = dict[int, list[int]]


def find_pieces(pdfium: Any, text: Any, where: Sequence[Box | None]) -> Pieces:
    """The pieces of text of a page. `where` are the boxes of all characters; one without a box is in no piece."""
    count = len(where)
    owners = map(bind(pdfium, "FPDFText_GetTextObject"), repeat(address_of(text), count), range(count))
    pieces: Pieces = defaultdict(list)
    for i, (owner, box) in enumerate(zip(owners, where, strict=True)):
        if owner and box is not None:
            pieces[owner].append(i)
    return pieces
