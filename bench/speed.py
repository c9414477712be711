"""CPU time of a report, side by side in one run: Gongkai to facts, checks and sections beside its limits and its peers.

    python bench/speed.py [FOLDER]        default: samples/

Median over the files of the median over rounds, in milliseconds of process time; the peers read the same files.
"""

from __future__ import annotations

import io
import logging
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pipeline

ROUNDS = 5
MOST = 12  # files of each kind


def ours(path: Path) -> object:
    """The whole way: bytes to facts, checks and sections."""
    return pipeline.read_file(path, path.name, pipeline.Options())


def pdfium(path: Path) -> None:
    """The limit: PDFium's own loading and text of every page."""
    import pypdfium2.raw as raw

    data = path.read_bytes()
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    for n in range(raw.FPDF_GetPageCount(document)):
        page = raw.FPDF_LoadPage(document, n)
        text = raw.FPDFText_LoadPage(page)
        raw.FPDFText_CountChars(text)
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)
    raw.FPDF_CloseDocument(document)


def plumber(path: Path) -> None:
    """pdfplumber's extract_tables alone."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_tables()


def unzip(path: Path) -> None:
    """The limit: unzip and parse the XML."""
    from lxml import etree

    etree.fromstring(zipfile.ZipFile(io.BytesIO(path.read_bytes())).read("word/document.xml"))


def row_cells(path: Path) -> None:
    """python-docx, every row's cells."""
    import docx

    for table in docx.Document(str(path)).tables:
        for row in table.rows:
            for cell in row.cells:
                cell.text  # noqa: B018 the reading is what is timed


def lexbor(path: Path) -> None:
    """The limit: lexbor's parse."""
    from selectolax.lexbor import LexborHTMLParser

    LexborHTMLParser(path.read_bytes().decode("utf-8", "replace"))


KINDS: dict[str, list[tuple[str, Callable[[Path], object]]]] = {
    ".pdf": [("gongkai", ours), ("PDFium load and text", pdfium), ("pdfplumber extract_tables", plumber)],
    ".docx": [("gongkai", ours), ("unzip and lxml", unzip), ("python-docx row.cells", row_cells)],
    ".html": [("gongkai", ours), ("lexbor parse", lexbor)],
}


def cpu(call: Callable[[Path], object], path: Path) -> float:
    """Process time of one call, in milliseconds."""
    start = time.process_time()
    call(path)
    return 1000 * (time.process_time() - start)


def whole(arguments: list[str]) -> float:
    """User and system time of a whole process, in milliseconds, the best of seven."""
    import resource

    times = []
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            check=False,
            cwd=Path(__file__).resolve().parents[1],
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime))
    return min(times)


def main() -> None:
    """Print the tables."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "samples"
    print("| format | what | ms a report | Gongkai against it |\n| --- | --- | --- | --- |")
    for suffix, calls in KINDS.items():
        files = [p for p in sorted(folder.rglob(f"*{suffix}")) if pipeline.read(p).facts][:MOST]
        if not files:
            continue
        times: dict[str, list[float]] = {name: [] for name, _ in calls}
        for path in files:
            rounds: dict[str, list[float]] = {name: [] for name, _ in calls}
            for _ in range(ROUNDS):
                for name, call in calls:
                    rounds[name].append(cpu(call, path))
            for name, values in rounds.items():
                times[name].append(statistics.median(values))
        mine = statistics.median(times["gongkai"])
        for name, _ in calls:
            other = statistics.median(times[name])
            print(f"| {suffix[1:]} ({len(files)}) | {name} | {other:.2f} | {mine / other:.2f} × |")
    bare = whole(["-c", "pass"])
    sample = str(root / "samples" / "2021_city.docx")
    print("\n| process | ms CPU | bare Python |\n| --- | --- | --- |")
    for name, arguments in (
        ("python -c pass", ["-c", "pass"]),
        ("gongkai --help", ["-c", "import commands; commands.main(['--help'])"]),
        (
            "gongkai show FILE.docx --json",
            ["-c", f"import commands; commands.main(['show', {sample!r}, '--json'])"],
        ),
    ):
        spent = whole(arguments)
        print(f"| {name} | {spent:.0f} | {spent / bare:.1f} × |")


if __name__ == "__main__":
    main()
