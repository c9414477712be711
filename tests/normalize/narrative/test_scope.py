"""Whether a number is this body's and of the whole year."""

from __future__ import annotations

import pytest

from gongkai.normalize.narrative.scope import tells_of_others

BUREAU, COUNTY, CITY, TOWN = "某县财政局", "某县人民政府", "某市人民政府", "某县高桥镇人民政府"


@pytest.mark.parametrize(
    ("before", "org"),
    [
        ("去年收到申请", BUREAU),
        ("2022年，我局收到申请12件，办结", BUREAU),
        ("与今年相比，2022年收到申请", BUREAU),
        ("自条例施行以来共收到申请", BUREAU),
        ("2019-2023年共收到申请", BUREAU),
        ("今年上半年收到申请", BUREAU),
        ("1-6月收到申请", BUREAU),
        ("第三季度收到申请", BUREAU),
        ("全县共收到申请", BUREAU),
        ("全市共收到申请", COUNTY),
        ("全省共收到申请", CITY),
        ("全县共收到申请", TOWN),
        ("各乡镇收到申请", COUNTY),
        ("市直部门收到申请", CITY),
        ("县教育局共收到申请", COUNTY),
        ("2023年，县教育局共收到申请", BUREAU),
        ("高桥镇收到申请", COUNTY),
        ("2023年，县政府办代表县政府受理申请", COUNTY),
    ],
)
def test_another_year_a_part_or_another_body_is_elsewhere(before: str, org: str) -> None:
    assert tells_of_others(before, org, 2023)


@pytest.mark.parametrize(
    ("before", "org"),
    [
        ("全年收到申请", BUREAU),
        ("2023年，我局收到申请", BUREAU),
        ("与去年相比，今年收到申请", BUREAU),
        ("与2022年相比，2023年收到申请", BUREAU),
        ("今年以来收到申请", BUREAU),
        ("2023年以来收到申请", BUREAU),
        ("上年结转", BUREAU),
        ("上年度结转申请3件，新收", BUREAU),
        ("2023年1月1日至12月31日，收到申请", BUREAU),
        ("收到公民、法人和其他组织提出的申请", BUREAU),
        ("全县共收到申请", COUNTY),
        ("全市各级行政机关共收到申请", CITY),
        ("全镇共收到申请", TOWN),
        ("2023年县财政局共收到申请", BUREAU),
        ("2023年我局共收到申请", BUREAU),
        ("高桥镇共收到申请", TOWN),
        ("县人民政府全年收到申请", COUNTY),
        ("县政府收到申请", COUNTY),
        ("2023年，国家公务员局共收到申请", "国家公务员局"),
        ("我街道收到申请", "某区某街道办事处"),
        ("我办收到申请", "某县人民政府办公室"),
        ("县政府办公室收到申请", "某县人民政府办公室"),
        ("全县共收到申请", None),
    ],
)
def test_the_bodys_own_year_is_not(before: str, org: str | None) -> None:
    assert not tells_of_others(before, org, 2023)
