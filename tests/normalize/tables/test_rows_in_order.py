"""Rows of a text that stand more than once, and those of which nothing is taken."""

from gongkai.extract import text
from gongkai.model import Limits, Report, Source
from gongkai.normalize import normalize

HEADS = "申请人情况\n自然人|法人或其他组织|总计\n商业企业|科研机构|社会公益组织|法律服务机构|其他\n"
NEW, CARRIED, OUT = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "四、结转下年度继续办理",
)


def report(*rows: str) -> Report:
    data = (
        "一、总体情况\n全年公开12条。\n三、收到和处理政府信息公开申请情况\n" + HEADS + "\n".join(rows)
    ).encode()
    (whole,) = normalize(text.read(Source("x.txt", data, "0" * 64, len(data)), Limits()))
    return whole


def test_of_a_row_that_stands_twice_what_differs_is_not_given() -> None:
    whole = report(f"{NEW}|1|0|0|0|0|0|1", f"{CARRIED}|2|0|0|0|0|0|2", f"{NEW}|3|0|0|0|0|0|3")
    given = {(f.field.row.id, f.field.column.id): f.value for f in whole.facts}
    assert ("new_requests", "total") not in given and given["carried_in", "total"] == 2
    twice = [f for f in whole.findings if f.code == "field-twice"]
    assert [f.row for f in twice] == ["new_requests"] and "3" in (twice[0].printed or "")


def test_a_row_of_numbers_that_is_left_out_is_told_with_its_place() -> None:
    rows = (
        f"{NEW}|1|0|0|0|0|0|1",
        f"{CARRIED}|2|0|1|2",
        "网上提交的件数|4|0|0|0|0|0|4",
        f"{OUT}|0|0|0|0|0|0|0",
    )
    whole = report(*rows)
    told = {f.code: f for f in whole.findings if f.table == "requests" and f.place is not None}
    assert told["row-unaligned"].row == "carried_in" and told["row-unaligned"].printed == "2 | 0 | 1 | 2"
    assert told["label-unknown"].printed == "网上提交的件数"
    assert {f.field.row.id for f in whole.facts} == {"new_requests", "carried_out"}
