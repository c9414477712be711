"""The state of an archive in SQLite: pages with their links, documents with their versions, all requests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongkai.crawl.state_tables import ADDED, SCHEMA, VERSION, DocumentRow, PageRow, RequestRow
from gongkai.crawl.web_page.listing import Child
from gongkai.run.results.state_folder import find_damage

#: Days for which all requests are stored. After that only those that brought a version of a document stay:
#: lists, robots.txt, failures and unchanged pages are requested again every night.
KEEP_DAYS = 90
#: Seconds after which a version's request was made by another night: its night gives it the time at which it began.
_NIGHT_SECONDS = 86_400.0
_ROW = ", ".join(PageRow.__slots__)
_STORED = ", ".join(DocumentRow.__slots__)


class CrawlState:
    """An open state.sqlite. Raises sqlite3.Error where the disk or another process is in the way."""

    def __init__(self, path: Path, anew: bool = False) -> None:
        """`anew`: it takes the place of one that was damaged."""
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30.0)
        try:
            self._open(path, anew)
        except sqlite3.Error:
            self._db.close()
            raise

    def _open(self, path: Path, anew: bool) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise sqlite3.DatabaseError(
                f"{path}: written by a later Gongkai (layout {version}); update this one"
            )
        if version == 0:
            with self._transaction():
                for statement in SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={VERSION}")
        for statement in ADDED.split(";"):
            self._db.execute(statement)
        wrong = find_damage(self._db, SCHEMA + ADDED)
        if wrong:
            error = sqlite3.DatabaseError(wrong)
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error
        if anew:
            self._db.execute("INSERT INTO turns VALUES ('', 1)")
        #: whether it took the place of one that was damaged: what was published before is then unknown to it
        self.began_anew = self._db.execute("SELECT 1 FROM turns WHERE site = ''").fetchone() is not None

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._db:  # commits, or rolls back what an exception cut short
            self._db.execute("BEGIN IMMEDIATE")
            yield

    # nights

    def begin(self, now: float) -> int:
        """Begin a night: its number. Deletes old requests that brought no document."""
        self._db.execute(
            "DELETE FROM fetches WHERE at < ? AND NOT EXISTS (SELECT 1 FROM documents AS d "
            "WHERE d.site = fetches.site AND d.url = fetches.url AND d.sha256 = fetches.sha256 "
            "AND fetches.at >= d.first_seen AND fetches.at < d.first_seen + ?)",
            (now - KEEP_DAYS * 86_400, _NIGHT_SECONDS),
        )
        return self._db.execute("INSERT INTO nights (started) VALUES (?)", (now,)).lastrowid or 0

    def end(self, night: int, now: float) -> None:
        """Record the end of a night."""
        self._db.execute("UPDATE nights SET ended = ? WHERE night = ?", (now, night))

    def turns(self) -> dict[str, float]:
        """When the last crawl of each site began that sent a request."""
        return dict(self._db.execute("SELECT site, begun FROM turns"))

    def mark_begun(self, site: str, now: float) -> None:
        """Record that a site has its turn."""
        self._db.execute("INSERT OR REPLACE INTO turns VALUES (?, ?)", (site, now))

    def is_complete(self, site: str) -> bool:
        """Whether a site was ever crawled to its end."""
        return self._db.execute("SELECT 1 FROM sites WHERE site = ?", (site,)).fetchone() is not None

    def mark_complete(self, site: str, now: float) -> None:
        """Record that a site was crawled to its end."""
        self._db.execute("INSERT OR REPLACE INTO sites VALUES (?, ?)", (site, now))

    def add_request(self, night: int, fetch: RequestRow) -> None:
        """Record a request."""
        values = (night, *(getattr(fetch, name) for name in RequestRow.__slots__))
        names = ", ".join(("night", *RequestRow.__slots__))
        self._db.execute(f"INSERT INTO fetches ({names}) VALUES ({', '.join('?' * len(values))})", values)

    def heads(self, site: str) -> dict[str, tuple[float, str]]:
        """When the stored addresses of a site were last asked after by HEAD, and why that told nothing, "" where it did."""
        found = self._db.execute("SELECT url, at, reason FROM heads WHERE site = ?", (site,))
        return {url: (at, reason) for url, at, reason in found}

    def store_head(self, site: str, url: str, now: float, reason: str) -> None:
        """Record a request by HEAD."""
        self._db.execute("INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?)", (site, url, now, reason))

    # hosts

    def host(self, place: str) -> tuple[str, str, str, float, float]:
        """(robots.txt, its ETag, its Last-Modified, when it was requested, not before) of a host."""
        found = self._db.execute(
            "SELECT robots, etag, last_modified, asked, not_before FROM hosts WHERE place = ?", (place,)
        ).fetchone()
        return found if found is not None else ("", "", "", 0.0, 0.0)

    def store_robots(self, place: str, text: str, etag: str, last_modified: str, now: float) -> None:
        """Store a host's robots.txt."""
        self._db.execute(
            "INSERT INTO hosts (place, robots, etag, last_modified, asked) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (place) DO UPDATE SET robots = excluded.robots, etag = excluded.etag, "
            "last_modified = excluded.last_modified, asked = excluded.asked",
            (place, text, etag, last_modified, now),
        )

    def leave_host(self, place: str, until: float) -> None:
        """Record that a host wants no requests until then."""
        self._db.execute(
            "INSERT INTO hosts (place, not_before) VALUES (?, ?) "
            "ON CONFLICT (place) DO UPDATE SET not_before = excluded.not_before",
            (place, until),
        )

    # pages

    def page(self, site: str, url: str) -> PageRow | None:
        """The row of an address; None where it was never requested."""
        found = self._db.execute(
            f"SELECT {_ROW} FROM pages WHERE site = ? AND url = ?", (site, url)
        ).fetchone()
        return None if found is None else _row(found)

    def stored_pages(self, site: str) -> list[PageRow]:
        """The rows of the reports' pages and files that a site has in the archive."""
        found = self._db.execute(
            f"SELECT {_ROW} FROM pages WHERE site = ? AND held AND kind != 'list' ORDER BY kind DESC, url",
            (site,),
        )
        return [_row(one) for one in found]

    def children(self, site: str, url: str) -> list[Child]:
        """The links that a page had when it last changed."""
        found = self._db.execute(
            "SELECT leads, url, title, why FROM links WHERE site = ? AND page = ? ORDER BY position",
            (site, url),
        )
        return [Child(*one) for one in found]

    def store_page(
        self, site: str, row: PageRow, children: Sequence[Child], document: DocumentRow | None, now: float
    ) -> tuple[str, list[DocumentRow]]:
        """Store a page with its links and its document in one transaction.

        Gives "new", "replaced" or "same" of the document, "" where there is none; and the documents
        that this page published before and does no longer.
        """
        with self._transaction():
            self._db.execute("DELETE FROM links WHERE site = ? AND page = ?", (site, row.url))
            self._db.executemany(
                "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(site, row.url, i, c.leads, c.url, c.title, c.why) for i, c in enumerate(children)],
            )
            self._store_page_row(site, row, now)
            dropped = self._unlinked_documents(site, row.url)
            own = self.current_document(site, row.url)
            if document is None and own is not None:
                dropped.append(own)
            for file in dropped:
                self._withdraw(site, file.url, "" if file.url == row.url else "withdrawn", now)
            return ("" if document is None else self._store_document(site, document, now)), dropped

    def _store_page_row(self, site: str, row: PageRow, now: float) -> None:
        old = self.page(site, row.url)
        changed = now if old is None or old.sha256 != row.sha256 else 0.0
        self._db.execute(
            f"INSERT INTO pages (site, {_ROW}, changed) VALUES (?{', ?' * len(PageRow.__slots__)}, ?) "
            "ON CONFLICT (site, url) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in PageRow.__slots__ if name != "url")
            + ", changed = CASE WHEN excluded.changed = 0 THEN changed ELSE excluded.changed END",
            (site, *(getattr(row, name) for name in PageRow.__slots__), changed),
        )

    def _unlinked_documents(self, site: str, page: str) -> list[DocumentRow]:
        """Documents that were files of a page, which links to them no more, nor does any other."""
        found = self._db.execute(
            f"SELECT {_STORED} FROM documents AS d WHERE site = ? AND found_on = ? AND report != url "
            "AND replaced IS NULL AND withdrawn IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM links WHERE links.site = d.site AND links.url = d.url AND links.leads != 'none')",
            (site, page),
        )
        return [DocumentRow(*one) for one in found]

    def mark_unchanged(self, site: str, url: str, title: str, now: float) -> None:
        """Record that the server sent 304. `title` is the title of the link that leads to it now."""
        with self._transaction():
            self._db.execute(
                "UPDATE pages SET asked = ?, title = ?, reason = '', message = '', failed = NULL, tries = 0, "
                "missing = NULL, unlinked = NULL WHERE site = ? AND url = ?",
                (now, title, site, url),
            )
            self._mark_seen(site, url, now)

    def mark_linked(self, site: str, url: str, now: float) -> None:
        """Record that a stored page is still linked; nothing was requested."""
        self._db.execute(
            "UPDATE pages SET unlinked = NULL WHERE site = ? AND url = ? AND unlinked IS NOT NULL",
            (site, url),
        )
        self._mark_seen(site, url, now)

    def _mark_seen(self, site: str, url: str, now: float) -> None:
        self._db.execute(
            "UPDATE documents SET last_seen = ? WHERE site = ? AND url = ? AND replaced IS NULL AND withdrawn IS NULL",
            (now, site, url),
        )

    def mark_unlinked(self, site: str, url: str, now: float) -> None:
        """Record that no page of the site links to it any more."""
        self._db.execute("UPDATE pages SET unlinked = ? WHERE site = ? AND url = ?", (now, site, url))

    def add_failure(self, site: str, row: PageRow) -> None:
        """Record a failed request; stored content stays. Without `failed` none was sent: its last try is as it was."""
        self._db.execute(
            "INSERT INTO pages (site, url, kind, title, found_on, report, reason, message, failed, tries) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (site, url) DO UPDATE SET reason = excluded.reason, "
            "message = excluded.message, failed = coalesce(excluded.failed, failed), "
            "tries = tries + (excluded.failed IS NOT NULL), unlinked = NULL",
            (
                site,
                row.url,
                row.kind,
                row.title,
                row.found_on,
                row.report,
                row.reason,
                row.message,
                row.failed,
            ),
        )

    def mark_missing(self, site: str, url: str, now: float) -> None:
        """Record that it was missing; a second miss withdraws it."""
        self._db.execute("UPDATE pages SET missing = ? WHERE site = ? AND url = ?", (now, site, url))

    def withdraw(self, site: str, url: str, reason: str, now: float) -> bool:
        """Withdraw an address; whether it was a document."""
        with self._transaction():
            return self._withdraw(site, url, reason, now)

    def _withdraw(self, site: str, url: str, reason: str, now: float) -> bool:
        """Without a reason only the document on the page is withdrawn."""
        if reason:
            self._db.execute(
                "UPDATE pages SET held = 0, etag = '', last_modified = '', reason = ?, failed = ?, tries = 1, "
                "missing = NULL WHERE site = ? AND url = ?",
                (reason, now, site, url),
            )
        changed = self._db.execute(
            "UPDATE documents SET withdrawn = ? WHERE site = ? AND url = ? AND replaced IS NULL AND withdrawn IS NULL",
            (now, site, url),
        )
        return changed.rowcount > 0

    # documents

    def _store_document(self, site: str, document: DocumentRow, now: float) -> str:
        old = self.current_document(site, document.url)
        same = old is not None and (
            old.sha256 == document.sha256 or (old.words != "" and old.words == document.words)
        )
        if same:
            self._mark_seen(site, document.url, now)
            return "same"
        last = self._db.execute(
            "SELECT max(version) FROM documents WHERE site = ? AND url = ?", (site, document.url)
        ).fetchone()[0]
        self._db.execute(
            "UPDATE documents SET replaced = ? WHERE site = ? AND url = ? AND replaced IS NULL AND withdrawn IS NULL",
            (now, site, document.url),
        )
        values: list[Any] = [getattr(document, name) for name in DocumentRow.__slots__]
        values[1] = (last or 0) + 1
        self._db.execute(
            f"INSERT INTO documents (site, {_STORED}) VALUES (?{', ?' * len(values)})", (site, *values)
        )
        return "new" if old is None else "replaced"

    def current_document(self, site: str, url: str) -> DocumentRow | None:
        """The version of a document that is published now."""
        found = self._db.execute(
            f"SELECT {_STORED} FROM documents WHERE site = ? AND url = ? AND replaced IS NULL AND withdrawn IS NULL",
            (site, url),
        ).fetchone()
        return None if found is None else DocumentRow(*found)

    def current_documents(self, site: str) -> list[DocumentRow]:
        """The documents that a site publishes now, in the order in which they were first seen."""
        found: Iterable[Any] = self._db.execute(
            f"SELECT {_STORED} FROM documents WHERE site = ? AND replaced IS NULL AND withdrawn IS NULL "
            "ORDER BY first_seen, url",
            (site,),
        )
        return [DocumentRow(*one) for one in found]


def _row(found: Sequence[Any]) -> PageRow:
    values = list(found)
    values[2] = bool(values[2])
    return PageRow(*values)
