"""How well pages that list events without any markup are read: beside what hand-written code for each site gives.

``python benchmarks/listings.py [--corpus FOLDER] [--half a|b] [--pages] [--wrong NAME]`` reads every page of the corpus
with the listing reader (calendars with theirs) and compares: an event is right when its start is, to the minute where
the page tells the time, else to the day. Prints a line a page (``--pages``) and a table a kind of container,
milliseconds a page and memory; the result is kept in ``benchmarks/results/listings.json``. ``--half`` takes the one or
the other random half of the pages: rules were made on half a, half b tells how they carry over.
"""

import argparse
import gzip
import html
import json
import os
import platform
import random
import re
import resource
import statistics
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crawler.catalogue import Source  # noqa: E402
from crawler.documents import Document, ReaderError  # noqa: E402
from crawler.listing import events_in  # noqa: E402
from crawler.readers.icalendar import Icalendar  # noqa: E402
from crawler.readers.listing import Listing  # noqa: E402
from crawler.saved import MEDIA_TYPES  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "listings"
RESULTS = Path(__file__).parent / "results" / "listings.json"
SEED = 4

# The publishers' places, as a catalogue would tell them: the folder of the corpus → region and zone.
PLACES = {"atl": ("US-GA", "America/New_York")}
ELSEWHERE = ("US-IL", "America/Chicago")


def pages(corpus: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((corpus / "gold.json").read_text(encoding="utf-8"))
    return sorted(rows, key=lambda row: row["file"])


def half(rows: list[dict[str, Any]], which: str | None) -> list[dict[str, Any]]:
    """Return all pages, or the random half of them that is asked for."""
    if which is None:
        return rows
    names = [row["file"] for row in rows]
    random.Random(SEED).shuffle(names)
    chosen = set(names[: len(names) // 2] if which == "a" else names[len(names) // 2 :])
    return [row for row in rows if row["file"] in chosen]


def document_of(row: dict[str, Any], corpus: Path) -> Document:
    name = row["file"].removesuffix(".gz")
    region, zone = PLACES.get(row["file"].partition("/")[0], ELSEWHERE)
    url = row["url"] or f"http://listing.example/{name}"
    source = Source(
        id="listing", name="listing", url=url, community="agenda", region=region, language="en", time_zone=zone
    )
    now = row["now"] or "2017-12-31"  # where the corpus does not tell, the year of the pages
    return Document(
        url=url,
        body=gzip.decompress((corpus / row["file"]).read_bytes()),
        fetched=f"{now[:10]}T12:00:00Z",
        source=source,
        content_type=MEDIA_TYPES.get(Path(name).suffix, "text/html"),
    )


def fold(text: str) -> str:
    """Return text without case, accents, spaces and punctuation, characters that are written as HTML's names read."""
    text = unicodedata.normalize("NFKD", html.unescape(text)).casefold()
    return "".join(c for c in text if c.isalnum())


def tells_time(moment: datetime, text: str) -> bool:
    """Whether the page's text has the clock time somewhere, in any of the usual ways to write it."""
    hour, minute = moment.hour, moment.minute
    if (hour, minute) == (0, 0):
        return False
    if (hour, minute) == (12, 0) and "noon" in text:
        return True
    twelve, half_day = hour % 12 or 12, "p" if hour >= 12 else "a"
    minutes = f"[:.]?{minute:02}" if minute else "(?:[:.]?00)?"
    patterns = (
        rf"\b0?{twelve}{minutes}(?:[:.]00)?\s*{half_day}\b",
        rf"\b0?{twelve}{minutes}(?:[:.]00)?\s*{half_day}\.?\s?m",
        rf"\b{hour:02}[:h]{minute:02}",
    )
    return any(re.search(pattern, text) for pattern in patterns)


def compare(row: dict[str, Any], records: list[dict[str, Any]], document: Document) -> dict[str, Any]:
    """Return the counts of one page: expected, given, right, right days, titles asked and titles right."""
    # In data a "<" may open anything.
    text = re.sub(r"<[^>]+>", " ", document.text) if document.is_html else document.text
    text = text.lower().replace("&nbsp;", " ").replace("\xa0", " ")
    told = re.sub(r"\\u([0-9a-f]{4})", lambda escaped: chr(int(escaped[1], 16)), text)  # as JSON has it
    folded = fold(re.sub(r"\\[nrt/]", " ", told))
    expected = []
    for item in row["items"]:
        start = datetime.fromisoformat(item["start"][:19])
        exact = not item.get("all_day") and tells_time(start, text)
        expected.append((start, exact, item))
    given = [(record["startDate"], record) for record in records if len(record.get("startDate", "")) >= 10]
    left = list(range(len(given)))
    pairs: list[tuple[int, dict[str, Any]]] = []
    missed: list[str] = []
    # Those told to the minute choose first; among equals the one with the same title.
    for start, exact, item in sorted(expected, key=lambda each: not each[1]):
        key = start.isoformat()[:16] if exact else start.isoformat()[:10]
        same = [n for n in left if given[n][0][: len(key)] == key]
        if not same:
            missed.append(f"{key} {item['title']}")
            continue
        best = max(
            same,
            key=lambda n: (
                fold(given[n][1]["name"]) == fold(item["title"]),
                given[n][0][:16] == start.isoformat()[:16],
            ),
        )
        left.remove(best)
        pairs.append((best, item))
    days = Counter(start.isoformat()[:10] for start, _, _ in expected) & Counter(start[:10] for start, _ in given)
    asked = [(n, item) for n, item in pairs if item["title"] and fold(item["title"]) in folded]
    titles = [(n, item) for n, item in asked if fold(given[n][1]["name"]) == fold(item["title"])]
    status = [(n, item) for n, item in pairs if item.get("status") == "cancelled"]
    ends = [
        (n, item) for n, item in pairs if item.get("end") and tells_time(datetime.fromisoformat(item["end"][:19]), text)
    ]
    places = [
        (n, item)
        for n, item in pairs
        if (item.get("location") or {}).get("name") and fold(item["location"]["name"]) in folded
    ]

    def place_of(record: dict[str, Any]) -> str:
        return fold(json.dumps(record.get("location", {}), ensure_ascii=False))

    return {
        "file": row["file"].partition("/")[2].partition(".")[0],
        "form": row["file"].removesuffix(".gz").rpartition(".")[2],
        "tier": row["tier"],
        "selective": row["selective"],
        "container": row["date_container"] or "other",
        "expected": len(expected),
        "given": len(given),
        "right": len(pairs),
        "days": days.total(),
        "titles": [len(titles), len(asked)],
        "cancelled": [sum("eventStatus" in given[n][1] for n, _ in status), len(status)],
        "ends": [sum(given[n][1].get("endDate", "")[:16] == item["end"][:16] for n, item in ends), len(ends)],
        "places": [sum(fold(item["location"]["name"]) in place_of(given[n][1]) for n, item in places), len(places)],
        "wrong": {
            "missed": missed,
            "extra": [f"{given[n][0][:16]} {given[n][1]['name'][:70]}" for n in left],
            "titles": sorted(
                {
                    f"{given[n][1]['name'][:60]!r} for {item['title'][:60]!r}"
                    for n, item in asked
                    if fold(given[n][1]["name"]) != fold(item["title"])
                }
            ),
        },
    }


def measure(row: dict[str, Any], corpus: Path, rounds: int = 1) -> dict[str, Any]:
    calendar = row["file"].endswith(".ics.gz")
    spent = []
    records: list[dict[str, Any]] = []
    for _ in range(rounds):
        document = document_of(row, corpus)  # anew: nothing parsed before
        begun = time.perf_counter()
        try:
            records = (Icalendar() if calendar else Listing()).read(document).records
        except ReaderError as error:
            print(error, file=sys.stderr)
        spent.append(time.perf_counter() - begun)
    result = compare(row, [record for record in records if record["type"] == "Event"], document)
    return {**result, "ms": round(1000 * min(spent), 1), "kb": len(document.body) // 1000}


def ratio(part: float, whole: float) -> float:
    return round(part / whole, 3) if whole else 0.0


def mean(values: list[float]) -> float | None:
    return round(statistics.fmean(values), 3) if values else None


def recall(row: dict[str, Any]) -> float:
    return ratio(row["right"], row["expected"])


def precision(row: dict[str, Any]) -> float:
    return ratio(row["right"], row["given"])


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures that the issue asks for: means over pages; titles over events and, beside, over pages."""
    whole = [row for row in rows if not row["selective"]]
    asked = [row for row in rows if row["titles"][1]]

    def share(name: str) -> float | None:
        part, all_ = (sum(row[name][n] for row in rows) for n in (0, 1))
        return ratio(part, all_) if all_ else None

    return {
        "pages": len(rows),
        "events": sum(row["expected"] for row in rows),
        "recall": mean([recall(row) for row in rows]),
        "precision": mean([precision(row) for row in whole]),
        "days": mean([ratio(row["days"], row["expected"]) for row in rows]),
        "titles": share("titles"),
        "titles_by_page": mean([ratio(*row["titles"]) for row in asked]),
        "cancelled": share("cancelled"),
        "ends": share("ends"),
        "places": share("places"),
    }


def table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    pages_ = [row for row in rows if row["form"] == "html"]
    groups: dict[str, list[dict[str, Any]]] = {
        "tier A, all": [row for row in rows if row["tier"] == "A"],
        "tier A, html": [row for row in pages_ if row["tier"] == "A"],
        "tier B, all": [row for row in rows if row["tier"] == "B"],
        "tier B, html": [row for row in pages_ if row["tier"] == "B"],
        "json, xml, ics": [row for row in rows if row["form"] != "html"],
    }
    containers = defaultdict(list)
    for row in pages_:
        containers[f"in: {row['container']}"].append(row)
    groups |= dict(sorted(containers.items()))
    return {name: summary(group) for name, group in groups.items() if group}


def calibration(rows: list[dict[str, Any]], corpus: Path) -> dict[str, list[float]]:
    """Return, by confidence, how many events are read, how many fall on a day that is expected, and the share."""
    counts: defaultdict[float, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        if row["selective"] or not row["file"].endswith(".html.gz"):
            continue
        days = {item["start"][:10] for item in row["items"]}
        for each in events_in(document_of(row, corpus)):
            count = counts[int(each.confidence * 10) / 10]
            count[0] += 1
            count[1] += each.day in days
    return {
        str(confidence): [*counts[confidence], ratio(counts[confidence][1], counts[confidence][0])]
        for confidence in sorted(counts)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--half", choices=("a", "b"))
    parser.add_argument("--pages", action="store_true", help="a line for every page")
    parser.add_argument("--wrong", metavar="NAME", help="what is missed and what is too much on the pages so called")
    parser.add_argument("--rounds", type=int, default=1, help="readings of each page; the fastest counts")
    options = parser.parse_args()
    if not options.corpus.exists():
        sys.exit(f"{options.corpus}: no corpus there; name one with --corpus")
    chosen = [row for row in half(pages(options.corpus), options.half) if (options.wrong or "") in row["file"]]
    rows = [measure(row, options.corpus, options.rounds) for row in chosen]
    if options.pages:
        for row in sorted(rows, key=lambda row: (row["tier"], row["form"], row["file"])):
            mark = "" if not row["selective"] else "selective"
            print(
                f"{row['tier']} {row['form']:5}{row['file'][:42]:43}{row['container']:8} "
                f"expected {row['expected']:3} given {row['given']:3} recall {recall(row):.2f} "
                f"precision {precision(row):.2f} days {ratio(row['days'], row['expected']):.2f} "
                f"titles {row['titles'][0]:2}/{row['titles'][1]:2} {row['ms']:6} ms {mark}"
            )
    if options.wrong:
        print(json.dumps([{"file": row["file"], **row["wrong"]} for row in rows], indent=1, ensure_ascii=False))
        return
    figures = table(rows)
    names = list(next(iter(figures.values())))
    print(f"{'':16}" + "".join(f"{name:>15}" for name in names))
    for group, values in figures.items():
        print(f"{group:16}" + "".join(f"{'–' if value is None else value:>15}" for value in values.values()))
    spent = [row["ms"] for row in rows if row["form"] == "html"]
    result = {
        "half": options.half or "both",
        "figures": figures,
        "confidence": calibration(chosen, options.corpus),
        "ms_a_page": {"median": statistics.median(spent), "mean": mean(spent), "most": max(spent)},
        "pages_a_second": round(1000 * len(spent) / sum(spent), 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
        "pages": [{name: value for name, value in row.items() if name != "wrong"} for row in rows],
    }
    print(json.dumps({name: value for name, value in result.items() if name not in ("figures", "pages")}))
    if options.half is None:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
