"""Lines of flattened text → rows: a table's boxes one a line, or with "|" between them.

A page saved as text keeps the order of the boxes and loses their places. What is left is the
order of the form: labels, then as many values as the table has columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from gongkai.model import Cell, Paragraph, Place
from gongkai.normalize.form.label import key, match, simplified, wordings
from gongkai.normalize.form.number import NotANumber, is_blank, is_label, parse
from gongkai.normalize.tables.row import Row

TABLES = ("proactive", "requests", "review")
#: Fewer short lines than this say nothing about whether lines were dropped.
LEAST_LINES = 20
#: A label may be broken over as many lines.
_PIECES = 12
#: A line longer than this, in characters, is prose unless it begins with a label.
_LONGEST = 48

_OTHER_WORDS = {
    "序号",
    "信息内容",
    "申请人情况",
    "法人或其他组织",
    "法人和其他组织",
    "行政复议",
    "行政诉讼",
    "本年度办理结果",
    "不予公开",
    "无法提供",
    "不予处理",
    "其他处理",
}
_RESULTS = {"结果维持", "结果纠正", "其他结果", "尚未审结", "总计"}
_BLOCK = re.compile(r"^(?:中华人民共和国政府信息公开条例)?第二十条第?[一五六八九]项$")
_BALANCE = re.compile(r"勾稽|钩稽|第一项加第二项")


@cache
def vocabulary(extra: Path | None) -> frozenset[str]:
    """Every key that a box of the three tables may hold as its label."""
    keys = {k for t in TABLES for kind in ("rows", "columns") for k in wordings(t, kind, extra).exact}
    return frozenset(keys | _OTHER_WORDS)


def is_known(text: str, extra: Path | None) -> bool:
    """Whether a line is a label of the tables, as printed or nearly so."""
    k = simplified(key(text))
    if k in vocabulary(extra) or _BLOCK.match(k) or _BALANCE.search(k):
        return True
    if len(k) < 4 or len(k) > 200:
        return False
    # a sentence may hold a label's words; a label with an explanation begins with them
    sentence = re.search(r"[，,。；;]|\d(?![.、．)）])", text) is not None
    return any(
        (m := match(text, (t, kind, extra))) is not None
        and (m.score >= 95 or (not sentence and len(k) <= _LONGEST))
        for t in TABLES
        for kind in ("rows", "columns")
    )


def regions(
    lines: Sequence[tuple[int, Paragraph]], is_heading: Sequence[bool], extra: Path | None
) -> list[list[int]]:
    """Runs of lines that hold table boxes, as indexes into `lines`.

    A run begins at a label and goes on over labels, numbers and blanks; a section's heading or
    prose ends it.
    """
    runs: list[list[int]] = []
    current: list[int] = []
    pending: list[int] = []
    for i, (_, p) in enumerate(lines):
        if is_heading[i]:
            if current:
                runs.append(current)
            current, pending = [], []
            continue
        kind = _kind(p.text, extra)
        if kind == "label":
            current += [*pending, i] if current else [i]
            pending = []
        elif not current:
            continue
        elif kind == "value":
            current += [*pending, i]
            pending = []
        elif kind == "piece" and len(pending) < _PIECES:
            pending.append(i)
        else:
            runs.append(current)
            current, pending = [], []
    if current:
        runs.append(current)
    return [run for run in runs if len(_tokens(lines, run)) >= 3]


def lost(lines: Sequence[tuple[int, Paragraph]]) -> bool:
    """Whether a crawler dropped the lines that stood twice, and with them most values.

    A whole form has 信息内容, 总计 and 0 many times; where no short line stands twice among
    many, what is left cannot be put back in its place.
    """
    short = [p.text.strip() for _, p in lines if 0 < len(p.text.strip()) <= 20]
    if any("|" in t for t in short):
        return False
    return len(short) >= LEAST_LINES and len(set(short)) == len(short)


def _kind(text: str, extra: Path | None) -> str:
    """What a line is: "label", "value" (a number, a blank), "piece" (short words), "prose"."""
    parts = [t for t in re.split(r"[|\t]", text) if not is_blank(t)]
    parts = [t for part in parts for t in _side_by_side(part)]
    if not parts:
        return "value"
    if any(is_label(t) and is_known(t, extra) for t in parts):
        return "label"
    if all(not is_label(t) for t in parts):
        return "value" if all(_is_value(t) for t in parts) else "prose"
    return "piece" if len(text) <= _LONGEST and "。" not in text else "prose"


def _is_value(text: str) -> bool:
    return len(text.strip()) <= 20


def rows(lines: Sequence[tuple[int, Paragraph]], run: Sequence[int], extra: Path | None) -> list[Row]:
    """The rows of one run of lines."""
    tokens = _unnumbered(_joined(_tokens(lines, run), extra))
    result: list[Row] = []
    current: list[tuple[str, Place]] = []
    for token in tokens:
        if is_label(token[0]) and any(not is_label(t) for t, _ in current):
            result += _split(current, len(result), extra)
            current = []
        current.append(token)
    if current:
        result += _split(current, len(result), extra)
    return result


def _tokens(lines: Sequence[tuple[int, Paragraph]], run: Sequence[int]) -> list[tuple[str, Place]]:
    """The boxes of a run in order. Where "|" stands between boxes, two in a row hold a blank one."""
    piped = any("|" in lines[i][1].text for i in run)
    result: list[tuple[str, Place]] = []
    text: list[str] = []
    place: Place | None = None
    for i in run:
        block, p = lines[i]
        here = Place(p.place.page, block, None, None, p.place.bbox)
        if not piped:
            result += [(t, here) for t in _side_by_side(p.text)]
            continue
        pieces = p.text.split("|")
        for n, piece in enumerate(pieces):
            if n:
                result += _boxes("\n".join(text), place or here)
                text, place = [], None
            text.append(piece)
            place = place if place is not None and any(t.strip() for t in text[:-1]) else here
    if piped and any(t.strip() for t in text):
        result += _boxes("\n".join(text), place or Place())
    return result


def _side_by_side(text: str) -> list[str]:
    """The boxes of a line: several where it is nothing but numbers, or labels known by themselves."""
    parts = text.split()
    if len(parts) >= 5 and all(p.replace(".", "").replace(",", "").isdigit() for p in parts):
        return parts
    if len(parts) >= 2 and all(simplified(key(p)) in _OTHER_WORDS | _RESULTS for p in parts):
        return parts
    return [text]


def _boxes(text: str, place: Place) -> list[tuple[str, Place]]:
    """What stands between two bars: one box, or a value and the next row's label."""
    parts = [t for t in text.split("\n") if t.strip()]
    return [(t, place) for t in parts] if parts else [("", place)]


def _joined(tokens: Sequence[tuple[str, Place]], extra: Path | None) -> list[tuple[str, Place]]:
    """Labels broken over several lines put together, where the whole is a label."""
    known = vocabulary(extra)
    result: list[tuple[str, Place]] = []
    i = 0
    while i < len(tokens):
        text, place = tokens[i]
        best = 1
        if is_label(text):
            whole = text
            for n in range(1, _PIECES):
                if i + n >= len(tokens) or is_blank(tokens[i + n][0]) or _is_placeholder(tokens[i + n][0]):
                    break
                whole += tokens[i + n][0].strip()
                if not is_label(whole) or len(whole) > 80:
                    break
                if simplified(key(whole)) in known:
                    best = n + 1
            if best > 1:
                text = "".join(t.strip() for t, _ in tokens[i : i + best])
        result.append((text, place))
        i += best
    return result


_SERIAL_HEAD = re.compile(r"序\s*号|编\s*号|行\s*次")


def _unnumbered(tokens: Sequence[tuple[str, Place]]) -> list[tuple[str, Place]]:
    """The boxes without those of a column 序号: 1, 2, 3 before the labels are no values of the row above."""
    if not any(_SERIAL_HEAD.fullmatch(text.strip()) for text, _ in tokens):
        return list(tokens)
    result: list[tuple[str, Place]] = []
    count = 0
    for i, token in enumerate(tokens):
        text = token[0].strip()
        before_label = i + 1 < len(tokens) and is_label(tokens[i + 1][0])
        if before_label and text in (str(count + 1), "1"):
            count = int(text)
        elif not _SERIAL_HEAD.fullmatch(text):
            result.append(token)
    return result


def _is_placeholder(text: str) -> bool:
    """Whether a box says that there is nothing: a key leaves “/” out, so that 行政复议 and “/” look like one label."""
    try:
        return parse(text).blank
    except NotANumber:
        return False


def _split(tokens: Sequence[tuple[str, Place]], index: int, extra: Path | None) -> list[Row]:
    """Heads and the first data row come in one run of labels: only the last is the row's own."""
    labels = next((n for n, (t, _) in enumerate(tokens) if not is_label(t)), len(tokens))
    values = tokens[labels:]
    results = sum(match(t, ("review", "columns", extra)) is not None for t, _ in tokens[:labels])
    if results >= 10 and len(values) == 15:
        return [_row(tokens[:labels], index), _row(values, index + 1)]  # fifteen blank boxes too
    if all(is_blank(t) for t, _ in values) and _heads(tokens[:labels], extra) >= 2:
        return [_row(tokens, index)]  # 法人或其他组织 | 总计 | | |: heads over several columns
    if (
        labels <= 1
        or not values
        or (all(is_blank(t) for t, _ in values) and not _is_row(tokens[labels - 1][0], extra))
    ):
        return [_row(tokens, index)]
    if len(values) == 15 and simplified(key(tokens[labels - 1][0])) == "行政诉讼":
        return [_row(tokens[:labels], index), _row(values, index + 1)]
    if results >= 4 and match(tokens[labels - 1][0], ("review", "columns", extra)) is not None:
        return [_row(tokens[:labels], index), _row(values, index + 1)]  # a row without a label
    return [_row(tokens[: labels - 1], index), _row(tokens[labels - 1 :], index + 1)]


def _heads(tokens: Sequence[tuple[str, Place]], extra: Path | None) -> int:
    """How many of some labels are heads of columns."""
    return sum(
        simplified(key(t)) in ("法人或其他组织", "申请人情况")
        or match(t, ("requests", "columns", extra)) is not None
        for t, _ in tokens
    )


def _is_row(text: str, extra: Path | None) -> bool:
    return any(match(text, (t, "rows", extra)) is not None for t in TABLES)


def _row(tokens: Iterable[tuple[str, Place]], index: int) -> Row:
    cells = tuple(
        Cell(index, n, 1, 1, text, Place(place.page, place.block, index, n, place.bbox))
        for n, (text, place) in enumerate(tokens)
    )
    return Row(-1, index, cells, (), flat=True)
