"""A term of a rule, as text → the boxes that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from gongkai.model import Address, Rule, Template
from gongkai.record import dataclass

_NUMBER = r"\d+(?:\.\d+)?"
_BOX = r"(?P<table>\w+)\.(?P<row>\w+|\*)\.(?P<column>\w+|\*)(?P<before>@-1)?"
_TERM = re.compile(
    rf"""
    (?P<minus>-)?
    (?:(?P<factor>{_NUMBER})\*)?
    (?:{_BOX}|(?P<number>{_NUMBER}))
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """A box with its factor; "*" stands for every row or column. A term without an address is a number."""

    factor: Decimal
    address: Address | None
    before: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A rule in one row or column: its terms with addresses in place of "*"."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]

    @property
    def over_years(self) -> bool:
        """Whether it names a box of the year before."""
        return any(t.before for t in (*self.left, *self.right))

    def addresses(self, *, before: bool) -> tuple[Address, ...]:
        """The boxes of this year, or of the year before."""
        terms = (t for t in (*self.left, *self.right) if t.before is before)
        return tuple(t.address for t in terms if t.address is not None)

    @property
    def first_address(self) -> Address:
        """The rule's first box."""
        return next(t.address for t in (*self.left, *self.right) if t.address is not None)


def parse(text: str) -> Term:
    """A term: `requests.carried_out.*@-1`, `-proactive.*.repealed`, `0.5*requests.outcomes_total.total`, `0`.

    Raises ValueError for anything else.
    """
    m = _TERM.fullmatch(text.replace(" ", ""))
    if m is None:
        raise ValueError(f"{text!r} is no term; requests.carried_out.total@-1 is one")
    factor = Decimal(m["factor"] or 1) * (-1 if m["minus"] else 1)
    if m["number"] is not None:
        return Term(factor * Decimal(m["number"]), None, False)
    if m["row"] == m["column"] == "*":
        raise ValueError(f"{text!r} has two stars; name the row or the column")
    return Term(factor, (m["table"], m["row"], m["column"]), m["before"] is not None)


def cases(rule: Rule, templates: Sequence[Template]) -> tuple[Case, ...]:
    """The rule in every row or column that its stars stand for, in the form's order; once without stars.

    Raises ValueError where a term cannot be read, or names a box that no form has.
    """
    try:
        left, right = [parse(t) for t in rule.left], [parse(t) for t in rule.right]
    except ValueError as error:
        raise ValueError(f"{rule.code}: {error}") from error
    if not left or not right or all(t.address is None for t in left):
        raise ValueError(f"{rule.code}: wants a box on the left and something on the right")
    slots = _slots(templates)
    _check_boxes(rule, (*left, *right), slots)
    ids = list(_stars([*left, *right], slots))
    if not ids:
        raise ValueError(
            f"{rule.code}: no row or column is in all of its terms with a star; `gongkai fields` lists them"
        )
    return tuple(Case(tuple(_bind(t, id) for t in left), tuple(_bind(t, id) for t in right)) for id in ids)


def _check_boxes(rule: Rule, terms: Sequence[Term], slots: Sequence[Address]) -> None:
    """Raise ValueError for a term that names a box which no form has."""
    for text, term in zip((*rule.left, *rule.right), terms, strict=True):
        if term.address is not None and not any(_matches(term.address, slot) for slot in slots):
            raise ValueError(f"{rule.code}: no form has {text!r}; `gongkai fields` lists what there is")


def _slots(templates: Sequence[Template]) -> list[Address]:
    """Every address of every form, once."""
    found = (f.address for form in templates for table in form.tables for f in table.fields)
    return list(dict.fromkeys(found))


def _matches(pattern: Address, slot: Address) -> bool:
    return all(p in ("*", s) for p, s in zip(pattern, slot, strict=True))


def _stars(terms: Sequence[Term], slots: Sequence[Address]) -> Iterator[str]:
    """The ids that the stars stand for: those for which every term with a star has a box; "" without a star."""
    patterns = [t.address for t in terms if t.address is not None and "*" in t.address]
    if not patterns:
        yield ""
        return
    found = [[s[p.index("*")] for s in slots if _matches(p, s)] for p in patterns]
    yield from (id for id in dict.fromkeys(found[0]) if all(id in ids for ids in found[1:]))


def _bind(term: Term, id: str) -> Term:
    if term.address is None:
        return term
    table, row, column = term.address
    address = (table, id if row == "*" else row, id if column == "*" else column)
    return Term(term.factor, address, term.before)


def total(terms: Sequence[Term], this: Values, before: Values) -> Decimal | None:
    """The sum of terms, None where a box is missing or unread."""
    result = Decimal(0)
    for t in terms:
        value = Decimal(1) if t.address is None else (before if t.before else this).get(t.address)
        if value is None:
            return None
        result += t.factor * value
    return result


Values = Mapping[Address, Decimal | None]
