"""Title, preface, signature, metadata and file name → the public body that reports and its year, by vote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.model import Document, Evidence, Finding
from gongkai.normalize.identity.candidates import is_breadcrumb
from gongkai.normalize.identity.dates import read_dates
from gongkai.normalize.identity.evidence import IdentityEvidence, fold_line, fold_lines
from gongkai.normalize.identity.list_body import take_list_body
from gongkai.normalize.identity.organ import Election, RankedBody, elect_organ
from gongkai.normalize.identity.title import find_title, title_of_file
from gongkai.normalize.identity.year import RankedYear, YearElection, elect_year
from gongkai.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports and for which year, what speaks for it and against it. `published` is an ISO date.

    `bodies` and `years` are all that stood for election, the likeliest first; `evidence` are the lines they stand in.
    """

    org: str | None
    year: int | None
    title: str | None
    published: str | None
    findings: tuple[Finding, ...]
    org_evidence: Evidence | None = None
    year_evidence: Evidence | None = None
    bodies: tuple[RankedBody, ...] = ()
    years: tuple[RankedYear, ...] = ()
    evidence: IdentityEvidence | None = None


def identify(
    document: Document,
    preface: Sequence[str],
    narrative: Sequence[str],
    closing: Sequence[str],
    earliest: int | None = None,
) -> Identity:
    """The body and the year that title, preface, signature, metadata and file name agree on.

    `preface` are the lines before the first section, `narrative` the lines of the sections,
    `closing` the last lines of the document. `earliest` is the first year of its form.
    """
    evidence = gather_evidence(document, preface, narrative, closing)
    body, year, published = elect(evidence, earliest)
    listed = take_list_body(document.list_body, evidence, body.ranking) if body.org is None else None
    if listed is not None:
        org, reasons, found = listed
        body = replace(body, org=org, findings=(found,))
    return Identity(
        org=body.org,
        year=year.year,
        title=evidence.title,
        published=published,
        findings=(*year.findings, *body.findings),
        org_evidence=_reasons_of_body(body) if listed is None else reasons,
        year_evidence=_reasons_of_year(year),
        bodies=body.ranking,
        years=year.ranking,
        evidence=evidence,
    )


def elect(
    evidence: IdentityEvidence, earliest: int | None = None
) -> tuple[Election, YearElection, str | None]:
    """The elections of body and year, and the date of publication."""
    dates = read_dates(evidence.closing, evidence.metadata)
    return elect_organ(evidence), elect_year(evidence, dates, earliest), dates.published


def _reasons_of_body(body: Election) -> Evidence | None:
    """How likely the likeliest body is; its sources where it is given."""
    if not body.ranking:
        return None
    named = body.winner.sources if body.winner is not None else ()
    return Evidence(body.ranking[0].confidence, tuple(f"{source}: {text}" for source, text in named))


def _reasons_of_year(year: YearElection) -> Evidence | None:
    if not year.ranking:
        return None
    named = year.winner.sources if year.winner is not None else ()
    return Evidence(year.ranking[0].confidence, tuple(source for source, _ in named))


def gather_evidence(
    document: Document, preface: Sequence[str], narrative: Sequence[str], closing: Sequence[str]
) -> IdentityEvidence:
    """The lines of a document that may name its body or its year, folded."""
    top = fold_lines(preface)
    head = tuple(line for line in top if not is_breadcrumb(line))
    return IdentityEvidence(
        title=find_title(head, document.metadata),
        top=top,
        preface=head,
        narrative=fold_lines(narrative),
        closing=fold_lines(closing),
        file_name=title_of_file(document.source.path),
        metadata=document.metadata,
        folders=tuple(map(fold_line, re.split(r"[/\\!]", document.source.path)[:-1])),
        list_body=document.list_body,
    )
