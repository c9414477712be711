"""A file as laid out: paragraphs and grids as text, before anything is understood. 文件的版面。"""

from __future__ import annotations

import sys

import pipeline
from commands import given, screen
from commands.given import File
from model import DocumentError, Grid


def command(file: File) -> int:
    """Print the blocks in reading order; `·` is a box covered by a span."""
    try:
        document = pipeline.document(given.source(file))
    except DocumentError as error:
        raise given.refusal(file, error) from error
    for name, value in document.metadata:
        screen.write(f"@ {name}: {value}\n")
    for block in document.blocks:
        page = f" page {block.place.page}" if block.place.page else ""
        if isinstance(block, Grid):
            screen.write(f"--- grid {block.rows} × {block.columns}{page}\n{block}\n---\n")
        else:
            screen.write(f"{block.number}{block.text}\n")
    for finding in document.findings:
        sys.stderr.write(screen.clean(f"{finding.severity} {finding.code}: {finding.message}") + "\n")
    return 1 if any(f.severity == "error" for f in document.findings) else 0
