"""Rows put together from lines of text: do their boxes still stand in their places?

A text that was made from a table keeps the order of the boxes. Whether the blank ones still stand
in their places, only the table as a whole shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gongkai.model import Cell, PlacedWord
from gongkai.normalize.form.number import NotANumber, is_blank, parse

#: A value box of a table, or of a region.
Box = Cell | PlacedWord

#: Columns of the drawn form that the label of a row without a group, or with one, takes up.
_SPANS = {
    "new_requests": 3,
    "carried_in": 3,
    "carried_out": 3,
    "granted": 2,
    "partially_granted": 2,
    "other_handling": 2,
    "outcomes_total": 2,
}

#: So many rows must show that no total is printed, for one may be a wrong sum.
_LEAST_AGAINST = 2
#: Fewer rows with all their boxes are no table; so many numbers are those of two rows.
_FEW, _OF_TWO_ROWS = 5, 14
#: Rows of a page's text are filled up to the width of its table: so many of them show it, by so many boxes at the most,
#: where this share of them, as a share of the others, does not add up.
_LEAST_FILLED, _MOST_COVERED, _MISPRINTED = 2, 4, 0.2


def keeps_blanks(rows: Sequence[Sequence[PlacedWord]]) -> bool:
    """Whether somewhere a blank box stands before a number: blanks were not swept to the end."""
    for row in rows:
        blank = [is_blank(c.text) for c in row]
        if True in blank and False in blank[blank.index(True) :]:
            return True
    return False


def may_be_swept(row: Sequence[PlacedWord], keeps_blanks: bool) -> bool:
    """Whether blank boxes may have left their places for the end of the row.

    “3 | 3” before five blanks may be natural persons and the total. That is in doubt where the last
    box is blank and those before it add up to something, or where this table has no blank between numbers.
    """
    texts = [c.text for c in row]
    numbers = sum(not is_blank(t) for t in texts)
    if len(texts) < 7 or not is_blank(texts[-1]) or numbers == 0:
        return False
    if numbers >= 2 and not keeps_blanks:
        return True
    try:
        return sum((parse(t).value for t in texts[:-1]), Decimal(0)) != 0
    except NotANumber:
        return False


def ends_in_total(row: Sequence[Box]) -> bool:
    """Whether the last number of a row that lacks boxes may be its total: the sum of those before it."""
    try:
        *parts, last = (parse(c.text).value for c in row)
    except NotANumber:
        return True
    return last != 0 and (not parts or sum(parts) == last)


def may_end_in_total(numbers: Sequence[Box]) -> bool:
    """Whether the last number of a row that lacks boxes may be the total of those before it and of others that are lost."""
    if not numbers:
        return False
    try:
        *parts, last = (parse(c.text).value for c in numbers)
    except NotANumber:
        return True
    return last > 0 and last >= sum(parts)


def adds_up(row: Sequence[Box]) -> bool:
    """Whether the last of seven boxes is the sum of the others, as in the form's order of columns."""
    try:
        numbers = [parse(c.text) for c in row]
    except NotANumber:
        return False
    return len(numbers) == 7 and numbers[6].value == sum(n.value for n in numbers[:6])


def is_scrambled(rows: Sequence[Sequence[PlacedWord]]) -> bool:
    """Whether numbers went to rows that are not theirs: few rows have all boxes, and of those some do not add up.

    Text made from a page may have a table's columns one after the other; a label then has seven numbers of a column. Or a
    label has the numbers of several rows, those of labels that stand elsewhere.
    """
    if any(sum(not is_blank(c.text) for c in row) >= _OF_TWO_ROWS for row in rows):
        return True
    whole = [row for row in rows if len(row) == 7]
    held = sum(adds_up(row) and any(_is_positive(c) for c in row) for row in whole)
    failed = sum(not (adds_up(row) or adds_up([*row[1:], row[0]]) or is_blank(row[-1].text)) for row in whole)
    return (2 * len(whole) <= len(rows) or len(whole) < _FEW) and 0 < failed >= held


def lacks_totals(rows: Sequence[Sequence[PlacedWord]]) -> bool:
    """Whether nobody filled in the totals: all rows end blank, and their last numbers are no sums.

    Had the blank boxes been swept to the end, the last number of a row would be its total.
    """
    without_total = 0
    for row in rows:
        numbers = [c for c in row[:7] if not is_blank(c.text)]
        if len(row) < 7 or not is_blank(row[6].text):
            return False
        without_total += (
            len(numbers) >= 2 and not ends_in_total(numbers) and any(_is_positive(c) for c in numbers)
        )
    return without_total >= _LEAST_AGAINST


def _is_positive(cell: Box) -> bool:
    try:
        return parse(cell.text).value > 0
    except NotANumber:
        return False


def drop_covered(
    rows: Sequence[tuple[str, Sequence[PlacedWord]]], columns: int
) -> list[Sequence[PlacedWord]]:
    """The value boxes of each (row id, boxes), without those of columns that the label covers.

    Some texts print, behind the values, a blank box for every column that a label spans. Such a text
    has in every row just as many blank boxes too many as the row's label spans columns; otherwise the
    rows stay as they are. The last row may be short: a text that was cut ends in the middle of one. The solver takes
    seven numbers of a flow or none, so a text that prints its blank boxes is read here.
    """
    if len(rows) > 2 and len(rows[-1][1]) < columns:
        return [*drop_covered(rows[:-1], columns), rows[-1][1]]
    values = [boxes for _, boxes in rows]
    if _print_covered(rows, columns) or _are_filled_up(values, columns):
        return [boxes[:columns] for boxes in values]
    return values


def _print_covered(rows: Sequence[tuple[str, Sequence[PlacedWord]]], columns: int) -> bool:
    """Whether each row has a blank box behind its values for every column that its label covers.

    Where no row has its last box, several columns may be one box, and blank ones none of them.
    """
    covered = [_SPANS.get(id, 1) - 1 for id, _ in rows]
    if not any(covered) or not all(
        len(boxes) == columns + n and all(is_blank(c.text) for c in boxes[columns:])
        for (_, boxes), n in zip(rows, covered, strict=True)
    ):
        return False
    numbered = [boxes for _, boxes in rows if not all(is_blank(c.text) for c in boxes)]
    return not numbered or any(not is_blank(boxes[columns - 1].text) for boxes in numbered)


def _are_filled_up(rows: Sequence[Sequence[PlacedWord]], columns: int) -> bool:
    """Whether rows were filled up behind their values, whatever it is that covers the places.

    Every row has boxes too many and no number in them, none with a number lacks its last one, and the numbers add up.
    """
    if len(rows) < _LEAST_FILLED:
        return False
    numbered = 0
    for boxes in rows:
        blank = [is_blank(c.text) for c in boxes]
        if not columns < len(boxes) <= columns + _MOST_COVERED or not all(blank[columns:]):
            return False
        if all(blank):
            continue
        if blank[columns - 1]:
            return False
        numbered += 1
    own = [boxes[:columns] for boxes in rows]
    held = sum(adds_up(row) or adds_up([*row[1:], row[0]]) for row in own)
    return numbered > 0 and len(rows) - held <= _MISPRINTED * held
