"""Facts right, wrong and missed on a folder with truths: Gongkai beside what one would write in an afternoon.

    python bench/accuracy.py [FOLDER]        default: samples/

A truth is NAME.truth.json beside its document. The afternoon's program takes pdfplumber's extract_tables or
python-docx's tables, matches each row's last label by rapidfuzz and takes the numbers by position.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from gongkai import pipeline
from gongkai.model import Address
from gongkai.normalize.form.template import table

Values = dict[Address, tuple[Decimal | None, float]]
#: facts by confidence, for the table of reliability
BANDS = (0.0, 0.9, 0.98, 0.99, 0.999, 1.01)


def gongkai(path: Path) -> Values:
    """What Gongkai reads, with its confidence."""
    report = pipeline.read_file(path, path.name, pipeline.Options())[0]
    return {f.field.address: (f.value, f.confidence) for f in report.facts}


def afternoon(path: Path) -> Values:
    """What the obvious program reads."""
    if path.suffix == ".docx":
        import docx

        grids = [[[c.text for c in row.cells] for row in t.rows] for t in docx.Document(str(path)).tables]
    elif path.suffix == ".pdf":
        import pdfplumber

        logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
        with pdfplumber.open(path) as document:
            grids = [
                [[c or "" for c in row] for row in t]
                for page in document.pages
                for t in page.extract_tables()
            ]
    else:
        return {}
    return {address: (value, 1.0) for grid in grids for row in grid for address, value in _row(row)}


def _row(cells: list[str]) -> list[tuple[Address, Decimal]]:
    from rapidfuzz import fuzz, process

    form = table("2021", "requests")
    labels = {r.id: r.path[-1] for r in form.rows}
    texts = ["".join(c.split()) for c in cells]
    numbers = [t for t in texts if t.replace(".", "").isdigit()]
    words = [t for t in texts if t and not t.replace(".", "").isdigit()]
    if not words or len(numbers) != 7:
        return []
    best = process.extractOne(words[-1], labels, scorer=fuzz.ratio, score_cutoff=80)
    if best is None:
        return []
    pairs = zip(form.columns, numbers, strict=True)
    return [(("requests", best[2], column.id), Decimal(number)) for column, number in pairs]


def score(
    folder: Path, read: Callable[[Path], Values]
) -> tuple[int, int, int, int, int, dict[int, list[int]]]:
    """Right, wrong, missed, documents, perfect documents; and (given, wrong) by band of confidence."""
    right = wrong = missed = documents = perfect = 0
    bands: dict[int, list[int]] = {i: [0, 0] for i in range(len(BANDS) - 1)}
    for path in sorted(folder.rglob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        document = path.parent / truth["file"]
        if not truth["cells"] or document.suffix not in (".docx", ".pdf", ".txt"):
            continue
        expected = {(c["table"], c["row"], c["column"]): Decimal(str(c["value"])) for c in truth["cells"]}
        got = {a: v for a, v in read(document).items() if v[0] is not None}
        good = {
            a for a, (value, _) in got.items() if a in expected and abs(value - expected[a]) < Decimal("1e-6")
        }  # type: ignore[operator]
        right += len(good)
        wrong += len(got) - len(good)
        missed += len(set(expected) - set(got))
        documents += 1
        perfect += len(good) == len(expected) == len(got)
        for address, (_, confidence) in got.items():
            band = max(i for i in range(len(BANDS) - 1) if confidence >= BANDS[i])
            bands[band][0] += 1
            bands[band][1] += address not in good
    return right, wrong, missed, documents, perfect, bands


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "samples"
    print("| reader | documents | perfect | facts right | wrong | missed | wrong per million given |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, read in (("Gongkai", gongkai), ("pdfplumber / python-docx + rapidfuzz", afternoon)):
        right, wrong, missed, documents, perfect, bands = score(folder, read)
        rate = round(1e6 * wrong / (right + wrong)) if right + wrong else 0
        print(f"| {name} | {documents} | {perfect} | {right} | {wrong} | {missed} | {rate} |")
        if read is gongkai:
            reliability = bands
    print("\n| confidence | facts given | wrong |\n| --- | --- | --- |")
    for i in sorted(reliability, reverse=True):
        given, bad = reliability[i]
        if given:
            print(f"| {BANDS[i]:g} to {min(1.0, BANDS[i + 1]):g} | {given} | {bad} |")


if __name__ == "__main__":
    main()
