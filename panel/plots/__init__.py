"""A Panel → the plots that people draw of such data, as PNG and SVG, and one page that shows them all.

Panel ─figures→ Plot (what is drawn, and the table behind it) ─draw_plots→ files
"""

from __future__ import annotations

from gongkai.panel.plots.chinese_font import ChineseFont, NoFont, find_font
from gongkai.panel.plots.draw_plots import DrawnPlot, draw_plots
from gongkai.panel.plots.figures import Plot, plots

__all__ = ["ChineseFont", "DrawnPlot", "NoFont", "Plot", "draw_plots", "find_font", "plots"]
