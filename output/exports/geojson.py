"""The places that have coordinates as GeoJSON (RFC 7946: longitude first)."""

from pathlib import Path
from typing import Any

import orjson

from graph.build import Graph

PROPERTIES = ("name", "alternateName", "additionalType", "streetAddress", "postalCode", "addressLocality", "url")


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write one feature a place."""
    places = ((node, data) for node, data in graph.nodes(data=True) if data["type"] == "Place" and "latitude" in data)
    content = {"type": "FeatureCollection", "features": [_feature(node, data) for node, data in places]}
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE))


def _feature(node: str, data: dict[str, Any]) -> dict[str, Any]:
    properties = {key: data[key] for key in PROPERTIES if data.get(key)}
    return {
        "type": "Feature",
        "id": node,
        "geometry": {"type": "Point", "coordinates": [data["longitude"], data["latitude"]]},
        "properties": {**properties, "sources": sorted({source["url"] for source in data["sources"]})},
    }
