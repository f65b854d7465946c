"""What the API, calendars, feeds and snippets take, beside Datasette's JSON of twenty rows of the same things.

``python benchmarks/api.py [--data DIR] [--corpus DIR]``

One request after the other over one connection, over the linked corpus (``--data`` keeps it), then the same with what
is there already (``If-None-Match``). The peer wants ``pip install datasette``; it is left out where it is not there.
Prints JSON; the last result is kept in ``benchmarks/results/api.json``.
"""

import argparse
import http.client
import json
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.linking_corpus import CORPUS, prepared, recroise  # noqa: E402
from benchmarks.processes import memory  # noqa: E402
from benchmarks.web import free_port, running, tables  # noqa: E402
from output.index import open_index  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "api.json"
COUNT = 100  # requests of each kind
TOWNS = ("Berlin", "Paris", "London", "Tokyo", "Sofia", "Chicago", "Krakow", "Singapore")


def questions(data: Path, chance: random.Random) -> dict[str, list[str]]:
    """Return what is asked, by kind."""
    with open_index(data) as index:
        query = "SELECT id, names FROM node WHERE type = ? ORDER BY id"
        people = chance.sample(list(index.rows(query, "Person")), COUNT)
        places = chance.sample([row[0] for row in index.rows(query, "Place")], COUNT)
    names = [row[1].split("\n")[0] for row in people]
    slips = [name[: len(name) // 2] + name[len(name) // 2 + 1 :] for name in names]
    return {
        "search": [f"/api/v1/search?q={quote(name)}" for name in names],
        "search with a slip": [f"/api/v1/search?q={quote(name)}" for name in slips],
        "facets": [f"/api/v1/facets?q={quote(name)}" for name in names],
        "met": [f"/api/v1/met?name={quote(name.split()[0])}&when=2018" for name in names[:40]],
        "node": [f"/api/v1/nodes/{row[0]}" for row in people],
        "neighbours": [f"/api/v1/nodes/{each}/neighbours" for each in [row[0] for row in people[:50]] + places[:50]],
        "events near": [f"/api/v1/events?near={town}" for town in TOWNS],
        "changes": ["/api/v1/changes?limit=100"] * 20,
        "calendar of a place": [f"/feeds/{place}.ics" for place in places],
        "feed of a place": [f"/feeds/{place}.atom" for place in places],
        "calendar of everything": ["/feeds/all.ics"] * 10,
        "calendar of a search": [f"/feeds/search.ics?q=ruby&near={town}" for town in TOWNS],
        "snippet": [f"/fr/embed/{place}/" for place in places],
    }


def asked(port: int, paths: Sequence[str]) -> dict[str, Any]:
    """Return percentiles of the time that each of some paths takes, and takes again where it is there already."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    first, again, sizes = [], [], []
    for path in paths:
        start = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        sizes.append(len(answer.read()))
        first.append(1_000 * (time.perf_counter() - start))
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status}")
        if tag := answer.headers["ETag"]:
            start = time.perf_counter()
            connection.request("GET", path, headers={"If-None-Match": tag})
            answer = connection.getresponse()
            answer.read()
            again.append(1_000 * (time.perf_counter() - start))
            if answer.status != 304:
                sys.exit(f"{path}: {answer.status} where 304 was due")
    cuts = statistics.quantiles(first, n=20)
    result = {"p50_ms": round(statistics.median(first), 2), "p95_ms": round(cuts[18], 2)}
    if again:
        result["unchanged_p50_ms"] = round(statistics.median(again), 2)
    return {**result, "median_bytes": round(statistics.median(sizes))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the linked corpus here")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    options = parser.parse_args()
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = prepared(options.data or Path(folder), options.corpus)
        recroise("export", "--data", data)
        chance, port = random.Random(0), free_port()
        kinds = questions(data, chance)
        command = [sys.executable, "-c", "from output.cli import main; main()", "serve", "--data", data]
        with running([*command, "--port", port, "--rate", 0], port, "/api/v1/health") as server:
            for kind, paths in kinds.items():
                result[kind] = asked(port, paths)
            result["mebibytes"] = memory(server.pid)
        peer = shutil.which("datasette", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        if peer:
            rows = [path.replace("/node?", "/node.json?") for path in tables(data, chance)[:COUNT]]
            command = [peer, "serve", "-i", data / "export" / "index.sqlite", "-p", port]
            with running(command, port, "/-/versions.json") as server:
                result["datasette, twenty rows"] = asked(port, rows)
                result["datasette_mebibytes"] = memory(server.pid)
    result["machine"] = {"python": platform.python_version(), "cores": os.cpu_count()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
