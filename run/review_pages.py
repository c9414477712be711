"""A dataset folder and the documents it was read from → a folder of pages for people."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from queue import SimpleQueue

from gongkai.model import CORRECTIONS, Correction, Report
from gongkai.pipeline import Options
from gongkai.review.report_list import INDEX, ListedReport, list_report, render_list
from gongkai.run.corrections import read as read_corrections
from gongkai.run.dataset_files import number_of, over_years, restored
from gongkai.run.desk.document_paths import DocumentPaths, find_document
from gongkai.run.fingerprint import fingerprint
from gongkai.run.report_paper import make_page
from gongkai.run.results.result_store import pack, unpack
from gongkai.run.worker import Budget
from gongkai.run.worker_call import WorkerCall

#: Seconds and bytes of address space that one page may take.
BUDGET = Budget(90.0, 3 * 1024**3)

#: Reports that wait for their page at a time, for each worker: memory stays small.
_AHEAD = 4

#: the last line of a page: what it was made of, and whether it shows its paper
_INPUTS = re.compile(rb"<!-- ([0-9a-f]{64}) ([01]) -->\n\Z")

_FAILED = "文件未能读取，原因见提示 The file could not be read; the findings say why."
_ALONE = "原文件不能显示（读取时出错或超时） The file cannot be shown: drawing it failed or took too long."


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How much `review` wrote: reports in the list, pages, and pages without their paper."""

    reports: int
    pages: int
    without_paper: int


@dataclass(frozen=True, slots=True)
class _Task:
    """One page to make."""

    id: str
    report: Report
    paths: tuple[Path, ...]
    corrections: tuple[Correction, ...]
    to: Path
    dataset: str
    whole: bool

    def inputs(self) -> str:
        """64 hex digits that change with whatever its page shows."""
        there = [(str(path), path.stat().st_size if path.exists() else -1) for path in self.paths]
        shown = repr((there, self.corrections, self.dataset, self.whole))
        return hashlib.sha256(_program() + pack(self.report) + shown.encode("utf-8", "replace")).hexdigest()


@cache
def _program() -> bytes:
    """Changes with the program that makes pages: what reads and draws documents, and what lays pages out."""
    digest = hashlib.sha256(fingerprint(Options()).encode())
    folders = [files("gongkai.review"), files("gongkai.review").joinpath("templates")]
    for entry in (e for folder in folders for e in sorted(folder.iterdir(), key=lambda e: e.name)):
        if entry.is_file():
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.digest()


def review(
    folder: Path,
    to: Path,
    inputs: Sequence[Path],
    *,
    wanted: Callable[[Report], bool],
    workers: int,
    whole: bool = False,
    progress: Callable[[int, str], None] | None = None,
) -> ReviewCounts:
    """Write an index of all reports of a dataset to `to`, and a page for each that is `wanted`.

    The documents are looked for in `inputs` and where run.json says that they were; by their
    SHA-256 only. Files of earlier reviews are replaced where anything that they show has changed, others are not
    touched. Raises
    FileNotFoundError, ValueError and BadCorrection where the dataset or its corrections cannot be
    read, OSError where nothing can be written, FileExistsError where `to` holds files and no index of ours.
    """
    corrections = _corrections(folder)
    documents = DocumentPaths(folder, inputs)
    _refuse_others(to)
    to.mkdir(parents=True, exist_ok=True)
    entries: list[ListedReport] = []
    over_several_years = over_years(folder)

    def tasks() -> Iterator[_Task]:
        for id, alone in restored(folder):
            report = replace(alone, findings=(*alone.findings, *over_several_years.get(id, ())))
            has_page = wanted(report)
            entries.append(list_report(id, report, has_page))
            if has_page:
                own = corrections.get((report.source.sha256, number_of(id)), ())
                yield _Task(id, report, documents.of(report.source), own, to, str(folder), whole)

    papers = []
    for id, paper in _make_pages(tasks(), workers):
        papers.append(paper)
        if progress is not None:
            progress(len(papers), id)
    write(to / "index.html", render_list(entries, str(folder)))
    return ReviewCounts(len(entries), len(papers), papers.count(False))


def _refuse_others(to: Path) -> None:
    """Raises FileExistsError where `to` is a file, or a folder that holds files and no index of ours."""
    index = to / "index.html"
    if to.exists() and not to.is_dir():
        raise FileExistsError(f"{to}: is a file; name a folder for the pages")
    if index.exists() and INDEX not in index.read_text("utf-8", "replace"):
        raise FileExistsError(
            f"{index}: `gongkai review` did not write it; name another folder for the pages"
        )
    if to.exists() and not index.exists() and any(to.iterdir()):
        raise FileExistsError(
            f"{to}: holds files that are not ours; name a new or an empty folder for the pages"
        )


def _corrections(folder: Path) -> dict[tuple[str, int], tuple[Correction, ...]]:
    """The corrections of a dataset, by document and number of the report in it."""
    path = folder / CORRECTIONS
    by_report: dict[tuple[str, int], tuple[Correction, ...]] = {}
    for c in read_corrections(path) if path.exists() else ():
        by_report[c.sha256, c.report] = (*by_report.get((c.sha256, c.report), ()), c)
    return by_report


def _make_pages(tasks: Iterator[_Task], workers: int) -> Iterator[tuple[str, bool]]:
    """Make the pages in so many child processes: id, and whether the page shows its paper."""
    with ExitStack() as stack:
        children: SimpleQueue[WorkerCall] = SimpleQueue()
        for _ in range(workers):
            children.put(stack.enter_context(WorkerCall("gongkai.run.review_pages:write_page", BUDGET)))
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        waiting: deque[Future[tuple[str, bool]]] = deque()
        for task in tasks:
            waiting.append(pool.submit(_make_in_child, task, children))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _make_in_child(task: _Task, children: SimpleQueue[WorkerCall]) -> tuple[str, bool]:
    """Make one page in a child process; where that process dies or is late, here and without the paper.

    A page that shows what it would show again is left as it is.
    """
    inputs = task.inputs()
    known = _made_before(task.to / f"{task.id}.html", inputs)
    if known is not None:
        return task.id, known
    child = children.get()
    try:
        shows_paper = child(
            task.id,
            pack(task.report),
            task.paths,
            task.corrections,
            task.to,
            task.dataset,
            task.whole,
            inputs,
        )
    finally:
        children.put(child)
    if shows_paper is None:
        number = number_of(task.id)
        text = make_page(
            task.id, number, task.report, None, _ALONE, corrections=task.corrections, dataset=task.dataset
        )
        write(task.to / f"{task.id}.html", text)
    return task.id, bool(shows_paper)


def _made_before(page: Path, inputs: str) -> bool | None:
    """Whether a page shows its paper, None where it was made of other inputs, or is not there."""
    if not page.is_file():
        return None
    with page.open("rb") as file:
        file.seek(max(0, page.stat().st_size - 100))
        found = _INPUTS.search(file.read())
    return bool(int(found[2])) if found is not None and found[1].decode() == inputs else None


def write_page(
    id: str,
    packed: bytes,
    paths: Sequence[Path],
    corrections: Sequence[Correction],
    to: Path,
    dataset: str,
    whole: bool,
    inputs: str,
) -> bool:
    """Make and write one page, in a child process; whether it shows its paper, or can have none."""
    report = unpack(packed)
    failed = report.status == "failed"
    source, notice = (None, _FAILED) if failed else find_document(report.source, paths)
    text = make_page(
        id, number_of(id), report, source, notice, corrections=corrections, dataset=dataset, whole=whole
    )
    shows_paper = failed or source is not None
    write(to / f"{id}.html", f"{text}\n<!-- {inputs} {shows_paper:d} -->\n")
    return shows_paper


def write(path: Path, text: str) -> None:
    """Write a file of text, whole or not at all. Half of a surrogate pair has no UTF-8 and becomes "?"."""
    fresh = path.with_name(f".{path.name}.partial")
    fresh.write_bytes(text.encode("utf-8", "replace"))
    fresh.replace(path)
