"""OFD (GB/T 33190) → Document: text objects and paths of each page, as for a PDF.

Lengths in the file are millimetres; an object's coordinates are those of its boundary box, after
its own matrix.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from model import Document, Encrypted, Limits, Source, TooLarge, Unreadable

from .glyph import Glyph
from .package import Package, opened, xml
from .page import Page, blocks
from .ruling import Rule

#: Points a millimetre.
POINTS = 72 / 25.4
#: A filled shape thinner than this, in points, is a ruling line.
THIN = 3.2
MOST_GLYPHS = 40_000

_Matrix = tuple[float, float, float, float, float, float]
_UNIT: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: How many numbers follow a path's letter.
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def sniff(data: bytes) -> bool:
    """Whether this is a zip with OFD.xml at its root."""
    return data.startswith(b"PK") and b"OFD.xml" in data and b"word/document" not in data


def read(source: Source, limits: Limits) -> Document:
    """Every page's Grids and Paragraphs. Raises Encrypted, Truncated, Unreadable, TooLarge."""
    package = opened(source.data, limits)
    names = {n.lower().lstrip("/"): n for n in package.names()}
    if any(n.endswith("encryptions.xml") for n in names):
        raise Encrypted("the file is encrypted; save it without a password")
    root = _part(package, names, "OFD.xml")
    location = next(_named(root, "DocRoot"), None)
    if location is None or not (location.text or "").strip():
        raise Unreadable("OFD.xml names no document")
    path = (location.text or "").strip().lstrip("/")
    document = _part(package, names, path)
    folder = posixpath.dirname(path)
    templates = {t.get("ID"): t.get("BaseLoc") for t in _named(document, "TemplatePage")}
    size = _size(document) or (210.0, 297.0)
    pages: list[Page] = []
    for entry in (p for ps in _named(document, "Pages") for p in ps):
        if len(pages) >= limits.pages:
            raise TooLarge(f"more than {limits.pages:,} pages")
        where = posixpath.join(folder, entry.get("BaseLoc") or "")
        page = _part(package, names, where)
        layers = [page]
        for used in _named(page, "Template"):
            base = templates.get(used.get("TemplateID"))
            if base:
                layers.append(_part(package, names, posixpath.join(folder, base)))
        pages.append(_page(layers, len(pages) + 1, _size(page) or size))
    found, findings = blocks(pages, limits)
    return Document(source, "ofd", "ofd", tuple(found), len(pages), (), tuple(findings))


def _part(package: Package, names: dict[str, str], path: str) -> Any:
    """The root of a part. Producers differ in case and in leading strokes.

    Raises Unreadable where there is none.
    """
    name = names.get(posixpath.normpath(path.lstrip("/")).lower())
    if name is None:
        raise Unreadable(f"{path}: named in the file and not there")
    return xml(package.part(name), name)


def _named(root: Any, tag: str) -> Iterator[Any]:
    return (e for e in root.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == tag)


def _size(root: Any) -> tuple[float, float] | None:
    """Width and height, in millimetres, of the first physical box."""
    for box in _named(root, "PhysicalBox"):
        values = _numbers(box.text or "")
        if len(values) == 4:
            return values[2], values[3]
    return None


def _numbers(text: str) -> list[float]:
    return [float(t) for t in text.split() if re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", t)]


def _page(layers: list[Any], number: int, size: tuple[float, float]) -> Page:
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    images = 0
    for layer in layers:
        for item in layer.iter():
            tag = item.tag.rpartition("}")[2] if isinstance(item.tag, str) else ""
            if tag == "TextObject":
                glyphs += _text(item)
                if len(glyphs) > MOST_GLYPHS:
                    raise TooLarge(f"page {number}: more than {MOST_GLYPHS:,} characters")
            elif tag == "PathObject":
                rules += _path(item)
            elif tag == "ImageObject":
                images += 1
    return Page(number, size[0] * POINTS, size[1] * POINTS, glyphs, rules, images=images)


def _placed(item: Any) -> tuple[float, float, _Matrix]:
    """An object's corner and matrix."""
    box = _numbers(item.get("Boundary") or "")
    matrix = _numbers(item.get("CTM") or "")
    x, y = (box[0], box[1]) if len(box) == 4 else (0.0, 0.0)
    return x, y, tuple(matrix) if len(matrix) == 6 else _UNIT  # type: ignore[return-value]


def _text(item: Any) -> Iterator[Glyph]:
    """The characters of a text object, each at its own place."""
    left, top, (a, b, c, d, e, f) = _placed(item)
    size = float(item.get("Size") or 0) or 3.5
    stretch = float(item.get("HScale") or 1) or 1.0
    high = size * abs(d if abs(d) > 1e-6 else c) * POINTS
    x = y = 0.0
    for code in _named(item, "TextCode"):
        text = code.text or ""
        x = float(code.get("X") or x)
        y = float(code.get("Y") or y)
        across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        at_x, at_y = x, y
        for i, character in enumerate(text):
            wide = size * stretch * (0.55 if character.isascii() else 1.0) * abs(a if abs(a) > 1e-6 else b)
            if not character.isspace():
                px = (left + a * at_x + c * at_y + e) * POINTS
                baseline = (top + b * at_x + d * at_y + f) * POINTS
                yield Glyph(character, px, baseline - 0.86 * high, px + wide * POINTS, baseline + 0.14 * high)
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
            steps += [float(tokens[i + 2])] * min(int(float(tokens[i + 1])), MOST_GLYPHS)
            i += 3
        else:
            steps += _numbers(tokens[i])
            i += 1
    return steps


def _path(item: Any) -> Iterator[Rule]:
    """The ruling lines of a path: level and upright strokes, and thin filled shapes."""
    left, top, (a, b, c, d, e, f) = _placed(item)
    data = next(_named(item, "AbbreviatedData"), None)
    if data is None or (item.get("Visible") or "true").lower() == "false":
        return

    def place(x: float, y: float) -> tuple[float, float]:
        return (left + a * x + c * y + e) * POINTS, (top + b * x + d * y + f) * POINTS

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
        yield _line(x0, y0, x1, y1)
    elif (item.get("Stroke") or "true").lower() != "false":
        for (ax, ay), (bx, by) in strokes:
            if min(abs(ax - bx), abs(ay - by)) <= THIN / 4:
                yield _line(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


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


def _line(x0: float, top: float, x1: float, bottom: float) -> Rule:
    if x1 - x0 >= bottom - top:
        return Rule(x0, (top + bottom) / 2, x1, (top + bottom) / 2)
    return Rule((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)
