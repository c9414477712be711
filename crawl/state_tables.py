"""The tables of state.sqlite, and their lines."""

from __future__ import annotations

from dataclasses import dataclass

#: Another layout is another number; an archive of a later one is left alone.
VERSION = 1

# Times are seconds since 1970, UTC. An address is in `pages` once it was requested, and `held` once its
# content is stored. Its ETag and its links are written in one transaction: a crash between the two could
# leave an ETag, and a later 304 would hide links that were never fetched.
SCHEMA = """
CREATE TABLE pages (
  site TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0,
  etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '', sha256 TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '', found_on TEXT NOT NULL DEFAULT '', report TEXT NOT NULL DEFAULT '',
  asked REAL NOT NULL DEFAULT 0, changed REAL NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '', failed REAL, tries INTEGER NOT NULL DEFAULT 0,
  missing REAL, unlinked REAL,
  PRIMARY KEY (site, url)) WITHOUT ROWID;
CREATE TABLE links (
  site TEXT NOT NULL, page TEXT NOT NULL, position INTEGER NOT NULL,
  leads TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (site, page, position)) WITHOUT ROWID;
CREATE INDEX linked ON links (site, url);
CREATE TABLE documents (
  site TEXT NOT NULL, url TEXT NOT NULL, version INTEGER NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
  suffix TEXT NOT NULL, title TEXT NOT NULL, name TEXT NOT NULL, found_on TEXT NOT NULL, report TEXT NOT NULL,
  words TEXT NOT NULL, first_seen REAL NOT NULL, last_seen REAL NOT NULL, replaced REAL, withdrawn REAL,
  PRIMARY KEY (site, url, version)) WITHOUT ROWID;
CREATE TABLE fetches (
  id INTEGER PRIMARY KEY, night INTEGER NOT NULL, site TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL,
  at REAL NOT NULL, seconds REAL NOT NULL, status INTEGER, reason TEXT NOT NULL, bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL, address TEXT NOT NULL, referrer TEXT NOT NULL, headers TEXT NOT NULL);
CREATE TABLE nights (night INTEGER PRIMARY KEY, started REAL NOT NULL, ended REAL);
CREATE TABLE hosts (
  place TEXT PRIMARY KEY, robots TEXT NOT NULL DEFAULT '', etag TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '', asked REAL NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE sites (site TEXT PRIMARY KEY, completed REAL NOT NULL) WITHOUT ROWID;
"""
# Added to archives of the same layout that do not have it: older programs pass over it.
ADDED = """
CREATE TABLE IF NOT EXISTS turns (site TEXT PRIMARY KEY, begun REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS heads (
  site TEXT NOT NULL, url TEXT NOT NULL, at REAL NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (site, url)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class PageRow:
    """An address that was requested. `missing`: when it was first gone; `unlinked`: since when nothing links to it."""

    url: str
    kind: str
    held: bool = False
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    title: str = ""
    found_on: str = ""
    report: str = ""
    asked: float = 0.0
    reason: str = ""
    message: str = ""
    failed: float | None = None
    tries: int = 0
    missing: float | None = None
    unlinked: float | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A version of a document. `words` is the hash of a web page's text."""

    url: str
    version: int
    sha256: str
    bytes: int
    suffix: str
    title: str
    name: str
    found_on: str
    report: str
    words: str
    first_seen: float
    last_seen: float


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request and its result."""

    site: str
    url: str
    kind: str
    at: float
    seconds: float
    status: int | None
    reason: str
    bytes: int
    sha256: str
    address: str
    referrer: str
    headers: str
