"""A dataset → the register that it implies: its bodies, which people edit and give back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gongkai.normalize import YearsOfBody, find_predecessors
from gongkai.run.dataset_files import lines, overview
from gongkai.run.register.body_of_dataset import BodyOfDataset, rows

__all__ = ["BodyOfDataset", "find_bodies", "rows"]

#: Findings that say what is in doubt of a body or its place.
DOUBTS = (
    "division-ambiguous", "division-by-name", "division-renamed", "division-unknown", "org-disagrees",
    "org-incomplete", "register-doubt",
)  # fmt: skip

#: So many reports of a folder that have a division tell where the others may be.
_ENOUGH = 5

_Row = Mapping[str, Any]


def find_bodies(dataset: Path) -> list[BodyOfDataset]:
    """The bodies of a dataset, by id and name; those without an id one by one name.

    Raises FileNotFoundError and ValueError where it is no dataset of this version.
    """
    found: dict[tuple[str, str], BodyOfDataset] = {}
    doubts = _doubts(dataset)
    for row in overview(dataset):
        if not row["org"]:
            continue
        id = row["body_id"] or ""
        body = found.setdefault((id, "" if id else row["org"]), BodyOfDataset(id))
        _add(body, row, doubts[row["report_id"]])
    _link(list(found.values()))
    _tell_places(list(found.values()))
    return sorted(found.values(), key=lambda body: (not body.id, body.id, body.name))


def _tell_places(bodies: Sequence[BodyOfDataset]) -> None:
    """Say of each body without an id in which county or city all other bodies of its folders lie, where there are enough."""
    around: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for body in bodies:
        for folder, reports in body.folders.items():
            if body.codes:
                around[folder][_county(body.code)] += reports
    for body in bodies:
        places = {_common(around[folder]) for folder in body.folders}
        if not body.id and len(places) == 1:
            body.told_place = places.pop()


def _county(code: str) -> str:
    """The county of a division's code, or its city where it is one; "" where a body has several codes."""
    return code[:6]


def _common(codes: Counter[str]) -> str:
    """The county, or else the city, of all reports of a folder; "" where they are few or of several."""
    if sum(codes.values()) < _ENOUGH or "" in codes:
        return ""
    if len(codes) == 1:
        return next(iter(codes))
    cities = {code[:4] for code in codes}
    return f"{cities.pop()}00" if len(cities) == 1 else ""


def _doubts(dataset: Path) -> Mapping[str, Sequence[str]]:
    """What is in doubt of the body of each report."""
    told: defaultdict[str, list[str]] = defaultdict(list)
    for report, code, message in lines(dataset, "findings", ("report_id", "code", "message")):
        if code in DOUBTS:
            told[report].append(message)
    return told


def _add(body: BodyOfDataset, row: _Row, doubts: Sequence[str]) -> None:
    body.names[row["org"]] += 1
    body.reports += 1
    body.folders[row["source_file"].rpartition("/")[0]] += 1
    body.doubts |= dict.fromkeys(doubts)
    if row["year"] is not None:
        body.years.add(row["year"])
    if row["division_code"]:
        body.codes.add(row["division_code"])
    body.evidence |= set((row["division_evidence"] or "").split(";")) - {""}


def _link(bodies: Sequence[BodyOfDataset]) -> None:
    """Say of each body which others of the dataset a reform put it in the place of."""
    dated = {
        body.id: YearsOfBody(body.id, min(body.years), max(body.years))
        for body in bodies
        if body.id and body.years
    }
    by_place: defaultdict[str, list[YearsOfBody]] = defaultdict(list)
    for one in dated.values():
        by_place[one.id.partition("/")[0]].append(one)
    for body in bodies:
        if body.id in dated:
            near = by_place[body.id.partition("/")[0]]
            body.follows = tuple(sorted(find_predecessors(dated[body.id], near)))
