"""A short Chinese text → its words and their parts of speech, as jieba.posseg finds them, without loading it.

jieba reads half a million lines into dictionaries first, which takes a hundred times as long as reading a document. A short
text needs a few hundred of these lines: those of words that begin with one of its characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from math import inf, log
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

#: What is cut here: characters that jieba takes for Chinese. Other texts are left to jieba.
_CHINESE = re.compile("[\u4e00-\u9fd5]+")
_FREQUENCY = re.compile(rb" (\d+) ")
#: The part of speech of a word that no dictionary has.
_UNKNOWN = "x"
#: The score of a character that the model does not know in a state.
_NEVER = -3.14e100

#: Where a character stands in a word (Begin, Middle, End, Single), and the word's part of speech.
State = tuple[str, str]


class _Entry(NamedTuple):
    frequency: int
    tag: str


class _Model(NamedTuple):
    """jieba's hidden Markov model for characters that make no word of the dictionary: logarithms of probabilities."""

    states: Mapping[str, tuple[State, ...]]
    start: Mapping[State, float]
    next: Mapping[State, Mapping[State, float]]
    emit: Mapping[State, Mapping[str, float]]


def tag_words(text: str) -> list[tuple[str, str]]:
    """The words of a text with their parts of speech, as `jieba.posseg.lcut` gives them."""
    if not _CHINESE.fullmatch(text):
        return _tag_by_jieba(text)
    found: list[tuple[str, str]] = []
    single = ""
    for begin, end in _find_path(text):
        if end - begin == 1:
            single += text[begin]
        else:
            found += _tag_single(single)
            found.append((text[begin:end], _tag_of(text[begin:end])))
            single = ""
    return found + _tag_single(single)


def _tag_by_jieba(text: str) -> list[tuple[str, str]]:
    import jieba  # type: ignore[import-untyped]  # it takes more than a second, and hardly a document needs it
    import jieba.posseg  # type: ignore[import-untyped]

    jieba.setLogLevel(60)
    return [(pair.word, pair.flag) for pair in jieba.posseg.lcut(text)]


def _tag_single(characters: str) -> list[tuple[str, str]]:
    """Words that stand one after another and have one character each: several may be a word that no dictionary has."""
    entry = _block(characters[0]).get(characters) if len(characters) > 1 else None
    if len(characters) > 1 and (entry is None or not entry.frequency):
        return list(_guess(characters))
    return [(character, _tag_of(character)) for character in characters]


def _find_path(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text begin and end: the most probable way through the dictionary."""
    logarithm = log(total())
    best: dict[int, tuple[float, int]] = {len(text): (0.0, 0)}
    for begin in range(len(text) - 1, -1, -1):
        ways = []
        for end in _find_ends(text, begin):
            entry = _block(text[begin]).get(text[begin:end])
            frequency = 1 if entry is None or not entry.frequency else entry.frequency
            ways.append((log(frequency) - logarithm + best[end][0], end))
        best[begin] = max(ways)
    begin = 0
    while begin < len(text):
        yield begin, best[begin][1]
        begin = best[begin][1]


def _find_ends(text: str, begin: int) -> list[int]:
    """Where words that begin at a place end; one character is a word where the dictionary has none."""
    known = _block(text[begin])
    longest = max(map(len, known), default=0)
    ends = range(begin + 1, min(len(text), begin + longest) + 1)
    return [end for end in ends if (e := known.get(text[begin:end])) and e.frequency] or [begin + 1]


def _tag_of(word: str) -> str:
    entry = _block(word[0]).get(word)
    return _UNKNOWN if entry is None else entry.tag


@cache
def _block(first: str) -> dict[str, _Entry]:
    """The entries of the dictionary whose words begin with a character."""
    data, mark = dictionary(), f"\n{first}".encode()
    begin = data.find(mark)
    if begin < 0:
        return {}
    # the lines are sorted by word, or nearly so: those that begin otherwise are few
    lines = data[begin : data.find(b"\n", data.rfind(mark) + 1)].decode().split("\n")
    entries = (line.split(" ") for line in lines if line.startswith(first))
    return {word: _Entry(int(frequency), tag.strip()) for word, frequency, tag in entries}


@cache
def _folder() -> Path:
    spec = find_spec("jieba")
    assert spec is not None and spec.origin is not None  # it is required, and a package of files
    return Path(spec.origin).parent


@cache
def dictionary() -> bytes:
    """The lines of jieba's dictionary: word, frequency, part of speech."""
    return b"\n" + (_folder() / "dict.txt").read_bytes().rstrip() + b"\n"


#: The checksum of the dictionary of jieba 0.42.1 and how often all its words were counted: to add it up takes longer
#: than all the rest.
_ADDED_UP = {0xCDB561E4: 60_101_967}


@cache
def total() -> int:
    """How often all words of the dictionary were counted."""
    return _ADDED_UP.get(crc32(dictionary())) or add_up(dictionary())


def add_up(dictionary: bytes) -> int:
    """How often all words of a dictionary were counted."""
    return sum(map(int, _FREQUENCY.findall(dictionary)))


@cache
def _model() -> _Model:
    return _Model(*map(_load_table, ("char_state_tab", "prob_start", "prob_trans", "prob_emit")))


def _load_table(name: str) -> Any:
    """A table of jieba.posseg, whose own import reads the whole dictionary."""
    spec = spec_from_file_location(f"jieba.posseg.{name}", _folder() / "posseg" / f"{name}.py")
    assert spec is not None and spec.loader is not None  # a file that ends in .py has both
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.P


def _guess(text: str) -> Iterator[tuple[str, str]]:
    """The words that characters make of which the dictionary has no word: the most probable states of the model."""
    states = _find_states(text)
    begin = after = 0
    for i, (place, tag) in enumerate(states):
        if place == "B":
            begin = i
        elif place in "ES":
            after = i + 1
            yield text[begin if place == "E" else i : after], tag
    if after < len(text):
        yield text[after:], states[after][1]


def _find_states(text: str) -> list[State]:
    """The most probable states of characters one after another (Viterbi's way)."""
    model = _model()
    everywhere = tuple(model.next)
    scores = {
        state: model.start[state] + model.emit[state].get(text[0], _NEVER)
        for state in model.states.get(text[0], everywhere)
    }
    steps: list[dict[State, State]] = []
    for character in text[1:]:
        before = [state for state in scores if model.next[state]]
        follow = {after for state in before for after in model.next[state]}
        here = follow.intersection(model.states.get(character, everywhere)) or follow or set(everywhere)
        ways = {
            state: max(
                (
                    scores[old] + model.next[old].get(state, -inf) + model.emit[state].get(character, _NEVER),
                    old,
                )
                for old in before
            )
            for state in here
        }
        scores = {state: score for state, (score, _) in ways.items()}
        steps.append({state: old for state, (_, old) in ways.items()})
    _, state = max((score, state) for state, score in scores.items())
    found = [state]
    for step in reversed(steps):
        found.append(step[found[-1]])
    return found[::-1]
