"""One address of a site to ask in a night."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.crawl.web_page.listing import Leads


@dataclass(frozen=True, slots=True)
class PageRequest:
    """An address to ask. `report` is the link of the report that it belongs to; `depth` counts lists."""

    leads: Leads
    url: str
    title: str = ""
    found_on: str = ""
    report: str = ""
    depth: int = 0
    #: a further page of a list, not a list of its own
    further: bool = False
    #: asked whatever is held: a start page, or because its title changed
    always: bool = False
