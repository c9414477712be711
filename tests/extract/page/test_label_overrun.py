"""Labels that a program writes in one line, over the walls of their boxes and through the numbers behind."""

from __future__ import annotations

import pytest

from gongkai.extract.page.borderless import find_aligned_grids
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import group_lines
from gongkai.extract.page.ruled_table import find_grids
from gongkai.extract.page.ruling_line import RulingLine

LABELS = ["本年新收申请数量", "上年结转申请的数量合计", "予以公开"]


def write(text: str, x: float, y: float, size: float = 10.0) -> list[Glyph]:
    glyphs = []
    for c in text:
        wide = size / 2 if c.isascii() else size
        glyphs.append(Glyph(c, x, y, x + wide, y + size))
        x += wide
    return glyphs


def rules(columns: list[float], rows: int) -> list[RulingLine]:
    level = [RulingLine(columns[0], 20 * r, columns[-1], 20 * r) for r in range(rows + 1)]
    return [*level, *(RulingLine(x, 0, x, 20 * rows) for x in columns)]


def drawn(glyphs: list[Glyph], columns: list[float], unseen: list[Glyph] | None = None, rows: int = 3) -> str:
    # a text layer has figures and words in the order of their places
    glyphs = sorted(glyphs, key=lambda g: (g.top, g.x0))
    (grid,) = find_grids(rules(columns, rows), glyphs, 1, unseen=unseen or [])[0]
    return str(grid)


COLUMNS = [0.0, 55.0, 95.0, 135.0]


def rows_of(labels: list[str]) -> list[Glyph]:
    return [
        g
        for r, label in enumerate(labels)
        for g in (
            *write(label, 3, 20 * r + 5),
            *write(str(r + 1), 72.5, 20 * r + 5),
            *write("0", 112.5, 20 * r + 5),
        )
    ]


def test_a_label_over_a_wall_goes_back_to_its_box() -> None:
    assert drawn(rows_of(LABELS), COLUMNS) == "\n".join(
        f"{label} | {r} | 0" for r, label in enumerate(LABELS, 1)
    )


def test_a_label_around_the_middle_of_a_narrow_box_goes_back_from_both_sides() -> None:
    glyphs = [*write("甲", 5, 5), *write("三、本年度办理结果", 31.5, 5), *write("7", 125, 5)]
    assert drawn(glyphs, [0.0, 60.0, 90.0, 150.0], rows=1) == "甲 | 三、本年度办理结果 | 7"


def test_a_label_goes_on_behind_characters_that_a_field_covers() -> None:
    glyphs = rows_of(LABELS)
    covered = [g for g in glyphs if g.text in "量的数合" and g.x0 > 60]
    seen = [g for g in glyphs if g not in covered]
    assert drawn(seen, COLUMNS, covered).splitlines()[1] == "上年结转申请 计 | 2 | 0"


@pytest.mark.parametrize("value", ["3", "12", "/", "无", "减3", "5件"])
def test_a_value_right_behind_a_label_stays_in_its_own_box(value: str) -> None:
    label = "上年结转申请"  # its last character stands on the wall
    glyphs = [*write(label, 0, 5), *write(value, 60, 5), *write("0", 112, 5)]
    assert drawn(glyphs, COLUMNS, rows=1) == f"{label} | {value} | 0"


def test_a_wall_that_longer_labels_go_over_may_stand_between_two_characters() -> None:
    labels = ["予以公开", "上年结转申请的数量合计各项", "本年新收申请的数量合计各项"]
    columns = [
        0.0,
        33.0,
        78.0,
        128.0,
        160.0,
    ]  # the second wall goes between two characters, the third through the long ones
    glyphs = [g for r, label in enumerate(labels) for g in write(label, 3, 20 * r + 5)]
    glyphs += [g for r in range(3) for x in (50.5, 100, 140) for g in write("2", x, 20 * r + 5)]
    assert drawn(glyphs, columns) == "\n".join(f"{label} | 2 | 2 | 2" for label in labels)


def test_heads_that_touch_at_their_walls_are_not_one() -> None:
    glyphs = [*write("结果维持", 0, 5), *write("结果纠正", 40, 5), *write("其他结果", 80, 5)]
    assert drawn(glyphs, [0.0, 40.0, 80.0, 120.0], rows=1) == "结果维持 | 结果纠正 | 其他结果"


def test_without_walls_figures_over_a_label_are_values() -> None:
    glyphs = rows_of(["新收数量", *LABELS[1:], "结转继续办理"])
    lines = group_lines(sorted(glyphs, key=lambda g: (g.top, g.x0)))
    (grid,) = find_aligned_grids(lines, 1)[0]
    assert str(grid).splitlines()[1] == "上年结转申请的数量合计 | 2 | 0"
