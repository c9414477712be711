"""Conditional formats of a sheet → what they make of a box: hidden, or a mark where nobody can tell what is shown."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from gongkai.extract.left_out import CROSSED_OUT, LeftOut
from gongkai.extract.office.docx_numbering import read_integer
from gongkai.extract.office.shown_color import is_invisible
from gongkai.extract.spreadsheet.number_format import NotShown, show_number
from gongkai.extract.spreadsheet.sheet_cells import Merge
from gongkai.extract.spreadsheet.shown_box import BoxStyle
from gongkai.extract.spreadsheet.xlsx_styles import SheetColors, WorkbookStyles, X, ground_of, why_unseen
from gongkai.model import Place, TooLarge, mark_unread

_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
#: Ranges with conditions, at the most: every box is held against each.
_MOST = 1_000
_OFF = ("0", "false")
_COMPARED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "lessThan": operator.lt, "lessThanOrEqual": operator.le, "equal": operator.eq, "notEqual": operator.ne,
    "greaterThan": operator.gt, "greaterThanOrEqual": operator.ge,
}  # fmt: skip
_CONSTANT = {"TRUE": True, "TRUE()": True, "1": True, "FALSE": False, "FALSE()": False, "0": False}


@dataclass(frozen=True, slots=True)
class _Rule:
    """One condition: its ranges, its element, and the format that it gives (None for a bar, a scale, icons)."""

    ranges: tuple[Merge, ...]
    element: Any
    change: Any | None

    def holds(self, value: Decimal | None) -> bool | None:
        """Whether the condition holds for a number; None where only a spreadsheet can tell."""
        formulas = [(f.text or "").strip() for f in self.element.iter(X + "formula", _XM + "f")]
        kind = self.element.get("type")
        if kind == "expression":
            return _CONSTANT.get(formulas[0].upper()) if formulas else None
        if kind != "cellIs" or value is None:
            return None
        try:
            limits = [Decimal(formula) for formula in formulas]
        except InvalidOperation:
            return None
        name = self.element.get("operator") or ""
        if name in ("between", "notBetween") and len(limits) == 2:
            return (min(limits) <= value <= max(limits)) == (name == "between")
        return _COMPARED[name](value, limits[0]) if name in _COMPARED and len(limits) == 1 else None

    def conceals(self, value: Decimal | None, style: BoxStyle, colors: SheetColors) -> str:
        """What the format of the condition would make of a box that is seen without it, "" where it is seen alike."""
        shape = next((s for s in self.element if s.tag.rpartition("}")[2] in ("iconSet", "dataBar")), None)
        if shape is not None and shape.get("showValue") in _OFF:
            return "picture in place of the value"
        if self.change is None:
            return ""
        font, fill = self.change.find(X + "font"), self.change.find(X + "fill")
        ground = style.ground if fill is None else _read_fill(fill, colors)
        if font is not None and (unseen := why_unseen(font, ground, colors)):
            is_own = font.find(X + "color") is not None
            if is_own or unseen == CROSSED_OUT or is_invisible("000000", ground):
                return unseen
        if font is None and fill is not None and is_invisible("000000", ground):
            return "in the colour of the ground"
        return _read_format(self.change.find(X + "numFmt"), value, style)


def _read_fill(fill: Any, colors: SheetColors) -> str | None:
    """The ground that a condition paints: there a solid fill has its colour as that of the ground (bgColor)."""
    pattern = fill.find(X + "patternFill")
    back = None if pattern is None else pattern.find(X + "bgColor")
    if back is not None and (pattern.get("patternType") or "solid") == "solid":
        return colors.read(back)
    return ground_of(fill, colors)


def _read_format(item: Any | None, value: Decimal | None, style: BoxStyle) -> str:
    if item is None or value is None:
        return ""
    try:
        shown = show_number(value, item.get("formatCode") or "General")
        if not shown.strip():
            return "hidden by its format"
        return "" if shown == show_number(value, style.format or "General") else "number in another format"
    except NotShown:
        return "number in another format"


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditional formats of a sheet that may hide or change a figure."""

    rules: Sequence[_Rule] = ()
    colors: SheetColors = SheetColors()

    def apply(self, text: str, at: tuple[int, int], value: str, style: BoxStyle, left_out: LeftOut) -> str:
        """The text of a box as its conditions leave it; `value` is the number that the file holds."""
        if not self.rules or not text.strip():
            return text
        number = _parse(value)
        for rule in self.rules:
            if not any(r0 <= at[0] <= r1 and c0 <= at[1] <= c1 for r0, c0, r1, c1 in rule.ranges):
                continue
            what = rule.conceals(number, style, self.colors)
            holds = rule.holds(number) if what else False
            if holds is False:
                continue
            if holds and what in ("hidden by its format", "in the colour of the ground"):
                left_out.add("hidden by a conditional format", text, Place(row=at[0], column=at[1]))
                return ""
            return mark_unread(f"conditional format: {what}")
        return text


def _parse(value: str) -> Decimal | None:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 40 else None


def read_conditions(
    root: Any, styles: WorkbookStyles, read_range: Callable[[str], Merge | None]
) -> Conditions:
    """The conditional formats of a sheet, those of newer versions of Excel among its extensions. Raises TooLarge."""
    rules = []
    for item in root.iter(X + "conditionalFormatting", _X14 + "conditionalFormatting"):
        named = item.get("sqref") or item.findtext(_XM + "sqref") or ""
        ranges = tuple(found for ref in named.split() if (found := read_range(ref)) is not None)
        for element in item.iterchildren(X + "cfRule", _X14 + "cfRule"):
            change = element.find(_X14 + "dxf")
            if change is None and element.get("dxfId") is not None:
                at = read_integer(element.get("dxfId"), -1)
                change = styles.changes[at] if 0 <= at < len(styles.changes) else None
            if change is not None or len(element):
                rules.append(_Rule(ranges, element, change))
    count = sum(len(rule.ranges) for rule in rules)
    if count > _MOST:
        raise TooLarge(f"a sheet of {count:,} ranges with conditional formats; the limit is {_MOST:,}")
    return Conditions(rules, styles.colors)
