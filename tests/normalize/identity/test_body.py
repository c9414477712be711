"""A body's name → the division it works for; nothing where two fit."""

from __future__ import annotations

import pytest

from gongkai import pipeline
from gongkai.model import Body, Source
from gongkai.normalize import Clues, named_place
from gongkai.normalize.identity.body import report_doubts, resolve_body
from gongkai.normalize.identity.division import drop_nations, find_raised, find_townships


def code(found: Body) -> str | None:
    return None if found.division is None else found.division.code


@pytest.mark.parametrize(
    ("org", "level", "expected", "organ"),
    [
        ("湖南省水利厅", "province", "430000", "水利厅"),
        ("宣城市人民政府", "city", "341800", "人民政府"),
        ("绩溪县住房和城乡建设局", "county", "341824", "住房和城乡建设局"),
        ("绩溪县市场监督管理局", "county", "341824", "市场监督管理局"),
        ("绩溪县文化市场综合执法大队", "county", "341824", "文化市场综合执法大队"),
        ("商洛市城市管理局", "city", "611000", "城市管理局"),
        ("景德镇市财政局", "city", "360200", "财政局"),
        ("建德市交通运输局", "county", "330182", "交通运输局"),
        ("科左后旗卫生健康委员会", "county", "150522", "卫生健康委员会"),
        ("芷江县财政局", "county", "431228", "财政局"),
        ("恩施州财政局", "city", "422800", "财政局"),
        ("重庆荣昌区林业局", "county", "500153", "林业局"),
        ("东莞市财政局", "city", "441900", "财政局"),
        ("北京市朝阳区财政局", "county", "110105", "财政局"),
        ("淮安市洪泽区政府", "county", "320813", "人民政府"),
        ("荣昌区河包镇", "township", "500153109", "人民政府"),
        ("东莞市虎门镇人民政府", "township", "441900121", "人民政府"),
        ("天门市拖市镇人民政府", "township", "429006101", "人民政府"),
        ("房山区城关街道办事处", "township", "110111001", "人民政府"),
        ("房山区人民政府城关街道办事处", "township", "110111001", "人民政府"),
        ("国家税务总局怀化市税务局", "city", "431200", "国家税务总局税务局"),
        ("宣城市城区规划局", "city", "341800", "城区规划局"),
        ("张家口市桥东区财政局", "county", "130702", "财政局"),
    ],
)
def test_a_name_that_tells_its_place_has_its_code(org: str, level: str, expected: str, organ: str) -> None:
    found = resolve_body(org)
    assert (found.level, code(found), found.organ) == (level, expected, organ)


@pytest.mark.parametrize(
    ("org", "level", "reason"),
    [
        ("城关镇人民政府", "township", "ambiguous"),
        ("朝阳区财政局", "county", "ambiguous"),
        ("桥东区人民政府", "county", "ambiguous"),  # one today, three within the years of the reports
        ("桃花街道办事处", "township", "ambiguous"),  # subdistricts are founded and renamed all the time
        ("湖南镇人民政府", "township", "ambiguous"),  # no part of the province of that name
        ("含山县营盘镇人民政府", "township", "unknown"),
        ("绩溪县某某镇财政所", "township", "unknown"),
        ("淮安市洪泽县人民政府", "county", "abolished"),  # a district since 2016; not the city's code
        ("杭州市下城区人民政府", "county", "abolished"),  # until 2021; 城区 is no word here
        ("杭州市下城区教育局", "county", "abolished"),
        ("下城区教育局", "county", "abolished"),
        ("巢湖市居巢区财政局", "county", "abolished"),
        ("莱芜市人民政府", "city", "abolished"),
        ("石家庄市桥东区人民政府", "county", "abolished"),  # that of 张家口 is another place
        ("某市某城区人民政府", None, "incomplete"),
        ("平顶山市新城区财政局", None, "unknown"),  # not the city's code
        ("河北省桥东区财政局", "county", "ambiguous"),  # three of them, in their time
        ("安徽省巢湖市财政局", "county", "ambiguous"),  # a county today, a city until 2011
        ("宣城市新某城区人民政府", None, "unknown"),  # a district that no table has
        ("怀化市生态环境局芷江分局", None, "unknown"),
        ("国家统计局安徽调查总队", None, "incomplete"),
        ("市场监督管理局", None, "incomplete"),
        ("市府办", None, "incomplete"),
        ("区统计局", None, "incomplete"),
        ("省财政厅", "province", "incomplete"),
        ("我局", None, "incomplete"),
        ("宣城经济技术开发区管理委员会", None, "zone"),
        ("石家庄高新区社会发展局", None, "zone"),
        ("国家公务员局", "central", "central"),
        ("国家新闻出版署（国家版权局）", "central", "central"),
        ("中华人民共和国财政部", "central", "central"),
    ],
)
def test_a_name_that_does_not_has_none(org: str, level: str | None, reason: str) -> None:
    found = resolve_body(org)
    assert (found.level, code(found), found.reason) == (level, None, reason)


def test_a_town_of_a_name_that_is_unique_is_given_with_a_note() -> None:
    found = resolve_body("家朋乡人民政府")
    assert (code(found), found.evidence) == ("341824202", ("full_name", "unique_name"))
    assert [f.code for f in report_doubts(found)] == ["division-by-name"]


def test_a_township_that_another_town_may_have_been_is_not_taken() -> None:
    # One 定远乡 stands in the table; the two 定远镇 may have been 乡 in the year of the report.
    assert find_townships("定远乡") == ("411521204",)
    found = resolve_body("定远乡人民政府")
    assert (code(found), found.reason) == (None, "ambiguous")
    assert [c.code for c in found.candidates] == ["411521204", *find_raised("定远乡")]
    assert code(resolve_body("定远乡人民政府", Clues("罗山县"))) == "411521204"
    assert code(resolve_body("定远乡人民政府", Clues(text="罗山县人民政府网站"))) == "411521204"
    assert resolve_body("定远乡人民政府", Clues(text="罗山县，光山县")).reason == "ambiguous"
    assert resolve_body("定远乡人民政府", Clues(text="达州市渠县门户网站")).reason == "contradicted"


def test_candidates_are_named_in_the_note() -> None:
    (note,) = report_doubts(resolve_body("仓山镇人民政府"))
    assert (note.code, note.severity) == ("division-ambiguous", "note")
    assert "350104100 福建省/福州市/仓山区/仓山镇" in note.message
    assert "510623117 四川省/德阳市/中江县/仓山镇" in note.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("沂水县高桥镇政府信息公开年度报告", "371323102"),
        ("报告可在沂水县人民政府门户网站查阅", "371323102"),
        ("与沂水县、红安县的高桥镇结对", None),
        ("学习沂水县高桥镇的经验，在红安县推广", None),
        ("临沂市、黄冈市", None),
        ("山东省政府信息公开", None),  # a province is not enough
        ("绩溪县人民政府", None),
        ("", None),
    ],
)
def test_the_places_of_the_text_tell_one_town_from_another(text: str, expected: str | None) -> None:
    assert code(resolve_body("高桥镇人民政府", Clues(text=text))) == expected


def test_another_place_in_the_text_speaks_against_a_unique_name() -> None:
    assert code(resolve_body("运漕镇人民政府", Clues(text="含山县人民政府网站"))) == "340522101"
    found = resolve_body("运漕镇人民政府", Clues(text="中江县人民政府网站"))
    assert (code(found), found.reason) == (None, "contradicted")


def test_a_place_of_the_user_decides_and_is_never_stretched() -> None:
    assert code(resolve_body("高桥镇", Clues("371300"))) == "371323102"
    assert code(resolve_body("市交通运输局", Clues("建德市"))) == "330182"
    assert code(resolve_body("区统计局", Clues("建德市"))) is None
    assert resolve_body("绩溪县财政局", Clues("德阳市")).reason == "contradicted"


def test_a_province_does_not_tell_what_was_renamed_inside_it() -> None:
    # 石家庄 and 邢台 had a 桥东区 too, in the same province
    assert code(resolve_body("桥东区人民政府", Clues("河北省"))) is None
    assert code(resolve_body("桥东区人民政府", Clues("张家口市"))) == "130702"
    assert code(resolve_body("桃花街道办事处", Clues("江西省"))) is None
    assert code(resolve_body("桃花街道办事处", Clues("南昌市"))) == "360103014"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((("credit_code", "371323"),), "371323102"),
        ((("site_code", "3713"),), "371323102"),
        ((("site_code", "37"), ("credit_code", "341824")), None),
    ],
)
def test_codes_narrow_the_choice(codes: tuple[tuple[str, str], ...], expected: str | None) -> None:
    assert code(resolve_body("高桥镇人民政府", Clues(codes=codes))) == expected


def test_a_citys_site_does_not_tell_which_of_its_cities_a_body_is_of() -> None:
    assert code(resolve_body("市交通运输局", Clues(codes=(("site_code", "3301"),)))) is None
    assert code(resolve_body("市交通运输局", Clues(codes=(("site_code", "330182"),)))) == "330182"


@pytest.mark.parametrize(
    ("text", "expected"), [("341824", "341824"), ("安徽", "340000"), ("宣城市绩溪县", "341824")]
)
def test_a_place_is_named_by_code_or_name(text: str, expected: str) -> None:
    assert named_place(text).code == expected


@pytest.mark.parametrize("text", ["吉林", "高桥镇", "没有县", "999999", "", "中江县运漕镇", "淮安市洪泽县"])
def test_a_place_that_is_none_or_several_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        named_place(text)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("陵水黎族自治县", "陵水县"),
        ("玉龙纳西族自治县", "玉龙县"),
        ("伊犁哈萨克自治州", "伊犁州"),
        ("龙胜各族自治县", "龙胜县"),
    ],
)
def test_an_autonomous_divisions_short_name_is_without_its_nations(name: str, short: str) -> None:
    assert drop_nations(name) == short


def page(title: str, site: str) -> bytes:
    """A web page as bytes."""
    text = "本报告所列数据的统计期限自2021年1月1日起至2021年12月31日止。"
    head = f'<meta name="SiteIDCode" content="{site}"><title>{title}</title>'
    return f"<html><head>{head}</head><body><h1>{title}</h1><p>{text}</p><p>一、总体情况</p><p>公开12条。</p></body></html>".encode()


@pytest.mark.parametrize(
    ("org", "site", "expected", "evidence"),
    [
        ("绩溪县财政局", "3401000001", None, ()),  # the site is another city's
        ("绩溪县财政局", "3418240002", "341824", ("full_name", "site_code")),
        ("高桥镇人民政府", "3713230037", "371323102", ("full_name", "site_code")),
        ("高桥镇人民政府", "3713990037", None, ()),  # no division has this code
    ],
)
def test_a_page_with_its_sites_code(
    org: str, site: str, expected: str | None, evidence: tuple[str, ...]
) -> None:
    data = page(f"{org}2021年政府信息公开工作年度报告", site)
    (report,) = pipeline.read_source(Source("a.html", data, "0" * 64, len(data)))
    assert report.body is not None
    assert (report.org, code(report.body), report.body.evidence) == (org, expected, evidence)
    notes = [f.code for f in report.findings if f.code.startswith("division")]
    assert (notes == []) is (expected is not None)


@pytest.mark.parametrize(
    ("org", "codes"),
    [
        ("洪泽县财政局", ["320829", "320813"]),  # the county, and the district of its name today
        ("杭州市下城区人民政府", ["330103"]),
        ("桥东区人民政府", ["130702", "130103", "130502"]),
        ("绩溪发改委", ["341824"]),
        ("宣城发改委", ["341800"]),
    ],
)
def test_what_a_place_that_is_no_more_or_is_not_said_may_be_is_named(org: str, codes: list[str]) -> None:
    found = resolve_body(org)
    assert (found.division, [c.code for c in found.candidates]) == (None, codes)


@pytest.mark.parametrize(
    ("org", "name"),
    [
        ("市府办", "市人民政府办公室"),
        ("绩溪县府办", "绩溪县人民政府办公室"),
        ("绩溪县政府办", "绩溪县人民政府办公室"),
        ("宣城市人民政府办公室", "宣城市人民政府办公室"),
        ("安徽省政府办", "安徽省人民政府办公厅"),
        ("上海市政府办公厅", "上海市人民政府办公厅"),
        ("绩溪县党政办", "绩溪县党政办"),
    ],
)
def test_the_office_of_a_government_is_written_out(org: str, name: str) -> None:
    assert resolve_body(org).name == name


def test_a_bare_office_has_the_place_that_a_code_or_the_user_gives() -> None:
    assert code(resolve_body("市府办", Clues(place="341800"))) == "341800"
    assert code(resolve_body("县政府办", Clues(codes=(("site_code", "341824"),)))) == "341824"
    ours = resolve_body("本机关", Clues(codes=(("site_code", "341824"),)))
    assert (ours.division, [c.code for c in ours.candidates]) == (None, ["341824"])


def test_a_place_that_moved_to_another_city_is_the_same_place() -> None:
    assert code(resolve_body("庐江县财政局")) == "340124"  # in 巢湖市 until 2011
