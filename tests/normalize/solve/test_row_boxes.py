"""Rows put together from lines of text."""

from gongkai.model import Cell, Place, PlacedWord
from gongkai.normalize.solve.rows.row_boxes import drop_covered, keeps_blanks, may_be_swept


def row(*texts: str) -> list[PlacedWord]:
    return [
        PlacedWord(text, i, 0, i + 1, 1, Cell(0, i, 1, 1, text, Place()), box=True)
        for i, text in enumerate(texts)
    ]


def test_a_blank_before_a_number_shows_that_blanks_keep_their_places() -> None:
    assert keeps_blanks([row("1", "", "", "", "", "", "1")])
    assert not keeps_blanks([row("1", "1", "", "", "", "", ""), row("", "", "")])


def test_two_numbers_before_blanks_may_be_the_first_and_the_last() -> None:
    assert may_be_swept(row("3", "3", "", "", "", "", ""), keeps_blanks=False)
    assert may_be_swept(row("0", "0", "", "", "", "", ""), keeps_blanks=False)
    assert may_be_swept(row("3", "3", "", "", "", "", ""), keeps_blanks=True), "they do not add up to nothing"
    assert not may_be_swept(row("0", "0", "", "", "", "", ""), keeps_blanks=True)


def test_a_lone_zero_stands_in_the_first_box() -> None:
    assert not may_be_swept(row("0", "", "", "", "", "", ""), keeps_blanks=False)


def test_boxes_that_a_label_covers_are_taken_off_where_every_row_has_its_own_number_of_them() -> None:
    seven = ["1", "", "", "", "", "", "1"]
    rows = [
        ("new_requests", row(*seven, "", "")),
        ("granted", row(*seven, "")),
        ("denied_state_secret", row(*seven)),
    ]
    assert [len(boxes) for boxes in drop_covered(rows, 7)] == [7, 7, 7]


def test_one_box_too_many_in_one_row_leaves_all_as_they_are() -> None:
    seven = ["1", "", "", "", "", "", "1"]
    rows = [("new_requests", row(*seven, "", "")), ("granted", row(*seven))]
    assert [len(boxes) for boxes in drop_covered(rows, 7)] == [9, 7]


def test_the_rows_before_a_last_one_that_is_cut_are_read() -> None:
    seven = ["1", "", "", "", "", "", "1"]
    rows = [
        ("new_requests", row(*seven, "", "")),
        ("carried_in", row(*seven, "", "")),
        ("granted", row("1", "0")),
    ]
    assert [len(boxes) for boxes in drop_covered(rows, 7)] == [7, 7, 2]


def test_bars_behind_merged_columns_are_no_boxes() -> None:
    """The first six columns are one box here: 0 is the total, and what follows fills the row up."""
    merged = ["", "0", "", "", "", "", ""]
    rows = [("new_requests", row(*merged, "", "")), ("carried_in", row(*merged, "", ""))]
    assert [len(boxes) for boxes in drop_covered(rows, 7)] == [9, 9]
