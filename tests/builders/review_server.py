"""A dataset of samples and the server of `gongkai review --serve` on it, as a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gongkai import pipeline
from gongkai.emit import emit
from gongkai.model import Report
from gongkai.normalize import templates

SAMPLES = Path(__file__).parents[2] / "samples"
SECONDS = 120.0


def dataset(to: Path, documents: Sequence[Path], changes: Mapping[str, Mapping[str, Any]] = {}) -> Path:
    """A dataset folder of documents; `changes` are fields of the Report of some, by file name."""
    reports: list[Report] = []
    for path in sorted(documents, key=lambda p: p.name):
        for report in pipeline.read_source(pipeline.source_of(path)):
            made = replace(report, source=replace(report.source, path=path.name))
            reports.append(replace(made, **changes.get(path.name, {})))
    emit(reports, to, templates=templates(), run_facts={"inputs": [str(path) for path in documents]})
    return to


class ReviewServer:
    """`gongkai review FOLDER --serve` on a free port; `address` is what it wrote."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "gongkai", "review", str(folder), "--serve", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--workers", "1", *options], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        assert self.process.stderr is not None
        ready, _, _ = select.select([self.process.stderr], [], [], SECONDS)
        assert ready, "the server does not start"
        self.first_line = os.read(self.process.stderr.fileno(), 65_536).decode()
        found = re.match(r"(http://([\w.]+):(\d+))(\S*)", self.first_line)
        assert found is not None, self.first_line
        self.address, self.host, self.port, self.path = found[1], found[2], int(found[3]), found[4]

    def kill(self) -> None:
        """End it at once, as kill -9 does."""
        self.process.kill()
        self._close()

    def stop(self) -> int:
        """Ask it to end, and wait; its exit code."""
        self.process.terminate()
        self._close()
        return self.process.returncode

    def _close(self) -> None:
        self.process.wait(SECONDS)
        assert self.process.stderr is not None
        self.process.stderr.close()

    def ask(
        self, path: str, body: object = None, method: str = "", **headers: str
    ) -> tuple[int, Mapping[str, str], str]:
        """One request: status, headers and text of the answer. With `body` it is a POST of JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        data = None if body is None else json.dumps(body)
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None:
            own = {"Content-Type": "application/json", **own}
        connection.request(method or ("GET" if body is None else "POST"), path, data, own)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, dict(answer.getheaders()), text

    def csrf(self) -> str:
        """The token that stands in every page."""
        found = re.search(r'<meta name="csrf" content="([^"]+)">', self.ask("/")[2])
        assert found is not None
        return found[1]

    def act(self, id: str, who: str, version: int, **body: object) -> tuple[int, Any]:
        """What a page sends for a person: status and JSON of the answer."""
        status, _, text = self.ask(
            f"/reports/{id}/act",
            {"version": version, **body},
            Origin=self.address,
            X_CSRF_Token=self.csrf(),
            Cookie=f"gongkai_name={quote(who)}; gongkai_language=en",
        )
        return status, json.loads(text)

    def undo(self, who: str) -> Any:
        """What a page sends when a person takes back the last action: JSON of the answer."""
        return json.loads(
            self.ask(
                "/undo",
                {},
                Origin=self.address,
                X_CSRF_Token=self.csrf(),
                Cookie=f"gongkai_name={quote(who)}; gongkai_language=en",
            )[2]
        )

    def ids(self) -> dict[str, str]:
        """file → report_id, in the order of the list"""
        rows = re.findall(
            r'href="/reports/([0-9a-f]{16})".*?<td class="file">([^<]+)<', self.ask("/")[2], re.DOTALL
        )
        return {file: id for id, file in rows}


def wait_for_paper(browser: Any) -> None:
    """Until a report's paper stands beside its values, and its pictures are there."""
    browser.wait('document.querySelector(".right")?.dataset.ready')
    time.sleep(0.1)
    browser.run(
        """Promise.all([...document.querySelectorAll(".right image")].slice(0, 2).map(i => new Promise(done => {
          const p = new Image(); p.onload = p.onerror = done; p.src = i.getAttribute("href"); })))"""
    )


def sign_in(
    browser: Any, server: ReviewServer, name: str, language: str = "zh", theme: str = "light"
) -> None:
    """The cookies that the pages set, as if the person had typed the name before."""
    browser.open(server.address + "/history")
    for cookie, value in (("name", name), ("language", language), ("theme", theme)):
        browser.run(f'document.cookie = "gongkai_{cookie}=" + encodeURIComponent({value!r}) + ";path=/"')
