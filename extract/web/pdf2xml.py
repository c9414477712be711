"""XML that pdftohtml makes of a PDF (-xml) → a page with a paragraph at the place of each run of its text."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from gongkai.extract.web.placed_lines import width_of

MARK = "<pdf2xml"
_PAGE = re.compile(r"<page\b(?P<told>[^>]*)>(?P<own>.*?)</page>", re.DOTALL)
_SIDE = re.compile(r'\b(width|height)="(\d+)"')
#: The sides of A4 in pdftohtml's pixels, for a page that tells none.
_USUAL = {"width": "893", "height": "1263"}
_TEXT = re.compile(
    r'<text top="(?P<top>-?\d+)" left="(?P<left>-?\d+)" width="(?P<width>-?\d+)"[^>]*>(?P<own>.*?)</text>'
)
_TAG = re.compile(r"<[^<>]*>")


class _Run(NamedTuple):
    """A run of text and its place, in the pixels of its page."""

    top: int
    left: int
    right: int
    text: str


def make_page(text: str) -> str:
    """The pages, each with its runs of text where they stand, in letters of the size that fills their width."""
    pages = []
    for page in _PAGE.finditer(text):
        sides = _USUAL | dict(_SIDE.findall(page["told"]))
        style = f"position:relative;width:{sides['width']}px;height:{sides['height']}px"
        pages.append(f'<div style="{style}">{"".join(map(_write, _join_runs(page["own"])))}</div>')
    return f"<html><body>{''.join(pages)}</body></html>"


def _join_runs(text: str) -> list[_Run]:
    """The runs of a page, in order, those that touch in one line as one: some fonts are cut at each character."""
    runs: list[_Run] = []
    for m in _TEXT.finditer(text):
        top, left, width = (int(m[name]) for name in ("top", "left", "width"))
        own = html.unescape(_TAG.sub("", m["own"]))
        if runs and runs[-1].top == top and abs(left - runs[-1].right) <= 1:
            runs[-1] = runs[-1]._replace(right=left + width, text=runs[-1].text + own)
        else:
            runs.append(_Run(top, left, left + width, own))
    return runs


def _write(run: _Run) -> str:
    size = (run.right - run.left) / max(0.5, width_of(run.text))
    style = f"position:absolute;left:{run.left}px;top:{run.top}px;font-size:{size:.1f}px"
    return f'<p style="{style}">{html.escape(run.text)}</p>'
