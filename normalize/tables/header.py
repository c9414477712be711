"""The heads of a table: which grid column means which column of the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from gongkai.model import Cell, Match
from gongkai.normalize.form.align import align
from gongkai.normalize.form.label import key
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
    return [
        Head(m, column, _join_path(spans, column, text), unit(text))
        for column, text, m in zip(columns, texts, matches, strict=True)
        if m is not None
    ]


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


def find_foreign_columns(
    rows: Sequence[Row], heads: Sequence[Head], over: re.Pattern[str], labels: Sequence[str]
) -> frozenset[int]:
    """The grid columns behind the first whose head is none of the form's, beside all of its heads: 行次, 占比, 上年总计.

    None where such a head is a piece of one of the form's `labels`: in a table without walls 组织 may stand apart from
    社会公益, over the numbers of 社会公益组织.
    """
    columns, _ = _sort_labels(rows, over)
    own = {h.column for h in heads}
    foreign = {c: key("".join(texts)) for c, texts in columns.items() if c > 0 and c not in own}
    if any(text and text in label for text in foreign.values() for label in labels):
        return frozenset()
    return frozenset(foreign)


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

    In a flattened text of few rows, or of zeros, no sum tells the solver which order it is.

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
