"""Confirm that a value is as printed: a person has looked. 确认一个数值与原文一致。"""

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.commands.correct import File, Ledger, Name, Which, record
from gongkai.commands.options.named_files import Dataset


def command(
    dataset: Dataset,
    field: Annotated[
        str, typer.Argument(metavar="FIELD", help="table.row.column, as `gongkai fields` lists them.")
    ],
    by: Name,
    report: Which = None,
    file: File = None,
    why: Annotated[str, typer.Option(help="What is printed, where you looked.")] = "",
    corrections: Ledger = None,
) -> int:
    """Append a confirmation; it replaces an earlier correction of the same field."""
    return record(dataset, field, None, report, file, by, why, corrections)
