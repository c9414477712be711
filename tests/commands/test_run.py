"""A run: its progress, its summary, its exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai import run as engine
from gongkai.commands.output.progress import ProgressBar

SAMPLES = Path(__file__).parents[2] / "samples"
Run = Callable[..., tuple[int, str, str]]


def steps(bar: ProgressBar, total: int) -> None:
    for i in range(total):
        bar.step(engine.Progress(i + 1, total, f"[red]{i}\x1b.pdf", ("failed" if i == 0 else "ok",)))
    bar.close()


def test_the_bar_is_drawn_on_a_terminal_from_the_first_file_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Its rate is not known at first, and a bar that cannot be drawn ends the run.
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    steps(ProgressBar(True), 3)
    captured = capsys.readouterr()
    assert captured.out == ""  # talk goes to standard error
    assert "3/3" in captured.err
    assert "failed  [red]0\ufffd.pdf" in captured.err


def test_no_bar_is_drawn_for_one_file_or_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    steps(ProgressBar(True), 1)
    steps(ProgressBar(False), 3)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_fine_run_is_zero_and_says_where_the_datasets_are(gongkai: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, stdout, err = gongkai("run", SAMPLES / "2021_city.docx", "--to", out, "--workers", 1)
    assert (code, stdout) == (0, "")
    assert err.startswith(
        "1 reports: 1 ok, 0 partial, 0 narrative (no tables), 0 empty (no report), 0 failed\n"
    )
    assert str(out / "facts.csv") in err
    assert "look at first" not in err


def test_the_summary_names_failed_reports_before_sums_that_fail(gongkai: Run, tmp_path: Path) -> None:
    names = ("2021_city.docx", "2021_sums_fail.docx", "broken.docx", "2020_ragged.docx")
    out = tmp_path / "out"
    code, _, err = gongkai("run", *(SAMPLES / n for n in names), "--to", out, "--workers", 1)
    assert code == 1
    named = [
        line.split()[1] for line in err.splitlines() if line.startswith(("  failed", "  partial", "  ok"))
    ]
    assert named == ["broken.docx", "2020_ragged.docx", "2021_sums_fail.docx"]
    assert "broken.docx   truncated" in err
    assert "4 checks fail" in err


def test_a_quiet_run_says_nothing(gongkai: Run, tmp_path: Path) -> None:
    code, out, err = gongkai("run", SAMPLES / "2021_city.docx", "--to", tmp_path / "out", "--quiet")
    assert (code, out, err) == (0, "", "")


def test_a_folder_that_cannot_be_written_is_refused_in_one_line(gongkai: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    code, _, err = gongkai("run", SAMPLES / "2021_city.docx", "--to", tmp_path / "file" / "out")
    assert (code, err.count("\n")) == (2, 1)


def test_a_run_that_is_stopped_says_so(gongkai: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "run", stopped)
    code, _, err = gongkai("run", SAMPLES / "2021_city.docx", "--to", tmp_path / "out")
    assert code == 1
    assert err == "gongkai run: stopped; the datasets are as they were; the same command goes on from here\n"


def test_a_command_that_is_stopped_says_so(gongkai: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gongkai.pipeline.read_file", stopped)
    code, _, err = gongkai("show", SAMPLES / "2021_city.docx")
    assert (code, err.strip()) == (1, "gongkai show: stopped")


def test_a_bug_keeps_its_traceback_and_has_a_code_of_its_own(
    gongkai: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gongkai.pipeline.read_file", bug)
    code, _, said = gongkai("show", SAMPLES / "2021_city.docx")
    assert code == 4 and "in bug" in said and "ZeroDivisionError" in said


def test_a_run_without_any_report_is_one_and_says_what_the_files_are(gongkai: Run, tmp_path: Path) -> None:
    code, _, error = gongkai(
        "run", SAMPLES / "explainer.txt", SAMPLES / "notice.docx", "--to", tmp_path / "out"
    )
    assert code == 1
    assert "no file is a report" in error and "1 explainer" in error and "1 notice" in error


def test_a_pattern_that_the_shell_left_is_expanded(gongkai: Run, tmp_path: Path) -> None:
    code, _, error = gongkai("run", SAMPLES / "2021_bureau*.txt", "--to", tmp_path / "out")
    assert (code, "1 reports: 1 ok" in error) == (0, True)
    code, _, error = gongkai("run", SAMPLES / "no_such_*.txt", "--to", tmp_path / "out")
    assert (code, "no such file or folder" in error) == (2, True)
