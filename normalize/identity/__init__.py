"""Title, preface, signature, metadata and file name → the public body that reports and its year, by vote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.model import Document, Finding
from gongkai.normalize.form.label import GLOSS, simplify
from gongkai.normalize.identity.dates import read_dates
from gongkai.normalize.identity.evidence import Evidence, fold_line
from gongkai.normalize.identity.organ import elect_organ
from gongkai.normalize.identity.title import find_title, title_of_file
from gongkai.normalize.identity.year import elect_year

#: The way to the page on its site: 当前位置：首页 > 政府信息公开 > 年报.
_BREADCRUMBS = re.compile(r"^[^:：]{0,6}位置[:：]|^(?:网站)?首页[>/›»|-]|[>›»][^>›»]+[>›»]")
_TRADITIONAL = re.compile("報告|公開|開展|關於")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports and for which year, and what speaks against it. `published` is an ISO date."""

    org: str | None
    year: int | None
    title: str | None
    published: str | None
    findings: tuple[Finding, ...]


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
    evidence = _gather(document, preface, narrative, closing)
    published, signed = read_dates(evidence.closing, evidence.metadata)
    year, year_findings = elect_year(evidence, signed or published, earliest)
    org, org_findings = elect_organ(evidence)
    return Identity(org, year, evidence.title, published, (*year_findings, *org_findings))


def _gather(
    document: Document, preface: Sequence[str], narrative: Sequence[str], closing: Sequence[str]
) -> Evidence:
    head = tuple(line for line in _fold_lines(preface) if not _BREADCRUMBS.search(line))
    return Evidence(
        title=find_title(head, document.metadata),
        preface=head,
        narrative=_fold_lines(narrative),
        closing=_fold_lines(closing),
        file_name=title_of_file(document.source.path),
        metadata=document.metadata,
    )


def _fold_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines folded. Those of a copy in traditional characters are simplify, glosses (規(guī)定) left out."""
    if any(_TRADITIONAL.search(line) for line in lines):
        lines = [simplify(GLOSS.sub("", unicodedata.normalize("NFKC", line))) for line in lines]
    return tuple(map(fold_line, lines))
