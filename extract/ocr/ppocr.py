"""Grey pictures → where lines of text stand, and the text of a line: the two networks of PP-OCR.

The models lie in the installed package rapidocr, whose own code does not run: loading it costs more
than reading a page. Nothing is downloaded.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy
import onnxruntime  # type: ignore[import-untyped]

from gongkai.model import MissingTool

#: The detector and the recogniser, as the names of their files have it.
MODELS = ("_det_", "_rec_")
#: Height in pixels of what the recogniser reads.
HIGH = 48
#: The decoder's alphabet for a number in a box.
DIGITS = "0123456789.,-"
#: Letters of the shape of a 0, between which and the digit the network shares its score.
ROUND = "OoＯ〇○"
#: Crops go through the recogniser together up to this sum of widths, in pixels. Each call costs as much as 20 pixels; but of
#: more than this the network's layers leave the processor's cache, and a pixel costs a fifth more. All are as wide as
#: the widest then, so the narrowest is at least this share of it: what is added is read as well.
BATCH, ALIKE = 400, 0.9
#: What the network needs for an input of more than so many bytes is given back to the system: more than a usual page.
LARGE = 16_000_000
#: The room of the narrowest crop for the network, and the widest crop, in pixels at HIGH.
LEAST_ROOM, WIDEST = 40, 1600
#: A crop WIDE times as wide as high is a line of words. It is narrowed by this factor, because the
#: network's time grows with the pixels. Narrower still, one of two equal digits is lost (2244 → 224).
WIDE, NARROWED = 4.0, 0.65
#: The network's score above which a pixel belongs to a line, and a line is one.
PIXEL, LINE = 0.3, 0.5
#: Ink is darker than the paper by this much at least, if it is pale, and stands so far from where the picture is cut.
FAINT, AROUND = 20, 24
#: The network marks the core of a line. Area × GROWN / perimeter is the distance to the line's real edge.
GROWN = 1.6

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class OcrText:
    """The text of a crop, with the decoder free and with the decoder limited to digits.

    `places` tells where each of the digits was seen, as shares of the crop's width. `shape_score` is as `digit_score`,
    with what the letters of a 0's shape have counted for the 0.
    """

    text: str
    score: float
    digits: str
    digit_score: float
    places: tuple[float, ...] = ()
    shape_score: float = 0.0


@cache
def load_model(name: str) -> Any:
    """A model, loaded once a process. Raises MissingTool where the package rapidocr has no such model."""
    found = importlib.util.find_spec("rapidocr")
    assert found is not None and found.origin is not None  # `gongkai.extract.ocr.read_page` has checked
    options = onnxruntime.SessionOptions()
    # The run already starts a process for every processor.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Memory is kept from one call to the next: to have the system clear it anew is a seventh of the time. Plans of it for
    # each size of picture would pile up, because nearly every crop has its own.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    # The runtime is not told to take the smallest fractions for zero (a tenth of the detector's time): it would do so for
    # all that this thread computes from then on, that of a notebook that calls us as well.
    path = next((Path(found.origin).parent / "models").glob(f"*{name}*.onnx"), None)
    if path is None:
        raise MissingTool(f"the installed rapidocr has no model {name}: pip install -U 'gongkai[ocr]'")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def _alphabet() -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    """The recogniser's alphabet (the first is the blank between characters), and the indices of DIGITS and ROUND in it."""
    names = load_model("_rec_").get_modelmeta().custom_metadata_map["character"].split("\n")
    characters = ("", *names, " ")
    digits, letters = (
        tuple(i for i, c in enumerate(characters) if c and c in some) for some in (DIGITS, ROUND)
    )
    return characters, (0, *digits), letters


def _run_model(name: str, batch: Any) -> Any:
    model = load_model(name)
    options = None
    if batch.nbytes > LARGE:
        options = onnxruntime.RunOptions()
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return model.run(None, {model.get_inputs()[0].name: batch}, options)[0]


def detect(grey: Any) -> list[Box]:
    """The boxes of the lines of text in an upright picture, in its pixels.

    It works best where characters are about 16 pixels high. Margins without ink are not looked at: the network's time
    grows with the pixels.
    """
    left, top, right, bottom = _find_inked(grey)
    found = _detect_lines(numpy.ascontiguousarray(grey[top:bottom, left:right]))
    return [(x0 + left, y0 + top, x1 + left, y1 + top) for x0, y0, x1, y1 in found]


def _find_inked(grey: Any) -> tuple[int, int, int, int]:
    """The part of a picture outside which there is no ink, with some paper around it."""
    dark = (grey < float(numpy.median(grey)) - FAINT).astype(numpy.uint8)
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, numpy.ones((2, 2), numpy.uint8))
    high, wide = grey.shape
    x, y, w, h = cv2.boundingRect(dark)
    if not w or not h:
        return 0, 0, wide, high
    return max(0, x - AROUND), max(0, y - AROUND), min(wide, x + w + AROUND), min(high, y + h + AROUND)


def _detect_lines(grey: Any) -> list[Box]:
    high, wide = grey.shape
    padded = numpy.full((-(-high // 32) * 32, -(-wide // 32) * 32), 255, numpy.uint8)
    padded[:high, :wide] = grey
    batch = numpy.repeat(padded[None, None].astype(numpy.float32) / 127.5 - 1.0, 3, axis=1)
    scores = _run_model("_det_", batch)[0, 0, :high, :wide]
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
    """The text of each crop (grey). Crops of similar width go through the network together."""
    sized = [cv2.resize(c, (_network_width(c), HIGH), interpolation=cv2.INTER_AREA) for c in crops]
    order = sorted(range(len(sized)), key=lambda i: sized[i].shape[1])
    result: dict[int, OcrText] = {}
    begin = 0
    while begin < len(order):
        end = begin + 1
        narrowest = max(LEAST_ROOM, sized[order[begin]].shape[1])
        while end < len(order):
            widest = sized[order[end]].shape[1]
            if (end - begin + 1) * widest > BATCH or narrowest < ALIKE * widest:
                break
            end += 1
        group = order[begin:end]
        begin = end
        result.update(zip(group, _recognise_batch([sized[i] for i in group]), strict=True))
    return [result[i] for i in range(len(crops))]


def _network_width(crop: Any) -> int:
    """The width to which a crop is scaled for the network."""
    high, wide = int(crop.shape[0]), int(crop.shape[1])
    share = NARROWED if wide > WIDE * high else 1.0
    return max(16, min(WIDEST, round(wide * HIGH / high * share)))


def _recognise_batch(sized: Sequence[Any]) -> list[OcrText]:
    """The texts of crops of one height, in one call of the network."""
    room = max(LEAST_ROOM, max(s.shape[1] for s in sized))
    batch = numpy.zeros((len(sized), 3, HIGH, room), numpy.float32)
    for n, part in enumerate(sized):
        batch[n, :, :, : part.shape[1]] = part.astype(numpy.float32) / 127.5 - 1.0
    characters, places, letters = _alphabet()
    digits = [characters[i] for i in places]
    result = []
    for scores, part in zip(_run_model("_rec_", batch), sized, strict=True):
        text, score, _ = _decode_scores(scores, characters)
        figures, figure_score, steps = _decode_scores(scores[:, places], digits)
        share = room / len(scores) / part.shape[1]
        seen = tuple((n + 0.5) * share for n in steps)
        shape_score = _score_shapes(scores, figures, steps, letters)
        result.append(OcrText(text, score, figures, figure_score, seen, shape_score))
    return result


def _score_shapes(scores: Any, figures: str, steps: Sequence[int], letters: Sequence[int]) -> float:
    """The lowest score of figures seen at some steps, where a letter of a 0's shape counts for the 0."""
    characters, places, _ = _alphabet()
    own = {characters[i]: i for i in places}
    each = (
        float(scores[step, own[c]]) + (float(scores[step, letters].sum()) if c == "0" else 0.0)
        for c, step in zip(figures, steps, strict=True)
    )
    return min(each, default=0.0)


def _decode_scores(scores: Any, characters: Sequence[str]) -> tuple[str, float, list[int]]:
    """The text of a matrix of scores (steps × characters) without repeats and blanks, its lowest score, its steps."""
    best = scores.argmax(axis=1)
    text, lowest, before, steps = [], 1.0, 0, []
    for step, i in enumerate(best):
        if i not in (0, before):
            text.append(characters[i])
            lowest = min(lowest, float(scores[step, i]))
            steps.append(step)
        before = i
    return "".join(text), lowest if text else 0.0, steps
