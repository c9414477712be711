"""Bytes of a text or a web page → characters: by byte order mark, strict UTF-8, the declared Big5, GB18030."""

from __future__ import annotations

import codecs
import re

#: So many bytes of the start are enough to recognise a text or a page.
HEAD_BYTES = 65536
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,20})", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def decode(data: bytes) -> tuple[str, str] | None:
    """The text and its encoding, None where no encoding fits.

    The declaration of a page is often false: bytes that are valid UTF-8 are UTF-8, whatever is declared.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decode_as(data, "utf-16")
        return None if text is None else (text, "utf-16")
    declared = _DECLARED.search(data[:4096])
    names = ["utf-8-sig", "gb18030"]
    if declared is not None and declared[1].lower() in (b"big5", b"big5-hkscs"):
        names.insert(1, "big5hkscs")
    for name in names:
        text = _decode_as(data, name)
        if text is not None and "\x00" not in text[:HEAD_BYTES]:
            return text, name
    if b"\x00" in data[:HEAD_BYTES]:
        for name in ("utf-16-le", "utf-16-be"):
            text = _decode_as(data, name)
            if text is not None and _looks_like_text(text[:HEAD_BYTES]):
                return text, name
    return None


def decode_damaged(data: bytes) -> tuple[str, str, int] | None:
    """Like `decode`, but a few damaged bytes become U+FFFD: the text, its encoding, how many.

    None where more than one character in two hundred is damaged, or it is no text at all.
    """
    whole = decode(data)
    if whole is not None:
        return whole[0], whole[1], 0
    if b"\x00" in data[:HEAD_BYTES]:
        return None
    options = []
    for name in ("utf-8", "gb18030"):
        text = data.decode(name, "replace")
        options.append((text.count("\ufffd"), text, name))
    lost, text, name = min(options, key=lambda o: o[0])
    return (
        (text, name, lost) if lost * 200 <= len(text) and _CONTROL.search(text[:HEAD_BYTES]) is None else None
    )


def _looks_like_text(text: str) -> bool:
    """Whether nearly all characters are Chinese, ASCII or their punctuation: any bytes decode as UTF-16."""
    usual = sum(
        " " <= c <= "~" or c in "\r\n\t" or "\u2010" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef"
        for c in text
    )
    return usual >= 0.95 * len(text)


def _decode_as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding, _EURO if encoding == "gb18030" else "strict")
    except UnicodeDecodeError:
        return None


def _read_euro(error: UnicodeError) -> tuple[str, int]:
    """Code page 936, which pages call gb2312, has € at 0x80; in GB18030 that byte is none."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


_EURO = "gongkai-euro"
codecs.register_error(_EURO, _read_euro)
