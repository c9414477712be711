"""What division a public body works for: candidates and what speaks for them. 机关名称对应的行政区划。"""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.output.as_json import body as plain
from gongkai.commands.output.screen import clean
from gongkai.model import Body
from gongkai.normalize import body_of

#: why there is no division, as `Body.reason` has it
_WHY = {
    "ambiguous": "the name alone does not tell which; give --in PLACE",
    "unknown": "the table of divisions (June 2023) has no such place",
    "abolished": "the place is no division today (abolished or renamed)",
    "contradicted": "no place of this name lies there",
    "zone": "a zone has no code of its own in the table of divisions",
    "incomplete": "the name does not say which place it is; give --in PLACE",
    "central": "a body of the centre works for no division",
}


def command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A body's name as printed. 机关名称")],
    place: Annotated[
        str | None,
        typer.Option("--in", metavar="PLACE", help="Where it lies: a name or a code. 所在地名称或代码"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Ask which administrative division a body's name means, and why. Nothing is guessed where two fit."""
    try:
        found = body_of(name, place)
    except ValueError as error:
        raise Refused(str(error), 2) from error
    text = json.dumps(plain(found), ensure_ascii=False, indent=1) if as_json else _text(found)
    sys.stdout.write(text + "\n")
    return 0


def _text(found: Body) -> str:
    lines = [f"body      {found.name}", f"level     {found.level or 'not certain'}"]
    if found.division is not None:
        lines += [f"division  {found.division}", f"evidence  {', '.join(found.evidence)}"]
    else:
        lines.append(f"division  none: {_WHY[found.reason]}")
    if found.division is None or len(found.candidates) > 1:
        lines += [f"candidate {division}" for division in found.candidates]
    return "\n".join(clean(line) for line in lines)
