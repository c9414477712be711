"""One host: its robots.txt, its pace, and one request at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from gongkai.crawl.http.robots import Robots

#: failed addresses in a row after which robots.txt is requested, to see whether the host answers at all
MOST_FAILURES = 3
#: failed addresses of one kind in a row after which a host that answers gets no more of this kind tonight
MOST_OF_A_KIND = 20


@dataclass(slots=True)
class Host:
    """The state of a host in one night. `ready` and `last` are seconds of the loop's clock."""

    place: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: Robots | None = None
    #: reason and message why the host gets no more requests tonight
    blocked: tuple[str, str] | None = None
    #: seconds between the beginnings of two requests, besides the downloader's own delay
    pace: float = 0.0
    least_pace: float = 0.0
    last: float = -1e9
    ready: float = 0.0
    failures: int = 0
    #: failed addresses in a row by kind (list, page, file) while the host answers others
    silent: Counter[str] = field(default_factory=Counter)

    def wait(self, now: float) -> float:
        """Seconds until the next request may begin."""
        return max(0.0, self.ready - now, self.last + self.pace - now)

    def slow_down(self, least: float, most: float) -> None:
        """The host answered 429: double the delay."""
        self.pace = min(most, max(self.pace, least, 0.1) * 2)

    def speed_up(self) -> None:
        """The host answered: return to the usual pace step by step."""
        self.failures = 0
        self.pace = max(self.least_pace, self.pace * 0.8 if self.pace > 0.1 else 0.0)
