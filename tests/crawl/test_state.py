"""The state and the archive: all or nothing, and nothing overwritten."""

from __future__ import annotations

import errno
import os
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongkai.crawl.document_store import Archive
from gongkai.crawl.state import CrawlState
from gongkai.crawl.state_tables import DocumentRow, PageRow, RequestRow
from gongkai.crawl.web_page.listing import Child

ROW = PageRow(
    "http://a/1",
    "page",
    True,
    '"e"',
    "",
    "s1",
    "t",
    "http://a/",
    "http://a/1",
    5.0,
    "",
    "",
    None,
    0,
    None,
    None,
)
FILE = DocumentRow("http://a/1", 0, "s1", 3, ".pdf", "t", "", "http://a/", "http://a/1", "", 5.0, 5.0)
CHILD = Child("file", "http://a/2", "附件", "attached")


@pytest.fixture
def state(tmp_path: Path) -> CrawlState:
    return CrawlState(tmp_path / "state.sqlite")


def test_a_page_is_kept_with_its_children_or_not_at_all(state: CrawlState) -> None:
    bad: Any = Child("file", object(), "", "")  # type: ignore[arg-type]
    with pytest.raises(sqlite3.Error):
        state.store_page("a", ROW, [CHILD, bad], FILE, 5.0)
    assert (state.page("a", ROW.url), state.children("a", ROW.url), state.current_documents("a")) == (
        None,
        [],
        [],
    )
    assert state.store_page("a", ROW, [CHILD], FILE, 5.0) == ("new", [])
    assert (state.page("a", ROW.url), state.children("a", ROW.url)) == (ROW, [CHILD])
    assert [d.version for d in state.current_documents("a")] == [1]
    assert state.current_documents("b") == []


def test_versions_follow_each_other_and_come_back(state: CrawlState) -> None:
    became = []
    for at, sha256 in enumerate(("s1", "s1", "s2", "s1")):
        file = replace(FILE, sha256=sha256)
        became.append(state.store_page("a", replace(ROW, sha256=sha256), [], file, float(at))[0])
    assert became == ["new", "same", "replaced", "replaced"]
    assert [(d.version, d.sha256) for d in state.current_documents("a")] == [(3, "s1")]
    assert state.withdraw("a", ROW.url, "withdrawn", 9.0)
    assert state.current_documents("a") == []
    assert not state.withdraw("a", ROW.url, "withdrawn", 9.0)
    assert state.store_page("a", ROW, [], FILE, 10.0) == ("new", [])


def test_what_a_page_publishes_no_more_goes_with_it(state: CrawlState) -> None:
    file = replace(FILE, url=CHILD.url, found_on=ROW.url)
    state.store_page("a", ROW, [CHILD], FILE, 5.0)
    state.store_page("a", replace(ROW, url=CHILD.url, found_on=ROW.url), [], file, 5.0)
    assert [d.url for d in state.current_documents("a")] == [ROW.url, CHILD.url]
    # the page is a report no more, and has another file
    other = replace(CHILD, url="http://a/3")
    became, dropped = state.store_page("a", replace(ROW, sha256="s9"), [other], None, 6.0)
    assert (became, {d.url for d in dropped}) == ("", {ROW.url, CHILD.url})
    assert state.current_documents("a") == []
    page, gone = state.page("a", ROW.url), state.page("a", CHILD.url)
    assert (
        page is not None
        and gone is not None
        and (page.held, gone.held, gone.reason) == (True, False, "withdrawn")
    )
    # linked from elsewhere too, it would have stayed
    state.store_page("a", replace(ROW, url=CHILD.url), [], file, 7.0)
    state.store_page("a", replace(ROW, url="http://a/list"), [CHILD], None, 7.0)
    assert state.store_page("a", ROW, [], None, 8.0) == ("", [])


def test_a_failure_leaves_what_is_held(state: CrawlState) -> None:
    state.store_page("a", ROW, [CHILD], FILE, 5.0)
    state.add_failure("a", replace(ROW, reason="timeout", failed=6.0, held=False, etag=""))
    row = state.page("a", ROW.url)
    assert row is not None and (row.held, row.etag, row.reason, row.tries) == (True, '"e"', "timeout", 1)
    state.mark_unchanged("a", ROW.url, "t", 7.0)
    row = state.page("a", ROW.url)
    assert row is not None and (row.reason, row.tries, row.asked) == ("", 0, 7.0)


def test_a_state_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "state.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(sqlite3.DatabaseError, match="later Gongkai"):
        CrawlState(tmp_path / "state.sqlite")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path / "archive")
    made.open()
    return made


def test_bytes_are_kept_once_and_never_changed(archive: Archive) -> None:
    sha256 = archive.put(b"abc")
    path = archive.path(sha256)
    before = path.stat()
    assert archive.put(b"abc") == sha256
    assert (path.read_bytes(), path.stat().st_ino, path.stat().st_mode & 0o222) == (b"abc", before.st_ino, 0)
    assert archive.has(sha256, 3) and not archive.has(sha256, 4)


def test_what_a_crash_left_half_written_goes(archive: Archive) -> None:
    half = archive.folder / "objects" / "half" / "tmp1"
    half.write_bytes(b"ab")
    archive.open()
    assert not half.exists()


@pytest.mark.parametrize("linked", [True, False])
def test_current_holds_what_is_published_and_nothing_else(
    archive: Archive, linked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not linked:

        def refuse(*_: Any, **__: Any) -> None:
            raise OSError(errno.EPERM, "no links here")

        monkeypatch.setattr(os, "link", refuse)
    one, two = (replace(FILE, url=f"u{n}", sha256=archive.put(b"%d" % n), title="../a/b") for n in (1, 2))
    twin = replace(one, url="u3", title="another title")
    names = archive.publish("s", [one, two, twin])
    assert names["u1"] == names["u3"] == f"s/a-b-{one.sha256[:8]}.pdf"
    folder = archive.folder / "current" / "s"
    assert len(list(folder.iterdir())) == 2
    path = archive.folder / "current" / names["u1"]
    assert path.read_bytes() == b"1"
    assert (path.stat().st_ino == archive.path(one.sha256).stat().st_ino) is linked
    archive.publish("s", [two])
    assert [p.read_bytes() for p in folder.iterdir()] == [b"2"]


def test_after_a_while_only_the_requests_that_brought_a_document_are_kept(tmp_path: Path) -> None:
    path, day = tmp_path / "state.sqlite", 86_400.0
    state = CrawlState(path)
    night = state.begin(0.0)
    state.store_page("a", ROW, [], FILE, 5.0)  # first seen at 5

    def asked(url: str, kind: str, at: float, status: int | None, sha256: str) -> None:
        reason = "" if status == 200 else "not-found"
        state.add_request(night, RequestRow("a", url, kind, at, 0.1, status, reason, 3, sha256, "", "", ""))

    asked(FILE.url, "page", 6.0, 200, FILE.sha256)
    asked(FILE.url, "page", 6.0 + 30 * day, 200, FILE.sha256)  # the same again
    asked(FILE.url, "page", 7.0, 304, "")
    asked("http://a/", "list", 6.0, 200, "of the list")
    asked("http://a/2", "file", 6.0, 404, "")
    asked("http://a/robots.txt", "robots", 6.0, 200, "of the rules")
    every = _times(path)
    assert len(every) == 6
    state.begin(80 * day)
    assert _times(path) == every
    state.begin(130 * day)
    state.close()
    assert _times(path) == [6.0]


def _times(path: Path) -> list[float]:
    with sqlite3.connect(path) as db:
        return [at for (at,) in db.execute("SELECT at FROM fetches ORDER BY id")]
