"""The division that a public body works for, with the candidates and the evidence. 机关名称对应的行政区划。"""

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.output.as_json import body_as_json
from gongkai.commands.output.language import say
from gongkai.commands.output.screen import clean, pad, write, write_json
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
    name: Annotated[str, typer.Argument(metavar="NAME", help="A body's name as printed.")],
    place: Annotated[
        str | None,
        typer.Option("--in", metavar="PLACE", help="Where it lies: a name or a code."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Find the administrative division that a body's name means, and why. Where two fit, none is chosen."""
    try:
        body = body_of(name, place)
    except ValueError as error:
        raise Refused(str(error), 2) from error
    if as_json:
        write_json(body_as_json(body))
    else:
        write(_describe(body) + "\n")
    return 0


def _describe(body: Body) -> str:
    lines = [_line("body", body.name), _line("level", body.level or say("not certain"))]
    if body.division is not None:
        lines += [_line("division", body.division), _line("evidence", ", ".join(body.evidence))]
    else:
        lines.append(_line("division", f"{say('none')}: {say(_WHY[body.reason])}"))
    if body.division is None or len(body.candidates) > 1:
        lines += [_line("candidate", division) for division in body.candidates]
    return "\n".join(clean(line) for line in lines)


def _line(name: str, what: object) -> str:
    """One line of the answer: what it is about, and what is known of it."""
    return f"{pad(say(name), 10)}{what}"
