"""What `gongkai crawl` does to an archive, from a plan instead of the web: python fake_crawl.py PLAN ARCHIVE."""

import hashlib
import json
import os
import sqlite3
import sys
import time
from pathlib import Path

_DOCUMENTS = (
    "create table if not exists documents (site, url, sha256, bytes, suffix, found_on, title, first_seen, "
    "replaced, withdrawn, primary key (site, url, sha256))"
)
_LINKS = "create table if not exists links (site, page, position, leads, url, title, why, primary key (site, page, position))"
_NOW = "select url, sha256, suffix, title from documents where site = ? and replaced is null and withdrawn is null"


def main(plan: Path, archive: Path) -> int:
    """The plan: sites (id → url → text), and what happens: "pause" seconds, "end" after a site, "code"."""
    told = json.loads(plan.read_text("utf-8"))
    (archive / "objects").mkdir(parents=True, exist_ok=True)
    state = sqlite3.connect(archive / "state.sqlite")
    state.execute("pragma journal_mode = wal")
    state.execute(_DOCUMENTS)
    state.execute(_LINKS)
    sites = []
    for site, documents in told["sites"].items():
        with state:
            fetch(state, archive, site, documents)
        publish(state, archive, site)
        sites.append({"site": site, "ok": True, "complete": True, "least": 0, "failed": 0})
        time.sleep(told.get("pause", 0))
        if told.get("end") == site:
            print(f"the line broke after {site}", file=sys.stderr)
            return int(told["code"])
    sites = [site | told.get("said", {}).get(site["site"], {}) for site in sites]
    half = archive / "crawl.half"
    half.write_text(json.dumps({"sites": sites, "totals": {"sites": len(sites)}}), "utf-8")
    half.replace(archive / "crawl.json")
    return int(told.get("code", 0))


def fetch(state: sqlite3.Connection, archive: Path, site: str, documents: dict[str, str]) -> None:
    """What is new, replaced and withdrawn."""
    for url, text in documents.items():
        data = text.encode()
        sha256 = hashlib.sha256(data).hexdigest()
        (archive / "objects" / sha256).write_bytes(data)
        state.execute(
            "update documents set replaced = 2 where site = ? and url = ? and sha256 <> ?",
            (site, url, sha256),
        )
        row = (site, url, sha256, len(data), ".docx", f"{url}/..", url.rpartition("/")[2], 86400.0)
        state.execute("insert or ignore into documents values (?,?,?,?,?,?,?,?,null,null)", row)
        link = (site, f"{url}/..", 0, "page", url, f"link of {url}", "")
        state.execute("insert or ignore into links values (?,?,?,?,?,?,?)", link)
    marks = ",".join("?" * len(documents))
    gone = f"update documents set withdrawn = 3 where site = ? and url not in ({marks})"
    state.execute(gone, (site, *documents))


def publish(state: sqlite3.Connection, archive: Path, site: str) -> None:
    """current/SITE as the state has it."""
    folder = archive / "current" / site
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {f"{title}-{sha[:8]}{suffix}": sha for _, sha, suffix, title in state.execute(_NOW, (site,))}
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, sha in wanted.items():
        if not (folder / name).exists():
            os.link(archive / "objects" / sha, folder / name)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
