"""The result of a request: a response, or an error with its reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

#: reason → what it means to a reader; the codes are stable
REASONS = {
    "not-found": "404: there is nothing at this address",
    "gone": "410: taken away for good",
    "withdrawn": "gone twice, so it counts as withdrawn",
    "forbidden": "401 or 403: the server does not give it to us",
    "robots": "robots.txt asks crawlers to stay away",
    "robots-unavailable": "robots.txt could not be fetched, so the host gets no requests",
    "busy": "429 or 503, or a Retry-After longer than we wait",
    "server-error": "another 5xx",
    "http-status": "another status that is no success",
    "timeout": "the answer took longer than timeout",
    "connection": "no connection, or one that broke",
    "name-unknown": "the name of the host does not resolve",
    "address-private": "the host lies on this machine or in a private network",
    "too-large": "larger than mebibytes, compressed or decompressed",
    "truncated": "fewer bytes came than the header announced",
    "redirect-loop": "redirected in a circle, or too often",
    "redirect-away": "redirected to a host that is not the site's",
    "bad-redirect": "redirected to no web address",
    "undecodable": "a body whose compression is broken, also when it was requested without any",
    "host-down": "addresses of several kinds could not be connected to: no more requests tonight",
    "not-a-document": "the bytes are no document of a known kind",
    "empty": "an empty response",
    "page-empty": "a page with the title of a report, without its text and without a file",
    "list-empty": "a list without a report on it",
    "too-deep": "a page nests tags deeper than any real page",
    "no-validators": "HEAD gave neither ETag nor Last-Modified: a replaced file may look the same",
    "head-refused": "the server does not know HEAD",
    "bug": "an error in Gongkai itself; its traceback is in log.jsonl",
    "not-reached": "not requested tonight; the next night begins with it",
}


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response with its whole body, decompressed. Header names are lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str = ""
    seconds: float = 0.0


class FetchError(Exception):
    """A request without a usable response. `temporary`: a retry may help; `after`: seconds to wait at least.

    `tried` is false where the address itself got no request, because its host gets none tonight.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        temporary: bool = False,
        after: float = 0.0,
        status: int | None = None,
        tried: bool = True,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.temporary = temporary
        self.after = after
        self.status = status
        self.tried = tried


class NightEnded(Exception):
    """The night is over for all sites: "budget", "window" or "stopped"."""


#: sends one request (address, headers, method), without redirects; raises FetchError
Transport = Callable[[str, Mapping[str, str], str], Awaitable[HttpResponse]]
