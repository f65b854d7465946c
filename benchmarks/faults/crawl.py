"""Crawls many misbehaving sources beside healthy ones: ``python -m benchmarks.faults.crawl``.

The healthy sources are crawled alone, then with all of the others, twice: that the second run notices what shrank.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.faults.web import ELSEWHERE, EVENTS, FAULTS, HEALTHY, PAGES, Web

RESULT = Path(__file__).parents[1] / "results" / "faults.json"
TIMEOUT = 10  # seconds for one answer; by default it is 30, and a healthy source is as much slower on the real web


def crawl(data: Path, catalogue: Path) -> tuple[dict[str, Any], float, float]:
    """Return the report of a crawl, its seconds, and its highest memory in MiB."""
    code = (
        "import json, resource; from pathlib import Path; from crawler import run\n"
        f"report = run.crawl(Path({str(data)!r}), catalogue=[Path({str(catalogue)!r})],"
        f" overrides={{'DOWNLOAD_TIMEOUT': {TIMEOUT}}})\n"
        "mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "print(json.dumps({'report': report.to_json(), 'mib': mib}, default=list))"
    )
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ)
    seconds = time.monotonic() - begin
    if done.returncode:
        raise SystemExit(done.stderr)
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["report"], seconds, answer["mib"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, Web() as web:
        alone, everything = Path(folder) / "alone.toml", Path(folder) / "all.toml"
        alone.write_text(web.catalogue(faults=False))
        everything.write_text(web.catalogue(faults=True))
        _, seconds_alone, mib_alone = crawl(Path(folder) / "a", alone)
        web.counts.clear()
        first, seconds, mib = crawl(Path(folder) / "b", everything)
        second, _, mib_second = crawl(Path(folder) / "b", everything)
    rows = {row["id"]: row for row in first["sources"]}
    again = {row["id"]: row for row in second["sources"]}
    healthy = [name for name, row in rows.items() if name.startswith("well-") and row["records"] == PAGES * EVENTS]
    expected = {name: fault.expected for name, fault in FAULTS.items()} | {n: c for n, (_, c) in ELSEWHERE.items()}
    expected["tls"] = "tls"
    wrong = {}
    for name, wanted in sorted(expected.items()):
        row = rows[f"bad-{name}"]
        got = row["class"] or ("read" if row["records"] else row["state"])
        if got != wanted:
            wrong[name] = {"expected": wanted, "got": got, "reason": row["reason"], "problems": row["problems"][:2]}
    for name, fault in FAULTS.items():
        if fault.second and again[f"bad-{name}"]["reason"] != fault.second:
            wrong[f"{name}, second run"] = {"expected": fault.second, "got": again[f"bad-{name}"]["reason"]}
    result = {
        "faults": len(expected),
        "healthy": f"{len(healthy)} of {HEALTHY} complete and right",
        "wrong": wrong,
        "seconds": {"healthy alone": round(seconds_alone, 1), "with the others": round(seconds, 1)},
        "ratio": round(seconds / seconds_alone, 2),
        "mib": {"healthy alone": round(mib_alone), "with the others": round(mib), "second run": round(mib_second)},
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    return 0 if not wrong and len(healthy) == HEALTHY else 1


if __name__ == "__main__":
    raise SystemExit(main())
