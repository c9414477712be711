"""From a folder of documents to the coefficient: every file in every program that is installed finds the known one."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from new_user import FILES, Estimate, estimates, write_reports

from gongkai.commands import main
from gongkai.panel.variables import by_name

DO_FILE = Path(__file__).parents[2] / "docs" / "panel.do"


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> tuple[Estimate, list[Estimate]]:
    place = tmp_path_factory.mktemp("user")
    truth = write_reports(place / "reports", ("绩溪县", "旌德县", "长沙县", "怀远县"), (2021, 2022, 2023))
    main(["run", str(place / "reports"), "--to", str(place / "out"), "--quiet", "--workers", "2"])
    main(["panel", str(place / "out"), "--quiet", *(f"--to={place / file}" for file in FILES)])
    return truth, list(estimates(place, sys.executable))


@pytest.mark.parametrize("file", FILES)
def test_python_finds_the_coefficient_in_every_file(way: tuple[Estimate, list[Estimate]], file: str) -> None:
    truth, found = way
    (of_file,) = [e for e in found if e.program.endswith(file)]
    assert of_file.agrees(truth), of_file


def test_r_and_stata_find_it_where_they_are_installed(way: tuple[Estimate, list[Estimate]]) -> None:
    truth, found = way
    others = [e for e in found if not e.program.startswith("Python") and not e.lacks]
    if not others:
        pytest.skip("neither R with haven nor Stata is installed")
    assert [e for e in others if not e.agrees(truth)] == []


def test_the_do_file_names_columns_that_there_are() -> None:
    text = re.sub(r"^\*.*$", "", DO_FILE.read_text("utf-8"), flags=re.MULTILINE)
    named = set(re.findall(r"\b(?:[a-z]+_[a-z_]+[a-z0-9_]*|year|sums)\b", text)) - {"b"}
    assert named <= set(by_name()) and {"d_grant_rate", "s_new", "body_no", "choice_open"} <= named
