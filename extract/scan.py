"""A picture of a page → glyphs and ruling lines, as a PDF page has them, and a second look at every box.

Seals are taken out by their colour, the page is turned upright, rules are found by morphology,
text by PP-OCR (models inside the installed package; nothing is downloaded). A number is read
twice: as part of its line, and alone in its box with the decoder held to digits.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from model import Cell, MissingTool

from .page import Page
from .ruling import Glyph, Rule

#: Highest confidence of anything read from a picture.
MOST = 0.97
#: Pixels an inch at which pictures are read.
DPI = 200
#: A pixel this much darker than its background is ink.
INK = 45
#: Under a seal, what is lighter than this in the red channel is the seal's.
FAINT = 110
#: Fewer dark pixels than this, at 200 dpi, are a speck.
SPECK = 12
#: The decoder's alphabet for a number in a box.
DIGITS = "0123456789.,-"
#: Paper left around the ink of a crop, in pixels.
MARGIN = 6
#: Crops of so many pixels across in all go through the recogniser together; memory grows with it.
BATCH = 4800
#: Rules are at least so long, in pixels; longer across, for a letter's stroke is short.
LONG, TALL = 60, 34

_WORD = re.compile(r"[一-鿿]{2,}|[A-Za-z]{2,}")
_PLACEHOLDER = re.compile(r"[/\\—–\-－一无]{1,2}")


def available() -> bool:
    """Whether the extra `gongkai[ocr]` is installed."""
    return all(importlib.util.find_spec(m) is not None for m in ("rapidocr", "onnxruntime", "cv2"))


@cache
def _engine() -> Any:
    """The models, loaded once a process."""
    if not available():
        raise MissingTool("reading pictures needs the extra: pip install 'gongkai[ocr]'")
    import numpy
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            # the arena keeps what the largest picture needed
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
        }
    )
    # Asked once, so that the recogniser is loaded: its network is called directly from then on.
    engine(numpy.full((48, 64, 3), 255, numpy.uint8), use_det=False, use_cls=False, use_rec=True)
    return engine


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a crop says: freely, and with the decoder held to digits."""

    text: str
    score: float
    digits: str
    digit_score: float


def read_page(picture: Any, number: int, width: float, height: float) -> Page:
    """The page in a picture (a Pillow image of the whole page); sizes in points.

    Raises MissingTool where the extra is not installed.
    """
    import cv2
    import numpy

    image = numpy.asarray(picture.convert("RGB"))
    factor = (DPI / 72 * width) / image.shape[1]
    if abs(factor - 1) > 0.02:
        kind = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=kind)
    image = _without_seal(image)
    image = _upright(image)
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    scale = width / grey.shape[1]
    rules = [Rule(*(v * scale for v in r)) for r in _rules(grey)]
    glyphs = [g for box, reading in _lines(image) for g in _glyphs(box, reading.text, scale)]

    def check(cell: Cell) -> Cell:
        return _checked(cell, grey, scale)

    return Page(number, width, height, glyphs, rules, check=check)


def _without_seal(image: Any) -> Any:
    """The page with red ink made paper; black under a seal stays black."""
    import cv2
    import numpy

    channels = image.astype(numpy.int16)
    red = channels[:, :, 0] - numpy.maximum(channels[:, :, 1], channels[:, :, 2])
    if (red > 35).mean() < 0.0005:
        return image
    # What a seal leaves around its strokes goes too; print under it is dark in the red channel as well.
    stamped = cv2.dilate((red > 18).astype(numpy.uint8), numpy.ones((5, 5), numpy.uint8)) > 0
    cleaned = image.copy()
    only_red = image[:, :, 0][stamped]
    paper = int(numpy.median(image[:, :, 0]))  # white in a grey page would pass for an edge
    kept = numpy.where(only_red > FAINT, paper, only_red)
    cleaned[stamped] = numpy.repeat(kept[:, None], 3, axis=1)
    return cleaned


def _upright(image: Any) -> Any:
    """The page turned so that its lines run level: the turn with the sharpest profile of rows."""
    import cv2
    import numpy

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    dark = (small < numpy.median(small) - INK).astype(numpy.uint8)

    def turned(picture: Any, angle: float, paper: Any, kind: int) -> Any:
        high, wide = picture.shape[:2]
        matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
        return cv2.warpAffine(picture, matrix, (wide, high), flags=kind, borderValue=paper)

    def sharpness(angle: float) -> float:
        profile = turned(dark, angle, 0, cv2.INTER_NEAREST).sum(axis=1, dtype=numpy.int64)
        return float(((profile[1:] - profile[:-1]) ** 2).sum())

    best = max((a / 4 for a in range(-16, 17)), key=sharpness)
    best = max((best + a / 20 for a in range(-5, 6)), key=sharpness)
    if abs(best) < 0.03:
        return image
    return turned(image, best, (255, 255, 255), cv2.INTER_CUBIC)


def _rules(grey: Any) -> list[tuple[float, float, float, float]]:
    """Ruling lines in pixels: long thin strokes of ink, slightly bent ones at their median."""
    import cv2
    import numpy

    block = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 12)
    found = []
    for across, length in ((True, LONG), (False, TALL)):
        # A stroke bent by a pixel or two is whole again when it is thickened first.
        thick = cv2.dilate(block, numpy.ones((3, 1) if across else (1, 3), numpy.uint8))
        kernel = numpy.ones((1, length) if across else (length, 1), numpy.uint8)
        strokes = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel)
        gap = numpy.ones((3, 15) if across else (15, 3), numpy.uint8)
        strokes = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, gap)
        count, marked, boxes, _ = cv2.connectedComponentsWithStats(strokes)
        for i in range(1, count):
            x, y, wide, high, area = (int(v) for v in boxes[i])
            long, thin = (wide, high) if across else (high, wide)
            if long < length or thin > 26 or area / long > 14:
                continue
            part = marked[y : y + high, x : x + wide] == i
            if across:
                at = y + float(numpy.median(numpy.nonzero(part)[0]))
                found.append((float(x), at, float(x + wide), at))
            else:
                at = x + float(numpy.median(numpy.nonzero(part)[1]))
                found.append((at, float(y), at, float(y + high)))
    return found


_Box = tuple[float, float, float, float]


def _lines(image: Any) -> list[tuple[_Box, _Reading]]:
    """The lines of text that the detector finds, each with its box in pixels and what it says."""
    import numpy

    found = _engine()(image, use_det=True, use_cls=False, use_rec=False).boxes
    if found is None:
        return []
    boxes = []
    crops = []
    for corners in numpy.asarray(found):
        x0, y0 = corners.min(axis=0)
        x1, y1 = corners.max(axis=0)
        crop = image[max(0, int(y0)) : int(y1) + 1, max(0, int(x0)) : int(x1) + 1]
        if crop.shape[0] >= 6 and crop.shape[1] >= 4:
            boxes.append((float(x0), float(y0), float(x1), float(y1)))
            crops.append(crop)
    readings = _recognised(crops)
    return [(b, r) for b, r in zip(boxes, readings, strict=True) if r.text.strip()]


def _recognised(crops: Sequence[Any]) -> list[_Reading]:
    """What each crop (RGB) says; crops of like width go through the network together."""
    import cv2
    import numpy

    recogniser = _engine().text_rec
    characters = recogniser.postprocess_op.character
    allowed = numpy.array([i == 0 or c in DIGITS for i, c in enumerate(characters)])
    sized = []
    for crop in crops:
        wide = max(16, min(1600, round(crop.shape[1] * 48 / crop.shape[0])))
        sized.append(cv2.resize(crop, (wide, 48)))
    order = sorted(range(len(sized)), key=lambda i: sized[i].shape[1])
    result: dict[int, _Reading] = {}
    begin = 0
    while begin < len(order):
        end = begin + 1
        while end < len(order) and (end - begin + 1) * sized[order[end]].shape[1] <= BATCH:
            end += 1
        group = order[begin:end]
        begin = end
        room = max(64, max(sized[i].shape[1] for i in group))
        batch = numpy.zeros((len(group), 3, 48, room), numpy.float32)
        for n, i in enumerate(group):
            part = sized[i][:, :, ::-1].astype(numpy.float32).transpose(2, 0, 1) / 127.5 - 1.0
            batch[n, :, :, : part.shape[2]] = part
        scores = recogniser.session(batch)
        for n, i in enumerate(group):
            free = _decoded(scores[n], characters)
            held = _decoded(numpy.where(allowed, scores[n], 0.0), characters)
            result[i] = _Reading(*free, *held)
    return [result[i] for i in range(len(crops))]


def _decoded(scores: Any, characters: Sequence[str]) -> tuple[str, float]:
    """The text of a matrix of scores (steps × characters), repeats and blanks out, and its lowest score."""
    best = scores.argmax(axis=1)
    text, lowest, before = [], 1.0, 0
    for step, i in enumerate(best):
        if i not in (0, before):
            text.append(characters[i])
            lowest = min(lowest, float(scores[step, i]))
        before = i
    return "".join(text), lowest if text else 0.0


def _glyphs(box: _Box, text: str, scale: float) -> list[Glyph]:
    """A line's characters, spread over its box; half-width ones take half the room."""
    x0, y0, x1, y1 = (v * scale for v in box)
    weights = [0.55 if c.isascii() else 1.0 for c in text]
    unit = (x1 - x0) / sum(weights)
    glyphs = []
    x = x0
    inset = 0.12 * (y1 - y0)  # the detector's boxes are taller than the characters
    for c, weight in zip(text, weights, strict=True):
        if not c.isspace():
            glyphs.append(Glyph(c, x, y0 + inset, x + weight * unit, y1 - inset))
        x += weight * unit
    return glyphs


def _checked(cell: Cell, grey: Any, scale: float) -> Cell:
    """A box of the page looked at alone: blank, or a number read a second time.

    Boxes with words keep what their lines say.
    """
    if cell.place.bbox is None or _WORD.search(cell.text):
        return replace(cell, origin="ocr", confidence=MOST)
    crop = _ink(cell, grey, scale)
    first = "".join(cell.text.split())
    if crop is None:
        sure = first == ""
        return replace(
            cell, text="", origin="ocr", confidence=MOST if sure else 0.6, alternative=None if sure else first
        )
    high, wide = crop.shape[0] - 2 * MARGIN, crop.shape[1] - 2 * MARGIN
    if high <= 6 and wide >= 1.3 * high:
        return replace(cell, text="—", origin="ocr", confidence=0.93)
    readings = _recognised(_stacked(crop))
    free = "".join(r.text for r in readings)
    if _PLACEHOLDER.fullmatch(free) and min(r.score for r in readings) > 0.5:
        return replace(cell, text="—" if free == "一" else free, origin="ocr", confidence=0.93)
    second = "".join(r.digits for r in readings).strip(".,")
    digit_score = min(r.digit_score for r in readings)
    if first == "" and (second == "" or digit_score < 0.9):
        # ink, and no number in it: the rest of a seal, a note in handwriting
        return replace(cell, text=free or "?", origin="ocr", confidence=0.3)
    if _bare(first) == _bare(second) or first == "" or (second == "" and _bare(first).isdigit()):
        text = first or second
        confidence = min(MOST if first and second else 0.92, 0.5 + digit_score / 2 if second else 0.9)
        other = second if first and second and first != second and "." in first + second else None
        return replace(cell, text=text, origin="ocr", confidence=confidence, alternative=other)
    return replace(cell, text=first, origin="ocr", confidence=0.5, alternative=second or free or "?")


def _bare(text: str) -> str:
    """A reading without separators, sign words and units, to compare two."""
    return re.sub(r"[^\d]", "", text)


def _stacked(crop: Any) -> list[Any]:
    """A crop cut into its lines: a number too long for its box goes on below."""
    import numpy

    dark = crop[:, :, 0] < numpy.median(crop[:, :, 0]) - INK
    rows = dark.any(axis=1)
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], rows.astype(int), [0]))))
    lines = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 8]
    if len(lines) < 2:
        return [crop]
    return [crop[max(0, a - MARGIN) : b + MARGIN] for a, b in lines]


def _ink(cell: Cell, grey: Any, scale: float) -> Any | None:
    """The ink in a box, cropped tight with a MARGIN, as RGB; None where there is none."""
    import cv2
    import numpy

    assert cell.place.bbox is not None  # asked by the caller
    x0, top, x1, bottom = (v / scale for v in cell.place.bbox)
    inset = 4
    part = grey[max(0, int(top) + inset) : int(bottom) - inset, max(0, int(x0) + inset) : int(x1) - inset]
    if part.shape[0] < 8 or part.shape[1] < 8:
        return None
    paper = float(numpy.percentile(part, 75))
    dark = (part < paper - INK).astype(numpy.uint8)
    count, marked, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    high, wide = part.shape
    keep = numpy.zeros(count, bool)
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in boxes[i])
        rim = x == 0 or y == 0 or x + w == wide or y + h == high
        stroke = (w > 4 * h and w > 0.3 * wide) or (h > 4 * w and h > 0.6 * high)
        keep[i] = area >= SPECK and not (rim and (stroke or min(w, h) <= 4))
    held = keep[marked]
    if not held.any():
        return None
    ys, xs = numpy.nonzero(held)
    if ys.max() - ys.min() < 3 and xs.max() - xs.min() < 3:
        return None
    clean = numpy.where(held | (dark == 0), part, paper).astype(numpy.uint8)
    clean = clean[
        max(0, ys.min() - MARGIN) : ys.max() + MARGIN + 1, max(0, xs.min() - MARGIN) : xs.max() + MARGIN + 1
    ]
    return cv2.cvtColor(clean, cv2.COLOR_GRAY2RGB)
