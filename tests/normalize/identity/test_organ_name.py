"""The names of public bodies."""

import pytest

from gongkai.model import Document, Paragraph, Place, Source
from gongkai.normalize import normalize
from gongkai.normalize.identity.organ_name import complete_name, is_bare, trim_marks

PERIOD = "本报告中所列数据的统计期限自2021年1月1日起至2021年12月31日止。"


@pytest.mark.parametrize("org", ["信访局", "市交通运输局", "区统计局", "市人民政府", "县教育和体育局"])
def test_a_name_without_a_place_is_bare(org: str) -> None:
    assert is_bare(org)


@pytest.mark.parametrize(
    "org", ["国家统计局", "故城县教育局", "清溪镇人民政府", "国家税务总局临江市税务局", "民政部"]
)
def test_a_name_with_its_place_is_not(org: str) -> None:
    assert not is_bare(org)


def test_marks_at_the_ends_of_a_name_go() -> None:
    assert trim_marks("| 市林业局 |") == "市林业局"


def test_the_text_completes_a_bare_name_where_it_says_one_place_only() -> None:
    assert complete_name("市林业局", ["信息见“临江市林业局网站”。"]) == "临江市林业局"
    assert complete_name("市林业局", ["“临江市林业局”、“平川市林业局”"]) is None
    assert complete_name("市林业局", ["根据临江市林业局的要求"]) is None, "where the place begins is not sure"


def document(*lines: str) -> Document:
    blocks = tuple(Paragraph(line, Place(block=i)) for i, line in enumerate(lines))
    return Document(Source("x.docx", b"", "0" * 64, 0), "docx", "docx", blocks)


def org(*lines: str) -> str | None:
    (report,) = normalize(document(*lines, "一、总体情况", "全年主动公开政府信息12条。"))
    return report.org


def test_a_metadata_line_names_the_body() -> None:
    assert (
        org("索引号： | 00251/2022-2 | 发布单位： | 临江市林业局 | 成文日期： | 2022-01-14 |", PERIOD)
        == "临江市林业局"
    )
    assert org("发布机构：", "临江市林业局", "发布日期：2022-01-14", PERIOD) == "临江市林业局"


def test_a_bare_name_gives_no_body_and_a_finding() -> None:
    (report,) = normalize(document("发布单位： | 市林业局 |", PERIOD, "一、总体情况", "全年公开12条。"))
    assert report.org is None
    assert [f.code for f in report.findings] == ["org-incomplete"]


def test_the_preface_says_who_wrote_the_report() -> None:
    assert org("根据条例要求，由临江市林业局结合有关统计数据编制。" + PERIOD) == "临江市林业局"
    assert org("根据条例要求，特编制2021年度清溪镇政府信息公开年度报告。" + PERIOD) == "清溪镇人民政府"
