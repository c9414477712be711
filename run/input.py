"""What the user named to the files to read, each with the name it has in the datasets."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# No document has such an ending, and a folder of documents is full of them: truth, notes, the
# parts of a saved web page. A file that is named itself is read whatever it is called.
FOREIGN = frozenset({".json", ".csv", ".parquet", ".md", ".py", ".toml", ".log", ".xml", ".css", ".js"})


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read. `name` is its path relative to the input that was named."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, sorted by name, and how many were passed over in the folders."""

    inputs: tuple[Input, ...]
    skipped: int


def find(named: Sequence[Path], is_dataset: Callable[[Path], bool]) -> Found:
    """Every file named, and every document in the folders named, at any depth.

    In a folder, hidden files and folders, folders for which `is_dataset` is true, links to
    folders (they may lead in a circle), FOREIGN endings and what is no file are passed over
    and counted. A link that leads nowhere and a folder that cannot be listed are kept: reading
    them fails, and so the datasets say it.

    Raises FileNotFoundError for a path that does not exist.
    """
    inputs: dict[tuple[str, Path], Input] = {}
    skipped = 0
    for top in named:
        if not os.path.lexists(top):
            raise FileNotFoundError(f"{top}: no such file or folder")
        for path in _walk(top, is_dataset) if top.is_dir() else [top]:
            if path is None:
                skipped += 1
                continue
            name = _name(path.name if path == top else path.relative_to(top).as_posix())
            inputs.setdefault((name, path), Input(path, name))
    return Found(tuple(sorted(inputs.values(), key=lambda input: input.name)), skipped)


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
    if path.name.startswith((".", "~$")) or path.suffix.lower() in FOREIGN:
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:  # a link that leads nowhere, or in a circle
        return True
