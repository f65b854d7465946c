"""Whether the graph's file is what the store gives."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import inspect, select

from crawler.datadir import has_store, open_store
from graph import ids, judgements
from graph.judgements import JudgementError
from graph.link import FILE, GraphError, load

MAX_NAMED = 3  # things that are named of one kind of finding


def check(data: Path) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the graph's file, and with the log of judgements: where, and what."""
    try:
        judgements.load(data / judgements.FILE)
    except JudgementError as error:
        yield str(data / judgements.FILE), str(error)
    path = data / FILE
    try:
        graph = load(path)
    except GraphError as error:
        yield str(path), str(error)
        return
    if hollow := [node for node, attributes in graph.nodes(data=True) if "type" not in attributes]:
        yield str(path), f"{_some(hollow)}: edges lead there, and nothing is known of it"
        return
    if not has_store(data):
        yield str(path), "made of a store that is not there"
        return
    with open_store(data) as store:
        records = list(store.records())
        known: dict[str, str] = {}
        if inspect(store.connection).has_table(ids.MEMBERS.name):
            known = {row.mention: row.node for row in store.connection.execute(select(ids.MEMBERS))}
    pages = {(record.body["source"]["id"], record.body["source"]["url"]) for record in records}
    unsourced = [
        node
        for node, attributes in graph.nodes(data=True)
        if any((source["id"], source["url"]) not in pages for source in attributes["sources"])
    ]
    if unsourced:
        yield str(path), f"{_some(unsourced)}: said by pages that the store does not hold"
    missing = [record.key for record in records if known.get(record.key, "") not in graph and _stays(record.body)]
    if missing:
        yield str(path), f"{_some(missing)}: records of the store that are not in it"
    newest = max((record.body["source"]["fetched"] for record in records), default=None)
    if newest != graph.graph.get("when"):
        yield str(path), f"is as of {graph.graph.get('when')}, the store as of {newest}"


def _stays(body: dict[str, object]) -> bool:
    # People whom nobody has named for long are not in the graph: that they are missing tells nothing.
    return body["type"] != "Person"


def _some(things: list[str]) -> str:
    more = len(things) - MAX_NAMED
    return ", ".join(sorted(things)[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
