"""The files of a run to their Reports in order, each read only if it must be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gongkai.emit import Rendered
from gongkai.model import Report
from gongkai.run.discover import Input
from gongkai.run.pool import Pool, Result
from gongkai.run.run_cache import Read, State
from gongkai.run.worker import Budget


@dataclass(frozen=True, slots=True)
class Progress:
    """A file was read: the how manyth of how many, which, and the statuses of its Reports.

    Files that are unchanged count as read, and are not told of.
    """

    done: int
    total: int
    source_file: str
    statuses: tuple[str, ...]


class OrderedReads:
    """One pass over the planned files 1 to `planned`.

    `first` is the first that must be read (`planned` + 1 where none must); `unchanged` counts
    those that need not, as far as they were looked at.
    """

    def __init__(self, state: State, planned: int, budget: Budget) -> None:
        self._state, self._planned = state, planned
        self._budget = str(budget)
        files = state.inputs(1, self._budget)
        self.first = next((n for n, _, known in files if not known), planned + 1)
        self.unchanged = self.first - 1
        self._seen = self.first - 1
        self._given: dict[int, str] = {}

    def reports(
        self,
        pool: Pool,
        progress: Callable[[Progress], None] | None,
        facts: dict[str, object],
        whole: Callable[[Rendered], bool],
    ) -> Iterator[Report | Rendered]:
        """Every Report in the order of the files, each as soon as it and all before it are read.

        They come as the children rendered them, or whole: all of a file that has one which is
        `whole`, and those of files of one name, which are told from each other by their order.
        `facts` is told how long it took, and how many files were unchanged, when the last one is taken.
        """
        begun = time.monotonic()
        results = pool.results(self._work())
        done = 0
        for number in range(1, self._planned + 1):
            while number > self._seen or number in self._given:
                result = next(results, None)
                if result is None:  # the rest is unchanged
                    break
                name = self._keep(result)
                done += 1
                if progress is not None:
                    told = Progress(done + self.unchanged, self._planned, name, result.statuses)
                    progress(told)
            yield from self._one(number, whole)
        facts["seconds"] = round(time.monotonic() - begun, 3)
        facts["unchanged"] = self.unchanged

    def _one(self, number: int, whole: Callable[[Rendered], bool]) -> Iterator[Report | Rendered]:
        kept = self._state.kept(number)
        if kept.shares_its_name:
            return kept.reports()
        rendered = list(kept.rendered())
        return kept.reports() if any(map(whole, rendered)) else iter(rendered)

    def _work(self) -> Iterator[tuple[int, Input]]:
        """The files that must be read, looked for as they are needed."""
        for number, input, known in self._state.inputs(self.first, self._budget):
            self._seen = number
            if known:
                self.unchanged += 1
                continue
            self._given[number] = input.name
            yield number, input

    def _keep(self, result: Result) -> str:
        """Keep a result; the name of its file."""
        budget = self._budget if result.lost else ""
        read = Read(result.packed, result.sha256, result.signature, budget)
        self._state.put(result.number, read)
        return self._given.pop(result.number)
