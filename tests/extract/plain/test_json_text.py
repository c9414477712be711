"""Reports as an interface sends them."""

from __future__ import annotations

import json

from gongkai.extract import extract
from gongkai.extract.plain.json_text import read_json
from gongkai.model import Document, Grid, Source


def lines(value: object) -> list[str]:
    found = read_json(json.dumps(value, ensure_ascii=False))
    assert found is not None and not found.is_page
    return found.text.splitlines()


def read(value: object) -> Document:
    data = json.dumps(value, ensure_ascii=False).encode()
    return extract(Source("x.json", data, "", len(data)))


def test_records_by_their_labels_are_rows_and_their_keys_heads() -> None:
    value = {"主动公开": {"规章": {"制发件数": 1, "废止件数": None}, "行政许可": {"处理决定数量": "12"}}}
    assert lines(value) == ["\t制发件数\t废止件数", "规章\t1\t", "\t处理决定数量", "行政许可\t12"] or lines(value) == [
        "\t\t制发件数\t废止件数", "主动公开\t规章\t1\t", "\t\t处理决定数量", "主动公开\t行政许可\t12",
    ]  # fmt: skip


def test_lists_of_records_and_lists_of_lists_are_rows() -> None:
    assert lines({"rows": [{"name": "规章", "made": 3}, {"name": "许可", "made": 0}]}) == [
        "name\tmade",
        "规章\t3",
        "许可\t0",
    ]
    assert lines({"rows": [["规章", 3, ""], ["许可", "", 1]]}) == ["规章\t3\t", "许可\t\t1"]


def test_the_columns_of_a_group_stand_among_the_others() -> None:
    value = {"本年新收": {"自然人": 1, "法人或其他组织": {"商业企业": 0, "科研机构": 2}, "总计": 3}}
    assert lines(value) == ["\t自然人\t商业企业\t科研机构\t总计", "本年新收\t1\t0\t2\t3"]


def test_a_chinese_key_is_a_heading_and_one_of_the_interface_is_not() -> None:
    value = {
        "code": 200,
        "title": "某县年度报告",
        "一、总体情况": "今年公开信息三条。",
        "发布日期": "2024-01-18",
    }
    assert lines(value) == ["某县年度报告", "一、总体情况", "今年公开信息三条。", "发布日期：2024-01-18"]


def test_a_page_within_json_is_read_as_a_page() -> None:
    page = "<p>某县年度报告</p><table><tr><td>规章</td><td>0</td></tr></table>"
    (grid,) = (b for b in read({"data": {"content": page}}).blocks if isinstance(b, Grid))
    assert [c.text for c in grid.cells] == ["规章", "0"]


def test_what_is_no_whole_json_stays_a_text() -> None:
    assert read_json('{"a": 1') is None
    assert read_json('{"a": 1]') is None
    assert read_json("[" * 100_000 + '"' + "]" * 100_000) is None
    assert read_json("一、总体情况") is None
