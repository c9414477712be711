"""kill -9 at any moment of a night: the next night is complete, and nothing is downloaded twice for nothing."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TITLE = "临江市{}年政府信息公开工作年度报告"
YEARS = range(2008, 2020)


def fill(web: Any, edition: int = 1) -> set[str]:
    """Twelve reports, each a page with a file; the hashes of what must be in the archive."""
    web.page("/nb/", "".join(f'<a href="{year}.html">{TITLE.format(year)}</a>' for year in YEARS))
    wanted = set()
    for year in YEARS:
        web.page(f"/nb/{year}.html", f'<h1>{TITLE.format(year)}</h1><a href="{year}.pdf">附件</a>')
        data = b"%%PDF-1.4\n%%%d.%d\n" % (year, edition if year % 2 else 1)
        wanted.add(hashlib.sha256(data).hexdigest())
        web.file(f"/nb/{year}.pdf", data)
    return wanted


def started(desk: Any, recheck: bool = False) -> subprocess.Popen[bytes]:
    """A crawl on the command line."""
    command = [sys.executable, "-P", "-m", "gongkai", "crawl", str(desk.sites), "--to", str(desk.archive)]
    command += ["--allow-private", "--quiet", *(["--recheck"] if recheck else [])]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed(desk: Any, seconds: float, group: bool, recheck: bool) -> None:
    """A crawl that is killed after so long: the command with its child, or it alone."""
    crawl = started(desk, recheck)
    time.sleep(seconds)
    if group:
        os.killpg(crawl.pid, signal.SIGKILL)
    else:
        crawl.kill()
    crawl.wait()


def published(desk: Any) -> set[str]:
    return {hashlib.sha256(data).hexdigest() for data in desk.current().values()}


def whole(desk: Any) -> None:
    """Nothing half-written lies under a name."""
    for path in (desk.archive / "objects").glob("??/*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there is no kill -9 on this system")
def test_killed_nights_are_made_up_for(web: Any, desk: Any, site: Any) -> None:
    moments = random.Random()
    wanted = fill(web)
    desk.table(site(web.url + "/nb/"), delay=0.03)
    tried = 0
    for group in (True, False):
        killed(desk, moments.uniform(1.0, 2.5), group, False)
        tried += 1
        whole(desk)
    found = desk.night()
    assert found["ok"] and published(desk) == wanted
    files = [a.path for a in web.asked if a.path.endswith(".pdf")]
    assert len(wanted) <= len(files) <= len(wanted) + tried  # at most the one on its way was lost with a kill

    wanted = fill(web, 2)
    killed(desk, moments.uniform(1.0, 2.5), bool(moments.randrange(2)), True)
    whole(desk)
    found = desk.night(recheck=True)
    assert found["ok"] and published(desk) == wanted
    assert found["sites"][0]["documents"] == len(YEARS)
    web.forget()
    assert desk.night()["sites"][0]["new"] == 0
    assert web.paths() == web.paths(304) == ["/nb/"]


def test_a_page_that_was_kept_and_whose_files_were_not_loses_none(web: Any, desk: Any, site: Any) -> None:
    # the budget ends the night between the first page and its file
    wanted = fill(web)
    desk.table(site(web.url + "/nb/"), budget=14)
    assert desk.night()["sites"][0]["documents"] == 0
    desk.table(site(web.url + "/nb/"))
    web.forget()
    assert desk.night()["sites"][0]["documents"] == len(YEARS)
    assert published(desk) == wanted
    assert not [path for path in web.paths() if path.endswith(".html")]

    # and bytes that were lost are fetched again
    victim = next((desk.archive / "objects").glob("??/*"))
    victim.unlink()
    desk.night()
    whole(desk)
    assert victim.exists() and published(desk) == wanted


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_night_that_is_asked_to_end_says_what_it_has(web: Any, desk: Any, site: Any, number: int) -> None:
    fill(web)
    desk.table(site(web.url + "/nb/"), delay=0.3)
    crawl = started(desk)
    while len(web.paths()) < 3 and crawl.poll() is None:
        time.sleep(0.02)
    crawl.send_signal(number)
    assert crawl.wait() == 1
    found = json.loads((desk.archive / "crawl.json").read_text("utf-8"))
    assert (found["ended_early"], found["ok"], found["sites"][0]["complete"]) == ("stopped", False, False)
    assert len(web.paths()) < 10
