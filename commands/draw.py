"""A page with every box found painted over it, coloured by what became of it. 把识别结果画在页面上。"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import pipeline
from model import DocumentError


def command(
    file: Annotated[Path, typer.Argument(help="A report with pages (PDF).")],
    to: Annotated[Path, typer.Option("--to", help="PNG file to write.")],
    page: Annotated[int, typer.Option(help="Page, from 1.")] = 1,
) -> int:
    """Paint labels, values, boxes with a finding and boxes that no field claimed."""
    try:
        picture = pipeline.draw(pipeline.source_of(file), page)
    except DocumentError as error:
        sys.stderr.write(f"{file}: {error.code}: {error}\n")
        return 1
    to.write_bytes(picture)
    sys.stderr.write(f"{to}: page {page}\n")
    return 0
