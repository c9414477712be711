"""Plain text flattened from a document → Document.

Text with tabs keeps its rows. Word saves a table with a box after each tab and a row up to an empty
line; a spreadsheet saves a row as a line. Runs of blanks separate boxes where lines of numbers follow
each other. Marks of Markdown are read and removed. Every other line becomes a paragraph of its own;
`normalize` decides whether such lines are boxes of a table.
"""

from __future__ import annotations

import itertools
import re
from functools import partial

from gongkai.extract import markdown
from gongkai.extract.charset import HEAD_BYTES, decode
from gongkai.extract.plain.drawn_grid import read_drawn_grid
from gongkai.extract.plain.glued_boxes import loosen_glued_boxes
from gongkai.extract.plain.json_text import read_json
from gongkai.extract.plain.marked_tables import put_tabs
from gongkai.extract.text_layout import make_layouts
from gongkai.model import (
    Cell,
    Document,
    Finding,
    Grid,
    Limits,
    Paragraph,
    Place,
    Source,
    TooLarge,
    Unreadable,
    flag,
)

_MARKUP = re.compile(
    rb"""
    <(?: !doctype | \?xml | html | head | body | meta | script | style     # a page
       | table | tbody | tr | td | div | span | p | font | a | br )         # a piece of one
    [\s>/]
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: Tags that a page or a table cannot do without, and any tag.
_STRUCTURE = re.compile(
    r"<(?:!doctype|\?xml|html|head|body|meta|script|style|table|tbody|tr|td|th|div)[\s>/]", re.IGNORECASE
)
#: Those of a page, and a table as light markup has it: a line of dashes between bars, {|, |===, +---+.
_PAGE = re.compile(
    r"<(?:!doctype|\?xml|html|head|body|meta|script|style|table|tbody|tr|td|th)[\s>/]", re.IGNORECASE
)
_TABLE_OF_TEXT = re.compile(
    r"^[ \t]*(?:\|[ :|-]*-{2}[ :|-]*\||\{\|[^|\n]*|\|===|\+(?:[-=]+\+){2,})[ \t]*$", re.MULTILINE
)
_ANY_TAG = re.compile(r"</?[a-z][a-z0-9:]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
#: A text of so many lines, of which at most this share has a tag, is no page.
_LEAST_LINES, _MOST_TAGGED = 10, 0.3
_MIME = re.compile(
    rb"^(?:MIME-Version|From|Content-Type|Subject|Date|Snapshot-Content-Location):",
    re.IGNORECASE | re.MULTILINE,
)
#: UTF-8 that was read as GBK looks like this: 涓€銆佹€讳綋 for 一、总体.
_MOJIBAKE = re.compile("[鐨銆涓锛€鍏鏀淇鎭鍙寮宸浠嶃鈥滃绗]")
#: At this share of all Chinese characters a text is mojibake.
_MOJIBAKE_SHARE = 0.12
#: Other characters that end a line, and such as draw a bar → the usual one.
_LINE_ENDS = str.maketrans("\r\x0b\x0c", "\n\n\n")
_BARS = str.maketrans("｜│", "||")
#: Blanks that separate two boxes of a line.
_GAP = re.compile(r"[ \u3000\xa0]{2,}")
#: A bar with tabs around it, and a tab alone.
_BAR_AND_TABS = re.compile(r"[ \t]*\|[ \t]*")
#: So many lines with bars show that bars separate the boxes of a run of lines.
_LEAST_BARRED = 2
#: So many lines of such boxes, one after the other, are a table.
_LEAST_ROWS = 3
#: A line longer than this, in characters, is a sentence and no box.
_LONGEST_BOX = 60
_NUMBER = re.compile(r"[+\-－]?[\d０-９][\d０-９,，.．]*")
#: A page that begins in the middle of a line: what stands before is the last line of the page before it.
_PAGE_END = re.compile(r"(?<=[^\n])\f")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def sniff(data: bytes) -> bool:
    """Whether the bytes are text in a known encoding, without markup."""
    head = data[:HEAD_BYTES]
    if not head.strip() or head.startswith((b"%PDF", b"{\\rtf", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return False
    text = _decode_text(data)
    if text is None or _CONTROL.search(text[:HEAD_BYTES]):
        return False
    sent = read_json(text)
    if sent is not None:
        return not sent.is_page
    start = text[:HEAD_BYTES].encode("utf-8")
    is_page = _MARKUP.search(start) is not None and not has_stray_tags(text[:HEAD_BYTES])
    return not is_page and _MIME.search(start[:2048]) is None


def has_stray_tags(start: str) -> bool:
    """Whether a text has tags that a conversion left over in few of its lines, and none that a page or a table needs.

    Its lines and tabs are then those of a text: read as a page they would run into one another.
    """
    if _is_marked_up(start):
        return True
    if _STRUCTURE.search(start) is not None:
        return False
    lines = [line for line in start.splitlines() if line.strip()]
    tagged = sum(_ANY_TAG.search(line) is not None for line in lines)
    return len(lines) >= _LEAST_LINES and 0 < tagged <= _MOST_TAGGED * len(lines)


def _is_marked_up(start: str) -> bool:
    """Whether a text has tables of its own, and tags that are no table's: Markdown made of a page keeps <div> and <span>."""
    return _PAGE.search(start) is None and _TABLE_OF_TEXT.search(start) is not None


def _drop_tags(text: str) -> str:
    """Such a text without the tags; <br> stays, which breaks the line of a box."""
    return _ANY_TAG.sub(lambda m: m[0] if m[0][:3].lower() == "<br" else "", text)


def read(source: Source, limits: Limits) -> Document:
    """The lines and tables of a text.

    Raises Unreadable where no encoding fits, TooLarge past the limit of boxes.
    """
    text = _decode_text(source.data)
    if text is None:
        raise Unreadable("the encoding is neither UTF-8 nor GB18030 nor UTF-16; save the file again in UTF-8")
    findings: list[Finding] = []
    if _is_mojibake(text):
        findings.append(
            flag("mojibake", "the text was saved in one encoding and read in another; get the original")
        )
        return Document(source, "txt", "text", (), None, (), tuple(findings))
    found = read_json(text)
    text = _drop_tags(text) if _is_marked_up(text[:HEAD_BYTES]) else text
    text = _PAGE_END.sub("\n\f", text) if found is None else found.text
    text = put_tabs("\n".join(markdown.drop_fill(loosen_glued_boxes(text.split("\n")))))
    blocks = tuple(read_blocks(text, limits))
    return Document(source, "txt", "text", blocks, None, (), tuple(findings), partial(make_layouts, text))


def read_blocks(text: str, limits: Limits, first: int = 0) -> list[Paragraph | Grid]:
    """The lines and tables of a text, numbered from `first`. Raises TooLarge past the limit of boxes."""
    drawn = text.replace("\r\n", "\n").translate(_LINE_ENDS).split("\n")
    lines = _drop_indents(_unify_bars([line.translate(_BARS) for line in drawn]))
    found: list[Paragraph | Grid] = []
    i = 0
    while i < len(lines):
        block = first + len(found)
        table = (
            read_drawn_grid(drawn, i, block)
            or _read_tabbed_boxes(lines, i, block)
            or markdown.read_table(lines, i, block)
            or _read_tabbed_lines(lines, i, block)
            or _read_spaced_lines(lines, i, block)
        )
        if table is not None:
            grid, i = table
            if len(grid.cells) > limits.cells:
                raise TooLarge(f"a table of {len(grid.cells):,} boxes; the limit is {limits.cells:,}")
            found.append(grid)
            continue
        line = markdown.strip_marks(lines[i])
        i += 1
        if line.strip() or "|" in line:
            found.append(Paragraph(line, Place(block=block), flow=True))
    return found


def _drop_indents(lines: list[str]) -> list[str]:
    """The lines without the tab that begins each line of a narrative: a sentence is no box of a table.

    What stands behind the last sentence, or behind the first number, may be a table whose boxes begin with tabs.
    """
    result: list[str] = []
    for indented, run in itertools.groupby(lines, key=lambda line: line.startswith("\t") or not line.strip()):
        own = list(run)
        before = itertools.takewhile(lambda line: _NUMBER.fullmatch(line.strip()) is None, own)
        sentences = [n for n, line in enumerate(before) if "。" in line and len(line) > _LONGEST_BOX]
        end = sentences[-1] + 1 if indented and sentences else 0
        result += [line.lstrip("\t") if "\t" not in line.lstrip("\t") else line for line in own[:end]]
        result += own[end:]
    return result


def _unify_bars(lines: list[str]) -> list[str]:
    """The lines with bars in place of tabs, wherever one run of lines has both: they separate the same boxes."""
    result: list[str] = []
    for is_empty, run in itertools.groupby(lines, key=lambda line: not line.strip()):
        own = list(run)
        barred = sum("|" in line for line in own)
        mixed = not is_empty and barred >= _LEAST_BARRED and any("\t" in line.strip() for line in own)
        result += [_bars_for_tabs(line) if mixed and "。" not in line else line for line in own]
    return result


def _bars_for_tabs(line: str) -> str:
    """One bar for a bar with tabs around it, and for each tab that stands alone."""
    return _BAR_AND_TABS.sub("|", line.strip(" ")).replace("\t", "|")


def _decode_text(data: bytes) -> str | None:
    decoded = decode(data)
    return None if decoded is None else decoded[0]


def _is_mojibake(text: str) -> bool:
    letters = [c for c in text if "一" <= c <= "鿿" or c == "€"]
    return len(letters) > 50 and len(_MOJIBAKE.findall("".join(letters))) / len(letters) > _MOJIBAKE_SHARE


def _read_tabbed_boxes(lines: list[str], start: int, block: int) -> tuple[Grid, int] | None:
    """A table as Word saves it: each box on a line that begins with a tab, rows separated by empty lines.

    A line without a tab continues the box before it.
    """
    if not lines[start].startswith("\t") or "\t" in lines[start][1:]:
        return None
    table: list[list[str]] = [[]]
    i = start
    while i < len(lines):
        line = lines[i]
        if line.startswith("\t"):
            table[-1].append(line[1:])
        elif line == "":
            if i + 1 < len(lines) and lines[i + 1].startswith("\t"):
                table.append([])
            else:
                break
        elif table[-1]:
            table[-1][-1] += "\n" + line
        else:
            break
        i += 1
    return _grid(table, block), i


def _read_tabbed_lines(lines: list[str], start: int, block: int) -> tuple[Grid, int] | None:
    """A table with a row a line and tabs between its boxes."""
    table: list[list[str]] = []
    i = start
    while i < len(lines):
        if table and _NUMBER.fullmatch(lines[i].strip()) is not None:
            table[-1][-1] += "\n" + lines[i]  # the rest of the box before it
        elif _is_row(lines, i, len(table)):
            table.append(lines[i].split("\t"))
        else:
            break
        i += 1
    return (_grid(table, block), i) if len(table) >= 2 else None


def _read_spaced_lines(lines: list[str], start: int, block: int) -> tuple[Grid, int] | None:
    """A table with a row a line and two blanks or more between its boxes; its blank boxes are lost."""
    table: list[list[str]] = []
    i = start
    while i < len(lines) and "。" not in lines[i] and "\t" not in lines[i] and "|" not in lines[i]:
        boxes = [box for box in _GAP.split(lines[i].strip()) if box]
        if len(boxes) < 2 and not (table and _is_row_of_one_box(boxes, lines[i + 1 : i + 2])):
            break
        table.append(boxes)
        i += 1
    valued = sum(len(row) > 1 and any(_NUMBER.fullmatch(box) for box in row) for row in table)
    return (_grid(table, block), i) if len(table) >= _LEAST_ROWS and valued >= 2 else None


def _is_row_of_one_box(boxes: list[str], following: list[str]) -> bool:
    """Whether a line with one short box stands before a line with several."""
    if len(boxes) != 1 or len(boxes[0]) > _LONGEST_BOX:
        return False
    return len(_GAP.split("".join(following).strip())) > 1


def _is_row(lines: list[str], i: int, rows: int) -> bool:
    """Whether a line is a row: it has tabs, or it is a short line (a row of one box) before a line with tabs."""
    if "\t" in lines[i].strip(" "):
        return bool(lines[i].strip())
    near = lines[i + 1 : i + 2]
    return (
        0 < len(lines[i].strip()) <= _LONGEST_BOX
        and "。" not in lines[i]
        and rows > 0
        and any("\t" in n.strip(" ") for n in near)
    )


def _grid(table: list[list[str]], block: int) -> Grid:
    table = [row for row in table if row]
    columns = max(len(row) for row in table)
    cells = tuple(
        Cell(r, c, 1, 1, text, Place(block=block, row=r, column=c))
        for r, row in enumerate(table)
        for c, text in enumerate(row)
    )
    return Grid(cells, len(table), columns, Place(block=block), ruled=False, counted=True)


#: See `gongkai.model.Reader`.
render = as_pdf = None
