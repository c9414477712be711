"""Night after night over a site on 127.0.0.1: what is taken, what is asked again, what is told."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
from typing import Any

import pytest

TITLE = "临江市{}年政府信息公开工作年度报告"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def report(year: int, more: str = "") -> str:
    title = TITLE.format(year)
    return f"<html><title>{title}</title><h1>{title}</h1><p>一、总体情况</p><p>二、主动公开政府信息情况</p>{more}"


def link(href: str, year: int) -> str:
    return f'<li><a href="{href}">{TITLE.format(year)}</a></li>'


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), name)
    return buffer.getvalue()


FILES = {
    ".doc": OLE,
    ".xls": OLE + b"x",
    ".wps": OLE + b"w",
    ".docx": zipped("[Content_Types].xml", "word/document.xml"),
    ".xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    ".ofd": zipped("OFD.xml"),
    ".zip": zipped("a.doc"),
    ".pdf": b"%PDF-1.4\n%%EOF\n",
    ".rar": b"Rar!\x1a\x07\0x",
}


@pytest.fixture
def plain(web: Any) -> Any:
    """Two list pages, the second in GBK and written by a script; four reports."""
    script = '<script>createPageHTML(2, 0, "index", "shtml");</script>'
    web.page("/nb/index.shtml", link("2023.html", 2023) + link("2022.html", 2022) + script)
    web.page("/nb/index_1.shtml", link("2021.pdf", 2021) + link("2020.html", 2020), "gbk")
    web.page("/nb/2023.html", report(2023))
    attached = "".join(f'<a href="f{suffix}">附件{suffix}</a>' for suffix in FILES)
    web.page("/nb/2022.html", f"<h1>{TITLE.format(2022)}</h1>{attached}", "gb18030")
    for suffix, data in FILES.items():
        web.file(f"/nb/f{suffix}", data, "text/html")
    web.file(
        "/nb/2021.pdf", b"%PDF-1.4\n%2021\n", Content_Disposition='attachment; filename="../../../x.pdf"'
    )
    web.page("/nb/2020.html", report(2020), "gbk")
    return web


def first_night(plain: Any, desk: Any, site: Any, **options: bool) -> Any:
    """The first night over `plain`; crawl.json."""
    desk.table(site(plain.url + "/nb/index.shtml", more="least = 4\nmost = 4"))
    return desk.night(**options)


def test_the_first_night_takes_every_report_once(plain: Any, desk: Any, site: Any) -> None:
    first = first_night(plain, desk, site)
    assert first["ok"] and first["totals"]["failed"] == 0
    (one,) = first["sites"]
    counts = {key: one[key] for key in ("documents", "reports", "new", "short", "over")}
    assert counts == {"documents": 12, "reports": 4, "new": 12, "short": False, "over": False}
    assert sorted(desk.current()) == sorted(line["file"].partition("/")[2] for line in one["new_documents"])
    assert {name.rpartition(".")[2] for name in desk.current()} == {s[1:] for s in FILES} | {"html"}
    assert all(name.startswith("临江市20") for name in desk.current())
    assert set(FILES.values()) <= set(desk.current().values())
    assert len(plain.paths()) == len(set(plain.paths())) == 15
    assert plain.most_at_once == 1
    objects = [p for p in (desk.archive / "objects").rglob("*") if p.is_file()]
    assert {p.name for p in objects} == {d["sha256"] for d in one["new_documents"]}


def test_the_second_night_requests_the_lists_and_asks_after_the_rest(
    plain: Any, desk: Any, site: Any
) -> None:
    first_night(plain, desk, site)
    plain.forget()
    second = desk.night()
    assert second["ok"]
    assert (second["sites"][0]["new"], second["sites"][0]["documents"]) == (0, 12)
    assert plain.paths() == plain.paths(304) == ["/nb/index.shtml", "/nb/index_1.shtml"]
    assert second["requests_by_kind"] == {"list": 2, "head": len(plain.heads)}  # robots.txt is good for a day
    assert set(plain.heads) == {path for path in plain.routes if not path.startswith("/nb/index")}
    lines = [json.loads(x) for x in (desk.archive / "log.jsonl").read_text("utf-8").splitlines()]
    assert [x["event"] for x in lines if x["night"] == 2] == [
        "begin",
        "fetched",
        "fetched",
        *["asked"] * len(plain.heads),
        "end",
    ]


def test_a_replaced_report_is_a_new_version_and_a_missing_one_is_withdrawn(
    plain: Any, desk: Any, site: Any
) -> None:
    first_night(plain, desk, site)
    plain.page("/nb/index_1.shtml", link("2021.pdf", 2021) + link("2019.html", 2019))
    plain.page("/nb/2019.html", report(2019))
    plain.file("/nb/2021.pdf", b"%PDF-1.4\n%corrected\n")
    del plain.routes["/nb/2020.html"]
    plain.forget()
    second = desk.night()["sites"][0]
    lists = ["/nb/index.shtml", "/nb/index_1.shtml"]
    assert plain.paths() == [
        *lists,
        "/nb/2019.html",
        "/nb/2020.html",
        "/nb/2021.pdf",
    ]  # the last, as HEAD told
    assert (second["new"], second["missing"], second["withdrawn"], second["documents"]) == (1, 1, 0, 13)
    assert second["replaced"] == 1
    assert second["replaced_documents"][0]["was"] != second["replaced_documents"][0]["sha256"]
    third = desk.night(recheck=True)["sites"][0]
    assert (third["replaced"], third["withdrawn"], third["documents"]) == (0, 1, 12)
    assert b"%PDF-1.4\n%corrected\n" in desk.current().values()
    assert b"%PDF-1.4\n%2021\n" not in desk.current().values()
    assert not [name for name in desk.current() if "2020" in name]
    stored = {p.read_bytes() for p in (desk.archive / "objects").rglob("*") if p.is_file()}
    assert {b"%PDF-1.4\n%2021\n", report(2020).encode("gbk")} <= stored
    with sqlite3.connect(desk.archive / "state.sqlite") as db:
        versions = db.execute(
            "SELECT version, name, withdrawn IS NULL, replaced IS NULL FROM documents WHERE url LIKE '%2021.pdf'"
        ).fetchall()
    assert versions == [(1, "x.pdf", 1, 0), (2, "", 1, 1)]


def test_the_state_records_where_each_file_was_linked(plain: Any, desk: Any, site: Any) -> None:
    first_night(plain, desk, site)
    with sqlite3.connect(desk.archive / "state.sqlite") as db:
        rows = db.execute(
            "SELECT url, referrer, status FROM fetches WHERE kind = 'file' AND night = 1"
        ).fetchall()
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert len(rows) == 10
    assert {referrer for url, referrer, _ in rows if "/f." in url} == {plain.url + "/nb/2022.html"}


def test_a_warc_file_has_the_responses(plain: Any, desk: Any, site: Any) -> None:
    from warcio.archiveiterator import ArchiveIterator

    first_night(plain, desk, site, warc=True)
    (warc,) = (desk.archive / "warc").iterdir()
    with warc.open("rb") as file:
        records = {
            r.rec_headers.get_header("WARC-Target-URI"): r.content_stream().read()
            for r in ArchiveIterator(file)
            if r.rec_type == "response"
        }
    assert records[plain.url + "/nb/f.pdf"] == FILES[".pdf"]


@pytest.fixture
def troubled(web: Any, other: Any, desk: Any, site: Any, reply: Any) -> Any:
    """A list of reports each of which fails in another way, or answers in an odd one."""
    count: dict[str, int] = {}

    def at_first(failures: int, bad: Any) -> Any:
        def answer() -> Any:
            count[str(id(bad))] = count.get(str(id(bad)), 0) + 1
            return bad if count[str(id(bad))] <= failures else reply(report(2001).encode())

        return answer

    def truncated(request: Any) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n%PDF-1.4 and no more")
        request.close_connection = True
        request.connection.shutdown(2)

    def endless(request: Any) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF")
        request.close_connection = True
        while not web.over.wait(0.05):
            request.wfile.write(b".")

    def silent(request: Any) -> None:
        request.close_connection = True
        web.over.wait(30)

    bomb = gzip.compress(b"%PDF" + b"\0" * 3_000_000)
    cases: dict[str, Any] = {
        "gone": reply(b"", 410),
        "forbidden": reply(b"", 403),
        "teapot": reply(b"", 418),
        "busy": at_first(1, reply(b"", 429, {"Retry-After": "1"})),
        "temporary": at_first(1, reply(b"", 503)),
        "never": reply(b"", 503),
        "away": reply(b"", 302, {"Location": "http://169.254.169.254/latest/meta-data/"}),
        "port": reply(b"", 302, {"Location": other.url + "/secret"}),
        "file": reply(b"", 302, {"Location": "file:///etc/passwd"}),
        "nowhere": reply(b"", 302, {}),
        "loop": reply(b"", 302, {"Location": "/nb/loop2"}),
        "moved": reply(b"", 301, {"Location": "/nb/fine"}),
        "fine": reply(report(2002).encode()),
        "hidden": reply(report(2003).encode()),
        "soft.pdf": reply("<html>页面不存在</html>".encode()),
        "soft": reply("<html>页面不存在</html>".encode()),
        "html.doc": reply(report(2004).encode(), headers={"Content-Type": "application/msword"}),
        "noise": reply(b"\0\1\2"),
        "empty": reply(b""),
        "deep": reply(b"<html>" + b"<div>" * 100_000),
        "cut.pdf": reply(raw=truncated),
        "endless.pdf": reply(raw=endless),
        "silent": reply(raw=silent),
        "bomb.pdf": reply(bomb, headers={"Content-Encoding": "gzip"}),
        "large.pdf": reply(b"%PDF" + b"\0" * 1_500_000),
        "wrong.pdf": reply(b"%PDF-1.4\n", headers={"Content-Type": "text/html; charset=utf-8"}),
        "bad-length": reply(b"%PDF-1.4\n"),
    }  # fmt: skip
    web.routes["/robots.txt"] = reply(b"User-agent: *\nDisallow: /nb/hidden\n")
    web.page("/nb/", "".join(link(f"/nb/{name}", 2001) for name in ("missing", *cases)))
    web.routes |= {f"/nb/{name}": answer for name, answer in cases.items()}
    web.routes["/nb/loop2"] = reply(b"", 302, {"Location": "/nb/loop"})
    desk.table(site(web.url + "/nb/"), timeout=1.0, mebibytes=1.0, tries=2)
    return web


def test_what_goes_wrong_costs_itself_only(troubled: Any, other: Any, desk: Any) -> None:
    one = desk.night()["sites"][0]
    failed = {f["url"].rpartition("/")[2]: f["reason"] for f in one["failures"]}
    assert failed == {
        "missing": "not-found",
        "gone": "gone",
        "forbidden": "forbidden",
        "teapot": "http-status",
        "never": "busy",
        "away": "redirect-away",
        "port": "redirect-away",
        "file": "bad-redirect",
        "nowhere": "bad-redirect",
        "loop": "redirect-loop",
        "hidden": "robots",
        "soft.pdf": "not-a-document",
        "soft": "page-empty",
        "noise": "not-a-document",
        "empty": "empty",
        "deep": "too-deep",
        "cut.pdf": "truncated",
        "endless.pdf": "timeout",
        "silent": "timeout",
        "bomb.pdf": "too-large",
        "large.pdf": "too-large",
    }
    assert one["complete"] and not one["ok"]
    # busy and temporary give the same page; moved, fine; html.doc; wrong.pdf and bad-length
    assert one["documents"] == 7
    assert other.asked == []
    times: dict[str, list[float]] = {}
    for asked in troubled.asked:
        times.setdefault(asked.path.rpartition("/")[2], []).append(asked.at)
    tries = {name: len(at) for name, at in times.items()}
    assert "hidden" not in tries
    assert [tries[n] for n in ("missing", "gone", "forbidden", "large.pdf", "away", "loop")] == [1] * 6
    assert [tries[n] for n in ("busy", "temporary", "never", "cut.pdf", "endless.pdf")] == [2, 2, 2, 2, 2]
    assert times["busy"][1] - times["busy"][0] >= 1.0


def test_the_next_night_tries_temporary_failures_again_and_lasting_ones_not(
    troubled: Any, other: Any, desk: Any
) -> None:
    desk.night()
    troubled.forget()
    again = desk.night()["sites"][0]
    asked = {path.rpartition("/")[2] for path in troubled.paths()}
    assert asked == {"", "never", "cut.pdf", "endless.pdf", "silent", "away", "port"}
    assert {f["url"].rpartition("/")[2] for f in again["failures"] if f["known"]} >= {
        "missing",
        "gone",
        "soft",
    }
    assert other.asked == []


def test_nothing_on_this_machine_is_asked_unless_allowed(web: Any, desk: Any, site: Any, reply: Any) -> None:
    port = web.url.rpartition(":")[2]
    web.page("/", link("1.html", 2001))
    ways = [
        f"http://127.0.0.1:{port}/",
        f"http://localhost:{port}/",
        f"http://2130706433:{port}/",
        f"http://[::ffff:127.0.0.1]:{port}/",
        f"https://127.0.0.1:{port}/",
    ]
    desk.table(*(site(way, id=f"way{n}") for n, way in enumerate(ways)), tries=1)
    found = desk.night(allow_private=False)
    assert [s["failures"][0]["reason"] for s in found["sites"]] == ["address-private"] * 5
    assert web.asked == []
    assert not found["ok"]


def test_a_redirect_does_not_open_this_machine(
    desk: Any, site: Any, reply: Any, web: Any, other: Any
) -> None:
    # the host that sends on is allowed, the one that it sends to is in the table, and its address is private still
    port = other.url.rpartition(":")[2]
    web.routes["/"] = reply(b"", 302, {"Location": f"http://localhost:{port}/"})
    more = f'hosts = ["localhost:{port}"]'
    desk.table(site(web.url + "/", more=more), private=["127.0.0.2/32"])
    assert desk.night(allow_private=False)["sites"][0]["failures"][0]["reason"] == "address-private"
    assert other.asked == [] and web.asked == []


def test_a_small_budget_reaches_all_sites_in_turn(web: Any, desk: Any, site: Any) -> None:
    for name in ("a", "b"):
        web.page(f"/{name}/", link(f"/{name}/1.html", 2001))
        web.page(f"/{name}/1.html", report(2001, name))
    desk.table(*(site(f"{web.url}/{name}/", id=name) for name in ("a", "b")), budget=3, sites_at_once=1)
    first, second = desk.night(), desk.night()
    assert first["budget_exhausted"] and not first["ok"] and first["requests"] == 3
    assert [s["complete"] for s in first["sites"]] == [True, False]
    assert [s["documents"] for s in second["sites"]] == [1, 1]


def test_a_file_that_takes_the_place_of_another_on_its_page(web: Any, desk: Any, site: Any) -> None:
    menu = '<a href="/x">政府信息公开</a><a href="/y">依申请公开</a>' * 40
    web.page("/nb/", menu + link("1.html", 2001) + link("2.html", 2002))
    web.page("/nb/1.html", f'{menu}<h1>{TITLE.format(2001)}</h1><a href="old.pdf">附件</a>浏览次数：1')
    web.page("/nb/2.html", f"{menu}<p>您访问的页面不存在</p>")
    web.file("/nb/old.pdf", b"%PDF-1.4\n%old\n")
    web.file("/nb/new.pdf", b"%PDF-1.4\n%new\n")
    desk.table(site(web.url + "/nb/"))
    first = desk.night()["sites"][0]
    assert (first["documents"], first["reasons"]) == (1, {"page-empty": 1})  # menus are no report
    web.page("/nb/1.html", f'{menu}<h1>{TITLE.format(2001)}</h1><a href="new.pdf">附件</a>浏览次数：2')
    second = desk.night(recheck=True)["sites"][0]
    assert (second["new"], second["withdrawn"], second["documents"]) == (1, 1, 1)
    assert second["withdrawn_documents"][0]["reason"] == "dropped"
    assert list(desk.current().values()) == [b"%PDF-1.4\n%new\n"]


def test_a_site_without_an_end_costs_its_own_budget_only(web: Any, desk: Any, site: Any, reply: Any) -> None:
    # every page of the trap leads to another one; the report of "framed" stands in a frame of its page
    numbers = iter(range(1_000_000))

    def trap() -> Any:
        number = next(numbers)
        web.routes[f"/trap/{number + 1}.html"] = trap
        return reply(f'<iframe src="/trap/{number + 1}.html"></iframe>'.encode(), tag=False)

    web.routes["/trap/0.html"] = trap
    web.page("/trap/", link("0.html", 2001))
    web.page("/many/", "".join(link(f"{n}.html", 2001) for n in range(500)))
    web.page("/framed/", link("1.html", 2003))
    web.page("/framed/1.html", f'<h1>{TITLE.format(2003)}</h1><iframe src="inner.html"></iframe>')
    web.page("/framed/inner.html", report(2003))
    desk.table(*(site(f"{web.url}/{name}/", id=name) for name in ("trap", "many", "framed")), site_budget=12)
    found = {s["site"]: s for s in desk.night()["sites"]}
    assert found["framed"]["ok"] and (found["framed"]["documents"], found["framed"]["reports"]) == (1, 1)
    assert found["many"]["requests"] <= 13 and not found["many"]["complete"]
    assert "489 links are left" in found["many"]["failures"][-1]["message"]
    assert found["trap"]["requests"] < 12 and found["trap"]["documents"] == 0


def test_every_kind_of_start(web: Any, desk: Any, site: Any) -> None:
    web.page("/one/2020.html", report(2020))
    web.page(
        "/map.xml",
        f"<?xml version='1.0'?><sitemapindex><sitemap><loc>{web.url}/map1.xml</loc></sitemap></sitemapindex>",
    )
    places = "".join(f"<url><loc>{web.url}/{path}</loc></url>" for path in ("m/2019.html", "m/about.html"))
    web.page("/map1.xml", f"<?xml version='1.0'?><urlset>{places}</urlset>")
    web.page("/m/2019.html", report(2019))
    for year in (2017, 2018):
        web.page(f"/years?y={year}", link(f"/y/{year}.pdf", year))
        web.file(f"/y/{year}.pdf", b"%%PDF-1.4\n%d" % year)
    rows = [{"title": TITLE.format(2016), "url": "/j/2016.pdf", "date": "2017-01-31"}]
    web.page("/api/list", json.dumps({"data": rows}), headers={"Content-Type": "application/json"})
    web.file("/j/2016.pdf", b"%PDF-1.4\n2016")
    # a platform: units, then years, then reports
    web.page("/p/", '<a href="jy/">市教育局</a><a href="/elsewhere/">市教育局</a>')
    web.page("/p/jy/", '<a href="2015/">2015年</a>')
    web.page("/p/jy/2015/", link("1.pdf", 2015) + "<h2>总体情况</h2>")
    web.file("/p/jy/2015/1.pdf", b"%PDF-1.4\n2015")
    desk.table(
        site(web.url + "/one/2020.html", id="one", more='kind = "report"'),
        site(
            web.url + "/map.xml",
            id="map",
            more=r"""kind = "sitemap"
urls = ['/m/20\d\d\.html$']""",
        ),
        site(web.url + "/years?y={2017..2018}", id="years"),
        site(web.url + "/api/list", id="api"),
        site(web.url + "/p/", id="platform", more='follow = ["局$"]'),
    )
    for night in ("first", "unchanged"):
        web.forget()
        found = {s["site"]: s for s in desk.night()["sites"]}
        assert [n for n, s in found.items() if not s["ok"]] == (["platform"] if night == "first" else [])
        assert (found["platform"]["reasons"], found["platform"]["complete"]) == ({"not-found": 1}, True)
        assert {n: (s["documents"], s["reports"]) for n, s in found.items()} == {
            "one": (1, 1), "map": (1, 1), "years": (2, 2), "api": (1, 1), "platform": (1, 1),
        }  # fmt: skip
        assert all(s["new"] == (s["documents"] if night == "first" else 0) for s in found.values())
    assert web.paths(200) == []


def test_each_site_has_its_own_luck(
    web: Any, other: Any, third: Any, desk: Any, site: Any, reply: Any
) -> None:
    # lost: its list loses all its links; same: its page says the same in other bytes;
    # blocked: its robots.txt cannot be had; busy: its host asks to be left alone for an hour
    web.page("/lost/", link("1.html", 2001))
    web.page("/lost/1.html", report(2001))
    web.page("/same/", link("1.html", 2002))
    web.page("/same/1.html", report(2002, "<!-- 1 --><script>var n=1</script>"), tag=False)
    other.routes["/robots.txt"] = reply(b"", 503)
    third.routes["/"] = reply(b"", 503, {"Retry-After": "3600"})
    addresses = {
        "lost": web.url + "/lost/",
        "same": web.url + "/same/",
        "blocked": other.url + "/",
        "busy": third.url + "/",
    }
    desk.table(*(site(url, id=name) for name, url in addresses.items()), tries=2)
    first = {s["site"]: s for s in desk.night()["sites"]}
    assert {name: s["documents"] for name, s in first.items()} == {
        "lost": 1,
        "same": 1,
        "blocked": 0,
        "busy": 0,
    }
    assert first["blocked"]["reasons"] == {"robots-unavailable": 1}
    assert [a.path for a in other.asked] == ["/robots.txt"] * 2
    assert first["busy"]["reasons"] == {"busy": 1}
    assert third.paths() == ["/"]
    assert "Gongkai/" in web.asked[0].headers["User-Agent"]
    assert "tests@example.com" in web.asked[0].headers["User-Agent"]

    web.page("/lost/", "<html>系统维护中</html>")
    web.page("/same/1.html", report(2002, "<!-- 2 --><script>var n=2</script>"), tag=False)
    web.forget()
    second = {s["site"]: s for s in desk.night(recheck=True)["sites"]}
    lost, same = second["lost"], second["same"]
    assert (lost["reasons"], lost["complete"], lost["documents"], lost["missing"]) == (
        {"list-empty": 1},
        False,
        1,
        0,
    )
    assert (same["replaced"], same["documents"]) == (0, 1)
    assert len([p for p in (desk.archive / "objects").rglob("*") if p.is_file()]) == 2
    assert "left alone until" in second["busy"]["failures"][0]["message"]
    assert third.paths() == ["/"]


def test_outside_the_window_nothing_is_asked(web: Any, desk: Any, site: Any) -> None:
    from datetime import UTC, datetime, timedelta

    later = datetime.now(UTC) + timedelta(hours=8 + 6)
    window = f"{later:%H:%M}-{later + timedelta(hours=1):%H:%M}"
    desk.table(site(web.url + "/nb/"), window=window)
    found = desk.night()
    assert (found["ended_early"], found["requests"], web.asked) == ("window", 0, [])
