"""Who reports, from lines that are made up as real pages print them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import made_grids as build
from gongkai.normalize import normalize
from gongkai.normalize.identity.grammar import parse_name

END = ["一、总体情况", "2023年，各项工作有序开展。", "二、主动公开政府信息情况"]


def org(*lines: str) -> str | None:
    (report,) = normalize(build.document(*lines, *END, path="x.txt"))
    return report.org


def test_where_a_visitor_is_on_the_site_is_no_title() -> None:
    title = "青石县卫生健康局2023年政府信息公开工作年度报告"
    assert org("当前位置:首页>政府信息公开>政府信息公开年报>2023", title) == "青石县卫生健康局"
    assert org("首页/ 政府信息公开 / 政府信息公开年报 / 2023年 / 正文", title) == "青石县卫生健康局"


def test_the_pages_own_table_is_no_body() -> None:
    title = "青石县统计局2023年政府信息公开工作年度报告"
    lines = ["索引号 | 0144/2024-1 | 分类 | 政府信息公开年报 其他", f"文号: 关键字: {title}", f"名称 {title}"]
    assert org(*lines) == "青石县统计局"
    assert org("所属机构: 青石县 发布机构: 青石县人民政府", *lines) == "青石县统计局"


def test_a_copy_in_traditional_characters_names_its_body() -> None:
    assert org("青石縣柳河街道辦事處2023年政府信息公開(kāi)工作年度報告") == "青石县柳河街道办事处"


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("根据条例要求,青石县柳河街道特编制2023年政府信息公开年度报告。", "青石县柳河街道办事处"),
        ("本报告根据条例要求,由青石县统计局围绕2023年度工作情况编制而成。", "青石县统计局"),
        ("如对本报告有疑问,可与青石县人民政府办公室信息公开中心联系。", "青石县人民政府"),
        ("青石省卫生健康委2023年政府信息公开工作年度报告", "青石省卫生健康委员会"),
    ],
)
def test_a_body_is_named_in_many_ways(line: str, body: str) -> None:
    assert org(line) == body


def test_an_office_that_signs_for_its_government_is_not_the_body() -> None:
    title = "青石县人民政府2023年政府信息公开工作年度报告"
    (report,) = normalize(build.document(title, *END, "青石县人民政府办公室", "2024年1月20日", path="x.txt"))
    assert report.org == "青石县人民政府"
    office = title.replace("人民政府", "人民政府办公室")
    (report,) = normalize(build.document(office, *END, "青石县人民政府办公室", "2024年1月20日", path="x.txt"))
    assert report.org == "青石县人民政府办公室"


def test_a_body_that_the_first_sentence_speaks_of_behind_another_one() -> None:
    (report,) = normalize(
        build.document(
            "一、总体情况",
            "2023年,在区委、区政府的领导下,柳河街道办事处认真贯彻落实条例。",
            "二、主动公开政府信息情况",
            path="x.txt",
        )
    )
    assert report.org == "柳河街道办事处"


TITLES = [
    "{}2023年政府信息公开工作年度报告",
    "{}关于2023年度政府信息公开工作情况的报告",
    "2023年{}信息公开年度报告",
]


@pytest.mark.parametrize(
    "body", ["白岭县人防办", "南岗市市场监督管理局", "国家税务总局白岭县税务局", "白岭县柳河街道办事处"]
)
@pytest.mark.parametrize("banner", [(), ("白岭市人民政府",)])
def test_a_title_may_break_at_any_place(body: str, banner: tuple[str, ...]) -> None:
    for title in (wording.format(body) for wording in TITLES):
        for at in range(1, len(title)):
            assert org(*banner, title[:at], title[at:]) == body, title[:at]


def test_the_whole_title_is_given_where_it_breaks() -> None:
    lines = ["白岭县司法局2021年度政府信息公开", "工作年度报告"]
    (report,) = normalize(build.document(*lines, *END, path="x.txt"))
    assert report.title == "".join(lines)


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (["白岭县财政局2021年度政府信息公开工作报告"], "白岭县财政局"),
        (["Page 3 - 南河市青山区信访局2021年政府信息公开工作年度报告"], "南河市青山区信访局"),
        (["## 白岭县科协2021年政府信息公开工作年度报告"], "白岭县科协"),
        (["现公布白岭县园艺场2021年政府信息公开工作年度报告。"], "白岭县园艺场"),
        (
            [
                "农业农村局2021年政府信息公开工作年度报告",
                "如有疑问,请与白岭县农业农村局联系(地址:建设路1号)。",
            ],
            "白岭县农业农村局",
        ),
        (["本报告由白岭区市场监督管理局信息中心结合有关统计数据编制。"], "白岭区市场监督管理局"),
        (
            [
                "2021年政府信息公开工作年度报告",
                "根据《白岭市人民政府办公室关于做好年报工作的通知》,现将我局情况公布如下。",
            ],
            None,
        ),
        (["现公布《白岭县水利局2021年政府信息公开工作年度报告》。"], "白岭县水利局"),
        ([f"白岭县{x}局2021年政府信息公开工作年度报告" for x in ("教育", "民政", "水利", "财政")], None),
    ],
)
def test_whose_report_it_is(lines: list[str], body: str | None) -> None:
    assert org(*lines) == body


def test_a_slip_in_the_title_is_mended_by_the_signature_and_said() -> None:
    lines = ["故城县本育局2023年政府信息公开工作年度报告", *END, "故城县教育局", "2024年1月20日"]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert report.org == "故城县教育局"
    assert [f.printed for f in report.findings if f.code == "org-mended"] == ["故城县本育局"]


def test_what_cannot_be_read_as_a_name_is_no_body() -> None:
    (report,) = normalize(build.document("白岭县本育局2023年政府信息公开工作年度报告", *END, path="x.txt"))
    assert report.org is None
    assert "org-uncertain" in [f.code for f in report.findings]


def test_body_and_year_have_their_confidence_and_their_sources() -> None:
    lines = ["白岭县财政局2023年政府信息公开工作年度报告", *END, "白岭县财政局", "2024年1月20日"]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert report.org_evidence is not None and report.year_evidence is not None
    assert report.org_evidence.confidence > 0.95 and report.year_evidence.confidence > 0.95
    assert "signature: 白岭县财政局" in report.org_evidence.sources
    assert {"title", "date"} <= set(report.year_evidence.sources)


def test_years_that_contradict_each_other_give_none() -> None:
    lines = [
        "2019年政府信息公开工作年度报告",
        "统计期限自2020年1月1日起至2020年12月31日止。",
        END[0],
        "我局坚持公开。",
        END[2],
    ]
    (report,) = normalize(build.document(*lines, "2022年1月20日", path="x.txt"))
    assert report.year is None
    assert [f.code for f in report.findings if f.code.startswith("year")] == ["year-uncertain"]


def test_what_is_put_into_a_plan_is_no_plan_for_the_next_year() -> None:
    lines = [
        "白岭县水利局2021年信息公开年度报告",
        END[0],
        "2021年，我局将政府信息公开纳入年度工作计划。",
        END[2],
    ]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert report.year == 2021
    assert "year-disagrees" not in [f.code for f in report.findings]


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("按照条例要求,现公开青石经济开发区信息公开2018年度报告。", "青石经济开发区"),
        ("现向社会公开《青石市人民政府办公室2022年政府信息公开工作年度报告》。", "青石市人民政府办公室"),
    ],
)
def test_a_report_may_be_made_open_to_the_public(line: str, body: str) -> None:
    assert org(line) == body


def test_a_body_of_the_centre_may_leave_out_the_state() -> None:
    lines = [
        "根据条例,特向社会公布2017年国家税务总局政府信息公开年度报告。报告可在税务总局门户网站查阅。",
        "如有疑问,请与税务总局政务公开办公室联系(电话:010-1234567)。",
        "一、概述",
        "2017年,税务总局深入贯彻落实各项决策部署,按照《国务院办公厅关于印发工作要点的通知》要求推进工作。",
    ]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert report.org == "国家税务总局"


@pytest.mark.parametrize("zone", ["高新区", "经济开发区", "高新技术产业开发区"])
def test_a_zone_that_says_no_place_is_no_body(zone: str) -> None:
    assert org(f"本年报结合2023年{zone}政府信息公开工作实际编制而成。") is None


def test_a_copy_in_traditional_characters_without_a_title_is_a_report() -> None:
    lines = [
        "現向社會公布2020年度本局信息公開工作報告。如有疑問,請與青石市交通運輸局聯系(電話:0563-3010611)。",
        "一、總體情況",
        "我局認真貫徹落實條例各項要求,與《青石市交通運輸局信息公開管理制度》相關要求。",
    ]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert (report.org, report.year) == ("青石市交通运输局", 2020)


def test_将_at_the_head_of_a_clause_publishes_a_report_as_现将_does() -> None:
    lines = [
        "白岭县水利局信息公开年度报告",
        "按照要求，将2021年度信息公开工作情况报告如下。",
        END[0],
        "有序开展。",
        END[2],
    ]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert report.year == 2021


def test_a_page_title_whose_parts_only_blanks_part_names_its_body() -> None:
    title = "青石县人民政府 政府信息公开年报 2023年度青石县林业局政府信息公开工作年度报告"
    found = build.document("2023年度青石县林业局政府信息公开工作年度报告", *END, path="x.html")
    (report,) = normalize(replace(found, metadata=(("title", title),)))
    assert report.org == "青石县林业局"
    folded = replace(found, metadata=(("title", "青石县人力资源 和社会保障局2023 年政府信息公开年度报告"),))
    assert [r.org for r in normalize(replace(folded, blocks=folded.blocks[1:]))] == [
        "青石县人力资源和社会保障局"
    ]


@pytest.mark.parametrize(
    "line",
    ["年报", "年度报告", "部门年报", "往年年报", "政策解读", "图解年报", "解读回应", "公开年报", "年度"],
)
def test_a_word_of_a_menu_above_a_title_is_no_part_of_the_body(line: str) -> None:
    assert org(line, "白岭县水利局2023年政府信息公开工作年度报告") == "白岭县水利局"


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("根据条例等规定,梳理编制青石海关关区2023年政府信息公开工作年度报告。", "青石海关关区"),
        ("青石省教育厅2023年度政府信息公开工作报告 | |||||||||", "青石省教育厅"),
        ("全文包括青石旗财政局政府信息公开总体情况,主动公开政府信息情况。", "青石旗财政局"),
    ],
)
def test_words_and_boxes_beside_a_name_are_no_part_of_it(line: str, body: str) -> None:
    assert org(line) == body


def test_a_system_of_annual_reports_in_quotes_is_no_report() -> None:
    title = "青石旗白岭苏木2023年政府信息公开工作年度报告"
    rule = "根据《青石自治区政府信息公开工作年度报告制度》和《白岭市政府信息公开工作年度报告制度》的规定,现予公布。"
    assert org(title, rule) == "青石旗白岭苏木人民政府"


@pytest.mark.parametrize(
    "lead", ["转载", "梳理汇总", "最新", "今年", "荣获", "返回", "据统计", "附表", "重磅"]
)
def test_words_before_a_name_in_a_title_are_no_part_of_an_unknown_place(lead: str) -> None:
    for body in ("青石县财政局", "柳河镇人民政府", "青石经济开发区管理委员会"):
        assert org(f"{lead}{body}2023年政府信息公开工作年度报告") in (body, None)


@pytest.mark.parametrize(
    "title",
    [
        "白岭县水利局信息公开2021年度报告",
        "白岭县水利局政府信息公开工作2021年年度报告",
        "白岭县水利局政府信息公开（2021年）工作报告",
    ],
)
def test_the_year_of_a_title_may_stand_within_the_name_of_the_report(title: str) -> None:
    (report,) = normalize(
        build.document(title, "一、总体情况", "有序。", "二、主动公开政府信息情况", path="x.txt")
    )
    assert (report.title, report.org, report.year) == (
        title.replace("（", "(").replace("）", ")"),
        "白岭县水利局",
        2021,
    )


def test_the_source_at_the_head_of_a_page_does_not_hide_the_signature() -> None:
    lines = [
        "2012年政府信息公开工作年度报告",
        "来源：县政府网",
        "我局公开信息9条，没有收到申请。",
        "白岭县水利局",
        "2013年1月9日",
    ]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert (report.org, report.published) == ("白岭县水利局", "2013-01-09")


def test_who_keeps_the_page_is_not_the_body_of_a_report_that_calls_itself_otherwise() -> None:
    lines = ["2023年政府信息公开工作年度报告", "来源：青石县融媒体中心", "2023年，我镇认真贯彻条例。", *END]
    document = build.document(*lines, path="x.html")
    named = replace(document, metadata=(("ContentSource", "青石县融媒体中心"),))
    (report,) = normalize(named)
    assert report.org is None


def test_what_a_body_was_called_before_is_no_part_of_its_name() -> None:
    title = "2023年政府信息公开工作年度报告"
    assert org(f"青石县卫生健康局（原青石县卫生和计划生育局）{title}") == "青石县卫生健康局"
    name = parse_name("固原市财政局(原州区财政局)")
    assert name is not None and name.gloss == "(原州区财政局)"


@pytest.mark.parametrize(
    "lines",
    [
        (
            "2023年，县乡村振兴局严格按照要求开展工作。全年向媒体和四川省乡村振兴局投稿27篇。我局共有干部20人。",
        ),
        ("2023年，我局严格按照要求开展工作。我局多次向四川省乡村振兴局报送信息。",),
        ("2023年，我局严格按照要求开展工作，向人民网、四川省乡村振兴局等多家单位投稿27篇。",),
    ],
)
def test_a_body_that_is_written_to_is_not_the_one_that_writes(lines: tuple[str, ...]) -> None:
    (report,) = normalize(build.document("一、总体情况", *lines, "二、主动公开政府信息情况", path="x.txt"))
    assert report.org is None


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (["2023年,我局公开信息12条,余1件转2024年度办理;没有因政府信息公开被诉。"], 2023),
        (["2023年青石街道积极推动政府信息公开工作。"], 2023),
        (["2023年青石县公安局信息公开工作，在县委领导下扎实开展。"], 2023),
        (["发布时间:2025-03-02", "2021年，我局坚持公开。", "2021年，我局未收到申请。"], 2021),
        (["发布时间:2025-03-02", "2021年，县水利局坚持公开。"], None),
        (["本报告数据的统计期限自2021年1月1日起，至", "2021年12月31日止。"], 2021),
    ],
)
def test_a_year_to_come_and_a_pages_date_do_not_outvote_the_text(lines: list[str], year: int | None) -> None:
    (report,) = normalize(build.document(END[0], *lines, END[2], path="x.txt"))
    assert report.year == year


def test_the_end_of_a_period_on_a_broken_line_is_no_date_of_signature() -> None:
    lines = [
        "青石县水利局2022年政府信息公开工作年度报告",
        "统计期限自2022年1月1日起，至",
        "2022年12月31日止。",
    ]
    (report,) = normalize(build.document(*lines, END[0], "我局坚持公开。", END[2], path="x.txt"))
    assert report.published is None


def test_a_year_before_in_one_sentence_does_not_shake_a_year_that_is_certain() -> None:
    lines = [
        "青石县水利局2022年政府信息公开工作年度报告",
        "现公布青石县水利局2022年政府信息公开工作年度报告。统计期限自2022年1月1日起至2022年12月31日止。",
        END[0],
        "2021年，在全县的评估中，县水利局被评为优秀。",
        END[2],
    ]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert report.year == 2022
    assert "year-disagrees" not in [f.code for f in report.findings]


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (["青石县环境保护局2012年环境信息公开工作年度报告"], "青石县环境保护局"),
        (
            ["本报告由青石县公安局指挥中心办公室编制。请联系:青石县公安局指挥中心,电话:1234567。"],
            "青石县公安局",
        ),
        (
            [
                "根据《关于印发<年度报告格式>的通知》和《<条例>》编制。请与青石县生态环境局办公室联系(电话:1234567)。"
            ],
            "青石县生态环境局",
        ),
        (["海关总署2012年海关信息公开工作年度报告"], "海关总署"),
        (
            [
                "青石沿海工业城管委会特向社会公布2016年度本级政府信息公开年度报告。",
                END[0],
                "2016年，青石县沿海工业城管委会认真贯彻落实条例。",
            ],
            "青石县沿海工业城管理委员会",
        ),
    ],
)
def test_whose_report_it_is_where_the_subject_is_said_again_or_a_place_is_cut_short(
    lines: list[str], body: str
) -> None:
    assert org(*lines) == body


def test_the_year_of_a_letters_number_and_a_report_published_before_are_not_the_reports() -> None:
    lines = [
        "青二中〔2015〕3号 2014年青石县第二中学政府信息公开工作年度报告",
        "统计期限自 2014 年 1 月 1 日至 2014",
        "年 12 月 31 日。",
        END[0],
        "2014年，我校在网站上公开了青石县第二中学2013年政府信息公开工作年度报告。",
        END[2],
    ]
    (report,) = normalize(build.document(*lines, path="x.txt"))
    assert report.year == 2014
    assert "year-disagrees" not in [f.code for f in report.findings]
