"""A reading function for files that say themselves what report they are: "org|year|value", and "fails", "broken" or "zip"."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from gongkai.model import Check, Fact, Field, Label, Match, Place, Report, Section, Source

FIELD = Field(
    "2021", "requests", Label("new_requests", ("新收",), "new"), Label("total", ("总计",), "total"), "件"
)
MATCH = Match("新收", "new_requests", 100.0, "exact")


def read(path: Path, name: str, options: object) -> tuple[Report, ...]:
    """One report. Each file that is read is noted beside the archive."""
    archive = next(p for p in path.absolute().parents if p.name == "archive")
    with (archive.parent / "read.log").open("a") as log:
        log.write(f"{name}\n")
    data = path.read_bytes()
    source = Source(name, b"", hashlib.sha256(data).hexdigest(), len(data))
    org, year, value, *more = data.decode().split("|")
    if "broken" in more:
        return (Report.failed(source, "truncated", "a made-up failure"),)
    fact = Fact(FIELD, Decimal(value), False, value, Place(1, 0, 3, 4), MATCH, MATCH, "件")
    check = Check(
        "R1", "requests", "new_requests", "total", Decimal(value), Decimal(9), "pass", (FIELD.address,)
    )  # fmt: skip
    if "fails" in more:
        check = replace(check, outcome="fail")
    section = Section("overview", "1", 1, "一、", "总体情况", f"{org}的正文", Place(1, 1))
    report = Report(
        source, "fake", "fake", 1, "2021", org, int(year), "年报", None, (fact,), (section,), (), (check,)
    )
    if "zip" in more:  # its members have hashes of their own
        members = (hashlib.sha256(member.encode()).hexdigest() for member in "ab")
        return tuple(
            replace(report, source=replace(source, path=f"{name}!/{n}.docx", sha256=sha256))
            for n, sha256 in enumerate(members)
        )
    return (report,)
