"""A small graph made for the tests of the web: what sources may say, odd times and hostile words among it."""

from datetime import date
from pathlib import Path
from typing import Any

import networkx

from graph.link import FILE, save
from output.exports import export
from output.web.site import Site

TODAY = date(2026, 11, 25)
READ = "2026-11-20T08:00:00Z"
HOSTILE = 'a,b;c\\d "e" <script>alert(1)</script>\r\nATTENDEE:mailto:x@example.org\x00\x1b[31m \u2028END:VEVENT'


def identity(kind: str, number: int) -> str:
    return f"{kind.lower()}-{number:012x}"


PERSON, PLACE, SERIES, ORG, EVENT = (
    identity(kind, 1) for kind in ("Person", "Place", "EventSeries", "Organization", "Event")
)
NODES: list[dict[str, Any]] = [
    {"id": PERSON, "type": "Person", "name": "Ada Lovelace", "jobTitle": "developer"},
    {"id": PLACE, "type": "Place", "name": "La Cantine", "addressLocality": "Lorient", "latitude": 47.7486, "longitude": -3.3702},
    {"id": SERIES, "type": "EventSeries", "name": "Open Coffee"},
    {"id": ORG, "type": "Organization", "name": "Les Amis", "url": "https://amis.example/"},
    *(
        {"id": identity("Event", number), "type": "Event", "name": f"Open Coffee {number}", "startDate": f"2026-12-{number:02}"}
        for number in range(1, 29)
    ),
    {"id": identity("Event", 50), "type": "Event", "name": HOSTILE, "startDate": "2012-11-08T18:30:00+01:00"},
]  # fmt: skip
EDGES = [
    *((identity("Event", number), kind, end) for number in range(1, 29) for kind, end in (("location", PLACE), ("superEvent", SERIES))),
    (PERSON, "worksFor", ORG), (ORG, "location", PLACE), (EVENT, "performer", PERSON), (SERIES, "organizer", ORG),
]  # fmt: skip


def graph(nodes: list[dict[str, Any]], edges: list[tuple[str, str, str]]) -> networkx.MultiDiGraph:
    """Return a graph; of a node ``id``, ``type`` and ``name`` are enough."""
    made = networkx.MultiDiGraph()
    made.graph.update(
        schema="https://recroise.org/schema/graph-1.json",
        version=1,
        when=READ,
        sources=[{"id": "made", "licence": "CC0-1.0", "name": "Made up", "region": "FR-BRE"}],
        redirects={identity("Event", 0xDEAD): identity("Event", 1)},
    )
    source = {"id": "made", "url": "https://made.example/page", "fetched": READ}
    for node in nodes:
        data = {"alternateName": [], "sources": [source], **{key: node[key] for key in node if key != "id"}}
        data["facts"] = {
            key: [{"value": value, "sources": [0]}]
            for key, value in data.items()
            if key not in ("alternateName", "sources", "type")
        }
        made.add_node(node["id"], **data)
    for number, (start, kind, end) in enumerate(edges):
        made.add_edge(start, end, key=f"{kind}-{number}", type=kind, sources=[source])
    return made


def site(folder: Path, nodes: list[dict[str, Any]], edges: list[tuple[str, str, str]]) -> Site:
    """Return the opened export of such a graph."""
    folder.mkdir(exist_ok=True)
    save(graph(nodes, edges), folder / FILE)
    export(folder, formats=["index", "graph", "changes", "sources", "notice", "erasures"])
    return Site(folder, today=TODAY)


__all__ = [
    "EDGES",
    "EVENT",
    "HOSTILE",
    "NODES",
    "ORG",
    "PERSON",
    "PLACE",
    "READ",
    "SERIES",
    "TODAY",
    "graph",
    "identity",
    "site",
]
