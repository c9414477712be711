"""Small Grids and Documents, written like the page."""

from __future__ import annotations

from gongkai.model import Block, Cell, Document, Grid, Paragraph, Place, Source

APPLICANTS = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
HEAD = [
    [
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        "·",
        "·",
        "申请人情况",
        "·",
        "·",
        "·",
        "·",
        "·",
        "·",
    ],
    ["·", "·", "·", "自然人", "法人或其他组织", "·", "·", "·", "·", "总计"],
    ["·", "·", "·", "·", *APPLICANTS, "·"],
]


def grid(lines: list[list[str | None]], block: int = 0) -> Grid:
    """A Grid from rows of texts: "·" belongs to the box at its left, or else above; None is no box."""
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for r, line in enumerate(lines):
        for c, text in enumerate(line):
            if text == "·":
                left, up = owner.get((r, c - 1)), owner.get((r - 1, c))
                take_left = left is not None and (left[0] == r or left == up)
                owner[r, c] = left if take_left else up  # type: ignore[assignment]
            elif text is not None:
                owner[r, c] = (r, c)
    cells = []
    for r, line in enumerate(lines):
        for c, text in enumerate(line):
            if text is None or text == "·":
                continue
            held = [at for at, own in owner.items() if own == (r, c)]
            cells.append(
                Cell(
                    r,
                    c,
                    max(a for a, _ in held) - r + 1,
                    max(b for _, b in held) - c + 1,
                    text,
                    Place(block=block, row=r, column=c),
                )
            )
    return Grid(tuple(cells), len(lines), max(len(line) for line in lines), Place(block=block))


def document(*blocks: Block | str, path: str = "x.docx") -> Document:
    """A Document of paragraphs (texts) and Grids."""
    placed = tuple(Paragraph(b, Place(block=i)) if isinstance(b, str) else b for i, b in enumerate(blocks))
    return Document(Source(path, b"", "0" * 64, 0), "docx", "docx", placed)
