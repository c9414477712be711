"""The progress of a run, with its rate and the time left, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.commands.output.language import say
from gongkai.commands.output.screen import clean

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from gongkai import run as runs


class ProgressBar:
    """A bar on standard error from the first of several files on; nothing where `shown` is false."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._bar: tuple[Progress, TaskID] | None = None

    def step(self, progress: runs.Progress) -> None:
        """Count one more file; the name of one that failed stays on the screen."""
        if not self._shown or progress.total < 2:
            return
        if self._bar is None:
            self._bar = _start_bar(progress.total)
        bar, task = self._bar
        speed = next(t.speed for t in bar.tasks if t.id == task)
        # The rate is not known before the second file.
        rate = "" if speed is None else f"{speed:.1f}/s"
        bar.update(task, completed=progress.done, rate=rate)
        if "failed" in progress.statuses:
            name = clean(progress.source_file)
            bar.console.print(f"{say('failed')}  {name}", highlight=False, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar[0].stop()


def _start_bar(total: int) -> tuple[Progress, TaskID]:
    # Imported here: a run without a terminal shows no bar.
    from rich import console, progress

    columns = (
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[rate]}"),
        progress.TimeRemainingColumn(),
    )
    bar = progress.Progress(*columns, console=console.Console(stderr=True), transient=True)
    bar.start()
    return bar, bar.add_task("read", total=total, rate="")
