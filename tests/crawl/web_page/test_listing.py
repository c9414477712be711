"""Pages to the reports, files and lists that they link to."""

from __future__ import annotations

import pytest

from gongkai.crawl.site import Site
from gongkai.crawl.web_page.feeds import from_script
from gongkai.crawl.web_page.listing import ListPage, ending, read
from gongkai.crawl.web_page.markup import Markup, TooDeep
from gongkai.crawl.web_page.pagination import further_pages

START = "http://www.linjiang.gov.cn/xxgk/nb/index.shtml"
SITE = Site("linjiang", "临江市人民政府", (START,))


def links(page: ListPage, leads: str) -> list[str]:
    return [
        c.url.removeprefix("http://www.linjiang.gov.cn/xxgk/nb/") for c in page.children if c.leads == leads
    ]


def test_reports_are_told_from_what_is_about_them() -> None:
    page = read(
        """<ul><li><a href="1.html">2023年政府信息公开工作年度报告</a></li>
        <li><a href="2.html">2023年政府信息公开工作年度报告解读</a></li>
        <li><a href="3.docx" title="临江市2022年政府信息公开工作年度报告">临江市2022年政府信…</a></li>
        <li><a href="/news/4.html">市长调研</a></li></ul>""",
        START,
        SITE,
    )
    assert (links(page, "page"), links(page, "file"), links(page, "none")) == (
        ["1.html"],
        ["3.docx"],
        ["2.html"],
    )
    assert next(c for c in page.children if c.leads == "file").title == "临江市2022年政府信息公开工作年度报告"


def test_a_link_that_says_download_has_its_rows_title() -> None:
    page = read(
        """<table><tr><td>2021年政府信息公开工作年度报告</td><td><a href="d?id=1">下载</a></td></tr>
        <tr><td>2020年度财政决算</td><td><a href="d?id=2">下载</a></td></tr></table>""",
        START,
        SITE,
    )
    assert links(page, "page") == ["d?id=1"]


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('createPageHTML(4, 0, "index", "shtml");', ["index_1.shtml", "index_2.shtml", "index_3.shtml"]),
        ('createPageHTML(3, 1, "index", "html")', ["index_1.html", "index_2.html"]),
        ("createPageHTML('page_div',3, 1,'list','shtml',41);", ["list_2.shtml", "list_3.shtml"]),
        ('createPageHTML(1, 0, "index", "shtml");', []),
        (
            'var currentPage = 0;\nvar countPage = 3;\ndocument.write("x");',
            ["index_1.shtml", "index_2.shtml"],
        ),
        ("alert(5)", []),
    ],
)
def test_pages_that_a_script_writes(script: str, found: list[str]) -> None:
    assert links(read(f"<body><script>{script}</script>", START, SITE), "list") == found


def test_jpage_gives_its_records_and_its_further_groups() -> None:
    page = read(
        """<body><div><script type="text/xml"><datastore><totalrecord>50</totalrecord><perpage>15</perpage>
        <recordset><record><![CDATA[<li><a href="/art/1.html" title="2023年政府信息公开工作年度报告">x</a></li>]]></record>
        </recordset></datastore></script></div><script>$(function(){ jpage({'proxyUrl':'/module/jpage/dataproxy.jsp',
        totalRecord:50, perPage:15, columnid:12, unitid:'345', webid:1}) })</script>""",
        START,
        SITE,
    )
    lists = [c.url for c in page.children if c.leads == "list"]
    assert [c.url for c in page.children if c.leads == "page"] == ["http://www.linjiang.gov.cn/art/1.html"]
    assert [("startrecord=1&" in u, "startrecord=46&" in u) for u in lists] == [(True, False), (False, True)]
    assert all("columnid=12" in u and "unitid=345" in u and "endrecord=" in u for u in lists)


def test_lists_in_scripts_and_in_json() -> None:
    record = '{"title": "2022年政府信息公开工作年度报告", "url": "\\/art\\/2.html", "date": "2023-01-20"}'
    inside = read(f"<body><script>var list = [{record}];</script>", START, SITE)
    alone = read(f'{{"code": 0, "data": {{"rows": [{record}]}}}}', START, SITE)
    wrapped = read(f"callback([{record}]);", START, SITE)
    for page in (inside, alone, wrapped):
        assert [c.url for c in page.children] == ["http://www.linjiang.gov.cn/art/2.html"]


def test_next_pages_by_their_words_and_numbers() -> None:
    page = read(
        """<a href="index_1.shtml">2</a><a href="index_2.shtml">下一页</a><a href="index_9.shtml">尾页</a>
        <a href="javascript:next()">下页</a><a href="/other/index_1.shtml">3</a><a href="/other/list.shtml">下一页</a>""",
        START,
        SITE,
    )
    assert links(page, "list") == ["index_1.shtml", "index_2.shtml", "index_9.shtml"]


def test_a_page_for_each_year_is_found_by_its_parameter() -> None:
    start = "http://www.linjiang.gov.cn/list?year=2024"
    site = Site("linjiang", "x", (start,))
    page = read('<a href="list?year=2023">2023年</a><a href="?year=2024&page=2">2</a>', start, site)
    assert [c.url.partition("?")[2] for c in page.children] == ["year=2023", "year=2024&page=2"]


def test_headings_are_followed_below_the_start_only() -> None:
    page = read(
        """<a href="2023/">2023年</a><a href="/bm/nb/">政府信息公开年报</a><a href="2019.html">2019年度</a>""",
        START,
        SITE,
    )
    assert links(page, "list") == ["2023/", "2019.html"]
    assert [c.url for c in page.children if c.leads == "none"] == ["http://www.linjiang.gov.cn/bm/nb/"]


def test_hosts_of_others_are_told_and_not_taken() -> None:
    title = "2023年政府信息公开工作年度报告"
    page = read(
        f"""<a href="http://www.qingxi.gov.cn/1.html">{title}</a><a href="http://www.linjiang.gov.cn.evil.com/1">{title}</a>
        <a href="https://pan.example.com/1.docx">{title}</a><a href="http://www.qingxi.gov.cn/nb/">2022年</a>""",
        START,
        SITE,
    )
    assert [c.url for c in page.children if c.leads == "page"] == ["http://www.qingxi.gov.cn/1.html"]
    assert [c.why for c in page.foreign] == ["look-alike", "foreign"]
    assert not [c for c in page.children if c.leads == "list"]


def test_files_of_a_reports_page() -> None:
    page = read(
        """<h1>2023年政府信息公开工作年度报告</h1><a href="P0.docx">附件1.docx</a><a href="/down?f=2.pdf&id=3">附件2</a>
        <a href="get?id=9">附件3.ofd</a><iframe src="/pdfjs/viewer.html?file=%2Fup%2F4.pdf"></iframe>
        <embed src="5.pdf"><a href="/form.doc">政府信息公开申请表</a><a href="6.html">上一篇</a>""",
        START,
        SITE,
        entitled="2023年政府信息公开工作年度报告",
    )
    assert [c.url.rpartition("/")[2] for c in page.attached] == [
        "P0.docx",
        "down?f=2.pdf&id=3",
        "get?id=9",
        "4.pdf",
        "5.pdf",
    ]


def test_a_file_that_only_a_script_names() -> None:
    page = read(
        '<script>show("/up/2023.pdf")</script>', START, SITE, entitled="2023年政府信息公开工作年度报告"
    )
    assert [c.url for c in page.attached] == ["http://www.linjiang.gov.cn/up/2023.pdf"]


def test_a_sitemap_gives_the_addresses_that_fit() -> None:
    site = Site("s", "x", (START,), kind="sitemap", urls=(r"/nb/20\d\d\.html$",))
    text = """<?xml version="1.0"?><urlset><url><loc>http://www.linjiang.gov.cn/nb/2023.html</loc></url>
    <url><loc>http://www.linjiang.gov.cn/news/1.html</loc></url></urlset>"""
    assert [c.url for c in read(text, START, site).children] == ["http://www.linjiang.gov.cn/nb/2023.html"]
    index = "<sitemapindex><sitemap><loc>/map1.xml</loc></sitemap></sitemapindex>"
    assert [(c.leads, c.url) for c in read(index, START, site).children] == [
        ("list", "http://www.linjiang.gov.cn/map1.xml")
    ]


@pytest.mark.parametrize("unit", ["<div>", "<div></b>", "<span></font></P>", "<b><p></i>"])
def test_a_page_nested_without_end_is_refused(unit: str) -> None:
    with pytest.raises(TooDeep):
        read(unit * 100_000, START, SITE)


def test_a_page_that_leaves_tags_open_here_and_there_is_read() -> None:
    rows = "<li><a href='1.html'><b>2023年政府信息公开工作年度报告</a></b></li></div>" * 3_000
    assert links(read(rows, START, SITE), "page") == ["1.html"]


def test_an_ending_is_looked_for_in_path_and_parameters() -> None:
    assert ending("http://a/b/1.PDF?x=1") == ".pdf"
    assert ending("http://a/down.jsp?file=%E5%B9%B4.docx") == ".docx"
    assert ending("http://a/index.html") == ""


HOSTILE_PAGES = {
    "places": "<urlset>" + ("<loc>" + " " * 5_000) * 400,
    "rows": "<div>" + "<a href=x.html>下载</a>" * 20_000,
    "text": "<a href=x>" + "政府信息公开" * 200_000,
    "titles": "<title>" + "2023年" * 200_000,
}
HOSTILE_SCRIPTS = {
    "records": "<record><![CDATA[<a " * 100_000,
    "objects": ("{" + "a: '" * 900) * 1_000,
    "groups": "<nextgroup><![CDATA[<a " * 20_000,
    "calls": "createPageHTML(" * 50_000 + "var countPage" + " " * 100_000 + "var currentPage = 1;",
}


# A pattern that goes back over what it read would take hours with these.


@pytest.mark.parametrize("name", HOSTILE_PAGES)
def test_a_hostile_page_comes_to_an_end(name: str) -> None:
    page = read(HOSTILE_PAGES[name], START, SITE, entitled="2023年政府信息公开工作年度报告")
    assert page.attached == ()


@pytest.mark.parametrize("name", HOSTILE_SCRIPTS)
def test_a_hostile_script_comes_to_an_end(name: str) -> None:
    script = HOSTILE_SCRIPTS[name]
    page = Markup("", (), (), (), (), (script,), "", "", 0, "")
    assert (list(further_pages(START, page)), [link for link in from_script(script) if link.text]) == ([], [])
