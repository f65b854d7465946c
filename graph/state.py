"""What was linked last: so that what did not change is not linked again."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
from boltons.fileutils import atomic_save

from crawler.store import StoredRecord
from graph.model_files import Model
from graph.model_files import fingerprint as of_models

FILE = "linked.json"
RULES = 5  # counted up whenever linking or building changes what it makes of the same records


def fingerprint(
    records: Iterable[StoredRecord],
    cities: Mapping[str, str | None],
    log: bytes,
    models: Mapping[str, Model],
    limit: str,
) -> str:
    """Return a hash of everything that the graph is a function of.

    Of when a record was last seen only counts whether that is before ``limit``: a crawl that finds nothing new changes
    nothing.
    """
    digest = hashlib.sha256(f"{RULES} {of_models(models)}".encode())
    digest.update(orjson.dumps([sorted(cities.items()), log.decode("utf-8", "surrogateescape").splitlines()]))
    for record in records:
        digest.update(orjson.dumps([record.key, record.body, record.first_seen, record.last_seen < limit]))
    return digest.hexdigest()


def result_of(data: Path, mark: str, graph: Path) -> dict[str, Any] | None:
    """Return what the last linking came to, when it was of this fingerprint and its graph still is there as it was."""
    try:
        state = orjson.loads((data / FILE).read_bytes())
        same = state["fingerprint"] == mark and state["graph"] == hashlib.sha256(graph.read_bytes()).hexdigest()
        return dict(state["result"]) if same else None
    except (FileNotFoundError, orjson.JSONDecodeError, KeyError, TypeError):
        return None


def remember_result(data: Path, mark: str, graph: Path, result: Mapping[str, Any]) -> None:
    """Write down what a fingerprint came to."""
    state = {"fingerprint": mark, "graph": hashlib.sha256(graph.read_bytes()).hexdigest(), "result": dict(result)}
    with atomic_save(str(data / FILE), overwrite_part=True) as file:
        file.write(orjson.dumps(state, option=orjson.OPT_SORT_KEYS))
