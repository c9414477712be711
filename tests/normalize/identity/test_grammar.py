"""The grammar of bodies: what is a name, what it is made of, and what is none."""

from __future__ import annotations

import random

import pytest

from gongkai.normalize.identity.division import current_names
from gongkai.normalize.identity.grammar import Name, drop_unit, parse_name
from gongkai.normalize.identity.running_text import find_mentions
from gongkai.normalize.identity.same_body import is_same

ORGANS = [
    "财政局",
    "市场监督管理局",
    "民政局",
    "乡村振兴局",
    "人防办",
    "残联",
    "档案馆",
    "人民政府办公室",
    "农村经济服务中心",
]
LEADS = [
    "请与", "现公布", "现将", "由", "根据", "为进一步做好", "全面梳理", "2020年,在", "今年以来,", "向", "关于", "对", "登录", "编制了", "可与", "结合",
]  # fmt: skip


def parsed(text: str) -> Name:
    name = parse_name(text)
    assert name is not None, text
    return name


@pytest.mark.parametrize(
    ("text", "places", "organ"),
    [
        ("白岭县财政局", ("白岭县",), "财政局"),
        ("宣城市绩溪县教育局", ("宣城市", "绩溪县"), "教育局"),
        ("绩溪县市场监督管理局", ("绩溪县",), "市场监督管理局"),
        ("白岭市民政局", ("白岭市",), "民政局"),
        ("白岭乡乡村振兴办公室", ("白岭乡",), "乡村振兴办公室"),
        ("绩溪县人防办", ("绩溪县",), "人防办"),
        ("白岭县南坡农场", ("白岭县",), "南坡农场"),
        ("杭州市公安局滨江区分局", ("杭州市",), "公安局滨江区分局"),
        ("白岭县柳河街道办事处", ("白岭县", "柳河街道"), "办事处"),
        (
            "广西壮族自治区人民政府国有资产监督管理委员会",
            ("广西壮族自治区",),
            "人民政府国有资产监督管理委员会",
        ),
        ("白岭县人民政府地方志办公室", ("白岭县",), "人民政府地方志办公室"),
        ("白岭市人民政府经济协作办公室", ("白岭市",), "人民政府经济协作办公室"),
    ],
)
def test_a_name_is_taken_apart(text: str, places: tuple[str, ...], organ: str) -> None:
    name = parsed(text)
    assert (name.places, name.organ, name.bare) == (places, organ, False)


def test_a_body_of_the_centre_goes_on_with_a_place() -> None:
    name = parsed("国家税务总局怀化市税务局")
    assert (name.centre, name.places, name.organ) == ("国家税务总局", ("怀化市",), "税务局")
    assert not parsed("国家统计局").bare
    assert parse_name("中华人民共和国财政局") is None


@pytest.mark.parametrize("text", ["信访局", "市交通运输局", "区统计局", "市人民政府", "县教育和体育局"])
def test_a_name_without_a_place_is_bare(text: str) -> None:
    assert parsed(text).bare


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("高桥镇", "高桥镇人民政府"),
        ("白岭市空港经济区", "白岭市空港经济区"),
        ("白岭高新技术产业开发区管委会", "白岭高新技术产业开发区管理委员会"),
        ("正阳街道", "正阳街道办事处"),
        ("绩溪县府办", "绩溪县人民政府办公室"),
        ("白岭省卫生健康委", "白岭省卫生健康委员会"),
        ("绩溪县发改委", "绩溪县发改委"),
        ("白岭市妇幼保健院(市儿童医院", "白岭市妇幼保健院(市儿童医院)"),
    ],
)
def test_a_name_is_written_out(text: str, whole: str) -> None:
    assert parsed(text).written_out == whole


@pytest.mark.parametrize(
    "text",
    [
        "请与白岭县财政局", "现公布白岭县园艺场", "了白岭县财政局", "2020年,在", "全面梳理白岭县财政局", "白岭县财政局政府", "白岭县本育局",
        "安徽", "明升体育官网自然资源局", "白岭县财政局网", "我局", "本机关", "根据绩溪县财政局", "南河市人民政府白岭县消防大队",
    ],
)  # fmt: skip
def test_a_piece_of_a_sentence_is_no_name(text: str) -> None:
    assert parse_name(text) is None


def test_a_unit_belongs_to_its_body() -> None:
    name = parsed("白岭县市场监督管理局信息中心")
    assert (name.unit, drop_unit(name).text) == ("信息中心", "白岭县市场监督管理局")


def test_a_doubled_place_is_read_once() -> None:
    assert parsed("白岭镇镇人民政府").places == ("白岭镇",)
    assert parsed("白岭市市场监督管理局").organ == "市场监督管理局"


def test_places_with_every_organ_keep_their_place() -> None:
    places = random.Random(5).sample([n for n in current_names().values() if len(n) > 2], 150)
    wrong = [
        p + o for p in places for o in ORGANS if "".join(parsed(p + o).places) != p and not parsed(p + o).zone
    ]
    assert wrong == []


def test_no_word_of_a_sentence_stays_before_a_name() -> None:
    draw = random.Random(6)
    places = [n for n in current_names().values() if n.endswith(("县", "市", "旗")) and len(n) > 2]
    kept = []
    for _ in range(400):
        name, lead = draw.choice(places) + draw.choice(ORGANS), draw.choice(LEADS)
        kept += [
            (lead, m.name.text)
            for m in find_mentions(f"{lead}{name}联系。")
            if not name.endswith(m.name.text)
        ]
    assert kept == []


@pytest.mark.parametrize(
    "text",
    [
        "白岭海关关区",
        "白岭市国有资本投资运营集团有限公司",
        "白岭省公安厅交通管理局",
        "共青团白岭县委",
        "白岭市法学会",
    ],
)
def test_a_name_of_a_rarer_kind_is_one_and_nothing_is_added(text: str) -> None:
    assert parsed(text).written_out == text


@pytest.mark.parametrize("text", ["白岭社区", "白岭市区", "白岭军分区"])
def test_an_ending_that_is_a_word_is_no_place(text: str) -> None:
    assert parse_name(text) is None


ONE_ZONE = [
    ("德阳高新区管委会", "德阳高新技术产业开发区管理委员会"),
    ("德阳市高新区管委会", "德阳高新技术产业开发区管理委员会"),
    ("四川德阳高新技术产业开发区管委会", "德阳高新区管委会"),
    ("白岭市经开区管委会", "白岭经济技术开发区管委会"),
    ("白岭市松坪县经济开发区管委会", "松坪经济开发区管委会"),
    ("六角亭街办事处", "硚口区六角亭街道办事处"),
]
TWO_ZONES = [
    ("德阳高新区管委会", "绵阳高新区管委会"),
    ("德阳高新区管委会", "德阳经开区管委会"),
    ("苏州工业园区管委会", "德阳工业园区管委会"),
    ("合肥高新区管委会", "合肥新站高新区管委会"),
    ("德阳高新区财政局", "德阳市财政局"),
    ("德阳高新区管委会", "德阳市人民政府"),
]


@pytest.mark.parametrize(("one", "other"), ONE_ZONE)
def test_a_zone_is_one_in_full_and_short(one: str, other: str) -> None:
    assert is_same(parsed(one), parsed(other))


@pytest.mark.parametrize(("one", "other"), TWO_ZONES)
def test_zones_of_two_places_and_two_zones_of_one_are_two(one: str, other: str) -> None:
    assert not is_same(parsed(one), parsed(other))


@pytest.mark.parametrize("zone", ["苏州工业园区", "兰州新区", "西安国际港务区", "河源市江东新区"])
def test_a_zone_has_no_government(zone: str) -> None:
    assert parsed(zone).written_out == zone


def test_a_sub_district_that_the_table_knows_may_be_called_street() -> None:
    assert parsed("武汉市硚口区六角亭街").written_out == "武汉市硚口区六角亭街道办事处"
    assert parsed("硚口区六角亭街办事处").written_out == "硚口区六角亭街办事处"
    assert parse_name("硚口区松坪街") is None


@pytest.mark.parametrize(
    "text",
    [
        "国家矿山安全监察局贵州局",
        "国家粮食和物资储备局湖北局",
        "新疆生产建设兵团第八师石河子市财政局",
        "第七师胡杨河市教育局",
        "第八师一四三团",
        "兵团第二师教育局",
        "贵安新区马场镇人民政府",
        "屈原管理区河市镇人民政府",
        "政协白岭县委员会办公室",
        "中共白岭县委员会办公室",
        "白岭市第三人民医院",
        "北京市朝阳区将台地区办事处(将台乡)",
        "交通运输部珠江航务管理局",
        "白岭市白碱区(白岭高新区)行政审批局",
    ],
)
def test_names_of_more_kinds_are_names(text: str) -> None:
    name = parsed(text)
    assert (name.bare, name.written_out, name.unit) == (False, text, "")


def test_a_corps_division_and_its_city_have_no_government_of_that_name() -> None:
    assert parsed("第七师胡杨河市").written_out == "第七师胡杨河市"
    assert parsed("贵安新区马场镇").written_out == "贵安新区马场镇人民政府"


def test_a_short_official_name_of_a_place_is_its_own() -> None:
    assert is_same(parsed("张家川县水务局"), parsed("张家川回族自治县水务局"))
    assert is_same(parsed("达茂旗财政局"), parsed("达尔罕茂明安联合旗财政局"))
    assert is_same(parsed("中华人民共和国拱北海关"), parsed("拱北海关"))
    assert not is_same(parsed("中华人民共和国拱北海关"), parsed("湛江海关"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("迪庆州民族宗教委", "迪庆藏族自治州民族宗教事务委员会"),
        ("宁夏回族自治区发展改革委", "宁夏回族自治区发展和改革委员会"),
        ("审计署驻武汉特派员办事处", "审计署武汉特派办"),
        ("白岭市恒口示范区(试验区)管委会", "白岭市恒口示范区管理委员会"),
    ],
)
def test_short_and_long_forms_of_an_organ_are_one(one: str, other: str) -> None:
    assert is_same(parsed(one), parsed(other))
    assert not parsed(one).bare


def test_an_area_of_a_free_trade_zone_is_part_of_its_name() -> None:
    name = parsed("中国(河南)自由贸易试验区郑州片区管理委员会")
    assert (name.zone, name.organ) == ("中国自由贸易试验区郑州片区", "管理委员会")


def test_a_lead_word_and_a_city_are_no_word_together() -> None:
    found = [m.name.text for m in find_mentions("经济宁高新技术产业开发区图书馆2023年公开信息。")]
    assert "经济宁高新技术产业开发区图书馆" not in found
    assert [m.name.text for m in find_mentions("向阳新县金融办2023年公开信息。")] == ["阳新县金融办"]
    assert parsed("经纬新区管委会").zone == "经纬新区"


@pytest.mark.parametrize(
    ("bare", "full", "same"),
    [
        ("县乡村振兴局", "青石县乡村振兴局", True),
        ("县乡村振兴局", "四川省乡村振兴局", False),
        ("市教育局", "四川省南充市教育局", True),
        ("区教育局", "四川省南充市教育局", False),
        ("自治区教育厅", "广西壮族自治区教育厅", True),
        ("区教育厅", "广西壮族自治区教育厅", False),
        ("教育局", "四川省南充市教育局", True),
        ("县教育局", "市教育局", False),
    ],
)
def test_a_name_that_tells_its_kind_of_place_is_none_of_another_kind(
    bare: str, full: str, same: bool
) -> None:
    assert is_same(parsed(bare), parsed(full)) is same
    assert is_same(parsed(full), parsed(bare)) is same
