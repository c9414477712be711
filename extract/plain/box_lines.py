"""A text with each box of its tables on a line of its own, blank ones as empty lines → its lines and blank boxes in order.

LibreOffice and some editors save tables so. Empty lines also part paragraphs and tables: they are boxes only where table three has
exactly seven lines behind each of its labels.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

_VALUE = re.compile(
    r"\s*(?:[-+－]?[增减]?[\d０-９][\d０-９,，.．]*\s*(?:万元|元|件|项|条|个|次)?|[/／\\\-－—–无]{1,2})?\s*"
)
#: Lines behind a label of table three and of table four; so many labels of table three make it certain.
_SEVEN, _FIFTEEN, _LEAST_ROWS = 7, 15, 8
#: As many boxes as rows of the form have, the most first.
_COUNTS = (_FIFTEEN, _SEVEN, 5, 3)
#: So many empty lines may stand behind a row for places that boxes of groups cover before the next label, and below a table.
_MOST_COVERED, _MOST_BELOW = 2, 3
_HEAD = re.compile(
    r"""
    申请人情况 | 自然人 | 法人或其[他它]组织 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | [总合]计 | 其[他它]
    | 信息内容 | .*件数 | .*数量 | .*金额.* | .*第.+[项款][)）]? | 结果维持 | 结果纠正 | 其[他它]结果 | 尚未审结
    | 行政复议 | 行政诉讼 | 未经复议直接起诉 | 复议后起诉
    """,
    re.VERBOSE,
)
_HEADING = re.compile("[一二三四五六七][、.．](?!.*(?:新收|结转|办理结果))")
_LONGEST_LABEL = 80


def read_box_lines(lines: Sequence[str]) -> list[tuple[int, str]] | None:
    """The lines with their numbers, "" for each blank box; None where empty lines may be something else.

    A page saved as paragraphs has an empty line behind each text too, which is no box.
    """
    numbered = list(enumerate(lines))
    ways = (numbered, _close_up(numbered), _drop_spacing(numbered))
    return next((found for way in ways if (found := _read_boxes(way)) is not None), None)


def _drop_spacing(numbered: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    """The lines without the empty one that a program (docx2txt) puts behind each, blank or not; nothing where it does not."""
    places = {n % 2 for n, line in numbered if line.strip()}
    return numbered[places.pop() :: 2] if len(places) == 1 else ()


def _close_up(numbered: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines without the empty one behind each text; none where a number has no such line."""
    result: list[tuple[int, str]] = []
    was_text = False
    for n, line in numbered:
        is_text = bool(line.strip())
        if is_text and was_text and _VALUE.fullmatch(result[-1][1]) is not None:
            return []
        if is_text or not was_text:
            result.append((n, line))
        was_text = is_text
    return result


def _read_boxes(numbered: Sequence[tuple[int, str]]) -> list[tuple[int, str]] | None:
    runs = [(is_text, list(run)) for is_text, run in itertools.groupby(numbered, key=_is_text)]
    kept: list[tuple[int, str]] = []
    counts: Counter[int] = Counter()
    rows: list[bool] = []  # which of seven boxes have something in them
    for i, (is_text, run) in enumerate(runs):
        if is_text:
            kept += run
            continue
        before = runs[i - 1][1][-1][1].strip() if i else ""
        after = runs[i + 1][1][0][1].strip() if i + 1 < len(runs) else ""
        boxes = _take_boxes(run, before, after)
        counts[len(boxes)] += 1
        rows += [bool(text.strip()) for _, text in boxes] if len(boxes) == _SEVEN else []
        kept += boxes
    is_regular = all(n < _SEVEN - 1 or n in _COUNTS for n in counts)
    # without a number in the table its values stood in fields, which the program passed over
    is_table = {*rows} == {True, False} and counts[_SEVEN] >= _LEAST_ROWS
    return kept if is_table and is_regular else None


def _is_text(numbered: tuple[int, str]) -> bool:
    return _VALUE.fullmatch(numbered[1]) is None


def _take_boxes(run: list[tuple[int, str]], before: str, after: str) -> list[tuple[int, str]]:
    """The lines of a run of values that are boxes: none of those that only part one text from another."""
    is_blank = not any(text.strip() for _, text in run)
    if is_blank and len(run) < _SEVEN:
        is_part = not before or _HEAD.fullmatch(before) or _HEADING.match(before) or "。" in before
        if is_part or len(before) > _LONGEST_LABEL:
            return []
    is_last = not after or _HEADING.match(after) is not None
    extra = len(run) - next((n for n in _COUNTS if n <= len(run)), 1)
    if extra <= (_MOST_BELOW if is_last else _MOST_COVERED):
        while extra > 0 and not run[-1][1].strip():
            run, extra = run[:-1], extra - 1
    return run
