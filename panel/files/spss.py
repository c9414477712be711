"""A Panel → an SPSS file (.sav), by pyreadstat. Missing codes are numbers that the file declares as missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from gongkai.panel.missing import PRESENT, REASONS
from gongkai.panel.number_column import NumberColumn
from gongkai.panel.panel_table import Panel
from gongkai.panel.variables import CODES

#: the number of code k is this minus k; `change` has a sign, so that small negative numbers are taken
FIRST = -999999900.0
_LOW = FIRST - 99
#: SPSS keeps so many bytes of a label of a variable and of a value, and cuts longer ones without a word
_LONGEST, _LONGEST_VALUE = 255, 120


def write(panel: Panel, path: Path, *, labels: Literal["zh", "en"] = "zh") -> None:
    """Write the panel, compressed row by row."""
    import pyreadstat  # the extra gongkai[stats]

    columns: dict[str, Any] = {}
    ranges: dict[str, Any] = {}
    words, measures = {}, {}
    missing = {FIRST - r.number: _cut(r.zh if labels == "zh" else r.en, _LONGEST_VALUE) for r in REASONS}
    for v in panel.variables:
        if v.content == "text":
            columns[v.name] = pd.Series(panel.texts[v.name], dtype=object)
            measures[v.name] = "nominal"
            continue
        columns[v.name] = _numbers(panel.columns[v.name])
        ranges[v.name] = [{"lo": _LOW, "hi": FIRST - 1}]
        own = {float(n): text[0 if labels == "zh" else 1] for n, text in CODES.get(v.name, {}).items()}
        kind = int if columns[v.name].dtype == np.int32 else float  # pyreadstat takes no other number
        words[v.name] = {kind(n): text for n, text in {**own, **missing}.items()}
        measures[v.name] = "nominal" if v.content == "code" else "scale"
    pyreadstat.write_sav(
        pd.DataFrame(columns),
        str(path),
        file_label="gongkai panel",
        column_labels=[_cut(v.zh if labels == "zh" else v.en, _LONGEST) for v in panel.variables],
        variable_value_labels=words,
        missing_ranges=ranges,
        variable_measure=measures,
        row_compress=True,
    )


def _numbers(column: NumberColumn) -> np.ndarray[Any, Any]:
    """Numbers, and for what is missing the number of its code; whole ones in 32 bits, which are half of doubles."""
    gaps = column.codes != PRESENT
    missing = FIRST - column.codes.astype(np.float64)
    if column.kept is not None and column.kept.dtype != np.int32:
        return np.where(gaps, missing, column.kept)
    whole = missing.astype(np.int32)
    if column.kept is not None:
        whole[~gaps] = column.kept[~gaps]
    return whole


def _cut(text: str, most: int) -> str:
    """A text of at most so many bytes in UTF-8."""
    return text.encode()[:most].decode("utf-8", "ignore")
