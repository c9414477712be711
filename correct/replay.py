"""A Report and what people said of its values → the Report with their word beside what is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gongkai.correct.report_fields import SEEN, Refit, Resolver, apply, read_as, tell_applied
from gongkai.model import Check, Correction, Fact, Field, Finding, Match, Outcome, Place, Report, flag

#: a Report → its Checks, on the values that it has
Checker = Callable[[Report], Sequence[Check]]
_OUTCOMES: dict[Outcome, str] = {
    "pass": "holds",
    "fail": "fails",
    "uncertain": "is uncertain",
    "not_assessable": "cannot be tried",
}
Answer = tuple[Fact, Finding]
#: the rule by which a box that a person found, and no reader, has its labels
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Forms:
    """What corrections need of the stages that made a Report.

    `check` tries its sums, `resolve` looks up a body, `refit` takes a report by another form, `field` gives the slot of the report's form
    that a name ("table.row.column") means, None where it has none.
    """

    check: Checker
    resolve: Resolver
    field: Callable[[Report, str], Field | None]
    refit: Refit


@dataclass(slots=True)
class ReplayCounts:
    """What became of the corrections, each field of a report counted once."""

    corrected: int = 0
    confirmed: int = 0
    superfluous: int = 0
    not_applied: int = 0


class Replay:
    """Corrections, replayed on Reports as they come. The last word on a field counts."""

    def __init__(self, corrections: Sequence[Correction], forms: Forms) -> None:
        self._given: dict[str, list[Correction]] = {}
        for c in corrections:
            for key in {c.sha256, c.source_file}:
                self._given.setdefault(key, []).append(c)
        self._corrections, self._forms = tuple(corrections), forms
        self._seen: Counter[tuple[str, str]] = Counter()
        self._met: set[str] = set()
        self.tally = ReplayCounts()

    def concerns(self, path: str, sha256: str) -> bool:
        """Whether anything was said of the reports of such a source."""
        return sha256 in self._given or path in self._given

    def __call__(self, report: Report) -> Report:
        """The report with what people said of it. The reports of one file come in their order."""
        path, sha256 = report.source.path, report.source.sha256
        if not self.concerns(path, sha256):
            return report
        self._met |= {sha256, path}
        self._seen[path, sha256] += 1
        number = self._seen[path, sha256]
        own = [c for c in self._given.get(sha256, ()) if c.sha256 == sha256 and c.report == number]
        other = [
            c
            for c in self._given.get(path, ())
            if c.source_file == path and c.sha256 != sha256 and c.report == number
        ]
        corrected = self._apply(report, own)
        stale = [_stale(words, sha256) for words in _by_field(other) if words[-1].field not in _fields(own)]
        self.tally.not_applied += len(stale)
        sums = _sums(report, corrected, self._forms.check)
        return replace(corrected, findings=(*corrected.findings, *sums, *stale))

    def _apply(self, report: Report, own: Sequence[Correction]) -> Report:
        """The report with the last word on each field, and a finding for each."""
        of_report: list[list[Correction]] = []
        of_boxes: list[list[Correction]] = []
        for words in _by_field(own):
            (of_boxes if words[-1].text is None else of_report).append(words)
        named = self._apply_texts(report, of_report)
        facts = {".".join(f.field.address): f for f in named.facts}
        findings = list(named.findings)
        for words in of_boxes:
            name = words[-1].field
            fact = facts.get(name) or self._found_by_person(named, words[-1])
            if fact is None:
                self.tally.not_applied += 1
                findings.append(_without_fact(words))
                continue
            if name not in facts:
                facts = _insert(facts, name, fact)
                self.tally.corrected += 1
                findings.append(_about(_found(words), fact))
                continue
            facts[name], finding = _answer(fact, words, self.tally)
            findings.append(finding)
        return replace(named, facts=tuple(facts.values()), findings=tuple(findings))

    def _found_by_person(self, report: Report, last: Correction) -> Fact | None:
        """The fact of a box that was never read, as a person says it; None where the form has no such box."""
        field = None if last.verdict == "as_printed" else self._forms.field(report, last.field)
        if field is None:
            return None
        row, column = (Match("", label.id, 100.0, PERSON) for label in (field.row, field.column))
        place = last.place or Place()
        return Fact(field, last.new, last.blank, "", place, row, column, "", "corrected", SEEN)

    def _apply_texts(self, report: Report, said: Sequence[Sequence[Correction]]) -> Report:
        """The report with what people said of its body, year, title and date."""
        before = read_as(report)
        texts: dict[str, str] = {}
        findings = []
        for words in said:
            last, read = words[-1], before[words[-1].field]
            assert last.text is not None  # those about boxes are told apart by it
            if last.verdict == "as_printed":
                confirmed = last.printed == read
                self.tally.confirmed += confirmed
                self.tally.not_applied += not confirmed
                findings.append((_confirmed if confirmed else _other_text_read)(words))
            elif last.text == read and last.field != "division_code":  # a person's word proves a place
                self.tally.superfluous += 1
                findings.append(_superfluous(words))
            else:
                self.tally.corrected += 1
                texts[last.field] = last.text
                findings.append(tell_applied(last.field, read, words, _said(words)))
        corrected = (
            apply(report, texts, _names(said), self._forms.resolve, self._forms.refit) if texts else report
        )
        return replace(corrected, findings=(*report.findings, *findings))

    def unmet(self) -> tuple[Correction, ...]:
        """The corrections of documents that did not come: neither the hash nor the name was met."""
        return tuple(c for c in self._corrections if not {c.sha256, c.source_file} & self._met)


def _fields(corrections: Sequence[Correction]) -> set[str]:
    return {c.field for c in corrections}


def _by_field(corrections: Sequence[Correction]) -> list[list[Correction]]:
    """The words on each field, oldest first; none where the last one was withdrawn."""
    result: dict[str, list[Correction]] = {}
    for c in corrections:
        result.setdefault(c.field, []).append(c)
    return [words for words in result.values() if words[-1].verdict != "withdrawn"]


def _answer(fact: Fact, words: Sequence[Correction], tally: ReplayCounts) -> Answer:
    """A fact with the last word on it, and the finding that says so."""
    last = words[-1]
    if last.verdict == "as_printed":
        if fact.value == last.old:
            tally.confirmed += 1
            return replace(fact, confidence=SEEN), _about(_confirmed(words), fact)
        tally.not_applied += 1
        return fact, _about(_disagrees(fact, words), fact)
    if (fact.value, fact.blank) == (last.new, last.blank):
        tally.superfluous += 1
        return replace(fact, confidence=SEEN), _about(_superfluous(words), fact)
    tally.corrected += 1
    corrected = replace(fact, value=last.new, blank=last.blank, origin="corrected", confidence=SEEN)
    return corrected, _about(_applied(fact, words), fact)


# The findings --------------------------------------------------------------------------------


def _found(words: Sequence[Correction]) -> Finding:
    last = words[-1]
    new = "blank" if last.blank else _text(last.new)
    return flag("correction-applied", f"{last.field}: {new}, where no box was read{_said(words)}")


def _other_text_read(words: Sequence[Correction]) -> Finding:
    last = words[-1]
    message = f"{last.field}: {last.printed or 'nothing'} was confirmed and something else is read now"
    return flag("confirmation-disagrees", f"{message}; look at the document again{_said(words)}")


def _names(said: Sequence[Sequence[Correction]]) -> str:
    return ", ".join(dict.fromkeys(words[-1].who for words in said))


def _insert(facts: dict[str, Fact], name: str, fact: Fact) -> dict[str, Fact]:
    """The facts with one more, behind the last of its table."""
    same = [i for i, f in enumerate(facts.values()) if f.field.table == fact.field.table]
    at = same[-1] + 1 if same else len(facts)
    items = list(facts.items())
    return dict([*items[:at], (name, fact), *items[at:]])


def _about(finding: Finding, fact: Fact) -> Finding:
    table, row, column = fact.field.address
    return replace(finding, place=fact.place, table=table, row=row, column=column, printed=fact.printed)


def _applied(fact: Fact, words: Sequence[Correction]) -> Finding:
    last = words[-1]
    new = "blank" if last.blank else _text(last.new)
    since = "" if fact.value == last.old else f"; it was read as {_text(last.old)} when this was said"
    return flag(
        "correction-applied",
        f"{last.field}: {new}, where {_text(fact.value)} was read (“{fact.printed.strip()}”){since}{_said(words)}",
    )


def _superfluous(words: Sequence[Correction]) -> Finding:
    last = words[-1]
    new = "blank" if last.blank else _text(last.new) if last.text is None else last.text or "nothing"
    return flag(
        "correction-superfluous",
        f"{words[-1].field}: the file itself is now read as {new}, as it was corrected{_said(words)}",
    )


def _confirmed(words: Sequence[Correction]) -> Finding:
    return flag(
        "confirmed-as-printed",
        f"{words[-1].field}: {_text(words[-1].old) if words[-1].text is None else words[-1].printed or 'nothing'} "
        f"is what the page says{_said(words)}",
    )


def _disagrees(fact: Fact, words: Sequence[Correction]) -> Finding:
    return flag(
        "confirmation-disagrees",
        f"{words[-1].field}: {_text(words[-1].old)} was confirmed and {_text(fact.value)} is read now; "
        f"look at the page again{_said(words)}",
    )


def _without_fact(words: Sequence[Correction]) -> Finding:
    table, row, column = _address(words[-1])
    return flag(
        "correction-without-box",
        f"{words[-1].field}: no such box was read in this report, so nothing was corrected{_said(words)}",
        table=table,
        row=row,
        column=column,
    )


def _stale(words: Sequence[Correction], sha256: str) -> Finding:
    last = words[-1]
    table, row, column = _address(last)
    return flag(
        "correction-outdated",
        f"{last.field}: said of another version of this file (SHA-256 {last.sha256[:12]}…, this one is "
        f"{sha256[:12]}…), so not applied; look at the page and say it again{_said(words)}",
        table=table,
        row=row,
        column=column,
        printed=last.printed,
    )


def _address(said: Correction) -> tuple[str | None, str | None, str | None]:
    """The field of a form that was spoken of; three times None for the report as a whole."""
    if said.text is not None:
        return None, None, None
    table, row, column = said.field.split(".")
    return table, row, column


def _said(words: Sequence[Correction]) -> str:
    """Who, when and why; and how often before."""
    last = words[-1]
    before = f"; {len(words) - 1} earlier words on it stand in the file" if len(words) > 1 else ""
    return f". {last.who}, {last.when}: {last.why or 'no reason given'}{before}"


def _text(value: Decimal | None) -> str:
    return "unread" if value is None else f"{value:f}"


def _told(check: Check) -> str:
    return f"{check.rule} {_OUTCOMES[check.outcome]} ({_text(check.left)} against {_text(check.right)})"


def _sums(report: Report, corrected: Report, check: Checker) -> Iterator[Finding]:
    """What the corrected values make of the sums. The Checks themselves stay on what was read."""
    if not any(f.origin == "corrected" for f in corrected.facts):
        return
    read = {f.field.address: f.value for f in report.facts}
    changed = {
        f.field.address
        for f in corrected.facts
        if f.field.address not in read or f.value != read[f.field.address]
    }
    before = {(c.rule, c.table, c.row, c.column): c for c in report.checks}
    for c in check(corrected):
        old = before.get((c.rule, c.table, c.row, c.column))
        if old is None or not changed & set(c.facts) or (old.left, old.right) == (c.left, c.right):
            continue
        worse = c.outcome == "fail" and old.outcome != "fail"
        yield flag(
            "sum-with-corrections",
            f"{c.table}.{c.row or c.column}: as read, {_told(old)}; with the corrected values, {_told(c)}",
            table=c.table,
            row=c.row,
            column=c.column,
            severity="warning" if worse else "note",
        )
