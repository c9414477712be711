"""Two checkouts over the same documents: are the datasets the same, byte for byte?

    python bench/same_datasets.py BEFORE AFTER FOLDER…        BEFORE, AFTER: folders of checkouts

What may differ between two versions of the program is set aside: the column `version` of reports.csv, the
wording of messages (column `message` of findings.csv), run.json, and what follows from both: checksums in
datapackage.json. Parquet files are compared as tables. Exit code 1 where anything else differs; the first
lines that differ are printed. Both checkouts are run by this Python with the libraries that it has.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet

#: columns that a version may word otherwise, by dataset
WORDED = {"reports": {"version"}, "findings": {"message"}}
#: differences of one file that are printed
SHOWN = 5


def run(checkout: Path, folder: Path, out: Path) -> None:
    """Datasets of a folder, made by a checkout; those of the time before the package are run through pipeline.py."""
    package = (checkout / "__init__.py").exists()
    with tempfile.TemporaryDirectory() as scratch:
        link = Path(scratch) / "gongkai"
        link.symlink_to(checkout, target_is_directory=True)
        start = ["-m", "gongkai"] if package else [str(checkout / "pipeline.py")]
        environment = os.environ | {"PYTHONPATH": scratch if package else str(checkout)}
        command = [sys.executable, *start, "run", folder.name, "--to", str(out), "--quiet"]
        done = subprocess.run(command, cwd=folder.parent, env=environment, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{checkout}: the run over {folder} ended with {done.returncode}")


def lines(path: Path) -> Iterator[str]:
    """A file of a dataset as lines of text, without what a version may word otherwise."""
    worded = WORDED.get(path.stem, set())
    if path.suffix == ".parquet":
        table = pyarrow.parquet.read_table(path)
        table = table.drop_columns([n for n in table.column_names if n in worded])
        yield str(table.schema.remove_metadata())
        yield from (repr(tuple(row.values())) for row in table.to_pylist())
    elif path.suffix == ".csv" and worded:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                yield repr({k: v for k, v in row.items() if k not in worded})
    elif path.name == "datapackage.json":
        described = json.loads(path.read_text("utf-8"), object_hook=unsealed)
        yield from io.StringIO(json.dumps(described, ensure_ascii=False, indent=1))
    else:
        yield from path.read_text("utf-8").splitlines()


def unsealed(described: dict[str, object]) -> dict[str, object]:
    """What datapackage.json says of a file, without what follows from the bytes of another."""
    return {key: value for key, value in described.items() if key not in ("bytes", "hash", "version")}


def differences(before: Path, after: Path) -> Iterator[str]:
    """What differs between two dataset folders, a line each."""
    names = {p.name for folder in (before, after) for p in folder.iterdir() if p.is_file()} - {"run.json"}
    for name in sorted(names):
        if not (before / name).exists() or not (after / name).exists():
            yield f"{name}: only in {'AFTER' if (after / name).exists() else 'BEFORE'}"
            continue
        old, new = list(lines(before / name)), list(lines(after / name))
        if old == new:
            continue
        gone, come = set(old) - set(new), set(new) - set(old)
        yield f"{name}: {len(old)} lines before, {len(new)} after; {len(gone)} gone, {len(come)} new"
        yield from (f"  - {line[:300]}" for line in sorted(gone)[:SHOWN])
        yield from (f"  + {line[:300]}" for line in sorted(come)[:SHOWN])


def main(arguments: list[str]) -> int:
    """Compare and print; 1 where anything differs."""
    if len(arguments) < 3:
        raise SystemExit(__doc__)
    before, after, *folders = (Path(a).resolve() for a in arguments)
    different = False
    for folder in folders:
        with tempfile.TemporaryDirectory() as scratch:
            outs = [Path(scratch) / name for name in ("before", "after")]
            for checkout, out in zip((before, after), outs, strict=True):
                run(checkout, folder, out)
            found = list(differences(*outs))
            facts = sum(1 for _ in (outs[1] / "facts.csv").open(encoding="utf-8-sig")) - 1
        different = different or bool(found)
        print(f"{folder.name}: {'DIFFERS' if found else 'the same'}, {facts:,} facts")
        print("\n".join(found), end="\n" if found else "")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
