"""Word's paragraphs and merged cells → Document.

The grid comes from the XML itself: python-docx makes an object of every box and repeats merged
boxes. It serves as the second reading (`reread`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from gongkai.extract.office.docx_numbering import W, read_lists
from gongkai.extract.office.docx_table import find_inside, read_cells
from gongkai.extract.office.docx_text import (
    CONTENT,
    MC,
    SDT,
    TBL,
    TC,
    TR,
    WRAPS,
    DocxBody,
    P,
    read_text,
    value_of,
)
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package, open_package
from gongkai.model import (
    Document,
    Encrypted,
    Finding,
    Grid,
    Limits,
    Paragraph,
    Place,
    Source,
    Unreadable,
    flag,
)

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_LOOSE = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def sniff(data: bytes) -> bool:
    """Whether this is a zip that holds a WordprocessingML document."""
    if not data.startswith(b"PK"):
        return False
    return b"word/document" in data or (b"[Content_Types].xml" in data[:4096] and b"word/" in data)


def read(source: Source, limits: Limits) -> Document:
    """The body's paragraphs and tables in reading order.

    Headers, footers, foot- and endnotes, comments and deleted text are not part of it. Raises
    Encrypted, Truncated, Unreadable, TooLarge.
    """
    package = open_package(source.data, limits)
    name = _find_main_part(package)
    part = package.part(name)
    root = _parse_root(part, name)
    body = root.find(W + "body")
    if body is None:
        raise Unreadable(f"{name}: has no body")
    folder = posixpath.dirname(name)
    styled = b":pStyle" in part
    styles = _parse_optional(package, posixpath.join(folder, "styles.xml")) if styled else None
    listed = b":numPr" in part or (styles is not None and styles.find(f".//{W}numPr") is not None)
    numbering = _parse_optional(package, posixpath.join(folder, "numbering.xml")) if listed else None
    walked = DocxBody(limits, read_lists(numbering, styles), _is_plain(part), _read_roles(styles))
    _walk(body, walked)
    findings: list[Finding] = []
    if walked.pictures and not any(isinstance(b, Grid) for b in walked.blocks):
        findings += _read_pictures(package, walked)
    elif walked.pictures:
        message = f"{walked.pictures} pictures in the body; a table may be one of them"
        findings.append(flag("pictures", message))
    metadata = _read_properties(package)
    return Document(source, "docx", "docx", tuple(walked.blocks), None, metadata, tuple(findings))


def _read_pictures(package: Package, body: DocxBody) -> list[Finding]:
    """Reads a document whose pages are pictures, by OCR where it is installed."""
    # The layout of pages and Pillow: only a document whose pages are pictures needs them.
    from gongkai.extract.picture import append_pages

    names = [n for n in package.names() if "/media/" in n and n.lower().rpartition(".")[2] in _PICTURES]
    media = (package.part(n) for n in sorted(names, key=lambda n: (len(n), n)))
    return append_pages(body.blocks, media, body.pictures, "in the body", body.limits)


_PICTURES = ("png", "jpg", "jpeg", "tif", "tiff", "bmp", "gif", "webp")


#: What can hide text, print it twice, or print what is no text.
_SPECIAL = tuple(
    f":{t}".encode()
    for t in (
        "del ",
        "del>",
        "moveFrom",
        "txbxContent",
        "AlternateContent",
        "vanish",
        'vertAlign w:val="super',
        "sym ",
        "noBreakHyphen",
        "ruby",
        "sdt>",
        "pict",
        "drawing",
    )
)


def _is_plain(part: bytes) -> bool:
    return not any(mark in part for mark in _SPECIAL)


def _find_main_part(package: Package) -> str:
    """The name of the document part, by the package's own relation to it."""
    names = set(package.names())
    if "EncryptedPackage" in names:
        raise Encrypted("the file asks for a password")
    if "_rels/.rels" in names:
        for relation in parse_xml(package.part("_rels/.rels"), "_rels/.rels").iter(
            _RELATION + "Relationship"
        ):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                target = (relation.get("Target") or "").lstrip("/")
                if target in names:
                    return target
    if "word/document.xml" in names:
        return "word/document.xml"
    raise Unreadable("the package holds no Word document")


def _parse_root(data: bytes, name: str) -> Any:
    if _STRICT in data[:4096]:
        data = data.replace(_STRICT, _LOOSE)
    return parse_xml(data, name)


def _parse_optional(package: Package, name: str) -> Any | None:
    return _parse_root(package.part(name), name) if name in package.names() else None


def _read_roles(styles: Any | None) -> dict[str, str]:
    """The roles of paragraph styles ("title", "heading" or "toc"), by style id."""
    roles: dict[str, str] = {}
    for style in () if styles is None else styles.iterchildren(W + "style"):
        name = style.find(W + "name")
        text = ((name.get(W + "val") if name is not None else "") or "").lower()
        for start, role in (
            ("toc", "toc"),
            ("title", "title"),
            ("heading", "heading"),
            ("标题", "heading"),
            ("目录", "toc"),
        ):
            if text.startswith(start):
                roles[style.get(W + "styleId")] = role
    return roles


def _read_properties(package: Package) -> tuple[tuple[str, str], ...]:
    """The properties in docProps/core.xml: title, creator, created, modified."""
    if "docProps/core.xml" not in package.names():
        return ()
    root = parse_xml(package.part("docProps/core.xml"), "docProps/core.xml")
    pairs = ((item.tag.rpartition("}")[2], (item.text or "").strip()) for item in root.iterchildren())
    return tuple((name, text) for name, text in pairs if text)


def _walk(parent: Any, body: DocxBody) -> None:
    """The blocks below an element, in order."""
    for child in parent.iterchildren():
        tag = child.tag
        if tag == P:
            _read_paragraph(child, body)
        elif tag == TBL:
            _read_table(child, body)
        elif tag == SDT:
            _read_control(child, body)
        elif tag in WRAPS:
            _walk(child, body)
        elif tag == MC + "AlternateContent":
            choice = child.find(MC + "Choice")
            if choice is not None:
                _walk(choice, body)


def _read_control(sdt: Any, body: DocxBody) -> None:
    """A content control's blocks; those of a table of contents get the role "toc"."""
    content = sdt.find(CONTENT)
    if content is None:
        return
    gallery = sdt.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    before = len(body.blocks)
    _walk(content, body)
    if gallery is not None and (gallery.get(W + "val") or "") == "Table of Contents":
        for i in range(before, len(body.blocks)):
            block = body.blocks[i]
            if isinstance(block, Paragraph):
                body.blocks[i] = replace(block, role="toc")


def _read_paragraph(p: Any, body: DocxBody) -> None:
    text, boxes, pictures = read_text(p, body.plain)
    body.pictures += pictures
    properties = p.find(W + "pPr")
    style = value_of(properties, "pStyle")
    number = body.counter.number(properties, style) if text.strip() else ""
    if text.strip():
        role = body.titles.get(style, "body")
        place = Place(block=len(body.blocks))
        centered = value_of(properties, "jc") == "center"
        body.blocks.append(Paragraph(text, place, number, role, _font_size(p), centered))  # type: ignore[arg-type]
    for box in boxes:
        _walk(box, body)


def _font_size(p: Any) -> float | None:
    """The first run's own font size in points, None where a style gives it."""
    for size in p.iter(W + "sz"):
        value = size.get(W + "val") or ""
        return int(value) / 2 if value.isdigit() else None
    return None


def _read_table(table: Any, body: DocxBody) -> None:
    """A table as a Grid; one that only lays out other tables as its blocks in order."""
    nested = _find_nesting(table)
    if nested and _is_layout(table, nested):
        _walk_boxes(table, body)
        return
    block = len(body.blocks)
    simple = body.plain and not body.counter.lists and not nested
    cells, rows, columns = read_cells(table, block, body, simple)
    if len(cells) == 1 and rows == 1:  # a frame around paragraphs
        _walk_boxes(table, body)
        return
    if cells:
        body.blocks.append(Grid(tuple(cells), rows, columns, Place(block=block)))
    for tc in nested:
        for inner in tc.iterchildren(TBL):
            _read_table(inner, body)


def _boxes_of(table: Any) -> Iterator[Any]:
    return (tc for tr in find_inside(table, TR) for tc in find_inside(tr, TC))


def _find_nesting(table: Any) -> list[Any]:
    """The boxes of a table that hold other tables."""
    if next(table.iterdescendants(TBL), None) is None:
        return []
    return [tc for tc in _boxes_of(table) if tc.find(f".//{TBL}") is not None]


def _is_layout(table: Any, nested: Sequence[Any]) -> bool:
    """Whether a table holds at least as many boxes in its boxes as it has itself."""
    inner = sum(1 for tc in nested for _ in tc.iter(TC)) - len(nested)
    return inner >= sum(1 for _ in _boxes_of(table))


def _walk_boxes(table: Any, body: DocxBody) -> None:
    for tc in _boxes_of(table):
        _walk(tc, body)


def pictures(source: Source, limits: Limits) -> list[tuple[str, bytes]]:
    """The pictures of the package by name, for a reader of pictures.

    Raises what `read` raises for the package.
    """
    package = open_package(source.data, limits)
    names = [n for n in package.names() if "/media/" in n]
    return [(n, package.part(n)) for n in sorted(names, key=lambda n: (len(n), n))]


def reread(source: Source, places: Sequence[Place]) -> tuple[str | None, ...]:
    """The text in some boxes, read a second time through python-docx's own tables.

    A box is found by its table and row; None where python-docx sees the table otherwise.
    """
    # python-docx takes longer to import than a report to read, and few reports are read twice
    from gongkai.extract.office.docx_reread import reread_boxes

    blocks = read(source, Limits()).blocks
    return reread_boxes(source.data, [i for i, block in enumerate(blocks) if isinstance(block, Grid)], places)


#: See `gongkai.model.Reader`.
render = as_pdf = None
