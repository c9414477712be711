"""A dataset folder and the documents it was read from → a folder of pages for people."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from gongkai import emit, pipeline
from gongkai.model import CORRECTIONS, Correction, DocumentError, Report, Source
from gongkai.review.report_list import INDEX, entry, index
from gongkai.run import corrections
from gongkai.run.dataset_files import number_of, over_years, restored
from gongkai.run.discover import content, find
from gongkai.run.report_paper import report_page
from gongkai.run.result_store import pack, unpack
from gongkai.run.worker import Budget
from gongkai.run.worker_call import WorkerCall

#: Seconds and bytes of address space that one page may take.
BUDGET = Budget(90.0, 3 * 1024**3)

#: Reports that wait for their page at a time, for each worker: memory stays small.
_AHEAD = 4

_GONE = "找不到原文件，只显示数值 The file is not where it was; name it: gongkai review DIR --to OUT INPUT"
_CHANGED = (
    "原文件已改变，只显示数值 The file of that name has changed since it was read; only the values are shown."
)
_FAILED = "文件未能读取，原因见提示 The file could not be read; the findings say why."
_ALONE = "原文件不能显示（读取时出错或超时） The file cannot be shown: drawing it failed or took too long."


@dataclass(frozen=True, slots=True)
class Made:
    """What `review` wrote: reports in the list, pages, and pages without their paper."""

    reports: int
    pages: int
    without_paper: int


@dataclass(frozen=True, slots=True)
class _Task:
    """One page to make."""

    id: str
    report: Report
    paths: tuple[Path, ...]
    said: tuple[Correction, ...]
    to: Path
    dataset: str
    whole: bool


def review(
    folder: Path,
    to: Path,
    inputs: Sequence[Path],
    *,
    wanted: Callable[[Report], bool],
    workers: int,
    whole: bool = False,
    progress: Callable[[int, str], None] | None = None,
) -> Made:
    """Write an index of all reports of a dataset to `to`, and a page for each that is `wanted`.

    The documents are looked for in `inputs` and where run.json says that they were; by their
    SHA-256 only. Files of earlier reviews are replaced, others are not touched. Raises
    FileNotFoundError, ValueError and BadCorrection where the dataset or its corrections cannot be
    read, OSError where nothing can be written, FileExistsError where `to` has another index.html.
    """
    said = _said(folder)
    documents = _Documents(folder, inputs)
    if (to / "index.html").exists() and INDEX not in (to / "index.html").read_text("utf-8", "replace"):
        raise FileExistsError(f"{to / 'index.html'}: is not ours; name another folder for the pages")
    to.mkdir(parents=True, exist_ok=True)
    entries: list[Any] = []

    beside = over_years(folder)

    def tasks() -> Iterator[_Task]:
        for id, alone in restored(folder):
            report = replace(alone, findings=(*alone.findings, *beside.get(id, ())))
            own = wanted(report)
            entries.append(entry(id, report, own))
            if own:
                words = said.get((report.source.sha256, number_of(id)), ())
                yield _Task(id, report, documents.of(report.source), words, to, str(folder), whole)

    papers = []
    for id, paper in _made(tasks(), workers):
        papers.append(paper)
        if progress is not None:
            progress(len(papers), id)
    write(to / "index.html", index(entries, str(folder)))
    return Made(len(entries), len(papers), papers.count(False))


def _said(folder: Path) -> dict[tuple[str, int], tuple[Correction, ...]]:
    """What people said, by document and number of the report in it."""
    own = folder / CORRECTIONS
    said: dict[tuple[str, int], tuple[Correction, ...]] = {}
    for c in corrections.read(own) if own.exists() else ():
        said[c.sha256, c.report] = (*said.get((c.sha256, c.report), ()), c)
    return said


class _Documents:
    """Where the documents of a dataset may lie: by name, and in the inputs named now also by hash."""

    def __init__(self, folder: Path, inputs: Sequence[Path]) -> None:
        self._named = [i for i in find(inputs, emit.ours) if i is not None]
        told = json.loads((folder / "run.json").read_text("utf-8"))
        once = [Path(told.get("folder", ".")) / path for path in told["inputs"]]
        there = [path for path in once if path.exists()]
        self._by_name: dict[str, list[Path]] = {}
        for i in (*self._named, *find(there, emit.ours)):
            if i is not None:
                self._by_name.setdefault(i.name, []).append(i.path)
        self._by_hash: dict[str, Path] | None = None

    def of(self, source: Source) -> tuple[Path, ...]:
        """The files to look into for a document, the likeliest first; in an archive it is a member."""
        paths = [*self._by_name.get(source.path, ()), *self._by_name.get(source.path.partition("!/")[0], ())]
        if self._by_hash is None:
            self._by_hash = {content(i.path): i.path for i in self._named}
        if source.sha256 in self._by_hash:
            paths.append(self._by_hash[source.sha256])
        return tuple(dict.fromkeys(paths))


def _made(tasks: Iterator[_Task], workers: int) -> Iterator[tuple[str, bool]]:
    """The pages, made by so many children: id, and whether it shows its paper."""
    with ExitStack() as stack:
        children: SimpleQueue[WorkerCall] = SimpleQueue()
        for _ in range(workers):
            children.put(stack.enter_context(WorkerCall("gongkai.run.review_pages:page", BUDGET)))
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        waiting: deque[Future[tuple[str, bool]]] = deque()
        for task in tasks:
            waiting.append(pool.submit(_page, task, children))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _page(task: _Task, children: SimpleQueue[WorkerCall]) -> tuple[str, bool]:
    """One page, made by a child; where that ends badly, here and without the paper."""
    child = children.get()
    try:
        told = child(task.id, pack(task.report), task.paths, task.said, task.to, task.dataset, task.whole)
    finally:
        children.put(child)
    if told is None:
        number = number_of(task.id)
        text = report_page(task.id, number, task.report, None, _ALONE, said=task.said, dataset=task.dataset)
        write(task.to / f"{task.id}.html", text)
    return task.id, bool(told)


def page(
    id: str,
    packed: bytes,
    paths: Sequence[Path],
    said: Sequence[Correction],
    to: Path,
    dataset: str,
    whole: bool,
) -> bool:
    """Make and write one page; whether it shows its paper, as far as it can have any. Called in a child."""
    report = unpack(packed)
    failed = report.status == "failed"
    source, notice = (None, _FAILED) if failed else _source(report, paths)
    text = report_page(id, number_of(id), report, source, notice, said=said, dataset=dataset, whole=whole)
    write(to / f"{id}.html", text)
    return failed or source is not None


def _source(report: Report, paths: Sequence[Path]) -> tuple[Source | None, str]:
    """The document that a report was read from, by its hash; or None and why."""
    for path in paths:
        try:
            found = pipeline.sources(path, report.source.path.partition("!/")[0])
        except DocumentError:
            continue
        for source in found:
            if source.sha256 == report.source.sha256:
                return source, ""
    return None, _CHANGED if paths else _GONE


def write(path: Path, text: str) -> None:
    """A file of text, whole or not at all. Half of a surrogate pair, which no file can hold, becomes "?"."""
    fresh = path.with_name(f".{path.name}.partial")
    fresh.write_bytes(text.encode("utf-8", "replace"))
    fresh.replace(path)
