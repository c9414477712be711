"""Labels with groups → the boxes of a table's head, with their spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.model import Label


@dataclass(frozen=True, slots=True)
class HeadBox:
    """One box of a head: `at` is the number of its first label, `level` its depth (both from 0).

    It covers `wide` labels and `deep` levels. `label` is None for a group.
    """

    text: str
    at: int
    level: int
    wide: int
    deep: int
    label: Label | None


def heads(labels: Sequence[Label]) -> tuple[list[HeadBox], int]:
    """The boxes of a head and how many levels it has: 三、办理结果 over （三）不予公开 over 1.属于国家秘密.

    Neighbours of one group share a box. A label of fewer parts reaches down to the last level.
    """
    depth = max((len(label.path) for label in labels), default=0)
    return list(_part(labels, 0, 0, depth)), depth


def _part(labels: Sequence[Label], first: int, level: int, depth: int) -> list[HeadBox]:
    """The boxes of neighbouring labels from `level` on; `first` is the number of the first of them."""
    boxes: list[HeadBox] = []
    i = 0
    while i < len(labels):
        text, n = labels[i].path[level], 1
        if len(labels[i].path) == level + 1:
            boxes.append(HeadBox(text, first + i, level, 1, depth - level, labels[i]))
        else:
            while i + n < len(labels) and _in_one_group(labels[i], labels[i + n], level):
                n += 1
            boxes.append(HeadBox(text, first + i, level, n, 1, None))
            boxes += _part(labels[i : i + n], first + i, level + 1, depth)
        i += n
    return boxes


def _in_one_group(a: Label, b: Label, level: int) -> bool:
    return len(b.path) > level + 1 and a.path[level] == b.path[level]
