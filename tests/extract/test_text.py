"""Flattened text: rows where tabs tell them, lines where nothing does."""

from __future__ import annotations

import pytest

from gongkai.extract import extract, text
from gongkai.extract.charset import decode
from gongkai.model import Document, Grid, Limits, Paragraph, Source, UnknownFormat


def read(content: str | bytes) -> Document:
    data = content.encode("utf-8") if isinstance(content, str) else content
    return text.read(Source("x.txt", data, "", len(data)), Limits())


def test_boxes_behind_tabs_are_rows_parted_by_empty_lines() -> None:
    (grid,) = read("\t规章\n\t0\n\t \n\n\t行政\n许可\n\t5\n\n").blocks
    assert isinstance(grid, Grid) and grid.counted
    assert [(c.row, c.column, c.text) for c in grid.cells] == [
        (0, 0, "规章"), (0, 1, "0"), (0, 2, " "), (1, 0, "行政\n许可"), (1, 1, "5"),
    ]  # fmt: skip


def test_lines_with_tabs_are_rows() -> None:
    blocks = read("前言\n规章\t0\t1\n行政许可\t5\t6\n后记。").blocks
    assert [b.text if isinstance(b, Paragraph) else str(b) for b in blocks] == [
        "前言",
        "规章 | 0 | 1\n行政许可 | 5 | 6",
        "后记。",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_the_encoding_is_found(encoding: str) -> None:
    (block,) = read("某县政府信息公开工作年度报告".encode(encoding)).blocks
    assert isinstance(block, Paragraph) and block.text == "某县政府信息公开工作年度报告"


def test_text_read_in_the_wrong_encoding_gives_nothing_and_says_so() -> None:
    garbled = (
        ("某县政府信息公开工作年度报告，全年主动公开信息。" * 20).encode("utf-8").decode("gb18030", "replace")
    )
    document = read(garbled)
    assert document.blocks == ()
    assert [f.code for f in document.findings] == ["mojibake"]


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\xff" * 40, b"<html><body><p>x</p></body></html>", b"{\\rtf1 x}", b"   "]
)
def test_what_is_no_plain_text_is_left_to_others(data: bytes) -> None:
    assert not text.sniff(data)


def test_bytes_that_nobody_knows_are_unknown() -> None:
    with pytest.raises(UnknownFormat):
        extract(Source("x", b"\x00\x01\x02\xff" * 40, "", 160))


def test_a_table_of_markdown_keeps_its_columns_and_loses_its_marks() -> None:
    text = (
        "# 标题\n\n| **规章** |  | 3 |\n| --- | :-: | --- |\n| a\\|b<br>c | | 4 |\n\n正文**（一）**很好。\n"
    )
    document = read(text)
    heading, grid, line = document.blocks
    assert isinstance(heading, Paragraph) and heading.text == "标题"
    assert isinstance(grid, Grid) and not grid.counted
    assert [c.text for c in grid.cells] == ["规章", "", "3", "a|b\nc", "", "4"]
    assert isinstance(line, Paragraph) and line.text == "正文（一）很好。"


def test_bars_without_a_line_of_dashes_are_no_markdown() -> None:
    assert all(isinstance(b, Paragraph) for b in read("规章 | 1 | 2\n行政许可 | 3\n").blocks)


def test_a_number_alone_on_a_line_is_the_rest_of_the_box_before_it() -> None:
    (grid,) = read("规章\t0\n行政许可\t\n12\n行政处罚\t3").blocks
    assert isinstance(grid, Grid)
    assert [c.text for c in grid.cells] == ["规章", "0", "行政许可", "\n12", "行政处罚", "3"]


def test_runs_of_blanks_part_boxes_where_rows_of_numbers_follow_each_other() -> None:
    (grid,) = read("信息内容    本年制发件数\n规章    3\n行政规范性文件　　4").blocks
    assert isinstance(grid, Grid) and grid.counted
    assert [c.text for c in grid.cells] == ["信息内容", "本年制发件数", "规章", "3", "行政规范性文件", "4"]


def test_a_signature_behind_blanks_is_no_table() -> None:
    blocks = read("正文。\n临江市林业局    办公室\n临江市    2022年").blocks
    assert all(isinstance(b, Paragraph) for b in blocks)


def test_a_markdown_row_that_was_broken_makes_no_table() -> None:
    blocks = read("| 规章 | 1 |\n| --- | --- |\n| 行政许可 |\n12 |\n").blocks
    assert all(isinstance(b, Paragraph) for b in blocks)


def test_a_text_with_a_few_tags_left_over_keeps_its_lines_and_tabs() -> None:
    lines = [f"行政许可{n}\t{n}" for n in range(20)]
    whole = "\n".join(
        ["公开9条。<br/>没有泄密。&nbsp;", *lines, "<p></p>", "<span style='x'>完</span>"]
    ).encode()
    document = extract(Source("x.txt", whole, "", len(whole)))
    assert document.format == "txt" and isinstance(document.blocks[1], Grid) and document.blocks[1].rows == 20


@pytest.mark.parametrize(
    "table",
    [
        "| 规章 | 1 |\n|---|---|\n| 许可 | 2<br>3 |",
        "{|\n| 规章\n| 1\n|-\n| <span>许可</span>\n| 2\n3\n|}",
        "+------+---+\n| 规章 | 1 |\n| 制度 |   |\n+------+---+\n| 许可 | 2 |\n|      |   |\n+------+---+\n| 无   |   |\n| 无   |   |\n+------+---+",
    ],
)
def test_markup_of_a_text_with_divisions_of_a_page_is_a_text(table: str) -> None:
    """pandoc keeps <div> and <span> of a page between the lines of Markdown and MediaWiki."""
    whole = f'<div class="nav">\n\n首页\n\n</div>\n\n<span>一、总体情况</span>\n\n{table}\n'.encode()
    document = extract(Source("x.txt", whole, "", len(whole)))
    assert document.format == "txt"
    texts = [b.text for b in document.blocks if isinstance(b, Paragraph)]
    assert texts[:2] == ["首页", "一、总体情况"]
    assert any(isinstance(b, Grid) for b in document.blocks)


def test_a_piece_of_a_page_is_no_text_with_tags_left_over() -> None:
    assert not text.sniff("\n".join(f"<p>第{n}段</p>" for n in range(20)).encode())
    assert not text.sniff("\n".join(["<table><tr><td>1</td></tr></table>", *"一二三四五六七八九十"]).encode())


def test_a_tab_that_begins_each_line_of_a_narrative_is_no_box() -> None:
    sentence = "根据《中华人民共和国政府信息公开条例》和县政府的统一部署，特向社会公布青石县教育局2019年政府信息公开工作年度报告，请予监督。"
    found = read(
        f"青石县教育局 \n\t2019年政府信息公开工作年度报告 \n\t\n\t{sentence} \n\t一、总体情况 \n\t{sentence}\n\t规章\n\t0\n\t1\n"
    )
    assert [b.text.strip() for b in found.blocks if isinstance(b, Paragraph)] == [
        "青石县教育局",
        "2019年政府信息公开工作年度报告",
        sentence,
        "一、总体情况",
        sentence,
    ]
    assert sum(isinstance(b, Grid) for b in found.blocks) == 1, (
        "the boxes behind the last sentence stay a table"
    )


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_chinese_that_was_read_as_a_western_encoding_and_saved_so_is_undone(encoding: str) -> None:
    """As some programs do with a page whose encoding they do not know."""
    report = "某县人民政府2023年政府信息公开工作年度报告\n为保障公民、法人和其他组织依法获取政府信息，本机关向社会公布工作情况。\n"
    data = report.encode(encoding).decode("latin-1").encode()
    assert decode(data) == (report, encoding)
    french = (
        "L'été dernier, à Besançon, l'élève étudiait près de la forêt où naît la rivière. " * 9
    ).encode()
    assert decode(french) == (french.decode(), "utf-8-sig")


def test_half_of_a_wide_character_is_a_wide_blank() -> None:
    """elinks writes the half of a wide character, a blank box for one, as bytes that are no UTF-8."""
    assert decode("行政处罚".encode() + b"  \xfd\xbf\xbf\xbd\xa3\xac  0") == (
        "行政处罚  \u3000  0",
        "utf-8-sig",
    )
