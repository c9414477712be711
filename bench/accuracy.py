"""Facts right, wrong and missed on a folder with truths: Gongkai beside what one would write in an afternoon.

    python bench/accuracy.py [FOLDER] [--seen]        default: samples/
    python bench/accuracy.py FOLDER --of DATASET      the calibration alone, of the facts that a run over FOLDER wrote
    python bench/accuracy.py --readme                 samples/ → bench/samples.json and the tables of both READMEs

Both programs are held against the DOCX, PDF and text files of the folder. The table of calibration has the facts of every
document with a truth by their confidence: how many were given, how many are wrong, and how many that is in a million;
first all of them, then by the evidence that decided (`_way`).
--seen: PDF, OFD and pictures by Gongkai alone, and of their facts, by confidence, those that OCR read and those on pages of
PDFs that were rendered to see what is there (the ink test).
A truth is NAME.truth.json beside its document, or in a folder `truths` below it. The afternoon's program takes pdfplumber's
extract_tables or python-docx's tables, matches each row's last label by rapidfuzz and takes the numbers by position.
"""

from __future__ import annotations

import csv
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from gongkai import pipeline
from gongkai.extract import pdf
from gongkai.extract.pdfium.visible import Seen
from gongkai.model import Address, Fact
from gongkai.normalize.form.template import table

#: value, confidence, and how the fact was read
Values = dict[Address, tuple[Decimal | None, float, str]]
#: endings of files that hold pages
PAGES = (".pdf", ".ofd", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")
#: facts by confidence, for the table of reliability
BANDS = (0.0, 0.9, 0.95, 0.98, 0.99, 0.999, 1.01)

#: (given, wrong) by how a fact was read and the number of its band
Bands = dict[tuple[str, int], tuple[int, int]]


def gongkai(path: Path) -> Values:
    """What Gongkai reads, with its confidence."""
    report = pipeline.read_file(path, path.name, pipeline.Options())[0]
    return {
        f.field.address: (f.value, f.confidence, _way(f)) for f in report.facts if f.row_match.rule != "local"
    }


def _way(fact: Fact) -> str:
    return _way_of(fact.origin, fact.column_match.rule)


def _way_of(origin: str, column_rule: str) -> str:
    """How a fact was read: by OCR, under a printed head, or in a column that only sums, its place or its number tell."""
    if origin == "ocr":
        return "OCR"
    if column_rule == "sums":
        return "no head: by the form's sums"
    return "no head: by place or by counting" if column_rule == "position" else "under its head"


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
    return {address: (value, 1.0, "") for grid in grids for row in grid for address, value in _row(row)}


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


def seen(path: Path) -> dict[Address, tuple[Decimal | None, float, str]]:
    """Value, confidence, and who decided what is seen: "ocr", "ink test" or "text"."""
    rendered: list[bool] = []

    def look(*given: object) -> Seen:
        found = look_at(*given)  # type: ignore[arg-type]
        rendered.append(found.has_ink is not None or bool(found.unseen or found.partly))
        return found

    look_at, pdf.look_at = pdf.look_at, look
    try:
        report = pipeline.read_file(path, path.name, pipeline.Options())[0]
    finally:
        pdf.look_at = look_at
    inked = {number for number, was in enumerate(rendered[: report.pages or 0], 1) if was}
    return {
        f.field.address: (
            f.value,
            f.confidence,
            "ocr" if f.origin == "ocr" else "ink test" if f.place.page in inked else "text",
        )
        for f in report.facts
    }


class Truth(NamedTuple):
    """A document, and the values that stand in it."""

    document: Path
    values: Mapping[Address, Decimal]


def truths(folder: Path) -> Iterator[Truth]:
    """The documents of a folder that have values, in the order of their names."""
    for path in sorted(folder.rglob("*.truth.json")):
        told = json.loads(path.read_text("utf-8"))
        beside = path.parent.parent if path.parent.name == "truths" else path.parent
        cells = [c for c in told["cells"] if c["value"] is not None]
        values = {(c["table"], c["row"], c["column"]): Decimal(str(c["value"])) for c in cells}
        if values:
            yield Truth(beside / told["file"], values)


def is_right(truth: Truth, address: Address, value: Decimal) -> bool:
    """Whether a value stands in the document under this address."""
    return address in truth.values and abs(value - truth.values[address]) < Decimal("1e-6")


def count_bands(truth: Truth, got: Values, bands: Bands) -> None:
    """Add (in place) the facts of a document to those of their bands of confidence."""
    for address, (value, confidence, way) in got.items():
        if value is None:
            continue
        band = max(i for i in range(len(BANDS) - 1) if confidence >= BANDS[i])
        for key in (("all", band), (way, band)):
            given, bad = bands.get(key, (0, 0))
            bands[key] = given + 1, bad + (not is_right(truth, address, value))


def score(
    folder: Path, read: Callable[[Path], Values], missed_in: dict[str, int] | None = None
) -> tuple[int, int, int, int, int]:
    """Right, wrong, missed, documents and perfect documents, of those that both programs read.

    `missed_in` takes the missed values of each document that misses some.
    """
    right = wrong = missed = documents = perfect = 0
    for truth in truths(folder):
        if truth.document.suffix not in (".docx", ".pdf", ".txt"):
            continue
        got = {a: v[0] for a, v in read(truth.document).items() if v[0] is not None}
        good = sum(is_right(truth, a, v) for a, v in got.items())
        lost = len(set(truth.values) - set(got))
        right += good
        wrong += len(got) - good
        missed += lost
        if missed_in is not None and lost:
            missed_in[truth.document.name] = lost
        documents += 1
        perfect += good == len(truth.values) == len(got)
    return right, wrong, missed, documents, perfect


def calibrate(folder: Path, read: Callable[[Path], Values]) -> Bands:
    """(given, wrong) by way and band of confidence, over every document of a folder that has a truth."""
    bands: Bands = {}
    for truth in truths(folder):
        count_bands(truth, read(truth.document), bands)
    return bands


def show_seen(folder: Path) -> None:
    """Print who decided what is seen, and how often that was wrong, by confidence."""
    bands: Bands = {}
    for truth in truths(folder):
        if truth.document.suffix.lower() in PAGES:
            count_bands(truth, seen(truth.document), bands)
    show_calibration(bands)


def read_dataset(folder: Path, dataset: Path) -> Callable[[Path], Values]:
    """A reader that gives the facts which a run over `folder` wrote; of a file with several reports nothing."""
    by_file: dict[str, dict[str, Values]] = {}
    with (dataset / "facts.csv").open(newline="", encoding="utf-8-sig") as file:
        for line in csv.DictReader(file):
            if line["row_rule"] == "local" or not line["value"]:
                continue
            report = by_file.setdefault(line["source_file"], {}).setdefault(line["report_id"], {})
            way = _way_of(line["origin"], line["column_rule"])
            address = (line["table"], line["row"], line["column"])
            report[address] = (Decimal(line["value"]), float(line["confidence"]), way)

    def read(path: Path) -> Values:
        reports = by_file.get(path.relative_to(folder).as_posix(), {})
        return next(iter(reports.values())) if len(reports) == 1 else {}

    return read


def show_calibration(bands: Bands) -> None:
    """Print the facts by their confidence: all, then by the evidence that decided."""
    print("| decided by | confidence | facts given | wrong | wrong per million |")
    print("| --- | --- | --- | --- | --- |")
    for way, i in sorted(bands, key=lambda key: (key[0] != "all", key[0], -key[1])):
        given, bad = bands[way, i]
        upper = min(1.0, BANDS[i + 1])
        print(f"| {way} | {BANDS[i]:g} to {upper:g} | {given} | {bad} | {round(1e6 * bad / given)} |")


#: what was measured on samples/, by reader: documents, perfect, right, wrong, missed
MEASURED = Path(__file__).with_name("samples.json")
ROOT = Path(__file__).resolve().parents[1]
#: the heads of the table in a README, the readers' names, and how "146 of 149" is written
_READMES = {
    "README.md": (
        "| reader | documents without a fault | values right | wrong | missed |",
        {"gongkai": "Gongkai", "afternoon": "pdfplumber or python-docx tables, rows by rapidfuzz"},
        "{} of {}",
    ),
    "README.zh.md": (
        "| 读取方式 | 毫无差错的文件 | 正确 | 错误 | 遗漏 |",
        {"gongkai": "Gongkai", "afternoon": "pdfplumber 或 python-docx 取表，rapidfuzz 匹配行"},
        "{} / {}",
    ),
}
_TABLE = re.compile(r"(?<=<!-- accuracy -->\n).*?(?=<!-- /accuracy -->)", re.DOTALL)


def measure(read: Callable[[Path], Values], folder: Path = ROOT / "samples") -> dict[str, Any]:
    """The counts of a reader by their names, and the documents in which it misses values."""
    missed_in: dict[str, int] = {}
    right, wrong, missed, documents, perfect = score(folder, read, missed_in)
    return {
        "documents": documents,
        "perfect": perfect,
        "right": right,
        "wrong": wrong,
        "missed": missed,
        "missed_in": missed_in,
    }


def readme_table(name: str, measured: Mapping[str, Mapping[str, Any]]) -> str:
    """The table of a README, between its two marks."""
    head, readers, of = _READMES[name]
    lines = [head, "| --- | --- | --- | --- | --- |"]
    for reader, title in readers.items():
        m = measured[reader]
        counts = " | ".join(f"{m[key]:,}" for key in ("right", "wrong", "missed"))
        lines.append(f"| {title} | {of.format(m['perfect'], m['documents'])} | {counts} |")
    return "\n".join(lines) + "\n"


def write_readmes() -> None:
    """Measure, keep the counts, and write the tables."""
    measured = {"gongkai": measure(gongkai), "afternoon": measure(afternoon)}
    del measured["afternoon"]["missed_in"]
    MEASURED.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    for name in _READMES:
        path = ROOT / name
        table = readme_table(name, measured)
        path.write_text(
            _TABLE.sub(lambda _, table=table: table, path.read_text("utf-8")), "utf-8", newline="\n"
        )


def main() -> None:
    """Print the tables."""
    if "--readme" in sys.argv:
        write_readmes()
        return
    dataset = Path(sys.argv.pop(sys.argv.index("--of") + 1)) if "--of" in sys.argv else None
    named = [Path(a) for a in sys.argv[1:] if not a.startswith("-")]
    folder = named[0] if named else ROOT / "samples"
    if dataset is not None:
        show_calibration(calibrate(folder, read_dataset(folder, dataset)))
        return
    if "--seen" in sys.argv:
        show_seen(folder)
        return
    kept: dict[Path, Values] = {}

    def read_once(path: Path) -> Values:
        if path not in kept:
            kept[path] = gongkai(path)
        return kept[path]

    print("| reader | documents | perfect | facts right | wrong | missed | wrong per million given |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, read in (("Gongkai", read_once), ("pdfplumber / python-docx + rapidfuzz", afternoon)):
        right, wrong, missed, documents, perfect = score(folder, read)
        rate = round(1e6 * wrong / (right + wrong)) if right + wrong else 0
        print(f"| {name} | {documents} | {perfect} | {right} | {wrong} | {missed} | {rate} |")
    print()
    show_calibration(calibrate(folder, read_once))


if __name__ == "__main__":
    main()
