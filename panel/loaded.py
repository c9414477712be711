"""A dataset folder in Python: its datasets as DataFrames, its panel, its plots."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pandas as pd

from gongkai.emit.read.load import DatasetFrames
from gongkai.panel.build import build
from gongkai.panel.panel_table import Panel, PanelOptions
from gongkai.panel.plots import DrawnPlot, Plot, draw_plots, plots


class LoadedData(DatasetFrames):
    """What `gongkai.load` gives: `data.facts`, `data["facts"]`, `data.panel()`, `data.plots()`."""

    def __repr__(self) -> str:
        return f"gongkai.load({str(self.folder)!r}): {', '.join(self)}; .panel(), .plots()"

    def build_panel(self, **options: Any) -> Panel:
        """The panel with its missing codes and the choice of reports. `options` are those of PanelOptions."""
        return build(self.folder, PanelOptions(**options))

    def panel(self, **options: Any) -> pd.DataFrame:
        """One line a body and year as a typed DataFrame; labels in `.attrs`, missing values are NA.

        Why a value is missing: `build_panel().codes`, or the file that `gongkai panel` writes beside the panel.
        """
        return self.build_panel(**options).frame()

    def plots(self, body: str | None = None) -> list[Plot]:
        """The plots of the panel: `plot.draw(axes)` paints one, `plot.table` has its numbers."""
        return plots(self.build_panel(), body)

    def draw_plots(self, to: str | Path, body: str | None = None) -> DrawnPlot:
        """Write the plots to a folder, as `gongkai plots` does."""
        return draw_plots(self.build_panel(), Path(to), body=body, dataset=str(self.folder))


def load(folder: str | Path, prefer: Literal["parquet", "csv"] = "parquet") -> LoadedData:
    """A dataset folder that `gongkai run` wrote. Raises FileNotFoundError or ValueError where it is none of this version."""
    return LoadedData(folder, prefer)
