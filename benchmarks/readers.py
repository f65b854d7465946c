"""Documents a second of each reader beside its bare library, on the same documents, in turn, in one process.

``python benchmarks/readers.py [--rounds 7] [--seconds 0.4]`` makes its documents itself, prints the table as JSON, and
keeps it in ``benchmarks/results/readers.json``. ``overhead`` is the reader's time over the library's: the median over
rounds in which both run one after the other. Where it is above 1.3 the row says what the reader does that the library
does not.
``saved`` is a plain table: documents a second of every reader over its saved documents in ``tests/readers/saved``, beside
orjson where they are JSON.
"""

# ruff: noqa: E501 (documents are written on one line)

import argparse
import io
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import feedparser  # noqa: E402
import icalendar  # noqa: E402
import mf2py  # noqa: E402
import mwparserfromhell  # noqa: E402
import orjson  # noqa: E402
import recurring_ical_events  # noqa: E402
from extruct.w3cmicrodata import MicrodataExtractor  # noqa: E402
from parsel import Selector  # noqa: E402

from crawler import readers  # noqa: E402
from crawler.catalogue import Source  # noqa: E402
from crawler.documents import Document, ReaderError  # noqa: E402
from crawler.vcalendar import FUTURE, PAST  # noqa: E402
from tests.readers.golden import cases, document_of  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "readers.json"
LIMIT = 1.3
TODAY = date(2012, 11, 20)
WORDS = (
    "café coworking cantine rencontre numérique atelier hackerspace apéro fablab barcamp ville Bretagne quai".split()
)


def words(count: int, seed: int) -> str:
    return " ".join(WORDS[(seed * 7 + each * 5) % len(WORDS)] for each in range(count))


def page(head: str, main: str, size: int = 17_000) -> bytes:
    """Return a page of ``size`` bytes as sites have them: menus, styles and text around what is read."""
    menu = "".join(f'<li><a href="/rubrique/{each}">{words(2, each)}</a></li>' for each in range(40))
    start = f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Agenda</title>{head}</head><body><nav><ul>{menu}</ul></nav><main>{main}'
    text = "".join(f'<div class="bloc b{each}"><p>{words(30, each)}</p></div>' for each in range(200))
    return (start + text)[: size - 40].rpartition("</div>")[0].encode() + b"</div></main></body></html>"


def event(number: int) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": f"Open Coffee {number}",
        "url": f"http://saved.example/e/{number}",
        "startDate": f"2012-{number % 12 + 1:02}-08T18:30:00+01:00",
        "endDate": f"2012-{number % 12 + 1:02}-08T20:00:00+01:00",
        "description": words(60, number),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "La Cantine",
            "address": {"@type": "PostalAddress", "streetAddress": "4 rue Neuve", "addressLocality": "Rennes"},
            "geo": {"@type": "GeoCoordinates", "latitude": 48.1, "longitude": -1.6},
        },
        "organizer": {"@type": "Organization", "name": "Les Locos", "url": "http://saved.example/"},
    }


def jsonld() -> bytes:
    block = json.dumps({"@context": "https://schema.org", **event(1)})
    return page(f'<script type="application/ld+json">{block}</script>', "<h1>Open Coffee</h1>")


def microdata() -> bytes:
    one = '<div itemscope itemtype="https://schema.org/Event"><h2 itemprop="name">Open Coffee {0}</h2><a itemprop="url" href="/e/{0}">voir</a><time itemprop="startDate" datetime="2012-11-08T18:30">8 novembre</time><div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">La Cantine</span><div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><span itemprop="addressLocality">Rennes</span></div></div><p itemprop="description">{1}</p></div>'
    return page("", "".join(one.format(each, words(20, each)) for each in range(8)))


def microformats(old: bool) -> Callable[[], bytes]:
    new = '<div class="h-event"><h2 class="p-name">Open Coffee {0}</h2><a class="u-url" href="/e/{0}">voir</a><time class="dt-start" datetime="2012-11-08T18:30">8 novembre</time><span class="p-location h-card"><span class="p-name">La Cantine</span> <span class="p-locality">Rennes</span></span><p class="p-summary">{1}</p></div>'
    classic = '<div class="vevent"><h2 class="summary">Open Coffee {0}</h2><a class="url" href="/e/{0}">voir</a><abbr class="dtstart" title="2012-11-08T18:30">8 novembre</abbr><span class="location vcard"><span class="fn">La Cantine</span> <span class="adr"><span class="locality">Rennes</span></span></span><p class="description">{1}</p></div>'
    return lambda: page("", "".join((classic if old else new).format(each, words(20, each)) for each in range(8)))


def feed() -> bytes:
    item = "<item><title>Open Coffee {0}</title><link>http://saved.example/b/{0}</link><guid>http://saved.example/b/{0}</guid><dc:creator>Ada Le Gall</dc:creator><pubDate>Thu, 08 Nov 2012 18:30:00 +0100</pubDate><category>cantine</category><description>{1}</description><content:encoded><![CDATA[<p>{2}</p>]]></content:encoded></item>"
    items = "".join(item.format(each, words(40, each), words(200, each)) for each in range(30))
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Blog</title><link>http://saved.example/</link>{items}</channel></rss>'.encode()


def calendar(count: int, rule: str = "") -> Callable[[], bytes]:
    def made() -> bytes:
        blocks = "".join(
            f"BEGIN:VEVENT\r\nUID:{each}\r\nDTSTAMP:20121001T120000Z\r\nSUMMARY:Open Coffee {each}\r\n"
            f"DTSTART;TZID=Europe/Paris:2012{each % 12 + 1:02}08T183000\r\nDTEND;TZID=Europe/Paris:2012{each % 12 + 1:02}08T200000\r\n"
            f"{rule}LOCATION:La Cantine\\, 4 rue Neuve\\, 35000 Rennes\r\nURL:http://saved.example/e/{each}\r\n"
            f"CATEGORIES:café,cantine\r\nORGANIZER;CN=Les Locos:mailto:a@saved.example\r\nDESCRIPTION:{words(30, each)}\r\nEND:VEVENT\r\n"
            for each in range(count)
        )
        return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//FR\r\n{blocks}END:VCALENDAR\r\n".encode()

    return made


def wiki() -> bytes:
    box = "{{Hackerspace|logo=x.png|country=France|city=Rennes|coordinate=48.1, -1.6|membercount=20|fee=10|website=http://saved.example/|status=active}}\n"
    text = box + "".join(
        f"== {words(3, each)} ==\n{words(60, each)} [[Category:x]] '''{words(2, each)}'''\n" for each in range(15)
    )
    return orjson.dumps({"parse": {"title": "La Loco", "pageid": 4, "wikitext": text}})


def listing() -> bytes:
    nodes = {"@context": "https://schema.org", "@graph": [event(each) for each in range(50)]}
    return orjson.dumps(nodes)


@dataclass(frozen=True)
class Pair:
    """One kind of document, and what the bare library does with it. ``why`` justifies an overhead above the limit."""

    name: str
    make: Callable[[], bytes]
    url: str
    content_type: str
    bare: Callable[[bytes], Any]
    whole: bool = False
    why: str = ""


def bare_feed(body: bytes) -> Any:
    return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)["entries"]


def bare_calendar(body: bytes) -> Any:
    return [each["DTSTART"].dt for each in icalendar.Calendar.from_ical(body).walk("VEVENT")]


def bare_series(body: bytes) -> Any:
    return recurring_ical_events.of(icalendar.Calendar.from_ical(body)).between(TODAY - PAST, TODAY + FUTURE)


def bare_jsonld(body: bytes) -> Any:
    found = Selector(text=body.decode()).css('script[type="application/ld+json"]::text').getall()
    return [json.loads(each) for each in found]


def bare_wiki(body: bytes) -> Any:
    return mwparserfromhell.parse(orjson.loads(body)["parse"]["wikitext"]).filter_templates()


MAPPED = "the library ends at a tree of dictionaries; the reader makes records of them: checked times with their zone, places, links"

ASKED = "every reader is asked whether it knows the page, and the page where else it leads: calendars, feeds, platforms, robots"

PAIRS = [
    Pair("jsonld page, whole reading", jsonld, "http://saved.example/e", "text/html", bare_jsonld, whole=True, why=ASKED),
    Pair("jsonld page", jsonld, "http://saved.example/e", "text/html", bare_jsonld),
    Pair("jsonld document of 50 events", listing, "http://saved.example/e", "application/ld+json", orjson.loads, why=f"{MAPPED}; orjson is C"),
    Pair("microdata", microdata, "http://saved.example/e", "text/html", lambda body: MicrodataExtractor().extract(body.decode()), why=MAPPED),
    Pair("microformats", microformats(False), "http://saved.example/e", "text/html", lambda body: mf2py.parse(doc=body.decode(), url="http://saved.example/e")),
    Pair("microformats, old", microformats(True), "http://saved.example/e", "text/html", lambda body: mf2py.parse(doc=body.decode(), url="http://saved.example/e")),
    Pair("feed", feed, "http://saved.example/f", "application/rss+xml", bare_feed),
    Pair("icalendar, 50 events", calendar(50), "http://saved.example/c", "text/calendar", bare_calendar, why=f"{MAPPED}; broken lines are mended first"),
    Pair("icalendar, 10 weekly series", calendar(10, "RRULE:FREQ=WEEKLY\r\n"), "http://saved.example/c", "text/calendar", bare_series, why=f"{MAPPED}; 79 a series"),
    Pair("mediawiki", wiki, "http://saved.example/api.php", "application/json", bare_wiki),
]  # fmt: skip


SOURCE = Source(id="bench", name="bench", url="http://saved.example/", community="agenda", region="FR")


def fresh(pair: Pair, body: bytes) -> Document:
    return Document(pair.url, body, f"{TODAY}T09:00:00Z", SOURCE, pair.content_type)


def rate(once: Callable[[], object], seconds: float) -> float:
    """Return how often a second ``once`` runs."""
    began = time.perf_counter()
    count = 0
    while (spent := time.perf_counter() - began) < seconds:
        once()
        count += 1
    return count / spent


def measure(pair: Pair, rounds: int, seconds: float) -> dict[str, Any]:
    body = pair.make()
    document = fresh(pair, body)
    reader, _ = readers.recognise(document)[0]
    records = len((readers if pair.whole else reader).read(document).records)
    assert records, f"{pair.name}: nothing was read"

    def ours() -> object:
        return (readers if pair.whole else reader).read(fresh(pair, body))

    def bare() -> object:
        return pair.bare(body)

    figures = [(rate(bare, seconds), rate(ours, seconds)) for _ in range(rounds)]
    overhead = statistics.median(one / other for one, other in figures)
    row: dict[str, Any] = {
        "reader": reader.name,
        "bytes": len(body),
        "records": records,
        "documents_per_second": round(statistics.median(other for _, other in figures), 1),
        "library_per_second": round(statistics.median(one for one, _ in figures), 1),
        "overhead": round(overhead, 2),
    }
    if overhead > LIMIT:
        row["why"] = pair.why or "not justified"
    return row


def saved(seconds: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield, for each reader, how fast its saved documents are read."""
    documents: dict[str, list[Document]] = {}
    for case in cases():
        documents.setdefault(case.parent.name, []).append(document_of(case))
    for name, all_ in documents.items():
        reader = readers.READERS[name]

        def every(reader: Any = reader, all_: list[Document] = all_) -> None:
            for each in all_:
                copy = Document(each.url, each.body, each.fetched, each.source, each.content_type, asked=each.asked)
                try:
                    reader.read(copy)
                except ReaderError:  # a saved document may be one that is refused
                    continue

        row: dict[str, Any] = {
            "documents": len(all_),
            "bytes": sum(len(each.body) for each in all_),
            "documents_per_second": round(rate(every, seconds) * len(all_), 1),
        }
        if all(each.json is not None for each in all_):
            # Nothing but a parser written in C is beside these: the rest is what records are made with.
            parsed = rate(lambda all_=all_: [orjson.loads(each.body) for each in all_], seconds)
            row["orjson_per_second"] = round(parsed * len(all_), 1)
        yield name, row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.4, help="of one measurement")
    options = parser.parse_args()
    pairs = {pair.name: measure(pair, options.rounds, options.seconds) for pair in PAIRS}
    result = {
        "readers": pairs,
        "above_limit": [name for name, row in pairs.items() if "why" in row],
        "jsonld_page_of_parsel_and_json": round(1 / pairs["jsonld page"]["overhead"], 2),
        "saved": dict(saved(options.seconds)),
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
