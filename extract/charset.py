"""Bytes of a text or a web page → characters: by byte order mark, strict UTF-8, the declared Big5, GB18030.

A text that a program read in a Western encoding and saved as UTF-8 is undone where all of it becomes Chinese.
"""

from __future__ import annotations

import codecs
import re

#: So many bytes of the start are enough to recognise a text or a page.
HEAD_BYTES = 65536
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,20})", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
#: What elinks writes for the second half of a wide character whose first half it did not write.
_HALF_OF_ELINKS = b"\xfd\xbf\xbf\xbd\xa3\xac"
#: So many characters beyond ASCII show what a text is in, and this share of them is Chinese where it was undone.
_LEAST_FOREIGN, _CHINESE_SHARE = 40, 0.95
_FOREIGN = re.compile("[^\x00-\x7f]")
_IDEOGRAPH = re.compile("[\u2e80-\u9fff]")
_CHINESE = re.compile(
    "[\u2010-\u2049\u2160-\u217f\u2460-\u249b\u3000-\u3020\u3220-\u3229\u4e00-\u9fff\uff00-\uffef·×]"
)


def decode(data: bytes) -> tuple[str, str] | None:
    """The text and its encoding, None where no encoding fits.

    The declaration of a page is often false: bytes that are valid UTF-8 are UTF-8, whatever is declared.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decode_as(data, "utf-16")
        return None if text is None else (text, "utf-16")
    data = data.replace(_HALF_OF_ELINKS, "\u3000".encode())
    declared = _DECLARED.search(data[:4096])
    names = ["utf-8-sig", "gb18030"]
    if declared is not None and declared[1].lower() in (b"big5", b"big5-hkscs"):
        names.insert(1, "big5hkscs")
    for name in names:
        text = _decode_as(data, name)
        if text is not None and "\x00" not in text[:HEAD_BYTES]:
            undone = _undo_western(text) if name == "utf-8-sig" else None
            return (text, name) if undone is None else undone
    if b"\x00" in data[:HEAD_BYTES]:
        for name in ("utf-16-le", "utf-16-be"):
            text = _decode_as(data, name)
            if text is not None and _looks_like_text(text[:HEAD_BYTES]):
                return text, name
    return None


def _undo_western(text: str) -> tuple[str, str] | None:
    """What a text was before its bytes were read as a Western encoding (Õþ¸® for 政府), and in which; None for any other text."""
    if _IDEOGRAPH.search(text) is not None or len(_FOREIGN.findall(text)) < _LEAST_FOREIGN:
        return None
    data = _western_bytes(text)
    if data is None:
        return None
    for name in ("utf-8", "gb18030"):
        undone = _decode_as(data, name)
        if undone is None:
            continue
        foreign = _FOREIGN.findall(undone)
        if sum(_CHINESE.match(c) is not None for c in foreign) >= _CHINESE_SHARE * len(foreign):
            return undone, name
    return None


def _western_bytes(text: str) -> bytes | None:
    """The bytes that were read as Windows-1252 or Latin-1; None where a character is in neither."""
    data = bytearray()
    for c in text:
        try:
            data += c.encode("latin-1" if c < "\u0100" else "cp1252")
        except UnicodeEncodeError:
            return None
    return bytes(data)


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
