"""A page with every box found painted over it, coloured by what became of it. 把识别结果画在页面上。"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import pipeline
from commands import Refused, given, screen
from commands.given import File
from model import DocumentError


def command(
    file: File,
    to: Annotated[Path | None, typer.Option("--to", help="PNG file to write, for a file with pages.")] = None,
    page: Annotated[int, typer.Option(min=1, help="Page, from 1.")] = 1,
) -> int:
    """Paint labels, values, boxes with a finding and boxes that no field claimed.

    A format whose pages cannot be drawn has its grids printed as text.
    """
    source = given.source(file)
    try:
        if not pipeline.has_pages(source):
            screen.write(pipeline.grids(source))
            return 0
        if to is None:
            raise Refused("name the picture to write: --to page.png", 2)
        picture = pipeline.draw(source, page)
    except DocumentError as error:
        raise given.refusal(file, error) from error
    try:
        to.write_bytes(picture)
    except OSError as error:
        raise Refused(error.strerror or str(error), 2, to) from error
    sys.stderr.write(f"{to}: page {page}\n")
    return 0
