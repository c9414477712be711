"""robots.txt → what may be asked, and how slowly (RFC 9309)."""

from __future__ import annotations

from protego import Protego

#: the name by which publishers can address us there
AGENT = "Gongkai"
#: RFC 9309: a copy older than a day is asked for again.
FRESH_SECONDS = 24 * 3600.0
#: RFC 9309: at least 500 KiB are read.
LONGEST = 512 * 1024


class Robots:
    """The rules of one host."""

    def __init__(self, text: str) -> None:
        self._rules = Protego.parse(text[:LONGEST])

    def allows(self, url: str) -> bool:
        """Whether we may ask for an address."""
        return bool(self._rules.can_fetch(url, AGENT))

    def delay(self) -> float:
        """Seconds between two requests that the host asks for; 0 where it says nothing."""
        return float(self._rules.crawl_delay(AGENT) or 0.0)
