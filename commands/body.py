"""The division that a public body works for, with the candidates and the evidence. 机关名称对应的行政区划。"""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.output.as_json import body_as_json
from gongkai.commands.output.screen import clean
from gongkai.model import Body
from gongkai.normalize import body_of

#: `Body.reason` → why there is no division, in words
_WHY = {
    "ambiguous": "several places bear this name; name one with --in PLACE",
    "unknown": "the table of divisions (June 2023) has no such place",
    "abolished": "the place is no division today (abolished or renamed)",
    "contradicted": "no place of this name lies there",
    "zone": "a zone has no code of its own in the table of divisions",
    "incomplete": "the name names no place; name one with --in PLACE",
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
    """Find the administrative division that a body's name means, and why. Where two fit, none is chosen."""
    try:
        body = body_of(name, place)
    except ValueError as error:
        raise Refused(str(error), 2) from error
    text = json.dumps(body_as_json(body), ensure_ascii=False, indent=1) if as_json else _describe(body)
    sys.stdout.write(text + "\n")
    return 0


def _describe(body: Body) -> str:
    lines = [f"body      {body.name}", f"level     {body.level or 'not certain'}"]
    if body.division is not None:
        lines += [f"division  {body.division}", f"evidence  {', '.join(body.evidence)}"]
    else:
        lines.append(f"division  none: {_WHY[body.reason]}")
    if body.division is None or len(body.candidates) > 1:
        lines += [f"candidate {division}" for division in body.candidates]
    return "\n".join(clean(line) for line in lines)
