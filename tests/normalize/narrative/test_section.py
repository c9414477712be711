"""Headings of the six sections."""

import pytest

from builders import made_grids as build
from gongkai.model import Document, Paragraph, Place, Report, Source
from gongkai.normalize import normalize

FORM = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]


def report(lines: list[str]) -> Report:
    blocks = tuple(Paragraph(line, Place(block=i)) for i, line in enumerate(lines))
    (found,) = normalize(Document(Source("x.docx", b"", "0" * 64, 0), "docx", "docx", blocks))
    return found


def texts(lines: list[str]) -> dict[str, str]:
    return {s.id: s.text for s in report(lines).sections if s.level == 1}


def with_heading(number: int, wording: str) -> dict[str, str]:
    headings = [wording if i == number else h for i, h in enumerate(FORM)]
    return texts([line for i, h in enumerate(headings) for line in (h, f"正文{i}。")])


@pytest.mark.parametrize(
    ("number", "wording"),
    [
        (0, "一、2021年总体工作概述"),
        (1, "二、主动公开政府信息情况统计"),
        (2, "三、政府信息公开申请的收到和处理情况"),
        (3, "四、因政府信息公开引发复议和应诉情况"),
        (4, "五、存在问题及下一步工作打算"),
        (4, "五、存在的主要问题以及今后打算"),
        (5, "六、其他应当报告的事项"),
    ],
)
def test_one_word_is_enough_for_a_numbered_heading_in_its_place(number: int, wording: str) -> None:
    found = with_heading(number, wording)
    assert list(found.values()) == [f"正文{i}。" for i in range(6)]


def test_a_sentence_with_the_word_and_the_number_is_no_heading() -> None:
    found = texts([*FORM[:4], "正文。", "五、针对问题，逐项整改。", FORM[5], "无"])
    assert "problems" not in found


def test_a_last_section_that_says_none_is_no_signature() -> None:
    found = texts([*FORM, "没有", "临江市林业局", "2022年1月12日"])
    assert found["other"] == "没有"


def test_a_last_section_that_says_none_stands_in_a_report_drawn_as_one_table() -> None:
    rows = [line for i, heading in enumerate(FORM) for line in (heading, "无。" if i == 5 else f"正文{i}。")]
    title = "绩溪县财政局2023年政府信息公开年度报告"
    rows = [title, *rows, "绩溪县财政局", "2024年1月20日"]
    document = build.document(build.grid([[row, "·", "·"] for row in rows]))
    (found,) = normalize(document)
    assert [s.text for s in found.sections if s.level == 1] == [f"正文{i}。" for i in range(5)] + ["无。"]
    assert (found.org, found.year, found.title, found.published) == (
        "绩溪县财政局",
        2023,
        title,
        "2024-01-20",
    )
