"""A loopback web of sources that misbehave, each in its own way, beside some that are well.

Answers are written byte by byte, since no web server would send most of them.
"""

import gzip
import socket
import socketserver
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HEALTHY = 10
PAGES = 12  # of each healthy source
LATENCY = 0.8  # seconds that a healthy source takes for a page
EVENTS = 5  # on each of its pages


@dataclass
class Asked:
    """A request: host without port, path with query, and how often this path was asked for before."""

    host: str
    path: str
    headers: dict[str, str]
    before: int
    send: Callable[[bytes], None]


Answer = Callable[[Asked], None]


def answer(body: bytes, kind: str = "text/calendar", status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole HTTP answer; ``Content_Length`` among the headers lies about the length."""
    lines = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def calendar(first: int, count: int = EVENTS, **more: str) -> bytes:
    """Return a calendar of ``count`` events with their numbers in UID, title and day."""
    extra = "".join(f"{key}:{value}\r\n" for key, value in more.items())
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}@well.example\r\nDTSTART:2026{n // 28 % 12 + 1:02}{n % 28 + 1:02}T183000\r\n"
        f"SUMMARY:Rencontre {n}\r\nLOCATION:La Passerelle\\, Lorient\r\n{extra}END:VEVENT\r\n"
        for n in range(first, first + count)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n".encode()


def page(number: int, following: str | None, first: int, count: int = EVENTS) -> bytes:
    """Return an HTML page of h-events, with a link to the next page."""
    events = "".join(
        f'<div class="h-event"><a class="p-name u-url" href="/e{n}">Rencontre {n}</a>'
        f'<time class="dt-start" datetime="2026-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}T18:30">x</time>'
        f'<span class="p-location">La Passerelle</span></div>'
        for n in range(first, first + count)
    )
    link = f'<a rel="next" href="{following}">suite</a>' if following else ""
    return f"<!doctype html><html lang=fr><title>Agenda {number}</title><body>{events}{link}</body></html>".encode()


def well(asked: Asked) -> None:
    """A source in order: pages of events, one leading to the next."""
    number = int(asked.path.rpartition("=")[2]) if "=" in asked.path else 1
    time.sleep(LATENCY)
    following = f"/?page={number + 1}" if number < PAGES else None
    asked.send(answer(page(number, following, number * 100), "text/html"))


def drip(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n")
    for _ in range(200):
        time.sleep(0.5)
        asked.send(b"X")


def reset(asked: Asked) -> None:
    asked.send(answer(calendar(1, 50))[:400])
    raise ConnectionResetError


def endless(asked: Asked) -> None:
    number = int(asked.path.rpartition("=")[2]) if "=" in asked.path else 1
    asked.send(answer(page(number, f"/?month={number + 1}", number * 10, 1), "text/html"))


def maze(asked: Asked) -> None:
    links = "".join(f'<a href="/agenda?PHPSESSID={time.monotonic_ns()}{n}">x</a>' for n in range(20))
    asked.send(answer(page(1, None, 1).replace(b"</body>", links.encode() + b"</body>"), "text/html"))


def twins(asked: Asked) -> None:
    links = "".join(f'<a href="/agenda/{n}">x</a>' for n in range(20))
    body = page(1, None, 1)
    asked.send(
        answer(body.replace(b"</body>", (links if asked.before == 0 else "").encode() + b"</body>"), "text/html")
    )


def patience(asked: Asked) -> None:
    if asked.before == 0 and asked.path == "/":
        asked.send(answer(b"", status="429 Too Many Requests", Retry_After="1"))
    else:
        asked.send(answer(calendar(1)))


def later(first: bytes, second: bytes) -> Answer:
    """Answer in one way on the first run, in another from the second on."""
    return lambda asked: asked.send(answer(first if asked.before == 0 else second))


def redirect(to: str) -> Answer:
    return lambda asked: asked.send(answer(b"", status="302 Found", Location=to))


def chain(asked: Asked) -> None:
    number = int(asked.path.strip("/") or 0)
    asked.send(answer(b"", status="302 Found", Location=f"/{number + 1}"))


def always(body: bytes, kind: str = "text/calendar", status: str = "200 OK", **headers: str) -> Answer:
    content = answer(body, kind, status, **headers)
    return lambda asked: asked.send(content)


def raw(content: bytes) -> Answer:
    return lambda asked: asked.send(content)


def flood(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nConnection: close\r\n\r\nBEGIN:VCALENDAR\r\n")
    for _ in range(1_000):
        asked.send(b"X-JUNK:" + b"x" * 99_990 + b"\r\n")


def hang(_: Asked) -> None:
    time.sleep(100)


def bomb() -> bytes:
    """Return some hundred kilobytes of gzip that unpack to 512 MiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * (1 << 20)
    return b"".join(packer.compress(block) for _ in range(512)) + packer.flush()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]>'
        "<rss version='2.0'><channel><title>&l9;</title></channel></rss>"
    ).encode()


ICS = calendar(1)
ONE_LINE = ICS.replace(b"END:VCALENDAR", b"X-LONG:" + b"x" * 10_000_000 + b"\r\nEND:VCALENDAR")
FIELDS = calendar(1, 8)
RULE = {"RRULE": "FREQ=SECONDLY"}


@dataclass(frozen=True)
class Fault:
    """One source: what answers, and what the run should make of it.

    ``expected`` is the class of the reason, or ``read`` where it is to be read all the same. ``more`` are keys of the
    catalogue's entry; ``second`` is what a second run should find suspicious.
    """

    answer: Answer
    expected: str
    more: tuple[tuple[str, Any], ...] = ()
    second: str | None = None
    robots: bytes | None = None


FAULTS: dict[str, Fault] = {
    "slow-drip": Fault(drip, "timeout"),
    "no-answer": Fault(hang, "timeout"),
    "reset-mid-body": Fault(reset, "broken answer"),
    "length-too-long": Fault(always(ICS, Content_Length="99999"), "broken answer"),
    "length-too-short": Fault(always(calendar(1, 9), Content_Length=str(len(ICS))), "read"),
    "chunks-broken": Fault(
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nBEGIN"), "broken answer"
    ),
    "status-line-broken": Fault(raw(b"HELLO THERE\r\n\r\n"), "broken answer"),
    "closed-at-once": Fault(raw(b""), "broken answer"),
    "headers-endless": Fault(raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 900_000 + b"\r\n\r\n"), "broken answer"),
    "charset-wrong": Fault(
        always("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260101\r\nSUMMARY:Fête\r\nEND:VEVENT\r\n"
               "END:VCALENDAR\r\n".encode("latin-1"), "text/calendar; charset=utf-8"), "read"),
    "charset-unknown": Fault(always(ICS, "text/calendar; charset=klingon-8"), "read"),
    "gzip-bomb": Fault(always(bomb(), Content_Encoding="gzip"), "too large"),
    "gzip-lie": Fault(always(ICS, Content_Encoding="gzip"), "broken answer"),
    "gzip-cut": Fault(always(gzip.compress(calendar(1, 50))[:-200], Content_Encoding="gzip"), "read"),
    "encoding-unknown": Fault(always(ICS, Content_Encoding="x-nothing"), "read"),
    "xml-bomb": Fault(always(laughs(), "application/rss+xml"), "empty"),
    "flood": Fault(flood, "too large"),
    "length-huge": Fault(always(b"BEGIN", Content_Length="99999999999"), "too large"),
    "redirect-loop": Fault(redirect("/"), "redirects"),
    "redirect-chain": Fault(chain, "redirects"),
    "redirect-private": Fault(redirect("http://10.0.0.1/"), "address refused"),
    "redirect-metadata": Fault(redirect("http://169.254.169.254/latest/meta-data/"), "address refused"),
    "redirect-ipv6": Fault(redirect("http://[::ffff:127.0.0.1]/"), "address refused"),
    "redirect-decimal": Fault(redirect("http://2130706433/"), "address refused"),
    "redirect-file": Fault(redirect("file:///etc/passwd"), "redirects"),
    "endless-calendar": Fault(endless, "read", (("max_pages", 40),)),
    "session-maze": Fault(maze, "read", (("follow", "agenda"), ("max_pages", 40))),
    "same-page-again": Fault(twins, "read", (("follow", "agenda"), ("max_pages", 40))),
    "429-once": Fault(patience, "read"),
    "429-for-an-hour": Fault(always(b"", status="429 Too Many Requests", Retry_After="3600"), "too many requests"),
    "401": Fault(always(b"", status="401 Unauthorized"), "unauthorised"),
    "403": Fault(always(b"", status="403 Forbidden"), "unauthorised"),
    "404": Fault(always(b"", status="404 Not Found"), "gone"),
    "410": Fault(always(b"", status="410 Gone"), "gone"),
    "418": Fault(always(b"", status="418 I'm a teapot"), "client error"),
    "500": Fault(always(b"", status="500 Oops"), "server error"),
    "503": Fault(always(b"", status="503 Busy"), "server error"),
    "304-unasked": Fault(always(b"", status="304 Not Modified"), "unreadable"),
    "robots-refuse": Fault(always(ICS), "robots.txt", robots=answer(b"User-agent: *\nDisallow: /\n", "text/plain")),
    "robots-broken": Fault(always(ICS), "read", robots=answer(b"\xff\xfe\x00\x01\x02", "image/png")),
    "html-as-rss": Fault(always(b"<!doctype html><html><body>Maintenance</body></html>", "application/rss+xml"),
                         "unreadable", (("format", "feed"),)),
    "ics-cut": Fault(always(calendar(1, 9)[:-220]), "read"),
    "line-of-10-mb": Fault(always(ONE_LINE), "read"),
    "empty": Fault(always(b""), "unreadable"),
    "picture": Fault(always(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "image/png"), "unreadable"),
    "json-deep": Fault(always(b"[" * 200_000, "application/json"), "unreadable"),
    "html-deep": Fault(always(b"<html>" + b"<div>" * 100_000, "text/html"), "empty"),
    "rule-bomb": Fault(always(calendar(1, 5, **RULE)), "read"),
    "uid-as-path": Fault(always(ICS.replace(b"UID:1@", b"UID:../../../etc/passwd\x00@")), "read"),
    "escape-codes": Fault(always(ICS.replace(b"Rencontre 1", b"\x1b[2J\x1b]0;x\x07=cmd|' /C calc'!A0")), "read"),
    "half-gone": Fault(later(calendar(1, 12), calendar(1, 3)), "read", second="shrunk"),
    "field-gone": Fault(later(FIELDS, FIELDS.replace(b"LOCATION", b"X-LOC")), "read",
                        second="field vanished: Event.location"),
    "emptied": Fault(later(calendar(1, 12), calendar(1, 0)), "read", second="shrunk"),
}  # fmt: skip

ELSEWHERE = {
    "no-such-host": ("http://nowhere.invalid/", "no such host"),
    "port-closed": ("http://127.0.0.1:9/", "connection"),
}


class Web:
    """The web while in the context: ``port`` is where, ``counts`` how often each source was asked."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        web = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 120

            def handle(self) -> None:
                try:
                    web._serve(self)
                except OSError:
                    self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def __enter__(self) -> "Web":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, handler: Any) -> None:
        if handler.rfile.peek(1)[:1] == b"\x16":  # the beginning of TLS, at a port that speaks none
            handler.wfile.write(answer(b"", status="400 Bad Request"))
            return
        line = handler.rfile.readline(65_536).decode("latin-1").split()
        headers = {}
        while header := handler.rfile.readline(65_536).decode("latin-1").strip():
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        if len(line) < 2:
            return
        name, path = headers.get("host", "").partition(".")[0], line[1]
        fault = FAULTS.get(name)
        if path == "/robots.txt":
            robots = fault.robots if fault and fault.robots else answer(b"", "text/plain", "404 Not Found")
            handler.wfile.write(robots)
            return
        if path == "/.well-known/tdmrep.json":
            handler.wfile.write(answer(b"", "text/plain", "404 Not Found"))
            return
        before = self.counts[name, path]
        self.counts[name, path] += 1
        asked = Asked(name, path, headers, before, handler.wfile.write)
        (fault.answer if fault else well)(asked)

    def catalogue(self, faults: bool) -> str:
        """Return the catalogue of the healthy sources, and of the others when asked."""
        rows = ['region = "FR"\ncommunity = "agenda"\nprivate_network = true\n']
        entries: dict[str, tuple[str, dict[str, Any]]] = {
            f"well-{n}": (f"http://well-{n}.localhost:{self.port}/", {}) for n in range(HEALTHY)
        }
        if faults:
            entries |= {
                f"bad-{name}": (f"http://{name}.localhost:{self.port}/", dict(fault.more))
                for name, fault in FAULTS.items()
            }
            entries |= {f"bad-{name}": (url, {}) for name, (url, _) in ELSEWHERE.items()}
            entries["bad-tls"] = (f"https://tls.localhost:{self.port}/", {})
        for name, (url, more) in entries.items():
            row = {"id": name, "name": name, "url": url, **more}
            rows.append("[[source]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in row.items()))
        return "\n".join(rows)


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'
