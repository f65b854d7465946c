"""What the second run on an unchanged web costs beside the first: ``python -m benchmarks.faults.second_run``.

The web of the faults' healthy kind, on loopback: sources of many pages, each on an address of its own as on the web,
with validators, and as many without, whose bodies are hashed. Bytes are the bodies that came over the network, as the
crawl counts them; seconds are those of the processor. First of the crawl alone, in the crawling process: once as they
are and once without what it takes to start and to ask the same sources without pages, for the first time and again (the
second run starts without the readers). Then of the whole daily job, ``recroise run``: crawl, link, export, with all
that it takes to start, today and tomorrow. Each run is a process of its own; the median of ``--repeat`` pairs is told.

Last, a month: thirty daily jobs on a web that stays the same and has no validators, once with an interval of a day in
the catalogue and once without one, so that sources are read less often while nothing changes. Events are far away.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.faults import ROOT

RESULT = ROOT / "benchmarks" / "results" / "second_run.json"
SOURCES = 10
PAGES = 40  # of each source
EVENTS = 12  # on each page
DAYS = 30  # of the month
WORDS = (
    "Rencontre mensuelle des indépendants et des porteurs de projets autour d'un café, ouverte à tout le monde. " * 3
)


class Web(BaseHTTPRequestHandler):
    """Pages of schema.org events, one leading to the next; ``validators`` whether with an ETag, ``empty`` without."""

    validators = True
    empty = False
    year = 2026
    sent = 0  # bytes of bodies
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path in ("/robots.txt", "/.well-known/tdmrep.json"):
            self._answer(404, b"")
            return
        name, _, number = self.path.strip("/").partition("/")
        body = self._page(name, int(number or 1))
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.validators and self.headers.get("If-None-Match") == tag:
            self._answer(304, b"", tag)
        else:
            self._answer(200, body, tag)

    def _page(self, name: str, number: int) -> bytes:
        events = [
            {"@type": "Event", "@id": f"{name}-{number}-{n}", "name": f"Open Coffee {name} {number}-{n}",
             "startDate": f"{self.year}-{number % 12 + 1:02}-{n + 1:02}T18:30:00+01:00", "description": WORDS,
             "location": {"@type": "Place", "name": f"La Cantine {name}", "address": {"addressLocality": "Lorient"}},
             "performer": {"@type": "Person", "name": f"Ada Lovelace-{n}"}}
            for n in range(0 if self.empty else EVENTS)
        ]  # fmt: skip
        link = f'<a rel="next" href="/{name}/{number + 1}">suite</a>' if number < PAGES and not self.empty else ""
        data = json.dumps({"@context": "https://schema.org", "@graph": events})
        script = f'<script type="application/ld+json">{data}</script>' if events else ""
        return f"<!doctype html><title>{name}</title>{script}<p>{WORDS * 4}</p>{link}".encode()

    def _answer(self, status: int, body: bytes, tag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        if tag and self.validators:
            self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)
        type(self).sent += len(body)

    def log_message(self, *_: Any) -> None:
        pass


def crawl(data: Path, catalogue: Path) -> dict[str, float]:
    code = (
        "import json, resource; from pathlib import Path; from crawler import run\n"
        f"report = run.crawl(Path({str(data)!r}), catalogue=[Path({str(catalogue)!r})])\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "rows = [row.outcome for row in report.sources]\n"
        "print(json.dumps({'bytes': sum(r.bytes for r in rows), 'cpu': used.ru_utime + used.ru_stime,"
        " 'read': sum(r.read for r in rows), 'unchanged': sum(r.unchanged for r in rows),"
        " 'records': sum(r.records for r in rows)}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ, cwd=ROOT
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def job(data: Path, catalogue: Path, day: int) -> float:
    """Return the processor time of the whole daily job, so many days from now: all sources are due again."""
    code = (
        "import resource, sys; from datetime import UTC, datetime, timedelta; from crawler import records\n"
        f"records.now = lambda: f'{{datetime.now(UTC) + timedelta(days={day}):%Y-%m-%dT%H:%M:%SZ}}'\n"
        f"sys.argv = ['recroise', 'run', '--data', {str(data)!r}, '--catalogue', {str(catalogue)!r}]\n"
        "from output.cli import main\n"
        "try: main()\n"
        "finally:\n"
        " every = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]\n"
        " print('CPU', sum(used.ru_utime + used.ru_stime for used in every))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)
    return float(done.stdout.split("CPU")[-1])


def pairs(repeat: int, validators: bool) -> dict[str, Any]:
    """Return the shares of the second run of the first, for a web with validators or without."""
    handler = type("Served", (Web,), {"validators": validators})
    blank = type("Blank", (Web,), {"empty": True})
    shares: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        catalogues = {}
        for which in (handler, blank):
            server = ThreadingHTTPServer(("0.0.0.0", 0), which)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            catalogues[which] = folder / f"{which.__name__}.toml"
            catalogues[which].write_text(entries(server.server_address[1]))
        for number in range(repeat):
            idle, again = (crawl(folder / f"idle-{number}", catalogues[blank])["cpu"] for _ in range(2))
            first = crawl(folder / f"data-{number}", catalogues[handler])
            second = crawl(folder / f"data-{number}", catalogues[handler])
            assert first["records"] == second["records"] > 0, (first, second)
            assert second["read"] == 0
            days = [job(folder / f"job-{number}", catalogues[handler], day) for day in (0, 1)]
            shares.append(
                {
                    "daily job cpu": days[1] / days[0],
                    "first daily job cpu": days[0],
                    "second daily job cpu": days[1],
                    "bytes": second["bytes"] / first["bytes"],
                    "cpu": second["cpu"] / first["cpu"],
                    "cpu beyond starting": (second["cpu"] - again) / (first["cpu"] - idle),
                    "first cpu": first["cpu"],
                    "second cpu": second["cpu"],
                    "starting cpu": idle,
                    "starting cpu of the second": again,
                    "pages": first["read"],
                }
            )
    return {key: round(statistics.median(each[key] for each in shares), 3) for key in shares[0]}


def entries(port: int, more: str = "") -> str:
    return "".join(
        f'[[source]]\nid = "s-{n}"\nname = "x"\nurl = "http://127.0.0.1{n}:{port}/s{n}"\n'
        f'community = "agenda"\nregion = "FR"\nprivate_network = true\n{more}'
        for n in range(SOURCES)
    )


def month() -> dict[str, float]:
    """Return what a month of daily jobs costs after the first, without an interval in the catalogue and with one."""
    told: dict[str, float] = {}
    for name, more in (("every day", 'every = "1d"\n'), ("adaptive", "")):
        handler = type("Month", (Web,), {"validators": False, "year": 2031})
        server = ThreadingHTTPServer(("0.0.0.0", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with tempfile.TemporaryDirectory() as folder:
            catalogue = Path(folder) / "month.toml"
            catalogue.write_text(entries(server.server_address[1], more))
            job(Path(folder) / "data", catalogue, 0)
            first, handler.sent = handler.sent, 0
            told[f"{name}: cpu"] = sum(job(Path(folder) / "data", catalogue, day) for day in range(1, DAYS))
            told[f"{name}: bodies of the first day"] = handler.sent / first
        server.shutdown()
    told["share of the bytes"] = told["adaptive: bodies of the first day"] / told["every day: bodies of the first day"]
    told["share of the cpu"] = told["adaptive: cpu"] / told["every day: cpu"]
    return {key: round(value, 3) for key, value in told.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    result = {"with validators": pairs(repeat, True), "bodies hashed": pairs(repeat, False), "a month": month()}
    text = json.dumps(result, indent=1)
    RESULT.write_text(text + "\n")
    print(text)
    shares = result["with validators"]
    return 0 if shares["bytes"] <= 0.05 and shares["daily job cpu"] <= 0.15 else 1


if __name__ == "__main__":
    raise SystemExit(main())
