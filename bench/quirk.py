"""A quirk of one box: what stands in the file in place of a plain figure, and what a person sees there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

#: What is right: the figure, a blank, or no value at all (the figure is not to be told from the file, or two stand there).
Seen = Literal["figure", "blank", "nothing"]


@dataclass(frozen=True)
class Quirk:
    """`plant` makes the markup of a box from its figure; a plain figure may stand for `decoy` digits that nobody sees."""

    name: str
    plant: Callable[[str], str]
    seen: Seen = "figure"


def halves(figure: str) -> tuple[str, str]:
    """A figure in two parts."""
    return figure[:1], figure[1:]
