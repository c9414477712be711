"""How much of a report's narrative stood in that of the year before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from gongkai.model import Check, Filing, Finding, Outcome, SeriesCheck, SeriesFinding, flag

#: A narrative is nearly that of the year before from this share of its characters on.
ALIKE = Decimal("0.9")
#: Characters that a narrative has at least: shorter ones are formulas everywhere.
LEAST_CHARACTERS = 300
#: A clause shorter than this says nothing by itself ("同时", "全年共").
LEAST_CLAUSE = 5
#: Repeated sentences that are shown, the longest.
SHOWN = 3

_CLAUSES = re.compile(r"[。；！？，、：;!?,:\n]+")
_SENTENCES = re.compile(r"[。；！？\n]+")
_FIGURES = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")
_BLANKS = re.compile(r"\s+")


def repeated(this: Filing, before: Filing) -> tuple[SeriesCheck, SeriesFinding | None] | None:
    """The similarity as a check (left) against the share that is told (right), and a finding from there on.

    Clauses are compared with their figures and years taken out: a text with new figures in last
    year's sentences is last year's text. None where there is too little text.
    """
    now, then = _text(this), _text(before)
    clauses = _clauses(now)
    length = sum(map(len, clauses))
    if length < LEAST_CHARACTERS or not then:
        return None
    known = set(_clauses(then))
    figure = Decimal(sum(len(c) for c in clauses if c in known)) / Decimal(length)
    figure = figure.quantize(Decimal("0.001"))
    outcome: Outcome = "fail" if figure >= ALIKE else "pass"
    check = Check("narrative_repeats", "sections", None, None, figure, ALIKE, outcome, ())
    tried = SeriesCheck(this, before, check)
    if outcome == "pass":
        return tried, None
    return tried, SeriesFinding(this, before, _finding(now, known, figure, before), figure)


def _finding(text: str, known: set[str], figure: Decimal, before: Filing) -> Finding:
    sentences = [s for s in _SENTENCES.split(text) if (c := _clauses(s)) and all(p in known for p in c)]
    longest = sorted(dict.fromkeys(sentences), key=lambda s: (-len(s), s))[:SHOWN]
    shown = " / ".join(f"“{_BLANKS.sub('', s)}”" for s in longest)
    message = (
        f"{100 * figure:.1f} % of the narrative, figures aside, stands in the report for {before.year} "
        f"({before.source_file}) too, such as {shown}"
    )
    return flag("narrative-repeats", message)


def _text(filing: Filing) -> str:
    return "\n".join(text for _, text in filing.sections)


def _clauses(text: str) -> Sequence[str]:
    """The clauses of a text, blanks and figures out."""
    plain = (_FIGURES.sub("#", _BLANKS.sub("", c)) for c in _CLAUSES.split(text))
    return [c for c in plain if len(c) >= LEAST_CLAUSE]
