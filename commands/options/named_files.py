"""Parameters that several commands have (FILE, --aliases) → what the pipeline takes, or Refused."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import typer

from gongkai import emit, pipeline, user_toml
from gongkai.commands import Refused
from gongkai.commands.limited_call import beat
from gongkai.commands.output.findings import finding_text
from gongkai.model import BadCorrection, Correction, DocumentError, Limits, Report, Source
from gongkai.normalize import named_place, templates
from gongkai.run import corrections as replaying

T = TypeVar("T")

#: the types of the parameters that several commands have, with their help
File = Annotated[Path, typer.Argument(metavar="FILE", help="A report; - is standard input.")]


def joined(folder: Path) -> Path:
    """A dataset folder whose parts, if a cluster wrote it, are joined. Raises Refused where the disk takes no more."""
    try:
        emit.join_parts(folder)
    except OSError as error:
        raise Refused(str(error), 2) from error
    return folder


Dataset = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder that `gongkai run` wrote.", callback=joined)
]
OutputFiles = Annotated[
    list[Path],
    typer.Option("--to", metavar="FILE", help="File to write, by its ending; may be given again."),
]
Aliases = Annotated[Path | None, typer.Option(help="TOML file with wordings of your own.")]
Corrections = Annotated[Path | None, typer.Option(help="Corrections to replay on what is read.")]


def source(file: Path) -> Source:
    """The bytes of FILE. Raises Refused where it cannot be read."""
    _require_file(file)
    try:
        return pipeline.source_of(file)
    except DocumentError as error:
        raise refusal(file, error) from error


def reports(file: Path, options: pipeline.Options, corrections: Path | None = None) -> tuple[Report, ...]:
    """Every report in FILE, at least one, with the corrections replayed on it.

    A file that cannot be read is a Report of status "failed". Standard input is one document; an
    archive has to be a file. Raises Refused where FILE or the file of corrections cannot be read.
    """
    replayed = () if corrections is None else corrections_in(corrections)
    if str(file) == "-":
        read = pipeline.read_source(source(file), options)
    else:
        _require_file(file)
        read = pipeline.read_file(file, file.name, options)
    return tuple(map(replaying.replay(replayed), read)) if replayed else read


def corrections_in(file: Path) -> tuple[Correction, ...]:
    """The corrections in a file. Raises Refused where it is no such file."""
    try:
        return replaying.read_with_places(file)
    except BadCorrection as error:
        raise Refused(str(error), 2) from error
    except OSError as error:
        raise Refused(error.strerror or str(error), 2, file) from error


def refusal(file: Path, error: DocumentError) -> Refused:
    """The refusal of a document that cannot be read: one line with the file in front."""
    return Refused(f"{error.code}: {finding_text(error.code, str(error))}", 1, file)


def options(aliases: Path | None, place: str | None = None, limits: Limits = Limits()) -> pipeline.Options:
    """The options of reading, from the command line.

    Raises Refused where the alias file or the place is wrong: otherwise every report of a run would fail.
    """
    limits = replace(limits, after_page=beat)
    if place is not None:
        try:
            place = named_place(place).code
        except ValueError as error:
            raise Refused(str(error), 2) from error
    if aliases is None:
        return pipeline.Options(limits, place=place)
    read_toml(aliases, _aliases_file(), "`gongkai fields` lists the ids")
    return pipeline.Options(limits, aliases=aliases, place=place)


def read_toml(path: Path, wanted: type[T], guide: str = "") -> T:
    """The content of a TOML file as a `wanted`. Raises Refused where it is not one."""
    try:
        return user_toml.load(path, wanted, guide)
    except user_toml.BadToml as error:
        raise Refused(error.problem, 2, error.path) from error


@cache
def _aliases_file() -> type[user_toml.TomlTable]:
    """What an alias file may hold: `[requests.rows]` and `granted = ["予以公开"]`, over all forms."""
    ids: dict[str, dict[str, dict[str, None]]] = {}
    for table in (table for form in templates() for table in form.tables):
        kinds = ids.setdefault(table.id, {"rows": {}, "columns": {}})
        kinds["rows"] |= {label.id: None for label in table.rows}
        kinds["columns"] |= {label.id: None for label in table.columns}
    tables = {
        name: _table(
            name, {kind: _table(kind, dict.fromkeys(lines, user_toml.Texts)) for kind, lines in kinds.items()}
        )
        for name, kinds in ids.items()
    }
    return _table("aliases", tables)


def _table(name: str, types: Mapping[str, Any]) -> type[user_toml.TomlTable]:
    """A table whose keys may all be missing."""
    keys = [(key, kind, None) for key, kind in types.items()]
    table = msgspec.defstruct(name, keys, bases=(user_toml.TomlTable,), frozen=True)
    assert issubclass(table, user_toml.TomlTable)
    return table


def _require_file(file: Path) -> None:
    """Raise Refused for a FILE that does not exist or is a folder."""
    if str(file) == "-":
        return
    if not os.path.lexists(file):
        raise Refused("there is no such file", 2, file)
    if file.is_dir():
        raise Refused(f"a folder; `gongkai run {file} --to DIR` reads folders", 2, file)
