"""Printed labels → row and column ids, as a Match.

Exact before alias before fuzzy. A label is compared by its key: width, blanks, punctuation,
quotation marks and numbering folded away, traditional characters made simplified.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from gongkai.model import Label, Match
from gongkai.normalize.form.template import templates

#: A fuzzy score (0 to 100) below this is no match: 予以公开 and 不予公开 score 75.
CUT_OFF = 80.0
#: The best candidate must lead the next by as many points; 本年新收 and 上年结转 score 79.
MARGIN = 8.0
#: An inserted explanation or a cut must leave this many characters of the label standing.
LEAST_PART = 4

_NUMBERING = re.compile(
    r"^(?:[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)]?\s*[、.,:;。\s)·)]+|[(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)])\s*"
)
#: ①, ⑴, ⒈, ㈠, ㊀: a number in one character
_ENCIRCLED = re.compile("^[①-⒛㈠-㈩㊀-㊉]")
_BARE_NUMBER = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十])")
_BRACKETED = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
#: Hijacked copies gloss characters with their reading: 規(guī)章, 公(gong)(gong)開(kai).
GLOSS = re.compile(r"(?:[(]\s*[a-zü-ǜāáǎàēéěèīíǐìōóǒòūúǔùńňǹḿ]{1,7}\s*[)])+", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")
#: A label's words after one of these say the opposite: 不属于…, 不是…, 经查并非属于….
_NEGATED = re.compile(r"[不未非无没](?:是|属于|属|有|能|可|得|予以|予|构成|存在|涉及)?$")
_NEGATIONS = frozenset("不未非无没")


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """What of a label is compared, explanations in brackets included.

    >>> key("（三）  不予 公开")
    '不予公开'
    """
    return _NOT_WORD.sub("", _unnumbered(text))


@lru_cache(maxsize=16384)
def short_key(text: str) -> str:
    """The key without what stands in brackets: 部分公开 of 部分公开（区分处理的…）."""
    return _NOT_WORD.sub("", _BRACKETED.sub("", _unnumbered(text)))


@lru_cache(maxsize=16384)
def _unnumbered(text: str) -> str:
    folded = unicodedata.normalize("NFKC", _ENCIRCLED.sub("", text.strip())).strip()
    if "(" in folded:
        folded = GLOSS.sub("", folded)
    folded = _NUMBERING.sub("", re.sub(r"\s+", " ", folded))
    return folded


#: Where a label that repeats its groups goes on: 三、本年度办理结果（三）不予公开1.属于国家秘密.
_PART = re.compile(r"[(（][一二三四五六七][)）]|(?<![\d.])[1-8][.．、](?!\d)")


def last_of(printed: str) -> str:
    """A label's own part, where the labels of its groups stand before it in the same box.

    >>> last_of("三、本年度办理结果（七）总计")
    '（七）总计'
    """
    starts = [m.start() for m in _PART.finditer(printed)]
    return printed[starts[-1] :] if starts else printed


def mingled(printed: str, words: tuple[str, str, Path | None]) -> bool:
    """Whether a label holds parts of two rows' labels: a line of the one slid into the box of the other.

    Before its own part a box may repeat the labels of its groups and nothing else. Which of the
    rows it is nobody can tell: what stands first may be its own, or the end of the row above.
    """
    starts = [m.start() for m in _PART.finditer(printed)]
    if not starts:
        return False
    parts = [printed[a:b] for a, b in zip([0, *starts], [*starts, len(printed)], strict=True)]
    if sum(level(part) == "line" for part in parts) > 1:
        return True
    before = filter(None, map(key, parts[:-1]))
    return any(_of_a_row(simplified(part), words) for part in before)


def own_parts(text: str, words: tuple[str, str, Path | None]) -> list[str] | None:
    """The labels of rows that stand one after the other in a text, those of groups left out.

    None where the text does not begin with a number: what stands first is the end of another label.
    """
    starts = [m.start() for m in _PART.finditer(text)]
    if not starts or key(text[: starts[0]]):
        return None
    parts = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    groups = _groups(*words[:2]) - {k for k, _ in wordings(*words).keys}
    return [part for part in parts if simplified(key(part)) not in groups]


def _of_a_row(part: str, words: tuple[str, str, Path | None]) -> bool:
    """Whether these words are a row's own label, or a piece of one, and not those of a group."""
    if any(part in group or group in part for group in _groups(*words[:2])):
        return False
    return any(part in known for known, _ in wordings(*words).keys)


@cache
def _groups(table: str, kind: str) -> frozenset[str]:
    """The keys of all labels that stand over several rows (or columns) of a table, over all forms."""
    return frozenset(key(text) for label in _labels(table, kind) for text in label.path[:-1]) - {""}


#: How a label is numbered: by group (（六）), by line (3.), by item (一、).
_LEVELS = (
    ("group", re.compile(r"^\s*(?:[(（][一二三四五六七八九十]+[)）]|[㈠-㈩])")),
    ("line", re.compile(r"^\s*[(（]?\d{1,2}\s*[)）.．、,，]")),
    ("item", re.compile(r"^\s*[一二三四五六七八九十]+\s*[、.．,，]")),
)


def level(printed: str) -> str | None:
    """Which kind of number a label begins with, None where it has none.

    >>> level("（六）其他处理"), level("3.其他"), level("总计")
    ('group', 'line', None)
    """
    return next((name for name, pattern in _LEVELS if pattern.match(printed)), None)


@cache
def level_of(table: str, kind: str, id: str) -> str | None:
    """Which kind of number the form gives a label."""
    return next((level(label.path[-1]) for label in _labels(table, kind) if label.id == id), None)


_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
_NUMERAL = re.compile(r"^\s*[(（]?\s*([一二三四五六七八九]|\d)(?!\d)\s*[)）、.．,，]")


def numbered_otherwise(printed: str, id: str, words: tuple[str, str, Path | None]) -> bool:
    """Whether a label's number is not the form's: （六） cannot be 3.其他, nor 一、 the row 二、上年结转.

    For labels that are not spelled as the form or an alias has them. The numbers of lines (2.危机
    “三安全一稳定”) are typed wrongly too often to count; those of the table's own items are not.
    """
    table, kind, _ = words
    own, due = level(printed), level_of(table, kind, id)
    if own is None or due is None:
        return False
    return own != due or (own == "item" and _numeral(printed) not in _numerals(table, kind, id))


def _numeral(printed: str) -> int | None:
    hit = _NUMERAL.match(unicodedata.normalize("NFKC", printed))
    return None if hit is None else _DIGITS.get(hit[1]) or int(hit[1])


@cache
def _numerals(table: str, kind: str, id: str) -> frozenset[int | None]:
    """The numbers that the forms give a row, and none: one that cannot be told contradicts nothing."""
    return frozenset(_numeral(lb.path[-1]) for lb in _labels(table, kind) if lb.id == id) | {None}


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    """Traditional characters as simplified ones.

    Half of a surrogate pair, which damaged PDF fonts give, is U+FFFD: OpenCC takes UTF-8 only.
    """
    return str(_converter().convert(_HALF.sub("\ufffd", text)))


_HALF = re.compile("[\ud800-\udfff]")


@cache
def _converter():  # type: ignore[no-untyped-def]  # opencc ships no types
    import opencc

    return opencc.OpenCC("t2s")


def _labels(table: str, kind: str) -> Iterator[Label]:
    """The labels of a table's "rows" or "columns", form by form."""
    for form in templates():
        for t in form.tables:
            if t.id == table:
                yield from t.rows if kind == "rows" else t.columns


class Wordings(NamedTuple):
    """The labels that one table's rows (or columns) can have: key → (id, rule)."""

    exact: Mapping[str, tuple[str, str]]
    #: (key, id) of every wording, for fuzzy matching
    keys: tuple[tuple[str, str], ...]


@cache
def wordings(table: str, kind: str, extra: Path | None = None) -> Wordings:
    """Every wording of a table's "rows" or "columns", over all forms: the forms' own, then aliases.

    `extra` is a user's own alias file of the same shape as aliases.toml.
    """
    exact: dict[str, tuple[str, str]] = {}
    for label in _labels(table, kind):
        for k in (key(label.path[-1]), short_key(label.path[-1])):
            exact.setdefault(k, (label.id, "exact"))
    for id, printed in _aliases(extra).get(table, {}).get(kind, {}).items():
        for wording in printed:
            exact.setdefault(key(wording), (id, "alias"))
    return Wordings(exact, tuple((k, id) for k, (id, _) in exact.items()))


@cache
def _aliases(extra: Path | None) -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    own = tomllib.loads(files(__package__).joinpath("aliases.toml").read_text("utf-8"))
    if extra is None:
        return own
    users = tomllib.loads(extra.read_text("utf-8-sig"))
    for table, kinds in users.items():
        for kind, ids in kinds.items():
            for id, printed in ids.items():
                slot = own.setdefault(table, {}).setdefault(kind, {})
                slot[id] = [*printed, *slot.get(id, [])]
    return own


@lru_cache(maxsize=16384)
def match(printed: str, words: tuple[str, str, Path | None]) -> Match | None:
    """The Match of one label alone, or None where no candidate is near enough.

    `words` is (table, "rows" or "columns", alias file). Where a label stands is not looked at:
    其他 or 总计 get the id that the table knows them by.
    """
    found = exact(printed, words)
    if found is not None:
        return found
    best = ranked(printed, words)
    if not best:
        return None
    (id, score), *rest = best
    if score < CUT_OFF or (rest and score - rest[0][1] < MARGIN) or numbered_otherwise(printed, id, words):
        return None
    return Match(printed, id, score, "fuzzy", best[:3])


def exact(printed: str, words: tuple[str, str, Path | None]) -> Match | None:
    """The Match of a label that stands as the form or an alias has it, else None."""
    known = wordings(*words)
    for candidate in _spellings(printed):
        hit = known.exact.get(candidate)
        if hit is not None:
            # asked of few labels only: _own_part may load the converter of traditional characters
            parted = last_of(printed) != printed and candidate == _own_part(printed)
            return None if parted and mingled(printed, words) else Match(printed, hit[0], 100.0, hit[1])
    return None


def _own_part(printed: str) -> str:
    return simplified(key(last_of(printed)))


def _spellings(printed: str) -> Iterable[str]:
    """The keys under which a label may be listed, the closest to the print first."""
    full, short = key(printed), short_key(printed)
    yield full
    yield short
    for k in (full, short):
        if _BARE_NUMBER.match(k):
            yield _BARE_NUMBER.sub("", k)
    plain = simplified(full)
    if plain != full:
        yield plain
        yield simplified(short)
        if _BARE_NUMBER.match(plain):
            yield _BARE_NUMBER.sub("", plain)
    if last_of(printed) != printed:
        yield _own_part(printed)


@lru_cache(maxsize=16384)
def ranked(printed: str, words: tuple[str, str, Path | None]) -> tuple[tuple[str, float], ...]:
    """Every id with its best score (0 to 100) for this label, best first; at most eight.

    None for a label that holds parts of two.
    """
    if mingled(printed, words):
        return ()
    spellings = {simplified(s) for s in _spellings(printed)} - {""}
    best: dict[str, float] = {}
    for k, id in wordings(*words).keys:
        score = max((_score(s, k) for s in spellings), default=0.0)
        if score > best.get(id, 0.0):
            best[id] = score
    order = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((id, round(score, 1)) for id, score in order[:8])


def _score(printed: str, known: str) -> float:
    """How near two keys are, 0 to 100.

    Typing errors cost by rapidfuzz's ratio. A label that was cut (执法案卷) or explained
    (规章设区的市…提供) is found by what stands of it.
    """
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.fuzz import ratio

    score = ratio(printed, known)
    if score >= 99.9:
        return 100.0
    if len(known) >= LEAST_PART and len(printed) > len(known) and printed.startswith(known):
        return max(score, 95.0)
    if len(printed) >= LEAST_PART and len(known) > len(printed) and printed in known:
        return 0.0 if _negated(known, printed) else max(score, 92.0)
    if len(known) >= LEAST_PART and known in printed:
        return 0.0 if _negated(printed, known) else max(score, 88.0)
    # One typing error in a short label weighs more in the ratio than it should.
    if len(known) >= 3 and len(printed) == len(known) and Levenshtein.distance(printed, known) == 1:
        return max(score, 82.0)
    if (
        len(printed) > len(known) + 2
        and len(known) >= 6
        and sum(c in _NEGATIONS for c in printed) == sum(c in _NEGATIONS for c in known)
        and sum(c in printed for c in known) >= 0.8 * len(known)
    ):
        score = max(score, _by_words(printed, known))
    return score


def _negated(whole: str, part: str) -> bool:
    """Whether every place of `part` in `whole` stands behind a negation."""
    starts = [i for i in range(len(whole)) if whole.startswith(part, i)]
    return all(_NEGATED.search(whole[:i]) is not None for i in starts)


def _by_words(printed: str, known: str) -> float:
    """Inserted words: the share of the known label's words that stand in the printed one, in order.

    不掌握本机关相关信息 holds the words of 本机关不掌握相关政府信息, though not its order.
    """
    words = _words(known)
    found = sum(len(w) for w in words if w in printed)
    return 85.0 * found / len(known)


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    """The words of a label, by jieba."""
    import jieba  # type: ignore[import-untyped]

    jieba.setLogLevel(60)
    return tuple(jieba.cut(text, HMM=False))


#: tables whose rows and columns have labels; the list of 2014 has labels of rows alone
_TABLES = ("proactive", "requests", "review")
#: table, "rows" or "columns", the Match if any, the best candidates with their scores
LabelMatch = tuple[str, str, Match | None, tuple[tuple[str, float], ...]]


def match_label(text: str, table: str | None = None, aliases: Path | None = None) -> list[LabelMatch]:
    """What a printed label would mean in one table or in each, the likeliest first."""
    found = []
    for name in (table,) if table else _TABLES:
        for kind in ("rows", "columns"):
            words = (name, kind, aliases)
            found.append((name, kind, match(text, words), ranked(text, words)[:5]))
    return sorted(found, key=lambda f: (f[2] is None, -(f[3][0][1] if f[3] else 0.0)))
