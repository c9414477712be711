"""A table's row labels (or heads of columns), matched as a sequence along the form.

What stands before and after 其他, 总计 or a label with three typing errors decides which it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from gongkai.model import Match
from gongkai.normalize.form.label import squeeze
from gongkai.normalize.form.lexicon import CUT_OFF, MARGIN, Glossary
from gongkai.record import dataclass, replace

#: A label that only its neighbours identify must still look like the form's to this degree.
PINNED = 45.0
#: Where neighbours leave it several places, a label must look like one this much, and this much
#: more than like any other of them.
LIKE, APART = 60.0, 25.0
#: What a label counts that stands as the form or an alias has it: more than any fuzzy one (0 to 100).
_EXACT = 150.0
#: Rows whose labels ran into each other, at the most, that are taken apart together.
MOST_MINGLED = 24


@dataclass(frozen=True, slots=True)
class _Labels:
    """The printed labels of a table, and `place`: the form's ids with their numbers, in its order."""

    printed: Sequence[str]
    place: Mapping[str, int]
    glossary: Glossary

    @property
    def order(self) -> Sequence[str]:
        return tuple(self.place)

    def rise(self, matches: Sequence[Match]) -> bool:
        """Whether these stand in the form's order, each once."""
        return all(self.place[a.id] < self.place[b.id] for a, b in itertools.pairwise(matches))


def align(printed: Sequence[str], order: Sequence[str], glossary: Glossary) -> list[Match | None]:
    """For each printed label its Match along `order` (ids as the form has them), or None.

    A label that stands exactly is taken where it stands. One that does not is taken when it
    scores above the cut-off with a margin, or when its neighbours leave it no other place.
    """
    return list(_align(tuple(printed), tuple(order), glossary))


@lru_cache(maxsize=1024)
def _align(printed: tuple[str, ...], order: tuple[str, ...], glossary: Glossary) -> Sequence[Match | None]:
    """As `align`: an office, and the program that it writes with, prints the same labels in all of its reports."""
    labels = _Labels(printed, {id: i for i, id in enumerate(order)}, glossary)
    separated = _separate_mingled(labels)
    alone = [separated.get(i) or glossary.match(text) for i, text in enumerate(printed)]
    matches = [m if m is not None and m.id in labels.place else None for m in alone]
    known = [m for m in matches if m is not None]
    if len(known) == len(matches) and labels.rise(known):
        return matches
    # a label that is a row of another form, word for word, is none of this one's
    foreign = [m is not None and m.rule != "fuzzy" and m.id not in labels.place for m in alone]
    return _fill_gaps(labels, _place_doubtful(labels, matches, foreign), foreign)


def total(matches: Sequence[Match | None]) -> float:
    """How well a sequence of labels fits: the sum of the scores."""
    return sum(m.score for m in matches if m is not None)


def drop_repeated(matches: Sequence[Match | None]) -> list[Match | None]:
    """The heads without those that stand twice: which of them is meant, is not sure."""
    ids = [x.id for x in matches if x is not None]
    return [None if x is None or ids.count(x.id) > 1 else x for x in matches]


def _place_doubtful(
    labels: _Labels, matches: Sequence[Match | None], foreign: Sequence[bool]
) -> list[Match | None]:
    """The Matches; one that is fuzzy, or missing, is looked up anew at its place in the sequence."""
    path = _find_best_path(labels, matches, foreign)
    result: list[Match | None] = []
    for i, m in enumerate(matches):
        if m is not None and (m.rule != "fuzzy" or path[i] == labels.place[m.id]):
            result.append(m)
        else:
            result.append(None if foreign[i] else _match_in_place(labels, i, path[i]))
    return result


# Labels that ran into each other -------------------------------------------------------------


def _separate_mingled(labels: _Labels) -> dict[int, Match]:
    """Rows whose labels' lines slid into each other's boxes, by the numbers that the labels bear."""
    separated: dict[int, Match] = {}
    done = 0
    for i, text in enumerate(labels.printed):
        if i < done or not labels.glossary.is_mingled(text):
            continue
        for begin, end in _runs_around(i, len(labels.printed)):
            matches = _match_run(labels, begin, end)
            if matches is not None:
                separated |= {n: replace(m, rule="sequence") for n, m in enumerate(matches, begin)}
                done = end
                break
    return separated


def _runs_around(i: int, rows: int) -> Iterator[tuple[int, int]]:
    """Runs of rows with row `i` among them, the shortest first."""
    for length in range(2, min(rows, MOST_MINGLED) + 1):
        for begin in range(max(0, i - length + 1), min(i, rows - length) + 1):
            yield begin, begin + length


def _match_run(labels: _Labels, begin: int, end: int) -> list[Match] | None:
    """The labels in a run of boxes: as many as it has rows, each as the form or an alias has it, in order."""
    texts = labels.glossary.split_rows("".join(labels.printed[begin:end]))
    if texts is None or len(texts) != end - begin:
        return None
    matches = [m for text in texts if (m := labels.glossary.exact(text)) is not None and m.id in labels.place]
    return matches if len(matches) == len(texts) and labels.rise(matches) else None


# The sequence as a whole ---------------------------------------------------------------------


def _find_best_path(
    labels: _Labels, matches: Sequence[Match | None], foreign: Sequence[bool]
) -> list[int | None]:
    """The rising assignment of labels to places with the highest sum of scores."""
    n, places = len(labels.printed), len(labels.place)
    scores = [
        {} if other else _score_places(labels, text, m)
        for text, m, other in zip(labels.printed, matches, foreign, strict=True)
    ]
    # best[i][j]: the highest sum of the labels from the i-th over the places from the j-th
    best = [[0.0] * (places + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        own, below, right = best[i], best[i + 1], 0.0
        for j in range(places - 1, -1, -1):
            right = max(below[j], right)
            if j in scores[i]:
                right = max(right, below[j + 1] + scores[i][j])
            own[j] = right
    path: list[int | None] = []
    j = 0
    for i in range(n):
        while j < places and best[i][j] == best[i][j + 1] and best[i][j] > best[i + 1][j]:
            j += 1
        if j < places and j in scores[i] and best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            path.append(j)
            j += 1
        else:
            path.append(None)
    return path


def _score_places(labels: _Labels, text: str, match: Match | None) -> dict[int, float]:
    """What a label counts at each place of the form that it may have."""
    if match is not None and match.rule != "fuzzy":
        return {labels.place[match.id]: _EXACT}
    ranked = labels.glossary.ranked(text)
    return {labels.place[id]: score for id, score in ranked if id in labels.place and score >= PINNED}


def _match_in_place(labels: _Labels, i: int, at: int | None) -> Match | None:
    """The fuzzy match of a label at its place in the sequence, if it is good enough by itself."""
    text = labels.printed[i]
    candidates = labels.glossary.ranked(text)
    if at is None or not candidates:
        return None
    due = labels.order[at]
    score = dict(candidates).get(due, 0.0)
    next_best = max((s for id, s in candidates if id != due), default=0.0)
    if score < CUT_OFF or score - next_best < MARGIN or labels.glossary.contradicts_number(text, due):
        return None
    return Match(text, due, score, "fuzzy", candidates[:3])


# Gaps between labels that are certain --------------------------------------------------------


def _fill_gaps(
    labels: _Labels, matches: Sequence[Match | None], foreign: Sequence[bool]
) -> list[Match | None]:
    """Labels in a gap whose neighbours leave exactly as many ids as there are labels, or one that is like it."""
    result = list(matches)
    for begin, end in _gaps(matches):
        if any(foreign[begin:end]):
            continue
        before = matches[begin - 1] if begin else None
        after = matches[end] if end < len(matches) else None
        low = labels.place[before.id] + 1 if before is not None else 0
        high = labels.place[after.id] if after is not None else len(labels.place)
        ids = labels.order[low:high]
        take = _take_each if len(ids) == end - begin else _take_alike
        result[begin:end] = take(labels, range(begin, end), ids)
    return result


def _gaps(matches: Sequence[Match | None]) -> Iterator[tuple[int, int]]:
    """The runs of labels without a Match, each as (its first, the one behind its last)."""
    end = 0
    for is_open, run in itertools.groupby(matches, lambda m: m is None):
        begin, end = end, end + len(list(run))
        if is_open:
            yield begin, end


def _take_each(labels: _Labels, gap: range, ids: Sequence[str]) -> list[Match | None]:
    """As many ids as labels: each label is the id at its place, if it looks like it at all."""
    result: list[Match | None] = []
    for k, id in zip(gap, ids, strict=True):
        text = labels.printed[k]
        candidates = labels.glossary.ranked(text)
        score = dict(candidates).get(id, 0.0)
        fits = score >= PINNED and not _is_ruled_out(labels, text, id)
        result.append(Match(text, id, score, "sequence", candidates[:3]) if fits else None)
    return result


def _is_ruled_out(labels: _Labels, text: str, id: str) -> bool:
    """Whether a label has the number of another row, or is one of those that the form of 2021 has in place of （六）其他处理."""
    is_of_2021 = id == "other_handling" and ("申请人" in text or "逾期" in text)
    return is_of_2021 or labels.glossary.contradicts_number(text, id)


def _names_another(text: str, id: str) -> bool:
    """Whether a label begins with 其他 and goes on, without a number: 其他机构 is none of the rows of （六）其他."""
    own = squeeze(text).strip()
    goes_on = own[:2] in ("其他", "其它") and len(own) > len("其他") and "处理" not in own
    return goes_on and id in ("other_misc", "other_handling")


def _take_alike(labels: _Labels, gap: range, ids: Sequence[str]) -> list[Match | None]:
    """More ids than labels, or fewer: a label is taken where it looks like one id alone (重复)."""
    result: list[Match | None] = []
    low = 0
    for text in (labels.printed[k] for k in gap):
        candidates = labels.glossary.ranked(text)
        open_ids = {
            id for id in ids[low:] if not _is_ruled_out(labels, text, id) and not _names_another(text, id)
        }
        scores = sorted(((score, id) for id, score in candidates if id in open_ids), reverse=True)
        result.append(None)
        if not scores or scores[0][0] < LIKE:
            continue
        score, id = scores[0]
        if len(scores) == 1 or score - scores[1][0] >= APART:
            result[-1] = Match(text, id, score, "sequence", candidates[:3])
            low = ids.index(id) + 1
    return result
