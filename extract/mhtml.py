"""A web page saved with its pictures (MHTML, also under the name .doc) → Document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from gongkai.extract import html
from gongkai.extract.charset import decode_damaged
from gongkai.extract.page.block_number import number_block
from gongkai.extract.web.embedded import count_chinese
from gongkai.model import Block, Document, Limits, Source, Unreadable

#: The address of a sheet in a workbook that Excel saved.
_SHEET = re.compile(r"sheet\d{1,4}\.html?$", re.IGNORECASE)
_WORKSHEET = re.compile(r"<x:ExcelWorksheet>(.{0,2000}?)</x:ExcelWorksheet>", re.DOTALL | re.IGNORECASE)
_HEAD = re.compile(rb"^\s*(?:[A-Za-z-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){1,12}", re.MULTILINE)


def sniff(data: bytes) -> bool:
    """Whether the bytes are a MIME message with a web page in it."""
    head = data[:4096]
    match = _HEAD.match(head)
    if match is None or b"MIME-Version:".lower() not in head.lower():
        return False
    return b"multipart/related" in head.lower() or b"text/html" in head.lower()


def read(source: Source, limits: Limits) -> Document:
    """The page's article. Raises Unreadable where the message holds no page."""
    # This module is imported for every file without a known start, and email takes longer to
    # import than most documents take to read.
    from email import message_from_bytes, policy

    message = message_from_bytes(source.data, policy=policy.default)
    pages = [
        (str(part.get("Content-Location") or "").strip(), payload)
        for part in message.walk()
        if part.get_content_type() == "text/html"
        and isinstance(payload := part.get_payload(decode=True), bytes)
        and payload.strip()
    ]
    if not pages:
        raise Unreadable("the message holds no web page")
    pictures = _collect_pictures(message)
    looks = _collect_styles(message)
    if looks:  # the sheets that the page names lie beside it: without them nobody knows what it hides
        pages = [(location, _insert_styles(data, looks)) for location, data in pages]
    sheets = _list_sheets(pages)
    if len(sheets) > 1:
        return _join([html.read(replace(source, data=data), limits, pictures) for data in sheets], source)
    # A page of frames is a message of several pages: the article is in the one with the most text.
    largest = max((data for _, data in pages), key=_count_chinese)
    page = html.read(replace(source, data=largest), limits, pictures)
    return replace(page, source=source, format="mhtml")


def _list_sheets(pages: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """The sheets of a workbook that Excel saved as a page of frames, in their order, without hidden ones."""
    sheets = [(location, data) for location, data in pages if _SHEET.search(location)]
    workbook = next((decode_damaged(data) for location, data in pages if not _SHEET.search(location)), None)
    told = _WORKSHEET.findall(workbook[0]) if workbook is not None else []
    hidden = {
        _last_part(re.search(r'HRef="?([^"\s>]+)', t))
        for t in told
        if "SheetHidden" in t or "SheetVeryHidden" in t
    }
    return [
        data
        for location, data in sheets
        if location.replace("\\", "/").rpartition("/")[2].lower() not in hidden
    ]


def _last_part(hit: re.Match[str] | None) -> str:
    return "" if hit is None else hit[1].replace("\\", "/").rpartition("/")[2].lower()


def _join(pages: Sequence[Document], source: Source) -> Document:
    """Several pages as one Document, one behind the other."""
    blocks: list[Block] = []
    for page in pages:
        blocks += [number_block(block, len(blocks) + i) for i, block in enumerate(page.blocks)]
    metadata = tuple(dict.fromkeys(pair for page in pages for pair in page.metadata))
    findings = tuple(finding for page in pages for finding in page.findings)
    first = pages[0]
    return replace(
        first, source=source, format="mhtml", blocks=tuple(blocks), metadata=metadata, findings=findings
    )


def _collect_pictures(message: Any) -> dict[str, bytes]:
    """The pictures of a message, by their addresses and by `cid:` names."""
    pictures: dict[str, bytes] = {}
    for part in message.walk():
        data = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        if not isinstance(data, bytes):
            continue
        pictures |= dict.fromkeys(_list_names(part), data)
    return pictures


def _list_names(part: Any) -> list[str]:
    """How a page may name a part of its message: by its address, and by a `cid:` name."""
    location = str(part.get("Content-Location") or "").strip()
    content_id = str(part.get("Content-ID") or "").strip().strip("<>")
    return [name for name in (location, f"cid:{content_id}" if content_id else "") if name]


_LINK = re.compile(r"<link\b[^>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(href|rel|media)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)


def _collect_styles(message: Any) -> dict[str, str]:
    """The style sheets of a message, by their addresses and by `cid:` names."""
    styles: dict[str, str] = {}
    for part in message.walk():
        data = part.get_payload(decode=True) if part.get_content_type() == "text/css" else None
        decoded = decode_damaged(data) if isinstance(data, bytes) else None
        if decoded is None or "</style" in decoded[0].lower():
            continue
        styles |= dict.fromkeys(_list_names(part), decoded[0])
    return styles


def _insert_styles(page: bytes, styles: Mapping[str, str]) -> bytes:
    """A page with the sheets that it names in place of their names, which may be relative."""
    ends = {name.partition("?")[0].rpartition("/")[2]: sheet for name, sheet in styles.items()}
    decoded = decode_damaged(page)
    if decoded is None:
        return page

    def insert(link: re.Match[str]) -> str:
        found = {hit[1].lower(): hit[2] or hit[3] or hit[4] or "" for hit in _ATTRIBUTE.finditer(link[0])}
        if "stylesheet" not in found.get("rel", "").lower():
            return link[0]
        href = unescape(found.get("href", ""))
        sheet = styles.get(href, ends.get(href.partition("?")[0].rpartition("/")[2]))
        return link[0] if sheet is None else f'<style media="{found.get("media", "")}">{sheet}</style>'

    return _LINK.sub(insert, decoded[0]).encode("utf-8", "replace")


def _count_chinese(page: bytes) -> int:
    """How many Chinese characters a page shows; -1 where it is no text."""
    decoded = decode_damaged(page)
    return -1 if decoded is None else count_chinese(decoded[0])


#: See `gongkai.model.Reader`.
render = as_pdf = None
