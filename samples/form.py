"""A made-up report: who, when, the narrative, and figures whose sums hold."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from gongkai.model import Address
from gongkai.normalize.form.template import table

CN = "一二三四五六"
NAMES = {
    "overview": "总体情况",
    "proactive": "主动公开政府信息情况",
    "requests": "收到和处理政府信息公开申请情况",
    "review": "政府信息公开行政复议、行政诉讼情况",
    "problems": "存在的主要问题及改进情况",
    "other": "其他需要报告的事项",
}


@dataclass
class Box:
    """A box to print: its text and spans, and the field that it holds."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    address: Address | None = None


Rows = list[list[Box]]


@dataclass
class Sample:
    """What one sample reports. `printed` is the text of each box by its address."""

    org: str | None
    year: int
    forms: dict[str, str]
    printed: dict[Address, str]
    sections: dict[str, list[str]]
    title: list[str]
    signature: list[str]
    preface: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    captions: dict[str, list[str]] = field(default_factory=dict)  # lines between the narrative and the table
    below: dict[str, list[str]] = field(default_factory=dict)  # lines after the table

    def heading(self, section: str) -> str:
        """A section's heading with its number, or the sample's own wording of it."""
        number = CN[list(NAMES).index(section)]
        return self.headings.get(section, f"{number}、{NAMES[section]}")


def sample(org: str, year: int, seed: int, *, proactive: str, requests: str, size: int = 12) -> Sample:
    """A report with figures from `seed` whose sums all hold; larger `size`, larger figures."""
    dice = random.Random(seed)
    printed: dict[Address, str] = {}
    for slot in table(proactive, "proactive").fields:
        low = -size if slot.column.id == "change" else 0
        printed[slot.address] = str(dice.randint(low, size * 9))
    for address, amount in (
        (("proactive", "administrative_fees", "fees_collected"), f"{dice.randint(100, 9999) / 10:g}"),
        (("proactive", "government_procurement", "procurement_amount"), f"{dice.randint(100, 9999) / 100:g}"),
    ):
        if address in printed:
            printed[address] = amount
    _requests(printed, dice, requests, size)
    for row in table("2021", "review").rows:
        parts = [dice.randint(0, size // 3) for _ in range(4)]
        columns = [c.id for c in table("2021", "review").columns]
        for column, value in zip(columns, [*parts, sum(parts)], strict=True):
            printed["review", row.id, column] = str(value)
    body = org
    sections = {
        "overview": [
            f"{year}年，本机关围绕群众关切，持续做好信息发布、答复和解读，各项任务按期完成。",
            f"（一）主动公开。全年在门户网站发布各类信息{dice.randint(100, 900)}条，更新专栏{dice.randint(2, 9)}个。",
            "（二）依申请公开。收到的申请均登记在册，按时办结。",
        ],
        "proactive": [],
        "requests": [],
        "review": [],
        "problems": [
            "主要问题是个别栏目更新不够及时，公开的形式比较单一。",
            f"改进情况：{year + 1}年将逐项核对目录，安排两次业务培训。",
        ],
        "other": ["本年度没有其他需要报告的事项。"],
    }
    title = [f"{org}{year}年政府信息公开工作年度报告"]
    forms = {"proactive": proactive, "requests": requests, "review": requests}
    return Sample(
        org, year, forms, printed, sections, title, [body, f"{year + 1}年1月{dice.randint(5, 28)}日"]
    )


def _requests(printed: dict[Address, str], dice: random.Random, form: str, size: int) -> None:
    rows = [r.id for r in table(form, "requests").rows]
    outcomes = rows[2:-2]
    columns = [c.id for c in table(form, "requests").columns][:-1]
    grid = {(r, c): 0 for r in rows for c in columns}
    for c in columns:
        weight = size if c == "natural_person" else max(1, size // 6)
        for r in outcomes:
            grid[r, c] = dice.randint(0, max(1, weight // 2)) if dice.random() < 0.5 else 0
        grid["outcomes_total", c] = sum(grid[r, c] for r in outcomes)
        grid["carried_out", c] = dice.randint(0, 2)
        arrived = grid["outcomes_total", c] + grid["carried_out", c]
        grid["carried_in", c] = min(arrived, dice.randint(0, 2))
        grid["new_requests", c] = arrived - grid["carried_in", c]
    for r in rows:
        for c in columns:
            printed["requests", r, c] = str(grid[r, c])
        printed["requests", r, "total"] = str(sum(grid[r, c] for c in columns))


def proactive_rows(s: Sample) -> Rows:
    """Table two as drawn, on a grid of twelve columns."""
    form = table(s.forms["proactive"], "proactive")
    result: Rows = []
    head = ""
    for row in form.rows:
        columns = [f.column for f in form.fields if f.row.id == row.id]
        width = 9 // len(columns)
        spans = [width] * (len(columns) - 1) + [9 - width * (len(columns) - 1)]
        if row.path[0] != head:
            head = row.path[0]
            result.append([Box(head, 12)])
            result.append(
                [Box("信息内容", 3), *(Box(c.path[-1], n) for c, n in zip(columns, spans, strict=True))]
            )
        boxes = [Box(row.path[-1], 3)]
        for c, n in zip(columns, spans, strict=True):
            address = ("proactive", row.id, c.id)
            boxes.append(Box(s.printed[address], n, address=address))
        result.append(boxes)
    return result


def requests_rows(s: Sample) -> Rows:
    """Table three as drawn: three columns of labels, seven of values."""
    form = table(s.forms["requests"], "requests")
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    inner = [c.path[-1] for c in form.columns if len(c.path) == 3]
    result: Rows = [
        [Box(note, 3, 3), Box("申请人情况", 7)],
        [Box("自然人", 1, 2), Box("法人或其他组织", 5), Box("总计", 1, 2)],
        [Box(t) for t in inner],
    ]
    paths = [r.path for r in form.rows]
    for n, row in enumerate(form.rows):
        boxes: list[Box] = []
        for depth, label in enumerate(row.path):
            last = depth == len(row.path) - 1
            prefix = row.path[: depth + 1]
            if not last and n and paths[n - 1][: depth + 1] == prefix:
                continue
            height = 1 if last else sum(p[: depth + 1] == prefix for p in paths)
            boxes.append(Box(label, 4 - len(row.path) if last else 1, height))
        for c in form.columns:
            address = ("requests", row.id, c.id)
            boxes.append(Box(s.printed[address], address=address))
        result.append(boxes)
    return result


def review_rows(s: Sample) -> Rows:
    """Table four as drawn: fifteen columns."""
    form = table("2021", "review")
    labels = [c.path[-1] for c in form.columns]
    values = [
        Box(s.printed["review", r.id, c.id], address=("review", r.id, c.id))
        for r in form.rows
        for c in form.columns
    ]
    return [
        [Box("行政复议", 5), Box("行政诉讼", 10)],
        [*(Box(t, 1, 2) for t in labels), Box("未经复议直接起诉", 5), Box("复议后起诉", 5)],
        [Box(t) for t in labels * 2],
        values,
    ]


def tables(s: Sample) -> dict[str, Rows]:
    """The three tables by section."""
    return {"proactive": proactive_rows(s), "requests": requests_rows(s), "review": review_rows(s)}
