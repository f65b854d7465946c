"""Erasures that another instance passes on: what was read there of people who are gone there goes here too.

Only what came through that source: an instance can have its own word taken back, not what others say.
"""

from dataclasses import dataclass, field
from typing import Any

from crawler.documents import Erased, page_hash
from crawler.records import record_key
from crawler.store import Store


@dataclass
class Withdrawn:
    """The keys of the records that went, of those that say less than they did, and hashes of pages that went."""

    removed: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)


def withdraw(store: Store, source: str, erased: Erased) -> Withdrawn:
    """Remove from a source's records what the instance behind it says is to go, and their whole history.

    A name may stand in any text of before, and only the instance behind knows which: so no earlier state is kept.
    """
    done = Withdrawn()
    for record in list(store.records(source, held=True)):
        page = page_hash(record.body["source"]["url"])
        gone = _their_key(record.body, source) in erased.removed or page in erased.pages
        left = None if gone else _without(record.body, erased.nodes)
        if left is None:
            done.removed.add(record.key)
            store.rewrite(record.key, None)
        elif left != record.body or store.history(record.key):
            done.changed.add(record.key)
            store.rewrite(record.key, left)
        if page in erased.pages:
            done.pages.add(page)
    return done


def _their_key(body: dict[str, Any], source: str) -> str:
    """Return the key that a record has where it was read: without our own source's id before theirs."""
    stamp = body["source"]
    return record_key({**body, "source": {**stamp, "id": stamp["id"].removeprefix(f"{source}/")}})


def _without(thing: dict[str, Any], nodes: frozenset[str]) -> dict[str, Any] | None:
    """Return a thing without those in it that have one of the ids; None where it has one itself."""
    if str(thing.get("id", "")).partition("#")[0] in nodes:
        return None
    kept: dict[str, Any] = {}
    for key, value in thing.items():
        if isinstance(value, dict) and key != "source":
            value = _without(value, nodes)
        elif isinstance(value, list):
            left = [_without(each, nodes) if isinstance(each, dict) else each for each in value]
            value = [each for each in left if each is not None]
            if not value and thing[key]:
                continue
        if value is not None:
            kept[key] = value
    return kept
