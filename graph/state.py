"""What was linked last: so that what did not change is not linked again.

Nothing of what links is imported here: that nothing changed is found out in less time than that takes.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
from boltons.fileutils import atomic_save

from crawler import retention
from crawler.datadir import has_store, open_store
from crawler.store import Store
from crawler.stored import Stored
from graph import judgements
from graph.model_files import Model, load_models
from graph.model_files import fingerprint as of_models

FILE = "linked.json"
GRAPH = "graph.json"
RULES = 17  # counted up whenever linking or building changes what it makes of the same records
CATALOGUE = ("city", "community", "name", "region", "url")  # what the graph takes from the catalogue's entries

Catalogue = Mapping[str, Mapping[str, Any]]


def fingerprint(
    records: Iterable[Stored], catalogue: Catalogue, log: bytes, models: Mapping[str, Model], oldest: str
) -> str:
    """Return a hash of everything that the graph is a function of.

    ``log`` is that of judgements, ``oldest`` the day from which on a sighting keeps a person.

    Of when a record was last seen only counts whether that is too long ago, or before its source was last read well: a
    crawl that finds nothing new changes nothing.
    """
    digest = hashlib.sha256(f"{RULES} {retention.years()} {of_models(models)}".encode())
    entries = [[name, *(entry.get(key) for key in CATALOGUE)] for name, entry in sorted(catalogue.items())]
    digest.update(orjson.dumps([entries, log.decode("utf-8", "surrogateescape").splitlines()]))
    seen = []
    for record in records:
        digest.update(orjson.dumps([record.key, record.first_seen, record.until, len(record.body)]))
        digest.update(record.body)
        seen.append(record.last_seen)
    digest.update(bytes(each < oldest for each in seen))
    return digest.hexdigest()


def retention_years() -> int:
    """Return after how many years without a sighting a person goes from the graph."""
    return retention.years()


def catalogue_of(store: Store) -> Catalogue:
    """Return the catalogue's entry of each source that a store knows."""
    return {name: row["catalogue"] for name, row in store.sources().items()}


def mark(data: Path, store: Store, models: Mapping[str, Model]) -> str:
    """Return the fingerprint of what a data directory would be linked from now."""
    path = data / judgements.FILE
    log = path.read_bytes() if path.exists() else b""
    return fingerprint(store.stored(), catalogue_of(store), log, models, retention.oldest_kept(store))


def unchanged(data: Path) -> dict[str, Any] | None:
    """Return what the last linking came to where linking again would give the same graph, else None."""
    if not has_store(data):
        return None
    with open_store(data) as store:
        before = result_of(data, mark(data, store, load_models(data)), data / GRAPH)
    return {**before, "unchanged": True} if before else None


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
