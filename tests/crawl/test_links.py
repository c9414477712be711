"""A night over links as people click them: redirects in raw bytes, and what only a browser opens."""

from __future__ import annotations

from typing import Any

import pytest

TITLE = "临江市{}年政府信息公开工作年度报告"


def report(year: int) -> str:
    return f"<h1>{TITLE.format(year)}</h1><p>一、总体情况</p><p>二、主动公开政府信息情况</p>"


def raw(text: str, charset: str) -> str:
    """A header as its bytes reach the socket: http.server writes Latin-1."""
    return text.encode(charset).decode("latin-1")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (raw("/nb/年报 2023.html", "utf-8"), "/nb/%E5%B9%B4%E6%8A%A5%202023.html"),
        (raw("/nb/年报.html", "gbk"), "/nb/%C4%EA%B1%A8.html"),
        ("\\nb\\real.html", "/nb/real.html"),
        ("./real.html?a=1", "/nb/real.html?a=1"),
        ("  real.html", "/nb/real.html"),
    ],
)
def test_a_location_is_followed_as_browsers_follow_it(
    location: str, path: str, web: Any, desk: Any, site: Any, reply: Any
) -> None:
    web.page("/nb/", f'<a href="1.html">{TITLE.format(2023)}</a>')
    web.routes["/nb/1.html"] = reply(b"", 302, {"Location": location})
    web.page(path, report(2023))
    desk.table(site(web.url + "/nb/"))
    assert desk.night()["sites"][0]["documents"] == 1
    assert web.paths() == ["/nb/", "/nb/1.html", path]


def test_what_only_a_browser_opens_is_counted_and_named(web: Any, desk: Any, site: Any) -> None:
    from gongkai.crawl import summary_lines

    hidden = "".join(f'<a href="javascript:show({year})">{TITLE.format(year)}</a>' for year in (2021, 2022))
    web.page(
        "/nb/", f'<a href="2023.html">{TITLE.format(2023)}</a>{hidden}<a href="javascript:page(2)">下一页</a>'
    )
    web.page("/nb/2023.html", report(2023))
    web.page("/empty/", hidden)
    desk.table(site(web.url + "/nb/"), site(web.url + "/empty/", id="empty"))
    for _ in range(2):  # also where the list is unchanged
        found = desk.night()
        one, empty = found["sites"]
        titles = [line["title"] for line in one["not_followed_links"]]
        assert (one["not_followed"], titles) == (3, [TITLE.format(2021), TITLE.format(2022), "further pages"])
        assert found["totals"]["not_followed"] == 3
        assert f"2 that only a script opens, as “{TITLE.format(2021)}”" in empty["failures"][0]["message"]
        assert any("3 links that only a script opens" in line for line in summary_lines(found, "a"))
