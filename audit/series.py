"""The reports of one body, year by year → SeriesChecks and SeriesFindings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gongkai.audit.duplicate_tables import copied, fingerprint, twins
from gongkai.audit.format_conflicts import disputed, editions, one_report
from gongkai.audit.narrative_similarity import repeated
from gongkai.audit.peer_outlier import Peers
from gongkai.audit.rule import Prepared, explain_failure, prepare, tried
from gongkai.audit.year_outlier import jumps
from gongkai.model import Address, Filing, Rule, SeriesCheck, SeriesFinding, Severity, Template, flag

Result = SeriesCheck | SeriesFinding


def series(filings: Sequence[Filing], rules: Sequence[Prepared], peers: Peers) -> Iterator[Result]:
    """Every rule and every oddity of one body's reports, given in the order of years and files.

    Files of one report (Word and PDF, say) are tried once, the boxes that they disagree about left
    aside. Where two reports of a year say different things altogether it is not known which is meant:
    both are tried for themselves, and what would compare them with other years is not assessable.
    """
    years: dict[int, list[Filing]] = {}
    for f in filings:
        years.setdefault(f.year, []).append(f)
    found = {year: _ordered(same) for year, same in years.items()}
    chosen = {year: _marked(order) for year, order in found.items()}
    for year in sorted(chosen):
        before = chosen[year - 1][0] if year - 1 in chosen else None
        for number, filing in enumerate(chosen[year]):
            if number and not filing.doubled:
                continue  # the same report once more
            yield from _one(filing, before, rules)
            yield from peers.beyond(filing)
            if filing.doubled:
                yield _doubled(filing, chosen[year])
        yield from editions(found[year])
    yield from jumps([same[0] for _, same in sorted(chosen.items())])


def _ordered(found: Sequence[Filing]) -> list[Filing]:
    """The reports of one year, the one with most values first."""
    return sorted(found, key=lambda f: (-len(f.values), f.source_file, f.report_id))


def _marked(order: Sequence[Filing]) -> list[Filing]:
    """The reports of one year, marked where they contradict each other; of one report's files, the first says nothing in dispute."""
    first, *others = order
    if all(one_report(first, f) for f in others):
        open_ = {a for f in others for a in disputed(first, f)}
        values = {a: None if a in open_ else v for a, v in first.values.items()}
        return [replace(first, values=values), *others]
    differ = any(not _agree(first.values, f.values) for f in others)
    return [replace(f, doubled=True) for f in order] if differ else list(order)


def _agree(a: Mapping[Address, object], b: Mapping[Address, object]) -> bool:
    """Whether two reports say the same where both say something."""
    return all(value is None or b.get(at) is None or value == b[at] for at, value in a.items())


def _one(filing: Filing, before: Filing | None, rules: Sequence[Prepared]) -> Iterator[Result]:
    """One report beside that of the year before."""
    for prepared in rules:
        for found in tried(prepared, filing, before):
            yield found
            told = explain_failure(prepared.rule, found)
            if told is not None:
                yield told
    if before is None or filing.doubled or before.doubled:
        return
    yield from copied(filing, before)
    pair = repeated(filing, before)
    if pair is not None:
        yield from (p for p in pair if p is not None)


def _doubled(filing: Filing, found: Sequence[Filing]) -> SeriesFinding:
    other = next(f for f in found if f is not filing)
    message = (
        f"another report of this body for {filing.year} says something else ({other.source_file}); "
        "which is meant is not known, so neither is compared with other years"
    )
    return SeriesFinding(filing, other, flag("year-twice", message))


class Series:
    """The rules over several reports, with what they need to know of all reports: first count, then ask."""

    def __init__(
        self,
        templates: Sequence[Template],
        rules: Sequence[Rule] = (),
        severities: Mapping[str, Severity] | None = None,
    ) -> None:
        """The forms' own rules and further ones; `severities` may say otherwise than the forms.

        Raises ValueError where a rule cannot be read or speaks of a box that no form has.
        """
        own = [rule for form in templates for rule in form.rules]
        given = severities or {}
        weighed = [replace(r, severity=given.get(r.code, r.severity)) for r in (*own, *rules)]
        self._rules = prepare(weighed, templates)
        self._peers = Peers()

    def count(self, filing: Filing) -> str:
        """Take a report into account as a peer; its fingerprint, "" where its tables say too little."""
        self._peers.add(filing)
        return fingerprint(filing)

    def of(self, filings: Sequence[Filing]) -> Iterator[Result]:
        """What comes of the reports of one body. All reports were counted before."""
        return series(filings, self._rules, self._peers)

    def twins(self, filings: Sequence[Filing]) -> Iterator[SeriesFinding]:
        """What is to be said of reports of one fingerprint."""
        return twins(filings)
