"""A web page saved with its pictures (MHTML, also under the name .doc) → Document."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from gongkai.extract import html
from gongkai.extract.charset import decode_damaged
from gongkai.extract.web.embedded import count_chinese
from gongkai.model import Document, Limits, Source, Unreadable

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
        payload
        for part in message.walk()
        if part.get_content_type() == "text/html"
        and isinstance(payload := part.get_payload(decode=True), bytes)
        and payload.strip()
    ]
    if not pages:
        raise Unreadable("the message holds no web page")
    # A page of frames is a message of several pages: the article is in the one with the most text.
    largest = max(pages, key=_count_chinese)
    page = html.read(replace(source, data=largest), limits, _collect_pictures(message))
    return replace(page, source=source, format="mhtml")


def _collect_pictures(message: Any) -> dict[str, bytes]:
    """The pictures of a message, by their addresses and by `cid:` names."""
    pictures = {}
    for part in message.walk():
        data = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        if not isinstance(data, bytes):
            continue
        location = str(part.get("Content-Location") or "").strip()
        content_id = str(part.get("Content-ID") or "").strip().strip("<>")
        if location:
            pictures[location] = data
        if content_id:
            pictures[f"cid:{content_id}"] = data
    return pictures


def _count_chinese(page: bytes) -> int:
    """How many Chinese characters a page shows; -1 where it is no text."""
    decoded = decode_damaged(page)
    return -1 if decoded is None else count_chinese(decoded[0])


#: See `gongkai.model.Reader`.
reread = render = as_pdf = None
