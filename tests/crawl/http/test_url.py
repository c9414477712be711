"""Addresses in their one form, and whose they are."""

from __future__ import annotations

import pytest

from gongkai.crawl.http.url import clean, relation, resolve
from gongkai.crawl.site import Site

SITE = Site(
    "linjiang", "临江市人民政府", ("http://www.linjiang.gov.cn/xxgk/",), hosts=("files.example.com:8080",)
)


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("../a/1.html#top", "http://www.linjiang.gov.cn/a/1.html"),
        (" b.html\n", "http://www.linjiang.gov.cn/xxgk/b.html"),
        ("HTTP://WWW.Linjiang.GOV.cn:80/c", "http://www.linjiang.gov.cn/c"),
        ("年报.docx", "http://www.linjiang.gov.cn/xxgk/%E5%B9%B4%E6%8A%A5.docx"),
        ("d;jsessionid=1A2B?x=1", "http://www.linjiang.gov.cn/xxgk/d?x=1"),
        ("//www.linjiang.gov.cn/e", "http://www.linjiang.gov.cn/e"),
        ("javascript:go()", None),
        ("mailto:a@b.c", None),
        ("file:///etc/passwd", None),
        ("ftp://www.linjiang.gov.cn/", None),
        ("http://user@www.linjiang.gov.cn/", None),
        ("http://[::1/", None),
        ("", None),
        ("#top", None),
        ("x" * 3000, None),
    ],
)
def test_a_link_leads_to_one_address(link: str, found: str | None) -> None:
    assert resolve("http://www.linjiang.gov.cn/xxgk/list.html", link) == found


def test_a_query_of_a_gbk_page_is_sent_in_gbk() -> None:
    assert resolve("http://a.gov.cn/", "?k=年", "gb18030") == "http://a.gov.cn/?k=%C4%EA"


@pytest.mark.parametrize(
    ("url", "whose"),
    [
        ("http://www.linjiang.gov.cn/1", "own"),
        ("https://xxgk.linjiang.gov.cn/1", "own"),
        ("http://files.example.com:8080/1", "own"),
        ("http://files.example.com/1", "foreign"),
        ("http://www.qingxi.gov.cn/1", "public"),
        ("http://www.linjiang.gov.cn:8443/1", "foreign"),
        ("http://www.linjiang.gov.cn.example.com/1", "look-alike"),
        ("http://www-linjiang-gov.cn/1", "look-alike"),
        ("http://linjianggov.com/1", "look-alike"),
        ("http://example.com/gov.cn", "foreign"),
        ("http://127.0.0.1/1", "foreign"),
    ],
)
def test_a_host_is_the_sites_or_not(url: str, whose: str) -> None:
    assert relation(SITE, url) == whose


def test_a_port_of_this_machine_is_a_host_of_its_own() -> None:
    site = Site("a", "b", ("http://127.0.0.1:8001/",))
    assert relation(site, "http://127.0.0.1:8001/x") == "own"
    assert relation(site, "http://127.0.0.1:8002/x") == "foreign"


def test_an_address_is_its_own_form() -> None:
    for url in ("http://www.linjiang.gov.cn/xxgk/%E5%B9%B4.html?a=1&b=%20", "https://a.gov.cn:8443/"):
        assert clean(url) == url
