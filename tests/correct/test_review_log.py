"""What reviewers write: lines come back, those of others are taken in, nothing is said twice or lost."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.correct.ledger import append, corrections_file, read
from gongkai.correct.review_log import TAKEN_FOR, Conflict, ReviewLog
from gongkai.correct.review_mark import marks_file
from gongkai.correct.review_mark import read as read_marks
from gongkai.emit.write.folder import replace_folder
from gongkai.model import CORRECTIONS, PEOPLES_FILES, REVIEW_MARKS, BadCorrection, Correction, ReviewMark

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
KEY = ("ab" * 32, 1)
SAID = Correction(
    *KEY, "a.docx", "requests.granted.total", "corrected", "3\n001", Decimal(3), Decimal(3001), False, "王", NOW.isoformat(), "第4页"
)  # fmt: skip
MARK = ReviewMark(*KEY, "a.docx", "seen", "", "", None, None, "王", NOW.isoformat())


def takes_all(_field: str, _value: Decimal) -> None:
    return None


@pytest.fixture
def log(tmp_path: Path) -> ReviewLog:
    return ReviewLog(tmp_path, takes_all)


@pytest.mark.parametrize(
    "mark",
    [
        MARK,
        replace(MARK, mark="question", note='=1+1, "x"'),
        replace(
            MARK, mark="place", field="requests.granted.total", page=4, box=(250.5, 456.25, 284.75, 480.5)
        ),
        replace(MARK, report=3, who="@王", source_file="-,a.docx"),
    ],
)
def test_a_mark_comes_back_as_it_was_written(tmp_path: Path, mark: ReviewMark) -> None:
    marks_file(tmp_path / REVIEW_MARKS).append([mark])
    marks_file(tmp_path / REVIEW_MARKS).append([MARK])
    assert read_marks(tmp_path / REVIEW_MARKS) == (mark, MARK)


def test_a_line_that_is_no_mark_is_named(tmp_path: Path) -> None:
    path = tmp_path / REVIEW_MARKS
    marks_file(path).append([MARK])
    path.write_text(path.read_text("utf-8-sig").replace("seen", "gone"), "utf-8-sig")
    with pytest.raises(BadCorrection, match="line 2: mark is 'gone'"):
        read_marks(path)


def test_lines_of_others_are_taken_in_without_reading_the_file_again(tmp_path: Path) -> None:
    path = tmp_path / CORRECTIONS
    own = corrections_file(path)
    own.append([SAID])
    first = own.lines[0]
    append(path, [replace(SAID, who="李")])
    own.refresh()
    assert [c.who for c in own.lines] == ["王", "李"]
    assert own.lines[0] is first


def test_a_file_that_was_edited_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / CORRECTIONS
    own = corrections_file(path)
    own.append([SAID, replace(SAID, who="李")])
    text = path.read_text("utf-8-sig").replace("李", "赵钱孙")
    path.write_text(text, "utf-8-sig", newline="")
    own.refresh()
    assert [c.who for c in own.lines] == ["王", "赵钱孙"]
    path.unlink()
    own.refresh()
    assert own.lines == []


def test_a_bad_line_behind_good_ones_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / CORRECTIONS
    own = corrections_file(path)
    own.append([SAID])
    with path.open("ab") as file:
        file.write(b"a,b\r\n")
    with pytest.raises(BadCorrection, match="line 4: 2 cells, 11 are due"):
        own.refresh()


def test_a_second_word_on_an_old_page_is_refused_and_told(log: ReviewLog) -> None:
    log.record(KEY, 0, [SAID], [])
    with pytest.raises(Conflict) as caught:
        log.record(KEY, 0, [replace(SAID, who="李")], [])
    assert caught.value.news == (SAID,)
    log.record(KEY, 1, [replace(SAID, who="李")], [])
    assert [c.who for c in log.corrections] == ["王", "李"]


def test_two_servers_on_one_folder_know_each_others_words(tmp_path: Path, log: ReviewLog) -> None:
    other = ReviewLog(tmp_path, takes_all)
    other.record(KEY, 0, [], [MARK])
    with pytest.raises(Conflict):
        log.record(KEY, 0, [SAID], [])
    assert log.of(KEY).state == "seen"
    assert log.refresh() is None or KEY in (log.refresh() or {KEY})


def test_a_report_is_taken_by_one_person_until_that_one_takes_another_or_half_an_hour_has_passed(
    log: ReviewLog,
) -> None:
    taken = replace(MARK, mark="taken")
    other = ("cd" * 32, 1)
    log.record(KEY, None, [], [taken])
    assert log.of(KEY).taken_by(NOW) == "王"
    assert log.of(KEY).version == 0
    assert log.of(KEY).taken_by(NOW + TAKEN_FOR + timedelta(seconds=1)) == ""
    log.record(other, None, [], [replace(taken, sha256=other[0])])
    assert (log.of(KEY).taken_by(NOW), log.of(other).taken_by(NOW)) == ("", "王")
    log.record(other, None, [], [replace(taken, sha256=other[0], mark="released")])
    assert log.of(other).taken_by(NOW) == ""


def test_a_word_that_was_withdrawn_is_no_last_word(tmp_path: Path, log: ReviewLog) -> None:
    log.record(KEY, 0, [SAID], [])
    log.record(KEY, 1, [replace(SAID, verdict="withdrawn", new=None, why="")], [])
    assert log.of(KEY).last_words() == {}
    assert [c.verdict for c in read(tmp_path / CORRECTIONS)] == ["corrected", "withdrawn"]


def _write(folder: str, name: str, lines: int) -> None:
    log = ReviewLog(Path(folder), takes_all)
    for n in range(lines):
        log.record(KEY, None, [replace(SAID, who=name, why=str(n))], [replace(MARK, who=name, note=str(n))])


def test_many_processes_lose_no_line_while_the_folder_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    names = frozenset({*PEOPLES_FILES, "datapackage.json", "run.json"})

    def fill(fresh: Path) -> None:
        for name in ("datapackage.json", "run.json"):
            (fresh / name).write_text("{}", "utf-8")

    with replace_folder(folder, names) as fresh:
        fill(fresh)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(str(folder), name, 8)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        with replace_folder(folder, names) as fresh:
            fill(fresh)
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    for lines in (read(folder / CORRECTIONS), read_marks(folder / REVIEW_MARKS)):
        assert sorted(c.who for c in lines) == ["a"] * 8 + ["b"] * 8
