"""A web page saved with its pictures (MHTML, also under the name .doc) → Document."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from gongkai.extract import html
from gongkai.extract.charset import forgiving
from gongkai.extract.web.embedded import weight
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
    import email  # it takes longer to import than most documents to read
    import email.policy

    message = email.message_from_bytes(source.data, policy=email.policy.default)
    pages = [
        payload
        for part in message.walk()
        if part.get_content_type() == "text/html"
        and isinstance(payload := part.get_payload(decode=True), bytes)
        and payload.strip()
    ]
    if not pages:
        raise Unreadable("the message holds no web page")
    # a page of frames is a message of several pages: the article is where the text is
    largest = max(pages, key=_weight)
    page = html.read(replace(source, data=largest), limits, _pictures(message))
    return replace(page, source=source, format="mhtml")


def _pictures(message: Any) -> dict[str, bytes]:
    """The pictures of a message, by their addresses and by `cid:` names."""
    found = {}
    for part in message.walk():
        if part.get_content_maintype() != "image" or not isinstance(
            data := part.get_payload(decode=True), bytes
        ):
            continue
        named = str(part.get("Content-ID") or "").strip().strip("<>")
        for name in (str(part.get("Content-Location") or "").strip(), named and f"cid:{named}"):
            if name:
                found[name] = data
    return found


def _weight(page: bytes) -> int:
    """How much Chinese text a page holds."""
    found = forgiving(page)
    return -1 if found is None else weight(found[0])


#: see `gongkai.model.Reader`
reread = render = as_pdf = None
