"""Every sample held against its truth: none wrong, none missed."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import pipeline

SAMPLES = Path(__file__).parents[1] / "samples"
TRUTHS = sorted(SAMPLES.glob("*.truth.json"))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_samples_are_what_make_makes(tmp_path: Path) -> None:
    pytest.importorskip("reportlab", reason="reportlab makes the PDF samples")
    subprocess.run([sys.executable, str(SAMPLES / "make.py"), str(tmp_path)], check=True, cwd=tmp_path)
    made = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    kept = {p.name: p.read_bytes() for p in SAMPLES.iterdir() if p.suffix != ".py" and p.is_file()}
    assert sorted(made) == sorted(kept)
    assert [name for name in sorted(made) if made[name] != kept[name]] == []


@pytest.mark.parametrize("path", TRUTHS, ids=lambda p: p.name.removesuffix(".truth.json"))
def test_a_sample_is_read_as_its_truth_says(path: Path) -> None:
    truth = json.loads(path.read_text("utf-8"))
    file = SAMPLES / truth["file"]
    (report,) = pipeline.read_file(file, file.name, pipeline.Options())
    expected = {
        (c["table"], c["row"], c["column"]): (Decimal(str(c["value"])), c["blank"]) for c in truth["cells"]
    }
    got = {f.field.address: (f.value, f.blank) for f in report.facts}
    assert {k: v for k, v in got.items() if expected.get(k) != v} == {}, "wrong"
    assert sorted(set(expected) - set(got)) == [], "missed"
    assert (report.org, report.year, report.template) == (truth["org"], truth["year"], truth["template"])
    for id, start in truth["sections"].items():
        text = squeezed("".join(s.text for s in report.sections if s.id == id and s.level == 1))
        assert text.startswith(start[:20]), id
    if truth["checks"].get("balance") is not None:
        outcome = next(c.outcome for c in report.checks if (c.rule, c.column) == ("R1", "total"))
        assert (outcome == "pass") == truth["checks"]["balance"]
    if "status" in truth:
        assert report.status == truth["status"]


def test_a_broken_file_is_failed_and_says_why() -> None:
    (report,) = pipeline.read_file(SAMPLES / "broken.docx", "broken.docx", pipeline.Options())
    assert (report.status, report.reason) == ("failed", "truncated")
