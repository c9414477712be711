"""A dataset folder back to Filings, report by report: only one report is in memory."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gongkai.emit.read.read_rows import Groups, Line, columns, lines
from gongkai.model import Filing

#: the columns that are read of each dataset; one of an earlier version may lack the last two of `reports`
COLUMNS = {
    "reports": ("report_id", "source_file", "sha256", "org", "year", "division_code", "level"),
    "facts": ("report_id", "template", "table", "row", "column", "value", "blank", "printed"),
    "sections": ("report_id", "section", "level", "text"),
}


def read_filings(folder: Path) -> Iterator[Filing | None]:
    """Every report of a folder that a run wrote, in its order; None for one without body, year or values.

    Raises FileNotFoundError where a dataset is missing.
    """
    facts = Groups(lines(folder, "facts", COLUMNS["facts"]))
    sections = Groups(lines(folder, "sections", COLUMNS["sections"]))
    known = tuple(c for c in COLUMNS["reports"] if c in columns(folder, "reports"))
    for line in lines(folder, "reports", known):
        head: dict[str, Any] = {**dict.fromkeys(COLUMNS["reports"]), **dict(zip(known, line, strict=True))}
        values, texts = facts.of(head["report_id"]), sections.of(head["report_id"])
        if not head["org"] or head["year"] is None or not values:
            yield None
        else:
            yield _filing(head, values, texts)


def count_outcomes(folder: Path) -> Counter[tuple[str, str]]:
    """How often each rule of the dataset `checks` had each outcome."""
    return Counter((rule, outcome) for rule, outcome in lines(folder, "checks", ("rule", "outcome")))


def _filing(head: Mapping[str, Any], facts: Sequence[Line], sections: Sequence[Line]) -> Filing:
    values, empty, forms = {}, [], {}
    for _, template, table, row, column, value, blank, printed in facts:
        address = (table, row, column)
        values[address] = value
        forms[table] = template
        if blank and not printed.strip():
            empty.append(address)
    texts = tuple((section, text) for _, section, level, text in sections if level == 1)
    return Filing(
        head["report_id"],
        head["source_file"],
        head["sha256"],
        body(head["org"]),
        head["org"],
        head["year"],
        forms,
        values,
        frozenset(empty),
        texts,
        head["division_code"] or "",
        level=head["level"] or "",
    )


def body(org: str) -> str:
    """Whose report it is: the name as printed, widths and blanks folded."""
    return "".join(unicodedata.normalize("NFKC", org).split())
