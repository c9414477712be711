"""Makes the samples: small made-up reports, each with its truth beside it and one thing that is odd.

    python samples/make.py [FOLDER]

The same bytes every time. The sentences are ours; labels, layout and oddities are those of real reports.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from accident import accidents
from clean import clean
from heading import headings
from label import labels
from lawsuit import lawsuits
from made import Made
from old import old
from other import others
from paper import papers
from portal import portals
from shape import shapes
from title import titles
from value import values

GROUPS: tuple[tuple[str, Callable[[], Iterator[Made]]], ...] = (
    ("The form as prescribed", clean),
    ("Before the forms: the statistics list of 2014, free narrative", old),
    ("VARIANTS 1: title, body, year", titles),
    ("VARIANTS 2: headings", headings),
    ("VARIANTS 3: labels in tables", labels),
    ("VARIANTS 4: values", values),
    ("VARIANTS 5: shape of the tables", shapes),
    ("VARIANTS 5: table four", lawsuits),
    ("VARIANTS 5 and 6: PDF", papers),
    ("VARIANTS 6: accidents", accidents),
    ("VARIANTS 7: how reports are published", portals),
    ("VARIANTS 7: no reports", others),
)
HEAD = """\
# Samples

Made by `make.py`; made-up bodies and figures, the labels and oddities are those of real reports. Beside each lies its
truth, written apart from the program: what a person reads on the page. What is odd about each, by the kinds of
deviation that were seen in published reports (VARIANTS):
"""


def make(folder: Path) -> None:
    """Write every sample and its truth into `folder`, and the list of them."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = [HEAD]
    for title, group in GROUPS:
        listed += [f"## {title}", "", "| sample | what is odd |", "| --- | --- |"]
        for made in group():
            if made.data is not None:
                (folder / made.name).write_bytes(made.data)
            else:
                print(f"{made.name}: its font is not installed; it is not made anew", file=sys.stderr)
            if made.truth is not None:
                (folder / f"{made.name}.truth.json").write_text(dumped(made.truth), "utf-8")
            listed.append(f"| `{made.name}` | {made.odd.replace('|', '/')} |")
        listed.append("")
    (folder / "README.md").write_text("\n".join(listed).rstrip() + "\n", "utf-8")


def dumped(truth: dict[str, object]) -> str:
    """JSON with a line a cell."""
    text = json.dumps({**truth, "cells": ["@"]}, ensure_ascii=False, indent=1)
    cells = truth["cells"]
    assert isinstance(cells, list)
    lines = ",\n".join("  " + json.dumps(cell, ensure_ascii=False) for cell in cells)
    return text.replace('[\n  "@"\n ]', f"[\n{lines}\n ]" if cells else "[]", 1) + "\n"


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
