"""Gives two commands at once to one data directory, every pair of them: ``python -m benchmarks.faults.together``.

One may wait for the other or say in one line that it cannot go on; both may come to their end. Neither may end in a
traceback, no record that was seen before may be gone, and once both have ended, the daily job and the site must come to
their end, ``recroise check`` must find everything sound, and whoever a command said to have erased must be in no file.
The server must answer while and after the other works. Prints counts as JSON, exit status 1 for any damage; the last
result is in ``benchmarks/results/together.json``.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from itertools import combinations_with_replacement
from pathlib import Path

from benchmarks.faults import ROOT
from benchmarks.faults.kill import WHO, command, run, visible
from crawler.forget import traces
from crawler.sampleweb.server import SampleWeb, catalogue
from output.check import check

RESULT = ROOT / "benchmarks" / "results" / "together.json"
DONE = (0, 3)
OPERATIONS = ("crawl", "link", "export", "publish", "forget", "serve", "run", "check")
PORTS = (8951, 8952)


class Given:
    """A command that was given; ``serve`` goes on until it is told to stop."""

    def __init__(self, name: str, arguments: Sequence[str | Path], port: int) -> None:
        self.name, self.port = name, port
        self.process = subprocess.Popen(
            command(*arguments), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def end(self) -> tuple[int, str]:
        """Return the exit status and what was said on standard error."""
        if self.name == "serve":
            answered = self.answers()
            self.process.terminate()
            _, said = self.process.communicate(timeout=60)
            return (0 if answered else 1), said
        _, said = self.process.communicate(timeout=600)
        return self.process.returncode, said

    def answers(self) -> bool:
        """Whether the server answers within twenty seconds."""
        for _ in range(200):
            if self.process.poll() is not None:
                return False
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/fr/", timeout=10) as answer:
                    return bool(answer.status == 200)
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        return False


def pair(
    names: tuple[str, str], arguments: dict[str, tuple[str | Path, ...]], data: Path, wait: float, sources: Path
) -> Counter[str]:
    """Give two commands, the second so many seconds after the first; return what was found, by name."""
    found: Counter[str] = Counter()
    before = visible(data)
    given = []
    for name, port in zip(names, PORTS, strict=True):
        more = ("--port", str(port)) if name == "serve" else ()
        given.append(Given(name, [*arguments[name], *more, "--data", data], port))
        time.sleep(wait)
    given.sort(key=lambda each: each.name == "serve")
    erased = False
    for each in given:
        status, said = each.end()
        lines = [line for line in said.splitlines() if line.startswith("recroise: ")]
        if "Traceback" in said:
            found["tracebacks"] += 1
        elif status in DONE:
            found["came to its end"] += 1
            erased |= each.name == "forget"
        elif each.name == "check" and status == 1 and not lines:
            found["check found the other at work"] += 1
        elif len(lines) == 1:
            found["said that it cannot go on"] += 1
        else:
            found["not told in one line"] += 1
        if "Traceback" in said or (status not in DONE and len(lines) != 1):
            print(names, each.name, status, said, file=sys.stderr)
    if "forget" not in names:
        found["records lost"] += len(before - visible(data))
    for step in (("run", "--catalogue", sources), arguments["publish"]):
        after = run(*step, "--data", data)
        if after.returncode not in DONE:
            found[f"{step[0]} fails afterwards"] += 1
            print(names, step[0], after.stderr, file=sys.stderr)
    for each in check(data).wrong:
        found["not sound"] += 1
        print(names, each, file=sys.stderr)
    if erased:
        found["names left"] += len(traces(data, [WHO])) + len(traces(Path(arguments["publish"][1]), [WHO]))
    return found


DAMAGE = (
    "tracebacks",
    "not told in one line",
    "records lost",
    "run fails afterwards",
    "publish fails afterwards",
    "not sound",
    "names left",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    moments = random.Random(options.seed)
    counts: Counter[str] = Counter()
    by_pair: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name, SampleWeb() as web:
        folder = Path(name)
        sources = folder / "sample.toml"
        sources.write_text(catalogue(web.port), encoding="utf-8")
        base, site = folder / "base", folder / "site"
        run("run", "--data", base, "--catalogue", sources)
        run("publish", site, "--data", base)
        shutil.copytree(site, folder / "site-before")
        arguments: dict[str, tuple[str | Path, ...]] = {
            "crawl": ("crawl", "--catalogue", sources),
            "link": ("link",),
            "export": ("export",),
            "publish": ("publish", site),
            "forget": ("forget", WHO),
            "serve": ("serve",),
            "run": ("run", "--catalogue", sources),
            "check": ("check",),
        }
        for _ in range(options.rounds):
            for names in combinations_with_replacement(OPERATIONS, 2):
                data = folder / "data"
                for place, before in ((data, base), (site, folder / "site-before")):
                    shutil.rmtree(place, ignore_errors=True)
                    shutil.copytree(before, place)
                found = pair(names, arguments, data, moments.uniform(0, 1), sources)
                by_pair.setdefault(" and ".join(names), Counter()).update(found)
                counts += found
    told = {
        "pairs": len(by_pair),
        "rounds": options.rounds,
        **{key: counts[key] for key in DAMAGE},
        "by pair": {key: dict(+each) for key, each in by_pair.items()},
    }
    text = json.dumps(told, indent=1)
    RESULT.write_text(text + "\n")
    print(text)
    return 1 if any(counts[key] for key in DAMAGE) else 0


if __name__ == "__main__":
    raise SystemExit(main())
