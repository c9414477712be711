"""Grey pictures → where lines of text stand, and what a line says: the two networks of PP-OCR.

The models lie in the installed package rapidocr, whose own code is not run: to load it costs more
than to read a page. Nothing is downloaded.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gongkai.model import MissingTool

#: Height in pixels at which the recogniser reads.
HIGH = 48
#: The decoder's alphabet for a number in a box.
DIGITS = "0123456789.,-"
#: Crops of so many pixels across in all go through the recogniser together; memory grows with it.
BATCH = 4800
#: The widest crop, in pixels at HIGH.
WIDEST = 1600
#: A crop so many times as wide as high is a line of words, and is narrowed: the network's time goes
#: with the pixels. Narrower still, one of two equal digits is lost (2244 read as 224).
WIDE, NARROWED = 4.0, 0.65
#: The network's score above which a pixel belongs to a line, and a line is one.
PIXEL, LINE = 0.3, 0.5
#: What the network marks is the heart of a line; it grows by this much of its area to its rim.
GROWN = 1.6

_PACKAGES = ("rapidocr", "onnxruntime", "cv2")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class OcrText:
    """What a crop says: freely, and with the decoder held to digits."""

    text: str
    score: float
    digits: str
    digit_score: float


def available() -> bool:
    """Whether the extra `gongkai[ocr]` is installed."""
    return all(importlib.util.find_spec(m) is not None for m in _PACKAGES)


@cache
def _session(name: str) -> Any:
    """A model, loaded once a process. Raises MissingTool where the extra is not installed."""
    if not available():
        raise MissingTool("reading pictures needs the extra: pip install 'gongkai[ocr]'")
    import onnxruntime  # type: ignore[import-untyped]

    found = importlib.util.find_spec("rapidocr")
    assert found is not None and found.origin is not None  # it is available
    options = onnxruntime.SessionOptions()
    # Documents are read in as many processes as there are processors.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it keeps what the largest picture needed
    options.log_severity_level = 3
    path = next((Path(found.origin).parent / "models").glob(f"*{name}*.onnx"), None)
    if path is None:
        raise MissingTool(f"rapidocr holds no model {name}: pip install -U 'gongkai[ocr]'")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def _characters() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The recogniser's alphabet (the first is the blank between characters), and where DIGITS stand in it."""
    names = _session("_rec_").get_modelmeta().custom_metadata_map["character"].split("\n")
    characters = ("", *names, " ")
    return characters, (0, *(i for i, c in enumerate(characters) if c and c in DIGITS))


def _run(name: str, batch: Any) -> Any:
    return _session(name).run(None, {_session(name).get_inputs()[0].name: batch})[0]


def detect(grey: Any) -> list[Box]:
    """The boxes of the lines of text in a picture that stands upright, in its pixels.

    Characters are best some 16 pixels high.
    """
    import cv2
    import numpy

    high, wide = grey.shape
    padded = numpy.full((-(-high // 32) * 32, -(-wide // 32) * 32), 255, numpy.uint8)
    padded[:high, :wide] = grey
    batch = numpy.repeat(padded[None, None].astype(numpy.float32) / 127.5 - 1.0, 3, axis=1)
    scores = _run("_det_", batch)[0, 0, :high, :wide]
    marked = cv2.dilate((scores > PIXEL).astype(numpy.uint8), numpy.ones((2, 2), numpy.uint8))
    count, owner, boxes, _ = cv2.connectedComponentsWithStats(marked)
    total = numpy.bincount(owner.ravel(), weights=scores.ravel(), minlength=count)
    found = []
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in boxes[i])
        if min(w, h) < 3 or total[i] < LINE * area:
            continue
        rim = w * h * GROWN / (2 * (w + h))
        found.append((max(0.0, x - rim), max(0.0, y - rim), min(wide, x + w + rim), min(high, y + h + rim)))
    return found


def recognise(crops: Sequence[Any]) -> list[OcrText]:
    """What each crop (grey) says; crops of like width go through the network together."""
    import cv2

    sized = [cv2.resize(c, (_width(c), HIGH), interpolation=cv2.INTER_AREA) for c in crops]
    order = sorted(range(len(sized)), key=lambda i: sized[i].shape[1])
    result: dict[int, OcrText] = {}
    begin = 0
    while begin < len(order):
        end = begin + 1
        while end < len(order) and (end - begin + 1) * sized[order[end]].shape[1] <= BATCH:
            end += 1
        group = order[begin:end]
        begin = end
        result.update(zip(group, _together([sized[i] for i in group]), strict=True))
    return [result[i] for i in range(len(crops))]


def _width(crop: Any) -> int:
    """How wide a crop goes into the network."""
    high, wide = int(crop.shape[0]), int(crop.shape[1])
    share = NARROWED if wide > WIDE * high else 1.0
    return max(16, min(WIDEST, round(wide * HIGH / high * share)))


def _together(sized: Sequence[Any]) -> list[OcrText]:
    """What crops of one height say, read in one go."""
    import numpy

    room = max(40, max(s.shape[1] for s in sized))
    batch = numpy.zeros((len(sized), 3, HIGH, room), numpy.float32)
    for n, part in enumerate(sized):
        batch[n, :, :, : part.shape[1]] = part.astype(numpy.float32) / 127.5 - 1.0
    characters, held = _characters()
    digits = [characters[i] for i in held]
    readings = []
    for scores in _run("_rec_", batch):
        readings.append(OcrText(*_decoded(scores, characters), *_decoded(scores[:, held], digits)))
    return readings


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
