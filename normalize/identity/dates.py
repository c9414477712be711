"""Closing lines and metadata → the dates of signature and publication, as ISO dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from gongkai.normalize.identity.evidence import data, fold_line

#: Characters that a line with the date of signature may have.
_LONGEST = 40

_MONTH, _DAY = r"(1[0-2]|0?[1-9])", r"(3[01]|[12]\d|0?[1-9])"
#: 2024年1月20日
DATE = re.compile(rf"(20[0-4]\d)\s*年\s*{_MONTH}\s*月\s*{_DAY}\s*日")
_PLAIN = re.compile(rf"(?<!\d)(20[0-4]\d)[-/.]{_MONTH}[-/.]{_DAY}(?!\d)")
#: 二〇二四年一月二十日
_CHINESE = re.compile(
    """
    ([二〇○零Ｏ]{1,2}[一二三四五六七八九〇○零]{2,3})年
    (十[一二]?|[一二三四五六七八九])月
    ((?:三十|二十|十)?[一二三四五六七八九]?)日
    """,
    re.VERBOSE,
)
_DIGITS = "〇一二三四五六七八九"
_THROUGH = r"(?:至|到|—|-|－|~)+"
#: The period that the figures are for: 自2023年1月1日起至2023年12月31日止. Some copies print 202023 for 2023.
_PERIOD = re.compile(
    rf"""
    (?<!\d)(?:20)?(20[0-4]\d)\s*年?\s*1?\s*月?\s*1\s*日?\s*(?:起)?[,，]?
    \s*{_THROUGH}\s*
    (?:(?:20)?(20[0-4]\d)\s*年?|同年)?\s*12\s*月?\s*31
    """,
    re.VERBOSE,
)


#: A line of the page, and no signature: 发布时间:2022-01-29.
_OF_PAGE = re.compile("(?:发布|更新|生成|公开|发文|成文)(?:时间|日期)")
_END_OF_PERIOD = re.compile(rf"12月31日(?:止|期间)|1月1日(?:起|{_THROUGH})")


class Dates(NamedTuple):
    """When a report was published, and when it was signed. Where the page does not say the first, the signature tells both."""

    published: str | None
    signed: str | None


def read_dates(closing: Sequence[str], metadata: Sequence[tuple[str, str]]) -> Dates:
    """The dates of a document, from its folded closing lines and its metadata."""
    signed = printed = None
    for line in closing:
        date = read_date(line)
        if date is None or len(line) > _LONGEST or _tells_period(line):
            continue
        if _OF_PAGE.search(line) is not None:
            printed = date
        else:
            signed = date
    for wanted in data()["metadata"]["date"]:
        for name, value in metadata:
            if name == wanted:
                date = read_date(fold_line(value)) or read_date(value)
                if date is not None:
                    return Dates(date, signed)
    return Dates(printed or signed, signed)


def _tells_period(line: str) -> bool:
    """Whether a line has the period of the figures, or one end of it where the line is broken: 至2023年12月31日止。"""
    return read_period(line) is not None or _END_OF_PERIOD.search(line) is not None


def read_period(text: str) -> int | None:
    """The year of the period that the figures are for; None where the text names none."""
    hit = _PERIOD.search(text)
    return None if hit is None else int(hit[2] or hit[1])


def read_date(text: str) -> str | None:
    """The first date of a text, in digits before Chinese numerals.

    >>> read_date("2024年1月20日"), read_date("二〇二四年一月二十日")
    ('2024-01-20', '2024-01-20')
    """
    hit = DATE.search(text) or _PLAIN.search(text)
    if hit is not None:
        return f"{int(hit[1]):04}-{int(hit[2]):02}-{int(hit[3]):02}"
    chinese = _CHINESE.search(text)
    if chinese is None:
        return None
    year = "".join(str(_DIGITS.index(c)) if c in _DIGITS else "0" for c in chinese[1])
    month, day = _read_numeral(chinese[2]), _read_numeral(chinese[3])
    return f"{year}-{month:02}-{day:02}" if len(year) == 4 and 1 <= day <= 31 else None


def _read_numeral(text: str) -> int:
    """A Chinese numeral below 100; 0 for an empty text."""
    if "十" not in text:
        return _DIGITS.index(text) if text else 0
    tens, _, ones = text.partition("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
