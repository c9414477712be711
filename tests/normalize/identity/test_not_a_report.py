"""Documents with nearly the title of a report."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.model import Fact, Match, Place, Section
from gongkai.normalize.form.template import table
from gongkai.normalize.identity.not_a_report import Content, detect_other_kind, is_report_title


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2023年上半年政府信息公开工作情况统计表", "part-year"),
        ("临江市2022年第三季度依申请公开统计表", "part-year"),
        ("临江市2022年11月依申请公开办理情况统计表", "part-year"),
        ("临江市林业局2022年度依申请公开工作情况", "summary"),
        ("《2022年政府信息公开工作年度报告》文字解读", "explainer"),
        ("关于做好2022年政府信息公开工作年度报告编制工作的通知", "notice"),
        ("青石县税务局举办2022年政府信息公开工作年度报告编制培训会", "meeting"),
        ("青石县召开2022年度政府信息公开年度报告工作会议", "meeting"),
        ("临江市林业局2022年部门决算公开", "budget"),
        ("临江市政务公开年报比对", "comparison"),
        ("临江市林业局2022年政府信息公开年度报告（与上年对比）", None),
        ("2022与2023年政府信息公开年度报告差异比对", "comparison"),
        ("临江市林业局2022年政府信息公开工作年度报告", None),
        ("2022年12月31日政府信息公开工作年度报告", None),
        ("临江市林业局2015年政府信息公开情况统计表", None),
    ],
)
def test_a_title_says_what_a_document_is(title: str, kind: str | None) -> None:
    found = detect_other_kind(Content([title], org="临江市林业局"))
    assert found == (kind or "not-a-report")


@pytest.mark.parametrize(
    "line",
    [
        "青石县民政局2022年政府信息公开工作年度报告",
        "青石县2022年政府信息公开工作报告（审计局）",
        "青石县信访局2022年度政府信息公开年度报告",
        "青石县审计局关于2022年政府信息公开工作情况的报告",
        "青石县政务服务管理局政府信息公开2022年度报告",
        "青石县财政局二〇〇八年政府信息公开工作年度报告",
        "青石县行政执法局2022年政务公开工作年度报告",
    ],
)
def test_a_title_whose_body_sounds_like_another_kind_is_that_of_a_report(line: str) -> None:
    assert is_report_title(line)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("青石省政府信息公开年度报告编写规范（试行）", "rule"),
        ("政府信息公开年度工作报告范文", "guide"),
        ("青石省教育厅信息公开工作报告(精选5篇)", "guide"),
        ("青石大学2020-2021学年信息公开年度报告", "school-year"),
        ("青石县自来水有限公司2022年信息公开年度报告", "utility"),
        ("青石县城乡公交有限公司2022年度公共企事业单位信息公开工作报告", "utility"),
        ("青石县2022年政府信息公开年报工作情况通报", "evaluation"),
        ("年报填写示例（以青石县为例）", "guide"),
        ("数说年报 | 青石县2022年政府信息公开工作年度报告", "explainer"),
        ("政府信息公开年度报告编写要点", "guide"),
        ("政府信息公开工作年度报告怎么填？一文读懂", "guide"),
        ("青石县2022年政府信息公开工作年度报告何时发布？", "answer"),
        ("关于青石县2022年政府信息公开工作年度报告公开征求社会意见的公告", "notice"),
        ("青石县政务公开推进会暨2022年年报编制培训班顺利开班", "meeting"),
        ("青石县2022年法治政府建设情况年度报告", "other-report"),
        ("2022年度政府信息公开工作年度报告第三方评估报告", "evaluation"),
        ("政府信息公开年度报告质量的影响因素研究——基于百县数据的分析", "thesis"),
        ("地方政府信息公开年度报告的文本分析", "thesis"),
        ("全县各单位2022年政府信息公开年报数据汇总表", "compilation"),
        ("青石县政府信息公开工作年度报告填报指南", "guide"),
    ],
)
def test_a_look_alike_is_refused_by_its_title(title: str, kind: str) -> None:
    assert detect_other_kind(Content([title])) == kind


#: Six chapters with their text, as a report has them.
CHAPTERS = tuple(
    Section(id, str(n), 1, "", "", "已按要求完成。", Place())
    for n, id in enumerate(("overview", "proactive", "requests", "review", "problems", "other"), 1)
)
TITLE = "青石县民政局2022年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    "lines",
    [
        ["青石县民政局关于报送2022年政府信息公开工作年度报告的函", "县政府办：", "现将报告报上。", TITLE],
        ["青石县民政局关于印发2022年政府信息公开工作年度报告的通知", "各股室：", TITLE],
        [TITLE, "点击查看图解"],
        [TITLE, "相关解读：图解青石县民政局2022年年报"],
        ["政策解读", "政府信息公开指南", "政府信息公开制度", "政府信息公开年报", TITLE],
        ["青石县民政局2022年政府信息公开工作", "年度报告", "【图解】一图读懂"],
        ["青石县民政局2022年政府信息公开工作年度", "报告", "上一篇：2021年上半年依申请公开统计表"],
        [*["转发有关单位。"] * 12, TITLE],
    ],
)
def test_a_report_is_not_refused_for_a_line_beside_its_title(lines: list[str]) -> None:
    assert detect_other_kind(Content(lines, text=["根据政府信息公开条例编制。"], sections=CHAPTERS)) is None


@pytest.mark.parametrize(
    "line",
    [
        "青石县2022年上半年依申请公开情况表",
        "2021-2022学年信息公开年度报告",
        "2021、2022年年报数据对比表",
        "年报研究——以青石县为例",
    ],
)
def test_a_line_above_a_title_six_chapters_and_a_filled_table_loses(line: str) -> None:
    fact = Fact(
        table("2021", "requests").fields[0], Decimal(5), False, "5", Place(), Match("", "", 100.0, "exact"),
        Match("", "", 100.0, "exact"),
    )  # fmt: skip
    assert detect_other_kind(Content([line, TITLE], facts=[fact], sections=CHAPTERS)) is None
    assert detect_other_kind(Content([line, "报告"], facts=[fact], sections=CHAPTERS)) is not None
    two = [line, TITLE, TITLE.replace("2022", "2021")]
    assert (
        "对比" not in line or detect_other_kind(Content(two, facts=[fact], sections=CHAPTERS)) == "comparison"
    )


def test_a_part_of_the_year_below_the_title_is_no_year() -> None:
    lines = ["青石县民政局政府信息公开工作报告", "（2022年上半年）"]
    assert detect_other_kind(Content(lines, sections=CHAPTERS)) == "part-year"


def test_a_contents_page_alone_is_no_report() -> None:
    assert detect_other_kind(Content([TITLE], [TITLE], ["目录"])) == "not-a-report"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            ["《青石县2023年政府信息公开工作年度报告》已经编制完成并公布,现就年报内容进行如下解读。", "一、编制背景"],
            "explainer",
        ),
        (["一、编制背景", "年度报告是法定制度安排。", "二、编制依据", "三、编制过程"], "explainer"),
        (["青石大学2015-2016学年度 信息公开工作年度报告 现编制本报告。统计时间为2015年9月1日至2016年8月31日。"], "school-year"),
        (["20xx年,我厅信息公开内容更加丰富,公开渠道更加畅通。"], "guide"),
        (["研究中心对54家部门和31家省级政府的信息公开年报作了分析。", "专家告诉记者,今年的年报有新特点。"], "news"),
    ],
)  # fmt: skip
def test_a_look_alike_that_lost_its_title_is_refused_by_its_sentences(text: list[str], kind: str) -> None:
    assert detect_other_kind(Content(text[:1], text=text)) == kind


def test_a_report_is_announced_within_one_sentence() -> None:
    text = ["各机关公布了年报,今年有新气象。", "2016年政府信息公开工作年度报告展示平台由网站办理。"]
    assert detect_other_kind(Content(text, text=text)) == "not-a-report"


def test_a_utility_named_on_a_line_of_its_own_is_one() -> None:
    lines = ["青石县燃气有限责任公司", "2022年度企业信息公开年报"]
    assert detect_other_kind(Content(lines, text=["公开气价。"], sections=CHAPTERS[:1])) == "utility"


def test_a_meeting_tells_of_a_report_and_publishes_none() -> None:
    text = [
        "会上对2022年政府信息公开工作年度报告的编制培训作了安排。",
        "编制要求2022年政府信息公开年度报告按时报送。",
    ]
    assert detect_other_kind(Content(["工作动态"], text=text)) == "not-a-report"


def test_zeros_below_a_title_with_gaps_are_a_blank_form() -> None:
    zero = Fact(
        table("2021", "requests").fields[0], Decimal(0), False, "0", Place(), Match("", "", 100.0, "exact"),
        Match("", "", 100.0, "exact"),
    )  # fmt: skip
    one = replace(zero, value=Decimal(1), printed="1")
    gaps = "____局20__年政府信息公开工作年度报告"
    assert detect_other_kind(Content([gaps], facts=[zero], sections=CHAPTERS)) == "blank-form"
    assert detect_other_kind(Content([gaps], facts=[one], sections=CHAPTERS)) is None
    assert detect_other_kind(Content([TITLE], facts=[zero], sections=CHAPTERS, org="青石县民政局")) is None
    named = ["政府信息公开工作年度报告", "（模板）"]
    assert detect_other_kind(Content(named, facts=[zero], sections=CHAPTERS)) == "blank-form"


def test_a_question_and_its_answer_are_no_report() -> None:
    text = [
        "网友：2022年政府信息公开工作年度报告在哪里看？",
        "答复：已于2023年1月发布在政府信息公开年报栏目。",
    ]
    assert detect_other_kind(Content(["互动交流"], text=text)) == "answer"


def test_figures_of_a_part_of_the_year_are_those_of_no_report() -> None:
    text = ["本报告数据的统计期限自2022年1月1日起至2022年6月30日止。"]
    assert detect_other_kind(Content([TITLE], text=text, sections=CHAPTERS)) == "part-year"


def test_the_date_of_a_page_publishes_no_report() -> None:
    """发布时间 stands in the head of a page; the title behind it on the next line is that of a link."""
    lines = ["《青石县民政局2022年政府信息公开工作年度报告》解读", "发布时间：2023-01-20", TITLE]
    assert (
        detect_other_kind(Content(lines, text=[*lines, "报告分六个部分。"], sections=CHAPTERS)) == "explainer"
    )


def test_the_parts_of_the_forms_first_chapter_tell_a_report_without_a_title() -> None:
    overview = [Section("overview", "1", 1, "一、", "总体情况", "我局2023年主动公开政府信息30条。", Place())]
    parts = [
        "(一)主动公开。公开信息30条。",
        "(二)依申请公开情况。未收到申请。",
        "(三)信息管理方面。专人负责。",
    ]
    assert detect_other_kind(Content(["一、总体情况"], text=parts, sections=overview)) is None
    assert detect_other_kind(Content(["一、总体情况"], text=parts[:2], sections=overview)) == "not-a-report"


def test_a_notice_that_publishes_a_report_with_the_report_below_it_is_a_report() -> None:
    notice = [
        "青石市人民政府办公室关于公布",
        "青石市2009年度政府信息公开工作年度报告的通知",
        "各县人民政府：",
    ]
    own = "青石市2009年度政府信息公开工作年度报告"
    text = ["根据《中华人民共和国政府信息公开条例》，特编制本年度报告。"]
    assert detect_other_kind(Content([*notice, own], text=text, org="青石市人民政府")) is None
    assert detect_other_kind(Content(notice, text=text, org="青石市人民政府")) == "notice"


def test_a_title_beside_the_publishers_box_is_no_news() -> None:
    box = "名称：绿水街道2023年政府信息公开工作年度报告发布机构：绿水街道"
    own = "绿水街道2023年政府信息公开工作年度报告"
    text = ["2023年，绿水街道贯彻落实区委、区政府关于政务公开的部署，公开信息30条。"]
    assert detect_other_kind(Content([box, own], text=text)) is None


def test_the_way_to_a_page_whose_first_word_stands_on_a_line_of_its_own_is_no_title() -> None:
    title = "青石县气象局2023年政府信息公开工作年度报告"
    content = Content(
        ["当前位置:首页", ">政务公开>政府信息公开目录>县气象局>政府信息公开年报", title],
        text=["一、总体情况", "2023年，县气象局坚持公开政府信息，各项工作有序开展。"],
        title=title,
        org="青石县气象局",
    )
    assert detect_other_kind(content) is None


def test_a_report_may_follow_the_rules_by_analogy() -> None:
    text = "参照《中华人民共和国政府信息公开条例》等有关要求，编制本报告。"
    sections = (Section("1", "1", 1, "一", "总体情况", "2022年，县国资委坚持公开。", Place()),)
    assert detect_other_kind(Content([text], text=[text], sections=sections)) is None


def test_a_model_for_a_table_below_a_reports_title_is_a_guide() -> None:
    content = Content(
        ["2018年度政府信息公开情况统计表"],
        text=["一、统计表模板是收集公开信息的工具。", "二、统计表模板的设定应当科学，公开的指标应当全面。"],
        title="2018年度政府信息公开情况统计表",
    )
    assert detect_other_kind(content) == "guide"


def test_a_model_text_leaves_the_name_open() -> None:
    text = [
        "一、概述今年，xx 市环境保护局认真贯彻条例。",
        "xx市环境保护局公众网站发布政府信息10556条，公开申请2件。",
    ]
    assert detect_other_kind(Content(text[:1], text=text)) == "guide"
