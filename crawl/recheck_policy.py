"""Whether an address that was requested on an earlier night is due again tonight."""

from __future__ import annotations

from gongkai.crawl.page_request import PageRequest
from gongkai.crawl.site import Manners
from gongkai.crawl.state_tables import PageRow

DAY = 24 * 3600.0
HOUR = 3600.0

#: failures that may be temporary; each night reports them again while they last
TRANSIENT = frozenset(
    {"busy", "server-error", "timeout", "connection", "name-unknown", "truncated", "host-down",
     "robots-unavailable", "not-reached", "undecodable", "bug"}
)  # fmt: skip
#: failures that end when robots.txt or a name changes: trying again costs little or nothing
_CHEAP_TO_ASK = frozenset({"address-private", "redirect-away", "robots"})


class RecheckPolicy:
    """The rules for one site in one night."""

    def __init__(self, manners: Manners, now: float, everything: bool) -> None:
        self._manners = manners
        self._now = now
        self._everything = everything
        self._rechecks = manners.recheck_most

    def is_due(self, request: PageRequest, row: PageRow, held: bool) -> bool:
        """Whether to request it. `held`: the archive has its content."""
        if request.leads == "list" or request.always:
            return True
        return self._is_recheck_due(request, row) if held else self._is_retry_due(row)

    def _is_retry_due(self, row: PageRow) -> bool:
        """A lasting failure is tried again at growing intervals, an interrupted request at once."""
        if not row.reason or row.unlinked is not None or row.failed is None or self._everything:
            return True
        if row.reason in TRANSIENT or row.reason in _CHEAP_TO_ASK:
            return True
        days = min(2.0 ** min(row.tries - 1, 10), self._manners.recheck_days)
        return self._now - row.failed >= days * DAY - HOUR

    def _is_recheck_due(self, request: PageRequest, row: PageRow) -> bool:
        """A stored document is requested again when its title changed, when it was missing once, and at intervals."""
        if self._everything or row.unlinked is not None:
            return True
        if request.title and row.title and request.title != row.title:
            return True
        if row.missing is not None:
            return self.is_confirmed(row)
        if not self.is_old(row) or self._rechecks <= 0:
            return False
        self._rechecks -= 1
        return True

    def is_old(self, row: PageRow) -> bool:
        """Whether the last request is so old that the document may have been replaced."""
        return self._now - row.asked >= self._manners.recheck_days * DAY

    def is_confirmed(self, row: PageRow) -> bool:
        """Whether it was missing long enough ago that a second miss means that it is withdrawn."""
        return row.missing is not None and self._now - row.missing >= self._manners.confirm_hours * HOUR
