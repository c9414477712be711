"""Tables of a text whose boxes other signs than tabs part."""

from __future__ import annotations

import pytest

from gongkai.extract.plain.marked_tables import put_tabs

_CSV = """二、主动公开政府信息情况
第二十条第（一）项
信息内容,本年制发件数,本年废止件数,现行有效件数
规章,0,0,3
行政规范性文件,2,,"1,204"
行政许可（含简易,程序）,85,0,0
行政处罚,3,0,0
行政强制,0,0,0
行政收费,0,0,1.26
"""


def rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in put_tabs(text).splitlines() if "\t" in line]


def test_commas_part_the_boxes_of_csv() -> None:
    assert rows(_CSV)[:3] == [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "0", "3"],
        ["行政规范性文件", "2", "", "1,204"],
    ]


def test_prose_of_a_csv_file_is_as_it_was_before_it_was_put_in_quotation_marks() -> None:
    lines = put_tabs('"今年,我局公开信息""三百""条。"\n' + _CSV + "结束,,,\n").splitlines()
    assert lines[0] == '今年,我局公开信息"三百"条。'
    assert lines[1] == "二、主动公开政府信息情况"


def test_columns_behind_the_last_text_of_a_table_are_those_of_a_wider_one() -> None:
    wide = [f"第{n}行,{n},0,0,0,{n}" for n in range(4)]
    narrow = ["类别,结果维持,总计,,,", "行政复议,1,1,,,", "行政诉讼,,0,,,"]
    tail = ["六、其他需要报告的事项,,,,,", "无,,,,,", "清溪县水利局,,,,,", "2024年1月22日,,,,,"]
    text = "\n".join([*wide, ",,,,,", *narrow, "全年没有投诉。,,,,,", *tail]) + "\n"
    assert rows(text) == [
        *([f"第{n}行", str(n), "0", "0", "0", str(n)] for n in range(4)),
        [""] * 6,
        ["类别", "结果维持", "总计"],
        ["行政复议", "1", "1"],
        ["行政诉讼", "", "0"],
    ]
    assert put_tabs(text).splitlines()[-4:] == [line.rstrip(",") for line in tail]


def test_a_box_in_quotation_marks_may_go_over_lines() -> None:
    assert ["行政规范性文件", "2", "0", "7"] in rows(_CSV + '"行政\n规范性文件",2,0,7\n')


@pytest.mark.parametrize(
    "text",
    [
        "1,204\n2,305\n12,400\n1,000\n3,100\n4,200\n5,300\n",  # numbers, a line each
        "\n".join(["规章 0 0 1,204", "行政许可 12 3 4,305", "行政处罚 1 1 1,000"] * 4),  # blanks part these
        "今年,我局公开3条,\n办结5件,\n共计8件。\n" * 4,
    ],
)
def test_commas_within_numbers_and_sentences_part_nothing(text: str) -> None:
    assert put_tabs(text) == text


def test_dashes_above_the_columns_show_where_blank_boxes_are() -> None:
    text = """
  ---------------- ------ ------ ------
  规章             0             5
  “三安全”文件            1      1
                                 
  ---------------- ------ ------ ------
"""
    assert rows(text) == [["规章", "0", "", "5"], ["“三安全”文件", "", "1", "1"], ["", "", "", ""]]


def test_rows_over_several_lines_end_at_an_empty_one() -> None:
    text = """--------------------------
信息内容      制发件数
------------- ------------
行政规范      12
性文件

规章          3
--------------------------
"""
    assert rows(text) == [["信息内容", "制发件数"], ["行政规范性文件", "12"], ["规章", "3"]]


def test_two_numbers_of_one_column_are_two_rows() -> None:
    text = "  ---- ----\n  规章 0\n  许可 1\n\n  处罚 2\n  ---- ----\n"
    assert put_tabs(text) == text


def test_a_text_that_stands_between_two_columns_leaves_the_table_as_it_is() -> None:
    text = "  ---- ----\n  规章制度 0\n  许可 1\n  ---- ----\n"
    assert put_tabs(text) == text


def test_signs_of_equality_are_ruled_lines_too() -> None:
    text = "====== ==\n类别   数\n====== ==\n规章   1\n\\      2\n====== ==\n"
    assert rows(text) == [["类别", "数"], ["规章", "1"], ["", "2"]]


def test_rows_between_ruled_lines_may_be_wrapped() -> None:
    rule = "+------+------+\n"
    text = (
        rule
        + "| 行政 | 5    |\n| 许可 |      |\n"
        + rule
        + "| 规章 |      |\n"
        + rule
        + "| 处罚 | 1    |\n"
        + rule
    )
    assert rows(text) == [["行政许可", "5"], ["规章", ""], ["处罚", "1"]]


def test_as_many_bars_in_every_line_part_rows_with_blank_boxes_at_their_ends() -> None:
    text = "规章 | 0 |  | \n许可 |  |  | 3\n处罚 | 1 | 1 | 2\n"
    assert rows(text) == [["规章", "0", "", ""], ["许可", "", "", "3"], ["处罚", "1", "1", "2"]]
    broken = "规章 | 0 |  | \n许可 |  |  | 3\n处罚 | 1 |\n 1 | 2\n"
    assert put_tabs(broken) == broken


def test_a_table_of_asciidoc_has_as_many_boxes_a_row_as_it_says() -> None:
    text = '[cols=",,",]\n|===\n|规章 |0 |\n|行政\n许可 | |3\n|===\n'
    assert rows(text) == [["规章", "0", ""], ["行政许可", "", "3"]]


def test_a_table_of_mediawiki_has_a_box_a_line() -> None:
    text = '{| class="wikitable"\n! 信息内容 !! 制发\n|-\n| 规章\n|\n|-\n| colspan="2" | 行政许可\n| 3\n|}\n'
    assert rows(text) == [["信息内容", "制发"], ["规章", ""], ["行政许可", "3"]]


def test_a_box_of_asciidoc_says_how_far_it_spans() -> None:
    text = '[cols="1,1,1,1"]\n|===\n.2+a|\n三、结果\n2+|合计 |7\na|\n公开\n\na| |3 2+^|许可 |1 |2\n|===\n'
    assert rows(text) == [["三、结果", "合计", "", "7"], ["", "公开", "", "3"], ["许可", "", "1", "2"]]
    assert rows(text.replace("2+|合计", "9+|合计")) == []


def test_headings_of_mediawiki_lose_their_marks() -> None:
    text = "== 三、申请情况 ==\n'''四、诉讼'''\n{|\n| 规章\n| 1\n|}\n"
    assert put_tabs(text).split("\n")[:2] == ["三、申请情况", "四、诉讼"]


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        (("::: se", "ction", "5", ":::"), "5"),
        ((".. con", "tainer", "::", "section", "", "5"), "5"),
        (("::: td", "规章", ":::"), "规章"),
        (("::: td", "15", ":::"), "::: td15:::"),
    ],
)
def test_the_name_of_a_part_of_a_page_is_no_text_of_its_box(part: tuple[str, ...], seen: str) -> None:
    """A name may end in a figure: where a figure follows one, nobody knows whose it is."""
    rule = "+---------+\n"
    box = "".join(f"| {line} |\n" for line in part)
    grid = rule + box + rule + "| 规章 |\n| 制度 |\n" + rule + "| 一 |\n| 二 |\n" + rule
    assert put_tabs(grid).splitlines()[1] == seen


def test_a_row_of_a_grid_of_narrow_columns_is_tall() -> None:
    rule = "+----+---+\n"
    label = "行政机关不再处理其政府信息公开申请"
    tall = "".join(f"| {c} | {7 if i == 0 else ' '} |\n" for i, c in enumerate(label))
    assert rows(rule + (tall + rule) * 3) == [[label, "7"]] * 3
