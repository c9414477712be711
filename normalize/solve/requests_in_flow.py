"""Table three by the order of its words alone: the numbers behind a label are its row's, and seven are all."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from gongkai.model import PlacedWord
from gongkai.normalize.solve.belief import COLUMNS, ORDERS
from gongkai.normalize.solve.filled_requests import FilledRequests, conclude, tells_order
from gongkai.normalize.solve.label_runs import (
    EXACT,
    Fit,
    LabelledRow,
    RowLabels,
    begins_label,
    fit_rows,
    folded_key,
    score_label,
)
from gongkai.normalize.solve.requests_by_totals import solve_by_totals, solve_in_sequence
from gongkai.normalize.solve.solution import Solution, SolvedBox
from gongkai.normalize.solve.solve_own_rows import OwnLine, find_own_lines
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.word_lines import is_value, number_in
from gongkai.record import replace

_COUNT = len(COLUMNS)
#: With fewer rows a table is not recognised.
_LEAST_ROWS = 8
_HEAD_OF_FLOW = re.compile(
    r"""
    自然人 | 法人或其[他它]组织 | 商业企业 | 科研机构 | 社会公益(?:组织)? | 法律服务(?:机构)?
    | 其[他它] | 总计 | 合计 | 组织 | 机构
    """,
    re.VERBOSE,
)
#: The end of a group's label that is broken over lines: （六）其他处 | 理. It stands between the lines of a row's label.
_PIECE_OF_GROUP = re.compile(r"(?:本?年?度?办?理?结)?果|予?公?开|法?提?供|(?:予?处)?理")


def solve_in_flow(region: Region, labels: RowLabels, first: PlacedWord) -> list[Solution]:
    """The numbers behind a label are its row's, and seven are all; or those of the whole table are in the order of its rows."""
    in_sequence = solve_in_sequence(labels, region.words)
    if not in_sequence and region.behind:
        in_sequence = solve_in_sequence(labels, [*region.words, *region.behind])
    return [*_solve_behind(region, labels, first), *in_sequence]


def _solve_behind(region: Region, labels: RowLabels, first: PlacedWord) -> list[Solution]:
    """The rows with the numbers behind their labels."""
    # bars and the like are no pieces of labels, and end no row
    spoken = [w for w in region.words if is_value(w.text) or folded_key(w.text)]
    begin = spoken.index(first)
    words = spoken[begin:]
    fit = fit_rows([w for w in words if not is_value(w.text)], labels, flow=True)
    if len(fit.rows) < _LEAST_ROWS:
        return []
    fit = replace(fit, rows=tuple(_complete_labels(words, fit.rows, labels)))
    by_row = _numbers_behind(words, fit.rows)
    own = find_own_lines(words, fit.rows)
    late = _find_late_rows(fit, labels)
    beside = _find_rows_beside(late, fit.rows, words)  # their numbers may be those of late ones
    beside |= _find_ends_of_runs(fit.rows, by_row) | _find_broken(fit.rows, by_row)
    sure = {id: numbers for id, numbers in by_row.items() if id not in beside}
    solutions = _solve_rows(region, labels, fit.rows, sure, own)
    solutions += _solve_displaced(region, labels, fit.rows, words)
    may_lead = any(is_value(w.text) for w in spoken[:begin])
    solutions += solve_by_totals(labels, fit.rows, by_row, words, may_lead=may_lead)
    if late:  # only the sums of the columns tell that numbers behind another label are theirs
        rows = sorted([*fit.rows, *late], key=lambda row: labels.rank(row.id))
        more = _solve_rows(region, labels, rows, by_row, own)
        solutions += [s for s in more if s.is_proved]
    # the numbers of each row may stand before its label
    return [_believe(s, not (may_lead and s.verdict.failed)) for s in solutions]


def _believe(solution: Solution, is_sure: bool) -> Solution:
    """The Solution, which is not believed unless something more holds."""
    return solution if is_sure else replace(solution, rule="")


def _solve_rows(
    region: Region,
    labels: RowLabels,
    rows: Sequence[LabelledRow],
    by_row: Mapping[str, Sequence[PlacedWord]],
    own: Sequence[OwnLine],
) -> list[Solution]:
    """The rows with the numbers behind their labels, and with those of several rows dealt out among them."""
    ids = [row.id for row in rows]
    dealt: list[Mapping[str, Sequence[PlacedWord]]] = [by_row]
    dealt += [_deal_out(by_row, ids, forward=forward) for forward in (True, False)]
    distinct = [numbers for i, numbers in enumerate(dealt) if numbers not in dealt[:i]]
    solutions = [conclude(region, labels, rows, {}, _fill_flow(ids, numbers), own) for numbers in distinct]
    if tells_order(region, ORDERS[1]):  # 总计 stands first
        moved = conclude(region, labels, rows, {}, _fill_flow(ids, by_row, ORDERS[1]), own)
        solutions.append(_believe(moved, moved.is_proved or moved.rule == "lines"))
    # rows that change places keep their own sums: only those of the columns tell, unless all their numbers are one
    return [
        _believe(s, i in (0, len(distinct)) or s.is_proved or _are_alike(distinct[i], by_row))
        for i, s in enumerate(solutions)
    ]


def _solve_displaced(
    region: Region, labels: RowLabels, rows: Sequence[LabelledRow], words: Sequence[PlacedWord]
) -> Iterator[Solution]:
    """The rows with numbers that stand beside their labels, in the order of the rows: only the sums of rows and columns tell.

    Numbers that go down the columns are not dealt out: columns that change places keep all sums.
    """
    own = {id(w): row.id for row in rows for w in row.words}
    marks = [w if is_value(w.text) else own[id(w)] for w in words if is_value(w.text) or id(w) in own]
    ids = [row.id for row in rows]
    dealt = _deal_in_order(marks, ids)
    if dealt is not None:
        solution = conclude(region, labels, rows, {}, _fill_flow(ids, dealt))
        yield _believe(solution, solution.is_proved)


#: The words of labels, as ids of their rows, and the numbers of a table, in order.
_Marks = Sequence[str | PlacedWord]


def _deal_in_order(marks: _Marks, ids: Sequence[str]) -> dict[str, Sequence[PlacedWord]] | None:
    """Seven numbers for each row, in the order of the rows; None where some stand farther off than beside the next label."""
    places = [i for i, x in enumerate(marks) if not isinstance(x, str)]
    if len(places) != _COUNT * len(ids):
        return None
    first = {x: i for i, x in reversed([*enumerate(marks)]) if isinstance(x, str)}
    last = {x: i for i, x in enumerate(marks) if isinstance(x, str)}
    dealt: dict[str, Sequence[PlacedWord]] = {}
    for n, id in enumerate(ids):
        own = places[_COUNT * n : _COUNT * (n + 1)]
        after, before = first[ids[max(0, n - 1)]], last[ids[min(n + 1, len(ids) - 1)]]
        if not (n == 0 or after < own[0]) or not (n + 1 == len(ids) or own[-1] < before):
            return None
        dealt[id] = [w for i in own if not isinstance(w := marks[i], str)]
    return dealt


def _find_late_rows(fit: Fit, labels: RowLabels) -> list[LabelledRow]:
    """Rows whose labels stand behind the table, with those of the groups: a text gives a column of bands by itself."""
    found = {row.id for row in fit.rows}
    late: dict[str, list[PlacedWord]] = {}
    for piece in fit.left_over:
        for rank, score in score_label(piece.text, labels):
            if score == EXACT and labels.ids[rank] not in found:
                late.setdefault(labels.ids[rank], []).append(piece)
    # 总计 alone is a head of columns
    numbered = {id: [w for w in own if begins_label(w.text)] or own for id, own in late.items()}
    return [LabelledRow(id, (pieces[0],), EXACT) for id, pieces in numbered.items() if len(pieces) == 1]


def _find_rows_beside(
    late: Sequence[LabelledRow], rows: Sequence[LabelledRow], words: Sequence[PlacedWord]
) -> set[str]:
    """The rows whose labels stand right before those of some others, or right behind; not the table's last, whose end it is."""
    owner = {id(w): row.id for row in rows for w in row.words} | {
        id(w): "" for row in late for w in row.words
    }
    order = [owner[id(w)] for w in words if id(w) in owner]
    pairs = [pair for pair in itertools.pairwise(order) if "" in pair]
    return {id for pair in pairs for id in pair} - {before for before, _ in pairs if before == rows[-1].id}


def _find_ends_of_runs(rows: Sequence[LabelledRow], by_row: Mapping[str, Sequence[PlacedWord]]) -> set[str]:
    """The rows whose seven numbers stand in other lines than their labels, behind rows that have none.

    They may be those of any row whose label stands in the run, or of one whose label is lost.
    """
    return {
        row.id
        for before, row in itertools.pairwise(rows)
        if len(by_row.get(row.id, [])) == _COUNT
        and not _lines_of(by_row[row.id]) & _lines_of(row.words)
        and not by_row.get(before.id)
    }


def _find_broken(rows: Sequence[LabelledRow], by_row: Mapping[str, Sequence[PlacedWord]]) -> set[str]:
    """The rows whose seven numbers go over several lines with other words, where some row has too many.

    Digits of a number stand below each other there: 1 and 4 for 14.
    """
    broken = {row.id for row in rows if len(by_row.get(row.id, [])) > _COUNT and len(by_row[row.id]) % _COUNT}
    lines = {row.id: _lines_of(by_row.get(row.id, [])) for row in rows}
    mixed = {row.id for row in rows if len(lines[row.id]) > 1 and lines[row.id] & _lines_of(row.words)}
    return mixed if broken else set()


def _lines_of(words: Sequence[PlacedWord]) -> set[int | None]:
    return {w.cell.place.row for w in words}


def _are_alike(dealt: Mapping[str, Sequence[PlacedWord]], by_row: Mapping[str, Sequence[PlacedWord]]) -> bool:
    """Whether all numbers are the same that were dealt out to other rows: each row has them, however they are dealt."""
    moved = [w for row, numbers in dealt.items() if numbers != by_row.get(row) for w in numbers]
    return len({number_in(w.text) for w in moved}) == 1


def _fill_flow(
    ids: Sequence[str], by_row: Mapping[str, Sequence[PlacedWord]], order: Sequence[str] = COLUMNS
) -> FilledRequests:
    boxes: dict[tuple[str, str], SolvedBox] = {}
    for id in ids:
        own = by_row.get(id, [])
        if len(own) == _COUNT:
            boxes.update({(id, c): SolvedBox(w.cell, "fitted") for c, w in zip(order, own, strict=True)})
    doubtful = {*ids} - {id for id, _ in boxes}
    return FilledRequests("count", order, boxes, doubtful, len(boxes) // _COUNT)


def _deal_out(
    by_row: Mapping[str, Sequence[PlacedWord]], ids: Sequence[str], *, forward: bool
) -> dict[str, Sequence[PlacedWord]]:
    """The numbers of each row, where those of several rows stand behind one label.

    `forward`: the labels of the rows after it stand behind all the numbers; else those of the rows before it stand
    before them, without numbers.
    """
    numbers = dict(by_row)
    for i, id in enumerate(ids):
        own = by_row.get(id, [])
        count, rest = divmod(len(own), _COUNT)
        if rest or count < 2:
            continue
        rows = ids[i : i + count] if forward else ids[max(0, i - count + 1) : i + 1]
        if len(rows) == count and not any(by_row.get(other) for other in rows if other != id):
            numbers.update({r: own[_COUNT * n : _COUNT * (n + 1)] for n, r in enumerate(rows)})
    return numbers


def _complete_labels(
    words: Sequence[PlacedWord], rows: Sequence[LabelledRow], labels: RowLabels
) -> list[LabelledRow]:
    """The rows with the rest of their labels, where the form's wording goes on behind a short one that is listed too.

    A line of a group's label may stand between: 1.申请人无正当理由逾期不补 | 理结果 | 正、行政机关不再处理其政府信息公开申请.
    """
    place = {id(w): i for i, w in enumerate(words)}
    taken = {id(w) for row in rows for w in row.words}
    completed: list[LabelledRow] = []
    for row in rows:
        own = list(row.words)
        for w in words[place[id(own[-1])] + 1 :]:
            if is_value(w.text) or _PIECE_OF_GROUP.fullmatch(w.text):
                continue
            if id(w) in taken or not _goes_on("".join(x.text for x in own) + w.text, row.id, labels):
                break
            own.append(w)
        completed.append(replace(row, words=tuple(own)))
    return completed


def _goes_on(text: str, row: str, labels: RowLabels) -> bool:
    """Whether a wording of a row begins so."""
    begin = folded_key(text)
    return any(id == row and spelling.startswith(begin) for spelling, id in labels.spellings.items())


def _numbers_behind(words: Sequence[PlacedWord], rows: Sequence[LabelledRow]) -> dict[str, list[PlacedWord]]:
    """The numbers behind each row's label.

    Words of heads do not end a row, nor does the end of an explanation in brackets, or a line of a group's label; all
    others that are no label's do.
    """
    owner = {id(w): row.id for row in rows for w in row.words}
    by_row: dict[str, list[PlacedWord]] = {}
    current: str | None = None
    label = ""
    for w in words:
        if is_value(w.text):
            if current is not None:
                by_row.setdefault(current, []).append(w)
            continue
        row = owner.get(id(w))
        if row is not None:
            label = label + w.text if row == current else w.text
            current = row
        elif _is_open(label):
            label += w.text
        elif (
            w.text != label and not _HEAD_OF_FLOW.fullmatch(w.text) and not _PIECE_OF_GROUP.fullmatch(w.text)
        ):
            current, label = None, ""  # a label that stands twice is a span that was written out
    return by_row


def _is_open(label: str) -> bool:
    """Whether brackets are open at the end of a label: 1.属于国家秘密（《条例》第十四."""
    return sum(map(label.count, "（(")) > sum(map(label.count, "）)"))
