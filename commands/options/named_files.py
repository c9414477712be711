"""What the command line names (FILE, --aliases) to what the roof takes; what is wrong is refused in one line."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated

import typer

from gongkai import pipeline
from gongkai.commands import Refused
from gongkai.model import BadCorrection, Correction, DocumentError, Limits, Report, Source
from gongkai.normalize import named_place, templates
from gongkai.run import corrections as replaying

#: the types of the parameters that several commands have, with their help
File = Annotated[Path, typer.Argument(metavar="FILE", help="A report; - is standard input. 报告文件")]
Aliases = Annotated[Path | None, typer.Option(help="TOML file with wordings of your own. 自定义标签写法")]
Corrections = Annotated[Path | None, typer.Option(help="Corrections to replay on what is read. 更正文件")]


def source(file: Path) -> Source:
    """The bytes of FILE. Raises Refused where there are none."""
    _there(file)
    try:
        return pipeline.source_of(file)
    except DocumentError as error:
        raise refusal(file, error) from error


def reports(file: Path, options: pipeline.Options, corrections: Path | None = None) -> tuple[Report, ...]:
    """Every report in FILE, one at least, with the corrections replayed on it.

    A file that cannot be read is a Report of status "failed". Standard input is one document; an
    archive has to be a file. Raises Refused where there is no FILE, or the corrections are none.
    """
    said = () if corrections is None else corrections_in(corrections)
    if str(file) == "-":
        found = pipeline.read_source(source(file), options)
    else:
        _there(file)
        found = pipeline.read_file(file, file.name, options)
    return tuple(map(replaying.replay(said), found)) if said else found


def corrections_in(file: Path) -> tuple[Correction, ...]:
    """The corrections in a file. Raises Refused where it is none."""
    try:
        return replaying.read(file)
    except BadCorrection as error:
        raise Refused(str(error), 2) from error
    except OSError as error:
        raise Refused(error.strerror or str(error), 2, file) from error


def refusal(file: Path, error: DocumentError) -> Refused:
    """A document that cannot be read, as one line with the file in front."""
    return Refused(f"{error.code}: {error}", 1, file)


def options(aliases: Path | None, place: str | None = None, limits: Limits = Limits()) -> pipeline.Options:
    """What is chosen about the reading.

    Raises Refused where the alias file is not one, or the place is none: a run would find that out
    a report at a time.
    """
    if place is not None:
        try:
            place = named_place(place).code
        except ValueError as error:
            raise Refused(str(error), 2) from error
    if aliases is None:
        return pipeline.Options(limits, place=place)
    try:
        tables = tomllib.loads(aliases.read_text("utf-8"))
    except OSError as error:
        raise Refused(f"{error.strerror or error}", 2, aliases) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"not TOML in UTF-8: {error}", 2, aliases) from error
    wrong = _wrong(tables)
    if wrong is not None:
        raise Refused(wrong, 2, aliases)
    return pipeline.Options(limits, aliases=aliases, place=place)


def _wrong(tables: object) -> str | None:
    """What of an alias file is not `[requests.rows]` and `granted = ["予以公开"]`, None where all is."""
    ids: dict[tuple[str, str], set[str]] = {}
    for t in (t for form in templates() for t in form.tables):
        ids.setdefault((t.id, "rows"), set()).update(label.id for label in t.rows)
        ids.setdefault((t.id, "columns"), set()).update(label.id for label in t.columns)
    assert isinstance(tables, dict)  # what tomllib gives
    for table, kinds in tables.items():
        for kind, lines in kinds.items() if isinstance(kinds, dict) else [("", None)]:
            if (table, kind) not in ids or not isinstance(lines, dict):
                return f"[{table}.{kind}] is no table of a form; [requests.rows] is one"
            for id, wordings in lines.items():
                if id not in ids[table, kind]:
                    return f"[{table}.{kind}] has no {id}; `gongkai fields` lists what there is"
                if not isinstance(wordings, list) or not all(isinstance(w, str) for w in wordings):
                    return f'[{table}.{kind}] {id}: wants a list of wordings, {id} = ["…"]'
    return None


def _there(file: Path) -> None:
    """Raises Refused for a FILE that does not exist or is a folder."""
    if str(file) == "-":
        return
    if not os.path.lexists(file):
        raise Refused("there is no such file", 2, file)
    if file.is_dir():
        raise Refused(f"a folder; `gongkai run {file} --to DIR` reads folders", 2, file)
