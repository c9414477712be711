"""Hold every number of a panel against facts.csv, without any code of the panel.

    gongkai panel out --to p/panel.csv
    python bench/panel_check.py out p

Names of columns, fields and formulas come from panel_codebook.csv, so that what the codebook says is tried too. Prints
what differs and ends with 1 where something does. Rules that are tried: a field is the fact of the line's own report;
a total that is blank though its parts are not is missing, and counts in a series as the sum of its parts; an amount of
procurement without a unit is missing; a series is the sum of its terms in the form of its table, missing where one is
missing; an indicator is the ratio that its formula says, missing where a part is missing or the denominator is 0.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

#: table → the columns that its total adds up
PARTS = {
    "requests": (
        "natural_person", "commercial_enterprise", "research_institution", "public_welfare_org",
        "legal_service_org", "other",
    ),
    "review": ("upheld", "corrected", "other_result", "pending"),
}  # fmt: skip
AMOUNT = "proactive.government_procurement.procurement_amount"
#: series of the list of 2014 are filled with --bridge wide alone
NARROW = "2014"


@dataclass(frozen=True, slots=True)
class PanelDifference:
    """A cell of the panel that is not what facts.csv says."""

    line: str
    variable: str
    panel: float | None
    expected: float | None


@dataclass(slots=True)
class ReportFacts:
    """The facts of one report: value and blank by field, the unit of the amount, the forms of each table."""

    values: dict[str, float | None] = field(default_factory=dict)
    blank: set[str] = field(default_factory=set)
    amount_unit: str = ""
    forms: dict[str, set[str]] = field(default_factory=dict)

    def parts_of(self, name: str) -> list[float | None] | None:
        """The parts of a total that is blank though they are not; None for every other box."""
        table, row, column = name.split(".")
        if column != "total" or name not in self.blank or self.values[name] is None:
            return None
        parts = [self.values.get(f"{table}.{row}.{c}") for c in PARTS[table]]
        return parts if any(parts) else None

    def box(self, name: str) -> float | None:
        """A field as the panel has to show it."""
        if self.parts_of(name) is not None:
            return None
        value = self.values.get(name)
        return None if name == AMOUNT and value and not self.amount_unit else value

    def term(self, name: str) -> float | None:
        """A field as a series has to count it."""
        parts = self.parts_of(name)
        if parts is None:
            return self.box(name)
        return None if None in parts else sum(p for p in parts if p is not None)


def read_facts(dataset: Path) -> dict[str, ReportFacts]:
    """The facts of every report of a dataset, by report_id."""
    found: dict[str, ReportFacts] = {}
    frame = pd.read_csv(dataset / "facts.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)
    columns = ["report_id", "table", "row", "column", "value", "blank", "unit", "template"]
    for id, table, row, column, value, blank, unit, form in frame[columns].itertuples(index=False):
        own = found.setdefault(id, ReportFacts())
        name = f"{table}.{row}.{column}"
        own.values[name] = float(value) if value else None
        own.forms.setdefault(table, set()).add(form)
        if blank == "true":
            own.blank.add(name)
        if name == AMOUNT:
            own.amount_unit = unit
    return found


def check(dataset: Path, folder: Path, *, wide: bool = False) -> Iterator[PanelDifference]:
    """What differs between panel.csv of a folder and the dataset that it was made of."""
    facts = read_facts(dataset)
    panel = pd.read_csv(folder / "panel.csv", encoding="utf-8-sig", low_memory=False)
    book = pd.read_csv(folder / "panel_codebook.csv", encoding="utf-8-sig", keep_default_na=False)
    for line in panel.to_dict("records"):
        own = facts.get(line["report_id"], ReportFacts()) if line["present"] else ReportFacts()
        expected: dict[str, float | None] = {}
        for entry in book.to_dict("records"):
            name = entry["variable"]
            match entry["kind"]:
                case "field" | "optional":
                    expected[name] = own.box(entry["field"])
                case "series":
                    expected[name] = _series(entry["formula"], own, wide)
                case "indicator":
                    known = {**{k: _number(line[k]) for k in ("pop",)}, **expected}
                    expected[name] = _ratio(entry["formula"], known, str(line["org"]))
                case _:
                    continue
            shown = _number(line[name])
            wanted = expected[name]
            if (shown is None) != (wanted is None) or (
                shown is not None and wanted is not None and abs(shown - wanted) > 1e-9 * max(1, abs(wanted))
            ):
                yield PanelDifference(f"{line['body_id']} {line['year']}", name, shown, wanted)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None


def _series(formula: str, own: ReportFacts, wide: bool) -> float | None:
    """A sum of the form that the table of its first term has. Formulas stand from the oldest form to the newest."""
    for part in formula.split("; "):
        form, _, terms = part.partition(": ")
        names = terms.split(" + ")
        if own.forms.get(names[0].split(".")[0]) == {form} and (form != NARROW or wide):
            values = [own.term(name) for name in names]
            return None if None in values else sum(v for v in values if v is not None)
    return None


def _ratio(formula: str, known: Mapping[str, float | None], org: str) -> float | None:
    found = re.fullmatch(r"(?:(\d+) \* )?\((.+)\) / \((.+)\)", formula)
    assert found is not None, formula
    top, bottom = ([known[name] for name in side.split(" + ")] for side in (found[2], found[3]))
    if None in (*top, *bottom) or not sum(v for v in bottom if v is not None):
        return None
    if "pop" in found[3] and not org.endswith("人民政府"):
        return None
    return int(found[1] or 1) * sum(v or 0 for v in top) / sum(v or 0 for v in bottom)


def main() -> None:
    """Check one panel."""
    dataset, folder = Path(sys.argv[1]), Path(sys.argv[2])
    found = list(check(dataset, folder, wide="--wide" in sys.argv))
    for d in found[:50]:
        print(f"{d.line} {d.variable}: panel {d.panel}, facts {d.expected}")
    for name, count in Counter(d.variable for d in found).most_common(20):
        print(f"{count:>6} {name}")
    print(f"{len(found)} cells differ")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
