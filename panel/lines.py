"""The columns of a line that hold no value of a field: whose it is, where it comes from, how far it can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from gongkai.panel.fields import TABLES, items_as_cases
from gongkai.panel.missing import NO_BOX, NOT_IN_FORM, PART_MISSING, PRESENT
from gongkai.panel.panel_table import Lines, Panel

_LEVELS = {"central": 1, "province": 2, "city": 3, "county": 4, "township": 5}
_STATUS = {"ok": 1, "partial": 2, "narrative": 3}
_SUMS = {"none": 0, "hold": 1, "uncertain": 2, "fail": 3}


def put_texts(panel: Panel, lines: Lines, folder: Path) -> None:
    """Add the columns of text."""
    fields, choice = lines.fields, lines.choice
    chosen = {c.row: c for c in choice.chosen}
    names = {c.body_id: c.org for c in choice.chosen} | dict(lines.options.bodies)
    divisions = _divisions(lines)
    files = _text(lines, "source_file")
    addresses = _read_addresses(folder)
    panel.texts = {
        "body_id": _objects(body for body, _, _ in lines.keys),
        "org": _objects(chosen[r].org if r >= 0 else names.get(b, "") for b, _, r in lines.keys),
        "division_code": _objects(divisions),
        "prov_code": _objects(d[:2] for d in divisions),
        "city_code": _objects(d[:4] if len(d) >= 4 and d[2:4] != "00" else "" for d in divisions),
        "report_id": _text(lines, "report_id"),
        "source_file": files,
        "source_url": _objects(addresses.get(f, "") for f in files),
        "format": _objects("" if r < 0 else chosen[r].format for _, _, r in lines.keys),
        "title": _text(lines, "title"),
        "published": _text(lines, "published"),
        "reason": _text(lines, "reason"),
        "pa_proc_unit": _objects("" if r < 0 else fields.amount_unit[r] for _, _, r in lines.keys),
        "choice_rule": _objects("" if r < 0 else choice.reasons[r] for _, _, r in lines.keys),
    }


def _objects(texts: Any) -> np.ndarray[Any, Any]:
    return np.array(list(texts), dtype=object)


def _text(lines: Lines, column: str) -> np.ndarray[Any, Any]:
    """A column of the reports, a text a line; empty where a line has no report."""
    values = lines.reports[column].fillna("").to_numpy(dtype=object)
    return np.where(lines.there, values[lines.rows], "") if len(values) else _objects("" for _ in lines.keys)


def _divisions(lines: Lines) -> list[str]:
    """The division code of each line; a line without a report takes that of its body's other years."""
    known: dict[str, str] = {}
    for c in lines.choice.chosen:
        known[c.body_id] = str(lines.reports.at[c.row, "division_code"]) or known.get(c.body_id, "")
    return [known.get(body, "") for body, _, _ in lines.keys]


def _read_addresses(folder: Path) -> dict[str, str]:
    """Where each file was fetched, as far as the dataset knows."""
    path = folder / "sources.parquet"
    if not path.is_file():
        return {}
    table = pq.read_table(path, columns=["source_file", "url"])
    table = table.filter(pc.is_valid(table["url"]))
    return dict(zip(table["source_file"].to_pylist(), table["url"].to_pylist(), strict=True))


def put_numbers(panel: Panel, lines: Lines) -> None:
    """Add the columns of numbers."""
    always = np.zeros(len(lines.keys))
    number = {body: i for i, body in enumerate(sorted({body for body, _, _ in lines.keys}), 1)}
    panel.put("body_no", [number[body] for body, _, _ in lines.keys], always)
    panel.put("year", [year for _, year, _ in lines.keys], always)
    panel.put("present", lines.there, always)
    panel.put("n_reports", [lines.choice.sizes.get(r, 0) for _, _, r in lines.keys], always)
    _put_level(panel, lines)
    _put_states(panel, lines)
    _put_counts(panel, lines)
    _put_shares(panel, lines)
    _put_history(panel, lines)
    _put_population(panel, lines)


def _put_level(panel: Panel, lines: Lines) -> None:
    level = lines.reports["level"].map(_LEVELS).to_numpy(dtype=np.float64)
    of_body = {c.body_id: level[c.row] for c in lines.choice.chosen}
    levels = np.array([of_body.get(body, np.nan) for body, _, _ in lines.keys], dtype=np.float64)
    panel.put("level", levels, np.where(np.isnan(levels), PART_MISSING.number, PRESENT))


def _put_states(panel: Panel, lines: Lines) -> None:
    """Coded numbers: the forms, the status, the sums, and whether the choice is still open."""
    absent = lines.reasons(False, PRESENT)
    panel.put("form", lines.of(lines.forms), absent)
    for table, name in zip(TABLES, ("form_pa", "form_rq", "form_rv", "form_st"), strict=True):
        panel.put(name, lines.of(lines.fields.forms[table]), absent)
    status = lines.reports["status"].map(_STATUS).to_numpy(dtype=np.float64)
    sums = lines.reports["sums"].map(_SUMS).fillna(0).to_numpy(dtype=np.float64)
    panel.put("status", lines.of(status), absent)
    panel.put("sums", lines.of(sums), absent)
    panel.put("choice_open", [r in lines.choice.open for _, _, r in lines.keys], absent)
    cases = lines.of(items_as_cases(lines.fields))
    panel.put("items_as_cases", cases, lines.reasons(np.isnan(cases), NOT_IN_FORM.number))


def _put_counts(panel: Panel, lines: Lines) -> None:
    absent = lines.reasons(False, PRESENT)
    counts = {
        "n_checks_fail": lines.reports["checks_failed"],
        "n_doubtful": lines.fields.counts["doubtful"],
        "n_unread": lines.fields.counts["unread"],
        "n_absent": lines.fields.count(NO_BOX.number),
        "n_blank": lines.fields.counts["blank"],
        "n_total_blank": lines.total_blank,
        "n_corrected": lines.fields.counts["corrected"],
        "n_local": lines.fields.counts["local"],
    }
    for name, values in counts.items():
        panel.put(name, lines.of(values), absent)


def _put_shares(panel: Panel, lines: Lines) -> None:
    """Confidences, and the procurement amount of which no unit is stated."""
    shares = {
        "confidence_min": lines.fields.confidence,
        "org_confidence": lines.reports["org_confidence"].to_numpy(dtype=np.float64),
        "year_confidence": lines.reports["year_confidence"].to_numpy(dtype=np.float64),
    }
    for name, values in shares.items():
        of_lines = lines.of(values)
        panel.put(name, of_lines, lines.reasons(np.isnan(of_lines), PART_MISSING.number))
    raw = lines.of(lines.fields.amount_raw)
    panel.put("pa_proc_amount_raw", raw, lines.reasons(np.isnan(raw), NOT_IN_FORM.number))


def _put_history(panel: Panel, lines: Lines) -> None:
    """Years since the body's report before, and whether its form changed."""
    gap, broken = np.full(len(lines.keys), np.nan), np.full(len(lines.keys), np.nan)
    last: tuple[str, int, int] | None = None
    for i, (body, year, row) in enumerate(lines.keys):
        if row < 0:
            continue
        form = int(lines.forms[row])
        if last is not None and last[0] == body:
            gap[i], broken[i] = year - last[1], form != last[2]
        last = (body, year, form)
    missing = lines.reasons(np.isnan(gap), PART_MISSING.number)
    panel.put("gap_years", gap, missing)
    panel.put("form_break", broken, missing)


def _put_population(panel: Panel, lines: Lines) -> None:
    """Residents in 万人, by body id or else by division code."""
    given = lines.options.population
    divisions = panel.texts["division_code"]
    people = np.array(
        [
            given.get((body, year), given.get((division, year), np.nan))
            for (body, year, _), division in zip(lines.keys, divisions, strict=True)
        ],
        dtype=np.float64,
    )
    panel.put("pop", people, np.where(np.isnan(people), PART_MISSING.number, PRESENT))
