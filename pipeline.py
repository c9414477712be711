"""The roof: the way of one document through the stages.

source bytes ─extract→ Document ─normalize→ Report ─audit→ Report with checks, findings and a status
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gongkai import audit as auditing
from gongkai import extract as extracting
from gongkai import normalize as normalizing
from gongkai.emit.write.frame import frame, html
from gongkai.model import (
    NARRATIVE,
    Address,
    Document,
    DocumentError,
    Fact,
    Filing,
    Finding,
    Limits,
    Proposal,
    Report,
    Source,
    TooLarge,
    Unreadable,
)
from gongkai.record import dataclass, replace

if TYPE_CHECKING:
    import pandas

#: Boxes that are read a second time, at the most: the engine that does it is slow.
MOST_REREAD = 400


@dataclass(frozen=True, slots=True)
class Options:
    """What a user can choose about the reading of one document.

    `aliases` is a TOML file of wordings, `place` where the bodies lie: a division's code or name;
    `bodies` are the lines of the user's own register; `list_bodies` the body of each site (the first
    folder of a path) in whose list the reports were found.
    """

    limits: Limits = Limits()
    aliases: Path | None = None
    place: str | None = None
    bodies: tuple[normalizing.RegisteredBody, ...] = ()
    list_bodies: tuple[tuple[str, str], ...] = ()


DEFAULTS = Options()


class ReadReport(Report):
    """A Report with views for people: tables as DataFrames, HTML in notebooks."""

    __slots__ = ()

    def table(self, name: str, layout: Literal["wide", "long"] = "wide") -> pandas.DataFrame:
        """One table in the form's order: row ids down, column ids across, labels in `attrs`.

        A blank box is 0, a box that is missing or unread is NA. `layout="long"` has a line a
        value with both labels. Raises KeyError where there is no such table.
        """
        return frame(self, name, layout=layout, templates=normalizing.templates())

    def _repr_html_(self) -> str:
        return html(self)


# One file ------------------------------------------------------------------------------------


def read(path: str | Path, options: Options = DEFAULTS) -> ReadReport:
    """The report in one file. A file that cannot be read gives a Report of status "failed"."""
    report = read_file(Path(path), Path(path).name, options)[0]
    return ReadReport(*(getattr(report, f.name) for f in fields(Report)))


def read_file(path: Path, name: str, options: Options) -> tuple[Report, ...]:
    """Every report in one file: one, or one a member of an archive.

    Holds no state and leaves nothing behind. Raises nothing for a bad document (that is a
    Report of status "failed" with a finding); any exception is a bug.
    """
    source = Source(name, b"", "", 0)
    try:
        data = _read_bytes(path, options.limits)
        source = _source(name, data)
        members = _members(source, options)
    except DocumentError as error:
        return (_failed(source, error),)
    reports = tuple(report for member in members for report in _read_member(member, options))
    return _compare_members(reports) if len(members) > 1 else reports


def read_source(source: Source, options: Options = DEFAULTS) -> tuple[Report, ...]:
    """Every report in some bytes; never raises for a bad document."""
    try:
        laid_out = document(source, options)
        reports = normalizing.normalize(laid_out, options.aliases, options.place, options.bodies)
        return tuple(audited(laid_out, report) for report in reports)
    except DocumentError as error:
        return (_failed(source, error),)


def sources(path: Path, name: str, options: Options = DEFAULTS) -> tuple[Source, ...]:
    """The documents in a file: itself, or the members of an archive that open. Raises a DocumentError."""
    members = _members(_source(name, _read_bytes(path, options.limits)), options)
    return tuple(member.source for member in members if member.error is None)


def source_of(path: Path, options: Options = DEFAULTS) -> Source:
    """A file's bytes, as the stages take them; "-" is standard input. Raises a DocumentError."""
    data = sys.stdin.buffer.read() if str(path) == "-" else _read_bytes(path, options.limits)
    return _source(path.name, data)


def warm() -> None:
    """Load what reading a document takes: forms, readers, dictionaries."""
    read_source(Source("warm.txt", "一、总体情况\n規章 0 0 0\n".encode(), "", 0))


# The stages, one by one ----------------------------------------------------------------------


def document(source: Source, options: Options = DEFAULTS) -> Document:
    """The file as laid out: the first stage alone. Raises a DocumentError."""
    laid_out = extracting.extract(source, options.limits)
    list_body = dict(options.list_bodies).get(source.path.partition("/")[0], "")
    return replace(laid_out, list_body=list_body) if list_body else laid_out


def normalized(source: Source, options: Options = DEFAULTS) -> tuple[Report, ...]:
    """Every report in some bytes before its sums are tried: the first two stages. Raises a DocumentError."""
    return normalizing.normalize(document(source, options), options.aliases, options.place, options.bodies)


def audited(laid_out: Document, report: Report) -> Report:
    """A report with its sums tried, doubtful boxes read a second time, what would mend them, and its status."""
    forms = normalizing.templates()
    checks, findings = auditing.audit(report, forms)
    sums = [c for c in checks if c.rule != NARRATIVE]  # a sentence proves nothing about a box
    second = _read_again(laid_out, auditing.find_doubtful(report, sums))
    facts, disputes = auditing.weigh(report, sums, second, normalizing.number_of)
    proposals: tuple[Proposal, ...] = ()
    diagnosed: tuple[Finding, ...] = ()
    if any(c.outcome != "pass" for c in sums):  # else there is nothing to mend
        numbers = auditing.parse_numbers(second, normalizing.number_of)
        proposals, diagnosed = auditing.diagnose(report, forms, numbers)
    findings = (*report.findings, *findings, *disputes, *diagnosed)
    report = replace(report, facts=facts, checks=checks, findings=findings, proposals=proposals)
    status, reason = auditing.status(report)
    return replace(report, status=status, reason=reason)


def _read_again(laid_out: Document, wanted: Sequence[Fact]) -> dict[Address, str | None]:
    """What another engine reads in the boxes of some facts, where the format has another engine."""
    if not wanted or laid_out.reread is None:
        return {}
    wanted = wanted[:MOST_REREAD]
    texts = laid_out.reread([(fact.place, fact.printed) for fact in wanted])
    return dict(zip([fact.field.address for fact in wanted], texts, strict=True))


# Files ---------------------------------------------------------------------------------------


def _read_bytes(path: Path, limits: Limits) -> bytes:
    """The bytes of a file.

    Raises TooLarge before reading more than the limit, Unreadable where the system refuses.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Unreadable("not a file; name a file or a folder of files")
        if size > limits.bytes:
            raise TooLarge(f"{size:,} bytes; the limit is {limits.bytes:,}")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"the system does not give it out: {error.strerror or error}") from error
    if not data:
        raise Unreadable("the file is empty")
    return data


def _source(name: str, data: bytes) -> Source:
    return Source(name, data, hashlib.sha256(data).hexdigest(), len(data))


def _members(source: Source, options: Options) -> tuple[extracting.Member, ...]:
    """The documents of an archive, or the source itself."""
    if len(source.data) > options.limits.bytes:
        return (extracting.Member(source),)
    found = extracting.unpack_archive(source, options.limits)
    if found is not None and not found:
        raise Unreadable("the archive holds no document")
    return (extracting.Member(source),) if found is None else found


def _read_member(member: extracting.Member, options: Options) -> tuple[Report, ...]:
    """The reports of a member of an archive; one whose bytes could not be had is a failed Report of its own."""
    if member.error is not None:
        return (_failed(member.source, member.error),)
    return read_source(member.source, options)


def _failed(source: Source, error: DocumentError) -> Report:
    """The one door for a document that cannot be read."""
    return Report.failed(replace(source, data=b""), error.code, str(error))


def _compare_members(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The reports of an archive; one that is another member's in another format says so, and where they differ."""
    alike: dict[tuple[str, int], list[int]] = {}
    for i, report in enumerate(reports):
        if report.org is not None and report.year is not None and report.facts:
            alike.setdefault((normalizing.full_name(report.org), report.year), []).append(i)
    findings: dict[str, list[Finding]] = {}
    for numbers in alike.values():
        for found in auditing.compare_editions([_filing(str(i), reports[i]) for i in numbers]):
            findings.setdefault(found.filing.report_id, []).append(found.finding)
    return tuple(replace(r, findings=(*r.findings, *findings.get(str(i), ()))) for i, r in enumerate(reports))


def _filing(id: str, report: Report) -> Filing:
    """A report as rules over several reports see it."""
    assert report.org is not None and report.year is not None  # the caller takes only reports that have both
    values = {f.field.address: f.value for f in report.facts}
    source = report.source
    return Filing(
        id, source.path, source.sha256, report.org, report.org, report.year, {}, values, frozenset()
    )
