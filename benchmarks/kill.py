"""Kills ``recroise run`` at random moments and looks at what is left.

``python benchmarks/kill.py [--kills 60] [--seed 1]`` serves the sample web, makes a first good run, then kills runs,
each on a store from which some sources were taken so that there is something to do. After each kill the export must be
byte for byte the last good one or a whole new one, the database sound, and no lock held. Prints counts as JSON; exit
status 1 for any damage. The last result is kept in ``benchmarks/results/kill.json``.
"""

import argparse
import hashlib
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crawler.sampleweb.server import SampleWeb, catalogue  # noqa: E402
from output import IndexFileError, open_index, search  # noqa: E402
from output.exports.index import folder_of  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "kill.json"


def command(data: Path, sources: Path) -> list[str]:
    script = "from output.cli import main; main()"
    return [sys.executable, "-c", script, "run", "--data", str(data), "--catalogue", str(sources)]


def state(folder: Path) -> str:
    """Return a hash of what is published."""
    digest = hashlib.sha256()
    index = folder_of(folder / "index.sqlite")
    for path in sorted([*folder.glob("[!.]*.*"), *(index.iterdir() if index else ())]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def unmade(data: Path) -> None:
    """Take half of the sources and their pages out of the store, so that the next run has work to do."""
    with closing(sqlite3.connect(data / "store.sqlite")) as database:
        for table, key in (("record", "source"), ("page", "source"), ("source", "id")):
            database.execute(f"DELETE FROM {table} WHERE length({key}) % 2 = 0")
        database.commit()


def whole(folder: Path) -> bool:
    """Whether every published file can be read to its end."""
    try:
        json.loads((folder / "graph.json").read_bytes())
        json.loads((folder / "places.geojson").read_bytes())
        for line in (folder / "records.jsonl").read_bytes().splitlines():
            json.loads(line)
        with open_index(folder / "index.sqlite") as index:
            search(index, "karine")
        with closing(sqlite3.connect(folder / "index.sqlite")) as database:
            return database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except (OSError, ValueError, sqlite3.DatabaseError, IndexFileError):
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    moments = random.Random(options.seed)
    counts = {"kills": 0, "ended before": 0, "export unchanged": 0, "export renewed": 0, "damaged": 0}
    with tempfile.TemporaryDirectory() as folder, SampleWeb() as web:
        data, sources = Path(folder) / "data", Path(folder) / "sample.toml"
        sources.write_text(catalogue(web.port), encoding="utf-8")
        started = time.monotonic()
        subprocess.run(command(data, sources), check=False, capture_output=True, cwd=ROOT)
        length = time.monotonic() - started
        for _ in range(options.kills):
            unmade(data)
            before = state(data / "export")
            process = subprocess.Popen(
                command(data, sources), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                process.wait(timeout=moments.uniform(0.1, length))
                counts["ended before"] += 1
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                counts["kills"] += 1
            with closing(sqlite3.connect(data / "store.sqlite")) as database:
                sound = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            if not sound or not whole(data / "export"):
                counts["damaged"] += 1
            else:
                counts["export unchanged" if state(data / "export") == before else "export renewed"] += 1
        last = subprocess.run(command(data, sources), check=False, capture_output=True, text=True, cwd=ROOT)
    result = {**counts, "seconds of a whole run": round(length, 1), "last run's status": last.returncode}
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))
    sys.exit(bool(counts["damaged"]) or last.returncode not in (0, 3))


if __name__ == "__main__":
    main()
