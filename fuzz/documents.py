"""Documents made up of Grids and paragraphs: strategies for hypothesis, and a run of them for a given time.

python fuzz/documents.py SECONDS
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from fuzz.sound import assert_sound
from gongkai import pipeline
from gongkai.model import Block, Cell, Document, DocumentError, Grid, Paragraph, Place, Source
from gongkai.normalize import normalize, templates


def wordings() -> list[str]:
    """Every label of every form, and each of its words."""
    found = set()
    for form in templates():
        for table in form.tables:
            for label in (*table.rows, *table.columns):
                found |= set(label.path) | {label.zh, "".join(label.path)}
    return sorted(found)


values = st.sampled_from(
    ["", "0", "12", "-3", "/", "—", "无", "1,234", "减少3", "3.5万元", "１２", "1 2", "①", "NaN"]
)
texts = st.text(max_size=12) | st.text("一二三四五、（）0123456789.件年 \n", max_size=20)
titles = st.sampled_from(
    [
        "某市2023年政府信息公开工作年度报告",
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]
)


@st.composite
def grids(draw: st.DrawFn, block: int) -> Grid:
    """A grid with spans that do not overlap, labels of the forms and values in its boxes."""
    rows, columns = draw(st.integers(1, 9)), draw(st.integers(1, 11))
    text = st.sampled_from(wordings()) | values | texts
    taken: set[tuple[int, int]] = set()
    cells = []
    for r in range(rows):
        for c in range(columns):
            if (r, c) in taken or draw(st.integers(0, 19)) == 0:
                continue
            high = draw(st.sampled_from([1, 1, 1, 2, 3]))
            wide = draw(st.sampled_from([1, 1, 1, 2, 4]))
            wide = next((w for w in range(1, wide + 1) if (r, c + w) in taken or c + w == columns), wide)
            high = min(high, rows - r)
            taken |= {(r + i, c + j) for i in range(high) for j in range(wide)}
            place = Place(None, block, r, c)
            cells.append(Cell(r, c, high, wide, draw(text), place))
    return Grid(tuple(cells), rows, columns, Place(None, block), ruled=draw(st.booleans()))


@st.composite
def forms(draw: st.DrawFn, block: int) -> Grid:
    """A table of a form as it is printed, with some of its boxes spoilt."""
    form = draw(st.sampled_from(templates()))
    table = draw(st.sampled_from(form.tables))
    deep = max(len(label.path) for label in table.columns)
    left = max(len(label.path) for label in table.rows)
    lines = [["" for _ in range(left)] + [(c.path * deep)[d] for c in table.columns] for d in range(deep)]
    lines += [
        [
            *(label.path[min(i, len(label.path) - 1)] for i in range(left)),
            *draw(st.lists(values, min_size=len(table.columns), max_size=len(table.columns))),
        ]
        for label in table.rows
    ]
    for _ in range(draw(st.integers(0, 6))):
        line = draw(st.sampled_from(lines))
        line[draw(st.integers(0, len(line) - 1))] = draw(texts | values | st.sampled_from(wordings()))
    cells = tuple(
        Cell(r, c, 1, 1, text, Place(1, block, r, c))
        for r, line in enumerate(lines)
        for c, text in enumerate(line)
    )
    return Grid(cells, len(lines), len(lines[0]), Place(1, block))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Up to seven blocks."""
    blocks: list[Block] = []
    for block in range(draw(st.integers(1, 7))):
        which = draw(st.integers(0, 3))
        if which == 0:
            blocks.append(draw(grids(block)))
        elif which == 1:
            blocks.append(draw(forms(block)))
        else:
            blocks.append(Paragraph(draw(titles | texts), Place(None, block), flow=draw(st.booleans())))
    return Document(Source("made", "某市年度报告".encode(), "0" * 64, 18), "docx", "docx", tuple(blocks))


def tried(document: Document) -> None:
    """A Document gives Reports or a DocumentError; every fact is of a box that is there and says what it says."""
    boxes = {
        (cell.place, cell.text.strip())
        for block in document.blocks
        if isinstance(block, Grid)
        for cell in block.cells
    }
    places = {place for place, _ in boxes} | {block.place for block in document.blocks}
    try:
        reports = normalize(document, None, None)
    except DocumentError:
        return
    for report in reports:
        assert_sound(pipeline.audited(document, report))
        for fact in report.facts:
            assert fact.place in places, f"{fact.field.address}: {fact.place} is no place of the document"


def main() -> None:
    """Try documents until the time is up."""
    until = time.monotonic() + float(sys.argv[1])
    count = rounds = 0

    def run(document: Any) -> None:
        nonlocal count
        count += 1
        tried(document)

    while time.monotonic() < until:
        checks = list(HealthCheck)
        quiet = settings(
            max_examples=100,
            deadline=None,
            database=None,
            suppress_health_check=checks,
            phases=[Phase.generate, Phase.shrink],
        )
        seed(rounds)(quiet(given(documents())(run)))()
        rounds += 1
    print(f"documents: {count} tried, no finding")


if __name__ == "__main__":
    main()
