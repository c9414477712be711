"""Sentences → the names of bodies in them, and the first word of a sentence judged by a dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from gongkai.normalize.form.word_class import tag_words
from gongkai.normalize.identity.grammar import Name, grammar_words, lexicon, parse_name

#: A name among other words costs at most so much, and has at most so many characters that no list knows.
_LIMIT, _FREE = 2.2, 8
#: The longest name, and characters before it that may lead to it.
_LONGEST, _LEAD = 46, 6
_DATE = re.compile(r"\d年?$")
_OTHER_WORD = re.compile("信息|网|采购|工作|门户")
#: Parts of speech that no stretch of a name begins with or has inside, as jieba calls them: verb, adverb, preposition …
_SENTENCE_TAGS = "pcuyoe"
_ADVERBS = frozenset(
    [
        "不断",
        "切实",
        "已",
        "均",
        "也",
        "都",
        "再",
        "尚",
        "仍",
        "一直",
        "始终",
        "一并",
        "共",
        "就",
        "还",
        "并",
        "又",
        "才",
        "不",
        "没有",
        "未",
    ]
)
_ALLOWED = "和与及、对内外"


class NameMention(NamedTuple):
    """A name in running text: where it begins and ends."""

    start: int
    end: int
    name: Name


def find_mentions(text: str) -> Iterator[NameMention]:
    """Every name in a folded text that begins at a boundary and ends like a body; the longest from each start."""
    found: dict[int, NameMention] = {}
    for last in _last_characters().finditer(text, 2):
        end = last.end()
        if not text.endswith(_last_words(), 0, end):
            continue
        if _goes_on(text, end):
            continue
        name = _find_before(text[max(0, end - _LONGEST) : end])
        if name is not None and name.free <= _FREE and name.cost <= _LIMIT:
            start = end - len(name.text) - len(name.gloss)
            found[start] = NameMention(start, end, name)
    yield from found.values()


@cache
def _last_words() -> tuple[str, ...]:
    words = lexicon()
    return (
        *words.kinds,
        *words.standing_alone,
        *words.place_endings,
        *words.zones,
        *(f"{k})" for k in words.kinds),
    )


@cache
def _last_characters() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join({word[-1] for word in _last_words()}))}]")


def _goes_on(text: str, end: int) -> bool:
    """Whether the last character of a name and the next one are one word (社|会), or 政府 belongs to what follows."""
    if text[end - 1 : end + 1] in _sentence_words().goes_on and not text.startswith("市政府", end - 1):
        return True  # 青石市|政府信息公开年度报告: the city's
    of_government = text.endswith("政府", 0, end) and not text.endswith("人民政府", 0, end)
    return of_government and _OTHER_WORD.match(text, end) is not None


class _SentenceWords(NamedTuple):
    goes_on: frozenset[str]
    lead: re.Pattern[str]
    lead_goes_on: frozenset[str]


@cache
def _sentence_words() -> _SentenceWords:
    data = grammar_words()["sentences"]
    lead = re.compile(f"(?:{data['lead']})$", re.VERBOSE)
    return _SentenceWords(frozenset(data["goes_on"]), lead, frozenset(data["lead_goes_on"]))


@lru_cache(maxsize=10_000)
def _find_before(text: str) -> Name | None:
    """The longest name that ends a text and begins at a boundary: a mark, a year, a word that leads to a name."""
    for start in range(len(text) - 2):
        if _is_boundary(text, start) and (name := parse_name(text[start:])) is not None:
            return name
    return None


def _is_boundary(text: str, start: int) -> bool:
    return _may_begin(text[max(0, start - _LEAD) : start], text[start])


@lru_cache(maxsize=16_384)
def _may_begin(before: str, first: str) -> bool:
    """Whether a name may begin with a character behind these; asked again for each word in which a name may end."""
    if first in "年月日度号" and _DATE.search(before):
        return False
    if not before or not ("一" <= before[-1] <= "鿿" or before[-1] in "()"):
        return True
    words = _sentence_words()
    return words.lead.search(before) is not None and before[-1] + first not in words.lead_goes_on


def own_words() -> re.Pattern[str]:
    """What a report calls its body: 我局, 我镇."""
    return re.compile(grammar_words()["sentences"]["own"])


# A second lock on names in running text --------------------------------------------------------


@lru_cache(maxsize=4096)
def reads_as_sentence(stretch: str) -> bool:
    """Whether a dictionary reads a stretch that no list knows as words of a sentence.

    Few documents need it: one whose body stands in its title does not.
    """
    tagged = tag_words(stretch)
    first = tagged[0][1]
    return first in ("v", "p", "d", "c") or any(
        (tag[0] in _SENTENCE_TAGS or word in _ADVERBS) and word not in _ALLOWED for word, tag in tagged
    )
