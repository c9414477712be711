"""A sample → PDF by reportlab, with a font that needs no embedding."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from form import Box, Rows

FONT = "STSong-Light"


@dataclass
class Style:
    """How a PDF is drawn. `rules`: "lines", "rects", "double", "dashed", "horizontal" or "none"."""

    rules: str = "lines"
    cut: int | None = None  # the row of table three before which the page ends
    split: bool = False  # the label of the group that is cut is printed in two halves
    again: bool = False  # the heads are printed again on the next page
    turn: int = 0
    watermark: str = ""
    shuffle: bool = False
    furniture: bool = True


@dataclass
class Page:
    """Where the pen stands, and what waits to be drawn."""

    canvas: object
    style: Style
    number: int = 1
    top: float = 60.0
    jobs: list[tuple[object, ...]] = field(default_factory=list)


def pdf(blocks: Sequence[tuple[str, object]], style: Style, head: str) -> bytes:
    """A PDF of blocks: ("title", text), ("heading", text), ("text", text), ("table", rows)."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    size = (842.0, 595.0) if style.turn in (90, 270) else (595.0, 842.0)
    canvas = Canvas(out, pagesize=size, invariant=1, pageCompression=1)
    pen = _Pen(canvas, style, head)
    for kind, content in blocks:
        if kind == "table":
            pen.table(content)  # type: ignore[arg-type]
        else:
            pen.text(str(content), {"title": 18, "heading": 14}.get(kind, 10.5), kind == "title")
    pen.end()
    canvas.save()
    return out.getvalue()


class _Pen:
    """Draws from the top down; it holds the place on the page."""

    def __init__(self, canvas: object, style: Style, head: str) -> None:
        self.canvas, self.style, self.head = canvas, style, head
        self.y, self.page, self.tables = 70.0, 1, 0
        self.jobs: list[tuple[float, float, float, str]] = []

    def text(self, text: str, size: float, centred: bool) -> None:
        """A paragraph, wrapped."""
        per_line = int(475 / size)
        indent = "" if centred or size > 11 else "　　"
        rest = indent + text
        while rest:
            line, rest = rest[:per_line], rest[per_line:]
            self._room(size * 1.8)
            x = 60 + (475 - len(line) * size) / 2 if centred else 60
            self._say(x, self.y, size, line)
            self.y += size * 1.7

    def table(self, rows: Rows) -> None:
        """A table; table three may be cut by the end of the page."""
        self.tables += 1
        columns = sum(b.colspan for b in rows[0])
        widths = {10: [38, 52, 130, 36, 36, 36, 36, 36, 36, 39], 15: [31.6] * 15}.get(
            columns, [475 / columns] * columns
        )
        placed = _placed(rows)
        heights = [_height(rows, placed, r, widths) for r in range(len(rows))]
        cut = self.style.cut if columns == 10 else None
        begin = 0
        while begin < len(rows):
            end = len(rows)
            if cut is not None and begin < cut:
                end = cut
            room = 770 - self.y
            while end > begin + 1 and sum(heights[begin:end]) > room:
                end -= 1
            if sum(heights[begin:end]) > room and begin < end:
                self._turn()
                continue
            self._part(placed, heights, widths, begin, end)
            if end < len(rows):
                self._turn()
                if self.style.again and begin == 0:
                    self._part(placed, heights, widths, 0, 3 if columns == 10 else 0)
            begin = end
        self.y += 16

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
            x0 = 60 + sum(widths[:c])
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
        canvas, kind = self.canvas, self.style.rules
        if kind == "none":
            return
        edges = [(x0, top, x1, top), (x0, bottom, x1, bottom)]
        if kind != "horizontal":
            edges += [(x0, top, x0, bottom), (x1, top, x1, bottom)]
        for a, b, c, d in edges:
            if kind == "rects":
                canvas.rect(min(a, c), 842 - max(b, d), max(c - a, 0.6), max(d - b, 0.6), stroke=0, fill=1)  # type: ignore[attr-defined]
                continue
            if kind == "dashed":
                canvas.setDash(2, 1.5)  # type: ignore[attr-defined]
            canvas.setLineWidth(0.5)  # type: ignore[attr-defined]
            canvas.line(a, 842 - b, c, 842 - d)  # type: ignore[attr-defined]
            if kind == "double":
                canvas.line(a + 1.2, 842 - b - 1.2, c + 1.2, 842 - d - 1.2)  # type: ignore[attr-defined]

    def _fill(self, x0: float, top: float, x1: float, bottom: float, text: str, middle: bool) -> None:
        size = 8.0
        per_line = max(1, int((x1 - x0 - 3) / size))
        lines = [text] if text.isascii() else [text[i : i + per_line] for i in range(0, len(text), per_line)]
        y = (top + bottom) / 2 - len(lines) * size * 1.2 / 2
        for line in lines:
            wide = len(line) * size * (0.5 if line.isascii() else 1.0)
            x = x0 + (x1 - x0 - wide) / 2 if middle or (len(lines) == 1 and wide < 60) else x0 + 2
            self._say(x, y, size, line)
            y += size * 1.2

    def _say(self, x: float, y: float, size: float, text: str) -> None:
        self.jobs.append((x, y, size, text))

    def _room(self, height: float) -> None:
        if self.y + height > 780:
            self._turn()

    def _turn(self) -> None:
        self.end()
        self.canvas.showPage()  # type: ignore[attr-defined]
        self.page += 1
        self.y = 70.0

    def end(self) -> None:
        """Everything that waits goes onto the page."""
        canvas = self.canvas
        jobs = self.jobs if not self.style.shuffle else sorted(self.jobs, key=lambda j: (j[3], j[0]))
        for x, y, size, text in jobs:
            canvas.setFont(FONT, size)  # type: ignore[attr-defined]
            canvas.drawString(x, 842 - y - size, text)  # type: ignore[attr-defined]
        self.jobs = []
        if self.style.furniture:
            canvas.setFont(FONT, 8)  # type: ignore[attr-defined]
            canvas.drawString(60, 842 - 40, self.head)  # type: ignore[attr-defined]
            canvas.drawString(290, 30, f"- {self.page} -")  # type: ignore[attr-defined]
        if self.style.watermark:
            canvas.saveState()  # type: ignore[attr-defined]
            canvas.setFont(FONT, 48)  # type: ignore[attr-defined]
            canvas.setFillGray(0.85)  # type: ignore[attr-defined]
            canvas.translate(180, 300)  # type: ignore[attr-defined]
            canvas.rotate(45)  # type: ignore[attr-defined]
            canvas.drawString(0, 0, self.style.watermark)  # type: ignore[attr-defined]
            canvas.restoreState()  # type: ignore[attr-defined]


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


def _height(rows: Rows, placed: list[tuple[int, int, Box]], row: int, widths: list[float]) -> float:
    needs = [16.0]
    for r, c, box in placed:
        if r == row and box.rowspan == 1 and not box.text.isascii():
            room = max(1, int((sum(widths[c : c + box.colspan]) - 3) / 8))
            needs.append(6 + 9.6 * -(-len(box.text) // room))
    return max(needs)
