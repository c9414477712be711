"""A table of a web page, or elements that are drawn as one → boxes, their spans resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongkai.extract.web.css import Styles
from gongkai.extract.web.dom import BLOCK, BREAK, UNSEEN, children, tidy
from gongkai.model import Cell, Limits, Place, TooLarge

#: The text of a box with nothing but a picture: its value is in the picture.
PICTURE = "\ufffc"
#: The text of a form field whose value a program sets.
_UNKNOWN = "\ufffd"
#: A nested table of one box with no more characters is only that box's text.
_SHORT = 120
_ROWS = {"table-row"}
_GROUPS = {"table-header-group": 0, "table-row-group": 1, "table-footer-group": 2}
_TAGS = {"thead": 0, "tbody": 1, "tfoot": 2}


@dataclass(slots=True)
class Omitted:
    """How many pictures and crossed-out pieces of text were left out."""

    pictures: int = 0
    struck: int = 0


def is_table(node: Any, styles: Styles) -> bool:
    """Whether an element is a table, by its tag or by how it is displayed."""
    if node.tag == "table":
        return True
    return node.tag in ("div", "ul", "section", "dl") and styles.of(node) in ("table", "inline-table")


def is_layout(table: Any) -> bool:
    """Whether a table holds other tables: it only says where they stand."""
    for inner in table.css("table"):
        if inner.mem_id == table.mem_id:
            continue
        if len(inner.css("td, th")) > 1 or len(inner.text() or "") > _SHORT:
            return True
    return False


def rows(table: Any, styles: Styles) -> Iterator[Any]:
    """The rows that are seen, as a browser draws them: the head first and the foot last."""
    found: list[tuple[int, Any]] = []
    for child in children(table):
        group = _group(child, styles)
        if _is_row(child, styles):
            found.append((1, child))
        elif group is not None:
            found += [(group, c) for c in children(child) if _is_row(c, styles)]
    found.sort(key=lambda f: f[0])
    return (row for _, row in found)


def _group(node: Any, styles: Styles) -> int | None:
    if node.tag in _TAGS:
        return None if styles.hides(node) else _TAGS[node.tag]
    return None if node.tag.startswith("-") else _GROUPS.get(styles.of(node))


def _is_row(node: Any, styles: Styles) -> bool:
    if node.tag == "tr":
        return not styles.hides(node)
    return not node.tag.startswith("-") and styles.of(node) in _ROWS


def boxes(row: Any, styles: Styles) -> Iterator[Any]:
    """The boxes of a row that are omitted."""
    for child in children(row):
        if child.tag in ("td", "th"):
            if not styles.hides(child):
                yield child
        elif row.tag != "tr" and not child.tag.startswith("-") and styles.of(child) == "table-cell":
            yield child


def _span(cell: Any, name: str, most: int) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() else 1


def cells(
    table: Any, block: int, styles: Styles, limits: Limits, omitted: Omitted
) -> tuple[list[Cell], int, int]:
    """The boxes of a table, its rows and columns. A span ends with the table; a box never covers another.

    Raises TooLarge past the limit of boxes.
    """
    lines = list(rows(table, styles))
    taken: set[tuple[int, int]] = set()
    found: list[Cell] = []
    for r, row in enumerate(lines):
        c = 0
        for cell in boxes(row, styles):
            while (r, c) in taken:
                c += 1
            wide = _span(cell, "colspan", limits.colspan)
            while any((r, c + k) in taken for k in range(wide)):
                wide -= 1
            high = min(_span(cell, "rowspan", limits.rowspan), len(lines) - r)
            taken |= {(r + i, c + k) for i in range(high) for k in range(wide)}
            text = _read_text(cell, styles, omitted)
            found.append(Cell(r, c, high, wide, text, Place(block=block, row=r, column=c)))
            c += wide
            if len(found) > limits.cells or len(taken) > 8 * limits.cells:
                raise TooLarge(f"a table of more than {limits.cells:,} boxes")
    columns = max((c.column + c.colspan for c in found), default=0)
    return found, len(lines), columns


def _read_text(cell: Any, styles: Styles, omitted: Omitted) -> str:
    """A box's text, a line for each paragraph or line break, without marks of footnotes and crossed-out text."""
    parts: list[str] = []
    before = omitted.pictures
    _collect_text(cell, styles, omitted, parts)
    text = "\n".join(line for line in tidy("".join(parts)).split("\n") if line)
    return PICTURE if omitted.pictures > before and not text.strip() else text


def _collect_text(node: Any, styles: Styles, omitted: Omitted, parts: list[str]) -> None:
    for child in children(node):
        tag = child.tag
        if tag == "-text":
            parts.append(child.text_content or "")
        elif tag in UNSEEN or tag.startswith("-") or tag == "sup" or styles.hides(child):
            continue
        elif styles.strikes(child):
            omitted.struck += 1
        elif tag == "img":
            omitted.pictures += not is_spacer(child)
        elif tag == "input":
            parts.append(_field_value(child))
        elif tag == "br":
            parts.append(BREAK)
        else:
            edge = [BREAK] if tag in BLOCK else []
            parts += edge
            _collect_text(child, styles, omitted, parts)
            parts += edge


def is_spacer(image: Any) -> bool:
    """Whether a picture only keeps a distance: it has a size of a pixel or two."""
    sizes = [(image.attributes.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    return any(size in ("0", "1", "2") for size in sizes)


def _field_value(box: Any) -> str:
    """The text of a form field; without a value in the page a program may set it, so that it is unknown."""
    kind = (box.attributes.get("type") or "text").lower()
    if kind not in ("text", "number"):
        return ""
    return (box.attributes.get("value") or "") if "value" in box.attributes else _UNKNOWN
