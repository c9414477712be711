"""Labels in the text of a report without a value: a table that was not read, or the menu of a site."""

from __future__ import annotations

from gongkai.model import Paragraph, Place
from gongkai.normalize.form.lexicon import read_lexicon
from gongkai.normalize.tables.unread_tables import has_labels


def found(*lines: str) -> bool:
    return has_labels([Paragraph(line, Place(block=i)) for i, line in enumerate(lines)], read_lexicon())


def test_the_menu_of_a_site_is_no_table() -> None:
    assert not found(
        "规章", "行政规范性文件", "行政许可", "行政处罚", "行政强制", "行政事业性收费", "政府集中采购"
    )


def test_heads_and_rows_of_a_table_are_one_that_was_not_read() -> None:
    assert found(
        "信息内容", "本年制发件数", "本年废止件数", "现行有效件数", "规章", "信息内容", "本年处理决定数量"
    )
    assert found("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "总计")


def test_a_table_that_ran_into_one_line_is_one_that_was_not_read() -> None:
    words = "信息内容 本年制发件数 本年废止件数 现行有效件数 规章 0 0 0 行政规范性文件 30 11 21 信息内容 本年处理决定数量"
    assert found(f"{words} 行政许可 120 信息内容 本年处理决定数量 行政处罚 9 行政强制 0")
    assert not found("信息内容 本年制发件数 本年废止件数 现行有效件数 规章 行政规范性文件")
