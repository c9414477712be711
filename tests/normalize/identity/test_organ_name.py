"""The names of public bodies, and where a document says them."""

import pytest

from gongkai.model import Document, Paragraph, Place, Source
from gongkai.normalize import normalize
from gongkai.normalize.identity.body import write_out

PERIOD = "本报告中所列数据的统计期限自2021年1月1日起至2021年12月31日止。"


def test_a_name_is_written_out_and_no_other_text_is() -> None:
    assert write_out("高桥镇政府") == "高桥镇人民政府"
    assert write_out("开发区管委会") == "开发区管理委员会"
    assert write_out("绿水市临空经济区") == "绿水市临空经济区", "a zone has no 人民政府"
    assert write_out("城关街道办") == "城关街道办事处"
    assert write_out("关于做好工作") == "关于做好工作"


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


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["临江市365投注局2021年政府信息公开工作年度报告", PERIOD], "hijacked-copy"),
        (["德阳高新技术产业开发区管理委员会2021年政府信息公开工作年度报告", PERIOD], "division-unknown"),
        (
            ["临江市林业局2021年政府信息公开工作年度报告", "由临江市财政局结合有关统计数据编制。" + PERIOD],
            "org-disagrees",
        ),
    ],
)
def test_a_name_that_wants_a_look_is_told(lines: list[str], code: str) -> None:
    (report,) = normalize(document(*lines, "一、总体情况", "全年主动公开政府信息12条。"))
    assert [f.code for f in report.findings] == [code]


def test_the_preface_says_who_wrote_the_report() -> None:
    assert org("根据条例要求，由临江市林业局结合有关统计数据编制。" + PERIOD) == "临江市林业局"
    assert org("根据条例要求，特编制2021年度清溪镇政府信息公开年度报告。" + PERIOD) == "清溪镇人民政府"


def test_two_names_beside_each_other_are_no_name() -> None:
    line = "我委以政府信息公开目录管理系统、市卫健委门户网站为平台，公开信息30条。"
    contact = "如对本报告有疑问，请与青石市卫生健康委员会办公室联系（电话：1234567）。"
    found = org("2021年卫生健康委员会政府信息公开工作年度报告", PERIOD + contact, line)
    assert found in (None, "青石市卫生健康委员会")


def test_what_a_citys_report_is_called_in_a_sentence_names_its_government() -> None:
    assert org("现向社会公布2021年度青石市政府信息公开年度报告。" + PERIOD) == "青石市人民政府"


def test_a_short_name_in_brackets_may_stand_between_a_body_and_its_report() -> None:
    line = "现公布青石县经济开发区（以下简称县开发区）2021年政府信息公开工作年度报告。"
    assert org(line + PERIOD) == "青石县经济开发区"


def test_a_ministry_without_the_and_of_its_name_is_that_ministry() -> None:
    line = "现公开人力资源社会保障部（含国家公务员局）2021年政府信息公开工作年度报告。"
    assert org(line + PERIOD, "2021年，人力资源社会保障部认真贯彻条例。") == "人力资源社会保障部"


def test_a_districts_document_that_is_followed_does_not_make_the_district_the_body() -> None:
    lines = [
        "2021年，绿水路街道对照2021年青石区政务公开工作要点，扎实做好政府信息公开工作。",
        "围绕《2021年青石区政务公开工作要点》，公开信息30条。",
        "在青石区人民政府网站上公开了街道职能。" + PERIOD,
    ]
    assert org(*lines) != "青石区人民政府"


def test_a_bureau_is_not_the_body_where_its_branch_answers() -> None:
    lines = [
        "本报告由青石市生态环境局绿水编制。" + PERIOD,
        "如有疑问，请与青石市生态环境局绿水分局办公室联系（电话：1234567）。",
        "2021年，我局在青石市生态环境局网站、青石日报发布信息30条。",
    ]
    assert org(*lines) == "青石市生态环境局绿水分局"


def test_an_office_that_says_what_it_has_published_reports_for_itself() -> None:
    lines = [
        "特向社会公布2021年度本级政府（机关）信息公开工作年度报告。" + PERIOD,
        "如有疑问，请与青石市政府办公室联系（电话：1234567）。",
        "2021年，市政府办公室共发布各类主动公开信息96件。",
    ]
    assert org(*lines) in (None, "青石市人民政府办公室")
