"""The records as JSON lines, in the order of their keys."""

from pathlib import Path

import orjson

from graph.build import Graph
from graph.link import records


def write(_graph: Graph, data: Path, path: Path) -> None:
    """Write what each page said of each thing, one record a line."""
    with path.open("wb") as file:
        for record in records(data):
            file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SORT_KEYS))
