"""The roof: the way of one document through the stages; read() for users; the entry of the command line."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from model import DocumentError, Finding, Limits, Report, Source


@dataclass(frozen=True, slots=True)
class Options:
    """What a user can choose about the reading of one document. `aliases` is a TOML file of wordings."""

    limits: Limits = Limits()
    aliases: Path | None = None


class ReadReport(Report):
    """A Report with views for people: tables as DataFrames, HTML in notebooks."""

    __slots__ = ()


def read(path: str | Path, options: Options = Options()) -> Report:
    """The report in one file. A file that cannot be read gives a Report of status "failed"."""
    return read_file(Path(path), Path(path).name, options)[0]


def read_file(path: Path, name: str, options: Options) -> tuple[Report, ...]:
    """Every report in one file: one, or one a member of an archive.

    Holds no state and leaves nothing behind. Raises nothing for a bad document (that is a
    Report of status "failed" with a finding); any exception is a bug.
    """
    raise NotImplementedError


def main(arguments: list[str] | None = None) -> int:
    """The command `gongkai`."""
    raise NotImplementedError


if __name__ == "__main__":
    sys.exit(main())
