"""`gongkai check` on made-up reports of many bodies over five years: time and peak memory.

    python bench/check.py [REPORTS] [FOLDER]        default: 20000 in a temporary folder

Every tenth body has one thing that a check should tell (a carry-over that differs, a value with a digit too many, a
table or a text copied from the year before, another body's figures); how many of each were planted and told is printed.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from bench.diagnosis import COLUMNS, RESULTS, SCALES, SEED, Boxes, correct
from gongkai import emit
from gongkai.model import Fact, Match, Place, Report, Section, Source
from gongkai.normalize.form.template import table, templates

ROOT = Path(__file__).resolve().parents[1]
YEARS = (2019, 2020, 2021, 2022, 2023)
MATCH = Match("", "", 100.0, "exact")
FORM = {year: "2019" if year < 2021 else "2021" for year in YEARS}
FIELDS = {
    (form, f.address): f
    for form in ("2019", "2021")
    for name in ("proactive", "requests", "review")
    for f in table(form, name).fields
}
#: what is planted, and the code that tells it
TOLD = {
    "carried": "years-differ",
    "jump": "value-jumps",
    "copied": "values-copied",
    "text": "narrative-repeats",
    "twin": "report-repeats",
}
_WORDS = (
    "公开",
    "办理",
    "更新",
    "完善",
    "推进",
    "解读",
    "培训",
    "平台",
    "群众",
    "制度",
    "监督",
    "目录",
    "专栏",
    "回应",
    "政策",
)


def reports(count: int) -> Iterator[Report]:
    """The reports, body by body; the same for the same number."""
    first: tuple[list[Boxes], list[int]] | None = None
    for body in range(count // len(YEARS)):
        random_ = random.Random(f"{SEED} {body}")
        odd = list(TOLD)[body // 10 % len(TOLD)] if body % 10 == 0 else ""
        scale = random_.choice(SCALES)
        years = [boxes(random_, year, scale) for year in YEARS]
        carry(years)
        base = random_.randint(200, 900)
        penalties = [base + random_.randint(-20, 20) for _ in YEARS]
        if odd == "twin":
            (years, penalties), first = first or (years, penalties), None if first else (years, penalties)
        for i, year in enumerate(YEARS):
            penalty = penalties[i]
            if (odd, i) == ("jump", 3):
                penalty *= 10
            if odd == "copied" and i == 4:
                years[4] = {**years[4], **{a: v for a, v in years[3].items() if a[0] == "requests"}}
            if (odd, i) == ("carried", 2):
                bump(years[i])
            random_text = random.Random(f"text {body} {3 if (odd, i) == ('text', 4) else i}")
            yield report(body, year, years[i], penalty, narrative(random_text, year))


def boxes(random_: random.Random, year: int, scale: int) -> Boxes:
    """Tables three and four of one report, in its year's form."""
    found = correct(random_, scale)
    if FORM[year] == "2019":
        last = [r for r in RESULTS if r.startswith("other_")]
        for column in [*COLUMNS, "total"]:
            total = sum(int(found.pop(("requests", r, column))) for r in last)
            found["requests", "other_handling", column] = str(total)
    return found


def carry(years: list[Boxes]) -> None:
    """What is carried in is what the year before carried out: the difference is new, or not new, this year."""
    for before, this in pairwise(years):
        for column in [*COLUMNS, "total"]:
            out = int(before["requests", "carried_out", column])
            total = int(this["requests", "new_requests", column]) + int(
                this["requests", "carried_in", column]
            )
            missing = max(0, out - total)
            for row in ("granted", "outcomes_total"):
                this["requests", row, column] = str(int(this["requests", row, column]) + missing)
            this["requests", "carried_in", column] = str(out)
            this["requests", "new_requests", column] = str(total + missing - out)
        # the totals are what their parts make together
        for row in ("new_requests", "granted", "outcomes_total"):
            this["requests", row, "total"] = str(sum(int(this["requests", row, c]) for c in COLUMNS))


def bump(boxes: Boxes) -> None:
    """One more was carried in than the year before carried out, and every sum of the report holds."""
    for column in (COLUMNS[0], "total"):
        for row in ("carried_in", "granted", "outcomes_total"):
            boxes["requests", row, column] = str(int(boxes["requests", row, column]) + 1)


def narrative(random_: random.Random, year: int) -> str:
    """Some 1,500 characters that no other report has, but for the figures."""
    clauses = ["".join(random_.choices(_WORDS, k=random_.randint(4, 7))) for _ in range(130)]
    return f"{year}年，" + "，".join(clauses) + "。"


def report(body: int, year: int, boxes: Boxes, penalty: int, text: str) -> Report:
    """One report as a run would give it."""
    form = FORM[year]
    proactive = {("proactive", "administrative_penalties", "decisions"): str(penalty)}
    facts = []
    for (f, address), field in FIELDS.items():
        if f == form:
            printed = (
                {**boxes, **proactive}.get(address, "0") if address[0] == "proactive" else boxes[address]
            )
            facts.append(Fact(field, Decimal(printed), False, printed, Place(2, 3, 4, 5), MATCH, MATCH))
    name = f"{year}/{body:05}.docx"
    source = Source(name, b"", f"{body:032x}{year:032x}", 40_000)
    sections = (Section("overview", "1", 1, "一、", "总体情况", text, Place(1, 1)),)
    org = f"虚构县第{body}局"
    return Report(source, "docx", "docx", None, form, org, year, org, None, tuple(facts), sections, ())


def main() -> None:
    """Make the dataset, check it in a process of its own, print what it took and what it told."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch) / "out"
        emit.emit(reports(count), folder, templates=templates(), run_facts={})
        size = sum(p.stat().st_size for p in folder.glob("*.parquet")) / 2**20
        begun = time.monotonic()
        command = [sys.executable, "-P", "-m", "gongkai", "check", str(folder), "--json"]
        told = json.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)
        wall = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{told['reports']} reports of {told['bodies']} bodies, {size:.0f} MiB of Parquet")
    print(
        f"{wall:.1f} s by the clock, {used.ru_utime + used.ru_stime:.1f} s of processor time, "
        f"{used.ru_maxrss / 1024:.0f} MiB at the peak\n"
    )
    found = Counter({f["code"]: f["count"] for f in told["findings"]})
    planted = Counter(list(TOLD)[b // 10 % len(TOLD)] for b in range(0, count // len(YEARS), 10))
    print("| planted | bodies | findings told |\n| --- | --- | --- |")
    for name, code in TOLD.items():
        print(f"| {name} | {planted[name]} | {found[code]} {code} |")


if __name__ == "__main__":
    main()
