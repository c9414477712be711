"""A value of a workbook and the style of its box → the text that the sheet shows, or a mark of what it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from gongkai.extract.left_out import CROSSED_OUT, LeftOut
from gongkai.extract.office.shown_color import WHITE, is_invisible
from gongkai.extract.office.symbol_font import translate_symbols
from gongkai.extract.page.superscript import join_levels
from gongkai.extract.spreadsheet.number_format import (
    NotShown,
    color_in,
    is_date_format,
    show_number,
    show_text,
)
from gongkai.model import Place, mark_unread

#: Letters of fewer points than this are too small to be seen.
_SMALLEST = 2.0
#: Numbers of more digits are no numbers of a sheet, and take long to write out.
_DIGITS = 40


@dataclass(frozen=True, slots=True)
class BoxStyle:
    """How a box is shown. `format` is None for one that the file does not tell; `unseen` says why its text is not seen.

    `ground` is None where the colour behind the text is not known. `repeats` says that the text is written again and
    again until its box is full.
    """

    format: str | None = "General"
    unseen: str = ""
    font: str = ""
    ground: str | None = WHITE
    repeats: bool = False


USUAL = BoxStyle()


def find_unseen(is_struck: bool, points: float | None, color: str | None, ground: str | None) -> str:
    """Why text of a size and colour cannot be seen on a ground, "" where it can; None is what is not known."""
    if is_struck:
        return CROSSED_OUT
    if points is not None and points < _SMALLEST:
        return "too small to be seen"
    return "in the colour of the ground" if is_invisible(color, ground) else ""


def hide_unseen(text: str, style: BoxStyle, left_out: LeftOut, place: Place | None) -> str:
    """The text of a box as far as it is seen. Of a box with nothing but a struck figure nobody knows what counts."""
    if not text.strip():
        return text
    if style.repeats:
        return mark_unread("text that is repeated in its box")
    if not style.unseen:
        return text
    left_out.add(style.unseen, text, place)
    return mark_unread(CROSSED_OUT) if style.unseen == CROSSED_OUT else ""


def join_runs(runs: Iterable[tuple[str, str, str, int]], left_out: LeftOut, place: Place | None) -> str:
    """The text of runs with looks of their own: each its text, why it is not seen, its font, and how far it is raised."""
    pieces: list[tuple[str, int]] = []
    struck = False
    for text, unseen, font, level in runs:
        if unseen:
            left_out.add(unseen, text, place)
            struck = struck or (unseen == CROSSED_OUT and bool(text.strip()))
        else:
            pieces.append((translate_symbols(text, font or None), level))
    joined = join_levels(pieces)
    return joined if joined.strip() or not struck else mark_unread(CROSSED_OUT)


def format_text(text: str, style: BoxStyle, left_out: LeftOut) -> str:
    """What the format of a box makes of text: one of three semicolons hides it."""
    if not text or style.format in (None, "General", "@"):
        return text
    shown = show_text(text, style.format or "")
    if not shown.strip():
        left_out.add("hidden by its format", text)
    return shown


def show_value(value: str, style: BoxStyle, left_out: LeftOut, from_1904: bool) -> str:
    """What the format of a box makes of a number; `from_1904` says from when its days are counted."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return mark_unread(f"value {value[:20]}")
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        return mark_unread(f"value {value[:20]}")
    if style.format is None:
        return mark_unread("number format that the file does not tell")
    if is_date_format(style.format):
        return _show_date(number, from_1904)
    try:
        shown = show_number(number, style.format)
        color = color_in(number, style.format)
    except NotShown:
        return mark_unread(f"number in the format {style.format}")
    if not shown.strip() or is_invisible(color, style.ground):
        left_out.add("hidden by its format", value)
        return ""
    return translate_symbols(shown, style.font or None)


def _show_date(number: Decimal, from_1904: bool) -> str:
    """A day as 2023-01-14, with its time where it has one; days are counted from 1899-12-30 or from 1904."""
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    try:
        moment = first + timedelta(days=float(number))
    except OverflowError:
        return mark_unread("date")
    return str(moment.date()) if number == int(number) else str(moment.replace(microsecond=0))
