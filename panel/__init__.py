"""A dataset folder → the panel: one line a body and year, in the files that Stata, R, SPSS and Excel open.

reports.parquet, facts.parquet ─fields→ candidates ─choose→ one report a body and year ─build→ Panel ─save→ files
"""

from __future__ import annotations

from gongkai.panel.build import build
from gongkai.panel.choose import BadDecision
from gongkai.panel.dataset_export import export
from gongkai.panel.panel_table import NO_BODY, NO_BODY_NO_YEAR, Panel, PanelOptions
from gongkai.panel.save import FORMATS, SaveOptions, format_of, refuse_dataset, save

__all__ = [
    "FORMATS",
    "NO_BODY",
    "NO_BODY_NO_YEAR",
    "BadDecision",
    "Panel",
    "PanelOptions",
    "SaveOptions",
    "build",
    "export",
    "format_of",
    "refuse_dataset",
    "save",
]
