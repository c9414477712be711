"""The bodies that a dataset is about, as a register to edit and give back. 数据集涉及的机关名录。"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.options.named_files import Dataset
from gongkai.commands.output.language import say
from gongkai.commands.output.screen import clean
from gongkai.model import guard
from gongkai.run.register import BodyOfDataset, find_bodies, rows


def command(
    dataset: Dataset,
    to: Annotated[Path, typer.Option("--to", metavar="CSV", help="The register to write.")],
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> int:
    """Write a line a body: its names in all spellings, code, id, years, what proves it, what is in doubt.

    Edit name, aliases, code and id (in Excel too), and give the file back: `gongkai run … --bodies CSV`.
    """
    try:
        found = find_bodies(dataset)
    except (ValueError, OSError) as error:
        raise Refused(str(error), 2) from error
    if not found:
        raise Refused("no report of this dataset has a body", 2, dataset)
    _write(to, found, force=force)
    proven = sum(bool(body.id) for body in found)
    line = say(
        "{to}: {n} bodies, {proven} with an id, {doubtful} in doubt; edit it and give it to `gongkai run --bodies`",
        to=to,
        n=len(found),
        proven=proven,
        doubtful=len(found) - proven,
    )
    sys.stderr.write(clean(line) + "\n")
    return 0


def _write(path: Path, found: Sequence[BodyOfDataset], *, force: bool) -> None:
    """Write the register. Raises Refused where a file is there that people may have edited."""
    lines = list(rows(found))
    try:
        with path.open("w" if force else "x", newline="", encoding="utf-8-sig") as file:
            writer = csv.DictWriter(file, list(lines[0]), lineterminator="\r\n")
            writer.writeheader()
            writer.writerows({name: guard(text) for name, text in line.items()} for line in lines)
    except FileExistsError as error:
        raise Refused("is there already, and may hold your edits; --force writes over it", 2, path) from error
    except OSError as error:
        raise Refused(error.strerror or str(error), 2, path) from error
