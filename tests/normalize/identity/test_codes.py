"""Codes and their check digits."""

from __future__ import annotations

import pytest

from gongkai.normalize.identity.codes import is_credit_code, is_organisation_code, read_codes

#: 11 + 321322 + 014314799 + 4: derived from the index number and the site's code of a published page
CREDIT = "113213220143147994"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (CREDIT, True),
        ("113325000026455663", True),  # seen in the address of a web system
        (CREDIT[:-1] + "5", False),
        ("113213220143147984", False),  # a digit of the organisation code is another
        (CREDIT[:-1], False),
        ("11321322014314799I", False),  # no such character
    ],
)
def test_a_credit_code_has_two_check_digits(text: str, right: bool) -> None:
    assert is_credit_code(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("014314799", True),
        ("01431479-9", True),
        ("002516748", True),
        ("014314798", False),
        ("000000000", False),
    ],
)
def test_an_organisation_code_has_one(text: str, right: bool) -> None:
    assert is_organisation_code(text) is right


def test_a_credit_code_counts_in_the_address_or_where_the_text_names_it() -> None:
    address = f"/col/col1.html?area={CREDIT}&fbtime=2017"
    assert list(read_codes(address, (), "")) == [("credit_code", "321322")]
    assert list(read_codes(None, (), f"统一社会信用代码：{CREDIT}")) == [("credit_code", "321322")]
    assert list(read_codes(None, (), f"供应商 {CREDIT}")) == []
    assert list(read_codes("?area=113213220143147995", (), "")) == []


def test_a_sites_code_tells_the_sites_division() -> None:
    assert list(read_codes(None, (("SiteIDCode", "3213220037"),), "")) == [("site_code", "321322")]
    assert list(read_codes(None, (("SiteIDCode", "3200000001"),), "")) == [("site_code", "32")]
    assert list(read_codes(None, (("SiteIDCode", "9999990037"), ("SiteIDCode", "bm12000001")), "")) == []
