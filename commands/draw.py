"""A page with its boxes painted over it: labels, values, boxes with a finding, boxes without a field. 把识别结果画在页面上。"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gongkai import pipeline
from gongkai.commands import Refused
from gongkai.commands.options import named_files
from gongkai.commands.options.named_files import File
from gongkai.commands.output import screen
from gongkai.commands.output.language import say
from gongkai.extract import find_reader
from gongkai.model import DocumentError
from gongkai.review.draw import draw, grids_as_text
from gongkai.review.grid_picture import grids_as_svg


def command(
    file: File,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="Picture to write: PNG of a page; SVG of the grids of a file without pages."
        ),
    ] = None,
    page: Annotated[int, typer.Option(min=1, help="Page, from 1.")] = 1,
) -> int:
    """Paint labels, values, boxes with a finding and boxes without a field over a page.

    A format without pages has its grids drawn as they stand, or, without --to, printed as text.
    """
    source = named_files.source(file)
    try:
        render = find_reader(source.data).render
        laid_out = pipeline.document(source, named_files.options(None))
        if render is None and to is None:
            screen.write(grids_as_text(laid_out))
            return 0
        to = _picture(to, ".svg" if render is None else ".png", file)
        (report, *_) = pipeline.normalized(source, named_files.options(None))
        if render is None:
            picture, drawn = grids_as_svg(laid_out, report), say("grids")
        else:
            picture = draw(laid_out, report, page, lambda n, scale: render(source.data, n, scale))
            drawn = say("page {page}", page=page)
    except DocumentError as error:
        raise named_files.refusal(file, error) from error
    try:
        to.write_bytes(picture)
    except OSError as error:
        raise Refused(error.strerror or str(error), 2, to) from error
    sys.stderr.write(screen.clean(f"{to}: {drawn}") + "\n")
    return 0


def _picture(to: Path | None, ending: str, file: Path) -> Path:
    """The picture to write. Raises Refused where none is named, or one that cannot be made of such a file."""
    if to is None:
        raise Refused("name the picture to write: --to page.png", 2)
    if to.suffix.lower() == ending:
        return to
    if ending == ".svg":
        raise Refused("has no pages; its grids are drawn as SVG: --to grids.svg", 2, file)
    raise Refused("a picture of a page is written as PNG: --to page.png", 2, to)
