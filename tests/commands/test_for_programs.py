"""The command line for other programs: JSON, standard input, what shells ask, colours, the version."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.commands import COMMANDS, main
from gongkai.commands.output.screen import cells
from gongkai.normalize import templates

if sys.platform != "win32":
    import fcntl
    import termios

SAMPLES = Path(__file__).parents[2] / "samples"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code and what is written."""
    code = main(list(arguments))
    return code, capsys.readouterr().out


def test_standard_input_is_run_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO((SAMPLES / "2021_city.docx").read_bytes())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(data))
    assert main(["run", "-", "--to", str(tmp_path / "out"), "--workers", "1", "--quiet"]) == 0
    with (tmp_path / "out" / "reports.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(r["source_file"], r["status"]) for r in csv.DictReader(file)] == [("stdin", "ok")]


def test_a_value_is_explained_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    sample = str(SAMPLES / "2021_city.docx")
    code, text = run(capsys, "explain", sample, "requests.new_requests.total", "--json")
    (told,) = json.loads(text)
    assert (code, told["value"], told["printed"], told["row_rule"]) == (0, "297", "297", "exact")
    assert {check["rule"] for check in told["checks"]} >= {"R1", "R3"}
    code, text = run(capsys, "explain", sample, "year", "--json")
    assert code == 0 and [one["year"] for one in json.loads(text)] == [2023]
    code, text = run(capsys, "explain", "--label", "属于国家秘密", "--json")
    assert code == 0 and json.loads(text)[0]["id"] == "denied_state_secret"


def test_a_file_as_laid_out_is_given_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "extract", str(SAMPLES / "2021_city.pdf"), "--json")
    told = json.loads(text)
    grid = next(block for block in told["blocks"] if block["kind"] == "grid")
    assert code == 0 and grid["rows"] > 10 and len(grid["boxes"]) > 20
    assert all(box["page"] == 1 and len(box["bbox"]) == 4 for box in grid["boxes"])


def test_the_version_tells_of_what_day_its_tables_are(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "--version")
    first, forms, divisions = text.splitlines()
    assert code == 0 and first.startswith("gongkai ")
    assert all(form.source in forms for form in templates())
    assert re.fullmatch(r"divisions as of \d{4}-\d\d-\d\d(, \d{4}-\d\d-\d\d)*", divisions)


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("gongkai sho", "show"),
        ("gongkai run --part", "--partition"),
        ("gongkai run --engine ", "local\ndask"),
        ("gongkai --show", "--show-completion"),
    ],
)
def test_a_shell_is_told_what_may_come_next(typed: str, due: str) -> None:
    asked = {"_GONGKAI_COMPLETE": "complete_bash", "COMP_WORDS": typed}
    asked["COMP_CWORD"] = str(len(typed.split(" ")) - 1)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "gongkai"], env={**os.environ, **asked}, capture_output=True, check=False
    )
    assert done.stdout.decode().strip() == due


@pytest.mark.parametrize("typed", ["gongkai --", *(f"gongkai {name} --" for name, _, _ in COMMANDS)])
def test_a_chinese_shell_is_told_in_chinese(
    typed: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"_GONGKAI_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": typed, "GONGKAI_LANG": "zh"}
    for variable, value in asked.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit):
        main([])
    told = dict(re.findall(r'"(--[a-z-]+)":"(.*?)"', capsys.readouterr().out))
    assert "--help" in told
    assert [option for option, text in told.items() if not re.search("[\u4e00-\u9fff]", text)] == []


def test_control_characters_are_data_in_json_and_nothing_that_a_terminal_obeys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "某市\x9b2J\x7f人民政府"
    code, text = run(capsys, "body", name, "--json")
    assert code == 0 and json.loads(text)["name"] == name
    assert "\x9b" not in text and "\x7f" not in text


def test_json_is_written_in_one_place() -> None:
    rooms = sorted((Path(__file__).parents[2] / "commands").rglob("*.py"))
    assert [p.name for p in rooms if "indent=1" in p.read_text("utf-8")] == ["screen.py"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
@pytest.mark.parametrize(
    "words", [["fields"], ["show", "2021_city.docx"], ["show", "2021_city.docx", "--json"], ["--help"]]
)
def test_an_output_that_takes_no_more_is_one_line_and_no_bug(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-P", "-m", "gongkai", *words]
        done = subprocess.run(
            command, cwd=SAMPLES, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "gongkai: standard output: No space left on device\n")


def test_the_script_of_a_shell_is_shown() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "gongkai", "--show-completion", "fish"], capture_output=True, check=True
    )
    assert b"_GONGKAI_COMPLETE" in done.stdout
    wrong = [sys.executable, "-P", "-m", "gongkai", "--show-completion", "tcl"]
    told = subprocess.run(wrong, capture_output=True, check=False)
    assert (told.returncode, told.stderr.count(b"\n"), b"Traceback" in told.stderr) == (2, 1, False)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_a_table_of_rules_fits_the_terminal(tmp_path: Path) -> None:
    out = tmp_path / "out"
    main(["run", str(SAMPLES / "2021_city.docx"), "--to", str(out), "--workers", "1", "--quiet"])
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-P", "-m", "gongkai", "check", "out"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, cwd=tmp_path, env=without_size()) as process:
        os.close(theirs)
        told = b""
        with contextlib.suppress(OSError):  # what Linux says where the last writer has gone
            while part := os.read(ours, 65_536):
                told += part
        assert process.wait() == 0
    lines = told.decode().splitlines()
    assert any("第一项加第二项之和" in line for line in lines)
    assert [line for line in lines if cells(line) > 80] == []


def without_size() -> dict[str, str]:
    """The environment without what names a terminal's width before the terminal is asked."""
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}


@pytest.mark.parametrize(("variable", "coloured"), [("FORCE_COLOR", True), ("NO_COLOR", False)])
def test_colours_are_what_the_user_wants(variable: str, coloured: bool) -> None:
    command = [sys.executable, "-P", "-m", "gongkai", "show", str(SAMPLES / "2021_city.docx")]
    wants = {"FORCE_COLOR": "1", variable: "1"}
    done = subprocess.run(command, env={**os.environ, **wants}, capture_output=True, check=True)
    assert (b"\x1b[36m" in done.stdout) is coloured
