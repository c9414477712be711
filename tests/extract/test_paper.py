"""Scans that samples/paper.py makes, too large to be kept: with a seal and a tilt, and on their side."""

from __future__ import annotations

import importlib
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai import pipeline
from gongkai.extract import can_read_pictures

SAMPLES = Path(__file__).parents[2] / "samples"

pytest.importorskip("reportlab", reason="reportlab makes the files of these tests")


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    sys.path.insert(0, str(SAMPLES))
    try:
        return {m.name: m for m in importlib.import_module("paper").scans()}
    finally:
        sys.path.remove(str(SAMPLES))


@pytest.mark.skipif(not can_read_pictures(), reason="the extra gongkai[ocr] is not installed")
@pytest.mark.parametrize("name", ["2022_scan_seal.pdf", "2022_scan_lying.pdf"])
def test_a_scan_is_read_box_by_box(name: str, made: dict[str, Any], tmp_path: Path) -> None:
    scan = made[name]
    if scan.data is None:
        pytest.skip("the font that draws the scans, NotoSerifCJK, is not installed")
    (tmp_path / name).write_bytes(scan.data)
    report = pipeline.read(tmp_path / name)
    due = {
        (c["table"], c["row"], c["column"]): (Decimal(str(c["value"])), c["blank"])
        for c in scan.truth["cells"]
    }
    assert {f.field.address: (f.value, f.blank) for f in report.facts} == due
    assert {f.origin for f in report.facts} == {"ocr"}
    assert (report.org, report.year, report.status) == (scan.truth["org"], scan.truth["year"], "ok")
    turned = [f.code for f in report.findings].count("page-turned")
    assert turned == (report.pages if "lying" in name else 0)
