"""Erasures that another instance passes on: what was read there of people who are gone there goes here too.

Only what came through that source: an instance can have its own word taken back, not what others say.
"""

from dataclasses import dataclass, field
from typing import Any

from crawler.documents import Erased
from crawler.records import record_key
from crawler.store import Store


@dataclass
class Withdrawn:
    """The keys of the records that went, and of those that say less than they did."""

    removed: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)


def withdraw(store: Store, source: str, erased: Erased) -> Withdrawn:
    """Remove from a source's records, and their history, what the instance behind it says is to go."""
    done = Withdrawn()
    for record in list(store.records(source, held=True)):
        theirs = _their_key(record.body, source)
        states = [*store.history(record.key), record.body]
        left = None if theirs in erased.removed else _without(record.body, erased.nodes)
        if left is None:
            done.removed.add(record.key)
            store.rewrite(record.key, None)
        elif left != record.body or (len(states) > 1 and _says_more(states, theirs, erased)):
            done.changed.add(record.key)
            store.rewrite(record.key, left)
    return done


def _their_key(body: dict[str, Any], source: str) -> str:
    """Return the key that a record has where it was read: without our own source's id before theirs."""
    stamp = body["source"]
    return record_key({**body, "source": {**stamp, "id": stamp["id"].removeprefix(f"{source}/")}})


def _says_more(states: list[dict[str, Any]], theirs: str, erased: Erased) -> bool:
    return theirs in erased.changed or any(_without(state, erased.nodes) != state for state in states)


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
