"""`gongkai panel`: what a user writes wrong is one line, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from builders.dataset_folder import folder, report
from gongkai.commands import main


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = [report("341824/人民政府", year, "2021", {"new_requests": 6}) for year in (2021, 2022, 2023)]
    return folder(tmp_path_factory.mktemp("dataset") / "out", made)


def call(dataset: Path, to: Path, *words: str) -> int:
    return int(main(["panel", str(dataset), "--to", str(to / "p.csv"), *words]))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--years", "2019-"], "--years is '2019-'; write 2019-2024, or 2024 for one year"),
        (["--years", "-2019"], "--years is '-2019'"),
        (["--years", "2024-2019"], "--years is '2024-2019'"),
        (["--bridge", "narrow"], "--bridge is 'narrow'; one of strict, wide"),
        (["--blank", "0"], "--blank is '0'; one of zero, missing"),
        (["--format", "docx"], "the ending names no format"),
    ],
)
def test_an_option_that_is_none(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert call(dataset, tmp_path, *words) == 2
    told = capsys.readouterr().err
    assert message in told and told.count("\n") == 1 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("341824/人民政府,2022,177000", "pop is 177000; write residents in 万人"),
        ("341824/人民政府,2022,0", "pop is 0"),
        ("341824/人民政府,2022,nan", "pop is nan"),
        ("341824/人民政府,二〇二二,17", "year and pop have to be numbers"),
        ("341824/人民政府,2021,18", "has two numbers, 17.7 and 18"),
    ],
)
def test_a_population_that_is_none(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, message: str
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(f"body_id,year,pop\n341824/人民政府,2021,17.7\n{line}\n", "utf-8")
    assert call(dataset, tmp_path, "--population", str(people)) == 2
    assert message in capsys.readouterr().err and not (tmp_path / "p.csv").exists()


def test_requests_by_population(dataset: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_bytes("body_id,year,pop\n341824/人民政府,2022,12\n".encode("gb18030"))
    call(dataset, tmp_path, "--population", str(people), "--quiet", "--years", "2022")
    assert pd.read_csv(tmp_path / "p.csv")["d_req_per10k"].tolist() == [0.5]


def test_a_register_of_bodies_is_a_list_of_bodies(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = tmp_path / "register.csv"
    register.write_text(
        "name,aliases,code,id\n绩溪县财政局,,341824,341824/财政局\n某镇人民政府,,,\n", "utf-8-sig"
    )
    call(dataset, tmp_path, "--bodies", str(register), "--years", "2022")
    assert "1 lines of" in capsys.readouterr().out
    panel = pd.read_csv(tmp_path / "p.csv")
    assert dict(zip(panel.org, panel.present, strict=True)) == {"人民政府": 1, "绩溪县财政局": 0}


def test_a_list_of_bodies_without_ids_is_refused(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = tmp_path / "register.csv"
    register.write_text("name,id\n某镇人民政府,\n", "utf-8")
    assert call(dataset, tmp_path, "--bodies", str(register)) == 2
    assert "no line has an id" in capsys.readouterr().err


def test_the_files_of_others_stay(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.csv").write_text("mine")
    assert call(dataset, tmp_path) == 2
    assert (
        "is there and is not ours" in capsys.readouterr().err and (tmp_path / "p.csv").read_text() == "mine"
    )


def test_a_folder_that_is_no_dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").mkdir()
    assert call(tmp_path / "x", tmp_path) == 2
    assert "holds no reports.parquet" in capsys.readouterr().err


def test_a_workbook_and_plots_take_the_decisions_too(tmp_path: Path) -> None:
    values = {"new_requests": 6, "new_requests.natural_person": 6}
    made = [report("341824/人民政府", 2022, "2021", values, file=f"{name}.docx") for name in ("a", "b")]
    out = folder(tmp_path / "out", made)
    main(["panel", str(out), "--to", str(tmp_path / "p" / "p.csv"), "--quiet"])
    listed = tmp_path / "p" / "panel_duplicates.csv"
    lines = pd.read_csv(listed, dtype=str, keep_default_na=False)
    lines.loc[lines.source_file == "b.docx", ["keep", "by"]] = ["yes", "王"]
    lines.to_csv(tmp_path / "decided.csv", index=False)
    words = ["--duplicates", str(tmp_path / "decided.csv"), "--quiet"]
    assert main(["export", str(out), "--to", str(tmp_path / "all.xlsx"), *words]) == 0
    book = pd.read_excel(tmp_path / "all.xlsx", sheet_name=None, engine="openpyxl")
    assert book["panel"].source_file.tolist() == ["b.docx"]
    assert main(["plots", str(out), "--to", str(tmp_path / "plots"), *words]) == 0
