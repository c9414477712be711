"""A picture of pages (PNG, JPEG, TIFF with several, BMP, GIF, WebP) → Document, by OCR."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import partial
from typing import Any

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from gongkai.extract.ocr import MISSING, is_available, read_page
from gongkai.extract.page.block_number import number_block
from gongkai.extract.page.layout import Page, lay_out
from gongkai.extract.page.word_layout import make_layouts
from gongkai.model import Block, Document, Finding, Limits, MissingTool, Source, TooLarge, Unreadable, flag

_HEADS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM", b"GIF8")
#: A picture lower or narrower than this, in pixels, is a logo and no page.
LEAST = 500
#: The assumed width in points of an upright and of a wide page: A4.
PORTRAIT, LANDSCAPE = 595.0, 842.0


def sniff(data: bytes) -> bool:
    """Whether the bytes begin as a picture does."""
    if data.startswith(b"BM"):
        return len(data) > 54 and int.from_bytes(data[2:6], "little") == len(data)
    return data.startswith(_HEADS) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")


def read(source: Source, limits: Limits) -> Document:
    """The pages in a picture. Raises MissingTool, TooLarge, Unreadable."""
    pages = _recognise([source.data], limits)
    if not pages:
        raise Unreadable("the picture is too small to be a page")
    found, findings = lay_out(pages, limits)
    layouts = partial(make_layouts, pages, limits)
    return Document(source, "picture", "ocr", tuple(found), len(pages), (), tuple(findings), layouts)


def append_pages(
    blocks: list[Block], pictures: Iterable[bytes], count: int, where: str, limits: Limits
) -> list[Finding]:
    """Appends the pages in the pictures of a text without a table, by OCR where it is installed.

    `count` pictures stand `where` ("in the article"); those too small for a page are skipped.
    Raises TooLarge, Unreadable.
    """
    if not is_available():
        message = f"{count} pictures {where} and no table: read by OCR with the extra 'gongkai[ocr]'"
        return [flag("pictures", message, severity="warning")]
    found, findings, pages = read_pages(pictures, limits)
    if not pages:
        return findings
    for block in found:
        blocks.append(number_block(block, len(blocks)))
    note = f"{pages} pictures {where} were read by OCR"
    return [flag("page-by-ocr", note), *findings]


def read_pages(pictures: Iterable[bytes], limits: Limits) -> tuple[list[Block], list[Finding], int]:
    """The blocks of pictures that are pages, in order, and how many pages there were.

    Raises MissingTool where the extra is not installed, TooLarge, Unreadable.
    """
    pages = _recognise(pictures, limits)
    found, findings = lay_out(pages, limits)
    return found, findings, len(pages)


def _recognise(pictures: Iterable[bytes], limits: Limits) -> list[Page]:
    """The pages in pictures. Raises MissingTool, TooLarge, Unreadable."""
    if not is_available():
        raise MissingTool(MISSING)
    pages: list[Page] = []
    for data in pictures:
        for frame in _open_pages(data, limits):
            pages.append(read_page(frame, len(pages) + 1, *_page_size(frame)))
            limits.after_page()
            if len(pages) > limits.pictures:
                raise TooLarge(f"more than {limits.pictures:,} pages to be read by OCR")
    return pages


def _open_pages(data: bytes, limits: Limits) -> list[Any]:
    """The frames of a picture that are large enough for a page."""
    return [frame for frame in open_frames(data, limits) if min(frame.size) >= LEAST]


def open_frames(data: bytes, limits: Limits) -> list[Any]:
    """The frames of a picture, as Pillow images. Raises TooLarge, Unreadable."""
    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > limits.pixels:
                raise TooLarge(f"{picture.width} × {picture.height} pixels; the limit is {limits.pixels:,}")
            frames = [_lay_on_white(ImageOps.exif_transpose(f)) for f in ImageSequence.Iterator(picture)]
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(f"the picture cannot be opened ({error})") from error
    return frames


def _lay_on_white(frame: Any) -> Any:
    """A frame in plain colours as a viewer shows it: transparency on white, 16 bits of grey as 8."""
    if frame.mode.startswith("I"):
        # Pillow would cut off all above 255, and make grey text of 16 bits white. A file of 8 bits is left as it is.
        _, most = frame.getextrema()
        return (
            frame.convert("I").point(lambda v: v * (1 / 257 if most > 255 else 1)).convert("L").convert("RGB")
        )
    if frame.has_transparency_data:
        layered = frame.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(ground, layered).convert("RGB")
    return frame.convert("RGB")


def render(data: bytes, page: int, scale: float) -> Any:
    """A page (from 1) as a picture, `scale` pixels a point; an upright page is as wide as A4.

    Raises Unreadable where there is no such page.
    """
    frames = _open_pages(data, Limits())
    if not 1 <= page <= len(frames):
        raise Unreadable(f"there is no page {page}; the file has {len(frames)}")
    frame = frames[page - 1]
    width, height = _page_size(frame)
    return frame.resize((round(width * scale), round(height * scale)))


def _page_size(frame: Any) -> tuple[float, float]:
    """Width and height of the page in a picture, in points."""
    width = PORTRAIT if frame.height >= frame.width else LANDSCAPE
    return width, width * frame.height / frame.width


#: See `gongkai.model.Reader`.
as_pdf = None
