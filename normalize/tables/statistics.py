"""The list of 2014 to 2018, 政府信息公开情况统计表: rows → readings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gongkai.model import Cell, Finding, Match, Paragraph, Place, flag
from gongkai.normalize.form.align import align
from gongkai.normalize.form.label import key, simplify
from gongkai.normalize.form.lexicon import Glossary, TableGlossaries
from gongkai.normalize.form.number import is_blank, is_label, value_of
from gongkai.normalize.form.template import table
from gongkai.normalize.tables.fact import CellReading, TableReading
from gongkai.normalize.tables.row import Row
from gongkai.record import dataclass, replace

#: So many lines of the national list make a table this one.
LEAST = 6
#: Shorter labels stand in lists of every kind.
_LEAST_LABEL = 4
#: A label of the list may be broken over as many lines of a text.
_PIECES = 4
#: A label of the national list stands in one of so many first boxes.
_FIRST_BOXES = 3

_UNIT = re.compile(r"条|件|次|篇|万元|元|个|人|人次|项|份|[—\-–－]{1,4}|/")
_DASH = re.compile(r"[—\-–－/]{1,4}")
_HEAD = re.compile(r"指标|单位|统计数|累计|年度|数量|合计")
_CUMULATIVE = re.compile(r"累计|累積")
_AMONG_THEM = re.compile(r"^\s*其中\s*[:：]?\s*(?=.)")
#: labels that stand under 行政复议 and under 行政诉讼 alike
_IN_BOTH_BLOCKS = ("被依法纠错数", "其他情形数")


@dataclass(frozen=True, slots=True)
class _StatisticsLine:
    """A line of the list: its label, its unit and the boxes behind them."""

    row: Row
    label: Cell
    unit: str
    values: Sequence[Cell]

    @property
    def is_blank(self) -> bool:
        return all(is_blank(c.text) for c in self.values)


def is_list(rows: Sequence[Row], glossary: Glossary) -> bool:
    """Whether enough lines of the national list stand in these rows."""
    hits = 0
    for row in rows:
        hits += any(
            len(c.text) >= _LEAST_LABEL and glossary.exact(c.text) is not None
            for c in row.cells[:_FIRST_BOXES]
        )
        if hits >= LEAST:
            return True
    return False


def rows_of_lines(lines: Sequence[tuple[int, Paragraph]], glossary: Glossary) -> list[Row]:
    """The rows of a list whose boxes stand one a line of a text: label, unit, value, running total.

    Empty where too few lines are labels of the list. What stands behind the last one's boxes is not looked at.
    """
    texts = [p.text.strip() for _, p in lines]
    known = [i for i, t in enumerate(texts) if len(t) >= _LEAST_LABEL and _is_listed(t, glossary)]
    if len(known) < LEAST:
        return []
    rows: list[Row] = []
    i = known[0]
    while i < len(texts) and (i <= known[-1] or not rows):
        label_end = _end_of_label(texts, i, glossary)
        end = next((n for n in range(label_end, len(texts)) if _is_words(texts[n])), len(texts))
        boxes = [("".join(texts[i:label_end]), lines[i])]
        boxes += [(texts[n], lines[n]) for n in range(label_end, end)]
        rows.append(_row(boxes, len(rows)))
        i = end
    return rows


def _end_of_label(texts: Sequence[str], begin: int, glossary: Glossary) -> int:
    """The line behind a label, which may be broken over several."""
    end = begin + 1
    for pieces in range(2, _PIECES + 1):
        part = texts[begin : begin + pieces]
        if all(map(_is_words, part)) and _is_listed("".join(part), glossary):
            end = begin + pieces
    return end


def _row(boxes: Sequence[tuple[str, tuple[int, Paragraph]]], index: int) -> Row:
    cells = tuple(
        Cell(index, n, 1, 1, text, Place(p.place.page, block, index, n, p.place.bbox))
        for n, (text, (block, p)) in enumerate(boxes)
    )
    return Row(-1, index, cells, (), flat=True)


def _is_listed(text: str, glossary: Glossary) -> bool:
    return glossary.exact(_bare(text)) is not None


def _is_words(text: str) -> bool:
    """Whether a line is a label: neither a unit nor a number nor a placeholder."""
    return is_label(text) and _UNIT.fullmatch(text) is None


def read(rows: Sequence[Row], glossaries: TableGlossaries) -> TableReading:
    """Every line with a value: those of the national list, and local ones by their number."""
    columns = ["value", "cumulative"] if _has_running_totals(rows) else ["value"]
    lines = list(_lines(rows))
    labels = _mark_litigation([_bare(line.label.text) for line in lines])
    matches = align(labels, [r.id for r in table("2014", "statistics").rows], glossaries.rows)
    readings: list[CellReading] = []
    findings: list[Finding] = []
    for n, (line, m) in enumerate(zip(lines, matches, strict=True), 1):
        if _is_heading(line, m):
            continue
        match = _name_line(line, m, n)
        if any(not is_blank(c.text) for c in line.values[len(columns) :]):
            findings.append(_doubt(line.row, match, len(columns)))
            continue
        for id, cell in zip(columns, line.values, strict=False):  # a line may lack its running total
            readings.append(CellReading(match, Match("", id, 100.0, "position"), cell, "count", line.unit))
    return TableReading("statistics", "2014", tuple(readings), tuple(findings))


def _has_running_totals(rows: Sequence[Row]) -> bool:
    """Whether a head, or a row without a label, names a column of running totals (累计)."""
    return any(
        _CUMULATIVE.search(c.text) for row in rows if not _labels(row) or _is_head(row) for c in row.cells
    )


def _lines(rows: Sequence[Row]) -> Iterator[_StatisticsLine]:
    for row in rows:
        labels = _labels(row)
        if not labels or _is_head(row):
            continue
        label = labels[0] if len(labels) == 1 or len(labels[-1].text) < 3 else labels[-1]
        yield _StatisticsLine(row, label, *_split_boxes([c for c in row.cells if c.column > label.column]))


def _split_boxes(boxes: Sequence[Cell]) -> tuple[str, list[Cell]]:
    """The unit among the boxes behind a label, "" where none, and the values; a dash stands for a unit."""
    units = [c for c in boxes if _is_unit(c) and is_label(c.text)]
    values = [c for c in boxes if c not in units]
    if not units:
        return "", [c for c in values if not _DASH.fullmatch(c.text.strip())]
    return units[0].text.strip(), values


def _labels(row: Row) -> list[Cell]:
    return [c for c in row.cells if is_label(c.text) and not _is_unit(c)]


def _is_unit(cell: Cell) -> bool:
    return _UNIT.fullmatch(cell.text.strip()) is not None


def _is_heading(line: _StatisticsLine, match: Match | None) -> bool:
    """Whether a line only heads others: it has no box, or blank ones and no unit or no known label."""
    if not line.values or (match is None and line.unit == ""):
        return True
    return line.is_blank and (match is None or line.unit == "")


def _name_line(line: _StatisticsLine, match: Match | None, number: int) -> Match:
    """The Match of a line; one that only this place has gets an id by its number."""
    printed = line.label.text.replace("\n", "")
    if match is None:
        return Match(printed, f"local_{number:03}", 100.0, "local")
    return replace(match, printed=printed)


def _mark_litigation(labels: Sequence[str]) -> list[str]:
    """The labels; one that stands under 行政复议 and 行政诉讼 alike bears the name of the second block."""
    result = []
    in_litigation = False
    for label in labels:
        if "数量" in label and ("诉讼" in label or "复议" in label or "投诉" in label):
            in_litigation = "诉讼" in label
        result.append("诉讼" + key(label) if in_litigation and key(label) in _IN_BOTH_BLOCKS else label)
    return result


def _bare(label: str) -> str:
    """A label on one line and without 其中:."""
    return _AMONG_THEM.sub("", label.replace("\n", ""))


def _is_head(row: Row) -> bool:
    words = [simplify(key(c.text)) for c in row.cells if is_label(c.text)]
    if len(words) < 2 or sum(bool(_HEAD.search(w)) for w in words) < 2:
        return False
    return not any(_is_number(c.text) for c in row.cells)


def _is_number(text: str) -> bool:
    number = value_of(text)
    return number is not None and not number[1]


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
