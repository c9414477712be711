"""CPU time of a report, side by side in one run: Gongkai to facts, checks and sections beside its limits and its peers.

    python bench/speed.py [FOLDER…]        default: samples/, and the open corpus and laboratory where they are
    python bench/speed.py --format pdf --peers 1 --all FOLDER…
    python bench/speed.py --format scan samples/    a clean scanned page, among others

`--format` (pdf, docx, html, scan; may be given again) times these formats alone, and nothing of what comes after them.
`--rounds` is ROUNDS below, `--peers` how many of the peers of each format are timed, the floor first. `--all` takes all
documents: by default it is SAMPLE of each format, always the same ones of a folder, and SCANS scans, which takes some minutes.

Each document is read for the first time in a process that others have warmed: half of the documents warm the process
in which the other half is timed, and the other way round. What stands in the tables is the sum over the documents, their
median and 95th percentile, by format and producer; second readings are part of what is timed. Each document's time is
the least of ROUNDS such processes, so that other work on the machine counts less. A peer that is not installed says so.
Then: a whole run over 300 files, one file by the command, labels, and scanned pages.
"""

from __future__ import annotations

import argparse
import csv
import functools
import importlib
import importlib.util
import io
import itertools
import json
import logging
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from gongkai import extract, pipeline
from gongkai.model import Limits, Report

ROOT = Path(__file__).resolve().parents[1]
#: Processes in which each document is read for the first time.
ROUNDS = 2
#: Documents of each format, and scanned files, unless all are asked for.
SAMPLE, SCANS = 60, 4
#: Files of a whole run.
FILES_OF_A_RUN = 300
#: Characters, and the share of Chinese ones among them, below which a PDF is a picture or cannot be copied.
LEAST, CHINESE = 400, 0.3
#: Files that may be scans.
PAPER = (".pdf", ".png", ".jpg", ".tif", ".tiff")


def text_of(path: Path) -> str:
    """What PDFium finds to copy on all pages; "" where it cannot open the file."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            return "".join(page.get_textpage().get_text_range() for page in document)
    except pypdfium2.PdfiumError:
        return ""


def has_to_be_seen(path: Path) -> bool:
    """Whether OCR would read a page or a picture of a PDF: where it may not, the reader gives the file up."""
    unseen = pipeline.Options(limits=Limits(pictures=0))
    return any(report.reason == "too-large" for report in pipeline.read_file(path, path.name, unseen))


def is_digital(path: Path) -> bool:
    """Whether no page has to be seen: a PDF with Chinese to copy, a Word file with a table."""
    if path.suffix == ".pdf":
        text = text_of(path)
        chinese = sum("一" <= c <= "鿿" for c in text)
        return len(text) >= LEAST and chinese >= CHINESE * len(text) and not has_to_be_seen(path)
    if path.suffix == ".docx":
        try:
            return b"<w:tbl>" in zipfile.ZipFile(path).read("word/document.xml")
        except (zipfile.BadZipFile, KeyError):
            return False
    return path.suffix not in PAPER


def draw_clean(path: Path, folder: Path) -> Path:
    """A digital PDF as a scanner without faults would make it: its pages as grey pictures of 200 dots an inch, in a TIFF."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        pages = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in document]
    clean = folder / f"clean_{path.stem}.tiff"
    pages[0].save(clean, save_all=True, append_images=pages[1:], dpi=(200, 200), compression="tiff_lzw")
    return clean


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


def documents(folders: Iterable[Path], suffix: str, most: int) -> list[Path]:
    """Digital documents of a format, in the order of their names: so many, by chance but always the same ones."""
    files = [p for folder in folders for p in folder.rglob(f"*{suffix}") if p.is_file()]
    files.sort(key=lambda p: (zlib.crc32(p.name.encode()), p))
    return sorted(itertools.islice(filter(is_digital, files), most))


def producer(path: Path) -> str:
    """The program that wrote a document, as it says; "" where it does not."""
    try:
        if path.suffix == ".pdf":
            import pypdfium2

            with pypdfium2.PdfDocument(path) as document:
                told = document.get_metadata_value("Producer") or document.get_metadata_value("Creator")
        elif path.suffix == ".docx":
            app = zipfile.ZipFile(path).read("docProps/app.xml").decode("utf-8", "replace")
            told = "".join(re.findall("<Application>(.*?)</Application>", app))
        else:
            told = ""
    except (KeyError, zipfile.BadZipFile):
        told = ""
    return re.sub(r"[^A-Za-z ].*", "", told).strip().lower()[:24]


def time_part(suffix: str, peers: int, warm: Sequence[str], timed: Sequence[str]) -> None:
    """In a process of its own: read the one half, then time the other; a line of JSON for each document."""
    logging.disable(logging.CRITICAL)
    # as in the children of a run: what is loaded is not looked through for garbage, the rest seldom
    importlib.import_module("gongkai.run.child.preload")
    calls = [
        (name, call)
        for name, package, call in KINDS[suffix][: 1 + peers]
        if importlib.util.find_spec(package) is not None
    ]
    for name in warm:
        for _, call in calls if name == warm[0] else calls[:1]:
            call(Path(name))
    for number, name in enumerate(timed):
        # who reads a document first has PDFium load its fonts for the other too
        order = calls if number % 2 else calls[::-1]
        times = {peer: cpu(call, Path(name)) for peer, call in order}
        print(json.dumps({"file": name, "times": times}), flush=True)


def cold(suffix: str, files: Sequence[Path], rounds: int, peers: int) -> dict[Path, dict[str, float]]:
    """Milliseconds of each document by what read it, the least over the rounds."""
    halves = [[str(f) for f in files[0::2]], [str(f) for f in files[1::2]]]
    least: dict[Path, dict[str, float]] = defaultdict(dict)
    for _ in range(rounds):
        for warm, timed in (halves, reversed(halves)):
            if not timed:
                continue
            halved = json.dumps(warm or timed[:1]), json.dumps(timed)
            for line in child(["time_part", suffix, str(peers), *halved]):
                told = json.loads(line)
                known = least[Path(told["file"])]
                for name, took in told["times"].items():
                    known[name] = min(took, known.get(name, took))
    return least


def child(arguments: Sequence[str]) -> Iterator[str]:
    """The lines that this file prints when it is called so."""
    command = [sys.executable, str(Path(__file__).resolve()), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield from process.stdout


def compare(suffix: str, files: Sequence[Path], rounds: int, peers: int) -> None:
    """One format's lines of the tables: against each peer, and by producer against the floor."""
    times = cold(suffix, files, rounds, peers)
    floor = KINDS[suffix][1][0]
    print(
        f"\n| {suffix[1:]}: {len(times)} documents | sum, ms | Gongkai against it: sums | median | 95th percentile |"
    )
    print("| --- | --- | --- | --- | --- |")
    for name, _, _ in KINDS[suffix][: 1 + peers]:
        both = [t for t in times.values() if name in t]
        if not both:
            print(f"| {name} | not installed | | | |")
            continue
        print(f"| {name} | {sum(t[name] for t in both):.0f} | {ratios(both, name)} |")
    print(f"\n| {suffix[1:]} by producer, against: {floor} | documents | sums | median | 95th percentile |")
    print("| --- | --- | --- | --- | --- |")
    groups: dict[str, list[dict[str, float]]] = defaultdict(list)
    for path, took in times.items():
        groups[producer(path) or "(none told)"].append(took)
    for name, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        print(f"| {name} | {len(group)} | {ratios(group, floor)} |")
    worst = sorted(times, key=lambda path: -times[path]["gongkai"] / times[path][floor])[:10]
    print("worst: " + ", ".join(f"{p.name} {times[p]['gongkai'] / times[p][floor]:.1f} ×" for p in worst))


def ratios(times: Sequence[dict[str, float]], name: str) -> str:
    """Gongkai's time as a multiple of another's: of the sums, the median, the 95th percentile."""
    each = sorted(t["gongkai"] / t[name] for t in times)
    total = sum(t["gongkai"] for t in times) / sum(t[name] for t in times)
    high = each[min(len(each) - 1, round(0.95 * (len(each) - 1)))]
    return f"{total:.3g} × | {statistics.median(each):.3g} × | {high:.3g} ×"


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


def scans(folders: Iterable[Path], most: int, rounds: int) -> None:
    """CPU time of a scanned page, the whole way to its facts, and the peak memory of a process that read it.

    Each file in processes of its own, of which the one that took least counts; the models are loaded before. The first is
    clean, a sample drawn as a picture.
    """
    if not extract.can_read_pictures():
        print("\nscanned pages: the extra ocr is not installed")
        return
    code = (
        "import resource, sys, time; from gongkai import pipeline; from pathlib import Path; "
        "from gongkai.extract.ocr import ppocr; "
        "path = Path(sys.argv[1]); pipeline.warm(); begun = time.process_time(); "
        "[ppocr.load_model(name) for name in ppocr.MODELS]; loaded = time.process_time() - begun; "
        "begun = time.process_time(); "
        "report = pipeline.read_file(path, path.name, pipeline.Options())[0]; "
        "print(report.pages or 1, time.process_time() - begun, len(report.facts), "
        "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, any(f.origin == 'ocr' for f in report.facts), loaded)"
    )
    print(
        "\n| scanned file | pages | s CPU a page | facts | peak MiB | s CPU to load the models |\n"
        "| --- | --- | --- | --- | --- | --- |"
    )
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in PAPER)
    chosen = list(itertools.islice(itertools.filterfalse(is_digital, files), most))
    with tempfile.TemporaryDirectory() as folder:
        time_scans([draw_clean(ROOT / "samples" / "2021_city.pdf", Path(folder)), *chosen], code, rounds)


def time_scans(files: Sequence[Path], code: str, rounds: int) -> None:
    """A line for each file that OCR reads; `code` reads the file that it is given, and prints what it took."""
    for path in files:
        command = [sys.executable, "-c", code, str(path)]
        tries = [
            subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            for _ in range(rounds)
        ]
        pages, seconds, facts, peak, by_ocr, loaded = min(tries, key=lambda told: float(told[1]))
        if by_ocr == "True":
            a_page = float(seconds) / int(pages)
            print(
                f"| {path.name} | {pages} | {a_page:.2f} | {facts} | {peak} | {float(loaded):.2f} |",
                flush=True,
            )


def _adopt_orphans() -> None:
    """Become the parent of what a child leaves behind: the server that forks the readers ends after the run."""
    import ctypes

    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER, of Linux


def _wait_for_orphans() -> tuple[float, float]:
    """CPU seconds of all that was left behind, with its children, and the most memory that one of them took, MiB."""
    seconds, peak = 0.0, 0.0
    while True:
        try:
            _, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            return seconds, peak
        seconds += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss / 1024)


def _run(inputs: Path, out: Path, cache: str, *, fresh: bool = False) -> tuple[float, float]:
    """Seconds, and CPU seconds of its own, that the command takes for a folder."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "gongkai", "run", str(inputs), "--to", str(out), "--quiet"]
    command += ["--fresh"] if fresh else []
    begun = time.monotonic()
    process = subprocess.Popen(command, env={**kept, "PYTHONPYCACHEPREFIX": cache}, stdout=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return time.monotonic() - begun, used.ru_utime + used.ru_stime


def whole_run(files: Sequence[Path]) -> None:
    """A run over copies of files of all formats: reports a second, and CPU time a report in the parent and its children."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder) / "in"
        inputs.mkdir()
        for n in range(FILES_OF_A_RUN):
            path = files[n * len(files) // FILES_OF_A_RUN]
            (inputs / f"{n:03}_{path.name}").write_bytes(path.read_bytes())
        (Path(folder) / "one").mkdir()
        (Path(folder) / "one" / files[0].name).write_bytes(files[0].read_bytes())
        _adopt_orphans()
        with tempfile.TemporaryDirectory() as cache:
            for _ in range(2):  # the first one writes the bytecode, as an installation has it
                _, start = _run(Path(folder) / "one", Path(folder) / "warm", cache, fresh=True)
                _wait_for_orphans()
            took, own = _run(inputs, Path(folder) / "out", cache)
            children, peak = _wait_for_orphans()
        with (Path(folder) / "out" / "reports.csv").open(encoding="utf-8-sig", newline="") as file:
            reports = sum(1 for _ in csv.DictReader(file))
    print(
        "\n| whole run | reports | a second | s CPU of the parent for one file | ms CPU for each further report "
        "| children | peak MiB of a child |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    print(
        f"| {FILES_OF_A_RUN} files | {reports} | {reports / took:.1f} | {start:.2f} "
        f"| {1000 * (own - start) / (reports - 1):.2f} | {1000 * children / reports:.2f} | {peak:.0f} |"
    )


def main() -> None:
    """Print the tables."""
    logging.disable(logging.CRITICAL)
    shared = ROOT.parent / "shared"
    default = [ROOT / "samples", shared / "corpus", shared / "lab" / "data"]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[f for f in default if f.is_dir()])
    parser.add_argument("--format", action="append", choices=[*(suffix[1:] for suffix in KINDS), "scan"])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--peers", type=int, default=max(map(len, KINDS.values())))
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    folders, most = options.folders, sys.maxsize if options.all else SAMPLE
    wanted = [suffix for suffix in KINDS if suffix[1:] in (options.format or suffix[1:])]
    found = {suffix: documents(folders, suffix, most) for suffix in wanted}
    for suffix, files in found.items():
        if files:
            compare(suffix, files, options.rounds, max(1, options.peers))
    if options.format:
        if "scan" in options.format:
            scans(folders, most if options.all else SCANS, options.rounds)
        return
    whole_run([f for files in found.values() for f in files])
    labels([pipeline.read(f) for files in found.values() for f in files[:12]])
    times = whole(
        {
            "python -c pass": ["-c", "pass"],
            "gongkai --help": ["-m", "gongkai", "--help"],
            **{f"gongkai show FILE{suffix} --json": shown(suffix) for suffix in (".docx", ".pdf")},
        }
    )
    print("\n| process | ms CPU | bare Python |\n| --- | --- | --- |")
    for name, took in times.items():
        print(f"| {name} | {took:.0f} | {took / times['python -c pass']:.1f} × |")
    scans(folders, most if options.all else SCANS, options.rounds)


def shown(suffix: str) -> list[str]:
    """The arguments that have Python show a sample."""
    return ["-m", "gongkai", "show", str(ROOT / "samples" / f"2021_city{suffix}"), "--json"]


if __name__ == "__main__":
    if sys.argv[1:2] == ["time_part"]:
        time_part(sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4]), json.loads(sys.argv[5]))
    else:
        main()
