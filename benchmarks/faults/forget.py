"""Erases people from a crawled sample web and looks for their names: ``python -m benchmarks.faults.forget``.

For each: the bytes of the data directory in which the name still stands, folded or not, its words in any order, right
after ``forget``, after the next crawl of pages that name them (read anew, as if for the first time), in what an other
instance holds that reads this one's graph and records, in the folders of ``export --to`` (all formats, and a few), and
in the folder of a site: published again as ``forget`` says, and published again after that crawl.
"""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unicodedata
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import permutations
from pathlib import Path
from typing import Any

from benchmarks.faults import ROOT
from crawler.sampleweb.server import SampleWeb, catalogue

RESULT = ROOT / "benchmarks" / "results" / "forget.json"


def recroise(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from output.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def letters(text: str) -> str:
    kept = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in kept if char.isalnum())


def bytes_of(name: str, folder: Path) -> dict[str, int]:
    """Return by file how many bytes of the name stand there: as it is, and folded with nothing between its words."""
    words = [letters(word) for word in re.findall(r"\w+", name)]
    wanted = {"".join(order) for order in permutations(words)}
    found = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        plain = content.count(name.encode()) * len(name.encode())
        text = letters(content.decode("utf-8", "ignore"))
        folded = sum(text.count(each) * len(each) for each in wanted)
        if plain or folded:
            found[str(path.relative_to(folder))] = max(plain, folded)
    return found


def read_anew(data: Path) -> None:
    """Make every page and source look as if it had never been read."""
    with closing(sqlite3.connect(data / "store.sqlite")) as database:
        for table in ("page", "run"):
            database.execute(f"DELETE FROM {table}")
        database.commit()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def reading(folder: Path, port: int) -> Path:
    """Return the catalogue of an instance that reads another one's graph and records."""
    text = "".join(
        f'[[source]]\nid = "peer-{kind}"\nname = "x"\nurl = "http://127.0.0.1:{port}/{file}"\ncommunity = "agenda"\n'
        'region = "FR"\nprivate_network = true\nevery = "1h"\n'
        for kind, file in (("graph", "graph.json"), ("records", "records.jsonl"))
    )
    path = folder / "peer.toml"
    path.write_text(text)
    return path


def main() -> int:
    people: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name, SampleWeb() as web:
        folder = Path(name)
        data, peer, sources = folder / "data", folder / "peer", folder / "sample.toml"
        sources.write_text(catalogue(web.port), encoding="utf-8")
        run = ("run", "--data", data, "--catalogue", sources)
        recroise(*run)
        nodes = json.loads((data / "export" / "graph.json").read_bytes())["nodes"]
        names = sorted(node["name"] for node in nodes if node["type"] == "Person" and " " in node["name"])
        # Whoever gives a source its address is the catalogue's own, which only its owner can change.
        named = letters(sources.read_text(encoding="utf-8"))
        chosen = [each for each in names if letters(each) not in named]
        folders = {
            "elsewhere": folder / "elsewhere",
            "a few formats elsewhere": folder / "few",
            "site": folder / "site",
        }
        elsewhere, few, site = folders.values()
        recroise("export", "--to", elsewhere, "--data", data)
        recroise(
            "export", "--to", few, "--format", "records", "--format", "geojson", "--format", "index", "--data", data
        )
        recroise("publish", site, "--data", data)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=data / "export"))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        theirs = reading(folder, server.server_address[1])
        recroise("run", "--data", peer, "--catalogue", theirs)
        for each in chosen:
            people[each] = {
                "before": sum(bytes_of(each, data).values()),
                "peer before": sum(bytes_of(each, peer).values()),
                **{f"{name} before": sum(bytes_of(each, place).values()) for name, place in folders.items()},
            }
        for each in chosen:
            done = recroise("forget", each, "--data", data, "--json")
            people[each]["status"] = done.returncode
            people[each]["after forget"] = bytes_of(each, data)
            people[each]["elsewhere after forget"] = bytes_of(each, elsewhere)
            people[each]["in a few formats elsewhere after forget"] = bytes_of(each, few)
            # That the site has to be published again must be said, to whoever gave the command.
            people[each]["told"] = f"recroise publish {site}" in done.stdout
        recroise("publish", site, "--data", data)
        for each in chosen:
            people[each]["on the site published again"] = bytes_of(each, site)
        read_anew(data)
        recroise(*run)
        for place, given in (
            (elsewhere, ()),
            (few, ("--format", "records", "--format", "geojson", "--format", "index")),
        ):
            recroise("export", "--to", place, *given, "--data", data)
        recroise("publish", site, "--data", data)
        for each in chosen:
            people[each]["after the next crawl"] = bytes_of(each, data)
            people[each]["elsewhere after the next crawl"] = {
                f"{name}/{file}": count
                for name, place in folders.items()
                for file, count in bytes_of(each, place).items()
            }
        with closing(sqlite3.connect(peer / "store.sqlite")) as database:
            database.execute("DELETE FROM run")  # due again
            database.commit()
        recroise("run", "--data", peer, "--catalogue", theirs)
        for each in chosen:
            people[each]["peer after its next run"] = bytes_of(each, peer)
        server.shutdown()
        shutil.rmtree(peer)
    keys = (
        "after forget",
        "elsewhere after forget",
        "in a few formats elsewhere after forget",
        "on the site published again",
        "after the next crawl",
        "elsewhere after the next crawl",
        "peer after its next run",
    )
    total = {key: sum(sum(row[key].values()) for row in people.values()) for key in keys}
    left = {name: {key: row[key] for key in keys if row[key]} for name, row in people.items()}
    result = {
        "people": len(people),
        "bytes before": sum(row["before"] for row in people.values()),
        "bytes at the peer before": sum(row["peer before"] for row in people.values()),
        **{f"bytes of {name} before": sum(row[f"{name} before"] for row in people.values()) for name in folders},
        **{f"bytes {key}": count for key, count in total.items()},
        "left": {name: row for name, row in left.items() if row},
        "failed": [name for name, row in people.items() if row["status"]],
        "not told to publish again": [name for name, row in people.items() if not row["told"]],
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    RESULT.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 1 if any(total.values()) or result["failed"] or result["not told to publish again"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
