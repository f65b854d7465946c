"""Pages under load, beside Datasette with a table of the same things; their size, and what publishing costs.

``python benchmarks/web.py [--data DIR] [--parts serve size publish] [--seconds 10] [--rounds 3]``

Wants ``wrk`` (Debian: apt-get install wrk) and, for the peer, ``pip install 'recroise[bench]'``. The graph is the
linked corpus. Fifty connections ask for the pages of nodes drawn at random, in both languages, and in the same run
and as often Datasette for pages of twenty rows of the index's table of nodes, each from another row on; of both packed,
as browsers ask (``kb`` is what went over the wire for one answer). wrk runs on the same cores as what it asks. Three
loads:

* ``new``: as fast as answers come, each page for the first time: none can have been kept;
* ``paced``: the same, but clients that wait in between, so that some three hundred pages are asked for a second;
* ``again``: as fast as answers come, a thousand pages (types in equal parts) that were all asked for before.

Prints JSON; the last result is kept in ``benchmarks/results/web.json``.
"""

import argparse
import gzip
import json
import os
import platform
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.linking_corpus import CORPUS, prepared, recroise  # noqa: E402
from benchmarks.processes import memory, processor  # noqa: E402
from output.index import open_index  # noqa: E402

Load = dict[str, Any]
# The command, its port, an address that answers, all addresses, and those that are asked for again and again.
Server = tuple[Sequence[str | Path | int], int, str, Sequence[str], Sequence[str]]
RESULTS = ROOT / "benchmarks" / "results" / "web.json"
TYPES = ("Person", "Place", "Event", "EventSeries", "Organization")
LANGUAGES = ("fr", "en")
CONNECTIONS = 50
ADDRESSES = 1_000
MOST = 3_000  # pages a second, which nobody reaches
WARM = 3  # seconds in which all of a thousand are asked for first
PACE = 320  # pages a second that fifty clients would ask for where answers took no time
SERVE = (sys.executable, "-c", "from output.cli import main; main()", "serve")
LARGEST = 200  # nodes with the most connections, whose pages are weighed besides

# wrk's own: each thread goes through all addresses in turn, and takes gzip as browsers do; at the end one line of JSON.
SCRIPT = """
local paths, at = {}, 0
for line in io.lines(os.getenv("ADDRESSES")) do paths[#paths + 1] = line end
wrk.headers["Accept-Encoding"] = "gzip"
function request() at = at % #paths + 1; return wrk.format("GET", paths[at]) end
if os.getenv("WAIT") ~= "0" then
  function delay() return math.random(0, 2 * os.getenv("WAIT")) end
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.3f, "kb": %.1f, "failed": %d, ' ..
    '"p50_ms": %.2f, "p95_ms": %.2f, "p99_ms": %.2f}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes / summary.requests / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
"""


def addresses(data: Path, count: int, chance: random.Random) -> list[str]:
    """Return the paths of pages of nodes: types in equal parts as far as there are as many, both languages."""
    with open_index(data) as index:
        found = []
        for kind in TYPES:
            ids = [row[0] for row in index.rows("SELECT id FROM node WHERE type = ? ORDER BY id", kind)]
            found += chance.sample(ids, min(len(ids), count // len(TYPES)))
    chance.shuffle(found)
    return [f"/{LANGUAGES[number % 2]}/{node}/" for number, node in enumerate(found)]


def everything(data: Path, chance: random.Random) -> list[str]:
    """Return the paths of the pages of all nodes, in both languages, each once, in any order."""
    with open_index(data) as index:
        found = [f"/{lang}/{row[0]}/" for row in index.rows("SELECT id FROM node ORDER BY id") for lang in LANGUAGES]
    chance.shuffle(found)
    return found


def tables(data: Path, chance: random.Random) -> list[str]:
    """Return the paths of Datasette's pages of twenty rows of the table of nodes, from each row on once."""
    with open_index(data) as index:
        (last,) = next(iter(index.rows("SELECT max(number) FROM node")))
    return [f"/index/node?_size=20&_next={number}" for number in chance.sample(range(last), last)]


@contextmanager
def running(command: Sequence[str | Path | int], port: int, path: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until it answers, and to the end of the block."""
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen([*map(str, command)], cwd=ROOT, stdout=log, stderr=log)
        try:
            for _ in range(300):
                if server.poll() is not None:
                    log.seek(0)
                    sys.exit(f"{command[0]} ended: {log.read().decode()[-2_000:]}")
                try:
                    fetched(port, path)
                    break
                except OSError:
                    time.sleep(0.1)
            yield server
        finally:
            server.terminate()
            server.wait(10)


def fetched(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return bytes(answer.read())


def free_port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def load(server: subprocess.Popen[bytes], port: int, paths: Sequence[str], seconds: int, pace: int = 0) -> Load:
    """Put fifty clients to a server; return requests a second, percentiles of their times, and processor time."""
    wait = round(1_000 * CONNECTIONS / pace) if pace else 0
    with tempfile.TemporaryDirectory() as folder:
        script, listed = Path(folder) / "load.lua", Path(folder) / "addresses.txt"
        script.write_text(SCRIPT)
        listed.write_text("\n".join(paths) + "\n")
        command: list[str | Path] = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "-s",
            script,
            f"http://127.0.0.1:{port}",
        ]
        begun = processor(server.pid)
        environment = {**os.environ, "ADDRESSES": str(listed), "WAIT": str(wait)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        spent = processor(server.pid) - begun
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
    if line is None:
        sys.exit(f"wrk gave no result: {done.stdout[-500:]} {done.stderr[-500:]}")
    result: Load = json.loads(line.removeprefix("RESULT "))
    rate = {"requests_per_second": round(result["requests"] / result["seconds"], 1)}
    return rate | result | {"processor_ms": round(1_000 * spent / result["requests"], 2)}


def single(port: int, paths: Sequence[str]) -> dict[str, float]:
    """Return what one request alone takes, one after the other over one connection."""
    import httpx

    times = []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for path in paths:
            start = time.perf_counter()
            client.get(path).raise_for_status()
            times.append(1_000 * (time.perf_counter() - start))
    cuts = statistics.quantiles(times, n=100)
    return {"p50_ms": round(cuts[49], 2), "p95_ms": round(cuts[94], 2), "p99_ms": round(cuts[98], 2)}


def served(data: Path, options: argparse.Namespace) -> dict[str, Any]:
    chance = random.Random(0)
    some, pages, rows = addresses(data, ADDRESSES, chance), everything(data, chance), tables(data, chance)
    ours, theirs = free_port(), free_port()
    command = [*SERVE, "--data", data, "--port", ours, *options.serve.split()]
    peer = shutil.which("datasette", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    index = data / "export" / "index.sqlite"
    asked: list[str | Path | int] = ["serve", "-i", index, "-p", theirs, "--setting", "suggest_facets", "off"]
    runs: dict[str, dict[str, list[Load]]] = {}
    result: dict[str, Any] = {"connections": CONNECTIONS, "nodes": len(pages) // 2, "options": options.serve}
    servers: dict[str, Server] = {"recroise": (command, ours, "/en/", pages, some)}
    if peer:
        servers["datasette"] = ([peer, *asked], theirs, "/-/versions.json", rows, rows[:ADDRESSES])
    for _ in range(options.rounds):
        for name, (begin, port, first, each, several) in servers.items():
            held = runs.setdefault(name, {"new": [], "paced": [], "again": []})
            unasked = each[options.seconds * MOST :]
            with running(begin, port, first) as server:
                result[f"{name}_one_at_a_time"] = single(port, several[:200])
                held["new"].append(load(server, port, each[: options.seconds * MOST], options.seconds))
                held["paced"].append(load(server, port, unasked, options.seconds, PACE))
                load(server, port, several, WARM)
                held["again"].append(load(server, port, several, options.seconds))
                result[f"{name}_mebibytes"] = memory(server.pid)
    for name, loads in runs.items():
        for kind, measured in loads.items():
            ordered = sorted(measured, key=lambda run: run["requests_per_second"])
            rates = [run["requests_per_second"] for run in measured]
            result.setdefault(name, {})[kind] = ordered[len(measured) // 2] | {"rounds": rates}
    if peer:
        rate = {name: result[name]["new"]["requests_per_second"] for name in runs}
        result["times_the_peer"] = round(rate["recroise"] / rate["datasette"], 2)
    return result


def sizes(data: Path, _: argparse.Namespace) -> dict[str, Any]:
    """Return how heavy pages are: a random thousand, and those of the nodes with the most connections."""
    pages = addresses(data, ADDRESSES, random.Random(1))
    with open_index(data) as index:
        largest = [row[0] for row in index.rows(f"SELECT id FROM node ORDER BY links DESC, id LIMIT {LARGEST}")]
    pages += [f"/fr/{node}/" for node in largest]
    pages += [f"/{language}/{page}" for language in LANGUAGES for page in ("", "search/?q=python", "met/", "sources/")]
    port = free_port()
    with running([*SERVE, "--data", data, "--port", port], port, pages[0]):
        weights = {path: fetched(port, path) for path in pages}
    heaviest = max(weights, key=lambda path: len(weights[path]))
    return {
        "pages": len(pages),
        "median_kb": round(statistics.median(map(len, weights.values())) / 1_000, 1),
        "most_kb": round(len(weights[heaviest]) / 1_000, 1),
        "most_compressed_kb": round(max(len(gzip.compress(each, 6)) for each in weights.values()) / 1_000, 1),
        "heaviest": heaviest,
    }


def published(data: Path, _: argparse.Namespace) -> dict[str, Any]:
    """Publish everything, then once more: seconds, files, and how many of them the second time wrote."""
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for time_ in ("first", "second"):
            start, begun = time.perf_counter(), time.time()
            recroise("publish", Path(folder) / "site", "--data", data)
            seconds = time.perf_counter() - start
            files = [path.stat() for path in (Path(folder) / "site").rglob("*") if path.is_file()]
            written = sum(each.st_mtime >= begun - 0.1 for each in files)
            result[time_] = {"seconds": round(seconds, 1), "files": len(files), "written": written}
            result["mebibytes"] = round(sum(each.st_size for each in files) / 2**20)
            time.sleep(2)  # file times tell the two apart
    return result


PARTS = {"serve": served, "size": sizes, "publish": published}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the linked corpus here")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", default="", help="more options for 'recroise serve'")
    options = parser.parse_args()
    result: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if "serve" in options.parts and not shutil.which("wrk"):
        sys.exit("wrk: not installed; apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        data = prepared(options.data or Path(folder), options.corpus)
        recroise("export", "--data", data)
        for part in options.parts:
            result[part] = PARTS[part](data, options)
    result["machine"] = {"python": platform.python_version(), "cores": os.cpu_count()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
