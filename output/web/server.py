"""How the site is listened for: uvicorn with bounds that hold without a proxy before it."""

import asyncio
import gc
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

CONCURRENT = 256  # connections and requests at once; more are told to come again (503)
BACKLOG = 2_048  # connections that wait to be accepted
HEAD = 10.0  # seconds in which a request's line and headers have to come
LARGEST_HEAD = 16 * 1024  # bytes of them
KEPT = 5  # seconds that a connection is kept for another request
SWITCH = 0.0005  # seconds after which a slow answer lets pages pass: a page waits for that a dozen times
STOPPING = 10  # seconds for requests that are being answered when the server stops


class ServeError(RuntimeError):
    """The address cannot be listened at."""


class Patient(H11Protocol):
    """Hangs up on who does not say what they want: uvicorn waits for ever for the end of a request's headers."""

    within = HEAD

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch = self.loop.call_later(self.within, self._hang_up)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch.cancel()
        self._watch = self.loop.call_later(self.within, self._hang_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        super().connection_lost(exc)

    def _hang_up(self) -> None:
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()


def config(app: ASGIApp, host: str, port: int, proxies: Sequence[str] = (), **more: Any) -> uvicorn.Config:
    """Return how uvicorn is to serve an application.

    Args:
        app: the application.
        host: the address to listen at.
        port: the port; 0 for any.
        proxies: addresses whose ``X-Forwarded-For`` and ``-Proto`` are believed. Nobody's where none are given.
        more: of uvicorn's.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Patient,
        ws="none",
        lifespan="on",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        server_header=False,
        limit_concurrency=CONCURRENT,
        timeout_keep_alive=KEPT,
        timeout_graceful_shutdown=STOPPING,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        **{"log_level": "warning", **more},
    )


def run(app: ASGIApp, host: str, port: int, proxies: Sequence[str] = (), ready: Callable[[str], None] = print) -> None:
    """Serve an application until Ctrl-C; ``ready`` is told the address once it is listened at.

    Raises:
        ServeError: where it cannot be listened at.
    """
    sys.setswitchinterval(SWITCH)
    gc.collect()
    gc.freeze()  # what is loaded by now stays: to look through it for cycles held up a page in a hundred
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only where a socket says that it is TCP; with it, each answer waits 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(BACKLOG)
        except OSError as error:
            raise ServeError(
                f"{host}, port {port}: cannot be listened at ({error.strerror}); choose another with --port"
            ) from None
        name = f"[{host}]" if family is socket.AF_INET6 else host
        ready(f"http://{name}:{listening.getsockname()[1]}/")
        uvicorn.Server(config(app, host, port, proxies)).run(sockets=[listening])


__all__ = ["Patient", "ServeError", "config", "run"]
