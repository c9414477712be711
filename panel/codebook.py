"""What every column of a panel means and holds: wording, unit, forms, share reported, missing by reason, range."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gongkai.model import Address
from gongkai.normalize import templates
from gongkai.panel.missing import PRESENT, REASONS
from gongkai.panel.panel_table import Panel
from gongkai.panel.variables import CODES, Variable
from gongkai.review.html_file import render_file

#: denominators below this make an indicator jump from case to case
SMALL = 10


def codebook(panel: Panel) -> list[dict[str, Any]]:
    """A line a column, in the panel's order."""
    return [_entry(panel, v) for v in panel.variables]


def _entry(panel: Panel, v: Variable) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "variable": v.name,
        "kind": v.kind,
        "content": v.content,
        "label_zh": v.zh,
        "label_en": v.en,
        "unit": v.unit,
        "field": _fields(v),
        "forms": " ".join(v.forms),
        "wording_2014": _wording(v, "2014"),
        "wording_2019": _wording(v, "2019"),
        "wording_2021": _wording(v, "2021"),
        "formula": _formula(v),
        "source": v.source,
        "step_2014_2019": (v.steps or {}).get("2019", ""),
        "step_2019_2021": (v.steps or {}).get("2021", ""),
        "values": "; ".join(f"{n} = {zh} / {en}" for n, (zh, en) in CODES.get(v.name, {}).items()),
        "note_zh": v.note_zh,
        "note_en": v.note_en,
    }
    return entry | (_of_text(panel, v) if v.content == "text" else _of_numbers(panel, v))


def _fields(v: Variable) -> str:
    if v.terms is None or v.kind == "series":
        return ""
    return ".".join(v.terms[v.forms[0]][0])


def _formula(v: Variable) -> str:
    """How a series or an indicator is made, in ids and names."""
    if v.kind == "series" and v.terms is not None:
        return "; ".join(
            f"{form}: {' + '.join('.'.join(a) for a in terms)}" for form, terms in v.terms.items()
        )
    if v.kind == "indicator":
        times = f"{v.times} * " if v.times != 1 else ""
        return f"{times}({' + '.join(v.top)}) / ({' + '.join(v.bottom)})"
    return ""


def _wording(v: Variable, form: str) -> str:
    """The official wording of a field in a form: its row and its column, as the form prints them."""
    if v.terms is None or v.kind == "series" or form not in v.terms:
        return ""
    wanted: Address = v.terms[form][0]
    for template in templates():
        if template.id == form:
            for table in template.tables:
                for field in table.fields:
                    if field.address == wanted:
                        return f"{field.row.zh} | {field.column.zh}"
    return ""


def _of_text(panel: Panel, v: Variable) -> dict[str, Any]:
    texts = panel.texts[v.name]
    filled = int(sum(bool(t) for t in texts))
    return {"lines": len(texts), "reported": filled, "distinct": len(set(texts)), **_empty()}


def _empty() -> dict[str, Any]:
    return dict.fromkeys(
        ["years", "min", "median", "mean", "max", "small_denominators", *_missing_names()], ""
    )


def _missing_names() -> list[str]:
    return [f"missing_{r.letter}_{r.word}" for r in REASONS]


def _of_numbers(panel: Panel, v: Variable) -> dict[str, Any]:
    values, codes = panel.numbers[v.name], panel.codes[v.name]
    there = codes == PRESENT
    known = values[there]
    years = panel.numbers["year"][there]
    counts = np.bincount(codes, minlength=len(REASONS) + 1)
    entry: dict[str, Any] = {
        "lines": len(values),
        "reported": int(there.sum()),
        "distinct": len(np.unique(known)),
        "years": f"{int(years.min())}-{int(years.max())}" if len(years) else "",
        "min": float(known.min()) if len(known) else "",
        # of coded numbers neither says anything
        "median": float(np.median(known)) if len(known) and v.content != "code" else "",
        "mean": float(known.mean()) if len(known) and v.content != "code" else "",
        "max": float(known.max()) if len(known) else "",
        "small_denominators": _small(panel, v),
    }
    return entry | {name: int(n) for name, n in zip(_missing_names(), counts[1:], strict=True)}


def _small(panel: Panel, v: Variable) -> Any:
    """The share of an indicator's values whose denominator is below SMALL."""
    if v.kind != "indicator" or any(name not in panel.numbers for name in v.bottom):
        return ""
    there = panel.codes[v.name] == PRESENT
    bottom = sum((panel.numbers[name] for name in v.bottom), start=np.zeros(len(there)))
    return round(float((bottom[there] < SMALL).mean()), 4) if there.any() else ""


def panel_package(
    panel: Panel, entries: Sequence[Mapping[str, Any]], files: Sequence[tuple[Path, str]]
) -> str:
    """panel_datapackage.json (Data Package v2): the files beside it and what every column of them means.

    A file in another folder is left out: a package names no path that leads out of its own.
    """
    schema = {
        "fields": [_describe(v, e) for v, e in zip(panel.variables, entries, strict=True)],
        "primaryKey": ["body_id", "year"],
        "missingValues": [""],
    }
    beside = [(path, kind) for path, kind in files if path.parent == files[0][0].parent]
    resources = [
        {
            "name": f"panel-{number}-{kind}",
            "path": path.name,
            "format": kind,
            # validators read the empty places of Parquet as NaN
            "schema": schema | ({"missingValues": ["", "nan"]} if kind == "parquet" else {}),
        }
        for number, (path, kind) in enumerate(beside, 1)
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "gongkai-panel",
        "title": "政府信息公开工作年度报告面板数据",
        "description": "One line a body and year of annual open-government reports of Chinese public bodies.",
        "missingCodes": [{"code": f".{r.letter}", "word": r.word, "zh": r.zh, "en": r.en} for r in REASONS],
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


_TYPES = {"text": "string", "count": "integer", "code": "integer", "share": "number", "number": "number"}


def _describe(v: Variable, entry: Mapping[str, Any]) -> dict[str, Any]:
    """A column: its type, labels, and what the codebook knows of it."""
    told = {k: value for k, value in entry.items() if value not in ("", None) and k not in _SAID}
    return {"name": v.name, "type": _TYPES[v.content], "title": v.zh, "description": v.en, **told}


#: entries of the codebook that stand in a field's own words
_SAID = {"variable", "content", "label_zh", "label_en"}


#: groups of the page: kind of variable → id, Chinese, English
_GROUPS = {
    "line": ("行本身的变量", "columns of the line"),
    "field": ("表样的各格", "boxes of the forms"),
    "series": ("衔接序列", "series over the forms"),
    "indicator": ("指标", "indicators"),
    "optional": ("历年累计和小计", "running totals and printed subtotals"),
    "narrative": ("文字部分", "narrative"),
}


def as_html(entries: Sequence[Mapping[str, Any]]) -> str:
    """The codebook as one HTML page for people, which loads nothing: a row a column, in groups."""
    groups = [
        {"id": kind, "zh": zh, "en": en, "entries": [_shown(e) for e in entries if e["kind"] == kind]}
        for kind, (zh, en) in _GROUPS.items()
    ]
    title = "面板数据说明 Codebook of the panel"
    return render_file("panel_codebook", title, "changes.js", groups=[g for g in groups if g["entries"]])


def _shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as the page shows it: the range in one line, and the reasons for gaps that there are."""
    parts = [
        f"{what} {entry[name]:.6g}"
        for name, what in (("min", "min"), ("median", "med"), ("mean", "mean"), ("max", "max"))
        if entry[name] != ""
    ]
    if entry["small_denominators"] != "":
        parts.append(f"分母小于 {SMALL} denominators below: {entry['small_denominators']:.0%}")
    reasons = [
        {"letter": r.letter, "zh": r.zh, "word": r.word, "count": count}
        for r, name in zip(REASONS, _missing_names(), strict=True)
        if (count := entry[name])
    ]
    return {**entry, "ranges": " · ".join(parts), "reasons": reasons}
