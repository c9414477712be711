"""A web page's article, its table spans resolved → Document.

The article is the element with most of the text, among navigation, side bars and footers. What the
page says of itself (title, 发布机构, 发布日期) goes to the Document's metadata.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from gongkai.extract import text
from gongkai.extract.charset import HEAD_BYTES, decode, decode_damaged
from gongkai.extract.left_out import CROSSED_OUT
from gongkai.extract.page.block_number import number_block
from gongkai.extract.page.layout import lay_out
from gongkai.extract.page.word_layout import make_layouts
from gongkai.extract.picture import append_pages
from gongkai.extract.plain.json_text import read_json
from gongkai.extract.plain.paragraph_tables import take_for_text
from gongkai.extract.web import embedded, pdf2xml
from gongkai.extract.web.article import find_article
from gongkai.extract.web.cell_text import CellReader, is_spacer
from gongkai.extract.web.css import Styles, read_styles
from gongkai.extract.web.dom import AROUND, BLOCK, BREAK, UNSEEN, children, squeeze, tidy
from gongkai.extract.web.images import collect_images
from gongkai.extract.web.metadata import prepend_title, read_head, read_metadata_cells, read_surroundings
from gongkai.extract.web.placed_lines import find_pages, may_be_placed
from gongkai.extract.web.scripts import read_scripts
from gongkai.extract.web.svg_drawing import LEAST_TEXTS, read_drawing
from gongkai.extract.web.svg_words import DrawnBlocks, lay_out_words
from gongkai.extract.web.table import boxes, cells, is_layout, is_table, rows
from gongkai.model import (
    Block,
    Document,
    Finding,
    Grid,
    Limits,
    Paragraph,
    Place,
    Source,
    TooLarge,
    Unreadable,
    drop_unread,
    flag,
)
from gongkai.record import replace

_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|tbody|div|p|td|tr|meta|span|pdf2xml)[\s>/]", re.IGNORECASE
)
_MIME = re.compile(
    r"^(?:MIME-Version|Content-Type|Snapshot-Content-Location|From|Subject):", re.IGNORECASE | re.MULTILINE
)
_OFFICE = re.compile(
    r"<\?mso-application|<w:wordDocument|<pkg:package|<office:document|<Workbook\s", re.IGNORECASE
)

#: What a converted file leaves at the end of every page.
_PAGE_NUMBER = re.compile(r"第\s*\d{1,3}\s*页(?:[\s,，/]*共\s*\d{1,3}\s*页)?|[-—–]\s*\d{1,3}\s*[-—–]")
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
#: Elements that end where the next begins, so that leaving them open does not nest.
_FLAT = {
    "p",
    "li",
    "td",
    "tr",
    "th",
    "dt",
    "dd",
    "option",
    "br",
    "img",
    "input",
    "meta",
    "link",
    "hr",
    "area",
    "base",
    "col",
    "wbr",
    "source",
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)([^<>]*/>)?")
#: Elements of a drawing, where one that ends in /> is closed; anything else ends the drawing, or may.
_OF_DRAWINGS = {
    "svg", "g", "rect", "line", "path", "polyline", "polygon", "circle", "ellipse", "text", "tspan",
}  # fmt: skip


def sniff(data: bytes) -> bool:
    """Whether the bytes are a web page or a piece of one, whatever the file is called."""
    head = data[:HEAD_BYTES]
    if head.startswith((b"PK", b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        return False
    found = decode(data) or decode_damaged(data)
    if found is None:
        return False
    sent = read_json(found[0])
    if sent is not None:
        return sent.is_page
    start = found[0][:HEAD_BYTES]
    return (
        _MARKUP.search(start) is not None
        and not text.has_stray_tags(start)
        and _MIME.match(start.lstrip()) is None
        and not _is_office(start[:600])
    )


def _is_office(start: str) -> bool:
    """Whether this is Word's or Excel's own XML; a page saved by Word says so in a comment behind <html>."""
    hit = _OFFICE.search(start)
    return (
        hit is not None
        and re.search(r"<html[\s>]|<!doctype\s+html", start[: hit.start()], re.IGNORECASE) is None
    )


def read(source: Source, limits: Limits, parts: Mapping[str, bytes] | None = None) -> Document:
    """The article of a page; `parts` are pictures saved beside it, by their addresses. Raises Unreadable, TooLarge."""
    found = decode_damaged(source.data)
    if found is None:
        raise Unreadable("the encoding of the page is unknown; save it again in UTF-8")
    text, encoding, damaged = found
    findings = []
    if damaged:
        message = f"{damaged} damaged characters ({encoding}); each is replaced by U+FFFD"
        findings.append(flag("characters-damaged", message))
    text = pdf2xml.make_page(text) if pdf2xml.MARK in text[:HEAD_BYTES] else text
    sent = read_json(text)
    if sent is None and may_be_placed(text):
        tree = _parse_tree(text, limits)
        pages = find_pages(tree.body, read_styles(tree), limits)
        if pages is not None:
            placed, notes = lay_out(pages, limits)
            metadata = tuple(read_head(tree))
            layouts = partial(make_layouts, pages, limits)
            return Document(
                source, "html", "lexbor", tuple(placed), None, metadata, (*findings, *notes), layouts
            )
    read = parse(text if sent is None else sent.text, limits, parts=parts)
    more = (*findings, *read.findings)
    document = Document(source, "html", "lexbor", read.blocks, None, read.metadata, more)
    if read.drawings:
        return replace(document, layouts=partial(lay_out_words, read.blocks, read.drawings, limits))
    return take_for_text(document)


class Parsed(NamedTuple):
    """What a page holds, and the drawings in it: the block at which each begins, how many blocks it gave, and its page."""

    blocks: tuple[Block, ...]
    metadata: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    drawings: tuple[DrawnBlocks, ...] = ()


def parse(
    text: str, limits: Limits, *, inner: bool = False, parts: Mapping[str, bytes] | None = None
) -> Parsed:
    """The blocks, metadata and findings of a page's text; `inner` is a piece of another page.

    `parts` are the pictures that are saved beside the page, by their addresses. Raises TooLarge
    where it is nested too deep or a table has too many boxes.
    """
    tree = _parse_tree(text, limits)
    body = tree.body
    page = _Article(limits, CellReader(read_styles(tree), read_scripts(tree)), _list_sheets(tree))
    article = find_article(body, page.styles)
    page.metadata += read_head(tree)
    _walk(article, page)
    page.flush()
    page.metadata += read_surroundings(body, article, page.blocks, page.styles, limits)
    metadata = tuple(dict.fromkeys(page.metadata))
    attached: tuple[Finding, ...] = ()
    if not inner and not any(isinstance(b, Grid) for b in page.blocks):
        found = _read_embedded(text, tree, page, limits)
        if found is not None:
            blocks, more, findings = found.blocks, found.metadata, found.findings
            return Parsed(tuple(prepend_title(blocks, metadata)), (*more, *metadata), findings)
        attached = _find_attachments(body, page) + _read_pictures(page, parts or {})
    titled = tuple(prepend_title(page.blocks, metadata))
    before = len(titled) - len(page.blocks)
    drawings = tuple(d._replace(begin=d.begin + before) for d in page.drawings)
    return Parsed(titled, metadata, (*_report_omitted(page), *attached), drawings)


def _list_sheets(tree: LexborHTMLParser) -> str:
    """The style sheets that stand in a page, for its drawings; "" where it has none."""
    if tree.css_first("svg") is None:
        return ""
    return "\n".join(sheet.text() or "" for sheet in tree.css("style"))


def _parse_tree(text: str, limits: Limits) -> LexborHTMLParser:
    """A page as a tree with a body. Raises TooLarge where it is nested too deep, Unreadable where it has no body."""
    depth = _measure_depth(text)
    if depth > limits.depth:
        raise TooLarge(f"tags nested {depth:,} deep; the limit is {limits.depth:,}")
    tree = LexborHTMLParser(text)
    if tree.body is None:
        raise Unreadable("the page has no body")
    return tree


def _read_pictures(page: _Article, parts: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Appends the pages in the pictures of an article without a table, as far as they need not be fetched."""
    if not page.sources:
        return ()
    pictures = collect_images(page.sources, parts)
    if not pictures:
        return ()
    return tuple(append_pages(page.blocks, pictures, len(pictures), "in the article", page.limits))


def _report_omitted(page: _Article) -> tuple[Finding, ...]:
    findings = page.cells.left_out.findings()
    if page.cells.pictures:
        message = f"{page.cells.pictures} pictures in the article; a table may be one of them"
        findings.append(flag("pictures", message))
    return tuple(findings)


#: A page with less text than this, in characters, and links to documents only distributes these.
_LEAST_ARTICLE = 300
_DOCUMENT = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|ofd|rtf|zip|rar|7z)(?:[?#]|$)", re.IGNORECASE)


def _find_attachments(body: Any, page: _Article) -> tuple[Finding, ...]:
    """A finding where a page without tables holds no report and only links to documents."""
    shown = sum(len(b.text) for b in page.blocks if isinstance(b, Paragraph))
    if shown >= _LEAST_ARTICLE:
        return ()
    links = [a for a in body.css("a[href]") if _DOCUMENT.search(a.attributes.get("href") or "")]
    if not links:
        return ()
    names = ", ".join(squeeze(a.text() or "") for a in links[:3])
    message = f"the page holds no report, only links to documents ({names}); get these"
    return (flag("attachments-only", message),)


def _read_embedded(text: str, tree: Any, page: _Article, limits: Limits) -> Parsed | None:
    """The article that a program puts on the page, where the page itself shows no table."""
    options = [*embedded.find_pieces(text), *_find_hidden(tree, page)]
    best = max(options, key=embedded.count_chinese, default="")
    shown = sum(len(b.text) for b in page.blocks if isinstance(b, Paragraph))
    if embedded.count_chinese(best) < max(embedded.LEAST, 2 * shown):
        return None
    sheets = "".join(sheet.html or "" for sheet in tree.css('style, link[rel*="stylesheet" i]'))
    read = parse(sheets + best, limits, inner=True)
    if not any(isinstance(b, Grid) for b in read.blocks):
        return None
    message = "the article is not on the page itself: a script, a form field or a frame holds it"
    return read._replace(findings=(*read.findings, flag("article-embedded", message)))


def _find_hidden(tree: Any, page: _Article) -> Iterator[str]:
    """Elements that the page hides, and a program may show."""
    for node in tree.css("div, section, article, main"):
        if page.styles.hides(node) or page.styles.unseen(node):
            yield "".join(child.html or "" for child in children(node))


def _measure_depth(text: str) -> int:
    """How deep tags are nested, at the most; in linear time, before any parser sees the page.

    A closing tag without an open one of its name closes nothing: <div></b><div></b>… is as deep as it is long.
    """
    deepest = now = 0
    is_drawing = False
    open_tags: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        is_drawing = (is_drawing or name == "svg") and name in _OF_DRAWINGS
        if name in _FLAT or (is_drawing and tag[3]):
            continue
        if not tag[1]:
            open_tags[name] += 1
            now += 1
            deepest = max(deepest, now)
        elif open_tags[name]:
            open_tags[name] -= 1
            now -= 1
    return deepest


@dataclass(slots=True)
class _Article:
    """What is collected while the article is walked."""

    limits: Limits
    cells: CellReader
    sheets: str = ""
    blocks: list[Block] = field(default_factory=list)
    metadata: list[tuple[str, str]] = field(default_factory=list)
    drawings: list[DrawnBlocks] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    role: str = "body"
    centered: bool = False
    sources: list[str] = field(default_factory=list)

    @property
    def styles(self) -> Styles:
        return self.cells.styles

    def flush(self) -> None:
        """The text so far is a paragraph."""
        text = tidy("".join(self.parts))
        self.parts = []
        for line in text.split("\n"):
            if line.strip(" \t\r\n") and _PAGE_NUMBER.fullmatch(line.strip()) is None:
                place = Place(block=len(self.blocks))
                role = self.role if self.role == "heading" else "body"
                self.blocks.append(Paragraph(line, place, "", role, None, self.centered))  # type: ignore[arg-type]


def _walk(node: Any, page: _Article) -> None:
    """The blocks below an element, in order."""
    for child in children(node):
        tag = child.tag
        if tag == "-text":
            _add_text(node, child.text_content or "", page)
        elif tag == "svg":
            _read_svg(child, page)
        elif tag in UNSEEN or tag.startswith("-") or (tag in AROUND and tag != "header"):
            continue
        elif tag == "br":
            page.parts.append(BREAK)
        elif tag == "img":
            page.cells.pictures += not is_spacer(child)
            page.sources.append((child.attributes.get("src") or "").strip())
        elif page.styles.draw(child).veiled:
            page.cells.left_out.add(page.styles.draw(child).veiled, child.text() or "")
        else:
            _walk_visible(child, page)


def _read_svg(node: Any, page: _Article) -> None:
    """A drawing as the tables that it draws; one that is not plainly seen may be any picture."""
    drawn = read_drawing(node, page.styles, page.sheets)
    if drawn is None:
        page.cells.pictures += len(node.css("text")) >= LEAST_TEXTS
        return
    page.flush()
    blocks = lay_out([drawn], page.limits)[0]
    page.drawings.append(DrawnBlocks(len(page.blocks), len(blocks), drawn))
    for block in blocks:
        page.blocks.append(_forget_page(number_block(block, len(page.blocks))))


def _forget_page(block: Block) -> Block:
    """A block of a drawing; a web page has no pages."""
    place = replace(block.place, page=None, bbox=None)
    if isinstance(block, Paragraph):
        return replace(block, place=place)
    cells = tuple(replace(c, place=replace(c.place, page=None, bbox=None)) for c in block.cells)
    return replace(block, place=place, cells=cells)


def _add_text(node: Any, text: str, page: _Article) -> None:
    """The text that stands in an element itself, as far as it is seen."""
    drawn = page.styles.draw(node)
    why = page.styles.unseen(node) or (CROSSED_OUT if drawn.is_struck else "")
    if why:
        page.cells.left_out.add(why, text)
    else:
        page.parts.append(text)


def _walk_visible(node: Any, page: _Article) -> None:
    """The blocks of an element that is seen: a table, lines of text, a block, or a piece of a paragraph."""
    if is_table(node, page.styles):
        page.flush()
        _read_table(node, page)
    elif node.tag == "pre" and _is_lines(node):
        page.flush()
        page.blocks += text.read_blocks(node.text() or "", page.limits, len(page.blocks))
    elif node.tag in BLOCK or page.styles.draw(node).is_block:
        page.flush()
        before = page.role, page.centered
        page.role = "heading" if node.tag in _HEADINGS else page.role
        page.centered = _is_centered(node)
        _walk(node, page)
        page.flush()
        page.role, page.centered = before
    else:
        _walk(node, page)


def _is_centered(node: Any) -> bool:
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    align = (node.attributes.get("align") or "").lower()
    return "text-align:center" in style or align == "center" or node.tag == "center"


def _read_table(table: Any, page: _Article) -> None:
    """A table as a Grid, as metadata of the page, or (where it only lays out other blocks) as these blocks."""
    if is_layout(table):
        _walk_boxes(table, page)
        return
    block = len(page.blocks)
    found, high, wide = cells(table, block, page.cells, page.limits)
    texts = [text for c in found if (text := drop_unread(c.text).strip())]
    pairs = read_metadata_cells(found)
    if len(pairs) >= 2 or (pairs and len(texts) <= 4):
        page.metadata += pairs
    elif len(found) == 1 or wide == 1:  # a frame around paragraphs
        _walk_boxes(table, page)
    elif texts:
        page.blocks.append(Grid(tuple(found), high, wide, Place(block=block)))


def _walk_boxes(table: Any, page: _Article) -> None:
    for row in rows(table, page.styles):
        for cell in boxes(row, page.styles):
            _walk(cell, page)
            page.flush()


def _is_lines(pre: Any) -> bool:
    """Whether line breaks part the text of a <pre>, and no elements do."""
    return "\n" in (pre.text() or "").strip() and pre.css_first("table, p, div") is None


#: See `gongkai.model.Reader`.
render = as_pdf = None
