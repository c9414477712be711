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
        "#+END_QUOTE",
        "</div>",
        "&nbsp;&nbsp;",
        "打印本页",
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
