"""Pages of a dataset: an index, a page a report, its paper found by hash, and what happens without it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = ("2021_sums_fail.pdf", "2021_city.docx", "broken.docx")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(SAMPLES / name, folder / name)
    return folder


@pytest.fixture
def out(gongkai: Run, inputs: Path, tmp_path: Path) -> Path:
    gongkai("run", inputs, "--to", tmp_path / "out", "--workers", 1)
    return tmp_path / "out"


def pages(out: Path, to: Path) -> dict[str, str]:
    """The page of each source_file that has one."""
    with (out / "reports.csv").open(encoding="utf-8-sig", newline="") as file:
        ids = {line["source_file"]: line["report_id"] for line in csv.DictReader(file)}
    return {
        name: (to / f"{id}.html").read_text("utf-8")
        for name, id in ids.items()
        if (to / f"{id}.html").exists()
    }


def test_every_report_has_a_page_with_its_paper(gongkai: Run, out: Path, tmp_path: Path) -> None:
    to = tmp_path / "pages"
    code, stdout, err = gongkai("review", out, "--to", to)
    assert (code, stdout) == (0, "")
    assert f"3 pages of 3 reports; open {to / 'index.html'}" in err
    made = pages(out, to)
    pdf = made["2021_sums_fail.pdf"]
    assert pdf.count("<image href=") == 2 and pdf.count('class="frame') > 150
    assert made["2021_city.docx"].count('<figure class="paper grid">') == 3
    assert "truncated" in made["broken.docx"]
    index = (to / "index.html").read_text("utf-8")
    assert index.count("<tr data-status=") == 3 and "读取失败 failed" in index
    assert sorted(p.suffix for p in to.iterdir()) == [".html"] * 4
    assert (
        gongkai("review", out, "--to", to, "--only", "no such report")[0] == 0
    )  # an index of ours is replaced


def test_the_page_of_a_changed_or_missing_file_shows_its_values_and_says_so(
    gongkai: Run, out: Path, inputs: Path, tmp_path: Path
) -> None:
    with (inputs / "2021_sums_fail.pdf").open("ab") as file:
        file.write(b"\n")
    (inputs / "2021_city.docx").unlink()
    to = tmp_path / "pages"
    code, _, err = gongkai("review", out, "--to", to)
    assert (code, "2 without the paper, each tells why" in err) == (0, True)
    made = pages(out, to)
    assert "has changed since it was read" in made["2021_sums_fail.pdf"]
    assert "is not where it was" in made["2021_city.docx"]
    for name in ("2021_sums_fail.pdf", "2021_city.docx"):
        assert 'class="paper' not in made[name] and made[name].count('<td class="value') > 150


def test_files_that_were_moved_are_found_by_their_hash(
    gongkai: Run, out: Path, inputs: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    (inputs / "2021_sums_fail.pdf").rename(moved / "another name.bin")
    to = tmp_path / "pages"
    _, _, err = gongkai("review", out, moved, "--to", to, "--only", "sums_fail")
    assert "1 pages of 3 reports; open" in err
    assert pages(out, to)["2021_sums_fail.pdf"].count("<image href=") == 2


def test_a_member_of_an_archive_has_its_paper(gongkai: Run, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(SAMPLES / "2021_city.docx", "sub/b.docx")
    gongkai("run", tmp_path / "a.zip", "--to", tmp_path / "out", "--workers", 1)
    _, _, err = gongkai("review", tmp_path / "out", "--to", tmp_path / "pages")
    assert "1 pages of 1 reports; open" in err
    assert "paper grid" in pages(tmp_path / "out", tmp_path / "pages")["a.zip!/sub/b.docx"]


def test_corrections_stand_on_the_page(gongkai: Run, out: Path, inputs: Path, tmp_path: Path) -> None:
    field = "requests.granted.total"
    gongkai("correct", out, field, "6", "--file", "2021_sums_fail.pdf", "--by", "<b>王</b>", "--why", "印作6")
    gongkai("run", inputs, "--to", out, "--workers", 1)
    gongkai("review", out, "--to", tmp_path / "pages", "--doubtful")
    made = pages(out, tmp_path / "pages")
    assert sorted(made) == ["2021_sums_fail.pdf", "broken.docx"]
    page = made["2021_sums_fail.pdf"]
    assert "<del>16</del> <ins>6</ins>" in page
    assert "16 → 6 · &lt;b&gt;王&lt;/b&gt;" in page


def test_findings_over_several_years_stand_on_the_page(gongkai: Run, out: Path, tmp_path: Path) -> None:
    own = '[[rules]]\ncode = "U1"\nleft = ["requests.new_requests.total"]\nright = ["0"]\nzh = "没有<申请>"\n'
    (tmp_path / "own.toml").write_text(own, "utf-8")
    gongkai("review", out, "--to", tmp_path / "before")
    gongkai("check", out, "--rules", tmp_path / "own.toml", "--quiet")
    gongkai("review", out, "--to", tmp_path / "after")
    assert "rule-fails" not in pages(out, tmp_path / "before")["2021_city.docx"]
    page = pages(out, tmp_path / "after")["2021_city.docx"]
    assert "<b>rule-fails</b> requests.new_requests.total: U1 没有&lt;申请&gt;" in page
    assert 'data-fields="requests.new_requests.total"' in page


def test_only_pages_whose_report_changed_are_made_anew(
    gongkai: Run, out: Path, inputs: Path, tmp_path: Path
) -> None:
    to = tmp_path / "pages"
    gongkai("review", out, "--to", to)
    before = {p.name: p.stat().st_ino for p in to.iterdir() if p.name != "index.html"}
    gongkai("correct", out, "requests.granted.total", "6", "--file", "2021_sums_fail.pdf", "--by", "王")
    _, _, err = gongkai("review", out, "--to", to)
    after = {p.name: p.stat().st_ino for p in to.iterdir() if p.name != "index.html"}
    assert before.keys() == after.keys() and "3 pages of 3 reports" in err
    changed = [name for name in before if before[name] != after[name]]
    assert len(changed) == 1
    assert "16 → 6" in (to / changed[0]).read_text("utf-8")
    (inputs / "2021_city.docx").unlink()
    assert "1 without the paper" in gongkai("review", out, "--to", to)[2]


def test_the_pages_are_the_same_again(gongkai: Run, out: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        gongkai("review", out, "--to", tmp_path / name, "--quiet", "--workers", 2 if name == "a" else 1)
    a, b = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("a", "b"))
    assert a == b


def test_a_folder_that_is_no_dataset_is_refused_in_one_line(gongkai: Run, out: Path, tmp_path: Path) -> None:
    code, _, err = gongkai("review", tmp_path, "--to", tmp_path / "pages")
    assert (code, err.count("\n"), "is no dataset" in err) == (2, 1, True)
    (tmp_path / "index.html").write_text("somebody's", "utf-8")
    code, _, err = gongkai("review", out, "--to", tmp_path)
    assert (code, err.count("\n"), "did not write it" in err) == (2, 1, True)
    code, _, err = gongkai("review", out, "--to", out)
    assert (code, err.count("\n"), "name another folder" in err) == (2, 1, True)
