"""Two dataset folders → what changed from one to the other: reports, facts, sections, sums, findings."""

from __future__ import annotations

import pickle
import sqlite3
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any

from gongkai.emit.read.read_rows import Groups, columns, decimal, lines
from gongkai.emit.read.restore import number_of

Line = tuple[Any, ...]

#: what is compared of a report as a whole
_ATTRIBUTES = (
    "status", "reason", "org", "year", "template", "title", "published", "level", "division_code",
)  # fmt: skip
HEAD = ("report_id", "source_file", "sha256", "version", "checks_failed", *_ATTRIBUTES)
#: of each dataset: the columns that name a line in its report, and those that are compared
PARTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "facts": (
        ("table", "row", "column"),
        ("value", "blank", "unit", "printed", "origin", "template", "confidence"),
    ),
    "sections": (("section", "path"), ("number", "heading", "text")),
    "checks": (("rule", "table", "row", "column"), ("outcome",)),
    "findings": (("code", "table", "row", "column"), ()),
}
#: characters shown of a long text, around the first that differs
_SHOWN = 160
_BEFORE = 20


@dataclass(frozen=True, slots=True)
class Side:
    """A report as one of the two datasets has it."""

    id: str
    file: str
    sha256: str
    version: str
    failed: int
    attributes: Mapping[str, str]

    @property
    def org(self) -> str | None:
        return self.attributes["org"] or None

    @property
    def year(self) -> int | None:
        return int(self.attributes["year"]) if self.attributes["year"] else None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `old` and `new` are what the datasets say; `cause` is None where it is not asked."""

    kind: str
    cause: str | None
    before: Side | None
    after: Side | None
    field: str | None = None
    old: str | None = None
    new: str | None = None
    old_printed: str | None = None
    new_printed: str | None = None


@dataclass(slots=True)
class Years:
    """Reports and facts of one year on both sides."""

    old_reports: int = 0
    new_reports: int = 0
    old_facts: int = 0
    new_facts: int = 0


@dataclass(slots=True)
class Compared:
    """What a comparison counted: reports and facts by year, and changes by kind and cause."""

    years: dict[int | None, Years] = field(default_factory=dict)
    same: int = 0
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def year(self, year: int | None) -> Years:
        """The counts of a year, which are made where there are none."""
        return self.years.setdefault(year, Years())

    def by_year(self) -> list[tuple[int | None, Years]]:
        """The counts in the order of the years, those of no year last."""
        return sorted(self.years.items(), key=lambda y: (y[0] is None, y[0] or 0))


def differences(
    old: Path, new: Path, told: Compared, renamed: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Change]:
    """Every change from dataset `old` to dataset `new`; `told` is filled on the way.

    A report of the new dataset is held against the old one of the same file name, or of the name
    that `renamed` has for its file, such as that of the file it replaced at its address; where there is
    none, of the same bytes; or else of the same body, division and year, where both datasets have
    just one such report left. Changes come in the order of the new dataset, what is gone at the
    end. Reports wait on disk: memory does not grow with their number. A column that a dataset of
    an earlier version lacks is not compared.

    Raises FileNotFoundError where a dataset is missing.
    """
    known = {name: _known(old, new, name) for name in ("reports", *PARTS)}
    with tempfile.TemporaryDirectory(prefix="gongkai-diff.") as folder, _Waiting(Path(folder)) as waiting:
        for head, parts in _reports(old, known):
            waiting.keep(head, parts)
            counts = told.year(head.year)
            counts.old_reports += 1
            counts.old_facts += len(parts["facts"])
        waiting.pair(_heads(new, known), renamed)
        for n, (head, parts) in enumerate(_reports(new, known), 1):
            counts = told.year(head.year)
            counts.new_reports += 1
            counts.new_facts += len(parts["facts"])
            before = waiting.partner(n)
            changes = (
                [Change("report-new", None, None, head)]
                if before is None
                else list(_changes(before[0], head, before[1], parts, known))
            )
            told.same += before is not None and not changes
            yield from _counted(changes, told)
        yield from _counted([Change("report-gone", None, head, None) for head in waiting.gone()], told)


def _counted(changes: Sequence[Change], told: Compared) -> Sequence[Change]:
    told.changes.update((change.kind, change.cause or "") for change in changes)
    return changes


# The datasets --------------------------------------------------------------------------------

_Known = Mapping[str, tuple[str, ...]]
_Parts = Mapping[str, list[Line]]


def _known(old: Path, new: Path, name: str) -> tuple[str, ...]:
    """The columns of a dataset that are read: those that both sides have."""
    wanted = HEAD if name == "reports" else ("report_id", *PARTS[name][0], *PARTS[name][1])
    both = set(columns(old, name)) & set(columns(new, name))
    return tuple(column for column in wanted if column in both)


def _heads(folder: Path, known: _Known) -> Iterator[Side]:
    for line in lines(folder, "reports", known["reports"]):
        text = dict.fromkeys(HEAD, "") | {
            c: "" if v is None else str(v) for c, v in zip(known["reports"], line, strict=True)
        }
        attributes = {name: text[name] for name in _ATTRIBUTES}
        yield Side(
            text["report_id"],
            text["source_file"],
            text["sha256"],
            text["version"],
            int(text["checks_failed"] or 0),
            attributes,
        )


def _reports(folder: Path, known: _Known) -> Iterator[tuple[Side, _Parts]]:
    """Every report with the lines of the other datasets, plain and in their order."""
    streams = {name: Groups(lines(folder, name, known[name])) for name in PARTS}
    for head in _heads(folder, known):
        yield head, {name: [_plain(line) for line in s.of(head.id)] for name, s in streams.items()}


def _plain(line: Line) -> Line:
    """A line without its report, the same whether it comes from CSV or from Parquet."""
    return tuple(_text(value) for value in line[1:])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        f"{decimal(value) if isinstance(value, float) else value:f}"
        if isinstance(value, float | Decimal)
        else str(value)
    )


class _Waiting:
    """The reports of the old dataset on disk, and which report of the new one goes with which."""

    def __init__(self, folder: Path) -> None:
        self._file = sqlite3.connect(folder / "reports.sqlite")
        self._file.execute("pragma journal_mode = off")
        self._file.execute("pragma synchronous = off")
        names = "n integer primary key, file, number integer, sha, org, division, year"
        self._file.execute(f"create table old ({names}, partner integer, data blob)")
        self._file.execute(f"create table new ({names}, partner integer)")

    def __enter__(self) -> _Waiting:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def keep(self, head: Side, parts: _Parts) -> None:
        """Keep a report of the old dataset."""
        data = zlib.compress(pickle.dumps((_values(head), dict(parts)), pickle.HIGHEST_PROTOCOL), 1)
        self._file.execute(
            "insert into old (file, number, sha, org, division, year, data) values (?, ?, ?, ?, ?, ?, ?)",
            (*_names(head), data),
        )

    def pair(self, heads: Iterator[Side], renamed: Mapping[str, str]) -> None:
        """Find each report of the new dataset its partner in the old one."""
        self._file.executemany(
            "insert into new (file, number, sha, org, division, year) values (?, ?, ?, ?, ?, ?)",
            ((_renamed(head.file, renamed), *_names(head)[1:]) for head in heads),
        )
        for names, alone in (("file, number", False), ("sha, number", False), ("org, division, year", True)):
            self._pair(names, alone)
        self._file.execute("create index partner on old (partner)")

    def _pair(self, names: str, alone: bool) -> None:
        """Those that agree in `names`, in their order; `alone`: only where each side has just one of them."""
        left = (
            f"select n, {names}, row_number() over own as rank, count(*) over (partition by {names}) as many "
            f"from {{}} where partner is null and {names.split(', ')[0]} is not null "
            f"and {names.split(', ')[-1]} is not null window own as (partition by {names} order by n)"
        )
        equal = " and ".join(f"a.{name} = b.{name}" for name in names.split(", "))
        pairs = self._file.execute(
            f"select a.n, b.n from ({left.format('old')}) a join ({left.format('new')}) b on {equal} "
            f"and a.rank = b.rank {'where a.many = 1 and b.many = 1' if alone else ''}"
        ).fetchall()
        self._file.executemany("update old set partner = ? where n = ?", [(b, a) for a, b in pairs])
        self._file.executemany("update new set partner = ? where n = ?", pairs)

    def partner(self, n: int) -> tuple[Side, _Parts] | None:
        """The old report that the `n`th of the new dataset, counted from 1, is held against."""
        found = self._file.execute("select data from old where partner = ?", (n,)).fetchone()
        return None if found is None else _kept(found[0])

    def gone(self) -> Iterator[Side]:
        """The reports of the old dataset that have no partner, in its order."""
        for (data,) in self._file.execute("select data from old where partner is null order by n"):
            yield _kept(data)[0]


_values = attrgetter(*(f.name for f in fields(Side)))


def _names(head: Side) -> tuple[object, ...]:
    division = head.attributes["division_code"]
    return (head.file, number_of(head.id), head.sha256 or None, head.org, division, head.year)


def _renamed(file: str, renamed: Mapping[str, str]) -> str:
    """The earlier name of a file, or of a member of an archive."""
    top, mark, member = file.partition("!/")
    return renamed.get(top, top) + mark + member


def _kept(data: bytes) -> tuple[Side, _Parts]:
    head, parts = pickle.loads(zlib.decompress(data))  # the bytes are our own, of this very comparison
    return Side(*head), parts


# One report ----------------------------------------------------------------------------------


def _changes(before: Side, after: Side, old: _Parts, new: _Parts, known: _Known) -> Iterator[Change]:
    """Every difference between two readings of one report."""
    cause = _cause(before, after)
    if before.sha256 != after.sha256:
        yield Change("report-replaced", cause, before, after, "sha256", before.sha256, after.sha256)
    if before.file != after.file:
        yield Change("report-moved", None, before, after, "source_file", before.file, after.file)
    for name in _ATTRIBUTES:
        here, there = before.attributes[name], after.attributes[name]
        if here != there and name in known["reports"]:
            yield Change("report-changed", cause, before, after, name, here, there)
    for part in PARTS:
        if old[part] != new[part]:
            for kind, names, values in _differ(part, old[part], new[part], known[part]):
                why = "person" if part == "facts" and "corrected" in values[4:] else cause
                if kind == "fact-confidence" and cause == "document":  # another file is another drawing
                    continue
                yield Change(kind, why, before, after, names, *values[:4])


def _cause(before: Side, after: Side) -> str:
    if before.sha256 != after.sha256:
        return "document"
    return "program" if before.version != after.version else "other"


_Told = tuple[str, str, tuple[str | None, ...]]


def _differ(part: str, old: list[Line], new: list[Line], known: Sequence[str]) -> Iterator[_Told]:
    """(kind, name, (old, new, old printed, new printed, origins)) of what differs in one dataset of a report."""
    names, compared = PARTS[part]
    if not all(name in known for name in names):
        return
    width, columns = len(names), [c for c in compared if c in known]
    here, there = _named(old, width), _named(new, width)
    kind = part.removesuffix("s")
    for key in [*there, *(k for k in here if k not in there)]:
        name = ".".join(filter(None, key[:-1]))
        a, b = (dict(zip(columns, side[key], strict=True)) if key in side else None for side in (here, there))
        if part == "checks":
            yield from _check(name, a, b)
        elif a is None or b is None:
            yield f"{kind}-{'new' if a is None else 'gone'}", name, _whole(part, a, b)
        elif part == "sections" and a != b:
            yield "section-changed", name, _around(_text_of(a), _text_of(b))
        else:
            origins = a.get("origin"), b.get("origin")
            printed = a.get("printed"), b.get("printed")
            for column in columns:
                if a[column] != b[column] and not (column == "printed" and a["value"] != b["value"]):
                    yield f"{kind}-{column}", name, (a[column], b[column], *printed, *origins)


def _named(lines: list[Line], width: int) -> dict[tuple[Any, ...], Line]:
    """The lines by what names them, and which of those of one name it is."""
    seen: Counter[Line] = Counter()
    found = {}
    for line in lines:
        seen[line[:width]] += 1
        found[*line[:width], seen[line[:width]]] = line[width:]
    return found


_Values = Mapping[str, str]


def _check(name: str, a: _Values | None, b: _Values | None) -> Iterator[_Told]:
    """A sum that fails now, or no longer; one that is not tried on one side is no change but where it fails."""
    was, now = (None if side is None else side["outcome"] for side in (a, b))
    if now == "fail" != was:
        yield "check-failing", name, (was, now)
    elif was == "fail" and now == "pass":
        yield "check-passing", name, (was, now)
    elif was != now and None not in (was, now):
        yield "check-changed", name, (was, now)


def _whole(part: str, a: _Values | None, b: _Values | None) -> tuple[str | None, ...]:
    """What stands on the one side of a line that the other has not."""
    if part == "facts":
        sides = [
            (None, None, None) if s is None else (s["value"], s.get("printed"), s.get("origin"))
            for s in (a, b)
        ]
        (old, old_printed, was), (new, new_printed, now) = sides
        return old, new, old_printed, new_printed, was, now
    if part == "sections":
        return tuple(None if s is None else _text_of(s)[:_SHOWN] for s in (a, b))
    return (None, None)


def _text_of(section: _Values) -> str:
    heading = section.get("number", "") + section.get("heading", "")
    return f"{heading} {section.get('text', '')}"


def _around(old: str, new: str) -> tuple[str, str]:
    """Both texts around the first character that differs."""
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, at - _BEFORE)
    return old[start : start + _SHOWN], new[start : start + _SHOWN]
