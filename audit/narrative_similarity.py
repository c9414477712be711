"""How much of a report's narrative is taken from the report of the year before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from gongkai.model import Check, Filing, Finding, Outcome, SeriesCheck, SeriesFinding, flag

#: The share of repeated characters from which a narrative counts as that of the year before.
ALIKE = Decimal("0.9")
#: The fewest characters of a narrative that is compared: shorter ones are formulas everywhere.
LEAST_CHARACTERS = 300
#: The fewest characters of a clause that is compared; shorter ones are everywhere ("同时", "全年共").
LEAST_CLAUSE = 5
#: How many of the repeated sentences a message shows, the longest first.
SHOWN = 3

_CLAUSES = re.compile(r"[。；！？，、：;!?,:\n]+")
_SENTENCES = re.compile(r"[。；！？\n]+")
_FIGURES = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")
_BLANKS = re.compile(r"\s+")


def compare_narratives(this: Filing, before: Filing) -> tuple[SeriesCheck, SeriesFinding | None] | None:
    """A check of the similarity (left) against ALIKE (right), and a finding if it is that large.

    Clauses are compared without their figures and years: last year's sentences with new figures are
    last year's text. None where there is too little text.
    """
    now, then = _text(this), _text(before)
    clauses = _clauses(now)
    length = sum(map(len, clauses))
    if length < LEAST_CHARACTERS or not then:
        return None
    earlier = set(_clauses(then))
    repeated = sum(len(c) for c in clauses if c in earlier)
    share = Decimal(repeated) / Decimal(length)
    share = share.quantize(Decimal("0.001"))
    outcome: Outcome = "fail" if share >= ALIKE else "pass"
    check = Check("narrative_repeats", "sections", None, None, share, ALIKE, outcome, ())
    compared = SeriesCheck(this, before, check)
    if outcome == "pass":
        return compared, None
    return compared, SeriesFinding(this, before, _describe(now, earlier, share, before), share)


def _describe(text: str, earlier: set[str], share: Decimal, before: Filing) -> Finding:
    sentences = [s for s in _SENTENCES.split(text) if (c := _clauses(s)) and all(p in earlier for p in c)]
    longest = sorted(dict.fromkeys(sentences), key=lambda s: (-len(s), s))[:SHOWN]
    shown = " / ".join(f"“{_BLANKS.sub('', s)}”" for s in longest)
    message = (
        f"{100 * share:.1f} % of the narrative, figures aside, stands in the report for {before.year} "
        f"({before.source_file}) too, such as {shown}"
    )
    return flag("narrative-repeats", message)


def _text(filing: Filing) -> str:
    return "\n".join(text for _, text in filing.sections)


def _clauses(text: str) -> Sequence[str]:
    """The clauses of a text, without blanks and with # for each figure."""
    plain = (_FIGURES.sub("#", _BLANKS.sub("", c)) for c in _CLAUSES.split(text))
    return [c for c in plain if len(c) >= LEAST_CLAUSE]
