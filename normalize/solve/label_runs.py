"""Pieces of labels, from top to bottom → the rows of the form that they are, in the form's order.

A wrapped label is several pieces. Which of them belong together is found for all rows at once: the best way to
cut the pieces into runs that are rows of the form, in its order (dynamic programming).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from gongkai.model import Match, PlacedWord
from gongkai.normalize.form.label import key, short_key, simplify
from gongkai.normalize.form.lexicon import Glossary
from gongkai.normalize.form.likeness import likeness
from gongkai.normalize.form.template import table
from gongkai.record import dataclass

#: Score of a label spelled as the form or an alias has it, and the most that one that is like it can have.
EXACT, _LIKE = 1.0, 0.6
#: What a row passed over costs, and a piece left over.
_SKIPPED, _LEFT_OVER = 0.05, 0.02
#: Labels less alike (0 to 100) are not compared; shorter ones must be exact (characters).
_LEAST_LIKENESS, _SHORTEST_LIKE = 80.0, 4
#: A label has at most so many pieces: lines of a box, or words of a flow; and so many characters.
_PIECES, _PIECES_OF_FLOW, _LONGEST = 9, 14, 90
#: Two lines of one label stand closer than this many of their heights.
_NEAR = 1.6

#: The number at the beginning of a label.
_BEGINS = re.compile(
    r"""
    \s* (?: [(（]?[一二三四五六七八九十]{1,2}[)）、.．]   # （三）  三、
        | [㈠-㈩]
        | [(（]?\d{1,2}[)）、.．](?!\d) )               # 3.
    """,
    re.VERBOSE,
)
#: Labels of groups before a label, in one box with it: 三、本年度办理结果—（三）不予公开—1.属于国家秘密.
_GROUPS_BEFORE = re.compile(
    r"""
    \s* (?: [三3]?[、.]?\s*本年度?办理结果
        | [（(]?[三四五六]?[)）]?(?:不予公开|无法提供|不予处理|其[他它]处理) )
    (?: [^\w（(] | 一(?!$) )*   # OCR reads a dash as 一, and no row begins with it
    """,
    re.VERBOSE,
)
#: （六）其他 is a group in the form of 2021; its row is 3.其他.
_GROUP_OF_2021 = re.compile(r"\s*[（(]六[)）]\s*其[他它]\s*")


# eq=False: hashed by identity, as keys of caches.
@dataclass(frozen=True, slots=True, eq=False)
class RowLabels:
    """The rows of a table of one form, in order, and how each may be spelled: key → id."""

    table: str
    form: str
    ids: tuple[str, ...]
    spellings: Mapping[str, str]

    def rank(self, id: str) -> int:
        """The number of a row, from 0."""
        return self.ids.index(id)


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of the form and the words that are its label. `score` is 1 where it is spelled as listed."""

    id: str
    words: tuple[PlacedWord, ...]
    score: float

    @property
    def top(self) -> float:
        """Where the label begins."""
        return min(w.top for w in self.words)

    @property
    def bottom(self) -> float:
        """Where the label ends."""
        return max(w.bottom for w in self.words)

    @property
    def match(self) -> Match:
        """Why the label means the row."""
        printed = "".join(w.text for w in self.words)
        score = 100.0 if self.score == EXACT else round(100 * self.score / _LIKE, 1)
        return Match(printed, self.id, score, "exact" if self.score == EXACT else "fuzzy")


@dataclass(frozen=True, slots=True)
class Fit:
    """The rows found, and the pieces that are no row's. `score` is the sum of what it was worth."""

    score: float
    rows: tuple[LabelledRow, ...]
    left_over: tuple[PlacedWord, ...]


@lru_cache(maxsize=16)
def row_labels(table_id: str, form: str, glossary: Glossary) -> RowLabels:
    """The rows of a table of a form, with the spellings that `glossary` lists."""
    ids = tuple(r.id for r in table(form, table_id).rows)
    spellings = {k: id for k, (id, _) in glossary.wordings.items() if id in ids}
    return RowLabels(table_id, form, ids, spellings)


def begins_label(text: str) -> bool:
    """Whether a text begins with the number of a label."""
    return _BEGINS.match(text) is not None


def folded_key(text: str) -> str:
    """The key of a label, in simplified characters and with one spelling of 其他."""
    return simplify(key(text.replace("其它", "其他")))


@lru_cache(maxsize=16384)
def score_label(text: str, labels: RowLabels) -> tuple[tuple[int, float], ...]:
    """The numbers of the rows that a text may label, each with its score from 0 to 1."""
    if labels.form == "2021" and _GROUP_OF_2021.fullmatch(text):
        return ()
    bare = text
    while (m := _GROUPS_BEFORE.match(bare)) and m.end() < len(bare):
        bare = bare[m.end() :]
    for part in dict.fromkeys((bare, text)):
        scores = _score_part(part.replace("其它", "其他"), labels)
        if scores:
            return () if _holds_two(text, scores, labels) else tuple(sorted(scores.items()))
    return ()


def _holds_two(text: str, scores: Mapping[int, float], labels: RowLabels) -> bool:
    """Whether the first line of a box is by itself the label of another row, with its number, than the whole is like."""
    first, _, rest = text.partition("\n")
    id = _exact_id(folded_key(first), labels) if rest and begins_label(first) else None
    return id is not None and labels.rank(id) not in scores


def _score_part(text: str, labels: RowLabels) -> dict[int, float]:
    scores: dict[int, float] = {}
    for k in {simplify(key(text)), simplify(short_key(text))} - {""}:
        id = _exact_id(k, labels)
        if id is not None:
            scores[labels.rank(id)] = EXACT
        elif len(k) >= _SHORTEST_LIKE:
            for rank, score in _score_likeness(k, labels).items():
                scores[rank] = max(score, scores.get(rank, 0.0))
    return scores


def _exact_id(k: str, labels: RowLabels) -> str | None:
    if k == "其他" and labels.table == "requests":
        return "other_misc" if "other_misc" in labels.ids else "other_handling"
    return labels.spellings.get(k)


def _score_likeness(k: str, labels: RowLabels) -> dict[int, float]:
    scores: dict[int, float] = {}
    for spelling, id in labels.spellings.items():
        if abs(len(spelling) - len(k)) > max(3, 0.6 * len(spelling)):
            continue
        score = likeness(k, spelling)
        if score >= _LEAST_LIKENESS:
            rank = labels.rank(id)
            scores[rank] = max(_LIKE * score / 100, scores.get(rank, 0.0))
    return scores


# The best cut --------------------------------------------------------------------------------


#: Where a state was come from: pieces taken before, rows passed before, the row found (None: a piece was left over).
_Step = tuple[int, int, tuple[int, float] | None]


def fit_rows(pieces: Sequence[PlacedWord], labels: RowLabels, *, flow: bool = False) -> Fit:
    """The pieces cut into runs that are rows of the form in the form's order, at the best score."""
    scores: list[dict[int, float]] = [{} for _ in range(len(pieces) + 1)]
    steps: list[dict[int, _Step]] = [{} for _ in range(len(pieces) + 1)]
    scores[0][0] = 0.0
    for i in range(len(pieces)):
        runs = _read_runs(pieces, i, labels, flow)
        for passed, score in list(scores[i].items()):
            _offer(scores, steps, i + 1, passed, score - _LEFT_OVER, (i, passed, None))
            for end, rank, worth in runs:
                if rank >= passed:
                    offered = score + worth - _SKIPPED * (rank - passed)
                    _offer(scores, steps, end, rank + 1, offered, (i, passed, (rank, worth)))
    return _trace(pieces, labels, scores[-1], steps)


def _read_runs(
    pieces: Sequence[PlacedWord], i: int, labels: RowLabels, flow: bool
) -> list[tuple[int, int, float]]:
    """(end, row, score) of every run of pieces from `i` that may be a label."""
    runs: list[tuple[int, int, float]] = []
    text = ""
    most = _PIECES_OF_FLOW if flow else _PIECES
    for j in range(i, min(len(pieces), i + most)):
        if j > i and not _continues(pieces[j - 1], pieces[j], flow):
            break
        text += pieces[j].text
        if len(text) > _LONGEST:
            break
        runs += [(j + 1, rank, score) for rank, score in score_label(text, labels)]
    return runs


def _continues(above: PlacedWord, piece: PlacedWord, flow: bool) -> bool:
    """Whether a piece may go on with the label that the one before it belongs to."""
    if above.box or piece.box or begins_label(piece.text):
        return False
    return flow or piece.top - above.bottom <= _NEAR * piece.height


def _offer(
    scores: list[dict[int, float]],
    steps: list[dict[int, _Step]],
    i: int,
    passed: int,
    score: float,
    step: _Step,
) -> None:
    if score > scores[i].get(passed, float("-inf")):
        scores[i][passed] = score
        steps[i][passed] = step


def _trace(
    pieces: Sequence[PlacedWord],
    labels: RowLabels,
    last: Mapping[int, float],
    steps: Sequence[Mapping[int, _Step]],
) -> Fit:
    """The way back from the best end."""
    passed = max(last, key=lambda p: last[p])
    score, i = last[passed], len(pieces)
    rows: list[LabelledRow] = []
    left_over: list[PlacedWord] = []
    while i > 0:
        before, passed_before, hit = steps[i][passed]
        if hit is None:
            left_over.append(pieces[before])
        else:
            rows.append(LabelledRow(labels.ids[hit[0]], tuple(pieces[before:i]), hit[1]))
        i, passed = before, passed_before
    return Fit(score, tuple(reversed(rows)), tuple(reversed(left_over)))
