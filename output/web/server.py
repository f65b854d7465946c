"""How the site is listened for: uvicorn with bounds that hold without a proxy before it."""

import asyncio
import gc
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from output.web import workers

CONCURRENT = 256  # connections and requests at once, of one process; more are told to come again (503)
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


def run(
    app: ASGIApp,
    host: str,
    port: int,
    proxies: Sequence[str] = (),
    processes: int = 1,
    ready: Callable[[str], None] = print,
    tell: Callable[[str], None] = print,
) -> None:
    """Serve an application until Ctrl-C or SIGTERM.

    Args:
        app: the application, with everything loaded that processes can share.
        host: the address to listen at.
        port: the port; 0 for any.
        proxies: as ``config`` has them.
        processes: how many answer; one where the system has no way to share an address.
        ready: is told the site's address once it is listened at.
        tell: is told of a process that ended by itself, and is replaced.

    Raises:
        ServeError: where it cannot be listened at.
    """
    sys.setswitchinterval(SWITCH)
    gc.collect()
    gc.freeze()  # what is loaded by now stays: to look through it for cycles held up a page in a hundred

    def serve(listening: socket.socket) -> None:
        uvicorn.Server(config(app, host, port, proxies)).run(sockets=[listening])

    with _listening(host, port, processes if workers.possible() else 1) as sockets:
        name = f"[{host}]" if sockets[0].family is socket.AF_INET6 else host
        ready(f"http://{name}:{sockets[0].getsockname()[1]}/")
        if len(sockets) == 1:
            serve(sockets[0])
        else:
            workers.keep(serve, sockets, STOPPING + 1, tell)


@contextmanager
def _listening(host: str, port: int, count: int) -> Iterator[list[socket.socket]]:
    """Yield sockets that listen at an address, as many as asked for, and close them."""
    with ExitStack() as held:
        try:
            sockets = [held.enter_context(_bound(host, port, shared=False))]
            if count > 1:
                # Sockets that share an address would share another server's too: the first one told that it is free.
                port = sockets.pop().getsockname()[1]
                held.pop_all().close()
                sockets += [held.enter_context(_bound(host, port, shared=True)) for _ in range(count)]
            for each in sockets:
                each.listen(BACKLOG)
        except OSError as error:
            raise ServeError(
                f"{host}, port {port}: cannot be listened at ({error.strerror}); choose another with --port"
            ) from None
        yield sockets


def _bound(host: str, port: int, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only where a socket says that it is TCP; with it, each answer waits 40 ms.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made


__all__ = ["Patient", "ServeError", "config", "run"]
