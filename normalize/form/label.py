"""Printed label → what of it is compared: its key, its number, its own part.

Width, blanks, punctuation, quotation marks, numbering and marks of what was not read are folded away; traditional characters
are made simplified.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from opencc import OpenCC

from gongkai.model import drop_unread
from gongkai.normalize.form.radical import fold_radicals

_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_NUMBERING = re.compile(
    rf"""
    ^(?:
        [(]?{_NUMBER}[)]?\s*[、.,:;。\s)·]+  # 一、  3.  (3)、
      | [(]{_NUMBER}[)]                     # (三)
    )\s*
    """,
    re.VERBOSE,
)
#: ①, ⑴, ⒈, ㈠, ㊀: a number in one character
_ENCIRCLED = re.compile("^[①-⒛㈠-㈩㊀-㊉]")
_BARE_NUMBER = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十])")
_BRACKETED = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
#: Hijacked copies gloss characters with their reading: 規(guī)章, 公(gong)(gong)開(kai).
GLOSS = re.compile(r"(?:[(]\s*[a-zü-ǜāáǎàēéěèīíǐìōóǒòūúǔùńňǹḿ]{1,7}\s*[)])+", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")
_HALF_OF_A_PAIR = re.compile("[\ud800-\udfff]")
#: Where a label that repeats its groups goes on: 三、本年度办理结果（三）不予公开1.属于国家秘密.
_PART = re.compile(r"[(（][一二三四五六七][)）]|(?<![\d.])[1-8][.．、](?!\d)")
#: How a label is numbered: by group (（六）), by line (3.), by item (一、).
_LEVELS = (
    ("group", re.compile(r"^\s*(?:[(（][一二三四五六七八九十]+[)）]|[㈠-㈩])")),
    ("line", re.compile(r"^\s*[(（]?\d{1,2}\s*[)）.．、,，]")),
    ("item", re.compile(r"^\s*[一二三四五六七八九十]+\s*[、.．,，]")),
)
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
_NUMERAL = re.compile(r"^\s*[(（]?\s*([一二三四五六七八九]|\d)(?!\d)\s*[)）、.．,，]")


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """What of a label is compared, explanations in brackets included.

    >>> key("（三）  不予 公开")
    '不予公开'
    """
    return _NOT_WORD.sub("", _drop_number(text))


@lru_cache(maxsize=16384)
def short_key(text: str) -> str:
    """The key without what stands in brackets: 部分公开 of 部分公开（区分处理的…）."""
    return _NOT_WORD.sub("", _BRACKETED.sub("", _drop_number(text)))


@lru_cache(maxsize=16384)
def _drop_number(text: str) -> str:
    words = drop_unread(text).strip()
    folded = unicodedata.normalize("NFKC", fold_radicals(_ENCIRCLED.sub("", words))).strip()
    if "(" in folded:
        folded = GLOSS.sub("", folded)
    return _NUMBERING.sub("", _SPACES.sub(" ", folded))


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """A label on one line, its line breaks out: 三\\n、本年度 is 三、本年度."""
    return "".join(line.strip() for line in text.splitlines())


@lru_cache(maxsize=4096)
def simplify(text: str) -> str:
    """Traditional characters as simplified ones.

    Half of a surrogate pair, which damaged PDF fonts give, is U+FFFD: OpenCC takes UTF-8 only.
    """
    return str(_converter().convert(_HALF_OF_A_PAIR.sub("\ufffd", text)))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def spellings(printed: str) -> Iterator[str]:
    """The keys under which a label may be listed, the closest to the print first."""
    full, short = key(printed), short_key(printed)
    yield full
    yield short
    for k in (full, short):
        if _BARE_NUMBER.match(k):
            yield _BARE_NUMBER.sub("", k)
    plain = simplify(full)
    if plain != full:
        yield plain
        yield simplify(short)
        if _BARE_NUMBER.match(plain):
            yield _BARE_NUMBER.sub("", plain)
    if own_part(printed) != printed:
        yield own_key(printed)


#: The last row of the last group, which each form has otherwise.
_OTHER = re.compile(
    r"""
    ^\s*(?:
        (?P<of_2019>[(（]?(?:六|6)[)）]?[、.．,，]?|㈥)  # （六）其他, short for （六）其他处理
      | (?P<of_2021>3[.．、])                           # 3.其他
    )?
    \s*其[他它]\s*$
    """,
    re.VERBOSE,
)
#: A group's label, parted by a mark from the label of its row: the rows of some reports have no numbers.
#: OCR reads a dash as 一 and 予 as 子, and may lose the number in the brackets.
_GROUP_BEFORE = re.compile(
    r"""
    \s* (?:[(（][三四五六]?[)）]{1,2})? \s*
    (?: 不\s*[予子]\s*公\s*开 | 无\s*法\s*提\s*供 | 不\s*[予子]\s*处\s*理 | 其\s*[他它]\s*处\s*理 )
    \s* (?: [—–\-－/／>＞:：→]+ | 一 ) \s* (?=[一-鿿])
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=16384)
def own_part(printed: str) -> str:
    """A label's own part, where the labels of its groups stand before it in the same box.

    >>> own_part("三、本年度办理结果（七）总计")
    '（七）总计'
    >>> own_part("（三）不予公开—属于国家秘密")
    '属于国家秘密'
    """
    part = _last_part(printed)
    group = _GROUP_BEFORE.match(part)
    return part[group.end() :] if group is not None else part


def write_out_other(label: str, form: str) -> str:
    """（六）其他 is the row （六）其他处理 of 2019 in short; 3.其他 the last of the three rows of 2021."""
    hit = _OTHER.match(own_part(label))
    if hit is None or (hit["of_2021"] is not None and form == "2019"):
        return label
    return "（六）其他处理" if hit["of_2019"] or form == "2019" else label


def _last_part(printed: str) -> str:
    starts = part_starts(printed)
    return printed[starts[-1] :] if starts else printed


def names_group_before(printed: str) -> bool:
    """Whether the label of a group stands before a label, parted from it by a mark.

    >>> names_group_before("（三）不予公开—属于国家秘密"), names_group_before("（六）其他处理")
    (True, False)
    """
    return _GROUP_BEFORE.match(_last_part(printed)) is not None


def own_key(printed: str) -> str:
    """The key of a label's own part, in simplified characters."""
    return simplify(key(own_part(printed)))


def part_starts(printed: str) -> list[int]:
    """Where a numbered part begins in a text that may be several labels; 第（一）项 within brackets is none."""
    return [m.start() for m in _PART.finditer(printed) if not _is_within_brackets(printed[: m.start()])]


def _is_within_brackets(before: str) -> bool:
    """Whether a text ends inside brackets that it opened."""
    return sum(map(before.count, "（(")) > sum(map(before.count, "）)"))


@lru_cache(maxsize=16384)
def level(printed: str) -> str | None:
    """Which kind of number a label begins with, None where it has none.

    >>> level("（六）其他处理"), level("3.其他"), level("总计")
    ('group', 'line', None)
    """
    return next((name for name, pattern in _LEVELS if pattern.match(printed)), None)


def numeral(printed: str) -> int | None:
    """The number from 1 to 9 that a label begins with, None where it has none.

    >>> numeral("二、上年结转"), numeral("总计")
    (2, None)
    """
    hit = _NUMERAL.match(unicodedata.normalize("NFKC", printed))
    return None if hit is None else _DIGITS.get(hit[1]) or int(hit[1])
