"""Tables of a text that keeps the order of its boxes alone: numbers behind their labels, before them, or in the columns' order."""

from __future__ import annotations

from decimal import Decimal

from gongkai.extract import text
from gongkai.model import Limits, Source
from gongkai.normalize import normalize
from gongkai.normalize.form.template import table

BAND = "第二十条第（六）项\n信息内容\n上一年项目数量\n本年增/减\n处理决定数量\n"
OTHERS = """二、主动公开政府信息情况
第二十条第（一）项
信息内容
本年新制作数量
本年新公开数量
对外公开总数量
规章
1
2
3
规范性文件
4
5
6
第二十条第（五）项
信息内容
上一年项目数量
本年增/减
处理决定数量
行政许可
7
0
8
其他对外管理服务事项
9
0
10
"""
FEES = "第二十条第（八）项\n信息内容\n上一年项目数量\n本年增/减\n行政事业性收费\n2\n0\n"
END = "三、收到和处理政府信息公开申请情况\n无。\n"


def values(content: str) -> dict[tuple[str, str], Decimal | None]:
    data = ("某县2019年政府信息公开工作年度报告\n一、总体情况\n全年公开12条。\n" + content).encode()
    (whole,) = normalize(text.read(Source("x.txt", data, "0" * 64, len(data)), Limits()))
    return {(f.field.row.id, f.field.column.id): f.value for f in whole.facts}


def test_numbers_that_go_down_the_columns_are_no_row_s() -> None:
    got = values(OTHERS + BAND + "行政处罚\n17\n行政强制\n4\n-1\n0\n0\n0\n" + FEES + END)
    assert not {row for row, _ in got} & {"administrative_penalties", "administrative_coercion"}


def test_fifteen_labels_with_their_numbers_below_all_of_them_are_not_blank() -> None:
    results = "结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n"
    table = (
        "四、政府信息公开行政复议、行政诉讼情况\n行政复议\n行政诉讼\n"
        + 3 * results
        + "3\n0\n2\n0\n五、存在的主要问题\n无。\n"
    )
    assert not {slot: v for slot, v in values(table).items() if slot[0] == "reconsideration"}


def test_fifteen_numbers_down_the_columns_of_a_page_are_not_taken_along_its_rows() -> None:
    heads = "类别\n结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n行政复议\n行政诉讼\n未经复议直接起诉\n复议后起诉\n"
    numbers = "6 8 0 0 8 10 4 10 10 0 6 8 10 32 28".replace(" ", "\n\n")
    end = "\n五、存在的主要问题\n无。\n"
    got = values("四、政府信息公开行政复议、行政诉讼情况\n" + heads + numbers + end)
    assert not {row for row, _ in got} & {"reconsideration", "litigation_direct"}


def test_seven_numbers_of_a_column_behind_a_label_are_not_its_row_s() -> None:
    heads = "申请人情况\n自然人\n商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n"
    labels = "一、本年新收政府信息公开申请数量\n二、上年结转政府信息公开申请数量\n"
    column = "0 0 0 0 0 24 1 3 0 1 0 2 408 1 73\n".replace(" ", "\n")
    table = heads + labels + column + "总计\n433\n2\n76\n14\n42\n0\n4\n（一）予以公开\n"
    assert values("三、收到和处理政府信息公开申请情况\n" + table + "四、政府信息公开行政复议情况\n") == {}


def test_csv_is_read_as_the_table_that_it_is() -> None:
    heads = "项目,自然人,商业企业,科研机构,社会公益组织,法律服务机构,其他,总计\n"
    rows = "一、本年新收政府信息公开申请数量,1,2,,,,,3\n二、上年结转政府信息公开申请数量,,,,,1,,1\n（一）予以公开,1,,,,,,1\n"
    more = "".join(
        f"{i}.{label},,,,,,,\n" for i, label in enumerate(("属于国家秘密", "其他法律行政法规禁止公开"), 1)
    )
    got = values(
        "三、收到和处理政府信息公开申请情况\n"
        + heads
        + rows
        + more
        + "（七）总计,1,2,,,1,,4\n四、结转下年度继续办理,,,,,,,\n"
    )
    assert got["new_requests", "commercial_enterprise"] == 2
    assert got["carried_in", "legal_service_org"] == 1 and got["carried_in", "other"] == 0


def test_the_ids_of_rows_and_columns_are_labels_too() -> None:
    columns = (
        "natural_person",
        "commercial_enterprise",
        "research_institution",
        "public_welfare_org",
        "legal_service_org",
    )
    record = ", ".join(f'"{c}": {i}' for i, c in enumerate((*columns, "other")))
    data = (
        '{"title": "某县2023年政府信息公开工作年度报告", "requests": {"new_requests": {'
        + record
        + ', "total": 15}, '
    )
    data += '"carried_in": {' + record + ', "total": 15}, "granted": {' + record + ', "total": 15}}}'
    (whole,) = normalize(text.read(Source("x.json", data.encode(), "0" * 64, len(data.encode())), Limits()))
    got = {(f.field.row.id, f.field.column.id): f.value for f in whole.facts}
    assert (got["granted", "legal_service_org"], got["granted", "total"]) == (4, 15)


def test_numbers_of_table_three_that_go_down_its_columns_are_no_row_s() -> None:
    """Columns that change places keep all sums: natural persons may come last."""
    rows = table("2021", "requests").rows
    filled = {
        "new_requests": (5, 2),
        "granted": (4, 1),
        "denied_state_secret": (1, 1),
        "outcomes_total": (5, 2),
    }
    numbers = [filled.get(row.id, (0, 0)) for row in rows]
    columns = [
        [b for _, b in numbers],
        *(4 * [[0] * len(rows)]),
        [a for a, _ in numbers],
        [a + b for a, b in numbers],
    ]
    lines = [row.path[-1] for row in rows] + [str(n) for column in columns for n in column]
    assert not values(
        "三、收到和处理政府信息公开申请情况\n" + "\n".join(lines) + "\n五、存在的主要问题\n无。\n"
    )
