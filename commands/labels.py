"""Every wording seen in a dataset, with counts and the field it went to, as CSV. 数据集中的标签写法。"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from gongkai.commands import Refused

#: table, "rows" or "columns", printed, id, rule
Wording = tuple[str, str, str, str, str]
COLUMNS = ("table", "kind", "printed", "field", "rule", "lowest_score", "values", "first_file")


def command(
    dataset: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that `gongkai run` wrote. 数据集文件夹")
    ],
) -> int:
    """List wordings so that the matching can be seen and, with --aliases, corrected."""
    facts = dataset / "facts.csv"
    if not facts.is_file():
        raise Refused("there is no such file; name a folder that `gongkai run` wrote", 2, facts)
    csv.field_size_limit(1 << 24)
    count: Counter[Wording] = Counter()
    lowest: dict[Wording, float] = {}
    example: dict[Wording, str] = {}
    with facts.open(newline="", encoding="utf-8-sig") as file:
        lines = csv.DictReader(file)
        if not {"table", "row_label", "column_label", "row_rule", "source_file"} <= set(
            lines.fieldnames or ()
        ):
            raise Refused(
                "has not the columns of facts.csv; name a folder that `gongkai run` wrote", 2, facts
            )
        for fact in lines:
            for kind in ("row", "column"):
                printed = fact[f"{kind}_label"].rpartition(" / ")[2]
                at = (fact["table"], f"{kind}s", printed, fact[kind], fact[f"{kind}_rule"])
                count[at] += 1
                lowest[at] = min(lowest.get(at, 100.0), float(fact[f"{kind}_score"] or 0))
                example.setdefault(at, fact["source_file"])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for at in sorted(count, key=lambda a: (a[0], a[1], a[3], -count[a], a[2], a[4])):
        writer.writerow([*at, f"{lowest[at]:g}", count[at], example[at]])
    return 0
