"""A function called in a child: what it gives, and what happens when it does not come back."""

from __future__ import annotations

import sys

import pytest

from gongkai.run.worker import Budget
from gongkai.run.worker_call import WorkerCall

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no limits and signals there")


def test_a_call_gives_what_the_function_gives() -> None:
    with WorkerCall("builders.fake_call:double", Budget(30.0, 2**31)) as call:
        assert [call(n) for n in (1, 2)] == [2, 4]


@pytest.mark.parametrize("name", ["builders.fake_call:end", "builders.fake_call:fail"])
def test_a_call_that_ends_its_process_gives_none_and_the_next_one_works(name: str) -> None:
    with WorkerCall(name, Budget(30.0, 2**31)) as call:
        assert (call(-1), call(3)) == (None, 6)


def test_a_call_that_is_late_is_killed() -> None:
    with WorkerCall("builders.fake_call:sleep", Budget(3.0, 2**31)) as call:
        assert call(-1) is None
        assert call(3) == 6
