"""Empty lines are blank boxes where every label has seven lines behind it."""

from gongkai.extract.plain.box_lines import read_box_lines

_ROW = ["3", "", "", "", "", "", "3"]
_TABLE = [line for n in range(1, 9) for line in (f"{n}.第{n}类信息", *_ROW)]


def test_empty_lines_between_labels_are_blank_boxes() -> None:
    lines = ["全年公开12条。", "", "三、申请情况", "", "自然人", "", *_TABLE, "", "四、复议情况"]
    found = read_box_lines(lines)
    assert found is not None
    assert [text for _, text in found] == [
        "全年公开12条。",
        "三、申请情况",
        "自然人",
        *_TABLE,
        "四、复议情况",
    ]


def test_the_place_that_a_group_covers_before_a_label_is_no_box_of_the_row_above() -> None:
    covered = [line for n in range(1, 9) for line in (f"{n}.第{n}类信息", *_ROW, "")]
    found = read_box_lines(covered)
    assert found is not None
    assert [text for _, text in found] == _TABLE


def test_rows_without_a_blank_box_or_with_too_many_are_left_alone() -> None:
    assert read_box_lines([line for line in _TABLE if line]) is None
    assert read_box_lines([*_TABLE, "9.第9类信息", *_ROW, *_ROW]) is None


def test_an_empty_line_behind_each_text_is_no_box_and_more_of_them_are() -> None:
    """As a page's paragraphs are saved: 3, an empty line, five for blank boxes, 3, an empty line."""
    spaced = [part for line in _TABLE for part in ((line, "") if line else ("",))]
    found = read_box_lines(["自然人", "", *spaced, "四、复议情况", ""])
    assert found is not None
    assert [text for _, text in found] == ["自然人", *_TABLE, "四、复议情况"]
    assert found[2] == (4, "3"), "the number of its line in the text"


def test_an_empty_line_behind_each_line_is_dropped() -> None:
    rows = [[f"{n}.重复申请", "1" if n == 3 else "", "", "", "", "", "", "1"] for n in range(9)]
    lines = [line for row in rows for box in row for line in (box, "")]
    got = read_box_lines(lines)
    assert got is not None
    assert [text for _, text in got] == [box for row in rows for box in row]


def test_boxes_without_any_number_are_not_known_to_be_blank() -> None:
    assert read_box_lines([line for n in range(9) for line in (f"{n}.重复申请", *(7 * [""]))]) is None
