"""The drawings over a sheet → marks in the boxes that they stand on."""

from __future__ import annotations

from typing import Any

from gongkai.extract.office.docx_numbering import read_integer
from gongkai.extract.office.relationships import read_relationships
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package
from gongkai.extract.spreadsheet.sheet_cells import Merge, SheetCells

_D = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FILLS = ("solidFill", "gradFill", "blipFill", "pattFill")
_SHOWN = {"pic": "picture", "graphicFrame": "chart"}


def mark_drawings(package: Package, part: str, sheet: SheetCells) -> None:
    """Adds a mark to every box of a sheet that a picture, a chart or a text box stands on."""
    for relation in read_relationships(package, part).values():
        if relation.kind == "drawing":
            root = parse_xml(package.part(relation.target), relation.target)
            for anchor in root.iterchildren():
                what, boxes = _name(anchor), _boxes_under(anchor)
                if what and boxes is not None:
                    sheet.mark_covered(boxes, what)


def _name(anchor: Any) -> str:
    """What stands at an anchor, "" where it shows nothing that could be read."""
    if any(item.get("hidden") in ("1", "true") for item in anchor.iter(_D + "cNvPr")):
        return ""
    for tag, what in _SHOWN.items():
        if next(anchor.iter(_D + tag), None) is not None:
            return what
    shape = next(anchor.iter(_D + "txBody"), None)
    if shape is not None and "".join(shape.itertext()).strip():
        return "text box"
    if next(anchor.iter(_D + "cxnSp"), None) is not None:
        return "line"
    return next((what for item in anchor.iter(_D + "spPr") if (what := _name_shape(item))), "")


def _name_shape(properties: Any) -> str:
    """What a shape without text does to the boxes under it: a line crosses them, a fill covers them; a frame does nothing."""
    outline = properties.find(_A + "prstGeom")
    kind = "" if outline is None else outline.get("prst") or ""
    if kind == "line" or "onnector" in kind or properties.find(_A + "custGeom") is not None:
        return "line"
    if any(properties.find(_A + fill) is not None for fill in _FILLS):
        return "shape"
    style = properties.getparent().find(_D + "style")
    reference = None if style is None else style.find(_A + "fillRef")
    is_filled = reference is not None and reference.get("idx") not in (None, "0")
    return "shape" if is_filled and properties.find(_A + "noFill") is None else ""


def _boxes_under(anchor: Any) -> Merge | None:
    begin, end = anchor.find(_D + "from"), anchor.find(_D + "to")
    if begin is None:
        return None
    row, column = _count(begin, "row"), _count(begin, "col")
    if end is None:
        return row, column, row, column
    # a drawing that ends where a box begins does not stand on it
    last_row = _count(end, "row") - (_count(end, "rowOff") == 0)
    last_column = _count(end, "col") - (_count(end, "colOff") == 0)
    return row, column, max(last_row, row), max(last_column, column)


def _count(corner: Any, name: str) -> int:
    return max(0, read_integer(corner.findtext(_D + name), 0))
