"""A table of a web page, or elements that are drawn as one → boxes, their spans resolved."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.extract.web.css import Styles
from gongkai.extract.web.dom import BLOCK, BREAK, UNSEEN, children, tidy
from gongkai.model import Cell, Limits, Place, TooLarge

NAMES = (
    "索引号", "信息索引", "名称", "标题", "发布机构", "发布单位", "发文机关", "发文机构", "公开机构", "信息来源", "来源", "公开主体",
    "责任单位", "发布部门", "发布时间", "发布日期", "公开日期", "发文日期", "成文日期", "生成日期", "文号", "主题词", "关键词",
    "信息分类", "主题分类", "公开方式", "有效性", "时效", "公开时限", "语种", "内容概述", "浏览次数",
)  # fmt: skip
_VALUE = r"([^\s:：　|｜\[【]{1,60}(?:\s\d\d:\d\d(?::\d\d)?)?)"
PAIR = re.compile(
    rf"({'|'.join(NAMES)})\s*[:：]\s*{_VALUE}|[【\[]({'|'.join(NAMES)})[】\]]\s*[:：]?\s*{_VALUE}"
)
#: a box that holds nothing but a picture: its value is in the picture
PICTURE = "\ufffc"
#: a box to fill in whose text a program puts there
_FILLED_LATER = "\ufffd"
#: A table with no more text in one box is a box of the table around it.
_SHORT = 120
_ROWS = {"table-row"}
_GROUPS = {"table-header-group": 0, "table-row-group": 1, "table-footer-group": 2}
_TAGS = {"thead": 0, "tbody": 1, "tfoot": 2}


@dataclass(slots=True)
class Seen:
    """What was met on the way and is not text: pictures, and words crossed out."""

    pictures: int = 0
    struck: int = 0


def is_table(node: Any, looks: Styles) -> bool:
    """Whether an element is a table, by its tag or by how it is displayed."""
    if node.tag == "table":
        return True
    return node.tag in ("div", "ul", "section", "dl") and looks.of(node) in ("table", "inline-table")


def is_layout(table: Any) -> bool:
    """Whether a table holds other tables: it only says where they stand."""
    for inner in table.css("table"):
        if inner.mem_id == table.mem_id:
            continue
        if len(inner.css("td, th")) > 1 or len(inner.text() or "") > _SHORT:
            return True
    return False


def rows(table: Any, looks: Styles) -> Iterator[Any]:
    """The rows that are seen, as a browser draws them: the head first and the foot last."""
    found: list[tuple[int, Any]] = []
    for child in children(table):
        group = _group(child, looks)
        if _is_row(child, looks):
            found.append((1, child))
        elif group is not None:
            found += [(group, c) for c in children(child) if _is_row(c, looks)]
    found.sort(key=lambda f: f[0])
    return (row for _, row in found)


def _group(node: Any, looks: Styles) -> int | None:
    if node.tag in _TAGS:
        return None if looks.hides(node) else _TAGS[node.tag]
    return None if node.tag.startswith("-") else _GROUPS.get(looks.of(node))


def _is_row(node: Any, looks: Styles) -> bool:
    if node.tag == "tr":
        return not looks.hides(node)
    return not node.tag.startswith("-") and looks.of(node) in _ROWS


def boxes(row: Any, looks: Styles) -> Iterator[Any]:
    """The boxes of a row that are seen."""
    for child in children(row):
        if child.tag in ("td", "th"):
            if not looks.hides(child):
                yield child
        elif row.tag != "tr" and not child.tag.startswith("-") and looks.of(child) == "table-cell":
            yield child


def _span(cell: Any, name: str, most: int) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() else 1


def cells(table: Any, block: int, looks: Styles, limits: Limits, seen: Seen) -> tuple[list[Cell], int, int]:
    """The boxes of a table, its rows and columns. A span ends with the table; a box never covers another.

    Raises TooLarge past the limit of boxes.
    """
    lines = list(rows(table, looks))
    taken: set[tuple[int, int]] = set()
    found: list[Cell] = []
    for r, row in enumerate(lines):
        c = 0
        for cell in boxes(row, looks):
            while (r, c) in taken:
                c += 1
            wide = _span(cell, "colspan", limits.colspan)
            while any((r, c + k) in taken for k in range(wide)):
                wide -= 1
            high = min(_span(cell, "rowspan", limits.rowspan), len(lines) - r)
            taken |= {(r + i, c + k) for i in range(high) for k in range(wide)}
            text = _text(cell, looks, seen)
            found.append(Cell(r, c, high, wide, text, Place(block=block, row=r, column=c)))
            c += wide
            if len(found) > limits.cells or len(taken) > 8 * limits.cells:
                raise TooLarge(f"a table of more than {limits.cells:,} boxes")
    columns = max((c.column + c.colspan for c in found), default=0)
    return found, len(lines), columns


def _text(cell: Any, looks: Styles, seen: Seen) -> str:
    """A box's text: a line a paragraph or line break; marks of footnotes and what is crossed out left out."""
    parts: list[str] = []
    pictures = 0

    def walk(node: Any) -> None:
        nonlocal pictures
        for child in children(node):
            tag = child.tag
            if tag == "-text":
                parts.append(child.text_content or "")
            elif tag in UNSEEN or tag.startswith("-") or tag == "sup" or looks.hides(child):
                continue
            elif looks.strikes(child):
                seen.struck += 1
            elif tag == "img":
                pictures += not is_spacer(child)
            elif tag == "input":
                parts.append(_filled(child))
            elif tag == "br":
                parts.append(BREAK)
            elif tag in BLOCK:
                parts.append(BREAK)
                walk(child)
                parts.append(BREAK)
            else:
                walk(child)

    walk(cell)
    seen.pictures += pictures
    text = "\n".join(line for line in tidy("".join(parts)).split("\n") if line)
    return PICTURE if pictures and not text.strip() else text


def is_spacer(image: Any) -> bool:
    """Whether a picture is there for its size alone."""
    sizes = [(image.attributes.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    return any(size in ("0", "1", "2") for size in sizes)


def _filled(box: Any) -> str:
    """The text of a field to fill in; without one a program may put it there, and it is not known."""
    kind = (box.attributes.get("type") or "text").lower()
    if kind not in ("text", "number"):
        return ""
    return (box.attributes.get("value") or "") if "value" in box.attributes else _FILLED_LATER


def described(found: Sequence[Cell]) -> list[tuple[str, str]]:
    """What a table says of the page: 发布机构 and its value, in one box or in two."""
    pairs: list[tuple[str, str]] = []
    for i, cell in enumerate(found):
        name = re.sub(r"[\s:：【】\[\]]", "", cell.text)
        if name in NAMES:
            after = found[i + 1] if i + 1 < len(found) and found[i + 1].row == cell.row else None
            pairs.append((name, after.text.strip() if after is not None else ""))
        else:
            pairs += stated(cell.text)
    return pairs


def stated(text: str) -> list[tuple[str, str]]:
    """What lines of text say of the page: 发布机构：某县财政局, 【发布机构】某县财政局, or the value on the next line."""
    pairs = [(a or c, b or d) for a, b, c, d in PAIR.findall(text)]
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for name, value in itertools.pairwise(lines):
        bare = re.sub(r"[\s:：【】\[\]]", "", name)
        if (
            bare in NAMES
            and bare != name
            and re.sub(r"[\s:：【】\[\]]", "", value) not in NAMES
            and len(value) <= 60
        ):
            pairs.append((bare, value))
    return pairs
