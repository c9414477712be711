"""A simulated country of sites on this machine → pages a second, memory, and what an unchanged night asks.

    python bench/nightly.py                 # 3,000 sites, some 30,000 requests, a few minutes
    python bench/nightly.py --sites 60      # a look, some seconds

Every site has an address of its own in 127.0.0.0/8, so that each is a host of its own as in the
country: one request at a time, a robots.txt, a list page, reports as pages with a file and as files.
Linux only: elsewhere 127.0.0.1 is the only address of that range. The server listens on the loopback
device alone.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import multiprocessing
import resource
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from gongkai import crawl

TITLE = "第{}号机关{}年政府信息公开工作年度报告"
#: bytes of a report's file
FILE_BYTES = 40_000


def body(site: int, path: str, reports: int) -> bytes | None:
    """What a site serves; None is a 404."""
    if path == "/nb/":
        links = "".join(
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


class Server(asyncio.Protocol):
    """HTTP as far as it is needed here. The site is the address that was connected to."""

    reports = 0

    def connection_made(self, transport: Any) -> None:
        """Remember which site was asked."""
        self.transport = transport
        a, b = transport.get_extra_info("sockname")[0].split(".")[2:]
        self.site = int(a) * 250 + int(b)

    def data_received(self, data: bytes) -> None:
        """Answer a request; conditional ones by ETag."""
        head = data.decode("latin-1")
        found = body(self.site, head.split(" ", 2)[1], self.reports)
        if found is None:
            self.transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        tag = hashlib.md5(found, usedforsecurity=False).hexdigest()
        if tag in head:
            self.transport.write(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n")
            return
        start = f'HTTP/1.1 200 OK\r\nETag: "{tag}"\r\nContent-Length: {len(found)}\r\n\r\n'
        self.transport.write(start.encode() + found)


def serve(reports: int, ports: Any) -> None:
    """Serve all sites until killed."""
    Server.reports = reports
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
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    if not sys.platform.startswith("linux"):
        sys.exit("bench/nightly.py: needs the many loopback addresses that Linux has")
    ports: Any = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(chosen.reports, ports), daemon=True)
    server.start()
    folder = Path(tempfile.mkdtemp(prefix="gongkai-nightly-"))
    try:
        table(folder / "sites.toml", chosen.sites, ports.get(timeout=30))
        nights = [night(name, folder) for name in ("first", "unchanged")]
    finally:
        server.kill()
        shutil.rmtree(folder)
    if chosen.json:
        print(json.dumps(nights, indent=1))
        return
    print(f"{chosen.sites:,} sites of {chosen.reports} reports\n")
    print("| night | requests | of lists | for documents | robots.txt | requests a second | seconds | MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for one in nights:
        print(
            "| "
            + " | ".join(f"{value:,}" if isinstance(value, int) else str(value) for value in one.values())
            + " |"
        )


def table(path: Path, sites: int, port: int) -> None:
    """sites.toml of the country, without delays: the machine is measured, not politeness."""
    lines = ['[crawl]\ncontact = "bench@example.com"\ndelay = 0.0\nsites_at_once = 64\nbudget = 1000000\n']
    for site in range(1, sites + 1):
        address = f"127.1.{site // 250}.{site % 250}"
        lines.append(
            f'[[site]]\nid = "s{site}"\nbody = "第{site}号机关"\nstart = ["http://{address}:{port}/nb/"]\n'
        )
    path.write_text("\n".join(lines), "utf-8")


def night(name: str, folder: Path) -> dict[str, Any]:
    """One crawl, measured."""
    begun = time.monotonic()
    found = crawl.crawl(folder / "sites.toml", folder / "archive", allow_private=True)
    seconds = time.monotonic() - begun
    if not found["ok"]:
        sys.exit(f"the {name} night went wrong: {found['totals']}")
    kinds = found["requests_by_kind"]
    return {
        "night": name,
        "requests": found["requests"],
        "lists": kinds.get("list", 0),
        "documents": kinds.get("page", 0) + kinds.get("file", 0),
        "robots": kinds.get("robots", 0),
        "rate": round(found["requests"] / seconds),
        "seconds": round(seconds),
        "mebibytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
