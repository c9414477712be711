"""How often the diagnosis names the box that is wrong: single errors of each cause, planted in correct made-up reports.

    python bench/diagnosis.py [REPORTS]        default: 1000, the seed is fixed

"determined" is the share in which the diagnosis says that no other set of boxes of this size would do; of these, "right" is the
share in which the set it names is exactly the boxes that were changed, with the values they had. "told" is the share in
which it says that the sums alone do not tell (table four has one sum a row, so any of its five boxes would do); "first" is the share in
which the likeliest set is the right one all the same, "among" that in which the right one is one of those proposed.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

from gongkai.audit import diagnose
from gongkai.model import Fact, Field, Match, Place, Report, Source
from gongkai.normalize.form.template import table, templates

SEED = 20240131
#: Boxes hold what reports hold: most are 0, a city has thousands.
SCALES = (3, 12, 60, 400, 3000)

Boxes = dict[tuple[str, str, str], str]
#: from a random generator and a report's boxes to the boxes that print something else; none where it cannot be
Plant = Callable[[random.Random, Boxes], Boxes]

COLUMNS = [c.id for c in table("2021", "requests").columns][:-1]
ROWS = [r.id for r in table("2021", "requests").rows]
RESULTS = [r for r in ROWS if r not in ("new_requests", "carried_in", "outcomes_total", "carried_out")]
REVIEW_ROWS = [r.id for r in table("2021", "review").rows]
REVIEW_COLUMNS = [c.id for c in table("2021", "review").columns][:-1]
FIELDS: dict[tuple[str, str, str], Field] = {
    f.address: f for name in ("requests", "review") for f in table("2021", name).fields
}


def correct(random_: random.Random, scale: int | None = None) -> Boxes:
    """Tables three and four of a made-up report in which every sum holds; of a size of SCALES, or any of them."""
    scale = scale or random_.choice(SCALES)
    counts: dict[tuple[str, str], int] = {}
    for column in COLUMNS:
        share = {"natural_person": 1.0, "commercial_enterprise": 0.3}.get(column, 0.04)
        most = max(1, int(scale * share))
        busy = random_.random() < (1.0 if share == 1 else 0.5 if share > 0.1 else 0.15)
        for row in RESULTS:
            often = random_.random() < (0.9 if row in ("granted", "unavailable_not_held") else 0.3)
            counts[row, column] = random_.randint(1, most) if busy and often else 0
        total = sum(counts[r, column] for r in RESULTS)
        counts["outcomes_total", column] = total
        counts["carried_out", column] = random_.randint(0, most // 3 + 1) if busy else 0
        carried_in = random_.randint(0, min(most // 3 + 1, total + counts["carried_out", column]))
        counts["carried_in", column] = carried_in
        counts["new_requests", column] = total + counts["carried_out", column] - carried_in
    for row in ROWS:
        counts[row, "total"] = sum(counts[row, c] for c in COLUMNS)
    boxes = {("requests", r, c): str(counts[r, c]) for r in ROWS for c in [*COLUMNS, "total"]}
    for row in REVIEW_ROWS:
        values = [random_.choice((0, 0, 1, random_.randint(1, scale // 3 + 2))) for _ in REVIEW_COLUMNS]
        boxes |= {("review", row, c): str(v) for c, v in zip(REVIEW_COLUMNS, values, strict=True)}
        boxes["review", row, "total"] = str(sum(values))
    return boxes


# The causes ----------------------------------------------------------------------------------


def one(change: Callable[[random.Random, str], str | None], table_id: str) -> Plant:
    """An error in one box of a table."""

    def plant(random_: random.Random, boxes: Boxes) -> Boxes:
        for address in shuffled(random_, [a for a in boxes if a[0] == table_id and boxes[a] != "0"]):
            text = change(random_, boxes[address])
            if text is not None and Decimal(text) != Decimal(boxes[address]):
                return {address: text}
        return {}

    return plant


def dropped(random_: random.Random, text: str) -> str | None:
    i = random_.randrange(len(text))
    return str(int(text[:i] + text[i + 1 :])) if len(text) > 1 else None


def added(random_: random.Random, text: str) -> str:
    i = random_.randint(0, len(text))
    return text[:i] + str(random_.randint(0 if i else 1, 9)) + text[i:]


def swapped(random_: random.Random, text: str) -> str | None:
    pairs = [i for i in range(len(text) - 1) if text[i] != text[i + 1] and not (i == 0 and text[1] == "0")]
    if not pairs:
        return None
    i = random_.choice(pairs)
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def changed(random_: random.Random, text: str) -> str:
    i = random_.randrange(len(text))
    return text[:i] + random_.choice([d for d in "123456789" if d != text[i]]) + text[i + 1 :]


def neighbour(over: str) -> Plant:
    """A value of table three in the next column or row, its own box 0."""

    def plant(random_: random.Random, boxes: Boxes) -> Boxes:
        line = COLUMNS if over == "column" else RESULTS
        for address in shuffled(random_, [a for a in boxes if a[0] == "requests" and boxes[a] != "0"]):
            at = 2 if over == "column" else 1
            if address[at] not in line or (over == "row" and address[2] == "total"):
                continue
            for step in shuffled(random_, [-1, 1]):
                place = line.index(address[at]) + step
                other = (
                    (*address[:at], line[place], *address[at + 1 :]) if 0 <= place < len(line) else address
                )
                if boxes[other] == "0":  # type: ignore[index]
                    return {address: "0", other: boxes[address]}  # type: ignore[dict-item]
        return {}

    return plant


def split(random_: random.Random, boxes: Boxes) -> Boxes:
    """A number of table three cut in two by a rule: its last digits stand in the next box, which was 0."""
    for address in shuffled(random_, [a for a in boxes if a[0] == "requests" and len(boxes[a]) > 1]):
        if address[2] not in COLUMNS[:-1]:
            continue
        other = (*address[:2], COLUMNS[COLUMNS.index(address[2]) + 1])
        i = random_.randint(1, len(boxes[address]) - 1)
        if boxes[other] == "0" and boxes[address][i] != "0":  # type: ignore[index]
            return {address: boxes[address][:i], other: boxes[address][i:]}  # type: ignore[dict-item]
    return {}


def stale(table_id: str) -> Plant:
    """A total that one of its parts was added to later."""

    def plant(random_: random.Random, boxes: Boxes) -> Boxes:
        columns = COLUMNS if table_id == "requests" else REVIEW_COLUMNS
        for table_, row, column in shuffled(random_, [a for a in boxes if a[0] == table_id]):
            if column == "total":
                parts = [int(boxes[table_, row, c]) for c in columns if boxes[table_, row, c] != "0"]
                if parts:
                    return {(table_, row, column): str(sum(parts) - random_.choice(parts))}
        return {}

    return plant


def blank(table_id: str) -> Plant:
    """A total with nothing in it."""

    def plant(random_: random.Random, boxes: Boxes) -> Boxes:
        totals = [a for a in boxes if a[0] == table_id and a[2] == "total" and boxes[a] != "0"]
        return {random_.choice(totals): ""} if totals else {}

    return plant


def shuffled(random_: random.Random, items: list) -> list:  # type: ignore[type-arg]
    """The items in a random order."""
    return random_.sample(items, len(items))


CAUSES: tuple[tuple[str, Plant], ...] = (
    ("table three: a digit dropped", one(dropped, "requests")),
    ("table three: a digit added", one(added, "requests")),
    ("table three: two digits swapped", one(swapped, "requests")),
    ("table three: one digit another", one(changed, "requests")),
    ("table three: a number split over two boxes", split),
    ("table three: in the neighbour column", neighbour("column")),
    ("table three: in the neighbour row", neighbour("row")),
    ("table three: a total not updated", stale("requests")),
    ("table three: a total blank", blank("requests")),
    ("table four: a digit dropped", one(dropped, "review")),
    ("table four: a digit added", one(added, "review")),
    ("table four: one digit another", one(changed, "review")),
    ("table four: a total not updated", stale("review")),
    ("table four: a total blank", blank("review")),
)


# The measure ---------------------------------------------------------------------------------


def report(boxes: Boxes) -> Report:
    """A Report that prints these boxes."""
    match = Match("", "", 100.0, "exact")
    facts = tuple(
        Fact(FIELDS[a], Decimal(text or 0), text == "", text, Place(), match, match)
        for a, text in boxes.items()
    )
    source = Source("made-up", b"", "", 0)
    return Report(source, "docx", "docx", None, "2021", None, None, None, None, facts, (), ())


def outcome(boxes: Boxes, planted: Boxes) -> Iterator[str]:
    """What came of one planted error: some of found, first, among, told."""
    wanted = {(a, Decimal(boxes[a])) for a in planted}
    proposals, _ = diagnose(report({**boxes, **planted}), templates(), {})
    if not proposals:
        return
    yield "found"
    sets: dict[tuple[int, int], set[tuple[tuple[str, str, str], Decimal]]] = {}
    for p in proposals:
        sets.setdefault((p.group, p.rank), set()).add((p.address, p.needed))
    if sets[1, 1] == wanted:
        yield "first"
    if wanted in sets.values():
        yield "among"
    if not proposals[0].unique:
        yield "told"
    else:
        yield "determined"
        if sets[1, 1] == wanted:
            yield "right"


def main() -> None:
    """Print the table."""
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(f"{reports} made-up reports, seed {SEED}\n")
    print("| error planted | reports | determined | right of these | told | first | among |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    total: Counter[str] = Counter()
    for name, plant in CAUSES:
        random_ = random.Random(f"{SEED} {name}")
        count: Counter[str] = Counter()
        for _ in range(reports):
            boxes = correct(random_)
            planted = plant(random_, boxes)
            if planted:
                count.update(["planted", *outcome(boxes, planted)])
        total += count
        print(f"| {name} | {_shares(count)} |", flush=True)
    print(f"| all | {_shares(total)} |")


def _shares(count: Counter[str]) -> str:
    of, own = max(1, count["planted"]), max(1, count["determined"])
    right = f"{100 * count['right'] / own:.1f} %" if count["determined"] else "–"
    rest = (f"{100 * count[k] / of:.1f} %" for k in ("told", "first", "among"))
    return " | ".join((str(count["planted"]), f"{100 * count['determined'] / of:.1f} %", right, *rest))


if __name__ == "__main__":
    main()
