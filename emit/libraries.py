"""pandas and pyarrow, each imported when it is first used.

They take a third of a second and 40 MiB, and most of what imports this stage needs neither: the help of every
command, `gongkai show`, and the processes that read documents.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_MODULES = {
    "pd": "pandas",
    "pa": "pyarrow",
    "pc": "pyarrow.compute",
    "pq": "pyarrow.parquet",
    "pa_csv": "pyarrow.csv",
}


def __getattr__(name: str) -> Any:
    """A library by its usual short name, imported now."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = globals()[name] = import_module(_MODULES[name])
    return module
