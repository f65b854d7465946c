"""Kills crawl, link, export and forget at random: ``python -m benchmarks.faults.kill [--kills 120] [--seed 1]``.

Every kill (SIGKILL) meets a data directory in which the command has something to do. The process is stopped first, and
what any reader can see in the store is noted: that was acknowledged. After the kill, and after the command was given
again, no such record may be missing, what is published must be the whole old or the whole new export, nothing may be
locked, and ``recroise check`` must find everything sound; of whoever was being erased no byte may be left.
Prints counts as JSON, exit status 1 for any damage. The last result is in ``benchmarks/results/kill.json``.
"""

import argparse
import hashlib
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.faults import ROOT
from crawler.forget import traces
from crawler.privacy import Exclusions
from crawler.sampleweb.server import SampleWeb, catalogue
from output.check import check

RESULT = ROOT / "benchmarks" / "results" / "kill.json"
WHO = "Karine Sabatier"
OPERATIONS = ("crawl", "link", "export", "forget")


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", "from output.cli import main; main()", *map(str, arguments)]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=ROOT, capture_output=True, text=True, check=False)


def published(folder: Path) -> str:
    """Return a hash of what is published, without the one file that differs from run to run."""
    digest = hashlib.sha256()
    for path in sorted(each for top in folder.glob("[!.]*") for each in (top, *top.rglob("*")) if each.is_file()):
        if path.name != "health.json":
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def visible(data: Path) -> set[str]:
    """Return the keys of the records that any reader of the store can see."""
    with closing(sqlite3.connect(f"{(data / 'store.sqlite').as_uri()}?mode=ro", uri=True)) as database:
        return {key for (key,) in database.execute("SELECT key FROM record")}


class Kills:
    """One operation, killed again and again; ``counts`` says what was found."""

    def __init__(self, name: str, base: Path, folder: Path, arguments: Sequence[str | Path]) -> None:
        self.name, self.base, self.data = name, base, folder / f"data-{name}"
        self.arguments = [*arguments, "--data", self.data]
        self.counts: Counter[str] = Counter()
        self.renew()
        self.before = published(self.data / "export")
        begin = time.monotonic()
        done = run(*self.arguments)
        self.length = time.monotonic() - begin
        assert done.returncode in (0, 3), done.stderr
        self.after = published(self.data / "export")
        left = visible(self.data)
        self.erased = visible(base) - left if name == "forget" else set()

    def renew(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self.base, self.data)

    def kill(self, moment: float) -> None:
        self.renew()
        process = subprocess.Popen(
            command(*self.arguments), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(timeout=moment)
            self.counts["ended before"] += 1
            return
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGSTOP)
        acknowledged = visible(self.data)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.counts["kills"] += 1
        self.look(acknowledged)

    def look(self, acknowledged: set[str]) -> None:
        if lost := acknowledged - visible(self.data) - self.erased:
            self.counts["records lost"] += len(lost)
        state = published(self.data / "export")
        between = list((self.data / "export").glob(".ready-*"))
        if state == self.before and not between:
            self.counts["export as before"] += 1
        elif state == self.after or between:
            self.counts["export renewed"] += 1
        else:
            self.counts["half exports"] += 1
        began = Exclusions.load(self.data / "exclusions.json").pending
        again = run("run", "--data", self.data, "--catalogue", self.base.parent / "sample.toml") if began else None
        if began and traces(self.data, [WHO]):
            self.counts["names left by the next run"] += 1
        if again and again.returncode not in (0, 3):
            self.counts["next run fails"] += 1
        begin = time.monotonic()
        done = run(*self.arguments)
        # How long it takes at present: whatever else the machine does, kills fall into all of its parts.
        self.length = (self.length + time.monotonic() - begin) / 2
        if "another recroise command" in done.stderr:
            self.counts["stuck locks"] += 1
        elif done.returncode not in (0, 3):
            self.counts["the command given again fails"] += 1
            print(self.name, done.stderr, file=sys.stderr)
        if acknowledged - visible(self.data) - self.erased:
            self.counts["records lost"] += 1
        if self.name in ("link", "crawl"):
            run("link", "--data", self.data)
            run("export", "--data", self.data)
        for finding in check(self.data).wrong:
            self.counts["not sound"] += 1
            print(self.name, finding, file=sys.stderr)
        if self.name == "forget" and traces(self.data, [WHO]):
            self.counts["names left"] += 1


def bases(folder: Path, sources: Path) -> dict[str, Path]:
    """Return for each operation a data directory in which it has something to do."""
    whole, half = folder / "whole", folder / "half"
    run("run", "--data", whole, "--catalogue", sources)
    listed = json.loads(run("sources", "--json", "--data", whole, "--catalogue", sources).stdout)
    run("crawl", *[row["id"] for row in listed[::2]], "--data", half, "--catalogue", sources)
    run("link", "--data", half)
    run("export", "--data", half)
    made = {"crawl": half, "forget": whole}
    for name, of_whole in (("link", ["store.sqlite"]), ("export", ["store.sqlite", "graph.json"])):
        made[name] = folder / f"for-{name}"
        shutil.copytree(half, made[name])
        for file in of_whole:
            shutil.copyfile(whole / file, made[name] / file)
    return made


DAMAGE = (
    "records lost",
    "half exports",
    "stuck locks",
    "the command given again fails",
    "next run fails",
    "not sound",
    "names left",
    "names left by the next run",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name, SampleWeb() as web:
        folder = Path(name)
        sources = folder / "sample.toml"
        sources.write_text(catalogue(web.port), encoding="utf-8")
        made = bases(folder, sources)
        arguments = {
            "crawl": ("crawl", "--catalogue", sources),
            "link": ("link",),
            "export": ("export",),
            "forget": ("forget", WHO),
        }
        kills = [Kills(each, made[each], folder, arguments[each]) for each in OPERATIONS]
        tries = 0
        while sum(each.counts["kills"] for each in kills) < options.kills and tries < 3 * options.kills:
            each = kills[tries % len(kills)]
            # The first half second is Python starting, where there is nothing to break.
            each.kill(moments.uniform(min(0.3, each.length / 2), each.length))
            tries += 1
    counts: Counter[str] = Counter()
    for each in kills:
        counts += each.counts
    result = {
        "kills": counts["kills"],
        **{key: counts[key] for key in DAMAGE},
        "by command": {each.name: {**each.counts, "seconds of a whole one": round(each.length, 1)} for each in kills},
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
    return 1 if any(counts[key] for key in DAMAGE) else 0


if __name__ == "__main__":
    raise SystemExit(main())
