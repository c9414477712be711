"""Every wording seen in a dataset, with counts and the field it went to, as CSV. 数据集中的标签写法。"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer


def command(
    dataset: Annotated[Path, typer.Argument(help="A folder that `gongkai run` wrote.")],
) -> int:
    """List wordings so that the matching can be seen and, with --aliases, corrected."""
    facts = dataset / "facts.csv"
    if not facts.is_file():
        sys.stderr.write(
            f"gongkai labels: {facts}: there is no such file; name a folder that `gongkai run` wrote\n"
        )
        return 2
    csv.field_size_limit(1 << 24)
    count: Counter[tuple[str, str, str, str, str]] = Counter()
    lowest: dict[tuple[str, str, str, str, str], float] = {}
    example: dict[tuple[str, str, str, str, str], str] = {}
    with facts.open(newline="", encoding="utf-8-sig") as file:
        for fact in csv.DictReader(file):
            for kind in ("row", "column"):
                printed = fact[f"{kind}_label"].rpartition(" / ")[2]
                at = (fact["table"], f"{kind}s", printed, fact[kind], fact[f"{kind}_rule"])
                count[at] += 1
                lowest[at] = min(lowest.get(at, 100.0), float(fact[f"{kind}_score"] or 0))
                example.setdefault(at, fact["source_file"])
    writer = csv.writer(sys.stdout)
    writer.writerow(["table", "kind", "printed", "field", "rule", "lowest_score", "values", "first_file"])
    for at in sorted(count, key=lambda a: (a[0], a[1], a[3], -count[a], a[2])):
        writer.writerow([*at, f"{lowest[at]:g}", count[at], example[at]])
    return 0
