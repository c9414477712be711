"""What the page shows against what is read: quirks planted at random boxes of clean reports, by format and kind.

    python bench/visible.py [PLANTED] [FORMAT ...] [--seed N]       default: 20000 over all formats, one fixed seed

A seed that nobody has looked at tells what the figure is worth: each makes other reports, figures and places.

A third of the boxes of each report carry a quirk: digits that nobody sees, raised marks, two figures in one box, pictures.
"right" is what a person sees; "unread" has no value and an error; "wrong" is any other value, a blank for what is there, or
a figure where the page shows none. "beside" are wrong boxes without a quirk in the same reports.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from multiprocessing import Pool
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "samples"))

import quirk_office
import quirk_page
import quirk_web
import sheet as excel
import web
import word
from form import NAMES, Rows, Sample, sample, tables
from made import blocks
from page import Style, layout
from quirk import Quirk

from gongkai.extract import unpack_archive
from gongkai.model import Address, Fact, Limits, Source
from gongkai.pipeline import read_source

SEED = 20260529
SHARE = 1 / 3
WORKERS = 2
Answer = tuple[str, str, str]


def _number(drawn: dict[str, Rows], dice: random.Random) -> dict[str, Address]:
    """Gives every box of a count a figure of its own; the fields by their figures."""
    figures = iter(dice.sample(range(111, 9_999), 400))
    found: dict[str, Address] = {}
    for rows in drawn.values():
        for row in rows:
            for box in row:
                if box.address is not None and box.address[2] not in (
                    "fees_collected",
                    "change",
                    "procurement_amount",
                ):
                    box.text = str(next(figures)).replace("0", "4")
                    while box.text in found:
                        box.text = str(next(figures)).replace("0", "4")
                    found[box.text] = box.address
    return found


def _word(s: Sample, drawn: dict[str, Rows]) -> bytes:
    body = "".join(word.paragraph(t, centered=True, size=18) for t in s.title)
    for id in NAMES:
        body += word.paragraph(s.heading(id)) + "".join(word.paragraph(t) for t in s.sections[id])
        body += word.table(drawn[id]) if id in drawn else ""
    return word.package(body + "".join(word.paragraph(t) for t in s.signature))


Maker = Callable[[Sample, dict[str, Rows], dict[str, Quirk]], bytes]
FORMATS: dict[str, tuple[Sequence[Quirk], Maker]] = {
    "html": (quirk_web.QUIRKS, lambda s, d, p: quirk_web.plant(web.page(s, d), p).encode()),
    "mht": (quirk_web.QUIRKS, lambda s, d, p: quirk_web.message(quirk_web.plant(web.page(s, d), p))),
    "zip": (quirk_office.WORD, lambda s, d, p: quirk_office.archive(quirk_office.plant_word(_word(s, d), p))),
    "docx": (quirk_office.WORD, lambda s, d, p: quirk_office.plant_word(_word(s, d), p)),
    "odt": (quirk_office.ODT, lambda s, d, p: quirk_office.odt(blocks(s, d), p)),
    "xlsx": (quirk_office.EXCEL, lambda s, d, p: quirk_office.plant_excel(excel.book(list(blocks(s, d))), p)),
    "pdf": (quirk_page.PDF, lambda s, d, p: quirk_page.pdf(layout(blocks(s, d), Style()), p)),
    "ofd": (quirk_page.OFD, lambda s, d, p: quirk_page.plant_ofd(layout(blocks(s, d), Style()), p)),
}


def judge(quirk: Quirk | None, figure: str, fact: Fact | None) -> str:
    """right, unread or wrong."""
    seen = "figure" if quirk is None else quirk.seen
    if fact is None or fact.value is None:
        return "right" if seen == "nothing" else "unread"
    if seen == "nothing":
        return "wrong"
    if seen == "blank":
        return "right" if fact.blank else "wrong"
    return "right" if fact.value == Decimal(figure) and not fact.blank else "wrong"


def one(task: tuple[int, str, int]) -> list[Answer]:
    """The kind, the verdict and an example of every box of one report."""
    seed, format, number = task
    dice = random.Random(f"{seed} {format} {number}")
    form = dice.choice(("2019", "2021"))
    s = replace(
        sample(
            "清溪镇人民政府", 2020 if form == "2019" else 2022, number, proactive=form, requests=form, size=6
        )
    )
    drawn = tables(s)
    fields = _number(drawn, dice)
    quirks, make = FORMATS[format]
    planted = {figure: dice.choice(quirks) for figure in fields if dice.random() < SHARE}
    data = make(s, drawn, planted)
    source = Source(f"{number}.{format}", data, "0" * 64, len(data))
    members = unpack_archive(source, Limits())
    sources = (source,) if members is None else tuple(m.source for m in members if m.error is None)
    reports = [report for member in sources for report in read_source(member)]
    facts = {fact.field.address: fact for report in reports for fact in report.facts}
    answers = []
    for figure, address in fields.items():
        quirk, fact = planted.get(figure), facts.get(address)
        verdict = judge(quirk, figure, fact)
        shown = "" if fact is None else f"{figure} read as {fact.value} from {fact.printed!r}"
        answers.append((f"{format}: {quirk.name}" if quirk else f"{format}: beside", verdict, shown))
    return answers


def main(wanted: int, formats: Iterable[str], seed: int) -> int:
    """Prints the table; the number of wrong values."""
    chosen = [format for format in FORMATS if format in formats]
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    examples: dict[str, str] = {}
    kinds = sum(len(FORMATS[format][0]) for format in chosen)
    with Pool(WORKERS) as pool:
        for format in chosen:
            share, done, number = wanted * len(FORMATS[format][0]) / kinds, 0, 0
            while done < share:
                batch = [(seed, format, number + i) for i in range(16)]
                number += len(batch)
                for answers in pool.imap(one, batch):
                    for kind, verdict, shown in answers:
                        counts[kind][verdict] += 1
                        done += not kind.endswith(": beside")
                        if verdict == "wrong":
                            examples.setdefault(kind, shown)
    print(f"{'kind':44}{'planted':>8}{'right':>8}{'unread':>8}{'wrong':>8}")
    for kind, found in counts.items():
        row = [found.total(), *(found[verdict] for verdict in ("right", "unread", "wrong"))]
        print(
            f"{kind:44}"
            + "".join(f"{n:8,}" for n in row)
            + (f"   {examples[kind]}" if kind in examples else "")
        )
    planted = Counter[str]()
    for kind, found in counts.items():
        if not kind.endswith(": beside"):
            planted += found
    beside = sum(found["wrong"] for kind, found in counts.items() if kind.endswith(": beside"))
    print(
        f"{kinds} kinds, {planted.total():,} planted: {planted['right']:,} right, {planted['unread']:,} unread, {planted['wrong']:,} wrong; {beside:,} wrong beside them"
    )
    return planted["wrong"] + beside


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("given", nargs="*", metavar="PLANTED | FORMAT")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    planted = next((int(word) for word in arguments.given if word.isdigit()), 20_000)
    names = [name for name in arguments.given if name in FORMATS] or list(FORMATS)
    sys.exit(1 if main(planted, names, arguments.seed) else 0)
