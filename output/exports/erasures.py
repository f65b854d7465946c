"""What instances that read this one must no longer have: people who are gone, by ids and keys that tell no name.

A list of salted hashes of names would let anybody who has a name ask whether that person asked to be erased. These are
the ids of nodes and the keys of records instead: they say something only to whoever took them from an earlier export,
and those are the ones who have to know. A reading instance (``crawler/readers/recroise.py``) removes what has them.
"""

from pathlib import Path

import orjson

from graph.build import Graph
from output.exports import changes
from output.names import CHANGES
from output.steps import step

SCHEMA = "https://recroise.org/schema/erasures-1.json"


def write(graph: Graph, data: Path, path: Path) -> None:
    """Write ``nodes`` (people who are in the graph no more) and the keys of records: ``removed``, ``changed``."""
    last = {change["node"]: change for change in changes.log(graph, path.with_name(CHANGES))}
    # Who became part of another node is not gone.
    gone = sorted(
        node
        for node, change in last.items()
        if change["change"] == "removed" and change["type"] == "Person" and "into" not in change
    )
    content = {"schema": SCHEMA, "nodes": gone, **step("erased")(data)}
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
