"""What run.json says of a run besides the counts."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from gongkai.run.fingerprint import installed
from gongkai.run.worker import Budget


def facts(inputs: Sequence[Path] | Sequence[str], started: str, budget: Budget) -> dict[str, object]:
    """When, where and with what: the only facts of a run that a second run does not share."""
    return {
        "started": started,
        "folder": str(Path.cwd()),
        "inputs": [str(path) for path in inputs],
        "timeout": budget.seconds,
        "memory": budget.memory,
        "host": platform.node(),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "packages": dict(installed()),
    }
