"""Web pages: the article, its tables with spans, and what the page says of itself."""

from __future__ import annotations

import pytest

from extract import extract, html, mhtml, reader
from model import Document, Grid, Limits, Paragraph, Source, TooLarge

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
    assert reader(data).__name__ == f"extract.{name}"


def test_a_page_saved_with_its_pictures_is_read_like_the_page() -> None:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n'
    data = head + f"<html><body>{PROSE}</body></html>".encode() + b"\r\n--b--\r\n"
    document = extract(Source("x.doc", data, "", len(data)))
    assert (document.format, len(document.blocks)) == ("mhtml", 1)
    assert mhtml.sniff(data)
