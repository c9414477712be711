"""Files that are replaced under their address: found in the next night where the server tells, and said where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gongkai.crawl import summary_lines
from gongkai.crawl.http.validators import same_etag
from gongkai.crawl.replacement_check import compare
from gongkai.crawl.state_tables import DocumentRow, PageRow

TITLE = "临江市{}年政府信息公开工作年度报告"
OLD, LONGER, AS_LONG = (b"%PDF-1.4\nold\n" * 30, b"%PDF-1.4\nlonger\n" * 30, b"%PDF-1.4\nnew\n" * 30)
MONDAY, TUESDAY = "Mon, 05 Jan 2026 08:00:00 GMT", "Tue, 06 Jan 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("before", "after", "tag", "now"),
    [
        ({}, {}, True, AS_LONG),  # by its ETag
        ({"Last-Modified": MONDAY}, {"Last-Modified": TUESDAY}, False, AS_LONG),
        ({}, {}, False, LONGER),
    ],
)
def test_a_file_replaced_under_its_address_is_found_in_the_next_night(
    before: Any, after: Any, tag: bool, now: bytes, web: Any, desk: Any, site: Any, reply: Any
) -> None:
    web.page("/nb/", f'<a href="1.pdf">{TITLE.format(2023)}</a>')
    web.routes["/nb/1.pdf"] = reply(OLD, headers=dict(before), tag=tag)
    desk.table(site(web.url + "/nb/"))
    desk.night()
    assert web.heads == []  # what was fetched tonight is not asked after
    web.routes["/nb/1.pdf"] = reply(now, headers=dict(after), tag=tag)
    found = desk.night()
    assert (found["ok"], found["totals"]["replaced"], found["totals"]["untold"]) == (True, 1, 0)
    assert list(desk.current().values()) == [now]


def test_what_no_server_tells_is_said_with_its_reason(
    web: Any, other: Any, desk: Any, site: Any, reply: Any
) -> None:
    for one in (web, other):
        one.page("/nb/", f'<a href="1.pdf">{TITLE.format(2023)}</a>')
        one.routes["/nb/1.pdf"] = reply(OLD, tag=False)
    other.knows_head = False
    desk.table(site(web.url + "/nb/"), site(other.url + "/nb/", id="other"))
    desk.night()
    web.routes["/nb/1.pdf"] = reply(AS_LONG, tag=False)
    for heads in (1, 0):  # what told nothing is asked after again in a month
        web.forget()
        found = desk.night()
        assert len(web.heads) == heads
        assert [s["untold_reasons"] for s in found["sites"]] == [{"no-validators": 1}, {"head-refused": 1}]
        assert [s["untold_documents"][0]["url"] for s in found["sites"]] == [
            web.url + "/nb/1.pdf",
            other.url + "/nb/1.pdf",
        ]
        assert found["ok"]
        assert any(
            "of 2 nobody said whether they were replaced (1 × no-validators, 1 × head-refused)" in line
            for line in summary_lines(found, "a")
        )


def test_questions_take_what_is_left_of_the_budget_and_go_round(
    web: Any, other: Any, desk: Any, site: Any
) -> None:
    for one in (web, other):
        one.page("/nb/", "".join(f'<a href="{n}.pdf">{TITLE.format(n)}</a>' for n in range(2010, 2016)))
        for n in range(2010, 2016):
            one.file(f"/nb/{n}.pdf", b"%PDF-1.4\n" + str(n).encode())
    tables = (site(web.url + "/nb/"), site(other.url + "/nb/", id="other"))
    desk.table(*tables)
    desk.night()
    desk.table(*tables, budget=2 + 4)  # two lists; the rules for robots are of today
    asked: set[str] = set()
    for _ in range(3):
        web.forget(), other.forget()
        found = desk.night()
        assert (found["ok"], found["ended_early"], found["requests"]) == (True, "", 6)
        assert (len(web.heads), len(other.heads)) == (2, 2)
        assert found["totals"]["untold"] == 8
        assert [s["untold_reasons"] for s in found["sites"]] == [{"not-reached": 4}] * 2
        asked |= {web.url + path for path in web.heads} | {other.url + path for path in other.heads}
    assert len(asked) == 12
    desk.table(*tables, head_most=0)
    web.forget()
    assert desk.night()["totals"]["untold"] == 12
    assert web.heads == []


def test_what_head_says_is_gone_is_asked_for_before_it_counts_as_missing(
    web: Any, desk: Any, site: Any
) -> None:
    web.page("/nb/", f'<a href="1.pdf">{TITLE.format(2023)}</a>')
    web.file("/nb/1.pdf", OLD)
    desk.table(site(web.url + "/nb/"))
    desk.night()
    del web.routes["/nb/1.pdf"]
    web.forget()
    assert desk.night()["totals"]["missing"] == 1
    assert (web.heads, web.paths(404)) == (["/nb/1.pdf"], ["/nb/1.pdf"])


ROW = PageRow("http://a/1.pdf", "file", True, '"5f3"', MONDAY)
DOCUMENT = DocumentRow("http://a/1.pdf", 1, "", 100, ".pdf", "", "", "", "", "", 0.0, 0.0)


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({"etag": '"5f3"'}, "same"),
        ({"etag": 'W/"5f3-gzip"'}, "same"),
        ({"etag": '"5f4"'}, "changed"),
        ({"last-modified": MONDAY, "content-length": "100"}, "same"),
        ({"etag": '"5f3"', "last-modified": TUESDAY}, "changed"),
        ({"etag": '"5f3"', "content-length": "101"}, "changed"),
        ({"content-length": "100"}, "untold"),
        ({"content-length": "0"}, "untold"),
        ({"content-length": "60", "content-encoding": "gzip"}, "untold"),
        # a page made anew for each visitor
        ({"last-modified": TUESDAY, "date": TUESDAY}, "untold"),
        ({}, "untold"),
    ],
)
def test_what_the_headers_tell(headers: dict[str, str], verdict: str) -> None:
    assert compare(ROW, DOCUMENT, headers) == verdict


def test_the_length_of_a_page_tells_nothing() -> None:
    page = replace(DOCUMENT, words="a hash of its text")
    assert (
        compare(ROW, page, {"content-length": "7"}) == compare(ROW, None, {"content-length": "7"}) == "untold"
    )


def test_an_etag_is_the_same_however_the_answer_is_packed() -> None:
    assert same_etag('"a-1;gz"', 'W/"a-1"')
    assert not same_etag('"a-1"', '"a-2"')
