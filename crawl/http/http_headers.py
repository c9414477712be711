"""Status and headers of a response → a response or a FetchError; and the headers of a conditional request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from gongkai.crawl.http.response import FetchError, HttpResponse

#: longest Retry-After in seconds, two days: a typing error in it must not block a host for ever
LONGEST_AWAY = 2 * 24 * 3600.0
REDIRECTS = (301, 302, 303, 307, 308)
_HEAL = (408, 425, 429, 500, 502, 503, 504)


def conditional_headers(etag: str, modified: str) -> dict[str, str]:
    """The headers of a conditional request."""
    headers = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in headers.items() if value}


def is_conditional(headers: Mapping[str, str]) -> bool:
    """Whether a request with these headers may be answered by 304."""
    return "If-None-Match" in headers or "If-Modified-Since" in headers


def check_status(response: HttpResponse, may_be_unchanged: bool) -> HttpResponse:
    """The response, where its status is usable. Raises FetchError."""
    status = response.status
    if status == 200 or status in REDIRECTS or (status == 304 and may_be_unchanged):
        return response
    after = retry_after(response.headers.get("retry-after", ""), datetime.now(UTC))
    if status in (404, 410):
        raise FetchError("not-found" if status == 404 else "gone", f"status {status}", status=status)
    if status in (401, 403):
        raise FetchError("forbidden", f"status {status}", status=status)
    if status in (429, 503):
        raise FetchError("busy", f"status {status}", True, after, status)
    if status >= 500:
        raise FetchError("server-error", f"status {status}", status in _HEAL, after, status)
    raise FetchError("http-status", f"status {status}", status in _HEAL, after, status)


def retry_after(text: str, now: datetime) -> float:
    """Seconds that a Retry-After asks to wait: a number of them, or a date; 0 where it says neither.

    >>> retry_after("120", datetime.now(UTC))
    120.0
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_AWAY)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return 0.0
    when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return min(max(0.0, (when - now).total_seconds()), LONGEST_AWAY)
