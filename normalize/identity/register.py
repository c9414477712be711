"""A user's register of bodies: which line of it a report's body is.

By the name as it is written, by an alias, then by what the name says (division and organ), in this order. Never
by likeness. Where several lines fit, or the document speaks of another place than the line, none is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from gongkai.model import Body, Finding, flag
from gongkai.normalize.identity.body import Clues, fold, full_name, resolve_body
from gongkai.normalize.identity.division import division, has_division, prefix
from gongkai.record import dataclass, replace

How = Literal["name", "alias", "parse"]
#: Lines that a message names at the most.
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class RegisteredBody:
    """A line of the register. `code` is that of its division, `id` the user's own; both may be "". `line` counts from 1."""

    name: str
    aliases: tuple[str, ...]
    code: str
    id: str
    line: int


class _Known(NamedTuple):
    """A line of the register with the body that its name and code mean."""

    given: RegisteredBody
    body: Body

    @property
    def id(self) -> str | None:
        return self.given.id or self.body.id


class _Index(NamedTuple):
    """The lines by what a report may have: a name, an alias, the id that its name and place give."""

    name: Mapping[str, Sequence[_Known]]
    alias: Mapping[str, Sequence[_Known]]
    parse: Mapping[str, Sequence[_Known]]


def register_body(
    body: Body, org: str, register: Sequence[RegisteredBody]
) -> tuple[Body, tuple[Finding, ...]]:
    """The body with the id of its line in the register, and what a person should know of the choice."""
    found = list(_find(body, org, _index(tuple(register))))
    here = [known for _, known in found if not _contradicts(known, body)]
    if len(here) == 1:
        return _take(body, here[0]), ()
    if not found:
        return body, ()
    lines = "; ".join(_describe(known) for _, known in found[:_MOST_NAMED])
    why = (
        f"is {lines} by name, but the document speaks of {body.division or 'another place'}"
        if not here
        else f"may be any of {lines}; nothing in the document decides"
    )
    message = f"{body.name} {why}, so the register gives it no id"
    return body, (flag("register-doubt", message, printed=body.name),)


@lru_cache(maxsize=2)
def _index(register: tuple[RegisteredBody, ...]) -> _Index:
    """The lines of a register by what may be looked up."""
    by_name: dict[str, list[_Known]] = {}
    by_alias: dict[str, list[_Known]] = {}
    by_id: dict[str, list[_Known]] = {}
    for given in register:
        known = _Known(given, resolve_body(given.name, Clues(given.code or None)))
        for name in dict.fromkeys((fold(given.name), full_name(given.name))):
            by_name.setdefault(name, []).append(known)
        for name in dict.fromkeys(
            name for alias in given.aliases for name in (fold(alias), full_name(alias))
        ):
            by_alias.setdefault(name, []).append(known)
        if known.body.id is not None:
            by_id.setdefault(known.body.id, []).append(known)
    return _Index(by_name, by_alias, by_id)


def _find(body: Body, org: str, index: _Index) -> Iterator[tuple[How, _Known]]:
    """The lines that the best way of looking up gives."""
    names = dict.fromkeys((fold(org), body.name))
    ways: tuple[tuple[How, Iterator[_Known]], ...] = (
        ("name", (known for name in names for known in index.name.get(name, ()))),
        ("alias", (known for name in names for known in index.alias.get(name, ()))),
        ("parse", iter(index.parse.get(body.id or "", ()))),
    )
    for how, lines in ways:
        found = {known.given: known for known in lines}
        if found:
            yield from ((how, known) for known in found.values())
            return


def _contradicts(known: _Known, body: Body) -> bool:
    """Whether the document is about another place than the line of the register."""
    own = "" if body.division is None else prefix(body.division.code)
    if body.reason == "contradicted":
        return True
    code = prefix(known.given.code)
    if not code and known.body.division is not None:
        code = prefix(known.body.division.code)
    return bool(code and own) and not (own.startswith(code) or code.startswith(own))


def _take(body: Body, known: _Known) -> Body:
    """The body with the id and, where it has none, the division of its line."""
    code = prefix(known.given.code)
    place = division(code) if code and has_division(code) else body.division
    evidence = body.evidence if body.division is not None else ()
    return replace(
        body,
        division=place,
        level=body.level if place is None else place.level,
        evidence=(*evidence, "register"),
        reason=body.reason if place is None else "",
        id=known.id or body.id,
    )


def _describe(known: _Known) -> str:
    given = known.given
    return f"line {given.line}: {given.name} {given.code or '(no code)'}"
