"""The list of 2014 to 2018, 政府信息公开情况统计表: rows → readings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gongkai.model import Cell, Finding, Match, Paragraph, Place, flag
from gongkai.normalize.form.align import align
from gongkai.normalize.form.label import exact, key, simplified
from gongkai.normalize.form.number import NotANumber, is_blank, is_label, parse
from gongkai.normalize.form.template import table
from gongkai.normalize.tables.fact import CellReading, TableReading
from gongkai.normalize.tables.row import Row

WORDS = ("statistics", "rows")
#: So many lines of the national list make a table this one.
LEAST = 6

_UNIT = re.compile(r"条|件|次|篇|万元|元|个|人|人次|项|份|[—\-–－]{1,4}|/")
_HEAD = re.compile(r"指标|单位|统计数|累计|年度|数量|合计")
_CUMULATIVE = re.compile(r"累计|累積")
_NUMBERED_ONLY = re.compile(r"\d{1,3}")


def is_list(rows: Sequence[Row], extra: Path | None) -> bool:
    """Whether enough lines of the national list stand in these rows."""
    hits = 0
    for row in rows:
        for cell in row.cells[:3]:
            if len(cell.text) >= 4 and exact(cell.text, (*WORDS, extra)) is not None:
                hits += 1
                if hits >= LEAST:
                    return True
                break
    return False


#: A label of the list may be broken over as many lines of a text.
_PIECES = 4


def one_a_line(lines: Sequence[tuple[int, Paragraph]], extra: Path | None) -> list[Row]:
    """The rows of a list whose boxes stand one a line of a text: label, unit, value, running total.

    Empty where too few lines are labels of the list. What stands behind the last one's boxes is not looked at.
    """
    texts = [p.text.strip() for _, p in lines]
    known = [i for i, text in enumerate(texts) if len(text) >= 4 and _knows(text, extra)]
    if len(known) < LEAST:
        return []
    rows: list[Row] = []
    i = known[0]
    while i < len(texts) and (i <= known[-1] or not rows):
        end = i + 1
        for pieces in range(2, _PIECES + 1):
            if all(map(_is_words, texts[i : i + pieces])) and _knows("".join(texts[i : i + pieces]), extra):
                end = i + pieces
        boxes = [("".join(texts[i:end]), lines[i])]
        while end < len(texts) and not _is_words(texts[end]):
            boxes.append((texts[end], lines[end]))
            end += 1
        cells = tuple(
            Cell(len(rows), n, 1, 1, text, Place(p.place.page, block, len(rows), n, p.place.bbox))
            for n, (text, (block, p)) in enumerate(boxes)
        )
        rows.append(Row(-1, len(rows), cells, (), flat=True))
        i = end
    return rows


def _knows(text: str, extra: Path | None) -> bool:
    return exact(_bare(text), (*WORDS, extra)) is not None


def _is_words(text: str) -> bool:
    """Whether a line is a label: neither a unit nor a number nor a placeholder."""
    return is_label(text) and _UNIT.fullmatch(text) is None


def read(rows: Sequence[Row], extra: Path | None) -> TableReading:
    """Every line with a value: those of the national list, and local ones by their number."""
    order = [r.id for r in table("2014", "statistics").rows]
    columns = ["value"]
    lines = []
    for row in rows:
        texts = [c for c in row.cells if is_label(c.text) and not _UNIT.fullmatch(c.text.strip())]
        if not texts or _is_head(row):
            if any(_CUMULATIVE.search(c.text) for c in row.cells):
                columns = ["value", "cumulative"]
            continue
        label = texts[0] if len(texts) == 1 or len(texts[-1].text) < 3 else texts[-1]
        after = [c for c in row.cells if c.column > label.column]
        unit = next(
            (c.text.strip() for c in after if _UNIT.fullmatch(c.text.strip()) and is_label(c.text)), ""
        )
        values = [c for c in after if not _UNIT.fullmatch(c.text.strip()) or not is_label(c.text)]
        values = [c for c in values if not (unit == "" and re.fullmatch(r"[—\-–－/]{1,4}", c.text.strip()))]
        lines.append((row, label, unit, values))
    matches = align(_told([_bare(label.text) for _, label, _, _ in lines]), order, (*WORDS, extra))
    readings: list[CellReading] = []
    findings: list[Finding] = []
    for n, ((row, label, unit, values), m) in enumerate(zip(lines, matches, strict=True), 1):
        if not values or (m is None and (unit == "" or all(is_blank(c.text) for c in values))):
            continue  # a heading of the list
        printed = label.text.replace("\n", "")
        found = (
            replace(m, printed=printed) if m is not None else Match(printed, f"local_{n:03}", 100.0, "local")
        )
        if m is not None and unit == "" and all(is_blank(c.text) for c in values):
            continue
        if len(values) > len(columns) and any(not is_blank(c.text) for c in values[len(columns) :]):
            findings.append(_doubt(row, found, len(columns)))
            continue
        for id, cell in zip(columns, values, strict=False):
            readings.append(CellReading(found, Match("", id, 100.0, "position"), cell, "count", unit))
    return TableReading("statistics", "2014", tuple(readings), tuple(findings))


def _told(labels: Sequence[str]) -> list[str]:
    """The labels, those that stand under 行政复议 and 行政诉讼 alike told apart by their block."""
    result = []
    litigation = False
    for label in labels:
        if "数量" in label and ("诉讼" in label or "复议" in label or "投诉" in label):
            litigation = "诉讼" in label
        twice = key(label) in ("被依法纠错数", "其他情形数")
        result.append("诉讼" + key(label) if litigation and twice else label)
    return result


def _bare(label: str) -> str:
    """A label without 其中: and the number of its line."""
    return re.sub(r"^\s*其中\s*[:：]?\s*(?=.)", "", label.replace("\n", ""))


def _is_head(row: Row) -> bool:
    words = [simplified(key(c.text)) for c in row.cells if is_label(c.text)]
    numbers = [c for c in row.cells if not is_label(c.text) and not is_blank(c.text) and _number(c.text)]
    return not numbers and len(words) >= 2 and sum(bool(_HEAD.search(w)) for w in words) >= 2


def _number(text: str) -> bool:
    try:
        return not parse(text).blank
    except NotANumber:
        return False


def _doubt(row: Row, m: Match, expected: int) -> Finding:
    place = row.cells[0].place
    printed = " | ".join(c.text.strip() for c in row.cells)
    return flag(
        "row-unaligned",
        f"{place}: more boxes ({printed}) than the {expected} columns known; none is taken",
        place=place,
        table="statistics",
        row=m.id,
        printed=printed,
    )
