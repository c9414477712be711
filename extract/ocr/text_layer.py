"""The hidden text of a scanned page → a second reading of its boxes, laid onto the page as OCR reads it.

A scanner's program put that text there, and nobody checked it. It is never taken for itself: where it says what OCR
says, the figure is surer; where it says another one, neither is taken.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy

from gongkai.extract.ocr.ppocr import OcrText
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import group_lines
from gongkai.model import BBox, Cell

#: Characters of a piece of text by which hidden and read text are laid over each other. It begins a run, behind no more
#: than so many figures and marks.
PIECE, MOST_BEFORE = 4, 4
#: At least so many pieces, over so many points across or down, tell where the hidden text stands on the page.
LEAST, SPREAD = 6, 100.0
#: Pieces that stand further off than this, in points, are others that read alike; so far off is the middle one at most.
ASTRAY, OFF = 6.0, 3.0
#: At least this share of the pieces agree where the hidden text stands.
AGREEING = 0.5
#: OCR reads a number surely from this score on. Where the hidden text has others for more than this share of these
#: numbers, or of those that are not 0, and for more than one, it is of another page or not in its place.
SURE, OTHERS = 0.98, 0.3
#: Confidence of a number that OCR and the hidden text read alike, and of one of which OCR by itself was not sure.
CONFIRMED, CHOSEN = 0.98, 0.9
#: With less confidence than this OCR is not sure of a number; on a page with a seal, this may hide the same from both.
CLEAR = 0.88
#: Confidence of a number where the hidden text has another one.
DIFFERENT = 0.5

#: The alternative of a box whose text cannot be decided: its ink is not explained, a seal covers it, or it is of two boxes.
UNSURE = "?"
#: What stands for no number, and what a scanner's program reads it as.
STROKES, LIKE_STROKES = ("/", "\\"), ("1", "7")

#: Letters that a scanner's program writes for a digit that looks like them.
_LIKE_DIGITS = str.maketrans("OoＯ〇○IlL|", "000001111")
_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
_MARKS = re.compile(r"[.,]")


@dataclass(frozen=True, slots=True)
class TextLayer:
    """Hidden characters where they stand on the page as read; `xs` and `ys` are their middles, in points."""

    glyphs: Sequence[Glyph]
    xs: Any
    ys: Any

    def read(self, box: BBox) -> str:
        """The number that the hidden text has in a box; "" where it has none, or no number."""
        x0, top, x1, bottom = box
        inside = (self.xs > x0) & (self.xs < x1) & (self.ys > top) & (self.ys < bottom)
        glyphs = [self.glyphs[i] for i in numpy.flatnonzero(inside).tolist()]
        text = "".join(g.text for line in group_lines(glyphs) for g in line)
        number = unicodedata.normalize("NFKC", text).translate(_LIKE_DIGITS).rstrip(".,")
        return number if _NUMBER.fullmatch(number) else ""

    def compare(self, cell: Cell, *, is_sealed: bool = False) -> Cell:
        """A box that OCR read, beside what the hidden text has in it. `is_sealed`: there is a seal on the page."""
        second = self.read(cell.place.bbox) if cell.place.bbox is not None else ""
        first = cell.text
        if not second or (first in STROKES and second in LIKE_STROKES):
            return cell
        if cell.alternative not in (None, first):
            return self._choose(cell, second)
        if second == first:
            # a comma or a point that both have is one
            alternative = first if _MARKS.search(first) else None
            confidence = CONFIRMED if cell.confidence >= CLEAR else cell.confidence if is_sealed else CHOSEN
            return replace(cell, alternative=alternative, confidence=confidence)
        if cell.alternative == first and _drop_marks(first) == _drop_marks(second):
            return cell  # its ink was looked at for a comma or a point
        return replace(cell, alternative=second, confidence=min(cell.confidence, DIFFERENT))

    def _choose(self, cell: Cell, second: str) -> Cell:
        """A box that OCR leaves undecided: the hidden text may confirm one of its readings, if these are numbers."""
        readings = [cell.text] if cell.alternative == UNSURE else [cell.text, cell.alternative or ""]
        if second not in readings or not all(map(_NUMBER.fullmatch, readings)):
            return cell
        return replace(cell, text=second, alternative=None, confidence=CHOSEN)


def lay_over(
    hidden: Sequence[Glyph], read: Sequence[Glyph], numbers: Sequence[tuple[BBox, OcrText]]
) -> TextLayer | None:
    """Hidden characters laid onto the characters that OCR read on the same page, both in points.

    None where they do not fit: the hidden text is of another page, or its numbers are mostly others than the `numbers`
    that OCR reads surely, each with its box.
    """
    factors = _fit(_pair(hidden, read)) if hidden else None
    if factors is None:
        return None
    sides = numpy.array([g[1:] for g in hidden])
    middles = numpy.stack([sides[:, 0] + sides[:, 2], sides[:, 1] + sides[:, 3]], axis=1) / 2
    moved = _move(middles, factors)
    half = (sides[:, 2:] - sides[:, :2]) / 2
    glyphs = [
        Glyph(g.text, *map(float, (*(at - by), *(at + by))))
        for g, at, by in zip(hidden, moved, half, strict=True)
    ]
    layer = TextLayer(glyphs, moved[:, 0], moved[:, 1])
    return layer if _is_of_page(layer, numbers) else None


def _pair(hidden: Sequence[Glyph], read: Sequence[Glyph]) -> Any:
    """Where pieces of text stand that both have once: x and y in the hidden text, x and y as read."""
    there, here = _find_pieces(hidden), _find_pieces(read)
    both = [(*there[piece], *here[piece]) for piece in there.keys() & here.keys()]
    return numpy.array(sorted(both)).reshape(-1, 4)


def _find_pieces(glyphs: Sequence[Glyph]) -> dict[str, tuple[float, float]]:
    """Where the runs begin by whose first Chinese characters they are known, because these begin no other run."""
    found: dict[str, tuple[float, float]] = {}
    twice: set[str] = set()
    for piece, at in _list_pieces(glyphs):
        if piece in found:
            twice.add(piece)
        found[piece] = at
    return {piece: at for piece, at in found.items() if piece not in twice}


def _list_pieces(glyphs: Sequence[Glyph]) -> Iterator[tuple[str, tuple[float, float]]]:
    """The first Chinese characters of every run, and where it begins: further right its font may be another's."""
    for line in group_lines(glyphs):
        for run in _split_runs(line):
            start = next((n for n, g in enumerate(run) if "一" <= g.text <= "鿿"), len(run))
            piece = run[start : start + PIECE]
            if start <= MOST_BEFORE and len(piece) == PIECE and all("一" <= g.text <= "鿿" for g in piece):
                yield "".join(g.text for g in piece), (run[0].x0, (piece[0].top + piece[0].bottom) / 2)


def _split_runs(line: Sequence[Glyph]) -> Iterator[Sequence[Glyph]]:
    """The glyphs of a line, cut where a gap is as wide as a character."""
    begin = 0
    for n, (before, g) in enumerate(itertools.pairwise(line), 1):
        if g.x0 - before.x1 > g.bottom - g.top:
            yield line[begin:n]
            begin = n
    yield line[begin:]


def _fit(pairs: Any) -> Any | None:
    """How far to turn, stretch and move the hidden text for it to stand where it was read; None where it does not fit.

    The four factors of x' = a·x − b·y + c and y' = b·x + a·y + d.
    """
    kept = pairs
    for _ in range(4):
        if len(kept) < max(LEAST, AGREEING * len(pairs)) or max(numpy.ptp(kept[:, 2:], axis=0)) < SPREAD:
            return None
        factors = numpy.linalg.lstsq(_list_terms(kept), kept[:, 2:].ravel(), rcond=None)[0]
        off = numpy.linalg.norm(_move(pairs, factors) - pairs[:, 2:], axis=1)
        usual = float(numpy.median(off))
        kept = pairs[off <= max(ASTRAY, 2 * usual)]
    return factors if usual <= OFF else None


def _list_terms(places: Any) -> Any:
    """For each place two rows, of its new x and y, with what the four factors are multiplied by."""
    x, y, one, none = places[:, 0], places[:, 1], numpy.ones(len(places)), numpy.zeros(len(places))
    rows = numpy.stack([numpy.stack([x, -y, one, none], 1), numpy.stack([y, x, none, one], 1)], 1)
    return rows.reshape(-1, 4)


def _move(places: Any, factors: Any) -> Any:
    return (_list_terms(places) @ factors).reshape(-1, 2)


def _is_of_page(layer: TextLayer, numbers: Sequence[tuple[BBox, OcrText]]) -> bool:
    """Whether most numbers that OCR reads surely stand in the hidden text, those that are not 0 by themselves as well."""
    sure = [
        (box, text.digits)
        for box, text in numbers
        if text.text == text.digits and text.digits.isdecimal() and min(text.score, text.digit_score) >= SURE
    ]
    compared = [(digits, second) for box, digits in sure if (second := layer.read(box))]
    large = [pair for pair in compared if pair[0] != "0"]
    return all(
        sum(a != _drop_marks(b) for a, b in some) <= max(1, OTHERS * len(some)) for some in (compared, large)
    )


def _drop_marks(number: str) -> str:
    return _MARKS.sub("", number)
