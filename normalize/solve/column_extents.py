"""Where the columns of a table stand: by the words of their heads, or by the numbers below each other."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from statistics import median

from gongkai.model import PlacedWord
from gongkai.normalize.solve.label_runs import folded_key

#: From left to right, in points.
Extent = tuple[float, float]
#: Words of which more than this share stands below the other one's are of one head.
_STACKED = 0.5
#: Extents may overlap by so much, in points.
_OVERLAP = 0.5
#: A number stands beside a column if it is further from it than this share of the step between two columns.
_BESIDE = 0.6

#: What stands over several columns, and the note on the balance.
_OVER_SEVERAL = re.compile("申请人情况|法人|勾稽|钩稽|第一项|项之和|之和")
_BRACKETED = re.compile(r"[(（].*?[)）]")

_APPLICANTS = {
    "自然人": "natural_person",
    "商业企业": "commercial_enterprise",
    "科研机构": "research_institution",
    "社会公益组织": "public_welfare_org",
    "法律服务机构": "legal_service_org",
    "其他": "other",
    "总计": "total",
    "合计": "total",
}


def stack_words(words: Sequence[PlacedWord]) -> list[tuple[float, float, list[PlacedWord]]]:
    """Words below each other: a head over two lines, or with a character a line. (x0, x1, words)."""
    stacks: list[tuple[float, float, list[PlacedWord]]] = []
    for w in sorted(words, key=lambda w: (w.y, w.x0)):
        for i, (x0, x1, own) in enumerate(stacks):
            if min(x1, w.x1) - max(x0, w.x0) > _STACKED * min(x1 - x0, w.x1 - w.x0):
                stacks[i] = (min(x0, w.x0), max(x1, w.x1), [*own, w])
                break
        else:
            stacks.append((w.x0, w.x1, [w]))
    return stacks


def find_heads(
    words: Sequence[PlacedWord], names: Mapping[str, str] = _APPLICANTS
) -> dict[str, tuple[Extent, str]]:
    """The extents of the columns whose heads are read, and the heads, by id. `names`: head → id."""
    heads: dict[str, tuple[Extent, str]] = {}
    single = [w for w in words if not _OVER_SEVERAL.search(re.sub(r"\s", "", w.text))]
    for x0, x1, stack in stack_words(single):
        text = "".join(w.text for w in stack)
        id = names.get(folded_key(_BRACKETED.sub("", text)))
        if id is not None and id not in heads:
            heads[id] = ((x0, x1), text)
    return heads


def extents_of_full_lines(lines: Sequence[Sequence[PlacedWord]], count: int) -> list[Extent] | None:
    """The extents of `count` columns by the lines that have a number in each; None where there are none."""
    full = [line for line in lines if len(line) == count]
    if not full:
        return None
    widest = [(min(line[i].x0 for line in full), max(line[i].x1 for line in full)) for i in range(count)]
    if not _overlap(widest, _OVERLAP):
        return widest
    usual = [(median(line[i].x0 for line in full), median(line[i].x1 for line in full)) for i in range(count)]
    return None if _overlap(usual, 0.0) else usual


def _overlap(extents: Sequence[Extent], by: float) -> bool:
    return any(a[1] > b[0] + by for a, b in itertools.pairwise(extents))


def extents_from_above(lines: Sequence[Sequence[PlacedWord]], count: int) -> list[Extent] | None:
    """The extents of the groups that all numbers form seen from above; None where these are not `count`."""
    groups: list[Extent] = []
    for x0, x1 in sorted((w.x0, w.x1) for line in lines for w in line):
        if groups and x0 < groups[-1][1]:
            groups[-1] = (groups[-1][0], max(groups[-1][1], x1))
        else:
            groups.append((x0, x1))
    return groups if len(groups) == count else None


def place_line(
    line: Sequence[PlacedWord], extents: Sequence[Extent], order: Sequence[str]
) -> dict[str, PlacedWord] | None:
    """The words of a line by column; None where two claim one, or one stands between two."""
    placed: dict[str, PlacedWord] = {}
    steps = [b[0] + b[1] - a[0] - a[1] for a, b in itertools.pairwise(extents)]
    far = _BESIDE * median(steps) / 2 if steps else math.inf
    for w in line:
        near = sorted((_distance(w, e), i) for i, e in enumerate(extents))
        if len(near) > 1 and near[0][0] > 0.5 and near[1][0] < 2 * near[0][0]:
            return None
        if near[0][0] > far:
            return None
        if len(near) > 1 and near[1][0] < _OVERLAP:
            return None  # it reaches into two columns: two numbers may be one word
        id = order[near[0][1]]
        if id in placed:
            return None
        placed[id] = w
    return placed


def _distance(word: PlacedWord, extent: Extent) -> float:
    x0, x1 = extent
    outside = max(0.0, x0 - word.x1, word.x0 - x1)
    return outside + 0.01 * abs((x0 + x1) / 2 - word.x)
