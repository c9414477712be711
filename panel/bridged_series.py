"""Series over the forms and derived indicators: sums and ratios that are missing where a part is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gongkai.model import Address
from gongkai.panel.missing import NO_REPORT, NOT_IN_FORM, PART_MISSING, PRESENT, ZERO_DENOMINATOR
from gongkai.panel.number_column import Numbers
from gongkai.panel.panel_table import Lines, Panel
from gongkai.panel.variables import Variable


def put_series(panel: Panel, variable: Variable, lines: Lines) -> None:
    """Add a series: the sum of its terms in the form of each line's own table; missing where a part is."""
    assert variable.terms is not None and variable.steps is not None  # every series has both
    n = len(lines.keys)
    values, done = np.full(n, np.nan), np.zeros(n, dtype=bool)
    codes = np.full(n, PART_MISSING.number, dtype=np.uint8)
    for form, terms in variable.terms.items():
        if form == "2014" and not (lines.options.wide or variable.steps["2019"] == "same"):
            continue
        here = ~done & (_form_of(lines, terms[0][0]) == int(form))
        total, whole = _add_terms(lines, terms)
        values[here], done = total[here], done | here
        codes[here] = np.where(whole[here], PRESENT, PART_MISSING.number)
    codes[~done & (_form_of(lines, "statistics") == 2014)] = NOT_IN_FORM.number
    codes[~lines.there] = NO_REPORT.number
    panel.put(variable.name, values, codes)


def _form_of(lines: Lines, table: str) -> Any:
    """The form of a table of each line, 0 where there is none."""
    return np.where(lines.there, lines.of(lines.fields.forms[table]), 0)


def _add_terms(lines: Lines, terms: Sequence[Address]) -> tuple[Numbers, Any]:
    """The sum of some fields of each line, and whether all of them have a value. A blank box is 0."""
    fields, n = lines.fields, len(lines.keys)
    total, whole = np.zeros(n), np.ones(n, dtype=bool)
    for term in terms:
        i = fields.index[term]
        values = fields.columns[i].values()
        for r, parts in fields.totals.get(i, {}).items():
            values[r] = parts
        of_lines = lines.of(values)
        total += of_lines
        whole &= ~np.isnan(of_lines)
    return total, whole


def put_indicator(panel: Panel, variable: Variable, lines: Lines, names: Mapping[int, str]) -> None:
    """Add a ratio: missing where a part is missing, or where the denominator is 0. `names` are the bodies by row."""
    n = len(lines.keys)
    top, bottom, whole = np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    for name in variable.top:
        top, whole = top + panel.numbers[name], whole & (panel.codes[name] == PRESENT)
    for name in variable.bottom:
        bottom, whole = bottom + panel.numbers[name], whole & (panel.codes[name] == PRESENT)
    if "pop" in variable.bottom:  # a department has no population of its own
        whole &= np.array([names.get(int(r), "").endswith("人民政府") for r in lines.rows], dtype=bool)
    zero = whole & (bottom == 0)
    values = np.divide(top * variable.times, bottom, out=np.full(n, np.nan), where=whole & ~zero)
    codes = np.where(whole, np.where(zero, ZERO_DENOMINATOR.number, PRESENT), PART_MISSING.number)
    codes[~lines.there] = NO_REPORT.number
    panel.put(variable.name, values, codes)
