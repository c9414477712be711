"""Labels read as a sequence along the form."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.normalize.form.align import align
from gongkai.normalize.form.lexicon import read_lexicon
from gongkai.normalize.form.template import table

ROWS = read_lexicon()["requests"].rows
ORDER = [row.id for row in table("2021", "requests").rows]


def ids(printed: Sequence[str]) -> list[tuple[str, str] | None]:
    return [None if m is None else (m.id, m.rule) for m in align(printed, ORDER, ROWS)]


def test_labels_whose_lines_slid_up_are_separated_by_their_numbers() -> None:
    assert ids(
        [
            "4.无正当理由大量反复申请",
            "5.要求行政机关确认或重新出具已获取信息1.申请人无正当理由逾期不补正、",
            "行政机关不再处理其政府信息公开申请2.申请人逾期未按收费通知要求缴",
            "纳费用、行政机关不再处理其政府信息公开申请",
            "3.其他",
        ]
    ) == [
        ("not_processed_excessive", "exact"),
        ("not_processed_reissue", "sequence"),
        ("other_not_corrected_in_time", "sequence"),
        ("other_fee_unpaid", "sequence"),
        ("other_misc", "exact"),
    ]


def test_labels_with_a_number_more_than_rows_are_left_out() -> None:
    matches = ids(
        [
            "4.无正当理由大量反复申请",
            "5.要求行政机关确认或重新出具已获取信息1.申请人无正当理由逾期不补正、行政机关",
            "不再处理其政府信息公开申请2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请3.其他",
            "（七）总计",
        ]
    )
    assert matches[1:3] == [None, None]
    assert matches[3] == ("outcomes_total", "exact")


def test_a_group_before_its_first_row_is_no_row() -> None:
    assert ids(
        [
            "（三）不予公开1.属于国家秘密2.其他法律行政法规",
            "禁止公开",
            "3.危及“三安全一稳定”",
        ]
    ) == [
        ("denied_state_secret", "sequence"),
        ("denied_prohibited_by_law", "sequence"),
        ("denied_safety_stability", "exact"),
    ]


def test_a_label_that_goes_on_behind_其他_is_no_row_of_the_last_group() -> None:
    few = ["一、本年新收政府信息公开申请数量", "其他机构", "四、结转下年度继续办理"]
    for form in ("2021", "2019"):
        order = [row.id for row in table(form, "requests").rows]
        found = [None if m is None else m.id for m in align(few, order, ROWS)]
        assert found == ["new_requests", None, "carried_out"]
