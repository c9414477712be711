"""Document → Report. Knows the official form; has never heard of a format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gongkai.model import Block, Body, Division, Document, Finding, Paragraph, Report, Section, flag
from gongkai.normalize.form.lexicon import Lexicon, match_label, read_lexicon
from gongkai.normalize.form.number import value_of as number_of
from gongkai.normalize.form.template import templates
from gongkai.normalize.identity import Identity, identify
from gongkai.normalize.identity.body import Clues, find_place, full_name, report_doubts, resolve_body
from gongkai.normalize.identity.codes import read_codes
from gongkai.normalize.identity.division import division
from gongkai.normalize.identity.evidence import metadata_titles
from gongkai.normalize.identity.not_a_report import Content, detect_other_kind
from gongkai.normalize.identity.register import RegisteredBody, register_body
from gongkai.normalize.identity.successor import YearsOfBody, find_predecessors
from gongkai.normalize.narrative import section
from gongkai.normalize.narrative.mention import find_mentions
from gongkai.normalize.narrative.signature import find_end
from gongkai.normalize.rearrange import rearrange
from gongkai.normalize.split import drop_repeated, split
from gongkai.normalize.tables.all_tables import Values, form_by_outline, read_tables
from gongkai.normalize.tables.flattened import is_torn
from gongkai.normalize.tables.locate import TableRows, find_tables
from gongkai.normalize.tables.rivals import choose_own_tables
from gongkai.normalize.tables.solved_gaps import fill_gaps
from gongkai.normalize.tables.table_blocks import table_begins, table_paragraphs
from gongkai.normalize.tables.unread_tables import explain_missing, has_labels
from gongkai.record import dataclass, replace

__all__ = [
    "Clues",
    "Identity",
    "RegisteredBody",
    "YearsOfBody",
    "body_of",
    "find_predecessors",
    "full_name",
    "identities",
    "match_label",
    "named_place",
    "normalize",
    "number_of",
    "place_body",
    "templates",
]

#: Lines from the end in which the signature is looked for, and lines that one has: a body and a date.
_TAIL, _SIGNED = 12, 3


def normalize(
    document: Document,
    aliases: Path | None = None,
    place: str | None = None,
    register: Sequence[RegisteredBody] = (),
) -> tuple[Report, ...]:
    """Every report of a document: one, or several on one page or side by side.

    `aliases` is a user's own alias file, `place` where the bodies lie, a code or a name that the user
    chose, `register` the user's own list of bodies. What is in doubt gives a finding. Raises ValueError where
    there is no such place.
    """
    lexicon = read_lexicon(aliases)
    parts = split(rearrange(document, lexicon), lexicon)
    return drop_repeated(
        [_resolve_body(part, _read_report(part, lexicon), place, register) for part in parts]
    )


def body_of(name: str, place: str | None = None) -> Body:
    """The public body of this name and its division; `place` is a code or a name that it lies in.

    Raises ValueError where there is no such place, or several.
    """
    return resolve_body(name, Clues(None if place is None else named_place(place).code))


def place_body(body: Body, code: str) -> Body:
    """A body in the division that a person says, "" for none; its id follows where that proves it."""
    if not code:
        return replace(body, division=None, evidence=(), id=None, reason="unknown")
    place = named_place(code)
    found = resolve_body(body.name, Clues(place.code)) if body.name else body
    if found.division == place:
        return replace(found, evidence=(*found.evidence, "corrected"))
    return replace(body, division=place, level=place.level, evidence=("corrected",), id=None, reason="")


def named_place(text: str) -> Division:
    """The division that a user names, by a code or a name. Raises ValueError where none or several fit."""
    return division(find_place(text))


@dataclass(frozen=True, slots=True)
class _Narrative:
    """The text of a document around its tables.

    `preface` are the lines before the first section, without a contents page; `owned` the lines of
    the sections, `closing` the last lines.
    """

    sections: Sequence[Section]
    preface: Sequence[section.Line]
    owned: Sequence[section.Owned]
    closing: Sequence[section.Line]

    @property
    def preface_texts(self) -> list[str]:
        return [line.text for line in self.preface]

    @property
    def chapters(self) -> list[Section]:
        return [s for s in self.sections if s.level == 1]


class _Parts(NamedTuple):
    """What a document of one report is made of. `labels`: the form's labels stand in it, and no value was read."""

    blocks: Sequence[Block]
    values: Values
    narrative: _Narrative
    identity: Identity
    labels: bool


def identities(document: Document, aliases: Path | None = None) -> tuple[Identity, ...]:
    """Whose report each part of a document may be and of which year, with the candidates and what names them."""
    lexicon = read_lexicon(aliases)
    return tuple(_read_parts(part, lexicon).identity for part in split(rearrange(document, lexicon), lexicon))


def _read_parts(document: Document, lexicon: Lexicon) -> _Parts:
    pairs = [section.detach_headings(block) for block in document.blocks]
    blocks = [block for block, _ in pairs]
    glued = {i: headings for i, (_, headings) in enumerate(pairs) if headings}
    is_heading = [isinstance(b, Paragraph) and section.is_heading(b.number + b.text) for b in blocks]
    tables = find_tables(blocks, is_heading, lexicon)
    own = choose_own_tables(tables, blocks)
    values = fill_gaps(document, read_tables(own.tables, lexicon), lexicon, own.tables, own.repeated)
    narrative = _read_narrative(blocks, glued, tables, lexicon)
    labels = not values.facts and (bool(tables) or has_labels(document.blocks, lexicon))
    return _Parts(blocks, values, narrative, _identify(document, narrative, values), labels)


def _read_report(document: Document, lexicon: Lexicon) -> Report:
    """What a document of one report reports.

    Nothing is guessed: a box whose label or value is in doubt gives a finding and no value.
    """
    blocks, values, narrative, identity, labels = _read_parts(document, lexicon)
    kind = _recognise_other(document, narrative, values, identity, labels)
    if kind is not None:
        return _leave_out(document, narrative, values, identity, kind)
    form = values.form or form_by_outline([s.id for s in narrative.chapters], identity.year)
    why_missing = None if values.facts else _explain_missing(document, narrative, identity, labels)
    owned = list(narrative.owned)
    if form in (None, "2014", "free"):
        # before 2019 the chapters are everybody's own, so a number may stand before the first that is known
        owned = [*map(section.Owned, narrative.preface), *owned]
    findings = [*values.findings, *_report_lost_lines(blocks)]
    if why_missing is not None:
        findings.append(flag("tables-elsewhere", why_missing))
    report = _report(document, narrative, identity, findings)
    in_words = find_mentions(owned, identity.year, form, values.facts, identity.org)
    unread = why_missing is not None or any(f.severity == "error" for f in report.findings)
    if not values.facts and not (unread and form is not None):
        form = "free"
    return replace(report, template=form, facts=values.facts, mentions=in_words)


def _explain_missing(
    document: Document, narrative: _Narrative, identity: Identity, labels: bool
) -> str | None:
    """Why a report without a value must have tables all the same."""
    lines = [line for b in document.blocks if isinstance(b, Paragraph) for line in b.text.split("\n")]
    return explain_missing(narrative.chapters, lines, labels, _has_pictures(document), identity.year)


def _has_pictures(document: Document) -> bool:
    return any(finding.code == "pictures" for finding in document.findings)


def _read_narrative(
    blocks: Sequence[Block],
    glued: Mapping[int, Sequence[tuple[int, str]]],
    tables: Sequence[TableRows],
    lexicon: Lexicon,
) -> _Narrative:
    lines = section.read_lines(blocks, glued, table_paragraphs(blocks, tables, lexicon))
    headings = section.find_headings(lines, table_begins(tables))
    end = find_end(lines, headings)
    sections, preface, owned = section.cut_sections(lines, headings, end)
    closing = lines[: end + _SIGNED][-_TAIL:]
    return _Narrative(sections, [line for line in preface if not line.toc], owned, closing)


def _identify(document: Document, narrative: _Narrative, values: Values) -> Identity:
    """Who reports, for which year. A form was not used before its first year."""
    forms = {f.field.template for f in values.facts}
    return identify(
        document,
        narrative.preface_texts,
        [text for s in narrative.chapters for text in s.text.split("\n")],
        [line.text for line in narrative.closing],
        min((t.years[0] for t in templates() if t.id in forms), default=None),
    )


def _recognise_other(
    document: Document, narrative: _Narrative, values: Values, identity: Identity, labels: bool
) -> str | None:
    """What a document is that is no annual report: an explainer, a notice, a blank form."""
    lines = [*narrative.preface, *(owned.line for owned in narrative.owned)]
    return detect_other_kind(
        Content(
            narrative.preface_texts,
            metadata_titles(document.metadata),
            [line.text for line in lines],
            values.facts,
            narrative.sections,
            identity.org,
            identity.title,
            _has_pictures(document),
            labels,
        )
    )


def _leave_out(
    document: Document, narrative: _Narrative, values: Values, identity: Identity, kind: str
) -> Report:
    """The Report of a document that is none: its title, and neither body, year, sections nor values."""
    found = list(values.findings) if kind == "not-a-report" else []
    # A document that could not be read may be anything: its errors say so, and no kind is given.
    # A page that was not read may have been the report.
    lost = any(f.severity == "error" or f.code == "page-without-text" for f in (*document.findings, *found))
    if kind != "not-a-report" or not lost:
        message = f"this is no annual report ({kind}); its boxes are left out"
        found.append(flag("not-a-report", message, printed=kind))
    nobody = replace(identity, org=None, year=None, findings=(), org_evidence=None, year_evidence=None)
    return replace(_report(document, narrative, nobody, found), sections=())


def _report_lost_lines(blocks: Sequence[Block]) -> list[Finding]:
    if not is_torn(blocks):
        return []
    message = "no line stands twice: repeated lines were dropped, and the values cannot be put back; get the original"
    return [flag("text-lost", message)]


def _report(
    document: Document, narrative: _Narrative, identity: Identity, findings: Sequence[Finding]
) -> Report:
    """The Report without its values."""
    return Report(
        source=replace(document.source, data=b""),
        format=document.format,
        reader=document.reader,
        pages=document.pages,
        template=None,
        org=identity.org,
        year=identity.year,
        title=identity.title,
        published=identity.published,
        facts=(),
        sections=tuple(narrative.sections),
        findings=(*document.findings, *findings, *identity.findings),
        org_evidence=identity.org_evidence,
        year_evidence=identity.year_evidence,
    )


def _resolve_body(
    document: Document, report: Report, place: str | None, register: Sequence[RegisteredBody]
) -> Report:
    """The report with the division of its body, as far as that is certain."""
    if report.org is None:
        return report
    texts = (b.text for b in document.blocks if isinstance(b, Paragraph))
    text = "\n".join([document.source.path, *(value for _, value in document.metadata), *texts])
    codes = tuple(read_codes(document.source.url, document.metadata, text))
    resolved = resolve_body(report.org, Clues(place, codes, text, report.year))
    doubts = report_doubts(resolved)
    if register:
        resolved, unclear = register_body(resolved, report.org, register)
        doubts = unclear if "register" in resolved.evidence else (*doubts, *unclear)
    return replace(report, body=resolved, findings=(*report.findings, *doubts))
