"""Sheets → PDF by reportlab, with a font that needs no embedding."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from page import FONT, LANDSCAPE, PORTRAIT, Sheet, Style

#: where each of two sheets stands on one that lies: how far right, how far up, how much smaller
BESIDE = ((10.0, 60.0, 0.66), (430.0, 60.0, 0.66))


def pdf(sheets: Sequence[Sheet], style: Style, head: str) -> bytes:
    """A PDF of sheets, a page each, with `head` over it."""
    out = io.BytesIO()
    canvas = _canvas(out, style, PORTRAIT)
    for number, sheet in enumerate(sheets, 1):
        if number > 1:
            canvas.showPage()
        if style.turn:
            canvas.setPageRotation(style.turn)  # reportlab then keeps the page lying by itself
            canvas.transform(*((0, 1, -1, 0, 842, 0) if style.turn == 90 else (0, -1, 1, 0, 0, 595)))
        elif style.lying:
            canvas.setPageSize((sheet.height, sheet.width))
            canvas.transform(0, 1, -1, 0, sheet.height, 0)
        else:
            canvas.setPageSize((sheet.width, sheet.height))
        _draw(canvas, sheet, style, head, number)
    canvas.save()
    return out.getvalue()


def beside(left: Sequence[Sheet], right: Sequence[Sheet], style: Style, heads: tuple[str, str]) -> bytes:
    """A PDF with two sheets on each page that lies."""
    out = io.BytesIO()
    canvas = _canvas(out, style, LANDSCAPE)
    for number in range(max(len(left), len(right))):
        if number:
            canvas.showPage()
        for sheets, head, (x, y, scale) in zip((left, right), heads, BESIDE, strict=True):
            if number < len(sheets):
                canvas.saveState()
                canvas.transform(scale, 0, 0, scale, x, y - 40)
                _draw(canvas, sheets[number], style, head, number + 1)
                canvas.restoreState()
    canvas.save()
    return out.getvalue()


def _canvas(out: io.BytesIO, style: Style, size: tuple[float, float]) -> Any:
    from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
    from reportlab.pdfbase.ttfonts import TTFError, TTFont  # type: ignore[import-untyped]
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    if style.font == FONT:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    elif style.font.endswith(".ttf"):
        try:
            pdfmetrics.registerFont(TTFont(style.font, style.font))
        except TTFError as error:
            raise OSError(f"{style.font} is not installed") from error
    return Canvas(out, pagesize=size, invariant=1, pageCompression=1)


def _draw(canvas: Any, sheet: Sheet, style: Style, head: str, number: int) -> None:
    """One sheet, its texts after its lines."""
    for x0, top, x1, bottom in sheet.lines:
        _rule(canvas, style.rules, x0, sheet.height - top, x1, sheet.height - bottom)
    texts = sheet.texts if not style.shuffle else sorted(sheet.texts, key=lambda t: (t[3], t[0]))
    if style.furniture:
        texts = [*texts, (60, 32, 8, head), (290, sheet.height - 38, 8, style.foot.format(number))]
    for x, top, size, text in texts:
        for step, font, piece in _pieces(text, style):
            canvas.setFont(font, size)
            canvas.drawString(x + step * size, sheet.height - top - size, piece)
    if style.over:
        _lay(canvas, style, sheet, number)
    if style.watermark:
        canvas.saveState()
        canvas.setFont(style.font, 48)
        canvas.setFillGray(0.85)
        canvas.translate(180, 300)
        canvas.rotate(45)
        canvas.drawString(0, 0, style.watermark)
        canvas.restoreState()


def _lay(canvas: Any, style: Style, sheet: Sheet, number: int) -> None:
    """What is no text of the page: a red stamp across boxes, small slanted marks, what nobody sees."""
    canvas.saveState()
    if style.over == "stamp":
        canvas.setFillColorRGB(0.85, 0.1, 0.1)
        canvas.setFont(style.font, 11)
        canvas.drawString(402, sheet.height - 560, "2023.01.18")
        for n, character in enumerate("临江市人民政府"):
            canvas.saveState()
            canvas.translate(430, sheet.height - 560)
            canvas.rotate(75 - 25 * n)
            canvas.drawString(0, 30, character)
            canvas.restoreState()
    elif style.over == "marks":
        canvas.setFillGray(0.8)
        canvas.setFont(style.font, 12)
        for n in range(30):
            canvas.saveState()
            canvas.translate(60 + n % 5 * 105, 60 + n // 5 * 125)
            canvas.rotate(30)
            canvas.drawString(0, 0, f"查阅 88{n:02}")
            canvas.restoreState()
    else:
        for x, top, size, text in sheet.texts:
            piece = canvas.beginText(x + 0.7, sheet.height - top - size)
            piece.setFont(style.font, size)
            piece.setTextRenderMode(3)
            piece.textOut(text)
            canvas.drawText(piece)
        canvas.drawText(_plain(canvas))
        canvas.setFillGray(1)
        canvas.setFont(style.font, 8)
        for n in range(12):
            canvas.drawString(300 + n % 3 * 70, 130 + n * 40, "7")
        canvas.setFillGray(0)
        canvas.drawString(sheet.width + 30, 400, f"模板 {number}")
    canvas.restoreState()


def _plain(canvas: Any) -> Any:
    piece = canvas.beginText(0, 0)
    piece.setTextRenderMode(0)
    return piece


def _pieces(text: str, style: Style) -> list[tuple[float, str, str]]:
    """What is drawn at once: (how far in, in widths of a character, font, text)."""
    pattern = "." if style.single else r"[!-~]+|[^!-~]+" if style.figures else ".+"
    pieces = []
    for hit in re.finditer(pattern, text):
        step = sum(0.5 if c.isascii() else 1.0 for c in text[: hit.start()])
        pieces.append((step, style.figures if style.figures and hit[0].isascii() else style.font, hit[0]))
    return pieces


def _rule(canvas: Any, kind: str, x0: float, y0: float, x1: float, y1: float) -> None:
    if kind == "rects":
        canvas.rect(x0, min(y0, y1), max(x1 - x0, 0.6), max(y0 - y1, 0.6), stroke=0, fill=1)
        return
    if kind == "dashed":
        canvas.setDash(2, 1.5)
    canvas.setLineWidth(0.5)
    canvas.line(x0, y0, x1, y1)
    if kind == "double":
        canvas.line(x0 + 1.2, y0 - 1.2, x1 + 1.2, y1 - 1.2)
