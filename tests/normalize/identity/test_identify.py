"""Who reports, from lines that are made up as real pages print them."""

from __future__ import annotations

import pytest

from builders import made_grids as build
from gongkai.normalize import normalize

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
