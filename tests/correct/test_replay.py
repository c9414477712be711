"""What people said, replayed: applied, no longer needed, outdated, without a box; the last word counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from gongkai.correct.replay import Forms, Replay, ReplayCounts
from gongkai.model import Body, Check, Correction, Field, Label, Report

GRANTED = "requests.granted.total"
SAID = Correction(
    "0" * 64,
    1,
    "made.pdf",
    GRANTED,
    "corrected",
    "2",
    Decimal(2),
    Decimal(0),
    False,
    "王",
    "2026-11-25",
    "印作0",
)


def sums(report: Report) -> Sequence[Check]:
    """R3 of the row 予以公开: the total against the one part."""
    values = {f.field.address: f.value for f in report.facts}
    total, part = values["requests", "granted", "total"], values["requests", "granted", "natural_person"]
    outcome = "pass" if total == part else "fail"
    r3 = next(c for c in report.checks if c.row == "granted")
    return (replace(r3, left=total, right=part, outcome=outcome),)


def resolve(report: Report, said: Mapping[str, str]) -> Body:
    """A body of the name that was given, and of the id if one was."""
    return Body(report.org or "", "", None, None, id=said.get("body_id", f"id of {report.org}"))


def slot(report: Report, name: str) -> Field | None:
    """The form has one box more than was read: requests.granted.natural_person of a second table."""
    if name != "requests.denied.total":
        return None
    field = report.facts[3].field
    return replace(field, row=Label("denied", ("不予公开",), "denied"))


FORMS = Forms(sums, resolve, slot, lambda report, form: replace(report, template=form or None))


def after(report: Report, *said: Correction) -> tuple[Report, ReplayCounts]:
    replay = Replay(said, FORMS)
    return replay(report), replay.tally


def new(before: Report, report: Report) -> list[tuple[str, str]]:
    """The findings that were added: (code, severity)."""
    return [(f.code, f.severity) for f in report.findings[len(before.findings) :]]


def test_a_correction_stands_beside_what_is_printed(report: Report) -> None:
    corrected, tally = after(report, SAID)
    fact = corrected.facts[3]
    assert (fact.value, fact.printed, fact.origin, fact.confidence) == (Decimal(0), "2", "corrected", 1.0)
    assert corrected.facts[:3] == report.facts[:3]
    assert corrected.checks == report.checks  # they hold what was read
    assert tally == ReplayCounts(corrected=1)
    applied, holds = corrected.findings[-2:]
    assert (applied.code, applied.table, applied.row, applied.column, applied.printed) == (
        "correction-applied",
        "requests",
        "granted",
        "total",
        "2",
    )
    assert applied.message == f"{GRANTED}: 0, where 2 was read (“2”). 王, 2026-11-25: 印作0"
    assert (holds.code, holds.severity) == ("sum-with-corrections", "note")
    assert holds.message == (
        "requests.granted: as read, R3 fails (2 against 0); with the corrected values, R3 holds (0 against 0)"
    )


def test_a_correction_that_breaks_a_sum_is_a_warning(report: Report) -> None:
    broken = replace(report, checks=(replace(report.checks[1], right=Decimal(2), outcome="pass"),))
    corrected, _ = after(broken, replace(SAID, new=Decimal(7)))
    assert new(broken, corrected)[-1] == ("sum-with-corrections", "warning")


def test_the_last_word_counts_and_the_others_are_counted(report: Report) -> None:
    corrected, tally = after(report, SAID, replace(SAID, new=Decimal(9)), replace(SAID, new=Decimal(8)))
    assert corrected.facts[3].value == 8
    assert "2 earlier words on it stand in the file" in corrected.findings[len(report.findings)].message
    assert tally == ReplayCounts(corrected=1)


def test_a_confirmation_takes_a_correction_back(report: Report) -> None:
    corrected, tally = after(report, SAID, replace(SAID, verdict="as_printed", new=Decimal(2)))
    fact = corrected.facts[3]
    assert (fact.value, fact.origin, fact.confidence) == (Decimal(2), "printed", 1.0)
    assert new(report, corrected) == [("confirmed-as-printed", "note")]
    assert tally == ReplayCounts(confirmed=1)


def test_a_word_that_was_withdrawn_leaves_the_value_as_read(report: Report) -> None:
    taken_back = replace(SAID, verdict="withdrawn", new=None, blank=False)
    assert after(report, SAID, taken_back) == (report, ReplayCounts())


def test_a_confirmation_of_what_is_no_longer_read_is_a_warning(report: Report) -> None:
    corrected, tally = after(report, replace(SAID, verdict="as_printed", old=Decimal(3), new=Decimal(3)))
    assert corrected.facts == report.facts
    assert new(report, corrected) == [("confirmation-disagrees", "warning")]
    assert tally == ReplayCounts(not_applied=1)


def test_what_the_parser_now_reads_itself_is_superfluous(report: Report) -> None:
    corrected, tally = after(report, replace(SAID, old=Decimal(20), new=Decimal(2)))
    assert (corrected.facts[3].origin, corrected.facts[3].value) == ("printed", Decimal(2))
    assert new(report, corrected) == [("correction-superfluous", "note")]
    assert tally == ReplayCounts(superfluous=1)


def test_a_correction_holds_though_the_reading_has_changed(report: Report) -> None:
    corrected, _ = after(report, replace(SAID, old=Decimal(5)))
    assert corrected.facts[3].value == 0
    assert "it was read as 5 when this was said" in corrected.findings[len(report.findings)].message


def test_a_document_that_changed_is_not_corrected(report: Report) -> None:
    changed = replace(report, source=replace(report.source, sha256="1" * 64))
    corrected, tally = after(changed, SAID)
    assert corrected.facts == report.facts
    assert new(report, corrected) == [("correction-outdated", "warning")]
    assert corrected.findings[-1].column == "total"
    assert tally == ReplayCounts(not_applied=1)


def test_what_was_said_again_of_the_new_document_is_not_outdated(report: Report) -> None:
    changed = replace(report, source=replace(report.source, sha256="1" * 64))
    corrected, tally = after(changed, SAID, replace(SAID, sha256="1" * 64))
    assert "correction-outdated" not in {code for code, _ in new(report, corrected)}
    assert tally == ReplayCounts(corrected=1)


def test_a_document_that_was_moved_is_corrected(report: Report) -> None:
    moved = replace(report, source=replace(report.source, path="sub/other.pdf"))
    assert after(moved, SAID)[0].facts[3].value == 0


def test_a_field_without_a_box_is_a_warning(report: Report) -> None:
    corrected, tally = after(report, replace(SAID, field="requests.no_such_row.total"))
    assert corrected.facts == report.facts
    assert new(report, corrected) == [("correction-without-box", "warning")]
    assert tally == ReplayCounts(not_applied=1)


def test_a_box_said_to_be_blank_is_blank(report: Report) -> None:
    fact = after(report, replace(SAID, blank=True))[0].facts[3]
    assert (fact.value, fact.blank, fact.origin) == (Decimal(0), True, "corrected")


def test_the_second_report_of_a_file_has_its_own_corrections(report: Report) -> None:
    replay = Replay([replace(SAID, report=2)], FORMS)
    first, second = replay(report), replay(report)
    assert (first.facts[3].value, second.facts[3].value) == (Decimal(2), Decimal(0))


def test_a_document_that_did_not_come_is_told(report: Report) -> None:
    away = replace(SAID, sha256="f" * 64, source_file="away.pdf")
    replay = Replay([SAID, away], FORMS)
    assert replay(report) is not report
    other = replace(report, source=replace(report.source, sha256="e" * 64, path="other.pdf"))
    assert replay(other) is other
    assert replay.unmet() == (away,)


def test_a_box_that_was_never_read_is_there_with_the_persons_number(report: Report) -> None:
    said = replace(SAID, field="requests.denied.total", printed="", old=None, new=Decimal(4))
    corrected, tally = after(report, said)
    (fact,) = [f for f in corrected.facts if f.field.row.id == "denied"]
    assert (fact.value, fact.printed, fact.origin, fact.row_match.rule) == (
        Decimal(4),
        "",
        "corrected",
        "person",
    )
    assert len(corrected.facts) == len(report.facts) + 1
    assert new(report, corrected)[0] == ("correction-applied", "note")
    assert tally == ReplayCounts(corrected=1)
    back, tally = after(report, said, replace(said, verdict="as_printed", new=None))
    assert (back.facts, tally) == (report.facts, ReplayCounts(not_applied=1))


WHOSE = replace(
    SAID, field="org", printed="青石县财政", old=None, new=None, text="青石县财政局", why="封面写明"
)


def test_body_and_year_are_the_persons(report: Report) -> None:
    named = replace(report, org="青石县财政", year=2022)
    corrected, tally = after(named, WHOSE, replace(WHOSE, field="year", printed="2022", text="2023"))
    assert (corrected.org, corrected.year) == ("青石县财政局", 2023)
    assert corrected.body is not None and corrected.body.id == "id of 青石县财政局"
    assert corrected.org_evidence is not None and corrected.org_evidence.confidence == 1.0
    assert corrected.facts == named.facts
    assert [code for code, _ in new(named, corrected)] == ["correction-applied"] * 2
    assert "org: 青石县财政局, where 青石县财政 was read. 王" in corrected.findings[-2].message
    assert tally == ReplayCounts(corrected=2)


def test_a_body_can_be_taken_away_and_a_confirmation_gives_it_back(report: Report) -> None:
    named = replace(report, org="青石县财政")
    assert after(named, replace(WHOSE, text=""))[0].org is None
    back, tally = after(named, WHOSE, replace(WHOSE, verdict="as_printed", text="青石县财政"))
    assert (back.org, tally) == ("青石县财政", ReplayCounts(confirmed=1))


def test_what_is_said_of_the_report_is_superfluous_or_outdated_as_values_are(report: Report) -> None:
    right = replace(report, org="青石县财政局")
    corrected, tally = after(right, WHOSE)
    assert (new(right, corrected), tally) == (
        [("correction-superfluous", "note")],
        ReplayCounts(superfluous=1),
    )
    other = replace(report, source=replace(report.source, sha256="1" * 64))
    corrected, _ = after(other, WHOSE)
    assert new(other, corrected) == [("correction-outdated", "warning")]
    disputed, tally = after(right, replace(WHOSE, verdict="as_printed"))
    assert new(right, disputed) == [("confirmation-disagrees", "warning")]
