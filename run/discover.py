"""What the user named to the files to read, each with the name it has in the datasets."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import cache
from pathlib import Path

from gongkai.record import dataclass
from gongkai.run.own_output import is_own_output

# Few documents have such an ending, and a folder of documents is full of them: notes, settings, the
# parts of a saved web page. Some are looked into (_TEXTS). A file that is named itself is read whatever it is called.
FOREIGN = frozenset(
    {".json", ".csv", ".parquet", ".md", ".py", ".pyc", ".toml", ".log", ".xml", ".css", ".js"}
    # what `gongkai panel`, `export` and `plots` write, and no publisher
    | {".dta", ".sav", ".duckdb", ".sqlite", ".db", ".svg", ".ipynb"}
)

# Of these a converter or an interface may have made a report's text: they are read where they say what a report says.
_TEXTS = frozenset({".json", ".csv", ".md", ".xml"})
#: Labels of the forms of all years, and how many of them a report's text has; bytes in which they are looked for.
_LABELS = ("行政许可", "行政处罚", "自然人", "予以公开", "部分公开", "不予公开", "上年结转", "结果维持")
_LEAST_LABELS, _LOOKED_INTO = 5, 1_000_000
#: Tags and the ends of lines behind them, which may stand between two characters of a label.
_TAGS = re.compile(rb"<[^<>]{0,400}>\s*")
#: A label as a file may have it: in these encodings, or escaped as JSON has it.
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
#: Radicals in UTF-8, which look like characters of the labels.
_RADICALS = re.compile(b"\xe2[\xbc-\xbf]")

# A file that was written less than so many seconds before it was read might be written again
# without its times telling: clocks of file systems are coarse. Its content is compared instead.
SETTLED_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read. `name` is its path relative to the input that was named."""

    path: Path
    name: str


class PassedOver(Enum):
    """Something in a folder that is not read: no document, or a page, workbook or picture of our own making."""

    OTHER = 0
    OURS = 1


def find(named: Sequence[Path], is_dataset: Callable[[Path], bool]) -> Iterator[Input | PassedOver]:
    """Every file named, and every document in the folders named, at any depth; one may come twice.

    In a folder, hidden files and folders, folders for which `is_dataset` is true, links to
    folders (they may lead in a circle), FOREIGN endings and what is no file are passed over (a text of such an ending is
    read where it has a report's labels): each is a PassedOver. So is what we made ourselves (pages, workbooks, pictures), also where it is named:
    values that are read from our own tables would count twice. A link that leads nowhere and a folder that cannot be listed are kept:
    reading them fails, and so the datasets say it.

    Raises FileNotFoundError, at once, for a path that does not exist.
    """
    for top in named:
        if not os.path.lexists(top):
            raise FileNotFoundError(f"{top}: no such file or folder")
    return (found for top in named for found in _found(top, is_dataset))


def _found(top: Path, is_dataset: Callable[[Path], bool]) -> Iterator[Input | PassedOver]:
    for path in _walk(top, is_dataset) if top.is_dir() else [top]:
        if path is None:
            yield PassedOver.OTHER
        elif is_own_output(path):
            yield PassedOver.OURS
        else:
            yield Input(path, _name(path.name if path == top else path.relative_to(top).as_posix()))


def _name(path: str) -> str:
    """A path as text: bytes that are no UTF-8 (an old archive's GBK names) as `\\xb1`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _walk(top: Path, is_dataset: Callable[[Path], bool]) -> Iterator[Path | None]:
    """The files of a folder; None for each thing passed over."""
    unlisted: list[Path] = []
    walk = os.walk(top, onerror=lambda error: unlisted.append(Path(error.filename)))
    for folder, folders, files in walk:
        here = Path(folder)
        wanted = [name for name in sorted(folders) if _enter(here / name, is_dataset)]
        yield from [None] * (len(folders) - len(wanted))
        folders[:] = wanted
        for name in sorted(files):
            yield here / name if _wanted(here / name) else None
    yield from unlisted


def _enter(folder: Path, is_dataset: Callable[[Path], bool]) -> bool:
    return not (folder.name.startswith(".") or folder.is_symlink() or is_dataset(folder))


def _wanted(path: Path) -> bool:
    # "~$" begins the lock file that Word leaves beside an open document.
    ending = path.suffix.lower()
    if path.name.startswith((".", "~$")) or (
        ending in FOREIGN and not (ending in _TEXTS and _says_a_report(path))
    ):
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:  # a link that leads nowhere, or in a circle
        return True


def _says_a_report(path: Path) -> bool:
    """Whether a text that is none of our tables has as many labels of the forms as a report's. One that cannot be read has none."""
    if is_own_output(path):
        return False
    try:
        with path.open("rb") as file:
            data = _TAGS.sub(b"", file.read(_LOOKED_INTO))
    except OSError:
        return False
    if _RADICALS.search(data) is not None:  # text of some PDFs has ⾏ for 行
        data += unicodedata.normalize("NFKC", data.decode("utf-8", "ignore")).encode()
    return sum(any(form in data for form in forms) for forms in _written_labels()) >= _LEAST_LABELS


@cache
def _written_labels() -> tuple[tuple[bytes, ...], ...]:
    """Each label as bytes, in every way that a file may have it."""
    escaped = [label.encode("unicode-escape") for label in _LABELS]
    return tuple(
        (
            *(label.encode(encoding) for encoding in _ENCODINGS),
            # GB18030 that was read as Latin-1 and saved as UTF-8
            label.encode("gb18030").decode("latin-1").encode("utf-8"),
            lower,
            lower.upper().replace(b"\\U", b"\\u"),
        )
        for label, lower in zip(_LABELS, escaped, strict=True)
    )


def signature(path: Path) -> str:
    """What tells, without reading it, that a file is the same: size, times, number; "" where it does not tell."""
    try:
        found = path.stat()
    except OSError:
        return ""
    if time.time() - max(found.st_ctime, found.st_mtime) < SETTLED_SECONDS:
        return ""
    return f"{found.st_size}.{found.st_mtime_ns}.{found.st_ctime_ns}.{found.st_ino}"


# Larger files are not hashed: the reader refuses them unread, and their times tell them apart.
HASHED_BYTES = 1024 * 1024 * 1024


def content(path: Path) -> str:
    """The SHA-256 of a file's content; "" where the system does not give it out, or it is too long to ask."""
    try:
        if path.stat().st_size > HASHED_BYTES or not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
