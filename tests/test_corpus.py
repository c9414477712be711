"""The open corpus, where it lies beside the checkout: no tier may get worse than the figures kept."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline
import run
from extract import scan

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
KEPT = json.loads((ROOT / "bench" / "accuracy.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    if not (SHARED / "corpus").is_dir():
        pytest.skip("the open corpus does not lie beside this checkout")
    folder = tmp_path_factory.mktemp("corpus")
    for tier in KEPT:
        shutil.copytree(SHARED / "corpus" / tier, folder / "in" / tier)
    run.run(
        [folder / "in"],
        folder / "out",
        workers=run.processors(),
        options=pipeline.Options(),
        templates=pipeline.templates(),
    )
    command = [sys.executable, str(SHARED / "score.py"), str(folder / "in"), str(folder / "out"), "--json"]
    scored = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    return dict(json.loads(scored.stdout)["tiers"])


@pytest.mark.parametrize("tier", sorted(KEPT))
def test_a_tier_is_no_worse_than_the_figures_kept(tier: str, scores: dict[str, dict[str, float]]) -> None:
    if tier == "legacy" and shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    if tier in ("scan", "messy-pdf") and not scan.available():
        pytest.skip("the extra gongkai[ocr] is not installed")
    for name, kept in KEPT[tier].items():
        got = scores[tier][name]
        if name == "wrong_ppm":
            assert got <= kept, f"{name}: {got} wrong in a million, kept {kept}"
        else:
            assert got >= kept - 1e-9, f"{name}: {got}, kept {kept}"
