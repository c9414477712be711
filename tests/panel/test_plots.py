"""Plots: what is drawn is what the table behind it says; type is found by its characters; the page loads nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

from builders.dataset_folder import folder, report
from gongkai.model import OWN_OUTPUT
from gongkai.panel import Panel, build
from gongkai.panel.plots import NoFont, Plot, chinese_font, draw_plots, find_font, plots
from gongkai.run.own_output import is_own_output

KINDS = ("natural_person", "commercial_enterprise", "research_institution", "public_welfare_org", "legal_service_org", "other")  # fmt: skip


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    """A county over five years with one missing, small bodies beside it, and one body far from all others."""
    county = "341824/绩溪县人民政府"
    made = [
        report(county, 2018, "2014", {"requests_received": 9}),
        report(
            county, 2019, "2019", {"new_requests": 10, "granted": 6, "outcomes_total": 6, "carried_out": 4}
        ),
        report(county, 2020, "2019", {"new_requests": 12, "carried_in": 4, "carried_out": 3}),
        report(county, 2022, "2021", {"new_requests": 15, "carried_in": 9, "denied_state_secret": 2}),
        report(
            county, 2023, "2021", {"new_requests": None, "carried_in": 1, "new_requests.natural_person": 3}
        ),
    ]
    made += [report(f"b{i}", 2022, "2021", {"new_requests": 5 + i % 3, "granted": 3}) for i in range(12)]
    made.append(report("far", 2022, "2021", {"new_requests": 90_000, "new_requests.other": 90_000}))
    return build(folder(tmp_path_factory.mktemp("plots") / "out", made))


def by_name(panel: Panel, body: str | None = None) -> dict[str, Plot]:
    return {plot.name: plot for plot in plots(panel, body)}


def test_every_plot_that_people_draw_is_there(panel: Panel) -> None:
    names = ["coverage", "applications", "outcomes", "grounds", "failed_sums", "distribution", "carry_over"]
    assert list(by_name(panel)) == names


def test_a_year_without_numbers_is_a_gap_and_not_zero(panel: Panel) -> None:
    table = by_name(panel)["applications"].table.set_index("year")
    assert table.loc[2021].drop("N").isna().all() and table.loc[2018].drop("N").isna().all()
    assert table.loc[2022, "其他 other"] == 90_000 and table.loc[2022, "N"] == 14


def test_shares_are_ratios_of_sums_with_their_denominator(panel: Panel) -> None:
    table = by_name(panel)["outcomes"].table.set_index("year")
    assert table.loc[2022, "分母 denominator"] == 12 * 3 + 2
    assert table.loc[2022, "不予公开 denied"] == 2


def test_what_lies_far_out_is_named(panel: Panel) -> None:
    table = by_name(panel)["distribution"].table
    assert table[table["outlier"]]["body_id"].iloc[0] == "far" and not table["outlier"].all()


def texts(plot: Plot) -> list[tuple[str, Any]]:
    """Every text that a plot draws, with its box on the canvas."""
    font = find_font()
    with matplotlib.rc_context({"font.family": [font.name, "DejaVu Sans"], "font.size": 9}):
        figure = Figure(figsize=plot.size, layout="constrained")
        canvas = FigureCanvasAgg(figure)
        axes = figure.subplots()
        plot.draw(axes)
        canvas.draw()
        shown = [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
        renderer = canvas.get_renderer()
        return [
            (x.get_text(), matplotlib.text.Text.get_window_extent(x, renderer)) for x in shown if x.get_text()
        ]


def test_no_text_lies_on_another(tmp_path: Path) -> None:
    """Long names, thirteen years, and outliers that stand on one spot."""
    name = "新疆维吾尔自治区巴音郭楞蒙古自治州焉耆回族自治县人民政府"
    years = (2012, 2018, 2019, 2020, 2021, 2022, 2023, 2024)
    forms = {y: "2021" if y > 2020 else "2019" if y > 2018 else "2014" for y in years}
    made = [
        report(
            f"{body:02}",
            year,
            form,
            {} if form == "2014" else {"new_requests": 90_000 if (body < 5 and year == 2024) else 5 + body},
            org=f"{body}{name}",
        )
        for body in range(12)
        for year, form in forms.items()
    ]
    for plot in plots(build(folder(tmp_path / "out", made))):
        shown = texts(plot)
        laid = [
            (a, b)
            for i, (a, first) in enumerate(shown)
            for b, second in shown[i + 1 :]
            if Bbox.intersection(first, second) is not None
            and min(Bbox.intersection(first, second).size) > 0.5  # type: ignore[union-attr]
        ]
        assert laid == [], plot.name


def test_bars_end_below_the_top(tmp_path: Path) -> None:
    made = [
        report("a", year, "2021", {"new_requests": 36, "new_requests.natural_person": 36})
        for year in (2021, 2022)
    ]
    axes = Figure().subplots()
    by_name(build(folder(tmp_path / "out", made)))["applications"].draw(axes)
    assert axes.get_ylim()[1] > 37 and max(bar.get_height() for bar in axes.patches) == 36


def test_the_chain_holds_what_was_carried_out_beside_what_was_carried_in(panel: Panel) -> None:
    table = by_name(panel)["carry_over"].table.set_index("year")
    assert table["相等 equal"].to_dict() == {
        2018: "",
        2019: "",
        2020: "是 yes",
        2021: "",
        2022: "",
        2023: "否 no",
    }
    assert "1 处不一致 pairs differ, 2 对可比" in by_name(panel)["carry_over"].note
    assert by_name(panel, "b1")["carry_over"].note.startswith("b1")


def test_of_many_bodies_coverage_counts_by_year(tmp_path: Path) -> None:
    many = [report(f"b{i:03}", 2022, "2021") for i in range(61)] + [report("b000", 2021, "2021")]
    table = by_name(build(folder(tmp_path / "out", many)))["coverage"].table.set_index("year")
    assert table["完整 ok"].to_dict() == {2021: 1, 2022: 61}
    assert table["无报告 no report"].to_dict() == {2021: 60, 2022: 0}


def test_files_are_ours_the_same_twice_and_the_page_loads_nothing(panel: Panel, tmp_path: Path) -> None:
    drawn = draw_plots(panel, tmp_path / "a", dataset="<out>")
    first = {path.name: path.read_bytes() for path in drawn.files}
    draw_plots(panel, tmp_path / "a", dataset="<out>")  # our own folder is written again
    assert [p.name for p in drawn.files][-1] == "index.html" and len(drawn.files) == 15
    for path in drawn.files:
        assert path.read_bytes() == first[path.name], path.name
    assert all(is_own_output(p) for p in drawn.files if p.suffix != ".svg")
    assert OWN_OUTPUT in (tmp_path / "a" / "coverage.svg").read_text("utf-8")
    page = (tmp_path / "a" / "index.html").read_text("utf-8")
    assert page.count('<img src="data:image/png;base64,') == 7 and page.count("<details>") == 7
    assert "&lt;out&gt;" in page and not re.search(r'(?:src|href)="(?!data:)', page)
    with Image.open(tmp_path / "a" / "outcomes.png") as picture:
        assert min(picture.size) > 500


def test_files_of_others_are_left_alone(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(FileExistsError, match="not ours"):
        draw_plots(panel, tmp_path)
    with pytest.raises(ValueError, match="no line of the panel is of body"):
        draw_plots(panel, tmp_path / "new", body="nobody")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_without_chinese_type_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chinese_font, "_characters", lambda path: frozenset(range(0x20, 0x7F)))
    with pytest.raises(NoFont, match="install one, for instance fonts-noto-cjk"):
        find_font()


def test_characters_that_the_type_lacks_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    has = frozenset(map(ord, "政府信息公开年度报告机关申请结转"))
    monkeypatch.setattr(chinese_font, "_characters", lambda path: has)
    assert find_font(["绩溪县", "政府"]).lacks == "县溪绩"
