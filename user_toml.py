"""A TOML file that a user wrote → a value of the Struct that it describes, or one line that says what is wrong.

sites.toml, gongkai.toml, rules, limits and alias files are all read here. The file stands beside `model.py`:
`crawl`, `nightly` and `commands` may not import each other, and `run` would load the whole program into the
crawler. A Struct lists typed fields; what no single field can tell stands in its `__post_init__`, which raises
ValueError with a message without the place.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

import msgspec
from msgspec import Meta, inspect

#: Keys that one message lists, and characters of a value that it shows.
MOST_KEYS, MOST_SHOWN = 30, 60
_BARE_KEY = re.compile(r"[\w-]+")
_PATH = re.compile(r"(?: - at `\$(?P<path>[^`]*)`)?$")
_STEP = re.compile(r"\.(?P<key>\w+)|\[(?P<item>\d+)\]|\[(?P<unnamed>\.\.\.)\]")
Key = str | int
T = TypeVar("T")

# Kinds of values, with the words in which a message says what is wanted.
Text = Annotated[str, Meta(min_length=1, description='a text, "…"')]
Texts = Annotated[tuple[str, ...], Meta(description='a list of texts, ["…", "…"]')]
Flag = Annotated[bool, Meta(description="true or false")]
FromZero = Annotated[int, Meta(ge=0, description="a whole number from 0 on")]
FromOne = Annotated[int, Meta(ge=1, description="a whole number from 1 on")]
NotNegative = Annotated[float, Meta(ge=0, description="a number from 0 on")]
# Not gt=0: msgspec makes “at least the least number of all” of it, and a library that has the processor take such
# numbers for 0 (OCR does, for speed) would have it take 0 as well.
Positive = Annotated[float, Meta(ge=1e-9, description="a number above 0")]
#: relative to the folder in which the file lies
UserPath = Annotated[Path, Meta(description='a path, "folder/file"')]


class BadToml(ValueError):
    """A TOML file cannot be used: the file, the place in it, what is wrong, what to try, in one line."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class TomlTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a TOML file. A key that it does not name is an error."""


class Written:
    """A value that is written in another type than it has: `128M` is a number of bytes."""

    @classmethod
    def read(cls, written: object) -> Self:
        """The value. Raises TypeError for another type, ValueError with a message for another value."""
        raise NotImplementedError


def load(path: Path, wanted: type[T], guide: str = "") -> T:
    """The content of a file as a `wanted`. `guide` names the page that explains the file. Raises BadToml."""
    hint = f"; {guide}" if guide else ""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise BadToml(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise BadToml(path, "is not UTF-8; save it as UTF-8") from error
    except ValueError as error:  # TOMLDecodeError is one; a number of 5,000 digits is another
        raise BadToml(path, f"not TOML: {error}{hint}") from error
    except RecursionError as error:
        raise BadToml(path, f"lists are nested too deep{hint}") from error
    return convert(data, wanted, path, guide)


def convert(data: Mapping[str, Any], wanted: type[T], path: Path, guide: str = "") -> T:
    """A parsed file as a `wanted`; paths in it are relative to the folder of `path`. Raises BadToml."""
    read = _reader(wanted, path.resolve().parent)
    try:
        return read(data)
    except msgspec.ValidationError as error:
        problem = _explain(error, data, read, inspect.type_info(wanted), guide)
        raise BadToml(path, problem) from error


def _reader(wanted: type[T], folder: Path) -> Callable[[object], T]:
    """The conversion to a `wanted`, with the types that msgspec does not know."""

    def read_other(kind: type[Any], written: Any) -> object:
        if issubclass(kind, Written):
            return kind.read(written)
        if issubclass(kind, Path) and isinstance(written, str) and written:
            return folder / written
        raise TypeError(f"{kind.__name__} is wanted")

    return lambda data: msgspec.convert(data, wanted, dec_hook=read_other)


def _explain(
    error: msgspec.ValidationError,
    data: Mapping[str, Any],
    read: Callable[[object], object],
    info: inspect.Type,
    guide: str,
) -> str:
    """The message for an error of msgspec."""
    keys = _name_keys(error, data, read)
    info, words = _describe(info, keys)
    value = _at(data, keys)
    place = _place(data, keys)
    if isinstance(error.__cause__, ValueError):
        return f"{place} {error.__cause__}".lstrip()
    if isinstance(info, inspect.StructType) and isinstance(value, dict):
        return f"{place} {_wrong_key(value, info, guide)}".lstrip()
    text = _PATH.sub("", str(error))
    return f"{place.removesuffix(':') or 'the file'} is {_show(value)}; wanted: {words or text}"


def _wrong_key(table: Mapping[str, Any], info: inspect.StructType, guide: str) -> str:
    """A key of a table that is not known, or the one that is missing."""
    known = [field.encode_name for field in info.fields]
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            listed = ", ".join(known[:MOST_KEYS]) + (", …" if len(known) > MOST_KEYS else "")
            hint = f"did you mean {near[0]}?" if near else f"there are {listed}{f'; {guide}' * bool(guide)}"
            return f"unknown key {_key(key)}; {hint}"
    missing = next(f for f in info.fields if f.required and f.encode_name not in table)
    words = _describe(missing.type, ())[1]
    return f"{missing.encode_name} is missing{f'; wanted: {words}' * bool(words)}"


# Where an error stands --------------------------------------------------------------------------


def _name_keys(
    error: msgspec.ValidationError, data: Mapping[str, Any], read: Callable[[object], object]
) -> list[Key]:
    """The keys that lead to an error. A key of a mapping is the first whose entry fails alone."""
    data = deepcopy(dict(data))
    keys: list[Key] = []
    found = _PATH.search(str(error))
    for step in _STEP.finditer((found and found["path"]) or ""):
        if not step["unnamed"]:
            keys.append(step["key"] or int(step["item"]))
            continue
        table = _at(data, keys)
        for key, value in list(table.items()):
            table.clear()
            table[key] = value
            if _fails(read, data):
                keys.append(key)
                break
    return keys


def _fails(read: Callable[[object], object], data: object) -> bool:
    try:
        read(data)
    except msgspec.ValidationError:
        return True
    return False


def _at(data: Any, keys: Sequence[Key]) -> Any:
    for key in keys:
        data = data[key]
    return data


def _place(data: Any, keys: Sequence[Key]) -> str:
    """The place as it is written: `[[site]] 2 (linjiang): titles, item 1`, `[run]:`, "" for the file."""
    table = ""
    names: list[str] = []
    inside: list[str] = []
    for key in keys:
        data = data[key]
        if isinstance(key, str):
            names.append(_key(key))
        if isinstance(data, dict):
            name = ".".join(names)
            table = f"[{name}]:" if isinstance(key, str) else f"[[{name}]] {key + 1}{_called(data)}:"
            inside = []
        else:
            inside.append(_key(key) if isinstance(key, str) else f"item {key + 1}")
    return f"{table} {', '.join(inside)}".strip()


def _called(table: Mapping[str, Any]) -> str:
    """The name that a table of an array gives itself."""
    names = [table[key] for key in ("id", "code") if isinstance(table.get(key), str)]
    return f" ({_show(names[0])[1:-1]})" if names else ""


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _show(value: object) -> str:
    """A value as TOML writes it, or nearly."""
    if isinstance(value, dict):
        return "a table"
    text = str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


# What is wanted there ---------------------------------------------------------------------------


def _describe(info: inspect.Type, keys: Sequence[Key]) -> tuple[inspect.Type, str]:
    """The type at the end of a path, and the words that say what is wanted."""
    words = ""
    for key in (*keys, None):
        while isinstance(info, inspect.Metadata | inspect.UnionType):
            if isinstance(info, inspect.Metadata):
                words = (info.extra_json_schema or {}).get("description", words)
                info = info.type
            else:  # of a text or a list of texts, the list has further keys
                info = max(info.types, key=lambda t: (isinstance(t, _NESTED), _is_some(t)))
        if key is None:
            return info, words or ("a table" if isinstance(info, inspect.StructType) else "")
        if isinstance(info, inspect.StructType):
            info, words = next(f.type for f in info.fields if f.encode_name == key), ""
        elif isinstance(info, inspect.VarTupleType):
            info = info.item_type
        elif isinstance(info, inspect.DictType):
            info = info.value_type
    raise AssertionError("the loop ends with None")


def _is_some(info: inspect.Type) -> bool:
    return not isinstance(info, inspect.NoneType)


_NESTED = (inspect.StructType, inspect.VarTupleType, inspect.DictType)
