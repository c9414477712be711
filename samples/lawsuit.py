"""VARIANTS 5: table four in its many shapes."""

from __future__ import annotations

from collections.abc import Iterator

from flat import lines
from form import Box, Rows, tables
from made import Made, text, town, word
from word import paragraph, table

LABELS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
KINDS = ("未经复议直接起诉", "复议后起诉")


def lawsuits() -> Iterator[Made]:
    """Down, apart, tall, unmerged, without a head, in a line."""
    for name, seed, odd, shape in (
        ("2022_review_rows.docx", 14, "table four as three rows", _down),
        ("2022_review_tall.docx", 134, "table four as fifteen rows", _tall),
        ("2022_review_unmerged.docx", 135, "table four with heads that are not merged", _unmerged),
        ("2022_review_middle.docx", 136, "table four with five empty boxes in a third row of heads", _middle),
        (
            "2022_review_no_kinds.docx",
            137,
            "table four with two rows of heads, the kinds beside 行政诉讼",
            _no_kinds,
        ),
    ):
        s = town(2022, "2021", seed)
        drawn = tables(s)
        drawn["review"] = shape(drawn["review"][-1])
        yield word(name, s, odd, drawn=drawn)
    s = town(2022, "2021", 15)
    wrap = {"review": lambda rows: "".join(table(t) + paragraph("") for t in _apart(rows[-1]))}
    yield word("2022_review_three.docx", s, "table four as three tables", wrap=wrap)
    s = town(2022, "2021", 138)

    def one_line(rows: Rows) -> str:
        if len(rows[-1]) != 15:
            return lines(rows)
        return "行政复议 行政诉讼\n" + " ".join(b.text for b in rows[-1])

    yield text(
        "2022_review_line.txt", s, "table four as one line of heads and one of fifteen numbers", one_line
    )


def _down(line: list[Box]) -> Rows:
    return [
        [Box("", 2), *(Box(t) for t in LABELS)],
        [Box("行政复议", 2), *line[:5]],
        [Box("行政诉讼", 1, 2), Box(KINDS[0]), *line[5:10]],
        [Box(KINDS[1]), *line[10:]],
    ]


def _apart(line: list[Box]) -> list[Rows]:
    names = ["行政复议", *(f"行政诉讼（{k}）" for k in KINDS)]
    return [[[Box(n, 5)], [Box(t) for t in LABELS], line[5 * i : 5 * i + 5]] for i, n in enumerate(names)]


def _tall(line: list[Box]) -> Rows:
    rows: Rows = []
    for n, box in enumerate(line):
        left = [Box("行政复议", 2, 5)] if n == 0 else []
        left += [Box("行政诉讼", 1, 10)] if n == 5 else []
        left += [Box(KINDS[n // 5 - 1], 1, 5)] if n in (5, 10) else []
        rows.append([*left, Box(LABELS[n % 5]), box])
    return rows


def _unmerged(line: list[Box]) -> Rows:
    def first(text: str, width: int) -> list[Box]:
        return [Box(text), *(Box("") for _ in range(width - 1))]

    return [
        [*first("行政复议", 5), *first("行政诉讼", 10)],
        [*first("", 5), *first(KINDS[0], 5), *first(KINDS[1], 5)],
        [Box(t) for t in LABELS * 3],
        line,
    ]


def _middle(line: list[Box]) -> Rows:
    return [
        [Box("行政复议", 5), Box("行政诉讼", 10)],
        [*(Box(t) for t in LABELS), Box(KINDS[0], 5), Box(KINDS[1], 5)],
        [*(Box("") for _ in LABELS), *(Box(t) for t in LABELS * 2)],
        line,
    ]


def _no_kinds(line: list[Box]) -> Rows:
    names = ["行政复议", *(f"行政诉讼{k}" for k in KINDS)]
    return [[Box(n, 5) for n in names], [Box(t) for t in LABELS * 3], line]
