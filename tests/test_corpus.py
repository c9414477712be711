"""The open corpus, where it lies beside the checkout: no tier may get worse than the figures kept."""

from __future__ import annotations

import csv
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


#: the boxes of the balance: 一 + 二 = （七） + 四, in the column of totals
BALANCE = [("requests", r, "total") for r in ("new_requests", "carried_in", "outcomes_total", "carried_out")]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus as `in` and its datasets as `out`."""
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
    return folder


@pytest.fixture(scope="module")
def scores(read: Path) -> dict[str, dict[str, float]]:
    command = [sys.executable, str(SHARED / "score.py"), str(read / "in"), str(read / "out"), "--json"]
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


def balances(folder: Path) -> dict[str, str]:
    """What became of the balance in the column of totals, by source_file without its suffix."""
    with (folder / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [c for c in csv.DictReader(file) if (c["rule"], c["column"]) == ("R1", "total")]
    return {
        c["source_file"].partition(".zip!")[0].removesuffix(Path(c["source_file"]).suffix): c["outcome"]
        for c in lines
    }


@pytest.mark.parametrize("tier", sorted(set(KEPT) - {"scan", "real", "pre2019"}))
def test_a_balance_fails_where_the_truth_says_so_and_nowhere_else(tier: str, read: Path) -> None:
    # A scan is left out: a sum of what OCR read may fail without the report's fault.
    outcomes = balances(read / "out")
    for path in sorted((SHARED / "corpus" / tier).glob("*.truth.json")):
        told = json.loads(path.read_text("utf-8"))
        name = f"{tier}/{path.name.removesuffix('.truth.json')}"
        outcome = next((o for n, o in outcomes.items() if n.endswith(name)), None)
        printed = {(c["table"], c["row"], c["column"]) for c in told["cells"]}
        if told["checks"].get("balance") is not False:
            assert outcome != "fail", name
        elif set(BALANCE) <= printed:
            assert outcome == "fail", name
        else:  # the document lacks a box of it: nothing is stated, and nothing is called right
            assert outcome in (None, "not_assessable"), name
