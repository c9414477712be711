"""Running a command inside the test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gongkai.commands import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def gongkai(capsys: pytest.CaptureFixture[str]) -> Run:
    """`gongkai(arguments)` gives the exit code, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
