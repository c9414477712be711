"""The progress of a run, with its rate and the time left, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.commands.output.screen import clean

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from gongkai import run as engine


class Bar:
    """Drawn on standard error from the first of several files on; nothing where `shown` is false."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._drawn: tuple[Progress, TaskID] | None = None

    def step(self, progress: engine.Progress) -> None:
        """One file more; one that failed stays on the screen."""
        if not self._shown or progress.total < 2:
            return
        if self._drawn is None:
            self._drawn = _drawn(progress.total)
        bar, task = self._drawn
        speed = next(t.speed for t in bar.tasks if t.id == task)
        # The rate is not known before the second file.
        rate = "" if speed is None else f"{speed:.1f}/s"
        bar.update(task, completed=progress.done, rate=rate)
        if "failed" in progress.statuses:
            name = clean(progress.source_file)
            bar.console.print(f"failed  {name}", highlight=False, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._drawn is not None:
            self._drawn[0].stop()


def _drawn(total: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.start()
    return bar, bar.add_task("read", total=total, rate="")
