"""Serves the sample web on loopback: one server, many hosts (``<site>.localhost``), with validators and counts."""

import hashlib
import mimetypes
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

SITES = Path(__file__).with_name("sites")

TYPES = {
    ".ics": "text/calendar; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}

# The day that the files are said to be of: a validator must not hang on when a checkout was made.
MODIFIED = formatdate(1_352_700_000, usegmt=True)

DOWN = "en-panne"  # the site that answers nothing but 503


@dataclass
class Traffic:
    """What was asked: requests, bodies and 304s by (host, path), bytes sent, and the headers of each request."""

    requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    bodies: Counter[tuple[str, str]] = field(default_factory=Counter)
    not_modified: Counter[tuple[str, str]] = field(default_factory=Counter)
    bytes: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)

    def pages(self) -> int:
        """Return how many bodies were sent, robots.txt files aside."""
        return sum(count for (_, path), count in self.bodies.items() if path != "/robots.txt")


class SampleWeb:
    """Use as a context manager. ``port`` 0 takes a free one; ``traffic`` tells what was asked."""

    def __init__(self, port: int = 0, sites: Path = SITES) -> None:
        self.traffic = Traffic()
        web = self

        class Handler(_Handler):
            traffic = web.traffic
            sites_folder = sites

        self._server = _Server(("127.0.0.1", port), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="sample web", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, site: str, path: str = "/") -> str:
        """Return the address of a path on a site."""
        return f"http://{site}.localhost:{self.port}{path}"


def catalogue(port: int) -> str:
    """Return the sample web's catalogue (TOML) for a port."""
    return Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8").replace("{port}", str(port))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader that went away in the middle; anything else is a fault of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    traffic: Traffic
    sites_folder: Path

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the crawl tells what it read."""

    def _answer(self, body: bool) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0].removesuffix(".localhost")
        path = urlsplit(self.path).path
        asked = (host, self.path)
        self.traffic.requests[asked] += 1
        self.traffic.headers.append({"host": host, "path": self.path, **dict(self.headers.items())})
        if host == DOWN:
            self._send(503, b"Service Unavailable", "text/plain", body)
            return
        content = load(self.sites_folder, host, self.path, self.headers.get("Host") or "")
        if content is None:
            if path == "/robots.txt":
                content = b"User-agent: *\nAllow: /\n"
            else:
                self._send(404, b"Not Found", "text/plain", body)
                return
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if self._fresh(tag):
            self.traffic.not_modified[asked] += 1
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        if body:
            self.traffic.bodies[asked] += 1
            self.traffic.bytes += len(content)
        self._send(200, content, media_type(self.sites_folder, host, self.path), body, ETag=tag, Last_Modified=MODIFIED)

    def _fresh(self, tag: str) -> bool:
        if stated := self.headers.get("If-None-Match"):  # it alone counts where it is given (RFC 9110, 13.2.2)
            return stated in (tag, "*")
        return self.headers.get("If-Modified-Since") == MODIFIED

    def _send(self, status: int, content: bytes, kind: str, body: bool, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if body:
            self.wfile.write(content)


def load(sites: Path, site: str, path: str, host: str) -> bytes | None:
    """Return what stands at a path of a site, its own address filled in; None where there is nothing."""
    file = _files(sites).get(_key(site, path))
    if file is None:
        return None
    return file.read_bytes().replace(b"{{origin}}", f"http://{host}".encode())


def media_type(sites: Path, site: str, path: str) -> str:
    """Return the media type of what stands at a path of a site."""
    file = _files(sites)[_key(site, path)] if _key(site, path) in _files(sites) else Path(path)
    return TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _key(site: str, path: str) -> str:
    """Return a request's file name: what an API is asked for is part of it, in one order."""
    parts = urlsplit(path)
    name = parts.path if not parts.path.endswith("/") else f"{parts.path}index.html"
    if name.endswith("/api.php"):
        asked = dict(parse_qsl(parts.query))
        what = asked.get("page") or asked.get("cmtitle", "") + ("+" if "cmcontinue" in asked else "")
        name += f"/{asked.get('action', '')} {what}.json".replace(":", " ")
    return f"{site}{name}"


@lru_cache
def _files(sites: Path) -> dict[str, Path]:
    """Return every file by its site and path: a lookup in it cannot lead out of the folder."""
    return {file.relative_to(sites).as_posix(): file for file in sorted(sites.rglob("*")) if file.is_file()}


if __name__ == "__main__":
    with SampleWeb(8765) as served:
        print(f"http://*.localhost:{served.port}/")  # noqa: T201
        threading.Event().wait()
