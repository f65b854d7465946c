"""Gives every command a clock that jumped, two years ahead and two years back: ``python -m benchmarks.faults.clock``.

Needs libfaketime (Debian: ``apt-get install faketime``), so that all of a process sees the other time, SQLite and the
file system's dates included. Each command meets a data directory in which it has something to do, first by the wrong
clock; then the daily job, the export, the site and ``recroise check`` follow by the right one. A command that does not
come to its end must say why in one line. No record, run or date before the jump may be lost, nothing may be dated later
than the present when the job has run, it must read again, and the graph must be that of a clock which never jumped;
whoever was erased must stay so. Prints counts as JSON, exit status 1 for any damage; the last result is in
``benchmarks/results/clock.json``.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.faults import ROOT
from benchmarks.faults.kill import WHO, bases, command, run, visible
from crawler import runs
from crawler.datadir import open_store
from crawler.forget import traces
from crawler.records import now
from crawler.sampleweb.server import SampleWeb, catalogue
from output.check import check

RESULT = ROOT / "benchmarks" / "results" / "clock.json"
DAYS = 730
DONE = (0, 3)


def at(days: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Give a command by a clock that is so many days ahead."""
    environment = {**os.environ, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return subprocess.run(
        ["faketime", "-f", f"{days:+}d", *command(*arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


def dates(data: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the instants of each source's runs, and when each record was first seen."""
    with open_store(data) as store:
        known = {source: [run.at for run in each] for source, each in runs.past(store).items()}
        return known, {each.key: each.first_seen for each in store.records(held=True)}


def graph(data: Path) -> Counter[tuple[str, ...]]:
    """Return what the exported graph has, without ids, which are made by chance, and without when it was read."""
    whole = json.loads((data / "export" / "graph.json").read_bytes())
    stated = ("type", "name", "startDate", "addressLocality", "eventStatus")
    names = {node["id"]: tuple(str(node.get(key)) for key in stated) for node in whole["nodes"]}
    edges = (("edge", each["type"], *names[each["source"]], *names[each["target"]]) for each in whole["edges"])
    return Counter((*names.values(), *edges))


def trial(
    data: Path,
    days: int,
    arguments: Sequence[str | Path],
    sources: Path,
    place: Path,
    control: Counter[tuple[str, ...]],
) -> Counter[str]:
    """Give one command by a wrong clock, and what follows by the right one; return what was found, by name."""
    found: Counter[str] = Counter()
    known, first = dates(data)
    records = visible(data)
    done = at(days, *arguments, "--data", data)
    if done.returncode not in DONE:
        found["refused in one line"] += 1
        lines = [line for line in done.stderr.splitlines() if line.startswith("recroise: ")]
        found["not told in one line"] += len(lines) != 1 or "Traceback" in done.stderr
    erased = records - visible(data) if arguments[0] == "forget" else set()
    for step in (("run", "--catalogue", sources), ("publish", place / "site")):
        after = run(*step, "--data", data)
        if after.returncode not in DONE:
            found[f"{step[0]} fails afterwards"] += 1
            print(arguments[0], days, after.stderr, file=sys.stderr)
    found["records lost"] += len(records - visible(data) - erased)
    runs_after, first_after = dates(data)
    found["runs lost"] += sum(len(each) > len(runs_after[source]) for source, each in known.items())
    found["first dates moved"] += sum(first_after.get(key, date) != date for key, date in first.items())
    last = [date for each in runs_after.values() for date in each] + list(first_after.values())
    found["dated in the future"] += sum(date > now() for date in last)
    if arguments[0] == "crawl" and done.returncode in DONE:
        # A source whose last run lies in the future is due.
        found["sources not read again"] += sum(each == known.get(source) for source, each in runs_after.items())
    for each in check(data).wrong:
        found["not sound"] += 1
        print(arguments[0], days, each, file=sys.stderr)
    if arguments[0] == "forget" and done.returncode in DONE:
        found["names left"] += len(traces(data, [WHO])) + len(traces(place / "site", [WHO]))
    elif arguments[0] != "forget" and graph(data) != control:
        found["another graph"] += 1
    return found


def main() -> int:
    if shutil.which("faketime") is None:
        raise SystemExit("libfaketime is not here; Debian: apt-get install faketime")
    result: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name, SampleWeb() as web:
        folder = Path(name)
        sources = folder / "sample.toml"
        sources.write_text(catalogue(web.port), encoding="utf-8")
        made = bases(folder, sources, folder)
        controls = {}
        for operation, base in made.items():
            controls[operation] = folder / f"control-{operation}"
            shutil.copytree(base, controls[operation])
            run("run", "--data", controls[operation], "--catalogue", sources)
        arguments: dict[str, tuple[str | Path, ...]] = {
            "crawl": ("crawl", "--catalogue", sources),
            "link": ("link",),
            "export": ("export",),
            "publish": ("publish", folder / "site"),
            "forget": ("forget", WHO),
            "run": ("run", "--catalogue", sources),
        }
        made["run"], controls["run"] = made["crawl"], controls["crawl"]
        for days in (DAYS, -DAYS):
            for operation, words in arguments.items():
                data = folder / f"{operation}{days:+}"
                shutil.copytree(made[operation], data)
                place = folder / f"place-{operation}{days:+}"
                words = tuple(place / "site" if each == folder / "site" else each for each in words)
                shutil.copytree(folder / "site-before", place / "site")
                found = trial(data, days, words, sources, place, graph(controls[operation]))
                result[f"{operation}, {days:+} days"] = found
    damage = sum(count for found in result.values() for name, count in found.items() if name != "refused in one line")
    told = {"trials": len(result), "damage": damage, "by command": {key: dict(+each) for key, each in result.items()}}
    text = json.dumps(told, indent=1)
    RESULT.write_text(text + "\n")
    print(text)
    return 1 if damage else 0


if __name__ == "__main__":
    raise SystemExit(main())
