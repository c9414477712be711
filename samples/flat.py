"""A table → text, in the ways that flattening leaves it."""

from __future__ import annotations

from form import Box, Rows


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


def single(rows: Rows) -> str:
    """A box a line."""
    return "\n".join(b.text for line in rows for b in line)


def loose(rows: Rows) -> str:
    """A box a line, an empty line behind each."""
    return "".join(f"\n{b.text}\n" for line in rows for b in line)


def bar_between(rows: Rows) -> str:
    """A box a line and a line with nothing but a bar between every two."""
    return "\n|\n".join(b.text for line in rows for b in line) + "\n|"


def bar_behind(rows: Rows) -> str:
    """A box a line with a bar behind it, so that a lone bar is an empty box; bars at the end of a row
    are the columns that its boxes span."""
    return "\n".join("\n".join(f"{b.text} |".lstrip() for b in line) + _spanned(line) for line in rows)


def labels_apart(rows: Rows) -> str:
    """The labels of a row a line each, its values in one line behind them."""
    parts = []
    for line in rows:
        names = [b for b in line if b.address is None]
        figures = [b for b in line if b.address is not None]
        parts += [f"{b.text} |" for b in names]
        if figures:
            parts.append(" | ".join(b.text for b in figures) + " |")
        parts[-1] += _spanned(line)
    return "\n".join(parts)


def _spanned(line: list[Box]) -> str:
    more = sum(b.colspan - 1 for b in line)
    return " " + "|" * more if more else ""


def vanished(rows: Rows) -> str:
    """A box a line; empty boxes are gone, only their bars are left at the end of the row."""
    parts = []
    for line in rows:
        parts += [f"{b.text} |" for b in line if b.text]
        bars = sum(b.colspan - (b.text != "") for b in line)
        parts += ["|" * bars] if bars else []
    return "\n".join(parts)


def compared(rows: Rows) -> str:
    """A box a line, long labels broken, group labels a character a line, the balance note last."""
    note = "勾稽关系"
    parts = []
    for line in rows:
        for b in line:
            if b.address is not None or len(b.text) < 3:
                parts.append(b.text)
            elif b.rowspan > 10:
                parts += list(b.text)
            elif note not in b.text:
                parts += [b.text[i : i + 13] for i in range(0, len(b.text), 13)]
    last = [b.text for line in rows for b in line if note in b.text]
    return "\n".join([*parts, *last])


def markdown(rows: Rows) -> str:
    """A table of Markdown; a box that spans others is followed by empty ones."""
    width = sum(b.colspan for b in rows[0])
    held: set[tuple[int, int]] = set()
    out = []
    for r, line in enumerate(rows):
        texts: list[str] = []
        waiting = list(line)
        while len(texts) < width:
            c = len(texts)
            if (r, c) in held or not waiting:
                texts.append("")
                continue
            box = waiting.pop(0)
            held |= {(r + i, c + k) for i in range(1, box.rowspan) for k in range(box.colspan)}
            texts += [box.text, *[""] * (box.colspan - 1)]
        out.append("| " + " | ".join(texts) + " |")
    out.insert(1, "|" + " --- |" * width)
    return "\n" + "\n".join(out) + "\n"
