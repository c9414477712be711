"""Who is told of a night: a command, a webhook on this machine; what fails is said, and fails nothing else."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from gongkai.nightly.config import NotifyConfig
from gongkai.nightly.notify import is_wanted, notify

SUMMARY = {"line": "gongkai nightly x: published", "status": "published", "code": 0, "sites": []}


class Hook(HTTPServer):
    """A webhook that keeps what it is told and answers what it is set to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.told: list[dict[str, Any]] = []
        self.answer: tuple[int, bytes] = (200, b"{}")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?key=secret"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Hook)
        server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        code, body = server.answer
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_webhook_is_told_all_of_it(hook: Hook) -> None:
    assert notify(NotifyConfig(webhook=hook.address), SUMMARY, None) == []
    assert hook.told == [{"text": SUMMARY["line"], **SUMMARY}]


@pytest.mark.parametrize(
    ("format", "body"),
    [
        ("wecom", {"msgtype": "text", "text": {"content": SUMMARY["line"]}}),
        ("dingtalk", {"msgtype": "text", "text": {"content": SUMMARY["line"]}}),
        ("feishu", {"msg_type": "text", "content": {"text": SUMMARY["line"]}}),
    ],
)
def test_the_robots_of_chat_programs_are_told_in_their_way(hook: Hook, format: str, body: object) -> None:
    assert notify(NotifyConfig(webhook=hook.address, format=format), SUMMARY, None) == []
    assert hook.told == [body]
    hook.answer = (200, b'{"errcode": 310000, "code": 19001, "errmsg": "keywords not in content"}')
    assert (
        "the webhook refused it: code "
        in notify(NotifyConfig(webhook=hook.address, format=format), SUMMARY, None)[0]
    )


def test_a_webhook_that_fails_is_said_without_its_secret(hook: Hook) -> None:
    hook.answer = (500, b"")
    told = notify(NotifyConfig(webhook=hook.address), SUMMARY, None)
    assert told == ["notification: the webhook answered 500"]
    told = notify(NotifyConfig(webhook="http://127.0.0.1:9/x?key=secret", timeout=2), SUMMARY, None)
    assert "the webhook cannot be reached: " in told[0] and "secret" not in told[0]


def test_a_command_is_told_by_its_input_and_its_environment(tmp_path: Path) -> None:
    program = "import os, sys; print(os.environ['GONGKAI_LINE'], os.environ['GONGKAI_REPORT'], sys.stdin.read(), file=open(sys.argv[1], 'w'))"
    command = (sys.executable, "-c", program, str(tmp_path / "told"))
    assert notify(NotifyConfig(command=command), SUMMARY, Path("/r.html")) == []
    line, _, rest = (tmp_path / "told").read_text("utf-8").partition(" /r.html ")
    assert line == SUMMARY["line"] and json.loads(rest)["status"] == "published"


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import sys; sys.exit('no mail today')", "ended with 1: no mail today"),
        ("import time; time.sleep(60)", "took more than 0.5 seconds"),
    ],
)
def test_a_command_that_fails_is_said(program: str, told: str) -> None:
    (wrong,) = notify(NotifyConfig(command=(sys.executable, "-c", program), timeout=0.5), SUMMARY, None)
    assert wrong == f"notification: {sys.executable} {told}"
    (wrong,) = notify(NotifyConfig(command=("no-such-mailer",)), SUMMARY, None)
    assert wrong == "notification: no-such-mailer cannot be started: No such file or directory"


def test_one_is_told_as_often_as_one_wants() -> None:
    nights = [(0, False), (0, True), (1, False), (3, False)]
    asked = {
        when: [is_wanted(NotifyConfig(when=when), *n) for n in nights]
        for when in ("always", "change", "problem")
    }
    assert asked == {
        "always": [True, True, True, True],
        "change": [False, True, True, True],
        "problem": [False, False, True, True],
    }


def test_a_night_tells_and_a_notification_that_fails_fails_no_night(house: Any, hook: Hook) -> None:
    hook.answer = (500, b"")
    night = house.night(notify={"webhook": hook.address})
    assert (night.status, night.code) == ("published", 1)
    assert hook.told[0]["status"] == "published" and hook.told[0]["counts"]["new_reports"] == 11
    assert [o.text for o in night.looks] == ["notification: the webhook answered 500"]
    assert house.report(night)["look"][0]["code"] == "notification-failed"
    hook.told.clear()
    assert house.night(notify={"webhook": hook.address, "when": "change"}).code == 0
    assert hook.told == []
    house.publish(end="qingxi", code=9)
    house.night(notify={"webhook": hook.address, "when": "problem"})
    assert hook.told[0]["status"] == "failed" and "the crawl ended with 9" in hook.told[0]["text"]
