"""Where a value comes from (FILE FIELD), whose report it is (FILE org, FILE year), or what a label would match (--label). 说明数值或标签的由来。"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from gongkai import pipeline
from gongkai.commands import Refused
from gongkai.commands.correct import field_names, no_such_field
from gongkai.commands.options import named_files
from gongkai.commands.options.named_files import Aliases, Corrections
from gongkai.commands.output import screen
from gongkai.commands.output.as_json import explained_as_json
from gongkai.commands.output.findings import finding_line, finding_text
from gongkai.commands.output.language import say, translate_lines
from gongkai.model import DocumentError, Finding, Match, Report
from gongkai.normalize import Identity, identities, match_label, templates
from gongkai.review.explain import explain as explain_value

#: Candidates below this score (0 to 100) are noise.
NEAR = 50.0
#: How a body and a year are chosen, for people.
_RULES = {
    "org": "rule: a candidate is a whole name by the grammar of bodies; spellings of one body are one; the sum of the weights"
    " of its sources (normalize/identity/evidence.toml) gives its probability; below 0.7, and without a place, none is given",
    "year": "rule: the weights of a year's sources are added up (normalize/identity/evidence.toml); below 0.5 none is given",
}


def command(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A report; - is standard input.")
    ] = None,
    field: Annotated[
        str | None,
        typer.Argument(metavar="FIELD", help="table.row.column, as `gongkai fields` lists them; org; year."),
    ] = None,
    label: Annotated[str | None, typer.Option(help="A printed label: what would it match?")] = None,
    table: Annotated[str | None, typer.Option(help="Only this table, with --label: requests.")] = None,
    aliases: Aliases = None,
    corrections: Corrections = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Print the printed text, the place, the labels with their scores, the sums and the findings of a value."""
    options = named_files.options(aliases)
    if label is not None and file is None:
        if as_json:
            screen.write_json(_label_as_json(label, table, options))
        else:
            screen.write(_explain_label(label, table, options))
        return 0
    if file is None or field is None or label is not None or table is not None:
        raise Refused("name FILE and FIELD, or --label TEXT alone", 2)
    if field in ("org", "year"):
        if as_json:
            screen.write_json(_identity_as_json(file, field, options))
        else:
            screen.write(_explain_identity(file, field, options))
        return 0
    reports = named_files.reports(file, options, corrections)
    values = [(r, f) for r in reports for f in r.facts if ".".join(f.field.address) == field]
    if not values:
        return _explain_missing(file, field, reports)
    if as_json:
        screen.write_json([explained_as_json(r, f) for r, f in values])
        return 0
    for report, fact in values:
        if len(reports) > 1:
            screen.write(
                f"{say('report')}  {report.source.path}   {report.org or '?'} {report.year or '?'}\n"
            )
        screen.write(translate_lines(explain_value(report, fact.field.address)))
    return 0


def _identities(file: Path, options: pipeline.Options) -> Sequence[Identity]:
    """Whose report and of which year each report of a file may be."""
    try:
        return identities(pipeline.document(named_files.source(file), options), options.aliases)
    except DocumentError as error:
        raise named_files.refusal(file, error) from error


def _identity_as_json(file: Path, field: str, options: pipeline.Options) -> list[dict[str, object]]:
    """The chosen body or year of each report of a file, and the candidates with what names them."""
    plain: list[dict[str, object]] = []
    for identity in _identities(file, options):
        chosen = identity.org if field == "org" else identity.year
        bodies = [
            {"name": b.name, "confidence": b.confidence, "bare": b.bare, "sources": list(b.sources)}
            for b in identity.bodies
        ]
        years = [
            {"year": y.year, "confidence": y.confidence, "sources": list(y.sources)} for y in identity.years
        ]
        plain.append({field: chosen, "candidates": bodies if field == "org" else years})
    return plain


def _explain_identity(file: Path, field: str, options: pipeline.Options) -> str:
    """The candidates for the body or the year of each report of a file, what names them, and the rule."""
    lines: list[str] = []
    for identity in _identities(file, options):
        if field == "org":
            lines += [f"org   {identity.org or say('(none)')}", *_bodies(identity)]
        else:
            lines += [f"year  {identity.year or say('(none)')}", *_years(identity)]
        lines += [f"  {finding_line(f)}" for f in identity.findings if f.code.startswith(field)]
    return screen.clean("\n".join([*lines, say(_RULES[field])]) + "\n")


def _bodies(identity: Identity) -> Iterator[str]:
    for body in identity.bodies:
        yield f"  {body.confidence:5.3f}  {body.name}{'   ' + say('(says no place)') if body.bare else ''}"
        for source, text in body.sources:
            yield f"           {source:<12} {text}"


def _years(identity: Identity) -> Iterator[str]:
    for year in identity.years:
        named = ", ".join(f"{source} {weight:+g}" for source, weight in year.sources)
        yield f"  {year.confidence:5.3f}  {year.year}   {named}"


def _explain_missing(file: Path, field: str, reports: Sequence[Report]) -> int:
    """Write why the file has no such value: no form has the field, the file failed, or it lacks the box."""
    known = field_names()
    if field not in known:
        raise no_such_field(field, known | {".".join(f.field.address) for r in reports for f in r.facts})
    failed = [f for r in reports if r.status == "failed" for f in r.findings]
    if len(reports) == 1 and failed:
        raise Refused(f"{failed[0].code}: {finding_text(failed[0].code, failed[0].message)}", 1, file)
    forms = ", ".join(sorted({r.template for r in reports if r.template is not None})) or say("none")
    unread = "{file}: no value {field} was read (form {forms}); `gongkai extract` shows the boxes"
    lines = [say(unread, file=file, field=field, forms=forms)]
    lines += [f"  {finding_line(f)}" for f in _findings_near(field, reports)]
    sys.stderr.write(screen.clean("\n".join(lines)) + "\n")
    return 1


def _findings_near(field: str, reports: Sequence[Report]) -> Iterator[Finding]:
    """The findings, notes aside, that may tell why a field has no value: of its row, its table or the report."""
    table, row, _ = field.split(".")
    for finding in (f for r in reports for f in r.findings if f.severity != "note"):
        if finding.table in (None, table) and finding.row in (None, row):
            yield finding


def _require_table(table: str | None) -> None:
    """Raise Refused for a table that no form has."""
    names = sorted({t.id for form in templates() for t in form.tables})
    if table is not None and table not in names:
        raise Refused(f"there is no table {table}; {', '.join(names)}", 2)


def _label_as_json(text: str, table: str | None, options: pipeline.Options) -> list[dict[str, object]]:
    """What a label means in each table, and the ids that it is compared with, the best first."""
    _require_table(table)
    return [
        {
            "table": name,
            "kind": kind,
            "id": None if match is None else match.id,
            "rule": None if match is None else match.rule,
            "score": None if match is None else match.score,
            "candidates": [list(candidate) for candidate in candidates],
        }
        for name, kind, match, candidates in match_label(text, table, options.aliases)
    ]


def _explain_label(text: str, table: str | None, options: pipeline.Options) -> str:
    """What a label means in each table, and the line to paste into an alias file."""
    _require_table(table)
    lines = []
    for name, kind, match, candidates in match_label(text, table, options.aliases):
        near = [(id, score) for id, score in candidates[:4] if score >= NEAR]
        if match is not None or near:
            lines += _explain_match(text, f"{name}.{kind}", match, near)
    return "\n".join(lines or [say("nothing is near “{text}”", text=text)]) + "\n"


def _explain_match(text: str, slot: str, match: Match | None, near: list[tuple[str, float]]) -> list[str]:
    """What a label means among the rows or columns of one table.

    Where nothing matched, the line to paste names no id: 不予公开 scores 75 with 予以公开, so a person
    has to choose.
    """
    lines = [f"{slot:<17} {f'= {match.id}   {match.rule} {match.score:g}' if match else say('no match')}"]
    lines += [f"    {score:5.1f}  {id:<28}{_printed_label(slot, id)}" for id, score in near]
    wording = json.dumps([text], ensure_ascii=False)  # a string of JSON is one of TOML
    if match is None:
        lines.append(
            "    "
            + say("if it means one of them, under [{slot}] of an alias file:", slot=slot)
            + f"  ID = {wording}"
        )
    elif match.rule == "fuzzy":
        lines.append(
            "    "
            + say("to settle it, under [{slot}] of an alias file:", slot=slot)
            + f"  {match.id} = {wording}"
        )
    return lines


def _printed_label(slot: str, id: str) -> str:
    """The form's own label of an id, "" for an id that only aliases name."""
    table, kind = slot.split(".")
    for form in reversed(templates()):
        for t in form.tables:
            for label in t.rows if kind == "rows" else t.columns:
                if t.id == table and label.id == id:
                    return label.path[-1]
    return ""
