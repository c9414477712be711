"""A Panel → an Excel workbook, by XlsxWriter: sheets panel, missing, duplicates, unplaced and codebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np

from gongkai.model import OWN_OUTPUT
from gongkai.panel.missing import BY_NUMBER, PRESENT, REASONS
from gongkai.panel.panel_table import Panel

#: lines of a sheet, its head included
MOST_ROWS = 1_048_576
#: characters of a cell
MOST_CHARACTERS = 32_767
#: how a cell with no value is filled, by the number of its reason; others stay white
_FILLS = {
    2: "#F2DCDB",
    3: "#FFC7CE",
    5: "#FFEB9C",
    6: "#D9D9D9",
    7: "#EDEDED",
    8: "#DDEBF7",
    9: "#FCE4D6",
    10: "#FFF2CC",
}
#: no text of a document is taken for a formula, an address or a number
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


class Workbook:
    """A workbook that is written sheet by sheet, each line once: memory does not grow with the lines."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter  # type: ignore[import-untyped]

        self._book = xlsxwriter.Workbook(str(path), _OPTIONS)
        # no time stamp: the same panel gives the same bytes
        self._book.set_properties({"created": _epoch(), "category": OWN_OUTPUT})
        self._head = self._book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1})
        self._bad = self._book.add_format({"bg_color": "#FFC7CE"})
        self._fills = {n: self._book.add_format({"bg_color": colour}) for n, colour in _FILLS.items()}

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def add_panel(self, panel: Panel, labels: Literal["zh", "en"]) -> None:
        """The panel: names in the head, labels as its comments, cells without a value filled by reason."""
        if len(panel) >= MOST_ROWS:
            raise ValueError(
                f"{len(panel):,} lines; a sheet holds {MOST_ROWS - 1:,}; choose --years or another format"
            )
        sheet = self._sheet("panel", [v.name for v in panel.variables], len(panel))
        for column, v in enumerate(panel.variables):
            sheet.write_comment(0, column, v.zh if labels == "zh" else v.en)
        columns = [self._cells(panel, v.name) for v in panel.variables]
        for row in range(len(panel)):
            for column, (values, codes) in enumerate(columns):
                if codes is None:
                    if values[row]:
                        sheet.write_string(row + 1, column, str(values[row])[:MOST_CHARACTERS])
                elif codes[row] == PRESENT:
                    sheet.write_number(row + 1, column, values[row])
                elif codes[row] in self._fills:
                    sheet.write_blank(row + 1, column, None, self._fills[codes[row]])

    @staticmethod
    def _cells(panel: Panel, name: str) -> tuple[Sequence[Any], Sequence[int] | None]:
        if name in panel.texts:
            return panel.texts[name].tolist(), None
        return panel.numbers[name].tolist(), panel.codes[name].tolist()

    def add_reasons(self, panel: Panel, labels: Literal["zh", "en"]) -> None:
        """What each missing code means, and how many cells of each variable have it."""
        head = ["code", "reason", "meaning", "cells"]
        totals = dict.fromkeys(BY_NUMBER, 0)
        for codes in panel.codes.values():
            for number, count in zip(*np.unique(codes, return_counts=True), strict=True):
                if int(number) in totals:
                    totals[int(number)] += int(count)
        self.add_table(
            "missing",
            head,
            ([f".{r.letter}", r.word, r.zh if labels == "zh" else r.en, totals[r.number]] for r in REASONS),
        )

    def add_table(
        self, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], *, failed: bool = False
    ) -> int:
        """A sheet of rows; `failed` marks rows whose cell `outcome` says "fail". Returns its rows."""
        sheet = self._sheet(name, head, 0)
        outcome = list(head).index("outcome") if failed and "outcome" in head else None
        count = 0
        for count, row in enumerate(rows, 1):
            if count >= MOST_ROWS:
                raise ValueError(
                    f"sheet {name}: more than {MOST_ROWS - 1:,} rows; choose --years or another format"
                )
            style = self._bad if outcome is not None and row[outcome] == "fail" else None
            for column, value in enumerate(row):
                self._write(sheet, count, column, value, style)
        if count:
            sheet.autofilter(0, 0, count, len(head) - 1)
        return count

    def _sheet(self, name: str, head: Sequence[str], rows: int) -> Any:
        sheet = self._book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 2 if name == "panel" else 0)
        sheet.set_column(0, min(2, len(head) - 1), 22)
        sheet.set_column(3, max(3, len(head) - 1), 13)
        for column, text in enumerate(head):
            sheet.write_string(0, column, text, self._head)
        if rows:
            sheet.autofilter(0, 0, rows, len(head) - 1)
        return sheet

    @staticmethod
    def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
        if value is None or value == "" or (isinstance(value, float) and value != value):
            if style is not None:
                sheet.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        else:
            sheet.write_string(row, column, str(value)[:MOST_CHARACTERS], style)


def _epoch() -> Any:
    return datetime(2000, 1, 1)


def write(
    panel: Panel,
    path: Path,
    *,
    labels: Literal["zh", "en"] = "zh",
    codebook: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write the panel with its missing codes, the choices among reports and the codebook."""
    with Workbook(path) as book:
        book.add_panel(panel, labels)
        book.add_reasons(panel, labels)
        for name, lines in (
            ("duplicates", panel.choice.lines),
            ("unplaced", panel.unplaced),
            ("codebook", codebook),
        ):
            if lines:
                book.add_table(name, list(lines[0]), ([*line.values()] for line in lines))
