"""Sums that fail → Proposals: the smallest changes that would make them hold. None is applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.audit.equation import Equation, equations, values_of
from gongkai.audit.error_cause import Order, Step, causes, orders
from gongkai.audit.minimal_repair import MOST_BOXES, Change, System, find_smallest
from gongkai.audit.sums import empty
from gongkai.model import CAUSES, Address, Cause, Fact, Finding, Proposal, Report, Reread, Template, flag
from gongkai.record import dataclass

#: The most sets proposed for one group of sums: a person can compare as many at a glance.
MOST_SETS = 5
#: The fewest rows of a column of totals that counts as never filled in. Fewer are searched like any other box.
LEAST_TOTALS = 4

#: Added to the score of a set that a second engine reads as the sums need it: it comes first.
_READ_AS_NEEDED = 1000


@dataclass(frozen=True, slots=True)
class _Set:
    """A set of changes with its causes; `score` orders the sets of one group."""

    change: Change
    causes: tuple[Cause, ...]
    score: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Sums that fail together, the sets that would make them hold, and whether there is only one set."""

    sums: tuple[str, ...]
    sets: tuple[_Set, ...]
    unique: bool


def diagnose(
    report: Report, templates: Sequence[Template], second: Mapping[Address, Decimal | None]
) -> tuple[tuple[Proposal, ...], tuple[Finding, ...]]:
    """Propose which boxes would have to hold which numbers for the report's sums to hold.

    `second` has what another engine read in a box. It decides whether we misread the box or the
    report is wrong. Rules that a form only suggests (severity note) are ignored.
    """
    facts = {f.field.address: f for f in report.facts}
    proposals: list[Proposal] = []
    findings: list[Finding] = []
    for number, group in enumerate(_groups(report, templates, second), start=1):
        sets = [_propose(group, number, rank, s, facts, second) for rank, s in enumerate(group.sets, start=1)]
        proposals += [p for proposed in sets for p in proposed]
        findings.append(_describe(group, sets))
    return tuple(proposals), tuple(findings)


def _groups(
    report: Report, templates: Sequence[Template], second: Mapping[Address, Decimal | None]
) -> Iterator[_Group]:
    """Blank totals come first: they are filled before the search. Then comes each part that still fails."""
    values = values_of(report.facts)
    whole: list[Equation] = []
    all_hold = True
    for e in equations(report, templates):
        if e.rule.relation == "=" and e.rule.severity != "note":
            left, right = e.sides(values)
            if left is not None and right is not None:
                whole.append(e)
                all_hold = all_hold and left == right
    if all_hold:
        return  # most reports: an empty total whose sum is zero is right, too
    known = {a: v for e in whole for a in e.boxes if (v := values[a]) is not None}
    blank = empty(report)
    order = orders(templates)
    system = System(whole, known)
    filled = _fill_blank_totals(system, blank)
    if filled:
        change = {a: v - known[a] for a, v in filled.items()}
        sums = tuple(str(e) for e, off in zip(whole, system.off, strict=True) if off and e.total in filled)
        blanks: list[Cause] = ["total_blank"] * len(change)
        yield _Group(sums, (_Set(change, tuple(blanks), 0),), True)
        system = System(whole, {**known, **filled})
    for part in system.parts():
        yield _search_group(part, blank, order, second)


def _fill_blank_totals(system: System, blank: frozenset[Address]) -> dict[Address, Decimal]:
    """The empty totals whose sum is not zero, with that sum; totals of rows before totals of columns."""
    filled: dict[Address, Decimal] = {}
    for over in ("columns", "rows"):
        for equation in system.found:
            total = equation.total
            if equation.rule.over == over and total in blank and total not in filled:
                needed = sum((filled.get(a, system.values[a]) for a in equation.right), Decimal(0))
                if needed:
                    filled[total] = needed
    return filled


def _search_group(
    part: System,
    blank: frozenset[Address],
    order: Mapping[str, Order],
    second: Mapping[Address, Decimal | None],
) -> _Group:
    found, exhausted = find_smallest(part)
    unique = exhausted and len(found) == 1
    if not found:
        found = [change for change in (_fill_unfilled_totals(part),) if change is not None]
    sets = sorted(
        (_score(change, part, blank, order, second) for change in found),
        key=lambda s: (-s.score, sorted(s.change)),
    )
    sums = tuple(str(e) for e, off in zip(part.found, part.off, strict=True) if off)
    return _Group(sums, tuple(sets), unique)


def _fill_unfilled_totals(part: System) -> Change | None:
    """A change that fills every total of a table whose totals were never filled in, if all sums hold then."""
    change = {}
    for equation, off in zip(part.found, part.off, strict=True):
        if off and equation.rule.over == "columns" and equation.total is not None:
            if part.values[equation.total]:
                return None
            change[equation.total] = -off
    after = System(part.found, {**part.values, **{a: part.values[a] + by for a, by in change.items()}})
    return change if len(change) >= LEAST_TOTALS and not any(after.off) else None


def _score(
    change: Change,
    part: System,
    blank: frozenset[Address],
    order: Mapping[str, Order],
    second: Mapping[Address, Decimal | None],
) -> _Set:
    steps = [
        Step(a, part.values[a], part.values[a] + by, a in blank, _parts(a, part)) for a, by in change.items()
    ]
    found, score = causes(steps, order.get(steps[0].address[0]))
    if all(second.get(s.address) == s.new for s in steps):
        score += _READ_AS_NEEDED
    return _Set(change, tuple(found), score)


def _parts(address: Address, part: System) -> tuple[Decimal, ...] | None:
    """The parts of a total; those of its row, if it is also the total of a column. None for another box."""
    sums = [part.found[i] for i in part.at[address] if part.found[i].total == address]
    sums.sort(key=lambda e: e.rule.over)
    return tuple(part.values[a] for a in sums[0].right) if sums else None


def _propose(
    group: _Group,
    number: int,
    rank: int,
    proposed: _Set,
    facts: Mapping[Address, Fact],
    second: Mapping[Address, Decimal | None],
) -> list[Proposal]:
    """One set of a group as Proposals; none of a set that comes after the first few."""
    if rank > MOST_SETS:
        return []
    proposals = []
    for (address, by), cause in zip(proposed.change.items(), proposed.causes, strict=True):
        fact = facts[address]
        needed = (fact.value or Decimal(0)) + by
        proposals.append(
            Proposal(
                group=number,
                rank=rank,
                address=address,
                place=fact.place,
                printed=fact.printed,
                value=fact.value,
                needed=needed,
                cause=cause,
                unique=group.unique,
                verdict=_verdict(fact, needed, second),
                sums=group.sums,
            )
        )
    return proposals


def _verdict(fact: Fact, needed: Decimal, second: Mapping[Address, Decimal | None]) -> Reread:
    """Whether we misread the box or the report is wrong, if the box was read a second time."""
    address = fact.field.address
    if address not in second:
        return "not_read_twice"
    if second[address] == needed:
        return "misread"
    return "as_printed" if second[address] == fact.value else "unsettled"


# In words ------------------------------------------------------------------------------------

_VERDICTS: dict[Reread, str] = {
    "misread": "; a second reading gives what is needed: misread",
    "as_printed": "; read twice alike: as printed",
    "not_read_twice": "",
    "unsettled": "; a second reading gives yet another number",
}
#: The most boxes and sums that a message names; the dataset `proposals` has all boxes.
_MOST_NAMED = 4


def _describe(group: _Group, sets: Sequence[Sequence[Proposal]]) -> Finding:
    """One sentence on what to look at; it never claims more than is known."""
    sums = _list_some(group.sums)
    if not sets:
        message = (
            f"{sums}: no change of up to {MOST_BOXES} boxes makes them hold; "
            "look at the whole table, rows or columns may have shifted"
        )
        return flag("sum-diagnosis", message)
    first = sets[0]
    changes = _list_some([_describe_change(p) for p in first])
    message = f"{changes}: then {sums} would hold{_describe_others(group, len(first))}{_describe_verdict(first)}; nothing was changed"
    table, row, column = first[0].address
    return flag(
        "sum-diagnosis",
        message,
        place=first[0].place,
        table=table,
        row=row,
        column=column,
        printed=first[0].printed,
    )


def _describe_change(p: Proposal) -> str:
    printed = f"printed “{p.printed.strip()}”" if p.printed.strip() else "blank"
    return f"{'.'.join(p.address)} is {printed} and {p.needed:f} is needed ({CAUSES[p.cause]})"


def _describe_others(group: _Group, boxes: int) -> str:
    """Whether other sets would make the sums hold too."""
    if set(group.sets[0].causes) == {"total_blank"}:
        return ""
    if group.unique:
        return f"; no other {'single box' if boxes == 1 else f'{boxes} boxes'} would do"
    if len(group.sets) > 1:
        return (
            f"; the sums alone do not tell: {len(group.sets)} sets of {boxes} would do, this is the likeliest"
        )
    return "; other sets of this size were not looked for"


def _describe_verdict(first: Sequence[Proposal]) -> str:
    verdicts = {p.verdict for p in first}
    return _VERDICTS[verdicts.pop()] if len(verdicts) == 1 else ""


def _list_some(texts: Sequence[str]) -> str:
    more = len(texts) - _MOST_NAMED
    return "; ".join(texts[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
