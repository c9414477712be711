"""A sample and a way to print it → the file and its truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ink
import web
from form import NAMES, Box, Rows, Sample, sample, tables
from page import Style, layout
from truth import Owed, Truth, nothing, truth
from word import NUMBERING, package, paragraph, table

CITY = "临江市人民政府"
TOWN = "清溪镇人民政府"
BUREAU = "临江市林业局"
Drawn = dict[str, Rows]


@dataclass(frozen=True)
class Made:
    """One sample: its bytes, its truth (None for a file that is no document) and what is odd.

    `data` is None where the font that it takes is not installed: the file of that name stays as it is.
    """

    name: str
    data: bytes | None
    truth: Truth | None
    odd: str


def where_installed(draw: Callable[[], bytes]) -> bytes | None:
    """What `draw` draws; None where its font is not installed."""
    try:
        return draw()
    except OSError:
        return None


def city(year: int, form: str, seed: int, org: str = CITY) -> Sample:
    """A city's report: larger figures."""
    return sample(org, year, seed, proactive=form, requests=form, size=60)


def town(year: int, form: str, seed: int, org: str = TOWN) -> Sample:
    """A township's report: small figures, many zeros."""
    return sample(org, year, seed, proactive=form, requests=form, size=6)


def word(
    name: str,
    s: Sample,
    odd: str,
    owed: Owed = Owed(),
    *,
    drawn: Drawn | None = None,
    before: str = "",
    after: str = "",
    wrap: Mapping[str, Callable[[Rows], str]] = {},
    auto: bool = False,
    merge: bool = True,
) -> Made:
    """A DOCX. `before` and `after` are XML around the body, `wrap` draws a table in another way,
    `auto` numbers the headings as lists do."""
    rows = tables(s) if drawn is None else drawn
    body = before
    body += "".join(paragraph(t, centered=True, size=18) for t in s.title)
    body += "".join(paragraph(t) for t in s.preface)
    for id in NAMES:
        heading = s.heading(id)
        if auto:
            body += paragraph(heading.partition("、")[2], number=True)
        elif heading:
            body += paragraph(heading)
        body += "".join(paragraph(t) for t in [*s.sections[id], *s.captions.get(id, [])])
        if id in rows:
            body += wrap[id](rows[id]) if id in wrap else table(rows[id], merge=merge)
            body += "".join(paragraph(t) for t in ["", *s.below.get(id, [])])
    body += "".join(paragraph(t) for t in s.signature) + after
    data = package(body, {"word/numbering.xml": NUMBERING} if auto else {})
    return Made(name, data, truth(s, name, odd, list(rows.values()), owed), odd)


def blocks(s: Sample, rows: Drawn) -> Iterator[tuple[str, object]]:
    """A report in its order: ("title", text), ("heading", text), ("text", text), ("table", rows)."""
    yield from (("title", t) for t in s.title)
    yield from (("text", t) for t in s.preface)
    for id in NAMES:
        if s.heading(id):
            yield "heading", s.heading(id)
        yield from (("text", t) for t in [*s.sections[id], *s.captions.get(id, [])])
        if id in rows:
            yield "table", rows[id]
        yield from (("text", t) for t in s.below.get(id, []))
    yield from (("text", t) for t in s.signature)


def printed(
    name: str, s: Sample, odd: str, style: Style, owed: Owed = Owed(), *, drawn: Drawn | None = None
) -> Made:
    """A PDF."""
    rows = tables(s) if drawn is None else drawn
    sheets = layout(blocks(s, rows), style)
    data = where_installed(lambda: ink.pdf(sheets, style, s.title[-1]))
    return Made(name, data, truth(s, name, odd, list(rows.values()), owed), odd)


def text(
    name: str,
    s: Sample,
    odd: str,
    how: Callable[[Rows], str],
    owed: Owed = Owed(),
    *,
    drawn: Drawn | None = None,
    mark: str = "",
) -> Made:
    """A text; `how` flattens a table, `mark` stands before the headings."""
    rows = tables(s) if drawn is None else drawn
    parts = []
    for kind, content in blocks(s, rows):
        if kind == "table":
            parts.append(how(content))  # type: ignore[arg-type]
        else:
            parts.append(mark * (kind == "heading") + str(content))
    return Made(name, "\n".join(parts).encode(), truth(s, name, odd, list(rows.values()), owed), odd)


def site(
    name: str,
    s: Sample,
    odd: str,
    owed: Owed = Owed(),
    *,
    code: str = "utf-8",
    render: Callable[[Sample, Drawn], str] = web.page,
    drawn: Drawn | None = None,
) -> Made:
    """A web page."""
    rows = tables(s) if drawn is None else drawn
    return Made(name, render(s, rows).encode(code), truth(s, name, odd, list(rows.values()), owed), odd)


def no_report(name: str, title: str, lines: Sequence[str], odd: str, extra: str = "") -> Made:
    """A DOCX that is no report."""
    body = paragraph(title, centered=True, size=18) + "".join(paragraph(t) for t in lines) + extra
    return Made(name, package(body), nothing(name, odd), odd)


def relabelled(rows: Rows, change: Callable[[str], str]) -> Rows:
    """The same table with other labels."""
    return [[b if b.address else Box(change(b.text), b.colspan, b.rowspan) for b in line] for line in rows]


def each(drawn: Drawn, change: Callable[[str], str]) -> Drawn:
    """All three tables with other labels."""
    return {id: relabelled(rows, change) for id, rows in drawn.items()}


def replaced(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """A change of labels by replacement."""

    def change(label: str) -> str:
        for old, new in pairs:
            label = label.replace(old, new)
        return label

    return change
