"""Lines of narrative → where they end: the signature before the closing date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.normalize.narrative.leftover import begins_foot
from gongkai.normalize.narrative.section import HeadingCandidate, Line

#: Lines from the end in which a date ends the narrative: a page goes on with lists of other reports.
_LATEST = 40
#: A line of a signature has at most so many characters.
_LONGEST = 30
#: The whole text of a last section, and no signature.
_NOTHING = re.compile(r"(?:本年度?|目前|我.{1,4}|本机关)?(?:暂?无|没有|未)")
_DATE_LINE = re.compile(r"^\s*(?:20\d\d|二[〇○零]).{1,12}[日号]\s*$")
_SENTENCE = re.compile(r"[。；：]")


def find_end(lines: Sequence[Line], headings: Sequence[HeadingCandidate]) -> int:
    """The number of the line at which the narrative ends, behind the last heading."""
    last = headings[-1].line if headings else 0
    # without headings, 来源： may as well stand at the head of the page
    behind = range(last + 1, len(lines)) if headings else range(0)
    foot = next((n for n in behind if begins_foot(lines[n].text)), len(lines))
    for n in range(foot - 1, max(last, foot - _LATEST), -1):
        if _DATE_LINE.match(re.sub(r"\s", "", lines[n].text)):
            while n - 1 > last and _may_sign(lines[n - 1].text):
                n -= 1
            return n
    return foot


def _may_sign(text: str) -> bool:
    """Whether a line before the date may belong to the signature: a name, and no sentence."""
    return (
        len(text.strip()) <= _LONGEST
        and _SENTENCE.search(text) is None
        and _NOTHING.match(text.strip()) is None
    )
