"""The catalogue of the panel's columns: names, labels, units, and which fields of which forms they hold.

Names and labels of fields stand in variables.toml, those of a line's own columns in line.toml, series in
normalize/form/bridge.toml, indicators in indicators.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from gongkai.model import Address, Template
from gongkai.normalize import templates

Kind = Literal["line", "field", "optional", "series", "indicator", "narrative"]
#: what a column holds: text, a whole number, a share or rate, money or another number with a fraction, a coded number
Content = Literal["text", "count", "share", "number", "code"]

#: Stata refuses longer names; its labels end at 80 characters.
LONGEST_NAME, LONGEST_LABEL = 32, 80
#: words of the coded numbers of a line: (Chinese, English) by column and number
CODES: Mapping[str, Mapping[int, tuple[str, str]]] = {
    "level": {
        1: ("中央", "central"),
        2: ("省", "province"),
        3: ("市", "city"),
        4: ("县", "county"),
        5: ("乡镇", "township"),
    },
    "present": {0: ("无报告", "no report"), 1: ("有报告", "report")},
    "status": {1: ("完整", "ok"), 2: ("部分", "partial"), 3: ("仅叙述", "narrative")},
    "sums": {0: ("无可核", "none"), 1: ("成立", "hold"), 2: ("存疑", "uncertain"), 3: ("不成立", "fail")},
    "items_as_cases": {0: ("否", "no"), 1: ("是", "yes")},
    "choice_open": {0: ("否", "no"), 1: ("是", "yes")},
    "form_break": {0: ("否", "no"), 1: ("是", "yes")},
    **{
        name: {
            0: ("无", "none"),
            2014: ("2014 年表样", "form of 2014"),
            2019: ("2019 年表样", "form of 2019"),
            2021: ("2021 年表样", "form of 2021"),
            9: ("混用", "mixed"),
        }
        for name in ("form", "form_pa", "form_rq", "form_rv", "form_st")
    },
}


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of the panel.

    `terms` are, by form, the fields that it holds (one) or adds up (several, of a series). `top` and `bottom` are the
    variables that an indicator divides, `times` what the ratio is multiplied by. `steps` says how a series goes from
    form to form, `source` which circulars ask for it, or who computes it so.
    """

    name: str
    kind: Kind
    content: Content
    zh: str
    en: str
    unit: str = ""
    terms: Mapping[str, tuple[Address, ...]] | None = None
    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    times: int = 1
    steps: Mapping[str, str] | None = None
    note_zh: str = ""
    note_en: str = ""
    source: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that have it, oldest first."""
        return tuple(sorted(self.terms)) if self.terms else ()


def _load(package: str, name: str) -> dict[str, Any]:
    return tomllib.loads(files(package).joinpath(name).read_text("utf-8"))


@cache
def variables() -> tuple[Variable, ...]:
    """Every column, in the panel's order: the line's own, fields, series, indicators, optional fields."""
    fields = list(_fields(templates()))
    return (
        *_line(),
        *(f for f in fields if f.kind == "field"),
        *_series(),
        *_indicators(),
        *(f for f in fields if f.kind == "optional"),
        *_narrative(),
    )


@cache
def by_name() -> Mapping[str, Variable]:
    """Every column by its name."""
    return {v.name: v for v in variables()}


def _line() -> Iterator[Variable]:
    for name, entry in _load(__package__, "line.toml").items():
        yield Variable(name, "line", entry["kind"], entry["zh"], entry["en"], entry.get("unit", ""))


def _narrative() -> Iterator[Variable]:
    for name, entry in _load(__package__, "narrative.toml").items():
        notes = {k: entry.get(k, "") for k in ("note_zh", "note_en")}
        yield Variable(
            name, "narrative", entry["kind"], entry["zh"], entry["en"], entry.get("unit", ""), **notes
        )


def _fields(forms: Sequence[Template]) -> Iterator[Variable]:
    """A variable for every (table, row, column) that any form has, and for printed subtotals."""
    tables = _load(__package__, "variables.toml")["tables"]
    found: dict[Address, list[tuple[str, str]]] = {}
    for form in forms:
        for table in form.tables:
            for field in table.fields:
                found.setdefault(field.address, []).append((form.id, field.unit))
    notes = _why_no_series()
    for address, places in found.items():
        ids = [form for form, _ in places]
        note = notes.get(address[:2], notes.get(address, ("", "")))
        yield _field(tables[address[0]], address, ids, places[-1][1], note)
    for name, entry in tables.items():
        for row, words in entry["rows"].items():
            if words.get("optional"):
                for column in entry["columns"]:
                    yield _field(entry, (name, row, column), ["2019", "2021"], "件")


def _why_no_series() -> dict[tuple[str, ...], tuple[str, str]]:
    """The notes of fields that look like a series and are none: by table and row, or by table, row and column."""
    return {
        tuple(name.split(".")): (entry["note_zh"], entry["note_en"])
        for entry in _load("gongkai.normalize.form", "bridge.toml")["no_series"].values()
        for name in entry["fields"]
    }


def _circulars(forms: Sequence[str]) -> str:
    return "; ".join(form.source for form in templates() if form.id in forms)


def _field(
    entry: Mapping[str, Any],
    address: Address,
    forms: Sequence[str],
    unit: str,
    notes: tuple[str, str] = ("", ""),
) -> Variable:
    _, row_id, column_id = address
    row, column = entry["rows"][row_id], entry["columns"][column_id]
    name = "_".join(part for part in (entry["code"], row["code"], column["code"]) if part)
    row_zh = row["zh_2021"] if "zh_2021" in row and set(forms) == {"2021"} else row["zh"]
    running = column_id == "cumulative"
    pattern_zh, pattern_en = (column["zh"], column["en"]) if running else (entry["zh"], entry["en"])
    row_en = row["en"][:1].lower() + row["en"][1:] if running else row["en"]
    return Variable(
        name,
        "optional" if row.get("optional") or column.get("optional") else "field",
        "number" if unit.endswith("元") or column_id == "procurement_amount" else "count",
        pattern_zh.format(row=row_zh, column=column["zh"]),
        pattern_en.format(row=row_en, column=column["en"]),
        unit or ("万元" if column_id == "procurement_amount" else ""),
        terms={form: (address,) for form in forms},
        source=_circulars(forms),
        note_zh=notes[0],
        note_en=notes[1],
    )


def _series() -> Iterator[Variable]:
    for name, entry in _load("gongkai.normalize.form", "bridge.toml")["series"].items():
        forms = [form for form in ("2014", "2019", "2021") if form in entry]
        yield Variable(
            name,
            "series",
            "count",
            f"衔接序列：{entry['zh']}",
            f"Bridged: {entry['en']}",
            "件",
            terms={form: tuple(_address(term, form) for term in entry[form]) for form in forms},
            steps={"2019": entry["to_2019"], "2021": entry["to_2021"]},
            note_zh=entry.get("note_zh", ""),
            note_en=entry.get("note_en", ""),
            source="; ".join(filter(None, (_circulars(forms), entry.get("source", "")))),
        )


def _address(term: str, form: str) -> Address:
    """A term of the bridge as an address: "new_requests" is requests.new_requests.total."""
    parts = term.split(".")
    if form == "2014":
        return ("statistics", term, "value")
    match parts:
        case [row]:
            return ("requests", row, "total")
        case [row, column]:
            return ("requests", row, column)
        case [table, row, column]:
            return (table, row, column)
        case _:
            raise ValueError(f"bridge.toml: {term} is no field")


def _indicators() -> Iterator[Variable]:
    for name, entry in _load(__package__, "indicators.toml").items():
        yield Variable(
            name,
            "indicator",
            "share",
            f"指标：{entry['zh']}",
            entry["en"],
            entry.get("unit", "比例"),
            top=tuple(entry["top"]),
            bottom=tuple(entry["bottom"]),
            times=entry.get("times", 1),
            note_zh=entry.get("note_zh", ""),
            note_en=entry.get("note_en", ""),
            source=entry["source"],
        )
