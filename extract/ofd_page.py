"""What a page of an OFD draws: its characters, ruling lines and pictures, in points from its top left.

Lengths in the file are millimetres; an object's coordinates are those of its boundary box, after
its own matrix.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page
from gongkai.extract.page.matrix import IDENTITY, Matrix, multiply, transform
from gongkai.extract.page.ruling_line import THIN, RulingLine, centre_line
from gongkai.extract.pdfium.strikethrough import find_struck
from gongkai.model import BBox, TooLarge, Unreadable

#: Points a millimetre.
POINTS = 72 / 25.4
#: A page with more characters is no report.
MOST_GLYPHS = 40_000
#: A page with more objects is no report; drawings may refer to drawings so many levels deep.
MOST_OBJECTS, DEEPEST = 60_000, 8
#: Slant in radians, from the next quarter turn, beyond which text is a stamp or a watermark.
SLANT = 0.1
#: A stroke that goes so far both across and down, in points, is no ruling line.
SLANTING = 1.0

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TOKEN = re.compile(rf"[A-Za-z]|{_NUMBER.pattern}")
#: How many numbers follow a path's letter.
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


class Resources(NamedTuple):
    """What the pages of a document may refer to, by id: the parts of pictures, drawings, and ways of painting."""

    media: dict[str, str]
    units: dict[str, Any]
    paints: dict[str, Any]


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
    """The numbers in a list of tokens; other tokens are passed over."""
    return [float(token) for token in text.split() if _NUMBER.fullmatch(token)]


def _number(item: Any, name: str, default: float) -> float:
    """A number that an element states. Raises Unreadable where it is not a number: the text could stand anywhere."""
    text = item.get(name)
    if not text:
        return default
    values = numbers(text)
    if len(values) != 1 or not math.isfinite(values[0]):
        raise Unreadable(f"{name} of a text is “{text[:20]}”, which is no number; is the file damaged?")
    return values[0]


@dataclass(slots=True)
class _Sheet:
    """What a page draws, collected from its layers."""

    number: int
    resources: Resources
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[RulingLine] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    unseen: list[Glyph] = field(default_factory=list)
    grounds: list[BBox] = field(default_factory=list)
    shapes: list[BBox] = field(default_factory=list)
    annotated: list[RulingLine] = field(default_factory=list)
    hidden_in_part: list[Glyph] = field(default_factory=list)
    facing: list[tuple[tuple[bool, int], Sequence[Glyph]]] = field(default_factory=list)
    stamps: int = 0
    objects: int = 0

    def draw_note(self, note: Any) -> None:
        """Adds what an annotation shows. Its lines strike text, but are no walls of boxes."""
        if note.get("Type") in _SIGNS or (note.get("Visible") or "").strip().lower() == "false":
            return
        own = self.rules
        self.rules = self.annotated
        for look in named(note, "Appearance"):
            box = numbers(look.get("Boundary") or "")
            x, y = (box[0], box[1]) if len(box) == 4 else (0.0, 0.0)
            self.draw(look, (1.0, 0.0, 0.0, 1.0, x, y))
        self.rules = own

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
                self._write(item, outer)
                if len(self.glyphs) > MOST_GLYPHS:
                    raise TooLarge(f"page {self.number}: more than {MOST_GLYPHS:,} characters")
            elif tag == "PathObject":
                self._paint(item, outer)
            elif tag == "ImageObject":
                picture = _read_picture(item, outer)
                self.shown.append(picture)
                self.shapes += [picture.box] if _is_small(picture.box) else []
            elif tag == "CompositeObject" and depth < DEEPEST and not self._is_hidden(item):
                unit = self.resources.units.get(item.get("ResourceID") or "")
                if unit is not None:
                    self.draw(unit, _matrix_of(item, outer), depth + 1)

    def _write(self, item: Any, outer: Matrix) -> None:
        """Adds the characters of a text object."""
        letters = list(_read_text(item, outer))
        if _is_slanted(item, outer):
            self.stamps += len(letters)
        elif self._is_hidden(item) or (_is_white(item) and not self._has_ground(letters)):
            self.unseen += letters
        else:
            window = _read_clip(item, outer)
            seen = [g for g in letters if window is None or has_middle(window, g)]
            self.glyphs += seen
            self.facing.append((_find_facing(item, outer), seen))
            self.unseen += [g for g in letters if g not in seen]

    def _has_ground(self, letters: Sequence[Glyph]) -> bool:
        """Whether a filled shape stands behind letters."""
        return any(has_middle(box, letters[0]) for box in self.grounds) if letters else False

    def _paint(self, item: Any, outer: Matrix) -> None:
        """Adds a path: ruling lines, a small drawing, or a shape that covers what was drawn before it."""
        lines, box, is_curved = _read_lines(item, outer)
        if box is not None and is_curved and _is_small(box):
            self.shapes.append(box)
            return
        self.rules += lines
        if box is None or not _is_filled(item) or min(box[2] - box[0], box[3] - box[1]) <= THIN:
            return
        if not _is_white(item):
            self.grounds.append(box)
        if not _is_translucent(item):
            self.unseen += [g for g in self.glyphs if has_middle(box, g)]
            self.hidden_in_part += [g for g in self.glyphs if _is_cut_by(box, g)]
            self.glyphs = [g for g in self.glyphs if not has_middle(box, g)]

    def _is_hidden(self, item: Any) -> bool:
        """Whether nobody sees an object, by its own attributes or by the way of painting that it names."""
        paint = self.resources.paints.get(item.get("DrawParam") or "")
        return _is_hidden(item, _find_colour(paint) if paint is not None else None)

    def find_odd(self) -> Iterator[Glyph]:
        """The digits that are turned otherwise than most, mirrored, or covered in part, as marks for their boxes."""
        yield from (g._replace(text="partly hidden") for g in self.hidden_in_part)
        counts: Counter[tuple[bool, int]] = Counter()
        for facing, letters in self.facing:
            counts[facing] += sum(g.text.isdecimal() for g in letters)
        usual = counts.most_common(1)[0][0] if counts else (False, 0)
        for (is_mirrored, quarter), letters in self.facing:
            if is_mirrored or (is_mirrored, quarter) != usual:
                what = "mirrored text" if is_mirrored else "turned text"
                yield from (g._replace(text=what) for g in letters if g.text.isdecimal())


def page_of(
    layers: Sequence[Any],
    notes: Sequence[Any],
    number: int,
    size: tuple[float, float],
    resources: Resources,
) -> tuple[Page, list[Shown]]:
    """A page from its own content, the templates under it and the annotations over it, and the pictures on it.

    `size` is in millimetres. Slanted text is a stamp or a watermark, and nobody sees text that is not painted, clipped,
    covered by a later shape, or white on nothing: both are left out. Raises TooLarge, Unreadable.
    """
    sheet = _Sheet(number, resources)
    for layer in reversed(layers):
        sheet.draw(layer)
    for note in notes:
        sheet.draw_note(note)
    shown = sheet.shown
    struck = find_struck(sheet.glyphs, [*sheet.rules, *sheet.annotated])
    page = Page(
        number,
        size[0] * POINTS,
        size[1] * POINTS,
        sheet.glyphs,
        sheet.rules,
        stamps=sheet.stamps,
        images=len(shown),
        unread=(*(g._replace(text="crossed out") for g in struck), *sheet.find_odd()),
        unseen=tuple(sheet.unseen),
        shapes=tuple(sheet.shapes),
        has_ink=(lambda box: True) if sheet.shapes else None,
        strokes=tuple(sheet.annotated),
    )
    return page, shown


#: Kinds of annotations that show nothing, or that only decorate the page.
_SIGNS = ("Link", "Watermark")
#: A picture or a curved path of at most this size, in points, may be a character in a box.
WIDEST, HIGHEST = 120.0, 40.0


def _is_small(box: BBox) -> bool:
    return box[2] - box[0] <= WIDEST and box[3] - box[1] <= HIGHEST


def has_middle(box: BBox, glyph: Glyph) -> bool:
    """Whether the middle of a character lies in a box."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _find_facing(item: Any, outer: Matrix) -> tuple[bool, int]:
    """Whether a text is mirrored, and by how many quarters it is turned."""
    a, b, c, d, *_ = _matrix_of(item, outer)
    return a * d - b * c < 0, round(math.atan2(b, a) / (math.pi / 2)) % 4


#: A shape hides a figure in part where it covers at least this share of the figure's ink.
PART = 0.15


def _is_cut_by(box: BBox, glyph: Glyph) -> bool:
    """Whether a shape covers a part of a figure that stands on its line, without its middle."""
    high = glyph.bottom - glyph.top
    top, foot = glyph.top + PART * high, glyph.bottom - PART * high
    across = min(box[2], glyph.x1) - max(box[0], glyph.x0)
    down = min(box[3], foot) - max(box[1], top)
    if across <= 0 or down <= 0 or not glyph.text.isdecimal() or has_middle(box, glyph):
        return False
    return across * down > PART * (glyph.x1 - glyph.x0) * (foot - top)


def _is_filled(item: Any) -> bool:
    """Whether the inside of a path is painted."""
    return (item.get("Fill") or "").strip().lower() == "true"


def _is_white(item: Any) -> bool:
    """Whether an object is filled with white."""
    colour = _find_colour(item)
    return colour is not None and numbers(colour.get("Value") or "") in ([255, 255, 255], [255])


def _is_translucent(item: Any) -> bool:
    """Whether what lies under a path is seen through it."""
    colour = _find_colour(item)
    alphas = [item.get("Alpha"), None if colour is None else colour.get("Alpha")]
    plain = colour is None or len(colour) == 0  # else a shade of colours
    return not plain or any(alpha not in (None, "", "255") for alpha in alphas)


def _read_clip(item: Any, outer: Matrix) -> BBox | None:
    """The box outside of which an object is not drawn; None where it is not clipped."""
    clips = next((e for e in item if _name(e) == "Clips"), None)
    if clips is None:
        return None
    matrix = _matrix_of(item, outer)
    boxes = []
    for path in named(clips, "Path"):
        points, _ = _read_path(_data_of(path), _matrix_of(path, matrix))
        boxes += [_box_of(points)] if points else []
    if not boxes:
        return None
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def _read_picture(item: Any, outer: Matrix) -> Shown:
    box = numbers(item.get("Boundary") or "")
    x, y, wide, high = box if len(box) == 4 else (0.0, 0.0, 0.0, 0.0)
    corners = [transform(outer, x, y), transform(outer, x + wide, y + high)]
    xs, ys = ([POINTS * value for value in sorted(side)] for side in zip(*corners, strict=True))
    return Shown(item.get("ResourceID") or "", (xs[0], ys[0], xs[1], ys[1]))


def _find_colour(item: Any) -> Any | None:
    """What an object, or a way of painting, is filled with."""
    return next((e for e in item if _name(e) == "FillColor"), None)


def _is_hidden(item: Any, usual: Any | None) -> bool:
    """Whether nobody sees a text: not visible, transparent, or neither filled nor stroked.

    `usual` is its colour where it names none.
    """
    states = {name: (item.get(name) or "").strip().lower() for name in ("Visible", "Alpha", "Fill", "Stroke")}
    if states["Visible"] == "false" or states["Alpha"] == "0":
        return True
    if states["Fill"] == "false":
        return states["Stroke"] != "true"
    colour = usual if _find_colour(item) is None else _find_colour(item)
    return colour is not None and (colour.get("Alpha") or "") == "0"


def _is_slanted(item: Any, outer: Matrix) -> bool:
    a, b, *_ = _matrix_of(item, outer)
    turn = math.atan2(b, a) % (math.pi / 2)
    return SLANT < turn < math.pi / 2 - SLANT


def _matrix_of(item: Any, outer: Matrix) -> Matrix:
    """The matrix that moves an object's own coordinates to the page, in millimetres."""
    box = numbers(item.get("Boundary") or "")
    own = numbers(item.get("CTM") or "")
    x, y = (box[0], box[1]) if len(box) == 4 else (0.0, 0.0)
    a, b, c, d, e, f = own if len(own) == 6 else IDENTITY
    return multiply((a, b, c, d, e + x, f + y), outer)


def _read_text(item: Any, outer: Matrix) -> Iterator[Glyph]:
    """The characters of a text object, each at its own place."""
    matrix = _matrix_of(item, outer)
    a, b, c, d, *_ = matrix
    size = _number(item, "Size", 0.0) or 3.5
    stretch = _number(item, "HScale", 1.0) or 1.0
    high = size * abs(d if abs(d) > 1e-6 else c) * POINTS
    x = y = 0.0
    for code in named(item, "TextCode"):
        text = code.text or ""
        x, y = _number(code, "X", x), _number(code, "Y", y)
        across, down = _read_steps(code.get("DeltaX")), _read_steps(code.get("DeltaY"))
        at_x, at_y = x, y
        for i, character in enumerate(text):
            wide = size * stretch * (0.55 if character.isascii() else 1.0) * abs(a if abs(a) > 1e-6 else b)
            if not character.isspace():
                x0, baseline = (POINTS * value for value in transform(matrix, at_x, at_y))
                yield Glyph(character, x0, baseline - 0.86 * high, x0 + wide * POINTS, baseline + 0.14 * high)
            default = 0.0 if down else size * stretch * (0.5 if character.isascii() else 1.0)
            at_x += across[i] if i < len(across) else default
            at_y += down[i] if i < len(down) else 0.0


def _read_steps(text: str | None) -> list[float]:
    """Steps between characters; "g 3 4.2" is three times 4.2.

    >>> _read_steps("1 g 2 3.5")
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
                    f"a step between letters is “{(text or '')[:20]}”, which is no number; is the file damaged?"
                )
            steps += step * min(int(min(times[0], MOST_GLYPHS)), MOST_GLYPHS)
            i += 3
        else:
            steps += numbers(tokens[i])
            i += 1
    return steps


Point = tuple[float, float]


def _data_of(path: Any) -> str:
    """The strokes of a path."""
    data = next(named(path, "AbbreviatedData"), None)
    return "" if data is None else data.text or ""


def _box_of(points: Sequence[Point]) -> BBox:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _read_lines(item: Any, outer: Matrix) -> tuple[list[RulingLine], BBox | None, bool]:
    """The ruling lines of a path, its box, and whether it has curves or slanting strokes.

    Ruling lines are horizontal and vertical strokes, and thin filled shapes. No box where nothing is drawn.
    """
    text = _data_of(item)
    points, strokes = _read_path(text, _matrix_of(item, outer))
    if not points or (item.get("Visible") or "true").lower() == "false":
        return [], None, False
    box = _box_of(points)
    lines = []
    if min(box[2] - box[0], box[3] - box[1]) <= THIN:
        lines.append(centre_line(*box))
    elif (item.get("Stroke") or "true").lower() != "false":
        for (ax, ay), (bx, by) in strokes:
            if min(abs(ax - bx), abs(ay - by)) <= THIN / 4:
                lines.append(centre_line(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
    slants = any(min(abs(ax - bx), abs(ay - by)) > SLANTING for (ax, ay), (bx, by) in strokes)
    return lines, box, slants or any(letter in text.upper() for letter in "QBA")


def _read_path(text: str, matrix: Matrix) -> tuple[list[Point], list[tuple[Point, Point]]]:
    """The points of a path and its straight strokes, in points on the page."""

    def place(x: float, y: float) -> Point:
        x, y = transform(matrix, x, y)
        return x * POINTS, y * POINTS

    points: list[Point] = []
    strokes = []
    start = now = (0.0, 0.0)
    for letter, values in _split_path(text):
        before = now
        if letter in ("S", "M"):
            start = now = place(values[0], values[1])
        elif letter == "C":
            now = start
        else:
            now = place(values[-2], values[-1])
        if letter in ("L", "C"):
            strokes.append((before, now))
        points.append(now)
    return points, strokes


def _split_path(text: str) -> Iterator[tuple[str, list[float]]]:
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
