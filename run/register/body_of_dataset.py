"""One body of a dataset, and its line in a register: names, years, what proves it and what is in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gongkai.normalize import body_of

#: Candidates and messages that a line names at the most.
MOST = 5


@dataclass(slots=True)
class BodyOfDataset:
    """One body: its id, or "" where nothing proves which it is, with the reports of one name each.

    `folders` are those of its reports, `told_place` the code of the county or city that all their other bodies lie in.
    """

    id: str
    names: Counter[str] = field(default_factory=Counter)
    codes: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    reports: int = 0
    evidence: set[str] = field(default_factory=set)
    doubts: dict[str, None] = field(default_factory=dict)
    follows: tuple[str, ...] = ()
    folders: Counter[str] = field(default_factory=Counter)
    told_place: str = ""

    @property
    def name(self) -> str:
        """The spelling that most reports have, of several the longest."""
        return max(self.names, key=lambda name: (self.names[name], len(name), name))

    @property
    def aliases(self) -> list[str]:
        return sorted(name for name in self.names if name != self.name)

    @property
    def code(self) -> str:
        return next(iter(self.codes)) if len(self.codes) == 1 else ""

    def candidates(self) -> list[str]:
        """The places that the name allows, where none is proven; first what the folder's other reports tell."""
        if self.id:
            return []
        found = [str(division) for division in body_of(self.name).candidates]
        told = body_of(self.name, self.told_place) if self.told_place else None
        if told is not None and told.id is not None:
            found = [f"{told.id} by the other reports of its folder", *found]
        return [*found[:MOST], *([f"and {len(found) - MOST} more"] if len(found) > MOST else [])]


def rows(bodies: Sequence[BodyOfDataset]) -> Iterator[dict[str, str]]:
    """The lines of the register: `gongkai run --bodies` reads name, aliases, code and id, the rest is for people."""
    for body in bodies:
        told = list(body.doubts)
        yield {
            "name": body.name,
            "aliases": "；".join(body.aliases),
            "code": body.code,
            "id": body.id,
            "years": ";".join(map(str, sorted(body.years))),
            "reports": str(body.reports),
            "evidence": ";".join(sorted(body.evidence)),
            "doubts": " | ".join(
                [*told[:MOST], *([f"and {len(told) - MOST} more"] if len(told) > MOST else [])]
            ),
            "candidates": "; ".join(body.candidates()),
            "follows": ";".join(body.follows),
        }
