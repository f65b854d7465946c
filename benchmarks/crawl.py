"""Pages a second of the whole way (fetch, read JSON-LD, check, store) beside bare Scrapy on the same pages.

``python benchmarks/crawl.py [--pages 2000] [--rounds 3]`` serves event pages of 17 KB on loopback from a process of its
own, crawls them with both, in turn, each time in a fresh process, and prints the ratio of the medians as JSON.
The last result is kept in ``benchmarks/results/crawl.json``.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "crawl.json"
PAGE_BYTES = 17_000

BARE = """
import sys, scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    start_urls = [sys.argv[1]]
    pages = 0
    def parse(self, response):
        for href in response.css("a::attr(href)").getall():
            yield response.follow(href, self.page)
    def page(self, response):
        self.pages += 1
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "TELNETCONSOLE_ENABLED": False})
crawler = process.create_crawler(Bare)
process.crawl(crawler)
process.start()
print(crawler.spider.pages / crawler.stats.get_value("elapsed_time_seconds"), crawler.spider.pages)
"""

WHOLE = """
import sys
from pathlib import Path
from scrapy import signals
from crawler import run
stats = {}
original = run.CrawlerProcess.create_crawler
def create(self, spider):
    crawler = stats["crawler"] = original(self, spider)
    return crawler
run.CrawlerProcess.create_crawler = create
report = run.crawl(Path(sys.argv[2]), catalogue=[Path(sys.argv[1])])
(source,) = report.sources
assert source.counts.new == source.outcome.read - 1, source.to_json()
seconds = stats["crawler"].stats.get_value("elapsed_time_seconds")
print((source.outcome.read - 1) / seconds, source.outcome.read - 1)
"""


def page(number: int) -> str:
    """Return one event page: JSON-LD in the head, and the bulk of an ordinary page around it."""
    day = f"20{12 + number % 12}-{1 + number % 12:02}-{1 + number % 28:02}"
    data = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": f"Open Coffee n° {number}",
        "startDate": f"{day}T18:30:00+01:00",
        "endDate": f"{day}T20:00:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {
            "@type": "Place",
            "name": "La Cantine",
            "address": {"@type": "PostalAddress", "addressLocality": "Lorient", "postalCode": "56100"},
        },
        "organizer": {"@type": "Organization", "name": "Technopole"},
        "performer": [{"@type": "Person", "name": f"Personne Numéro{number}", "jobTitle": "directrice"}],
    }
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    row = '<div class="card"><h3>Une rencontre</h3><p>Du texte, des <em>mots</em> et <a>des liens</a>.</p></div>\n'
    body = row * ((PAGE_BYTES - len(head)) // len(row))
    return f"<!DOCTYPE html><html lang=fr><head><meta charset=utf-8><title>{number}</title>{head}</head><body>{body}"


def serve(pages: int, ready: "multiprocessing.Queue[int]") -> None:
    """Serve the pages for ever, from memory, with keep-alive: a server that is not what is measured."""

    def answer(body: bytes, status: str = "200 OK") -> bytes:
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    # Both find the pages in the same index: bare Scrapy by its links, the whole way by its list.
    items = [{"@type": "ListItem", "url": f"/event/{n}"} for n in range(pages)]
    data = {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items}
    links = "".join(f'<a href="/event/{n}">{n}</a>' for n in range(pages))
    index = f'<html><head><script type="application/ld+json">{json.dumps(data)}</script></head><body>{links}'
    answers = {f"/event/{n}".encode(): answer(page(n).encode()) for n in range(pages)} | {b"/": answer(index.encode())}
    missing = answer(b"", "404 Not Found")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                writer.write(answers.get(request.split(b" ", 2)[1], missing))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def measure(script: str, *arguments: str) -> float:
    """Return the pages a second that a script in a process of its own prints."""
    root = str(Path(__file__).resolve().parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
    )
    if done.returncode:
        sys.exit(done.stderr)
    return float(done.stdout.split()[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ready: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(options.pages, ready), daemon=True)
    server.start()
    address = f"http://127.0.0.1:{ready.get(timeout=30)}/"
    figures: dict[str, list[float]] = {"bare": [], "whole": []}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            catalogue = Path(folder) / "catalogue.toml"
            catalogue.write_text(
                f'[[source]]\nid = "bench"\nname = "bench"\nurl = "{address}"\ncommunity = "agenda"\nregion = "FR"\n'
                f"max_pages = {options.pages + 10}\nprivate_network = true\n"
            )
            figures["bare"].append(measure(BARE, address))
            figures["whole"].append(measure(WHOLE, str(catalogue), str(Path(folder) / "data")))
    server.terminate()
    medians = {name: statistics.median(values) for name, values in figures.items()}
    result = {
        "pages": options.pages,
        "page_bytes": PAGE_BYTES,
        "pages_per_second": {name: [round(value, 1) for value in values] for name, values in figures.items()},
        "ratio": round(medians["whole"] / medians["bare"], 3),
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
