"""Bytes of a page to its text, whatever it declares."""

from __future__ import annotations

import pytest

from gongkai.crawl.web_page.page_charset import decode

TEXT = "临江市镕基嘢"


@pytest.mark.parametrize(
    ("data", "header", "charset"),
    [
        (TEXT.encode("gb18030"), "", "gb18030"),
        (TEXT.encode(), "", "utf-8"),
        (TEXT.encode("gb18030"), "text/html; charset=utf-8", "gb18030"),
        (TEXT.encode(), 'text/html; charset="GBK"', "gb18030"),
        (b'<meta charset="gb2312">' + TEXT.encode("gb18030"), "", "gb18030"),
        (b"<meta charset=iso-8859-99>" + TEXT.encode(), "", "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=gbk", "utf-8-sig"),
    ],
)
def test_a_page_is_read_in_the_encoding_its_bytes_obey(data: bytes, header: str, charset: str) -> None:
    text, found = decode(data, header)
    if 'charset="GBK"' in header:  # six characters of UTF-8 are GB 18030 as well: the header is all there is
        assert found == charset
    else:
        assert text.endswith(TEXT) and found == charset


def test_a_damaged_page_keeps_what_is_whole() -> None:
    text, charset = decode(b"\xff" + TEXT.encode())
    assert charset == "utf-8" and text == "�" + TEXT
