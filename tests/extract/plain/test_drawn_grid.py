"""Tables drawn in characters keep their spans, however many places a character takes."""

import pytest

from gongkai.extract.plain.drawn_grid import read_drawn_grid

_PANDOC = """\
+------+------------------------+-----+------------+
| 项目                          | 申请人情况       |
|                               +-----+------------+
|                               | 人  | 商业       |
+------+------------------------+-----+------------+
| 三、 | 3.危及“三安全一稳定”   | 1   |            |
|      +------------------------+-----+------------+
|      | 4.保护                 |     | 2          |
+------+------------------------+-----+------------+
"""
_SIGNS_OF_TWO_PLACES = """\
┌──┬─┬─┐
│信息│件│数│
├──┼─┴─┤
│规章│12    │
├──┼─┬─┤
│许可│3 │  │
└──┴─┴─┘
"""
_COUNTED_BY_LENGTH = """\
+----+-----+
| 信息 | 件数  |
+====+=====+
| 规章 | 12  |
+----+-----+
| 许可 | 345 |
+----+-----+
"""


def test_a_grid_of_pandoc_keeps_its_spans() -> None:
    grid = _read(_PANDOC)
    assert str(grid) == (
        "项目 | · | 申请人情况 | ·\n· | · | 人 | 商业\n三、 | 3.危及“三安全一稳定” | 1 | \n· | 4.保护 |  | 2"
    )


def test_signs_that_take_two_places_stand_over_letters_of_two() -> None:
    assert str(_read(_SIGNS_OF_TWO_PLACES)) == "信息 | 件 | 数\n规章 | 12 | ·\n许可 | 3 | "


def test_walls_that_were_set_by_the_number_of_characters_are_found() -> None:
    assert str(_read(_COUNTED_BY_LENGTH)) == "信息 | 件数\n规章 | 12\n许可 | 345"


@pytest.mark.parametrize(
    "broken",
    [
        _PANDOC.replace("| 1   |            |", "| 1      |         |"),  # a wall that stands nowhere
        _PANDOC.rsplit("\n", 2)[0],  # no line closes the table
        "+----+----+\n| 规章 | 1  |\n",
    ],
)
def test_a_grid_whose_walls_do_not_meet_is_none(broken: str) -> None:
    grid = read_drawn_grid(broken.split("\n"), 0, 0)
    assert grid is None or "4.保护" not in str(grid[0])


def _read(text: str) -> object:
    found = read_drawn_grid(text.split("\n"), 0, 0)
    assert found is not None
    grid, end = found
    assert end == text.count("\n")
    return grid
