"""What the heads of a table state."""

import pytest

from gongkai.normalize.tables.header import unit


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("采购总金额（单位：万元）", "万元"),
        ("采购总金额（单位：元）", "元"),
        ("采购总金额（元）", "元"),
        ("采购总金额(亿元)", "亿元"),
        ("采购总金额", ""),
        ("本年收费金额（单位：时元）", ""),
        ("多元化解件数", ""),
    ],
)
def test_a_unit_is_what_stands_as_one(printed: str, expected: str) -> None:
    assert unit(printed) == expected
