"""The heads of a table: which grid column means which column of the form."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gongkai.model import Match
from gongkai.normalize.form.align import Words, align
from gongkai.normalize.form.label import exact, match
from gongkai.normalize.form.number import is_label
from gongkai.normalize.tables.row import Row, squeeze


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a drawn table. `path` is every label above it, the nearest last."""

    match: Match
    column: int
    path: str
    unit: str


def heads(rows: Sequence[Row], order: Sequence[str], words: Words, skip: re.Pattern[str]) -> list[Head]:
    """The heads in some head rows, from left to right.

    A label broken over two rows of one column (商业 over 企业) is put together. `skip` is for
    labels that stand over several columns. Where there are as many heads as the form has and some
    say nothing (数据1), these are told by their position, as a reader of the page would.
    """
    columns: dict[int, list[str]] = {}
    spans: list[tuple[int, int, str]] = []
    cells = [(row.index, c) for row in rows for c in row.cells if is_label(c.text)]
    for index, cell in cells:
        text = squeeze(cell.text)
        below = {c.column for i, c in cells if i > index} & set(
            range(cell.column, cell.column + cell.colspan)
        )
        if len(below) >= 2 or skip.search(_folded(text)):
            spans.append((cell.column, cell.column + cell.colspan, text))
        else:
            columns.setdefault(cell.column, []).append(text)
    placed = sorted(columns.items())
    texts = ["".join(parts) for _, parts in placed]
    result = []
    for (column, _), text, m in zip(placed, texts, _by_position(texts, order, words), strict=True):
        if m is not None:
            over = [t for a, b, t in spans if a <= column < b]
            path = " / ".join(dict.fromkeys([*over, text]))
            result.append(Head(m, column, path, unit(text)))
    if tuple(h.match.id for h in result) == tuple(order):
        return result
    return _as_read(rows, order, words, skip) or result


#: The grid column of a head whose place says nothing: boxes of a row are to be counted.
NOWHERE = -1


def _as_read(rows: Sequence[Row], order: Sequence[str], words: Words, skip: re.Pattern[str]) -> list[Head]:
    """The heads in the order in which a person reads them, where broken spans have put them elsewhere.

    A page that lost its colspans draws 总计 over 科研机构. Read from the top, with what stands
    below it in the place of 法人或其他组织, the heads still come in the form's own order; if they
    do, each once, they are those of the form. Empty otherwise.
    """
    read: list[tuple[str, Match | None]] = []
    for row in reversed(rows):
        line = [c.text for c in row.cells if is_label(c.text)]
        if _has_gap(row):
            return []  # heads that slid apart: what stands below them slid as well, or did not
        over = [i for i, t in enumerate(line) if skip.search(_folded(t))]
        if not over:
            read = [*((t, match(t, words)) for t in line), *read]
            continue
        at = over[-1]  # the note on the balance stands left of the group
        before = [(t, match(t, words)) for i, t in enumerate(line) if i < at and i not in over]
        after = [(t, match(t, words)) for t in line[at + 1 :]]
        read = [*before, *read, *after]
    if any(m is None for _, m in read) or tuple(m.id for _, m in read if m) != tuple(order):
        return []
    return [Head(m, NOWHERE, squeeze(t), unit(t)) for t, m in read if m is not None]


def _has_gap(row: Row) -> bool:
    """Whether an empty box stands between two labels of a row."""
    labelled = [i for i, c in enumerate(row.cells) if is_label(c.text)]
    return bool(labelled) and labelled[-1] - labelled[0] >= len(labelled)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", text))


def _by_position(texts: Sequence[str], order: Sequence[str], words: Words) -> list[Match | None]:
    """The Match of each head; of one that cannot be read by its position, if all others stand in theirs."""
    found = align(texts, order, words)
    lead = len(texts) - len(order)  # 项目 above the labels
    if lead not in (0, 1) or (lead and found[0] is not None) or all(found[lead:]):
        return found
    for text, m, id in zip(texts[lead:], found[lead:], order, strict=True):
        alone = exact(text, words)
        if any(x is not None and x.id != id for x in (m, alone)):
            return found
    filled = [
        m if m is not None else Match(t, id, 0.0, "position")
        for t, m, id in zip(texts[lead:], found[lead:], order, strict=True)
    ]
    return [*found[:lead], *filled]


def counted_heads(rows: Sequence[Row], order: Sequence[str], words: Words) -> list[Head]:
    """The heads of a drawn table whose spans do not add up: their order is sure, their columns are not.

    Every head must be there once, and stand from left to right as the form has them. Their column
    is NOWHERE: values are told by counting.
    """
    found: dict[str, list[tuple[Match, int, str]]] = {}
    for row in rows:
        for cell in row.cells:
            m = exact(cell.text, words) if is_label(cell.text) else None
            if m is not None:
                found.setdefault(m.id, []).append((m, cell.column, squeeze(cell.text)))
    if set(found) != set(order) or any(len(f) > 1 for f in found.values()):
        return []
    placed = [found[id][0] for id in order]
    if any(a[1] > b[1] for a, b in itertools.pairwise(placed)):
        return []
    return [Head(m, NOWHERE, text, unit(text)) for m, _, text in placed]


#: The label over the five kinds of bodies; in text they stand behind it, wherever the others do.
_OVER_FIVE = re.compile(r"法人[或和及与]?其[他它]组[织織]")


def flat_heads(rows: Sequence[Row], order: Sequence[str], words: Words) -> list[Head]:
    """The heads of a flattened table, in the order in which their values stand.

    Heads that cannot be read are told by the form's order. A text that lacks a column altogether
    has fewer values in its rows, and they are not taken.
    """
    found: dict[str, tuple[Match, str]] = {}
    over: int | None = None
    for row in rows:
        for cell in row.cells:
            m = match(cell.text, words) if is_label(cell.text) else None
            if m is not None:
                found.setdefault(m.id, (m, squeeze(cell.text)))
            elif over is None and _OVER_FIVE.search(re.sub(r"\s", "", cell.text)) is not None:
                over = len(found)
    if len(found) < len(order) - 2:
        return []
    unread = (Match("", "", 0.0, "position"), "")
    return [
        Head(replace(m, id=id), i, text, unit(text))
        for i, id in enumerate(_in_order([*found], over, order))
        for m, text in (found.get(id, unread),)
    ]


def _in_order(ids: Sequence[str], over: int | None, order: Sequence[str]) -> Sequence[str]:
    """The order of the columns, from the order in which the heads are read; () where it is not sure.

    The form's heads are read row by row: 自然人, 总计, then the five below 法人或其他组织, which stands
    behind `over` of them.
    """
    inner = [id for id in order[1:-1] if id in ids]
    outer = [id for id in ids if id not in inner]
    straight = [id for id in order if id in ids]
    if [id for id in ids if id in inner] != inner:
        return ()
    if list(ids) == straight or outer == [id for id in straight if id not in inner]:
        return order
    if over is None or len(ids) < len(order):
        return ()
    return [*outer[:over], *inner, *outer[over:]]


#: 元 is a unit where it stands alone, in brackets, or behind 单位: a damaged “单位：时元” says nothing.
_YUAN = re.compile(r"(?:^|[(（:：,，/\s]|人民币|[单單]位(?:为|為)?)[元圆]")


def unit(text: str) -> str:
    """The unit of money that a label states, "" where none.

    >>> unit("采购总金额（单位：万元）")
    '万元'
    >>> unit("采购总金额（元）")
    '元'
    """
    for name in ("亿元", "万元", "萬元"):
        if name in text:
            return "万元" if name == "萬元" else name
    return "元" if _YUAN.search(text) else ""
