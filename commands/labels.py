"""Every wording of a label in a dataset, with counts and the field that it was read as, as CSV. 数据集中的标签写法。"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.options.named_files import Dataset
from gongkai.commands.output.screen import write, write_json

#: table, "rows" or "columns", printed, id, rule
Wording = tuple[str, str, str, str, str]
COLUMNS = ("table", "kind", "printed", "field", "rule", "lowest_score", "values", "first_file")

_NEEDED = {"table", "row_label", "column_label", "row_rule", "source_file"}


def command(
    dataset: Dataset,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """List the wordings, to review how labels are matched; `gongkai run --aliases` corrects a match."""
    facts = dataset / "facts.csv"
    if not facts.is_file():
        raise Refused("there is no such file; name a folder that `gongkai run` wrote", 2, facts)
    count: Counter[Wording] = Counter()
    lowest: dict[Wording, float] = {}
    example: dict[Wording, str] = {}
    for fact, kind in _labels(facts):
        printed = fact[f"{kind}_label"].rpartition(" / ")[2]
        wording = (fact["table"], f"{kind}s", printed, fact[kind], fact[f"{kind}_rule"])
        count[wording] += 1
        lowest[wording] = min(lowest.get(wording, 100.0), float(fact[f"{kind}_score"] or 0))
        example.setdefault(wording, fact["source_file"])
    ordered = sorted(count, key=lambda w: (w[0], w[1], w[3], -count[w], w[2], w[4]))
    if as_json:
        rows = [dict(zip(COLUMNS, (*w, lowest[w], count[w], example[w]), strict=True)) for w in ordered]
        write_json(rows)
        return 0
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([*w, f"{lowest[w]:g}", count[w], example[w]] for w in ordered)
    write(table.getvalue())
    return 0


def _labels(facts: Path) -> Iterator[tuple[Mapping[str, str], str]]:
    """Every line of facts.csv twice: with "row" and with "column"."""
    csv.field_size_limit(1 << 24)
    with facts.open(newline="", encoding="utf-8-sig") as file:
        lines = csv.DictReader(file)
        if not set(lines.fieldnames or ()) >= _NEEDED:
            raise Refused("lacks columns of facts.csv; name a folder that `gongkai run` wrote", 2, facts)
        for fact in lines:
            for kind in ("row", "column"):
                yield fact, kind
