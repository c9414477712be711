"""Printed text to value."""

from decimal import Decimal

import pytest

from gongkai.model import UNREAD, list_unread, mark_unread
from gongkai.normalize.form.label import key
from gongkai.normalize.form.number import NotANumber, is_blank, is_label, parse, to_ten_thousand_yuan


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("3001", "3001"),
        ("　　0", "0"),
        ("\xa09", "9"),
        ("１,２３４ 件", "1234"),
        ("９６１７１．６", "96171.6"),
        ("1,362", "1362"),
        ("4，147.8027", "4147.8027"),
        ("1 2 3", "123"),
        ("12 345", "12345"),
        ("减3", "-3"),
        ("减少3", "-3"),
        ("-3", "-3"),
        ("－3", "-3"),
        ("−3", "-3"),
        ("\u20103", "-3"),
        ("\u20113", "-3"),
        ("–3", "-3"),
        ("— 3", "-3"),
        ("―3", "-3"),
        ("\ufe633", "-3"),
        ("638. 3", "638.3"),
        ("增2", "2"),
        ("增加17", "17"),
        ("+2", "2"),
        ("251000元", "251000"),
        ("103.3879万元", "103.3879"),
        ("23 项", "23"),
        ("零", "0"),
    ],
)
def test_a_printed_number_is_read_as_it_stands(printed: str, value: str) -> None:
    number = parse(printed)
    assert (number.value, number.blank) == (Decimal(value), False)


@pytest.mark.parametrize(
    "printed",
    ["", " ", "　　", "\xa0\xa0", "\n", "\u200b", "/", "／", "—", "——", "-", "－", "\\", "无", "N/A"],
)
def test_a_blank_and_a_placeholder_are_zero_and_blank(printed: str) -> None:
    assert parse(printed)[:2] == (Decimal(0), True)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("12（含上年结转2）", "12"),
        ("12(其中网上申请6件)", "12"),
        ("12件（35.3%）", "12"),
        ("↑3", "3"),
        ("↓2", "-2"),
        ("增长5", "5"),
        ("持平", "0"),
        ("○", "0"),
        ("人民币3.5万元", "3.5"),
    ],
)
def test_a_figure_is_read_beside_what_explains_it(printed: str, value: str) -> None:
    assert parse(printed)[:2] == (Decimal(value), False)


@pytest.mark.parametrize("printed", ["12（3）", "（12）", "12（2022年为3）", "增长5%", "人民币3", "12%"])
def test_a_second_figure_that_may_be_the_value_leaves_the_box_unread(printed: str) -> None:
    with pytest.raises(NotANumber):
        parse(printed)


def test_a_printed_zero_is_not_blank() -> None:
    assert parse("0")[:2] == (Decimal(0), False)


@pytest.mark.parametrize(
    "printed",
    [
        "若干",
        "12/13",
        "1,23",
        "1\n2",
        "12 3",
        "1  2",
        "5 0 0.",
        "一",
        "3.1.2",
        "约5",
        "五",
        "O",
        "1\t2",
        "1\r2",
        "1\u20282",
        "1\u30002",
        "1\u2003.5",
        "1. 5",
        "\u202e21",
        "--3",
        "3-",
    ],
)
def test_anything_else_is_no_number(printed: str) -> None:
    with pytest.raises(NotANumber):
        parse(printed)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("80618", "元", "8.0618"),
        ("160.5964", "万元", "160.5964"),
        ("52.15", "", "52.15"),
        ("2", "亿元", "20000"),
    ],
)
def test_money_is_in_ten_thousand_yuan_where_a_unit_is_stated(value: str, unit: str, expected: str) -> None:
    assert to_ten_thousand_yuan(Decimal(value), unit) == Decimal(expected)


@pytest.mark.parametrize(
    "printed",
    ["12①", "12 ③", "12²", "12*", "１２⑴", "12[3]", "12 ［３］", "12〔1〕", "12注1", "12（注1）", "12†"],
)
def test_a_footnote_mark_behind_a_figure_is_no_digit(printed: str) -> None:
    assert parse(printed)[:2] == (Decimal(12), False)


@pytest.mark.parametrize("printed", ["①", "½", "1½", "㈠", "①2"])
def test_a_number_in_one_character_is_none(printed: str) -> None:
    with pytest.raises(NotANumber):
        parse(printed)


@pytest.mark.parametrize("beside", ["", "24", "2 ", "无", "/"])
def test_a_box_with_something_that_was_not_read_is_no_number_no_blank_and_no_label(beside: str) -> None:
    for printed in (beside + mark_unread("picture"), mark_unread("equation") + beside, beside + UNREAD):
        with pytest.raises(NotANumber):
            parse(printed)
        assert not is_blank(printed)
        assert not is_label(printed)


def test_a_label_beside_something_that_was_not_read_is_still_a_label() -> None:
    assert is_label("行政许可" + mark_unread("picture"))
    assert key("（三）不予公开" + mark_unread("symbol")) == key("（三）不予公开")


def test_a_mark_says_what_was_not_read() -> None:
    assert list_unread(mark_unread("picture") + "12" + UNREAD) == ("picture", "object")
    assert list_unread("12") == ()
