"""Requests of others are turned away before they reach the desk: by host, origin, token and length."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: hosts that only this machine reaches
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
#: bytes of a request's body: what people type is short
LONGEST_BODY = 64 * 1024

#: What a page may do: use our own style, scripts and pictures, and ask the server. No form, no frame, nothing of others.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_CHANGES = ("POST", "PUT", "DELETE", "PATCH")


@dataclass(frozen=True, slots=True)
class Keys:
    """What a request must show. `hosts` are the names that the server answers to, None for any, where `token` is asked
    for; `csrf` is in each page that we made and must come back with what changes anything."""

    hosts: frozenset[str] | None
    token: str | None
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))


def keys_for(host: str, port: int) -> Keys:
    """The keys of a server: on this machine alone it knows its names, for others it asks for a token."""
    if host in LOOPBACK:
        return Keys(frozenset(f"{name}:{port}" for name in LOOPBACK[:3]), None)
    return Keys(None, secrets.token_urlsafe(24))


class RequestGuard:
    """Turns away what does not come from our own pages, and says in each answer what a page may do."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app, self._keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        answer = self._refusal(scope)
        await (answer or self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        """Why a request is turned away, None where it is not."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._keys.hosts is not None and host not in self._keys.hosts:
            return _refuse("this server does not answer to that name", 421)
        if self._keys.token is not None:
            refused = self._ask_token(scope, self._keys.token)
            if refused is not None:
                return refused
        if scope["method"] in _CHANGES:
            return self._refuse_change(headers, host)
        return None if scope["method"] in ("GET", "HEAD") else _refuse("no such method", 405)

    def _ask_token(self, scope: Scope, token: str) -> Response | None:
        connection = HTTPConnection(scope)
        given = connection.query_params.get("token", "")
        if given and _same(given, token):
            answer = RedirectResponse(connection.url.path, 303)
            answer.set_cookie("gongkai_token", token, httponly=True, samesite="strict")
            return answer
        if _same(connection.cookies.get("gongkai_token", ""), token):
            return None
        return _refuse("open the address that the server wrote when it started: it has the token", 401)

    def _refuse_change(self, headers: Headers, host: str) -> Response | None:
        """Only a page of ours changes anything: its origin, its token, and JSON, which no form of a page can send."""
        if headers.get("origin") != f"http://{host}":
            return _refuse("the request comes from another page", 403)
        if not _same(headers.get("x-csrf-token", ""), self._keys.csrf):
            return _refuse("the page is of an earlier start of the server: load it again", 403)
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _refuse("JSON is due", 415)
        length = headers.get("content-length", "")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return _refuse("the request is too long", 413)
        return None


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _refuse(why: str, status: int) -> Response:
    return PlainTextResponse(why + "\n", status)
