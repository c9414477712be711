"""What a page of an OFD draws: its characters, ruling lines and pictures, in points from its top left.

Lengths in the file are millimetres; an object's coordinates are those of its boundary box, after
its own matrix.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page
from gongkai.extract.page.matrix import IDENTITY, Matrix, multiply, transform
from gongkai.extract.page.ruling_line import THIN, RulingLine, centre_line
from gongkai.model import TooLarge, Unreadable

#: Points a millimetre.
POINTS = 72 / 25.4
MOST_GLYPHS = 40_000
#: Objects on one page beyond which it is no report, and how deep drawings may refer to drawings.
MOST_OBJECTS, DEEPEST = 60_000, 8
#: Slant in radians, from the next quarter turn, beyond which text is a stamp or a watermark.
SLANT = 0.1

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: How many numbers follow a path's letter.
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


class Resources(NamedTuple):
    """What the pages of a document may refer to, by id: the parts of pictures, drawings, and ways of painting."""

    media: Mapping[str, str]
    units: Mapping[str, Any]
    paints: Mapping[str, Any]


class Shown(NamedTuple):
    """A picture on a page: the id of its resource, and its box (x0, top, x1, bottom) in points."""

    resource: str
    box: tuple[float, float, float, float]


def named(root: Any, tag: str) -> Iterator[Any]:
    """The elements of this name at any depth, whatever their namespace."""
    return (e for e in root.iter() if _name(e) == tag)


def _name(item: Any) -> str:
    """An element's name without its namespace; none for a comment."""
    return item.tag.rpartition("}")[2] if isinstance(item.tag, str) else ""


def numbers(text: str) -> list[float]:
    """The numbers in a list of tokens; what is none is passed over."""
    return [float(t) for t in text.split() if re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", t)]


def _number(item: Any, name: str, default: float) -> float:
    """A number that an element states. Raises Unreadable where it is none: a text would stand anywhere."""
    text = item.get(name)
    if not text:
        return default
    values = numbers(text)
    if len(values) != 1 or not math.isfinite(values[0]):
        raise Unreadable(f"{name} of a text is “{text[:20]}”, no number; is the file damaged?")
    return values[0]


@dataclass(slots=True)
class _Sheet:
    """What is drawn on a page, collected while its layers are walked."""

    number: int
    resources: Resources
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[RulingLine] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    stamps: int = 0
    objects: int = 0

    def draw(self, root: Any, outer: Matrix = IDENTITY, depth: int = 0) -> None:
        """Adds what stands below an element, moved by `outer`. Raises TooLarge, Unreadable."""
        for item in root.iter():
            tag = _name(item)
            if not tag.endswith("Object"):
                continue
            self.objects += 1
            if self.objects > MOST_OBJECTS:
                raise TooLarge(f"page {self.number}: more than {MOST_OBJECTS:,} objects")
            if tag == "TextObject":
                letters = list(_text(item, outer))
                if self._is_hidden(item) or _is_slanted(item, outer):
                    self.stamps += len(letters)
                else:
                    self.glyphs += letters
                if len(self.glyphs) > MOST_GLYPHS:
                    raise TooLarge(f"page {self.number}: more than {MOST_GLYPHS:,} characters")
            elif tag == "PathObject":
                self.rules += _path(item, outer)
            elif tag == "ImageObject":
                self.shown.append(_picture(item, outer))
            elif tag == "CompositeObject" and depth < DEEPEST and not self._is_hidden(item):
                unit = self.resources.units.get(item.get("ResourceID") or "")
                if unit is not None:
                    self.draw(unit, _placed(item, outer), depth + 1)

    def _is_hidden(self, item: Any) -> bool:
        """Whether nobody sees an object, by what it says itself or by the way of painting that it names."""
        paint = self.resources.paints.get(item.get("DrawParam") or "")
        return _is_hidden(item, _colour(paint) if paint is not None else None)


def page_of(
    layers: Sequence[Any], number: int, size: tuple[float, float], resources: Resources
) -> tuple[Page, list[Shown]]:
    """A page from its own content and the templates under it; `size` in millimetres. Also the pictures on it.

    Slanted text is a stamp or a watermark, text that is not painted is not there: both are counted,
    not read. Raises TooLarge, Unreadable.
    """
    sheet = _Sheet(number, resources)
    for layer in layers:
        sheet.draw(layer)
    wide, high = size[0] * POINTS, size[1] * POINTS
    shown = sheet.shown
    return Page(number, wide, high, sheet.glyphs, sheet.rules, stamps=sheet.stamps, images=len(shown)), shown


def _picture(item: Any, outer: Matrix) -> Shown:
    box = numbers(item.get("Boundary") or "")
    x, y, wide, high = box if len(box) == 4 else (0.0, 0.0, 0.0, 0.0)
    corners = [transform(outer, x, y), transform(outer, x + wide, y + high)]
    xs, ys = ([POINTS * value for value in sorted(side)] for side in zip(*corners, strict=True))
    return Shown(item.get("ResourceID") or "", (xs[0], ys[0], xs[1], ys[1]))


def _colour(item: Any) -> Any | None:
    """What an object, or a way of painting, is filled with."""
    return next((e for e in item if _name(e) == "FillColor"), None)


def _is_hidden(item: Any, usual: Any | None) -> bool:
    """Whether nobody sees a text: not visible, transparent, or neither filled nor stroked. `usual` is its colour
    where it names none."""
    says = {name: (item.get(name) or "").strip().lower() for name in ("Visible", "Alpha", "Fill", "Stroke")}
    if says["Visible"] == "false" or says["Alpha"] == "0":
        return True
    if says["Fill"] == "false":
        return says["Stroke"] != "true"
    colour = usual if _colour(item) is None else _colour(item)
    return colour is not None and (colour.get("Alpha") or "") == "0"


def _is_slanted(item: Any, outer: Matrix) -> bool:
    a, b, *_ = _placed(item, outer)
    turn = math.atan2(b, a) % (math.pi / 2)
    return SLANT < turn < math.pi / 2 - SLANT


def _placed(item: Any, outer: Matrix) -> Matrix:
    """How an object's own coordinates are moved to the page, in millimetres."""
    box = numbers(item.get("Boundary") or "")
    own = numbers(item.get("CTM") or "")
    x, y = (box[0], box[1]) if len(box) == 4 else (0.0, 0.0)
    a, b, c, d, e, f = own if len(own) == 6 else IDENTITY
    return multiply((a, b, c, d, e + x, f + y), outer)


def _text(item: Any, outer: Matrix) -> Iterator[Glyph]:
    """The characters of a text object, each at its own place."""
    matrix = _placed(item, outer)
    a, b, c, d, *_ = matrix
    size = _number(item, "Size", 0.0) or 3.5
    stretch = _number(item, "HScale", 1.0) or 1.0
    high = size * abs(d if abs(d) > 1e-6 else c) * POINTS
    x = y = 0.0
    for code in named(item, "TextCode"):
        text = code.text or ""
        x, y = _number(code, "X", x), _number(code, "Y", y)
        across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        at_x, at_y = x, y
        for i, character in enumerate(text):
            wide = size * stretch * (0.55 if character.isascii() else 1.0) * abs(a if abs(a) > 1e-6 else b)
            if not character.isspace():
                x0, baseline = (POINTS * value for value in transform(matrix, at_x, at_y))
                yield Glyph(character, x0, baseline - 0.86 * high, x0 + wide * POINTS, baseline + 0.14 * high)
            default = 0.0 if down else size * stretch * (0.5 if character.isascii() else 1.0)
            at_x += across[i] if i < len(across) else default
            at_y += down[i] if i < len(down) else 0.0


def _deltas(text: str | None) -> list[float]:
    """Steps between characters; "g 3 4.2" is three times 4.2.

    >>> _deltas("1 g 2 3.5")
    [1.0, 3.5, 3.5]
    """
    tokens = (text or "").split()
    steps: list[float] = []
    i = 0
    while i < len(tokens):
        if tokens[i] == "g" and i + 2 < len(tokens):
            times, step = numbers(tokens[i + 1]), numbers(tokens[i + 2])
            if not times or not step:
                raise Unreadable(
                    f"a step between letters is “{(text or '')[:20]}”, no number; is the file damaged?"
                )
            steps += step * min(int(min(times[0], MOST_GLYPHS)), MOST_GLYPHS)
            i += 3
        else:
            steps += numbers(tokens[i])
            i += 1
    return steps


def _path(item: Any, outer: Matrix) -> Iterator[RulingLine]:
    """The ruling lines of a path: level and upright strokes, and thin filled shapes."""
    matrix = _placed(item, outer)
    data = next(named(item, "AbbreviatedData"), None)
    if data is None or (item.get("Visible") or "true").lower() == "false":
        return

    def place(x: float, y: float) -> tuple[float, float]:
        x, y = transform(matrix, x, y)
        return x * POINTS, y * POINTS

    points: list[tuple[float, float]] = []
    strokes = []
    start = now = (0.0, 0.0)
    for letter, values in _steps(data.text or ""):
        if letter in ("S", "M"):
            start = now = place(values[0], values[1])
        elif letter == "C":
            strokes.append((now, start))
            now = start
        else:
            after = place(values[-2], values[-1])
            if letter == "L":
                strokes.append((now, after))
            now = after
        points.append(now)
    if not points:
        return
    x0, x1 = min(p[0] for p in points), max(p[0] for p in points)
    y0, y1 = min(p[1] for p in points), max(p[1] for p in points)
    if min(x1 - x0, y1 - y0) <= THIN:
        yield centre_line(x0, y0, x1, y1)
    elif (item.get("Stroke") or "true").lower() != "false":
        for (ax, ay), (bx, by) in strokes:
            if min(abs(ax - bx), abs(ay - by)) <= THIN / 4:
                yield centre_line(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _steps(text: str) -> Iterator[tuple[str, list[float]]]:
    """The letters of a path, each with its numbers."""
    letter = ""
    values: list[float] = []
    for token in _TOKEN.findall(text):
        if token.isalpha():
            letter, values = token.upper(), []
            if _TAKES.get(letter, -1) == 0:
                yield letter, []
        else:
            values.append(float(token))
            if len(values) == _TAKES.get(letter, -1):
                yield letter, values
                values = []
