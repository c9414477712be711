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
