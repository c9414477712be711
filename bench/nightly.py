"""A simulated country of sites on this machine → pages a second, memory, and what an unchanged night asks.

    python bench/nightly.py                 # 3,000 sites, some 30,000 requests, a few minutes
    python bench/nightly.py --sites 60      # a look, some seconds
    python bench/nightly.py --faults        # one site in twenty has broken answers; three nights

With --faults the broken sites answer in turn with a body whose compression is broken or cut off, an encoding that no
browser knows, half a character in JSON, a connection that is closed for three reports at the top of the list, endless redirects, a page nested
without end, noise. Every healthy address of every site must be fetched in the first night, and nothing may be starved in three.

Every site has an address of its own in 127.0.0.0/8, so that each is a host of its own as in the
country: one request at a time, a robots.txt, a list page, reports as pages with a file and as files.
Linux only: elsewhere 127.0.0.1 is the only address of that range. The server listens on the loopback
device alone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import hashlib
import json
import multiprocessing
import resource
import shutil
import socket
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from gongkai import crawl

#: one site in so many is broken, with --faults
BROKEN = 20
TITLE = "第{}号机关{}年政府信息公开工作年度报告"
#: bytes of a report's file
FILE_BYTES = 40_000


def body(site: int, path: str, reports: int, faults: bool = False) -> bytes | None:
    """What a site serves; None is a 404. A broken one has four broken addresses at the top of its list."""
    if path == "/nb/":
        first = range(4) if faults and site % BROKEN == 0 else ()
        bad = "".join(f'<li><a href="bad{n}.pdf">{TITLE.format(site, 2000 + n)}</a></li>' for n in first)
        if first and site // BROKEN % 10 == 9:
            bad += f'<script>var rows = [{{"title": "{TITLE.format(site, 2005)}\\ud800", "url": "/nb/x\\udfff.pdf"}}]</script>'
        links = bad + "".join(
            f'<li><a href="{year}.{"html" if year % 2 else "pdf"}">{TITLE.format(site, year)}</a></li>'
            for year in range(2024 - reports, 2024)
        )
        return f"<html><title>年报</title><ul>{links}</ul>{'<p>导航</p>' * 200}</html>".encode()
    name, _, ending = path.removeprefix("/nb/").partition(".")
    if not name.isdigit():
        return None
    if ending == "html":
        return f'<h1>{TITLE.format(site, name)}</h1><a href="{name}.docx.pdf">附件</a>{"<p>文</p>" * 500}'.encode()
    return b"%PDF-1.4\n" + f"{site} {path}\n".encode() * (FILE_BYTES // len(f"{site} {path}\n"))


def fault(site: int, path: str) -> bytes | None:
    """The whole answer, head included, of a broken site at a broken address; None where it is sound."""
    if site % BROKEN or path in ("/nb/", "/robots.txt", "/nb/list.json"):
        return None
    bad = {
        "br": b"\xff" * 40,
        "deflate": b"\xff" * 40,
        "zstd": b"\x28\xb5\x2f\xfd" + b"\xff" * 40,
        "gzip": gzip.compress(b"%PDF-1.4\n" * 3_000)[:-30],
    }
    kind = site // BROKEN % 10
    if "bad" not in path:
        return None
    if kind < 4:
        name, packed = list(bad.items())[kind]
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {name}\r\nContent-Length: {len(packed)}\r\n\r\n"
        return head.encode() + packed
    page = {
        4: b"<meta charset=undefined>\xff\xfe\xd8" + b"x" * 50,
        5: b"<html>" + b"<div></b>" * 50_000,
        6: b"\x00\x01\x02",
    }.get(kind)
    if page is not None:
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page
    if kind == 7:
        return f"HTTP/1.1 302 Found\r\nLocation: {path}x\r\nContent-Length: 0\r\n\r\n".encode()
    return b""  # the connection is closed


def healthy(site: int, reports: int) -> set[str]:
    """The addresses of reports that a site serves well."""
    names = {f"/nb/{year}.{'html' if year % 2 else 'pdf'}" for year in range(2024 - reports, 2024)}
    return names | {f"/nb/{year}.docx.pdf" for year in range(2024 - reports, 2024) if year % 2}


class Server(asyncio.Protocol):
    """HTTP as far as it is needed here. The site is the address that was connected to."""

    reports = 0
    faults = False

    def connection_made(self, transport: Any) -> None:
        """Remember which site was asked."""
        self.transport = transport
        a, b = transport.get_extra_info("sockname")[0].split(".")[2:]
        self.site = int(a) * 250 + int(b)

    def data_received(self, data: bytes) -> None:
        """Answer a request; conditional ones by ETag, and HEAD without the body."""
        head = data.decode("latin-1")
        method, path = head.split(" ", 2)[:2]
        wrong = fault(self.site, path) if self.faults else None
        if wrong is not None:
            self.transport.write(wrong) if wrong else self.transport.abort()
            return
        found = body(self.site, path, self.reports, self.faults)
        if found is None:
            self.transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        tag = hashlib.md5(found, usedforsecurity=False).hexdigest()
        if tag in head:
            self.transport.write(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n")
            return
        start = f'HTTP/1.1 200 OK\r\nETag: "{tag}"\r\nContent-Length: {len(found)}\r\n\r\n'
        self.transport.write(start.encode() + (b"" if method == "HEAD" else found))


def serve(reports: int, faults: bool, ports: Any) -> None:
    """Serve all sites until killed."""
    Server.reports, Server.faults = reports, faults
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    listener.bind(("0.0.0.0", 0))  # every address of the loopback device, and of no other

    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(Server, sock=listener, backlog=1024)
        ports.put(listener.getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


def main() -> None:
    """Two nights, the second with nothing new."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--sites", type=int, default=3_000)
    options.add_argument(
        "--reports", type=int, default=4, help="reports of a site, half of them pages with a file"
    )
    options.add_argument("--faults", action="store_true", help="one site in twenty has broken answers")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    if not sys.platform.startswith("linux"):
        sys.exit("bench/nightly.py: needs the many loopback addresses that Linux has")
    ports: Any = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(chosen.reports, chosen.faults, ports), daemon=True)
    server.start()
    folder = Path(tempfile.mkdtemp(prefix="gongkai-nightly-"))
    try:
        table(folder / "sites.toml", chosen.sites, ports.get(timeout=30))
        names = ("first", "second", "third") if chosen.faults else ("first", "unchanged")
        nights = []
        for name in names:
            nights.append(night(name, folder, faults=chosen.faults))
            if chosen.faults:
                nights[-1] |= missing(folder / "archive", chosen.sites, chosen.reports)
    finally:
        server.kill()
        shutil.rmtree(folder)
    if chosen.json:
        print(json.dumps(nights, indent=1))
        return
    print(f"{chosen.sites:,} sites of {chosen.reports} reports\n")
    starved = any(one.get("lost") for one in nights)
    more = " healthy addresses | not fetched | of sites |" if chosen.faults else ""
    print(
        f"| night | requests | of lists | for documents | by HEAD | robots.txt | requests a second | seconds | MiB |{more}"
    )
    print(
        f"| --- | --- | --- | --- | --- | --- | --- | --- | --- |{' --- | --- | --- |' if chosen.faults else ''}"
    )
    for one in nights:
        print(
            "| "
            + " | ".join(f"{value:,}" if isinstance(value, int) else str(value) for value in one.values())
            + " |"
        )
    if starved:
        sys.exit(1)


def missing(archive: Path, sites: int, reports: int) -> dict[str, int]:
    """How many healthy addresses there are, how many were never fetched, and of how many sites."""
    with contextlib.closing(sqlite3.connect(archive / "state.sqlite")) as state:
        rows = state.execute("SELECT site, url FROM pages WHERE held AND kind != 'list'").fetchall()
    have: dict[str, set[str]] = {}
    for site, url in rows:
        have.setdefault(site, set()).add("/" + url.split("/", 3)[3])
    lost = [len(healthy(site, reports) - have.get(f"s{site}", set())) for site in range(1, sites + 1)]
    return {"healthy": sites * len(healthy(1, reports)), "lost": sum(lost), "of": sum(map(bool, lost))}


def table(path: Path, sites: int, port: int) -> None:
    """sites.toml of the country, without delays: the machine is measured, not politeness."""
    lines = [
        '[crawl]\ncontact = "bench@example.com"\ndelay = 0.0\nbackoff = 0.05\nsites_at_once = 64\nbudget = 1000000\n'
    ]
    for site in range(1, sites + 1):
        address = f"127.1.{site // 250}.{site % 250}"
        lines.append(
            f'[[site]]\nid = "s{site}"\nbody = "第{site}号机关"\nstart = ["http://{address}:{port}/nb/"]\n'
        )
    path.write_text("\n".join(lines), "utf-8")


def night(name: str, folder: Path, *, faults: bool = False) -> dict[str, Any]:
    """One crawl, measured."""
    begun = time.monotonic()
    found = crawl.crawl(folder / "sites.toml", folder / "archive", allow_private=True)
    seconds = time.monotonic() - begun
    if not found["ok"] and not faults:
        sys.exit(f"the {name} night went wrong: {found['totals']}")
    kinds = found["requests_by_kind"]
    return {
        "night": name,
        "requests": found["requests"],
        "lists": kinds.get("list", 0),
        "documents": kinds.get("page", 0) + kinds.get("file", 0),
        "heads": kinds.get("head", 0),
        "robots": kinds.get("robots", 0),
        "rate": round(found["requests"] / seconds),
        "seconds": round(seconds),
        "mebibytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
