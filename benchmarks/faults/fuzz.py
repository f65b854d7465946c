"""Fuzzes every reader, the diary reader and the query parser: ``python -m benchmarks.faults.fuzz --minutes 10``.

Guided by coverage (atheris, libFuzzer), from the documents that the tests save; the extra ``fuzz`` brings atheris.
JSON is changed by its structure as well as by its bytes. Whatever is neither a result nor the declared error is a
crash; more than ten seconds of the processor on one input is a hang. Each target runs in a process of its own, for
``--minutes``; ``--target NAME`` (repeat) chooses, ``--jobs`` sets how many run at once. Findings keep their inputs in
``--keep``; the counts stand in ``benchmarks/results/fuzz.json``, together with what earlier runs fuzzed.
"""

import argparse
import copy
import importlib.util
import json
import pkgutil
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SAVED = ROOT / "tests" / "readers" / "saved"
RESULT = ROOT / "benchmarks" / "results" / "fuzz.json"
HANG = 10  # seconds of the processor
LONGEST = 100_000  # bytes of an input
VALUES = [None, True, 0, -1, 1e308, 2**63, "", "0", "x" * 600, [], {}, [[]], {"": None}, "\u0000\ud7ff", "9999-99-99"]
QUERIES = ['karine "open coffee" town:lorient -rennes', "début 2013", "il y a deux ans", "2011-2013", "spring 2012"]
DIARY = [
    b"date,place,title\n2012-11-08,Lorient,Open Coffee\n",
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20121108T183000\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
    b"LOCATION:Lorient\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
]

Target = Callable[[bytes], None]


class HangError(BaseException):
    """An input took too long; not an Exception, so that no reader can swallow it."""


def reader(name: str) -> tuple[Target, list[bytes]]:
    """Return what fuzzes a reader, up to records that may be stored, and its saved documents."""
    from crawler import readers
    from crawler.catalogue import Source
    from crawler.documents import Document, ReaderError
    from crawler.intake import take
    from crawler.privacy import Exclusions
    from crawler.records import record_key
    from crawler.saved import MEDIA_TYPES

    files = sorted(path for path in (SAVED / name).glob("*") if not path.name.endswith(".expected.json"))
    kinds = sorted({MEDIA_TYPES.get(path.suffix, "") for path in files} or {""})
    source = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="FR", attendees=True)
    excluded = Exclusions()
    excluded.add("Ada Lovelace")

    def target(data: bytes) -> None:
        kind = kinds[len(data) % len(kinds)]
        document = Document("http://saved.example/a/b", data, "2026-11-20T09:00:00Z", source, content_type=kind)
        readers.READERS[name].recognise(document)
        try:
            reading = readers.READERS[name].read(document)
        except ReaderError:
            return
        for record in take(reading, document, excluded).records:
            record_key(record)
        for link in reading.links:
            assert link.key

    return target, [path.read_bytes() for path in files]


def diary() -> tuple[Target, list[bytes]]:
    from output.diary import DiaryError, read

    path = Path(tempfile.mkdtemp()) / "diary.ics"
    other = path.with_suffix(".csv")

    def target(data: bytes) -> None:
        where = other if len(data) % 2 else path
        where.write_bytes(data)
        try:
            read(where)
        except DiaryError:
            return

    return target, DIARY


def queries() -> tuple[Target, list[bytes]]:
    from output.query import parse

    def target(data: bytes) -> None:
        parse(data.decode("utf-8", "surrogateescape"))

    return target, [each.encode() for each in QUERIES]


def periods() -> tuple[Target, list[bytes]]:
    from datetime import date

    from output.periods import PeriodError, parse

    def target(data: bytes) -> None:
        try:
            parse(data.decode("utf-8", "replace"), date(2026, 11, 25))
        except PeriodError:
            return

    return target, [each.encode() for each in QUERIES]


OTHERS = {"diary": diary, "query": queries, "periods": periods}


def targets() -> list[str]:
    import crawler.readers

    return [*sorted(each.name for each in pkgutil.iter_modules(crawler.readers.__path__)), *OTHERS]


def changed_json(data: bytes, chance: random.Random) -> bytes | None:
    """Return JSON with a few of its values replaced, doubled, nested or taken out; None for what is none."""
    try:
        value = json.loads(data)
    except ValueError:
        return None
    for _ in range(chance.randint(1, 3)):
        spots: list[tuple[Any, Any]] = []
        waiting = [value]
        while waiting and len(spots) < 5_000:
            each = waiting.pop()
            if isinstance(each, dict | list):
                inside = list(each.items()) if isinstance(each, dict) else list(enumerate(each))
                spots += [(each, key) for key, _ in inside]
                waiting += [child for _, child in inside]
        if not spots:
            break
        holder, key = chance.choice(spots)
        match chance.randrange(4):
            case 0:
                holder[key] = copy.deepcopy(chance.choice(VALUES))
            case 1:
                other, where = chance.choice(spots)
                holder[key] = copy.deepcopy(other[where])
            case 2:
                holder[key] = [copy.deepcopy(holder[key]) for _ in range(chance.randint(1, 5))]
            case _:
                del holder[key]
    return json.dumps(value).encode("utf-8", "replace")


def fuzz_one(name: str, seconds: int, keep: Path) -> None:
    """Fuzz one target in this process until the time is up; libFuzzer ends the process."""
    import atheris

    sys.setrecursionlimit(1_000)
    with atheris.instrument_imports(include=["crawler", "output"], enable_loader_override=False):
        target, seeds = OTHERS[name]() if name in OTHERS else reader(name)
    found: dict[str, str] = {}
    runs = 0

    def hung(*_: object) -> None:
        raise HangError

    signal.signal(signal.SIGVTALRM, hung)

    def one(data: bytes) -> None:
        nonlocal runs
        runs += 1
        signal.setitimer(signal.ITIMER_VIRTUAL, HANG)
        try:
            target(data)
        except (Exception, HangError) as error:  # noqa: BLE001 - what comes out is what is looked for
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            frames = traceback.extract_tb(error.__traceback__)
            ours = [f for f in frames if str(ROOT) in f.filename and "fuzz.py" not in f.filename] or list(frames)
            kind = "hang" if isinstance(error, HangError) else type(error).__name__
            where = f"{kind} at {Path(ours[-1].filename).name}:{ours[-1].lineno}: {str(error)[:120]}"
            spot = where if kind != "hang" else f"hang in {Path(ours[0].filename).name}"
            if spot.partition(": ")[0] not in found:
                found[spot.partition(": ")[0]] = where
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{name}-{len(found)}").write_bytes(data)
                (keep / f"{name}.json").write_text(json.dumps(found))
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if runs % 50 == 0:
            (keep / f"{name}.runs").write_text(str(runs))

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        changed = changed_json(data, chance) if chance.random() < 0.5 else None
        return changed[:longest] if changed is not None else bytes(atheris.Mutate(data, longest))

    keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            (Path(folder) / str(number)).write_bytes(seed[:LONGEST])
        options = (f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=120", "-rss_limit_mb=4096")
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={keep}/", folder], one, custom_mutator=mutate)
        atheris.Fuzz()


def run(name: str, seconds: int, keep: Path) -> dict[str, Any]:
    """Fuzz one target in a process of its own; return what came of it."""
    command = [sys.executable, "-m", "benchmarks.faults.fuzz", "--one", name, "--seconds", str(seconds)]
    begin = time.monotonic()
    done = subprocess.run([*command, "--keep", str(keep)], cwd=ROOT, capture_output=True, check=False)
    result: dict[str, Any] = {"minutes": round((time.monotonic() - begin) / 60, 1)}
    counted = keep / f"{name}.runs"
    result["inputs"] = int(counted.read_text() or 0) if counted.exists() else 0
    found = keep / f"{name}.json"
    result["found"] = list(json.loads(found.read_text()).values()) if found.exists() else []
    if done.returncode:
        result["found"].append(f"ended with {done.returncode}: {done.stderr[-300:].decode('utf-8', 'replace')}")
    print(f"{name}: {result}", file=sys.stderr, flush=True)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--target", action="append")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=None, help="where findings and their inputs are kept")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    keep = options.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    if options.one:
        fuzz_one(options.one, options.seconds, keep)
        return 0
    if importlib.util.find_spec("atheris") is None:
        print(
            "fuzzing needs atheris; run: .venv/bin/pip install --constraint constraints.txt --editable '.[fuzz]'",
            file=sys.stderr,
        )
        return 2
    chosen = options.target or targets()
    if unknown := sorted(set(chosen) - set(targets())):
        print(f"no target is called {', '.join(unknown)}; there are: {', '.join(targets())}", file=sys.stderr)
        return 2
    with ThreadPoolExecutor(options.jobs) as pool:
        results = dict(
            zip(chosen, pool.map(lambda name: run(name, int(options.minutes * 60), keep), chosen), strict=True)
        )
    before = json.loads(RESULT.read_text()) if RESULT.exists() else {"targets": {}}
    merged = {**before["targets"], **results}
    result = {
        "targets": dict(sorted(merged.items())),
        "minutes of the shortest": min(each["minutes"] for each in merged.values()),
        "inputs": sum(each["inputs"] for each in merged.values()),
        "crashes and hangs": sum(len(each["found"]) for each in merged.values()),
    }
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(result, indent=1, ensure_ascii=False))
    print(f"inputs that were found: {keep}", file=sys.stderr)
    return 1 if any(each["found"] for each in results.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
