"""Chapters, headings and lines beside the six sections."""

import pytest

from gongkai.model import Document, Paragraph, Place, Report, Source
from gongkai.normalize import normalize
from gongkai.normalize.form.radical import fold_radicals

TITLE = "青石县水利局2021年政府信息公开工作年度报告"


def report(*lines: str) -> Report:
    blocks = tuple(Paragraph(line, Place(block=i)) for i, line in enumerate((TITLE, *lines)))
    (found,) = normalize(Document(Source("x.docx", b"", "0" * 64, 0), "docx", "docx", blocks))
    return found


def texts(*lines: str) -> dict[str, str]:
    return {s.id: s.text for s in report(*lines).sections if s.level == 1}


def test_a_sub_heading_with_a_sections_name_stays_below_its_main_heading() -> None:
    found = texts(
        "一、总体情况",
        "（一）主动公开情况",
        "公开31条。",
        "（二）依申请公开情况",
        "收到4件。",
        "二、主动公开政府信息情况",
        "发布文件2件。",
        "五、存在的主要问题及改进情况",
        "培训不够。",
    )
    assert found == {
        "overview": "（一）主动公开情况\n公开31条。\n（二）依申请公开情况\n收到4件。",
        "proactive": "发布文件2件。",
        "problems": "培训不够。",
    }


def test_a_chapter_of_the_reports_own_ends_the_one_before() -> None:
    found = texts(
        "一、政府信息主动公开的情况", "公开7条。", "二、依申请公开工作情况", "收到1件。",
        "三、依申请公开的收费和减免情况", "没有收费。", "四、复议、诉讼情况", "没有。", "五、人员和经费情况", "2人。",
    )  # fmt: skip
    assert found == {"proactive": "公开7条。", "requests": "收到1件。", "review": "没有。"}


def test_items_of_a_list_are_no_chapter_of_their_own() -> None:
    found = texts(
        "一、总体情况",
        "一、加强领导",
        "已落实。",
        "二、健全制度",
        "已修订。",
        "二、主动公开政府信息情况",
        "3条。",
    )
    assert found["overview"] == "一、加强领导\n已落实。\n二、健全制度\n已修订。"


def test_headings_on_one_line_are_the_sections_of_a_report_without_line_breaks() -> None:
    found = texts(
        "一、总体情况 公开9条。 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况 "
        "四、政府信息公开行政复议、行政诉讼情况 五、存在的主要问题及改进情况 人手不足。 六、其他需要报告的事项 无。"
    )
    assert list(found) == ["overview", "proactive", "requests", "review", "problems", "other"]
    assert (found["overview"], found["review"], found["problems"], found["other"]) == (
        "公开9条。", "", "人手不足。", "无。",
    )  # fmt: skip


def test_a_preface_that_lists_the_sections_is_none_of_them() -> None:
    found = texts(
        "本报告包括：一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况。",
        "一、总体情况", "公开9条。", "二、主动公开政府信息情况", "3条。", "三、收到和处理政府信息公开申请情况", "1件。",
    )  # fmt: skip
    assert found == {"overview": "公开9条。", "proactive": "3条。", "requests": "1件。"}


@pytest.mark.parametrize("heading", ["壹、总体情况", "【一、总体情况】", "第一章 总体情况"])
def test_a_first_heading_may_be_numbered_and_framed_in_other_ways(heading: str) -> None:
    rest = heading.translate(str.maketrans("壹一", "贰二")).replace("总体情况", "主动公开政府信息情况")
    found = report(heading, "公开9条。", rest, "3条。").sections
    assert [(s.heading, s.text) for s in found] == [
        ("总体情况", "公开9条。"),
        ("主动公开政府信息情况", "3条。"),
    ]


@pytest.mark.parametrize("heading", ["⼀、总体情况", "一、总体（全局）情况", "一、总体情况（2021年度）"])
def test_radicals_and_glosses_do_not_hide_a_heading(heading: str) -> None:
    assert texts(heading, "公开9条。", "二、主动公开政府信息情况", "⻓期公开。") == {
        "overview": "公开9条。",
        "proactive": "长期公开。",
    }


@pytest.mark.parametrize(
    "line",
    [
        "- 4 -",
        "— 12 —",
        "第 3 页 共 9 页",
        "Page 2 of 5",
        "（公章）",
        "（印章：青石县水利局）",
        "上一篇文章：没有了",
        "#+END_QUOTE",
        "</div>",
        "&nbsp;&nbsp;",
        "打印本页",
        "第 2 页 / 共 6 页",
        "第2页（共6页）",
        "--------",
    ],
)
def test_what_is_no_narrative_is_left_out(line: str) -> None:
    found = texts("一、总体情况", "公开9条，", line, "比上年多。", "二、主动公开政府信息情况", "3条。")
    assert found["overview"] == "公开9条，\n比上年多。"


def test_the_foot_of_a_page_ends_the_narrative() -> None:
    found = texts(
        "五、存在的主要问题及改进情况",
        "人少。",
        "六、其他需要报告的事项",
        "无。",
        "相关链接",
        "青石县年报汇总",
        "主办单位：青石县",
    )
    assert found["other"] == "无。"


def test_a_radical_that_normalization_leaves_is_folded() -> None:
    assert fold_radicals("⺠政局⻓") == "民政局长"


def test_chapters_behind_the_sixth_end_it() -> None:
    found = texts(
        "五、存在的主要问题及改进情况", "人少。", "六、其他需要报告的事项", "无。",
        "七、代表建议办理结果公开情况", "办理3件。", "八、政策解读情况", "2次。",
    )  # fmt: skip
    assert found == {"problems": "人少。", "other": "无。"}


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("五、申请行政复议、提起行政诉讼和申诉的有关情况", "review"),
        ("七、工作中存在的突出问题和今后打算", "problems"),
        ("三、公民和其他组织申请公开信息的受理情况", "requests"),
        ("四、依申请公开", "requests"),
        ("三、群众反映问题的办理", None),
        ("三、举报投诉和收费情况", None),
    ],
)
def test_a_chapter_of_earlier_years_is_known_by_its_words_in_any_place(
    heading: str, section: str | None
) -> None:
    found = texts("二、主动公开政府信息情况", "公开9条。", heading, "如上。")
    assert found == {"proactive": "公开9条。"} | ({section: "如上。"} if section else {})


@pytest.mark.parametrize("cut", range(5, 15))
def test_a_heading_broken_over_two_lines_is_one(cut: int) -> None:
    heading = "三、收到和处理政府信息公开申请情况"
    found = texts("一、总体情况", "公开9条。", heading[:cut], heading[cut:], "收到2件。")
    assert found == {"overview": "公开9条。", "requests": "收到2件。"}


def test_a_gloss_with_a_date_belongs_to_its_heading_and_nothing_in_brackets_does_not() -> None:
    found = texts(
        "一、总体情况（截至2021年12月31日）", "公开9条。", "六、其他需要报告的事项（本年度无）",
    )  # fmt: skip
    assert found == {"overview": "公开9条。", "other": "（本年度无）"}


def test_numbers_alone_that_count_the_pages_are_left_out_and_others_are_not() -> None:
    found = texts(
        "一、总体情况", "公开9条，", "2", "比上年多。", "五、存在的主要问题及改进情况", "3", "人少。"
    )
    assert found == {"overview": "公开9条，\n比上年多。", "problems": "人少。"}
    found = texts("一、总体情况", "公开条数：", "9", "回应次数：", "4", "人少。")
    assert found["overview"].split("\n")[1::2] == ["9", "4"]


@pytest.mark.parametrize(
    "foot",
    [
        "分享到：",
        "热点推荐",
        "延伸阅读：",
        "【打印本页】 【关闭窗口】",
        "打印 关闭",
        "文章来源：本站",
        "点击数：12",
        "抄送：县委办。",
        "青石县水利局办公室　2022年1月9日印发",
    ],
)
def test_buttons_and_lists_below_a_report_are_none_of_it(foot: str) -> None:
    found = texts("一、总体情况", "9条。", "六、其他需要报告的事项", "无。", foot)
    assert found["other"] == "无。"


def test_a_date_in_the_foot_of_a_page_is_not_that_of_the_signature() -> None:
    lines = [
        "六、其他需要报告的事项",
        "无。",
        "青石县水利局",
        "2022年1月9日",
        "相关链接",
        "青石县年报",
        "2022年3月1日",
    ]
    assert texts("一、总体情况", "9条。", *lines)["other"] == "无。"


def test_a_year_in_a_chapter_of_ones_own_does_not_hide_it() -> None:
    found = texts("五、存在的不足", "宣传不够。", "六、2022年工作计划", "继续。")
    assert found == {"problems": "宣传不够。"}


def test_chapters_in_brackets_end_the_one_before_as_others_do() -> None:
    found = texts(
        "（一）概述", "有序。", "（二）主动公开政府信息的情况", "9条。", "（三）依申请公开的情况", "收到1件。",
        "（四）不予公开政府信息的情况", "没有。", "（五）收费情况", "没有收费。", "（六）复议诉讼情况", "未发生。",
    )  # fmt: skip
    assert found == {
        "overview": "有序。",
        "proactive": "9条。",
        "requests": "收到1件。",
        "review": "未发生。",
    }


def test_a_title_in_org_mode_is_the_title() -> None:
    lines = [f"#+TITLE: {TITLE}", "#+DATE: 2022", "* 一、总体情况", "公开9条。"]
    blocks = tuple(Paragraph(line, Place(block=i)) for i, line in enumerate(lines))
    (found,) = normalize(Document(Source("x.txt", b"", "0" * 64, 0), "txt", "text", blocks))
    assert (found.title, found.org, found.year) == (TITLE, "青石县水利局", 2021)
