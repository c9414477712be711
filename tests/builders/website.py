"""A publisher's site on 127.0.0.1, made by the tests: what is served, and what was asked for."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What a path answers. `tag` makes it answer 304 to its own ETag."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    tag: bool = True
    #: writes to the socket itself, after the request was read
    raw: Callable[[Any], None] | None = None


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    at: float
    status: int


class Web:
    """Routes by path with query; what has none is a 404."""

    def __init__(self) -> None:
        self.routes: dict[str, Reply | Callable[[], Reply]] = {}
        self.asked: list[Asked] = []
        #: paths that were asked for by HEAD
        self.heads: list[str] = []
        #: whether HEAD is answered as GET is, without the body
        self.knows_head = True
        self.now = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self.url = ""
        self.over = threading.Event()

    def page(self, path: str, html: str, charset: str = "utf-8", **more: Any) -> None:
        """A web page."""
        headers = {"Content-Type": "text/html"} | more.pop("headers", {})
        self.routes[path] = Reply(html.encode(charset), headers=headers, **more)

    def file(self, path: str, data: bytes, kind: str = "application/octet-stream", **headers: str) -> None:
        """A file."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.routes[path] = Reply(data, headers={"Content-Type": kind} | named)

    def paths(self, status: int | None = None) -> list[str]:
        """What was asked for, in order; robots.txt left out."""
        return [a.path for a in self.asked if a.path != "/robots.txt" and status in (None, a.status)]

    def forget(self) -> None:
        """A new night."""
        self.asked.clear()
        self.heads.clear()


def _answer(web: Web, request: BaseHTTPRequestHandler) -> None:
    found = web.routes.get(request.path)
    reply = Reply(b"not here", 404) if found is None else found() if callable(found) else found
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
    status = reply.status
    if reply.tag and status == 200 and reply.raw is None:
        reply.headers.setdefault("ETag", tag)
        if request.headers.get("If-None-Match") == reply.headers["ETag"]:
            status = 304
    with web.lock:
        web.asked.append(Asked(request.path, dict(request.headers), time.monotonic(), status))
    if reply.raw is not None:
        reply.raw(request)
        return
    request.send_response(status)
    for name, value in reply.headers.items():
        request.send_header(name, value)
    body = b"" if status == 304 else reply.body
    if status != 304 and "Content-Length" not in reply.headers:
        request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


@contextlib.contextmanager
def serving(address: str = "127.0.0.1") -> Iterator[Web]:
    """A site that answers while this lasts."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with web.lock:
                web.now += 1
                web.most_at_once = max(web.most_at_once, web.now)
            try:
                _answer(web, self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                with web.lock:
                    web.now -= 1

        def do_HEAD(self) -> None:
            web.heads.append(self.path)
            reply = web.routes.get(self.path)
            if not isinstance(reply, Reply) or reply.raw is not None or not web.knows_head:
                self.send_response(404 if reply is None else 405)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if reply.tag and reply.status == 200:
                digest = hashlib.sha256(reply.body).hexdigest()[:16]
                reply.headers.setdefault("ETag", f'"{digest}"')
            self.send_response(reply.status)
            for name, value in ({"Content-Length": str(len(reply.body))} | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

    server = Server((address, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    web.url = f"http://{address}:{server.server_address[1]}"
    try:
        yield web
    finally:
        web.over.set()
        server.shutdown()
        server.server_close()
