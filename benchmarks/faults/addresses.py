"""Tries to make a crawl connect where the catalogue does not allow it: ``python -m benchmarks.faults.addresses``.

Each trick is given as a source's own address, as where an allowed source redirects to, and as what its pages link to.
A secret server listens on loopback; names are answered by a resolver that changes its mind. What is connected to is
seen by the interpreter's audit hook on ``socket.connect``, below Scrapy and Twisted: every connection that is neither
to the allowed server nor to a public address counts, and so does every request that the secret server gets.
"""

import contextlib
import ipaddress
import json
import os
import socket
import sys
import tempfile
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.faults import ROOT

RESULT = ROOT / "benchmarks" / "results" / "addresses.json"
PUBLIC = "93.184.216.34"

# Hosts, as they stand in an address. Loopback first, in all the ways that some system takes it.
HOSTS = """
127.0.0.1 127.0.0.2 127.255.255.254 127.1 127.0.1 2130706433 0x7f000001 0x7F000001 017700000001 0177.0.0.1
0177.0.0.01 0x7f.0.0.1 0x7f.1 127.0x0.0.1 0x7f.0x0.0x0.0x1 00000177.0.0.1 127.0.0.1. 127.000.000.001 4244635905 0
0.0.0.0 00.00.00.00 0x0 localhost LOCALHOST localhost. LocalHost. a.localhost a.b.localhost localhost.localdomain
ip6-localhost
[::1] [::] [0:0:0:0:0:0:0:1] [0000::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::127.0.0.1]
[64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:0001::1]
[2001:0:53aa:64c:0:0:80ff:fffe]
[::ffff:0:127.0.0.1] [fe80::1] [fe80::1%25lo] [::1%25lo] [fc00::1] [fd00:ec2::254] [fec0::1] [ff02::1] [100::1]
[2001:db8::1] 169.254.169.254 2852039166 0xA9FEA9FE 0251.0376.0251.0376 169.254.43518 [::ffff:169.254.169.254]
[::ffff:a9fe:a9fe]
169.254.170.2 100.100.100.200 192.0.0.192 metadata.google.internal instance-data
10.0.0.1 10.1 167772161 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1 0xC0A80001 100.64.0.1 198.18.0.1 192.0.2.1
203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 [::ffff:10.0.0.1] [2002:0a00:0001::] [64:ff9b::a00:1]
１２７.０.０.１ ①②⑦.⓪.⓪.① 127。0。0。1 127．0．0．1 １２７。１ ⓛⓞⓒⓐⓛⓗⓞⓢⓣ
rebind.example both.example private.example loopback.example six.example metadata.example trailing.example.
127.0.0.1.nip.example loc%C2%ADalhost loc%E2%80%8Balhost
""".split()

# Whole addresses: ``{secret}`` is the secret server's host and port.
URLS = r"""
http://example.com@{secret}/ http://example.com:80@{secret}/ http://{secret}#@example.com/ http://{secret}?@example.com/
http://{secret}\@example.com/ http://example.com\@{secret}/ http:\\{secret}\ http:/{secret}/ http:{secret}/ //{secret}/
///{secret}/ /\{secret}/ \\{secret}\ http:///{secret}/ http://%31%32%37%2e%30%2e%30%2e%31:{port}/ http://{secret}%2f@a/
HTTP://{secret}/ hTtP://{secret}/ http://[::1]:{port}@example.com/ http://127.0.0.1%00.example.com:{port}/
http://127.0.0.1%09:{port}/ http://127.0.0.1%0d%0a:{port}/ http://127.0.0.1:{port}:80/ http://localhost:{port}\.example/
file:///etc/passwd file://localhost/etc/passwd ftp://{secret}/ gopher://{secret}/_x dict://{secret}/ data:text/html,x
s3://bucket/x javascript:alert(1) jar:http://{secret}!/ ws://{secret}/ unix:/var/run/docker.sock
""".split()

_answers: Counter[str] = Counter()


def answer(name: str) -> str:
    """Return what the resolver says: a name that is looked up again gets another answer."""
    _answers[name] += 1
    match name.rstrip(".").partition(".")[0]:
        case "rebind":
            return PUBLIC if _answers[name] == 1 else "127.0.0.1"
        case "both":
            return (PUBLIC, "10.0.0.1")[_answers[name] % 2]
        case "private":
            return "192.168.0.1"
        case "metadata" | "instance-data":
            return "169.254.169.254"
        case "six":
            return "::1"
        case _:
            return "127.0.0.1"


class Allowed(BaseHTTPRequestHandler):
    """The allowed source: redirects, and pages that link, to each trick."""

    tricks: list[str] = []  # noqa: RUF012 - set once

    def do_GET(self) -> None:
        kind, _, number = self.path.strip("/").partition("/")
        trick = self.tricks[int(number)] if number.isdigit() else ""
        if kind == "redirect":
            self.send_response(302)
            with contextlib.suppress(UnicodeEncodeError):
                self.send_header("Location", trick.encode("utf-8").decode("latin-1"))
            self.end_headers()
        elif kind == "link":
            page = (
                f'<html><head><link rel="alternate" type="text/calendar" href="{trick}">'
                f'<link rel="next" href="{trick}">'
                f'<base href="{trick}"></head><body><div class="h-event"><a class="p-name u-url" href="{trick}">x</a>'
                f'<time class="dt-start" datetime="2026-01-01">x</time></div><a rel="next" href="{trick}">suite</a>'
                f'<iframe src="{trick}"></iframe></body></html>'
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)
        else:
            self.send_error(404)

    def log_message(self, *_: Any) -> None:
        pass


class Secret(Allowed):
    hits = 0

    def do_GET(self) -> None:
        type(self).hits += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")


def serve(handler: type[BaseHTTPRequestHandler]) -> int:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])


def child(folder: Path, tricks: list[str], port: int) -> dict[str, Any]:
    """Crawl every trick in every way; return what was connected to, and how the sources fared."""
    from pydantic import ValidationError

    from crawler import run
    from crawler.catalogue import Source

    shared = {"name": "x", "community": "agenda", "region": "FR"}
    entries: list[dict[str, Any]] = []
    for number, trick in enumerate(tricks):
        with contextlib.suppress(ValidationError):
            entries.append({"id": f"own-{number}", "url": trick, **shared})
            Source(**entries[-1])
            continue
        entries.pop()  # the catalogue itself refuses it
    refused = len(tricks) - len(entries)
    for kind in ("redirect", "link"):
        entries += [
            {"id": f"{kind}-{n}", "url": f"http://open.localhost:{port}/{kind}/{n}", "private_network": True, **shared}
            for n in range(len(tricks))
        ]
    catalogue = folder / "tricks.toml"
    catalogue.write_text(
        "".join(
            "[[source]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in entry.items())
            for entry in entries
        )
    )
    connected: Counter[tuple[str, int]] = Counter()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            connected[arguments[1][:2]] += 1

    sys.addaudithook(watch)
    socket.gethostbyname = answer  # what Twisted's resolver asks, in its threads
    socket.getaddrinfo = lambda host, at, *_, **__: [  # type: ignore[assignment]
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer(str(host)), at))
    ]
    overrides = {"DOWNLOAD_TIMEOUT": 2, "DOWNLOAD_DELAY": 0, "RETRY_ENABLED": False}
    report = run.crawl(folder / "data", catalogue=[catalogue], overrides=overrides)
    return {
        "connected": [[*where, count] for where, count in connected.items()],
        "refused by the catalogue": refused,
        "classes": Counter(row.run.reason or row.state for row in report.sources),
        "sources": len(report.sources),
    }


def is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False


def main() -> int:
    # Fork before anything is imported: the child's hook sees its own connections alone.
    secret, allowed = serve(Secret), serve(Allowed)
    where = f"127.0.0.1:{secret}"
    tricks = [f"http://{host}:{secret}/" for host in HOSTS]
    tricks += [url.replace("{secret}", where).replace("{port}", str(secret)) for url in URLS]
    Allowed.tricks = tricks
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out = folder / "out.json"
        pid = os.fork()
        if not pid:
            status = 1
            try:
                out.write_text(json.dumps(child(folder, tricks, allowed)))
                status = 0
            finally:
                os._exit(status)
        if os.waitpid(pid, 0)[1]:
            raise SystemExit("the crawl broke off")
        seen = json.loads(out.read_text())
    wrong = [
        [address, port, count]
        for address, port, count in seen["connected"]
        if (address, port) != ("127.0.0.1", allowed) and not is_public(address)
    ]
    to_allowed = sum(count for address, port, count in seen["connected"] if port == allowed)
    result = {
        "tricks": len(tricks),
        "ways": "as a source's address, by redirect, by link",
        "sources": seen["sources"],
        "refused by the catalogue": seen["refused by the catalogue"],
        "connections to the allowed server": to_allowed,
        "connections to public addresses": sum(count for address, _, count in seen["connected"] if is_public(address)),
        "connections elsewhere": wrong,
        "requests to the secret server": Secret.hits,
        "reason classes": dict(sorted(seen["classes"].items())),
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    RESULT.write_text(text + "\n")
    print(text)
    return 1 if wrong or Secret.hits else 0


if __name__ == "__main__":
    raise SystemExit(main())
