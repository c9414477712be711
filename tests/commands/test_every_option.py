"""Every option of every command is given by a test of that command; here those that no other test gives, each with its effect."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pypdfium2
import pytest

from builders.dataset_folder import folder, report
from gongkai.commands import COMMANDS
from gongkai.commands.typer_call import describe

SAMPLES = Path(__file__).parents[2] / "samples"
TESTS = Path(__file__).parents[1]
Run = Callable[..., tuple[int, str, str]]
COUNTY, TOWN = "341824/人民政府", "341824/财政局"


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = [report(COUNTY, year, "2021", {"new_requests": 6}) for year in (2021, 2022, 2023)]
    made.append(report(TOWN, 2022, "2021", {"new_requests": 2}, status="partial", left_out=["granted.total"]))
    return folder(tmp_path_factory.mktemp("dataset") / "out", made)


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_every_option_is_given_by_a_test(name: str) -> None:
    texts = [p.read_text("utf-8") for p in TESTS.rglob("*.py")]
    ours = [text for text in texts if re.search(rf"[\"']{name}[\"'\s]|gongkai {name}\b", text)]
    options = {o for left, _ in describe(name)[1] for o in re.findall(r"--[a-z][a-z-]*", left)} - {"--help"}
    assert [o for o in options if not any(re.search(rf"{o}(?![a-z-])", text) for text in ours)] == []


# run -------------------------------------------------------------------------------------------


def test_a_fresh_run_reads_every_file_again(gongkai: Run, tmp_path: Path) -> None:
    call = ("run", SAMPLES / "2021_city.docx", "--to", tmp_path / "out", "--workers", 1, "--quiet")
    told = []
    for more in ([], [], ["--fresh"]):
        assert gongkai(*call, *more)[0] == 0
        told.append((tmp_path / "out" / "run.json").read_bytes())
    assert told[0] == told[1] != told[2]  # where nothing is read, nothing is written


@pytest.mark.parametrize(
    ("more", "reason"), [(["--timeout", "0.01"], "timeout"), (["--memory", "0.01"], "memory")]
)
def test_the_limits_of_a_file_are_those_that_are_given(
    more: list[str], reason: str, gongkai: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code, _, _ = gongkai("run", SAMPLES / "2021_city.pdf", "--to", out, "--workers", 1, "--quiet", *more)
    assert (code, lines(out / "reports.csv")[0]["reason"]) == (1, reason)


def test_a_file_of_limits_holds_in_a_run(gongkai: Run, tmp_path: Path) -> None:
    (tmp_path / "limits.toml").write_text('bytes = "1K"\n', "utf-8")
    call = ("run", SAMPLES / "2021_city.docx", "--to", tmp_path / "out", "--workers", 1, "--quiet")
    assert gongkai(*call, "--limits", tmp_path / "limits.toml")[0] == 1
    assert lines(tmp_path / "out" / "reports.csv")[0]["reason"] == "too-large"


# panel, export, plots --------------------------------------------------------------------------


def panel(gongkai: Run, dataset: Path, tmp_path: Path, *more: str) -> pd.DataFrame:
    assert gongkai("panel", dataset, "--to", tmp_path / "p.csv", "--quiet", *more)[0] == 0
    return pd.read_csv(tmp_path / "p.csv")


def test_a_balanced_panel_has_a_line_for_every_body_and_year(
    gongkai: Run, dataset: Path, tmp_path: Path
) -> None:
    assert len(panel(gongkai, dataset, tmp_path)) == 4
    assert len(panel(gongkai, dataset, tmp_path, "--balanced")) == 6


def test_complete_reports_alone(gongkai: Run, dataset: Path, tmp_path: Path) -> None:
    whole = panel(gongkai, dataset, tmp_path).dropna(subset=["s_new"])
    alone = panel(gongkai, dataset, tmp_path, "--complete").dropna(subset=["s_new"])
    assert (set(whole.body_id), set(alone.body_id)) == ({COUNTY, TOWN}, {COUNTY})


@pytest.mark.parametrize("more", [["--optional"], ["--narrative"]])
def test_more_columns_where_they_are_asked_for(
    more: list[str], gongkai: Run, dataset: Path, tmp_path: Path
) -> None:
    usual = set(panel(gongkai, dataset, tmp_path).columns)
    assert usual < set(panel(gongkai, dataset, tmp_path, *more).columns)


def test_columns_that_hold_nothing_can_be_left_out(gongkai: Run, dataset: Path, tmp_path: Path) -> None:
    short = panel(gongkai, dataset, tmp_path, "--drop-empty")
    assert 0 < len(short.columns) < len(panel(gongkai, dataset, tmp_path).columns)
    figures = [name for name in short.columns if name.startswith(("s_", "d_", "st_"))]
    assert not short[figures].isna().all().any()


def test_a_mask_tells_why_a_value_is_missing(gongkai: Run, dataset: Path, tmp_path: Path) -> None:
    values = panel(gongkai, dataset, tmp_path, "--mask")
    mask = pd.read_csv(tmp_path / "p_mask.csv")
    assert len(mask) == len(values) and {"body_id", "year", "s_new"} <= set(mask.columns) <= set(
        values.columns
    )


def test_labels_and_words_for_missing_values_are_written_for_stata(
    gongkai: Run, dataset: Path, tmp_path: Path
) -> None:
    for language in ("zh", "en"):
        to = tmp_path / f"{language}.dta"
        more = ("--labels", language, "--missing-labels")
        assert gongkai("panel", dataset, "--to", to, "--quiet", *more)[0] == 0
        with pd.io.stata.StataReader(to) as reader:
            label = reader.variable_labels()["s_new"]
            assert reader.value_labels()
        assert bool(re.search("[\u4e00-\u9fff]", label)) is (language == "zh")


def test_the_first_or_the_latest_published_counts(gongkai: Run, tmp_path: Path) -> None:
    made = [
        report(COUNTY, 2022, "2021", {"new_requests": n}, file=f"{n}.docx", published=f"2023-0{n}-01")
        for n in (1, 3)
    ]
    out = folder(tmp_path / "out", made)
    for choose, value in (("first", 1), ("latest", 3)):
        assert panel(gongkai, out, tmp_path, "--choose", choose)["s_new"].tolist() == [value]


def test_a_workbook_leads_to_the_pages(gongkai: Run, dataset: Path, tmp_path: Path) -> None:
    to, pages = tmp_path / "audit.xlsx", tmp_path / "pages"
    pages.mkdir()
    for line in lines(dataset / "reports.csv"):
        (pages / f"{line['report_id']}.html").touch()
    assert gongkai("export", dataset, "--to", to, "--pages", pages, "--quiet")[0] == 0
    book = openpyxl.load_workbook(to)
    assert any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_carry_over_of_one_body_is_drawn(gongkai: Run, dataset: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra gongkai[stats] is not installed")
    assert gongkai("plots", dataset, "--to", tmp_path / "plots", "--body", TOWN, "--quiet")[0] == 0
    code, _, err = gongkai("plots", dataset, "--to", tmp_path / "none", "--body", "nobody")
    assert code == 2 and "nobody" in err


# review, bodies, coverage, nightly ---------------------------------------------------------------


def test_pictures_of_all_pages_where_they_are_asked_for(gongkai: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    document = pypdfium2.PdfDocument(SAMPLES / "2021_city.pdf")
    document.new_page(595, 842)  # without a value
    document.save(tmp_path / "more.pdf")
    gongkai("run", tmp_path / "more.pdf", "--to", out, "--workers", 1, "--quiet")
    counts = []
    for n, more in enumerate(([], ["--all-pages"])):
        assert gongkai("review", out, "--to", tmp_path / str(n), "--quiet", *more)[0] == 0
        (page,) = (p for p in (tmp_path / str(n)).iterdir() if p.name != "index.html")
        counts.append(page.read_text("utf-8").count("<image href="))
    assert counts[0] < counts[1]


def test_a_host_is_of_the_server_alone(gongkai: Run, dataset: Path, tmp_path: Path) -> None:
    code, _, err = gongkai("review", dataset, "--to", tmp_path / "pages", "--host", "0.0.0.0")
    assert code == 2 and "--host" in err and not (tmp_path / "pages").exists()


def test_corrections_are_shown(gongkai: Run, tmp_path: Path) -> None:
    """Of the file that is named, without a dataset."""
    out, sample = tmp_path / "out", SAMPLES / "2021_city.docx"
    gongkai("run", sample, "--to", out, "--workers", 1, "--quiet")
    field = "requests.new_requests.total"
    gongkai("correct", out, field, "4711", "--file", sample.name, "--by", "王", "--why", "印作4711")
    assert "4711" not in gongkai("show", sample)[1]
    assert "4711" in gongkai("show", sample, "--corrections", out / "corrections.csv")[1]


def test_a_register_is_written_over_only_where_that_is_wanted(
    gongkai: Run, dataset: Path, tmp_path: Path
) -> None:
    to = tmp_path / "bodies.csv"
    to.write_text("mine", "utf-8")
    assert gongkai("bodies", dataset, "--to", to)[0] == 2 and to.read_text("utf-8") == "mine"
    assert gongkai("bodies", dataset, "--to", to, "--force")[0] == 0 and len(lines(to)) == 2


def test_years_of_bodies_without_years_are_those_that_are_given(
    gongkai: Run, dataset: Path, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("org\n绩溪县人民政府\n", "utf-8")
    to = tmp_path / "coverage"
    call = ("coverage", dataset, "--bodies", tmp_path / "list.csv", "--to", to)
    assert gongkai(*call, "--years", "2020-2023")[0] == 0
    assert [line["year"] for line in lines(to / "coverage.csv")] == ["2020", "2021", "2022", "2023"]


def test_a_night_without_a_crawl_reads_the_archive_as_it_is(gongkai: Run, tmp_path: Path) -> None:
    site = tmp_path / "archive" / "current" / "linjiang"
    site.mkdir(parents=True)
    shutil.copy(SAMPLES / "2021_city.docx", site)
    text = 'archive = "archive"\ndatasets = "datasets"\n[crawl]\nsites = "none.toml"\n'
    (tmp_path / "gongkai.toml").write_text(text, "utf-8")
    code, out, _ = gongkai("nightly", tmp_path / "gongkai.toml", "--no-crawl")
    assert code == 0 and ": published: 1 reports, " in out
