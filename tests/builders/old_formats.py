"""Files in old formats, as LibreOffice saves them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gongkai import extract

needs_office = pytest.mark.skipif(extract.find_libreoffice() is None, reason="LibreOffice is not installed")


def saved(folder: Path, kind: str, *files: Path) -> list[Path]:
    """Files that LibreOffice saved as an older kind; those it has no part for are not there."""
    office = extract.find_libreoffice()
    assert office is not None
    command = [office, f"-env:UserInstallation=file://{folder}/p", "--headless", "--convert-to", kind]
    command += ["--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return [folder / f"{file.stem}.{kind}" for file in files]
