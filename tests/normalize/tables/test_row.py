"""Rows of Grids built by hand."""

from __future__ import annotations

from gongkai.model import Cell, Grid, Place
from gongkai.normalize.tables.row import rows


def texts(*lines: list[str]) -> list[list[str]]:
    cells = tuple(
        Cell(r, c, 1, 1, text, Place()) for r, line in enumerate(lines) for c, text in enumerate(line)
    )
    grid = Grid(cells, len(lines), max(map(len, lines)), Place())
    return [[c.text for c in row.cells] for row in rows(grid, 0)]


def test_a_column_that_counts_the_rows_is_left_out() -> None:
    lines = [[str(n), "规章", str(9 * n)] for n in range(1, 6)]
    assert texts(["序号", "信息内容", "数量"], *lines) == [
        ["信息内容", "数量"],
        *(line[1:] for line in lines),
    ]


def test_a_first_column_of_other_figures_stays() -> None:
    lines = [["7", "规章"], ["8", "规章"], ["9", "规章"], ["11", "规章"]]
    assert texts(*lines) == lines


def test_labels_whose_spans_overlap_stand_in_the_order_of_their_rows() -> None:
    groups = [Cell(r, 0, 9 - r, 1, f"组{c}", Place()) for r, c in enumerate("戊丙甲丁乙己庚辛")]
    cells = (*groups, Cell(8, 1, 1, 1, "其他", Place()), Cell(8, 2, 1, 1, "1", Place()))
    last = rows(Grid(cells, 9, 3, Place()), 0)[-1]
    assert last.path == "组戊 / 组丙 / 组甲 / 组丁 / 组乙 / 组己 / 组庚 / 组辛 / 其他"
