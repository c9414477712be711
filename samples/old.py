"""The list of 2014 to 2018, and reports before it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from flat import lines, single
from form import Box, Rows
from made import BUREAU, TOWN, Made
from truth import Truth, nothing
from word import package, paragraph, table

from gongkai.normalize.form.template import table as form_table

CHAPTERS = (
    ("一、概述", "本机关把信息公开列入年度工作，指定专人负责，更新目录一次。"),
    ("二、主动公开政府信息的情况", "公开的重点是办事指南、财政资金与人事信息。"),
    ("三、依申请公开政府信息办理情况", "申请由办公室统一登记，按时答复，没有收取费用。"),
    ("四、因政府信息公开申请行政复议、提起行政诉讼的情况", "没有因信息公开引起的复议与诉讼。"),
    ("五、存在的主要问题和改进措施", "部分信息更新较慢，今后按月检查。"),
)

#: sums of the list (FORMS 2), inner ones first, and what is a part of what
SUMS = (
    ("requests_received", ("requests_in_person", "requests_by_fax", "requests_online", "requests_by_letter")),
    (
        "answered_denied",
        (
            "denied_state_secret",
            "denied_trade_secret",
            "denied_privacy",
            "denied_safety_stability",
            "denied_not_government_info",
            "denied_other_legal_grounds",
        ),
    ),
    (
        "requests_answered",
        (
            "answered_already_public",
            "answered_granted",
            "answered_partially_granted",
            "answered_denied",
            "answered_not_this_organ",
            "answered_not_existing",
            "answered_asked_to_amend",
            "answered_referred_elsewhere",
        ),
    ),
    ("reconsideration", ("reconsideration_upheld", "reconsideration_corrected", "reconsideration_other")),
    ("litigation", ("litigation_upheld", "litigation_corrected", "litigation_other")),
    ("staff", ("staff_full_time", "staff_part_time")),
)
PARTS = (
    ("proactive_normative_documents", "proactive_information"),
    ("press_conferences_by_leaders", "press_conferences"),
    ("online_interviews_by_leaders", "online_interviews"),
)


def old() -> Iterator[Made]:
    """The statistics list as prescribed, with local lines and a running total, as text; free narrative."""
    rows, cells = _list(163)
    yield _word("2016_list.docx", BUREAU, 2016, rows, cells, "the statistics list of 2014 to 2018")
    rows, cells = _list(164, running=True, local=True)
    odd = "the list with a running total beside each figure, and a local line"
    yield _word("2017_running.docx", TOWN, 2017, rows, cells, odd)
    for name, year, seed, odd, how in (
        ("2018_list.txt", 2018, 166, "the list as text, a row a line", lines),
        ("2015_list.txt", 2015, 165, "the list as text, one box a line", single),
    ):
        rows, cells = _list(seed)
        parts = [f"{TOWN}{year}年政府信息公开工作年度报告", *(t for c in CHAPTERS for t in c)]
        body = "\n".join([*parts, how(rows), TOWN, f"{year + 1}年1月18日"])
        yield Made(name, body.encode(), _truth(name, TOWN, year, cells, odd), odd)
    name, odd = "2011_free.docx", "a report before there was a form: narrative only, figures in sentences"
    told = [
        "全年主动公开信息312条，其中全文电子化率达100%。",
        "受理申请5件，其中当面2件、网上3件，均已答复。",
    ]
    body = paragraph(f"{TOWN}2011年政府信息公开工作年度报告", centered=True, size=18)
    body += "".join(
        paragraph(t)
        for (a, b), more in zip(CHAPTERS, ["", *told, "", ""], strict=True)
        for t in (a, b + more)
    )
    body += paragraph(TOWN) + paragraph("2012年3月5日")
    owed = {**nothing(name, odd, None), "org": TOWN, "year": 2011, "template": "free"}
    yield Made(name, package(body), owed, odd)


def _list(seed: int, *, running: bool = False, local: bool = False) -> tuple[Rows, list[dict[str, object]]]:
    """The list as drawn, and its cells."""
    form = form_table("2014", "statistics")
    columns = ["value", "cumulative"] if running else ["value"]
    figures = _figures([row.id for row in form.rows], random.Random(seed), len(columns))
    rows: Rows = [[Box("统计指标"), Box("单位"), Box("统计数"), *[Box("历年累计")] * running]]
    cells: list[dict[str, object]] = []
    seen: set[tuple[str, ...]] = set()

    def line(id: str, label: str, unit: str) -> None:
        printed = figures.get(id, [7, 19])[: len(columns)]
        rows.append([Box(label), Box(unit), *(Box(str(n)) for n in printed)])
        keys = {"table": "statistics", "row": id}
        cells.extend(
            {**keys, "column": c, "value": n, "blank": False} for c, n in zip(columns, printed, strict=True)
        )

    for row in form.rows:
        for depth in range(1, len(row.path)):
            if row.path[:depth] not in seen:
                seen.add(row.path[:depth])
                rows.append([Box(row.path[depth - 1]), Box("——"), *[Box("——")] * len(columns)])
        seen.add(row.path)
        line(row.id, row.path[-1], next(f.unit for f in form.fields if f.row.id == row.id))
        if local and row.id == "normative_documents_issued":
            line(f"local_{len(rows):03}", "主动公开财政预决算信息数", "条")
    return rows, cells


def _figures(ids: Sequence[str], dice: random.Random, columns: int) -> dict[str, list[int]]:
    """Figures of which every sum of the list holds, in each column."""
    figures = {}
    for id in ids:
        first = dice.choice([0, 0, dice.randint(1, 40)])
        figures[id] = [first, first + dice.randint(0, 90)][:columns]
    for whole, parts in SUMS:
        figures[whole] = [sum(figures[p][n] for p in parts) for n in range(columns)]
    for part, whole in PARTS:
        figures[part] = [min(a, b) for a, b in zip(figures[part], figures[whole], strict=True)]
    for n in range(columns):  # what was closed is a part of what was received
        most = figures["requests_received"][n]
        figures["closed_on_time"][n] = min(figures["closed_on_time"][n], most)
        figures["closed_extended"][n] = min(
            figures["closed_extended"][n], most - figures["closed_on_time"][n]
        )
        figures["requests_closed"][n] = figures["closed_on_time"][n] + figures["closed_extended"][n]
    return figures


def _word(name: str, org: str, year: int, rows: Rows, cells: list[dict[str, object]], odd: str) -> Made:
    body = paragraph(f"{org}{year}年政府信息公开工作年度报告", centered=True, size=18)
    body += "".join(paragraph(t) for chapter in CHAPTERS for t in chapter)
    body += paragraph("附表：政府信息公开情况统计表") + table(rows)
    body += paragraph(org) + paragraph(f"{year + 1}年1月20日")
    return Made(name, package(body), _truth(name, org, year, cells, odd), odd)


def _truth(name: str, org: str, year: int, cells: list[dict[str, object]], odd: str) -> Truth:
    return {**nothing(name, odd, "ok"), "org": org, "year": year, "template": "2014", "cells": cells}
