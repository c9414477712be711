"""A web page's article, its table spans resolved → Document.

The article is found among navigation, side bars and footers by where the text is. What the page
says of itself (title, 发布机构, 发布日期) goes to the Document's metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.extract import text
from gongkai.extract.charset import HEAD_BYTES, decode, decode_damaged
from gongkai.extract.page.block_number import number_block
from gongkai.extract.web import embedded
from gongkai.extract.web.css import Styles, styles
from gongkai.extract.web.dom import AROUND, BLOCK, BREAK, UNSEEN, children, squeezed, tidy
from gongkai.extract.web.table import (
    PICTURE,
    Seen,
    boxes,
    cells,
    described,
    is_layout,
    is_spacer,
    is_table,
    rows,
    stated,
)
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
    flag,
)

_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|tbody|div|p|td|tr|meta|span)[\s>/]", re.IGNORECASE
)
_MIME = re.compile(
    r"^(?:MIME-Version|Content-Type|Snapshot-Content-Location|From|Subject):", re.IGNORECASE | re.MULTILINE
)
_OFFICE = re.compile(
    r"<\?mso-application|<w:wordDocument|<pkg:package|<office:document|<Workbook\s", re.IGNORECASE
)

#: what a converted file leaves at the end of every page
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
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")
#: The child with this share of an element's text is where the article is.
SHARE = 0.75


def sniff(data: bytes) -> bool:
    """Whether the bytes are a web page or a piece of one, whatever the file is called."""
    head = data[:HEAD_BYTES]
    if head.startswith((b"PK", b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        return False
    found = decode(data) or decode_damaged(data)
    if found is None:
        return False
    start = found[0][:HEAD_BYTES]
    return (
        _MARKUP.search(start) is not None
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
        raise Unreadable("the characters of the page cannot be told; save it again in UTF-8")
    text, encoding, damaged = found
    findings = []
    if damaged:
        message = f"{damaged} damaged characters ({encoding}); they stand as U+FFFD"
        findings.append(flag("characters-damaged", message))
    blocks, metadata, more = parse(text, limits, parts=parts)
    return Document(source, "html", "lexbor", blocks, None, metadata, (*findings, *more))


Parsed = tuple[tuple[Block, ...], tuple[tuple[str, str], ...], tuple[Finding, ...]]


def parse(
    text: str, limits: Limits, *, inner: bool = False, parts: Mapping[str, bytes] | None = None
) -> Parsed:
    """The blocks, metadata and findings of a page's text; `inner` is a piece of another page.

    `parts` are the pictures that are saved beside the page, by their addresses. Raises TooLarge
    where it is nested too deep or a table has too many boxes.
    """
    from selectolax.lexbor import LexborHTMLParser

    depth = _depth(text)
    if depth > limits.depth:
        raise TooLarge(f"tags nested {depth:,} deep; the limit is {limits.depth:,}")
    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        raise Unreadable("the page has no body")
    page = _Page(limits, styles=styles(tree))
    article = _article(body, page)
    page.metadata += _head(tree)
    _walk(article, page)
    page.flush()
    page.metadata += _around(body, article, page)
    metadata = tuple(dict.fromkeys(page.metadata))
    attached: tuple[Finding, ...] = ()
    if not inner and not any(isinstance(b, Grid) for b in page.blocks):
        found = _put_there(text, tree, page, limits)
        if found is not None:
            blocks, more, findings = found
            return tuple(_titled(blocks, metadata)), (*more, *metadata), findings
        attached = _attached(body, page) + _see(page, parts or {})
    return tuple(_titled(page.blocks, metadata)), metadata, (*_findings(page), *attached)


def _see(page: _Page, parts: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Puts what stands on the pictures of an article without a table behind it, as far as they are at hand."""
    if not page.sources:
        return ()
    from gongkai.extract.picture import append_pages
    from gongkai.extract.web.images import at_hand

    pictures = at_hand(page.sources, parts)
    if not pictures:
        return ()
    return tuple(append_pages(page.blocks, pictures, len(pictures), "in the article", page.limits))


def _findings(page: _Page) -> tuple[Finding, ...]:
    findings = []
    if page.seen.pictures:
        message = f"{page.seen.pictures} pictures in the article; a table may be one of them"
        findings.append(flag("pictures", message))
    if page.seen.struck:
        message = f"{page.seen.struck} pieces of text are crossed out on the page and were left out"
        findings.append(flag("text-struck", message))
    return tuple(findings)


#: a page with less text than this and links to documents only hands them out
_LEAST_ARTICLE = 300
_DOCUMENT = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|ofd|rtf|zip|rar|7z)(?:[?#]|$)", re.IGNORECASE)


def _attached(body: Any, page: _Page) -> tuple[Finding, ...]:
    """That the report is not on a page without tables: it only links to documents."""
    shown = sum(len(b.text) for b in page.blocks if isinstance(b, Paragraph))
    if shown >= _LEAST_ARTICLE:
        return ()
    links = [a for a in body.css("a[href]") if _DOCUMENT.search(a.attributes.get("href") or "")]
    if not links:
        return ()
    names = ", ".join(squeezed(a.text() or "") for a in links[:3])
    message = f"the page holds no report, only links to documents ({names}); get these"
    return (flag("attachments-only", message),)


def _put_there(text: str, tree: Any, page: _Page, limits: Limits) -> Parsed | None:
    """The article where a program puts it on the page, and the page itself shows no table."""
    options = [*embedded.find_pieces(text), *_hidden(tree, page)]
    best = max(options, key=embedded.count_chinese, default="")
    shown = sum(len(b.text) for b in page.blocks if isinstance(b, Paragraph))
    if embedded.count_chinese(best) < max(embedded.LEAST, 2 * shown):
        return None
    blocks, metadata, findings = parse(best, limits, inner=True)
    if not any(isinstance(b, Grid) for b in blocks):
        return None
    message = "the article is not on the page itself: a script, a form field or a frame holds it"
    return blocks, metadata, (*findings, flag("article-embedded", message))


def _hidden(tree: Any, page: _Page) -> Iterator[str]:
    """Elements that the page hides, and a program may show."""
    for node in tree.css("div, section, article, main"):
        if page.styles.hides(node):
            yield "".join(child.html or "" for child in children(node))


def _depth(text: str) -> int:
    """How deep tags are nested, at the most; a linear look, before any parser sees the page."""
    deepest = now = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() in _FLAT:
            continue
        now = max(0, now - 1) if tag[1] else now + 1
        deepest = max(deepest, now)
    return deepest


@dataclass(slots=True)
class _Page:
    """What is collected while the article is walked."""

    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    metadata: list[tuple[str, str]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    role: str = "body"
    centered: bool = False
    styles: Styles = Styles()
    seen: Seen = field(default_factory=Seen)
    sizes: dict[int, int] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)

    def flush(self) -> None:
        """The text so far is a paragraph."""
        text = tidy("".join(self.parts))
        self.parts = []
        for line in text.split("\n"):
            if line.strip(" \t\r\n") and _PAGE_NUMBER.fullmatch(line.strip()) is None:
                place = Place(block=len(self.blocks))
                role = self.role if self.role == "heading" else "body"
                self.blocks.append(Paragraph(line, place, "", role, None, self.centered))  # type: ignore[arg-type]


def _article(body: Any, page: _Page) -> Any:
    """The smallest element that still has most of the page's text."""
    _measure(body, page, False)
    node = body
    while True:
        whole = page.sizes.get(node.mem_id, 0)
        best = max(
            (c for c in children(node) if c.tag in page_tags(c)),
            key=lambda c: page.sizes.get(c.mem_id, 0),
            default=None,
        )
        if best is None or page.sizes.get(best.mem_id, 0) < SHARE * whole:
            return node
        if any(_is_part(c, page) for c in children(node) if c.mem_id != best.mem_id):
            return node
        if (
            best.tag == "table"
            and best.css_first("table table") is None
            and best.css_first("td p, td div") is None
        ):
            return node
        if best.tag == "table" and not is_layout(best):
            return node
        node = best


#: what stands beside the largest part and is of the article too: a numbered heading, a table of numbers
_NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八]\s*、|第[一二三四五六七八]部分)", re.MULTILINE)
_NUMBERS = 4


def _is_part(node: Any, page: _Page) -> bool:
    """Whether an element beside the largest one belongs to the article."""
    if node.tag.startswith("-") or node.tag in UNSEEN | AROUND | {"a"} or page.styles.hides(node):
        return False
    if not page.sizes.get(node.mem_id):
        return False
    if sum((td.text() or "").strip().isdigit() for td in node.css("td")) >= _NUMBERS:
        return True
    parts: list[str] = []

    def walk(n: Any) -> None:
        for child in children(n):
            if child.tag == "-text":
                parts.append(child.text_content or "")
            elif not child.tag.startswith("-") and child.tag not in UNSEEN and child.tag != "a":
                if child.tag in BLOCK or child.tag == "br":
                    parts.append(BREAK)
                walk(child)

    walk(node)
    return _NUMBERED.search(tidy("".join(parts))) is not None


def page_tags(node: Any) -> set[str]:
    """The element's own tag if an article may be in it."""
    return set() if node.tag.startswith("-") or node.tag in UNSEEN | AROUND | {"p", "a", "ul"} else {node.tag}


def _measure(node: Any, page: _Page, linked: bool) -> int:
    """How much text is seen below a node, links aside."""
    total = 0
    for child in children(node):
        tag = child.tag
        if tag == "-text":
            total += 0 if linked else len((child.text_content or "").strip())
        elif tag not in UNSEEN and not tag.startswith("-") and not page.styles.hides(child):
            total += _measure(child, page, linked or tag == "a")
    page.sizes[node.mem_id] = total
    return total


def _walk(node: Any, page: _Page) -> None:
    """The blocks below an element, in order."""
    for child in children(node):
        tag = child.tag
        if tag == "-text":
            page.parts.append(child.text_content or "")
        elif tag in UNSEEN or tag.startswith("-") or (tag in AROUND and tag != "header"):
            continue
        elif tag == "br":
            page.parts.append(BREAK)
        elif tag == "img":
            page.seen.pictures += not is_spacer(child)
            page.sources.append((child.attributes.get("src") or "").strip())
        elif page.styles.hides(child):
            continue
        elif page.styles.strikes(child):
            page.seen.struck += 1
        elif is_table(child, page.styles):
            page.flush()
            _table(child, page)
        elif tag == "pre" and _is_lines(child):
            page.flush()
            page.blocks += text.read_blocks(child.text() or "", page.limits, len(page.blocks))
        elif tag in BLOCK:
            page.flush()
            before = page.role, page.centered
            style = (child.attributes.get("style") or "").replace(" ", "").lower()
            page.role = "heading" if tag in _HEADINGS else page.role
            page.centered = (
                "text-align:center" in style
                or (child.attributes.get("align") or "").lower() == "center"
                or tag == "center"
            )
            _walk(child, page)
            page.flush()
            page.role, page.centered = before
        else:
            _walk(child, page)


def _table(table: Any, page: _Page) -> None:
    if is_layout(table):
        for row in rows(table, page.styles):
            for cell in boxes(row, page.styles):
                _walk(cell, page)
                page.flush()
        return
    block = len(page.blocks)
    found, high, wide = cells(table, block, page.styles, page.limits, page.seen)
    texts = [c.text.strip() for c in found if c.text.strip() and c.text != PICTURE]
    pairs = described(found)
    if len(pairs) >= 2 or (pairs and len(texts) <= 4):
        page.metadata += pairs
    elif len(found) == 1 or wide == 1:
        for row in rows(table, page.styles):  # a frame around paragraphs
            for cell in boxes(row, page.styles):
                _walk(cell, page)
                page.flush()
    elif texts:
        page.blocks.append(Grid(tuple(found), high, wide, Place(block=block)))


def _is_lines(pre: Any) -> bool:
    """Whether line breaks part the text of a <pre>, and no elements do."""
    return "\n" in (pre.text() or "").strip() and pre.css_first("table, p, div") is None


def _head(tree: Any) -> list[tuple[str, str]]:
    """The page's title and what its meta elements say."""
    pairs = [("title", squeezed(t.text() or "")) for t in tree.css("head title")]
    for meta in tree.css("meta"):
        name, content = meta.attributes.get("name"), meta.attributes.get("content")
        if (
            name
            and content
            and name.lower() not in ("viewport", "renderer", "keywords", "generator", "robots")
        ):
            pairs.append((name, content.strip()[:200]))
    return [p for p in pairs if p[1]]


def _around(body: Any, article: Any, page: _Page) -> list[tuple[str, str]]:
    """What stands outside the article and describes it: metadata tables and lines."""
    own = {article.mem_id}
    pairs: list[tuple[str, str]] = []
    rest = _Page(page.limits)

    def walk(node: Any) -> None:
        for child in children(node):
            tag = child.tag
            if tag == "-text":
                rest.parts.append(child.text_content or "")
            elif child.mem_id in own or tag in UNSEEN or tag.startswith("-") or tag == "a":
                continue
            elif tag == "table" and not is_layout(child):
                pairs.extend(described(cells(child, 0, page.styles, page.limits, Seen())[0]))
            else:
                if tag in BLOCK or tag in ("td", "li"):
                    rest.parts.append(BREAK)
                walk(child)

    if article.mem_id != body.mem_id:
        walk(body)
        pairs += stated(tidy("".join(rest.parts)))
    for block in page.blocks[:12]:
        if isinstance(block, Paragraph) and len(block.text) < 120:
            pairs += stated(block.text)
    return [(n, v.strip()) for n, v in pairs if v.strip()]


def _titled(blocks: Sequence[Block], metadata: Sequence[tuple[str, str]]) -> list[Block]:
    """The article, with the page's own title in front where the article has none of its words."""
    title = next((v for n, v in metadata if n.lower() in ("articletitle", "名称", "标题")), None)
    if title is None:
        title = next((re.split(r"[_|—\-]", v)[0].strip() for n, v in metadata if n == "title"), None)
    top = "".join(re.sub(r"\s", "", b.text) for b in blocks[:6] if isinstance(b, Paragraph))
    if not title or re.sub(r"\s", "", title) in top:
        return list(blocks)
    first = Paragraph(title, Place(block=0), "", "title")
    moved = [number_block(b, n + 1) for n, b in enumerate(blocks)]
    return [first, *moved]


#: See `gongkai.model.Reader`.
reread = render = as_pdf = None
