"""Two keys of labels → how alike they are, 0 to 100."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio

#: An inserted explanation or a cut must leave this many characters of the label standing.
LEAST_PART = 4
#: A known label of fewer characters is not cut into words.
LEAST_CUT = 6
#: Scores of a known label that the printed one begins with, is a part of, or has somewhere inside.
_BEGINS_WITH, _PART_OF, _HAS_INSIDE = 95.0, 92.0, 88.0
#: The score of one typing error: in a short label it weighs more in the ratio than it should.
_ONE_ERROR = 82.0
#: The score where all words of the known label stand in the printed one, among others.
_ALL_WORDS = 85.0
#: A label's words after one of these mean the opposite: 不属于…, 不是…, 经查并非属于….
_NEGATED = re.compile(r"[不未非无没](?:是|属于|属|有|能|可|得|予以|予|构成|存在|涉及)?$")
_NEGATIONS = frozenset("不未非无没")


def likeness(printed: str, known: str) -> float:
    """How alike a printed and a known key are.

    Typing errors cost by rapidfuzz's ratio. A label that was cut (执法案卷) or explained
    (规章设区的市…提供) is recognised by what stands of it.
    """
    score = float(ratio(printed, known))
    if score >= 99.9:
        return 100.0
    part = _score_part(printed, known)
    if part is not None:
        return max(score, part) if part else 0.0
    if len(known) >= 3 and len(printed) == len(known) and Levenshtein.distance(printed, known) == 1:
        return max(score, _ONE_ERROR)
    if _may_have_words_inserted(printed, known):
        return max(score, _score_words(printed, known))
    return score


def _score_part(printed: str, known: str) -> float | None:
    """The score where one key is a part of the other, 0 where the rest negates it; None where neither is."""
    if len(known) >= LEAST_PART and len(printed) > len(known) and printed.startswith(known):
        return _BEGINS_WITH
    if len(printed) >= LEAST_PART and len(known) > len(printed) and printed in known:
        return 0.0 if _is_negated(known, printed) else _PART_OF
    if len(known) >= LEAST_PART and known in printed:
        return 0.0 if _is_negated(printed, known) else _HAS_INSIDE
    return None


def _is_negated(whole: str, part: str) -> bool:
    """Whether every place of `part` in `whole` stands behind a negation."""
    starts = [i for i in range(len(whole)) if whole.startswith(part, i)]
    return all(_NEGATED.search(whole[:i]) is not None for i in starts)


def _may_have_words_inserted(printed: str, known: str) -> bool:
    """Whether the printed key is the longer one, as often negated, and has most of the known characters."""
    return (
        len(printed) > len(known) + 2
        and len(known) >= LEAST_CUT
        and _count_negations(printed) == _count_negations(known)
        and sum(c in printed for c in known) >= 0.8 * len(known)
    )


@lru_cache(4096)
def _count_negations(text: str) -> int:
    return sum(c in _NEGATIONS for c in text)


def _score_words(printed: str, known: str) -> float:
    """Inserted words: the share of the known label's words that stand in the printed one, in any order.

    不掌握本机关相关信息 has the words of 本机关不掌握相关政府信息, though not its order.
    """
    common = sum(len(word) for word in _words(known) if word in printed)
    return _ALL_WORDS * common / len(known)


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    """The words of a known label: as listed, or by jieba for those of a user's alias file."""
    listed = _listed_words().get(text)
    if listed is not None:
        return listed
    import jieba  # type: ignore[import-untyped]  # its dictionary takes half a second; only a user's wordings need it

    jieba.setLogLevel(60)
    return tuple(jieba.cut(text, HMM=False))


@cache
def _listed_words() -> dict[str, tuple[str, ...]]:
    """The words of the labels of the forms and of aliases.toml, by key; bench/label_words.py makes the file by jieba."""
    lines = files(__package__).joinpath("label_words.txt").read_text("utf-8").splitlines()
    return {line.replace(" ", ""): tuple(line.split(" ")) for line in lines}
