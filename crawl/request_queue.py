"""The requests of a site that wait for their turn: no order of addresses keeps one from it for ever."""

from __future__ import annotations

import heapq

from gongkai.crawl.page_request import PageRequest


class RequestQueue:
    """Lists and documents, each by the time of their last try: what was never tried comes first."""

    def __init__(self) -> None:
        self._lists: list[tuple[float, int, PageRequest]] = []
        self._documents: list[tuple[float, int, PageRequest]] = []
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._lists or self._documents)

    def put(self, request: PageRequest, last_try: float) -> None:
        """Add a request. `last_try` is when its address was last requested, 0 for never, less for a start page."""
        self._count += 1
        heap = self._lists if request.leads == "list" else self._documents
        heapq.heappush(heap, (last_try, self._count, request))

    def take(self, *, lists_first: bool) -> PageRequest:
        """The next request. Lists come first, unless they have had their share of the site's requests."""
        first, second = self._lists, self._documents
        if not lists_first:
            first, second = second, first
        return heapq.heappop(first or second)[2]
