"""Gongkai: 政府信息公开工作年度报告 → tidy datasets in which every number is traced to its cell.

    import gongkai
    report = gongkai.read("report.docx")      # one file: tables as DataFrames, findings, sections
    data = gongkai.load("out")                # a dataset folder: facts, reports, … as typed DataFrames
    data.panel()                              # one line a body and year, ready for a regression

The command is `gongkai`, or `python -m gongkai`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gongkai.model import Report
    from gongkai.panel.loaded import load
    from gongkai.pipeline import Options
    from gongkai.run.limited_read import read

    __version__: str

__all__ = ["Options", "Report", "__version__", "load", "read"]

#: Where the public names stand. They are imported when they are asked for: `gongkai --help` needs none of
#: them, and pandas alone takes longer to import than all that it does.
_PLACES = {
    "Options": "gongkai.pipeline",
    "Report": "gongkai.model",
    "load": "gongkai.panel.loaded",
    "read": "gongkai.run.limited_read",
}


def __getattr__(name: str) -> object:
    """A public name, imported now."""
    import importlib  # here: `gongkai --help` needs none of it

    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version  # takes 20 ms

        try:
            return version("gongkai")
        except PackageNotFoundError:  # sources that nobody installed
            return "0"
    if name in _PLACES:
        return getattr(importlib.import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'gongkai' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
