"""Web pages: the article, its tables with spans, and what the page says of itself."""

from __future__ import annotations

import json
from html import escape as html_escape

import pytest

from gongkai.extract import extract, find_reader, html, mhtml
from gongkai.model import Document, Grid, Limits, Paragraph, Source, TooLarge

PROSE = "<p>" + "本年度主动公开各类信息，按时答复申请。" * 8 + "</p>"


def read(page: str | bytes, limits: Limits = Limits()) -> Document:
    data = page.encode("utf-8") if isinstance(page, str) else page
    return html.read(Source("x.html", data, "", len(data)), limits)


def grid(rows: str) -> str:
    (found,) = [b for b in read(f"<body>{PROSE}<table>{rows}</table></body>").blocks if isinstance(b, Grid)]
    return str(found)


def test_spans_take_their_boxes() -> None:
    rows = "<tr><td rowspan=2>甲<td colspan=2>乙<tr><td>1<td>2"
    assert grid(rows) == "甲 | 乙 | ·\n· | 1 | 2"


def test_an_absurd_span_ends_with_the_table() -> None:
    rows = '<tr><td rowspan="1000000000">甲</td><td>1</td></tr><tr><td>2</td></tr>'
    assert grid(rows) == "甲 | 1\n· | 2"


def test_paragraphs_and_breaks_in_a_box_are_lines() -> None:
    assert (
        grid("<tr><td><p>商业</p><p>企业</p></td><td>本年新<br>制作</td></tr>") == "商业/企业 | 本年新/制作"
    )


def test_runs_of_one_number_are_one_number() -> None:
    assert grid("<tr><td>年</td><td><span>20</span><span>23</span></td></tr>") == "年 | 2023"


def test_a_mark_of_a_footnote_is_not_a_digit() -> None:
    assert grid("<tr><td>甲</td><td>5<sup>1</sup></td></tr>") == "甲 | 5"


def test_no_break_spaces_stay_in_a_blank_box() -> None:
    blocks = read(f"<body>{PROSE}<table><tr><td>甲</td><td>&nbsp;</td></tr></table></body>").blocks
    (found,) = [b for b in blocks if isinstance(b, Grid)]
    assert found.cells[1].text == "\xa0"


def test_navigation_footer_and_scripts_are_not_the_article() -> None:
    page = (
        "<body><div><a href=/>首页</a><a href=/a>新闻</a></div><table><tr><th>发布机构：</th><td>某县财政局</td></tr>"
        f"<tr><th>发布日期：</th><td>2023-01-05</td></tr></table><div>{PROSE}{PROSE}</div>"
        "<div>主办：某县政府</div><script>document.write('<p>x</p>')</script></body>"
    )
    document = read(page)
    assert {b.text[:6] for b in document.blocks if isinstance(b, Paragraph)} == {"本年度主动公"}
    assert ("发布机构", "某县财政局") in document.metadata
    assert ("发布日期", "2023-01-05") in document.metadata


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("declared", ["", "gb2312", "utf-8"])
def test_a_false_declaration_is_seen_through(encoding: str, declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body>{PROSE}</body></html>'.encode(encoding)
    (block,) = read(page).blocks
    assert isinstance(block, Paragraph) and block.text.startswith("本年度主动公开")


def test_a_few_damaged_bytes_are_said_and_do_not_lose_the_page() -> None:
    data = f"<body>{PROSE * 5}</body>".encode("gb18030").replace("申".encode("gb18030"), b"\xff", 1)
    assert [f.code for f in read(data).findings] == ["characters-damaged"]


def test_tags_nested_without_end_are_refused_before_parsing() -> None:
    with pytest.raises(TooLarge, match="nested"):
        read("<body>" + "<div>" * 200_000)


def test_a_table_of_too_many_boxes_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(f"<body>{PROSE}<table>" + "<tr>" + "<td>1" * 500 + "</table>", Limits(cells=100))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("<html><body>年度报告</body></html>".encode("gb18030"), "html"),
        ("某县年度报告\n一、总体情况\n".encode(), "text"),
        (b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<html><body>x</body></html>", "mhtml"),
        (b"%PDF-1.4\n<html>", "pdf"),
    ],
)
def test_exactly_one_reader_says_yes(data: bytes, name: str) -> None:
    assert find_reader(data).__name__ == f"gongkai.extract.{name}"


def test_a_page_saved_with_its_pictures_is_read_like_the_page() -> None:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n'
    data = head + f"<html><body>{PROSE}</body></html>".encode() + b"\r\n--b--\r\n"
    document = extract(Source("x.doc", data, "", len(data)))
    assert (document.format, len(document.blocks)) == ("mhtml", 1)
    assert mhtml.sniff(data)


def table(rows: str, head: str = "", box: str = "table") -> str:
    """A page with one table: its grid as text."""
    page = f"<html><head>{head}</head><body>{PROSE}<{box}>{rows}</{box.split()[0]}></body></html>"
    (found,) = [b for b in read(page).blocks if isinstance(b, Grid)]
    return str(found)


def test_a_foot_before_the_body_is_drawn_last() -> None:
    rows = "<tfoot><tr><td>末<td>3</tfoot><thead><tr><td>首<td>1</thead><tbody><tr><td>中<td>2</tbody>"
    assert table(rows) == "首 | 1\n中 | 2\n末 | 3"


def test_hidden_rows_and_boxes_are_not_there() -> None:
    rows = "<tr><td style='display: none'>9<td>甲<td>1<tr style='display:none'><td>7<td>7<tr><td>乙<td>2"
    assert table(rows) == "甲 | 1\n乙 | 2"


def test_what_a_style_sheet_hides_is_not_there() -> None:
    sheet = "<style>/* .c{display:none} */ .a, #b {color:red; display: none} @media print{.d{display:none}}</style>"
    rows = "<tr class=a><td>9<td>9<tr id=b><td>8<td>8<tr class='c d'><td>甲<td>1"
    assert table(rows, sheet) == "甲 | 1"


def test_the_last_rule_of_a_sheet_holds() -> None:
    sheet = "<style>.a{display:none} .a{display:block}</style>"
    assert table("<tr class=a><td>甲<td>1", sheet) == "甲 | 1"


def test_figures_that_are_crossed_out_are_left_out_and_it_is_said() -> None:
    rows = "<tr><td>甲</td><td><del>5</del>8</td></tr><tr><td>乙</td><td><span style='text-decoration:line-through'>3</span>4</td></tr>"
    page = read(f"<body>{PROSE}<table>{rows}</table></body>")
    (found,) = [b for b in page.blocks if isinstance(b, Grid)]
    assert str(found) == "甲 | 8\n乙 | 4"
    assert [f.code for f in page.findings] == ["text-left-out"]


def test_a_box_with_a_picture_of_its_number_is_not_blank() -> None:
    assert (
        table("<tr><td>甲</td><td><img src=5.gif></td><td><img src=x.gif width=1></td></tr>")
        == "甲 | \ufffc[picture] | "
    )


def test_a_field_to_fill_in_holds_its_value_or_nobody_knows() -> None:
    assert (
        table("<tr><td>甲</td><td><input value=12></td><td><input></td></tr>")
        == "甲 | 12 | \ufffc[form field]"
    )


def test_elements_drawn_as_a_table_are_one() -> None:
    rows = "".join(
        f'<div style="display:table-row"><div class=c>{a}</div><div class=c>{b}</div></div>'
        for a, b in ("甲1", "乙2")
    )
    sheet = "<style>.c{display:table-cell}</style>"
    assert table(rows, sheet, 'div style="display:table"') == "甲 | 1\n乙 | 2"


def test_a_table_in_a_box_is_the_boxs_text() -> None:
    rows = "<tr><td>甲</td><td><table><tr><td>1</td></tr></table></td></tr>"
    assert table(rows) == "甲 | 1"


def test_text_with_tabs_in_a_pre_is_a_table() -> None:
    blocks = read(f"<body>{PROSE}<pre>项目\t数量\n甲\t1\n乙\t2</pre></body>").blocks
    (found,) = [b for b in blocks if isinstance(b, Grid)]
    assert str(found) == "项目 | 数量\n甲 | 1\n乙 | 2"


ARTICLE = f"<h1>题名</h1>{PROSE * 4}<table><tr><td>甲</td><td>1</td></tr></table>"


@pytest.mark.parametrize(
    "around",
    [
        f"<iframe srcdoc='{ARTICLE}'></iframe>",
        f"<template>{ARTICLE}</template>",
        f"<noscript>{ARTICLE}</noscript>",
        f"<textarea>{html_escape(ARTICLE)}</textarea>",
        f'<input type="hidden" value="{html_escape(ARTICLE, quote=True)}">',
        f"<script>var a = {json.dumps({'content': ARTICLE})}</script>",
        f"<script type='application/json'>{json.dumps([ARTICLE]).replace('</', '<' + chr(92) + '/')}</script>",
        f"<script>var a = '{ARTICLE}'</script>",
        f"<div style='display:none'>{ARTICLE}</div>",
    ],
)
def test_an_article_that_a_program_puts_on_the_page_is_read_from_there(around: str) -> None:
    document = read(f"<body><ul><li><a href=/>首页</a></li></ul><div id=app></div>{around}</body>")
    assert [str(b) for b in document.blocks if isinstance(b, Grid)] == ["甲 | 1"]
    assert [f.code for f in document.findings] == ["article-embedded"]


def test_a_page_that_shows_its_table_is_read_as_it_shows_it() -> None:
    other = ARTICLE.replace("<td>1<", "<td>2<")
    document = read(f"<body>{ARTICLE}<script>var a = {json.dumps(other)}</script></body>")
    assert [str(b) for b in document.blocks if isinstance(b, Grid)] == ["甲 | 1"]
    assert document.findings == ()


def test_what_the_page_says_of_itself_may_stand_in_brackets_or_on_two_lines() -> None:
    page = (
        "<body><div><div>【发布机构】</div><div>某县财政局</div><dl><dt>文号：</dt><dd>某财〔2024〕1号</dd></dl></div>"
        f"<div>{PROSE}{PROSE}{PROSE}</div></body>"
    )
    assert {("发布机构", "某县财政局"), ("文号", "某财〔2024〕1号")} <= set(read(page).metadata)


def test_a_heading_beside_the_largest_part_keeps_it_in_the_article() -> None:
    rows = "".join(f"<tr><td>很长的行标题{n}</td><td>{n}</td></tr>" for n in range(40))
    page = f"<body><div><div><p>一、总体情况</p><p>按时办结。</p></div><div><table>{rows}</table></div></div></body>"
    assert [b.text for b in read(page).blocks if isinstance(b, Paragraph)] == ["一、总体情况", "按时办结。"]


def test_a_page_saved_by_word_is_a_page() -> None:
    page = (
        '<html xmlns:w="urn:x"><head><!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]--></head>'
        f"<body>{PROSE}</body></html>"
    )
    assert html.sniff(page.encode())
    assert not html.sniff(
        b'<?xml version="1.0"?><w:wordDocument><w:body><w:p>x</w:p></w:body></w:wordDocument>'
    )


def test_the_page_with_the_text_is_the_article_of_a_saved_message() -> None:
    data = b'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    for page in ("<html><body><p>首页</p></body></html>", f"<html><body>{ARTICLE}</body></html>"):
        data += (
            b"--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + page.encode()
            + b"\r\n"
        )
    document = mhtml.read(Source("x.mht", data + b"--b--\r\n", "", 0), Limits())
    assert [str(b) for b in document.blocks if isinstance(b, Grid)] == ["甲 | 1"]


@pytest.mark.parametrize("address", ["cid:css-1@mhtml.blink", "css/site.css?v=2"])
def test_the_sheets_that_are_saved_beside_a_page_hide_what_they_hide(address: str) -> None:
    own = (
        f"Content-ID: <{address[4:]}>"
        if address.startswith("cid:")
        else "Content-Location: http://a.cn/css/site.css"
    )
    table = "<table><tr><td>甲</td><td><i class=old>9</i>1</td></tr></table>"
    page = f'<html><head><link rel="stylesheet" type="text/css" href="{address}"></head><body>{PROSE}{table}</body></html>'
    data = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        f"Content-Type: text/html\r\nContent-Location: http://a.cn/1.html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{page}\r\n"
        f"--b\r\nContent-Type: text/css\r\n{own}\r\n\r\n.old {{ display: none }}\r\n--b--\r\n"
    ).encode()
    document = mhtml.read(Source("x.mht", data, "", len(data)), Limits())
    assert [str(b) for b in document.blocks if isinstance(b, Grid)] == ["甲 | 1"]


def test_a_page_that_only_links_to_documents_says_so() -> None:
    page = read('<body><h1>某县2023年年报</h1><p><a href="/P0203.docx?x=1">年报.docx</a></p></body>')
    assert [(f.code, f.severity) for f in page.findings] == [("attachments-only", "error")]
    assert read(f'<body>{ARTICLE}<a href="a.pdf">附件</a></body>').findings == ()


def test_a_processing_instruction_shows_nothing() -> None:
    assert grid("<tr><td>甲<?p ?></td><td><?p ?>5</td></tr>") == "甲 | 5"
    assert "治理" in str(read(f"<body>{PROSE}<p>治<?p ?>理</p></body>").blocks)


@pytest.mark.parametrize("unit", [b"<div>", b"<div></b>", b"<span></font></DIV>", b"<b><p></i>"])
def test_tags_nested_without_end_are_refused_whatever_closes_between_them(unit: bytes) -> None:
    data = b"<html><body>" + unit * 50_000
    with pytest.raises(TooLarge, match="nested"):
        html.read(Source("a.html", data, "", len(data)), Limits())
