"""CPU time of a report, side by side in one run: Gongkai to facts, checks and sections beside its limits and its peers.

    python bench/speed.py [FOLDER]        default: samples/

Digital documents first; scanned pages, by OCR, in a table of their own at the end. Process time in milliseconds, everything interleaved: the
median over the files of the median over rounds; × is the median over the files of the ratio in the same rounds. A peer
that is not installed says so.
"""

from __future__ import annotations

import functools
import importlib.util
import io
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from gongkai import extract, pipeline
from gongkai.model import Report

ROUNDS = 3
MOST = 12  # files of each kind
#: Characters, and the share of Chinese ones among them, below which a PDF is a picture or cannot be copied.
LEAST, CHINESE = 400, 0.3


def text_of(path: Path) -> str:
    """What PDFium finds to copy on all pages; "" where it cannot open the file."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            return "".join(page.get_textpage().get_text_range() for page in document)
    except pypdfium2.PdfiumError:
        return ""


def is_digital(path: Path) -> bool:
    """Whether no page has to be seen: a PDF with Chinese to copy, a Word file with a table."""
    if path.suffix == ".pdf":
        text = text_of(path)
        return len(text) >= LEAST and sum("一" <= c <= "鿿" for c in text) >= CHINESE * len(text)
    if path.suffix == ".docx":
        try:
            return b"<w:tbl>" in zipfile.ZipFile(path).read("word/document.xml")
        except (zipfile.BadZipFile, KeyError):
            return False
    return True


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


def camelot(path: Path) -> None:
    """camelot's lattice by its vector engine."""
    import camelot as peer

    peer.read_pdf(str(path), pages="all", flavor="lattice", engine="vector", suppress_stdout=True)


@functools.cache
def converter() -> object:
    """docling's converter for Word files."""
    from docling.datamodel.base_models import InputFormat
    from docling.document_converter import DocumentConverter

    return DocumentConverter(allowed_formats=[InputFormat.DOCX])


def docling(path: Path) -> None:
    """docling's reader of Word files."""
    converter().convert(path)  # type: ignore[attr-defined]


#: format → (name, package that has to be there, what to call)
KINDS: dict[str, list[tuple[str, str, Callable[[Path], object]]]] = {
    ".pdf": [
        ("gongkai", "pypdfium2", ours),
        ("PDFium load and text", "pypdfium2", pdfium),
        ("pdfplumber extract_tables", "pdfplumber", plumber),
        ("camelot vector", "camelot", camelot),
    ],
    ".docx": [
        ("gongkai", "lxml", ours),
        ("unzip and lxml", "lxml", unzip),
        ("python-docx row.cells", "docx", row_cells),
        ("docling", "docling", docling),
    ],
    ".html": [("gongkai", "selectolax", ours), ("lexbor parse", "selectolax", lexbor)],
}


def cpu(call: Callable[[Path], object], path: Path) -> float:
    """Process time of one call, in milliseconds."""
    start = time.process_time()
    call(path)
    return 1000 * (time.process_time() - start)


def chosen(folder: Path, suffix: str) -> dict[Path, Report]:
    """The first digital documents of a format that are reports. Reading them warms every cache up, too."""
    found: dict[Path, Report] = {}
    for path in sorted(folder.rglob(f"*{suffix}")):
        if len(found) < MOST and is_digital(path):
            report = pipeline.read(path)
            if report.facts:
                found[path] = report
    return found


def compare(suffix: str, files: list[Path]) -> None:
    """One format's lines of the table."""
    times: dict[str, list[float]] = {}
    calls = [c for c in KINDS[suffix] if importlib.util.find_spec(c[1]) is not None]
    for path in files:
        rounds: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            for name, _, call in calls:
                rounds.setdefault(name, []).append(cpu(call, path))
        for name, values in rounds.items():
            times.setdefault(name, []).append(statistics.median(values))
    for name, _, _ in KINDS[suffix]:
        if name not in times:
            print(f"| {suffix[1:]} | {name} | not installed | |")
            continue
        ratios = [mine / other for mine, other in zip(times["gongkai"], times[name], strict=True)]
        ratio = statistics.median(ratios)
        print(
            f"| {suffix[1:]} ({len(files)}) | {name} | {statistics.median(times[name]):.2f} | {ratio:.3g} × |"
        )


def labels(reports: list[Report]) -> None:
    """The matching of a document's labels, as in a run: what earlier documents had is remembered."""
    from gongkai.normalize.form import label
    from gongkai.normalize.form.lexicon import Glossary, read_lexicon

    lexicon = read_lexicon()
    for cached in (Glossary.match, Glossary.ranked, label.key, label.short_key, label.simplify):
        cached.cache_clear()
    times = []
    for report in reports:
        wanted = {(f.row_match.printed, lexicon[f.field.table].rows) for f in report.facts}
        wanted |= {(f.column_match.printed, lexicon[f.field.table].columns) for f in report.facts}
        start = time.process_time()
        for printed, glossary in wanted:
            glossary.match(printed.rpartition(" / ")[2])
        times.append(1000 * (time.process_time() - start))
    print(f"\nlabels of a document: {statistics.median(times):.2f} ms (the first: {times[0]:.2f} ms)")


def whole(commands: dict[str, list[str]]) -> dict[str, float]:
    """User and system time of whole processes in milliseconds, the least of five rounds, in turn.

    Bytecode is cached, as in an installation.
    """
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as cache:
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        for _ in range(6):
            for name, arguments in commands.items():
                times[name].append(spent(arguments, {**kept, "PYTHONPYCACHEPREFIX": cache}))
    return {name: min(values[1:]) for name, values in times.items()}


def spent(arguments: list[str], environment: dict[str, str]) -> float:
    """User and system time of one process, in milliseconds."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        cwd=Path(__file__).resolve().parents[1],
        env=environment,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def scans(folder: Path) -> None:
    """CPU time of a scanned page, the whole way to its facts, and the peak memory of a process that read it.

    Each file in a process of its own; the first page bears the loading of the models.
    """
    if not extract.can_read_pictures():
        print("\nscanned pages: the extra ocr is not installed")
        return
    code = (
        "import resource, sys, time; from gongkai import pipeline; from pathlib import Path; "
        "path = Path(sys.argv[1]); pipeline.warm(); begun = time.process_time(); "
        "report = pipeline.read_file(path, path.name, pipeline.Options())[0]; "
        "print(report.pages or 1, time.process_time() - begun, len(report.facts), "
        "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, any(f.origin == 'ocr' for f in report.facts))"
    )
    print("\n| scanned file | pages | s CPU a page | facts | peak MiB |\n| --- | --- | --- | --- | --- |")
    for path in sorted(folder.rglob("*.pdf")):
        if is_digital(path):
            continue
        told = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
        )
        pages, seconds, facts, peak, by_ocr = told.stdout.split()
        if by_ocr == "True":
            print(
                f"| {path.name} | {pages} | {float(seconds) / int(pages):.1f} | {facts} | {peak} |",
                flush=True,
            )


def main() -> None:
    """Print the tables."""
    logging.disable(logging.CRITICAL)
    root = Path(__file__).resolve().parents[1]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "samples"
    print("| format | what | ms a report | Gongkai against it |\n| --- | --- | --- | --- |")
    reports: list[Report] = []
    for suffix in KINDS:
        found = chosen(folder, suffix)
        reports += found.values()
        if found:
            compare(suffix, list(found))
    if reports:
        labels(reports)
    times = whole(
        {
            "python -c pass": ["-c", "pass"],
            "gongkai --help": ["-c", "import commands; commands.main(['--help'])"],
            **{f"gongkai show FILE{suffix} --json": shown(root, suffix) for suffix in (".docx", ".pdf")},
        }
    )
    print("\n| process | ms CPU | bare Python |\n| --- | --- | --- |")
    for name, took in times.items():
        print(f"| {name} | {took:.0f} | {took / times['python -c pass']:.1f} × |")
    scans(folder)


def shown(root: Path, suffix: str) -> list[str]:
    """The arguments that have Python show a sample."""
    sample = str(root / "samples" / f"2021_city{suffix}")
    return ["-c", f"import commands; commands.main(['show', {sample!r}, '--json'])"]


if __name__ == "__main__":
    main()
