"""docs/nightly.md: its configuration is one, and its units are what systemd takes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gongkai.nightly import config

TEXT = (Path(__file__).parents[2] / "docs" / "nightly.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.M | re.S)


def test_the_configuration_that_is_shown_is_one_and_shows_every_key(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    data = tomllib.loads(text)
    assert config.convert(data, tmp_path / "gongkai.toml").expected == {"linjiang": 12}
    every = tomllib.loads(re.sub(r"^# (?=\w+ = )", "", text, flags=re.M))
    read = config.convert(every, tmp_path / "gongkai.toml")
    assert read.check.enabled is False and read.run.place == "320800"
    assert set(config.Config.__struct_fields__) - set(every) == {"corrections"}
    tables = {
        "crawl": config.CrawlConfig,
        "run": config.RunConfig,
        "check": config.CheckConfig,
        "notify": config.NotifyConfig,
    }
    for name, table in tables.items():
        assert set(table.__struct_fields__) - set(every[name]) <= {"command"}, name


def test_the_units_are_what_systemd_takes(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    service, timer = blocks("ini")
    # what is named in it is not installed here; another program that can be started stands for it
    service = service.replace("/opt/gongkai/bin/gongkai", sys.executable)
    (tmp_path / "gongkai.service").write_text(service)
    (tmp_path / "gongkai.timer").write_text(timer)
    units = [str(tmp_path / name) for name in ("gongkai.service", "gongkai.timer")]
    done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "gongkai" in line]
    assert (done.returncode, ours) == (0, [])
    (when,) = re.findall(r"^OnCalendar=(.*)$", timer, re.M)
    told = subprocess.run([analyze, "calendar", when], capture_output=True, text=True, check=False)
    assert told.returncode == 0 and "Next elapse" in told.stdout
