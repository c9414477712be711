"""OpenDocument text (.odt) → Document: paragraphs, lists and tables of content.xml, without an office program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from gongkai.extract.office.odf_numbering import OdfLists, read_odf_lists
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package, open_package
from gongkai.extract.page.superscript import SUPERSCRIPT
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
)

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, TABLE = (f"{{{_ODF}{name}:1.0}}" for name in ("office", "text", "table"))
DRAW, STYLE = (f"{{{_ODF}{name}:1.0}}" for name in ("drawing", "style"))
_MIME = b"application/vnd.oasis.opendocument.text"

P, H, LIST, TBL = TEXT + "p", TEXT + "h", TEXT + "list", TABLE + "table"
CELL, COVERED, ROW = TABLE + "table-cell", TABLE + "covered-table-cell", TABLE + "table-row"
#: Elements that a reader of the page does not see, or sees outside the text.
_UNSEEN = frozenset(
    {
        TEXT + t
        for t in ("note", "tracked-changes", "ruby-text", "sequence-decls", "hidden-text", "variable-decls")
    }
    | {OFFICE + "annotation", OFFICE + "forms", DRAW + "frame", DRAW + "custom-shape"}
)


def sniff(data: bytes) -> bool:
    """Whether this is a zip that says it is an OpenDocument text."""
    return data.startswith(b"PK") and _MIME in data[:200]


@dataclass(slots=True)
class _OdtBody:
    """What is collected while the body of a document is walked."""

    limits: Limits
    styles: _OdtStyles
    lists: OdfLists
    blocks: list[Block] = field(default_factory=list)
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class _OdtStyles:
    """Names of styles: of hidden text, of raised text, of titles and centred paragraphs."""

    hidden: frozenset[str]
    raised: frozenset[str]
    centred: frozenset[str]
    titles: frozenset[str]


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
    body = _OdtBody(limits, _read_styles(sheets), read_odf_lists(sheets))
    _walk(text, body)
    findings = []
    if body.pictures:
        message = f"{body.pictures} pictures in the body; a table may be one of them"
        severity = "note" if any(isinstance(b, Grid) for b in body.blocks) else "warning"
        findings.append(flag("pictures", message, severity=severity))  # type: ignore[arg-type]
    return Document(
        source, "odt", "odt", tuple(body.blocks), None, _read_properties(package), tuple(findings)
    )


def _read_styles(sheets: list[Any]) -> _OdtStyles:
    """What the styles of styles.xml and content.xml do to text, by style name."""
    found: dict[str, set[str]] = {name: set() for name in ("hidden", "raised", "centred", "titles")}
    for sheet in sheets:
        for style in sheet.iter(STYLE + "style"):
            name = style.get(STYLE + "name") or ""
            if "title" in (name + (style.get(STYLE + "parent-style-name") or "")).lower():
                found["titles"].add(name)
            for properties in style.iterchildren():
                values = {key.rpartition("}")[2]: value for key, value in properties.attrib.items()}
                if values.get("display") == "none":
                    found["hidden"].add(name)
                if values.get("text-position", "").startswith("super"):
                    found["raised"].add(name)
                if values.get("text-align") == "center":
                    found["centred"].add(name)
    return _OdtStyles(*(frozenset(found[name]) for name in ("hidden", "raised", "centred", "titles")))


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
    text, frames = _read_text(p, body.styles)
    style = p.get(TEXT + "style-name") or ""
    if text.strip():
        if not number and p.tag == H:
            number = body.lists.heading(p)
        kind = "title" if style in body.styles.titles else "heading" if p.tag == H else role
        place = Place(block=len(body.blocks))
        centred = style in body.styles.centred
        body.blocks.append(Paragraph(text, place, number, kind, None, centred))  # type: ignore[arg-type]
    for frame in frames:
        _read_frame(frame, body)


def _read_frame(frame: Any, body: _OdtBody) -> None:
    """A frame's blocks, if it is a text box; its pictures are counted."""
    box = frame.find(DRAW + "text-box")
    if box is not None:
        _walk(box, body)
    body.pictures += sum(1 for _ in frame.iterchildren(DRAW + "image"))


def _read_text(p: Any, styles: _OdtStyles) -> tuple[str, list[Any]]:
    """A paragraph's text and the frames anchored in it."""
    parts: list[str] = []
    frames: list[Any] = []
    _collect_text(p, styles, parts, frames, False)
    return "".join(parts), frames


def _collect_text(
    element: Any, styles: _OdtStyles, parts: list[str], frames: list[Any], raised: bool
) -> None:
    parts.append(_raise(element.text, raised))
    for child in element.iterchildren():
        tag = child.tag
        style = child.get(TEXT + "style-name") or ""
        if tag == DRAW + "frame":
            frames.append(child)
        elif tag == TEXT + "s":
            parts.append(" " * min(int(child.get(TEXT + "c") or 1), 200))
        elif tag == TEXT + "tab":
            parts.append("\t")
        elif tag == TEXT + "line-break":
            parts.append("\n")
        elif tag not in _UNSEEN and style not in styles.hidden:
            behind = any(part.strip() for part in parts)
            _collect_text(child, styles, parts, frames, raised or (style in styles.raised and behind))
        parts.append(_raise(child.tail, raised))


def _raise(text: str | None, raised: bool) -> str:
    """Text with its white space folded, as ODF defines it, and with raised digits where it is raised."""
    folded = "" if not text else _fold_spaces(text)
    return folded.translate(SUPERSCRIPT) if raised else folded


def _fold_spaces(text: str) -> str:
    words = text.replace("\n", " ").replace("\t", " ")
    while "  " in words:
        words = words.replace("  ", " ")
    return words


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
    nested = [cell for cell in own if cell.find(f".//{TBL}") is not None]
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
            _read_table(inner, body)


def _read_cells(table: Any, block: int, body: _OdtBody) -> tuple[list[Cell], int, int]:
    """The boxes of a table with their spans, its rows and columns; repeats and spans are clamped."""
    limits = body.limits
    cells: list[Cell] = []
    row = columns = 0
    for tr in _rows(table):
        for _ in range(_number(tr, "number-rows-repeated", limits.rowspan)):
            column = 0
            for tc in tr.iterchildren(CELL, COVERED):
                repeated = _number(tc, "number-columns-repeated", limits.colspan)
                if tc.tag == COVERED:
                    column += repeated
                    continue
                high = _number(tc, "number-rows-spanned", limits.rowspan)
                wide = _number(tc, "number-columns-spanned", limits.colspan)
                text = _cell_text(tc, body)
                for _ in range(repeated):
                    cells.append(Cell(row, column, high, wide, text, Place(None, block, row, column)))
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
    value = element.get(TABLE + name) or "1"
    if not value.isdigit():
        return 1
    return max(1, min(int(value), most)) if len(value) < 10 else most


def _cell_text(tc: Any, body: _OdtBody) -> str:
    """A box's text, a line a paragraph; nested tables are not part of it."""
    lines: list[str] = []
    for child in tc.iterchildren():
        if child.tag in (P, H):
            text, frames = _read_text(child, body.styles)
            lines.append(text)
            for frame in frames:
                lines += [_read_text(p, body.styles)[0] for p in frame.iter(P)]
        elif child.tag == LIST:
            items = _items(child, body, 1, child.get(TEXT + "style-name") or "")
            lines += [number + _read_text(p, body.styles)[0] for number, p in items if p.tag != TBL]
    return "\n".join(lines)


#: See `gongkai.model.Reader`.
reread = render = as_pdf = None
