"""How each source fares, as JSON: state, reason, last good run, counts, field coverage, next try."""

from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from output.steps import step

if TYPE_CHECKING:
    from graph.build import Graph


def write(_graph: "Graph", data: Path, path: Path) -> None:
    """Write every source that ever ran, by its id. Unlike the other files it tells when it was looked at last."""
    path.write_bytes(orjson.dumps(step("health")(data), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
