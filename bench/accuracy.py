"""Facts right, wrong and missed on a folder with truths: Gongkai beside what one would write in an afternoon.

    python bench/accuracy.py [FOLDER] [--seen]        default: samples/
    python bench/accuracy.py --readme                 samples/ → bench/samples.json and the tables of both READMEs

--seen: PDF, OFD and pictures by Gongkai alone, and of their facts, by confidence, those that OCR read and those on pages of
PDFs that were rendered to see what is there (the ink test).
A truth is NAME.truth.json beside its document. The afternoon's program takes pdfplumber's extract_tables or
python-docx's tables, matches each row's last label by rapidfuzz and takes the numbers by position.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

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
    """How a fact was read: by OCR, under a printed head, or in a column that only its place or its number tells."""
    if fact.origin == "ocr":
        return "OCR"
    return "no head: by place or by counting" if fact.column_match.rule == "position" else "under its head"


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


def show_seen(folder: Path) -> None:
    """Print who decided what is seen, and how often that was wrong, by confidence."""
    bands: dict[tuple[str, int], list[int]] = {}
    for path in sorted(folder.rglob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        document = path.parent / truth["file"]
        if not truth["cells"] or document.suffix.lower() not in PAGES:
            continue
        expected = {
            (c["table"], c["row"], c["column"]): Decimal(str(c["value"]))
            for c in truth["cells"]
            if c["value"] is not None
        }
        for address, (value, confidence, who) in seen(document).items():
            if value is not None:
                band = max(i for i in range(len(BANDS) - 1) if confidence >= BANDS[i])
                counts = bands.setdefault((who, band), [0, 0])
                counts[0] += 1
                counts[1] += address not in expected or abs(value - expected[address]) >= Decimal("1e-6")
    print("| decided by | confidence | facts given | wrong | share |\n| --- | --- | --- | --- | --- |")
    for (who, band), (given, bad) in sorted(bands.items(), reverse=True):
        print(
            f"| {who} | {BANDS[band]:g} to {min(1.0, BANDS[band + 1]):g} | {given} | {bad} | {bad / given:.4f} |"
        )


def score(
    folder: Path, read: Callable[[Path], Values], missed_in: dict[str, int] | None = None
) -> tuple[int, int, int, int, int, Bands]:
    """Right, wrong, missed, documents, perfect documents; and (given, wrong) by way and band of confidence.

    `missed_in` takes the missed values of each document that misses some.
    """
    right = wrong = missed = documents = perfect = 0
    bands: Bands = {}
    for path in sorted(folder.rglob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        document = path.parent / truth["file"]
        if not truth["cells"] or document.suffix not in (".docx", ".pdf", ".txt"):
            continue
        expected = {(c["table"], c["row"], c["column"]): Decimal(str(c["value"])) for c in truth["cells"]}
        got = {a: v for a, v in read(document).items() if v[0] is not None}
        good = {
            a
            for a, (value, _, _) in got.items()
            if a in expected and abs(value - expected[a]) < Decimal("1e-6")
        }  # type: ignore[operator]
        right += len(good)
        wrong += len(got) - len(good)
        missed += len(set(expected) - set(got))
        if missed_in is not None and set(expected) - set(got):
            missed_in[truth["file"]] = len(set(expected) - set(got))
        documents += 1
        perfect += len(good) == len(expected) == len(got)
        for address, (_, confidence, way) in got.items():
            band = max(i for i in range(len(BANDS) - 1) if confidence >= BANDS[i])
            for key in (("all", band), (way, band)):
                given, bad = bands.get(key, (0, 0))
                bands[key] = given + 1, bad + (address not in good)
    return right, wrong, missed, documents, perfect, bands


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
    right, wrong, missed, documents, perfect, _ = score(folder, read, missed_in)
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
    """Print the table."""
    if "--readme" in sys.argv:
        write_readmes()
        return
    named = [Path(a) for a in sys.argv[1:] if not a.startswith("-")]
    folder = named[0] if named else Path(__file__).resolve().parents[1] / "samples"
    if "--seen" in sys.argv:
        show_seen(folder)
        return
    print("| reader | documents | perfect | facts right | wrong | missed | wrong per million given |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, read in (("Gongkai", gongkai), ("pdfplumber / python-docx + rapidfuzz", afternoon)):
        right, wrong, missed, documents, perfect, bands = score(folder, read)
        rate = round(1e6 * wrong / (right + wrong)) if right + wrong else 0
        print(f"| {name} | {documents} | {perfect} | {right} | {wrong} | {missed} | {rate} |")
        if read is gongkai:
            reliability = bands
    print("\n| read | confidence | facts given | wrong |\n| --- | --- | --- | --- |")
    for way, i in sorted(reliability, key=lambda key: (key[0] != "all", key[0], -key[1])):
        given, bad = reliability[way, i]
        print(f"| {way} | {BANDS[i]:g} to {min(1.0, BANDS[i + 1]):g} | {given} | {bad} |")


if __name__ == "__main__":
    main()
