"""Changes between two datasets → changes.csv and .parquet and a summary for programs, in a folder of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gongkai.emit.compare.difference import Change, ComparisonCounts
from gongkai.emit.schema import datasets
from gongkai.emit.write.folder import replace_folder
from gongkai.emit.write.rows import Row
from gongkai.emit.write.writer import WRITERS, open_writers

#: what stands in every folder of a comparison that we wrote
SUMMARY, PAGE = "diff.json", "diff.html"
NAMES = frozenset({SUMMARY, PAGE} | {f"changes{writer.suffix}" for writer in WRITERS})

#: lines that are given to the writers at once
_BATCH = 4_096


def write_changes(
    changes: Iterable[Change], folder: Path, summary: Callable[[], dict[str, object]], page: Callable[[], str]
) -> None:
    """Write the changes in their order to `folder`, then what `summary` and `page` make of them.

    The folder appears, or an older comparison in it is replaced, when everything is written.
    Raises FileExistsError where it holds what we did not write.
    """
    (dataset,) = datasets("diff")
    with replace_folder(folder, NAMES, marks=(SUMMARY,)) as fresh:
        with open_writers([dataset], fresh) as put:
            for lines in _batches(changes):
                put(dataset.name, lines)
        (fresh / PAGE).write_bytes(page().encode("utf-8", "replace"))
        text = json.dumps(summary(), ensure_ascii=False, indent=1) + "\n"
        (fresh / SUMMARY).write_bytes(text.encode("utf-8", "replace"))


def _batches(changes: Iterable[Change]) -> Iterator[list[Row]]:
    waiting: list[Row] = []
    for change in changes:
        waiting.append(row(change))
        if len(waiting) >= _BATCH:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def row(change: Change) -> Row:
    """A change as a line of the dataset `changes`."""
    before, after = change.before, change.after
    who = after or before
    return {
        "change": change.kind,
        "cause": change.cause,
        "org": None if who is None else who.org,
        "year": None if who is None else who.year,
        "source_file": None if after is None else after.file,
        "old_source_file": None if before is None else before.file,
        "report_id": None if after is None else after.id,
        "old_report_id": None if before is None else before.id,
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "old_printed": change.old_printed,
        "new_printed": change.new_printed,
        "old_version": None if before is None else before.version,
        "new_version": None if after is None else after.version,
    }


def plain(comparison: ComparisonCounts) -> dict[str, object]:
    """The counts of a comparison, for programs."""
    kinds = sorted({kind for kind, _ in comparison.changes})
    return {
        "unchanged": comparison.same,
        "changes": {
            kind: {
                "count": sum(n for (k, _), n in comparison.changes.items() if k == kind),
                "causes": {c: n for (k, c), n in sorted(comparison.changes.items()) if k == kind and c},
            }
            for kind in kinds
        },
        "years": [
            {
                "year": year,
                "old_reports": counts.old_reports,
                "new_reports": counts.new_reports,
                "old_facts": counts.old_facts,
                "new_facts": counts.new_facts,
            }
            for year, counts in comparison.by_year()
        ],
    }
