"""The bytes of a page → its text.

A declared encoding counts only if the bytes decode. Scrapy takes a GB 18030 page without one for Korean.
"""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([\w-]{2,20})""", re.IGNORECASE)
#: GB 2312 and GBK are parts of GB 18030, and pages that declare them hold more.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}
#: Encodings that Python knows and no browser does: they turn "\\ud800" or "xn--" in a page into something else.
_NOT_OF_PAGES = frozenset(
    {"utf_7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}
)
#: A declaration stands in the first kilobytes.
LOOK = 8_192


def decode(data: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of a page and its encoding.

    A byte order mark, then the header, then the page's own word, as far as the bytes bear it out;
    then UTF-8 if they are, else GB 18030 with U+FFFD for what is damaged.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace"), name
    said = []
    if (header := _HEADER.search(content_type)) is not None:
        said.append(header[1])
    head = data[:LOOK]
    said += [m[1].decode("ascii") for m in (_XML.search(head), _META.search(head)) if m is not None]
    for name in [*said, "utf-8"]:
        name = _WIDER.get(name.lower(), name.lower())
        try:
            if codecs.lookup(name).name.replace("-", "_") not in _NOT_OF_PAGES:
                return data.decode(name), name
        except (UnicodeError, LookupError):
            continue
    # damaged: the encoding that leaves the least damage
    texts = [(data.decode(name, "replace"), name) for name in ("utf-8", "gb18030")]
    return min(texts, key=lambda t: t[0].count("�"))
