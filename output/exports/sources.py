"""The list of the sources that were read, with their licences."""

from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from output.steps import step

if TYPE_CHECKING:
    from graph.build import Graph


def write(graph: "Graph", data: Path, path: Path) -> None:
    """Write the sources as JSON, in the order of their ids.

    What a source said is ``stale`` where its last run failed or is not believed: then the date of the last good one
    stands there, with the ``state``. Of a source that is read as it should be, nothing is said.
    """
    health = step("health")(data)
    rows = [{**source, **_stale(health.get(source["id"]))} for source in graph.graph["sources"]]
    path.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _stale(row: dict[str, str | None] | None) -> dict[str, str | None]:
    if row is None or row["last_good"] == row["last_run"]:
        return {}
    return {"state": row["state"], "stale": row["last_good"]}
