"""The same program with the same options has the same fingerprint, in whichever process."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from importlib.metadata import distributions
from pathlib import Path

from gongkai.model import Limits
from gongkai.pipeline import DEFAULTS
from gongkai.run.fingerprint import fingerprint, installed

ROOT = Path(__file__).parents[2]


def test_another_process_has_the_same_fingerprint() -> None:
    code = "from gongkai.pipeline import DEFAULTS; from gongkai.run.fingerprint import fingerprint; print(fingerprint(DEFAULTS))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == fingerprint(DEFAULTS)


def test_who_watches_the_clock_does_not_count() -> None:
    watched = replace(DEFAULTS, limits=replace(DEFAULTS.limits, after_page=lambda: None))
    assert fingerprint(watched) == fingerprint(DEFAULTS)


def test_a_limit_and_a_wording_count(tmp_path: Path) -> None:
    words = tmp_path / "words.toml"
    words.write_text("# words\n")
    others = [
        replace(DEFAULTS, limits=Limits(pages=3)),
        replace(DEFAULTS, aliases=words),
        replace(DEFAULTS, place="320800"),
    ]
    assert len({fingerprint(o) for o in (DEFAULTS, *others)}) == 4
    before = fingerprint(others[1])
    words.write_text("# other words\n")
    assert fingerprint(others[1]) != before


def test_what_is_installed_is_named_as_python_names_it() -> None:
    described = (package.metadata for package in distributions())
    assert dict(installed()) == {m["Name"]: m["Version"] for m in described}
