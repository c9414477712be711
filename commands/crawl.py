"""Crawl publishers' sites into an archive of reports. 按站点清单抓取年度报告并存档。"""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

from gongkai import crawl as crawler
from gongkai.commands import Refused
from gongkai.commands.output.screen import clean


def command(
    sites: Annotated[
        Path | None, typer.Argument(help="The table of sites (docs/crawl.md). 站点清单 sites.toml")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Archive to fill. 存档文件夹")] = None,
    attempt: Annotated[
        str | None,
        typer.Option(
            "--try", metavar="URL", help="Ask for one page only and say what would be taken. 试一页"
        ),
    ] = None,
    recheck: Annotated[
        bool, typer.Option("--recheck", help="Ask again for every document held. 复查全部已存文件")
    ] = False,
    warc: Annotated[bool, typer.Option("--warc", help="Keep the answers as WARC too. 另存 WARC")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Also ask this machine and private networks. 允许内网地址")
    ] = False,
    contact: Annotated[str, typer.Option(help="With --try alone: how publishers can reach you.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs. 以 JSON 输出")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> int:
    """Fetch new and changed reports, politely; what is published now lies in ARCHIVE/current."""
    if attempt is None and (sites is None or to is None):
        raise Refused("name sites.toml and --to ARCHIVE, or --try URL", 2)
    if not crawler.available():
        raise Refused("crawling needs Scrapy: pip install 'gongkai[crawl]'", 2)
    if not contact.isascii() or not contact.isprintable():
        raise Refused("--contact goes into a header: an e-mail or web address in ASCII", 2)
    try:
        if attempt is not None:
            found = crawler.preview(
                attempt, sites, contact=contact, allow_private=allow_private, version=_version()
            )
            sys.stdout.write(_as_json(found) if as_json else clean(_tried(found)))
            return 1 if "reason" in found else 0
        assert sites is not None and to is not None
        found = crawler.crawl(
            sites, to, allow_private=allow_private, recheck=recheck, warc=warc, version=_version()
        )
    except (crawler.BadAddress, crawler.BadToml) as error:
        raise Refused(str(error), 2) from error
    except OSError as error:
        raise Refused(str(error), 1) from error
    if as_json:
        sys.stdout.write(_as_json(found))
    if not quiet:
        sys.stderr.write(clean("\n".join(crawler.summary_lines(found, str(to))) + "\n"))
    return 0 if found["ok"] else 1


def _version() -> str:
    try:
        return version("gongkai")
    except PackageNotFoundError:
        return "0"


def _as_json(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


_PARTS = (
    ("taken", "reports, would be taken / 将收录:"),
    ("lists", "lists and further pages, would be followed / 将翻阅:"),
    ("attached", "files of this page, would be taken / 本页附件:"),
    ("left", "looks near, would be left / 不收录:"),
    ("flagged", "on other hosts, would not be asked / 站外链接:"),
)


def _tried(found: dict[str, Any]) -> str:
    """What a page gives, for people."""
    said = [found["url"]]
    if found.get("final", found["url"]) != found["url"]:
        said.append(f"  sent on to {found['final']}")
    if "message" in found:
        said.append(f"  {found.get('reason', 'not a page')}: {found['message']}")
        return "\n".join(said) + "\n"
    said.append(f"  {found['bytes']:,} bytes, {found['charset']}: {found['title']}")
    if found["is_report"]:
        said.append("  the page is a report itself / 本页即为报告")
    for name, heading in _PARTS:
        lines = found[name]
        if lines:
            said += ["", f"{heading} {len(lines)}"]
            said += [f"  {line['title'] or '-'}\n    {line['url']}\n    {line['why']}" for line in lines]
    said += ["", "to paste into sites.toml / 可粘贴到 sites.toml:", "", found["table"].rstrip()]
    return "\n".join(said) + "\n"
