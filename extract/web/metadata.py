"""A web page → what it says of itself: its title, 发布机构, 发布日期."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from gongkai.extract.page.block_number import number_block
from gongkai.extract.web.cell_text import CellReader
from gongkai.extract.web.css import Styles
from gongkai.extract.web.dom import BLOCK, BREAK, UNSEEN, children, squeeze, tidy
from gongkai.extract.web.table import cells, is_layout
from gongkai.model import Block, Cell, Limits, Paragraph, Place

NAMES = (
    "索引号", "信息索引", "名称", "标题", "发布机构", "发布单位", "发文机关", "发文机构", "公开机构", "信息来源", "来源", "公开主体",
    "责任单位", "发布部门", "发布时间", "发布日期", "公开日期", "发文日期", "成文日期", "生成日期", "文号", "主题词", "关键词",
    "信息分类", "主题分类", "公开方式", "有效性", "时效", "公开时限", "语种", "内容概述", "浏览次数",
)  # fmt: skip
_NAME = f"({'|'.join(NAMES)})"
_NAMED = re.compile(_NAME, re.VERBOSE)
#: A word, and the time of day behind a date.
_VALUE = r"( [^\s:：\u3000|｜\[【]{1,60} (?: \s \d\d:\d\d (?: :\d\d )? )? )"
_PAIR = re.compile(
    rf"""
    {_NAME} \s* [:：] \s* {_VALUE}                    # 发布机构：某县财政局
    | [【\[] {_NAME} [】\]] \s* [:：]? \s* {_VALUE}   # 【发布机构】某县财政局
    """,
    re.VERBOSE,
)
_PUNCTUATION = re.compile(r"[\s:：【】\[\]]")
#: Names of `meta` elements that describe the page's technique.
_TECHNICAL = ("viewport", "renderer", "keywords", "generator", "robots")
#: So many blocks of the article are searched for metadata, each up to so many characters.
_FIRST_BLOCKS, _LONGEST = 12, 120


def read_head(tree: Any) -> list[tuple[str, str]]:
    """The page's title and the values of its meta elements."""
    pairs = [("title", squeeze(title.text() or "")) for title in tree.css("head title")]
    for meta in tree.css("meta"):
        name, content = meta.attributes.get("name"), meta.attributes.get("content")
        if name and content and name.lower() not in _TECHNICAL:
            pairs.append((name, content.strip()[:200]))
    return [pair for pair in pairs if pair[1]]


def read_surroundings(
    body: Any, article: Any, blocks: Sequence[Block], styles: Styles, limits: Limits
) -> list[tuple[str, str]]:
    """Metadata outside the article, in tables and lines, and in the first blocks of the article."""
    pairs: list[tuple[str, str]] = []
    if article.mem_id != body.mem_id:
        parts: list[str] = []
        _collect_around(body, article, parts, pairs, styles, limits)
        pairs += read_metadata_lines(tidy("".join(parts)))
    for block in blocks[:_FIRST_BLOCKS]:
        if isinstance(block, Paragraph) and len(block.text) < _LONGEST:
            pairs += read_metadata_lines(block.text)
    return [(name, value.strip()) for name, value in pairs if value.strip()]


def _collect_around(
    node: Any, article: Any, parts: list[str], pairs: list[tuple[str, str]], styles: Styles, limits: Limits
) -> None:
    """The text outside the article to `parts`, metadata in tables to `pairs`."""
    for child in children(node):
        tag = child.tag
        if tag == "-text":
            parts.append("" if styles.unseen(node) else child.text_content or "")
        elif child.mem_id == article.mem_id or tag in UNSEEN or tag.startswith("-") or tag == "a":
            continue
        elif tag == "table" and not is_layout(child):
            pairs += read_metadata_cells(cells(child, 0, CellReader(styles), limits)[0])
        else:
            if tag in BLOCK or tag in ("td", "li"):
                parts.append(BREAK)
            _collect_around(child, article, parts, pairs, styles, limits)


def read_metadata_cells(found: Sequence[Cell]) -> list[tuple[str, str]]:
    """Metadata in a table: 发布机构 and its value, in one box or in two."""
    pairs: list[tuple[str, str]] = []
    for i, cell in enumerate(found):
        name = _PUNCTUATION.sub("", cell.text)
        if name in NAMES:
            after = found[i + 1] if i + 1 < len(found) and found[i + 1].row == cell.row else None
            pairs.append((name, after.text.strip() if after is not None else ""))
        elif _NAMED.search(name) is not None:
            pairs += read_metadata_lines(cell.text)
    return pairs


def read_metadata_lines(text: str) -> list[tuple[str, str]]:
    """Metadata in lines of text: 发布机构：某县财政局, 【发布机构】某县财政局, or the value on the next line."""
    pairs = [(a or c, b or d) for a, b, c, d in _PAIR.findall(text)]
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for name, value in itertools.pairwise(lines):
        bare = _PUNCTUATION.sub("", name)
        if bare in NAMES and bare != name and _PUNCTUATION.sub("", value) not in NAMES and len(value) <= 60:
            pairs.append((bare, value))
    return pairs


def prepend_title(blocks: Sequence[Block], metadata: Sequence[tuple[str, str]]) -> list[Block]:
    """The article, with the page's own title in front where the first paragraphs do not hold it."""
    title = next((v for n, v in metadata if n.lower() in ("articletitle", "名称", "标题")), None)
    if title is None:
        title = next((re.split(r"[_|—\-]", v)[0].strip() for n, v in metadata if n == "title"), None)
    top = "".join(re.sub(r"\s", "", b.text) for b in blocks[:6] if isinstance(b, Paragraph))
    if not title or re.sub(r"\s", "", title) in top:
        return list(blocks)
    first = Paragraph(title, Place(block=0), "", "title")
    moved = [number_block(b, n + 1) for n, b in enumerate(blocks)]
    return [first, *moved]
