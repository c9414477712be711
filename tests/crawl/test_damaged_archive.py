"""The archive's state is damaged: it is moved aside, one line says so, and nothing that is published goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai.commands import main

TITLE = "临江市2023年政府信息公开工作年度报告"


def garbage(path: Path) -> None:
    path.write_bytes(b"\xa5" * 20_000)


def half(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 // 4096 * 4096 + 100])


def pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 50] = b"\xff" * 50
    path.write_bytes(data)


def other_tables(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("create table pages (x)")
        db.execute("pragma user_version = 1")
    db.close()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [garbage, half, pages, other_tables, a_folder])
def test_a_damaged_state_is_begun_anew(
    damage: Callable[[Path], None], web: Any, desk: Any, site: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    web.page("/nb/", f'<a href="1.pdf">{TITLE}</a>')
    web.file("/nb/1.pdf", b"%PDF-1.4\n")
    desk.table(site(web.url + "/nb/"))
    desk.night()
    before = desk.current()
    for ending in ("-wal", "-shm"):
        (desk.archive / f"state.sqlite{ending}").unlink(missing_ok=True)
    damage(desk.archive / "state.sqlite")
    del web.routes["/nb/"]  # the site is away that night
    arguments = ["crawl", str(desk.sites), "--to", str(desk.archive), "--allow-private"]
    assert main(arguments) == 4
    said = [line for line in capsys.readouterr().err.splitlines() if "is damaged" in line]
    assert len(said) == 1 and "state.sqlite.damaged" in said[0]
    assert desk.current() == before
    web.page("/nb/", f'<a href="1.pdf">{TITLE}</a>')
    assert main(arguments) == 0
    assert desk.current() == before and (desk.archive / "state.sqlite.damaged").exists()


def test_a_state_of_a_later_program_is_left_alone(desk: Any, web: Any, site: Any) -> None:
    web.page("/nb/", f'<a href="1.pdf">{TITLE}</a>')
    desk.table(site(web.url + "/nb/"))
    desk.archive.mkdir()
    with sqlite3.connect(desk.archive / "state.sqlite") as db:
        db.execute("pragma user_version = 99")
    db.close()
    assert main(["crawl", str(desk.sites), "--to", str(desk.archive), "--allow-private"]) == 3
    assert [p.name for p in desk.archive.iterdir() if "damaged" in p.name] == []


def test_a_bug_at_an_address_has_a_code_of_its_own(
    desk: Any, web: Any, site: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from gongkai import crawl

    summary = {"ok": False, "damage": "", "sites": [{"reasons": {"bug": 1}}]}
    monkeypatch.setattr(crawl, "crawl", lambda *_, **__: summary)
    assert main(["crawl", "sites.toml", "--to", str(desk.archive), "--quiet"]) == 4


def test_stray_things_in_the_archive_stop_no_night(web: Any, desk: Any, site: Any) -> None:
    web.page("/nb/", f'<a href="1.pdf">{TITLE}</a>')
    web.file("/nb/1.pdf", b"%PDF-1.4\n")
    desk.table(site(web.url + "/nb/"))
    (desk.archive / "objects" / "half" / "a folder").mkdir(parents=True)
    (desk.archive / "current" / "linjiang" / "a folder").mkdir(parents=True)
    assert desk.night()["ok"]
    assert (desk.archive / "current" / "linjiang" / "a folder").is_dir()
