"""Clusters of mentions → a networkx directed multigraph in which every fact names its sources."""

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import networkx as nx
import orjson

from graph.mentions import Mention, Reference
from graph.model import EDGE_ROLES, FLATTENED, LISTS, NOT_FACTS

Json = dict[str, Any]
Graph: TypeAlias = "nx.MultiDiGraph[str]"


def build(clusters: Iterable[tuple[str, Sequence[Mention]]], attributes: Json) -> Graph:
    """Return the graph of clusters (node id, mentions), with ``attributes`` for the graph itself.

    Nodes and edges are in a fixed order, whatever order the clusters come in.
    """
    graph: Graph = nx.MultiDiGraph(**attributes)
    node_of: dict[str, str] = {}
    by_key: dict[str, Mention] = {}
    with no_cyclic_garbage():
        for node, mentions in sorted(clusters, key=lambda pair: pair[0]):
            graph.add_node(node, **_node(mentions))
            for mention in mentions:
                node_of[mention.key] = node
                by_key[mention.key] = mention
        for (source, target, kind, role), stated in sorted(_edges(by_key, node_of).items()):
            graph.add_edge(source, target, key=f"{kind}:{role}" if role else kind, **_edge(kind, role, stated))
    return graph


def _node(mentions: Sequence[Mention]) -> Json:
    references = sorted({mention.source for mention in mentions})
    position = {reference: number for number, reference in enumerate(references)}
    stated: defaultdict[str, dict[str, tuple[Any, set[Reference]]]] = defaultdict(dict)
    for mention in mentions:
        for key, value in _facts(mention.data):
            for each in value if isinstance(value, list) else [value]:
                token = orjson.dumps(each).decode()
                stated[key].setdefault(token, (each, set()))[1].add(mention.source)
    name = _best_name(stated.pop("name").values())
    spellings = {value for key in ("name", "alternateName") for value, _ in stated.get(key, {}).values()}
    others = sorted({*spellings, *(mention.name for mention in mentions)} - {name})
    node: Json = {"type": mentions[0].type, "name": name, "alternateName": others}
    facts: Json = {}
    for mention in mentions:
        stated["name"].setdefault(orjson.dumps(mention.name).decode(), (mention.name, set()))[1].add(mention.source)
    for key in sorted(stated):
        values = stated[key]
        if key in LISTS:
            if key != "alternateName":
                node[key] = [values[token][0] for token in sorted(values)]
        elif key not in ("name", "rule"):
            node[key] = _best(values.values())
        facts[key] = [
            {"value": values[token][0], "sources": sorted(position[reference] for reference in values[token][1])}
            for token in sorted(values)
        ]
    node["sources"] = [_reference(reference) for reference in references]
    node["facts"] = facts
    return node


def _facts(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if key in FLATTENED:
            yield from value.items()
        elif key not in NOT_FACTS:
            yield key, value


def _best_name(stated: Iterable[tuple[Any, set[Reference]]]) -> str:
    """Return the spelling that most sources use, then most pages; of equals the one with accents, then the longer."""

    def rank(pair: tuple[Any, set[Reference]]) -> tuple[Any, ...]:
        name, references = pair
        shouted = name.isupper() or name.islower() or any(len(word) > 3 and word.isupper() for word in name.split())
        accents = sum(not char.isascii() for char in name)
        sources, pages = {each.id for each in references}, {each.url for each in references}
        return (shouted, -len(sources), -len(pages), -accents, -len(name), name)

    return str(min(stated, key=rank)[0])


def _best(stated: Iterable[tuple[Any, set[Reference]]]) -> Any:
    """Return the value that most sources state, of equals the one read last, then the smallest."""

    def rank(pair: tuple[Any, set[Reference]]) -> tuple[Any, ...]:
        value, references = pair
        newest = max(reference.fetched for reference in references)
        return (len({reference.id for reference in references}), newest, [-ord(char) for char in str(value)])

    return max(stated, key=rank)[0]


def _edges(
    by_key: Mapping[str, Mention], node_of: Mapping[str, str]
) -> dict[tuple[str, str, str, str], list[tuple[Mention, Mention]]]:
    """Group nestings by what they say: (source, target, type, role) → the mentions of both ends."""
    edges: defaultdict[tuple[str, str, str, str], list[tuple[Mention, Mention]]] = defaultdict(list)
    for mention in by_key.values():
        if mention.parent is None or mention.relation is None or mention.parent not in by_key:
            continue
        parent = by_key[mention.parent]
        source, target = node_of[parent.key], node_of[mention.key]
        if source != target:
            edges[source, target, mention.relation, _role(parent, mention)].append((parent, mention))
    return edges


def _role(parent: Mention, child: Mention) -> str:
    """Return the role in words that an edge carries: the speaker's at an event, the person's in an organisation."""
    bearer = child if child.relation in EDGE_ROLES else parent if parent.type == "Person" else None
    return str(bearer.data.get("jobTitle", "")) if bearer else ""


def _edge(kind: str, role: str, stated: Sequence[tuple[Mention, Mention]]) -> Json:
    edge: Json = {"type": kind}
    if role:
        edge["jobTitle"] = role
    for key in ("startDate", "endDate"):
        if values := sorted(
            {parent.data[key] for parent, _ in stated if parent.type == "Event" and key in parent.data}
        ):
            edge[key] = values[0]
    edge["sources"] = [_reference(each) for each in sorted({child.source for _, child in stated})]
    return edge


def _reference(reference: Reference) -> Json:
    stated = {"id": reference.id, "url": reference.url, "fetched": reference.fetched}
    return {**stated, "until": reference.until} if reference.until else stated


@contextmanager
def no_cyclic_garbage() -> Iterator[None]:
    """Leave Python's search for cycles out for a while: nothing here is cyclic."""
    # Looking for cycles costs a tenth of the time on a large graph.
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
