"""`gongkai nightly`: its line, its exit codes, its page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.run.lock import locked

Run = Callable[..., tuple[int, str, str]]
SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    site = tmp_path / "archive" / "current" / "linjiang"
    site.mkdir(parents=True)
    for name in ("2021_city.docx", "2019_township.docx"):
        shutil.copy(SAMPLES / name, site)
    path = tmp_path / "gongkai.toml"
    path.write_text('archive = "archive"\ndatasets = "datasets"\nshrink = 0.1\n', "utf-8")
    return path


def test_nights_have_one_line_and_the_exit_code_says_what_became_of_them(gongkai: Run, toml: Path) -> None:
    code, out, err = gongkai("nightly", toml)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert out.startswith("gongkai nightly 2") and ": published: 2 reports, " in out
    code, out, _ = gongkai("nightly", toml)
    assert code == 0 and ": unchanged: 2 reports, " in out and out.endswith("; no change\n")
    assert gongkai("nightly", toml, "--quiet") == (0, "", "")
    (toml.parent / "archive" / "current" / "linjiang" / "2019_township.docx").unlink()
    code, out, _ = gongkai("nightly", toml, "--quiet")
    assert code == 3 and "NOT published: 2 reports became 1 and " in out and "then --force" in out
    code, out, _ = gongkai("nightly", toml, "--force")
    assert code == 0 and ": published: 1 reports, " in out
    facts = (toml.parent / "datasets" / "current" / "facts.csv").read_text("utf-8-sig")
    assert "2021_city" in facts and "2019_township" not in facts


def test_what_is_wrong_with_the_files_that_are_named_is_usage(gongkai: Run, toml: Path) -> None:
    text = toml.read_text("utf-8")
    for more, message in (
        ("kep = 3", f"{toml}: unknown key kep; did you mean keep?\n"),
        ('[check]\nrules = "rules.toml"', f"{toml.parent / 'rules.toml'}: No such file or directory\n"),
        ('[run]\naliases = "words.toml"', f"{toml.parent / 'words.toml'}: No such file or directory\n"),
        ('[run]\nplace = "999999"', "999999"),
    ):
        toml.write_text(f"{text}{more}\n", "utf-8")
        code, out, err = gongkai("nightly", toml)
        assert (code, out, err.count("\n")) == (2, "", 1) and message in err, more
    assert not (toml.parent / "datasets").exists()


def test_a_rule_that_speaks_of_no_box_is_usage(gongkai: Run, toml: Path) -> None:
    rules = toml.parent / "rules.toml"
    rules.write_text(
        '[[rules]]\ncode = "U1"\nleft = ["requests.nothing.total"]\nright = ["requests.granted.total"]\n'
    )
    toml.write_text(f'{toml.read_text("utf-8")}[check]\nrules = "rules.toml"\n', "utf-8")
    code, out, err = gongkai("nightly", toml)
    assert (code, out) == (2, "") and err.startswith(f"{rules}: ") and err.count("\n") == 1


def test_another_night_at_work_is_refused_in_one_line(gongkai: Run, toml: Path) -> None:
    work = toml.parent / "datasets" / ".nightly"
    work.mkdir(parents=True)
    with locked(work / "lock", "2026-01-01T00:00:00Z"):
        code, out, err = gongkai("nightly", toml)
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith(f"gongkai nightly: {toml.parent / 'datasets'}: another night is at work here")


def test_a_datasets_folder_of_somebody_else_is_usage(gongkai: Run, toml: Path) -> None:
    (toml.parent / "datasets" / "current").mkdir(parents=True)
    code, _, err = gongkai("nightly", toml)
    assert code == 2 and "is no link that we made" in err
