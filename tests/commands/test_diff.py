"""`gongkai diff`: its summary, its exit code, its folder, and a page that runs nothing of a document's."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.review.changes_page import render_changes

Run = Callable[..., tuple[int, str, str]]
SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = ("2019_township.docx", "2021_city.pdf", "2019_blanks.docx")


@pytest.fixture
def two(gongkai: Run, tmp_path: Path) -> tuple[Path, Path]:
    """Two nights: in the second a report is replaced by another, one is gone, one is new."""
    files = tmp_path / "files"
    files.mkdir()
    for name in NAMES:
        shutil.copy(SAMPLES / name, files / name)
    assert gongkai("run", files, "--to", tmp_path / "old", "--quiet")[0] == 0
    shutil.copy(SAMPLES / "2019_cases.docx", files / "2019_blanks.docx")
    (files / "2019_township.docx").unlink()
    shutil.copy(SAMPLES / "2021_bureau.txt", files / "2021_bureau.txt")
    assert gongkai("run", files, "--to", tmp_path / "new", "--quiet")[0] == 0
    return tmp_path / "old", tmp_path / "new"


def test_what_came_went_and_was_replaced_is_named(
    gongkai: Run, two: tuple[Path, Path], tmp_path: Path
) -> None:
    code, out, err = gongkai("diff", *two, "--to", tmp_path / "diff")
    assert (code, err) == (1, "")
    assert "replaced: 1\n  2019_blanks.docx" in out
    assert "       1  reports unchanged" in out
    result = json.loads((tmp_path / "diff" / "diff.json").read_text("utf-8"))
    assert {kind: n["count"] for kind, n in result["reports"].items() if n["count"]}.items() >= {
        "new": 1,
        "gone": 1,
        "replaced": 1,
    }.items()
    assert result["unchanged"] == 1
    with (tmp_path / "diff" / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    values = [line for line in lines if line["change"] == "fact-value"]
    assert values and all(line["cause"] == "document" and line["old"] != line["new"] for line in values)
    assert len(values) == result["changes"]["fact-value"]["count"]


def test_the_same_twice_is_no_difference(gongkai: Run, two: tuple[Path, Path]) -> None:
    code, out, _ = gongkai("diff", two[0], two[0])
    assert code == 0
    assert out.startswith("no difference\n")


def test_the_summary_for_programs_is_that_of_the_folder(
    gongkai: Run, two: tuple[Path, Path], tmp_path: Path
) -> None:
    _, out, _ = gongkai("diff", *two, "--json", "--to", tmp_path / "diff")
    assert json.loads(out) == json.loads((tmp_path / "diff" / "diff.json").read_text("utf-8"))


def test_what_is_no_dataset_is_refused(gongkai: Run, two: tuple[Path, Path], tmp_path: Path) -> None:
    code, out, err = gongkai("diff", two[0], tmp_path / "nowhere")
    assert (code, out) == (2, "")
    assert "is no dataset folder" in err
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    code, _, err = gongkai("diff", *two, "--to", tmp_path / "mine")
    assert code == 2 and "holds files" in err
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_the_page_escapes_what_documents_say() -> None:
    from gongkai.run.diff import LISTS, Difference, summary

    found = Difference("a", "<b>")
    found.reports["new"] = 1
    found.named["new"].append(
        {
            "org": "<script>alert(1)</script>",
            "year": 2021,
            "source_file": '"><img src=x>',
            "old_source_file": None,
            "sums_failed": 1,
            "old_sums_failed": None,
        }
    )

    page = render_changes(summary(found), LISTS)
    assert "<script>alert" not in page and "<img" not in page and "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "default-src 'none'" in page
