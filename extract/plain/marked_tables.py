"""Tables of a text whose boxes commas, columns of dashes or ruled lines part → the same text with tabs between them.

CSV of a spreadsheet, simple, multiline and grid tables of pandoc and reST, tables of AsciiDoc and MediaWiki. Once tabs stand between
the boxes, they are read as the tables of any other text with tabs.
"""

from __future__ import annotations

import csv
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from gongkai.extract.plain.parted_lines import put_tabs_between

#: Signs that part the boxes of a line.
_SEPARATORS = (",", ";")
#: So many lines with numbers between such signs show that the text has tables of them.
_LEAST_VALUED = 3
#: Lines of a run that are a table; boxes of each where none has a number.
_LEAST_RUN, _LEAST_EVEN = 3, 3
#: A box is no longer than this, in characters; of a row without a number, no longer than that; heads over all columns too.
_LONGEST_BOX, _LONGEST_HEAD = 100, 48
#: A box in quotation marks goes over at most so many lines, and a box of a grid of narrow columns.
_MOST_LINES, _MOST_LINES_OF_GRID = 12, 40
#: What stands in a box of values: a number with its unit, a placeholder, or nothing.
_VALUE = re.compile(
    r"\s*(?:(?:[-+－]|[增减]加?少?)?\s*[\d０-９][\d０-９,，.．]*\s*(?:万元|元|件|项|条|个|次)?|[/／\\\-－—–无]{0,3})\s*"
)
_HAS_DIGIT = re.compile(r"[\d０-９]")
#: A lone number whose thousands are parted by commas, and a number that a blank parts from what stands before it.
_THOUSANDS = re.compile(r"\s*[+\-－]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*")
_NUMBER_BEHIND_BLANK = re.compile(r"\S\s+[\d０-９]+\s*$")
#: A line of dashes under every column: ----- --- -----, or signs of equality as reST has them.
_DASHES = re.compile(r"\s*(?:-{2,}(?:\s+-{2,})+|={2,}(?:\s+={2,})+)\s*")
#: What reST writes in the first box of a row where nothing stands in it.
_BLANK_OF_REST = "\\"
#: A line with more blanks than this is a row of blank boxes, and no empty line between two rows.
_SHORTEST_BLANK = 3
#: A line of dashes over the whole table.
_LONG_DASHES = re.compile(r"\s*-{20,}\s*")
#: A table goes on for at most so many lines below a line of dashes.
_MOST_ROWS = 200
#: A ruled line with a joint over every bar, and a line with a bar at each end.
_RULED = re.compile(r"\s*\+(?:[-=]+\+)+\s*")
_BARRED = re.compile(r"\s*\|.*\|\s*")
#: A line in a frame: the walls of a table that touch its frame are its own.
_FRAMED = re.compile(r"\s*\| (?:.* )?\|\s*")
#: A ruled line over one box, and a frame of so many lines that it goes around more than a box.
_FRAME, _SMALLEST_FRAME = re.compile(r"\s*\+-{20,}\+\s*"), 40
#: So many bars in each line part the boxes of rows; a line of dashes between them is Markdown's.
_LEAST_BARS = 2
_DASHED_BOX = re.compile(r"(?:^|\|)\s*:?-{2,}:?\s*(?:\||$)")
#: Marks of MediaWiki for headings, == 三、… ==, and for bold words.
_MARKS_OF_WIKI = re.compile(r"^={2,6}\s*(?=.*={2,6}\s*$)|\s*={2,6}\s*$|'{2,3}")
#: What a box of MediaWiki says of itself before its text: colspan="2" | 自然人.
_ATTRIBUTES = re.compile(r"^[^|\[\]]*=[^|\[\]]*\|(?!\|)")
#: A part of a page as pandoc names it in a box: ::: section 5 :::. Of other names nobody knows where they end before a figure.
_NAMED_PART = re.compile(
    r"(?:^:{3,}|^\.\.\ ?container::)\ ?(?:section|[a-zA-Z_-]+(?=[^\x00-\x7f]))(?P<own>.*?)(?::{3,})?$"
)
_ASCIIDOC = re.compile(r"^\|===\s*$")
_BOX_OF_ASCIIDOC = re.compile(
    r"(?:(?:^|(?<=\s))(?:(?P<across>\d+)?(?:\.(?P<down>\d+))?\+)?(?:\.?[<^>])*[adehlms]?)?(?<!\\)\|",
    re.MULTILINE,
)
_COLUMNS_OF_ASCIIDOC = re.compile(r'cols="(?P<cols>[^"]*)"')


def put_tabs(text: str) -> str:
    """The text with tabs between the boxes of such tables; any other text stays as it is."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = _take_off_frames(unified.split("\n"))
    lines = _read_wiki(_read_asciidoc(_read_ruled_rows(_read_under_dashes(lines))))
    lines = put_tabs_between(_read_open_bars(lines))
    for separator in _SEPARATORS:
        if _is_parted_by(lines, separator):
            lines = _read_separated(lines, separator)
            break
    put = "\n".join(lines)
    return text if put == unified else put


def _join(boxes: Sequence[str]) -> str:
    """A row with tabs between its boxes, each on one line."""
    return "\t".join("".join(part.strip() for part in box.splitlines()).replace("\t", " ") for box in boxes)


# Commas --------------------------------------------------------------------------------------


def _is_parted_by(lines: Sequence[str], separator: str) -> bool:
    rows = (_split(line, separator) for line in lines if separator in line and "\t" not in line)
    return sum(len(row) > 2 and _is_valued(row) for row in rows) >= _LEAST_VALUED


def _split(line: str, separator: str) -> list[str]:
    return next(csv.reader([line.replace("\n", "")], delimiter=separator), [])


def _is_valued(row: Sequence[str]) -> bool:
    """Whether a row has a number among its boxes, and none that only a blank parts from other words."""
    if any(_NUMBER_BEHIND_BLANK.search(box) for box in row):
        return False
    return any(_VALUE.fullmatch(box) and _HAS_DIGIT.search(box) for box in row)


def _read_separated(lines: Sequence[str], separator: str) -> list[str]:
    """The lines with tabs in place of the separators, in runs of lines that are tables."""
    records = list(_read_records(lines, separator))
    rows = [_row_of(record, separator) for record in records]
    result: list[str] = []
    i = 0
    while i < len(records):
        end = _find_end_of_run(rows, records, i)
        run = [row for row in rows[i:end] if row is not None]
        wide = max(map(_count_filled, run), default=0)
        if len(run) >= _LEAST_RUN and wide > 1 and (any(map(_is_valued, run)) or _are_even(run)):
            whole = (
                _split(record, separator) if row is None else row
                for record, row in zip(records[i:end], rows[i:end], strict=True)
            )
            for _, table in itertools.groupby(whole, key=lambda row: any(map(str.strip, row))):
                result += _cut_to_filled(list(table))
            i = end
        else:
            result.append(_unquote(records[i], separator))
            i += 1
    return result


def _cut_to_filled(table: Sequence[Sequence[str]]) -> list[str]:
    """The rows between two that are blank, without the columns behind the last text of all of them; blank rows whole.

    A table whose boxes are all blank ends with such a row.
    """
    wide = max(map(_count_filled, table)) or None
    return [_join(row[:wide]) for row in table]


def _count_filled(row: Sequence[str]) -> int:
    """The boxes of a row up to its last one with a text: a file fills all rows up to the widest of its tables."""
    return max((i + 1 for i, box in enumerate(row) if box.strip()), default=0)


def _read_records(lines: Sequence[str], separator: str) -> Iterator[str]:
    """The lines, those together over which a box in quotation marks goes."""
    opened = re.compile(rf'(?:^|{separator})"(?:[^"]|"")*$')
    i = 0
    while i < len(lines):
        record, end = lines[i], i + 1
        while opened.search(record) and end < min(len(lines), i + _MOST_LINES):
            record += "\n" + lines[end]
            end += 1
        if opened.search(record):
            record, end = lines[i], i + 1  # a quotation mark of the text's own
        yield record
        i = end


def _row_of(record: str, separator: str) -> list[str] | None:
    """The boxes of a record that is a row of a table; None where it is a line of text."""
    if separator not in record or "\t" in record or _THOUSANDS.fullmatch(record):
        return None
    boxes = _split(record, separator)
    if len(boxes) < 2 or any(len(box) > _LONGEST_BOX or "。" in box for box in boxes):
        return None
    if any(_NUMBER_BEHIND_BLANK.search(box) for box in boxes):
        return None
    if any(_VALUE.fullmatch(box) for box in boxes) or all(len(box) <= _LONGEST_HEAD for box in boxes):
        return boxes
    return None


def _find_end_of_run(rows: Sequence[Sequence[str] | None], records: Sequence[str], start: int) -> int:
    """Where a run of rows ends that begins at a record; a short line of one box stands in it before another row."""
    end = start
    while end < len(rows):
        is_row = rows[end] is not None
        is_between = (
            0 < len(records[end].strip()) <= _LONGEST_HEAD
            and "。" not in records[end]
            and start < end
            and end + 1 < len(rows)
            and rows[end + 1] is not None
        )
        if not (is_row or is_between):
            break
        end += 1
    return end


def _are_even(run: Sequence[Sequence[str]]) -> bool:
    """Whether rows without a number have as many boxes each, and enough for a table whose boxes are all blank."""
    return len({len(row) for row in run}) == 1 and len(run[0]) >= _LEAST_EVEN


def _unquote(record: str, separator: str) -> str:
    """A line of text as it was before a spreadsheet put it in quotation marks, or empty boxes behind it."""
    boxes = (
        next(csv.reader([record], delimiter=separator), [record])
        if '"' in record or record.endswith(separator)
        else []
    )
    if boxes and not any(boxes[1:]):
        return boxes[0]
    return record


# Columns under dashes ------------------------------------------------------------------------


def _read_under_dashes(lines: Sequence[str]) -> list[str]:
    """The lines; of tables whose columns a line of dashes shows, with tabs between the boxes."""
    result: list[str] = []
    i = 0
    while i < len(lines):
        heads = _take_heads(result) if _DASHES.fullmatch(lines[i]) else []
        table = _read_dashed_table(lines, i, heads) if _DASHES.fullmatch(lines[i]) else None
        if table is None:
            result += [*heads, lines[i]]
            i += 1
        else:
            rows, i = table
            result += ["", *map(_join, rows), ""]
    return result


def _take_heads(lines: list[str]) -> list[str]:
    """Takes (in place) the lines right above a line of dashes, down to an empty one or the table's first line."""
    heads: list[str] = []
    while lines and lines[-1].strip() and "\t" not in lines[-1] and len(heads) < _MOST_LINES:
        heads.insert(0, lines.pop())
        if _LONG_DASHES.fullmatch(heads[0]):
            break
    return heads


def _read_dashed_table(
    lines: Sequence[str], rule: int, heads: Sequence[str]
) -> tuple[list[list[str]], int] | None:
    """The rows of a table by its first line of dashes, and the number of the line behind it; None where none is there."""
    is_end = [
        _DASHES.fullmatch(line) is not None or _LONG_DASHES.fullmatch(line) is not None
        for line in lines[rule + 1 : rule + 1 + _MOST_ROWS]
    ]
    closes = [rule + 1 + i for i, end in enumerate(is_end) if end]
    if not closes:
        end = next((i for i in range(rule + 1, len(lines)) if not lines[i].strip()), len(lines))
        if end == rule + 1:
            return None  # the last line of a table that was not understood
        blocks = [*_blocks_of(heads), *_blocks_of(lines[rule + 1 : end])]
    elif len(closes) > 1 and not heads and all(map(str.strip, lines[rule : closes[1]])):
        end = closes[1] + 1  # reST: signs above the heads, below them, and below the last row
        blocks = [*_blocks_of(lines[rule + 1 : closes[0]]), *_blocks_of(lines[closes[0] + 1 : closes[1]])]
    else:
        end = closes[0] + 1
        blocks = [*_blocks_of(heads), *_blocks_of(lines[rule + 1 : closes[0]])]
    extents = [m.span() for m in re.finditer(r"[-=]+", lines[rule])]
    cuts = [rows for wide in (False, True) if (rows := _cut_blocks(blocks, extents, wide)) is not None]
    if not cuts or any(cut != cuts[0] for cut in cuts):
        return None
    return cuts[0], end


def _blocks_of(lines: Sequence[str]) -> list[list[str]]:
    """The lines of each row: a line each, or all up to an empty line where empty lines part the rows."""
    shown = [line for line in lines if not _LONG_DASHES.fullmatch(line)]
    if all(len(line) > _SHORTEST_BLANK or line.strip() for line in shown):
        return [[line] for line in shown]  # a line of blanks is a row whose boxes are blank
    groups = itertools.groupby(shown, key=lambda line: bool(line.strip()))
    return [list(block) for is_row, block in groups if is_row]


def _cut_blocks(
    blocks: Sequence[Sequence[str]], extents: Sequence[tuple[int, int]], wide: bool
) -> list[list[str]] | None:
    """The boxes of each row; None where a text stands between two columns.

    `wide`: characters of which Unicode leaves the width open (“ ”) take two places.
    """
    rows: list[list[str]] = []
    for block in blocks:
        row = [""] * len(extents)
        for line in block:
            boxes = _cut_line(line, extents, wide)
            if boxes is None or any(map(_are_two_numbers, row, boxes)):
                return None
            row = [above + box for above, box in zip(row, boxes, strict=True)]
        rows.append(row)
    return rows


def _are_two_numbers(above: str, box: str) -> bool:
    """Whether two lines of a box have a number each: they are two rows."""
    return all(_HAS_DIGIT.search(text) and _VALUE.fullmatch(text) for text in (above, box))


def _cut_line(line: str, extents: Sequence[tuple[int, int]], wide: bool) -> list[str] | None:
    boxes = [""] * len(extents)
    at = 0
    for character in line:
        column = next((k for k, (a, b) in enumerate(extents) if a <= at < b), None)
        if column is None and at >= extents[-1][1]:
            column = len(extents) - 1  # the last column may be longer than its dashes
        if column is not None:
            boxes[column] += character
        elif not character.isspace():
            return None
        kind = unicodedata.east_asian_width(character)
        at += 2 if kind in "WF" or (kind == "A" and wide) else 1
    return ["" if box.strip() == _BLANK_OF_REST else box.strip() for box in boxes]


# Rows between ruled lines --------------------------------------------------------------------


def _take_off_frames(lines: Sequence[str]) -> list[str]:
    """The lines without frames of one box around tables: a table that only lays out a page has become one."""
    result: list[str] = []
    i = 0
    while i < len(lines):
        end = i + 1
        if _FRAME.fullmatch(lines[i]) is not None:
            while end < len(lines) and _FRAMED.fullmatch(lines[end]):
                end += 1
        is_framed = end - i > _SMALLEST_FRAME and lines[i] in lines[end : end + 1]
        result += [line.strip()[1:-1].rstrip() for line in lines[i + 1 : end]] if is_framed else lines[i:end]
        i = end + is_framed
    return result


def _read_ruled_rows(lines: Sequence[str]) -> list[str]:
    """The lines; of grids of characters whose rows go over several lines, with tabs between the boxes."""
    result: list[str] = []
    i = 0
    while i < len(lines):
        end = i
        while end < len(lines) and (_RULED.fullmatch(lines[end]) or _BARRED.fullmatch(lines[end])):
            end += 1
        rows = _read_grid(lines[i:end]) if end > i and _RULED.fullmatch(lines[i]) else None
        result += ["", *map(_join, rows), ""] if rows is not None else lines[i : max(end, i + 1)]
        i = max(end, i + 1)
    return result


def _read_grid(lines: Sequence[str]) -> list[list[str]] | None:
    """The rows between the ruled lines; None where bars are missing, or where a line is a row."""
    groups = itertools.groupby(lines, key=lambda line: _RULED.fullmatch(line) is not None)
    blocks = [list(block) for is_rule, block in groups if not is_rule]
    if len(blocks) < _LEAST_RUN or all(len(block) == 1 for block in blocks):
        return None
    if (
        len(blocks) * _MOST_LINES_OF_GRID < sum(map(len, blocks))
        or len({line.count("|") for b in blocks for line in b}) > 1
    ):
        return None
    cut = [[line.strip()[1:-1].split("|") for line in block] for block in blocks]
    return [[_join_lines(column) for column in zip(*block, strict=True)] for block in cut]


def _join_lines(lines: Sequence[str]) -> str:
    """The text of a box over several lines, without the name that pandoc gives a part of a page: ::: section … :::."""
    text = "".join(line.strip() for line in lines)
    return _NAMED_PART.sub(r"\g<own>", text)


# Bars ----------------------------------------------------------------------------------------


def _read_open_bars(lines: Sequence[str]) -> list[str]:
    """The lines; of runs with as many bars in every line, and none at its ends, with tabs in their place.

    A box with a line break would have cut its row in two, with fewer bars in each part: here a line is a row, and what
    stands before the first bar or behind the last is a box, which may be blank.
    """
    result: list[str] = []
    for is_barred, run in itertools.groupby(lines, key=lambda line: _count_bars(line) > 0):
        own = list(run)
        counts = {_count_bars(line) for line in own}
        is_table = is_barred and len(counts) == 1 and min(counts) >= _LEAST_BARS and len(own) >= _LEAST_RUN
        is_table = is_table and not any(map(_DASHED_BOX.search, own))
        result += [_join(line.split("|")) for line in own] if is_table else own
    return result


def _count_bars(line: str) -> int:
    """The bars of a line; 0 where bars stand at both of its ends, or tabs beside them."""
    text = line.strip()
    return 0 if "\t" in line or (text.startswith("|") and text.endswith("|")) else text.count("|")


# AsciiDoc ------------------------------------------------------------------------------------


def _read_asciidoc(lines: Sequence[str]) -> list[str]:
    """The lines; of tables between |===, with tabs between the boxes, where their number of columns is told."""
    result: list[str] = []
    i = 0
    while i < len(lines):
        columns = _COLUMNS_OF_ASCIIDOC.search(lines[i - 1]) if i else None
        end = next((j for j in range(i + 1, len(lines)) if _ASCIIDOC.match(lines[j])), None)
        if columns is not None and end is not None and _ASCIIDOC.match(lines[i]):
            rows = _split_asciidoc("\n".join(lines[i + 1 : end]), columns["cols"].count(",") + 1)
            if rows is not None:
                result += map(_join, rows)
                i = end + 1
                continue
        result.append(lines[i])
        i += 1
    return result


def _split_asciidoc(text: str, count: int) -> list[list[str]] | None:
    """The boxes of each row of `count` columns; None where they do not fill the last one. What a box spans is blank.

    Before the bar of a box stand how far it spans and its style: 2+|自然人, .3+a|三、本年度办理结果.
    """
    marks = list(_BOX_OF_ASCIIDOC.finditer(text))
    ends = [m.start() for m in marks[1:]] + [len(text)]
    rows: dict[int, dict[int, str]] = {}
    row = 0
    for m, end in zip(marks, ends, strict=True):
        while len(rows.setdefault(row, {})) == count:
            row += 1
        column = next(c for c in range(count) if c not in rows[row])
        down, across = int(m["down"] or 1), int(m["across"] or 1)
        places = [(r, c) for r in range(row, row + down) for c in range(column, column + across)]
        if column + across > count or any(c in rows.get(r, {}) for r, c in places):
            return None
        for r, c in places:
            rows.setdefault(r, {})[c] = ""
        rows[row][column] = text[m.end() : end]
    if any(len(boxes) < count for boxes in rows.values()):
        return None
    return [[boxes[c] for c in range(count)] for _, boxes in sorted(rows.items())] or None


# MediaWiki -----------------------------------------------------------------------------------


def _read_wiki(lines: Sequence[str]) -> list[str]:
    """The lines; of tables between {| and |}, whose rows |- parts, with tabs between the boxes.

    The marks of headings and bold words are left out of the other lines of such a text.
    """
    result: list[str] = []
    has_table = False
    i = 0
    while i < len(lines):
        end = next((j for j in range(i + 1, len(lines)) if lines[j].startswith("|}")), None)
        if end is None or not lines[i].startswith("{|"):
            result.append(lines[i])
            i += 1
            continue
        has_table = True
        result += ["", *map(_join, _split_wiki(lines[i + 1 : end])), ""]
        i = end + 1
    return [_MARKS_OF_WIKI.sub("", line) for line in result] if has_table else result


def _split_wiki(lines: Sequence[str]) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("|-"):
            rows.append([])
        elif line.startswith(("|", "!")):
            rows[-1] += [_ATTRIBUTES.sub("", box) for box in re.split(r"\|\||!!", line[1:])]
        elif rows[-1]:
            rows[-1][-1] += "\n" + line
    return [row for row in rows if row]
