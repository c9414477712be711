"""What this program made is never read as a report."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gongkai.commands import main
from gongkai.model import OWN_OUTPUT
from gongkai.run.own_output import is_own_output

SAMPLES = Path(__file__).parents[2] / "samples"


def test_what_review_panel_and_diff_made_is_passed_over_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    shutil.copy(SAMPLES / "2021_city.docx", inputs / "a.docx")
    run = ["run", str(inputs), "--to", str(tmp_path / "out"), "--workers", "1"]
    assert main(run) == 0
    assert main(["review", str(tmp_path / "out"), "--to", str(inputs / "pages"), "--quiet"]) == 0
    assert main(["panel", str(tmp_path / "out"), "--to", str(inputs / "panel.xlsx"), "--quiet"]) == 0
    assert main(["diff", str(tmp_path / "out"), str(tmp_path / "out"), "--to", str(inputs / "diff")]) == 0
    made = [p for p in inputs.rglob("*") if p.suffix in (".html", ".xlsx")]
    assert len(made) == 6 and all(map(is_own_output, made))
    capsys.readouterr()
    assert main(run) == 0
    told = capsys.readouterr().err
    assert "1 reports: 1 ok" in told and "6 pages, workbooks or pictures made by gongkai" in told
    assert main(["run", *map(str, made), "--to", str(tmp_path / "other")]) == 2
    assert "no documents (6 files passed over, 6 of them made by gongkai)" in capsys.readouterr().err


def test_files_of_others_are_not_ours(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<meta name="generator" content="Word">' + OWN_OUTPUT, "utf-8")
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 cut")
    Image.new("RGB", (2, 2)).save(tmp_path / "scan.png")
    assert not any(
        map(is_own_output, (*tmp_path.iterdir(), SAMPLES / "2021_city.docx", tmp_path / "gone.html"))
    )
    mark = PngInfo()
    mark.add_text("Software", OWN_OUTPUT)
    Image.new("RGB", (2, 2)).save(tmp_path / "ours.png", pnginfo=mark)
    assert is_own_output(tmp_path / "ours.png")


def test_pages_are_not_written_among_files_of_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    shutil.copy(SAMPLES / "2021_city.docx", inputs / "a.docx")
    assert main(["run", str(inputs), "--to", str(tmp_path / "out"), "--quiet", "--workers", "1"]) == 0
    assert main(["review", str(tmp_path / "out"), "--to", str(inputs)]) == 2
    assert "holds files that are not ours" in capsys.readouterr().err
    assert [p.name for p in inputs.iterdir()] == ["a.docx"]
