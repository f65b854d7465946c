"""Two runs of sources that change, fail or fill the disk in between: what becomes of what was known."""

import gzip
import json
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler import runs
from crawler.datadir import open_store
from crawler.health import Run
from crawler.outcomes import Outcome
from crawler.run import Report, SourceReport
from crawler.stored import Counts
from graph.link import link_data
from output.check import check
from output.exports import export
from output.jobs import told
from tests.conftest import ROOT, Recroise


class Web:
    """Serves what ``pages`` holds by path: a body, the status of an error, or headers with a body or beside a status."""

    def __init__(self) -> None:
        pages: dict[str, bytes | int | tuple[dict[str, str], bytes] | tuple[int, dict[str, str]]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = pages.get(self.path, 404)
                headers, content = content if isinstance(content, tuple) else ({}, content)
                if isinstance(headers, int):
                    headers, content = content, headers
                status = content if isinstance(content, int) else 302 if "Location" in headers else 200
                if headers.get("ETag", "") == self.headers["If-None-Match"]:
                    status, content = 304, b""
                self.send_response(status)
                for name, value in ({"Content-Type": "text/calendar; charset=utf-8"} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                if isinstance(content, bytes):
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.pages = pages
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server.server_address[1]


@pytest.fixture
def web() -> Iterator[Web]:
    served = Web()
    yield served
    served.server.shutdown()


def calendar(*events: str, count: int = 0) -> bytes:
    more = [f"{n}|CONFIRMED" for n in range(100, 100 + count)]
    lines = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20261203T183000Z\r\nSUMMARY:Rencontre {uid}\r\nSTATUS:{status}\r\n"
        f"DESCRIPTION:{'Venez. ' * 40}\r\nEND:VEVENT\r\n"
        for uid, _, status in (event.partition("|") for event in (*events, *more))
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{lines}END:VCALENDAR\r\n".encode()


def catalogue(folder: Path, web: Web, *names: str) -> Path:
    entries = [
        f'[[source]]\nid = "{name}"\nname = "{name}"\nurl = "http://127.0.0.1:{web.port}/{name}"\ncommunity = "agenda"\n'
        'region = "FR"\nprivate_network = true\nevery = "1h"\n'
        for name in names
    ]
    path = folder / "catalogue.toml"
    path.write_text("".join(entries))
    return path


def crawled(recroise: Recroise, data: Path, sources: Path, status: int = 0) -> dict[str, dict]:
    """Crawl, link and export; return the exported events by name, with the sources' list under ``sources``."""
    done = recroise("crawl", "--data", data, "--catalogue", sources)
    assert done.returncode == status, done.stderr
    link_data(data)
    export(data)
    graph = json.loads((data / "export" / "graph.json").read_bytes())
    return {node["name"]: node for node in graph["nodes"]}


def test_what_is_called_cancelled_is_cancelled_and_what_left_the_list_is_not(
    recroise: Recroise, web: Web, tmp_path: Path
) -> None:
    sources = catalogue(tmp_path, web, "agenda")
    web.pages["/agenda"] = calendar("1|CONFIRMED", "2|CONFIRMED", "3|CONFIRMED", count=4)
    before = crawled(recroise, tmp_path / "data", sources)
    assert len(before) == 7
    web.pages["/agenda"] = calendar("1|CONFIRMED", "2|CANCELLED", count=4)
    after = crawled(recroise, tmp_path / "data", sources)
    assert after["Rencontre 2"]["eventStatus"] == "EventCancelled"
    left = [{**each, "until": each["fetched"]} for each in before["Rencontre 3"]["sources"]]  # as long as it was seen
    assert after["Rencontre 3"] == before["Rencontre 3"] | {"sources": left}
    assert after["Rencontre 1"] == before["Rencontre 1"]
    changes = [json.loads(line) for line in (tmp_path / "data/export/changes.jsonl").read_bytes().splitlines()]
    assert [(each["change"], each["name"], each["fields"]) for each in changes if each["change"] != "added"] == [
        ("changed", "Rencontre 2", ["eventStatus"])
    ]


def test_what_a_failing_source_said_stays_and_is_marked_with_its_date(
    recroise: Recroise, web: Web, tmp_path: Path
) -> None:
    data, sources = tmp_path / "data", catalogue(tmp_path, web, "agenda", "well")
    web.pages |= {"/agenda": calendar("1|CONFIRMED"), "/well": calendar("2|CONFIRMED")}
    today = datetime.now(UTC).strftime("%Y-%m")
    before = crawled(recroise, data, sources)
    assert "stale" not in (data / "export" / "sources.json").read_text()
    web.pages["/agenda"] = 500
    assert crawled(recroise, data, sources, status=3) == before
    rows = {row["id"]: row for row in json.loads((data / "export" / "sources.json").read_bytes())}
    assert rows["agenda"]["state"] == "failing"
    health = json.loads((data / "export" / "health.json").read_bytes())
    assert (health["agenda"]["requests"], health["well"]["requests"]) == (3, 1)  # it was tried again, twice
    assert rows["agenda"]["stale"].startswith(today)
    assert "stale" not in rows["well"]


HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_a_budget_holds_for_what_was_asked_for_before_it_was_used_up(
    recroise: Recroise, web: Web, tmp_path: Path
) -> None:
    sources = catalogue(tmp_path, web, "agenda")
    sources.write_text(f'{sources.read_text()}follow = "/p/"\nmax_bytes = 1_000_000\n')
    web.pages["/agenda"] = HTML, "".join(f'<p><a href="/p/{n}">{n}</a></p>' for n in range(150)).encode()
    web.pages |= {f"/p/{n}": (HTML, f"<p>{n}</p><!--{' ' * 80_000}-->".encode()) for n in range(150)}
    done = recroise("crawl", "--data", tmp_path / "data", "--catalogue", sources, "--json")
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)["sources"][0]
    assert row["problems"] == ["agenda: stopped after max_bytes = 1000000; raise it in the catalogue if that is meant"]
    assert 1 < row["read"] < 60  # sixteen are on their way at once


def test_bytes_are_what_came_over_the_network(recroise: Recroise, web: Web, tmp_path: Path) -> None:
    sources = catalogue(tmp_path, web, "agenda", "failing")
    body = calendar(*(f"{n}|CONFIRMED" for n in range(400)))
    packed = gzip.compress(body)
    web.pages["/agenda"] = {"Location": "/there"}, b"x" * 10_000
    web.pages["/there"] = {"Content-Encoding": "gzip"}, packed
    web.pages["/failing"] = {"Content-Length": "9000"}, b"x" * 7_000  # breaks off, three times
    done = recroise("crawl", "--data", tmp_path / "data", "--catalogue", sources, "--json")
    brought = {row["id"]: row["bytes"] for row in json.loads(done.stdout)["sources"]}
    heads = 2_000  # the headers of a few answers
    assert 10_000 + len(packed) < brought["agenda"] < 10_000 + len(packed) + heads < len(body)
    assert 3 * 7_000 < brought["failing"] < 3 * 7_000 + heads


def test_a_server_that_asks_for_a_long_pause_is_left_alone_for_it(recroise: Recroise, web: Web, tmp_path: Path) -> None:
    sources = catalogue(tmp_path, web, "agenda")
    web.pages["/agenda"] = 429, {"Retry-After": str(3 * 86_400)}
    assert recroise("crawl", "--data", tmp_path / "data", "--catalogue", sources).returncode == 1
    with open_store(tmp_path / "data") as store:
        row = runs.table(store)["agenda"]
    wait = datetime.fromisoformat(row["next_try"]) - datetime.fromisoformat(row["last_run"])
    assert timedelta(days=3) <= wait < timedelta(days=3, hours=1)
    assert "Retry-After" in row["next_why"]


def test_whoever_objects_is_not_read_by_a_redirect_either(recroise: Recroise, web: Web, tmp_path: Path) -> None:
    data, sources = tmp_path / "data", catalogue(tmp_path, web, "agenda")
    web.pages |= {"/agenda": ({"Location": "/elsewhere/agenda"}, b""), "/elsewhere/agenda": calendar("1|CONFIRMED")}
    assert "Rencontre 1" in crawled(recroise, data, sources)
    (data / "objections.txt").write_text(f"http://127.0.0.1:{web.port}/elsewhere/\n")
    done = recroise("crawl", "--data", data, "--catalogue", sources, "--json")
    row = json.loads(done.stdout)["sources"][0]
    assert (row["state"], row["class"], row["read"]) == ("refused", "objection", 0)
    with open_store(data) as store:
        assert list(store.records(held=True)) == []


def test_a_reader_that_breaks_is_seen_and_stops_no_other_source(web: Web, tmp_path: Path) -> None:
    sources = catalogue(tmp_path, web, "agenda", "well")
    web.pages |= {"/agenda": calendar("1|CONFIRMED"), "/well": calendar("2|CONFIRMED")}
    breaking = (
        "from crawler import readers; read = readers.read\n"
        "def broken(document):\n"
        "    if 'agenda' in document.url: raise RecursionError('too deep')\n"
        "    return read(document)\n"
        "readers.read = broken\n"
        "from output.cli import main; main()"
    )
    command = [sys.executable, "-c", breaking, "crawl", "--data", tmp_path / "data", "--catalogue", sources, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 3, done.stderr
    rows = {row["id"]: row for row in json.loads(done.stdout)["sources"]}
    assert (rows["agenda"]["state"], rows["agenda"]["class"], rows["well"]["records"]) == ("failing", "unreadable", 1)
    assert "the reader broke (RecursionError: too deep)" in rows["agenda"]["reason"]


@pytest.mark.parametrize(
    ("validator", "wish"), [({"ETag": '"1"'}, {"X-Robots-Tag": "noindex"}), ({}, {"TDM-Reservation": "1"})]
)
def test_a_page_that_asks_not_to_be_kept_and_no_more_is_heard_though_it_says_the_same(
    recroise: Recroise, web: Web, tmp_path: Path, validator: dict[str, str], wish: dict[str, str]
) -> None:
    data, sources = tmp_path / "data", catalogue(tmp_path, web, "agenda")
    event = {"@context": "https://schema.org", "@type": "Event", "name": "Cantine", "startDate": "2026-11-20T19:00"}
    event["performer"] = {"@type": "Person", "name": "Gwenola Tanguy"}
    body = f'<p>Agenda</p><script type="application/ld+json">{json.dumps(event)}</script>'.encode()
    web.pages["/agenda"] = HTML | validator, body
    assert recroise("crawl", "--data", data, "--catalogue", sources).returncode == 0
    with open_store(data) as store:
        assert "Gwenola" in str([record.body for record in store.records()])
    web.pages["/agenda"] = HTML | validator | wish, body
    row = {}
    for _ in range(2):
        done = recroise("crawl", "--data", data, "--catalogue", sources, "--json")
        row = json.loads(done.stdout)["sources"][0]
    with open_store(data) as store:
        names = [record.body["name"] for record in store.records(held=True)]
        assert "Gwenola" not in str(list(store.states()))
    told = ("healthy", None, ["Cantine"]) if "X-Robots-Tag" in wish else ("refused", "objection", [])
    assert (row["state"], row["class"], names) == told
    web.pages["/agenda"] = HTML | validator, body  # it asks no more
    done = recroise("crawl", "--data", data, "--catalogue", sources, "--json")
    assert json.loads(done.stdout)["sources"][0]["state"] == "healthy"
    with open_store(data) as store:
        assert "Gwenola" in str([record.body for record in store.records()])


def test_a_source_without_an_address_does_not_stop_the_others(recroise: Recroise, web: Web, tmp_path: Path) -> None:
    sources = catalogue(tmp_path, web, "well")
    sources.write_text(sources.read_text().replace('id = "well"', 'id = "none"').replace(f"{web.port}/", "80:80/")
                       + catalogue(tmp_path, web, "well").read_text())  # fmt: skip
    web.pages["/well"] = calendar("2|CONFIRMED")
    done = recroise("crawl", "--data", tmp_path / "data", "--catalogue", sources, "--json")
    assert done.returncode == 3
    rows = {row["id"]: row for row in json.loads(done.stdout)["sources"]}
    assert (rows["none"]["class"], rows["well"]["records"]) == ("catalogue", 1)


@pytest.mark.parametrize("command", ["crawl", "export"])
def test_a_full_disk_is_one_line_nothing_is_lost_and_the_next_run_goes_on(
    recroise: Recroise, web: Web, tmp_path: Path, command: str
) -> None:
    data, sources = tmp_path / "data", catalogue(tmp_path, web, "agenda")
    web.pages["/agenda"] = calendar("1|CONFIRMED", "2|CONFIRMED")
    before = crawled(recroise, data, sources)
    web.pages["/agenda"] = calendar("1|CONFIRMED", "2|CONFIRMED", "3|CONFIRMED", count=300)
    options = ["--catalogue", str(sources)] if command == "crawl" else []
    if command == "export":
        assert recroise("crawl", "--data", data, "--catalogue", sources).returncode == 0
        link_data(data)
    published = (data / "export" / "graph.json").read_bytes()

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    code = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from output.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, command, "--data", str(data), *options],
        capture_output=True, text=True, check=False, cwd=ROOT, preexec_fn=little_room,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("recroise: ")
    assert "Traceback" not in done.stderr
    assert (data / "export" / "graph.json").read_bytes() == published
    after = crawled(recroise, data, sources)
    assert len(after) == len(before) + 301
    assert check(data).wrong == ()


def test_with_nothing_due_no_crawl_is_started_and_objections_hold_all_the_same(
    recroise: Recroise, web: Web, tmp_path: Path
) -> None:
    data, sources = tmp_path / "data", catalogue(tmp_path, web, "agenda")
    web.pages["/agenda"] = calendar("1|CONFIRMED")
    assert len(crawled(recroise, data, sources)) == 1
    (data / "objections.txt").write_text("127.0.0.1\n")
    code = (
        "import sys; from output.cli import main\n"
        "try: main()\n"
        "finally: print({'scrapy', 'twisted', 'crawler.spiders'} & set(sys.modules))"
    )
    words = ["crawl", "--due", "--data", str(data), "--catalogue", str(sources)]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["Nothing to read: no source was chosen, or none is due.", "set()"]
    link_data(data)
    export(data)
    assert json.loads((data / "export" / "graph.json").read_bytes())["nodes"] == []


@pytest.mark.parametrize("years", [2, -2])
def test_a_clock_that_jumps_loses_nothing(web: Web, tmp_path: Path, years: int) -> None:
    data, sources = tmp_path / "data", catalogue(tmp_path, web, "agenda")
    web.pages["/agenda"] = calendar("1|CONFIRMED", "2|CONFIRMED")
    code = (
        "import sys; from datetime import UTC, datetime, timedelta; from crawler import records\n"
        "days = int(sys.argv.pop(1))\n"
        "records.now = lambda: f'{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}'\n"
        "from output.cli import main; main()"
    )

    def crawl(days: int) -> subprocess.CompletedProcess[str]:
        words = [str(days), "crawl", "--data", str(data), "--catalogue", str(sources)]
        return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=ROOT)

    def dates() -> tuple[list[str], list[str]]:
        with open_store(data) as store:
            return [run.at for run in runs.past(store)["agenda"]], [each.first_seen for each in store.records()]

    assert crawl(0).returncode == 0
    before = dates()
    done = crawl(years * 365)
    if years < 0:
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith("recroise: the clock says ")
        assert dates() == before
        return
    assert done.returncode == 0
    assert max(dates()[0]) > before[0][-1]
    assert crawl(0).returncode == 0  # the clock is right again
    runs_after, seen = dates()
    assert len(runs_after) == 3
    assert runs_after == sorted(set(runs_after))
    assert max(runs_after) < f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}~"
    assert seen == before[1]


def test_another_instance_is_read_every_day_for_whom_it_was_asked_to_forget(
    recroise: Recroise, web: Web, tmp_path: Path
) -> None:
    source = {"id": "x", "url": "http://a.example/", "fetched": "2026-01-01", "licence": "CC0-1.0"}
    record = {"type": "Event", "name": "Open Coffee", "startDate": "2026-01-08", "source": source}
    web.pages["/records.jsonl"] = json.dumps(record).encode() + b"\n"
    done = recroise("add", f"http://127.0.0.1:{web.port}/records.jsonl", "--private", "--data", tmp_path)
    assert "best read as recroise" in done.stdout, done.stderr
    assert 'every = "1d"' in (tmp_path / "catalogue" / "mine.toml").read_text()


def test_what_is_kept_back_counts_as_read_and_is_told_with_what_to_do() -> None:
    counts = {"read": 1, "unchanged": 0, "bytes": 9, "new": 0, "changed": 0}
    rows = [
        {"id": "a", "state": "healthy", "reason": None, "suspicions": [], **counts},
        {"id": "b", "state": "shrinking", "reason": "shrunk", "suspicions": ["shrunk"], **counts},
        {"id": "c", "state": "failing", "reason": "the server answered 500", "suspicions": [], **counts},
    ]
    link = {"records": 1, "nodes": 1, "edges": 0, "unchanged": True}
    lines = told({"crawl": {"sources": rows}, "link": link, "export": []})
    assert lines[0].startswith("Read 2 of 3 sources")
    assert lines[1] == "  c (failing): the server answered 500"
    assert lines[2].startswith("  b (shrunk): ")
    assert lines[2].endswith("recroise sources --accept b")


@pytest.mark.parametrize(("waiting", "status"), [(0, 1), (2, 3)])
def test_all_that_were_due_failed_is_not_that_all_failed(waiting: int, status: int) -> None:
    failed = Outcome("a", failure="no answer")
    report = Report([SourceReport("a", Run("2026-01-01T00:00:00Z", "failing"), failed, Counts())], waiting=waiting)
    assert report.exit_code == status
