"""The heads of a table: which grid column means which column of the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from gongkai.model import Cell, Match
from gongkai.normalize.form.align import align
from gongkai.normalize.form.lexicon import Glossary
from gongkai.normalize.form.number import is_label
from gongkai.normalize.tables.row import Row, squeeze
from gongkai.record import dataclass, replace

#: The grid column of a head whose place is not known: the boxes of a row are to be counted.
NOWHERE = -1
#: Heads of a text that may be unreadable, while the others show the order of all.
_MOST_UNREAD = 2
#: The label over the five kinds of bodies; in text they stand behind it, wherever the others do.
_OVER_FIVE = re.compile(r"法人[或和及与]?其[他它]组[织織]")
#: 元 is a unit where it stands alone, in brackets, or behind 单位: a damaged “单位：时元” states none.
_YUAN = re.compile(r"(?:^|[(（:：,，/\s]|人民币|[单單]位(?:为|為)?)[元圆]")


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a drawn table. `path` is every label above it, the nearest last."""

    match: Match
    column: int
    path: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Span:
    """A label over several columns: from `begin` up to, not including, `end`."""

    begin: int
    end: int
    text: str


def read_heads(
    rows: Sequence[Row], order: Sequence[str], glossary: Glossary, over: re.Pattern[str]
) -> list[Head]:
    """The heads in some head rows, from left to right.

    A label broken over two rows of one column (商业 over 企业) is put together. `over` matches labels
    that stand over several columns. Where there are as many heads as the form has and some
    mean nothing by themselves (数据1), their position decides, as for a reader of the page.
    """
    columns, spans = _sort_labels(rows, over)
    texts = ["".join(parts) for parts in columns.values()]
    matches = _match_by_position(texts, order, glossary)
    heads = [
        Head(m, column, _join_path(spans, column, text), unit(text))
        for column, text, m in zip(columns, texts, matches, strict=True)
        if m is not None
    ]
    if tuple(h.match.id for h in heads) == tuple(order):
        return heads
    return _read_in_order(rows, order, glossary, over) or heads


def _sort_labels(rows: Sequence[Row], over: re.Pattern[str]) -> tuple[dict[int, list[str]], list[_Span]]:
    """The labels of each grid column, from left to right, and those over several columns."""
    columns: dict[int, list[str]] = {}
    spans: list[_Span] = []
    cells = [(row.index, c) for row in rows for c in row.cells if is_label(c.text)]
    for index, cell in cells:
        text = squeeze(cell.text)
        reach = range(cell.column, cell.column + cell.colspan)
        below = {c.column for i, c in cells if i > index} & set(reach)
        if len(below) >= 2 or over.search(_fold(text)):
            spans.append(_Span(reach.start, reach.stop, text))
        else:
            columns.setdefault(cell.column, []).append(text)
    return dict(sorted(columns.items())), spans


def _join_path(spans: Sequence[_Span], column: int, text: str) -> str:
    above = [s.text for s in spans if s.begin <= column < s.end]
    return " / ".join(dict.fromkeys([*above, text]))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", text))


def _match_by_position(texts: Sequence[str], order: Sequence[str], glossary: Glossary) -> list[Match | None]:
    """The Match of each head; of one that cannot be read by its position, if all others stand in theirs."""
    matches = align(texts, order, glossary)
    lead = len(texts) - len(order)  # 项目 above the labels
    if lead not in (0, 1) or (lead and matches[0] is not None) or all(matches[lead:]):
        return matches
    placed = list(zip(texts[lead:], matches[lead:], order, strict=True))
    for text, m, id in placed:
        if any(x is not None and x.id != id for x in (m, glossary.exact(text))):
            return matches
    return [*matches[:lead], *(m or Match(text, id, 0.0, "position") for text, m, id in placed)]


# Heads in the order of reading ---------------------------------------------------------------


def _read_in_order(
    rows: Sequence[Row], order: Sequence[str], glossary: Glossary, over: re.Pattern[str]
) -> list[Head]:
    """The heads in the order in which a person reads them, where broken spans have put them elsewhere.

    A page that lost its colspans draws 总计 over 科研机构. Read from the top, with what stands
    below it in the place of 法人或其他组织, the heads still come in the form's own order. If they
    do, each once, they are those of the form. Empty otherwise.
    """
    if any(map(_has_gap, rows)):
        return []  # heads that slid apart: what stands below them slid as well, or did not
    texts = _nest([[c.text for c in row.cells if is_label(c.text)] for row in rows], over)
    matches = [m for text in texts if (m := glossary.match(text)) is not None]
    if len(matches) < len(texts) or tuple(m.id for m in matches) != tuple(order):
        return []
    return [Head(m, NOWHERE, squeeze(t), unit(t)) for m, t in zip(matches, texts, strict=True)]


def _nest(lines: Sequence[Sequence[str]], over: re.Pattern[str]) -> list[str]:
    """The labels of head rows in one line; the row below stands in the place of the label over it."""
    texts: list[str] = []
    for line in reversed(lines):
        spanning = [i for i, t in enumerate(line) if over.search(_fold(t))]
        if not spanning:
            texts = [*line, *texts]
            continue
        at = spanning[-1]  # the note on the balance stands left of the group
        before = [t for i, t in enumerate(line[:at]) if i not in spanning]
        texts = [*before, *texts, *line[at + 1 :]]
    return texts


def _has_gap(row: Row) -> bool:
    """Whether an empty box stands between two labels of a row."""
    labelled = [i for i, c in enumerate(row.cells) if is_label(c.text)]
    return bool(labelled) and labelled[-1] - labelled[0] >= len(labelled)


def _labels(rows: Sequence[Row]) -> Iterator[Cell]:
    return (cell for row in rows for cell in row.cells if is_label(cell.text))


# Heads of a flattened table ------------------------------------------------------------------


def read_flat_heads(rows: Sequence[Row], order: Sequence[str], glossary: Glossary) -> list[Head]:
    """The heads of a flattened table, in the order in which their values stand.

    Heads that cannot be read take the form's order. A text that lacks a column altogether
    has fewer values in its rows, and they are not taken.
    """
    heads: dict[str, tuple[Match, str]] = {}
    over: int | None = None
    for cell in _labels(rows):
        m = glossary.match(cell.text)
        if m is not None:
            heads.setdefault(m.id, (m, squeeze(cell.text)))
        elif over is None and _OVER_FIVE.search(re.sub(r"\s", "", cell.text)) is not None:
            over = len(heads)
    if len(heads) < len(order) - _MOST_UNREAD:
        return []
    return [_flat_head(heads, id, i) for i, id in enumerate(_order_columns([*heads], over, order))]


def _flat_head(heads: Mapping[str, tuple[Match, str]], id: str, column: int) -> Head:
    m, text = heads.get(id) or (Match("", "", 0.0, "position"), "")
    return Head(replace(m, id=id), column, text, unit(text))


def _order_columns(ids: Sequence[str], over: int | None, order: Sequence[str]) -> Sequence[str]:
    """The order of the columns, from the order in which the heads are read; () where it is not sure.

    The form's heads are read row by row: 自然人, 总计, then the five below 法人或其他组织, which stands
    behind `over` of them.
    """
    inner = [id for id in order[1:-1] if id in ids]
    outer = [id for id in ids if id not in inner]
    if [id for id in ids if id in inner] != inner:
        return ()
    if outer == [id for id in (order[0], order[-1]) if id in ids]:
        return order
    if over is None or len(ids) < len(order):
        return ()
    return [*outer[:over], *inner, *outer[over:]]


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
