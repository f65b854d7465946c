"""Gives every command a disk that fills up, and one that cannot be written.

``python -m benchmarks.faults.disk``: as root on Linux, since it mounts file systems of a few MiB (tmpfs). For each
command a data directory in which it has something to do lies on a file system with so many KiB of room left, from none
to enough; then on one that is mounted read-only. A command that does not come to its end must say why in one line on
standard error, with an exit status other than 0; no record that could be seen before may be gone, what is published
must be the old or the new export, a half site be told by ``recroise check``; given again with room it must bring what
it brings without a fault, and everything be sound. Prints counts as JSON, exit status 1 for any damage; the last
result is in ``benchmarks/results/disk.json``.
"""

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.faults import ROOT
from benchmarks.faults.kill import WHO, bases, published, run, visible
from crawler.forget import traces
from crawler.privacy import Exclusions
from crawler.sampleweb.server import SampleWeb, catalogue
from output.check import check

RESULT = ROOT / "benchmarks" / "results" / "disk.json"
ROOM = (0, 32, 128, 384, 768, 1536, 3072, 8192)  # KiB left
PLENTY = "256m"
DONE = (0, 3)  # exit statuses of a command that came to its end

Step = Sequence[str | Path]


def mount(*options: str | Path) -> None:
    subprocess.run(["mount", *map(str, options)], check=True)


@contextlib.contextmanager
def disk(place: Path) -> Iterator[Path]:
    """A file system of its own at a place."""
    place.mkdir(parents=True, exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={PLENTY}", "tmpfs", place)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def used(place: Path) -> int:
    """Return how many KiB of a file system are taken."""
    total, _, free = shutil.disk_usage(place)
    return (total - free) // 1024


class Trial:
    """One command on a disk of its own: the data directory, the site and the export elsewhere all lie on it."""

    def __init__(self, name: str, step: Step, bases: dict[str, Path], place: Path) -> None:
        self.name, self.step, self.place = name, step, place
        self.base = bases
        self.counts: Counter[str] = Counter()
        self.said: set[str] = set()

    @property
    def data(self) -> Path:
        return self.place / "data"

    def lay(self) -> None:
        for each in self.place.iterdir():
            shutil.rmtree(each)
        for name, base in self.base.items():
            shutil.copytree(base, self.place / name)

    def state(self) -> dict[str, str]:
        """Return hashes of what people see: the export, and what was written elsewhere."""
        folders = {"export": self.data / "export", **{name: self.place / name for name in ("site", "elsewhere")}}
        return {name: published(folder) for name, folder in folders.items() if any(folder.glob("[!.]*"))}

    def give(self) -> subprocess.CompletedProcess[str]:
        return run(*self.step, "--data", self.data)

    def look(self, done: subprocess.CompletedProcess[str], acknowledged: set[str], new: dict[str, str]) -> None:
        """Look at what a command left that did not come to its end."""
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        # A job that crawls tells how its sources fared as well.
        ours = [line for line in lines if self.name != "run" or line.startswith("recroise: ")]
        if len(ours) != 1 or not lines[-1].startswith("recroise: ") or "Traceback" in done.stderr:
            self.wrong("not one clear line", done.stderr)
        self.said.add(lines[-1].replace(str(self.place), "DIR") if lines else "")
        if lost := acknowledged - visible(self.data) - self.erased:
            self.wrong("records lost", f"{len(lost)} of {len(acknowledged)}")
        for name, state in self.state().items():
            if state not in (self.before.get(name), new[name]) and not self.told(name):
                self.wrong("half exports", name)
        if self.name == "forget" and not Exclusions.load(self.data / "exclusions.json").pending and self.traces():
            # Where nothing was begun, the person was told so: nothing is to go on with.
            self.counts["erasures not begun"] += 1

    def told(self, name: str) -> bool:
        where = str(self.data / "export" if name == "export" else self.place / name)
        return any(where in finding.where for finding in check(self.data).wrong)

    def again(self, new: dict[str, str]) -> None:
        """Give the command again, with room: it must bring what it brings without a fault."""
        done = self.give()
        if done.returncode not in DONE:
            self.wrong("fails with room", done.stderr)
        elif self.name not in ("crawl", "run") and self.state() != new:  # the day of the reading stands in those
            self.wrong("brings something else with room", str([k for k, v in self.state().items() if v != new[k]]))
        if self.name in ("crawl", "ingest", "link"):
            run("link", "--data", self.data)
            run("export", "--data", self.data)
        for finding in check(self.data).wrong:
            self.wrong("not sound", str(finding))
        if self.name == "forget" and (left := self.traces()):
            self.wrong("names left", str(left))

    def traces(self) -> list[Path]:
        return traces(self.place, [WHO])

    def wrong(self, what: str, why: str) -> None:
        self.counts[what] += 1
        print(f"{self.name}: {what}: {why.strip()[-1500:]}", file=sys.stderr)

    def go(self) -> dict[str, Any]:
        self.lay()
        self.before = self.state()
        acknowledged = visible(self.data)
        done = self.give()
        assert done.returncode in DONE, (self.name, done.stderr)
        new = self.state()
        self.erased = acknowledged - visible(self.data) if self.name == "forget" else set()
        for room in ROOM:
            self.lay()
            mount("-o", f"remount,size={used(self.place) + room}k", self.place)
            done = self.give()
            mount("-o", f"remount,size={PLENTY}", self.place)
            if done.returncode in DONE:
                self.counts["room enough"] += 1
                if self.counts["room enough"] == 2:
                    break
                continue
            self.counts["disks filled"] += 1
            self.look(done, acknowledged, new)
            self.again(new)
        self.lay()
        mount("-o", "remount,ro", self.place)
        done = self.give()
        mount("-o", "remount,rw", self.place)
        if done.returncode in DONE:
            self.counts["works read-only"] += 1
        else:
            self.counts["read-only refused"] += 1
            self.look(done, acknowledged, new)
        self.again(new)
        return {**self.counts, "said": sorted(self.said)}


QUERIES: tuple[Step, ...] = (
    ("sources",),
    ("search", "open coffee"),
    ("met", "--name", "karine"),
    ("show", "--all", WHO),
    ("check",),
)


def questions(base: Path, place: Path) -> dict[str, str]:
    """Ask everything that only looks on a disk that cannot be written; return what was said where it was refused."""
    shutil.copytree(base, place / "data")
    mount("-o", "remount,ro", place)
    refused = {}
    for step in QUERIES:
        done = run(*step, "--data", place / "data")
        if done.returncode:
            refused[" ".join(map(str, step))] = done.stderr.replace(str(place), "DIR").strip()[-500:]
    mount("-o", "remount,rw", place)
    return refused


DAMAGE = (
    "not one clear line",
    "records lost",
    "half exports",
    "fails with room",
    "brings something else with room",
    "not sound",
    "names left",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="One command.")
    only = parser.parse_args().only
    with tempfile.TemporaryDirectory() as name, SampleWeb() as web:
        folder = Path(name)
        place = folder / "disk"
        sources = folder / "sample.toml"
        sources.write_text(catalogue(web.port), encoding="utf-8")
        with disk(place):
            made = bases(folder, sources, place)
            records = made["forget"] / "export" / "records.jsonl"
            more = {"site": folder / "site-before"}
            elsewhere = {"elsewhere": folder / "elsewhere-before"}
            trials = [
                Trial("crawl", ("crawl", "--catalogue", sources), {"data": made["crawl"]}, place),
                Trial("ingest", ("ingest", records), {"data": made["crawl"]}, place),
                Trial("link", ("link",), {"data": made["link"]}, place),
                Trial("export", ("export",), {"data": made["export"]}, place),
                Trial("export --to", ("export", "--to", place / "elsewhere"), {"data": made["forget"]}, place),
                Trial("publish", ("publish", place / "site"), {"data": made["publish"], **more}, place),
                Trial("forget", ("forget", WHO), {"data": made["forget"], **elsewhere}, place),
                Trial("run", ("run", "--catalogue", sources), {"data": made["crawl"]}, place),
            ]
            by_command = {each.name: each.go() for each in trials if only in (None, each.name)}
            for each in place.iterdir():
                shutil.rmtree(each)
            refused = questions(made["forget"], place)
    total = Counter[str]()
    for counts in by_command.values():
        total.update({key: count for key, count in counts.items() if isinstance(count, int)})
    result = {
        "disks filled": total["disks filled"],
        "read-only": total["read-only refused"] + total["works read-only"],
        **{key: total[key] for key in DAMAGE},
        "questions refused on a read-only disk": refused,
        "by command": by_command,
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    if only is None:
        RESULT.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 1 if any(total[key] for key in DAMAGE) else 0


if __name__ == "__main__":
    raise SystemExit(main())
