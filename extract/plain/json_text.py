"""A report as an interface sends it (JSON) → text with tabs between the boxes of its tables, or a web page.

Records are rows and their keys heads; what holds records is a table. Keys may be Chinese labels or the ids of rows and
columns. A string with tags in it makes the whole a web page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

_BEGINS = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"])")
_TAG = re.compile(r"<(?:p|div|table|tr|td|br|span|h[1-6])[\s/>]", re.IGNORECASE)
_CHINESE = re.compile("[一-鿿]")
#: Nested deeper than this nothing is looked for.
_DEEPEST = 40
#: A box of a row is no longer, in characters; a longer string is text below its key.
_LONGEST_BOX = 90
#: So many pairs make a record that is a row of values.
_LEAST_PAIRS = 1
#: Keys of a string that is no heading of it.
_TITLES = frozenset(("标题", "题目", "名称", "文件名"))


class JsonText(NamedTuple):
    """What a JSON text says. `is_page`: `text` is HTML, for a string of it was."""

    text: str
    is_page: bool


class _Item(NamedTuple):
    """A line of text, or a row of boxes (`boxes` of more than one)."""

    boxes: tuple[str, ...]


#: A label with those of its groups before it, and the pairs of its row.
_Record = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]


def is_json(text: str) -> bool:
    """Whether a text begins and ends as an object or a list of JSON does."""
    return _BEGINS.match(text) is not None and text.rstrip()[-1:] in ("}", "]")


def read_json(text: str) -> JsonText | None:
    """The lines and tables of a JSON text; None where it is not whole."""
    if not is_json(text):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = list(_walk(value, 0))
    if any(_TAG.search(box) for item in items for box in item.boxes):
        return JsonText(_write_page(items), True)
    return JsonText("\n".join("\t".join(item.boxes) for item in items) + "\n", False)


def _write_page(items: Iterable[_Item]) -> str:
    parts: list[str] = []
    for item in items:
        if len(item.boxes) > 1:
            parts.append(
                "<table><tr>"
                + "".join(f"<td>{html.escape(box)}</td>" for box in item.boxes)
                + "</tr></table>"
            )
        elif _TAG.search(item.boxes[0]):
            parts.append(item.boxes[0])
        else:
            parts.append(f"<p>{html.escape(item.boxes[0])}</p>")
    return "<html><body>" + "\n".join(parts).replace("</table>\n<table>", "") + "</body></html>"


def _walk(value: object, depth: int) -> Iterator[_Item]:
    """The lines and rows of a value, in its own order."""
    if depth > _DEEPEST:
        return
    records = _read_records(value, (), depth) if isinstance(value, (dict, list)) else None
    if records is not None:
        yield from _lay_out(records)
    elif isinstance(value, Mapping):
        for key, child in value.items():
            yield from _walk_pair(str(key), child, depth)
    elif isinstance(value, list):
        for child in value:
            yield from _walk(child, depth + 1)
    elif isinstance(value, str):
        yield from _lines_of(value)


def _walk_pair(key: str, child: object, depth: int) -> Iterator[_Item]:
    """A key and what stands under it: a Chinese key is a heading, one of the interface's own says nothing."""
    is_text = isinstance(child, str) and (len(child) > _LONGEST_BOX or "\n" in child or "。" in child)
    is_heading = _CHINESE.search(key) is not None and key not in _TITLES
    if is_heading and (is_text or isinstance(child, (dict, list)) or child == ""):
        yield _Item((key,))
        yield from _walk(child, depth + 1)
    elif is_heading and (text := _box_of(child)) is not None:
        yield _Item((f"{key}：{text}",))
    else:
        yield from _walk(child, depth + 1)


def _lines_of(text: str) -> Iterator[_Item]:
    """A string of tags as it is; of any other the lines, without tabs, which would part boxes."""
    if _TAG.search(text):
        yield _Item((text,))
    else:
        yield from (_Item((line.replace("\t", " "),)) for line in text.splitlines())


# Records -------------------------------------------------------------------------------------


def _read_records(value: object, path: tuple[str, ...], depth: int) -> list[_Record] | None:
    """The rows of what is nothing but records: objects of them by their labels, or lists; None where it is not."""
    if depth > _DEEPEST or not isinstance(value, (dict, list)) or not value:
        return None
    if isinstance(value, list):
        return _read_list(value, path)
    found: list[_Record] = []
    for key, child in value.items():
        label = (*path, str(key))
        pairs = _pairs_of(child) if isinstance(child, dict) else None
        if pairs is not None and len(pairs) >= _LEAST_PAIRS and all(len(v) <= _LONGEST_BOX for _, v in pairs):
            found.append((label, pairs))
            continue
        inner = _read_records(child, label, depth + 1) if isinstance(child, dict) else None
        if inner is None:
            return None
        found += inner
    return found


def _read_list(rows: Sequence[object], path: tuple[str, ...]) -> list[_Record] | None:
    found: list[_Record] = []
    for row in rows:
        if isinstance(row, list) and all(_box_of(box) is not None for box in row):
            found.append((path, tuple(("", _box_of(box) or "") for box in row)))
            continue
        pairs = _pairs_of(row) if isinstance(row, dict) else None
        if pairs is None or len(pairs) < 2 or any(len(v) > _LONGEST_BOX for _, v in pairs):
            return None
        found.append((path, pairs))
    return found


def _pairs_of(record: Mapping[str, object]) -> tuple[tuple[str, str], ...] | None:
    """The keys and boxes of a record; of a group of its columns those below it. None where it holds more than boxes."""
    pairs: list[tuple[str, str]] = []
    for key, child in record.items():
        box = _box_of(child)
        if box is not None:
            pairs.append((str(key), box))
        elif isinstance(child, list) and child and all(_box_of(each) is not None for each in child):
            pairs += [("", _box_of(each) or "") for each in child]
        elif isinstance(child, dict) and pairs and all(_box_of(each) is not None for each in child.values()):
            pairs += [(str(k), _box_of(each) or "") for k, each in child.items()]
        else:
            return None
    return tuple(pairs)


def _box_of(value: object) -> str | None:
    """The text of a box; None for what is no box."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return " ".join(str(value).split()) if not isinstance(value, str) or not _TAG.search(value) else None


def _lay_out(records: Sequence[_Record]) -> Iterator[_Item]:
    """Rows of labels and values; the keys stand as heads above them, wherever they change."""
    width = max(len(path) for path, _ in records)
    heads: tuple[str, ...] = ()
    for path, pairs in records:
        keys = tuple(key for key, _ in pairs)
        if keys != heads and any(keys):
            yield _Item(("",) * width + keys)
        heads = keys
        yield _Item((*path, *("",) * (width - len(path)), *(box for _, box in pairs)))
