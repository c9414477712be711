"""A document that Word inserts into another when it opens it (w:altChunk) → its blocks, as its own reader gives them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from gongkai.extract.office.docx_text import DocxBody
from gongkai.extract.page.block_number import number_block
from gongkai.model import Document, Finding, Limits, Source, flag
from gongkai.record import replace

Read = Callable[[Source, Limits], Document]


def insert_chunk(body: DocxBody, id: str, read_docx: Read) -> None:
    """Appends the blocks of the part that a w:altChunk refers to: a web page, alone or with its pictures, a DOCX or text."""
    name = body.chunks.get(id)
    if name is None:
        body.findings.append(_report("the file refers to a part of its text that it does not hold"))
        return
    data = body.package.part(name)
    read = _choose(data, read_docx)
    if read is None:
        body.findings.append(
            _report(f"{name} is a part of the text in a format that is not read inside a DOCX")
        )
        return
    part = replace(body.source, data=data, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    inserted = read(part, body.limits)
    for block in inserted.blocks:
        body.blocks.append(number_block(block, len(body.blocks)))
    body.findings += inserted.findings


def _choose(data: bytes, read_docx: Read) -> Read | None:
    # Few files hold another one, and the readers of web pages take longer to load than such a file to read.
    from gongkai.extract import html, mhtml, text

    if data.startswith(b"PK"):
        return read_docx
    readers: tuple[tuple[Callable[[bytes], bool], Read], ...] = (
        (mhtml.sniff, mhtml.read),
        (html.sniff, html.read),
        (text.sniff, text.read),
    )
    return next((read for sniff, read in readers if sniff(data)), None)


def _report(what: str) -> Finding:
    return flag("text-lost", f"{what}; open it in Word and save it again", severity="error")
