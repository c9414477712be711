"""The narrative of a panel: lengths, keywords, what is repeated from the year before, problems and measures."""

from __future__ import annotations

import csv
import doctest
from pathlib import Path

import numpy as np
import pytest

from builders.dataset_folder import folder, report
from gongkai.model import Place, Section
from gongkai.panel import Panel, PanelOptions, build, narrative, save
from gongkai.panel.missing import NO_BOX, NO_REPORT, PART_MISSING

FIRST = "仍存在一些不足：一是解读形式比较单一；二是人员变动频繁，共有3人调整。\n下一步：一是每季度开展专题培训；二是建立问题清单。"
SECOND = (
    "仍存在一些不足：一是解读形式比较单一；二是人员变动频繁，共有9人调整。\n下一步：一是加强信访数据治理。"
)


def sections(problems: str, overview: str = "全年主动公开信息若干。") -> tuple[Section, ...]:
    return (
        Section("overview", "1", 1, "一", "总体情况", overview, Place()),
        Section("problems", "5", 1, "五", "存在的主要问题及改进情况", problems, Place()),
        Section("problems", "5.1", 2, "（一）", "", "不重复计算", Place()),
    )


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    made = [
        report("a", 2020, "2019", sections=sections(FIRST)),
        report("a", 2021, "2021", sections=sections(SECOND)),
        report("a", 2023, "2021", sections=sections(FIRST)),
        report("b", 2021, "2021", sections=sections("渔业渔业渔业码头码头。")[:2]),
        report("c", 2021, "2021"),
    ]
    out = folder(tmp_path_factory.mktemp("narrative") / "out", made)
    return build(out, PanelOptions(narrative=True, balanced=True, years=(2020, 2023)))


def row(panel: Panel, body: str, year: int) -> int:
    at = np.flatnonzero((panel.texts["body_id"] == body) & (panel.numbers["year"] == year))
    return int(at[0])


def test_a_section_is_counted_once_without_blanks(panel: Panel) -> None:
    at = row(panel, "a", 2020)
    assert panel.numbers["tx_problems_chars"][at] == len(FIRST.replace("\n", ""))
    assert 10 < panel.numbers["tx_problems_words"][at] < len(FIRST)
    assert panel.codes["tx_requests_chars"][at] == NO_BOX.number


def test_figures_do_not_make_a_text_new(panel: Panel) -> None:
    at = row(panel, "a", 2021)
    clauses = (
        "仍存在一些不足",
        "一是解读形式比较单一",
        "二是人员变动频繁",
        "共有9人调整",
        "一是加强信访数据治理",
    )
    repeated = sum(map(len, clauses[:4])) / sum(map(len, clauses))
    assert panel.numbers["d_text_same"][at] == pytest.approx(repeated)


def test_a_first_year_a_gap_and_a_missing_report_have_no_similarity(panel: Panel) -> None:
    codes = panel.codes["d_text_same"]
    assert codes[row(panel, "a", 2020)] == PART_MISSING.number
    assert codes[row(panel, "a", 2023)] == PART_MISSING.number  # 2022 has no report
    assert codes[row(panel, "a", 2022)] == NO_REPORT.number
    assert codes[row(panel, "c", 2021)] == PART_MISSING.number


def test_keywords_are_what_others_do_not_say(panel: Panel) -> None:
    words = panel.texts["tx_keywords"][row(panel, "b", 2021)].split()
    assert {"渔业", "码头"} <= set(words) and "信息" not in words[:2]
    assert panel.texts["tx_keywords"][row(panel, "c", 2021)] == ""


def test_problems_and_measures_are_separate_items(panel: Panel, tmp_path: Path) -> None:
    at = row(panel, "a", 2020)
    assert [panel.numbers[n][at] for n in ("tx_problems_items", "tx_measures_items")] == [2, 2]
    save(panel, [(tmp_path / "p.csv", "csv")])
    with (tmp_path / "panel_items.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["year"] == "2021"]
    assert [(line["kind"], line["text"]) for line in lines] == [
        ("problem", "解读形式比较单一"),
        ("problem", "人员变动频繁，共有9人调整"),
        ("measure", "加强信访数据治理"),
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "仍存在一些不足，主要是解读不够丰富。针对存在问题，2025年我们将切实抓好以下工作：一是优化流程；二是加强培训。",
            "mm",
        ),
        ("为解决上述不足，我局采取如下办法：1.配强人员；2.开展轮训。", "mm"),
        ("问题主要有：一是针对性不强、力度不足；二是更新慢。", "pp"),
        ("存在的主要问题及改进情况\n一是甲事没有办；二是乙事没有办。", "uu"),
        ("（一）存在的主要问题。1.更新慢；2.答复晚。（二）改进措施：1.设专人；2.定时限。", "ppmm"),
        ("（一）主要问题\n一是更新慢。\n二是答复晚。\n（二）下一步工作打算\n一是设专人。", "ppm"),
        ("工作中还有短板：一是更新慢。我镇将从三方面发力：一是设专人；二是定时限；三是勤检查。", "pmmm"),
        ("针对上年提出的问题，已全部整改。今年仍有差距：（1）更新慢；（2）答复晚。", ""),
        ("（一）存在的问题。个别答复说理不够充分。（二）改进情况。组织学习典型案例6个。", ""),
    ],
)
def test_the_words_before_a_list_say_what_its_items_are(text: str, kinds: str) -> None:
    assert "".join(item.kind[0] for item in narrative.list_items(text)) == kinds


def test_an_item_whose_words_do_not_say_what_it_is_is_unclear() -> None:
    assert [i.kind for i in narrative.list_items("工作情况：一是甲；二是乙。")] == ["unclear", "unclear"]
    assert narrative.list_items("没有列出。") == ()


def test_the_examples_hold() -> None:
    assert doctest.testmod(narrative).failed == 0


def test_a_panel_that_is_not_asked_has_no_text(tmp_path: Path) -> None:
    plain = build(folder(tmp_path / "out", [report("a", 2020, "2019", sections=sections(FIRST))]))
    assert not any(v.kind == "narrative" for v in plain.variables) and plain.items == []
