"""A file as laid out: its paragraphs and grids as text, before any table is recognised. 文件的版面。"""

from __future__ import annotations

import sys

from gongkai import pipeline
from gongkai.commands.options import named_files
from gongkai.commands.options.named_files import File
from gongkai.commands.output import screen
from gongkai.model import DocumentError, Grid


def command(file: File) -> int:
    """Print the blocks in reading order; `·` is a box covered by a span."""
    try:
        document = pipeline.document(named_files.source(file), named_files.options(None))
    except DocumentError as error:
        raise named_files.refusal(file, error) from error
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
