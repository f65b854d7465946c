"""GraphML, as Gephi reads it: scalars only, a label, no character that XML forbids."""

import re
from pathlib import Path
from typing import Any

import networkx as nx

from graph.build import Graph

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write nodes and edges with their properties; lists are joined by `` | ``, sources become their addresses."""
    flat: Graph = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        flat.add_node(node, label=_scalar(data["name"]), **_scalars(data))
    for source, target, key, data in graph.edges(keys=True, data=True):
        flat.add_edge(source, target, key=_scalar(key), label=data["type"], **_scalars(data))
    nx.write_graphml(flat, str(path), encoding="utf-8", prettyprint=True, infer_numeric_types=True)


def _scalars(data: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in data.items() if key not in ("facts", "sources", "quote")}
    kept["sources"] = sorted({source["url"] for source in data["sources"]})
    return {key: _scalar(value) for key, value in kept.items() if value not in (None, [])}


def _scalar(value: Any) -> Any:
    if isinstance(value, list):
        value = " | ".join(_text(each) for each in value)
    return _FORBIDDEN.sub("", value) if isinstance(value, str) else value


def _text(value: Any) -> str:
    """Return one value of a list as text; a figure as "35 coworkers"."""
    if isinstance(value, dict):
        amount = value.get("value", f"{value.get('minValue')}–{value.get('maxValue')}")
        return f"{amount:g} {value['name']}" if isinstance(amount, float | int) else f"{amount} {value['name']}"
    return str(value)
