"""Rows that the form does not have, in a table three fitted to placed words: 小计 of a group, 其中：网上申请."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gongkai.model import Match, PlacedWord
from gongkai.normalize.form.label import key, simplify
from gongkai.normalize.solve.belief import COLUMNS
from gongkai.normalize.solve.label_runs import LabelledRow
from gongkai.normalize.solve.word_lines import is_value, number_in

#: A label of such a row, which no row of the form begins with.
_LABEL = re.compile("小计$|^其中|网上|当面|信函|申请$")
#: A table has no more such rows: each is compared with all others.
_MOST_OWN = 100
#: The last row of each group, and the id of its 小计. Below another row it may be that of a group whose rows are lost.
_BELOW = {
    "denied_administrative_inquiry": "denied_subtotal",
    "unavailable_still_unclear": "unavailable_subtotal",
    "not_processed_reissue": "not_processed_subtotal",
    "other_misc": "other_subtotal",
}
#: The number of a row of the first rank behind other words.
_LABEL_BEHIND = re.compile(r"[一-鿿）)]\s*[一二四]、\s*(?:本年|上年|结转)")
#: A number behind a label, parted from it by a blank.
_NUMBER_BEHIND = re.compile(r"[一-鿿）)]\s+[\d０-９]+\s*$")


class OwnLine(NamedTuple):
    """A label that is no row's of the form, its height on the page, and the numbers beside it."""

    label: str
    y: float
    numbers: Sequence[PlacedWord]


def is_subtotal(label: str) -> bool:
    """Whether a label is that of a row 小计."""
    return simplify(key(label)).endswith("小计")


def may_be_another(label: str, match: Match) -> bool:
    """Whether a row whose label is spelled otherwise than the form has it may be another one."""
    is_listed = match.rule in ("exact", "alias")
    return not is_listed and (_holds_more(label) or _is_of_a_group(label))


def _is_of_a_group(label: str) -> bool:
    """Whether a row is the 小计 of a group, and no （七）总计, which it is like: that one may stand behind a page's end."""
    return is_subtotal(label) and "七" not in label


def _holds_more(label: str) -> bool:
    """Whether more than one label stands in a box: that of another row before it, or a value of its row behind it.

    No wall was seen between them, and the values beside it may be those of the other row, or a column off. Rows that
    change places keep their sums, so the solver cannot tell either.
    """
    return (_LABEL_BEHIND.search(label) or _NUMBER_BEHIND.search(label)) is not None


def subtotal_below(row: str | None) -> str | None:
    """The id of a row 小计 below a row of this id; None where that row is not the last of a group.

    >>> subtotal_below("denied_administrative_inquiry"), subtotal_below("denied_state_secret")
    ('denied_subtotal', None)
    """
    return _BELOW.get(row or "")


def find_own_lines(words: Sequence[PlacedWord], rows: Sequence[LabelledRow]) -> list[OwnLine]:
    """The labels of such rows in an order of words, each with the numbers behind it."""
    taken = {id(w) for row in rows for w in row.words}
    found: list[OwnLine] = []
    for i, w in enumerate(words):
        if id(w) in taken or is_value(w.text) or _LABEL.search(w.text) is None:
            continue
        end = next((j for j in range(i + 1, len(words)) if not is_value(words[j].text)), len(words))
        found.append(OwnLine(w.text, w.y, words[i + 1 : end]))
    return found


def name_own_lines(
    lines: Sequence[OwnLine], rows: Sequence[LabelledRow], order: Sequence[str], *, is_whole: bool
) -> Mapping[str, tuple[Match, Mapping[str, PlacedWord]]]:
    """The Match and the numbers by column of each line that has seven of them, which add up; by the id of its row.

    小计 is of the group of the row above it. Other rows count only where the table `is_whole`: else the label of a
    row of the form may be one of them, misread.
    """
    named: list[tuple[Match, Mapping[str, PlacedWord]]] = []
    whole = [x for x in lines if len(x.numbers) == len(COLUMNS) and _LABEL.search(x.label) is not None]
    for line in whole if len(whole) <= _MOST_OWN else ():
        numbers = dict(zip(order, sorted(line.numbers, key=lambda w: (w.x0, w.y)), strict=True))
        *parts, total = (number_in(numbers[c].text) for c in COLUMNS)
        id = _name(line, lines, rows, is_whole=is_whole)
        if id is not None and sum(parts) == total:
            named.append((Match(line.label, id, 100.0, "local"), numbers))
    times = Counter(m.id for m, _ in named)
    return {m.id: (m, numbers) for m, numbers in named if times[m.id] == 1}


def _name(
    line: OwnLine, lines: Sequence[OwnLine], rows: Sequence[LabelledRow], *, is_whole: bool
) -> str | None:
    above = [row for row in rows if row.top < line.y]
    if is_subtotal(line.label):
        return subtotal_below(above[-1].id if above else None)
    return f"local_{len(above) + sum(o.y < line.y for o in lines) + 1:03}" if is_whole else None
