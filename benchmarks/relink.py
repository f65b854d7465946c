"""Linking again after a few records changed: with what was compared last, and without, side by side.

Each link is ``recroise link`` in a process of its own on a copy of one data directory, the two in turn, so that what
else the machine does falls on both. Both must write the same graph.
"""

import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks import synthetic
from benchmarks.truth import Json

CHANGED = 0.01  # share of the records
ROUNDS = 3
_COMMAND = [sys.executable, "-c", "from output.cli import main; main()"]
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


def measure(sizes: Iterable[int]) -> Json:
    """Return for each number of records what linking took at first, and again after a change."""
    found = {}
    for number in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found[f"{number:,}"] = _measured(number, Path(folder))
    return found


def _measured(number: int, folder: Path) -> Json:
    from graph.reuse import FOLDER

    records = [record for record, _ in synthetic.records(number)]
    data = folder / "data"
    _ingest(data, records)
    first = _link(data)
    changed = random.Random(1).sample(records, int(number * CHANGED))
    for record in changed:
        record["name"] = f"{record['name']}e"
    _ingest(data, changed)
    kept, without = folder / "kept", folder / "without"
    took: dict[str, list[Json]] = {"with what was compared": [], "without": []}
    for _ in range(ROUNDS):
        for copy, runs in zip((kept, without), took.values(), strict=True):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(data, copy)
            if copy == without:
                shutil.rmtree(copy / FOLDER)
            runs.append(_link(copy))
    again = {
        name: {what: round(statistics.median(run[what] for run in runs), 2) for what in runs[0]}
        for name, runs in took.items()
    }
    one, other = again.values()
    return {
        "records": number,
        "changed": len(changed),
        "first": first,
        "again": again,
        "ratio": {what: round(one[what] / other[what], 2) for what in one},
        "the same graph": (kept / "graph.json").read_bytes() == (without / "graph.json").read_bytes(),
        "kept": {"bytes": sum(path.stat().st_size for path in (kept / FOLDER).iterdir())},
    }


def _ingest(data: Path, records: Iterable[Json]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)
        file.flush()
        _run("ingest", file.name, "--data", str(data))


def _link(data: Path) -> Json:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    _run("link", "--data", str(data))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(time.perf_counter() - start, 2), "seconds of cpu": round(cpu, 2)}


def _run(*arguments: str) -> None:
    run = [*_COMMAND, *arguments]
    subprocess.run(run, check=True, env=_ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
