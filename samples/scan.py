"""Sheets → pictures of paper: a PDF of nothing but scans, tilted, noisy, with a red seal."""

from __future__ import annotations

import hashlib
import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from page import Sheet

#: a font under a free licence (fonts-noto-cjk of Debian); where it is not installed its samples are not made anew
FONT_FILE = "NotoSerifCJK-Regular.ttc"
FONT_SHA256 = "a04178ec485dffdff7cc0c0c20e1fce9202d7e2160d805e8e44a4c8841c58481"
RED = (200, 30, 40)


@dataclass(frozen=True)
class Paper:
    """How a sheet of paper was scanned. `tilt` in degrees; `seal` is where its middle stands, in points."""

    dpi: int = 150
    tilt: float = 0.0
    grain: float = 0.0  # the share of pixels that are speckles
    blur: float = 0.0
    quality: int = 60
    seal: tuple[float, float] | None = None
    turn: int = 0  # quarter turns by which the paper lay on the glass, in degrees


def scanned(sheets: Sequence[Sheet], paper: Paper, seal_of: str, seed: int) -> bytes:
    """A PDF with a JPEG picture for every sheet. Raises OSError where the font is not installed."""
    from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for number, sheet in enumerate(sheets):
        picture = photographed(sheet, paper, seal_of, seed + number)
        width, height = (side * 72 / paper.dpi for side in picture.size)
        canvas.setPageSize((width, height))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=paper.quality)
        file.seek(0)
        canvas.drawImage(ImageReader(file), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


#: The colours that a small scan keeps: paper, print, the seal and its edges.
FEW = (255, 255, 255, 25, 25, 25, 140, 140, 140, *RED, 228, 140, 145)


def scanned_small(sheets: Sequence[Sheet], paper: Paper, seal_of: str, seed: int) -> bytes:
    """A PDF as `scanned` makes one, in a few colours, as scanners save for mail: small enough to keep.

    Raises OSError where the font is not installed as it was when the sample was made.
    """
    from PIL import Image

    font_as_known()
    colours = Image.new("P", (1, 1))
    colours.putpalette(FEW)
    pages = []
    for number, sheet in enumerate(sheets):
        picture = photographed(sheet, paper, seal_of, seed + number)
        few = picture.quantize(palette=colours, dither=Image.Dither.NONE)
        file = io.BytesIO()
        few.save(file, "PNG", optimize=True)
        pages.append((picture.size, _pixels(file.getvalue())))
    return _package(pages, 72 / paper.dpi)


def _pixels(png: bytes) -> bytes:
    """The packed pixels of a PNG, which a PDF packs in the same way."""
    at, parts = 8, []
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            parts.append(png[at + 8 : at + 8 + size])
        at += 12 + size
    return b"".join(parts)


def _package(pages: Sequence[tuple[tuple[int, int], bytes]], scale: float) -> bytes:
    """A PDF with a picture of a FEW colours a page: its size in pixels and packed pixels."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = b" ".join(b"%d 0 R" % (3 + 3 * n) for n in range(len(pages)))
    objects.append(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids))
    for n, ((wide, high), pixels) in enumerate(pages):
        first = 3 + 3 * n
        size = b"%.2f %.2f" % (wide * scale, high * scale)
        draw = b"%.2f 0 0 %.2f 0 0 cm/P Do" % (wide * scale, high * scale)
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s]/Contents %d 0 R/Resources<</XObject<</P %d 0 R>>>>>>"
            % (size, first + 1, first + 2),
            b"<</Length %d>>stream\n%s\nendstream" % (len(draw), draw),
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 4/ColorSpace[/Indexed/DeviceRGB %d<%s>]"
            b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 1/BitsPerComponent 4/Columns %d>>/Length %d>>"
            b"stream\n%s\nendstream"
            % (wide, high, len(FEW) // 3 - 1, bytes(FEW).hex().encode(), wide, len(pixels), pixels),
        ]
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def photographed(sheet: Sheet, paper: Paper, seal_of: str, seed: int) -> Any:
    """One sheet as a picture."""
    from PIL import Image, ImageDraw, ImageFilter

    k = paper.dpi / 72
    size = round(sheet.width * k), round(sheet.height * k)
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for x0, top, x1, bottom in sheet.lines:
        pen.line((x0 * k, top * k, x1 * k, bottom * k), (30, 30, 30), max(1, round(0.6 * k)))
    for x, top, height, text in sheet.texts:
        pen.text((x * k, top * k), text, (25, 25, 25), _font(round(height * k)), anchor="lt")
    if paper.seal is not None:
        _seal(picture, paper.seal, k, seal_of)
    picture = picture.rotate(paper.tilt, Image.Resampling.BICUBIC, expand=False, fillcolor="white").filter(
        ImageFilter.GaussianBlur(paper.blur)
    )
    chance = random.Random(seed)
    for _ in range(round(paper.grain * size[0] * size[1])):
        shade = chance.randrange(256)
        picture.putpixel((chance.randrange(size[0]), chance.randrange(size[1])), (shade, shade, shade))
    return picture.rotate(paper.turn, expand=True)


@cache
def font_as_known() -> None:
    """Raises OSError where the font is missing or of another version: its letters would be other pixels."""
    from PIL import ImageFont

    path = ImageFont.truetype(FONT_FILE, 10, index=2).path
    if hashlib.sha256(Path(path).read_bytes()).hexdigest() != FONT_SHA256:
        raise OSError(f"{FONT_FILE} is not of the version that drew the samples")


@cache
def _font(pixels: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(FONT_FILE, pixels, index=2)  # 2: the shapes of mainland China


def _seal(picture: Any, middle: tuple[float, float], k: float, name: str) -> None:
    """A round red seal with a star, its name along the rim; it lets through what it covers."""
    from PIL import Image, ImageChops, ImageDraw

    x, y, radius = middle[0] * k, middle[1] * k, 56 * k
    layer = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(layer)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED, width=round(2.4 * k))
    star = [
        (x + r * math.sin(n * math.pi / 5), y - r * math.cos(n * math.pi / 5))
        for n in range(10)
        for r in (radius * (0.3 if n % 2 == 0 else 0.115),)
    ]
    pen.polygon(star, fill=RED)
    for n, character in enumerate(name):
        angle = math.radians(-120 + 240 * n / max(1, len(name) - 1))
        one = Image.new("RGB", (round(20 * k), round(20 * k)), "white")
        ImageDraw.Draw(one).text((10 * k, 10 * k), character, RED, _font(round(13 * k)), anchor="mm")
        one = one.rotate(-math.degrees(angle), fillcolor="white")
        at = (x + 0.78 * radius * math.sin(angle) - 10 * k, y - 0.78 * radius * math.cos(angle) - 10 * k)
        under = layer.crop((round(at[0]), round(at[1]), round(at[0]) + one.width, round(at[1]) + one.height))
        layer.paste(ImageChops.multiply(under, one), (round(at[0]), round(at[1])))
    picture.paste(ImageChops.multiply(picture, layer))
