"""A table → text, in the ways that flattening leaves it."""

from __future__ import annotations

from form import Rows


def boxes(rows: Rows) -> str:
    """A box a line behind a tab, rows parted by empty lines, as Word saves a table."""
    held: dict[tuple[int, int], int] = {}  # where a box from above reaches, and how wide it is
    parts: list[str] = []
    for r, line in enumerate(rows):
        texts: list[str] = []
        c = 0
        waiting = list(line)
        while waiting or (r, c) in held:
            if (r, c) in held:
                texts.append("")
                c += held[r, c]
                continue
            box = waiting.pop(0)
            texts.append(box.text)
            held |= {(r + i, c): box.colspan for i in range(1, box.rowspan)}
            c += box.colspan
        parts.append("\n".join(f"\t{t}" for t in texts))
    return "\n\n".join(parts) + "\n\n"


def lines(rows: Rows) -> str:
    """A row a line, tabs between its boxes."""
    return "\n".join("\t".join(b.text for b in line) for line in rows)


def bars(rows: Rows) -> str:
    """A row a line, bars between its boxes and at its end."""
    return "\n".join(" | ".join(b.text for b in line) + " |" for line in rows)
