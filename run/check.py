"""Check a dataset folder over its years and bodies, and write the results into it."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gongkai import emit
from gongkai.audit import Series
from gongkai.model import SeriesCheck, SeriesFinding, Severity
from gongkai.normalize import full_name, templates
from gongkai.run.filing_store import FilingStore

#: How many reports a summary names.
MOST_NAMED = 10

_WEIGHT = {"error": 100, "warning": 10, "note": 1}


@dataclass(slots=True)
class Checked:
    """The counts of a check: outcomes by rule, findings by code, and the reports to look at first."""

    reports: int = 0
    bodies: int = 0
    left_out: int = 0
    years: tuple[int, int] | None = None
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: Counter[tuple[str, Severity]] = field(default_factory=Counter)
    first: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """Findings of severity error."""
        return sum(n for (_, severity), n in self.findings.items() if severity == "error")


def check(folder: Path, series: Series, severities: Mapping[str, Severity]) -> Checked:
    """Try the rules of `series` on every body of a dataset folder, and write the results there.

    The form's own sums are counted as the run tried them. `severities` gives the severity of a failed
    sum; a failed sum of another rule is not counted among the findings. Reports are read one by one
    and wait on disk, so there may be any number.

    Raises FileNotFoundError where `folder` is no dataset of ours.
    """
    if not emit.is_dataset(folder):
        raise FileNotFoundError(f"{folder}: is no dataset folder; name one that `gongkai run` wrote")
    folder = folder.resolve()
    counts = Checked()
    narrative = {w.code for form in templates() for w in form.wordings}
    for (rule, outcome), count in sorted(emit.count_outcomes(folder).items()):
        counts.outcomes[rule, outcome] += count
        if outcome == "fail" and rule in severities:
            code = "narrative-differs" if rule in narrative else "sum-differs"
            counts.findings[code, severities[rule]] += count
    with (
        tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=".check", dir=folder.parent) as spool,
        FilingStore(Path(spool)) as store,
    ):
        _fill(store, folder, series, counts)
        emit.add_series(folder, _results(store, series, counts))
    return counts


def _fill(store: FilingStore, folder: Path, series: Series, counts: Checked) -> None:
    for filing in emit.read_filings(folder):
        counts.reports += 1
        if filing is None:
            counts.left_out += 1
            continue
        low, high = counts.years or (filing.year, filing.year)
        counts.years = min(low, filing.year), max(high, filing.year)
        filing = replace(filing, body=full_name(filing.body))
        store.put(filing, series.count(filing))


def _results(store: FilingStore, series: Series, counts: Checked) -> Iterator[SeriesCheck | SeriesFinding]:
    """Every result by body, year and file, then the reports that several bodies share."""
    for filings in store.bodies():
        counts.bodies += 1
        yield from _count(list(series.check(filings)), counts)
    for filings in store.groups_alike():
        yield from _count(list(series.find_twins(filings)), counts)


def _count(
    results: Sequence[SeriesCheck | SeriesFinding], counts: Checked
) -> Sequence[SeriesCheck | SeriesFinding]:
    weights: dict[str, int] = {}
    codes: dict[str, list[str]] = {}
    for result in results:
        if isinstance(result, SeriesCheck):
            counts.outcomes[result.check.rule, result.check.outcome] += 1
            continue
        finding, name = result.finding, result.filing.source_file
        counts.findings[finding.code, finding.severity] += 1
        weights[name] = weights.get(name, 0) + _WEIGHT[finding.severity]
        codes.setdefault(name, []).append(finding.code)
    for name, weight in weights.items():
        if weight > 1:
            why = ", ".join(f"{code} ×{n}" if n > 1 else code for code, n in Counter(codes[name]).items())
            counts.first.append((-weight, name, why))
    counts.first = sorted(counts.first)[:MOST_NAMED]
    return results
