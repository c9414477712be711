"""A column of numbers takes the least memory that holds it and gives back what was put in."""

from __future__ import annotations

import numpy as np
import pytest

from gongkai.panel.missing import NO_REPORT, PRESENT, UNREAD
from gongkai.panel.number_column import NumberColumn

CODES = [PRESENT, UNREAD.number, PRESENT]


def test_whole_numbers_are_kept_in_32_bits() -> None:
    column = NumberColumn.of([3, np.nan, -7], CODES)
    assert column.kept is not None and column.kept.dtype == np.int32
    assert np.array_equal(column.values(), [3, np.nan, -7], equal_nan=True)


@pytest.mark.parametrize("value", [0.5, 3_000_000_000.0, -3_000_000_000.0])
def test_a_number_that_32_bits_do_not_hold_makes_doubles_of_the_earlier_ones(value: float) -> None:
    column = NumberColumn.of([3, np.nan, np.nan], [PRESENT, UNREAD.number, UNREAD.number])
    column.put(np.array([2]), np.array([value]), PRESENT)
    assert np.array_equal(column.values(), [3, np.nan, value], equal_nan=True)


def test_a_column_in_which_nothing_stands_takes_no_numbers() -> None:
    column = NumberColumn.of([np.nan] * 3, [UNREAD.number] * 3)
    assert column.kept is None and np.isnan(column.values()).all()


def test_a_missing_number_without_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a code"):
        NumberColumn.of([np.nan], [PRESENT])


def test_lines_without_a_report_have_their_own_code_and_no_number() -> None:
    column = NumberColumn.of([3, np.nan, -7], CODES, np.array([False, False, True]))
    taken = column.take(np.array([2, -1, 0]), np.array([True, False, True]), NO_REPORT.number)
    assert np.array_equal(taken.values(), [-7, np.nan, 3], equal_nan=True)
    assert (taken.codes.tolist(), taken.flags().tolist()) == ([0, NO_REPORT.number, 0], [True, False, False])


def test_lines_of_a_dataset_without_reports() -> None:
    taken = NumberColumn.of([], []).take(np.array([-1, -1]), np.zeros(2, dtype=bool), NO_REPORT.number)
    assert taken.codes.tolist() == [NO_REPORT.number] * 2
