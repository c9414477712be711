"""A Panel → an Excel workbook, by XlsxWriter: sheets panel, missing, duplicates, unplaced and codebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np

from gongkai.model import OWN_OUTPUT
from gongkai.panel.missing import BLANK, BY_NUMBER, PRESENT, REASONS
from gongkai.panel.number_column import Integers
from gongkai.panel.panel_table import Panel

#: lines of a sheet, its head included
MOST_ROWS = 1_048_576
#: the head of the sheet that stands in place of a panel of more lines
SPLIT = "more lines than a sheet holds ({rows:,}); one sheet a year / 行数超过一张工作表，按年度分开"
#: lines of the panel that are turned into Python numbers at a time
CHUNK = 500
#: characters of a cell
MOST_CHARACTERS = 32_767
#: links of a sheet, and characters of an address
MOST_LINKS, MOST_ADDRESS = 65_530, 2_000
#: widths of columns in characters; others have that of their name, 13 at least
_WIDTHS = {
    **dict.fromkeys(("body_no", "year", "level", "present", "page", "rank", "kept", "open", "code"), 8),
    **dict.fromkeys(("report_id", "org", "reason", "variable", "row", "org_evidence"), 20),
    **dict.fromkeys(("body_id", "source_file", "label_zh", "label_en", "zh", "meaning"), 30),
    **dict.fromkeys(("message", "title", "diffs", "en", "facts", "note_zh", "note_en"), 60),
}
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


@dataclass(frozen=True, slots=True)
class SheetLink:
    """A cell that opens a file or an address (`external:…` or https://…)."""

    to: str
    text: str


class Workbook:
    """A workbook that is written sheet by sheet, each line once: memory does not grow with the lines."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter  # type: ignore[import-untyped]

        self._book = xlsxwriter.Workbook(str(path), _OPTIONS)
        # no time stamp: the same panel gives the same bytes
        self._book.set_properties({"created": _epoch(), "category": OWN_OUTPUT})
        self._head = self._book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1})
        self._bad = self._book.add_format({"bg_color": "#FFC7CE"})
        self._blank = self._book.add_format({"bg_color": _FILLS[BLANK.number], "font_color": "#7F7F7F"})
        self._failed = self._book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True})
        self._links = 0
        self._fills = {n: self._book.add_format({"bg_color": colour}) for n, colour in _FILLS.items()}

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def add_panel(
        self, panel: Panel, labels: Literal["zh", "en"], failed: Mapping[str, frozenset[str]] = {}
    ) -> None:
        """The panel: names in the head, labels as its comments, cells without a value filled by reason.

        The 0 of a blank box is grey. `failed` names, by report, the variables of sums that fail: they are red. Of
        more lines than a sheet holds, every year has a sheet, and the sheet `panel` says so.
        """
        if len(panel) < MOST_ROWS:
            self._add_sheet("panel", panel, np.arange(len(panel)), labels, failed)
            return
        years = panel.numbers["year"].astype(int)
        names = {year: f"panel {year}" for year in sorted(set(years.tolist()))}
        self.add_table("panel", [SPLIT.format(rows=MOST_ROWS - 1)], ([name] for name in names.values()))
        for year, name in names.items():
            self._add_sheet(name, panel, np.flatnonzero(years == year), labels, failed)

    def _add_sheet(
        self,
        name: str,
        panel: Panel,
        rows: Integers,
        labels: Literal["zh", "en"],
        failed: Mapping[str, frozenset[str]],
    ) -> None:
        """A sheet of some lines of the panel."""
        if len(rows) >= MOST_ROWS:
            raise ValueError(
                f"sheet {name}: {len(rows):,} lines; a sheet holds {MOST_ROWS - 1:,}; choose another format"
            )
        sheet = self._sheet(name, [v.name for v in panel.variables], len(rows))
        for column, v in enumerate(panel.variables):
            sheet.write_comment(0, column, v.zh if labels == "zh" else v.en)
        for start in range(0, len(rows), CHUNK):
            self._add_lines(sheet, panel, rows[start : start + CHUNK], start, failed)

    def _add_lines(
        self, sheet: Any, panel: Panel, part: Integers, first: int, failed: Mapping[str, frozenset[str]]
    ) -> None:
        """Some lines of the panel: all of them as Python numbers would take several times the panel's memory."""
        columns = [(v.name, *self._cells(panel, v.name, part)) for v in panel.variables]
        for at, line in enumerate(part.tolist()):
            row = first + at
            bad = failed.get(panel.texts["report_id"][line], frozenset())
            for column, (name, values, codes, blanks) in enumerate(columns):
                if codes is None:
                    if values[at]:
                        sheet.write_string(row + 1, column, str(values[at])[:MOST_CHARACTERS])
                elif codes[at] == PRESENT:
                    blank = self._blank if blanks[at] else None
                    style = self._failed if name in bad else blank
                    sheet.write_number(row + 1, column, values[at], style)
                elif codes[at] in self._fills:
                    sheet.write_blank(row + 1, column, None, self._fills[codes[at]])

    @staticmethod
    def _cells(
        panel: Panel, name: str, part: Integers
    ) -> tuple[Sequence[Any], Sequence[int] | None, Sequence[bool]]:
        """Values, codes and blanks of some lines of a column."""
        if name in panel.texts:
            return panel.texts[name][part].tolist(), None, ()
        column = panel.columns[name]
        return column.values(part).tolist(), column.codes[part].tolist(), column.flags(part).tolist()

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
        self,
        name: str,
        head: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        bad: Callable[[Sequence[Any]], bool] = lambda row: False,
    ) -> int:
        """A sheet of rows, red where `bad` says so. Returns its rows."""
        sheet = self._sheet(name, head, 0)
        count = 0
        for count, row in enumerate(rows, 1):
            if count >= MOST_ROWS:
                raise ValueError(
                    f"sheet {name}: more than {MOST_ROWS - 1:,} rows; choose --years or another format"
                )
            style = self._bad if bad(row) else None
            for column, value in enumerate(row):
                self._write(sheet, count, column, value, style)
        if count:
            sheet.autofilter(0, 0, count, len(head) - 1)
        return count

    def _sheet(self, name: str, head: Sequence[str], rows: int) -> Any:
        sheet = self._book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 2 if name.startswith("panel") else 0)
        for column, text in enumerate(head):
            sheet.set_column(column, column, _WIDTHS.get(text, max(13, len(text) + 3)))
            sheet.write_string(0, column, text, self._head)
        if rows:
            sheet.autofilter(0, 0, rows, len(head) - 1)
        return sheet

    def _write(self, sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
        if isinstance(value, SheetLink):
            self._write_link(sheet, row, column, value, style)
        elif value is None or value == "" or (isinstance(value, float) and value != value):
            if style is not None:
                sheet.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        else:
            sheet.write_string(row, column, str(value)[:MOST_CHARACTERS], style)

    def _write_link(self, sheet: Any, row: int, column: int, link: SheetLink, style: Any) -> None:
        """A link, as far as a sheet holds more of them; then its text alone."""
        text = link.text[:MOST_CHARACTERS]
        if self._links < MOST_LINKS and len(link.to) <= MOST_ADDRESS:
            self._links += 1
            sheet.write_url(row, column, link.to, style, text)
        else:
            sheet.write_string(row, column, text, style)


def _epoch() -> Any:
    return datetime(2000, 1, 1)


def write_list(path: Path, name: str, lines: Sequence[Mapping[str, Any]]) -> None:
    """Write one sheet of lines."""
    with Workbook(path) as book:
        book.add_table(name, list(lines[0]), ([*line.values()] for line in lines))


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
