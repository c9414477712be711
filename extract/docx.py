"""Word's paragraphs and merged cells → Document.

The grid comes from the XML itself: python-docx makes an object of every box and repeats merged
boxes. It serves as the second reading.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar

from gongkai.extract.office.docx_binding import DataParts
from gongkai.extract.office.docx_chunk import insert_chunk
from gongkai.extract.office.docx_numbering import DocxList, ListCounter, W, read_integer, read_lists
from gongkai.extract.office.docx_plain import STYLE_NAMES, find_odd
from gongkai.extract.office.docx_style import DocxStyles, read_docx_styles
from gongkai.extract.office.docx_table import only_box, read_cells
from gongkai.extract.office.docx_text import (
    ALTERNATE,
    CONTENT,
    SDT,
    TBL,
    TC,
    TR,
    WRAPS,
    DocxBody,
    Ground,
    P,
    alternative_of,
    find_blocks,
    read_text,
    value_of,
)
from gongkai.extract.office.relationships import find_main_part, is_office_package, read_relationships
from gongkai.extract.office.theme_colors import read_theme
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package, open_package
from gongkai.extract.plain.paragraph_tables import find_tables_of_lines
from gongkai.model import (
    Document,
    Finding,
    Grid,
    Limits,
    Paragraph,
    Place,
    Source,
    Unreadable,
    flag,
)
from gongkai.record import replace

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_LOOSE = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PAGE = Ground()
_T = TypeVar("_T")
#: What a style says that makes text look otherwise than it stands, as bytes of its part in any encoding.
_MAY_HIDE = re.compile(
    b"|".join(
        b"\x00?".join(bytes([c]) for c in word)
        for word in (b"vanish", b"strike", b"FFFFFF", b"background1", b"script", b"position", b"exact")
    ),
    re.IGNORECASE,
)


def sniff(data: bytes) -> bool:
    """Whether this is a zip that holds a WordprocessingML document."""
    return is_office_package(data, "word", b"wordprocessingml.", b"ms-word.")


def read(source: Source, limits: Limits) -> Document:
    """The body's paragraphs and tables in reading order.

    Headers, footers, foot- and endnotes, comments and deleted text are not part of it. Raises
    Encrypted, Truncated, Unreadable, TooLarge.
    """
    return _read(source, limits, False)


def read_converted(source: Source, limits: Limits) -> Document:
    """As `read`, of a document that LibreOffice wrote: the results of its formulas are not those of the page."""
    return _read(source, limits, True)


def _read(source: Source, limits: Limits, converted: bool) -> Document:
    package = open_package(source.data, limits)
    name = find_main_part(package, "word/document.xml")
    data = package.part(name)
    root = _parse_root(data, name)
    body = root.find(W + "body")
    if body is None:
        raise Unreadable(f"{name}: has no body")
    walked = _open_body(source, package, name, root, limits)
    walked.converted = converted
    _walk(body, walked)
    findings = [*walked.findings, *walked.left_out.findings()]
    if walked.pictures and not any(isinstance(b, Grid) for b in walked.blocks):
        findings += _read_pictures(package, walked)
    elif walked.pictures:
        message = f"{walked.pictures} pictures in the body; a table may be one of them"
        findings.append(flag("pictures", message))
    metadata = _read_properties(package)
    document = Document(
        source,
        "docx",
        "docx",
        tuple(walked.blocks),
        None,
        metadata,
        tuple(findings),
        reread=partial(
            _reread, data, [i for i, block in enumerate(walked.blocks) if isinstance(block, Grid)]
        ),
    )
    return find_tables_of_lines(document, limits)


def _open_body(source: Source, package: Package, name: str, root: Any, limits: Limits) -> DocxBody:
    """What is known of a document before its body is walked: its lists and styles, and where it is not plain."""
    relations = read_relationships(package, name)
    kinds = {relation.kind: relation.target for relation in relations.values()}

    def find(kind: str, wanted: re.Pattern[bytes] | None = None) -> _Part | None:
        """A part of the document; None where it has none, or where none of what is wanted is in it."""
        stored = kinds.get(kind) or package.find(posixpath.join(posixpath.dirname(name), f"{kind}.xml"))
        if stored is None:
            return None
        data = package.part(stored)
        return (data, stored) if wanted is None or wanted.search(data) is not None else None

    is_styled = next(root.iter(*STYLE_NAMES), None) is not None
    # where the text names no style, only what the file has by default matters
    styles, theme = find("styles", None if is_styled else _MAY_HIDE), find("theme")
    read = _remember(_read_styles, styles, theme)
    is_listed = next(root.iter(W + "numPr"), None) is not None or (is_styled and read.numbers)
    lists, numbered = _remember(_read_lists, styles, find("numbering") if is_listed else None)
    chunks = {id: relation.target for id, relation in relations.items() if relation.kind == "aFChunk"}
    looks = DocxStyles(
        read.looks.default, read.looks.styles, read.looks.usual, read.looks.painted, read.looks.theme
    )
    return DocxBody(
        source,
        package,
        chunks,
        DataParts(package, relations).read,
        limits,
        ListCounter(lists, numbered),
        find_odd(root, looks),
        read.roles,
        looks,
    )


#: A part of a package: its bytes, and its name for messages.
_Part = tuple[bytes, str]
#: Parts that have more bytes together are read anew for each document.
_MOST_REMEMBERED = 1024 * 1024


class _Styles(NamedTuple):
    """What styles.xml and the theme say; `numbers` where a style may number its paragraphs."""

    looks: DocxStyles
    roles: Mapping[str, str]
    numbers: bool


def _remember(read: Callable[..., _T], *parts: _Part | None) -> _T:
    """What some parts say: an office's program writes the same ones into most of its documents, and they are read once."""
    size = sum(len(part[0]) for part in parts if part is not None)
    return (read if size <= _MOST_REMEMBERED else read.__wrapped__)(*parts)  # type: ignore[attr-defined]


@lru_cache(maxsize=16)
def _read_styles(styles: _Part | None, theme: _Part | None) -> _Styles:
    root = None if styles is None else _parse_root(*styles)
    looks = read_docx_styles(root, read_theme(None if theme is None else _parse_root(*theme)))
    numbers = root is not None and next(root.iter(W + "numPr"), None) is not None
    return _Styles(looks, _read_roles(root), numbers)


@lru_cache(maxsize=16)
def _read_lists(
    styles: _Part | None, numbering: _Part | None
) -> tuple[Mapping[str, DocxList], Mapping[str, tuple[str, int]]]:
    counter = read_lists(*(None if part is None else _parse_root(*part) for part in (numbering, styles)))
    return counter.lists, counter.styles


def _read_pictures(package: Package, body: DocxBody) -> list[Finding]:
    """Reads a document whose pages are pictures, by OCR where it is installed."""
    # The layout of pages and Pillow: only a document whose pages are pictures needs them.
    from gongkai.extract.picture import append_pages

    names = [n for n in package.names() if "/media/" in n and n.lower().rpartition(".")[2] in _PICTURES]
    media = (package.part(n) for n in sorted(names, key=lambda n: (len(n), n)))
    return append_pages(body.blocks, media, body.pictures, "in the body", body.limits)


_PICTURES = ("png", "jpg", "jpeg", "tif", "tiff", "bmp", "gif", "webp")


def _parse_root(data: bytes, name: str) -> Any:
    if _STRICT in data[:4096]:
        data = data.replace(_STRICT, _LOOSE)
    return parse_xml(data, name)


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
        elif tag == ALTERNATE:
            chosen = alternative_of(child)
            if chosen is not None:
                _walk(chosen, body)
        elif tag == W + "altChunk":
            insert_chunk(body, child.get(_ID) or "", read)


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
    properties = p.find(W + "pPr")
    style = value_of(properties, "pStyle")
    own = body.styles.ground_of(properties, style)
    text, boxes = read_text(p, body, _PAGE if own is None else Ground((own,)))
    number = body.counter.number(properties, style)
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
        points = read_integer(size.get(W + "val"), -1)
        return points / 2 if points >= 0 else None
    return None


def _read_table(table: Any, body: DocxBody) -> None:
    """A table as a Grid; one that only lays out other tables as its blocks in order."""
    has_tables = next(table.iterdescendants(TBL), None) is not None
    nested = _find_nesting(table) if has_tables else []
    if nested and _is_layout(table, nested):
        _walk_boxes(table, body)
        return
    block = len(body.blocks)
    simple = body.odd is not None and not has_tables
    cells, rows, columns = read_cells(table, block, body, simple)
    if len(cells) == 1 and rows == 1:  # a frame around paragraphs
        _walk_boxes(table, body)
        return
    if cells:
        body.blocks.append(Grid(tuple(cells), rows, columns, Place(block=block)))
    for tc in nested:
        for inner in find_blocks(tc, TBL):
            if only_box(inner) is None:
                _read_table(inner, body)


def _boxes_of(table: Any) -> Iterator[Any]:
    return (tc for tr in find_blocks(table, TR) for tc in find_blocks(tr, TC))


def _find_nesting(table: Any) -> list[Any]:
    """The boxes of a table that hold other tables of more than one box."""
    return [tc for tc in _boxes_of(table) if any(only_box(inner) is None for inner in tc.iter(TBL))]


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


def _reread(part: bytes, grids: Sequence[int], boxes: Sequence[tuple[Place, str]]) -> tuple[str | None, ...]:
    """The text in some boxes of the document's main part, read a second time through python-docx's own tables.

    `grids` are the numbers of the blocks that are tables. A box is found by its table and row; None where python-docx sees
    the table otherwise.
    """
    # python-docx takes longer to import than a report to read, and few reports are read twice
    from gongkai.extract.office.docx_reread import reread_boxes

    return reread_boxes(part, grids, [place for place, _ in boxes])


#: See `gongkai.model.Reader`.
render = as_pdf = None
