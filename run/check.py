"""A dataset folder → rules and oddities over its years and bodies, written into it."""

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
from gongkai.run.filing_store import Spool

#: Reports that a summary names.
MOST_NAMED = 10

_WEIGHT = {"error": 100, "warning": 10, "note": 1}


@dataclass(slots=True)
class Checked:
    """What a check found, counted: outcomes by rule, findings by code, and what to look at first."""

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
    """Try the rules of `series` on every body of a dataset folder and write what comes of it there.

    The form's own sums are counted as the run tried them; `severities` says what a failed one is
    (a rule that is not in it is left uncounted among the findings). Reports are read one by one
    and wait on disk, so there may be any number.

    Raises FileNotFoundError where `folder` is no dataset of ours.
    """
    if not emit.is_dataset(folder):
        raise FileNotFoundError(f"{folder}: is no dataset folder; name one that `gongkai run` wrote")
    folder = folder.resolve()
    told = Checked()
    narrative = {w.code for form in templates() for w in form.wordings}
    for (rule, outcome), count in sorted(emit.count_outcomes(folder).items()):
        told.outcomes[rule, outcome] += count
        if outcome == "fail" and rule in severities:
            code = "narrative-differs" if rule in narrative else "sum-differs"
            told.findings[code, severities[rule]] += count
    with (
        tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=".check", dir=folder.parent) as spool,
        Spool(Path(spool)) as waiting,
    ):
        _fill(waiting, folder, series, told)
        emit.add_series(folder, _results(waiting, series, told))
    return told


def _fill(waiting: Spool, folder: Path, series: Series, told: Checked) -> None:
    for filing in emit.read_filings(folder):
        told.reports += 1
        if filing is None:
            told.left_out += 1
            continue
        low, high = told.years or (filing.year, filing.year)
        told.years = min(low, filing.year), max(high, filing.year)
        filing = replace(filing, body=full_name(filing.body))
        waiting.put(filing, series.count(filing))


def _results(waiting: Spool, series: Series, told: Checked) -> Iterator[SeriesCheck | SeriesFinding]:
    """Every result by body, year and file, then the reports that several bodies share."""
    for filings in waiting.bodies():
        told.bodies += 1
        yield from _counted(list(series.check(filings)), told)
    for filings in waiting.alike():
        yield from _counted(list(series.find_twins(filings)), told)


def _counted(
    found: Sequence[SeriesCheck | SeriesFinding], told: Checked
) -> Sequence[SeriesCheck | SeriesFinding]:
    weights: dict[str, int] = {}
    codes: dict[str, list[str]] = {}
    for result in found:
        if isinstance(result, SeriesCheck):
            told.outcomes[result.check.rule, result.check.outcome] += 1
            continue
        finding, name = result.finding, result.filing.source_file
        told.findings[finding.code, finding.severity] += 1
        weights[name] = weights.get(name, 0) + _WEIGHT[finding.severity]
        codes.setdefault(name, []).append(finding.code)
    for name, weight in weights.items():
        if weight > 1:
            why = ", ".join(f"{code} ×{n}" if n > 1 else code for code, n in Counter(codes[name]).items())
            told.first.append((-weight, name, why))
    told.first = sorted(told.first)[:MOST_NAMED]
    return found
