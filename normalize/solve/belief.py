"""When a filled table three is believed: rules with a name each, which is kept with the Solution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from gongkai.model import LayoutKind
from gongkai.normalize.form.template import table
from gongkai.normalize.solve.label_runs import EXACT, LabelledRow
from gongkai.normalize.solve.solution import SolvedBox, Verdict
from gongkai.normalize.solve.word_lines import BOXED, number_in
from gongkai.record import dataclass

COLUMNS = tuple(c.id for c in table("2021", "requests").columns)
#: The form's order, and that of reports that print 总计 first.
ORDERS = (COLUMNS, (COLUMNS[-1], *COLUMNS[:-1]))
#: So many rows, and this share of them with listed labels, make the labels sure.
_LEAST_ROWS, _LISTED = 12, 0.8
#: Sums of rows and of columns that must hold; the share of failing ones that misprints explain.
_LEAST_ROW_SUMS, _LEAST_COLUMN_SUMS, _MISPRINTED, _MISPRINTED_IN_PLACE = 3, 2, 0.15, 0.35
#: Rows in doubt, as a share of all, under seven heads.
_IN_DOUBT = 0.1
#: Rows with listed labels that alone decide, with heads: of words, and of boxes, where nothing is lost between them.
_NEARLY_ALL, _LEAST_DRAWN = 20, 6
#: So many labels of a whole form may be spelled otherwise.
_MOST_ALIKE = 2
#: What a rule leaves of the confidence in a box; all other rules, and those of tables two and four, leave it as it is.
_TRUST = {"headed": 0.99, "place": 0.985, "lines": 0.985}


def trust_in(rule: str) -> float:
    """What is left of the confidence in a box of a table that is believed by this rule.

    >>> trust_in("sums"), trust_in("place")
    (1.0, 0.985)
    """
    return _TRUST.get(rule, 1.0)


def is_decided_by_sums(rule: str) -> bool:
    """Whether the form's sums tell the columns, so that heads add nothing."""
    return rule in ("sums", "inside")


@dataclass(frozen=True, slots=True)
class TableEvidence:
    """What is known of a filled table. `how` is where its columns come from, `heads` those that were read."""

    kind: LayoutKind
    how: str
    order: Sequence[str]
    rows: Sequence[LabelledRow]
    doubtful: Set[str]
    counted: int
    blank: int
    heads: Set[str]
    boxes: Mapping[tuple[str, str], SolvedBox]
    verdict: Verdict
    #: whether the heads tell the order, and every row has its numbers in one line of its own, as lines of a text show
    has_told_lines: bool = False
    #: whether every row of the form is there
    is_complete: bool = False

    @property
    def listed(self) -> int:
        """Rows whose labels are spelled as the form or an alias has them."""
        return sum(r.score == EXACT for r in self.rows)

    @property
    def are_all_listed(self) -> bool:
        """Whether every label is."""
        return self.listed == len(self.rows)

    @property
    def are_labels_sure(self) -> bool:
        """Whether every label is listed; one or two that are only like a row's are sure among all other rows of the form."""
        return self.are_all_listed or (self.is_complete and self.listed >= len(self.rows) - _MOST_ALIKE)


def find_rule(e: TableEvidence) -> str:
    """The first rule by which a table is believed, "" where none holds."""
    if e.listed < _LISTED * len(e.rows):
        return ""
    if len(e.rows) < _LEAST_ROWS:
        return "unanimous" if e.kind in BOXED and _is_unanimous(e) else ""
    return next((name for name, holds in _RULES.items() if holds(e)), "")


def _is_headed(e: TableEvidence) -> bool:
    """Seven heads told by their words, every number under one, and no row whose own sum fails."""
    few_doubts = len(e.doubtful) <= _IN_DOUBT * len(e.rows)
    return (
        e.kind == "points"
        and len(e.heads) == 7
        and few_doubts
        and not e.verdict.rows_failed
        and e.are_all_listed
    )


def _has_sums(e: TableEvidence) -> bool:
    """Sums of rows tie the columns, those of columns tie the rows."""
    v = e.verdict
    places = e.counted >= 0.8 * (len(e.rows) - len(e.doubtful)) or (len(e.heads) >= 6 and e.how != "count")
    return places and _rows_hold(v) and v.held - v.rows_held >= _LEAST_COLUMN_SUMS


def _rows_hold(v: Verdict) -> bool:
    return v.rows_held >= _LEAST_ROW_SUMS and v.rows_failed <= _MISPRINTED * v.rows_held


def _is_whole_inside(e: TableEvidence) -> bool:
    """Every row has all its numbers and they add up; (七)总计 may be misprinted."""
    return e.counted == len(e.rows) and not e.doubtful and _rows_hold(e.verdict)


def _is_unanimous(e: TableEvidence) -> bool:
    """Heads, counting and labels agree in every row: a sum that fails was printed so.

    One head may be unread: in an order of the form six leave the seventh one place.
    """
    least = _LEAST_DRAWN if e.kind in BOXED else _NEARLY_ALL
    return (
        tuple(e.order) in ORDERS
        and not e.doubtful
        and e.are_labels_sure
        and e.counted == len(e.rows) >= least
        and len(e.heads) >= len(COLUMNS) - 1
        and (e.kind in BOXED or e.kind == "points")
    )


def _is_empty(e: TableEvidence) -> bool:
    """No number but 0: no assignment can give a wrong value."""
    found = not e.doubtful and e.are_labels_sure and len(e.heads) >= 6
    return found and not any(number_in(b.cell.text) for b in e.boxes.values())


def _is_counted(e: TableEvidence) -> bool:
    """Every row with numbers has all of them."""
    v = e.verdict
    whole = e.counted >= 8 and e.counted >= len(e.rows) - e.blank - len(e.doubtful)
    return whole and (v.failed <= _MISPRINTED_IN_PLACE * v.held or v.held + v.failed == 0)


def _has_own_lines(e: TableEvidence) -> bool:
    """A text in which every row has its seven numbers in a line of its own, with its label, and few of them were printed wrong.

    Where nearly all numbers are 0, no sum but 0 = 0 can tell.
    """
    few = e.verdict.rows_failed <= _MISPRINTED * len(e.rows)
    whole = e.counted == len(e.rows) >= _NEARLY_ALL and not e.doubtful
    return e.has_told_lines and whole and few and e.listed >= len(e.rows) - 1


_RULES = {
    "headed": _is_headed,
    "sums": _has_sums,
    "inside": _is_whole_inside,
    "unanimous": _is_unanimous,
    "zeros": _is_empty,
    "place": _is_counted,
    "lines": _has_own_lines,
}
