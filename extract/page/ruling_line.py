"""One ruling line on a page."""

from __future__ import annotations

from typing import NamedTuple

#: A filled rectangle thinner than this, in points, is a ruling line.
THIN = 3.2


class RulingLine(NamedTuple):
    """A ruling line or a piece of one: horizontal where top = bottom, vertical where x0 = x1."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_horizontal(self) -> bool:
        """Whether the line is at least as wide as it is high."""
        return self.x1 - self.x0 >= self.bottom - self.top


def centre_line(x0: float, top: float, x1: float, bottom: float) -> RulingLine:
    """The line through the middle of a thin box."""
    if x1 - x0 >= bottom - top:
        y = (top + bottom) / 2
        return _new(RulingLine, (x0, y, x1, y))
    x = (x0 + x1) / 2
    return _new(RulingLine, (x, top, x, bottom))


#: A page has thousands of lines, and a named tuple's own way to be made takes three times as long.
_new = tuple.__new__
