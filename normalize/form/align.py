"""A table's row labels, read as a sequence along the form.

其他, 总计 and a label with three typing errors are told by what stands before and after them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from gongkai.model import Match
from gongkai.normalize.form.label import (
    CUT_OFF,
    MARGIN,
    exact,
    match,
    mingled,
    numbered_otherwise,
    own_parts,
    ranked,
)

Words = tuple[str, str, Path | None]

#: A label that only its neighbours identify must still look like the form's to this degree.
PINNED = 45.0
#: Where neighbours leave it several places, a label must look like one this much, and this much
#: more than like any other of them.
LIKE, APART = 60.0, 25.0


def align(printed: Sequence[str], order: Sequence[str], words: Words) -> list[Match | None]:
    """For each printed label its Match along `order` (ids as the form has them), or None.

    A label that stands exactly is believed where it stands. One that does not is taken when it
    scores above the cut-off with a margin, or when its neighbours leave it no other place.
    """
    sorted_out = _sorted_out(printed, order, words)
    single = [sorted_out.get(i) or match(p, words) for i, p in enumerate(printed)]
    found: list[Match | None] = [m if m is not None and m.id in order else None for m in single]
    if all(m is not None for m in found) and _rises([m.id for m in found if m], order):
        return found
    place = {id: i for i, id in enumerate(order)}
    # a label that is a row of another form, word for word, is none of this one's
    foreign = [m is not None and m.rule != "fuzzy" and m.id not in place for m in single]
    path = _best_path(printed, found, foreign, place, words)
    result: list[Match | None] = []
    for i, m in enumerate(found):
        if m is not None and (m.rule != "fuzzy" or path[i] == place[m.id]):
            result.append(m)
        else:
            result.append(None if foreign[i] else _fuzzy(printed[i], order, path[i], words))
    return _pin(printed, result, foreign, order, words)


#: Rows whose labels ran into each other, at the most, that are sorted out together.
MOST_MINGLED = 24


def _sorted_out(printed: Sequence[str], order: Sequence[str], words: Words) -> dict[int, Match]:
    """Rows whose labels' lines slid into each other's boxes, by the numbers that the labels bear.

    Taken only where a run of boxes holds just as many numbered labels as it has rows, each as the
    form or an alias has it, in the form's order.
    """
    place = {id: i for i, id in enumerate(order)}
    sorted_out: dict[int, Match] = {}
    i = 0
    while i < len(printed):
        if not mingled(printed[i], words):
            i += 1
            continue
        for begin, end in _around(i, len(printed)):
            labels = own_parts("".join(printed[begin:end]), words)
            if labels is None or len(labels) != end - begin:
                continue
            matches = [exact(label, words) for label in labels]
            places = [place.get(m.id) for m in matches if m is not None]
            if (
                len(places) < len(matches)
                or None in places
                or not _rises([m.id for m in matches if m], order)
            ):
                continue
            sorted_out |= {n: replace(m, rule="sequence") for n, m in enumerate(matches, begin) if m}
            i = end - 1
            break
        i += 1
    return sorted_out


def _around(i: int, rows: int) -> Iterator[tuple[int, int]]:
    """Runs of rows that hold row `i`, the shortest first."""
    for length in range(2, min(rows, MOST_MINGLED) + 1):
        for begin in range(max(0, i - length + 1), min(i, rows - length) + 1):
            yield begin, begin + length


def total(matches: Sequence[Match | None]) -> float:
    """How well a sequence of labels fits: the sum of the scores."""
    return sum(m.score for m in matches if m is not None)


def _rises(ids: Sequence[str], order: Sequence[str]) -> bool:
    places = [order.index(id) for id in ids]
    return all(a < b for a, b in itertools.pairwise(places))


def _scores(text: str, found: Match | None, place: dict[str, int], words: Words) -> dict[int, float]:
    if found is not None and found.rule != "fuzzy":
        return {place[found.id]: 150.0}
    return {place[id]: score for id, score in ranked(text, words) if id in place and score >= PINNED}


def _best_path(
    printed: Sequence[str],
    found: Sequence[Match | None],
    foreign: Sequence[bool],
    place: dict[str, int],
    words: Words,
) -> list[int | None]:
    """The rising assignment of labels to places with the highest sum of scores."""
    n, m = len(printed), len(place)
    scores = [
        {} if other else _scores(p, f, place, words)
        for p, f, other in zip(printed, found, foreign, strict=True)
    ]
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            take = best[i + 1][j + 1] + scores[i][j] if j in scores[i] else -1.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], take)
    path: list[int | None] = []
    j = 0
    for i in range(n):
        while j < m and best[i][j] == best[i][j + 1] and best[i][j] > best[i + 1][j]:
            j += 1
        if j < m and j in scores[i] and best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            path.append(j)
            j += 1
        else:
            path.append(None)
    return path


def _fuzzy(text: str, order: Sequence[str], at: int | None, words: Words) -> Match | None:
    """The fuzzy match of a label at its place in the sequence, if it is good enough by itself."""
    candidates = ranked(text, words)
    if at is None or not candidates:
        return None
    scores = dict(candidates)
    score = scores.get(order[at], 0.0)
    rest = max((s for id, s in candidates if id != order[at]), default=0.0)
    if score >= CUT_OFF and score - rest >= MARGIN and not numbered_otherwise(text, order[at], words):
        return Match(text, order[at], score, "fuzzy", candidates[:3])
    return None


def _pin(
    printed: Sequence[str],
    found: list[Match | None],
    foreign: Sequence[bool],
    order: Sequence[str],
    words: Words,
) -> list[Match | None]:
    """Labels in a gap whose neighbours leave exactly as many ids as there are labels."""
    result = list(found)
    place = {id: i for i, id in enumerate(order)}
    i = 0
    while i < len(found):
        if found[i] is not None:
            i += 1
            continue
        end = i
        while end < len(found) and found[end] is None:
            end += 1
        if any(foreign[i:end]):
            i = end
            continue
        before = found[i - 1] if i else None
        after = found[end] if end < len(found) else None
        low = place[before.id] + 1 if before is not None else 0
        high = place[after.id] if after is not None else len(order)
        gap = order[low:high]
        if (before is not None or i == 0) and len(gap) == end - i:
            for k, id in zip(range(i, end), gap, strict=True):
                candidates = ranked(printed[k], words)
                score = dict(candidates).get(id, 0.0)
                if score >= PINNED and not numbered_otherwise(printed[k], id, words):
                    result[k] = Match(printed[k], id, score, "sequence", candidates[:3])
        elif before is not None or i == 0:
            _only(printed, result, range(i, end), gap, words)
        i = end
    return result


def _only(
    printed: Sequence[str],
    result: list[Match | None],
    labels: Sequence[int],
    gap: Sequence[str],
    words: Words,
) -> None:
    """Labels in a gap with more ids than labels: taken where one id alone looks like it (重复)."""
    low = 0
    for k in labels:
        candidates = ranked(printed[k], words)
        scores = sorted(
            (
                (s, id)
                for id, s in candidates
                if id in gap[low:] and not numbered_otherwise(printed[k], id, words)
            ),
            reverse=True,
        )
        if not scores or scores[0][0] < LIKE:
            continue
        if len(scores) == 1 or scores[0][0] - scores[1][0] >= APART:
            result[k] = Match(printed[k], scores[0][1], scores[0][0], "sequence", candidates[:3])
            low = gap.index(scores[0][1]) + 1
