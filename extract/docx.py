"""Word's paragraphs and merged cells → Document.

The grid comes from the XML itself: python-docx makes an object of every box, and repeats merged
ones. It is the second reading (`reread`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gongkai.extract.office.docx_numbering import Counter, W, counter
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import DAMAGED, Package, open_package
from gongkai.extract.page.superscript import SUPERSCRIPT
from gongkai.model import (
    Block,
    Cell,
    Document,
    Encrypted,
    Finding,
    Grid,
    Limits,
    Paragraph,
    Place,
    Source,
    TooLarge,
    Unreadable,
    flag,
)

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_LOOSE = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}"

P, T, R, TBL, TR, TC = W + "p", W + "t", W + "r", W + "tbl", W + "tr", W + "tc"
SDT, CONTENT, TXBX = W + "sdt", W + "sdtContent", W + "txbxContent"
#: What a reader of the page does not see: deleted and moved text, field codes, properties, the
#: second copy of a text box.
_UNSEEN = frozenset(
    {W + t for t in ("del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "txbxContent")}
    | {_MC + "Fallback", W + "footnoteReference", W + "endnoteReference", W + "commentReference", W + "ruby"}
)
_BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "ptab": "\t"}
#: What only wraps other things.
_WRAPS = frozenset({W + t for t in ("ins", "moveTo", "customXml", "smartTag")})


def sniff(data: bytes) -> bool:
    """Whether this is a zip that holds a WordprocessingML document."""
    if not data.startswith(b"PK"):
        return False
    return b"word/document" in data or (b"[Content_Types].xml" in data[:4096] and b"word/" in data)


@dataclass(slots=True)
class _Body:
    """What is collected while the body is walked."""

    limits: Limits
    counter: Counter
    #: nothing in the file can hide text, so that a box is all of its text
    plain: bool
    titles: dict[str, str]
    blocks: list[Block] = field(default_factory=list)
    pictures: int = 0


def read(source: Source, limits: Limits) -> Document:
    """The body's paragraphs and tables in reading order.

    Headers, footers, foot- and endnotes, comments and deleted text are not part of it. Raises
    Encrypted, Truncated, Unreadable, TooLarge.
    """
    package = open_package(source.data, limits)
    name = _main_part(package)
    part = package.part(name)
    root = _root(part, name)
    body = root.find(W + "body")
    if body is None:
        raise Unreadable(f"{name}: has no body")
    folder = posixpath.dirname(name)
    styled = b":pStyle" in part
    styles = _optional(package, posixpath.join(folder, "styles.xml")) if styled else None
    listed = b":numPr" in part or (styles is not None and styles.find(f".//{W}numPr") is not None)
    numbering = _optional(package, posixpath.join(folder, "numbering.xml")) if listed else None
    walked = _Body(limits, counter(numbering, styles), _is_plain(part), _titles(styles))
    _walk(body, walked)
    findings: list[Finding] = []
    if walked.pictures and not any(isinstance(b, Grid) for b in walked.blocks):
        findings += _seen(package, walked)
    elif walked.pictures:
        message = f"{walked.pictures} pictures in the body; a table may be one of them"
        findings.append(flag("pictures", message))
    metadata = _properties(package)
    return Document(source, "docx", "docx", tuple(walked.blocks), None, metadata, tuple(findings))


def _seen(package: Package, body: _Body) -> list[Finding]:
    """A document whose pages are pictures, read by OCR where it is installed."""
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


def _main_part(package: Package) -> str:
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


def _root(data: bytes, name: str) -> Any:
    if _STRICT in data[:4096]:
        data = data.replace(_STRICT, _LOOSE)
    return parse_xml(data, name)


def _optional(package: Package, name: str) -> Any | None:
    return _root(package.part(name), name) if name in package.names() else None


def _titles(styles: Any | None) -> dict[str, str]:
    """The roles of paragraph styles: "title", "heading" or "toc", by style id."""
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


def _properties(package: Package) -> tuple[tuple[str, str], ...]:
    """What docProps/core.xml says: title, creator, created, modified."""
    if "docProps/core.xml" not in package.names():
        return ()
    root = parse_xml(package.part("docProps/core.xml"), "docProps/core.xml")
    pairs = ((item.tag.rpartition("}")[2], (item.text or "").strip()) for item in root.iterchildren())
    return tuple((name, text) for name, text in pairs if text)


def _walk(parent: Any, body: _Body) -> None:
    """The blocks below an element, in order."""
    for child in parent.iterchildren():
        tag = child.tag
        if tag == P:
            _paragraph(child, body)
        elif tag == TBL:
            _table(child, body)
        elif tag == SDT:
            _control(child, body)
        elif tag in _WRAPS:
            _walk(child, body)
        elif tag == _MC + "AlternateContent":
            choice = child.find(_MC + "Choice")
            if choice is not None:
                _walk(choice, body)


def _control(sdt: Any, body: _Body) -> None:
    """A content control's blocks; those of a contents page are marked as such."""
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


def _paragraph(p: Any, body: _Body) -> None:
    text, boxes, pictures = _text(p, body.plain)
    body.pictures += pictures
    properties = p.find(W + "pPr")
    style = _value(properties, "pStyle")
    number = body.counter.number(properties, style) if text.strip() else ""
    if text.strip():
        role = body.titles.get(style, "body")
        place = Place(block=len(body.blocks))
        centered = _value(properties, "jc") == "center"
        body.blocks.append(Paragraph(text, place, number, role, _size(p), centered))  # type: ignore[arg-type]
    for box in boxes:
        _walk(box, body)


def _value(properties: Any | None, tag: str) -> str:
    item = None if properties is None else properties.find(W + tag)
    return "" if item is None else str(item.get(W + "val") or "")


def _size(p: Any) -> float | None:
    """The first run's own font size in points, None where a style gives it."""
    for size in p.iter(W + "sz"):
        value = size.get(W + "val") or ""
        return int(value) / 2 if value.isdigit() else None
    return None


def _text(p: Any, plain: bool = False) -> tuple[str, list[Any], int]:
    """A paragraph's text, the text boxes anchored in it, and how many pictures it holds.

    In a `plain` document no run can be hidden.
    """
    parts: list[str] = []
    boxes: list[Any] = []
    pictures = 0
    stack = [iter(p)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        tag = child.tag
        if tag == T:
            parts.append(child.text or "")
        elif tag == TXBX:
            boxes.append(child)
        elif tag in _UNSEEN or not isinstance(tag, str):
            continue
        elif tag == W + "br" or tag == W + "cr":
            parts.append("\n")
        elif tag == W + "tab" or tag == W + "ptab":
            parts.append("\t")
        elif tag == W + "noBreakHyphen":
            parts.append("-")
        elif tag == W + "sym":
            parts.append(_symbol(child))
        elif tag.endswith("}blip") or tag.endswith("}imagedata"):
            pictures += 1
        elif tag == R and not plain and _hidden(child):
            continue
        elif tag == R and _raised(child) and any(part.strip() for part in parts):
            parts += [(t.text or "").translate(SUPERSCRIPT) for t in child.iter(T)]
        elif tag != P or child is p:
            stack.append(iter(child))
    return "".join(parts), boxes, pictures


def _symbol(sym: Any) -> str:
    """A character of a symbol font; those of the private area say nothing."""
    code = int(sym.get(W + "char") or "0", 16)
    return "" if 0xE000 <= code < 0xF900 or code < 32 else chr(code)


def _hidden(run: Any) -> bool:
    properties = run.find(W + "rPr")
    vanish = None if properties is None else properties.find(W + "vanish")
    return vanish is not None and (vanish.get(W + "val") or "1") not in ("0", "false", "off")


def _raised(run: Any) -> bool:
    return _value(run.find(W + "rPr"), "vertAlign") == "superscript"


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, whatever wraps them."""
    for child in parent.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag == SDT:
            content = child.find(CONTENT)
            if content is not None:
                yield from _inside(content, tag)
        elif child.tag in _WRAPS:
            yield from _inside(child, tag)


def _table(table: Any, body: _Body) -> None:
    """A table as a Grid; one that only lays out other tables as its blocks in order."""
    nested: list[Any] = []
    if next(table.iterdescendants(TBL), None) is not None:
        nested = [
            tc for tr in _inside(table, TR) for tc in _inside(tr, TC) if tc.find(f".//{TBL}") is not None
        ]
    if nested:
        own = sum(1 for tr in _inside(table, TR) for _ in _inside(tr, TC))
        held = sum(1 for tc in nested for _ in tc.iter(TC)) - len(nested)
        if held >= own:
            for tr in _inside(table, TR):
                for tc in _inside(tr, TC):
                    _walk(tc, body)
            return
    block = len(body.blocks)
    simple = body.plain and not body.counter.lists and not nested
    cells, rows, columns = _cells(table, block, body, simple)
    if len(cells) == 1 and rows == 1:
        for tr in _inside(table, TR):  # a frame around paragraphs
            for tc in _inside(tr, TC):
                _walk(tc, body)
        return
    if cells:
        body.blocks.append(Grid(tuple(cells), rows, columns, Place(block=block)))
    for tc in nested:
        for inner in tc.iterchildren(TBL):
            _table(inner, body)


def _cells(table: Any, block: int, body: _Body, simple: bool) -> tuple[list[Cell], int, int]:
    """The boxes of a table with their spans: gridSpan and vMerge, with and without a value.

    In a `simple` table nothing hides or numbers text and no box holds a table.
    """
    drawn: list[list[Any]] = []  # row, column, rowspan, colspan, text
    going: dict[int, int] = {}  # grid column → number of the cell that may go on below
    boxes = _boxes(table) if simple else {}
    row = columns = 0
    for tr in _inside(table, TR):
        properties = tr.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            continue
        column = _count(properties, "gridBefore", 0, body.limits)
        now: dict[int, int] = {}
        for tc in _inside(tr, TC):
            text = None
            if simple:
                span, merge, follows, text = _box(tc, boxes, body)
            else:
                span, merge, follows = _spans(tc.find(W + "tcPr"), body.limits)
            if follows and drawn:
                drawn[-1][3] += span
            elif merge == "continue" and column in going:
                drawn[going[column]][2] += 1
                now[column] = going[column]
            else:
                drawn.append([row, column, 1, span, _cell_text(tc, body) if text is None else text])
                if merge:
                    now[column] = len(drawn) - 1
            column += span
            if len(drawn) > body.limits.cells:
                raise TooLarge(f"a table of more than {body.limits.cells:,} boxes")
        going = now
        columns = max(columns, column)
        row += 1
    cells = [Cell(r, c, high, wide, text, Place(None, block, r, c)) for r, c, high, wide, text in drawn]
    return cells, row, columns


SPAN, MERGE, FOLLOWS, VAL = W + "gridSpan", W + "vMerge", W + "hMerge", W + "val"
_SPANS = (SPAN, MERGE, FOLLOWS)


def _spans(properties: Any | None, limits: Limits) -> tuple[int, str, bool]:
    """What a cell's properties say: columns, "" or "restart" or "continue", whether it goes on from the left."""
    found = () if properties is None else properties
    return _merging({item.tag: item.get(VAL) for item in found if item.tag in _SPANS}, limits)


def _merging(found: dict[str, str | None], limits: Limits) -> tuple[int, str, bool]:
    """What `_spans` says, from the properties by tag."""
    span, merge, follows = 1, "", False
    if SPAN in found:
        value = found[SPAN] or ""
        span = max(1, min(int(value), limits.colspan)) if value.isdigit() else 1
    if MERGE in found:
        merge = found[MERGE] or "continue"
    if FOLLOWS in found:
        follows = (found[FOLLOWS] or "continue") == "continue"
    return span, merge, follows


_CHANGED = W + "tcPrChange"
_BOX = (P, T, *_BREAKS, *_SPANS, _CHANGED)


_Box = tuple[dict[str, str | None], list[list[str]]]


def _boxes(table: Any) -> dict[Any, _Box]:
    """What merges each cell of a simple table, and the pieces of its text by line, in one walk.

    A walk for every cell would take as long again: lxml reads the wanted names anew each time.
    """
    boxes: dict[Any, _Box] = {}
    found: dict[str, str | None] = {}
    lines: list[list[str]] = []
    line: list[str] = []
    for item in table.iter(TC, *_BOX):
        tag = item.tag
        if tag == T:
            line.append(item.text or "")
        elif tag == P:
            line = []
            lines.append(line)
        elif tag == TC:
            found, lines, line = {}, [], []
            boxes[item] = found, lines
        elif tag in _BREAKS:
            line.append(_BREAKS[tag])
        else:
            found[tag] = item.get(VAL)
    return boxes


def _box(tc: Any, boxes: dict[Any, _Box], body: _Body) -> tuple[int, str, bool, str]:
    """What `_spans` says of a cell of a simple table, and its text."""
    found, lines = boxes[tc]
    if _CHANGED in found:  # the properties as they were before stand there too
        return (*_spans(tc.find(W + "tcPr"), body.limits), _cell_text(tc, body))
    return (*_merging(found, body.limits), "\n".join(map("".join, lines)))


def _count(properties: Any | None, tag: str, default: int, limits: Limits) -> int:
    value = _value(properties, tag)
    return min(int(value), limits.colspan) if value.isdigit() else default


def _cell_text(tc: Any, body: _Body) -> str:
    """A box's text, a line a paragraph, automatic numbers included; nested tables are read apart."""
    lines: list[str] = []
    for p in tc.iterchildren(P) if body.plain else _inside(tc, P):
        if body.plain:
            text = "".join([t.text or "" if t.tag == T else _BREAKS[t.tag] for t in p.iter(T, *_BREAKS)])
        else:
            text, boxes, pictures = _text(p)
            body.pictures += pictures
            lines += [_text(inner)[0] for box in boxes for inner in box.iter(P)]
        if body.counter.lists and text.strip():
            properties = p.find(W + "pPr")
            text = body.counter.number(properties, _value(properties, "pStyle")) + text
        lines.append(text)
    return "\n".join(lines)


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
    import io

    import docx
    from docx.exceptions import PythonDocxError
    from docx.opc.exceptions import OpcError
    from docx.oxml.exceptions import XmlchemyError
    from lxml import etree

    # python-docx gives up where a merge is drawn wrong (a cell that goes on from no cell above), and
    # reads parts that we do not, which may be damaged (a relation without a target is joined to a path)
    own = (
        LookupError,
        AttributeError,
        TypeError,
        ValueError,
        PythonDocxError,
        OpcError,
        XmlchemyError,
        etree.XMLSyntaxError,
    )
    refused = (*DAMAGED, *own)
    try:
        tables = docx.Document(io.BytesIO(source.data)).tables
    except refused:
        return (None,) * len(places)
    read_again: dict[int, list[list[str]]] = {}
    blocks = [i for i, block in enumerate(_blocks_of(source)) if isinstance(block, Grid)]
    if len(blocks) == len(tables):
        for block, table in zip(blocks, tables, strict=True):
            try:
                read_again[block] = [[cell.text for cell in row.cells] for row in table.rows]
            except refused:
                continue
    result: list[str | None] = []
    for place in places:
        table_rows = read_again.get(place.block if place.block is not None else -1)
        row, column = place.row, place.column
        if table_rows is None or row is None or column is None or row >= len(table_rows):
            result.append(None)
        else:
            result.append(table_rows[row][column] if column < len(table_rows[row]) else None)
    return tuple(result)


def _blocks_of(source: Source) -> tuple[Block, ...]:
    return read(source, Limits()).blocks


#: See `gongkai.model.Reader`.
render = as_pdf = None
