"""One character on a page."""

from __future__ import annotations

from typing import NamedTuple


class Glyph(NamedTuple):
    """One printed character and its box."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
