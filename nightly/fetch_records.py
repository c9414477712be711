"""The archive's state and the files of a dataset → the address of each file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from gongkai.nightly.night_log import iso
from gongkai.run.dataset_files import lines
from gongkai.run.diff import Difference
from gongkai.run.diff import site as site_of

#: where `gongkai crawl` keeps what it knows
STATE = "state.sqlite"
#: The name of a published file ends in so many digits of its hash, and its suffix.
_SHORT = 8

_PUBLISHED = (
    "select site, url, sha256, bytes, suffix, found_on, title, first_seen, "
    "(select l.title from links as l where l.site = d.site and l.page = d.found_on and l.url = d.url "
    "order by l.position limit 1) "
    "from documents as d where replaced is null and withdrawn is null order by site, url"
)

Row = dict[str, str | int | float | bool | Decimal | None]


class UnreadableArchive(OSError):
    """The archive's state exists but cannot be read; the message is one line."""


@dataclass(slots=True)
class Sources:
    """Rows of the dataset `sources`, and the files without an address in the archive's state."""

    rows: list[Row] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def find_sources(archive: Path, dataset: Path, bodies: Mapping[str, str]) -> Sources | None:
    """The address of each file of a dataset; None where the archive has no state.

    `bodies` has the body of each site whose list of reports it is.
    A file belongs to an address by site and hash: the hash in the dataset, else the digits in its name.
    Where several hashes fit, or none, the file has no row.
    Raises UnreadableArchive.
    """
    path = archive / STATE
    if not path.is_file():
        return None
    found, known = Sources(), _published(path, bodies)
    for file, sha256 in _files(lines(dataset, "reports", ("source_file", "sha256"))):
        rows = [row for row in known.get(_key(file), ()) if sha256 in ("", row["sha256"])]
        if len({row["sha256"] for row in rows}) == 1:
            found.rows += ({"source_file": file, **row} for row in rows)
        else:
            found.unknown.append(file)
    return found


def _files(reports: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    """Each file once, with its hash; "" for an archive, whose members have hashes of their own."""
    last = None
    for name, sha256 in reports:
        file, _, member = name.partition("!/")
        if file != last:
            last = file
            yield file, "" if member else sha256 or ""


class _FileKey(NamedTuple):
    """What the name of a published file tells: its site, the first digits of its hash, its suffix."""

    site: str
    digits: str
    suffix: str


def _key(file: str) -> _FileKey:
    name = Path(file.rpartition("/")[2])
    return _FileKey(site_of(file), name.stem.rpartition("-")[2], name.suffix)


def _published(path: Path, bodies: Mapping[str, str]) -> Mapping[_FileKey, Sequence[Row]]:
    """The documents that the archive publishes now, by the key in the names of their files."""
    known: dict[_FileKey, list[Row]] = {}
    try:
        state = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            for site, url, sha256, size, suffix, found_on, title, seen, link in state.execute(_PUBLISHED):
                key = _FileKey(site, sha256[:_SHORT], suffix)
                at = iso(datetime.fromtimestamp(seen, UTC))
                known.setdefault(key, []).append(
                    {
                        "sha256": sha256, "bytes": size, "site": site, "url": url,
                        "found_on": found_on or None, "title": title or None, "fetched_at": at,
                        "link_text": link or None, "list_body": bodies.get(site),
                    }
                )  # fmt: skip
        finally:
            state.close()
    except sqlite3.Error as error:
        raise UnreadableArchive(f"{path}: {error}; was it written by another version?") from error
    return known


def add_addresses(found: Difference, datasets: Iterable[Path]) -> None:
    """Add to the reports that a comparison names their addresses, as `url`, where the datasets have them."""
    named = [report for reports in found.named.values() for report in reports]
    wanted = {str(report["source_file"] or report["old_source_file"]).partition("!/")[0] for report in named}
    known: dict[str, str] = {}
    for dataset in datasets:
        if (dataset / "sources.parquet").is_file():
            rows = lines(dataset, "sources", ("source_file", "url"))
            known |= {file: url for file, url in rows if file in wanted}
    for report in named:
        file = str(report["source_file"] or report["old_source_file"]).partition("!/")[0]
        report["url"] = known.get(file)


def find_renamed(old: Path, new: Path) -> Mapping[str, str]:
    """Files of dataset `new` that took the place of a file of `old` at its address: new name → old name.

    Only where the old file is gone, and one file alone took its place.
    """
    if not all((folder / "sources.parquet").is_file() for folder in (old, new)):
        return {}
    columns = ("url", "source_file")
    before: dict[str, str] = dict(lines(old, "sources", columns))
    now = list(lines(new, "sources", columns))
    there = {file for _, file in now}
    heirs: dict[str, set[str]] = {}
    for url, file in now:
        was = before.get(url)
        if was is not None and was != file and was not in there:
            heirs.setdefault(was, set()).add(file)
    return {next(iter(files)): was for was, files in heirs.items() if len(files) == 1}
