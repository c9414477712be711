"""Labels with groups to the boxes of a head."""

from __future__ import annotations

from gongkai.model import Label
from gongkai.review.table_head import heads


def boxes(*paths: str) -> list[tuple[str, int, int, int, int]]:
    labels = [Label(str(i), tuple(path.split("/")), "") for i, path in enumerate(paths)]
    return [(h.text, h.at, h.level, h.wide, h.deep) for h in heads(labels)[0]]


def test_neighbours_of_one_group_share_its_box() -> None:
    assert boxes("自然人", "法人/商业企业", "法人/其他", "总计") == [
        ("自然人", 0, 0, 1, 2),
        ("法人", 1, 0, 2, 1),
        ("商业企业", 1, 1, 1, 1),
        ("其他", 2, 1, 1, 1),
        ("总计", 3, 0, 1, 2),
    ]


def test_a_group_in_a_group_keeps_its_place() -> None:
    assert boxes("结果/公开", "结果/不予/甲", "结果/不予/乙", "结转") == [
        ("结果", 0, 0, 3, 1),
        ("公开", 0, 1, 1, 2),
        ("不予", 1, 1, 2, 1),
        ("甲", 1, 2, 1, 1),
        ("乙", 2, 2, 1, 1),
        ("结转", 3, 0, 1, 3),
    ]


def test_a_group_that_comes_again_later_is_another_box() -> None:
    assert [b[0] for b in boxes("甲/一", "乙", "甲/二")] == ["甲", "一", "乙", "甲", "二"]


def test_no_labels_have_no_head() -> None:
    assert heads([]) == ([], 0)
