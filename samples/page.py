"""Blocks of a report → sheets: where every line and every text stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from form import Box, Rows

FONT = "STSong-Light"
LEFT, WIDTH, TOP, SIZE = 60.0, 475.0, 70.0, 8.0
PORTRAIT, LANDSCAPE = (595.0, 842.0), (842.0, 595.0)
#: widths of the columns of tables three and four
WIDTHS: dict[int, list[float]] = {
    11: [22, 38, 44, 116, 36, 36, 36, 36, 36, 36, 39],
    10: [38, 52, 130, 36, 36, 36, 36, 36, 36, 39],
    15: [31.6] * 15,
}


@dataclass
class Style:
    """How a PDF is drawn. `rules`: "lines", "rects", "double", "dashed", "horizontal", "apart" (each box
    by itself), "open" (no rules at the sides) or "none"."""

    rules: str = "lines"
    cut: int | None = None  # the row of table three before which the page ends
    cut_two: int | None = None  # likewise of table two
    strip: bool = False  # the page ends with an empty strip of the next row
    split: bool = False  # the label of the group that is cut is printed in two halves
    again: bool = False  # the heads are printed again on the next page
    wide: bool = False  # table three stands on pages that lie
    spaced: bool = False  # blanks between figures and characters
    turn: int = 0  # 90 or 270: a page is kept lying and shown turned
    lying: bool = False  # what stands on a page is drawn lying on its side
    watermark: str = ""
    over: str = ""  # what else is laid over it: "stamp", "marks" (small and slanted), "hidden" text
    shuffle: bool = False  # texts are drawn in another order than they are read in
    single: bool = False  # every character is drawn by itself
    furniture: bool = True
    foot: str = "- {} -"  # how a page is numbered
    font: str = FONT  # the name of a font's file embeds what is used of it
    figures: str = ""  # another font for figures


@dataclass
class Sheet:
    """One page: (x0, top, x1, bottom) of lines and (x, top, size, text) of texts, from the top left."""

    width: float
    height: float
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    texts: list[tuple[float, float, float, str]] = field(default_factory=list)


def layout(blocks: Iterable[tuple[str, object]], style: Style) -> list[Sheet]:
    """The sheets of blocks: ("title", text), ("heading", text), ("text", text), ("table", rows)."""
    pen = _Pen(style)
    for kind, content in blocks:
        if kind == "table":
            pen.table(content)  # type: ignore[arg-type]
        else:
            pen.text(str(content), {"title": 18, "heading": 14}.get(kind, 10.5), kind == "title")
    return pen.sheets


class _Pen:
    """Writes from the top down; it holds the place on the sheet."""

    def __init__(self, style: Style) -> None:
        self.style, self.y = style, TOP
        self.sheets = [Sheet(*PORTRAIT)]

    def text(self, text: str, size: float, centred: bool) -> None:
        """A paragraph, wrapped."""
        if self.style.spaced:
            text = re.sub(r"(?<=\d)(?=[^\d\W])", " ", text)
        per_line = int(WIDTH / size)
        rest = ("" if centred or size > 11 else "　　") + text
        while rest:
            line, rest = rest[:per_line], rest[per_line:]
            if self.y + size * 1.8 > 780:
                self._turn(PORTRAIT)
            x = LEFT + (WIDTH - len(line) * size) / 2 if centred else LEFT
            self.sheets[-1].texts.append((x, self.y, size, line))
            self.y += size * 1.7

    def table(self, rows: Rows) -> None:
        """A table; it may be cut by the end of the page."""
        columns = sum(b.colspan for b in rows[0])
        widths = WIDTHS.get(columns, [WIDTH / columns] * columns)
        wide = self.style.wide and columns == 10
        if wide:
            widths = [w * 1.5 for w in widths]
            self._turn(LANDSCAPE)
        placed = _placed(rows)
        heights = [_height(placed, r, widths) for r in range(len(rows))]
        cut = {10: self.style.cut, 12: self.style.cut_two}.get(columns)
        begin = 0
        while begin < len(rows):
            end = cut if cut is not None and begin < cut else len(rows)
            room = self.sheets[-1].height - 72 - self.y
            while end > begin + 1 and sum(heights[begin:end]) > room:
                end -= 1
            if sum(heights[begin:end]) > room:
                self._turn()
                continue
            self._part(placed, heights, widths, begin, end)
            if end < len(rows):
                if self.style.strip:
                    self._strip(placed, widths, end)
                self._turn()
                if self.style.again and begin == 0:
                    self._part(placed, heights, widths, 0, 3 if columns == 10 else 0)
            begin = end
        self.y += 16
        if wide:
            self._turn(PORTRAIT)

    def _strip(self, placed: list[tuple[int, int, Box]], widths: list[float], row: int) -> None:
        """A low empty row, all that the page has room for of the row that the next page begins with."""
        for r, c, box in placed:
            if r <= row < r + box.rowspan:
                x0 = LEFT + sum(widths[:c])
                self._frame(x0, self.y, x0 + sum(widths[c : c + box.colspan]), self.y + 9)
        self.y += 9

    def _part(
        self,
        placed: list[tuple[int, int, Box]],
        heights: list[float],
        widths: list[float],
        begin: int,
        end: int,
    ) -> None:
        for r, c, box in placed:
            last = r + box.rowspan
            if last <= begin or r >= end:
                continue
            first, stop = max(r, begin), min(last, end)
            x0 = LEFT + sum(widths[:c])
            x1 = x0 + sum(widths[c : c + box.colspan])
            top = self.y + sum(heights[begin:first])
            bottom = top + sum(heights[first:stop])
            self._frame(x0, top, x1, bottom)
            text = box.text
            if box.rowspan > 1 and (r < begin or last > end):
                half = (len(text) + 1) // 2
                whole = r >= begin
                text = (
                    (text[:half] if whole else text[half:]) if self.style.split else (text if whole else "")
                )
            self._fill(x0, top, x1, bottom, text, box.address is not None)
        self.y += sum(heights[begin:end])

    def _frame(self, x0: float, top: float, x1: float, bottom: float) -> None:
        if self.style.rules == "none":
            return
        if self.style.rules == "apart":
            x0, top, x1, bottom = x0 + 1.5, top + 1.5, x1 - 1.5, bottom - 1.5
        edges = [(x0, top, x1, top), (x0, bottom, x1, bottom)]
        if self.style.rules != "horizontal":
            edges += [(x, top, x, bottom) for x in (x0, x1) if self.style.rules != "open" or inside(x)]
        self.sheets[-1].lines += edges

    def _fill(self, x0: float, top: float, x1: float, bottom: float, text: str, middle: bool) -> None:
        lines = _wrapped(text, x1 - x0)
        y = (top + bottom) / 2 - len(lines) * SIZE * 1.2 / 2
        for line in lines:
            wide = len(line) * SIZE * (0.5 if line.isascii() else 1.0)
            x = x0 + (x1 - x0 - wide) / 2 if middle or (len(lines) == 1 and wide < 60) else x0 + 2
            self.sheets[-1].texts.append((x, y, SIZE, line))
            y += SIZE * 1.2

    def _turn(self, size: tuple[float, float] | None = None) -> None:
        last = self.sheets[-1]
        self.sheets.append(Sheet(*(size or (last.width, last.height))))
        self.y = TOP


def inside(x: float) -> bool:
    """Whether a vertical rule stands between the sides of a table."""
    return LEFT + 1 < x < LEFT + WIDTH - 1


def _wrapped(text: str, width: float) -> list[str]:
    """The lines of a box: where the text has its own, and where the box is full."""
    room = max(1, int((width - 3) / SIZE))
    lines = []
    for line in text.split("\n"):
        lines += [line] if line.isascii() else [line[i : i + room] for i in range(0, len(line), room)]
    return lines


def _placed(rows: Rows) -> list[tuple[int, int, Box]]:
    """Each box with its row and column."""
    held: set[tuple[int, int]] = set()
    result = []
    for r, line in enumerate(rows):
        c = 0
        for box in line:
            while (r, c) in held:
                c += 1
            result.append((r, c, box))
            held |= {(r + i, c + k) for i in range(box.rowspan) for k in range(box.colspan)}
            c += box.colspan
    return result


def _height(placed: list[tuple[int, int, Box]], row: int, widths: list[float]) -> float:
    needs = [16.0]
    for r, c, box in placed:
        if r == row and box.rowspan == 1 and not box.text.isascii():
            needs.append(6 + 9.6 * len(_wrapped(box.text, sum(widths[c : c + box.colspan]))))
    return max(needs)
