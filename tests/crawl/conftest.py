"""Sites, archives and nights for the tests of crawling."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from builders import website


@pytest.fixture
def reply() -> Any:
    """What a path answers: `reply(body, status, headers, tag, raw)`."""
    return website.Reply


@pytest.fixture
def web() -> Iterator[Any]:
    """A site on 127.0.0.1."""
    with website.serving() as site:
        yield site


@pytest.fixture
def other() -> Iterator[Any]:
    """A second site, on another port."""
    with website.serving() as site:
        yield site


@pytest.fixture
def third() -> Iterator[Any]:
    """A third site."""
    with website.serving() as site:
        yield site


class Desk:
    """A sites.toml and an archive, and nights over them."""

    def __init__(self, folder: Path, forks: Any) -> None:
        self._forks = forks
        self.folder = folder
        self.archive = folder / "archive"
        self.sites = folder / "sites.toml"

    def table(self, *sites: str, **manners: Any) -> None:
        """Write sites.toml: quick, so that tests are."""
        quick = {"delay": 0.0, "backoff": 0.01, "timeout": 5.0, "confirm_hours": 0.0} | manners
        values = "\n".join(f"{k} = {_toml(v)}" for k, v in quick.items())
        text = f'[crawl]\ncontact = "tests@example.com"\n{values}\n' + "\n".join(sites)
        self.sites.write_text(text, "utf-8")

    def night(self, **choices: Any) -> dict[str, Any]:
        """One crawl; crawl.json. In a process that was forked with Scrapy loaded: loading takes longer than a night."""
        from gongkai.crawl.crawl_night import crawl_archive

        order = {"sites": str(self.sites), "to": str(self.archive), "version": "0"}
        order |= {"allow_private": True, "recheck": False, "warc": False} | choices
        with ProcessPoolExecutor(1, mp_context=self._forks, max_tasks_per_child=1) as pool:
            return pool.submit(crawl_archive, order).result()

    def current(self, site: str = "linjiang") -> dict[str, bytes]:
        """What is published now."""
        folder = self.archive / "current" / site
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An archive to fill."""
    pytest.importorskip("scrapy", reason="the extra gongkai[crawl] is not installed")
    server = "forkserver" in multiprocessing.get_all_start_methods()
    forks: Any = multiprocessing.get_context("forkserver" if server else "spawn")
    if server:
        forks.set_forkserver_preload(
            [
                "gongkai.crawl.crawl_process",
                "gongkai.crawl.http.spider",
                "gongkai.crawl.crawl_night",
                "gongkai.run.lock",
            ]
        )
    return Desk(tmp_path, forks)


@pytest.fixture
def site() -> Callable[..., str]:
    """A table [[site]]."""

    def make(start: str | list[str], id: str = "linjiang", more: str = "") -> str:
        starts = [start] if isinstance(start, str) else start
        return f'[[site]]\nid = "{id}"\nbody = "临江市人民政府"\nstart = {_toml(starts)}\n{more}\n'

    return make
