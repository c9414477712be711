"""Documents that name nobody, found in a list whose body the crawl knows."""

from __future__ import annotations

import hashlib

import pytest

from gongkai.model import Report, Source
from gongkai.pipeline import Options, read_source

TEXT = """2023年政府信息公开工作年度报告

一、总体情况
2023年，{we}认真贯彻落实条例，{we}主动公开信息20条。
二、主动公开政府信息情况
{more}全年，{we}公开信息20条。
三、收到和处理政府信息公开申请情况
{we}未收到政府信息公开申请。

2024年1月20日
"""
LISTS = (("caizheng", "绩溪县财政局"), ("jixi", "绩溪县人民政府"), ("jie", "合肥市某某网"))


def report(site: str, we: str = "我局", more: str = "") -> Report:
    data = TEXT.format(we=we, more=more).encode()
    source = Source(f"{site}/2023.txt", data, hashlib.sha256(data).hexdigest(), len(data))
    (found,) = read_source(source, Options(list_bodies=LISTS))
    return found


def test_a_report_without_a_name_is_that_of_the_list_of_its_kind() -> None:
    found = report("caizheng")
    assert found.org == "绩溪县财政局"
    assert found.body is not None and found.body.id == "341824/财政局"
    assert [f.severity for f in found.findings if f.code == "org-from-list"] == ["warning"]
    assert found.org_evidence is not None and found.org_evidence.confidence == 0.7


@pytest.mark.parametrize(
    ("site", "we", "more"),
    [
        ("jixi", "我局", ""),  # the county's list holds the reports of its bureaus
        ("caizheng", "我镇", ""),
        ("caizheng", "我单位", ""),
        ("caizheng", "我局", "按照绩溪县人民政府要求，"),  # somebody is named
        ("caizheng", "我局", "我委"),  # two kinds
        ("elsewhere", "我局", ""),
        ("jie", "我局", ""),  # no name of a body
    ],
)
def test_where_anything_else_may_be_meant_there_is_no_body(site: str, we: str, more: str) -> None:
    assert report(site, we, more).org is None
