"""A file as laid out: paragraphs and grids as text, before anything is understood. 文件的版面。"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import pipeline
from model import DocumentError, Grid


def command(file: Annotated[Path, typer.Argument(help="A file; - is standard input.")]) -> int:
    """Print the blocks in reading order; `·` is a box covered by a span."""
    try:
        document = pipeline.document(pipeline.source_of(file))
    except DocumentError as error:
        sys.stderr.write(f"{file}: {error.code}: {error}\n")
        return 1
    for name, value in document.metadata:
        sys.stdout.write(f"@ {name}: {value}\n")
    for block in document.blocks:
        page = f" page {block.place.page}" if block.place.page else ""
        if isinstance(block, Grid):
            sys.stdout.write(f"--- grid {block.rows} × {block.columns}{page}\n{block}\n---\n")
        else:
            sys.stdout.write(f"{block.number}{block.text}\n")
    for finding in document.findings:
        sys.stderr.write(f"{finding.severity} {finding.code}: {finding.message}\n")
    return 1 if any(f.severity == "error" for f in document.findings) else 0
