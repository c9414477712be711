"""Child processes with limits of time and memory that open the documents which people look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any, cast

from gongkai.extract import find_reader
from gongkai.model import DocumentError, Source
from gongkai.review.html_file import Language
from gongkai.review.page_images import page_picture
from gongkai.run.desk.document_paths import find_document
from gongkai.run.report_paper import render_paper
from gongkai.run.results.result_store import unpack
from gongkai.run.worker import Budget
from gongkai.run.worker_call import WorkerCall

#: Seconds and bytes of address space that one picture or one report's paper may take: a person waits for it.
BUDGET = Budget(60.0, 3 * 1024**3)

_ALONE = "原文件不能显示（读取时出错或超时） The file cannot be shown: drawing it failed or took too long."

#: calls a function of this module, by name, in a child: its result, None where the child died or was late
Call = Callable[..., Any]


@contextmanager
def paper_children(count: int) -> Iterator[Call]:
    """A function that calls `paper` or `picture` in one of so many children, which end with the context."""
    with ExitStack() as stack:
        free: SimpleQueue[WorkerCall] = SimpleQueue()
        for _ in range(count):
            free.put(stack.enter_context(WorkerCall("gongkai.run.desk.paper_children:answer", BUDGET)))

        def call(name: str, *arguments: object) -> Any:
            child = free.get()
            try:
                return child(name, *arguments)
            finally:
                free.put(child)

        yield call


def show_paper(
    call: Call, packed: bytes, paths: Sequence[Path], language: Language, base: str
) -> tuple[str, str]:
    """What a report was read from as HTML, "" where it cannot be shown, and then why. Pictures are at `base` + page."""
    shown = call("paper", packed, tuple(paths), language, base)
    return ("", _ALONE) if shown is None else cast(tuple[str, str], shown)


def show_page(
    call: Call, source: Source, paths: Sequence[Path], page: int, scale: float
) -> tuple[bytes, str] | None:
    """A page of a document as a picture and its media type, None where there is none."""
    return cast(tuple[bytes, str] | None, call("picture", source, tuple(paths), page, scale))


# In the child --------------------------------------------------------------------------------


def answer(name: str, *arguments: Any) -> object:
    """What a child does."""
    functions: dict[str, Callable[..., object]] = {"paper": _paper, "picture": _picture, "ready": _ready}
    return functions[name](*arguments)


def _ready() -> bool:
    """The child has started."""
    return True


def _paper(packed: bytes, paths: Sequence[Path], language: Language, base: str) -> tuple[str, str]:
    report = unpack(packed)
    source, notice = find_document(report.source, paths)
    if source is None:
        return "", notice
    try:
        html = render_paper(report, source, False, language=language, address=lambda page: f"{base}{page}")
    except DocumentError as error:
        return "", f"原文件不能显示 The file cannot be shown: {error}"
    return str(html), ""


def _picture(wanted: Source, paths: Sequence[Path], page: int, scale: float) -> tuple[bytes, str] | None:
    source, _ = find_document(wanted, paths)
    if source is None:
        return None
    try:
        render = find_reader(source.data).render
        return None if render is None else page_picture(page, lambda n, s: render(source.data, n, s), scale)
    except (DocumentError, IndexError, ValueError):  # no such page
        return None
