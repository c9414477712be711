"""A Panel → Plots: for each what is drawn, and the table of the numbers behind it.

N and denominators stand in every plot, a change of form is a vertical line, and what is missing is a gap, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gongkai.panel.panel_table import Panel

#: bodies that a map of coverage names; of more, it counts by year
MOST_BODIES = 60
#: characters of a name beside a plot
LONGEST_NAME = 16
#: outliers that are named
MOST_NAMED = 8
#: the first years of the forms
BREAKS = (2019, 2021)
#: an outlier is beyond so many times the distance of the quartiles, on the scale of log(1 + x)
FENCE = 1.5
#: colours that people with any sight of colour tell apart (Okabe and Ito)
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
_KINDS = {
    "rq_new_natural": "自然人 natural persons",
    "rq_new_business": "商业企业 business",
    "rq_new_research": "科研机构 research",
    "rq_new_welfare": "社会公益组织 welfare",
    "rq_new_legal": "法律服务机构 legal service",
    "rq_new_otherorg": "其他 other",
}
_OUTCOMES = {
    "s_granted": "予以公开 granted",
    "s_partial": "部分公开 in part",
    "s_denied": "不予公开 denied",
    "s_unavail": "无法提供 unavailable",
    "s_notproc": "不予处理 not processed",
    "s_other": "其他处理 other",
}
_GROUNDS = {
    "rq_den_secret_total": "国家秘密 state secret",
    "rq_den_law_total": "法律法规禁止 other law",
    "rq_den_safety_total": "三安全一稳定 security",
    "rq_den_third_total": "第三方权益 third party",
    "rq_den_internal_total": "内部事务 internal affairs",
    "rq_den_process_total": "过程性信息 process",
    "rq_den_enforce_total": "执法案卷 enforcement files",
    "rq_den_inquiry_total": "行政查询 inquiry",
}
_SUMS = {1: "成立 hold", 2: "存疑 uncertain", 3: "不成立 fail", 0: "无可核 none"}
_STATUS = {1: "完整 ok", 2: "部分 partial", 3: "仅叙述 narrative"}


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: its file's name, titles, a note with N and denominators, what draws it, and the table behind it."""

    name: str
    zh: str
    en: str
    note: str
    draw: Callable[[Any], None]
    table: pd.DataFrame
    size: tuple[float, float] = (8.0, 4.6)


def plots(panel: Panel, body: str | None = None) -> list[Plot]:
    """Every plot that this panel has numbers for. `body`: the one whose chain of carry-overs is drawn."""
    frame = panel.frame()
    present = frame[frame["present"] == 1]
    if present.empty:
        return []
    found = [
        _coverage(frame),
        _applications(present),
        _shares(present, "outcomes", _OUTCOMES, ("办理结果构成", "Outcomes by group, share of all outcomes")),
        _shares(
            present, "grounds", _GROUNDS, ("不予公开的理由", "Refusals by ground, share of all refusals")
        ),
        _failed_sums(present),
        _distribution(present),
        _chain(panel, frame, body),
    ]
    return [plot for plot in found if plot is not None]


def _shorten(name: str) -> str:
    """The end of a long name, which tells bodies of one place apart; the table behind the plot has all of it."""
    return name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"


def _span(frame: pd.DataFrame) -> list[int]:
    years = frame["year"].astype(int)
    return list(range(int(years.min()), int(years.max()) + 1))


def _mark_forms(axes: Any, years: Sequence[int]) -> None:
    """A vertical line where the form changed, and whole years below.

    The first word ends at its line and the second begins at its own: in the middle they meet where years are narrow.
    """
    for year, side in zip(BREAKS, ("right", "left"), strict=True):
        if years[0] < year <= years[-1]:
            axes.axvline(year - 0.5, color="#555555", linestyle=":", linewidth=1.2)
            axes.annotate(
                f"{year} 表样 form",
                (year - 0.5, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha=side,
                fontsize=7,
                color="#555555",
            )
    axes.set_xticks(years)
    axes.set_xlim(years[0] - 0.6, years[-1] + 0.6)


def _under(axes: Any, years: Sequence[int], counts: Mapping[int, int], what: str = "N") -> None:
    """The number of reports under each year."""
    axes.set_xticks(years, [f"{y}\n{what}={counts.get(y, 0)}" for y in years])


# Coverage ----------------------------------------------------------------------------------------


def _coverage(frame: pd.DataFrame) -> Plot:
    years = _span(frame)
    there = frame[frame["present"] == 1]
    status = there.pivot(index="body_id", columns="year", values="status").reindex(columns=years)
    status = status.reindex(sorted(set(frame["body_id"])))
    names = dict(zip(there["body_id"], there["org"], strict=True))
    note = f"{len(status)} 个机关 bodies, {years[0]}–{years[-1]}, {len(there)} 份报告 reports; 空白=无报告 blank: no report"
    if len(status) > MOST_BODIES:
        return _coverage_counted(status, years, note)
    words = status.map(lambda value: "" if pd.isna(value) else _STATUS[int(value)])
    words.insert(0, "org", [names.get(body, "") for body in words.index])

    def draw(axes: Any) -> None:
        from matplotlib.colors import ListedColormap  # the extra "stats" installs it
        from matplotlib.patches import Patch

        colours = ("#0072B2", "#E69F00", "#999999")
        shown = np.ma.masked_invalid(status.to_numpy(dtype=float, na_value=np.nan))
        axes.imshow(shown, cmap=ListedColormap(colours), vmin=1, vmax=3, aspect="auto", interpolation="none")
        axes.set_xticks(range(len(years)), years, fontsize=9 if len(years) < 12 else 7)
        shown_names = [_shorten(names.get(body) or body) for body in status.index]
        axes.set_yticks(range(len(status)), shown_names, fontsize=7)
        axes.set_xticks(np.arange(-0.5, len(years)), minor=True)
        axes.set_yticks(np.arange(-0.5, len(status)), minor=True)
        axes.grid(which="minor", color="white", linewidth=1.5)
        axes.tick_params(which="minor", length=0)
        handles = [Patch(color=c, label=w) for c, w in zip(colours, _STATUS.values(), strict=True)]
        axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)

    size = (8.0, max(3.2, 1.6 + 0.2 * len(status)))
    return Plot("coverage", "报告覆盖情况", "Coverage: body by year", note, draw, words.reset_index(), size)


def _coverage_counted(status: pd.DataFrame, years: list[int], note: str) -> Plot:
    counts = pd.DataFrame({w: (status == n).sum() for n, w in _STATUS.items()}, index=years)
    counts["无报告 no report"] = status.isna().sum()

    def draw(axes: Any) -> None:
        _stack(axes, counts, ("#0072B2", "#E69F00", "#999999", "#EEEEEE"))
        _mark_forms(axes, years)
        axes.set_ylabel("机关数 bodies")

    table = counts.rename_axis("year").reset_index()
    return Plot("coverage", "报告覆盖情况", "Coverage: bodies by year", note, draw, table)


def _stack(axes: Any, counts: pd.DataFrame, colours: Sequence[str] = _COLOURS) -> None:
    """Stacked bars by year; a year whose numbers are missing has no bar."""
    bottom = np.zeros(len(counts))
    for column, colour in zip(counts.columns, colours, strict=False):
        values = counts[column].to_numpy(dtype=float, na_value=np.nan)
        axes.bar(counts.index, values, bottom=bottom, label=column, color=colour, width=0.72)
        bottom = bottom + np.nan_to_num(values)
    # not by margins: a bar of height 0 on top of the others would hold the limit there
    axes.set_ylim(0, max(1.0, float(bottom.max(initial=0)) * 1.06))
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, reverse=True)


# Numbers by year -----------------------------------------------------------------------------------


def _sums_by_year(frame: pd.DataFrame, columns: Mapping[str, str]) -> tuple[pd.DataFrame, dict[int, int]]:
    """Sums by year over the reports that have all of some columns, and how many these are; other years are missing."""
    whole = frame.dropna(subset=list(columns))
    counts = _sizes(whole)
    sums = whole.groupby("year")[list(columns)].sum().astype(float)
    sums.index = sums.index.astype(int)
    return sums.reindex(_span(frame)).rename(columns=dict(columns)), counts


def _sizes(frame: pd.DataFrame) -> dict[int, int]:
    """How many lines each year has."""
    years, sizes = np.unique(frame["year"].astype(int), return_counts=True)
    return dict(zip(years.tolist(), sizes.tolist(), strict=True))


def _with_counts(table: pd.DataFrame, counts: Mapping[int, int], denominator: str = "") -> pd.DataFrame:
    shown = table.rename_axis("year").reset_index()
    shown.insert(1, "N", [counts.get(int(year), 0) for year in shown["year"]])
    if denominator:
        shown[denominator] = table.sum(axis=1, min_count=1).to_numpy()
    return shown


def _applications(frame: pd.DataFrame) -> Plot | None:
    sums, counts = _sums_by_year(frame, _KINDS)
    if not counts:
        return None
    years = list(sums.index)

    def draw(axes: Any) -> None:
        _stack(axes, sums)
        _mark_forms(axes, years)
        _under(axes, years, counts)
        axes.set_ylabel("本年新收（件）new requests")

    note = (
        f"N = 六类申请人都已读出的报告数 reports with all six kinds, {sum(counts.values())} of {len(frame)}; "
        "2014 年表样不分申请人 the list of 2014 does not ask for them"
    )
    table = _with_counts(sums, counts, "合计 total")
    return Plot(
        "applications", "申请数量与申请人", "Requests by year and kind of applicant", note, draw, table
    )


def _shares(
    frame: pd.DataFrame, name: str, columns: Mapping[str, str], titles: tuple[str, str]
) -> Plot | None:
    """Shares of a whole by year: the ratio of sums, with the whole under each bar."""
    sums, counts = _sums_by_year(frame, columns)
    totals = sums.sum(axis=1, min_count=1)
    if not counts or not totals.gt(0).any():
        return None
    years = list(sums.index)
    shares = sums.div(totals.where(totals > 0), axis=0)

    def draw(axes: Any) -> None:
        from matplotlib.ticker import PercentFormatter  # the extra "stats" installs it

        _stack(axes, shares)
        _mark_forms(axes, years)
        under = [f"{y}\nN={counts.get(y, 0)}\n{_whole(totals.get(y))}" for y in years]
        axes.set_xticks(years, under, fontsize=7)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))

    note = f"分母为各项之和（件），写在年度下方 the denominator stands under each year; N 为数据完整的报告数 reports with all parts, {sum(counts.values())} of {len(frame)}"
    return Plot(name, *titles, note, draw, _with_counts(sums, counts, "分母 denominator"))


def _whole(value: Any) -> str:
    return "–" if value is None or pd.isna(value) else f"{int(value):,}"


def _failed_sums(frame: pd.DataFrame) -> Plot:
    years = _span(frame)
    counts = frame.groupby(["year", "sums"]).size().unstack(fill_value=0)
    counts.index = counts.index.astype(int)
    counts = counts.reindex(years).reindex(columns=list(_SUMS)).rename(columns=_SUMS)
    numbers = _sizes(frame)
    counts = counts.where(counts.sum(axis=1) > 0)

    def draw(axes: Any) -> None:
        _stack(axes, counts, ("#009E73", "#E69F00", "#D55E00", "#CCCCCC"))
        _mark_forms(axes, years)
        _under(axes, years, numbers)
        axes.set_ylabel("报告数 reports")

    failed = int((frame["sums"] == 3).sum())
    note = f"{failed} / {len(frame)} 份报告至少有一项勾稽不成立 reports have a sum that fails, as printed"
    return Plot(
        "failed_sums", "勾稽关系", "Sums of the form by year", note, draw, _with_counts(counts, numbers)
    )


# Distribution ----------------------------------------------------------------------------------------


def _distribution(frame: pd.DataFrame) -> Plot | None:
    known = frame.dropna(subset=["s_new"])[["org", "body_id", "year", "s_new", "source_file"]].copy()
    if known.empty:
        return None
    years = _span(frame)
    known["year"] = known["year"].astype(int)
    logs = np.log1p(known["s_new"].to_numpy(dtype=float))
    low, high = np.quantile(logs, [0.25, 0.75])
    known["outlier"] = logs > high + FENCE * (high - low)
    named = known[known["outlier"]].sort_values("s_new", ascending=False).head(MOST_NAMED)
    counts = _sizes(known)

    def draw(axes: Any) -> None:
        # the same spread every time: the place of a point along the year says nothing
        spread = np.random.default_rng(0).uniform(-0.22, 0.22, len(known))
        colours = np.where(known["outlier"], _COLOURS[5], _COLOURS[0])
        axes.scatter(
            known["year"] + spread, known["s_new"].astype(float), s=14, c=colours, alpha=0.75, linewidths=0
        )
        axes.set_yscale("symlog", linthresh=1)
        axes.set_ylim(-0.3, max(2.0, float(known["s_new"].max()) * 1.8))
        places = dict(zip(known.index, known["year"] + spread, strict=True))
        for number, (i, line) in enumerate(named.iterrows()):
            # beside the plot, one under the other: points that lie close would write over each other
            axes.annotate(
                f"{_shorten(line['org'])} {line['year']}: {int(line['s_new']):,}",
                (places[i], line["s_new"]),
                xytext=(1.02, 0.98 - 0.06 * number),
                textcoords="axes fraction",
                fontsize=7,
                va="center",
                arrowprops={"arrowstyle": "-", "color": "#BBBBBB", "linewidth": 0.6, "relpos": (0, 0.5)},
            )
        _mark_forms(axes, years)
        _under(axes, years, counts)
        axes.set_ylabel("本年新收（件，对数）new requests, log")

    note = (
        f"N = {len(known)}, 其中 0 件 of them 0: {int((known['s_new'] == 0).sum())}; 离群：对数值超出上四分位 {FENCE} 倍四分位距 "
        f"outliers beyond {FENCE} interquartile ranges of log(1+x): {int(known['outlier'].sum())}"
    )
    table = known.sort_values("s_new", ascending=False).head(50)
    return Plot("distribution", "新收申请的分布", "Distribution of new requests", note, draw, table)


# Carry-over ----------------------------------------------------------------------------------------


def _longest_chain(frame: pd.DataFrame) -> str | None:
    """The body with most pairs of years that can be compared, of equals a county; None where there is no pair."""
    known = frame[["body_id", "year", "level", "s_carried_in", "s_carried_out"]]
    before = known.assign(year=known["year"] + 1)[["body_id", "year", "s_carried_out"]]
    pairs = known.merge(before, on=["body_id", "year"], suffixes=("_own", "_before"))
    pairs = pairs.dropna(subset=["s_carried_in", "s_carried_out_before"])
    if pairs.empty:
        return None
    sizes = pairs.groupby("body_id").agg(n=("year", "size"), county=("level", lambda x: bool((x == 4).any())))
    return str(sizes.sort_index().sort_values(["n", "county"], kind="stable").index[-1])


def _chain(panel: Panel, frame: pd.DataFrame, body: str | None) -> Plot | None:
    """What one body carried out of a year beside what it carried into the next."""
    body = body or _longest_chain(frame)
    own = frame[frame["body_id"] == (body or "")].set_index("year")
    if own.empty:
        return None
    own.index = own.index.astype(int)
    years = list(range(int(own.index.min()), int(own.index.max()) + 1))
    out = own["s_carried_out"].reindex(years).shift(1)
    into = own["s_carried_in"].reindex(years)
    org = next((name for name in own["org"] if name), body)
    table = pd.DataFrame(
        {"上年报告：结转下年 out of the year before": out, "本年报告：上年结转 into this year": into}
    )
    differs = (out != into).fillna(False) & out.notna() & into.notna()
    table["相等 equal"] = [
        "" if pd.isna(a) or pd.isna(b) else "是 yes" if a == b else "否 no"
        for a, b in zip(out, into, strict=True)
    ]

    def draw(axes: Any) -> None:
        place = np.array(years)
        axes.bar(place - 0.18, _floats(out), width=0.34, color=_COLOURS[4], label=table.columns[0])
        axes.bar(place + 0.18, _floats(into), width=0.34, color=_COLOURS[0], label=table.columns[1])
        for year, a, b in zip(years, out, into, strict=True):
            for value, shift in ((a, -0.18), (b, 0.18)):
                if pd.isna(value):
                    at = (year + shift, 0)
                    axes.annotate(
                        "缺", at, xytext=(0, 3), textcoords="offset points", ha="center", color="#777777"
                    )
            if pd.notna(a) and pd.notna(b) and a != b:
                axes.annotate(
                    "≠",
                    (year, max(a, b)),
                    xytext=(0, 2),
                    textcoords="offset points",
                    ha="center",
                    fontsize=13,
                    color=_COLOURS[5],
                )
        _mark_forms(axes, years)
        axes.set_ylabel("件 requests")
        axes.margins(y=0.18)
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.1), ncols=2, frameon=False)

    note = f"{org}（缺=missing）：{int(differs.sum())} 处不一致 pairs differ, {int((out.notna() & into.notna()).sum())} 对可比 can be compared"
    return Plot(
        "carry_over",
        "结转链条",
        "Carry-over from year to year",
        note,
        draw,
        table.rename_axis("year").reset_index(),
    )


def _floats(values: pd.Series) -> Any:
    return values.to_numpy(dtype=float, na_value=np.nan)
