from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.emit import emit
from gongkai.emit.read.load import DatasetFrames as load
from gongkai.model import Report, guard, unguard

Made = Callable[..., Report]

FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+3",
    "-8",
    "-",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "－3",
    "'-8",
    "''=x",
    "'x",
    "'",
    "",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_spreadsheet_calculates_a_text(text: str) -> None:
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "－"))


@given(st.text(alphabet="'=+-@\t\r\n＝－x") | st.text())
def test_taking_the_guard_away_gives_the_text_back(text: str) -> None:
    assert unguard(guard(text)) == text


def test_csv_and_parquet_load_alike(made: Made, tmp_path: Path) -> None:
    texts = [*FORMULAS, 'a"b', "a,b", "a\nb", "a\r\nb", " a ", "NA", "null", "nan", "\ufeffa", "001", "true"]
    reports = [
        made(f"{n}.docx", {("new", "person"): ("-8.50", t)}, title=t or None) for n, t in enumerate(texts)
    ]
    emit([*reports, made("z", org=None, year=None, cells={})], tmp_path / "out", templates=(), run_facts={})
    parquet, csv = (load(tmp_path / "out", prefer) for prefer in ("parquet", "csv"))
    for name in parquet:
        pd.testing.assert_frame_equal(parquet[name], csv[name], check_exact=True)
    assert csv["facts"]["printed"].tolist() == texts
    assert csv["facts"]["value"].tolist() == [-8.5] * len(texts)
    assert csv["reports"]["org"].isna().tolist() == [False] * len(texts) + [True]


def test_csv_alone_is_enough(made: Made, tmp_path: Path) -> None:
    emit([made()], tmp_path / "out", templates=(), run_facts={})
    whole = load(tmp_path / "out")
    for path in (tmp_path / "out").glob("*.parquet"):
        path.unlink()
    pd.testing.assert_frame_equal(load(tmp_path / "out")["facts"], whole["facts"])


def test_columns_of_another_version_are_refused(made: Made, tmp_path: Path) -> None:
    emit([made()], tmp_path / "out", templates=(), run_facts={})
    (tmp_path / "out" / "facts.csv").write_text("id,value\n")
    with pytest.raises(ValueError, match="columns of another version"):
        load(tmp_path / "out", "csv")
