"""What each export changed: a log in JSON lines that goes on from the last export's, and its end as an Atom feed.

The log is its own memory: the last line on a node has a short digest of each of its fields, so that the next export can
tell what is new without the graph of before. Names are those of the present graph, on older lines too, and a node that
is gone keeps one line with no more than its id and type: who was erased is named nowhere.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from graph.build import Graph
from output.names import CHANGES

MAX_SUPERSEDED = 10_000  # lines kept on nodes that have a later one
MAX_ENTRIES = 100  # of the feed
TAG = "tag:recroise.org,2026:"  # RFC 4151: the ids of the feed and of its entries

Change = dict[str, Any]

_NOT_STATED = frozenset(("sources", "facts"))


class ChangesError(ValueError):
    """The log of the last export cannot be read: where, and what to do."""


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write what changed since to the end of the log that was carried over."""
    lines = [orjson.dumps(change, option=orjson.OPT_APPEND_NEWLINE) for change in log(graph, path)]
    path.write_bytes(b"".join(lines))


def write_atom(graph: Graph, _data: Path, path: Path) -> None:
    """Write the latest changes as an Atom feed (RFC 4287), the newest first."""
    from feedgen.feed import FeedGenerator

    entries = log(graph, path.with_name(CHANGES))
    feed = FeedGenerator()
    feed.id(f"{TAG}changes")
    feed.title("Recroise: what changed")
    feed.author({"name": "Recroise"})
    feed.updated(_moment(entries[-1]["when"] if entries else None))
    for change in entries[-MAX_ENTRIES:]:
        entry = feed.add_entry()  # puts it before those that are there
        name = _printable(change.get("name") or change["node"])
        entry.id(f"{TAG}change/{change['id']}")
        entry.title(f"{change['change'].capitalize()}: {name}")
        entry.updated(_moment(change["when"]))
        entry.category({"term": change["type"]})
        entry.content(_printable(_summary(change)), type="text")
        if url := _address(graph, change["node"]):
            entry.link({"href": url})
    path.write_bytes(feed.atom_str(pretty=True))


def read_log(path: Path) -> list[Change]:
    """Return the changes of a log, the oldest first; none where there is no file.

    Raises:
        ChangesError: for a line that is no change.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    log = []
    for number, line in enumerate(lines, 1):
        try:
            change = orjson.loads(line)
            if not {"id", "when", "change", "node", "type"} <= change.keys():
                raise TypeError("something is missing")
        except (orjson.JSONDecodeError, TypeError, AttributeError) as error:
            raise ChangesError(
                f"{path}, line {number}: not a change ({error}); remove it to begin a new log, then: recroise export"
            ) from None
        log.append(change)
    return log


def compare(graph: Graph, log: Iterable[Change]) -> list[Change]:
    """Return what the graph says otherwise than the log, as further changes, in the order of the nodes' ids."""
    last: dict[str, Change] = {}
    when = graph.graph.get("when") or ""
    for change in log:
        last[change["node"]] = change
        when = max(when, change["when"])
    found = []
    for node in sorted({*last, *graph.nodes}):
        before = last.get(node)
        known = before is not None and before["change"] != "removed"
        if node not in graph:
            if before is not None and known:
                gone = {"node": node, "type": before["type"]}
                into = graph.graph["redirects"].get(node)
                found.append(_change("removed", when, {**gone, **({"into": into} if into else {})}))
            continue
        state = _state(graph, node)
        what = {"node": node, "type": graph.nodes[node]["type"]}
        if before is None or not known:
            found.append(_change("added", when, {**what, "state": state}))
        elif before.get("state") != state:
            old = before.get("state") or {}
            fields = sorted(name for name in {*old, *state} if old.get(name) != state.get(name))
            found.append(_change("changed", when, {**what, "fields": fields, "state": state}))
    return found


def log(graph: Graph, before: Path) -> list[Change]:
    """Return the whole log as it is to be published, from the one of ``before``."""
    changes = read_log(before)
    changes += compare(graph, changes)
    last = {change["node"]: number for number, change in enumerate(changes)}
    superseded = sum(number != last[change["node"]] for number, change in enumerate(changes)) - MAX_SUPERSEDED
    kept = []
    for number, change in enumerate(changes):
        node, latest = change["node"], number == last[change["node"]]
        if not latest and node not in graph:
            superseded -= 1
            continue
        if not latest and superseded > 0:
            superseded -= 1
            continue
        if node in graph:
            change = {**change, "name": graph.nodes[node]["name"]}
        if not latest:
            change.pop("state", None)
        kept.append(change)
    return kept


def _change(what: str, when: str, more: Change) -> Change:
    identity = orjson.dumps([what, when, more], option=orjson.OPT_SORT_KEYS)
    return {"id": hashlib.sha256(identity).hexdigest()[:16], "when": when, "change": what, **more}


def _state(graph: Graph, node: str) -> dict[str, str]:
    """Return a short digest of each thing that is stated of a node: its fields, and where its edges lead."""
    data = graph.nodes[node]
    stated: dict[str, Any] = {key: value for key, value in data.items() if key not in _NOT_STATED}
    edges: defaultdict[str, list[Any]] = defaultdict(list)
    for _, target, edge in graph.out_edges(node, data=True):
        edges[edge["type"]].append([target, {key: edge[key] for key in edge if key not in (*_NOT_STATED, "type")}])
    for kind, ends in edges.items():
        stated[kind] = sorted(ends, key=lambda end: orjson.dumps(end, option=orjson.OPT_SORT_KEYS))
    return {key: _digest(stated[key]) for key in sorted(stated)}


def _digest(value: Any) -> str:
    return hashlib.blake2b(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=5).hexdigest()


def _summary(change: Change) -> str:
    if change["change"] == "changed":
        return f"{change['type']} {change['node']}: {', '.join(change['fields'])}"
    return f"{change['type']} {change['node']}" + (f", now part of {change['into']}" if change.get("into") else "")


# A graph may come from elsewhere, without the checks of a record: what is no address of the web is no link.
_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f\"<>\\^`{|}]+")


def _address(graph: Graph, node: str) -> str | None:
    if node not in graph:
        return None
    data = graph.nodes[node]
    addresses: Iterator[Any] = iter([data.get("url"), *(source["url"] for source in data["sources"])])
    return next((str(each) for each in addresses if each and _WEB.fullmatch(str(each))), None)


def _moment(when: str | None) -> datetime:
    return datetime.fromisoformat(when or "1970-01-01T00:00:00Z")


def _printable(text: str) -> str:
    """Return a text without control codes, which XML cannot hold."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())
