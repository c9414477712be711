"""Table three, 收到和处理政府信息公开申请情况: rows → readings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal

from gongkai.model import Cell, Finding, Match, flag
from gongkai.normalize.form.align import align
from gongkai.normalize.form.label import key, write_out_other
from gongkai.normalize.form.lexicon import Glossary, TableGlossaries
from gongkai.normalize.form.number import is_blank, is_label, value_of
from gongkai.normalize.form.template import table
from gongkai.normalize.form.which_form import FORMS, choose_form_of_requests
from gongkai.normalize.solve.head_order import are_applicants
from gongkai.normalize.solve.rows.row_boxes import adds_up, ends_in_total, may_end_in_total
from gongkai.normalize.solve.solution import Verdict, column_sums, judge_values
from gongkai.normalize.solve.solve_own_rows import may_be_another
from gongkai.normalize.tables.fact import CellReading, TableReading
from gongkai.normalize.tables.header import Head, find_foreign_columns, read_heads
from gongkai.normalize.tables.own_rows import has_every_row, name_own_row, name_subtotal
from gongkai.normalize.tables.row import Row, spread, write_out_noughts
from gongkai.record import dataclass, replace

#: Labels over several columns, and the note on the balance in the top left box.
_OVER = re.compile(
    r"""
      申[请請]人情[况況] | 申[请請]人[类類] | ^申[请請]人$ | 法人
    | 勾稽 | 钩稽 | 第一项加 | 第一項加 | [0-9一二三四]项加第
    """,
    re.VERBOSE,
)
_COLUMNS = tuple(c.id for c in table("2021", "requests").columns)
_LABELS = tuple(key(c.path[-1]) for c in table("2021", "requests").columns)
#: Fewer heads are no heads of the table: those above still govern its rows.
_LEAST_HEADS = 3
#: A row below heads that has as many boxes without a label is a row of values.
_LEAST_VALUES = 5


@dataclass(frozen=True, slots=True)
class _Columns:
    """The heads over some rows, and their Matches by id with every label above the column as printed.

    `foreign` are columns of the body's own between or behind those of the form. `grid` is the Grid in which the heads stand.
    """

    heads: Sequence[Head] = ()
    matches: Mapping[str, Match] = field(default_factory=dict)
    foreign: frozenset[int] = frozenset()
    grid: int | None = None

    @property
    def are_counted(self) -> bool:
        """Whether only the order of the columns is known, the form's, and no place in the Grid."""
        return not self.heads

    @property
    def places(self) -> list[tuple[str, int]]:
        """(column id, grid column) from left to right; the form's order where there are no heads."""
        return [(h.match.id, h.column) for h in self.heads] or [(c, i) for i, c in enumerate(_COLUMNS)]


@dataclass(frozen=True, slots=True)
class _RequestsLine:
    """A row of values with the columns over it, its Match and its value boxes.

    `beside_numbers`: numbers without a label stand in the row before it or behind it. They may be its own.
    `above_pieces`: those behind it are fewer than the columns, as are last digits of numbers that a page end broke.
    """

    row: Row
    columns: _Columns
    match: Match | None = None
    boxes: Sequence[Cell] = ()
    beside_numbers: bool = False
    above_pieces: bool = False

    @property
    def is_blank(self) -> bool:
        return all(is_blank(c.text) for c in self.boxes)


def read(rows: Sequence[Row], glossaries: TableGlossaries) -> TableReading:
    """Every value box of the table, with its row and column.

    `rows` may come from several Grids: a table cut in two keeps the heads of its first part.
    """
    lines = _find_lines(rows, glossaries)
    if are_applicants([line.row.leaf_text for line in lines], glossaries.columns):
        return TableReading("requests", None, (), tuple(_doubt(line, 0) for line in lines[:1]))
    form, lines = _match_lines(lines, glossaries.rows)
    first_page = next((c.place.page for row in rows for c in row.cells), None)
    lines = _heal_cut_rows(_take_boxes(lines), first_page, glossaries.rows)
    lines = _name_own_rows(lines, form, glossaries)
    are_totals_last = all(adds_up(line.boxes) for line in lines if not line.columns.heads)
    paired = [_pair(line, are_totals_last=are_totals_last) for line in lines]
    broken = _find_unsure(lines, [pairs for pairs, _ in paired], form or "2021")
    readings: list[CellReading] = []
    findings: list[Finding] = []
    for i, (line, (pairs, way)) in enumerate(zip(lines, paired, strict=True)):
        if line.match is None:
            findings += _report_unknown(line)
        elif i in broken:
            findings.append(_doubt(line, len(line.columns.places)))
        else:
            readings += _read_boxes(line, line.match, pairs, way)
            if not pairs and not line.is_blank:
                findings.append(_doubt(line, len(line.columns.places)))
    findings += [*_report_strange_heads(lines), *_report_foreign_columns(lines)]
    return TableReading("requests", form, tuple(readings), tuple(findings))


def _find_unsure(lines: Sequence[_RequestsLine], paired: Sequence[Mapping[str, Cell]], form: str) -> set[int]:
    """The lines whose numbers may be others, or another column's."""
    lost = [i for i, line in enumerate(lines) if _may_have_lost_boxes(line, paired[i])]
    if not lost and not any(line.beside_numbers for line in lines):
        return set()  # most tables
    verdict = _judge(lines, paired, form)
    unproved = {i for i in lost if not _is_proved(lines[i], paired[i], verdict, form)}
    return _find_broken(lines, verdict) | unproved


def _judge(lines: Sequence[_RequestsLine], paired: Sequence[Mapping[str, Cell]], form: str) -> Verdict:
    """The form's sums, tried on the boxes of some lines."""
    numbers: dict[tuple[str, str], Decimal] = {}
    for line, pairs in zip(lines, paired, strict=True):
        for column, cell in pairs.items():
            number = value_of(cell.text)
            if line.match is not None and number is not None:
                numbers[line.match.id, column] = number[0]
    return judge_values("requests", form, numbers)


def _find_broken(lines: Sequence[_RequestsLine], verdict: Verdict) -> set[int]:
    """The lines beside numbers without a label, which may be theirs: 13 above the end of a page, and 1 below it is 131.

    A line with numbers of its own is sure where all sums of the table hold. The sum of its row alone says nothing: it
    holds for the first digits of its numbers as well.
    """
    blank = {i for i, line in enumerate(lines) if line.beside_numbers and line.is_blank}
    pieces = {i for i, line in enumerate(lines) if line.above_pieces and line.match is not None}
    is_sure = not verdict.failed and verdict.has_weight
    return blank if is_sure else blank | pieces


def _may_have_lost_boxes(line: _RequestsLine, pairs: Mapping[str, Cell]) -> bool:
    """Whether boxes of a drawn row may be lost between those that are there, and its last number be the total."""
    ids = [id for id, _ in line.columns.places]
    if not line.boxes or len(line.boxes) >= len(ids):
        return False
    numbers = [c for c in pairs.values() if not is_blank(c.text)]
    last = line.boxes[-1]
    is_cut = last.column + last.colspan <= line.columns.places[-1][1]
    return may_end_in_total(numbers) if is_cut else len(numbers) > 1 and ends_in_total(numbers)


def _is_proved(line: _RequestsLine, pairs: Mapping[str, Cell], verdict: Verdict, form: str) -> bool:
    """Whether the sums down the column of the last number hold with it."""
    number = next((id for id, c in reversed([*pairs.items()]) if not is_blank(c.text)), None)
    if line.match is None or number is None:
        return False
    sums = column_sums("requests", form, line.match.id, number)
    return bool(sums & verdict.satisfied) and not sums & verdict.broken


def _find_lines(rows: Sequence[Row], glossaries: TableGlossaries) -> list[_RequestsLine]:
    """The rows of values that have a label."""
    lines: list[_RequestsLine] = []
    follows = False
    for row, columns in _rows_under_heads(rows, glossaries):
        if row.leaf is None:
            numbers = sum(not is_blank(c.text) for c in row.cells)
            follows = numbers > 0
            if follows and lines:
                is_in_pieces = numbers < len(_COLUMNS)
                lines[-1] = replace(lines[-1], beside_numbers=True, above_pieces=is_in_pieces)
            continue
        if row.values:
            lines.append(_RequestsLine(row, columns, beside_numbers=follows))
            follows = False
    return lines


# Heads ---------------------------------------------------------------------------------------


def _rows_under_heads(rows: Sequence[Row], glossaries: TableGlossaries) -> Iterator[tuple[Row, _Columns]]:
    """The rows that are no heads, each with the columns that govern it."""
    head_rows: list[Row] = []
    columns = _Columns()
    for row in rows:
        if (
            _is_head(row, glossaries)
            or (head_rows and _continues_heads(row, head_rows[-1], glossaries.rows))
            or _has_a_word_in_every_column(row)
        ):
            head_rows.append(row)
            continue
        if head_rows and all(is_blank(c.text) for c in row.cells):
            continue  # a strip that a page end leaves of a row of heads
        if head_rows:
            columns = _read_columns(head_rows, glossaries.columns) or columns
            head_rows = []
        places = () if columns.are_counted else [column for _, column in columns.places]
        yield write_out_noughts(row, places), columns


def _read_columns(head_rows: Sequence[Row], glossary: Glossary) -> _Columns | None:
    """The columns under some heads; None where these are too few."""
    heads = read_heads(head_rows, _COLUMNS, glossary, _OVER)
    if len(heads) < _LEAST_HEADS:
        return None
    matches = {h.match.id: replace(h.match, printed=h.path) for h in heads}
    is_whole = len(matches) == len(_COLUMNS)
    foreign = find_foreign_columns(head_rows, heads, _OVER, _LABELS) if is_whole else frozenset()
    return _Columns(heads, matches, foreign, grid=head_rows[-1].grid)


def _is_head(row: Row, glossaries: TableGlossaries) -> bool:
    if any(not is_label(c.text) and not is_blank(c.text) for c in row.cells):
        return False
    labels = [c for c in row.cells if is_label(c.text)]
    # 总计 names a column and a row; beside 自然人, and nothing else, it is a column
    if len(labels) < 3 and row.leaf is not None and glossaries.rows.exact(row.leaf.text) is not None:
        only_columns = all(glossaries.columns.exact(c.text) for c in labels)
        if not (len(labels) == len(row.cells) > 1 and only_columns):
            return False
    hits = sum(glossaries.columns.match(c.text) is not None for c in labels)
    return hits >= 2 or any(_OVER.search(re.sub(r"\s", "", c.text)) for c in labels)


def _has_a_word_in_every_column(row: Row) -> bool:
    """Heads of somebody's own: 项目 | 数据1 | 数据2 … over every column."""
    return len(row.cells) > len(_COLUMNS) and all(is_label(c.text) for c in row.cells)


def _continues_heads(row: Row, head: Row, glossary: Glossary) -> bool:
    """A row of words below a head: labels broken by a page end (商业 over 企业).

    The solver needs whole heads as well: without this step a report whose heads a page end cuts loses its table three.
    """
    labels = [c for c in row.cells if is_label(c.text)]
    if row.grid != head.grid or not labels:
        return False
    if any(not is_label(c.text) and not is_blank(c.text) for c in row.cells):
        return False
    if len(labels) == len(row.cells) and labels[0].column > 0:
        return True  # no box of the row is a value: 其他 on a line of its own
    is_row = any(glossary.match(c.text) for c in labels[: max(1, len(labels) - 1)])
    return len(row.cells) - len(labels) < _LEAST_VALUES and not is_row


# Rows ----------------------------------------------------------------------------------------


def _match_lines(
    lines: Sequence[_RequestsLine], glossary: Glossary
) -> tuple[str | None, list[_RequestsLine]]:
    """The form whose rows fit better (None: both), and the lines with their Matches under it."""
    aligned = {
        form: align(
            [_label_of(line, form, glossary) for line in lines],
            [r.id for r in table(form, "requests").rows],
            glossary,
        )
        for form in FORMS
    }
    form = choose_form_of_requests(aligned, [line.row.path for line in lines])
    matches = aligned[form or "2021"]
    return form, [
        replace(line, match=None if m is not None and may_be_another(line.row.leaf_text, m) else m)
        for line, m in zip(lines, matches, strict=True)
    ]


def _label_of(line: _RequestsLine, form: str, glossary: Glossary) -> str:
    """The label of a row; of one that a false wall parts into two boxes, both, where they are a label as listed."""
    row = line.row
    if len(row.labels) > 1 and glossary.match(row.leaf_text) is None:
        whole = "".join(c.text for c in row.labels)
        if glossary.exact(whole) is not None:
            return whole
    return write_out_other(row.leaf_text, form)


def _name_own_rows(
    lines: Sequence[_RequestsLine], form: str | None, glossaries: TableGlossaries
) -> list[_RequestsLine]:
    """The lines with a Match for rows that the form does not have."""
    known = {line.match.id for line in lines if line.match is not None}
    is_whole = has_every_row("requests", form or "2021", known)
    named: list[_RequestsLine] = []
    before: str | None = None
    for number, line in enumerate(lines, 1):
        match = line.match
        if match is None and not line.is_blank:
            match = name_subtotal(line.row, before)
            if match is None and is_whole and glossaries.columns.exact(line.row.leaf_text) is None:
                match = name_own_row(line.row, number, glossaries)
        before = match.id if match is not None else None
        named.append(replace(line, match=match))
    return named


def _take_boxes(lines: Sequence[_RequestsLine]) -> list[_RequestsLine]:
    """The lines with their value boxes."""
    return [
        replace(line, boxes=[c for c in line.row.values if c.column not in line.columns.foreign])
        for line in lines
    ]


def _heal_cut_rows(
    lines: Sequence[_RequestsLine], first_page: int | None, glossary: Glossary
) -> list[_RequestsLine]:
    """Rows that a page end cut through: numbers beside “7.属于行” and blank boxes beside “政执法案卷”.

    The blanks are none of the row's: its numbers stand above. They are taken where both pieces
    together are the row's label, word for word; else neither part is. So a blank row that begins a
    page with anything but a whole label is not taken for zeros. `first_page` is the one the table begins on.
    The sums do not tell the solver: they hold under zeros as well.
    """
    healed = list(lines)
    page = first_page
    for i, line in enumerate(lines):
        before, page = page, next((c.place.page for c in (*line.boxes, *line.row.cells)), None)
        if line.match is None or page == before or not line.is_blank:
            continue
        above = lines[i - 1] if i else None
        if _has_a_whole_label(line.match, above):
            continue
        healed[i] = replace(line, match=None)
        if above is not None and _lacks_a_label(above):
            joined = glossary.exact(above.row.leaf_text + line.row.leaf_text)
            if joined is not None and joined.id == line.match.id:
                healed[i - 1] = replace(above, match=replace(joined, rule="sequence"))
    return healed


def _has_a_whole_label(match: Match, above: _RequestsLine | None) -> bool:
    """Whether a label is the form's by itself; a bare number above it would be its beginning."""
    if match.rule not in ("exact", "alias"):
        return False
    return above is None or not _lacks_a_label(above) or key(above.row.leaf_text) != ""


def _lacks_a_label(line: _RequestsLine) -> bool:
    """Whether a row has numbers and a label that is none of the form's."""
    return line.match is None and not line.is_blank


# Boxes ---------------------------------------------------------------------------------------


def _pair(line: _RequestsLine, *, are_totals_last: bool) -> tuple[dict[str, Cell], str]:
    """Which box belongs to which column, and how that was decided.

    `are_totals_last`: rows without heads end in the sum of their boxes; else the last column is not the total.
    """
    columns = line.columns
    ids = [id for id, _ in columns.places]
    if len(set(ids)) < len(ids):
        return {}, "doubt"  # a head stands twice
    pairs, way = _pair_drawn(line, ids)
    return ({} if not columns.heads and not are_totals_last else pairs), way


def _pair_drawn(line: _RequestsLine, ids: Sequence[str]) -> tuple[dict[str, Cell], str]:
    columns = line.columns
    is_whole = len(ids) == len(_COLUMNS)
    if len(line.boxes) < len(ids) and columns.grid not in (None, line.row.grid):
        return {}, "doubt"  # the columns of another Grid, with other walls, are not those under the heads
    pairs, way = spread(
        line.boxes, columns.places, line.row.label_end, counted=columns.are_counted, whole=is_whole
    )
    if way == "count" and not columns.are_counted and is_whole and tuple(ids) != _COLUMNS:
        return {}, "doubt"  # heads in an order of their own, and not over the boxes: which is wrong?
    return pairs, way


def _read_boxes(
    line: _RequestsLine, match: Match, pairs: Mapping[str, Cell], way: str
) -> Iterator[CellReading]:
    """The readings of one row. A head that is not the form's, taken by position, is less certain."""
    row = replace(match, printed=line.row.path)
    for id, cell in pairs.items():
        column = line.columns.matches.get(id) or Match("", id, 0.0, "position")
        is_strange = column.rule == "position" and column.printed != ""
        yield CellReading(row, column, cell, "contradicted" if is_strange else way)


# Findings ------------------------------------------------------------------------------------


def _report_strange_heads(lines: Sequence[_RequestsLine]) -> list[Finding]:
    """That columns were taken by position, because their heads are not the form's; once for the table."""
    heads = (h for line in lines for h in line.columns.heads)
    paths = dict.fromkeys(h.path for h in heads if h.match.rule == "position" and h.match.printed)
    if not paths:
        return []
    texts = ", ".join(path.rpartition(" / ")[2] for path in paths)
    message = f"heads that the form does not have ({texts}); their columns are taken by position"
    return [flag("label-contradicts", message, table="requests", printed=" | ".join(paths))]


def _report_foreign_columns(lines: Sequence[_RequestsLine]) -> Iterator[Finding]:
    """That columns with numbers are none of the form's, once for the table."""
    boxes = [c for line in lines for c in line.row.values if c.column in line.columns.foreign]
    filled = [c for c in boxes if not is_blank(c.text)]
    if filled:
        place = filled[0].place
        message = (
            f"{place}: {len(filled)} boxes stand in columns that the form does not have; they are left out"
        )
        yield flag("label-unknown", message, place=place, table="requests", severity="warning")


def _doubt(line: _RequestsLine, expected: int) -> Finding:
    row = line.row
    place = row.cells[0].place
    printed = " | ".join(c.text.strip() for c in row.values)
    return flag(
        "row-unaligned",
        f"{place}: {len(row.values)} boxes ({printed}) for {expected} columns; "
        "which column each belongs to is not certain, so none is taken",
        place=place,
        table="requests",
        row=line.match.id if line.match is not None else None,
        printed=printed,
    )


def _report_unknown(line: _RequestsLine) -> list[Finding]:
    """A row of numbers whose label is not understood."""
    row = line.row
    if all(is_blank(c.text) for c in row.values):
        return []
    place = row.cells[0].place
    return [
        flag(
            "label-unknown",
            f"{place}: the form has no row “{row.path}”; its boxes are left out",
            place=place,
            table="requests",
            printed=row.path,
        )
    ]
