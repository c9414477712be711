"""Functions that do what test_aside.py asks of them; a negative number makes them misbehave."""

from __future__ import annotations

import os
import time


def double(n: int) -> int:
    """Twice the number."""
    return 2 * n


def end(n: int) -> int:
    """End the process, as a crash of a library does."""
    if n < 0:
        os._exit(3)
    return double(n)


def fail(n: int) -> int:
    """Raise, as a bug does."""
    if n < 0:
        raise ValueError(n)
    return double(n)


def sleep(n: int) -> int:
    """Take longer than any limit."""
    if n < 0:
        time.sleep(600)
    return double(n)
