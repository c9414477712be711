"""A sentence → the numbers in it that count something, with their units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from gongkai.startup_cache import read_toml


class Quantity(NamedTuple):
    """A number with its unit at [start, end) of the sentence.

    `printed` is the number as it stands without its unit. 万 and 亿 are multiplied in unless they belong to the unit
    (18万条 is 180000, 3.5万元 is 3.5 of 万元). `approximate`: 余, 近, 约, 以上.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    printed: str
    approximate: bool


#: One character for one, so that an index into the folded sentence holds for the printed one.
_FOLD = str.maketrans("０１２３４５６７８９．％﹪", "0123456789.%%")
_DIGITS = "〇一二三四五六七八九"
_SCALES = {"": 1, "十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_ABOUT = re.compile(r"(?:近|约|大约|逾|超|超过|不足|将近|至少|不少于|高达|上)\s*$")
_OR_MORE = re.compile(r"\s*(?:左右|以上|以下|以内|上下)")
#: A number without a unit counts only behind such words: 数量为, 均为.
_ANNOUNCED = re.compile(
    r"(?:数量?|件数|总数|总量|均|都|分别|共计?|合计|总计)\s*(?:为|是|[：:])\s*$|(?:均|都)为?\s*$"
)
_ALONE = re.compile(r"\s*(?:[，,。；;、）)！]|$)")
#: 第3次, 〔2021〕30号, 3-5次, A4: parts of something else
_BEFORE = re.compile(r"(?:第|〔|\[|[A-Za-z\d.]|\d\s?[,，/~～—–-]|\d\s?至|\d\s?到)\s?$")


@cache
def words() -> Mapping[str, Any]:
    """The data of mentions.toml."""
    return read_toml(__package__, "mentions.toml")


def fold(text: str) -> str:
    """Full-width digits, point and percent sign narrow; every other character as it is."""
    return text.translate(_FOLD)


@cache
def _number_pattern() -> re.Pattern[str]:
    units = "|".join(sorted(map(re.escape, words()["units"]), key=len, reverse=True))
    never = "|".join(words()["not_units"])
    return re.compile(
        rf"""
        (?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)\s?
        (?P<more>[余多])?(?P<scale>[百千万亿](?!元))?(?P<more2>[余多])?\s?
        (?:(?!{never})(?P<unit>{units}))?
        """,
        re.VERBOSE,
    )


@cache
def _worded_pattern() -> re.Pattern[str]:
    units = "|".join(sorted(words()["worded_units"], key=len, reverse=True))
    return re.compile(
        rf"""
        (?<![第其每同逐再唯首单某另任这那进数几年月日又更〇一二三四五六七八九十百千])
        (?P<number>[二三四五六七八九两][十百千]?[一二三四五六七八九]?|十[一二三四五六七八九]?|百|零)
        (?P<more>[余多])?(?P<unit>{units})(?!方)
        """,
        re.VERBOSE,
    )


def find_quantities(sentence: str) -> list[Quantity]:
    """Every number of a sentence that counts something, in order.

    Years, dates and the numbers of documents, articles and telephones are left out.

    >>> [(q.printed, q.unit, q.value) for q in find_quantities("2021年共公开信息18万余条，第3次")]
    [('18万余', '条', Decimal('180000'))]
    """
    text = fold(sentence)
    result = [*_find_digits(text, sentence), *_find_worded(text)]
    return sorted(result, key=lambda q: q.start)


def _find_digits(text: str, sentence: str) -> Iterator[Quantity]:
    for hit in _number_pattern().finditer(text):
        if _BEFORE.search(text[max(0, hit.start() - 4) : hit.start()]):
            continue
        unit = hit["unit"] or ""
        scale = hit["scale"] or ""
        if not unit and not _is_alone(text, hit):
            continue
        value = Decimal(hit["number"].replace(",", "")) * _SCALES[scale]
        if unit not in ("%", "个百分点", "万元", "亿元", "元") and value != value.to_integral_value():
            continue  # "2.3件" is point 2 of a list and 3件
        about = _is_about(text, hit.start(), hit.end()) or bool(hit["more"] or hit["more2"])
        end = hit.start("unit") if unit else hit.end()
        printed = sentence[hit.start() : end].strip()
        whole = value == value.to_integral_value()
        value = value.to_integral_value() if whole else value  # 48.8万 is 488000 and not 488000.0
        yield Quantity(hit.start(), hit.end(), value, unit, printed, about)


def _is_alone(text: str, hit: re.Match[str]) -> bool:
    """Whether the sentence announces a number without a unit: 行政诉讼数量为0。"""
    number = hit["number"]
    year = len(number) == 4 and number[:2] in ("19", "20")
    announced = _ANNOUNCED.search(text[max(0, hit.start() - 8) : hit.start()]) is not None
    return not year and announced and _ALONE.match(text, hit.end()) is not None


def _is_about(text: str, start: int, end: int) -> bool:
    before = _ABOUT.search(text[max(0, start - 4) : start])
    return before is not None or _OR_MORE.match(text, end) is not None


def _find_worded(text: str) -> Iterator[Quantity]:
    for hit in _worded_pattern().finditer(text):
        about = hit["more"] is not None or _is_about(text, hit.start(), hit.end())
        printed = hit["number"] + (hit["more"] or "")
        yield Quantity(
            hit.start(), hit.end(), Decimal(_read_chinese(hit["number"])), hit["unit"], printed, about
        )
    for hit in re.finditer(r"(?<=[均都]为)零(?=\s*(?:[，,。；;]|$))", text):
        yield Quantity(hit.start(), hit.end(), Decimal(0), "", "零", False)


def _read_chinese(number: str) -> int:
    """A number below 10,000 in Chinese: 二十三 is 23, 百 is 100."""
    total = digit = 0
    for c in number.replace("两", "二").replace("零", "〇"):
        if c in _SCALES:
            total += (digit or 1) * _SCALES[c]
            digit = 0
        else:
            digit = _DIGITS.index(c)
    return total + digit
