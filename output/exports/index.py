"""The index that every query opens: a SQLite file of nodes and edges, and beside it a folder with the word index.

The folder is named after its content and the file says which it is, so that moving the file to its place replaces both
at once. The same graph gives the same bytes in both.
"""

import gc
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from graph.build import Graph
from output.exports import words
from output.fold import fold
from output.periods import span

VERSION = 2
FOLDER = "index-"  # and sixteen hexadecimal digits
LONG = 62  # days; of what lasts longer every seventh day is noted

Json = dict[str, Any]

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE node (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    names TEXT NOT NULL,
    start TEXT,
    end TEXT,
    city TEXT,
    online INTEGER NOT NULL,
    links INTEGER NOT NULL,
    seen INTEGER,
    doc BLOB NOT NULL
);
CREATE TABLE point (
    number INTEGER NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,
    PRIMARY KEY (number, latitude, longitude)
) WITHOUT ROWID;
CREATE TABLE edge (source INTEGER NOT NULL, target INTEGER NOT NULL, type TEXT NOT NULL, doc BLOB NOT NULL);
CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
"""
# Made once everything is in: a sorted insertion is several times as fast.
INDEXES = """
CREATE INDEX node_by_time ON node (type, start);
CREATE INDEX node_by_city ON node (city) WHERE city IS NOT NULL;
CREATE INDEX edge_by_source ON edge (source, type, target);
CREATE INDEX edge_by_target ON edge (target, type, source);
"""

ROLES = frozenset(("performer", "organizer", "attendee"))
BELONGING = frozenset(("worksFor", "memberOf", "founder"))
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass(slots=True)
class _Around:
    """What edges say of a node, by the ids at their other ends."""

    location: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)  # what an event is part of
    organisations: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)  # in which it has a part
    others: list[str] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)


_NOTHING = _Around()


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write the index of a graph: the file ``path``, and a folder beside it."""
    with _no_cyclic_garbage(), closing(sqlite3.connect(path)) as database:
        index = _Indexed(graph)
        text = words.write(index.words(), path.parent, FOLDER)
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA journal_mode = OFF")  # the file is thrown away when writing fails
        database.execute("PRAGMA synchronous = OFF")  # and synced by whoever moves it to its place
        database.executescript(SCHEMA)
        database.executemany("INSERT INTO meta VALUES (?, ?)", _meta(graph, text.name))
        database.executemany("INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", index.rows())
        database.executemany("INSERT INTO point VALUES (?, ?, ?)", index.points())
        database.executemany("INSERT INTO edge VALUES (?, ?, ?, ?)", index.edges())
        database.executemany("INSERT INTO redirect VALUES (?, ?)", sorted(graph.graph["redirects"].items()))
        database.executescript(INDEXES)
        database.commit()


@contextmanager
def _no_cyclic_garbage() -> Iterator[None]:
    # Nothing here is cyclic, and looking for it in a large graph costs as much again as all the rest.
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def texts(graph: Graph) -> Iterator[words.Entry]:
    """Yield what the word index is told of each node, in the order of their ids."""
    return _Indexed(graph).words()


def folder_of(path: Path) -> Path | None:
    """Return the folder of the word index that belongs to an index file; None where it is no such file."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            row = database.execute("SELECT value FROM meta WHERE key = 'words'").fetchone()
    except sqlite3.DatabaseError:
        return None
    return path.parent / row[0] if row else None


def _meta(graph: Graph, text: str) -> Iterator[tuple[str, str]]:
    yield "version", str(VERSION)
    yield "when", graph.graph.get("when") or ""
    yield "sources", orjson.dumps(graph.graph["sources"]).decode()
    yield "words", text


class _Indexed:
    """A graph as rows and documents; nodes are numbered from 1 in the order of their ids."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._data: dict[str, Json] = dict(
            sorted(((node, data) for node, data in graph.nodes(data=True)), key=lambda pair: pair[0])
        )
        self._number = {node: number for number, node in enumerate(self._data, 1)}
        self._around: defaultdict[str, _Around] = defaultdict(_Around)
        self._links: defaultdict[str, int] = defaultdict(int)
        for source, target, data in graph.edges(data=True):
            self._add(source, target, data)
        self._regions = {each["id"]: each.get("region") for each in graph.graph["sources"]}
        self._names = {node: tuple(dict.fromkeys(_spellings(data))) for node, data in self._data.items()}
        self._days: dict[str, tuple[date, date] | None] = {}
        self._places: dict[str, str | None] = {}

    def _add(self, source: str, target: str, data: Json) -> None:
        kind, here, there = data["type"], self._around[source], self._around[target]
        self._links[source] += 1
        self._links[target] += 1
        if role := data.get("jobTitle"):
            (there if kind in ROLES else here).roles.add(role)
        if kind == "location":
            here.location.append(target)
        elif kind == "superEvent":
            here.above.append(target)
        elif kind in BELONGING:
            # A founder stands on the organisation, the others on the person.
            (there if kind == "founder" else here).organisations.append(source if kind == "founder" else target)
            here.others.append(target)
        else:
            here.others.append(target)
        if self._data[source]["type"] == "Event" and target != source:
            there.events.append(source)

    def words(self) -> Iterator[words.Entry]:
        for node, data in self._data.items():
            around = self._around.get(node, _NOTHING)
            own = data["type"] == "Event"
            events = [node] if own else around.events
            days = [known for event in events if (known := self._days_of(event))]
            places = self._places_of(node)
            regions = set(self._regions_of(data, places))
            yield words.Entry(
                number=self._number[node],
                names=self._names[node],
                person=data["type"] == "Person",
                text=" . ".join(self._texts(node, data, around)),
                language=data.get("inLanguage"),
                plain={
                    "theme": [*_list(data, "about"), *_list(data, "keywords"), *self._topics(around, data)],
                    "role": [*_list(data, "jobTitle"), *sorted(around.roles)],
                    "organisation": [self._data[each]["name"] for each in around.organisations]
                    + [self._data[each]["name"] for each in around.others if each.startswith("organization-")],
                    "town": sorted({place for each in places for place in _town(self._data[each])}),
                    "series": [self._data[each]["name"] for each in self._above(events if not own else [node])],
                },
                keywords={
                    "type": [data["type"]],
                    "region": sorted(regions),
                    "source": sorted({source["id"] for source in data["sources"]}),
                    "year": sorted({str(day.year) for each in days for day in each}),
                    "place": sorted({town for each in places for town in _town(self._data[each])[:1]}),
                },
                days=_noted(days),
                points=[self._point(each) for each in places if self._point(each)],  # type: ignore[misc]
            )

    def rows(self) -> Iterator[tuple[Any, ...]]:
        for node, data in self._data.items():
            own = data["type"] == "Event"
            events = [node] if own else self._around.get(node, _NOTHING).events
            last = max((known[1].toordinal() for event in events if (known := self._days_of(event))), default=None)
            place = node if data["type"] == "Place" else next(iter(self._places_of(node)), None) if own else None
            towns = _town(self._data[place]) if place else []
            yield (
                self._number[node],
                node,
                data["type"],
                "\n".join(self._names[node]),
                data.get("startDate"),
                data.get("endDate") or data.get("startDate"),
                fold(towns[0]) if towns else None,
                data.get("eventAttendanceMode") == "OnlineEventAttendanceMode",
                self._links[node],
                last,
                orjson.dumps(data),
            )

    def points(self) -> Iterator[tuple[int, float, float]]:
        for node, number in self._number.items():
            for point in sorted({point for place in self._places_of(node) if (point := self._point(place))}):
                yield number, *point

    def edges(self) -> Iterator[tuple[int, int, str, bytes]]:
        found = (
            (self._number[source], self._number[target], key, data)
            for source, target, key, data in self._graph.edges(keys=True, data=True)
        )
        for source, target, _, data in sorted(found, key=lambda edge: edge[:3]):
            yield source, target, data["type"], orjson.dumps(data)

    def _texts(self, node: str, data: Json, around: _Around) -> Iterator[str]:
        if data["type"] != "Person":
            yield data["name"]
            yield from data["alternateName"]
        for key in ("description", "about", "keywords", "jobTitle", "additionalType"):
            yield from _list(data, key)
        yield from sorted(around.roles)
        # What one would say of a thing that its own fields do not: where it was, who spoke, what they work for.
        for other in (*around.location, *around.above, *around.organisations, *around.others):
            yield self._data[other]["name"]
        for place in self._places_of(node):
            yield from _town(self._data[place])
        if data["type"] == "Person":
            # What a person's events were about, and what they were called.
            for event in around.events:
                yield self._data[event]["name"]
                yield from _list(self._data[event], "about")
                yield from _list(self._data[event], "keywords")

    def _topics(self, around: _Around, data: Json) -> list[str]:
        if data["type"] != "Person":
            return []
        return [topic for event in around.events for topic in _list(self._data[event], "about")]

    def _above(self, events: Iterable[str]) -> list[str]:
        """Return what events are part of, and what that is part of."""
        first = dict.fromkeys(each for event in events for each in self._around.get(event, _NOTHING).above)
        second = (each for whole in first for each in self._around.get(whole, _NOTHING).above)
        return list(dict.fromkeys([*first, *second]))

    def _days_of(self, event: str) -> tuple[date, date] | None:
        """Return an event's first and last day: its own, else those of what it is part of."""
        if event not in self._days:
            self._days[event] = None  # should an event be part of itself
            data = self._data[event]
            first = span(data["startDate"]) if data.get("startDate") else None
            last = span(data["endDate"]) if data.get("endDate") else None
            if first:
                self._days[event] = (first[0], max(first[1], (last or first)[1]))
            elif above := self._around.get(event, _NOTHING).above:
                self._days[event] = self._days_of(above[0])
        return self._days[event]

    def _places_of(self, node: str) -> list[str]:
        """Return the places of a node: itself, its location, that of what it is part of, belongs to or took part in."""
        around = self._around.get(node, _NOTHING)
        if self._data[node]["type"] == "Place":
            return [node]
        if self._data[node]["type"] == "Event":
            place = self._place_of(node)
            return [place] if place else []
        found = dict.fromkeys(around.location)
        for each in around.organisations:
            found.update(dict.fromkeys([each] if each.startswith("place-") else self._around[each].location))
        for event in around.events:
            if place := self._place_of(event):
                found[place] = None
        return list(found)

    def _place_of(self, event: str) -> str | None:
        if event not in self._places:
            self._places[event] = None
            around = self._around.get(event, _NOTHING)
            if around.location:
                self._places[event] = min(around.location)
            elif around.above:
                self._places[event] = self._place_of(min(around.above))
        return self._places[event]

    def _point(self, place: str) -> tuple[float, float] | None:
        data = self._data[place]
        return (data["latitude"], data["longitude"]) if "latitude" in data and "longitude" in data else None

    def _regions_of(self, data: Json, places: Sequence[str]) -> Iterator[str]:
        stated = [self._regions.get(source["id"]) for source in data["sources"]]
        stated += [self._data[place].get("addressRegion") for place in places]
        for region in filter(None, stated):
            if _REGION.fullmatch(region):
                yield region
                yield region[:2]
            else:
                yield region


def _spellings(data: Json) -> Iterator[str]:
    for name in (data["name"], *data["alternateName"]):
        if folded := fold(name):
            yield folded


def _town(place: Json) -> list[str]:
    return [place["addressLocality"]] if place.get("addressLocality") else []


def _list(data: Json, key: str) -> list[str]:
    value = data.get(key)
    return value if isinstance(value, list) else [] if value is None else [value]


def _noted(days: Iterable[tuple[date, date]]) -> list[int]:
    """Return the days on which something took place, as ordinals."""
    found: set[int] = set()
    for first, last in days:
        start, end = first.toordinal(), last.toordinal()
        found.update(range(start, end + 1, 1 if end - start <= LONG else 7))
        found.add(end)
    return sorted(found)


__all__ = ["FOLDER", "VERSION", "folder_of", "texts", "write"]
