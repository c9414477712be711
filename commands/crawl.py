"""Crawl publishers' sites into an archive of reports. 按站点清单抓取年度报告并存档。"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

from gongkai import crawl as crawler
from gongkai.commands import BUG, Refused
from gongkai.commands.output.install_hint import install_hint
from gongkai.commands.output.language import say, translate, translate_lines
from gongkai.commands.output.screen import clean, write, write_json

#: The exit code of a crawl that did not begin or did not reach its end; the archive is as it was, or has more.
STAYED = 3


def command(
    sites: Annotated[Path | None, typer.Argument(help="The table of sites (docs/crawl.md).")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Archive to fill.")] = None,
    attempt: Annotated[
        str | None,
        typer.Option(
            "--try",
            metavar="URL",
            help="Fetch one page, and the first reports that it links to, and show what would be taken.",
        ),
    ] = None,
    recheck: Annotated[bool, typer.Option("--recheck", help="Request every stored document again.")] = False,
    warc: Annotated[bool, typer.Option("--warc", help="Store the responses as WARC too.")] = False,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Allow addresses of this machine and of private networks."),
    ] = False,
    contact: Annotated[str, typer.Option(help="With --try alone: how publishers can reach you.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> int:
    """Fetch new and changed reports, politely; what is published now lies in ARCHIVE/current.

    0: fine. 1: some sites want a look. 2: wrong usage. 3: not begun, or not ended. 4: a bug, or a damaged state.
    """
    if attempt is None and (sites is None or to is None):
        raise Refused("name sites.toml and --to ARCHIVE, or --try URL", 2)
    if not crawler.available():
        raise Refused(f"crawling needs Scrapy: {install_hint('crawl')}", 2)
    if not contact.isascii() or not contact.isprintable():
        raise Refused("--contact goes into a header: an e-mail or web address in ASCII", 2)
    try:
        if attempt is not None:
            return _try_page(attempt, sites, contact, allow_private, as_json)
        assert sites is not None and to is not None
        result = crawler.crawl(
            sites, to, allow_private=allow_private, recheck=recheck, warc=warc, version=_version()
        )
    except (crawler.BadAddress, crawler.BadToml) as error:
        raise Refused(str(error), 2) from error
    except crawler.CrawlError as error:
        raise Refused(str(error), BUG if error.bug else STAYED) from error
    except OSError as error:
        raise Refused(str(error), STAYED) from error
    _write(result, to, as_json, quiet)
    if result["damage"] or any("bug" in site["reasons"] for site in result["sites"]):
        return BUG
    return 0 if result["ok"] else 1


def _try_page(url: str, sites: Path | None, contact: str, allow_private: bool, as_json: bool) -> int:
    """Fetch one page and write what the crawl would take from it; 1 where it cannot be fetched."""
    page = crawler.preview(url, sites, contact=contact, allow_private=allow_private, version=_version())
    if as_json:
        write_json(page)
    else:
        write(_describe_page(page))
    return 1 if "reason" in page else 0


def _write(result: dict[str, Any], to: Path, as_json: bool, quiet: bool) -> None:
    """The counts as JSON to standard output, the summary to standard error."""
    if as_json:
        write_json(result)
    if not quiet:
        sys.stderr.write(clean(translate_lines("\n".join(crawler.summary_lines(result, str(to))))) + "\n")


def _version() -> str:
    try:
        return version("gongkai")
    except PackageNotFoundError:
        return "0"


_PARTS = (
    ("taken", "reports, would be taken:"),
    ("lists", "lists and further pages, would be followed:"),
    ("attached", "files of this page, would be taken:"),
    ("left", "looks near, would be left:"),
    ("flagged", "on other hosts, would not be requested:"),
)


def _describe_page(page: dict[str, Any]) -> str:
    """What the crawl would take from one page, for people."""
    lines = [page["url"]]
    if page.get("final", page["url"]) != page["url"]:
        lines.append("  " + say("sent on to {url}", url=page["final"]))
    if "message" in page:
        lines.append(f"  {page.get('reason', say('not a page'))}: {translate(page['message'])}")
        return "\n".join(lines) + "\n"
    size = say("{n} bytes", n=f"{page['bytes']:,}")
    lines.append(f"  {size}, {page['charset']}: {page['title']}")
    if page["is_report"]:
        lines.append("  " + say("the page is a report itself"))
    for name, heading in _PARTS:
        links = page[name]
        if links:
            lines += ["", f"{say(heading)} {len(links)}"]
            lines += [
                f"  {link['title'] or '-'}\n    {link['url']}\n    {link['why']}"
                + (f"\n    → {link['found']}" if "found" in link else "")
                for link in links
            ]
    lines += ["", say("to paste into sites.toml:"), "", page["table"].rstrip()]
    return "\n".join(lines) + "\n"
