"""Links that people click, in the forms in which sites write them."""

from __future__ import annotations

import time

import pytest

from gongkai.crawl.http.url import resolve
from gongkai.crawl.site import Site
from gongkai.crawl.web_page.click import address, does_something, find_functions, is_address, redirect
from gongkai.crawl.web_page.listing import BY_SCRIPT, ListPage, read

START = "http://www.linjiang.gov.cn/xxgk/nb/index.shtml"
SITE = Site("linjiang", "临江市人民政府", (START,))
TITLE = "临江市2023年政府信息公开工作年度报告"


def taken(html: str) -> list[str]:
    """The addresses of the reports on a list page, below its folder."""
    page = read(html, START, SITE)
    return [
        c.url.removeprefix("http://www.linjiang.gov.cn/xxgk/nb/")
        for c in page.children
        if c.leads in ("page", "file")
    ]


def by_script(page: ListPage) -> list[str]:
    return [c.title for c in page.children if c.why == BY_SCRIPT]


FORMS = {
    "a window": '<a href="#" onclick="window.open(\'2023.html\')">{t}</a>',
    "a window with options": "<a href='javascript:;' onclick=\"window.open('2023.html','_blank','width=800,height=600')\">{t}</a>",
    "location in a click": "<a href='javascript:void(0)' onclick=\"location.href='2023.html'\">{t}</a>",
    "location alone": "<a onclick='location=\"2023.html\";return false;'>{t}</a>",
    "a window of its parent": "<a href='#' onclick=\"parent.location.href='./2023.html'\">{t}</a>",
    "a script as address": "<a href=\"javascript:openDoc('2023.html')\">{t}</a>",
    "a script in capitals": "<a href=\"JavaScript:openDoc('2023.html');\">{t}</a>",
    "a script with marks": '<a href="javascript:window.open(%272023.html%27)">{t}</a>',
    "a script with entities": '<a href="javascript:show(&quot;2023.html&quot;,&quot;{t}&quot;)">{t}</a>',
    "void around it": "<a href=\"javascript:void(window.open('2023.html'))\">{t}</a>",
    "a list entry": "<ul><li onclick=\"location.href='2023.html'\"><span>{t}</span></li></ul>",
    "a list entry around an empty link": "<li onclick=\"go('2023.html')\"><a href='javascript:;'>{t}</a></li>",
    "a row": "<table><tr onclick=\"openUrl('2023.html')\"><td>1</td><td>{t}</td></tr></table>",
    "a box": "<div onclick=\"javascript:window.location='2023.html'\">{t}</div>",
    "a button": "<button onclick=\"window.location.assign('2023.html')\">{t}</button>",
    "a pressed mouse": "<span onmousedown=\"window.open('2023.html')\">{t}</span>",
    "data-href": '<li data-href="2023.html">{t}</li>',
    "data-url on a link": '<a href="javascript:;" data-url="2023.html">{t}</a>',
    "data-link in a row": '<table><tr data-link="/xxgk/nb/2023.html"><td>{t}</td></tr></table>',
    "an area": '<img usemap="#m"><map name="m"><area shape="rect" href="2023.html" alt="{t}"></map>',
    "an area with a click": "<map><area href='#' onclick=\"window.open('2023.html')\" title='{t}'></map>",
    "a choice": '<select onchange="location=this.value"><option value="">请选择</option><option value="2023.html">{t}</option></select>',
    "a choice that opens a window": '<select onchange="window.open(this.options[this.selectedIndex].value)"><option value="./2023.html">{t}</option></select>',
    "texts put together": "<a href='#' onclick=\"window.open('/xxgk/' + 'nb/' + '2023.html')\">{t}</a>",
    "a function with a folder": "<script>function view(n){{window.open('/xxgk/nb/'+n+'.html');}}</script><a href='javascript:view(2023)'>{t}</a>",
    "a function with two values": "<script>var view = function (dir, n) {{ if (n) {{ location.href = '/xxgk/' + dir + '/' + n + '.html' }} }}</script><a href=\"javascript:view('nb','2023')\">{t}</a>",
    "backslashes": '<a href="\\xxgk\\nb\\2023.html">{t}</a>',
    "backslashes upwards": '<a href="..\\nb\\2023.html">{t}</a>',
    "backslashes with a host": '<a href="http:\\\\www.linjiang.gov.cn\\xxgk\\nb\\2023.html">{t}</a>',
    "a protocol alone": '<a href="http:/xxgk/nb/2023.html">{t}</a>',
    "one slash too many": '<a href="http:///www.linjiang.gov.cn/xxgk/nb/2023.html">{t}</a>',
    "an escaped slash": "<a href='#' onclick=\"window.open('\\/xxgk\\/nb\\/2023.html')\">{t}</a>",
    "a line break in it": '<a href="20\n23.html">{t}</a>',
    "a drawing": '<svg><a xlink:href="2023.html"><text>{t}</text></a></svg>',
    "a report in a heading": "<h3 onclick=\"self.location='2023.html'\">{t}</h3>",
    "an arrow and a template": "<script>const view=(n)=>{{location.href=`/xxgk/nb/${{n}}.html`}}</script><a onclick='view(2023)'>{t}</a>",
    "a form's button": "<input type='button' value='{t}' onclick=\"location='2023.html'\">",
    "an attribute of a script library": "<li lay-href='2023.html'><b>1</b> {t} <i>2024-01-31</i></li>",
    "an attribute of its own": "<a href='javascript:;' url='/xxgk/nb/2023.html'>{t}</a>",
    "a name without a link and a link beside it": "<div><a href='javascript:;'>{t}</a> <a href='2023.html'>查看</a></div>",
    "a link beside a counter": "<a href='2023.html' onclick=\"count('/stat/x.html')\">{t}</a>",
    "an entry and its link": "<li onclick=\"open1('x.html')\"><a href='2023.html'>{t}</a></li>",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_found_however_it_is_linked(form: str) -> None:
    assert taken(FORMS[form].format(t=TITLE)) == ["2023.html"]


DOWNLOADS = {
    "a path": "<a href=\"javascript:download('2023.pdf')\">{t}</a>",
    "a path and a name": "<a href='#' onclick=\"downFile('/xxgk/nb/2023.pdf','年度报告.pdf')\">{t}</a>",
    "a name and a path": "<a href='#' onclick=\"downFile('年度报告.pdf','/xxgk/nb/2023.pdf')\">{t}</a>",
    "a kind of file beside it": "<a href='#' onclick=\"down('application/pdf','/xxgk/nb/2023.pdf')\">{t}</a>",
    "a row with a button": "<table><tr><td>{t}</td><td><a href='javascript:;' onclick=\"dl('2023.pdf')\">下载</a></td></tr></table>",
    "data-file": '<a href="#" data-file="/xxgk/nb/2023.pdf">{t}</a>',
}


@pytest.mark.parametrize("form", DOWNLOADS)
def test_a_function_that_downloads_has_the_path_in_it(form: str) -> None:
    assert taken(DOWNLOADS[form].format(t=TITLE)) == ["2023.pdf"]


@pytest.mark.parametrize(
    "html",
    [
        f'<a href="javascript:show(4711)">{TITLE}</a>',
        f'<a href="#" onclick="detail(4711, event)">{TITLE}</a>',
        f'<li onclick="vm.open(item)">{TITLE}</li>',
        f'<a href="javascript:;" data-id="4711">{TITLE}</a>',
        f"<a href=\"javascript:show('4711')\">{TITLE}</a><script>function show(id){{ajax(id)}}</script>",
    ],
)
def test_a_report_that_only_a_script_opens_is_named(html: str) -> None:
    page = read(html, START, SITE)
    assert (by_script(page), taken(html)) == ([TITLE], [])


@pytest.mark.parametrize(
    "html",
    [
        '<a href="javascript:;">政府信息公开年报</a>',  # the heading of a menu that unfolds
        '<a href="javascript:void(0)" onclick="return false">政府信息公开年报</a>',
        f'<a href="#">{TITLE}</a>',
        '<a href="javascript:show(1)">市长调研</a>',
        '<img data-url="/x.html" alt="">',
    ],
)
def test_what_opens_nothing_and_names_no_report_is_not_counted(html: str) -> None:
    page = read(html, START, SITE)
    assert (by_script(page), taken(html)) == ([], [])


def test_a_list_whose_entries_open_something_each_is_no_link_itself() -> None:
    rows = "".join(
        f"<li onclick=\"go('{year}.html')\">临江市{year}年政府信息公开工作年度报告</li>"
        for year in range(2008, 2024)
    )
    found = taken(f"<div onclick=\"track('/t.html')\"><ul>{rows}</ul></div>")
    assert found == [f"{year}.html" for year in range(2008, 2024)]


def test_further_pages_that_only_a_script_opens_are_named() -> None:
    page = read(f'<a href="1.html">{TITLE}</a><a href="javascript:goPage(2)">下一页</a>', START, SITE)
    assert by_script(page) == ["further pages"]
    known = f'<a href="1.html">{TITLE}</a><a href="javascript:goPage(2)">下一页</a><a href="index_2.shtml">尾页</a>'
    assert by_script(read(known, START, SITE)) == []


@pytest.mark.parametrize(
    "script",
    [
        'location.href = "real/";',
        "window.location.replace('real/')",
        "top.location = 'real/'",
        "self.location.assign( 'real/' );",
        "setTimeout(function () { document.location.href = 'rea' + 'l/'; }, 500)",
    ],
)
def test_a_page_that_sends_on_by_a_script_is_followed(script: str) -> None:
    page = read(f"<html><script>{script}</script><p>页面跳转中</p></html>", START, SITE)
    assert [(c.leads, c.url) for c in page.children] == [("list", "http://www.linjiang.gov.cn/xxgk/nb/real/")]
    long = f"<script>{script}</script><a href='1.html'>{TITLE}</a>{'<p>导航和正文</p>' * 60}"
    assert [c.url for c in read(long, START, SITE).children if c.leads == "list"] == []


def test_a_body_that_sends_on_when_it_is_loaded_is_followed() -> None:
    page = read("<body onload=\"location='real.html'\"></body>", START, SITE)
    assert [c.url for c in page.children] == ["http://www.linjiang.gov.cn/xxgk/nb/real.html"]


def test_a_list_in_a_frame_is_followed_where_the_page_has_none_itself() -> None:
    frame = '<iframe src="list.html"></iframe><iframe src="https://count.example.com/x.html"></iframe>'
    page = read(frame, START, SITE)
    assert [(c.leads, c.url.rpartition("/")[2]) for c in page.children] == [("list", "list.html")]
    assert taken(frame + f'<a href="1.html">{TITLE}</a>') == ["1.html"]
    assert read(frame + f'<a href="1.html">{TITLE}</a>', START, SITE).children[0].leads == "page"


def test_files_behind_a_click_belong_to_a_reports_page() -> None:
    html = f"<h1>{TITLE}</h1><a href='javascript:;' onclick=\"downloadFile('/upload/1.docx')\">附件</a>"
    page = read(html, START, SITE, entitled=TITLE)
    assert [c.url for c in page.attached] == ["http://www.linjiang.gov.cn/upload/1.docx"]


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("..\\a\\1.html?x=a\\b", "http://a.gov.cn/n/a/1.html?x=a%5Cb"),
        ("\\\\b.gov.cn\\1.html", "http://b.gov.cn/1.html"),
        ("http:1.html", "http://a.gov.cn/n/b/1.html"),
        ("https:/b.gov.cn/1.html", "https://b.gov.cn/1.html"),
        ("https:\\\\b.gov.cn\\1.html", "https://b.gov.cn/1.html"),
        ("HTTP://b.gov.cn/年报.html", "http://b.gov.cn/%E5%B9%B4%E6%8A%A5.html"),
        ("#\\x", None),
        ("mailto:a\\b@example.com", None),
        ("1.html#a\\b", "http://a.gov.cn/n/b/1.html"),
    ],
)
def test_slashes_are_read_as_browsers_read_them(link: str, found: str | None) -> None:
    assert resolve("http://a.gov.cn/n/b/", link) == found


def test_what_is_no_address() -> None:
    for text in (
        "_blank",
        "",
        "text/html",
        "2024/01/31",
        "width=800",
        "a b.html",
        "javascript:x('/a.html')",
        "^/a$",
        "/",
    ):
        assert not is_address(text), text
    assert address({"href": "#top"}, {}) == "#top"
    assert address({"onclick": "return false"}, {}) == ""
    assert not any(
        map(does_something, ("javascript:;", "javascript:void(0);", "javascript:", "return false;"))
    )
    assert redirect(("var location = 1; if (a.location == 'b') {}",)) == ""


def test_an_element_counts_once_whatever_opens_it() -> None:
    html = f"<li onclick=\"go('2023.html')\" data-url='2023.html'><a href='javascript:;'>{TITLE}</a></li>"
    assert [c.url.rpartition("/")[2] for c in read(html, START, SITE).children if c.leads == "page"] == [
        "2023.html"
    ]


def test_an_argument_that_names_a_parameter_stays_as_it_is() -> None:
    functions = find_functions(
        ["function show(path, id) { window.open('/nb/' + path + '?no=' + id + '&v=1'); }"]
    )
    assert address({"onclick": "show('a/id/2023.html', 5)"}, functions) == "/nb/a/id/2023.html?no=5&v=1"


@pytest.mark.parametrize(
    ("body", "given", "opened"),
    [
        ("location.href = '/nb/' + id;", "2023", "/nb/2023"),
        ("location.href = '/nb/' + id", "'2023.html'", "/nb/2023.html"),
        ('window.open("/nb/" + id)', "'2023.html'", "/nb/2023.html"),
        ("window.open(`/nb/${id}`)", "'2023.html'", "/nb/2023.html"),
        ("window.open('/nb/' + \"2023/\" + id + '.html?a=' + `1`)", "7", "/nb/2023/7.html?a=1"),
    ],
)
def test_texts_in_any_quotes_are_added_up(body: str, given: str, opened: str) -> None:
    functions = find_functions(["function show(id) { " + body + " }"])
    assert address({"href": f"javascript:show({given})"}, functions) == opened


@pytest.mark.parametrize(
    "attributes",
    [{"onclick": "a" * 2_000}, {"onclick": " " * 20_000 + "x"}],
    ids=["letters", "blanks"],
)
def test_an_attribute_made_to_harm_takes_no_time(attributes: dict[str, str | None]) -> None:
    begun = time.process_time()
    for _ in range(50):
        address(attributes, {})
    assert time.process_time() - begun < 0.5


def test_a_script_made_to_harm_takes_no_time() -> None:
    begun = time.process_time()
    find_functions([("function f" + " " * 19) * 17_000])
    assert time.process_time() - begun < 3.0


def test_arguments_do_not_grow_by_each_other() -> None:
    functions = find_functions(["function f(a, b, c) { location.href = '/x'; " + "a," * 900 + "}"])
    called = f"f('{'b ' * 75}', '{'c ' * 75}', '{'d' * 150}')"
    begun = time.process_time()
    assert address({"onclick": called}, functions) == "/x"
    assert time.process_time() - begun < 5.0
