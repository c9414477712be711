"""The Proposals of a diagnosis → HTML: what would make failing sums hold, for a person to hold against the paper."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from gongkai.model import CAUSES, Address, Fact, Proposal, Report, Reread
from gongkai.review.number_text import number

#: What a second reading said of a box.
_VERDICTS: dict[Reread, str] = {
    "misread": "复读为所需之数：误读 a second reading gives what is needed: misread by the program",
    "as_printed": "两次读数相同：原文如此 read twice alike: as printed",
    "not_read_twice": "",
    "unsettled": "复读为另一数 a second reading gives yet another number",
}


def proposals(report: Report) -> str:
    """Every group of sums that fail with the sets of boxes proposed for it, "" where nothing is proposed.

    Each box shows what is printed beside what would be needed; nothing is applied. A button puts the
    number into the form for a person's own word, which is said only when the person says it.
    """
    if not report.proposals:
        return ""
    facts = {f.field.address: f for f in report.facts}
    groups = [list(g) for _, g in groupby(report.proposals, key=lambda p: p.group)]
    return (
        '<section class="box" id="proposals"><h2>可能有误的单元格 What may be wrong <small>'
        "仅为推断，数值未作任何改动，请对照原文 an inference: nothing was changed; look at the paper</small></h2>"
        f"{''.join(_group(g, facts) for g in groups)}</section>"
    )


def _group(group: Sequence[Proposal], facts: dict[Address, Fact]) -> str:
    sets = [list(s) for _, s in groupby(group, key=lambda p: p.rank)]
    first = sets[0][0]
    if first.unique:
        told = "只有这一种最小改动 no other change as small would do"
    elif len(sets) > 1:
        told = f"勾稽关系不能确定是哪一处，列出 {len(sets)} 种 the sums alone do not tell which; {len(sets)} are listed"
    else:
        told = "未查其他可能 others were not looked for"
    sums = escape("、".join(first.sums))
    lines = "".join(_line(p, n == 0, len(s), facts) for s in sets for n, p in enumerate(s))
    return (
        f'<p class="told">{sums}：{told}</p><table class="checks proposals"><tr><th>#</th>'
        "<th>单元格 box</th><th>原文 printed</th><th>所需 needed</th><th>可能原因 likely cause</th><th></th></tr>"
        f"{lines}</table>"
    )


def _line(p: Proposal, first: bool, boxes: int, facts: dict[Address, Fact]) -> str:
    """One box; the number of its set stands before the first box of the set."""
    field = escape(".".join(p.address))
    fact = facts.get(p.address)
    name = field if fact is None else f"{escape(fact.field.row.zh)} × {escape(fact.field.column.zh)}"
    rank = f'<td rowspan="{boxes}">{p.rank}</td>' if first else ""
    verdict = f"<br><small>{_VERDICTS[p.verdict]}</small>" if _VERDICTS[p.verdict] else ""
    printed = escape(p.printed.strip()) or "空白 blank"
    return (
        f"<tr>{rank}<td>{name}<br><small>{field}</small></td><td>{printed}</td>"
        f'<td class="needed">{number(p.needed)}</td><td>{CAUSES[p.cause]}{verdict}</td>'
        f'<td><button type="button" data-fields="{field}">看 show</button> '
        f'<button type="button" data-fields="{field}" data-fill="{number(p.needed)}">填入 fill in</button></td></tr>'
    )
