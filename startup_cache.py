"""Compiled patterns and parsed TOML of our own, kept beside Python's bytecode for the next process.

A process that reads one file spends a third of its time on compiling the patterns, and parsing the files of data, that the
process before it compiled and parsed. An entry is found by the whole text that it was made from, and the file belongs to
one build of Python, so that nothing in it can be out of date. It is written under the rules of bytecode
(PYTHONDONTWRITEBYTECODE, PYTHONPYCACHEPREFIX, a folder that can be written); without it everything is made as ever.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from importlib.resources import files
from types import FrameType
from typing import Any

#: More entries than our sources have: what others left is dropped.
_MOST = 2_000
#: Frames between a caller of `re.compile` and `_Patterns.compile`: re's own two.
_ABOVE = 3

#: pattern and flags → what `_sre.compile` takes, as bytes
_patterns: dict[tuple[str | bytes, int], bytes] = {}
#: text of a TOML file → what it says, as bytes
_parsed: dict[str, bytes] = {}
#: how many entries were there when the file was read; -1 where nobody asked for it
_known = -1


def use() -> None:
    """From now on take what an earlier process kept, and note what `save` is to keep. Once a process."""
    global _known
    if _known >= 0:
        return
    patterns, parsed = _read()
    _patterns.update(patterns)
    _parsed.update(parsed)
    _known = len(_patterns) + len(_parsed)
    _Patterns().take_place()


def save() -> None:
    """Keep what this process made for the next one, if it made anything and bytecode may be written."""
    path = _path()
    if not 0 <= _known < len(_patterns) + len(_parsed) or sys.dont_write_bytecode or path is None:
        return
    data = marshal.dumps((_patterns, _parsed))
    aside = f"{path}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(aside, "wb") as file:
            file.write(_head(data) + data)
        os.replace(aside, path)


def read_toml(package: str, name: str) -> dict[str, Any]:
    """A TOML file of ours; each caller gets an object of its own."""
    text = files(package).joinpath(name).read_text("utf-8")
    if text not in _parsed:
        data = parse_toml(text)
        if _known < 0:
            return data
        _parsed[text] = marshal.dumps(data)
    found: dict[str, Any] = marshal.loads(_parsed[text])
    return found


def parse_toml(text: str) -> dict[str, Any]:
    """`tomllib.loads`: its import takes as long as parsing a file, and most processes parse none."""
    data: dict[str, Any] = import_module("tomllib").loads(text)
    return data


def _path() -> str | None:
    """The file beside the bytecode of this module; None where that has no place."""
    cached = None if __spec__ is None else __spec__.cached
    return None if cached is None else cached.removesuffix(".pyc") + ".data"


def _head(data: bytes) -> bytes:
    """What stands before the data: the build of Python, the data's length and sum."""
    return f"{sys.version!r} {sys.byteorder} {len(data)} {zlib.crc32(data)}\n".encode()


def _read() -> tuple[dict[tuple[str | bytes, int], bytes], dict[str, bytes]]:
    path = _path()
    try:
        head, _, data = (b"" if path is None else open(path, "rb").read()).partition(b"\n")  # noqa: SIM115
    except OSError:
        return {}, {}
    if head + b"\n" != _head(data):
        return {}, {}
    patterns, parsed = marshal.loads(data)
    return ({}, {}) if len(patterns) + len(parsed) > _MOST else (patterns, parsed)


class _Patterns:
    """Stands between `re` and its compiler. Python has no official door to a compiled pattern's code."""

    def __init__(self) -> None:
        self._compiler: Any = import_module("re._compiler")
        self._compile: Callable[..., Any] = self._compiler.compile
        self._engine: Any = self._compiler._sre
        self._taken: tuple[Any, ...] = ()

    def take_place(self) -> None:
        """From now on `re` asks here."""
        self._compiler.compile = self.compile
        self._compiler._sre = self

    def __getattr__(self, name: str) -> Any:
        """What else the compiler asks of the engine (`_sre`)."""
        return getattr(self._engine, name)

    def compile(self, pattern: Any, flags: Any = 0, *code: Any) -> Any:
        """A pattern from what was kept, or from the compiler. With `code` the compiler asks: it is done."""
        if code:
            steps, *rest = code  # named constants among the numbers
            self._taken = (int(flags), [int(step) for step in steps], *rest)
            return self._engine.compile(pattern, flags, *code)
        if not isinstance(pattern, str | bytes):
            return self._compile(pattern, flags)
        key = pattern, int(flags)
        if key in _patterns:
            return self._engine.compile(pattern, *marshal.loads(_patterns[key]))
        made = self._compile(pattern, flags)
        if _is_fixed(sys._getframe(_ABOVE)):
            _patterns[key] = marshal.dumps(self._taken)
        return made


def _is_fixed(frame: FrameType | None) -> bool:
    """Whether a pattern is the same in every process: a module makes it, or a function of ours that takes nothing."""
    while frame is not None and frame.f_code.co_name in (
        "<genexpr>",
        "<listcomp>",
        "<dictcomp>",
        "<setcomp>",
    ):
        frame = frame.f_back
    if frame is None:
        return False
    module = str(frame.f_globals.get("__name__", "__main__"))
    if frame.f_code.co_name == "<module>":
        return module != "__main__"
    return module.startswith("gongkai.") and frame.f_code.co_argcount == 0
