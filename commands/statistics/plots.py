"""Plots of a dataset: coverage, requests, outcomes, refusals, sums, outliers, carry-over. 画图：PNG、SVG 和一个总览网页。"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gongkai import panel as engine
from gongkai.commands import Refused
from gongkai.commands.options.named_files import Dataset
from gongkai.commands.output.install_hint import install_hint
from gongkai.commands.output.language import say
from gongkai.commands.output.screen import write, write_json
from gongkai.panel.plots import draw_plots


def command(
    dataset: Dataset,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Folder for the plots.")],
    body: Annotated[
        str | None,
        typer.Option(help="body_id whose carry-over is drawn; else the county with most years."),
    ] = None,
    duplicates: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="panel_duplicates.csv with your decisions."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary for programs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> int:
    """Write each plot as PNG and SVG, and index.html with the tables behind them, which loads nothing."""
    try:
        engine.refuse_dataset(dataset, [to / "index.html"])
        drawn = draw_plots(
            engine.build(dataset, engine.PanelOptions(decisions=duplicates)),
            to,
            body=body,
            dataset=str(dataset),
        )
    except ModuleNotFoundError as error:
        raise Refused(f"{error.name} is not installed; {install_hint('stats')}", 2) from error
    except (OSError, ValueError) as error:
        raise Refused(str(error), 2) from error
    if as_json:
        typeface = {"name": drawn.font.name, "path": str(drawn.font.path), "lacks": drawn.font.lacks}
        told = {"files": list(map(str, drawn.files)), "typeface": typeface}
        write_json(told)
    elif not quiet:
        lacks = say("; it lacks {letters}", letters=drawn.font.lacks) if drawn.font.lacks else ""
        write(say("typeface: {name} ({path})", name=drawn.font.name, path=drawn.font.path) + lacks + "\n")
        write("\n".join(map(str, drawn.files)) + "\n")
    return 0
