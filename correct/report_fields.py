"""A Report and what people said of it as a whole (body, year, title, date, form) → the Report with their word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gongkai.model import Body, Correction, Evidence, Finding, Report, flag

#: A person has looked at the document and put a name to it.
SEEN = 1.0

#: a Report and the id of a form → the Report by that form
Refit = Callable[[Report, str], Report]
#: the Report as it was read, and the texts that people gave → its body
Resolver = Callable[[Report, Mapping[str, str]], Body | None]


def read_as(report: Report) -> dict[str, str]:
    """What a report has in the fields that people may correct, "" where it has nothing."""
    body = report.body
    division = None if body is None else body.division
    return {
        "org": report.org or "",
        "year": "" if report.year is None else str(report.year),
        "title": report.title or "",
        "published": report.published or "",
        "body_id": "" if body is None else body.id or "",
        "division_code": "" if division is None else division.code,
        "template": report.template or "",
    }


def apply(report: Report, texts: Mapping[str, str], who: str, resolve: Resolver, refit: Refit) -> Report:
    """The report with these texts in its fields. Its body is looked up anew where its name or place is another.

    By another form the values stay where they were read, and the sums tried are those of that form.
    """
    word = Evidence(SEEN, (f"correction: {who}",))
    org = texts.get("org", report.org) or None
    named = replace(
        report,
        org=org,
        year=int(texts["year"]) if texts.get("year") else None if "year" in texts else report.year,
        title=texts.get("title", report.title) or None,
        published=texts.get("published", report.published) or None,
        org_evidence=word if "org" in texts else report.org_evidence,
        year_evidence=word if "year" in texts else report.year_evidence,
    )
    of_body = {field: texts[field] for field in ("org", "division_code", "body_id") if field in texts}
    fitted = refit(named, texts["template"]) if "template" in texts else named
    return replace(fitted, body=resolve(fitted, of_body)) if of_body else fitted


def tell_applied(field: str, before: str, words: Sequence[Correction], said: str) -> Finding:
    """The finding of a text that was put in place of another."""
    new = words[-1].text or "nothing"
    since = (
        "" if before == words[-1].printed else f"; it was {words[-1].printed or 'nothing'} when this was said"
    )
    message = f"{field}: {new}, where {before or 'nothing'} was read{since}{said}"
    return flag("correction-applied", message, printed=before or None)
