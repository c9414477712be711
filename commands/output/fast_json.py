"""`gongkai show FILE --json` without typer, whose import takes as long as reading the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gongkai import pipeline
from gongkai.commands.limited_call import beat
from gongkai.commands.output.as_json import reports_as_json
from gongkai.commands.output.screen import write_json
from gongkai.model import Limits, Report


def show(arguments: Sequence[str]) -> int | None:
    """The exit code of `show`; None where the arguments are not --json and one file that exists."""
    files = [a for a in arguments if a != "--json"]
    if len(files) != 1 or len(arguments) != 2 or files[0].startswith("-") or not Path(files[0]).is_file():
        return None
    path = Path(files[0])
    options = pipeline.Options(Limits(after_page=beat))
    return write_reports(pipeline.read_file(path, path.name, options))


def write_reports(reports: Sequence[Report]) -> int:
    """Write the reports of one file to standard output; 1 where one has a finding of severity error, else 0."""
    write_json(reports_as_json(reports))
    return 1 if any(f.severity == "error" for r in reports for f in r.findings) else 0
