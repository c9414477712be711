"""Document → Report. Knows the official form; has never heard of a format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gongkai.model import Block, Body, Division, Document, Fact, Finding, Grid, Paragraph, Report, flag
from gongkai.normalize.form.label import key, match_label, simplified
from gongkai.normalize.form.number import value_of as number_of
from gongkai.normalize.form.template import table, templates
from gongkai.normalize.identity import identify
from gongkai.normalize.identity.body import Clues, find_place, full_name, report_doubts, resolve_body
from gongkai.normalize.identity.codes import read_codes
from gongkai.normalize.identity.division import division
from gongkai.normalize.identity.evidence import metadata_titles
from gongkai.normalize.identity.not_a_report import detect_other_kind
from gongkai.normalize.narrative import section
from gongkai.normalize.narrative.mention import mentions
from gongkai.normalize.split import split
from gongkai.normalize.tables import flattened, litigation, proactive, requests, statistics
from gongkai.normalize.tables.fact import TableReading, facts, missing
from gongkai.normalize.tables.locate import Found, find

__all__ = [
    "Clues",
    "body_of",
    "full_name",
    "match_label",
    "named_place",
    "normalize",
    "number_of",
    "split",
    "templates",
]

_READERS = {
    "proactive": proactive.read,
    "requests": requests.read,
    "review": litigation.read,
    "statistics": statistics.read,
}
_SECTION_OF = {"proactive": 1, "requests": 2, "review": 3, "statistics": 5}
#: Lines from the end in which the signature is looked for, and those after the last heading in which a
#: date ends the narrative: a page goes on with lists of other reports.
_TAIL, _LATEST = 12, 40
#: Lines that a signature has: a body and a date.
_SIGNED = 3


def normalize(document: Document, extra: Path | None = None, place: str | None = None) -> tuple[Report, ...]:
    """Every report of a document: one, or several on one page or side by side.

    `extra` is a user's own alias file, `place` where the user says that the bodies lie, a code or a
    name. What is in doubt gives a finding. Raises ValueError where there is no such place.
    """
    return _once([_placed(part, _normalized(part, extra), place) for part in split(document, extra)])


def body_of(name: str, place: str | None = None) -> Body:
    """The public body of this name and its division; `place` is a code or a name that it lies in.

    Raises ValueError where there is no such place, or several.
    """
    return resolve_body(name, Clues(None if place is None else named_place(place).code))


def named_place(text: str) -> Division:
    """The division that a user names, by a code or a name. Raises ValueError where none or several fit."""
    return division(find_place(text))


def _placed(document: Document, report: Report, place: str | None) -> Report:
    """The report with the division of its body, as far as that is certain."""
    if report.org is None:
        return report
    texts = (b.text for b in document.blocks if isinstance(b, Paragraph))
    text = "\n".join([document.source.path, *(value for _, value in document.metadata), *texts])
    codes = tuple(read_codes(document.source.url, document.metadata, text))
    found = resolve_body(report.org, Clues(place, codes, text))
    return replace(report, body=found, findings=(*report.findings, *report_doubts(found)))


def _once(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The reports of a document without those that repeat another word for word: a page for small screens."""
    kept: list[Report] = []
    for report in reports:
        same = next((i for i, k in enumerate(kept) if report.facts and _said(k) == _said(report)), None)
        if same is None:
            kept.append(report)
            continue
        message = "the document holds this report twice, with the same figures; it is given once"
        findings = (*kept[same].findings, flag("report-repeated", message))
        kept[same] = replace(kept[same], findings=findings)
    return tuple(kept)


def _said(report: Report) -> object:
    """Who reports what for which year."""
    return report.org, report.year, {f.field.address: (f.value, f.blank) for f in report.facts}


def _normalized(document: Document, extra: Path | None) -> Report:
    """What a document of one report reports. `extra` is a user's own alias file.

    Nothing is guessed: a box whose label or value is in doubt gives a finding and no value.
    """
    blocks, glued = _unglued(document.blocks)
    is_heading = [isinstance(b, Paragraph) and section.is_heading(b.number + b.text) for b in blocks]
    found = find(blocks, is_heading, extra)
    form, values, findings = _values(found, extra)
    flowing = [(i, b) for i, b in enumerate(blocks) if isinstance(b, Paragraph) and b.flow]
    if flattened.lost(flowing):
        message = "no line stands twice: repeated lines were dropped, and the values cannot be put back; get the original"
        findings.append(flag("text-lost", message))
    lines = section.lines(blocks, glued, _claimed(blocks, found, extra))
    heads = section.find(lines, _begins(found))
    end = _end(lines, heads)
    sections, preface, owned = section.sections(lines, heads, end)
    who = identify(
        document,
        [line.text for line in preface if not line.toc],
        [t for s in sections if s.level == 1 for t in s.text.split("\n")],
        [line.text for line in lines[: end + _SIGNED][-_TAIL:]],
        min((t.years[0] for t in templates() for f in values if f.field.template == t.id), default=None),
    )
    kind = detect_other_kind(
        [line.text for line in preface if not line.toc],
        metadata_titles(document.metadata),
        values,
        sections,
        who.org,
    )
    if kind is not None:
        message = f"this is no annual report ({kind}); its boxes are left out"
        findings = [flag("not-a-report", message, printed=kind)]
        values, form, who, owned = (), None, replace(who, org=None, year=None, findings=()), []
    form = None if kind else form or _form_by_outline([s.id for s in sections if s.level == 1], who.year)
    if form in (None, "2014", "free") and kind is None:
        # before 2019 the chapters are everybody's own, so a number may stand before the first that is known
        owned = [*(section.Owned(line) for line in preface if not line.toc), *owned]
    return Report(
        replace(document.source, data=b""),
        document.format,
        document.reader,
        document.pages,
        form,
        who.org,
        who.year,
        who.title,
        who.published,
        values,
        tuple(sections),
        (*document.findings, *findings, *who.findings),
        mentions=mentions(owned, who.year, form, values, who.org),
    )


def _unglued(blocks: Sequence[Block]) -> tuple[list[Block], dict[int, list[tuple[int, str]]]]:
    result: list[Block] = []
    glued: dict[int, list[tuple[int, str]]] = {}
    for i, block in enumerate(blocks):
        clean, tails = section.unglue(block)
        result.append(clean)
        if tails:
            glued[i] = tails
    return result, glued


def _values(found: Sequence[Found], extra: Path | None) -> tuple[str | None, tuple[Fact, ...], list[Finding]]:
    """The Facts of all tables, the form of the whole, and the findings."""
    readings = []
    for name, read in _READERS.items():
        parts = [f for f in found if f.table == name]
        if parts:
            readings.append(read([row for f in parts for row in f.rows], extra))
    form = _form(readings)
    result: list[Fact] = []
    findings: list[Finding] = []
    for reading in readings:
        findings += reading.findings
        # table four is the same in both forms: it follows the report's other tables
        own = reading.form or (form if form != "mixed" else None) or _other(readings) or "2021"
        more, said = facts(reading, own)
        result += more
        findings += said
        if more and reading.table != "statistics":  # the list is cut and added to everywhere
            findings += _missing(own, reading.table, more)
    return form, tuple(result), findings


def _form(readings: Sequence[TableReading]) -> str | None:
    forms = {r.form for r in readings if r.form is not None and r.readings}
    if len(forms) > 1:  # the old list beside the new tables is an annex
        forms.discard("2014")
    if not forms:
        return None
    return "mixed" if len(forms) > 1 else forms.pop()


def _form_by_outline(sections: Sequence[str], year: int | None) -> str | None:
    """A report without a readable table: its outline is that of the forms since 2019, or "free"."""
    if year is None or not sections:
        return None
    if year >= 2019 and len({"proactive", "requests", "review", "problems", "other"} & set(sections)) >= 2:
        return "2019" if year <= 2020 else "2021"
    return "free"


def _other(readings: Sequence[TableReading]) -> str | None:
    for name in ("requests", "proactive"):
        for r in readings:
            if r.table == name and r.form is not None:
                return r.form
    return None


def _missing(form: str, name: str, values: Sequence[Fact]) -> list[Finding]:
    """A finding for each row of the form that has no value, and for each that lacks some."""
    gaps: dict[str, list[str]] = {}
    for row, column in missing(table(form, name), values):
        gaps.setdefault(row, []).append(column)
    have = {f.field.row.id for f in values}
    result = []
    for row, columns in gaps.items():
        if row in have:
            message = f"{name}.{row}: no box for {', '.join(columns)}"
            result.append(flag("cell-missing", message, table=name, row=row))
        else:
            message = (
                f"{name}.{row}: the form has this row, the document does not or its boxes could not be told"
            )
            result.append(flag("row-missing", message, table=name, row=row))
    return result


#: An explanation behind a label; “（一）” is none.
_EXPLAINED = re.compile(r"[(（][^()（）]{4,}[)）][|\s]*$")


def _claimed(blocks: Sequence[Block], found: Sequence[Found], extra: Path | None) -> frozenset[int]:
    """Paragraphs that are boxes of a table, or a table's own block heads and notes."""
    claimed = {b for f in found for b in f.blocks}
    for i, block in enumerate(blocks):
        if isinstance(block, Paragraph) and len(block.text) <= 60 and (block.flow or i not in claimed):
            k = simplified(key(_EXPLAINED.sub("", block.text) or block.text))
            if re.search(
                r"^(?:中华人民共和国政府信息公开条例)?.?二十条.?[一五六八九]项$|勾稽关系为?第一项", k
            ):
                claimed.add(i)
    if any(isinstance(blocks[b], Paragraph) for f in found for b in f.blocks):
        for f in found:
            if isinstance(blocks[f.blocks[0]], Paragraph):
                claimed |= set(_between(blocks, f))
    for f in found:
        claimed |= set(_heads_above(blocks, f.blocks[0], extra))
    return frozenset(claimed)


def _heads_above(blocks: Sequence[Block], first: int, extra: Path | None) -> Iterator[int]:
    """Lines right above a table without rules that are heads of it: 申请人情况, 法人或其他组织."""
    grid = blocks[first]
    if not isinstance(grid, Grid) or grid.ruled:
        return
    for b in range(first - 1, -1, -1):
        above = blocks[b]
        if not isinstance(above, Paragraph) or not above.text.strip():
            return
        if not all(flattened.is_known(word, extra) for word in above.text.split()):
            return
        yield b


def _between(blocks: Sequence[Block], f: Found) -> list[int]:
    """Lines among a flattened table's lines: pieces of labels and bars."""
    return [
        b
        for b in range(f.blocks[0], f.blocks[-1] + 1)
        if isinstance(blocks[b], Paragraph) and blocks[b].flow and len(blocks[b].text) <= 90  # type: ignore[union-attr]
    ]


def _begins(found: Sequence[Found]) -> Mapping[int, tuple[int, int]]:
    """Where each table begins, by the number of its section."""
    begins: dict[int, tuple[int, int]] = {}
    for f in found:
        first = f.rows[0]
        at = (f.blocks[0], first.index if first.grid >= 0 else -1)
        begins.setdefault(_SECTION_OF[f.table], at)
    return begins


#: The whole text of a last section, and no signature.
_SAYS_NONE = re.compile(r"(?:本年度?|目前|我.{1,4}|本机关)?(?:暂?无|没有|未)")
_DATE_LINE = re.compile(r"^\s*(?:20\d\d|二[〇○零]).{1,12}[日号]\s*$")


def _end(lines: Sequence[section.Line], heads: Sequence[section.Candidate]) -> int:
    """The number of the line at which the narrative ends: the signature before the closing date."""
    last = heads[-1].line if heads else 0
    for n in range(len(lines) - 1, max(last, len(lines) - _LATEST), -1):
        if _DATE_LINE.match(re.sub(r"\s", "", lines[n].text)):
            while (
                n - 1 > last
                and len(lines[n - 1].text.strip()) <= 30
                and not re.search(r"[。；：]", lines[n - 1].text)
                and not _SAYS_NONE.match(lines[n - 1].text.strip())
            ):
                n -= 1
            return n
    return len(lines)
