"""robots.txt → which addresses may be requested, and how slowly (RFC 9309)."""

from __future__ import annotations

from protego import Protego

#: our name in robots.txt
AGENT = "Gongkai"
#: RFC 9309: a copy older than a day is requested again.
FRESH_SECONDS = 24 * 3600.0
#: RFC 9309: at least 500 KiB are read.
LONGEST = 512 * 1024


class Robots:
    """The rules of one host."""

    def __init__(self, text: str) -> None:
        self._rules = Protego.parse(text[:LONGEST])

    def allows(self, url: str) -> bool:
        """Whether the crawler may request an address."""
        return bool(self._rules.can_fetch(url, AGENT))

    def delay(self) -> float:
        """The Crawl-delay in seconds; 0 where there is none."""
        return float(self._rules.crawl_delay(AGENT) or 0.0)
