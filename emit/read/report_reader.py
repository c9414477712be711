"""A dataset folder, read report by report in any order: where the lines of each stand is found out once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai.emit import libraries as lib
from gongkai.emit.read.read_rows import columns as columns_of
from gongkai.emit.read.read_rows import decimal
from gongkai.emit.read.restore import Restorer, finding_over_years
from gongkai.emit.schema import datasets
from gongkai.model import Report, Template
from gongkai.record import replace

#: the datasets of a run whose lines are found by report; `gongkai check` may add the last
_NAMES = ("reports", "facts", "checks", "findings", "proposals", "sections", "mentions")
_CHECKED = "series_findings"
#: the column that tells whose line it is
_KEY = "report_id"

#: Below this confidence a value wants a look (docs/datasets.md).
_SURE = 0.98

Line = dict[str, Any]
#: (row group, first line in it, how many)
_Span = tuple[int, int, int]


class ReportReader:
    """The reports of a folder that a run wrote. Safe for threads; the files stay open, so that a run that replaces
    them does not mix two datasets.

    Raises FileNotFoundError where a Parquet file is missing, ValueError where its columns are of another version.
    """

    def __init__(self, folder: Path, templates: Sequence[Template]) -> None:
        self._restore = Restorer(folder, templates)
        self._files = {name: _IndexedFile(folder, name) for name in _NAMES}
        if (folder / f"{_CHECKED}.parquet").is_file():
            self._files[_CHECKED] = _IndexedFile(folder, _CHECKED)

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()

    def lines(self, dataset: str, id: str, names: Sequence[str] | None = None) -> list[Line]:
        """The lines of a report in a dataset, all columns or these; none where it has none."""
        file = self._files.get(dataset)
        return [] if file is None else file.lines(id, names)

    def every(self, dataset: str) -> Iterator[Line]:
        """Every line of a dataset, in its order."""
        return self._files[dataset].every()

    def report(self, id: str) -> Report:
        """A report as `restore` gives it. Raises KeyError where there is none of this id."""
        (line,) = self.lines("reports", id) or [{}]
        if not line:
            raise KeyError(id)
        return self._restore(line, {name: self.lines(name, id) for name in self._restore.parts})

    def whole(self, id: str) -> Report:
        """A report with what `gongkai check` found about it. Raises KeyError where there is none of this id."""
        report = self.report(id)
        series = tuple(map(finding_over_years, self.lines(_CHECKED, id)))
        return replace(report, findings=(*report.findings, *series))

    def counts(self) -> DatasetDoubts:
        """What the lines of each report count up to, and what the values of all do."""
        return _count(self._files)


class _IndexedFile:
    """One Parquet file and where in it the lines of each report stand."""

    def __init__(self, folder: Path, name: str) -> None:
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise FileNotFoundError(f"{path}: there is no such file; name a folder that `gongkai run` wrote")
        self._columns = next(d.columns for by in ("run", "check") for d in datasets(by) if d.name == name)
        if tuple(columns_of(folder, name)) != tuple(c.name for c in self._columns):
            raise ValueError(f"{path}: has the columns of another version; run `gongkai run` again")
        self._decimals = {c.name for c in self._columns if c.kind == "decimal"}
        texts = [c.name for c in self._columns if c.kind in ("text", "id")]
        self._file = lib.pq.ParquetFile(path)
        # Of a row group with hundreds of reports, one is wanted: texts stay coded until then, a fifth of the time.
        self._coded = lib.pq.ParquetFile(path, read_dictionary=texts)
        self._lock = threading.Lock()
        self.spans: dict[str, tuple[_Span, ...]] = {}
        for group in range(self._file.num_row_groups):
            for id, start, count in _runs(self.group(group, [_KEY])[_KEY]):
                self.spans[id] = (*self.spans.get(id, ()), (group, start, count))

    def close(self) -> None:
        with self._lock:
            self._file.close()
            self._coded.close()

    def groups(self, names: Sequence[str]) -> Iterator[Any]:
        """These columns of one row group after the other, as Arrow tables."""
        return (self.group(group, names) for group in range(self._file.num_row_groups))

    def every(self) -> Iterator[Line]:
        """Every line, one row group after the other."""
        for group in range(self._file.num_row_groups):
            yield from self._lines(self.group(group, None))

    def group(self, group: int, names: Sequence[str] | None) -> Any:
        with self._lock:
            return self._file.read_row_group(group, columns=names, use_threads=False)

    def _coded_group(self, group: int, names: Sequence[str] | None) -> Any:
        with self._lock:
            return self._coded.read_row_group(group, columns=names, use_threads=False)

    def lines(self, id: str, names: Sequence[str] | None) -> list[Line]:
        found: list[Line] = []
        for group, start, count in self.spans.get(id, ()):
            found += self._lines(self._coded_group(group, names).slice(start, count))
        return found

    def _lines(self, table: Any) -> list[Line]:
        cells = {name: self._cells(name, table.column(name)) for name in table.column_names}
        return [dict(zip(cells, line, strict=True)) for line in zip(*cells.values(), strict=True)]

    def _cells(self, name: str, column: Any) -> list[Any]:
        values = column.to_pylist()
        return list(map(decimal, values)) if name in self._decimals else values


def _runs(ids: Any) -> Iterator[tuple[str, int, int]]:
    """Ids that stand one after the other: each with its first line and how many lines it has."""
    ends = lib.pc.run_end_encode(ids.combine_chunks())
    start = 0
    for id, end in zip(ends.values.to_pylist(), ends.run_ends.to_pylist(), strict=True):
        yield id, start, end - start
        start = end


# What all lines count up to -------------------------------------------------------------------


@dataclass(slots=True)
class ReportDoubts:
    """What the lines of one report count up to.

    `doubt` is the sum of 1 less the confidence of its unsure values; `proposals` are the likeliest boxes of the diagnosis:
    (verdict of the second reading, whether no other change would do). `rules` are the sums that fail, `codes` those
    of its findings but for notes' and `tables` the tables that either names.
    """

    unread: int = 0
    doubt: float = 0.0
    corrected: int = 0
    severities: dict[str, int] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    proposals: list[tuple[str, bool]] = field(default_factory=list)


@dataclass(slots=True)
class DatasetDoubts:
    """The counts by report_id; `outliers` has the report_id and the code of each finding over years.

    `totals` are those of the table `requests`, as Arrow tables of report_id, year, row and value: a fiftieth of what
    objects take.
    """

    reports: dict[str, ReportDoubts] = field(default_factory=dict)
    outliers: list[tuple[str, str]] = field(default_factory=list)
    totals: list[Any] = field(default_factory=list)

    def outcomes(self, ids: Sequence[str] | None = None) -> dict[tuple[int, str], Decimal]:
        """(year, row of table `requests`) → the sum of its totals in some reports, in all where None."""
        if not self.totals:
            return {}
        table = lib.pa.concat_tables(self.totals).unify_dictionaries()
        if ids is not None:
            table = table.filter(lib.pc.is_in(table[_KEY], value_set=lib.pa.array(ids, "string")))
        summed = table.group_by(["year", "row"], use_threads=False).aggregate([("value", "sum")])
        return {
            (line["year"], line["row"]): decimal(line["value_sum"]) or Decimal(0)
            for line in summed.to_pylist()
        }

    def of(self, id: str) -> ReportDoubts:
        """The counts of one report."""
        return self.reports.setdefault(id, ReportDoubts())


def _count(files: Mapping[str, _IndexedFile]) -> DatasetDoubts:
    found = DatasetDoubts()
    steps: tuple[tuple[str, Callable[[Any, DatasetDoubts], None], tuple[str, ...]], ...] = (
        ("facts", _count_facts, (_KEY, "value", "confidence", "origin", "year", "table", "row", "column")),
        ("checks", _count_checks, (_KEY, "rule", "table", "outcome")),
        ("findings", _count_findings, (_KEY, "code", "severity", "table")),
        ("proposals", _count_proposals, (_KEY, "rank", "verdict", "unique")),
        (_CHECKED, _count_series, (_KEY, "code", "severity", "table")),
    )
    for name, count, names in steps:
        with suppress(KeyError):  # `gongkai check` was not run
            for table in files[name].groups(names):
                count(table, found)
    return found


def _count_facts(table: Any, found: DatasetDoubts) -> None:
    pc, value = lib.pc, table["value"]
    read = pc.is_valid(value)
    unsure = pc.and_(read, pc.less(table["confidence"], _SURE))
    doubt = pc.if_else(unsure, pc.subtract(1.0, table["confidence"]), 0.0)
    marks = {
        "unread": pc.cast(pc.invert(read), "int64"),
        "doubt": doubt,
        "corrected": pc.cast(pc.equal(table["origin"], "corrected"), "int64"),
    }
    columns = [table[_KEY], *marks.values()]
    counted = lib.pa.table(columns, names=[_KEY, *marks]).group_by(_KEY, use_threads=False)
    for line in counted.aggregate([(name, "sum") for name in marks]).to_pylist():
        own = found.of(line[_KEY])
        own.unread, own.doubt = own.unread + line["unread_sum"], own.doubt + line["doubt_sum"]
        own.corrected += line["corrected_sum"]
    totals = pc.and_(pc.equal(table["table"], "requests"), pc.equal(table["column"], "total"))
    wanted = table.filter(pc.and_(pc.and_(totals, read), pc.is_valid(table["year"])))
    coded = {name: pc.dictionary_encode(wanted[name]) for name in (_KEY, "row")}
    found.totals.append(lib.pa.table({**coded, "year": wanted["year"], "value": wanted["value"]}))


def _count_checks(table: Any, found: DatasetDoubts) -> None:
    for line in table.filter(lib.pc.equal(table["outcome"], "fail")).to_pylist():
        own = found.of(line[_KEY])
        own.rules.add(line["rule"])
        own.tables.add(line["table"])


def _count_findings(table: Any, found: DatasetDoubts) -> None:
    names = [_KEY, "code", "severity", "table"]
    for line in table.group_by(names, use_threads=False).aggregate([("code", "count")]).to_pylist():
        own = found.of(line[_KEY])
        severity = line["severity"]
        own.severities[severity] = own.severities.get(severity, 0) + line["code_count"]
        if severity != "note":
            own.codes.add(line["code"])
            own.tables |= {line["table"]} - {None, ""}


def _count_series(table: Any, found: DatasetDoubts) -> None:
    _count_findings(table, found)
    found.outliers += zip(table[_KEY].to_pylist(), table["code"].to_pylist(), strict=True)


def _count_proposals(table: Any, found: DatasetDoubts) -> None:
    for line in table.filter(lib.pc.equal(table["rank"], 1)).to_pylist():
        found.of(line[_KEY]).proposals.append((line["verdict"], line["unique"]))
