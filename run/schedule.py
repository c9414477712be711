"""The files of a run to their Reports in order, each read only if it must be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from gongkai.emit import Rendered
from gongkai.model import Report
from gongkai.record import dataclass
from gongkai.run.discover import Input
from gongkai.run.pool import Pool, Result
from gongkai.run.results.run_cache import FileResult, RunCache
from gongkai.run.worker import Budget


@dataclass(frozen=True, slots=True)
class Progress:
    """One file was read: how many are done, of how many, its name and the statuses of its Reports.

    Unchanged files count as done, but are not reported.
    """

    done: int
    total: int
    source_file: str
    statuses: tuple[str, ...]


class OrderedReads:
    """One pass over the planned files 1 to `planned`.

    `first` is the first file that must be read (`planned` + 1 where none must). `unchanged` counts
    the files that need not be read, as far as they were examined.
    """

    def __init__(self, cache: RunCache, planned: int, budget: Budget) -> None:
        self._cache, self._planned = cache, planned
        self._budget = str(budget)
        files = cache.inputs(1, self._budget)
        self.first = next((n for n, _, known in files if not known), planned + 1)
        self.unchanged = self.first - 1
        self._seen = self.first - 1
        self._pending: dict[int, str] = {}

    def reports(
        self,
        pool: Pool,
        progress: Callable[[Progress], None] | None,
        facts: dict[str, object],
        whole: Callable[[Rendered], bool],
    ) -> Iterator[Report | Rendered]:
        """Every Report in the order of the files, each as soon as it and all before it are read.

        They come as the workers rendered them, or as Reports: all of a file if one of them is to be
        `whole`, and those of files of one name, which only their order tells apart. When the last one
        is taken, `facts` gets the seconds it took and the number of unchanged files.
        """
        begun = time.monotonic()
        results = pool.results(self._work())
        done = 0
        for number in range(1, self._planned + 1):
            while number > self._seen or number in self._pending:
                result = next(results, None)
                if result is None:  # the rest is unchanged
                    break
                name = self._store(result)
                done += 1
                if progress is not None:
                    step = Progress(done + self.unchanged, self._planned, name, result.statuses)
                    progress(step)
            yield from self._reports_of(number, whole)
        facts["seconds"] = round(time.monotonic() - begun, 3)
        facts["unchanged"] = self.unchanged

    def _reports_of(self, number: int, whole: Callable[[Rendered], bool]) -> Iterator[Report | Rendered]:
        cached = self._cache.result(number)
        if cached.shares_its_name:
            return cached.reports()
        rendered = list(cached.rendered())
        return cached.reports() if any(map(whole, rendered)) else iter(rendered)

    def _work(self) -> Iterator[tuple[int, Input]]:
        """The files that must be read, found as they are needed."""
        for number, input, known in self._cache.inputs(self.first, self._budget):
            self._seen = number
            if known:
                self.unchanged += 1
                continue
            self._pending[number] = input.name
            yield number, input

    def _store(self, result: Result) -> str:
        """Store a result; returns the name of its file."""
        budget = self._budget if result.lost else ""
        if result.doubtful:
            budget = f"{budget} in doubt"  # that of no run: the next one tries again
        read = FileResult(result.packed, result.sha256, result.signature, budget)
        self._cache.put(result.number, read)
        return self._pending.pop(result.number)
