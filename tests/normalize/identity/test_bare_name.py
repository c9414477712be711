"""A title that names no place, and what tells the place: the site's code and owner, the address, the folder."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import made_grids as build
from gongkai.normalize import normalize

TITLE = "县水务局2023年政府信息公开工作年度报告"
CODE, SITE = ("SiteIDCode", "3418240001"), ("SiteName", "绩溪县人民政府")


def org(
    *lines: str, title: str = TITLE, metadata: tuple[tuple[str, str], ...] = (), path: str = "x.html"
) -> str | None:
    text = (title, "一、总体情况", *(lines or ("2023年，我局有序开展公开。",)), "二、主动公开政府信息情况")
    (report,) = normalize(replace(build.document(*text, path=path), metadata=metadata))
    return report.org


@pytest.mark.parametrize(
    ("metadata", "line"),
    [
        ((CODE,), "我局有序开展公开。"),
        ((SITE,), "我局有序开展公开。"),
        ((("title", f"{TITLE}_绩溪县人民政府"),), "我局有序开展公开。"),
        ((), "如有疑问，请与我局办公室联系（地址：绩溪县华阳镇龙川大道1号，电话：0563-81）。"),
        ((CODE, SITE), "我局服务全县水利工作。"),
    ],
)
def test_the_place_of_a_bare_name_is_told_beside_it(metadata: tuple[tuple[str, str], ...], line: str) -> None:
    assert org(line, metadata=metadata) == "绩溪县水务局"


def test_a_name_that_two_districts_have_gets_its_city() -> None:
    title = "区司法局2023年政府信息公开工作年度报告"
    assert org(title=title, metadata=(("title", f"{title}_福州市鼓楼区人民政府"),)) == "福州市鼓楼区司法局"
    assert org(title=title, metadata=(("title", f"{title}_鼓楼区人民政府"),)) is None


def test_a_site_of_another_kind_of_place_tells_nothing() -> None:
    assert org(metadata=(("SiteIDCode", "3418000001"), ("SiteName", "宣城市人民政府"))) is None
    bare = "水务局2023年政府信息公开工作年度报告"
    assert (
        org(
            "在县委、县政府领导下，我局有序开展公开。", title=bare, metadata=(("SiteName", "宣城市人民政府"),)
        )
        is None
    )


def test_a_report_of_another_body_on_the_site_is_not_its_owners() -> None:
    assert org("旌德县水利工作有序开展，我局公开信息。", metadata=(CODE, SITE)) is None
    assert org("黟县水利工作有序开展，我局公开信息。", metadata=(CODE, SITE)) is None
    assert org("我局指导全县各镇和县直单位公开信息。", metadata=(CODE, SITE)) == "绩溪县水务局"
    assert org(title="旌德县水务局2023年政府信息公开工作年度报告", metadata=(CODE, SITE)) == "旌德县水务局"
    assert org(title="2023年政府信息公开工作年度报告", metadata=(CODE, SITE)) is None
    assert org(metadata=(CODE, ("SiteName", "旌德县人民政府"))) is None


def test_a_folder_is_evidence_where_the_text_names_its_place_too() -> None:
    assert org(path="绩溪县/2023/a.html") is None
    assert org("绩溪县水利工作有序开展，我局公开信息。", path="绩溪县/2023/a.html") == "绩溪县水务局"
    assert org("旌德县水利工作有序开展，我局公开信息。", path="绩溪县/2023/a.html") is None


@pytest.mark.parametrize(
    "site", ["绩溪县人民政府", "绩溪县人民政府门户网站", "绩溪县政府网", "绩溪县政府门户网站"]
)
def test_the_name_of_a_site_is_that_of_its_owner(site: str) -> None:
    assert org(metadata=(("title", f"{TITLE}-{site}"),)) == "绩溪县水务局"
