"""Tables spoilt on purpose: whatever is lost or moved, no value is wrong."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))
import solver_stress


@pytest.mark.parametrize("seed", range(40))
def test_a_spoilt_table_gives_no_wrong_value(seed: int) -> None:
    _, _, wrong = solver_stress.try_one(random.Random(f"stress:{seed}"))
    assert not wrong


@pytest.mark.parametrize(
    "seed",
    [
        "4711:127",  # a label parted from its numbers by a page's end, the label of the next row lost
        "4711:586",
        "4711:913",  # a number broken in two pieces where another one is lost: seven all the same
        "4711:1348",
        "1:437",  # numbers of two lines of a text that slid over each other, and add up all the same
        "1:1245",
        "99117:840",  # printed numbers that drifted past each other
    ],
)
def test_a_table_that_gave_a_wrong_value_gives_none(seed: str) -> None:
    _, _, wrong = solver_stress.try_one(random.Random(seed))
    assert not wrong


def test_a_whole_table_is_read_whole() -> None:
    made = solver_stress.make_table(random.Random("whole"))
    layout = solver_stress.lay_out(made, "points")
    assert solver_stress.count_right(made, layout) == len(made.values)
