"""Time and memory of the panel of many reports, and of each format it is written in.

    python bench/panel_cost.py [COUNT ...]        default: 5000 20000

The reports are made up as a dataset, without reading a document: 200 facts each, bodies over five years. The panel alone
and each format are a process of their own; CPU is that of the process with its threads, peak that of its memory.
Reports are of the form of 2021. Called panel_cost, because commands/statistics/panel.py has the name that is nearer: no two
files share one (tests/test_architecture.py).

Goals: the panel of 20,000 reports in at most 30 s CPU, its memory within 20 % of that of 5,000.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gongkai.emit.schema import Column, Dataset, datasets
from gongkai.normalize import templates

YEARS = 5
#: facts of a report: as many of the form of 2021 as it takes
FACTS = 200
#: reports that are written at a time
BATCH = 1_000
KINDS = ("dta", "sav", "csv", "parquet", "xlsx", "sqlite", "duckdb")
ALONE = "import sys; from pathlib import Path; from gongkai.panel import build; print(len(build(Path(sys.argv[1]))))"
_ARROW = {
    "text": pa.string(),
    "id": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.float64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class PanelCost:
    """Seconds by the clock and of computing, and peak MiB."""

    seconds: float
    computing: float
    peak: float


def make(folder: Path, count: int) -> int:
    """A dataset of `count` reports without checks, findings and text; returns its facts."""
    folder.mkdir()
    addresses = [
        f.address for t in templates() if t.id == "2021" for table in t.tables for f in table.fields
    ][:FACTS]
    known = {d.name: d for d in datasets()}
    generator = np.random.default_rng(1)
    schemas = {
        name: pa.schema([(c.name, _ARROW[c.kind]) for c in known[name].columns])
        for name in ("reports", "facts")
    }
    with (
        pq.ParquetWriter(folder / "reports.parquet", schemas["reports"]) as reports,
        pq.ParquetWriter(folder / "facts.parquet", schemas["facts"]) as facts,
    ):
        for start in range(0, count, BATCH):
            numbers = range(start, min(start + BATCH, count))
            reports.write_table(_table(known["reports"], [_report(n) for n in numbers]))
            facts.write_table(_facts(known["facts"], numbers, addresses, generator))
    return count * len(addresses)


def _report(n: int) -> dict[str, Any]:
    body = n // YEARS
    return {
        "report_id": f"{n:016x}",
        "source_file": f"{n}.docx",
        "sha256": f"{n:064x}",
        "format": "docx",
        "org": f"第{body}县人民政府",
        "year": 2021 + n % YEARS,
        "title": f"第{body}县{2021 + n % YEARS}年政府信息公开工作年度报告",
        "template": "2021",
        "status": "ok",
        "reason": "",
        "level": "county",
        "division_code": f"{110000 + body % 500000}",
        "body_id": f"{body:06}/人民政府",
        "org_confidence": 0.99,
        "year_confidence": 0.99,
        "sums": "hold",
        "checks_failed": 0,
    }


def _facts(
    dataset: Dataset, numbers: range, addresses: list[Any], generator: np.random.Generator
) -> pa.Table:
    size = len(numbers) * len(addresses)
    values = generator.poisson(3, size).astype(float)
    given: dict[str, Any] = {
        "report_id": np.repeat([f"{n:016x}" for n in numbers], len(addresses)),
        "source_file": np.repeat([f"{n}.docx" for n in numbers], len(addresses)),
        "org": np.repeat([f"第{n // YEARS}县人民政府" for n in numbers], len(addresses)),
        "year": np.repeat([2021 + n % YEARS for n in numbers], len(addresses)),
        "value": values,
        "printed": values.astype(int).astype(str),
        "blank": generator.random(size) < 0.05,
        "confidence": np.full(size, 0.998),
        "template": np.full(size, "2021"),
        "origin": np.full(size, "printed"),
        "unit": np.full(size, ""),
    }
    for i, name in enumerate(("table", "row", "column")):
        given[name] = np.tile([a[i] for a in addresses], len(numbers))
    return pa.table({c.name: _array(c, given.get(c.name), size) for c in dataset.columns})


def _table(dataset: Dataset, lines: list[dict[str, Any]]) -> pa.Table:
    return pa.table(
        {c.name: pa.array([line.get(c.name) for line in lines], _ARROW[c.kind]) for c in dataset.columns}
    )


def _array(column: Column, values: Any, size: int) -> pa.Array:
    return pa.nulls(size, _ARROW[column.kind]) if values is None else pa.array(values, _ARROW[column.kind])


def cost(command: list[str]) -> PanelCost:
    """Run a command to its end. Raises SystemExit where it fails."""
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-P", *command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command[:4])}: ended with {os.waitstatus_to_exitcode(status)}")
    return PanelCost(time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Print a line a format for every count."""
    counts = [int(text) for text in sys.argv[1:]] or [5_000, 20_000]
    print(f"{'reports':>8} {'what':<8} {'clock s':>8} {'CPU s':>8} {'peak MiB':>9} {'file MiB':>9}")
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="gongkai-panel-") as name:
            folder = Path(name) / "out"
            made = make(folder, count)
            _print(count, "panel", cost(["-c", ALONE, str(folder)]), None)
            for kind in KINDS:
                path = Path(name) / kind / f"p.{kind}"
                spent = cost(["-m", "gongkai", "panel", str(folder), "--to", str(path), "--quiet"])
                _print(count, kind, spent, path)
            print(f"{count:>8} reports hold {made:,} facts", flush=True)


def _print(count: int, what: str, spent: PanelCost, path: Path | None) -> None:
    size = "" if path is None else f"{path.stat().st_size / 1024**2:.1f}"
    print(
        f"{count:>8} {what:<8} {spent.seconds:>8.1f} {spent.computing:>8.1f} {spent.peak:>9.0f} {size:>9}",
        flush=True,
    )


if __name__ == "__main__":
    main()
