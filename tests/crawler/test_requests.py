"""What a crawl asks for, watched on a server of our own on loopback."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.datadir import open_store

TDMREP = "/.well-known/tdmrep.json"
PAGES = 30  # of the list: more than the steps that links are followed in a row


class Handler(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]]
    reserved = b""  # the content of tdmrep.json

    def do_GET(self) -> None:
        accept = self.headers.get("Accept", "")
        type(self).asked.append(
            (self.path, "as2" if "activity+json" in accept and "text/html" not in accept else "page")
        )
        if self.path == "/robots.txt" or (self.path == TDMREP and not self.reserved):
            self.send_error(404)
            return
        body, kind = self.answer(accept)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, accept: str) -> tuple[bytes, str]:
        if self.path == TDMREP:
            return self.reserved, "application/json"
        if self.path.startswith("/list"):
            number = int(self.path.rpartition("=")[2] or 1)
            link = f'<a rel="next" href="/list?page={number + 1}">suite</a>' if number < PAGES else ""
            event = (
                f'<div class="h-event"><a class="p-name u-url" href="/e{number}">Rencontre {number}</a>'
                f'<time class="dt-start" datetime="2012-11-{number:02}T18:30">x</time></div>'
            )
            return f"<!doctype html><html><body>{event}{link}</body></html>".encode(), "text/html"
        here = f"http://{self.headers['Host']}{self.path}"
        if "text/html" in accept:
            head = f'<link rel="alternate" type="application/activity+json" href="{here}">'
            return f"<!doctype html><html><head>{head}</head><body>Rencontre</body></html>".encode(), "text/html"
        public = "https://www.w3.org/ns/activitystreams#Public"
        event = {
            "type": "Event",
            "id": here,
            "name": "Rencontre",
            "startTime": "2012-11-08T18:30:00+01:00",
            "to": public,
        }
        answer = {"@context": "https://www.w3.org/ns/activitystreams", **event}
        return json.dumps(answer).encode(), "application/activity+json"

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Handler.asked, Handler.reserved = [], b""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def crawl(server: ThreadingHTTPServer, path: str, folder: Path) -> dict[str, Any]:
    catalogue = folder / "one.toml"
    catalogue.write_text(
        f'[[source]]\nid = "one"\nname = "one"\nurl = "http://127.0.0.1:{server.server_port}{path}"\n'
        'region = "FR"\ncommunity = "agenda"\nprivate_network = true\n'
    )
    arguments = ["crawl", "--data", str(folder), "--catalogue", str(catalogue), "--json"]
    code = "from output.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    return json.loads(done.stdout)["sources"][0]


def test_a_list_is_read_to_its_last_page(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    assert crawl(server, "/list?page=1", tmp_path)["records"] == PAGES


def test_one_address_is_asked_for_as_a_page_and_as_data(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    source = crawl(server, "/rencontre", tmp_path)
    assert Handler.asked == [("/robots.txt", "page"), (TDMREP, "page"), ("/rencontre", "page"), ("/rencontre", "as2")]
    assert source["formats"] == {"page": 1, "activitypub": 1}
    assert source["records"] == 1


def test_what_a_host_reserves_is_asked_once_and_not_read(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    crawl(server, "/list?page=1", tmp_path)
    Handler.asked, Handler.reserved = [], b'[{"location": "/list?page=3*", "tdm-reservation": 1}]'
    source = crawl(server, "/list?page=1", tmp_path)
    assert [path for path, _ in Handler.asked].count(TDMREP) == 1
    assert "/list?page=3" not in [path for path, _ in Handler.asked]
    assert [line.partition(": ")[2] for line in source["problems"]] == ["its publisher reserves text and data mining"]
    with open_store(tmp_path) as store:
        names = {record.body["name"] for record in store.records()}
    assert "Rencontre 3" not in names  # of the first crawl
    assert "Rencontre 2" in names
    Handler.reserved = b'[{"location": "/", "tdm-reservation": 1}]'
    source = crawl(server, "/list?page=1", tmp_path)
    assert (source["state"], source["class"]) == ("refused", "objection")
    Handler.reserved = b'{"location": "/", "tdm-reservation": 1'  # no JSON
    assert crawl(server, "/list?page=1", tmp_path)["state"] != "refused"
