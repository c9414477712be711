"""Plots → PNG and SVG files and one page that shows them with their tables and loads nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from gongkai.model import OWN_OUTPUT
from gongkai.panel.panel_table import Panel
from gongkai.panel.plots.chinese_font import ChineseFont, find_font
from gongkai.panel.plots.figures import Plot, plots
from gongkai.panel.save import MARK, refuse_others, write_all
from gongkai.review.html_file import render_file

#: dots an inch of the PNG files
DPI = 160


@dataclass(frozen=True, slots=True)
class DrawnPlot:
    """The files written, and the type that was taken."""

    files: list[Path]
    font: ChineseFont


def draw_plots(panel: Panel, to: Path, *, body: str | None = None, dataset: str = "") -> DrawnPlot:
    """Write every plot as PNG and SVG and index.html to the folder `to`.

    Raises FileExistsError where `to` holds files of others, NoFont where nothing draws Chinese, ValueError where the
    panel has no line with a report or not the `body`.
    """
    if to.exists() and not to.is_dir():
        raise FileExistsError(f"{to}: is a file; name a folder for the plots")
    if to.exists() and any(to.iterdir()) and not (to / MARK).is_file():
        raise FileExistsError(
            f"{to}: holds files that are not ours; name a new or an empty folder for the plots"
        )
    if body is not None and body not in set(panel.texts["body_id"]):
        raise ValueError(
            f"no line of the panel is of body {body!r}; the column body_id of the panel has the ids"
        )
    made = plots(panel, body)
    if not made:
        raise ValueError(
            "no report has a body and a year, so there is nothing to draw; panel_unplaced.csv of `gongkai panel` says why"
        )
    font = find_font([*panel.texts["org"], *(p.zh + p.note for p in made)])
    jobs: dict[Path, Callable[[Path], None]] = {}
    for plot in made:
        for kind in ("png", "svg"):
            jobs[to / f"{plot.name}.{kind}"] = partial(_save, plot, kind, font)
    jobs[to / "index.html"] = partial(_write_page, made, font, dataset)
    refuse_others(jobs)
    return DrawnPlot(write_all(jobs, "gongkai plots"), font)


def _save(plot: Plot, kind: str, font: ChineseFont, path: Path) -> None:
    """Draw a plot into a file; the same panel gives the same bytes."""
    import matplotlib  # the extra "stats" installs it
    from matplotlib.figure import Figure

    style: Any = {
        "font.family": [font.name, "DejaVu Sans"],
        "axes.unicode_minus": False,
        "svg.hashsalt": "gongkai",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "font.size": 9,
    }
    marks: dict[str, Any] = {"png": {"Software": OWN_OUTPUT}, "svg": {"Creator": OWN_OUTPUT, "Date": None}}
    with matplotlib.rc_context(style):
        figure = Figure(figsize=plot.size, layout="constrained")
        axes = figure.subplots()
        plot.draw(axes)
        axes.set_title(f"{plot.zh}  {plot.en}", loc="left", fontsize=11, pad=18)
        figure.text(0.01, -0.01, plot.note, fontsize=7, color="#555555", va="top", wrap=False)
        figure.savefig(path, format=kind, dpi=DPI, metadata=marks[kind], bbox_inches="tight")


def _write_page(made: Sequence[Plot], font: ChineseFont, dataset: str, path: Path) -> None:
    """The overview. The pictures stand in it: it opens from disk and loads nothing."""
    shown = []
    for plot in made:
        picture = path.with_name(f".{plot.name}.png.partial").read_bytes()
        shown.append(
            {
                "name": plot.name,
                "zh": plot.zh,
                "en": plot.en,
                "note": plot.note,
                "picture": base64.b64encode(picture).decode(),
                "head": [str(c) for c in plot.table.columns],
                "rows": [[_cell(value) for value in row] for row in plot.table.itertuples(index=False)],
            }
        )
    text = render_file("plots_page", "图表 Plots", "changes.js", plots=shown, font=font, dataset=dataset)
    path.write_text(text, "utf-8", newline="\n")


def _cell(value: Any) -> str:
    if value is None or pd.isna(value):
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:.4g}"
    return str(value)
