"""The server of `gongkai review DIR --serve`: one process, children that open documents, and nothing from the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from gongkai.run.desk.actions import Actions
from gongkai.run.desk.paper_children import paper_children
from gongkai.run.desk.request_guard import RequestGuard, keys_for
from gongkai.run.desk.review_desk import ReviewDesk
from gongkai.run.desk.routes import DeskParts, make_app
from gongkai.run.signals import stoppable

#: seconds that requests under way have when the server is stopped
_GRACE = 3


def serve(
    folder: Path,
    inputs: Sequence[Path],
    *,
    host: str,
    port: int,
    workers: int,
    started: Callable[[str, int], None],
) -> None:
    """Serve a dataset to browsers until the process is stopped; `started` is given the address and the number of reports.

    Port 0 takes one that is free. On another host than this machine the address has a token, without which nothing
    is answered. `workers` children open documents. Raises what `ReviewDesk` does, and OSError where the port is taken.
    """
    desk = ReviewDesk(folder, inputs)
    config = uvicorn.Config(
        "",
        host=host,
        port=port,
        log_level="error",
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=_GRACE,
    )
    listening = _bind(config)
    try:
        bound = listening.getsockname()[1]
        keys = keys_for(host, bound)
        # uvicorn ends well at a signal and then raises it again: what stands here is cleared away all the same
        with stoppable(), paper_children(workers) as call:
            app = make_app(DeskParts(desk, Actions(desk.log), call, keys.csrf))
            config.app = RequestGuard(app, keys)
            query = f"/?token={keys.token}" if keys.token is not None else "/"
            name = f"[{host}]" if ":" in host else host
            listening.listen()  # who comes before the server runs waits
            started(f"http://{name}:{bound}{query}", len(desk.dataset.work.items))
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()


def _bind(config: uvicorn.Config):  # type: ignore[no-untyped-def]  # a socket; only the crawl imports that module
    try:
        return config.bind_socket()
    except SystemExit as error:
        raise OSError(f"port {config.port} of {config.host} is taken, or not ours to take") from error
