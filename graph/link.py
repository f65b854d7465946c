"""Links the store's records into the graph, and reads it again."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import orjson
from boltons.fileutils import atomic_save

from crawler import retention
from crawler.datadir import has_store, open_store, write_lock
from crawler.store import Store
from crawler.stored import StoredRecord
from graph import judgements, reuse, state
from graph.ahead import ahead
from graph.build import Graph, build, no_cyclic_garbage
from graph.clusters import Clusters, Conflict, cluster, decided
from graph.ids import remember
from graph.joining import weakest_links
from graph.linking import Linker, Match
from graph.matches import Matches
from graph.mentions import Mention, located, mentions
from graph.model import SCHEMA, VERSION
from graph.model_files import Model, load_models
from graph.probabilistic import ProbabilisticLinker
from graph.series import inferred_series
from graph.surroundings import Surroundings
from graph.venues import inferred_venues, unfounded

FILE = state.GRAPH


class GraphError(RuntimeError):
    """There is no graph, or it cannot be read: where, and what to do."""


@dataclass(frozen=True, slots=True)
class LinkResult:
    """What linking made of the store: counts, and in sentences what it refused and what it split.

    ``idle`` tells of the judgements that are not followed, as no record says what they are on. ``unchanged`` is True
    when nothing that the graph is made of had changed, so that nothing was linked.
    """

    records: int
    mentions: int
    nodes: int
    edges: int
    retired: int
    conflicts: tuple[str, ...]
    splits: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    unchanged: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Linked:
    """Everything that linking decided on: mentions by key, matches, and clusters."""

    mentions: Mapping[str, Mention]
    matches: Matches
    clusters: Clusters
    undecided: Sequence[Match] = ()


def decide(
    records: Iterable[StoredRecord],
    cities: Mapping[str, str | None],
    log: Iterable[judgements.Judgement] = (),
    linker: Linker | None = None,
) -> Linked:
    """Return which mentions of the records are one. Pure."""
    with no_cyclic_garbage(), ahead() as names:
        stated = located(names.reading(mentions(records, cities)))
        venues = inferred_venues(stated)
        around = Surroundings((*stated, *inferred_series(stated), *venues))
        del stated
        standing = judgements.standing(log)
        names.wait()
        decision = (linker or ProbabilisticLinker()).link(around, standing)
        parts = (decision.matches, decided(standing))
        columns = (each if isinstance(each, Matches) else Matches.of(around.keys, each) for each in parts)
        matches = Matches.together(around.keys, columns).in_order()
        found = dict(zip(around.keys, around.mentions, strict=True))
        linked = Linked(found, matches, cluster(around, matches, standing), decision.undecided)
        return _without(linked, unfounded(linked.clusters, (venue.key for venue in venues)))


def _without(linked: Linked, keys: Collection[str]) -> Linked:
    """Return what linking decided without the mentions of these keys, which are clusters of their own."""
    if not keys:
        return linked

    undecided = linked.undecided
    if isinstance(undecided, Matches):
        undecided = undecided.without(keys)
    else:
        undecided = [match for match in undecided if match.left not in keys and match.right not in keys]
    groups = [group for group in linked.clusters.groups if group[0] not in keys]
    left = dict(linked.mentions)
    for key in keys:
        del left[key]
    return Linked(
        left,
        linked.matches.without(keys),
        Clusters(groups, linked.clusters.conflicts),
        undecided,
    )


def link_data(data: Path, keep: bool = True) -> LinkResult:
    """Link what the data directory holds and write ``graph.json``, whole or not at all.

    ``keep``: use what was compared last, and leave what was compared now for the next time.

    Raises:
        GraphError: when nothing was ever stored.
        BusyError: when another process is writing there.
    """
    need_store(data)
    models = load_models(data)
    log = judgements.load(data / judgements.FILE)
    # Around a call: what it made is gone before cycles are looked for again, among all that is left.
    with no_cyclic_garbage(), write_lock(data):
        return _link(data, ProbabilisticLinker(models, data / reuse.FOLDER if keep else None), models, log)


def _link(data: Path, linker: Linker, models: Mapping[str, Model], log: Iterable[judgements.Judgement]) -> LinkResult:
    with open_store(data) as store:
        catalogue = state.catalogue_of(store)
        mark = state.mark(data, store, models)
        if before := state.result_of(data, mark, data / FILE):
            lists = {name: tuple(before[name]) for name in ("conflicts", "splits", "idle")}
            return LinkResult(**{**before, **lists, "unchanged": True})
        records = list(store.records())
        linked = decide(records, _cities(catalogue), log, linker)
        groups = linked.clusters.groups
        kinds = [linked.mentions[group[0]].type for group in groups]
        age = {key: mention.first_seen for key, mention in linked.mentions.items()}
        assignment = remember(store, groups, kinds, age)
        store.flush()
        kept, retired = _retained(
            [
                (node, [linked.mentions[key] for key in group])
                for node, group in zip(assignment.ids, groups, strict=True)
            ],
            retention.oldest_kept(store),
        )
        graph = build(kept, _attributes(records, catalogue, assignment.redirects))
        _mark_low_confidence(graph, linked, kept)
        save(graph, data / FILE)
        result = LinkResult(
            records=len(records),
            mentions=len(linked.mentions),
            nodes=graph.number_of_nodes(),
            edges=graph.number_of_edges(),
            retired=retired,
            conflicts=tuple(_in_words(conflict, linked.mentions) for conflict in linked.clusters.conflicts),
            splits=tuple(f"{old} was split: {', '.join(new)} left it" for old, new in assignment.splits.items()),
            idle=tuple(_idle(log, linked.mentions)),
        )
        state.remember_result(data, mark, data / FILE, result.to_json())
    return result


def _in_words(conflict: Conflict, mentions: Mapping[str, Mention]) -> str:
    left, right = mentions[conflict.match.left], mentions[conflict.match.right]
    return f"{left.name!r} and {right.name!r} ({conflict.match.rule}): {conflict.reason} [{left.key} {right.key}]"


def _idle(log: Iterable[judgements.Judgement], mentions: Collection[str]) -> Iterator[str]:
    for judgement in judgements.standing(log).values():
        if gone := [key for key in judgement.pair if key not in mentions]:
            yield f"judged {judgement.verdict}: {judgement.left} {judgement.right}; not said: {' '.join(gone)}"


def _mark_low_confidence(graph: Graph, linked: Linked, clusters: Iterable[tuple[str, Sequence[Mention]]]) -> None:
    """Say on each node that only an unsure match holds together which one that is."""
    matches = linked.matches
    unsure = matches.where(~matches.sure)
    named = {key for match in unsure for key in (match.left, match.right)}
    # Only among these an unsure match can be the weakest link.
    groups = [group for group in linked.clusters.groups if not named.isdisjoint(group)]
    weakest = weakest_links(matches.within({key for group in groups for key in group}), groups)
    for node, group in clusters:
        match = weakest.get(min(mention.key for mention in group))
        if match is not None and not match.sure:
            graph.nodes[node]["lowConfidence"] = f"{match.rule} ({match.weight:g} bits)"


def decide_data(data: Path) -> Linked:
    """Return what linking decides on the data directory's records, without writing anything."""
    need_store(data)
    with open_store(data) as store:
        log = judgements.load(data / judgements.FILE)
        return decide(store.records(), catalogue_cities(store), log, ProbabilisticLinker(load_models(data)))


def catalogue_cities(store: Store) -> dict[str, str | None]:
    """Return for each of the store's sources the town that the catalogue says it speaks of."""
    return _cities(state.catalogue_of(store))


def records(data: Path) -> Iterator[dict[str, Any]]:
    """Yield the store's records (JSON form) in the order of their keys, as they may be published.

    What no source has said for so long that people go from the graph names nobody here either.
    """
    need_store(data)
    with open_store(data) as store:
        limit = retention.oldest_kept(store)
        for record in store.records():
            body = record.body if record.last_seen >= limit else _without_people(record.body)
            if body is not None:
                yield body


def _without_people(thing: dict[str, Any]) -> dict[str, Any] | None:
    """Return a record without the people in it; None for a person's own."""
    if thing.get("type") == "Person":
        return None
    kept: dict[str, Any] = {}
    for key, value in thing.items():
        if isinstance(value, list):
            left = [_without_people(each) if isinstance(each, dict) else each for each in value]
            value = [each for each in left if each is not None]
        elif isinstance(value, dict):
            value = _without_people(value)
        if value not in (None, []):
            kept[key] = value
    return kept


def need_store(data: Path) -> None:
    """Raise GraphError when nothing was ever stored."""
    if not has_store(data):
        raise GraphError(f"{data}: nothing is stored there yet; run: recroise crawl, or recroise demo")


def save(graph: Graph, path: Path) -> None:
    """Write the graph as node-link data: the same graph gives the same bytes."""
    content = nx.node_link_data(graph, edges="edges")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with atomic_save(str(path), overwrite_part=True) as file:
            file.write(orjson.dumps(content, option=orjson.OPT_SORT_KEYS))
    except OSError as error:
        error.filename = error.filename or str(path)  # writing to an open file tells no name
        raise


def load(path: Path) -> Graph:
    """Return the graph of a file.

    Raises:
        GraphError: when there is none, or it is no graph.
    """
    try:
        content = orjson.loads(path.read_bytes())
        graph = nx.node_link_graph(content, edges="edges")
    except FileNotFoundError:
        raise GraphError(f"{path}: nothing is linked yet; run: recroise link") from None
    except (orjson.JSONDecodeError, KeyError, TypeError, nx.NetworkXError) as error:
        raise GraphError(f"{path}: not a graph ({error}); run: recroise link") from None
    if not isinstance(graph, nx.MultiDiGraph):
        raise GraphError(f"{path}: not a directed multigraph; run: recroise link")
    return graph


def _cities(catalogue: Mapping[str, Mapping[str, Any]]) -> dict[str, str | None]:
    return {name: entry.get("city") for name, entry in catalogue.items()}


def _retained(clusters: Sequence[tuple[str, list[Mention]]], limit: str) -> tuple[list[tuple[str, list[Mention]]], int]:
    """Leave out people whom no source has named since the day ``limit``."""
    kept = [
        (node, group)
        for node, group in clusters
        if group[0].type != "Person" or max(mention.last_seen for mention in group) >= limit
    ]
    return kept, len(clusters) - len(kept)


def _attributes(
    records: Sequence[StoredRecord], catalogue: Mapping[str, Mapping[str, Any]], redirects: Mapping[str, str]
) -> dict[str, Any]:
    licences: dict[str, str | None] = {}
    for record in records:
        stamp = record.body["source"]
        licences.setdefault(stamp["id"], stamp.get("licence"))
    sources = []
    for name in sorted(licences):
        entry = {key: catalogue.get(name, {}).get(key) for key in ("name", "url", "community", "region")}
        given = {key: value for key, value in entry.items() if value}
        sources.append({"id": name, **given, "licence": licences[name] or "unknown"})
    return {
        "schema": SCHEMA,
        "version": VERSION,
        # Not the clock: the same records give the same bytes.
        "when": max((record.body["source"]["fetched"] for record in records), default=None),
        "sources": sources,
        "redirects": dict(sorted(redirects.items())),
    }
