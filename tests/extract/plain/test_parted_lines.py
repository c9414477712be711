"""Rows whose boxes one wide blank parts, or whose values are listed behind a colon."""

import pytest

from gongkai.extract.plain.parted_lines import put_tabs_between

_LABELS = [f"{n}.属于第{n}类信息" for n in range(1, 10)]


def test_wide_blanks_part_boxes_and_blank_ones_are_kept() -> None:
    rows = [f"{label}　1　　　　　　1" for label in _LABELS]
    head = "信息内容　本年制发件数"
    prose = "　　全年公开12条。"
    got = put_tabs_between([prose, head, *rows])
    assert got == [prose, "信息内容\t本年制发件数", *(f"{label}\t1\t\t\t\t\t\t1" for label in _LABELS)]


@pytest.mark.parametrize("sign", ["，", "、", ", ", ",", "；", " "])
def test_values_listed_behind_a_colon_are_boxes(sign: str) -> None:
    numbers = ["1", "0", "2", "0", "0", "0", "3"]
    got = put_tabs_between([f"{label}：{sign.join(numbers)}" for label in _LABELS])
    assert got == ["\t".join([label, *numbers]) for label in _LABELS]


def test_thousands_behind_commas_are_not_parted() -> None:
    lines = [f"{label}：1,234,0,0,0,0,0,1,234" for label in _LABELS]
    assert put_tabs_between(lines) == lines


def test_sentences_with_a_colon_stay_as_they_are() -> None:
    lines = ["（一）主动公开：制发规章1件，废止2件。", "电话：12，34"]
    assert put_tabs_between(lines) == lines
