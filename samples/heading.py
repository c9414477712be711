"""VARIANTS 2: section headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import web
from flat import lines, markdown
from form import NAMES, Rows
from made import Made, site, text, town, word
from truth import Owed
from word import paragraph, table

OLD = {
    "overview": "一、概述",
    "proactive": "二、行政机关主动公开政府信息情况",
    "requests": "三、行政机关收到和处理政府信息公开申请情况",
    "review": "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "problems": "五、存在问题及改进情况",
    "other": "六、其它需要报告事项",
}
OTHER = {
    "overview": "一、工作基本情况",
    "proactive": "二、主动公开政府信息的情况",
    "requests": "三、收到的处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议行政诉讼情况",
    "problems": "五、政府信息公开工作存在的主要问题及改进情况",
    "other": "六、其他需要报告事项",
}


def headings() -> Iterator[Made]:
    """Wordings, numbering, and where headings stand."""
    yield from wording()
    yield from number()
    yield from place()
    yield from empty()


def wording() -> Iterator[Made]:
    """Other words for the same sections."""
    s = town(2019, "2019", 85)
    s.headings = OLD
    yield word("2019_old_words.docx", s, "headings in the old wording: 概述, 行政机关…, 因…工作被申请…, 其它")
    s = town(2021, "2021", 86)
    s.headings = OTHER
    s.sections["other"] = ["无。"]
    yield word("2021_other_words.docx", s, "headings in other words, one with a slip; section six is 无。")


def number() -> Iterator[Made]:
    """Numbers that are automatic, drift, or stand in other signs."""
    yield word(
        "2022_auto_numbers.docx",
        town(2022, "2021", 26),
        "heading numbers are automatic, not in the text",
        auto=True,
    )
    s = town(2020, "2019", 28)
    s.headings = {"problems": "5、 存在的主要问题及改进情况", "other": ""}
    last = s.sections["problems"][-1]
    s.sections["problems"][-1] += "                  六、其他需要报告的事项"
    made = word("2020_drift.docx", s, "5、 for 五、; heading six behind blanks at the end of a line")
    assert made.truth is not None
    s.sections["problems"][-1] = last
    made.truth["sections"] |= {"problems": "".join("".join(s.sections["problems"]).split())[:60]}  # type: ignore[operator]
    yield made
    s = town(2022, "2021", 87)
    s.sections["overview"][1:] = [
        "（二）主动公开。栏目按月更新。",
        "（三）平台建设。新开两个专栏。",
    ]
    s.sections["problems"] = ["1、信息更新不够及时。", "2、解读形式单一。", "3、人员变动较多。"]
    yield word("2022_sub_numbers.docx", s, "sub-heads that begin at （二）, and 1、2、3、 in place of （一）")
    s = town(2021, "2021", 88)
    s.sections["overview"][1:] = [
        f"({n}){t}" for n, t in enumerate(("主动公开。按月更新。", "依申请公开。按时办结。"), 1)
    ]
    s.sections["problems"] = [f"{n}.{t}" for n, t in enumerate(("更新慢。", "解读少。", "培训不足。"), 1)]
    yield text("2021_sub_arabic.txt", s, "sub-heads (1) (2) and 1. 2. 3.", lines)


def place() -> Iterator[Made]:
    """Headings that are listed before, repeated below, glued to other text, or parted from their table."""
    s = town(2021, "2021", 27)
    contents = paragraph("目录", centered=True) + "".join(
        paragraph(f"{s.heading(i)}……{n}") for n, i in enumerate(NAMES, 1)
    )
    s.preface = ["本报告由" + "、".join(NAMES.values()) + "六部分组成。"]
    odd = "a contents page and a preface that repeat the headings"
    yield word("2021_contents.docx", s, odd, before=contents)
    s = town(2022, "2021", 89)
    s.preface = [
        "本报告由概述，主动公开政府信息情况，依申请公开政府信息办理情况，“政府信息公开的收费”及减免情况，“存在的主要问题及改进情况”六部分组成。",
    ]
    yield word(
        "2022_old_list.docx", s, "a preface with an old list of chapters, six announced and five named"
    )
    s = town(2021, "2021", 29)
    s.sections["overview"] += [
        "（三）收到和处理政府信息公开申请情况",
        "申请均已答复。",
        "（四）主动公开政府信息情况",
        "栏目按月更新。",
    ]
    yield word("2021_sub_heads.docx", s, "sub-headings with the names of sections")
    s = town(2020, "2019", 90)
    s.sections["proactive"] = [
        "本年度累计主动公开信息114条，其中机构职能类3条、办事服务类27条，其余为工作动态。"
    ]
    s.sections["requests"] = [
        "本年度申请的接收渠道为当面、信函与网络三种，答复率为100%，没有收取费用，也没有延期答复。"
    ]
    s.captions = {"proactive": ["附表："], "requests": ["（收到和处理政府信息公开申请情况表）"]}
    yield word("2020_between.docx", s, "narrative and captions between heading and table")
    s = town(2021, "2021", 91)
    s.headings = {"review": ""}
    odd = "heading four glued to the last box of table three"
    yield word("2021_glued.docx", s, odd, wrap={"requests": _glued})
    s = town(2020, "2019", 92)
    yield site(
        "2020_heading_spans.html",
        s,
        "heading four behind <br> in a paragraph, heading five in two spans",
        render=web.spans,
    )
    s = town(2023, "2021", 93)
    s.title = ["# " + s.title[0]]
    s.sections["overview"][1] = "**（一）主动公开。**" + s.sections["overview"][1].partition("。")[2]
    made = text("2023_markdown.txt", s, "marks of Markdown: #, **, bars", markdown, mark="## ")
    assert made.truth is not None  # the marks are no part of what a person reads
    start = "".join("".join(s.sections["overview"]).replace("*", "").split())[:60]
    made.truth["sections"] |= {"overview": start}  # type: ignore[operator]
    yield made


def _glued(rows: Rows) -> str:
    changed = [list(line) for line in rows]
    changed[-1][-1] = replace(changed[-1][-1])
    changed[-1][-1].text += "\n四、政府信息公开行政复议、行政诉讼情况"
    return table(changed)


def empty() -> Iterator[Made]:
    """Sections without their tables."""
    s = town(2021, "2021", 94)
    s.sections["other"] = ["无"]
    made = text(
        "2021_pictures.txt",
        s,
        "headings two, three and four follow each other, the tables were pictures; section six is 无",
        lambda rows: "",
        Owed("partial"),
    )
    assert made.truth is not None
    made.truth.update(cells=[], checks={"balance": None, "fails": []})
    yield made
    s = town(2023, "2021", 95, "临江市公务员局")
    s.headings = {
        "overview": "",
        "proactive": "一、主动公开政府信息情况",
        "requests": "二、收到和处理政府信息公开申请情况",
        "review": "三、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "problems": "",
        "other": "",
    }
    s.preface, s.sections = (
        ["2023年，临江市公务员局按照条例要求做好各项公开工作。"],
        {
            "overview": [],
            "proactive": ["2023年，发布考试公告3期，全年信息18万余条，其中部分公开67，占4.61%。"],
            "requests": [
                "共收到政府信息公开申请4件（申请人均为自然人），答复7项。没有2022年结转的政府信息公开申请。"
            ],
            "review": ["有1起未经行政复议直接起诉的行政诉讼，原告当庭撤诉。"],
            "problems": [],
            "other": [],
        },
    )
    odd = "no tables by choice: numbers in sentences, section numbers shifted by one"
    made = word("2023_sentences.docx", s, odd, Owed("narrative"), drawn={})
    assert made.truth is not None
    made.truth.update(cells=[], template="free", checks={"balance": None, "fails": []})
    yield made
