"""A file of corrections → what replays them on Reports: the ledger, the forms and the sums put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from gongkai import correct
from gongkai.audit import audit
from gongkai.correct.review_mark import pointed
from gongkai.correct.review_mark import read as read_marks
from gongkai.model import REVIEW_MARKS, BadCorrection, Body, Correction, Field, Place, Report, ReviewMark
from gongkai.normalize import body_of, named_place, place_body, templates


def read(path: Path) -> tuple[Correction, ...]:
    """The corrections in a file, oldest first.

    Raises OSError where it cannot be opened, BadCorrection where it holds something else, or a
    number that its box cannot hold.
    """
    return parse(path.read_bytes(), str(path))


def read_with_places(path: Path) -> tuple[Correction, ...]:
    """The corrections in a file, each with the place that a person pointed at in the file of marks beside it.

    Raises OSError and BadCorrection, as for the one file so for the other.
    """
    said, beside = read(path), path.with_name(REVIEW_MARKS)
    return with_places(said, read_marks(beside)) if said and beside.exists() else said


def with_places(said: Sequence[Correction], marks: Iterable[ReviewMark]) -> tuple[Correction, ...]:
    """Corrections with the places that people pointed at, the last one for each field of a report."""
    of_report: dict[tuple[str, int], list[ReviewMark]] = {}
    for mark in marks:
        if mark.mark in ("place", "undone"):
            of_report.setdefault((mark.sha256, mark.report), []).append(mark)
    places = {
        (*key, field): Place(page=mark.page, bbox=mark.box)
        for key, own in of_report.items()
        for field, mark in pointed(own).items()
    }
    return tuple(
        replace(c, place=places[key]) if (key := (c.sha256, c.report, c.field)) in places else c for c in said
    )


def parse(data: bytes, path: str) -> tuple[Correction, ...]:
    """The corrections in the bytes of a file. Raises BadCorrection, with `path` in front."""
    found = correct.parse(data, path, refusal())
    for said in found:
        if said.verdict == "corrected" and said.text:
            _require_known(said.field, said.text, path)
    return found


def refusal() -> Callable[[str, Decimal], str | None]:
    """A function that says why a box of the forms ("table.row.column") cannot hold a number, None where it can."""
    slots = {".".join(f.address): f for form in templates() for t in form.tables for f in t.fields}

    def refuses(field: str, value: Decimal) -> str | None:
        slot = slots.get(field)  # a place's own line is in no form: what it may hold is not known
        return None if slot is None else slot.refuses(value)

    return refuses


def _require_known(field: str, text: str, path: str) -> None:
    try:
        require_known(field, text)
    except ValueError as error:
        raise BadCorrection(f"{path}: {field}: {error}") from error


def require_known(field: str, text: str) -> None:
    """Raise ValueError for a division that does not exist, or a form."""
    if field == "division_code":
        named_place(text)
    forms = [form.id for form in templates()]
    if field == "template" and text not in forms:
        raise ValueError(f"there is no form {text}; {', '.join(forms)}")


def replay(corrections: Sequence[Correction]) -> correct.Replay:
    """A function that gives each Report with what people said of it."""
    return correct.Replay(
        corrections, correct.Forms(lambda report: audit(report, templates())[0], _resolve, field_of, refit)
    )


def field_of(report: Report, name: str) -> Field | None:
    """The slot that "table.row.column" means in a report: of the form of that table there, or of its own or its year's form."""
    table = name.partition(".")[0]
    own: set[str | None] = {f.field.template for f in report.facts if f.field.table == table} or {
        report.template
    }
    forms = [form for form in templates() if form.id in own]
    if not forms and report.year is not None:
        forms = [
            f for f in templates() if f.years[0] <= report.year and (f.years[1] or report.year) >= report.year
        ]
    fields = [f for form in forms for t in form.tables for f in t.fields if ".".join(f.address) == name]
    return fields[0] if len(fields) == 1 else None


def refit(report: Report, form: str) -> Report:
    """A report by another form: each value whose address that form has is of its slot there; the others stay as they are.

    `form` is its id, "" for none.
    """
    slots = {f.address: f for t in templates() if t.id == form for table in t.tables for f in table.fields}
    facts = (replace(fact, field=slots.get(fact.field.address, fact.field)) for fact in report.facts)
    return replace(report, template=form or None, facts=tuple(facts))


def _resolve(report: Report, said: Mapping[str, str]) -> Body | None:
    """The body of a report of which people gave the name, the division or the id."""
    body = report.body
    if "org" in said:
        body = None if report.org is None else body_of(report.org)
    if body is None:
        body = (
            Body("", "", None, None, reason="unknown")
            if said.get("division_code") or said.get("body_id")
            else None
        )
    if body is not None and "division_code" in said:
        body = place_body(body, said["division_code"])
    if body is not None and "body_id" in said:
        body = replace(body, id=said["body_id"] or None)
    return body
