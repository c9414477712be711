"""XML that pdftohtml makes of a PDF (-xml) → a page with a paragraph for each run of its text."""

from __future__ import annotations

import html
import re

MARK = "<pdf2xml"
_TEXT = re.compile(
    r'<text top="(?P<top>-?\d+)" left="(?P<left>-?\d+)" width="(?P<width>-?\d+)"[^>]*>(?P<own>.*?)</text>'
)
_TAG = re.compile(r"<[^<>]*>")


def make_page(text: str) -> str:
    """The runs of text, in order, those that touch in one line as one: some fonts are cut at each character."""
    runs: list[str] = []
    end: tuple[int, int] | None = None
    for m in _TEXT.finditer(text):
        top, left, width = (int(m[name]) for name in ("top", "left", "width"))
        own = html.unescape(_TAG.sub("", m["own"]))
        if end is not None and end[0] == top and abs(left - end[1]) <= 1:
            runs[-1] += own
        else:
            runs.append(own)
        end = (top, left + width)
    return f"<html><body>{''.join(f'<p>{html.escape(run)}</p>' for run in runs)}</body></html>"
