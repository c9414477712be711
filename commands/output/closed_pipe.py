"""Standard output that a reader closes early, as in `gongkai fields | head`: no failure, and no more work."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # `import typing` would double the time of --help
    from typing import Any, TextIO


class ReaderGone(BaseException):
    """Nobody reads standard output any more.

    No OSError: typer and rich end the program with code 1 for that one, and a command may catch it as an
    error of a file.
    """


class OutputRefused(BaseException):
    """Standard output takes no more: the disk is full, say. Its argument is the system's reason."""


class WatchedOutput:
    """A stream whose OSErrors are no files' and no bugs: ReaderGone or OutputRefused; all else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write text. Raises ReaderGone and OutputRefused."""
        try:
            return self._stream.write(text)
        except BrokenPipeError as error:
            raise ReaderGone from error
        except OSError as error:
            raise OutputRefused(error.strerror) from error

    def flush(self) -> None:
        """Send what was written on. Raises ReaderGone and OutputRefused."""
        try:
            self._stream.flush()
        except BrokenPipeError as error:
            raise ReaderGone from error
        except OSError as error:
            raise OutputRefused(error.strerror) from error


def forget_output() -> None:
    """Let what Python still holds for standard output go nowhere: it would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
