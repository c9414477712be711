"""A night in a process of its own that is killed at a step: python -m builders.killed_night TOP STEP; STEP 0 only counts them."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from builders.nightly_house import House

#: what changes a disk: after any of them, nothing may be lost
STEPS = {
    "os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.remove", "shutil.copyfile",
    "subprocess.Popen", "sqlite3.connect",
}  # fmt: skip


def main(top: Path, step: int) -> None:
    """A night, until `step`."""
    seen = 0

    def hook(event: str, arguments: object) -> None:
        nonlocal seen
        if event in STEPS:
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    house = House(top)
    sys.addaudithook(hook)
    house.night()
    print(seen)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
