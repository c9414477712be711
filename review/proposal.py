"""The Proposals of a diagnosis → what the page shows of them: the boxes that would make failing sums hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from gongkai.model import Fact, Proposal, Report, Reread

#: What a second reading of a box showed.
VERDICT_WORDS: dict[Reread, str] = {
    "misread": "复读为所需之数：误读 a second reading gives what is needed: misread by the program",
    "as_printed": "两次读数相同：原文如此 read twice alike: as printed",
    "not_read_twice": "",
    "unsettled": "复读为另一数 a second reading gives yet another number",
}


@dataclass(frozen=True, slots=True)
class ProposalGroup:
    """Sums that fail together, and the sets of boxes of which each would make them hold, likeliest first.

    `unique` says that no other change as small would do. A box has the Fact that the report holds for it.
    """

    sums: tuple[str, ...]
    unique: bool
    sets: tuple[tuple[tuple[Proposal, Fact | None], ...], ...]


def group_proposals(report: Report) -> list[ProposalGroup]:
    """Every group of failing sums with what the diagnosis proposes for it."""
    return [_group(report, list(g)) for _, g in groupby(report.proposals, key=lambda p: p.group)]


def _group(report: Report, proposals: Sequence[Proposal]) -> ProposalGroup:
    facts = {f.field.address: f for f in report.facts}
    sets = tuple(
        tuple((p, facts.get(p.address)) for p in boxes)
        for _, boxes in groupby(proposals, key=lambda p: p.rank)
    )
    return ProposalGroup(proposals[0].sums, proposals[0].unique, sets)
