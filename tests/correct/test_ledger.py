"""The file of corrections: what is appended comes back, nothing is lost, what is no line is named."""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.correct import ledger
from gongkai.correct.ledger import COLUMNS, append, number, parse, read
from gongkai.emit.write.folder import recover, replace_folder, rescue
from gongkai.model import CORRECTIONS, BadCorrection, Correction

SAID = Correction(
    "ab" * 32,
    1,
    "a/b.docx",
    "requests.granted.total",
    "corrected",
    "3\n001",
    Decimal("3"),
    Decimal("3001"),
    False,
    "王审计",
    "2026-11-25T08:00:00+00:00",
    "第4页，表三",
)
NAMES = frozenset({CORRECTIONS, "datapackage.json", "run.json"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / CORRECTIONS


@pytest.mark.parametrize(
    "said",
    [
        SAID,
        replace(SAID, verdict="as_printed", new=SAID.old),
        replace(SAID, old=None, printed=""),
        replace(SAID, new=Decimal(0), blank=True),
        replace(SAID, new=Decimal("-0.50"), report=12),
        replace(SAID, field="org", printed="", old=None, new=None, text="青石县财政局"),
        replace(SAID, field="title", printed="=甲", old=None, new=None, text="-乙"),
        replace(SAID, field="body_id", printed="341824/财政", old=None, new=None, text=""),
        replace(SAID, field="year", verdict="as_printed", printed="2022", old=None, new=None, text="2022"),
        replace(SAID, why="", who="@SUM(A1)", printed="=1+1", source_file='-,"x".pdf'),
    ],
)
def test_what_is_appended_comes_back(path: Path, said: Correction) -> None:
    append(path, [said])
    append(path, [SAID])
    assert read(path) == (said, SAID)


def test_the_file_opens_in_excel_and_runs_nothing(path: Path) -> None:
    append(path, [replace(SAID, who="=cmd|'/C calc'!A0", why="-1", printed="＋1")])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfsha256,report,")
    lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert (lines[0]["who"], lines[0]["why"], lines[0]["printed"]) == ("'=cmd|'/C calc'!A0", "'-1", "'＋1")


def test_a_reason_is_one_line(path: Path) -> None:
    append(path, [replace(SAID, why="a\n b\r\nc")])
    assert read(path)[0].why == "a b c"


def test_a_line_without_an_end_is_ended_before_the_next(path: Path) -> None:
    append(path, [SAID])
    path.write_bytes(path.read_bytes().removesuffix(b"\r\n"))
    append(path, [SAID])
    assert read(path) == (SAID, SAID)


GOOD = ledger.line(SAID)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a,b\r\n", "line 4: 2 cells, 11 are due"),
        (GOOD.replace("ab" * 32, "ab"), "line 4: sha256 is 'ab'"),
        (GOOD.replace(",1,", ",0,"), "line 4: report is '0'"),
        (GOOD.replace("requests.granted.total", "granted"), "line 4: field is 'granted'"),
        (GOOD.replace("corrected", "fixed"), "line 4: verdict is 'fixed'"),
        (GOOD.replace(",3001,", ",many,"), "line 4: new is 'many', which is no number"),
        (GOOD.replace(",3001,", ",,"), "line 4: corrected, and new is empty"),
        (GOOD.replace("王审计", " "), "line 4: who is empty"),
        (GOOD[:90], "is the line cut off?"),
    ],
)
def test_a_bad_line_is_named_in_one_line_and_nothing_is_written(path: Path, line: str, words: str) -> None:
    append(path, [SAID])  # its printed text takes lines 2 and 3
    path.write_bytes(path.read_bytes() + line.encode())
    before = path.read_bytes()
    with pytest.raises(BadCorrection) as caught:
        append(path, [SAID])
    assert words in str(caught.value)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_a_file_of_excel_in_gbk_or_of_other_columns_is_named() -> None:
    with pytest.raises(BadCorrection, match=r"c\.csv: line 3: not UTF-8; save it as “CSV UTF-8”"):
        parse((",".join(COLUMNS) + "\r\n").encode() + GOOD.encode("gbk"), "c.csv")
    with pytest.raises(BadCorrection, match=r"c\.csv: line 1: the columns are not sha256,"):
        parse(b"sha256;report\r\n", "c.csv")


def test_an_empty_file_holds_nothing_and_empty_lines_are_none() -> None:
    assert parse(b"", "x") == ()
    assert parse(("\ufeff" + ",".join(COLUMNS) + "\r\n,,,,,,,,,,\r\n\r\n" + GOOD).encode(), "x") == (SAID,)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3001", "3001"),
        ("１，２３４", "1234"),
        (" -3 ", "-3"),
        ("−3", "-3"),
        ("8.0618", "8.0618"),
        ("0", "0"),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "NaN", "1e3", "1,2", "减3", "3件", "0x1", "Infinity", "--3"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


def _write(path: str, name: str, lines: int) -> None:
    for n in range(lines):
        append(Path(path), [replace(SAID, who=name, why=str(n))])


def test_writers_at_once_lose_nothing_while_runs_replace_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    for mark in ("datapackage.json", "run.json"):
        (folder / mark).write_text("{}", "utf-8")
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_write, args=(str(folder / CORRECTIONS), name, 15)) for name in ("a", "b", "c")
    ]
    for w in writers:
        w.start()
    while any(w.is_alive() for w in writers):
        with replace_folder(folder, NAMES) as fresh:
            for mark in ("datapackage.json", "run.json"):
                (fresh / mark).write_text("{}", "utf-8")
    for w in writers:
        w.join()
    said = read(folder / CORRECTIONS)
    for name in ("a", "b", "c"):
        assert [c.why for c in said if c.who == name] == [str(n) for n in range(15)]
    assert len(said) == 45
    assert [w.exitcode for w in writers] == [0, 0, 0]


def test_what_was_written_into_the_old_folder_in_its_last_moment_is_kept(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    append(old / CORRECTIONS, [SAID])
    rescue(old / CORRECTIONS, new / CORRECTIONS)
    assert (read(new / CORRECTIONS), (old / CORRECTIONS).exists()) == ((SAID,), False)
    append(old / CORRECTIONS, [replace(SAID, who="b")])
    rescue(old / CORRECTIONS, new / CORRECTIONS)
    assert [c.who for c in read(new / CORRECTIONS)] == ["王审计", "b"]


def test_a_folder_with_a_file_of_corrections_alone_is_filled(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    append(folder / CORRECTIONS, [SAID])
    with replace_folder(folder, NAMES) as fresh:
        (fresh / "run.json").write_text("{}", "utf-8")
    assert read(folder / CORRECTIONS) == (SAID,)
    assert (folder / "run.json").exists()


def test_a_folder_without_hard_links_keeps_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    append(tmp_path / CORRECTIONS, [SAID])
    folder = tmp_path / "out"
    with replace_folder(folder, NAMES) as fresh:
        for mark in ("datapackage.json", "run.json"):
            (fresh / mark).write_text("1", "utf-8")
    (tmp_path / CORRECTIONS).rename(folder / CORRECTIONS)
    with replace_folder(folder, NAMES) as fresh:
        (fresh / "run.json").write_text("2", "utf-8")
    assert read(folder / CORRECTIONS) == (SAID,)
    assert (folder / "run.json").read_text("utf-8") == "2"


def test_a_run_killed_between_two_renames_loses_no_correction(tmp_path: Path) -> None:
    aside = tmp_path / ".out.0123456789ab.old"
    aside.mkdir()
    for mark in ("datapackage.json", "run.json"):
        (aside / mark).write_text("{}", "utf-8")
    append(aside / CORRECTIONS, [SAID])
    recover(tmp_path / "out")
    assert read(tmp_path / "out" / CORRECTIONS) == (SAID,)
    assert not aside.exists()
    recover(tmp_path / "other")  # nothing of it lies aside
    assert not (tmp_path / "other").exists()
