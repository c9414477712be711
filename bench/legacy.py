"""Old Word files one by one and several at a time, as `gongkai run` reads them: seconds a file, and whether it is the same.

    python bench/legacy.py [FILES]        default: 60; LibreOffice must be installed

The files are samples that LibreOffice saved as .doc.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gongkai.normalize.form.template import templates
from gongkai.pipeline import Options
from gongkai.run import pool as pool
from gongkai.run import run

ROOT = Path(__file__).resolve().parents[1]


def main(count: int) -> None:
    """Measure and print."""
    if shutil.which("soffice") is None:
        sys.exit("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        folder = Path(name)
        files = sorted((ROOT / "samples").glob("20*.docx"))[:count]
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", "doc", "--outdir", str(folder / "in"), *map(str, files)]
        subprocess.run(command, check=True, capture_output=True)
        made = len(list((folder / "in").iterdir()))
        print(f"{made} files of .doc\n\n{'at a time':>10} {'workers':>8} {'s a file':>9}")
        for together in (1, pool.TOGETHER):
            for workers in (1, 2):
                print(
                    f"{together:>10} {workers:>8} {_seconds(folder, together, workers) / made:>9.2f}",
                    flush=True,
                )
        facts = {
            (folder / f"out-{n}-{w}" / "facts.csv").read_bytes() for n in (1, pool.TOGETHER) for w in (1, 2)
        }
        print(f"\nfacts.csv the same in all: {'yes' if len(facts) == 1 else 'NO'}")


def _seconds(folder: Path, together: int, workers: int) -> float:
    usual, pool.TOGETHER = pool.TOGETHER, together
    begun = time.monotonic()
    try:
        run(
            [folder / "in"],
            folder / f"out-{together}-{workers}",
            workers=workers,
            options=Options(),
            templates=templates(),
            fresh=True,
        )
    finally:
        pool.TOGETHER = usual
    return time.monotonic() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
