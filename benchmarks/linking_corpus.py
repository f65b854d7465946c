"""The corpus of developers' meetings (``corpus/linking``) as records: what the lookup benchmarks read, not the web.

``python -m benchmarks.linking_corpus DIR`` takes them through ``ingest``, ``link`` and ``export`` into a directory;
``prepared`` does the same for a benchmark and keeps the result from one run to the next.
"""

import argparse
import gzip
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
READ = "2026-11-01T00:00:00Z"

Json = dict[str, Any]


def lines(corpus: Path, name: str) -> Iterator[Json]:
    """Yield the objects of a JSON lines file of the corpus."""
    with gzip.open(corpus / "linking" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def records(corpus: Path) -> Iterator[Json]:
    """Yield every person, event and talk as a record. A talk is an event of its own, part of its conference."""
    for person in lines(corpus, "rubyevents_people"):
        yield _record("rubyevents", f"people/{person['slug']}", {"type": "Person", "name": person["name"]})
    for event in lines(corpus, "rubyevents_events"):
        yield from _conference("rubyevents", event, _town(event["location"], event["coordinates"]), event["series"])
    for event in lines(corpus, "pyvideo_events"):
        yield from _conference("pyvideo", event, None, None)
    for number, event in enumerate(lines(corpus, "confs_tech_events")):
        thing: Json = {"type": "Event", "name": event["name"], "about": event["topics"]}
        thing |= _dates(event["startDate"], event["endDate"])
        if event.get("city"):
            thing["location"] = _town(f"{event['city']}, {event.get('country') or ''}", None)
        yield _record("confs-tech", f"event/{number}", thing)


def _conference(source: str, event: Json, place: Json | None, series: str | None) -> Iterator[Json]:
    thing: Json = {"type": "Event", "id": event["id"], "name": event["title"]}
    thing |= _dates(event["start_date"], event["end_date"])
    whole = thing | ({"superEvent": {"type": "EventSeries", "name": series}} if series else {})
    yield _record(source, f"event/{event['id']}", whole | ({"location": place} if place else {}))
    for number, talk in enumerate(event["talks"]):
        part: Json = {"type": "Event", "id": f"{event['id']}/{number}", "name": talk["title"], "superEvent": thing}
        part |= _dates(talk.get("date") or talk.get("recorded"), None)
        if talk.get("tags"):
            part["keywords"] = talk["tags"][:20]
        part["performer"] = [{"type": "Person", "name": name} for name in dict.fromkeys(talk["speakers"]) if name]
        yield _record(source, f"event/{event['id']}/{number}", part)


def _dates(start: str | None, end: str | None) -> Json:
    if end and start and end < start:
        end = None  # one of them is mistaken
    return {key: value for key, value in (("startDate", start), ("endDate", end if start else None)) if value}


def _town(location: str | None, point: Json | None) -> Json | None:
    town, _, rest = (location or "").partition(", ")
    if not town or town.lower() == "online" or town == "Earth":
        return None
    address = {"addressLocality": town} | ({"addressCountry": rest.rpartition(", ")[2]} if rest else {})
    return {"type": "Place", "name": town, "address": address} | ({"geo": point} if point else {})


def _record(source: str, path: str, thing: Json) -> Json:
    kept = {key: value for key, value in thing.items() if value not in (None, [])}
    return kept | {"source": {"id": source, "url": f"https://{source}.example/{path}", "fetched": READ}}


def prepared(data: Path, corpus: Path = CORPUS) -> Path:
    """Return a data directory with the corpus linked and exported; made where it is not there yet."""
    if not (data / "graph.json").exists():
        data.mkdir(parents=True, exist_ok=True)
        path = data / "records.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in records(corpus))
        recroise("ingest", path, "--data", data)
        recroise("link", "--data", data)
    recroise("export", "--data", data, "--format", "index")
    return data


def recroise(*arguments: Any) -> str:
    """Run the command and return its standard output; what goes wrong ends the benchmark with the command's words."""
    command = [sys.executable, "-c", "from output.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"recroise {' '.join(itertools.islice(map(str, arguments), 4))}: {done.stderr[-2_000:]}")
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    options = parser.parse_args()
    print(prepared(options.data, options.corpus))


if __name__ == "__main__":
    main()
