from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

import pytest

from gongkai.run.signals import stoppable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals there")


@pytest.mark.parametrize(
    ("number", "raised"), [(signal.SIGTERM, SystemExit), (signal.SIGINT, KeyboardInterrupt)]
)
def test_a_signal_that_was_swallowed_is_raised_again(number: int, raised: type[BaseException]) -> None:
    # A shell starts what runs in its background with Ctrl-C ignored, and tests may run there.
    ours = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
    before = signal.signal(number, ours)
    try:
        with stoppable() as stop:
            stop.check()
            with suppress(raised):
                os.kill(os.getpid(), number)
            with pytest.raises(raised):
                stop.check()
        assert signal.getsignal(number) is ours
    finally:
        signal.signal(number, before)


def test_an_own_handler_of_the_caller_stays() -> None:
    def own(*_: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGINT, own)
    try:
        with stoppable():
            assert signal.getsignal(signal.SIGINT) is own
    finally:
        signal.signal(signal.SIGINT, before)
