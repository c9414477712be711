"""Which report counts where several claim one body and year: one of them, whole, by a rule that is written down."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np

from gongkai.model import unguard
from gongkai.panel.fields import Fields

Kind = Literal["kept", "copy", "agree", "fuller", "amended", "conflict", "annex", "stale", "outside"]

#: formats from the one that loses least on its way to the one that loses most
_FORMATS = ("docx", "xlsx", "html", "pdf", "doc", "txt", "scan")
_SAME_FORMAT = {
    "wps": "doc",
    "rtf": "doc",
    "odt": "docx",
    "xls": "xlsx",
    "mhtml": "html",
    "ofd": "pdf",
    "text": "txt",
}
_STATUSES = ("ok", "partial", "narrative")
_SUMS = ("hold", "uncertain", "none", "fail")
#: what a person may write in `keep` in Chinese
_IN_CHINESE = {"是": "yes", "否": "no", "无": "none"}
#: differences that a line of the list of duplicates names
MOST_NAMED = 20
#: columns of panel_duplicates.csv
COLUMNS = (
    "body_id", "year", "group", "rank", "kept", "decided_by", "kind", "report_id", "sha256", "source_file", "org",
    "title", "status", "sums", "published", "format", "n_unread", "confidence_min", "n_diff", "diffs", "later_lost",
    "open", "keep", "newid", "newyear", "by", "why",
)  # fmt: skip


class BadDecision(ValueError):
    """A file of decisions is not one: the file, the line and what is wrong with it, in one line."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A report that claims a body and a year. `row` is its place among the fields that were read."""

    row: int
    report_id: str
    sha256: str
    source_file: str
    body_id: str
    org: str
    year: int
    title: str
    status: str
    sums: str
    published: str
    format: str
    unread: int
    absent: int
    confidence: float
    decision: str = ""
    newid: str = ""
    newyear: str = ""
    by: str = ""
    why: str = ""
    # no line of the list of decisions names it, though it names others of its body and year
    unseen: bool = False

    @property
    def day(self) -> str:
        """The day of publication where it can be one: within two years after the year reported on."""
        try:
            day = date.fromisoformat(self.published[:10])
        except ValueError:
            return ""
        return self.published[:10] if date(self.year, 12, 1) <= day <= date(self.year + 2, 12, 31) else ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of a candidate: a line of panel_duplicates.csv that was filled in."""

    report_id: str
    sha256: str
    keep: str
    newid: str
    newyear: str
    by: str
    why: str
    line: int
    source_file: str = ""
    body_id: str = ""
    year: str = ""

    @property
    def says_something(self) -> bool:
        """Whether a person filled the line in."""
        return bool(self.keep or self.newid or self.newyear)


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of the candidates of all bodies and years.

    `chosen` are those that have a line, `lines` those of panel_duplicates.csv, `reasons` what decided by row,
    `open` the rows whose candidates differ and of which nobody has decided, `sizes` the candidates of each row's
    group, `stale` decisions whose file has other bytes now, `outside` those about reports that this panel leaves out
    (by --years for instance).
    """

    chosen: tuple[Claim, ...]
    lines: tuple[dict[str, Any], ...]
    reasons: Mapping[int, str]
    open: frozenset[int]
    sizes: Mapping[int, int]
    stale: tuple[Decision, ...] = ()
    outside: tuple[Decision, ...] = ()
    dropped: int = field(default=0)


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """The lines of a list of duplicates, those too in which nobody wrote: they say what the person had before them.

    Raises BadDecision, with the file and the line, where it is none.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text("gb18030")
    rows = csv.reader(
        io.StringIO(text, newline="")
    )  # titles may hold what splitlines takes for ends of lines
    head = next(rows, [])
    missing = [name for name in ("report_id", "sha256", "keep", "newid", "newyear", "by") if name not in head]
    if missing:
        raise BadDecision(f"{path}, line 1: no column {', '.join(missing)}; give back panel_duplicates.csv")
    found = []
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        if len(row) != len(head):
            raise BadDecision(f"{path}, line {number}: {len(row)} columns where the head has {len(head)}")
        line = dict(zip(head, (cell.strip() for cell in row), strict=True))
        found.append(_decision(path, number, line))
    return tuple(found)


def _decision(path: Path, number: int, line: Mapping[str, str]) -> Decision:
    keep = _IN_CHINESE.get(line["keep"], line["keep"].lower())
    if keep not in ("", "yes", "no", "none"):
        raise BadDecision(
            f"{path}, line {number}: keep is {line['keep']!r}; write yes, no or none (是、否、无)"
        )
    if not line["by"] and (line["keep"] or line["newid"] or line["newyear"]):
        raise BadDecision(f"{path}, line {number}: a decision needs a name in the column `by`")
    if line["newyear"] and not (line["newyear"].isdigit() and 1990 <= int(line["newyear"]) <= 2100):
        raise BadDecision(f"{path}, line {number}: newyear is {line['newyear']!r}; write a year like 2021")
    return Decision(
        line["report_id"],
        line["sha256"],
        keep,
        line["newid"],
        line["newyear"],
        line["by"],
        line.get("why", ""),
        number,
        unguard(line.get("source_file", "")),
        unguard(line.get("body_id", "")),
        line.get("year", ""),
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """The candidates with what people decided of them, and the decisions that nothing follows from."""

    candidates: list[Claim]
    stale: tuple[Decision, ...]
    outside: tuple[Decision, ...]


def apply_decisions(
    candidates: Sequence[Claim],
    decisions: Sequence[Decision],
    path: Path | None,
    files: Mapping[str, str] = {},
) -> Decided:
    """Put the decisions of people on the candidates. `files` are all reports of the dataset: file by report_id.

    A decision whose file has other bytes now is stale, one about a report that this panel leaves out is outside of it.
    Raises BadDecision where a line names a file that the dataset does not have, or a body and year that are not its
    report's, or where two reports of one body and year are to count.
    """
    known = {c.report_id: i for i, c in enumerate(candidates)}
    of_bytes = {(c.sha256, c.source_file): i for i, c in enumerate(candidates)}
    names = frozenset(files.values())
    result: list[Claim] = list(candidates)
    stale: list[Decision] = []
    outside: list[Decision] = []
    for d in decisions:
        if not d.says_something:
            continue
        # a spreadsheet makes a number of an id like 12345678901234e5: the bytes and the name of the file say the same
        i = known.get(d.report_id, of_bytes.get((d.sha256, d.source_file)))
        if i is None and d.report_id not in files and d.source_file not in names:
            raise BadDecision(
                f"{path}, line {d.line}: {d.source_file or d.report_id} is no file of this dataset; "
                "take the line out, or run again with the file"
            )
        if i is None:
            (outside if d.report_id in files else stale).append(d)
            continue
        if result[i].sha256 != d.sha256:
            stale.append(d)
            continue
        _refuse_other_group(result[i], d, path)
        result[i] = replace(
            result[i],
            decision=d.keep,
            newid=d.newid,
            newyear=d.newyear,
            body_id=d.newid or result[i].body_id,
            year=int(d.newyear) if d.newyear else result[i].year,
            by=d.by,
            why=d.why,
        )
    _mark_unseen(result, decisions)
    twice: dict[tuple[str, int], str] = {}
    for c in result:
        if c.decision == "yes":
            other = twice.setdefault((c.body_id, c.year), c.report_id)
            if other != c.report_id:
                raise BadDecision(
                    f"{path}: {c.body_id} {c.year} has keep = yes twice ({other}, {c.report_id}); one line counts"
                )
    return Decided(result, tuple(stale), tuple(outside))


def _refuse_other_group(c: Claim, d: Decision, path: Path | None) -> None:
    """Raises BadDecision where a line speaks of another body or year than its report's, before or after the decision."""
    bodies, years = {"", c.body_id, d.newid or c.body_id}, {"", str(c.year), d.newyear or str(c.year)}
    if d.body_id not in bodies or d.year not in years:
        raise BadDecision(
            f"{path}, line {d.line}: the group {d.body_id} {d.year} does not hold {c.source_file}, "
            f"which is of {c.body_id} {c.year}; take the line of the newest panel_duplicates.csv"
        )


def _mark_unseen(candidates: list[Claim], decisions: Sequence[Decision]) -> None:
    """Mark the reports that came after a person decided about their body and year: the choice is open again."""
    seen = {d.report_id for d in decisions}
    decided = {(c.body_id, c.year) for c in candidates if c.by}
    for i, c in enumerate(candidates):
        if (c.body_id, c.year) in decided and c.report_id not in seen:
            candidates[i] = replace(c, unseen=True)


def choose(
    candidates: Sequence[Claim],
    fields: Fields,
    names: Sequence[str],
    *,
    first_published: bool = False,
    stale: tuple[Decision, ...] = (),
    outside: tuple[Decision, ...] = (),
) -> Choice:
    """One report for each body and year. `names` are the variables of the fields, for the list of differences.

    `first_published`: the report that was published first counts before the latest, for studies of reporting.
    """
    groups: dict[tuple[str, int], list[Claim]] = {}
    for c in candidates:
        groups.setdefault((c.body_id, c.year), []).append(c)
    chosen: list[Claim] = []
    lines: list[dict[str, Any]] = []
    reasons: dict[int, str] = {}
    open_rows: set[int] = set()
    sizes: dict[int, int] = {}
    dropped = 0
    for number, key in enumerate(sorted(groups), 1):
        ranked = sorted(groups[key], key=lambda c: _rank(c, first_published))
        if any(c.decision == "none" for c in ranked):
            lines += _lines(ranked, None, "person", fields, names, number)
            dropped += len(ranked)
            continue
        left = [c for c in ranked if c.decision != "no"]
        if not left:
            lines += _lines(ranked, None, "person", fields, names, number)
            dropped += len(ranked)
            continue
        kept = left[0]
        reason = _reason(kept, left[1:], ranked, first_published)
        chosen.append(kept)
        reasons[kept.row], sizes[kept.row] = reason, len(ranked)
        if len(ranked) > 1 or kept.by:
            group = _lines(ranked, kept, reason, fields, names, number)
            lines += group
            if any(line["open"] for line in group):
                open_rows.add(kept.row)
    lines += [_idle_line(d, "stale") for d in stale]
    lines += [_idle_line(d, "outside") for d in outside]
    return Choice(tuple(chosen), tuple(lines), reasons, frozenset(open_rows), sizes, stale, outside, dropped)


def _idle_line(d: Decision, kind: Kind) -> dict[str, Any]:
    """A decision that nothing follows from: it stays in the list for the next panel."""
    told = {
        "body_id": d.body_id,
        "year": d.year,
        "kept": 0,
        "decided_by": "person",
        "kind": kind,
        "report_id": d.report_id,
        "sha256": d.sha256,
        "source_file": d.source_file,
        "open": 0,
        "keep": d.keep,
        "newid": d.newid,
        "newyear": d.newyear,
        "by": d.by,
        "why": d.why,
    }
    return {name: told.get(name, "") for name in COLUMNS}


def _steps(c: Claim, first_published: bool) -> tuple[tuple[str, Any], ...]:
    """What is compared, in order; the lower value is preferred."""
    day = c.day
    published: tuple[Any, ...] = (not day, day if first_published else _backwards(day))
    kind = _SAME_FORMAT.get(c.format, c.format)
    return (
        ("person", c.decision != "yes"),
        ("status", _STATUSES.index(c.status)),
        ("sums", _SUMS.index(c.sums) if c.sums in _SUMS else len(_SUMS)),
        ("published", published),
        ("n_unread", c.unread),
        ("n_absent", c.absent),
        ("confidence_min", -round(c.confidence, 2) if c.confidence == c.confidence else 0.0),
        ("format", _FORMATS.index(kind) if kind in _FORMATS else len(_FORMATS)),
        ("source_file", c.source_file),
    )


def _backwards(day: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in day)


def _rank(c: Claim, first_published: bool) -> tuple[Any, ...]:
    return (*(value for _, value in _steps(c, first_published)), c.report_id)


def _reason(kept: Claim, others: Sequence[Claim], ranked: Sequence[Claim], first_published: bool) -> str:
    """The first step in which the kept report differs from the one behind it; "only" where there is one file."""
    if kept.decision == "yes" or any(c.decision == "no" for c in ranked):
        return "person"
    distinct = [c for c in others if c.sha256 != kept.sha256]
    if not others:
        return "only"
    if not distinct:
        return "only-bytes"
    pairs = zip(_steps(kept, first_published), _steps(distinct[0], first_published), strict=True)
    return next((name for (name, a), (_, b) in pairs if a != b), "source_file")


def _lines(
    ranked: Sequence[Claim],
    kept: Claim | None,
    reason: str,
    fields: Fields,
    names: Sequence[str],
    group: int,
) -> list[dict[str, Any]]:
    """The lines of one body and year in the list of duplicates."""
    result = []
    best = kept or ranked[0]
    decided = any(c.decision for c in ranked)
    for rank, c in enumerate(ranked, 1):
        differences = _differences(best, c, fields, names)
        kind = "kept" if c is kept else _kind(best, c, fields, len(differences))
        result.append(
            {
                "body_id": c.body_id,
                "year": c.year,
                "group": group,
                "rank": rank,
                "kept": int(c is kept),
                "decided_by": reason,
                "kind": kind,
                "report_id": c.report_id,
                "sha256": c.sha256,
                "source_file": c.source_file,
                "org": c.org,
                "title": c.title,
                "status": c.status,
                "sums": c.sums,
                "published": c.published,
                "format": c.format,
                "n_unread": c.unread,
                "confidence_min": "" if c.confidence != c.confidence else f"{c.confidence:g}",
                "n_diff": len(differences),
                "diffs": "; ".join(differences[:MOST_NAMED]),
                "later_lost": int(c is not kept and bool(c.day) and bool(best.day) and c.day > best.day),
                "open": int(kind in ("amended", "conflict") and (c.unseen or not decided)),
                "keep": c.decision,
                "newid": c.newid,
                "newyear": c.newyear,
                "by": c.by,
                "why": c.why,
            }
        )
    return result


def _differences(a: Claim, b: Claim, fields: Fields, names: Sequence[str]) -> list[str]:
    """Fields of which both reports have a value, and another one."""
    first, second = fields.values(a.row), fields.values(b.row)
    at = np.flatnonzero(~np.isnan(first) & ~np.isnan(second) & (first != second))
    return [f"{names[i]}: {_digits(first[i])}≠{_digits(second[i])}" for i in at.tolist()]


def _digits(value: float) -> str:
    """A number with all its digits: large ones that differ in the last must not look equal."""
    return f"{int(value)}" if value == int(value) else repr(float(value))


def _kind(best: Claim, c: Claim, fields: Fields, differ: int) -> Kind:
    """How a candidate that lost relates to the one that counts."""
    if c.sha256 == best.sha256:
        return "copy"
    values = [fields.values(x.row) for x in (best, c)]
    first, second = (~np.isnan(v) for v in values)
    tables = [{t for t, form in fields.forms.items() if form[x.row]} for x in (best, c)]
    if not (tables[0] & tables[1]) and "statistics" in tables[0] | tables[1]:
        return "annex"
    both = first & second
    telling = both & ((values[0] != 0) | (values[1] != 0))
    if differ == 0:
        return "agree" if np.array_equal(first, second) else "fuller"
    return "amended" if 2 * differ <= int(telling.sum()) else "conflict"
