from __future__ import annotations

import pytest

from gongkai.normalize.identity.abolished import find_renamed, retired_names
from gongkai.normalize.identity.body import Clues, report_doubts, resolve_body
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
    "330108/公安分局": ["杭州市公安局滨江区分局", "杭州市滨江区公安分局", "滨江区公安分局"],
    "431228/生态环境分局": ["怀化市生态环境局芷江分局", "怀化市生态环境局芷江侗族自治县分局"],
    "5106/高新技术产业开发区/管理委员会": [
        "德阳高新技术产业开发区管委会",
        "德阳市高新技术产业开发区管委会",
        "德阳高新区管委会",
        "德阳市高新区管理委员会",
    ],
    "3401/新站高新技术产业开发区/管理委员会": ["合肥新站高新技术产业开发区管委会", "合肥市新站高新区管委会"],
    "3205/工业园区/管理委员会": ["苏州工业园区管委会", "苏州市工业园区管理委员会"],
    "3208/经济技术开发区/财政局": [
        "淮安经开区财政局",
        "淮安经济技术开发区财政局",
        "淮安市经济技术开发区财政局",
    ],
    "6201/新区/财政局": ["兰州新区财政局", "兰州市兰州新区财政局"],
    "34/国家统计局/调查总队": ["国家统计局安徽调查总队", "国家统计局安徽省调查总队"],
    "52/国家矿山安全监察局/局": ["国家矿山安全监察局贵州局"],
    "420624/政协办公室": [
        "南漳县政协办公室",
        "政协南漳县委员会办公室",
        "中国人民政治协商会议南漳县委员会办公室",
    ],
    "420624/委宣传部": ["南漳县委宣传部", "中共南漳县委宣传部", "中共南漳县委员会宣传部"],
    "110105023/办事处": ["北京市朝阳区将台地区办事处", "朝阳区将台地区办事处（将台乡）"],
    "420104010/办事处": ["硚口区六角亭街", "武汉市硚口区六角亭街办事处", "硚口区六角亭街道办事处"],
    "3418/经济技术开发区/管理委员会": [
        "宣城经济技术开发区管理委员会",
        "宣城市经济技术开发区管委会",
        "宣城市经济技术开发区管理委员会",
    ],
    "4206/财政局": ["襄樊市财政局", "襄阳市财政局", "湖北省襄樊市财政局"],
    "320312/财政局": ["铜山县财政局", "徐州市铜山区财政局"],
    "361003/教育局": ["江西省东乡县教育局", "抚州市东乡区教育局"],
    "4312/中国人民银行/中心支行": ["中国人民银行怀化市中心支行"],
    "320312120/人民政府": [
        "铜山县柳泉镇人民政府",
        "徐州市铜山区柳泉镇人民政府",
    ],  # a town of a renamed county
    "320813/经济开发区/管理委员会": ["洪泽县经济开发区管委会", "洪泽区经济开发区管理委员会"],
    "220106/财政局": ["长春市绿园区财政局", "吉林省长春市绿园区财政局"],  # no zone
    "220303005/办事处": ["四平市铁东区解放街道办事处"],  # 鞍山市 has another
    "110113/杨镇/人民政府": ["北京市顺义区杨镇人民政府"],
    "653228/财政局": ["和康县财政局", "和田地区和康县财政局"],  # founded in 2024
    "110105029/人民政府": ["北京市朝阳区平房乡人民政府"],  # 平房地区 in the statistical codes
    "110108/海淀镇/人民政府": ["北京市海淀区海淀镇人民政府", "海淀区海淀镇政府"],  # its new code is another's
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
        ("滨江区公安分局", "杭州市公安局"),
        ("宣城市人民政府", "宣城市经济技术开发区管委会"),
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
        "东乡县教育局",  # 东乡区 until 2016, and short for 东乡族自治县
        "吉林经济技术开发区管委会",  # a province and a city
        "长沙经济技术开发区管委会",  # a city and a county
        "金沙江经济区管委会",
        "六角亭街办事处",  # a sub-district's name alone
        "下城区财政局",  # a part of another district today
        "绍兴县财政局",  # 柯桥区 has not its extent
        "铜山县运漕镇人民政府",  # no such town in 铜山区
        "襄樊市樊城区财政局",
        "草湖市财政局",  # in one of three packages only, and no event dates it
        "南沙区财政局",  # 三沙市 has one since 2020, 广州市 had one before
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


def test_a_rename_is_told() -> None:
    body = resolve_body("襄樊市财政局")
    (note,) = report_doubts(body)
    assert (note.code, body.division) == ("division-renamed", None)
    assert "420600 湖北省/襄阳市 since 2010" in note.message


def test_every_rename_leads_to_a_division_of_today_that_no_other_leads_to() -> None:
    found = {name: find_renamed(many) for name, many in retired_names().items()}
    heirs = [renamed[1].code for renamed in found.values() if renamed is not None]
    assert len(heirs) == len(set(heirs)) > 150


def test_a_report_older_than_a_district_is_not_its_own() -> None:
    assert resolve_body("重庆两江新区财政局", Clues(year=2026)).id == "500157/财政局"
    older = resolve_body("重庆两江新区财政局", Clues(year=2020))  # a zone then
    assert (older.id, older.division) == (None, None)


def test_the_document_says_what_a_short_zone_stands_for() -> None:
    name = "绩溪县经开区管委会"
    assert resolve_body(name).id == "341824/经开区/管理委员会"
    text = "绩溪县经济开发区管委会2023年政府信息公开工作年度报告"
    assert resolve_body(name, Clues(text=text)).id == "341824/经济开发区/管理委员会"
    assert resolve_body(name, Clues(text=text + "绩溪经济技术开发区")).id == "341824/经开区/管理委员会"
