"""The reports of a dataset → the list that people work through: sorted by doubt, filtered, counted."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.review.doubt import BY_SEVERITY, BY_VERDICT, FAILED_SUM, UNREAD, WHOLE_REPORT

#: filters of the list in the order in which they stand; `state` and `person` change while people work
FACETS = (
    "state",
    "status",
    "sums",
    "form",
    "year",
    "level",
    "code",
    "rule",
    "table",
    "source",
    "body",
    "person",
)
#: ways to sort the list: by doubt, the likeliest error first, or by a column
SORTS = ("doubt", "body", "year", "file")
#: filter value → what it holds of `WorkItem`
Filters = Mapping[str, Sequence[str]]

#: what the doubts of values count for, by the sums that they stand in: a sum that holds proves most of them
_BY_SUMS = {"hold": 0.1, "none": 1.0, "uncertain": 0.5, "fail": 0.5}
#: counts of the reports that a status alone makes doubtful
_BY_STATUS = {"failed": 1.0, "partial": 0.5}


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A report in the list. `body` groups reports of one body over years; `doubt` sorts: expected errors, weighted."""

    id: str
    sha256: str
    number: int
    org: str
    body: str
    level: str
    year: str
    form: str
    status: str
    reason: str
    sums: str
    file: str
    title: str
    source: str
    failed: int
    errors: int
    warnings: int
    notes: int
    unread: int
    corrected: int
    codes: tuple[str, ...]
    rules: tuple[str, ...]
    tables: tuple[str, ...]
    doubt: float

    @property
    def key(self) -> tuple[str, int]:
        """Which report of which document."""
        return self.sha256, self.number


def rate(
    line: Mapping[str, Any],
    proposals: Iterable[tuple[str, bool]],
    severities: Mapping[str, int],
    unread: int,
    doubt: float,
) -> float:
    """How many errors to expect in a report, those that matter more counted more.

    `line` is its line of `reports`; `proposals` are (verdict, unique) of the likeliest boxes, `doubt` is the sum of
    1 less the confidence of its unsure values.
    """
    likely = [BY_VERDICT[verdict] * (1.0 if unique else 0.5) for verdict, unique in proposals]  # type: ignore[index]
    failed = 0.0 if likely else FAILED_SUM * min(line["checks_failed"], 5)
    findings = sum(BY_SEVERITY.get(s, 0.0) * min(n, 10) for s, n in severities.items())
    named = 0.0
    if line["status"] in ("ok", "partial", "narrative"):
        for value, sure in (("org", "org_confidence"), ("year", "year_confidence")):
            named += UNREAD if line[value] is None else 1 - (line[sure] or 0.0)
    status = _BY_STATUS.get(line["status"], 0.0)
    return (
        sum(likely)
        + failed
        + findings
        + UNREAD * min(unread, 20)
        + doubt * _BY_SUMS[line["sums"]]
        + status
        + WHOLE_REPORT * named
    )


@dataclass(slots=True)
class WorkList:
    """All reports, the likeliest to be wrong first, and for each value of a filter the set of them that it fits.

    A set is a whole number whose bit n is the report at place n: 20,000 reports are filtered and counted in
    milliseconds.
    """

    items: Sequence[WorkItem]
    places: dict[str, int] = field(init=False)
    by_key: dict[tuple[str, int], list[int]] = field(init=False)
    by_body: dict[str, list[int]] = field(init=False)
    _sets: dict[str, dict[str, int]] = field(init=False)
    _texts: list[str] = field(init=False)
    _orders: dict[str, Sequence[int]] = field(init=False)
    _live: dict[int, tuple[str, frozenset[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.items = sorted(self.items, key=lambda item: (-item.doubt, item.file, item.number))
        self.places = {item.id: n for n, item in enumerate(self.items)}
        self.by_body, self.by_key = {}, {}
        for n, item in enumerate(self.items):
            self.by_key.setdefault(item.key, []).append(n)  # one document may lie in two places
            self.by_body.setdefault(item.body, []).append(n)
        self._texts = [_fold(f"{i.org} {i.year} {i.title} {i.file} {i.id}") for i in self.items]
        self._sets = {name: self._index(_values[name]) for name in FACETS if name in _values}
        self._sets |= {"state": {"open": self.all}, "person": {}}
        self._live = {}
        keys: dict[str, Callable[[WorkItem], Any]] = {
            "body": lambda i: (not i.org, i.body, i.year),
            "year": lambda i: (not i.year, i.year, i.body),
            "file": lambda i: i.file,
        }
        everything = range(len(self.items))
        self._orders = {s: sorted(everything, key=lambda n, k=k: k(self.items[n])) for s, k in keys.items()}  # type: ignore[misc]
        self._orders["doubt"] = everything

    @property
    def all(self) -> int:
        """The set of all reports."""
        return (1 << len(self.items)) - 1

    def set_live(self, place: int, state: str, people: frozenset[str]) -> None:
        """Note how far the work on a report is, and who said anything of it."""
        bit = 1 << place
        old_state, old_people = self._live.get(place, ("open", frozenset()))
        self._live[place] = (state, people)
        states, persons = self._sets["state"], self._sets["person"]
        states[old_state] = states.get(old_state, 0) & ~bit
        states[state] = states.get(state, 0) | bit
        for name in old_people - people:
            persons[name] &= ~bit
        for name in people - old_people:
            persons[name] = persons.get(name, 0) | bit

    def clear_live(self) -> None:
        """Forget what people said."""
        self._live = {}
        self._sets |= {"state": {"open": self.all}, "person": {}}

    def state_of(self, place: int) -> str:
        """How far the work on a report is."""
        return self._live.get(place, ("open", frozenset()))[0]

    def select(self, filters: Filters, text: str = "") -> int:
        """The set of reports that fit: one of the values of each filter, and all words of the text."""
        found = self._find(text)
        for name, values in filters.items():
            found &= self._fit(name, values)
        return found

    def counts(self, filters: Filters, text: str = "") -> dict[str, list[tuple[str, int]]]:
        """For each filter its values with how many reports each would leave, the others as they are set."""
        fits = {name: self._fit(name, values) for name, values in filters.items() if values}
        found, result = self._find(text), {}
        for name in FACETS:
            rest = found
            for other, fit in fits.items():
                rest &= fit if other != name else rest
            chosen = set(filters.get(name, ()))
            counted = [(v, (bits & rest).bit_count()) for v, bits in self._sets[name].items()]
            result[name] = [(v, n) for v, n in counted if n or v in chosen]
        return result

    def in_order(self, found: int, sort: str = "doubt") -> list[WorkItem]:
        """The reports of a set in an order of SORTS."""
        there = f"{found:b}"[::-1]
        most = len(there)
        return [self.items[n] for n in self._orders[sort] if n < most and there[n] == "1"]

    def after(self, found: int, id: str, sort: str = "doubt") -> list[WorkItem]:
        """The reports of a set that come after one, and then those before it: what is next, and what then."""
        here = self.places.get(id)
        order = self._orders[sort]
        if here is None:
            return self.in_order(found, sort)
        at = here if sort == "doubt" else order.index(here)
        there = f"{found:b}"[::-1].ljust(len(self.items), "0")
        return [self.items[n] for n in (*order[at + 1 :], *order[:at]) if there[n] == "1"]

    def grid(
        self, found: int, first: int, count: int
    ) -> tuple[list[str], list[str], dict[tuple[str, str], list[WorkItem]], int]:
        """Bodies (some of them, by name) and years of a set, the reports of each pair, and how many bodies there are."""
        cells: dict[tuple[str, str], list[WorkItem]] = {}
        for item in self.in_order(found, "body"):
            cells.setdefault((item.body, item.year), []).append(item)
        bodies = list(dict.fromkeys(body for body, _ in cells))
        years = sorted({year for _, year in cells})
        return bodies[first : first + count], years, cells, len(bodies)

    def tally(self, name: str, found: int) -> Counter[str]:
        """How many reports of a set fit each value of a filter."""
        counted = {v: (bits & found).bit_count() for v, bits in self._sets[name].items()}
        return Counter({v: n for v, n in counted.items() if n})

    def _index(self, values: Callable[[WorkItem], Iterable[str]]) -> dict[str, int]:
        places: dict[str, list[int]] = {}
        for n, item in enumerate(self.items):
            for value in values(item):
                places.setdefault(value, []).append(n)
        return {value: _as_set(at, len(self.items)) for value, at in sorted(places.items())}

    def _fit(self, name: str, values: Sequence[str]) -> int:
        found = 0
        for value in values:
            found |= self._sets[name].get(value, 0)
        return found if values else self.all

    def _find(self, text: str) -> int:
        words = _fold(text).split()
        if not words:
            return self.all
        hits = [n for n, own in enumerate(self._texts) if all(word in own for word in words)]
        return _as_set(hits, len(self.items))


def _as_set(places: Iterable[int], count: int) -> int:
    flags = bytearray(count // 8 + 1)
    for n in places:
        flags[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(flags, "little")


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


#: filter → its values of one report
_values: Mapping[str, Callable[[WorkItem], Iterable[str]]] = {
    "status": lambda i: (i.status,),
    "sums": lambda i: (i.sums,),
    "form": lambda i: (i.form,),
    "year": lambda i: (i.year,),
    "level": lambda i: (i.level,),
    "code": lambda i: i.codes,
    "rule": lambda i: i.rules,
    "table": lambda i: i.tables,
    "source": lambda i: (i.source,),
    "body": lambda i: (i.body,),
}
