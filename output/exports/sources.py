"""The list of the sources that were read, with their licences."""

from pathlib import Path

import orjson

from graph.build import Graph


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write the sources as JSON, in the order of their ids."""
    path.write_bytes(orjson.dumps(graph.graph["sources"], option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
