"""A dataset folder → Panel: candidates, the report that counts, its line, series and indicators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from gongkai.panel.bridged_series import put_indicator, put_series
from gongkai.panel.choose import Choice, Claim, apply_decisions, choose, read_decisions
from gongkai.panel.fields import Fields, explain_gaps, mark_blank_totals, read_fields
from gongkai.panel.lines import put_numbers, put_texts
from gongkai.panel.missing import BLANK, NO_BOX, NO_REPORT, PRESENT
from gongkai.panel.panel_table import NO_BODY, NO_BODY_NO_YEAR, Key, Lines, Panel, PanelOptions
from gongkai.panel.variables import Variable, variables

#: statuses of reports that have a line
COUNTED = ("ok", "partial", "narrative")
_FORMS = {"2014": 2014, "2019": 2019, "2021": 2021, "mixed": 9, "free": 0}
_REPORTS = (
    "report_id", "source_file", "sha256", "format", "org", "year", "title", "published", "template", "checks_failed",
    "status", "reason", "level", "division_code", "body_id", "org_confidence", "year_confidence", "sums",
)  # fmt: skip
#: what a Claim takes of a report, in its order
_OF_CANDIDATES = (
    "report_id", "sha256", "source_file", "body_id", "org", "year", "title", "status", "sums", "published", "format",
)  # fmt: skip
_NUMBERS = ("year", "checks_failed", "org_confidence", "year_confidence")


def build(folder: Path, options: PanelOptions = PanelOptions()) -> Panel:
    """The panel of a dataset folder that `gongkai run` wrote.

    Raises FileNotFoundError where it is none, ValueError where it is one of an older version, BadDecision where the
    file of decisions cannot be taken.
    """
    reports = _read_reports(folder)
    catalogue = [v for v in variables() if v.kind in ("field", "optional")]
    usable, unplaced = _sort_out(reports, options)
    files = dict(zip(reports["report_id"], reports["source_file"], strict=True))
    fields = read_fields(folder, reports.loc[usable, "report_id"].tolist(), catalogue)
    reports = reports.loc[usable].reset_index(drop=True)
    forms = np.asarray(reports["template"].map(_FORMS).fillna(0), dtype=np.int64)
    explain_gaps(fields, catalogue, forms)
    total_blank = mark_blank_totals(fields)
    candidates = _candidates(reports, fields)
    decisions = () if options.decisions is None else read_decisions(options.decisions)
    decided = apply_decisions(candidates, decisions, options.decisions, files)
    choice = choose(
        decided.candidates,
        fields,
        [v.name for v in catalogue],
        first_published=options.first_published,
        stale=decided.stale,
        outside=decided.outside,
    )
    keys = _order_lines(choice, options)
    rows = np.array([row for _, _, row in keys], dtype=np.int64)
    lines = Lines(reports, fields, forms, total_blank, choice, options, keys, rows)
    return _assemble(lines, catalogue, unplaced, folder)


def _read_reports(folder: Path) -> pd.DataFrame:
    path = folder / "reports.parquet"
    if not path.is_file():
        raise FileNotFoundError(f"{folder}: holds no reports.parquet; name a folder that `gongkai run` wrote")
    names = pq.ParquetFile(path).schema_arrow.names
    missing = [name for name in _REPORTS if name not in names]
    if missing:
        raise ValueError(
            f"{folder}: was written by an older version ({', '.join(missing)} missing); run `gongkai run` again"
        )
    table = pq.read_table(path, columns=list(_REPORTS))
    columns = {
        name: table[name].to_pandas() if name in _NUMBERS else _share_texts(table[name].to_pylist())
        for name in _REPORTS
    }
    return pd.DataFrame(columns)


def _share_texts(texts: Sequence[str | None]) -> pd.Series:
    """Texts as one object for all that are equal: the candidates and the panel's columns hold the same ones."""
    known: dict[str, str] = {"": ""}
    return pd.Series([known.setdefault(text or "", text or "") for text in texts], dtype=object)


def _sort_out(reports: pd.DataFrame, options: PanelOptions) -> tuple[pd.Index, list[dict[str, Any]]]:
    """The reports that can have a line, and the others with the reason."""
    counted = ("ok",) if options.complete else COUNTED
    reasons = pd.Series("", index=reports.index)
    body = reports["body_id"].fillna("")
    reasons[body == ""] = NO_BODY
    reasons[reports["year"].isna()] = "no year"
    reasons[(body == "") & reports["year"].isna()] = NO_BODY_NO_YEAR
    outside = ~reports["status"].isin(counted)
    reasons[outside] = "status " + reports["status"][outside] + ": " + reports["reason"][outside].fillna("")
    if options.years is not None:
        first, last = options.years
        beyond = (reasons == "") & ~reports["year"].between(first, last).fillna(False)
        reasons[beyond] = "outside of the years asked for"
    kept = reports.index[reasons == ""]
    shown = ("report_id", "source_file", "org", "year", "title", "status", "reason")
    unplaced = []
    for i in reports.index[reasons != ""]:
        line = {name: _plain(reports.at[i, name]) for name in shown}
        unplaced.append({**line, "why": reasons[i].strip().removesuffix(":")})
    return kept, unplaced


def _plain(value: Any) -> Any:
    return "" if value is None or value != value else int(value) if isinstance(value, float) else value


def _candidates(reports: pd.DataFrame, fields: Fields) -> list[Claim]:
    absent = fields.count(NO_BOX.number)
    lines = zip(*(reports[name].tolist() for name in _OF_CANDIDATES), strict=True)
    return [
        Claim(
            i,
            id,
            sha256,
            file,
            body,
            org,
            int(year),
            title,
            status,
            sums or "none",
            published,
            "scan" if fields.from_pictures[i] else kind,
            int(fields.counts["unread"][i]),
            int(absent[i]),
            float(fields.confidence[i]),
        )
        for i, (id, sha256, file, body, org, year, title, status, sums, published, kind) in enumerate(lines)
    ]


# Lines ---------------------------------------------------------------------------------------


def _order_lines(choice: Choice, options: PanelOptions) -> tuple[Key, ...]:
    """The chosen reports, and lines without a report that a balanced panel or a register adds, by body and year."""
    keys = [(c.body_id, c.year, c.row) for c in choice.chosen]
    keys += [(body, year, -1) for body, year in _add_lines(keys, options)]
    return tuple(sorted(keys, key=lambda key: key[:2]))


def _add_lines(keys: Sequence[Key], options: PanelOptions) -> list[tuple[str, int]]:
    """Bodies and years that have no report."""
    if not options.balanced and not options.bodies:
        return []
    have = {(body, year) for body, year, _ in keys}
    years = range(options.years[0], options.years[1] + 1) if options.years else _span(have)
    known = {body for body, _ in have} if options.balanced else set()
    bodies = sorted(known | set(options.bodies))
    return [(body, year) for body in bodies for year in years if (body, year) not in have]


def _span(have: set[tuple[str, int]]) -> range:
    years = [year for _, year in have]
    return range(min(years), max(years) + 1) if years else range(0)


def _assemble(
    lines: Lines, catalogue: Sequence[Variable], unplaced: list[dict[str, Any]], folder: Path
) -> Panel:
    """The columns of all lines."""
    panel = Panel((), {}, {}, lines.choice, unplaced)
    put_texts(panel, lines, folder)
    put_numbers(panel, lines)
    left_out = {"optional": not lines.options.optional, "narrative": not lines.options.narrative}
    wanted = [v for v in variables() if not left_out.get(v.kind, False)]
    for variable in wanted:
        if variable.kind == "series":
            put_series(panel, variable, lines)
    _move_fields(panel, lines, catalogue)
    names = {c.row: c.org for c in lines.choice.chosen}
    for variable in wanted:
        if variable.kind == "indicator":
            put_indicator(panel, variable, lines, names)
    if lines.options.narrative:
        # here: it loads the dictionary of jieba, which no other panel needs
        from gongkai.panel.narrative import add_narrative

        add_narrative(panel, folder)
    panel.variables = tuple(
        v for v in wanted if v.content == "text" or not lines.options.drop_empty or _has_any(panel, v)
    )
    return panel


def _move_fields(panel: Panel, lines: Lines, catalogue: Sequence[Variable]) -> None:
    """The values of fields; a blank box is 0, or missing where the user says so.

    Each column leaves `lines.fields` as it comes: both in whole would be twice the memory.
    """
    columns = lines.fields.columns
    columns.reverse()
    for variable in catalogue:
        column = columns.pop()
        if variable.kind == "optional" and not lines.options.optional:
            continue
        column = column.take(lines.rows, lines.there, NO_REPORT.number)
        if lines.options.blank == "missing" and column.blanks is not None:
            column.codes[column.blanks] = BLANK.number
        panel.columns[variable.name] = column


def _has_any(panel: Panel, variable: Variable) -> bool:
    return bool((panel.codes[variable.name] == PRESENT).any())
