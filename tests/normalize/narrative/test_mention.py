"""Numbers in the narrative: what counts and what does not, and which slot a wording names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import made_grids as build
from gongkai.model import Mention, Place
from gongkai.normalize import normalize
from gongkai.normalize.narrative.mention import find_mentions
from gongkai.normalize.narrative.quantity import find_quantities
from gongkai.normalize.narrative.section import Line, Owned

NEW = (("requests", "new_requests", "total"),)
LITIGATION = (
    ("review", "litigation_direct", "total"),
    ("review", "litigation_after_reconsideration", "total"),
)
REVIEW = (("review", "reconsideration", "total"), *LITIGATION)


def read_mentions(
    text: str, section: str = "overview", form: str | None = "2021", year: int = 2023
) -> tuple[Mention, ...]:
    """The Mentions of some lines of one section."""
    lines = [Line(t, (0, -1, n), Place(page=3, block=7)) for n, t in enumerate(text.split("\n"))]
    return find_mentions([Owned(line, section, "1.2") for line in lines], year, form, ())


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("全年收到政府信息公开申请749件", [("749", "件", "749")]),
        ("全年收到申请 749 件", [("749", "件", "749")]),
        ("共１２件、1,234条", [("１２", "件", "12"), ("1,234", "条", "1234")]),
        ("公开信息18万余条", [("18万余", "条", "180000")]),
        ("阅读量120余万次", [("120余万", "次", "1200000")]),
        ("收费3.5万元，另有2230元", [("3.5", "万元", "3.5"), ("2230", "元", "2230")]),
        ("满意率98.5%，提高0.5个百分点", [("98.5", "%", "98.5"), ("0.5", "个百分点", "0.5")]),
        ("召开专题会议两次，印发文件二十余份", [("两", "次", "2"), ("二十余", "份", "20")]),
        ("行政诉讼数量为0。", [("0", "", "0")]),
    ],
)
def test_a_number_with_its_unit_is_read(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(q.printed, q.unit, str(q.value)) for q in find_quantities(sentence)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "2023年12月31日",
        "国办公开办函〔2021〕30号",
        "国务院令第711号第三十八条",
        "第3次会议，第三次会议",
        "电话0518-83511111",
        "在3-5个工作日内答复，用时3个月",
        "2.3条例",
        "12345热线",
        "一次性告知，进一步规范，每件必复",
    ],
)
def test_dates_numbers_of_documents_and_ordinals_count_nothing(sentence: str) -> None:
    assert find_quantities(sentence) == []


def test_an_approximate_number_is_marked() -> None:
    found = find_quantities("近300人次，约20件，5500余条，98%以上，共7件")
    assert [q.approximate for q in found] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("共收到政府信息公开申请749件", "政府信息公开申请"),
        ("全年通过门户网站发布政府信息2553条", "政府信息"),
        ("一是更新完善3份目录清单", "目录清单"),
        ("对辖区18家个体诊所完成备案", "个体诊所"),
        ("办结率100%", "办结率"),
        ("予以公开14件", "予以公开"),
        ("占比达98.5%以上", "占比"),
    ],
)
def test_what_is_counted_is_in_the_sentences_own_words(sentence: str, counts: str) -> None:
    assert [m.counts for m in read_mentions(sentence)] == [counts]


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("全年收到政府信息公开申请749件", [NEW]),
        ("共收到12件政府信息公开申请", [NEW]),
        ("全市共受理政府信息公开申请3119件", [NEW]),
        ("收到公民、法人和其他组织提出的政府信息公开申请5件", [NEW]),
        (
            "上年结转政府信息公开申请2件，结转下年度继续办理1件",
            [(("requests", "carried_in", "total"),), (("requests", "carried_out", "total"),)],
        ),
        ("因政府信息公开被提起行政诉讼6件", [LITIGATION]),
        ("制发行政规范性文件3件", [(("proactive", "normative_documents", "issued"),)]),
    ],
)
def test_the_wording_names_the_field(sentence: str, fields: list[object]) -> None:
    assert [m.fields for m in read_mentions(sentence)] == fields


@pytest.mark.parametrize(
    "sentence",
    [
        "2022年收到政府信息公开申请30件",  # another year
        "较上年收到政府信息公开申请增加5件",  # a change
        "通过网络收到政府信息公开申请5件",  # a part
        "其中市直部门收到政府信息公开申请5件",
        "收到政府信息公开申请近20件",  # about
        "收到政府信息公开申请20人次",  # other things
        "全年行政诉讼57件",  # whatever it was about
        "全年办理行政许可1380件",
        "公开行政处罚决定信息24条",
        "全年办理行政许可305件，行政处罚决定79件，均按规定在7个工作日内公示。",  # what was made public
        "上半年收到政府信息公开申请5件",
        "各乡镇收到政府信息公开申请5件",
        "行政复议、行政诉讼分别为3件、5件",
        "对历年80份规范性文件开展清理，废止1份",
    ],
)
def test_a_wording_in_doubt_names_no_field(sentence: str) -> None:
    assert {m.fields for m in read_mentions(sentence)} == {()}


def test_results_belong_to_the_case_before_them() -> None:
    found = read_mentions(
        "因政府信息公开被申请行政复议9件（结果维持8件），提起行政诉讼6件（结果维持5件）", "review"
    )
    assert [(m.value, m.fields) for m in found] == [
        (Decimal(9), (("review", "reconsideration", "total"),)),
        (Decimal(8), (("review", "reconsideration", "upheld"),)),
        (Decimal(6), LITIGATION),
        (
            Decimal(5),
            (
                ("review", "litigation_direct", "upheld"),
                ("review", "litigation_after_reconsideration", "upheld"),
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("本年度未收到政府信息公开申请", NEW),
        ("没有收到公民、法人和其他组织提出的政府信息公开申请", NEW),
        ("没有因政府信息公开工作被申请行政复议、提起行政诉讼的情况", REVIEW),
        ("未发生涉及某局信息公开的行政复议案件和行政诉讼案件", REVIEW),
        ("没有2022年结转的政府信息公开申请", (("requests", "carried_in", "total"),)),
        ("未收取信息处理费", ()),
    ],
)
def test_nothing_in_words_is_a_worded_zero(sentence: str, fields: tuple[tuple[str, str, str], ...]) -> None:
    (found,) = read_mentions(sentence)
    assert (found.value, found.worded, found.unit, found.fields) == (Decimal(0), True, "", fields)


@pytest.mark.parametrize(
    "sentence", ["没有未按时办结的申请", "不存在不予公开的情况", "无正当理由大量反复申请", "未及时更新"]
)
def test_what_is_denied_twice_or_otherwise_is_no_zero(sentence: str) -> None:
    assert read_mentions(sentence) == ()


def test_both_are_zero_where_both_are_stated_as_zero() -> None:
    (found,) = read_mentions("行政复议、行政诉讼均为0。", "review")
    assert (found.value, found.worded, found.fields) == (Decimal(0), False, REVIEW)


def test_a_form_without_the_slot_has_no_field() -> None:
    assert [m.fields for m in read_mentions("全年收到政府信息公开申请749件", form="free")] == [()]
    (found,) = read_mentions("全年收到政府信息公开申请749件", form="2014")
    assert found.fields == (("statistics", "requests_received", "value"),)


def test_a_sentence_cut_by_the_width_of_a_page_is_one() -> None:
    (found,) = read_mentions("全市各级行政机关二〇二三年度共收到政府\n信息公开申请749件。")
    assert (found.sentence, found.fields) == (
        "全市各级行政机关二〇二三年度共收到政府信息公开申请749件。",
        NEW,
    )
    assert (found.section, found.path, found.place.page, found.place.block) == ("overview", "1.2", 3, 7)


def test_a_report_before_the_forms_gives_mentions_and_no_facts() -> None:
    (report,) = normalize(
        build.document(
            "清溪镇人民政府2011年政府信息公开工作年度报告",
            "一、概述",
            "指定专人负责。",
            "二、主动公开政府信息的情况",
            "全年主动公开信息312条，其中全文电子化率达100%。",
            "三、咨询处理情况",
            "接受咨询40人次。",
        )
    )
    assert (report.template, report.facts) == ("free", ())
    assert [(m.counts, m.value, m.unit, m.place.block) for m in report.mentions] == [
        ("信息", Decimal(312), "条", 4),
        ("全文电子化率", Decimal(100), "%", 4),
        ("咨询", Decimal(40), "人次", 6),
    ]
