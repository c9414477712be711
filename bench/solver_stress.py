"""The solver on made-up tables three that are spoilt on purpose: how much it reads, and whether a value is wrong.

    python bench/solver_stress.py [COUNT] [SEED]        default: 2000 tables from seed 1

A table is made with numbers that add up, laid out as words on a page or as columns of characters, and then spoilt: zeros not
printed, heads or walls gone, columns in another order, rows drifted together, a number lost, two numbers printed as one
word, labels wrapped, a row of the body's own, rows on the next page. Whatever is done to it, a value that the solver
gives must be the one of the table: it may leave out as much as it likes.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gongkai.model import Cell, Layout, Place, PlacedWord
from gongkai.normalize.form.lexicon import read_lexicon
from gongkai.normalize.form.number import parse
from gongkai.normalize.form.template import table
from gongkai.normalize.solve import solve_tables

HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
COLUMNS = tuple(c.id for c in table("2021", "requests").columns)
#: Left end of the labels, of the columns, and between two columns, in points; the height of a row.
LABELS, FIRST, STEP, HIGH = 60.0, 310.0, 42.0, 20.0
_HEADING, _END = "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"


@dataclass
class Made:
    """A table being made: its values, its rows of words, and how it was spoilt."""

    form: str
    values: dict[tuple[str, str], int]
    rows: list[tuple[str, list[PlacedWord], list[PlacedWord]]]  # id, pieces of the label, numbers
    heads: list[PlacedWord]
    spoilt: list[str] = field(default_factory=list)
    order: Sequence[str] = COLUMNS


def word(text: str, x: float, y: float) -> PlacedWord:
    """A word in letters of 5 points."""
    wide = sum(5.0 if c.isascii() else 9.0 for c in text)
    cell = Cell(0, 0, 1, 1, text, Place(page=1, bbox=(x, y, x + wide, y + 9)))
    return PlacedWord(text, x, y, x + wide, y + 9, cell)


def make_values(r: random.Random, form: str) -> dict[tuple[str, str], int]:
    """Numbers that fulfil the sums of the form."""
    rows = [row.id for row in table(form, "requests").rows]
    ends = ("new_requests", "carried_in", "outcomes_total", "carried_out")
    density, most = r.choice([(0.05, 3), (0.2, 9), (0.5, 40), (0.9, 900)])
    values: dict[tuple[str, str], int] = {}
    for column in COLUMNS[:-1]:
        for row in rows:
            if row not in ends:
                values[row, column] = r.randint(1, most) if r.random() < density else 0
        done = sum(values[row, column] for row in rows if row not in ends)
        left = r.randint(0, most) if r.random() < density else 0
        before = min(done + left, r.randint(0, most) if r.random() < density else 0)
        values |= {
            ("outcomes_total", column): done,
            ("carried_out", column): left,
            ("carried_in", column): before,
            ("new_requests", column): done + left - before,
        }
    for row in rows:
        values[row, "total"] = sum(values[row, c] for c in COLUMNS[:-1])
    return values


def make_table(r: random.Random) -> Made:
    """A table as it should be, with every zero."""
    form = r.choice(["2021", "2021", "2019"])
    values = make_values(r, form)
    order = COLUMNS if r.random() < 0.8 else (COLUMNS[-1], *COLUMNS[:-1])
    heads = [word(HEADS[COLUMNS.index(c)], FIRST + STEP * i - 8, 30) for i, c in enumerate(order)]
    rows = []
    for n, row in enumerate(table(form, "requests").rows):
        y = 60 + HIGH * n
        numbers = [
            word(str(values[row.id, c]), FIRST + STEP * i - 2.5 * len(str(values[row.id, c])), y)
            for i, c in enumerate(order)
        ]
        rows.append((row.id, _wrap(row.path[-1], y), numbers))
    return Made(form, values, rows, heads, order=order)


def _wrap(label: str, y: float) -> list[PlacedWord]:
    if len(label) <= 20:
        return [word(label, LABELS, y)]
    return [word(label[:20], LABELS, y - 5), word(label[20:], LABELS, y + 5)]


def _shift(words: Sequence[PlacedWord], x: float, y: float) -> list[PlacedWord]:
    return [replace(w, x0=w.x0 + x, x1=w.x1 + x, top=w.top + y, bottom=w.bottom + y) for w in words]


# What is spoilt ------------------------------------------------------------------------------


def drop_zeros(made: Made, r: random.Random) -> None:
    """Zeros are not printed, all or some."""
    share = r.choice([0.3, 0.5, 1.0])
    for _, _, numbers in made.rows:
        numbers[:] = [w for w in numbers if w.text != "0" or r.random() >= share]


def drop_heads(made: Made, r: random.Random) -> None:
    """Heads stand on another page, all or some."""
    keep = r.choice([0, 0, 3, 6])
    made.heads = made.heads[:keep]


def drift_rows(made: Made, r: random.Random) -> None:
    """The numbers of a row stand at the level of its neighbour."""
    n = r.randrange(len(made.rows) - 1)
    made.rows[n][2][:] = _shift(made.rows[n][2], 0, r.choice([-HIGH, HIGH, HIGH / 2]))


def drift_numbers(made: Made, r: random.Random) -> None:
    """Single numbers stand half a row off."""
    for _, _, numbers in made.rows:
        for i, w in enumerate(numbers):
            if r.random() < 0.05:
                numbers[i] = _shift([w], 0, r.choice([-HIGH / 2, HIGH / 2, HIGH]))[0]


def lose_number(made: Made, r: random.Random) -> None:
    """A number that is not zero was not read at all."""
    filled = [numbers for _, _, numbers in made.rows if any(w.text != "0" for w in numbers)]
    if filled:
        numbers = r.choice(filled)
        numbers.remove(r.choice([w for w in numbers if w.text != "0"]))


def join_numbers(made: Made, r: random.Random) -> None:
    """Two numbers of a row are one word, with a blank or without."""
    numbers = r.choice([numbers for _, _, numbers in made.rows])
    if len(numbers) >= 2:
        i = r.randrange(len(numbers) - 1)
        joined = numbers[i].text + r.choice(["", " "]) + numbers[i + 1].text
        numbers[i : i + 2] = [word(joined, numbers[i].x0, numbers[i].top)]


def split_number(made: Made, r: random.Random) -> None:
    """The digits of a number stand apart: 12 is printed 1 2, or over two lines."""
    long = [numbers for _, _, numbers in made.rows if any(len(w.text) > 1 for w in numbers)]
    if not long:
        return
    numbers = r.choice(long)
    i = r.choice([i for i, w in enumerate(numbers) if len(w.text) > 1])
    w, down = numbers[i], r.choice([0.0, 9.0])
    numbers[i : i + 1] = [
        word(w.text[:1], w.x0, w.top),
        word(w.text[1:], w.x0 + (0 if down else 8), w.top + down),
    ]


def shift_row(made: Made, r: random.Random) -> None:
    """The numbers of some rows stand a column to the right or left."""
    for _, _, numbers in made.rows:
        if r.random() < 0.15:
            numbers[:] = _shift(numbers, r.choice([-STEP, STEP, STEP / 2]), 0)


def add_own_row(made: Made, r: random.Random) -> None:
    """A row that the form does not have stands between two rows."""
    n = r.randrange(1, len(made.rows))
    if not made.rows[n][1]:
        return
    y = made.rows[n][1][0].top
    numbers = [word(str(r.randint(0, 9)), FIRST + STEP * i, y) for i in range(7)]
    for _, label, own in made.rows[n:]:
        label[:], own[:] = _shift(label, 0, HIGH), _shift(own, 0, HIGH)
    text = r.choice(["其中：网上申请", "小计", "其中：当面申请", "网上平台提交的申请", "备注"])
    made.rows.insert(n, ("", [word(text, LABELS, y)], numbers))


def cut_page(made: Made, r: random.Random) -> None:
    """Rows from one on stand on the next page, perhaps with the label and the numbers of that row parted."""
    n = r.randrange(1, len(made.rows))
    down = r.choice([100.0, 300.0])
    for k, (_, label, numbers) in enumerate(made.rows[n:]):
        label[:] = _shift(label, 0, down)
        if k or r.random() < 0.7:
            numbers[:] = _shift(numbers, 0, down)


def drop_label(made: Made, r: random.Random) -> None:
    """The label of a row cannot be read."""
    made.rows[r.randrange(len(made.rows))][1].clear()


def misprint(made: Made, r: random.Random) -> None:
    """Somebody printed a wrong total: the value is the one that stands there."""
    id, _, numbers = r.choice(made.rows)
    if len(numbers) == 7 and id:
        i = r.randrange(7)
        value = int(numbers[i].text) + r.choice([1, 10])
        made.values[id, made.order[i]] = value
        numbers[i] = word(str(value), numbers[i].x0, numbers[i].top)


def narrow(made: Made, r: random.Random) -> None:
    """The columns stand so close that numbers nearly touch."""
    factor = r.choice([0.4, 0.6])
    for words in (made.heads, *(numbers for _, _, numbers in made.rows)):
        words[:] = [replace(w, x0=(x := FIRST + (w.x0 - FIRST) * factor), x1=x + w.x1 - w.x0) for w in words]


SPOIL: Sequence[Callable[[Made, random.Random], None]] = (
    drop_zeros,
    drop_heads,
    drift_rows,
    drift_numbers,
    lose_number,
    join_numbers,
    split_number,
    shift_row,
    add_own_row,
    cut_page,
    drop_label,
    misprint,
    narrow,
)


def lay_out(made: Made, kind: str) -> Layout:
    """The words of a table between the headings of its section and the next, in reading order."""
    words = [*made.heads, *(w for _, label, numbers in made.rows for w in (*label, *numbers))]
    words = sorted(words, key=lambda w: (round(w.y / 3), w.x0))
    end = max((w.bottom for w in words), default=0.0) + 40
    whole = (word(_HEADING, 50, 0), *words, word(_END, 50, end))
    return Layout("columns" if kind == "columns" else "points", whole)


def count_right(made: Made, layout: Layout) -> int:
    """How many values of a table are read right."""
    chosen = solve_tables([layout], ["requests"], read_lexicon()).get("requests")
    boxes = {} if chosen is None else chosen.boxes
    return sum(made.values.get(slot) == parse(box.cell.text).value for slot, box in boxes.items())


def try_one(r: random.Random) -> tuple[Made, int, list[str]]:
    """A spoilt table, how many of its values were read right, and which were read wrong."""
    made = make_table(r)
    for spoil in r.sample(SPOIL, r.choice([0, 1, 1, 2, 2, 3])):
        spoil(made, r)
        made.spoilt.append(spoil.__name__)
    kind = r.choice(["points", "points", "columns"])
    made.spoilt.append(kind)
    chosen = solve_tables([lay_out(made, kind)], ["requests"], read_lexicon()).get("requests")
    right, wrong = 0, []
    if chosen is not None:
        for (row, column), box in chosen.boxes.items():
            if chosen.solution.rows[row].rule == "local":
                continue
            value = parse(box.cell.text).value
            if Decimal(made.values.get((row, column), -1)) == value:
                right += 1
            else:
                expected = made.values.get((row, column))
                wrong.append(f"{row}.{column} is {expected}, read as {value} by {chosen.solution.rule}")
    return made, right, wrong


def main() -> None:
    """Print how many values were right, and every kind of spoiling with wrong ones."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    right = given = whole = 0
    tables = Counter[str]()
    shown = 0
    for n in range(count):
        made, good, wrong = try_one(random.Random(f"{seed}:{n}"))
        whole += len(table(made.form, "requests").fields)
        right += good
        given += good + len(wrong)
        if wrong:
            tables[" + ".join(sorted(made.spoilt))] += 1
            if shown < 12:
                shown += 1
                print(f"table {seed}:{n} ({', '.join(made.spoilt)}): {len(wrong)} wrong, as {wrong[0]}")
    print(f"{count} tables, {whole} values: {right / whole:.3f} read, {given - right} wrong")
    for kinds, times in tables.most_common():
        print(f"  {times} tables with {kinds}")


if __name__ == "__main__":
    main()
