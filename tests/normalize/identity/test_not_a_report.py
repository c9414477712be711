"""Documents with nearly the title of a report."""

import pytest

from gongkai.normalize.identity.not_a_report import detect_other_kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2023年上半年政府信息公开工作情况统计表", "part-year"),
        ("临江市2022年第三季度依申请公开统计表", "part-year"),
        ("临江市2022年11月依申请公开办理情况统计表", "part-year"),
        ("临江市林业局2022年度依申请公开工作情况", "summary"),
        ("《2022年政府信息公开工作年度报告》文字解读", "explainer"),
        ("关于做好2022年政府信息公开工作年度报告编制工作的通知", "notice"),
        ("临江市林业局2022年部门决算公开", "budget"),
        ("临江市政务公开年报比对", "comparison"),
        ("临江市林业局2022年政府信息公开年度报告（与上年对比）", None),
        ("2022与2023年政府信息公开年度报告差异比对", "comparison"),
        ("临江市林业局2022年政府信息公开工作年度报告", None),
        ("2022年12月31日政府信息公开工作年度报告", None),
        ("临江市林业局2015年政府信息公开情况统计表", None),
    ],
)
def test_a_title_says_what_a_document_is(title: str, kind: str | None) -> None:
    assert detect_other_kind([title], [], [], [], "临江市林业局") == kind
