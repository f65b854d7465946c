"""Pages under load, beside Datasette with a table of the same things; their size, and what publishing costs.

``python benchmarks/web.py [--data DIR] [--parts serve size publish] [--seconds 10] [--rounds 3]``

Wants ``wrk`` (Debian: apt-get install wrk) and, for the peer, ``pip install datasette``. The graph is that of the
corpus, linked.
Fifty connections ask for the pages of nodes drawn at random, types in equal parts, in both languages; then, in
the same run and as often, Datasette for pages of twenty rows of the index's table of nodes, each from another row on.
wrk runs on the same cores as what it asks. Prints JSON; the last result is kept in ``benchmarks/results/web.json``.
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
from output.index import open_index  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "web.json"
TYPES = ("Person", "Place", "Event", "EventSeries", "Organization")
LANGUAGES = ("fr", "en")
CONNECTIONS = 50
ADDRESSES = 1_000
LARGEST = 200  # nodes with the most connections, whose pages are weighed besides

# wrk's own: each thread goes through all addresses in turn; at the end one line of JSON.
SCRIPT = """
local paths, at = {}, 0
for line in io.lines(os.getenv("ADDRESSES")) do paths[#paths + 1] = line end
function request() at = at % #paths + 1; return wrk.format("GET", paths[at]) end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.3f, "failed": %d, "p50_ms": %.2f, "p95_ms": %.2f, "p99_ms": %.2f}\\n',
    summary.requests, summary.duration / 1e6,
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


def tables(data: Path, count: int, chance: random.Random) -> list[str]:
    """Return the paths of Datasette's pages of twenty rows of the table of nodes."""
    with open_index(data) as index:
        (last,) = next(iter(index.rows("SELECT max(number) FROM node")))
    return [f"/index/node?_size=20&_next={chance.randrange(last)}" for _ in range(count)]


@contextmanager
def running(command: Sequence[str | Path], port: int, path: str) -> Iterator[subprocess.Popen[bytes]]:
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


def load(port: int, paths: Sequence[str], seconds: int) -> dict[str, Any]:
    """Put fifty clients to a server; return requests a second and percentiles of their times."""
    with tempfile.TemporaryDirectory() as folder:
        script, listed = Path(folder) / "load.lua", Path(folder) / "addresses.txt"
        script.write_text(SCRIPT)
        listed.write_text("\n".join(paths) + "\n")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{port}"]
        done = subprocess.run(command, env={**os.environ, "ADDRESSES": str(listed)}, capture_output=True, text=True)
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
    if line is None:
        sys.exit(f"wrk gave no result: {done.stdout[-500:]} {done.stderr[-500:]}")
    result: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    return {"requests_per_second": round(result["requests"] / result["seconds"], 1)} | result


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


def memory(server: subprocess.Popen[bytes]) -> int:
    """Return the peak resident memory of a server and its children, in MiB."""
    total = 0
    pids = [server.pid]
    while pids:
        pid = pids.pop()
        status = Path(f"/proc/{pid}/status").read_text()
        total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return round(total / 1024)


def served(data: Path, options: argparse.Namespace) -> dict[str, Any]:
    chance = random.Random(0)
    pages, rows = addresses(data, ADDRESSES, chance), tables(data, ADDRESSES, chance)
    ours, theirs = free_port(), free_port()
    command = [sys.executable, "-c", "from output.cli import main; main()", "serve", "--data", data, "--port", ours]
    command += options.serve.split()
    peer = shutil.which("datasette", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    rounds: dict[str, list[dict[str, Any]]] = {"recroise": [], "datasette": []}
    result: dict[str, Any] = {"connections": CONNECTIONS, "addresses": len(pages), "options": options.serve}
    for _ in range(options.rounds):
        with running(command, ours, pages[0]) as server:
            result["one_at_a_time"] = single(ours, pages)
            rounds["recroise"].append(load(ours, pages, options.seconds))
            result["recroise_mebibytes"] = memory(server)
        if peer:
            asked = [
                peer,
                "serve",
                "-i",
                data / "export" / "index.sqlite",
                "-p",
                theirs,
                "--setting",
                "suggest_facets",
                "off",
            ]
            with running(asked, theirs, "/-/versions.json") as server:
                result["datasette_one_at_a_time"] = single(theirs, rows[:200])
                rounds["datasette"].append(load(theirs, rows, options.seconds))
                result["datasette_mebibytes"] = memory(server)
    for name, runs in rounds.items():
        if runs:
            middle = sorted(runs, key=lambda run: run["requests_per_second"])[len(runs) // 2]
            result[name] = middle | {"rounds": [run["requests_per_second"] for run in runs]}
    if peer:
        rates = [result[name]["requests_per_second"] for name in ("recroise", "datasette")]
        result["times_the_peer"] = round(rates[0] / rates[1], 2)
    return result


def sizes(data: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return how heavy pages are: a random thousand, and those of the nodes with the most connections."""
    pages = addresses(data, ADDRESSES, random.Random(1))
    with open_index(data) as index:
        largest = [row[0] for row in index.rows(f"SELECT id FROM node ORDER BY links DESC, id LIMIT {LARGEST}")]
    pages += [f"/fr/{node}/" for node in largest]
    pages += [f"/{language}/{page}" for language in LANGUAGES for page in ("", "search/?q=python", "met/", "sources/")]
    port = free_port()
    command = [sys.executable, "-c", "from output.cli import main; main()", "serve", "--data", data, "--port", port]
    command += options.serve.split()
    with running(command, port, pages[0]):
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
            start = time.perf_counter()
            recroise("publish", Path(folder) / "site", "--data", data)
            seconds = time.perf_counter() - start
            files = [path.stat() for path in (Path(folder) / "site").rglob("*") if path.is_file()]
            written = sum(each.st_mtime > time.time() - seconds - 1 for each in files)
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
