"""The heads of a table: which grid column means which column of the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gongkai.model import Match
from gongkai.normalize.form.align import align
from gongkai.normalize.form.label import key, squeeze
from gongkai.normalize.form.lexicon import Glossary
from gongkai.normalize.form.number import is_label
from gongkai.normalize.tables.row import Row
from gongkai.record import dataclass

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
