"""Credit codes and site codes of a report or its address → divisions, once the check digits are right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gongkai.normalize.identity.division import has_division, prefix

#: GB 32100: the characters of a credit code in order of their values, and the weights of its first 17.
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
#: GB 11714: the weights of the first 8 characters of an organisation code.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
#: An organ's own code begins with 11; a code that stands anywhere in the text may be another body's.
_CODE = re.compile(r"(?<![0-9A-Z])1[123][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
_STATED = re.compile(r"统一社会信用代码[:：是为\s]{0,3}([0-9A-HJ-NPQRTUWXY]{18})(?![0-9A-Z])")
_SITE = re.compile(r"网站标识码[:：是为\s]{0,3}(\d{10})(?!\d)")
_SITE_NAMES = ("SiteIDCode", "siteidcode", "网站标识码", "政府网站标识码")


def is_credit_code(text: str) -> bool:
    """Whether a text is a 统一社会信用代码: both check digits are right (MOD 31; GB 11714 inside it).

    >>> is_credit_code("11321322014314799" + "4"), is_credit_code("113213220143147995")
    (True, False)
    """
    if len(text) != 18 or any(c not in _CREDIT for c in text):
        return False
    total = sum(_CREDIT.index(c) * w for c, w in zip(text[:17], _CREDIT_WEIGHTS, strict=True))
    return text[17] == _CREDIT[-total % 31] and is_organisation_code(text[8:17])


def is_organisation_code(text: str) -> bool:
    """Whether nine characters, hyphen or none, are a 组织机构代码 whose check character is right.

    >>> is_organisation_code("01431479-9"), is_organisation_code("014314798"), is_organisation_code("00000000X")
    (True, False, False)
    """
    code = text.replace("-", "")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code) or code.startswith("0000000"):
        return False
    total = sum(int(c, 36) * w for c, w in zip(code[:8], _ORGANISATION_WEIGHTS, strict=True))
    return code[8] == "0123456789X0"[11 - total % 11]


def read_codes(
    address: str | None, metadata: Sequence[tuple[str, str]], text: str
) -> Iterator[tuple[str, str]]:
    """The division of each code, as ("credit_code" or "site_code", digits of the division).

    A credit code is the body's own where the page's address or metadata have it, or where the text
    calls it 统一社会信用代码. A site's code is that of the site, which all bodies of a division share.
    """
    own = _CODE.findall(" ".join([address or "", *(v for _, v in metadata)]))
    for code in dict.fromkeys([*own, *_STATED.findall(text)]):
        if is_credit_code(code) and has_division(prefix(code[2:8])):
            yield "credit_code", prefix(code[2:8])
    for place in read_site_codes(metadata, text):
        yield "site_code", place


def read_site_codes(metadata: Sequence[tuple[str, str]], text: str) -> Iterator[str]:
    """The division of each site code, in the page's metadata or at its foot (网站标识码：3418240001). A ministry's has none."""
    codes = [value for name, value in metadata if name in _SITE_NAMES] + _SITE.findall(text)
    for code in dict.fromkeys(codes):
        if re.fullmatch(r"\d{10}", code) and has_division(prefix(code[:6])):
            yield prefix(code[:6])
