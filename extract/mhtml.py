"""A web page saved with its pictures (MHTML, also under the name .doc) → Document."""

from __future__ import annotations

import re
from dataclasses import replace

from model import Document, Limits, Source, Unreadable

from . import html

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
    import email  # it takes longer to import than most documents to read
    import email.policy

    message = email.message_from_bytes(source.data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                page = html.read(replace(source, data=payload), limits)
                return replace(page, source=source, format="mhtml")
    raise Unreadable("the message holds no web page")
