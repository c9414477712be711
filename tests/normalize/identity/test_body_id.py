from __future__ import annotations

import pytest

from gongkai.normalize.identity.body import Clues, resolve_body
from gongkai.normalize.identity.body_id import long_organ

ONE_BODY = {
    "341824/发展和改革委员会": ["绩溪县发改委", "绩溪县发展和改革委员会", "宣城市绩溪县发展改革委员会"],
    "341824/人民政府": ["绩溪县政府", "绩溪县人民政府", "安徽省绩溪县人民政府"],
    "341824/人民政府办公室": ["绩溪县府办", "绩溪县政府办公室", "绩溪县人民政府办公室"],
    "431228/卫生健康局": ["芷江县卫健局", "芷江侗族自治县卫生健康局"],
    "4312/税务局": ["国家税务总局怀化市税务局", "怀化市税务局"],
    "340522101/人民政府": ["含山县运漕镇人民政府", "马鞍山市含山县运漕镇政府"],
    "310104003/办事处": ["上海市徐汇区天平路街道办事处", "徐汇区天平路街道办"],
    "34/财政厅": ["安徽省财政厅"],
    "cn/科学技术部": ["科技部", "科学技术部"],
    "4312/中国人民银行/中心支行": ["中国人民银行怀化市中心支行"],
}


@pytest.mark.parametrize("id", ONE_BODY)
def test_all_spellings_of_a_body_have_one_id(id: str) -> None:
    assert {resolve_body(name).id for name in ONE_BODY[id]} == {id}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("绩溪县发展和改革局", "绩溪县发展和改革委员会"),
        ("绩溪县卫生和计划生育委员会", "绩溪县卫生健康委员会"),
        ("怀化市国家税务局", "怀化市税务局"),
        ("怀化市国家税务局", "怀化市地方税务局"),
        ("绩溪县人民政府", "绩溪县人民政府办公室"),
        ("绩溪县公安局", "绩溪县公安局交通警察大队"),
        ("绩溪县国土资源局", "绩溪县自然资源局"),
        ("绩溪县交通局", "绩溪县交通运输局"),
        ("绩溪县统计局", "国家统计局绩溪县调查队"),
    ],
)
def test_two_bodies_have_two_ids(one: str, other: str) -> None:
    assert resolve_body(one).id != resolve_body(other).id


@pytest.mark.parametrize(
    "name",
    [
        "运漕镇人民政府",  # the only one today, and the name alone does not say that it is this one
        "高桥镇人民政府",
        "太平镇人民政府",
        "中江县运漕镇人民政府",  # there is none there
        "桥东区人民政府",  # two cities had one
        "市财政局",
    ],
)
def test_a_place_that_nothing_proves_gives_no_id(name: str) -> None:
    assert resolve_body(name).id is None


def test_the_place_beside_the_name_proves_a_township() -> None:
    assert resolve_body("运漕镇人民政府", Clues(place="340522")).id == "340522101/人民政府"
    assert resolve_body("运漕镇人民政府", Clues(codes=(("site_code", "340522"),))).id == "340522101/人民政府"
    assert resolve_body("运漕镇人民政府", Clues(text="地址：含山县运漕镇")).id == "340522101/人民政府"
    assert resolve_body("运漕镇人民政府", Clues(text="地址：中江县")).id is None


def test_a_short_form_with_two_long_ones_stays() -> None:
    assert [long_organ(o) for o in ("交通局", "城管局", "金融局")] == ["交通局", "城管局", "金融局"]
    assert long_organ("环保产业发展中心") == "环保产业发展中心"
