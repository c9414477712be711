"""A dataset folder → Panel: candidates, the report that counts, its line, series and indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from gongkai.panel.choose import Candidate, Choice, apply_decisions, choose, read_decisions
from gongkai.panel.fields import (
    TABLES,
    Codes,
    Fields,
    Numbers,
    explain_gaps,
    items_as_cases,
    mark_blank_totals,
    read_fields,
)
from gongkai.panel.missing import (
    BLANK,
    NO_BOX,
    NO_REPORT,
    NOT_IN_FORM,
    PART_MISSING,
    PRESENT,
    ZERO_DENOMINATOR,
)
from gongkai.panel.variables import Variable, by_name, variables

#: statuses of reports that have a line
COUNTED = ("ok", "partial", "narrative")
_LEVELS = {"central": 1, "province": 2, "city": 3, "county": 4, "township": 5}
_STATUS = {"ok": 1, "partial": 2, "narrative": 3}
_SUMS = {"none": 0, "hold": 1, "uncertain": 2, "fail": 3}
_FORMS = {"2014": 2014, "2019": 2019, "2021": 2021, "mixed": 9, "free": 0}
_REPORTS = (
    "report_id", "source_file", "sha256", "format", "org", "year", "title", "published", "template", "checks_failed",
    "status", "reason", "level", "division_code", "body_id", "org_confidence", "year_confidence", "sums",
)  # fmt: skip
#: what a Candidate takes of a report, in its order
_OF_CANDIDATES = (
    "report_id", "sha256", "source_file", "body_id", "org", "year", "title", "status", "sums", "published", "format",
)  # fmt: skip
_NUMBERS = ("year", "checks_failed", "org_confidence", "year_confidence")


@dataclass(frozen=True, slots=True)
class PanelOptions:
    """What a user chooses about a panel.

    `years`: the first and the last, None for all. `balanced`: a line for every body and year. `bodies`: body ids that
    have a line in any case, with their names. `wide`: series are bridged to the list of 2014 where only `near`.
    `blank`: whether a blank box is 0 or missing. `complete`: reports of status ok alone. `population`: in 万人, by
    body id or division code and year.
    """

    years: tuple[int, int] | None = None
    balanced: bool = False
    bodies: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False
    blank: Literal["zero", "missing"] = "zero"
    complete: bool = False
    optional: bool = False
    drop_empty: bool = False
    first_published: bool = False
    decisions: Path | None = None
    population: Mapping[tuple[str, int], float] = field(default_factory=dict)


@dataclass(slots=True)
class Panel:
    """One line a body and year: text columns, number columns, and for each number why it is missing (0: it is not).

    `unplaced` are reports without a line with the reason; `choice` says of several reports which one counts.
    """

    variables: tuple[Variable, ...]
    texts: dict[str, np.ndarray[Any, Any]]
    numbers: dict[str, Numbers]
    codes: dict[str, Codes]
    choice: Choice
    unplaced: list[dict[str, Any]]

    def __len__(self) -> int:
        return len(next(iter(self.texts.values())))

    def frame(self) -> pd.DataFrame:
        """The panel as typed columns: string, Int64 for counts, Float64; missing values are NA.

        `frame.attrs["labels"]` and `frame.attrs["labels_en"]` hold the label of each column.
        """
        columns: dict[str, Any] = {}
        for variable in self.variables:
            if variable.content == "text":
                columns[variable.name] = pd.array(self.texts[variable.name], dtype="string")
                continue
            values = self.numbers[variable.name]
            whole = variable.content in ("count", "code") and not _has_fractions(values)
            columns[variable.name] = pd.array(
                np.where(self.codes[variable.name] != PRESENT, np.nan, values), dtype="Float64"
            )
            if whole:
                columns[variable.name] = columns[variable.name].astype("Int64")
        frame = pd.DataFrame(columns)
        frame.attrs["labels"] = {v.name: v.zh for v in self.variables}
        frame.attrs["labels_en"] = {v.name: v.en for v in self.variables}
        return frame


def _has_fractions(values: Numbers) -> bool:
    known = values[~np.isnan(values)]
    return bool((known != np.floor(known)).any())


def build(folder: Path, options: PanelOptions = PanelOptions()) -> Panel:
    """The panel of a dataset folder that `gongkai run` wrote.

    Raises FileNotFoundError where it is none, ValueError where it is one of an older version, BadDecision where the
    file of decisions cannot be taken.
    """
    reports = _read_reports(folder)
    catalogue = [v for v in variables() if v.kind in ("field", "optional")]
    usable, unplaced = _sort_out(reports, options)
    fields = read_fields(folder, reports.loc[usable, "report_id"].tolist(), catalogue)
    reports = reports.loc[usable].reset_index(drop=True)
    forms = np.asarray(reports["template"].map(_FORMS).fillna(0), dtype=np.int64)
    explain_gaps(fields, catalogue, forms)
    total_blank = mark_blank_totals(fields)
    candidates = _candidates(reports, fields)
    decisions = () if options.decisions is None else read_decisions(options.decisions)
    candidates, stale = apply_decisions(candidates, decisions, options.decisions)
    choice = choose(
        candidates,
        fields,
        [v.name for v in catalogue],
        first_published=options.first_published,
        stale=stale,
    )
    return _assemble(reports, fields, catalogue, choice, total_blank, forms, unplaced, options, folder)


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
    reports: pd.DataFrame = pq.read_table(path, columns=list(_REPORTS)).to_pandas()
    texts = [name for name in _REPORTS if name not in _NUMBERS]
    reports[texts] = reports[texts].fillna("")
    return reports


def _sort_out(reports: pd.DataFrame, options: PanelOptions) -> tuple[pd.Index, list[dict[str, Any]]]:
    """The reports that can have a line, and the others with the reason."""
    counted = ("ok",) if options.complete else COUNTED
    reasons = pd.Series("", index=reports.index)
    body = reports["body_id"].fillna("")
    reasons[body == ""] = "no body"
    reasons[reports["year"].isna()] = "no year"
    reasons[(body == "") & reports["year"].isna()] = "no body and no year"
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


def _candidates(reports: pd.DataFrame, fields: Fields) -> list[Candidate]:
    absent = (fields.codes == NO_BOX.number).sum(axis=1)
    lines = zip(*(reports[name].tolist() for name in _OF_CANDIDATES), strict=True)
    return [
        Candidate(
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


def _assemble(
    reports: pd.DataFrame,
    fields: Fields,
    catalogue: Sequence[Variable],
    choice: Choice,
    total_blank: Any,
    forms: Any,
    unplaced: list[dict[str, Any]],
    options: PanelOptions,
    folder: Path,
) -> Panel:
    """The lines of the chosen reports, and those that a balanced panel adds, sorted by body and year."""
    keys = [(c.body_id, c.year, c.row) for c in choice.chosen]
    keys += [(body, year, -1) for body, year in _added(keys, options)]
    keys.sort(key=lambda key: key[:2])
    rows = np.array([row for _, _, row in keys], dtype=np.int64)
    panel = Panel((), {}, {}, {}, choice, unplaced)
    wanted = [v for v in variables() if options.optional or v.kind != "optional"]
    _put_texts(panel, reports, fields, keys, rows, choice, options, folder)
    _put_line(panel, reports, fields, keys, rows, choice, total_blank, forms, options)
    for i, variable in enumerate(catalogue):
        values, codes = fields.values[:, i][rows], fields.codes[:, i][rows]
        if options.blank == "missing":
            blank = fields.blanks[:, i][rows] & (codes == PRESENT)
            codes = np.where(blank, BLANK.number, codes)
        _put(panel, variable.name, values, np.where(rows < 0, NO_REPORT.number, codes))
    table_forms = {table: np.where(rows < 0, 0, form[rows]) for table, form in fields.forms.items()}
    for variable in wanted:
        if variable.kind == "series":
            _put_series(panel, variable, fields, rows, table_forms, options.wide)
    for variable in wanted:
        if variable.kind == "indicator":
            _put_indicator(panel, variable, rows, {row: c.org for c in choice.chosen for row in (c.row,)})
    panel.variables = tuple(v for v in wanted if v.content == "text" or _has_any(panel, v, options))
    return panel


def _has_any(panel: Panel, variable: Variable, options: PanelOptions) -> bool:
    return not options.drop_empty or bool((panel.codes[variable.name] == PRESENT).any())


def _added(keys: Sequence[tuple[str, int, int]], options: PanelOptions) -> list[tuple[str, int]]:
    """Lines of bodies and years that have no report: of a balanced panel, and of the register that the user named."""
    if not options.balanced and not options.bodies:
        return []
    have = {(body, year) for body, year, _ in keys}
    years = range(options.years[0], options.years[1] + 1) if options.years else _span(have)
    known = {body for body, _ in have} if options.balanced else set()
    return [
        (body, year)
        for body in sorted(known | set(options.bodies))
        for year in years
        if (body, year) not in have
    ]


def _span(have: set[tuple[str, int]]) -> range:
    years = [year for _, year in have]
    return range(min(years), max(years) + 1) if years else range(0)


def _put(panel: Panel, name: str, values: Any, codes: Any) -> None:
    codes = np.asarray(codes, dtype=np.uint8)
    panel.codes[name] = codes
    panel.numbers[name] = np.where(codes == PRESENT, np.asarray(values, dtype=np.float64), np.nan)


def _put_texts(
    panel: Panel,
    reports: pd.DataFrame,
    fields: Fields,
    keys: Sequence[tuple[str, int, int]],
    rows: Any,
    choice: Choice,
    options: PanelOptions,
    folder: Path,
) -> None:
    n = len(keys)
    there = rows >= 0
    chosen = {c.row: c for c in choice.chosen}
    names = {c.body_id: c.org for c in choice.chosen} | dict(options.bodies)
    codes_of_bodies = {c.body_id: _plain(reports.at[c.row, "division_code"]) for c in choice.chosen}

    def text(column: str) -> Any:
        values = reports[column].fillna("").to_numpy(dtype=object)
        return np.where(there, values[rows], "") if n else np.array([], dtype=object)

    division = [
        (text_of if row >= 0 else str(codes_of_bodies.get(body, "")))
        for (body, _, row), text_of in zip(keys, text("division_code"), strict=True)
    ]
    addresses = _addresses(folder)
    files = text("source_file")
    panel.texts = {
        "body_id": np.array([body for body, _, _ in keys], dtype=object),
        "org": np.array([chosen[r].org if r >= 0 else names.get(b, "") for b, _, r in keys], dtype=object),
        "division_code": np.array(division, dtype=object),
        "prov_code": np.array([d[:2] for d in division], dtype=object),
        "city_code": np.array(
            [d[:4] if len(d) >= 4 and d[2:4] != "00" else "" for d in division], dtype=object
        ),
        "report_id": text("report_id"),
        "source_file": files,
        "source_url": np.array([addresses.get(f, "") for f in files], dtype=object),
        "format": np.array(["" if r < 0 else chosen[r].format for _, _, r in keys], dtype=object),
        "title": text("title"),
        "published": text("published"),
        "reason": text("reason"),
        "pa_proc_unit": np.array(["" if r < 0 else fields.amount_unit[r] for _, _, r in keys], dtype=object),
        "choice_rule": np.array(["" if r < 0 else choice.reasons[r] for _, _, r in keys], dtype=object),
    }


def _addresses(folder: Path) -> dict[str, str]:
    """Where each file was fetched, as far as the dataset knows."""
    path = folder / "sources.parquet"
    if not path.is_file():
        return {}
    table = pq.read_table(path, columns=["source_file", "url"])
    table = table.filter(pc.is_valid(table["url"]))
    return dict(zip(table["source_file"].to_pylist(), table["url"].to_pylist(), strict=True))


def _put_line(
    panel: Panel,
    reports: pd.DataFrame,
    fields: Fields,
    keys: Sequence[tuple[str, int, int]],
    rows: Any,
    choice: Choice,
    total_blank: Any,
    forms: Any,
    options: PanelOptions,
) -> None:
    """The numbers of a line that are no value of a field."""
    absent = np.where(rows < 0, NO_REPORT.number, PRESENT)
    bodies = sorted({body for body, _, _ in keys})
    number = {body: i for i, body in enumerate(bodies, 1)}
    years = np.array([year for _, year, _ in keys], dtype=np.float64)
    _put(panel, "body_no", [number[body] for body, _, _ in keys], np.zeros(len(keys)))
    _put(panel, "year", years, np.zeros(len(keys)))
    _put(panel, "present", rows >= 0, np.zeros(len(keys)))
    level = reports["level"].map(_LEVELS).to_numpy(dtype=np.float64)
    of_body = {c.body_id: level[c.row] for c in choice.chosen}
    levels = np.array([level[r] if r >= 0 else of_body.get(b, np.nan) for b, _, r in keys], dtype=np.float64)
    _put(panel, "level", levels, np.where(np.isnan(levels), PART_MISSING.number, PRESENT))

    form = forms[rows]
    _put(panel, "form", form, absent)
    for table, name in zip(TABLES, ("form_pa", "form_rq", "form_rv", "form_st"), strict=True):
        _put(panel, name, fields.forms[table][rows], absent)
    _put(panel, "status", reports["status"].map(_STATUS).to_numpy(dtype=np.float64)[rows], absent)
    _put(panel, "sums", reports["sums"].map(_SUMS).fillna(0).to_numpy(dtype=np.float64)[rows], absent)
    counts = {
        "n_checks_fail": reports["checks_failed"].to_numpy(dtype=np.float64),
        "n_doubtful": fields.counts["doubtful"],
        "n_unread": fields.counts["unread"],
        "n_absent": (fields.codes == NO_BOX.number).sum(axis=1),
        "n_blank": fields.counts["blank"],
        "n_total_blank": total_blank,
        "n_corrected": fields.counts["corrected"],
        "n_local": fields.counts["local"],
    }
    for name, values in counts.items():
        _put(panel, name, np.asarray(values, dtype=np.float64)[rows], absent)
    shares = {
        "confidence_min": fields.confidence,
        "org_confidence": reports["org_confidence"].to_numpy(dtype=np.float64),
        "year_confidence": reports["year_confidence"].to_numpy(dtype=np.float64),
    }
    for name, values in shares.items():
        there = values[rows]
        missing = np.where(np.isnan(there), PART_MISSING.number, PRESENT)
        _put(panel, name, there, np.where(rows < 0, NO_REPORT.number, missing))
    cases = items_as_cases(fields)[rows]
    missing = np.where(np.isnan(cases), NOT_IN_FORM.number, PRESENT)
    _put(panel, "items_as_cases", cases, np.where(rows < 0, NO_REPORT.number, missing))
    raw = fields.amount_raw[rows]
    missing = np.where(np.isnan(raw), NOT_IN_FORM.number, PRESENT)
    _put(panel, "pa_proc_amount_raw", raw, np.where(rows < 0, NO_REPORT.number, missing))
    _put(panel, "n_reports", [choice.sizes.get(r, 0) for _, _, r in keys], np.zeros(len(keys)))
    _put(panel, "choice_open", [r in choice.open for _, _, r in keys], absent)
    _put_history(panel, keys, form, rows)
    population = np.array(
        [_population(options, body, division, year) for (body, year, _), division in zip(
            keys, panel.texts["division_code"], strict=True
        )],
        dtype=np.float64,
    )  # fmt: skip
    _put(panel, "pop", population, np.where(np.isnan(population), PART_MISSING.number, PRESENT))


def _population(options: PanelOptions, body: str, division: str, year: int) -> float:
    for key in (body, division):
        if (key, year) in options.population:
            return options.population[key, year]
    return float("nan")


def _put_history(panel: Panel, keys: Sequence[tuple[str, int, int]], form: Any, rows: Any) -> None:
    """Years since the body's report before, and whether its form changed."""
    gap, broken = np.full(len(keys), np.nan), np.full(len(keys), np.nan)
    last: tuple[str, int, int] | None = None
    for i, (body, year, row) in enumerate(keys):
        if row < 0:
            continue
        if last is not None and last[0] == body:
            gap[i] = year - last[1]
            broken[i] = form[i] != last[2]
        last = (body, year, int(form[i]))
    missing = np.where(rows < 0, NO_REPORT.number, np.where(np.isnan(gap), PART_MISSING.number, PRESENT))
    _put(panel, "gap_years", gap, missing)
    _put(panel, "form_break", broken, missing)


# Series and indicators -------------------------------------------------------------------------


def _put_series(
    panel: Panel,
    variable: Variable,
    fields: Fields,
    rows: Any,
    table_forms: Mapping[str, Any],
    wide: bool,
) -> None:
    """A series: the sum of its terms in the form of each line's own table; missing where a part is."""
    assert variable.terms is not None and variable.steps is not None  # every series has both
    values = np.full(len(rows), np.nan)
    codes = np.full(len(rows), PART_MISSING.number, dtype=np.uint8)
    done = np.zeros(len(rows), dtype=bool)
    for form, terms in variable.terms.items():
        if form == "2014" and not (wide or variable.steps["2019"] == "same"):
            continue
        here = ~done & (table_forms[terms[0][0]] == int(form))
        total, whole = _add_terms(fields, rows, terms)
        values[here], done = total[here], done | here
        codes[here] = np.where(whole[here], PRESENT, PART_MISSING.number)
    listed = table_forms["statistics"] == 2014
    codes[~done & listed] = NOT_IN_FORM.number
    codes[rows < 0] = NO_REPORT.number
    _put(panel, variable.name, values, codes)


def _add_terms(fields: Fields, rows: Any, terms: Sequence[tuple[str, str, str]]) -> tuple[Numbers, Any]:
    """The sum of some fields of each line, and whether all of them have a value. A blank box is 0."""
    total, whole = np.zeros(len(rows)), np.ones(len(rows), dtype=bool)
    for term in terms:
        i = fields.index[term]
        values = fields.values[:, i].copy()
        for (r, c), parts in fields.totals.items():
            if c == i:
                values[r] = parts
        total += values[rows]
        whole &= ~np.isnan(values[rows])
    return total, whole


def _put_indicator(panel: Panel, variable: Variable, rows: Any, names: Mapping[int, str]) -> None:
    """A ratio: missing where a part is missing, or where the denominator is 0."""
    top, bottom, whole = np.zeros(len(rows)), np.zeros(len(rows)), np.ones(len(rows), dtype=bool)
    for name in variable.top:
        top, whole = top + panel.numbers[name], whole & (panel.codes[name] == PRESENT)
    for name in variable.bottom:
        bottom, whole = bottom + panel.numbers[name], whole & (panel.codes[name] == PRESENT)
    if "pop" in variable.bottom:  # a department has no population of its own
        whole &= np.array([names.get(int(r), "").endswith("人民政府") for r in rows], dtype=bool)
    zero = whole & (bottom == 0)
    values = np.divide(top * variable.times, bottom, out=np.full(len(rows), np.nan), where=whole & ~zero)
    codes = np.where(whole, np.where(zero, ZERO_DENOMINATOR.number, PRESENT), PART_MISSING.number)
    codes[rows < 0] = NO_REPORT.number
    _put(panel, variable.name, values, codes)


def label_of(name: str, language: Literal["zh", "en"]) -> str:
    """The label of a column. Raises KeyError where the panel has none of that name."""
    variable = by_name()[name]
    return variable.zh if language == "zh" else variable.en
