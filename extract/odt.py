"""OpenDocument text (.odt) → Document: paragraphs, lists and tables of content.xml, without an office program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from gongkai.extract.left_out import CROSSED_OUT, LeftOut
from gongkai.extract.office.docx_numbering import read_integer
from gongkai.extract.office.docx_table import put_number
from gongkai.extract.office.odf_numbering import OdfLists, read_odf_lists
from gongkai.extract.office.odf_style import OdfStyles, ground_of, read_odf_styles
from gongkai.extract.office.odf_text import (
    DRAW,
    OFFICE,
    TABLE,
    TEXT,
    OdfGround,
    is_switched_off,
    name_shape,
    read_odf_text,
)
from gongkai.extract.office.shown_color import WHITE
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package, open_package
from gongkai.model import (
    Block,
    Cell,
    Document,
    Encrypted,
    Grid,
    Limits,
    Paragraph,
    Place,
    Source,
    TooLarge,
    Unreadable,
    flag,
    mark_unread,
)

_MIME = b"application/vnd.oasis.opendocument.text"

P, H, LIST, TBL = TEXT + "p", TEXT + "h", TEXT + "list", TABLE + "table"
CELL, COVERED, ROW = TABLE + "table-cell", TABLE + "covered-table-cell", TABLE + "table-row"


def sniff(data: bytes) -> bool:
    """Whether this is a zip that says it is an OpenDocument text."""
    return data.startswith(b"PK") and _MIME in data[:200]


@dataclass(slots=True)
class _OdtBody:
    """What is collected while the body of a document is walked."""

    limits: Limits
    styles: OdfStyles
    lists: OdfLists
    blocks: list[Block] = field(default_factory=list)
    pictures: int = 0
    left_out: LeftOut = field(default_factory=LeftOut)


def read(source: Source, limits: Limits) -> Document:
    """The body's paragraphs and tables in reading order.

    Headers, footers, notes, comments and deleted text are not part of it. Raises Encrypted,
    Truncated, Unreadable, TooLarge.
    """
    package = open_package(source.data, limits)
    names = set(package.names())
    if "META-INF/manifest.xml" in names and b"encryption-data" in package.part("META-INF/manifest.xml"):
        raise Encrypted("the file asks for a password; save it without one")
    if "content.xml" not in names:
        raise Unreadable("the package holds no content.xml")
    root = parse_xml(package.part("content.xml"), "content.xml")
    text = root.find(f"{OFFICE}body/{OFFICE}text")
    if text is None:
        raise Unreadable("content.xml has no text")
    shared = parse_xml(package.part("styles.xml"), "styles.xml") if "styles.xml" in names else None
    sheets = [sheet for sheet in (shared, root) if sheet is not None]
    body = _OdtBody(limits, read_odf_styles(sheets), read_odf_lists(sheets))
    _walk(text, body)
    findings = body.left_out.findings()
    if body.pictures:
        message = f"{body.pictures} pictures in the body; a table may be one of them"
        severity = "note" if any(isinstance(b, Grid) for b in body.blocks) else "warning"
        findings.append(flag("pictures", message, severity=severity))  # type: ignore[arg-type]
    return Document(
        source, "odt", "odt", tuple(body.blocks), None, _read_properties(package), tuple(findings)
    )


def _read_properties(package: Package) -> tuple[tuple[str, str], ...]:
    """The properties in meta.xml: title, creator, dates."""
    if "meta.xml" not in package.names():
        return ()
    meta = parse_xml(package.part("meta.xml"), "meta.xml").find(OFFICE + "meta")
    pairs = [] if meta is None else [(m.tag.rpartition("}")[2], (m.text or "").strip()) for m in meta]
    return tuple((name, text) for name, text in pairs if text)


def _walk(parent: Any, body: _OdtBody, role: str = "body") -> None:
    """The blocks below an element, in order."""
    for child in parent.iterchildren():
        tag = child.tag
        if tag in (P, H):
            _read_paragraph(child, body, role, "")
        elif tag == LIST:
            _read_list(child, body, role, 1, child.get(TEXT + "style-name") or "")
        elif tag == TBL:
            _read_table(child, body)
        elif tag == TEXT + "table-of-content":
            _walk(child, body, "toc")
        elif tag in (TEXT + "section", TEXT + "index-body", TEXT + "index-title"):
            if child.get(TEXT + "display") != "none":
                _walk(child, body, role)
        elif tag == DRAW + "frame":
            _read_frame(child, body)


def _read_list(element: Any, body: _OdtBody, role: str, level: int, style: str) -> None:
    """A list's items; the first paragraph of each gets its number."""
    for number, child in _items(element, body, level, style):
        if child.tag == TBL:
            _read_table(child, body)
        else:
            _read_paragraph(child, body, role, number)


def _items(element: Any, body: _OdtBody, level: int, style: str) -> Iterator[tuple[str, Any]]:
    """The paragraphs and tables of a list and of nested lists, each with its printed number."""
    body.lists.begin(element, style, level)
    for item in element.iterchildren(TEXT + "list-item", TEXT + "list-header"):
        number = body.lists.number(item, style, level) if item.tag == TEXT + "list-item" else ""
        for child in item.iterchildren():
            if child.tag == LIST:
                yield from _items(child, body, level + 1, child.get(TEXT + "style-name") or style)
            elif child.tag in (P, H, TBL):
                yield number, child
                number = "" if child.tag != TBL else number


def _read_paragraph(p: Any, body: _OdtBody, role: str, number: str) -> None:
    text, frames = read_odf_text(p, body.styles, body.left_out)
    style = p.get(TEXT + "style-name") or ""
    if text.strip():
        if not number and p.tag == H:
            number = body.lists.heading(p)
        kind = "title" if style in body.styles.titles else "heading" if p.tag == H else role
        place = Place(block=len(body.blocks))
        centred = body.styles.of("paragraph", style).get("text-align") == "center"
        body.blocks.append(Paragraph(text, place, number, kind, None, centred))  # type: ignore[arg-type]
    for frame in frames:
        _read_frame(frame, body)


def _read_frame(frame: Any, body: _OdtBody) -> None:
    """A frame's blocks, if it is a text box; its pictures are counted."""
    box = frame.find(DRAW + "text-box")
    if box is not None:
        _walk(box, body)
    body.pictures += sum(1 for _ in frame.iterchildren(DRAW + "image"))


def _rows(parent: Any) -> Iterator[Any]:
    """The rows of a table, whatever groups them."""
    for child in parent.iterchildren():
        if child.tag == ROW:
            yield child
        elif child.tag in (TABLE + "table-header-rows", TABLE + "table-rows", TABLE + "table-row-group"):
            yield from _rows(child)


def _read_table(table: Any, body: _OdtBody) -> None:
    """A table as a Grid; one that only lays out other tables as its blocks in order."""
    own = [cell for row in _rows(table) for cell in row.iterchildren(CELL)]
    nested = [cell for cell in own if any(_only_box(inner) is None for inner in cell.iter(TBL))]
    if nested and sum(1 for cell in nested for _ in cell.iter(CELL)) - len(nested) >= len(own):
        for holder in own:
            _walk(holder, body)
        return
    block = len(body.blocks)
    cells, rows, columns = _read_cells(table, block, body)
    if len(cells) == 1:
        for holder in own:  # a frame around paragraphs
            _walk(holder, body)
        return
    if cells:
        body.blocks.append(Grid(tuple(cells), rows, columns, Place(block=block)))
    for holder in nested:
        for inner in holder.iterchildren(TBL):
            if _only_box(inner) is None:
                _read_table(inner, body)


def _only_box(table: Any) -> Any | None:
    """The box of a table that has no other; None where it has several or none."""
    found = [cell for row in _rows(table) for cell in row.iterchildren(CELL)]
    return found[0] if len(found) == 1 else None


def _hidden_columns(table: Any, limits: Limits) -> set[int]:
    """The columns of a table that are folded away."""
    hidden: set[int] = set()
    column = 0
    for item in table.iter(TABLE + "table-column"):
        repeated = _number(item, "number-columns-repeated", limits.colspan)
        if item.get(TABLE + "visibility") in _FOLDED:
            hidden |= set(range(column, column + repeated))
        column += repeated
    return hidden


#: Rows and columns that are not seen.
_FOLDED = ("collapse", "filter")


def _read_cells(table: Any, block: int, body: _OdtBody) -> tuple[list[Cell], int, int]:
    """The boxes of a table with their spans, its rows and columns; repeats and spans are clamped."""
    limits = body.limits
    cells: list[Cell] = []
    row = columns = 0
    hidden = _hidden_columns(table, limits)
    for tr in _rows(table):
        if tr.get(TABLE + "visibility") in _FOLDED:
            body.left_out.add("hidden row", "".join(tr.itertext()) or " ")
            continue
        for _ in range(_number(tr, "number-rows-repeated", limits.rowspan)):
            column = 0
            for tc in tr.iterchildren(CELL, COVERED):
                repeated = _number(tc, "number-columns-repeated", limits.colspan)
                if tc.tag == COVERED:
                    column += repeated
                    continue
                high = _number(tc, "number-rows-spanned", limits.rowspan)
                wide = _number(tc, "number-columns-spanned", limits.colspan)
                place = Place(None, block, row, column)
                text = _cell_text(tc, body, OdfGround(_ground_of(table, tr, tc, body), place, marks=True))
                for _ in range(repeated):
                    if column not in hidden:
                        cells.append(Cell(row, column, high, wide, text, Place(None, block, row, column)))
                    elif text.strip():
                        body.left_out.add("hidden column", text, place)
                    column += 1
                if len(cells) > limits.cells:
                    raise TooLarge(f"a table of more than {limits.cells:,} boxes")
            columns = max(columns, column)
            row += 1
    last = [
        replace(c, rowspan=min(c.rowspan, row - c.row), colspan=min(c.colspan, columns - c.column))
        for c in cells
    ]
    return last, row, columns


def _number(element: Any, name: str, most: int) -> int:
    return max(1, min(read_integer(element.get(TABLE + name), 1), most))


def _ground_of(table: Any, tr: Any, tc: Any, body: _OdtBody) -> str | None:
    """The colour behind a box: its own, its row's or its table's."""
    for family, element in (("table-cell", tc), ("table-row", tr), ("table", table)):
        color = ground_of(body.styles.of(family, element.get(TABLE + "style-name")))
        if color is not None:
            return color
    return WHITE


def _cell_text(tc: Any, body: _OdtBody, ground: OdfGround) -> str:
    """A box's text, a line a paragraph, with the automatic numbers of labels.

    A table of one box in it is part of its text; what else is drawn in it leaves a mark.
    """
    struck = body.left_out.counts.get(CROSSED_OUT, 0)
    text = "\n".join(_collect_lines(tc, body, ground))
    if text.strip():
        return text
    if tc.get(TABLE + "formula"):
        return mark_unread("formula without a result")
    # of a box with nothing but a struck figure, or the mark of a note, nobody knows what counts
    if body.left_out.counts.get(CROSSED_OUT, 0) > struck:
        return mark_unread(CROSSED_OUT)
    return mark_unread("mark of a note") if next(tc.iter(TEXT + "note"), None) is not None else text


def _collect_lines(parent: Any, body: _OdtBody, ground: OdfGround) -> list[str]:
    lines: list[str] = []
    for child in parent.iterchildren():
        if child.tag in (P, H):
            lines += _lines_of(child, body, ground)
        elif child.tag == TBL:
            only = _only_box(child)
            lines.append(mark_unread("table") if only is None else _cell_text(only, body, ground))
        elif child.tag == LIST:
            items = _items(child, body, 1, child.get(TEXT + "style-name") or "")
            for number, p in items:
                if p.tag != TBL:
                    *boxes, text = _lines_of(p, body, ground)
                    lines += [*boxes, put_number(number, text, ground.place)]
        elif child.tag == TEXT + "section" and is_switched_off(child):
            body.left_out.add("hidden", "".join(child.itertext()), ground.place)
        elif child.tag in (TEXT + "section", TEXT + "numbered-paragraph"):
            lines += _collect_lines(child, body, ground)
            if child.get(TEXT + "display") == "condition":
                lines.append(mark_unread("text under a condition"))
        elif child.tag.startswith(DRAW):
            lines.append(mark_unread(name_shape(child, body.styles) or "drawing"))
    return lines


def _lines_of(p: Any, body: _OdtBody, ground: OdfGround) -> list[str]:
    """A paragraph's own text, and before it that of the text boxes anchored in it."""
    text, frames = read_odf_text(p, body.styles, body.left_out, ground)
    boxes: list[str] = []
    for frame in frames:
        boxes += [read_odf_text(inner, body.styles, body.left_out, ground)[0] for inner in frame.iter(P)]
        body.pictures += sum(1 for _ in frame.iterchildren(DRAW + "image"))
    return [*boxes, text]


#: See `gongkai.model.Reader`.
render = as_pdf = None
