"""Limits from the command line and from a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai import run as engine
from gongkai.commands import Refused
from gongkai.commands.options.limits import read_limits
from gongkai.model import Limits

Run = Callable[..., tuple[int, str, str]]
SAMPLES = Path(__file__).parents[3] / "samples"


def test_the_command_line_counts_after_the_file(tmp_path: Path) -> None:
    file = tmp_path / "limits.toml"
    file.write_text('pages = 500\nbytes = "128M"\ncpu = 100\n')
    limits, budget = read_limits(["pages=7", "written=1G"], file, engine.BUDGET)
    assert (limits.pages, limits.bytes, limits.members) == (7, 128 * 1024**2, Limits().members)
    assert (budget.cpu, budget.written, budget.seconds) == (100, 1024**3, 60.0)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("pages", "wants NAME=VALUE"),
        ("page=3", "no limit 'page'; there are bytes, members"),
        ("pages=0", "no positive whole number"),
        ("pages=-3", "no positive whole number"),
        ("pages=many", "no positive whole number"),
        ("after_page=3", "no limit 'after_page'"),
    ],
)
def test_a_name_that_is_no_limit_is_refused(option: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        read_limits([option], None, engine.BUDGET)


def test_a_limit_holds_in_a_run(gongkai: Run, tmp_path: Path) -> None:
    name = "2021_city.docx"
    code, _, err = gongkai(
        "run", SAMPLES / name, "--to", tmp_path / "out", "--workers", 1, "--limit", "bytes=1K"
    )
    assert code == 1
    assert f"failed    {name}   too-large" in err
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8-sig") as file:
        assert "the limit is 1,024" in file.read()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--engine", "dask"), "wants --scheduler ADDRESS"),
        (("--scheduler", "tcp://a:1"), "needs --engine dask"),
    ],
)
def test_options_that_exclude_each_other_are_refused(
    more: tuple[str, ...], message: str, gongkai: Run, tmp_path: Path
) -> None:
    code, _, err = gongkai("run", SAMPLES / "2021_city.docx", "--to", tmp_path / "out", *more)
    assert (code, err.count("\n")) == (2, 1)
    assert message in err


def test_another_file_system_wants_the_other_engine(gongkai: Run, tmp_path: Path) -> None:
    code, _, err = gongkai("run", "s3://bucket/reports", "--to", tmp_path / "out")
    assert (code, err.count("\n")) == (2, 1)
    assert "s3://bucket/reports: other file systems need --engine dask" in err


def test_a_cluster_without_the_extra_is_refused_in_one_line(
    gongkai: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = gongkai("run", "a", "--to", tmp_path / "o", "--engine", "dask", "--scheduler", "tcp://a:1")
    assert (code, err.count("\n")) == (2, 1)
    assert "pip install 'gongkai[cluster]'" in err
