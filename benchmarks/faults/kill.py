"""Kills crawl, link, export, publish and forget at random: ``python -m benchmarks.faults.kill``.

Every kill (SIGKILL) meets a data directory in which the command has something to do: one time at a random instant, the
next time at a random one of the changes that can be seen in its folders, so that what is written in no time is met too.
The process is stopped first, and what any reader can see in the store is noted: that was acknowledged. After the kill,
and after the command was given again, no such record may be missing, what is published must be the whole old or the
whole new export, a site that is neither must be told by ``recroise check`` and be completed by the next run, nothing
may be locked, and ``recroise check`` must find everything sound; of whoever was being erased no byte may be left, in an
export elsewhere neither.
Prints counts as JSON, exit status 1 for any damage. The last result is in ``benchmarks/results/kill.json``.
"""

import argparse
import contextlib
import hashlib
import json
import os
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
OPERATIONS = ("crawl", "link", "export", "publish", "forget")


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", "from output.cli import main; main()", *map(str, arguments)]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=ROOT, capture_output=True, text=True, check=False)


def published(folder: Path) -> str:
    """Return a hash of what is published, without the one file that differs from run to run."""
    digest = hashlib.sha256()
    for path in sorted(each for top in folder.glob("[!.]*") for each in (top, *top.rglob("*")) if each.is_file()):
        if path.name != "health.json":
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def seen(*folders: Path) -> set[tuple[str, int, int]]:
    """Return what a look into folders, and into those where files are on their way, shows of what is written there."""
    found = set()
    for folder in folders:
        with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
            for each in entries:
                if each.name.endswith(".lock"):
                    continue
                with contextlib.suppress(FileNotFoundError):
                    state = each.stat(follow_symlinks=False)
                    found.add((each.path, state.st_mtime_ns, state.st_size))
                if each.name.startswith((".writing-", ".ready-", ".recroise-writing")):
                    found |= seen(Path(each.path))
    return found


class Changes:
    """Counts the changes that can be seen in folders."""

    def __init__(self, *folders: Path) -> None:
        self.folders, self.last, self.count = folders, seen(*folders), 0

    def look(self) -> int:
        if (now := seen(*self.folders)) != self.last:
            self.last, self.count = now, self.count + 1
        return self.count


def visible(data: Path) -> set[str]:
    """Return the keys of the records that any reader of the store can see."""
    with closing(sqlite3.connect(f"{(data / 'store.sqlite').as_uri()}?mode=ro", uri=True)) as database:
        return {key for (key,) in database.execute("SELECT key FROM record")}


class Kills:
    """One operation, killed again and again; ``counts`` says what was found.

    ``beside`` is a folder outside the data directory that the operation writes to, and what lies in it before.
    """

    def __init__(
        self, name: str, base: Path, folder: Path, arguments: Sequence[str | Path], beside: tuple[Path, Path] | None
    ) -> None:
        self.name, self.base, self.data, self.beside = name, base, folder / f"data-{name}", beside
        self.arguments = [*arguments, "--data", self.data]
        self.counts: Counter[str] = Counter()
        self.renew()
        self.before = self.state()
        begin = time.monotonic()
        process, changes = self.start()
        while process.poll() is None:
            changes.look()
            time.sleep(0.001)
        self.length, self.changes = time.monotonic() - begin, changes.count
        assert process.returncode in (0, 3), self.arguments
        self.after = self.state()
        self.erased = visible(base) - visible(self.data) if name == "forget" else set()

    @property
    def shown(self) -> Path:
        """Where what people see is written to."""
        return self.beside[0] if self.beside and self.name == "publish" else self.data / "export"

    def state(self) -> str:
        return published(self.shown)

    def renew(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self.base, self.data)
        if self.beside:
            shutil.rmtree(self.beside[0], ignore_errors=True)
            shutil.copytree(self.beside[1], self.beside[0])

    def start(self) -> tuple["subprocess.Popen[bytes]", Changes]:
        changes = Changes(self.data, self.shown)
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command(*self.arguments), cwd=ROOT, stdout=quiet, stderr=quiet), changes

    def kill(self, moment: float, change: int | None = None) -> None:
        """Kill the operation at a moment (seconds), or as soon as so many changes were seen."""
        self.renew()
        process, changes = self.start()
        begin = time.monotonic()
        while changes.look() < change if change else time.monotonic() - begin < moment:
            if process.poll() is not None:
                self.counts["ended before"] += 1
                return
            time.sleep(0.001)
        process.send_signal(signal.SIGSTOP)
        try:
            acknowledged = visible(self.data)
        except sqlite3.OperationalError:
            # It holds the database for itself: what could be seen before it began is acknowledged all the same.
            acknowledged = visible(self.base)
            self.counts["while none could look"] += 1
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.counts["kills"] += 1
        self.look(acknowledged)

    def look(self, acknowledged: set[str]) -> None:
        if lost := acknowledged - visible(self.data) - self.erased:
            self.counts["records lost"] += len(lost)
        self.look_at_what_is_shown()
        began = Exclusions.load(self.data / "exclusions.json").pending
        again = run("run", "--data", self.data, "--catalogue", self.base.parent / "sample.toml") if began else None
        if began and self.traces():
            self.counts["names left by the next run"] += 1
        if again and again.returncode not in (0, 3):
            self.counts["next run fails"] += 1
        begin = time.monotonic()
        done = run(*self.arguments)
        # How long it takes at present: whatever else the machine does, kills fall into all of its parts.
        self.length = (self.length + time.monotonic() - begin) / 2
        if "another r" in done.stderr:
            self.counts["stuck locks"] += 1
        elif done.returncode not in (0, 3):
            self.counts["the command given again fails"] += 1
            print(self.name, done.stderr, file=sys.stderr)
        if acknowledged - visible(self.data) - self.erased:
            self.counts["records lost"] += 1
        if self.name == "publish" and self.state() != self.after:
            self.counts["sites not completed"] += 1
        if self.name in ("link", "crawl"):
            run("link", "--data", self.data)
            run("export", "--data", self.data)
        for finding in check(self.data).wrong:
            self.counts["not sound"] += 1
            print(self.name, finding, file=sys.stderr)
        if self.name == "forget" and self.traces():
            self.counts["names left"] += 1

    def look_at_what_is_shown(self) -> None:
        state = self.state()
        if state == self.before and not list(self.shown.glob(".ready-*")):
            self.counts["shown as before"] += 1
        elif state == self.after:
            self.counts["shown as new"] += 1
        # Neither: in what is left of the kill every file is whole, the next run brings the rest, and it must be told.
        elif any(str(self.shown) in finding.where for finding in check(self.data).wrong):
            self.counts["broken off and told"] += 1
        else:
            self.counts["half exports" if self.name != "publish" else "half sites taken for whole ones"] += 1

    def traces(self) -> list[Path]:
        return [each for folder in (self.data, *(self.beside or ())[:1]) for each in traces(folder, [WHO])]


def bases(folder: Path, sources: Path, place: Path) -> dict[str, Path]:
    """Return for each operation a data directory in which it has something to do.

    The site and the export elsewhere lie in ``place``; what is in them before stands in ``folder``.
    """
    whole, half = folder / "whole", folder / "half"
    run("run", "--data", whole, "--catalogue", sources)
    listed = json.loads(run("sources", "--json", "--data", whole, "--catalogue", sources).stdout)
    run("crawl", *[row["id"] for row in listed[::2]], "--data", half, "--catalogue", sources)
    run("link", "--data", half)
    run("export", "--data", half)
    made = {"crawl": half}
    for name, of_whole in (("link", ["store.sqlite"]), ("export", ["store.sqlite", "graph.json"])):
        made[name] = folder / f"for-{name}"
        shutil.copytree(half, made[name])
        for file in of_whole:
            shutil.copyfile(whole / file, made[name] / file)
    # A site of the half, to be made one of the whole; and an export elsewhere of the whole.
    made["publish"], made["forget"] = folder / "for-publish", whole
    shutil.copytree(half, made["publish"])
    run("publish", place / "site", "--data", made["publish"])
    shutil.rmtree(made["publish"] / "export")
    for file in ("store.sqlite", "graph.json", "export"):
        copy = shutil.copytree if (whole / file).is_dir() else shutil.copyfile
        copy(whole / file, made["publish"] / file)
    run("export", "--to", place / "elsewhere", "--data", whole)
    for name in ("site", "elsewhere"):
        shutil.copytree(place / name, folder / f"{name}-before")
    return made


DAMAGE = (
    "records lost",
    "half exports",
    "half sites taken for whole ones",
    "sites not completed",
    "stuck locks",
    "the command given again fails",
    "next run fails",
    "not sound",
    "names left",
    "names left by the next run",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--minutes", type=float, default=240, help="After which no further kill is begun.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=OPERATIONS, help="One operation; its result is printed, and kept nowhere.")
    options = parser.parse_args()
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name, SampleWeb() as web:
        folder = Path(name)
        sources = folder / "sample.toml"
        sources.write_text(catalogue(web.port), encoding="utf-8")
        made = bases(folder, sources, folder)
        arguments = {
            "crawl": ("crawl", "--catalogue", sources),
            "link": ("link",),
            "export": ("export",),
            "publish": ("publish", folder / "site"),
            "forget": ("forget", WHO),
        }
        beside = {
            name: (folder / place, folder / f"{place}-before")
            for name, place in (("publish", "site"), ("forget", "elsewhere"))
        }
        kills = [
            Kills(each, made[each], folder, arguments[each], beside.get(each))
            for each in OPERATIONS
            if options.only in (None, each)
        ]
        tries, until = 0, time.monotonic() + 60 * options.minutes
        while (
            sum(each.counts["kills"] for each in kills) < options.kills
            and tries < 3 * options.kills
            and time.monotonic() < until
        ):
            each = kills[tries % len(kills)]
            # The first half second is Python starting, where there is nothing to break.
            moment = moments.uniform(min(0.3, each.length / 2), each.length)
            at_a_change = tries // len(kills) % 2 == 0
            each.kill(moment, moments.randint(1, each.changes) if at_a_change else None)
            tries += 1
    counts: Counter[str] = Counter()
    for each in kills:
        counts += each.counts
    result = {
        "kills": counts["kills"],
        **{key: counts[key] for key in DAMAGE},
        "by command": {
            each.name: {**each.counts, "changes of a whole one": each.changes, "seconds": round(each.length, 1)}
            for each in kills
        },
    }
    if options.only is None:
        RESULT.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
    return 1 if any(counts[key] for key in DAMAGE) else 0


if __name__ == "__main__":
    raise SystemExit(main())
