"""Lines of flattened text → rows: a table's boxes one a line, or with "|" between them.

A page saved as text keeps the order of the boxes and loses their places. What is left is the order of the form: labels, then
as many values as the table has columns. Which value is of which column, the solver tells (`solve.rows`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from gongkai.model import Block, Cell, Grid, Paragraph, Place
from gongkai.normalize.form.label import key, simplify
from gongkai.normalize.form.lexicon import Lexicon
from gongkai.normalize.form.number import is_blank, is_label, value_of
from gongkai.normalize.form.table_words import GROUPS, RESULTS
from gongkai.normalize.narrative.leftover import is_page_number
from gongkai.normalize.narrative.section import is_heading
from gongkai.normalize.tables.row import Row

#: The tables of the forms since 2019. Table four is the same in every form: those of the others come first.
TABLES = ("proactive", "requests", "review")
#: With fewer short lines than this it is open whether lines were dropped.
LEAST_LINES = 20
#: A run of fewer boxes is no table.
_LEAST_BOXES = 3
#: A label may be broken over as many lines, and be as long as this, in characters.
_PIECES, _LONGEST_LABEL = 12, 80
#: A line longer than this, in characters, is prose unless it begins with a label.
_LONGEST = 48
#: Short lines, and lines of numbers, have at most so many characters.
_SHORT = 20
#: Keys of so many characters may be matched by likeness.
_LIKE_LEAST, _LIKE_MOST = 4, 200
#: So many numbers in one line are boxes side by side.
_LEAST_NUMBERS = 5

#: A label and seven numbers with one blank between them, as copied from a PDF.
_ROW_OF_REQUESTS = re.compile(r"(?P<label>[^|\t]*[^\d\s|]) (?P<values>\d+(?: \d+){6})")

#: A label and some numbers in one line: 规章 0 0 0.
_ROW_OF_NUMBERS = re.compile(r"[^\d\s]{2,}(?: \d+){2,}")

#: A row with a bar before its first box.
_FENCED_ROW = re.compile(r"\s*\|.*[^|\s]")

#: Words that a box may have as its label, and that no row or column has.
_OTHER_WORDS = GROUPS | {"序号", "信息内容"}
#: Words and rows of table three that are the first of their row in every copy of the form.
_FIRST_WORDS, _FIRST_ROWS = {"信息内容", "自然人"}, {"new_requests", "carried_in", "carried_out"}
#: A label with a bar behind it, and what a converter filled its row up with.
_CLOSED_LABEL = re.compile(r"[^|\d]*[^|\d\s][^|\d]*\|[\s|]*$")
#: Words that stand behind one another in one line.
_WORDS_IN_A_LINE = _OTHER_WORDS | RESULTS | {"总计"}
_BLOCK = re.compile(r"^(?:中华人民共和国政府信息公开条例)?第二十条第?[一五六八九]项$")
_BALANCE = re.compile(r"勾稽|钩稽|第一项加第二项")
#: A sentence may have a label's words inside; a label with an explanation begins with them.
_SENTENCE = re.compile(r"[，,。；;]|\d(?![.、．)）])")
_SERIAL_HEAD = re.compile(r"序\s*号|编\s*号|行\s*次")


class Box(NamedTuple):
    """The text of a box and the line it stands in."""

    text: str
    place: Place


@cache
def vocabulary(lexicon: Lexicon) -> frozenset[str]:
    """The keys of all labels that the boxes of the three tables may have."""
    keys = {k for table in TABLES for glossary in lexicon[table] for k in glossary.wordings}
    return frozenset(keys | _OTHER_WORDS)


def is_known(text: str, lexicon: Lexicon) -> bool:
    """Whether a line is a label of the tables, as printed or nearly so."""
    k = simplify(key(text))
    if k in vocabulary(lexicon) or _BLOCK.match(k) or _BALANCE.search(k):
        return True
    if not _LIKE_LEAST <= len(k) <= _LIKE_MOST:
        return False
    may_be_like = _SENTENCE.search(text) is None and len(k) <= _LONGEST
    return any(
        (m := glossary.match(text)) is not None and (m.score >= 95 or may_be_like)
        for table in TABLES
        for glossary in lexicon[table]
    )


def heads_above(blocks: Sequence[Block], first: int, lexicon: Lexicon) -> Iterator[int]:
    """Lines right above a table without rules that are heads of it: 申请人情况, 法人或其他组织."""
    grid = blocks[first]
    if not isinstance(grid, Grid) or grid.ruled:
        return
    for b in range(first - 1, -1, -1):
        above = blocks[b]
        if not isinstance(above, Paragraph) or not above.text.strip():
            return
        if is_heading(above.number + above.text) or not all(
            is_known(word, lexicon) for word in above.text.split()
        ):
            return
        yield b


# Lines ---------------------------------------------------------------------------------------


def regions(
    lines: Sequence[tuple[int, Paragraph]], is_end: Sequence[bool], lexicon: Lexicon
) -> list[list[int]]:
    """Runs of lines that are boxes of a table, as indexes into `lines`.

    A run begins at a label and goes on over labels, numbers and blanks; prose ends it, and so does a
    section's heading (`is_end`).
    """
    runs: list[list[int]] = [[]]
    pieces: list[int] = []  # they belong to the run if a label or a value follows
    for i, (_, p) in enumerate(lines):
        kind = "prose" if is_end[i] else _kind(p.text, lexicon)
        if kind == "label" or (kind == "value" and runs[-1]):
            runs[-1] += [*pieces, i]
            pieces = []
        elif kind == "piece" and runs[-1] and len(pieces) < _PIECES:
            pieces.append(i)
        elif runs[-1]:
            runs.append([])
            pieces = []
    return [run for run in runs if len(_boxes_of(lines, run, lexicon)) >= _LEAST_BOXES]


def flow_lines(blocks: Sequence[Block]) -> list[tuple[int, Paragraph]]:
    """The lines of flattened text among some blocks, with their numbers.

    The number of a page stands between heads and rows, and is neither.
    """
    return [
        (i, b)
        for i, b in enumerate(blocks)
        if isinstance(b, Paragraph) and b.flow and not is_page_number(b.text)
    ]


def is_torn(blocks: Sequence[Block]) -> bool:
    """Whether a text lost the lines that stood twice; one whose rows are Grids has kept them."""
    return has_lost_lines(flow_lines(blocks)) and not any(isinstance(b, Grid) for b in blocks)


def has_lost_lines(lines: Sequence[tuple[int, Paragraph]]) -> bool:
    """Whether a crawler dropped the lines that stood twice, and with them most values.

    A whole form has 信息内容, 总计 and 0 many times; where no short line stands twice among
    many, what is left cannot be put back in its place.
    """
    short = [p.text.strip() for _, p in lines if 0 < len(p.text.strip()) <= _SHORT]
    if any("|" in t or _ROW_OF_NUMBERS.fullmatch(t) for t in short):
        return False
    return len(short) >= LEAST_LINES and len(set(short)) == len(short)


def _kind(text: str, lexicon: Lexicon) -> str:
    """What a line is: "label", "value" (a number, a blank), "piece" (short words), "prose"."""
    parts = [t for t in re.split(r"[|\t]", text) if not is_blank(t)]
    parts = [t for part in parts for t in _side_by_side(part)]
    if any(is_label(t) and is_known(t, lexicon) for t in parts):
        return "label"
    if not any(is_label(t) for t in parts):
        return "value" if all(len(t.strip()) <= _SHORT for t in parts) else "prose"
    return "piece" if len(text) <= _LONGEST and "。" not in text else "prose"


def _side_by_side(text: str) -> list[str]:
    """The boxes of a line: several where it is nothing but numbers, labels known by themselves, or a whole row.

    A row of table three with one blank between its boxes is one only if all seven numbers are there.
    """
    parts = text.split()
    if len(parts) >= _LEAST_NUMBERS and all(p.replace(".", "").replace(",", "").isdigit() for p in parts):
        return parts
    if len(parts) >= 2 and all(simplify(key(p)) in _WORDS_IN_A_LINE for p in parts):
        return parts
    row = _ROW_OF_REQUESTS.fullmatch(text.strip())
    return [text] if row is None else [row["label"].strip(), *row["values"].split()]


# Boxes ---------------------------------------------------------------------------------------


def _boxes_of(lines: Sequence[tuple[int, Paragraph]], run: Sequence[int], lexicon: Lexicon) -> list[Box]:
    """The boxes of a run in order. Where "|" stands between boxes, a blank box stands between two of them."""
    if any("|" in lines[i][1].text for i in run):
        return list(_boxes_between_bars(_drop_openers([lines[i] for i in run], lexicon)))
    return [Box(text, _place(*lines[i])) for i in run for text in _side_by_side(lines[i][1].text)]


def _drop_openers(
    lines: Sequence[tuple[int, Paragraph]], lexicon: Lexicon
) -> Sequence[tuple[int, Paragraph]]:
    """The lines without the bars that stand alone and open a row.

    A lone bar is a blank box where boxes end in bars. It opens a row only where one stands before each
    line that begins a row for certain, one right below the words above it included: no box is lost there.
    """
    texts = [p.text.strip() for _, p in lines]
    if not _has_openers(texts, lexicon):
        return lines
    following = [*texts[1:], ""]
    return [
        line
        for line, text, after in zip(lines, texts, following, strict=True)
        if text != "|" or not is_label(_first_box(after))
    ]


def _has_openers(texts: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a bar on a line of its own stands before each line that begins a row."""
    first = [n for n, text in enumerate(texts) if n > 0 and _begins_row(_first_box(text), lexicon)]
    above = ["".join(texts[max(n - 2, 0) : n - 1]) for n in first]
    opened = [texts[n - 1] == "|" for n in first]
    return len(first) >= 2 and all(opened) and any(map(_CLOSED_LABEL.match, above))


def _first_box(text: str) -> str:
    return text.split("|")[0]


def _begins_row(text: str, lexicon: Lexicon) -> bool:
    """Whether a box is the first of its row: 信息内容, a row of table two, 一、 and 二、 of table three."""
    k = simplify(key(text))
    if k in _FIRST_WORDS or _BLOCK.match(k):
        return True
    if not is_label(text) or len(k) > _LONGEST:
        return False
    row = lexicon["requests"].rows.match(text)
    return (row is not None and row.id in _FIRST_ROWS) or lexicon["proactive"].rows.match(text) is not None


def _place(block: int, paragraph: Paragraph) -> Place:
    return Place(paragraph.place.page, block, None, None, paragraph.place.bbox)


def _boxes_between_bars(lines: Sequence[tuple[int, Paragraph]]) -> Iterator[Box]:
    """The boxes between bars; a box may go on in the next line, and is placed where its text begins."""
    pending: list[str] = []
    place: Place | None = None
    is_closed = False
    for block, paragraph in lines:
        here = _place(block, paragraph)
        # a row that begins with a bar behind one that ends in a bar: no box is between them
        own_bar = is_closed and _FENCED_ROW.match(paragraph.text) is not None
        is_closed = paragraph.text.rstrip().endswith("|")
        for n, piece in enumerate(paragraph.text.split("|")):
            if n > own_bar:
                yield from _boxes_in_bar(pending, place or here)
                pending, place = [], None
            if place is None or not any(t.strip() for t in pending):
                place = here
            pending.append(piece)
    if any(t.strip() for t in pending):
        yield from _boxes_in_bar(pending, place or Place())


def _boxes_in_bar(pieces: Sequence[str], place: Place) -> list[Box]:
    """What stands between two bars: one box, or a value and the next row's label."""
    parts = [t for t in "\n".join(pieces).split("\n") if t.strip()]
    return [Box(t, place) for t in parts] or [Box("", place)]


def _join_labels(boxes: Sequence[Box], lexicon: Lexicon) -> list[Box]:
    """Labels broken over several lines put together, where the whole is a label."""
    known = vocabulary(lexicon)
    result: list[Box] = []
    i = 0
    while i < len(boxes):
        pieces = _count_pieces(boxes[i : i + _PIECES], known)
        text = boxes[i].text if pieces == 1 else "".join(b.text.strip() for b in boxes[i : i + pieces])
        result.append(Box(text, boxes[i].place))
        i += pieces
    return result


def _count_pieces(boxes: Sequence[Box], known: frozenset[str]) -> int:
    """How many of these boxes, from the first, are one label; the longest label counts."""
    best, whole = 1, boxes[0].text
    if not is_label(whole):
        return best
    for n, box in enumerate(boxes[1:], 2):
        if is_blank(box.text) or _is_placeholder(box.text):
            break
        whole += box.text.strip()
        if not is_label(whole) or len(whole) > _LONGEST_LABEL:
            break
        if simplify(key(whole)) in known:
            best = n
    return best


def _is_placeholder(text: str) -> bool:
    """Whether a box means that there is nothing.

    A key leaves “/” out: without this check 行政复议 and the “/” behind it would be one label.
    """
    number = value_of(text)
    return number is not None and number[1]


def _drop_serials(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without those of a column 序号: 1, 2, 3 before the labels are no values of the row above."""
    if not any(_SERIAL_HEAD.fullmatch(b.text.strip()) for b in boxes):
        return list(boxes)
    result: list[Box] = []
    count = 0
    for i, box in enumerate(boxes):
        text = box.text.strip()
        before_label = i + 1 < len(boxes) and is_label(boxes[i + 1].text)
        if before_label and text in (str(count + 1), "1"):
            count = int(text)
        elif not _SERIAL_HEAD.fullmatch(text):
            result.append(box)
    return result


# Rows ----------------------------------------------------------------------------------------


def rows(lines: Sequence[tuple[int, Paragraph]], run: Sequence[int], lexicon: Lexicon) -> list[Row]:
    """The rows of one run of lines: labels, and the boxes behind them. Heads are labels of the row that follows them."""
    boxes = _drop_serials(_join_labels(_boxes_of(lines, run, lexicon), lexicon))
    result: list[Row] = []
    current: list[Box] = []
    for box in boxes:
        if is_label(box.text) and any(not is_label(b.text) for b in current):
            result.append(_row(current, len(result)))
            current = []
        current.append(box)
    return [*result, _row(current, len(result))] if current else result


def _row(boxes: Sequence[Box], index: int) -> Row:
    cells = tuple(
        Cell(index, n, 1, 1, text, Place(place.page, place.block, index, n, place.bbox))
        for n, (text, place) in enumerate(boxes)
    )
    return Row(-1, index, cells, (), flat=True)
