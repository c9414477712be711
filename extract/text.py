"""Plain text flattened from a document → Document.

Text with tabs keeps its rows: a box begins at a tab, a row ends at an empty line (as Word saves
a table), or a row is a line (as a spreadsheet does). Runs of blanks part boxes where lines of
numbers follow each other. Marks of Markdown are read and taken off.
All other lines are handed on one by one; whether they are boxes of a table is for others to say.
"""

from __future__ import annotations

import re

from gongkai.extract import markdown
from gongkai.extract.charset import LOOK, decode
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
    rb"<(?:!doctype|html|head|body|table|tbody|div|span|p|td|tr|meta|script|style|font|a|br|\?xml)[\s>/]",
    re.IGNORECASE,
)
_MIME = re.compile(
    rb"^(?:MIME-Version|From|Content-Type|Subject|Date|Snapshot-Content-Location):",
    re.IGNORECASE | re.MULTILINE,
)
#: What UTF-8 looks like when it was read as GBK: 涓€銆佹€讳綋 for 一、总体. Share of all characters.
_MOJIBAKE = re.compile("[鐨銆涓锛€鍏鏀淇鎭鍙寮宸浠嶃鈥滃绗]")
_MOJIBAKE_SHARE = 0.12
#: Other ways to end a line and to draw a bar.
_ONE_OF_A_KIND = str.maketrans("\r\x0b\x0c｜│", "\n\n\n||")
#: Blanks that part two boxes of a line; as many lines with boxes in a row are a table.
_GAP = re.compile(r"[ \u3000\xa0]{2,}")
_LEAST_ROWS = 3
_NUMBER = re.compile(r"[+\-－]?[\d０-９][\d０-９,，.．]*")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def sniff(data: bytes) -> bool:
    """Whether the bytes are text in a known encoding, without markup."""
    head = data[:LOOK]
    if not head.strip() or head.startswith((b"%PDF", b"{\\rtf", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return False
    text = _decode(data)
    if text is None or _CONTROL.search(text[:LOOK]):
        return False
    start = text[:LOOK].encode("utf-8")
    return _MARKUP.search(start) is None and _MIME.search(start[:2048]) is None


def read(source: Source, limits: Limits) -> Document:
    """The lines and tables of a text.

    Raises Unreadable where no encoding fits, TooLarge past the limit of boxes.
    """
    text = _decode(source.data)
    if text is None:
        raise Unreadable("neither UTF-8 nor GB18030 nor UTF-16; save it again in UTF-8")
    findings: list[Finding] = []
    if _is_mojibake(text):
        findings.append(
            flag("mojibake", "the text was saved in one encoding and read in another; get the original")
        )
        return Document(source, "txt", "text", (), None, (), tuple(findings))
    return Document(source, "txt", "text", tuple(blocks(text, limits)), None, (), tuple(findings))


def blocks(text: str, limits: Limits, first: int = 0) -> list[Paragraph | Grid]:
    """The lines and tables of a text, numbered from `first`. Raises TooLarge past the limit of boxes."""
    lines = text.replace("\r\n", "\n").translate(_ONE_OF_A_KIND).split("\n")
    found: list[Paragraph | Grid] = []
    i = 0
    while i < len(lines):
        block = first + len(found)
        taken = (
            _boxes(lines, i, block)
            or markdown.table(lines, i, block)
            or _rows(lines, i, block)
            or _spaced(lines, i, block)
        )
        if taken is not None:
            grid, i = taken
            if len(grid.cells) > limits.cells:
                raise TooLarge(f"a table of {len(grid.cells):,} boxes; the limit is {limits.cells:,}")
            found.append(grid)
            continue
        line = markdown.plain(lines[i])
        i += 1
        if line.strip() or "|" in line:
            found.append(Paragraph(line, Place(block=block), flow=True))
    return found


def _decode(data: bytes) -> str | None:
    found = decode(data)
    return None if found is None else found[0]


def _is_mojibake(text: str) -> bool:
    letters = [c for c in text if "一" <= c <= "鿿" or c == "€"]
    return len(letters) > 50 and len(_MOJIBAKE.findall("".join(letters))) / len(letters) > _MOJIBAKE_SHARE


def _boxes(lines: list[str], start: int, block: int) -> tuple[Grid, int] | None:
    """A table as Word saves it: each box on a line that begins with a tab, rows parted by empty lines.

    A line without a tab goes on in the box before it, until an empty line.
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


def _rows(lines: list[str], start: int, block: int) -> tuple[Grid, int] | None:
    """A table with a row a line and tabs between its boxes."""
    table: list[list[str]] = []
    i = start
    while i < len(lines):
        if table and _NUMBER.fullmatch(lines[i].strip()) is not None:
            table[-1][-1] += "\n" + lines[i]  # the box before it was broken in two
        elif _is_row(lines, i, len(table)):
            table.append(lines[i].split("\t"))
        else:
            break
        i += 1
    return (_grid(table, block), i) if len(table) >= 2 else None


def _spaced(lines: list[str], start: int, block: int) -> tuple[Grid, int] | None:
    """A table with a row a line and two blanks or more between its boxes; blank boxes leave no trace."""
    table: list[list[str]] = []
    i = start
    while i < len(lines) and "。" not in lines[i] and "\t" not in lines[i] and "|" not in lines[i]:
        boxes = [b for b in _GAP.split(lines[i].strip()) if b]
        alone = len(boxes) == 1 and table and len(_GAP.split("".join(lines[i + 1 : i + 2]).strip())) > 1
        if len(boxes) < 2 and not (alone and len(boxes[0]) <= 60):
            break
        table.append(boxes)
        i += 1
    valued = sum(sum(_NUMBER.fullmatch(b) is not None for b in row) >= 1 and len(row) > 1 for row in table)
    return (_grid(table, block), i) if len(table) >= _LEAST_ROWS and valued >= 2 else None


def _is_row(lines: list[str], i: int, so_far: int) -> bool:
    """A line with tabs inside; or one without between such lines (a row that is one box)."""
    if "\t" in lines[i].strip(" "):
        return bool(lines[i].strip())
    near = lines[i + 1 : i + 2]
    return (
        0 < len(lines[i].strip()) <= 60
        and "。" not in lines[i]
        and so_far > 0
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


#: see `gongkai.model.Reader`
reread = render = as_pdf = None
