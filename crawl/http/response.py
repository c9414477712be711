"""What came of a request: an answer, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

#: reason → what it means to a reader; the codes are stable
REASONS = {
    "not-found": "404: there is nothing at this address",
    "gone": "410: taken away for good",
    "withdrawn": "gone twice, so it counts as withdrawn",
    "forbidden": "401 or 403: the server gives it to others only",
    "robots": "robots.txt asks crawlers to stay away",
    "robots-unavailable": "robots.txt could not be had, so nothing of the host is asked",
    "busy": "429 or 503, or the host asked to be left alone for longer than we wait",
    "server-error": "another 5xx",
    "http-status": "a status that is no answer to the request",
    "timeout": "the answer took longer than timeout",
    "connection": "no connection, or one that broke",
    "name-unknown": "the name of the host does not resolve",
    "address-private": "the host lies on this machine or in a private network",
    "too-large": "larger than mebibytes, packed or unpacked",
    "truncated": "fewer bytes came than were announced",
    "redirect-loop": "sent on in a circle, or too often",
    "redirect-away": "sent on to a host that is not the site's",
    "bad-redirect": "sent on to no address",
    "host-down": "the host failed several times in a row and is left for this night",
    "not-a-document": "the bytes are no document of a known kind",
    "empty": "an answer without a byte",
    "page-empty": "a page with the title of a report, without its text and without a file",
    "list-empty": "a list without a report on it",
    "too-deep": "a page nested deeper than any page",
    "bug": "an error in Gongkai itself; its traceback is in log.jsonl",
    "not-reached": "the night ended before it was asked",
}


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response with its whole body, unpacked. Names of headers are lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str = ""
    seconds: float = 0.0


class FetchError(Exception):
    """No answer. `temporary` tells whether asking again may help, `after` how many seconds to wait at the least."""

    def __init__(
        self,
        reason: str,
        message: str,
        temporary: bool = False,
        after: float = 0.0,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.temporary = temporary
        self.after = after
        self.status = status


class NightEnded(Exception):
    """The night is over for everyone: "budget", "window" or "stopped"."""


#: asks once, without redirects; raises FetchError
Transport = Callable[[str, Mapping[str, str]], Awaitable[HttpResponse]]
