"""Printed text of a box to its value."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from gongkai.model import UNREAD, drop_unread


class NotANumber(ValueError):
    """The text of a box is neither a number nor a placeholder."""


class Number(NamedTuple):
    """`value` as printed, without its unit; `unit` is the printed unit, "" where none stands."""

    value: Decimal
    blank: bool
    unit: str


#: What means nothing when it stands alone in a box.
_PLACEHOLDER = re.compile(r"[/\\—–\-－―─一~～_.…无無×]+|无数据|不涉及|没有|N/?A|n/?a")
_MINUS, _PLUS = "减少|減少|下降|减|減|↓|-", r"增加|增长|新增|增|↑|\+"
#: Nought as people write it without a digit; ○ stands for 〇 in 二○二三. A letter O may be anything.
_NOUGHT = frozenset({"零", "〇", "○"})
#: As many as the year before: nought where a change is counted, and no number anywhere else.
_NO_CHANGE = "持平"
#: One box for many: 均为0, 以上均为零.
_ALL_NOUGHT = re.compile("(?:以上|上述)?(?:各项|数据)?(?:均|全部?|都)(?:为|是)(?:0|零)件?")
#: What a figure holds, or its share: 12（含上年结转2）, 12（其中网上6）, 12（35.3%）. The figure before it is the value.
_EXPLAINED = re.compile(
    r"(?<=[\d件项条次个宗元])\s*\((?:(?:含|其中|包括|包含)[^()]{1,40}|占?\s*\d+(?:\.\d+)?%)\)$"
)
_UNITS = "万元|亿元|万|元|件次|人次|件|项|条|次|宗|个|份|起|部|篇|件/次"
#: A sign whose number was left out: no label, and no value either.
_SIGN_ALONE = re.compile(rf"\s*(?:{_MINUS}|{_PLUS})\s*")
_NUMBER = re.compile(
    rf"""
    (?: (?P<minus> {_MINUS} ) | {_PLUS} )?            \s*
    (?P<digits> \d[\d,'\ ]*(?:\.[\d\ ]+)? | \.\d+ )  \s*
    (?: \(? (?P<unit> {_UNITS} ) \)? )?
    """,
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
#: Digits apart are one number only when every digit stands apart ("1 2 3") or thousands do
#: ("12 345"); "12 3" and "1\n2" may be two boxes run together.
_TWO_NUMBERS = re.compile(
    r"""
      \d \s* [\t\n\r\v\f\x1c-\x1f\x85\u2028\u2029] \s* [\d.]   # a tab or the end of a line between them
    | \d \s{2,} [\d.]                                          # a gap
    | \d\d \s (?! \d{3} (?!\d) ) \d                          # 12 3
    | \d \s \d\d (?! \d (?!\d) )                             # 1 23
    | ^ [^\d]{0,2} \d{1,2} \. \s+ \d                          # 1. 5: a number of a list, and another one
    | ^ [^\d]{0,2} 0 \s+ \d                                 # 0 5: no number begins with a nought that stands apart
    | \d \s+ [.,] | , \s+ \d                                # 1 ,234: a sign of one number stands close to its digits
    """,
    re.VERBOSE,
)
#: Blanks as wide as a character or half of one: folding width makes them like any other.
_WIDE = re.compile("(?<=\\S)\\s*[\u2000-\u2003\u3000]\\s*(?=\\S)")
#: Turns the order of what follows: such digits are not seen in the order of the text.
_REVERSING = "\u202e"
#: A dash where a sign may stand: in front of a digit.
_DASH = re.compile(r"^[\u2010-\u2015\u2212\ufe58\ufe63]\s?(?=[\d.])")
#: Footnote marks behind a figure; folding width would make digits of them: 12① is not 121.
_MARKS = re.compile(
    r"""
    (?<= [\d\uff10-\uff19] ) \s*
    (?: [\xb9\xb2\xb3\u2070-\u2079\u2460-\u249b\u24ea-\u24ff\u2776-\u2793*\uff0a※†‡]+
      | [\[【〔［] \s* (?: 注 | 注? \s* [\d⁰¹²³⁴-⁹一二三四五六七八九十]{1,2} ) \s* [\]】〕］]   # 12[3], 12[注]
      | [(（] \s* 注 \s* [\d⁰¹²³⁴-⁹一二三四五六七八九十]{0,2} \s* [)）]            # 12（注1）
      | 注 \s* [\d⁰¹²³⁴-⁹一二三四五六七八九十]{0,2}                              # 12注1
    ) \s* $
    """,
    re.VERBOSE,
)
#: Raised figures that may be an exponent: behind 10 nobody can tell; behind another figure they are a note's mark, as a
#: rule. A raised 1 is a mark: no number is changed by it.
_RAISED = re.compile(r"[\d\uff10-\uff19]\s*(?!\xb9\s*$)[\xb9\xb2\xb3\u2070-\u2079]+\s*$")
_POWER_OF_TEN = re.compile(r"(?:^|\D)(?:10|１０)\s*(?!\xb9\s*$)[\xb9\xb2\xb3\u2070-\u2079]+\s*$")
#: Characters that are numbers and no digits: ①, ½, ², ㈠.
_NO_DIGITS = re.compile(
    "[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u218f\u2460-\u24ff\u2776-\u2793\u3220-\u32ff]"
)
#: White space of any kind, and the characters that have no width.
_BLANK = re.compile("[\\s\\u200b-\\u200f\\u2060\\ufeff\\u00ad]*")
_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\\u200b-\\u200f\\ufeff\\u00ad\\u2060\\u202a-\\u202e]")


@lru_cache(maxsize=8192)
def parse(printed: str) -> Number:
    """The value of a printed number, whether the box was blank, and its unit.

    Full-width digits, thousands separators, blanks between digits and a unit are understood.
    A placeholder that means nothing ("/", "—", "无") is 0 and blank; a printed 0 is 0 and not
    blank. 减 and 减少 are minus, 增 is plus (the 本年增/减 column of the 2019 form).

    >>> parse("１,２３４ 件").value
    Decimal('1234')
    >>> parse("　").blank
    True
    >>> parse("12①").value, parse("12[3]").value  # marks of footnotes
    (Decimal('12'), Decimal('12'))

    >>> parse("○").value, parse("12（其中网上申请6）").value, parse("12（35.3%）").value
    (Decimal('0'), Decimal('12'), Decimal('12'))

    Raises NotANumber for anything else: "若干", "12/13", "1,23", "10³", digits of another script, and wherever something of the box
    was not read (`mark_unread`): the digits beside it may be half a number.
    """
    if printed.isascii() and printed.isdigit():  # most boxes
        return Number(Decimal(printed), False, "")
    if UNREAD in printed or _REVERSING in printed or _POWER_OF_TEN.search(printed):
        raise NotANumber(printed)
    marked = _WIDE.sub("  ", _MARKS.sub("", printed))
    if _NO_DIGITS.search(marked):
        raise NotANumber(printed)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", marked)).strip()
    text = _DASH.sub("-", text).replace("，", ",").replace("。", ".")
    if text == "" or (text != "一" and _PLACEHOLDER.fullmatch(text.replace(" ", "").replace("\n", ""))):
        return Number(Decimal(0), True, "")
    if text in _NOUGHT or text == _NO_CHANGE or _ALL_NOUGHT.fullmatch(text):
        return Number(Decimal(0), False, "")
    text = _EXPLAINED.sub("", text)
    if text.startswith("人民币") and text.endswith("元"):
        text = text.removeprefix("人民币")
    match = _NUMBER.fullmatch(_SPACES.sub(" ", text))
    if match is None or _TWO_NUMBERS.search(text) or any(c.isdecimal() and not c.isascii() for c in text):
        raise NotANumber(printed)
    return Number(_value(match, printed), False, match["unit"] or "")


def _value(match: re.Match[str], printed: str) -> Decimal:
    digits = match["digits"].replace(" ", "").replace("'", ",")
    if "," in digits:
        if _THOUSANDS.match(digits) is None:
            raise NotANumber(printed)
        digits = digits.replace(",", "")
    if digits.endswith("."):
        raise NotANumber(printed)
    value = Decimal(digits)
    return -value if match["minus"] is not None else value


def may_be_power(printed: str) -> bool:
    """Whether the raised figures behind a number may be an exponent and not the mark of a note.

    >>> may_be_power("5²"), may_be_power("5¹"), may_be_power("5[2]")
    (True, False, False)
    """
    return not printed.isascii() and _RAISED.search(printed) is not None


def is_drawn_nought(printed: str) -> bool:
    """Whether a nought is a word or a ring, and not the digit 0."""
    return unicodedata.normalize("NFKC", printed).strip() in _NOUGHT


def is_no_change(printed: str) -> bool:
    """Whether a box says that there are as many as the year before."""
    return unicodedata.normalize("NFKC", printed).strip() == _NO_CHANGE


def to_ten_thousand_yuan(value: Decimal, unit: str) -> Decimal:
    """Money in 万元. A value without a stated unit stays as it is printed.

    >>> to_ten_thousand_yuan(Decimal(80618), "元")
    Decimal('8.0618')
    """
    if unit == "元":
        return value.scaleb(-4)
    if unit == "亿元":
        return value.scaleb(4)
    return value


def value_of(printed: str) -> tuple[Decimal, bool] | None:
    """The value of a printed number and whether the box was blank; None where it is no number."""
    try:
        return parse(printed)[:2]
    except NotANumber:
        return None


@lru_cache(maxsize=8192)
def is_label(text: str) -> bool:
    """Whether the text of a box is words rather than a value; what was not read and a lone 增 or 减 are none."""
    text = drop_unread(text)
    if _SIGN_ALONE.fullmatch(text):
        return False
    try:
        parse(text)
    except NotANumber:
        return any("一" <= c <= "鿿" or c.isalpha() for c in text)
    return False


@lru_cache(maxsize=8192)
def is_blank(text: str) -> bool:
    """Whether a box is empty; a placeholder is not."""
    return _BLANK.fullmatch(text) is not None
