"""Two dataset folders → the changes from one to the other: reports, facts, sections, sums, findings."""

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

#: columns of `reports` that are compared
_ATTRIBUTES = (
    "status", "reason", "org", "year", "template", "title", "published", "level", "division_code",
    "body_id",
)  # fmt: skip
HEAD = ("report_id", "source_file", "sha256", "version", "checks_failed", *_ATTRIBUTES)
#: by dataset: the columns that name a line in its report, and those that are compared
PARTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "facts": (
        ("table", "row", "column"),
        ("value", "blank", "unit", "printed", "origin", "template", "confidence"),
    ),
    "sections": (("section", "path"), ("number", "heading", "text")),
    "checks": (("rule", "table", "row", "column"), ("outcome",)),
    "findings": (("code", "table", "row", "column"), ()),
}
#: how many characters of a long text a change shows, and how many of them stand before the first difference
_SHOWN = 160
_BEFORE = 20


@dataclass(frozen=True, slots=True)
class Side:
    """A report in one of the two datasets."""

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
    """One difference. `old` and `new` are the values of the two datasets; `cause` is None where it does not apply."""

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
class ComparisonCounts:
    """The counts of a comparison: reports and facts by year, and changes by kind and cause."""

    years: dict[int | None, Years] = field(default_factory=dict)
    same: int = 0
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def year(self, year: int | None) -> Years:
        """The counts of a year, zero at first."""
        return self.years.setdefault(year, Years())

    def by_year(self) -> list[tuple[int | None, Years]]:
        """The counts in the order of the years, those of no year last."""
        return sorted(self.years.items(), key=lambda y: (y[0] is None, y[0] or 0))


def find_differences(
    old: Path, new: Path, counts: ComparisonCounts, renamed: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Change]:
    """Every change from dataset `old` to dataset `new`; `counts` is filled on the way.

    A report of the new dataset is compared with the old one of the same file name. `renamed` gives the
    earlier name of a file, such as that of the file which it replaced at its address. Where there is
    none, a report of the same bytes is taken; or else that of the same body, division and year, if
    both datasets have just one such report left.

    Changes come in the order of the new dataset, reports that are gone at the end. Old reports wait on
    disk: memory does not grow with their number. A column that a dataset of an earlier version lacks
    is not compared.

    Raises FileNotFoundError where a dataset is missing.
    """
    columns_of = {name: _common_columns(old, new, name) for name in ("reports", *PARTS)}
    with tempfile.TemporaryDirectory(prefix="gongkai-diff.") as folder, _OldReports(Path(folder)) as reports:
        for head, parts in _read_reports(old, columns_of):
            reports.add(head, parts)
            year = counts.year(head.year)
            year.old_reports += 1
            year.old_facts += len(parts["facts"])
        reports.pair(_read_heads(new, columns_of), renamed)
        for n, (head, parts) in enumerate(_read_reports(new, columns_of), 1):
            year = counts.year(head.year)
            year.new_reports += 1
            year.new_facts += len(parts["facts"])
            before = reports.partner(n)
            if before is None:
                yield from _count([Change("report-new", None, None, head)], counts)
                continue
            changes = list(_compare_reports(before[0], head, before[1], parts, columns_of))
            counts.same += not changes
            yield from _count(changes, counts)
        yield from _count([Change("report-gone", None, head, None) for head in reports.unpaired()], counts)


def _count(changes: Sequence[Change], counts: ComparisonCounts) -> Sequence[Change]:
    counts.changes.update((change.kind, change.cause or "") for change in changes)
    return changes


# The datasets --------------------------------------------------------------------------------

_Known = Mapping[str, tuple[str, ...]]
_Parts = Mapping[str, list[Line]]


def _common_columns(old: Path, new: Path, name: str) -> tuple[str, ...]:
    """The columns of a dataset that both sides have and that are compared or name a line."""
    wanted = HEAD if name == "reports" else ("report_id", *PARTS[name][0], *PARTS[name][1])
    both = set(columns(old, name)) & set(columns(new, name))
    return tuple(column for column in wanted if column in both)


def _read_heads(folder: Path, known: _Known) -> Iterator[Side]:
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


def _read_reports(folder: Path, known: _Known) -> Iterator[tuple[Side, _Parts]]:
    """Every report with the lines of the other datasets, as texts and in their order."""
    streams = {name: Groups(lines(folder, name, known[name])) for name in PARTS}
    for head in _read_heads(folder, known):
        yield head, {name: [_as_texts(line) for line in s.of(head.id)] for name, s in streams.items()}


def _as_texts(line: Line) -> Line:
    """A line without its report_id, the same from CSV and from Parquet."""
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


class _OldReports:
    """The reports of the old dataset on disk, each with its partner in the new one."""

    def __init__(self, folder: Path) -> None:
        self._file = sqlite3.connect(folder / "reports.sqlite")
        self._file.execute("pragma journal_mode = off")
        self._file.execute("pragma synchronous = off")
        names = "n integer primary key, file, number integer, sha, org, division, year"
        self._file.execute(f"create table old ({names}, partner integer, data blob)")
        self._file.execute(f"create table new ({names}, partner integer)")

    def __enter__(self) -> _OldReports:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, head: Side, parts: _Parts) -> None:
        """Store a report of the old dataset."""
        data = zlib.compress(pickle.dumps((_values(head), dict(parts)), pickle.HIGHEST_PROTOCOL), 1)
        self._file.execute(
            "insert into old (file, number, sha, org, division, year, data) values (?, ?, ?, ?, ?, ?, ?)",
            (*_keys(head), data),
        )

    def pair(self, heads: Iterator[Side], renamed: Mapping[str, str]) -> None:
        """Find the partner of each report of the new dataset in the old one."""
        self._file.executemany(
            "insert into new (file, number, sha, org, division, year) values (?, ?, ?, ?, ?, ?)",
            ((_earlier_name(head.file, renamed), *_keys(head)[1:]) for head in heads),
        )
        for names, alone in (("file, number", False), ("sha, number", False), ("org, division, year", True)):
            self._pair(names, alone)
        self._file.execute("create index partner on old (partner)")

    def _pair(self, names: str, alone: bool) -> None:
        """Pair reports that agree in `names`, in their order; with `alone`, only if each side has just one of them."""
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
        """The old report that goes with the `n`th of the new dataset, counted from 1."""
        found = self._file.execute("select data from old where partner = ?", (n,)).fetchone()
        return None if found is None else _unpack(found[0])

    def unpaired(self) -> Iterator[Side]:
        """The reports of the old dataset without a partner, in its order."""
        for (data,) in self._file.execute("select data from old where partner is null order by n"):
            yield _unpack(data)[0]


_values = attrgetter(*(f.name for f in fields(Side)))


def _keys(head: Side) -> tuple[object, ...]:
    division = head.attributes["division_code"]
    return (head.file, number_of(head.id), head.sha256 or None, head.org, division, head.year)


def _earlier_name(file: str, renamed: Mapping[str, str]) -> str:
    """The earlier name of a file, or of a member of an archive."""
    top, mark, member = file.partition("!/")
    return renamed.get(top, top) + mark + member


def _unpack(data: bytes) -> tuple[Side, _Parts]:
    head, parts = pickle.loads(zlib.decompress(data))  # the bytes come from this very comparison
    return Side(*head), parts


# One report ----------------------------------------------------------------------------------


def _compare_reports(before: Side, after: Side, old: _Parts, new: _Parts, known: _Known) -> Iterator[Change]:
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
            for kind, names, values in _compare_lines(part, old[part], new[part], known[part]):
                why = "person" if part == "facts" and "corrected" in values[4:] else cause
                if kind == "fact-confidence" and cause == "document":  # another file is another drawing
                    continue
                yield Change(kind, why, before, after, names, *values[:4])


def _cause(before: Side, after: Side) -> str:
    if before.sha256 != after.sha256:
        return "document"
    return "program" if before.version != after.version else "other"


#: kind of change, what it concerns, and (old, new, old printed, new printed, origins) as far as there are such
_Difference = tuple[str, str, tuple[str | None, ...]]
_Values = Mapping[str, str]


def _compare_lines(
    part: str, old: list[Line], new: list[Line], known: Sequence[str]
) -> Iterator[_Difference]:
    """Everything that differs in one dataset of a report."""
    names, compared = PARTS[part]
    if not all(name in known for name in names):
        return
    columns = [c for c in compared if c in known]
    before, after = _by_name(old, len(names), columns), _by_name(new, len(names), columns)
    for key in [*after, *(k for k in before if k not in after)]:
        name = ".".join(filter(None, key[:-1]))
        yield from _compare_line(part, name, before.get(key), after.get(key))


def _compare_line(part: str, name: str, a: _Values | None, b: _Values | None) -> Iterator[_Difference]:
    kind = part.removesuffix("s")
    if part == "checks":
        yield from _compare_check(name, a, b)
    elif a is None or b is None:
        yield f"{kind}-{'new' if a is None else 'gone'}", name, _one_side(part, a, b)
    elif part == "sections":
        if a != b:
            yield "section-changed", name, _cut_around(_section_text(a), _section_text(b))
    else:
        rest = a.get("printed"), b.get("printed"), a.get("origin"), b.get("origin")
        for column in a:
            # a value that differs is another printed text as well: that is one change
            if a[column] != b[column] and not (column == "printed" and a["value"] != b["value"]):
                yield f"{kind}-{column}", name, (a[column], b[column], *rest)


def _by_name(lines: list[Line], width: int, columns: Sequence[str]) -> dict[tuple[Any, ...], _Values]:
    """The values of the lines by what names them and, of lines with one name, by their number."""
    seen: Counter[Line] = Counter()
    found: dict[tuple[Any, ...], _Values] = {}
    for line in lines:
        seen[line[:width]] += 1
        found[*line[:width], seen[line[:width]]] = dict(zip(columns, line[width:], strict=True))
    return found


def _compare_check(name: str, a: _Values | None, b: _Values | None) -> Iterator[_Difference]:
    """A sum that fails now, fails no longer or has another outcome. A sum of one side alone counts if it fails now."""
    was, now = (None if side is None else side["outcome"] for side in (a, b))
    if now == "fail" != was:
        yield "check-failing", name, (was, now)
    elif was == "fail" and now == "pass":
        yield "check-passing", name, (was, now)
    elif was != now and None not in (was, now):
        yield "check-changed", name, (was, now)


def _one_side(part: str, a: _Values | None, b: _Values | None) -> tuple[str | None, ...]:
    """The values of a line that only one side has."""
    if part == "facts":
        sides = [
            (None, None, None) if s is None else (s["value"], s.get("printed"), s.get("origin"))
            for s in (a, b)
        ]
        (old, old_printed, was), (new, new_printed, now) = sides
        return old, new, old_printed, new_printed, was, now
    if part == "sections":
        return tuple(None if s is None else _section_text(s)[:_SHOWN] for s in (a, b))
    return (None, None)


def _section_text(section: _Values) -> str:
    heading = section.get("number", "") + section.get("heading", "")
    return f"{heading} {section.get('text', '')}"


def _cut_around(old: str, new: str) -> tuple[str, str]:
    """Both texts, cut around the first character that differs."""
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, at - _BEFORE)
    return old[start : start + _SHOWN], new[start : start + _SHOWN]
