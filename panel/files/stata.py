"""A Panel → a Stata file (.dta, release 118, which Stata 14 and later, R, pandas and pyreadstat read).

Written by us, because no library writes what researchers need here: extended missing values (.a to .j) in whole
numbers, labels in two languages, and notes. The layout is Stata's published one (help dta_118).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np

from gongkai.panel.missing import PRESENT, REASONS
from gongkai.panel.number_column import NumberColumn
from gongkai.panel.panel_table import Panel
from gongkai.panel.variables import CODES, LONGEST_LABEL, Variable

#: the longest text of a fixed length, in bytes; a column with a longer one is a strL, whose texts stand behind the lines
LONGEST_TEXT = 2045
#: lines that are put together at a time
BATCH = 2_000
#: types of Stata by the largest value that they hold beside missing ones: numpy type, code in the file, format, .a
_WHOLE = (
    (100, -127, np.dtype("i1"), 65530, 102),
    (32740, -32767, np.dtype("<i2"), 65529, 32742),
    (2147483620, -2147483647, np.dtype("<i4"), 65528, 2147483622),
)
_DOUBLE, _LONG_TEXT = 65526, 32768
#: a text of a strL behind its head: in UTF-8, ended by NUL
_UTF8 = 130
#: the bits of .a as a double; each further letter adds one step
_DOUBLE_A, _DOUBLE_STEP = 0x7FE0010000000000, 1 << 40
_NAME, _FORMAT, _LABEL = 129, 57, 321


@dataclass(frozen=True, slots=True)
class _StataColumn:
    """A column of the file: its type there, how Stata shows it, and what gives its bytes for some lines."""

    name: str
    data: Callable[[slice], np.ndarray[Any, Any]]
    dtype: np.dtype[Any]
    type: int
    format: str
    label: str
    other: str
    values: str
    long_texts: Any = None


def write(
    panel: Panel, path: Path, *, labels: Literal["zh", "en"] = "zh", missing_labels: bool = False
) -> None:
    """Write the panel. Labels are in one language; the other is a language pack (`label language en`).

    `missing_labels` attaches the words of the missing codes to every number; pandas then reads categories.
    """
    columns = [_column(panel, v, labels, missing_labels, i) for i, v in enumerate(panel.variables, 1)]
    with path.open("wb") as file:
        _write_file(file, columns, len(panel), labels)


def _column(panel: Panel, v: Variable, labels: str, missing_labels: bool, number: int) -> _StataColumn:
    """A column; `number` is its place among the variables, from 1."""
    label, other = (v.zh, v.en) if labels == "zh" else (v.en, v.zh)
    if v.content == "text":
        texts = panel.texts[v.name]
        width = max(1, max((len(_encode(t)) for t in texts), default=1))
        if width > LONGEST_TEXT:
            data = partial(_references, texts, number)
            return _StataColumn(
                v.name, data, np.dtype("<u8"), _LONG_TEXT, "%-40s", label, other, "", long_texts=texts
            )
        kind = np.dtype(f"S{width}")
        return _StataColumn(
            v.name, partial(_texts, texts, kind), kind, width, f"%-{min(width, 40)}s", label, other, ""
        )
    words = v.name if v.name in CODES else "missing" if missing_labels else ""
    column = panel.columns[v.name]
    for most, least, kind, number, first in _WHOLE:
        if _fits(column, least, most):
            data = partial(_whole, column, kind, first)
            return _StataColumn(v.name, data, kind, number, "%9.0g", label, other, words)
    return _StataColumn(
        v.name, partial(_doubles, column), np.dtype("<f8"), _DOUBLE, "%10.0g", label, other, words
    )


def _encode(text: str) -> bytes:
    """A text in UTF-8 without NUL, which ends a text of Stata's."""
    return text.encode("utf-8").replace(b"\0", b"")


def _references(texts: Any, number: int, part: slice) -> np.ndarray[Any, Any]:
    """What stands in the lines for the texts of a strL: variable (two bytes) and line (six); 0 for an empty one."""
    lines = np.arange(part.start + 1, part.stop + 1, dtype=np.uint64)
    there = np.array([bool(_encode(t)) for t in texts[part]])
    return np.where(there, np.uint64(number) | (lines << np.uint64(16)), np.uint64(0)).astype("<u8")


def _long_texts(columns: Sequence[_StataColumn], lines: int) -> Iterator[bytes]:
    """The texts of all strLs, line by line."""
    long = [(i, c.long_texts) for i, c in enumerate(columns, 1) if c.long_texts is not None]
    for line in range(lines if long else 0):
        for number, texts in long:
            if text := _encode(texts[line]):
                yield b"GSO" + struct.pack("<IQBI", number, line + 1, _UTF8, len(text) + 1) + text + b"\0"


def _texts(texts: Any, kind: np.dtype[Any], part: slice) -> np.ndarray[Any, Any]:
    return np.array([_encode(t) for t in texts[part]], dtype=kind)


def _fits(column: NumberColumn, least: int, most: int) -> bool:
    """Whether all numbers of a column are whole and in a range."""
    if column.kept is None:
        return True
    known = column.kept[column.codes == PRESENT]
    whole = known.dtype == np.int32 or not (known != np.floor(known)).any()
    return whole and (not len(known) or bool(least <= known.min() and known.max() <= most))


def _whole(column: NumberColumn, kind: np.dtype[Any], first: int, part: slice) -> np.ndarray[Any, Any]:
    """Whole numbers of some lines, missing ones as .a to .j: `first` is the code of .a."""
    codes = column.codes[part].astype(np.int64)
    values = np.nan_to_num(column.values(part)).astype(np.int64)
    return np.where(codes == PRESENT, values, first + codes - 1).astype(kind)


def _doubles(column: NumberColumn, part: slice) -> np.ndarray[Any, Any]:
    codes = column.codes[part]
    data = column.values(part).astype("<f8")
    gaps = codes != PRESENT
    data.view("<u8")[gaps] = _DOUBLE_A + (codes[gaps].astype(np.uint64) - np.uint64(1)) * np.uint64(
        _DOUBLE_STEP
    )
    return data


def _write_file(file: BinaryIO, columns: Sequence[_StataColumn], lines: int, labels: str) -> None:
    """The parts of the file in their order; the map in front says where each begins."""
    places: list[int] = [0]
    _write_header(file, columns, lines)
    places.append(file.tell())
    file.write(b"<map>" + bytes(14 * 8) + b"</map>")
    for tag, data in _describe(columns):
        places.append(file.tell())
        file.write(b"<%b>%b</%b>" % (tag, data, tag))
    places.append(file.tell())
    file.write(b"<characteristics>" + _characteristics(columns, labels) + b"</characteristics>")
    places.append(file.tell())
    file.write(b"<data>")
    kind = np.dtype([(c.name, c.dtype) for c in columns])
    for start in range(0, lines, BATCH):
        part = slice(start, min(start + BATCH, lines))
        block = np.empty(part.stop - start, dtype=kind)
        for c in columns:
            block[c.name] = c.data(part)
        file.write(block.tobytes())
    file.write(b"</data>")
    places.append(file.tell())
    file.write(b"<strls>")
    file.writelines(_long_texts(columns, lines))
    file.write(b"</strls>")
    places.append(file.tell())
    file.write(b"<value_labels>" + _value_labels(columns, labels) + b"</value_labels>")
    places.append(file.tell())
    file.write(b"</stata_dta>")
    places.append(file.tell())
    file.seek(places[1])
    file.write(b"<map>" + struct.pack("<14Q", *places))


def _write_header(file: BinaryIO, columns: Sequence[_StataColumn], lines: int) -> None:
    title = "政府信息公开年度报告面板数据 gongkai panel".encode()
    file.write(
        b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder>"
        + b"<K>%b</K><N>%b</N>" % (struct.pack("<H", len(columns)), struct.pack("<Q", lines))
        + b"<label>%b%b</label>" % (struct.pack("<H", len(title)), title)
        # no time stamp: the same panel gives the same bytes
        + b"<timestamp>\0</timestamp></header>"
    )


def _describe(columns: Sequence[_StataColumn]) -> list[tuple[bytes, bytes]]:
    def fixed(text: str, size: int) -> bytes:
        return text.encode()[: size - 1].ljust(size, b"\0")

    return [
        (b"variable_types", b"".join(struct.pack("<H", c.type) for c in columns)),
        (b"varnames", b"".join(fixed(c.name, _NAME) for c in columns)),
        (b"sortlist", bytes(2 * (len(columns) + 1))),
        (b"formats", b"".join(fixed(c.format, _FORMAT) for c in columns)),
        (b"value_label_names", b"".join(fixed(c.values, _NAME) for c in columns)),
        (b"variable_labels", b"".join(fixed(c.label[:LONGEST_LABEL], _LABEL) for c in columns)),
    ]


def _characteristics(columns: Sequence[_StataColumn], labels: str) -> bytes:
    """Notes of the data set (the missing codes), and the labels in the other language as a language pack."""
    other = "en" if labels == "zh" else "zh"
    notes = [f".{r.letter} {r.word}: {r.zh} / {r.en}" for r in REASONS]
    entries = [("_dta", "note0", str(len(notes)))]
    entries += [("_dta", f"note{i}", text) for i, text in enumerate(notes, 1)]
    entries += [("_dta", "_lang_list", f"{labels} {other}"), ("_dta", "_lang_c", labels)]
    entries += [(c.name, f"_lang_v_{other}", c.other[:LONGEST_LABEL]) for c in columns]
    return b"".join(_characteristic(*entry) for entry in entries)


def _characteristic(variable: str, name: str, text: str) -> bytes:
    names = variable.encode().ljust(_NAME, b"\0") + name.encode().ljust(_NAME, b"\0")
    data = names + text.encode() + b"\0"
    return b"<ch>%b%b</ch>" % (struct.pack("<I", len(data)), data)


def _value_labels(columns: Sequence[_StataColumn], labels: str) -> bytes:
    names = sorted({c.values for c in columns if c.values})
    first = 0 if labels == "zh" else 1
    tables: dict[str, Mapping[int, str]] = {
        name: {number: words[first] for number, words in CODES[name].items()}
        for name in names
        if name in CODES
    }
    if "missing" in names:
        tables["missing"] = {2147483621 + r.number: r.zh if labels == "zh" else r.en for r in REASONS}
    return b"".join(_value_table(name, tables[name]) for name in names)


def _value_table(name: str, words: Mapping[int, str]) -> bytes:
    numbers = sorted(words)
    texts = [words[n].encode() + b"\0" for n in numbers]
    places = np.cumsum([0, *map(len, texts)])[:-1].astype("<i4")
    body = (
        struct.pack("<ii", len(numbers), sum(map(len, texts)))
        + places.tobytes()
        + np.array(numbers, dtype="<i4").tobytes()
        + b"".join(texts)
    )
    return b"<lbl>%b%b\0\0\0%b</lbl>" % (
        struct.pack("<I", len(body)),
        name.encode().ljust(_NAME, b"\0"),
        body,
    )
