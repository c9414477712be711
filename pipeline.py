"""The roof: the way of one document through the stages; read() for users; the entry of the command line."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from model import Document, DocumentError, Finding, Limits, Report, Source, Status, TooLarge, Unreadable


@dataclass(frozen=True, slots=True)
class Options:
    """What a user can choose about the reading of one document. `aliases` is a TOML file of wordings."""

    limits: Limits = Limits()
    aliases: Path | None = None


class ReadReport(Report):
    """A Report with views for people: tables as DataFrames, HTML in notebooks."""

    __slots__ = ()


def read(path: str | Path, options: Options = Options()) -> Report:
    """The report in one file. A file that cannot be read gives a Report of status "failed"."""
    return read_file(Path(path), Path(path).name, options)[0]


def read_file(path: Path, name: str, options: Options) -> tuple[Report, ...]:
    """Every report in one file: one, or one a member of an archive.

    Holds no state and leaves nothing behind. Raises nothing for a bad document (that is a
    Report of status "failed" with a finding); any exception is a bug.
    """
    source = Source(name, b"", "", 0)
    try:
        data = _bytes(path, options.limits)
        source = Source(name, data, hashlib.sha256(data).hexdigest(), len(data))
        return tuple(_report(s, options) for s in (source,))
    except DocumentError as error:
        return (failed(replace(source, data=b""), error.code, str(error)),)


def _bytes(path: Path, limits: Limits) -> bytes:
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


def document(source: Source, options: Options = Options()) -> Document:
    """The file as laid out: the first stage alone.

    Raises a DocumentError.
    """
    from extract import extract

    return extract(source, options.limits)


def _report(source: Source, options: Options) -> Report:
    """One document through the stages."""
    from audit import audit
    from normalize import normalize, templates

    report = normalize(document(source, options), options.aliases)
    checks, findings = audit(report, templates())
    report = replace(report, checks=checks, findings=(*report.findings, *findings))
    status, reason = _status(report)
    return replace(report, status=status, reason=reason)


_TABLES = ("proactive", "requests", "review")


def _status(report: Report) -> tuple[Status, str]:
    """What became of a document, and why it is not "ok"."""
    errors = [f.code for f in report.findings if f.severity == "error"]
    kind = next((f.printed for f in report.findings if f.code == "not-a-report"), None)
    if kind is not None:
        return "empty", kind
    if not report.facts:
        return "empty", errors[0] if errors else "no-tables" if report.sections else "not-a-report"
    absent = [t for t in _TABLES if not any(f.field.table == t for f in report.facts)]
    if absent:
        return "partial", f"no-table-{absent[0]}"
    gaps = [f.code for f in report.findings if f.code in ("row-missing", "cell-missing")]
    if errors or gaps:
        return "partial", (errors + gaps)[0]
    return "ok", ""


def failed(source: Source, code: str, message: str) -> Report:
    """The Report of a file that could not be read."""
    finding = Finding(code, "error", message)
    return Report(
        source, "unknown", "", None, None, None, None, None, None, (), (), (finding,), (), "failed", code
    )


def main(arguments: list[str] | None = None) -> int:
    """The command `gongkai`."""
    raise NotImplementedError


if __name__ == "__main__":
    sys.exit(main())
