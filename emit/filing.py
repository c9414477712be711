"""A dataset folder back to Filings, report by report: nothing is held but the report at hand."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from emit.walk import Groups, Line, columns, lines
from model import Filing


def filings(folder: Path) -> Iterator[Filing | None]:
    """Every report of a folder that a run wrote, in its order; None for one without body, year or values.

    Raises FileNotFoundError where a dataset is missing.
    """
    facts = Groups(lines(folder, "facts", _FACTS))
    sections = Groups(lines(folder, "sections", _SECTIONS))
    known = tuple(c for c in _REPORTS if c in columns(folder, "reports"))
    for id, name, sha256, org, year, *division in lines(folder, "reports", known):
        values, texts = facts.of(id), sections.of(id)
        if not org or year is None or not values:
            yield None
        else:
            head = (id, name, sha256, org, year, next(iter(division), None) or "")
            yield _filing(head, values, texts)


def outcomes(folder: Path) -> Counter[tuple[str, str]]:
    """How often each rule of the dataset `checks` had each outcome."""
    return Counter((rule, outcome) for rule, outcome in lines(folder, "checks", ("rule", "outcome")))


# division_code last: a dataset of an earlier version has none
_REPORTS = ("report_id", "source_file", "sha256", "org", "year", "division_code")
_FACTS = ("report_id", "template", "table", "row", "column", "value", "blank", "printed")
_SECTIONS = ("report_id", "section", "level", "text")


def _filing(
    head: tuple[str, str, str, str, int, str], facts: Sequence[Line], sections: Sequence[Line]
) -> Filing:
    id, name, sha256, org, year, division = head
    values, empty, forms = {}, [], {}
    for _, template, table, row, column, value, blank, printed in facts:
        address = (table, row, column)
        values[address] = value
        forms[table] = template
        if blank and not printed.strip():
            empty.append(address)
    texts = tuple((section, text) for _, section, level, text in sections if level == 1)
    return Filing(id, name, sha256, body(org), org, year, forms, values, frozenset(empty), texts, division)


def body(org: str) -> str:
    """Whose report it is: the name as printed, widths and blanks folded."""
    return "".join(unicodedata.normalize("NFKC", org).split())
