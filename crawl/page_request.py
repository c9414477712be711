"""One address of a site to request in a night."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.crawl.web_page.listing import Leads


@dataclass(frozen=True, slots=True)
class PageRequest:
    """An address to request. `report` is the address of the report that it belongs to; `depth` counts lists."""

    leads: Leads
    url: str
    title: str = ""
    found_on: str = ""
    report: str = ""
    depth: int = 0
    #: a further page of a list, not a list of its own
    further: bool = False
    #: requested whatever the archive has: a start page, or a document that no list names any more
    always: bool = False
