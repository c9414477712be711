"""A drawing in a web page (SVG) in which text stands in drawn boxes → its lines, rules and grounds on a page of its own.

Only what is plainly drawn is read: an element, an attribute or a style that is not known here may hide or move text, and
then nothing of the drawing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.layout import Page
from gongkai.extract.page.matrix import IDENTITY, Matrix, multiply, transform
from gongkai.extract.page.ruling_line import THIN, RulingLine
from gongkai.extract.web.colour import WHITE, Colour, are_alike, read_colour
from gongkai.extract.web.css import Styles
from gongkai.extract.web.dom import children, squeeze
from gongkai.extract.web.length import read_length
from gongkai.extract.web.placed_lines import width_of
from gongkai.model import BBox

#: Fewer texts are no table.
LEAST_TEXTS = 12
#: With more characters it is no table of a report.
_MOST = 40_000
#: Letters of a page, in points: a drawing has a measure of its own.
_SIZE = 9.0
_SHAPES = frozenset({"rect", "line", "path", "polyline", "polygon"})
_NOTHING = frozenset({"title", "desc", "metadata", "style", "-comment"})
_AROUND = frozenset({"g", "a"})
#: Attributes and properties that leave what is drawn where it is, and those that are read here.
_HARMLESS = frozenset(
    {
        "xmlns", "xmlns:xlink", "version", "id", "role", "class", "style", "lang", "xml:lang", "xml:space", "focusable", "font-family",
        "font-weight", "font-style", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "stroke-miterlimit",
        "shape-rendering", "text-rendering", "preserveaspectratio", "baseprofile", "href", "target", "max-width", "display", "margin",
        "color", "vertical-align", "fill-rule", "background", "background-color",
    }
)  # fmt: skip
_READ = frozenset(
    {
        "x", "y", "dx", "dy", "x1", "y1", "x2", "y2", "width", "height", "rx", "ry", "d", "points", "viewbox", "transform", "font-size",
        "text-anchor", "fill", "stroke", "dominant-baseline", "alignment-baseline",
    }
)  # fmt: skip
#: Properties of a sheet that would move or hide what is drawn, and the rules of a sheet.
_MOVES = re.compile(
    r"""
      text-anchor | baseline | writing-mode | spacing | transform     # where it stands
    | fill | stroke | opacity | clip | mask | filter                  # whether it is seen
    | font-size | \b(?:font|[xyd])\s*:
    """,
    re.IGNORECASE | re.VERBOSE,
)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
#: A line that leaves its level by less is straight.
_STRAIGHT = 0.5
_NUMBER = re.compile(r"[-+]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:e[-+]?\d{1,2})?", re.IGNORECASE)
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_MOVE = re.compile(r"(translate|scale|matrix)\s*\(([^()]*)\)\s*,?\s*")
_INHERITED = ("font-size", "text-anchor", "fill", "stroke", "dominant-baseline", "alignment-baseline")
_MIDDLE = ("middle", "central")


class _Unknown(Exception):
    """Something of a drawing is not known here."""


class _Ground(NamedTuple):
    """A filled shape."""

    box: BBox
    colour: Colour


class _DrawnText(NamedTuple):
    """A line of text: where it begins, the size of its letters, its colour."""

    text: str
    left: float
    top: float
    size: float
    colour: Colour


class _SvgPen(NamedTuple):
    """How what stands in an element is drawn: in which measure, and by which properties."""

    matrix: Matrix
    own: Mapping[str, str]

    def length(self, name: str, default: float = 0.0) -> float:
        """A length in the measure of the drawing; raises _Unknown where it is none."""
        text = self.own.get(name, "").strip()
        found = read_length(text, 16.0, 0.0) if text else default
        if found is None or text.endswith("%"):
            raise _Unknown
        return found

    def colour(self, name: str, default: str) -> Colour | None:
        """A colour, None for none; raises _Unknown where it is not known or shines through."""
        text = self.own.get(name, default).strip().lower()
        if text in ("none", "transparent"):
            return None
        found = read_colour("black" if text == "currentcolor" else text)
        if found is None or found[1] < 1:
            raise _Unknown
        return found[0]


@dataclass(slots=True)
class _Drawing:
    """What is drawn so far, in its order."""

    styles: Styles
    rules: list[RulingLine]
    grounds: list[_Ground]
    texts: list[_DrawnText]


def read_drawing(node: Any, styles: Styles, sheets: str) -> Page | None:
    """What stands in a drawing, as a page in points; None where it is no table or not all of it is plainly seen.

    `sheets` are the style sheets of its page.
    """
    if len(node.css("text")) < LEAST_TEXTS or _is_styled(node, sheets):
        return None
    drawing = _Drawing(styles, [], [], [])
    try:
        pen = _take_pen(node, _SvgPen(IDENTITY, {}), styles)
        for child in children(node):
            _draw(child, pen, drawing)
        _check_inside(pen, drawing)
    except _Unknown:
        return None
    if len(drawing.texts) < LEAST_TEXTS or sum(len(t.text) for t in drawing.texts) > _MOST:
        return None
    return _make_page(drawing)


def _is_styled(node: Any, sheets: str) -> bool:
    """Whether a rule of a sheet may move or hide something in a drawing."""
    names = {"*"}
    for inner in node.traverse():
        attributes = inner.attributes
        names |= {inner.tag, attributes.get("id") or "", *(attributes.get("class") or "").split()}
    return any(
        _MOVES.search(declared) and not names.isdisjoint(re.findall(r"[\w-]+|\*", selector))
        for selector, declared in _RULE.findall(sheets)
    )


def _check_inside(pen: _SvgPen, drawing: _Drawing) -> None:
    """Raises _Unknown where text stands outside the drawing, where nobody sees it."""
    box = [float(n) for n in _NUMBER.findall(pen.own.get("viewbox", ""))]
    if len(box) != 4 and not {"width", "height"} <= pen.own.keys():
        raise _Unknown
    left, top, wide, high = box if len(box) == 4 else (0.0, 0.0, pen.length("width"), pen.length("height"))
    for t in drawing.texts:
        end = t.left + t.size * width_of(t.text)
        if (
            (t.left + end) / 2 < left
            or end > left + wide + t.size
            or not top <= t.top + t.size / 2 <= top + high
        ):
            raise _Unknown


def _make_page(drawing: _Drawing) -> Page:
    scale = _SIZE / median(t.size for t in drawing.texts)
    glyphs = [g for t in drawing.texts for g in _write(t, scale)]
    rules = [RulingLine(*(scale * v for v in rule)) for rule in drawing.rules]
    right = max([*(g.x1 for g in glyphs), *(r.x1 for r in rules)])
    foot = max([*(g.bottom for g in glyphs), *(r.bottom for r in rules)])
    return Page(1, right + _SIZE, foot + _SIZE, glyphs, rules)


def _write(text: _DrawnText, scale: float) -> Iterator[Glyph]:
    x = text.left
    for c in text.text:
        end = x + text.size * width_of(c)
        if not c.isspace():
            yield Glyph(c, scale * x, scale * text.top, scale * end, scale * (text.top + text.size))
        x = end


# Elements ------------------------------------------------------------------------------------


def _draw(node: Any, around: _SvgPen, drawing: _Drawing) -> None:
    """Adds what an element and those in it draw. Raises _Unknown."""
    tag = node.tag
    if tag in _NOTHING or _is_blank(node):
        return
    if tag not in _SHAPES and tag not in _AROUND and tag != "text":
        raise _Unknown
    pen = _take_pen(node, around, drawing.styles)
    if tag == "text":
        _draw_text(node, pen, drawing)
    elif tag in _SHAPES:
        _draw_shape(tag, pen, drawing)
    else:
        for child in children(node):
            _draw(child, pen, drawing)


def _is_blank(node: Any) -> bool:
    """Whether this is white space between elements, or definitions of nothing."""
    is_empty = node.tag == "-text" and not (node.text_content or "").strip()
    return is_empty or (node.tag == "defs" and node.child is None)


def _take_pen(node: Any, around: _SvgPen, styles: Styles) -> _SvgPen:
    """How an element draws: its attributes, over them its own style, under them what it has from those around it."""
    if styles.unseen(node) or styles.strikes(node) or styles.hides(node):
        raise _Unknown
    attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
    own = {name: around.own[name] for name in _INHERITED if name in around.own}
    own |= attributes | dict(_read_style(attributes.get("style", "")))
    for name, value in own.items():
        is_known = name in _HARMLESS or name in _READ or name.startswith(("aria-", "data-"))
        if not is_known or (name == "display" and value == "none"):
            raise _Unknown
    matrix = around.matrix
    if own.get("transform"):
        matrix = multiply(_read_moves(own["transform"]), matrix)
    return _SvgPen(matrix, own)


def _read_style(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, _, value = part.partition(":")
        if name.strip():
            yield name.strip().lower(), value.strip()


def _read_moves(text: str) -> Matrix:
    """The matrix of a transform that moves and scales; a turned drawing is not known."""
    if _MOVE.sub("", text.strip().lower()):
        raise _Unknown
    whole = IDENTITY
    for name, given in _MOVE.findall(text.strip().lower()):
        v = [float(n) for n in _NUMBER.findall(given)]
        if name == "matrix" and len(v) == 6:
            m: Matrix = (v[0], v[1], v[2], v[3], v[4], v[5])
        elif name != "matrix" and len(v) in (1, 2):
            second = v[-1] if len(v) == 2 or name == "scale" else 0.0
            m = (
                (1.0, 0.0, 0.0, 1.0, v[0], second)
                if name == "translate"
                else (v[0], 0.0, 0.0, second, 0.0, 0.0)
            )
        else:
            raise _Unknown
        if m[1] or m[2] or m[0] <= 0 or abs(m[0] - m[3]) > 0.01 * m[0]:
            raise _Unknown
        whole = multiply(m, whole)
    return whole


# Text ----------------------------------------------------------------------------------------


def _draw_text(node: Any, pen: _SvgPen, drawing: _Drawing) -> None:
    """Adds the lines of a text: its own, or one for each part of it that has a place."""
    x, y = pen.length("x"), pen.length("y")
    for child in children(node):
        if child.tag == "-text":
            text = squeeze(child.text_content or "")
            if text.strip():
                _add_line(text, (x + pen.length("dx"), y + pen.length("dy")), pen, drawing)
        elif child.tag == "tspan" and all(c.tag == "-text" for c in children(child)):
            own = _take_pen(
                child, pen._replace(own={k: v for k, v in pen.own.items() if k in _INHERITED}), drawing.styles
            )
            if "x" not in own.own:
                raise _Unknown  # it goes on behind other text, whose width is not known
            x, y = own.length("x") + own.length("dx"), _go_down(own, y)
            text = squeeze(child.text_content or child.text() or "")
            _add_line(text, (x, y), own, drawing)
        elif child.tag not in _NOTHING:
            raise _Unknown


def _go_down(pen: _SvgPen, y: float) -> float:
    text = pen.own.get("dy", "")
    down = read_length(text, pen.length("font-size", 16.0), 0.0) if text else 0.0
    if down is None:
        raise _Unknown
    return pen.length("y", y) + down


def _add_line(text: str, at: tuple[float, float], pen: _SvgPen, drawing: _Drawing) -> None:
    if not text.strip():
        return
    text = text.strip()
    size = pen.length("font-size", 16.0)
    anchor = pen.own.get("text-anchor", "start")
    if size <= 0 or anchor not in ("start", "middle", "end"):
        raise _Unknown
    x = at[0] - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * size * width_of(text)
    middle = any(pen.own.get(name) in _MIDDLE for name in ("dominant-baseline", "alignment-baseline"))
    left, top = transform(pen.matrix, x, at[1] - (0.5 if middle else 0.85) * size)
    colour = pen.colour("fill", "black")
    line = _DrawnText(text, left, top, size * pen.matrix[0], colour or WHITE)
    over = [g.colour for g in drawing.grounds if _is_over(g.box, line)]
    if colour is None or are_alike(colour, over[-1] if over else WHITE):
        raise _Unknown
    drawing.texts.append(line)


def _is_over(box: BBox, line: _DrawnText) -> bool:
    x, y = line.left + line.size * width_of(line.text) / 2, line.top + line.size / 2
    return box[0] < x < box[2] and box[1] < y < box[3]


# Shapes --------------------------------------------------------------------------------------


def _draw_shape(tag: str, pen: _SvgPen, drawing: _Drawing) -> None:
    """Adds the rules that a shape draws, and its ground; one over text that is drawn before it hides that."""
    for part in _list_parts(tag, pen):
        points = [transform(pen.matrix, *p) for p in part]
        if len(points) > 1:
            _draw_lines(points, None if tag == "line" else pen.colour("fill", "black"), pen, drawing)


def _draw_lines(
    points: list[tuple[float, float]], fill: Colour | None, pen: _SvgPen, drawing: _Drawing
) -> None:
    box = _bound(points)
    is_thin = min(box[2] - box[0], box[3] - box[1]) < THIN
    if fill is not None and not is_thin:
        if any(_is_over(box, text) for text in drawing.texts):
            raise _Unknown
        drawing.grounds.append(_Ground(box, fill))
    if pen.colour("stroke", "none") is not None:
        for (x0, y0), (x1, y1) in pairwise(points):
            if abs(x1 - x0) < _STRAIGHT or abs(y1 - y0) < _STRAIGHT:
                drawing.rules.append(RulingLine(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    elif fill is not None and is_thin and not are_alike(fill, WHITE):
        drawing.rules.append(RulingLine(*box))


def _bound(points: list[tuple[float, float]]) -> BBox:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _list_parts(tag: str, pen: _SvgPen) -> list[list[tuple[float, float]]]:
    """The corners of a shape; a path may have several parts."""
    if tag == "path":
        return _follow(pen.own.get("d", ""))
    return [_list_corners(tag, pen)]


def _list_corners(tag: str, pen: _SvgPen) -> list[tuple[float, float]]:
    if tag == "line":
        return [(pen.length("x1"), pen.length("y1")), (pen.length("x2"), pen.length("y2"))]
    if tag == "rect":
        x, y = pen.length("x"), pen.length("y")
        right, foot = x + pen.length("width"), y + pen.length("height")
        return [(x, y), (right, y), (right, foot), (x, foot), (x, y)]
    v = [float(n) for n in _NUMBER.findall(pen.own.get("points", ""))]
    corners = list(zip(v[::2], v[1::2], strict=True))
    return [*corners, corners[0]] if tag == "polygon" and corners else corners


def _follow(path: str) -> list[list[tuple[float, float]]]:
    """The corners of each part of a path of straight lines; raises _Unknown for any other."""
    parts: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for letter, given in _STEP.findall(path):
        v = [float(n) for n in _NUMBER.findall(given)]
        kind, is_relative = letter.upper(), letter.islower()
        if kind not in "MLHVZ" or (kind in "ML" and len(v) % 2) or (kind != "M" and not parts):
            raise _Unknown
        if kind == "M":
            parts.append([])
        for step in _list_steps(kind, v, parts[-1]):
            dx, dy = (x, y) if is_relative and kind != "Z" else (0.0, 0.0)
            x, y = (x if step[0] is None else step[0] + dx), (y if step[1] is None else step[1] + dy)
            parts[-1].append((x, y))
    return parts


def _list_steps(
    kind: str, v: list[float], part: list[tuple[float, float]]
) -> list[tuple[float | None, float | None]]:
    """Where a letter of a path goes, None for a side that stays."""
    if kind == "Z":
        return [*part[:1]]
    if kind in "HV":
        return [(n, None) if kind == "H" else (None, n) for n in v]
    return [*zip(v[::2], v[1::2], strict=True)]
