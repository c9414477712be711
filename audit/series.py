"""The reports of one body, year by year → SeriesChecks and SeriesFindings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gongkai.audit.duplicate_tables import find_copied_tables, find_twins, fingerprint
from gongkai.audit.format_conflicts import compare_editions, find_disputed, is_one_report
from gongkai.audit.narrative_similarity import compare_narratives
from gongkai.audit.peer_outlier import Peers
from gongkai.audit.rule import Prepared, explain_failure, prepare, try_rule
from gongkai.audit.year_outlier import find_jumps
from gongkai.model import Address, Filing, Rule, SeriesCheck, SeriesFinding, Severity, Template, flag
from gongkai.record import replace

Result = SeriesCheck | SeriesFinding


def check_series(filings: Sequence[Filing], rules: Sequence[Prepared], peers: Peers) -> Iterator[Result]:
    """Check one body's reports, which come in the order of years and files, against every rule and for outliers.

    Files of one report (Word and PDF, say) are checked once, without the boxes that they disagree
    about. Where two reports of a year contradict each other, we cannot know which one is meant: each
    is checked by itself, and comparisons with other years are not assessable.
    """
    years: dict[int, list[Filing]] = {}
    for f in filings:
        years.setdefault(f.year, []).append(f)
    found = {year: _order(same) for year, same in years.items()}
    chosen = {year: _mark_contradictions(order) for year, order in found.items()}
    for year in sorted(chosen):
        before = chosen[year - 1][0] if year - 1 in chosen else None
        for number, filing in enumerate(chosen[year]):
            if number and not filing.doubled:
                continue  # another file of the same report
            yield from _check_one(filing, before, rules)
            yield from peers.find_outliers(filing)
            if filing.doubled:
                yield _describe_doubled(filing, chosen[year])
        yield from compare_editions(found[year])
    yield from find_jumps([same[0] for _, same in sorted(chosen.items())])


def _order(found: Sequence[Filing]) -> list[Filing]:
    """Sort the reports of one year, the one with most values first."""
    return sorted(found, key=lambda f: (-len(f.values), f.source_file, f.report_id))


def _mark_contradictions(order: Sequence[Filing]) -> list[Filing]:
    """Mark the reports of one year that contradict each other; clear disputed values of one report's files."""
    first, *others = order
    if all(is_one_report(first, f) for f in others):
        disputed = {a for f in others for a in find_disputed(first, f)}
        values = {a: None if a in disputed else v for a, v in first.values.items()}
        return [replace(first, values=values), *others]
    differ = any(not _agree(first.values, f.values) for f in others)
    return [replace(f, doubled=True) for f in order] if differ else list(order)


def _agree(a: Mapping[Address, object], b: Mapping[Address, object]) -> bool:
    """Whether two reports have the same values wherever both have one."""
    return all(value is None or b.get(at) is None or value == b[at] for at, value in a.items())


def _check_one(filing: Filing, before: Filing | None, rules: Sequence[Prepared]) -> Iterator[Result]:
    """Check one report, alone and against that of the year before."""
    for prepared in rules:
        for check in try_rule(prepared, filing, before):
            yield check
            finding = explain_failure(prepared.rule, check)
            if finding is not None:
                yield finding
    if before is None or filing.doubled or before.doubled:
        return
    yield from find_copied_tables(filing, before)
    pair = compare_narratives(filing, before)
    if pair is not None:
        yield from (p for p in pair if p is not None)


def _describe_doubled(filing: Filing, found: Sequence[Filing]) -> SeriesFinding:
    other = next(f for f in found if f is not filing)
    message = (
        f"another report of this body for {filing.year} says something else ({other.source_file}); "
        "which is meant is not known, so neither is compared with other years"
    )
    return SeriesFinding(filing, other, flag("year-twice", message))


class Series:
    """The rules over several reports. Every report is counted first; then each body's reports are checked."""

    def __init__(
        self,
        templates: Sequence[Template],
        rules: Sequence[Rule] = (),
        severities: Mapping[str, Severity] | None = None,
    ) -> None:
        """The forms' own rules and further ones; `severities` overrides those of the forms.

        Raises ValueError where a rule cannot be read or names a box that no form has.
        """
        own = [rule for form in templates for rule in form.rules]
        chosen = severities or {}
        every = [replace(r, severity=chosen.get(r.code, r.severity)) for r in (*own, *rules)]
        self._rules = prepare(every, templates)
        self._peers = Peers()

    def count(self, filing: Filing) -> str:
        """Count a report among the peers; its fingerprint, "" where it has too few numbers."""
        self._peers.add(filing)
        return fingerprint(filing)

    def check(self, filings: Sequence[Filing]) -> Iterator[Result]:
        """The checks and findings of one body's reports, after all reports were counted."""
        return check_series(filings, self._rules, self._peers)

    def find_twins(self, filings: Sequence[Filing]) -> Iterator[SeriesFinding]:
        """The findings for reports of one fingerprint."""
        return find_twins(filings)
