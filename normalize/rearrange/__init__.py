"""Document → the same document with its tables as the form has them, where somebody arranged them in another way.

A table with the year before beside this year, one table for each kind of applicant, one table in two halves side by
side, a row whose label a page's end cuts: each is put back by what is printed in its heads, or left as it is. Boxes keep their places in the source.
"""

from __future__ import annotations

import itertools

from gongkai.model import Block, Document, Grid, Paragraph
from gongkai.normalize.form.lexicon import Lexicon
from gongkai.normalize.identity import identify
from gongkai.normalize.identity.evidence import fold_line
from gongkai.normalize.identity.title import YEAR, find_titles, title_lines, titles_of_pages
from gongkai.normalize.rearrange.columns_of_years import keep_own_year, names_years
from gongkai.normalize.rearrange.cut_rows import heal_cut_rows
from gongkai.normalize.rearrange.grid_halves import stack_halves
from gongkai.normalize.rearrange.tables_by_applicant import join_applicants
from gongkai.record import replace

__all__ = ["rearrange"]

#: The body and the date stand in so many lines at the end, and what stands below them.
_SIGNED = 6


def rearrange(document: Document, lexicon: Lexicon) -> Document:
    """The document with its Grids as the form has them; itself where none is arranged otherwise.

    Words of a page with the numbers of two years tell nothing of which is which: no Layout of such a document is given.
    """
    if not any(isinstance(b, Grid) for b in document.blocks):
        return document
    requests = lexicon["requests"]
    blocks: list[Block] = [
        stack_halves(heal_cut_rows(b, requests.rows)) if isinstance(b, Grid) else b for b in document.blocks
    ]
    own = blocks
    if any(isinstance(b, Grid) and names_years(b) for b in blocks):
        years = _find_years(document)
        own = [keep_own_year(b, years) if isinstance(b, Grid) else b for b in blocks]
    has_years = any(a is not b for a, b in zip(own, blocks, strict=True))
    blocks = join_applicants(own, requests)
    if all(a is b for a, b in zip(blocks, document.blocks, strict=True)):
        return document
    moved = replace(document, blocks=tuple(blocks))
    return replace(moved, layouts=_no_layouts) if has_years else moved


def _no_layouts() -> tuple[()]:
    return ()


def _find_years(document: Document) -> frozenset[int]:
    """The years in the titles of a document; the one that it is for where these tell none."""
    paragraphs = [b for b in document.blocks if isinstance(b, Paragraph)]
    before = itertools.takewhile(lambda b: isinstance(b, Paragraph), document.blocks)
    preface = [line for b in before if isinstance(b, Paragraph) for line in b.text.split("\n")]
    titles = [title.text for title in find_titles(title_lines([*map(fold_line, preface)]))]
    titles += [text for is_report, text in titles_of_pages(document.metadata) if is_report]
    years = frozenset(int(m[1]) for text in titles for m in YEAR.finditer(text))
    if years:
        return years
    closing = [b.text for b in paragraphs[-_SIGNED:]]
    year = identify(document, preface, (), closing).year
    return frozenset() if year is None else frozenset({year})
