"""Table two, fitted to placed words. It has no sums: it is believed where every label and every number is explained."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from statistics import median

from gongkai.model import Cell, Place, PlacedWord
from gongkai.normalize.form.lexicon import TableGlossaries
from gongkai.normalize.form.which_form import columns_of_rows
from gongkai.normalize.solve.column_extents import Extent, find_heads, place_line, stack_words
from gongkai.normalize.solve.label_runs import (
    EXACT,
    Fit,
    LabelledRow,
    RowLabels,
    fit_rows,
    folded_key,
    row_labels,
    score_label,
)
from gongkai.normalize.solve.rows.proactive_in_rows import solve_in_rows
from gongkai.normalize.solve.solution import Solution, SolvedBox, Verdict
from gongkai.normalize.solve.table_region import Region
from gongkai.normalize.solve.word_lines import group_levels, is_spoilt_number, is_value

_FORM_OF_2019 = re.compile("新制作|对外公开总|上一年项目|集中采购|其他对外管理")
_FORM_OF_2021 = re.compile("制发|废止|现行有效|行政规范性文件")
#: Heads that only one form has. A table with both has rows of both, and no form says how many columns they have.
_HEAD_OF_2019 = re.compile("新制作|新公开数量|对外公开总|上一年项目")
_HEAD_OF_2021 = re.compile("本年制发|本年废止|现行有效|本年处理决定|收费金额")
_BAND = re.compile("第?二十条")
_OTHER_MEANS = re.compile("其[他它]主动公开")
#: Labels of rows begin so near to each other, in points; a number stands so near to its row's label.
_FLUSH, _NEAR = 60.0, 12.0
#: Rows that make a table, and the score that a label must have.
_LEAST_ROWS, _LEAST_SCORE = 3, 0.5
#: Heads of a band are looked for in so many levels above its row.
_LEVELS = 7
_HEADS = {
    "本年制发件数": "issued",
    "本年废止件数": "repealed",
    "现行有效件数": "in_force",
    "本年新制作数量": "made",
    "本年新公开数量": "newly_disclosed",
    "对外公开总数量": "total_disclosed",
    "上一年项目数量": "prior_year_items",
    "本年增减": "change",
    "处理决定数量": "decisions",
    "本年处理决定数量": "decisions",
    "本年收费金额": "fees_collected",
    "采购项目数量": "procurement_items",
    "采购总金额": "procurement_amount",
}

#: Two columns of one row, in the form's order.
_IN_ORDER = frozenset(
    (a, b)
    for columns in (
        ("issued", "repealed", "in_force"),
        ("made", "newly_disclosed", "total_disclosed"),
        ("prior_year_items", "change", "decisions"),
        ("procurement_items", "procurement_amount"),
    )
    for a, b in itertools.combinations(columns, 2)
)
_EXPLANATION = re.compile(r"[（(][^（）()]*[）)]")
#: The unit of money at the end of a head; 元 is one by itself only where it is surely not the end of 万元.
_UNIT_OF_HEAD = re.compile(r"(?P<stated>[(（]|单位[:：]?为?|金额|人民币)?(?P<unit>[万亿]?元)[)）]?$")
_LONGEST_HEAD = 24
#: The head that stands alone over three columns, and so much of it that it is no other's beginning.
_LONE_HEAD, _LEAST_OF_HEAD = "本年处理决定数量", 4
_MONEY = ("fees_collected", "procurement_amount")

_Columns = Mapping[str, tuple[str, ...]]


def solve_proactive(region: Region, glossaries: TableGlossaries) -> list[Solution]:
    """The way to fill table two from a region; empty where it is not recognised."""
    if region.kind == "rows":
        return solve_in_rows(region, glossaries)
    form = _find_form(region.texts)
    if form is None or _mixes_forms(region.texts) or not _keeps_order(region):
        return []
    labels = row_labels("proactive", form, glossaries.rows)
    columns = columns_of_rows(form)
    fit = _fit_labels(region, labels)
    rows = [r for r in fit.rows if r.score > _LEAST_SCORE]
    if len(rows) < _LEAST_ROWS:
        return []
    numbers = (
        _numbers_in_order(region, rows, columns) if region.is_flow else _numbers_beside(region, rows, fit)
    )
    boxes: dict[tuple[str, str], SolvedBox] = {}
    doubtful: set[str] = set()
    for row in rows:
        filled = _fill_row(region, row, numbers.get(row.id, []), columns[row.id])
        if filled is None:
            doubtful.add(row.id)
        else:
            boxes.update({(row.id, c): box for c, box in filled.items()})
    money = _find_money_unit(region.texts)
    unclear = _find_unclear_amounts(boxes) if money is None else set()
    doubtful |= {row for row, _ in unclear}
    boxes = {slot: box for slot, box in boxes.items() if slot not in unclear}
    if doubtful:
        wide = {r.id for r in rows if len(numbers.get(r.id, [])) > len(columns[r.id])}
        boxes = _drop_doubtful(boxes, wide)
    is_sure = (
        not (
            region.is_flow and doubtful
        )  # numbers that are not its own may be those of a row that seems whole
        and bool(boxes)
        and all(r.score == EXACT for r in rows)
        and not _has_free_numbers(region, fit, numbers)
        and not _has_cut_head(region)
    )
    return [
        Solution(
            "proactive",
            form,
            region.kind,
            boxes,
            {r.id: r.match for r in rows},
            {},
            Verdict(0, 0, 0, 0),
            "labels" if is_sure else "",
            doubtful=frozenset(doubtful),
            money_unit=money or "",
        )
    ]


def _drop_doubtful(
    boxes: Mapping[tuple[str, str], SolvedBox], wide: set[str]
) -> dict[tuple[str, str], SolvedBox]:
    """The boxes of a table that is not understood in one place, without those that may be others in its other places.

    It may have lost numbers there. `wide` are rows with more numbers than the form has columns: where there is a column a
    year, say, numbers that are alike are no span that was written out.
    """
    return {slot: box for slot, box in boxes.items() if box.way != "inferred" and slot[0] not in wide}


def _find_unclear_amounts(boxes: Mapping[tuple[str, str], SolvedBox]) -> set[tuple[str, str]]:
    """The amounts of money in a table that does not say for certain in which unit they are."""
    return {slot for slot, box in boxes.items() if slot[1] in _MONEY and box.cell.text}


def _find_money_unit(texts: Sequence[PlacedWord]) -> str | None:
    """The unit of money that the heads state, "" where they state none; None where they state several or it is cut off."""
    units: set[str] = set()
    cut = ""
    for w in texts:
        text = re.sub(r"\s", "", w.text)
        is_head = len(text) <= _LONGEST_HEAD and not any(map(str.isdigit, text))
        m = _UNIT_OF_HEAD.search(cut + text) or _UNIT_OF_HEAD.search(text) if is_head else None
        if m is not None:
            units.add(m["unit"] if m["unit"] != "元" or m["stated"] else "")
        cut = text[-1] if text.endswith(("万", "亿")) else cut if m is None else ""
    if "" in units and "万元" not in units:
        return None  # 元）alone may be the end of 万元
    units.discard("")
    return None if len(units) > 1 else next(iter(units), "")


def _find_form(texts: Sequence[PlacedWord]) -> str | None:
    """The form whose words stand in a region, also where they are wrapped."""
    short = [w for w in texts if len(w.text) < 7]
    stacks = [w for words in (texts, short) for _, _, stack in stack_words(words) for w in stack]
    said = "".join(folded_key(w.text) for w in (*texts, *stacks))
    if _FORM_OF_2019.search(said):
        return "2019"
    return "2021" if _FORM_OF_2021.search(said) else None


def _mixes_forms(texts: Sequence[PlacedWord]) -> bool:
    """Whether heads of both forms stand in a region, each as one word: side by side, 本年 and 处理决定 are two heads."""
    keys = [folded_key(w.text) for w in texts]
    return any(map(_HEAD_OF_2019.search, keys)) and any(map(_HEAD_OF_2021.search, keys))


def _keeps_order(region: Region) -> bool:
    """Whether no head stands right before one that the form has before it in the same row: numbers are dealt out by the form."""
    texts = [w for w in region.texts if not _BAND.search(w.text)]
    lines = [texts] if region.is_flow else group_levels(texts)
    heads = ([id for w in line for id in _heads_in(w.text)] for line in lines)
    pairs = (pair for ids in heads for pair in itertools.pairwise(ids))
    return not any((after, before) in _IN_ORDER for before, after in pairs)


def _heads_in(text: str) -> list[str | None]:
    """The head that a word is; the heads in it, where blanks part them; None for each other word."""
    whole = _HEADS.get(folded_key(_EXPLANATION.sub("", text)))
    if whole is not None:
        return [whole]
    return [_HEADS.get(folded_key(_EXPLANATION.sub("", part))) for part in text.split()] or [None]


def _fit_labels(region: Region, labels: RowLabels) -> Fit:
    if region.is_flow:
        return fit_rows(region.texts, labels, flow=True)
    pieces = sorted(region.texts, key=lambda w: (round(w.y / 3), w.x0))
    listed = [w for w in pieces if _is_listed(w, labels)]
    if listed:
        left = median(w.x0 for w in listed)
        pieces = [w for w in pieces if abs(w.x0 - left) < _FLUSH or _is_listed(w, labels)]
    return fit_rows(pieces, labels)


def _is_listed(w: PlacedWord, labels: RowLabels) -> bool:
    return any(score == EXACT for _, score in score_label(w.text, labels))


# Numbers to rows -----------------------------------------------------------------------------


def _numbers_beside(region: Region, rows: Sequence[LabelledRow], fit: Fit) -> dict[str, list[PlacedWord]]:
    """The numbers on the level of each row's label."""
    bands: list[tuple[float, float, str | None]] = [(r.top, r.bottom, r.id) for r in rows]
    bands += [(w.top, w.bottom, None) for w in fit.left_over]
    start = min(r.words[0].x0 for r in rows)
    numbers: dict[str, list[PlacedWord]] = {}
    for line in group_levels([w for w in region.values if w.x0 > start]):
        y = median(w.y for w in line)
        distance, n = min(
            (max(0.0, b[0] - y, y - b[1]) + 0.1 * abs((b[0] + b[1]) / 2 - y), n) for n, b in enumerate(bands)
        )
        id = bands[n][2]
        if id is not None and distance < _NEAR:
            numbers.setdefault(id, []).extend(line)
    return {id: sorted(own, key=lambda w: w.x0) for id, own in numbers.items()}


def _numbers_in_order(
    region: Region, rows: Sequence[LabelledRow], columns: _Columns
) -> dict[str, list[PlacedWord]]:
    """The numbers behind each row's label; of a band whose numbers come otherwise, in an order that is certain.

    A band begins at 第二十条第（五）项; it must have as many numbers as its rows have columns.
    """
    owner = {id(w): row.id for row in rows for w in row.words}
    bands: list[_Band] = [[]]
    for w in region.words:
        if _BAND.search(w.text):
            bands.append([])
        band = bands[-1]
        if is_value(w.text):
            band.append(w)
        elif (band and band[-1] != owner.get(id(w))) or not band:
            band.append(owner.get(id(w)) or "")
    numbers: dict[str, list[PlacedWord]] = {}
    for band in bands:
        numbers |= _deal_out(band, columns)
    return numbers


#: The labels of a band as ids of rows, "" for other words, and its numbers, in order.
_Band = list[str | PlacedWord]


def _deal_out(band: _Band, columns: _Columns) -> dict[str, list[PlacedWord]]:
    """The numbers of each row of a band: behind its label, else before it, else all in the order of the rows.

    Numbers that stand in one run beside several labels may go down the columns as well as along the rows: they are dealt
    out where that makes no difference.
    """
    ids = list(dict.fromkeys(x for x in band if isinstance(x, str) and x))
    for ordered in (band, band[::-1]):
        behind = _numbers_behind(ordered)
        if all(len(behind.get(id, [])) == len(columns[id]) for id in ids):
            back = ordered is not band
            return {id: own[::-1] if back else own for id, own in behind.items()}
    values = [x for x in band if isinstance(x, PlacedWord)]
    if len(values) != sum(len(columns[id]) for id in ids):
        return _numbers_behind(band)
    along: dict[str, list[PlacedWord]] = {}
    rest = values
    for id in ids:
        along[id], rest = rest[: len(columns[id])], rest[len(columns[id]) :]
    down = {id: values[i :: len(ids)] for i, id in enumerate(ids)}
    texts = [{id: [w.text for w in own] for id, own in dealt.items()} for dealt in (along, down)]
    return along if texts[0] == texts[1] else _numbers_behind(band)


def _numbers_behind(band: Sequence[str | PlacedWord]) -> dict[str, list[PlacedWord]]:
    numbers: dict[str, list[PlacedWord]] = {}
    current = ""
    for x in band:
        if isinstance(x, str):
            current = x
        elif current:
            numbers.setdefault(current, []).append(x)
    return numbers


def _has_free_numbers(region: Region, fit: Fit, numbers: Mapping[str, Sequence[PlacedWord]]) -> bool:
    """Whether a number of the region is no row's, or something that may hold one was not understood."""
    taken = {id(w) for own in numbers.values() for w in own}
    other = [w for w in fit.left_over if _OTHER_MEANS.search(w.text)]
    free = [w for w in region.values if w.text and id(w) not in taken]
    if region.is_flow:
        begin = next((i for i, w in enumerate(region.words) if _BAND.search(w.text)), 0)
        in_table = {id(w) for w in region.words[begin:]}  # not those of a sentence above the table
        return any(map(is_spoilt_number, (w.text for w in region.words[begin:]))) or (
            not other and any(id(w) in in_table for w in free)
        )
    unread = _find_spoilt(region, [w for own in numbers.values() for w in own])
    return any(not any(abs(w.y - o.y) < _NEAR for o in other) for w in (*free, *unread))


def _has_cut_head(region: Region) -> bool:
    """Whether a head that stands alone over its numbers ends before its last words, as text of a sheet wider than its paper."""
    words = [folded_key(w.text) for w in region.texts]
    for word, behind in itertools.pairwise([*words, ""]):
        is_begin = len(word) >= _LEAST_OF_HEAD and word != _LONE_HEAD and _LONE_HEAD.startswith(word)
        if is_begin and not (behind and _LONE_HEAD.startswith(word + behind)):
            return region.is_flow
    return False


def _find_spoilt(region: Region, numbers: Sequence[PlacedWord]) -> list[PlacedWord]:
    """What may hold a number that was not read, among the numbers of the table or below them."""
    first = min((w.y for w in numbers), default=0.0)
    start = min((w.x0 for w in numbers), default=0.0)
    return [w for w in region.texts if w.y > first - _NEAR and w.x0 >= start and is_spoilt_number(w.text)]


# Numbers to columns --------------------------------------------------------------------------


def _fill_row(
    region: Region, row: LabelledRow, own: Sequence[PlacedWord], columns: Sequence[str]
) -> dict[str, SolvedBox] | None:
    """The boxes of a row; None where it is not sure which column a number belongs to."""
    if region.is_boxed:
        own = _drop_filler(own, len(columns))
    elif not region.is_flow and not _stand_apart(own):
        return None
    if len(own) == len(columns):
        return {c: SolvedBox(w.cell, "fitted") for c, w in zip(columns, own, strict=True)}
    nothing = SolvedBox(Cell(0, 0, 1, 1, "", Place(page=row.words[0].cell.place.page)), "inferred")
    if region.kind not in ("points", "columns") or len(own) > len(columns):
        return None
    heads = _find_band_heads(region.texts, row, columns)
    if heads is None:  # without them nobody knows that the columns stand on this page at all
        return None
    if not own:
        return dict.fromkeys(columns, nothing)
    placed = place_line(own, [heads[c] for c in columns], columns) if region.kind == "points" else None
    if placed is None:
        return None
    return {c: SolvedBox(placed[c].cell, "aligned") if c in placed else nothing for c in columns}


def _stand_apart(own: Sequence[PlacedWord]) -> bool:
    """Whether each number begins behind the one before it: those below each other are of one column, and of several rows."""
    return all(a.x1 <= b.x0 for a, b in itertools.pairwise(own))


def _drop_filler(own: Sequence[PlacedWord], count: int) -> Sequence[PlacedWord]:
    """Boxes of a row without blank ones, or repeated ones, at its end: a span that was written out."""
    while len(own) > count and (own[-1].text == "" or own[-1].text == own[-2].text):
        own = own[:-1]
    return own


def _find_band_heads(
    texts: Sequence[PlacedWord], row: LabelledRow, columns: Sequence[str]
) -> dict[str, Extent] | None:
    """The extents of a row's heads: the nearest above it that name all of its columns."""
    above = [w for w in texts if w.y < row.top and w.x0 > row.words[0].x1 - 20]
    levels = sorted({w.y for w in above}, reverse=True)
    for lowest in levels[:_LEVELS]:
        heads = find_heads([w for w in above if w.y >= lowest - 1], _HEADS)
        if all(c in heads for c in columns):
            return {c: heads[c][0] for c in columns}
    return None
