"""A web page's article, its table spans resolved → Document.

The article is found among navigation, side bars and footers by where the text is. What the page
says of itself (title, 发布机构, 发布日期) goes to the Document's metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from model import Block, Cell, Document, Finding, Grid, Limits, Paragraph, Place, Source, TooLarge, Unreadable

from .charset import LOOK, decode, forgiving
from .page import numbered

_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|tbody|div|p|td|tr|meta|span)[\s>/]", re.IGNORECASE
)
_MIME = re.compile(
    r"^(?:MIME-Version|Content-Type|Snapshot-Content-Location|From|Subject):", re.IGNORECASE | re.MULTILINE
)
_OFFICE = re.compile(
    r"<\?mso-application|<w:wordDocument|<pkg:package|<office:document|<Workbook\s", re.IGNORECASE
)

_UNSEEN = {
    "script",
    "style",
    "noscript",
    "head",
    "template",
    "iframe",
    "select",
    "button",
    "textarea",
    "object",
    "svg",
    "-comment",
}
_AROUND = {"nav", "footer", "aside", "header"}
_BLOCK = {
    "p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "pre", "center", "form", "fieldset", "figure", "figcaption", "hr", "tr", "table", "ucapcontent", "body",
}  # fmt: skip
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
#: Open tags deeper than this are no page: 200,000 of them keep any parser for minutes.
DEEPEST = 400
#: The child with this share of an element's text is where the article is.
SHARE = 0.75

_NAMES = (
    "索引号", "信息索引", "名称", "标题", "发布机构", "发布单位", "发文机关", "发文机构", "公开机构", "信息来源", "来源", "公开主体",
    "责任单位", "发布部门", "发布时间", "发布日期", "公开日期", "发文日期", "成文日期", "生成日期", "文号", "主题词", "关键词",
    "信息分类", "主题分类", "公开方式", "有效性", "时效", "公开时限", "语种", "内容概述", "浏览次数",
)  # fmt: skip
_PAIR = re.compile(rf"({'|'.join(_NAMES)})\s*[:：]\s*([^\s:：　|｜\[【]{{1,60}}(?:\s\d\d:\d\d(?::\d\d)?)?)")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def sniff(data: bytes) -> bool:
    """Whether the bytes are a web page or a piece of one, whatever the file is called."""
    head = data[:LOOK]
    if head.startswith((b"PK", b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        return False
    found = decode(data) or forgiving(data)
    if found is None:
        return False
    start = found[0][:LOOK]
    return (
        _MARKUP.search(start) is not None
        and _MIME.match(start.lstrip()) is None
        and _OFFICE.search(start[:600]) is None
    )


def read(source: Source, limits: Limits) -> Document:
    """The article of a page. Raises Unreadable, TooLarge."""
    found = forgiving(source.data)
    if found is None:
        raise Unreadable("the characters of the page cannot be told; save it again in UTF-8")
    text, encoding, damaged = found
    findings = []
    if damaged:
        message = f"{damaged} damaged characters ({encoding}); they stand as U+FFFD"
        findings.append(Finding("characters-damaged", "warning", message))
    blocks, metadata, more = parse(text, limits)
    return Document(source, "html", "lexbor", blocks, None, metadata, (*findings, *more))


def parse(
    text: str, limits: Limits
) -> tuple[tuple[Block, ...], tuple[tuple[str, str], ...], tuple[Finding, ...]]:
    """The blocks, metadata and findings of a page's text.

    Raises TooLarge where it is nested too deep or a table has too many boxes.
    """
    from selectolax.lexbor import LexborHTMLParser

    depth = _depth(text)
    if depth > DEEPEST:
        raise TooLarge(f"tags nested {depth:,} deep; the limit is {DEEPEST}")
    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        raise Unreadable("the page has no body")
    page = _Page(limits)
    article = _article(body, page)
    page.metadata += _head(tree)
    _walk(article, page)
    page.flush()
    page.metadata += _around(body, article, page)
    findings = []
    if page.pictures:
        findings.append(
            Finding(
                "pictures", "note", f"{page.pictures} pictures in the article; a table may be one of them"
            )
        )
    blocks = _titled(page.blocks, page.metadata)
    return tuple(blocks), tuple(dict.fromkeys(page.metadata)), tuple(findings)


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
    pictures: int = 0
    sizes: dict[int, int] = field(default_factory=dict)

    def flush(self) -> None:
        """The text so far is a paragraph."""
        text = _tidy("".join(self.parts))
        self.parts = []
        for line in text.split("\n"):
            if line.strip(" \t\r\n"):
                place = Place(block=len(self.blocks))
                role = self.role if self.role == "heading" else "body"
                self.blocks.append(Paragraph(line, place, "", role, None, self.centered))  # type: ignore[arg-type]


def _tidy(text: str) -> str:
    """White space as a browser shows it; U+00A0 and U+3000 stay."""
    lines = (_SPACE.sub(" ", line).strip(" ") for line in text.split("\n\x00"))
    return "\n".join(lines)


def _children(node: Any) -> Iterator[Any]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _is_hidden(node: Any) -> bool:
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def _article(body: Any, page: _Page) -> Any:
    """The smallest element that still has most of the page's text."""
    _measure(body, page.sizes, False)
    node = body
    while True:
        whole = page.sizes.get(node.mem_id, 0)
        best = max(
            (c for c in _children(node) if c.tag in page_tags(c)),
            key=lambda c: page.sizes.get(c.mem_id, 0),
            default=None,
        )
        if best is None or page.sizes.get(best.mem_id, 0) < SHARE * whole:
            return node
        if (
            best.tag == "table"
            and best.css_first("table table") is None
            and best.css_first("td p, td div") is None
        ):
            return node
        if best.tag == "table" and not _is_layout(best):
            return node
        node = best


def page_tags(node: Any) -> set[str]:
    """The element's own tag if an article may be in it."""
    return (
        set() if node.tag.startswith("-") or node.tag in _UNSEEN | _AROUND | {"p", "a", "ul"} else {node.tag}
    )


def _measure(node: Any, sizes: dict[int, int], linked: bool) -> int:
    """How much text stands below a node, links aside."""
    total = 0
    for child in _children(node):
        tag = child.tag
        if tag == "-text":
            total += 0 if linked else len((child.text_content or "").strip())
        elif tag not in _UNSEEN and not tag.startswith("-"):
            total += _measure(child, sizes, linked or tag == "a")
    sizes[node.mem_id] = total
    return total


def _walk(node: Any, page: _Page) -> None:
    """The blocks below an element, in order."""
    for child in _children(node):
        tag = child.tag
        if tag == "-text":
            page.parts.append(child.text_content or "")
        elif tag in _UNSEEN or tag.startswith("-") or (tag in _AROUND and tag != "header"):
            continue
        elif tag == "br":
            page.parts.append("\n\x00")
        elif tag == "img":
            page.pictures += 1
        elif _is_hidden(child):
            continue
        elif tag == "table":
            page.flush()
            _table(child, page)
        elif tag in _BLOCK:
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


def _is_layout(table: Any) -> bool:
    """Whether a table holds other tables: it only says where they stand."""
    return any(inner.mem_id != table.mem_id for inner in table.css("table"))


def _table(table: Any, page: _Page) -> None:
    if _is_layout(table):
        for row in _rows(table):
            for cell in _row_cells(row):
                _walk(cell, page)
                page.flush()
        return
    block = len(page.blocks)
    cells, rows, columns = _cells(table, block, page)
    texts = [c.text.strip() for c in cells if c.text.strip()]
    pairs = _described(cells)
    if len(pairs) >= 2 or (pairs and len(texts) <= 4):
        page.metadata += pairs
    elif len(cells) == 1 or columns == 1:
        for row in _rows(table):  # a frame around paragraphs
            for cell in _row_cells(row):
                _walk(cell, page)
                page.flush()
    elif texts:
        page.blocks.append(Grid(tuple(cells), rows, columns, Place(block=block)))


def _rows(table: Any) -> Iterator[Any]:
    for child in _children(table):
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (c for c in _children(child) if c.tag == "tr")


def _row_cells(row: Any) -> Iterator[Any]:
    return (c for c in _children(row) if c.tag in ("td", "th"))


def _span(cell: Any, name: str, most: int) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() else 1


def _cells(table: Any, block: int, page: _Page) -> tuple[list[Cell], int, int]:
    """The boxes of a table. A span ends with the table; a box never covers another."""
    rows = list(_rows(table))
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        c = 0
        for cell in _row_cells(row):
            if _is_hidden(cell):
                continue
            while (r, c) in taken:
                c += 1
            wide = _span(cell, "colspan", page.limits.colspan)
            while any((r, c + k) in taken for k in range(wide)):
                wide -= 1
            high = min(_span(cell, "rowspan", page.limits.rowspan), len(rows) - r)
            taken |= {(r + i, c + k) for i in range(high) for k in range(wide)}
            cells.append(Cell(r, c, high, wide, _cell_text(cell, page), Place(block=block, row=r, column=c)))
            c += wide
            if len(cells) > page.limits.cells or len(taken) > 8 * page.limits.cells:
                raise TooLarge(f"a table of more than {page.limits.cells:,} boxes")
    columns = max((c.column + c.colspan for c in cells), default=0)
    return cells, len(rows), columns


def _cell_text(cell: Any, page: _Page) -> str:
    """A box's text: a line a paragraph or line break; marks of footnotes left out."""
    parts: list[str] = []

    def walk(node: Any) -> None:
        for child in _children(node):
            tag = child.tag
            if tag == "-text":
                parts.append(child.text_content or "")
            elif tag in _UNSEEN or tag.startswith("-") or tag == "sup":
                continue
            elif tag == "img":
                page.pictures += 1
            elif tag == "br":
                parts.append("\n\x00")
            elif tag in _BLOCK:
                parts.append("\n\x00")
                walk(child)
                parts.append("\n\x00")
            else:
                walk(child)

    walk(cell)
    lines = [line for line in _tidy("".join(parts)).split("\n") if line]
    return "\n".join(lines)


def _described(cells: Sequence[Cell]) -> list[tuple[str, str]]:
    """What a table says of the page: 发布机构 and its value, in one box or in two."""
    pairs: list[tuple[str, str]] = []
    for i, cell in enumerate(cells):
        name = re.sub(r"[\s:：【】\[\]]", "", cell.text)
        if name in _NAMES:
            after = cells[i + 1] if i + 1 < len(cells) and cells[i + 1].row == cell.row else None
            pairs.append((name, after.text.strip() if after is not None else ""))
        else:
            pairs += [(n, v) for n, v in _PAIR.findall(cell.text)]
    return pairs


def _head(tree: Any) -> list[tuple[str, str]]:
    """The page's title and what its meta elements say."""
    pairs = [("title", _SPACE.sub(" ", t.text() or "").strip()) for t in tree.css("head title")]
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
        for child in _children(node):
            tag = child.tag
            if tag == "-text":
                rest.parts.append(child.text_content or "")
            elif child.mem_id in own or tag in _UNSEEN or tag.startswith("-") or tag == "a":
                continue
            elif tag == "table" and not _is_layout(child):
                pairs.extend(_described(_cells(child, 0, rest)[0]))
            else:
                if tag in _BLOCK or tag in ("td", "li"):
                    rest.parts.append("\n\x00")
                walk(child)

    if article.mem_id != body.mem_id:
        walk(body)
        pairs += _PAIR.findall(_tidy("".join(rest.parts)))
    for block in page.blocks[:12]:
        if isinstance(block, Paragraph) and len(block.text) < 120:
            pairs += _PAIR.findall(block.text)
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
    moved = [numbered(b, n + 1) for n, b in enumerate(blocks)]
    return [first, *moved]
