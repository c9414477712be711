"""A file as laid out: its paragraphs and grids as text, before any table is recognised. 文件的版面。"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gongkai import pipeline
from gongkai.commands.options import named_files
from gongkai.commands.options.named_files import File
from gongkai.commands.output import screen
from gongkai.commands.output.as_json import document_as_json
from gongkai.commands.output.findings import finding_line
from gongkai.commands.output.language import say
from gongkai.model import DocumentError, Grid


def command(
    file: File,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: every box with its place.")] = False,
) -> int:
    """Print the blocks in reading order; `·` is a box covered by a span."""
    try:
        document = pipeline.document(named_files.source(file), named_files.options(None))
    except DocumentError as error:
        raise named_files.refusal(file, error) from error
    failed = any(f.severity == "error" for f in document.findings)
    if as_json:
        screen.write_json(document_as_json(document))
        return int(failed)
    for name, value in document.metadata:
        screen.write(f"@ {name}: {value}\n")
    for block in document.blocks:
        page = " " + say("page {page}", page=block.place.page) if block.place.page else ""
        if isinstance(block, Grid):
            head = say("grid {rows} × {columns}", rows=block.rows, columns=block.columns)
            screen.write(f"--- {head}{page}\n{block}\n---\n")
        else:
            screen.write(f"{block.number}{block.text}\n")
    for finding in document.findings:
        sys.stderr.write(screen.clean(finding_line(finding)) + "\n")
    return int(failed)
