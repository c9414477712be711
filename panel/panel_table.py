"""The panel as data: its options, its columns and, for each number, why it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from gongkai.panel.choose import Choice
from gongkai.panel.fields import Fields
from gongkai.panel.missing import NO_REPORT, PRESENT
from gongkai.panel.number_column import Codes, ColumnArrays, NumberColumn, Numbers
from gongkai.panel.variables import Variable

#: why a report has no line: nobody knows whose it is (nor of what year)
NO_BODY, NO_BODY_NO_YEAR = "no body", "no body and no year"


@dataclass(frozen=True, slots=True)
class PanelOptions:
    """What a user chooses about a panel.

    `years`: the first and the last, None for all. `balanced`: a line for every body and year. `bodies`: body ids that
    have a line in any case, with their names. `wide`: series are bridged to the list of 2014 where only `near`.
    `blank`: whether a blank box is 0 or missing. `complete`: reports of status ok alone. `population`: in 万人, by
    body id or division code and year. `narrative`: columns of the text as well.
    """

    years: tuple[int, int] | None = None
    balanced: bool = False
    bodies: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False
    blank: Literal["zero", "missing"] = "zero"
    complete: bool = False
    optional: bool = False
    narrative: bool = False
    drop_empty: bool = False
    first_published: bool = False
    decisions: Path | None = None
    population: Mapping[tuple[str, int], float] = field(default_factory=dict)


#: numbers that every line has: plain integers, which every library takes for a year or a group
_NEVER_MISSING = ("body_no", "year", "present", "n_reports")


@dataclass(slots=True)
class Panel:
    """One line a body and year: text columns, number columns, and for each number why it is missing (0: it is not).

    `unplaced` are reports without a line with the reason; `choice` says of several reports which one counts.
    `items` are problems and measures, of a panel with its narrative.
    """

    variables: tuple[Variable, ...]
    texts: dict[str, np.ndarray[Any, Any]]
    columns: dict[str, NumberColumn]
    choice: Choice
    unplaced: list[dict[str, Any]]
    items: list[dict[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(next(iter(self.texts.values())))

    def put(self, name: str, values: Any, codes: Any) -> None:
        """Add a column of numbers with its codes."""
        self.columns[name] = NumberColumn.of(values, codes)

    @property
    def numbers(self) -> ColumnArrays[Numbers]:
        """The numbers of each column, NaN where one is missing: an array that is made when it is asked for."""
        return ColumnArrays(self.columns, NumberColumn.values)

    @property
    def codes(self) -> ColumnArrays[Codes]:
        """The missing codes of each column, 0 where a number is there."""
        return ColumnArrays(self.columns, lambda column: column.codes)

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
            if variable.name in _NEVER_MISSING:
                columns[variable.name] = values.astype(np.int64)
                continue
            whole = variable.content in ("count", "code") and not _has_fractions(values)
            columns[variable.name] = pd.array(values, dtype="Float64")
            if whole:
                columns[variable.name] = columns[variable.name].astype("Int64")
        frame = pd.DataFrame(columns)
        frame.attrs["labels"] = {v.name: v.zh for v in self.variables}
        frame.attrs["labels_en"] = {v.name: v.en for v in self.variables}
        return frame


def _has_fractions(values: Numbers) -> bool:
    known = values[~np.isnan(values)]
    return bool((known != np.floor(known)).any())


#: a line of the panel: body, year, and the row of its report among those that were read, -1 where there is none
Key = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Lines:
    """What the columns of all lines are made from. `rows` is the report of each line, -1 where there is none."""

    reports: pd.DataFrame
    fields: Fields
    forms: np.ndarray[Any, Any]
    total_blank: np.ndarray[Any, Any]
    choice: Choice
    options: PanelOptions
    keys: tuple[Key, ...]
    rows: np.ndarray[Any, Any]

    @property
    def there(self) -> np.ndarray[Any, Any]:
        """Whether each line has a report."""
        return self.rows >= 0

    def of(self, values: Any) -> np.ndarray[Any, Any]:
        """Numbers of the reports as numbers of the lines; NaN where no line can have a report."""
        numbers = np.asarray(values, dtype=np.float64)
        return numbers[self.rows] if len(numbers) else np.full(len(self.rows), np.nan)

    def reasons(self, gaps: Any, reason: int) -> np.ndarray[Any, Any]:
        """A code a line: no report, or `reason` where there is a gap, or present."""
        return np.where(self.there, np.where(gaps, reason, PRESENT), NO_REPORT.number)
