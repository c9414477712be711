"""The server of reviewers, asked by hand: what it answers, whom it turns away, what it writes."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.review_server import SAMPLES, ReviewServer, dataset
from gongkai.correct.ledger import read
from gongkai.correct.review_mark import read as read_marks
from gongkai.model import CORRECTIONS, REVIEW_MARKS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pipe cannot be waited for there")

FIELD = "requests.granted.total"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    documents = [SAMPLES / name for name in ("2021_sums_fail.pdf", "2021_city.docx", "2019_township.docx")]
    evil = {"2019_township.docx": {"org": "=<script>alert(1)</script>"}}
    return dataset(tmp_path_factory.mktemp("served") / "out", documents, evil)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[ReviewServer]:
    started = ReviewServer(folder)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def ids(server: ReviewServer) -> dict[str, str]:
    return server.ids()


def test_the_list_begins_with_the_report_whose_sums_fail_and_filters_live_in_the_address(
    server: ReviewServer, ids: dict[str, str]
) -> None:
    assert next(iter(ids)) == "2021_sums_fail.pdf" and len(ids) == 3
    status, _, text = server.ask("/?year=2021&sums=fail&sort=body")
    assert status == 200 and "2021_sums_fail.pdf" in text and "2021_city.docx" not in text
    assert server.ask("/?q=city")[2].count('<td class="file">') == 1
    assert server.ask("/?year=1800&page=zzz&sort=zzz")[0] == 200


def test_every_answer_says_what_a_page_may_do(server: ReviewServer, ids: dict[str, str]) -> None:
    for path in (
        "/",
        "/reports/" + ids["2021_city.docx"],
        "/assets/desk.js",
        "/no/such",
        "/dashboard",
        "/history",
    ):
        headers = server.ask(path)[1]
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_what_a_document_says_is_text(server: ReviewServer, ids: dict[str, str]) -> None:
    for path in ("/", "/dashboard", "/reports/" + ids["2019_township.docx"]):
        text = server.ask(path)[2]
        assert "<script>alert" not in text and "&lt;script&gt;alert" in text


@pytest.mark.parametrize(
    "path",
    [
        "/reports/../../etc/passwd", "/reports/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/assets/..%2f..%2fmodel.py",
        "/assets/page.js", "/reports/0000000000000000", "/reports/0000000000000000/pages/1", "/export.csv?day=../../x",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_dataset(server: ReviewServer, path: str) -> None:
    status, _, text = server.ask(path)
    assert status in (400, 404) and "root:" not in text and "def " not in text


def test_a_request_to_another_name_is_turned_away(server: ReviewServer) -> None:
    assert server.ask("/", Host=f"evil.example:{server.port}")[0] == 421
    assert server.ask("/", Host=f"localhost:{server.port}")[0] == 200


def test_only_our_own_page_changes_anything(server: ReviewServer, ids: dict[str, str], folder: Path) -> None:
    path, body = f"/reports/{ids['2021_city.docx']}/act", {"action": "seen", "version": 0}
    good = {"Origin": server.address, "X_CSRF_Token": server.csrf(), "Cookie": "gongkai_name=x"}
    for changed in (
        {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"X_CSRF_Token": "guess"},
        {"X_CSRF_Token": ""}, {"Content_Type": "text/plain"}, {"Content_Type": "application/x-www-form-urlencoded"},
    ):  # fmt: skip
        headers = {**good, **changed}
        status = server.ask(path, body, **{k: v for k, v in headers.items() if v})[0]
        assert status in (403, 415), changed
    assert server.ask(path, {"action": "x" * 70_000, "version": 0}, **good)[0] == 413
    assert server.ask(path, method="DELETE")[0] in (403, 405)
    assert server.ask(path, method="TRACE")[0] == 405
    assert not (folder / REVIEW_MARKS).exists()


def test_an_action_is_a_line_and_what_cannot_be_said_is_none(
    server: ReviewServer, ids: dict[str, str], folder: Path
) -> None:
    id = ids["2021_sums_fail.pdf"]
    for body, words in (
        ({"action": "correct", "field": FIELD, "value": "many"}, "no number"),
        ({"action": "correct", "field": FIELD, "value": "-3"}, "is negative"),
        ({"action": "correct", "field": "a.b.c", "value": "3"}, "no box"),
        ({"action": "confirm", "field": "requests.no_such.total"}, "no box"),
        ({"action": "question", "note": " "}, "empty"),
        ({"action": "delete"}, "no action"),
        ({"action": "correct", "field": "year", "value": "22"}, "is not written like"),
        ({"action": "correct", "field": FIELD, "value": "6", "place": {"page": "../x", "box": [1]}}, "place"),
    ):
        status, answer = server.act(id, "王", 0, **body)
        assert status == 422 and words in answer["error"], body
    status, answer = server.act(
        id,
        "王",
        0,
        action="correct",
        field=FIELD,
        value="６",
        why="第2页",
        place={"page": 2, "box": [9, 8, 1, 2]},
    )
    assert status == 200 and answer["version"] == 2
    assert answer["words"][FIELD]["new"] == "6" and answer["places"][FIELD] == [2, 1.0, 2.0, 9.0, 8.0]
    (said,) = read(folder / CORRECTIONS)
    assert (said.field, str(said.new), str(said.old), said.who, said.why) == (FIELD, "6", "16", "王", "第2页")
    (mark,) = read_marks(folder / REVIEW_MARKS)
    assert (mark.mark, mark.page, mark.box) == ("place", 2, (1.0, 2.0, 9.0, 8.0))


def test_a_second_person_is_told_what_the_first_said_and_nothing_is_done_twice(
    server: ReviewServer, ids: dict[str, str], folder: Path
) -> None:
    id = ids["2021_sums_fail.pdf"]
    before = server.act(id, "王", -1, action="seen")[1]["version"]
    first = server.act(id, "王", before, action="correct", field=FIELD, value="7")[1]["version"]
    lines = len(read(folder / CORRECTIONS))
    status, answer = server.act(id, "李", before, action="confirm", field=FIELD)
    assert status == 409 and answer["news"][0]["who"] == "王" and answer["version"] == first > before
    assert len(read(folder / CORRECTIONS)) == lines
    assert server.act(id, "李", answer["version"], action="confirm", field=FIELD)[0] == 200


def test_undo_takes_back_ones_own_last_action_and_no_others(
    server: ReviewServer, ids: dict[str, str], folder: Path
) -> None:
    id, other = ids["2021_city.docx"], "requests.carried_in.total"
    name = "requests.new_requests.total"
    _, first = server.act(id, "赵", 0, action="correct", field=name, value="77")
    server.act(id, "钱", first["version"], action="correct", field=other, value="78")
    answer = server.undo("赵")
    assert answer["id"] == id
    assert name not in answer["words"] and other in answer["words"]
    assert read(folder / CORRECTIONS)[-1].verdict == "withdrawn"
    _, third = server.act(id, "钱", answer["version"], action="all")
    assert third["state"] == "done"
    server.undo("钱")
    assert server.act(id, "钱", 0, action="seen")[1]["state"] == "open"


def test_what_was_done_before_the_server_started_is_taken_back_step_by_step(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "out", [SAMPLES / "2021_city.docx"])
    name, other = "requests.new_requests.total", "requests.carried_in.total"
    server = ReviewServer(folder)
    id, version = server.ids()["2021_city.docx"], 0
    for field, value in ((name, "77"), (name, "78"), (other, "5")):
        version = server.act(id, "周", version, action="correct", field=field, value=value)[1]["version"]
    server.undo("周")
    server.kill()
    server = ReviewServer(folder)
    assert {f: w["new"] for f, w in server.undo("周")["words"].items()} == {name: "77"}
    assert server.undo("周")["words"] == {}
    assert server.undo("周")["error"] == "there is nothing to undo"
    assert server.undo("吴")["error"] == "there is nothing to undo"
    server.stop()
    # every step is in the files, those back too
    assert [(c.field, c.verdict) for c in read(folder / CORRECTIONS)] == [
        (name, "corrected"),
        (name, "corrected"),
        (other, "corrected"),
        (other, "withdrawn"),
        (name, "corrected"),
        (name, "withdrawn"),
    ]


def test_the_history_and_the_days_work_have_every_line(
    server: ReviewServer, ids: dict[str, str], folder: Path
) -> None:
    id = ids["2019_township.docx"]
    version = server.act(id, "郑", -1, action="seen")[1]["version"]
    for value in ("3", "4"):
        _, answer = server.act(id, "郑", version, action="correct", field=FIELD, value=value)
        version = answer["version"]
    server.undo("郑")
    said = read(folder / CORRECTIONS)
    day = said[0].when[:10]
    _, headers, text = server.ask(f"/export.csv?day={day}")
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [line["what"] for line in lines if line["what"] in ("corrected", "as_printed", "withdrawn")]
    assert len([line for line in lines if line["field"] and line["what"] != "place"]) == len(said)
    assert "attachment" in headers["content-disposition"]
    assert {line["org"][:1] for line in lines} & {"="} == set()
    assert server.ask(f"/history?field={FIELD}")[2].count(f">{FIELD}<") >= 2


def test_what_was_said_is_in_the_files_when_the_answer_comes_and_a_killed_server_loses_nothing(
    folder: Path,
) -> None:
    started = ReviewServer(folder)
    id = re.findall(r'href="/reports/([0-9a-f]{16})', started.ask("/?q=city")[2])[0]
    version = started.act(id, "孙", -1, action="seen")[1]["version"]
    assert started.act(id, "孙", version, action="question", note="第3页不清")[0] == 200
    started.kill()
    assert read_marks(folder / REVIEW_MARKS)[-1].note == "第3页不清"
    again = ReviewServer(folder)
    assert "第3页不清" in again.ask(f"/reports/{id}")[2]
    assert again.stop() == 143  # as a shell says of SIGTERM


def test_the_dashboard_of_filtered_reports_counts_these_alone_and_its_links_keep_the_filters(
    tmp_path: Path,
) -> None:
    names = ("2021_city.docx", "2021_sums_fail.docx", "2019_township.docx")
    changes = {n: {"org": f"青石县第{i}局", "year": 2020 + i % 2} for i, n in enumerate(names)}
    folder = dataset(tmp_path / "out", [SAMPLES / n for n in names], changes)
    server = ReviewServer(folder)
    whole, part = server.ask("/dashboard")[2], server.ask("/dashboard?year=2020&form=2021")[2]
    server.stop()
    bars, new = r'<a href="([^"]+)"><text', r"本年新收政府信息公开申请数量</th>(.*?)<td><svg"
    assert re.findall(bars, whole)[:2] == ["/?year=2020", "/?year=2021"]
    assert re.findall(bars, part)[0] == "/?form=2021&amp;year=2020"
    assert "3 份报告" in whole and "1 份报告" in part
    sums = [re.findall(r"<td>([\d,]+)</td>", re.findall(new, text)[0]) for text in (whole, part)]
    # in 2020 there is the city's report and the township's, of which the second has another form
    assert sums == [["340", "341"], ["297"]]


def test_on_another_host_nothing_is_answered_without_the_token(folder: Path) -> None:
    started = ReviewServer(folder, "--host", "0.0.0.0")
    try:
        token = started.path.partition("token=")[2]
        assert len(token) > 20
        assert started.ask("/")[0] == 401 and started.ask("/?token=guess")[0] == 401
        status, headers, _ = started.ask("/?token=" + token)
        cookie = headers["set-cookie"]
        assert (
            status == 303
            and headers["location"] == "/"
            and "HttpOnly" in cookie
            and "samesite=strict" in cookie.lower()
        )
        assert started.ask("/", Cookie=cookie.partition(";")[0])[0] == 200
    finally:
        started.stop()
