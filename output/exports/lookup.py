"""What a browser needs to search and to look up by itself: the index in columns, in five files that are fetched whole.

``names.json`` is enough for names as they are typed; ``texts.json`` adds what is said of each node, as postings of
stems; ``filters.json`` when and where each is and of which series; ``towns.json`` where the towns are that one may
name; ``links.json`` who was where, for "Who did I meet?".
Nodes are numbered from 1 as in the index. Numbers that grow are noted by their difference from the one before, which
compresses to about a byte each. The same graph gives the same bytes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from graph import gazetteer
from graph.build import Graph
from output.exports.documents import Document, Indexed, Row
from output.fold import fold
from output.names import FILTERS, LINKS, NAMES, TEXTS, TOWNS
from output.territories import named
from output.text import PLAIN, STEMS, analyzer

KEPT = ("region", "source", "year", "place")  # values that are filtered by and counted
EPOCH = date(1970, 1, 1).toordinal()  # the browser's days begin there
REACH = 200.0  # kilometres around the graph's places in which a town can be said; further away nothing is near
EDGES = ("performer", "organizer", "attendee", "superEvent", "location", "worksFor", "memberOf", "founder")

Json = dict[str, Any]


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write the folder ``path`` with the five files."""
    path.mkdir()
    indexed = Indexed(graph)
    documents: list[Document] = []
    rows: list[Row] = []
    points: dict[int, list[list[float]]] = {}
    for document, row, several in indexed.nodes():
        documents.append(document)
        rows.append(row)
        if several:
            points[row[0]] = [list(point) for point in several]
    nodes: dict[str, Json] = {node: data for node, data in graph.nodes(data=True)}  # noqa: C416 - types
    contents = [nodes[node] for node in sorted(nodes)]
    for name, content in (
        (NAMES, _names(graph, documents, rows, contents)),
        (TEXTS, _texts(documents)),
        (LINKS, _links(indexed, contents)),
        (FILTERS, _filters(documents, points)),
        (
            TOWNS,
            _towns([point for several in points.values() for point in several], {row[6] for row in rows if row[7]}),
        ),
    ):
        (path / name).write_bytes(orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE))


def _names(graph: Graph, documents: Sequence[Document], rows: Sequence[Row], contents: Sequence[Json]) -> Json:
    found: Json = {
        "when": graph.graph.get("when") or "",
        "id": [row[1] for row in rows],
        "type": _coded(row[2] for row in rows),
        "name": [data["name"] for data in contents],
        # Where folding the name gives the one spelling, the reader does that itself.
        "spelling": _sparse(
            row[3] if not data["name"].isascii() or row[3] != fold(data["name"]) else None
            for row, data in zip(rows, contents, strict=True)
        ),
        "start": [row[4] for row in rows],
        "end": _sparse(row[5] if row[5] != row[4] else None for row in rows),
        "city": _coded(row[6] for row in rows),
        "territory": _sparse(row[7] for row in rows),
        "online": _deltas([row[0] for row in rows if row[8]]),
        "status": _sparse(
            None if data.get("eventStatus") == "EventScheduled" else data.get("eventStatus") for data in contents
        ),
        "links": [row[9] for row in rows],
        "seen": [row[10] for row in rows],
    }
    for field in KEPT:
        found[field] = _several(document.get(field, ()) for document in documents)
    return found


def _texts(documents: Sequence[Document]) -> Json:
    found: Json = {}
    for field in (*STEMS, *PLAIN):
        analyse = _Stems(field)
        postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = []
        for number, document in enumerate(documents, 1):
            values = document.get(field, ())
            terms = [term for text in ([values] if isinstance(values, str) else values) for term in analyse.terms(text)]
            lengths.append(len(terms))
            for term, count in Counter(terms).items() if terms else ():
                postings[term].append((number, count))
        ordered = sorted(postings.items())
        found[field] = {
            "terms": "\n".join(term for term, _ in ordered),
            "in": [_deltas([number for number, _ in nodes]) for _, nodes in ordered],
            # How often a term stands in each node; nought where always once.
            "often": [0 if all(n == 1 for _, n in nodes) else [n for _, n in nodes] for _, nodes in ordered],
            "length": lengths,
        }
        # What each word of the texts became, so that the browser need not guess: its stemmers differ in a few.
        numbers = {term: number for number, (term, _) in enumerate(ordered)}
        stems = sorted((word, stem) for word, stem in analyse.known.items() if word != stem)
        found[field]["same"] = _deltas(sorted(numbers[word] for word, stem in analyse.known.items() if word == stem))
        found[field]["words"] = "\n".join(word for word, _ in stems)
        found[field]["stems"] = [numbers[stem] for _, stem in stems]
    return found


class _Stems:
    """The terms of a field's texts; each word is stemmed once."""

    def __init__(self, field: str) -> None:
        self._words = analyzer(None)
        self._stemmer = analyzer(field) if field in STEMS else None
        self.known: dict[str, str] = {}

    def terms(self, text: str) -> list[str]:
        words = self._words.analyze(text)
        if self._stemmer is None:
            return list(words)
        for word in words:
            if word not in self.known:
                stems = self._stemmer.analyze(word)
                self.known[word] = stems[0] if len(stems) == 1 else word
        return [self.known[word] for word in words]


def _filters(documents: Sequence[Document], points: dict[int, list[list[float]]]) -> Json:
    def days(document: Document) -> list[int] | int | None:
        noted = [day - EPOCH for day in document.get("day", ())]
        return _deltas(noted) if len(noted) > 1 else next(iter(noted), None)

    return {
        "points": {str(number): several for number, several in sorted(points.items())},
        "day": [days(document) for document in documents],
        "series": _several(document.get("series", ()) for document in documents),
    }


def _links(indexed: Indexed, contents: Sequence[Json]) -> Json:
    addresses: dict[str, int] = {}

    def noted(data: Json) -> list[int]:
        urls = dict.fromkeys(source["url"] for source in data["sources"])
        return [addresses.setdefault(url, len(addresses)) for url in urls]

    edges: Json = {kind: {"from": [], "to": [], "pages": [], "role": []} for kind in EDGES}
    for source, target, kind, data in indexed.edges():
        if kind not in edges:
            continue
        edge = edges[kind]
        edge["from"].append(source)
        edge["to"].append(target)
        edge["pages"].append(noted(data) if kind not in ("superEvent", "location") else 0)
        edge["role"].append(data.get("jobTitle"))
    for edge in edges.values():
        edge["from"] = _deltas(edge["from"])
        edge["role"] = _sparse(edge["role"])
    return {
        "edges": edges,
        "about": _sparse(data.get("about") or None for data in contents),
        "town": _sparse(data.get("addressLocality") for data in contents),
        "role": _sparse(data.get("jobTitle") for data in contents),
        "url": _sparse(data.get("url") if data["type"] == "Person" else None for data in contents),
        "pages": _sparse(noted(data) if data["type"] == "Person" else None for data in contents),
        "addresses": list(addresses),
    }


def _towns(points: Iterable[Sequence[float]], several: Iterable[str]) -> Json:
    """Return the towns around what the graph knows, the most populous first: their keys, points and codes.

    And all towns of the names that ``several`` of the graph's towns have.
    """
    # Once for each tenth of a degree: thousands of events are in one town.
    towns = gazetteer.near({(round(latitude, 1), round(longitude, 1)) for latitude, longitude in points}, REACH)
    towns |= {town for name in several for town in gazetteer.find(name)}
    ordered = sorted(towns, key=lambda town: (-town.population, town.latitude, town.longitude, town.name))
    numbers = {town: number for number, town in enumerate(ordered)}
    keys = {name: [numbers[town] for town in found if town in numbers] for name, found in gazetteer.names()}
    there = {code for town in ordered for code in (town.country, town.region, town.department)}
    said = {name: sorted(codes) for name, codes in sorted(named().items()) if codes & there}
    return {
        "territories": said,
        "names": {name: several for name, several in sorted(keys.items()) if several},
        "latitude": [town.latitude for town in ordered],
        "longitude": [town.longitude for town in ordered],
        "codes": _several([code for code in (t.country, t.region, t.department) if code] for t in ordered),
    }


def _coded(values: Iterable[str | None]) -> Json:
    """Return values as numbers in the list of those that there are; 0 is none."""
    listed = list(values)
    known = {value: number for number, value in enumerate(sorted({each for each in listed if each}), 1)}
    return {"values": list(known), "at": [known.get(each or "", 0) for each in listed]}


def _several(values: Iterable[Sequence[str]]) -> Json:
    listed = [list(dict.fromkeys(each)) for each in values]
    known = {value: number for number, value in enumerate(sorted({each for several in listed for each in several}), 1)}
    coded = [[known[each] for each in several] for several in listed]
    return {"values": list(known), "at": [several[0] if len(several) == 1 else several or 0 for several in coded]}


def _sparse(values: Iterable[Any]) -> Json:
    """Return the values that there are, and the numbers of the nodes (or edges, from 1) that have them."""
    there = [(number, value) for number, value in enumerate(values, 1) if value is not None]
    return {"at": _deltas([number for number, _ in there]), "values": [value for _, value in there]}


def _deltas(numbers: Sequence[int]) -> list[int]:
    return [number - before for before, number in zip((0, *numbers[:-1]), numbers, strict=False)]


__all__ = ["write"]
