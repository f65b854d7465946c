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
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from graph.build import Graph
from output.exports import words
from output.fold import fold
from output.periods import span
from output.text import INITIALS, NAMES, languages, plain

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
    seen INTEGER
);
-- Apart: a search looks at hundreds of the rows above for each of these.
CREATE TABLE content (number INTEGER PRIMARY KEY, doc BLOB NOT NULL);
CREATE TABLE point (
    number INTEGER NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,
    PRIMARY KEY (number, latitude, longitude)
) WITHOUT ROWID;
CREATE TABLE edge (source INTEGER NOT NULL, target INTEGER NOT NULL, type TEXT NOT NULL, doc BLOB NOT NULL);
CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
"""
# Made once everything is in: a sorted insertion is several times as fast.
INDEXES = """
CREATE INDEX node_by_time ON node (type, start, end);
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
    links: int = 0


_NOTHING = _Around()
_Days = tuple[int, int]  # first and last, as ordinals


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write the index of a graph: the file ``path``, and a folder beside it."""
    with without_collecting():
        _write(graph, path)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Look for no cycles: nothing here is cyclic, and looking in a large graph costs as much again as all the rest."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _write(graph: Graph, path: Path) -> None:
    index = Indexed(graph)
    text = words.write(index.documents(), path.parent, FOLDER)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA journal_mode = OFF")  # the file is thrown away when writing fails
        database.execute("PRAGMA synchronous = OFF")  # and synced by whoever moves it to its place
        database.executescript(SCHEMA)
        database.executemany("INSERT INTO meta VALUES (?, ?)", _meta(graph, text.name))
        database.executemany("INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", index.rows())
        database.executemany("INSERT INTO content VALUES (?, ?)", index.contents())
        database.executemany("INSERT INTO point VALUES (?, ?, ?)", index.points())
        database.executemany("INSERT INTO edge VALUES (?, ?, ?, ?)", index.edges())
        database.executemany("INSERT INTO redirect VALUES (?, ?)", sorted(graph.graph["redirects"].items()))
        database.executescript(INDEXES)
        database.commit()


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


def documents(graph: Graph) -> Iterator[words.Document]:
    """Yield what the word index is told of each node, in the order of their ids."""
    return Indexed(graph).documents()


class Indexed:
    """A graph as rows and documents; nodes are numbered from 1 in the order of their ids."""

    def __init__(self, graph: Graph) -> None:
        unordered: dict[str, Json] = {node: data for node, data in graph.nodes(data=True)}  # noqa: C416 - types
        self._data = {node: unordered[node] for node in sorted(unordered)}
        self._number = {node: number for number, node in enumerate(self._data, 1)}
        self._around: defaultdict[str, _Around] = defaultdict(_Around)
        self._edges: list[tuple[int, int, str, Json]] = []
        adjacent = dict(graph.adjacency())
        for source in self._data:
            for target, keyed in sorted(adjacent[source].items()):
                for _, data in sorted(keyed.items()) if len(keyed) > 1 else keyed.items():
                    self._add(source, target, data)
        self._regions = {each["id"]: each.get("region") for each in graph.graph["sources"]}
        self._days: dict[str, _Days | None] = {}
        self._places: dict[str, str | None] = {}
        self._names: dict[str, str] = {}

    def _add(self, source: str, target: str, data: Json) -> None:
        kind, here, there = data["type"], self._around[source], self._around[target]
        self._edges.append((self._number[source], self._number[target], kind, data))
        here.links += 1
        there.links += 1
        if role := data.get("jobTitle"):
            (there if kind in ROLES else here).roles.add(role)
        if kind == "location":
            here.location.append(target)
        elif kind == "superEvent":
            here.above.append(target)
        elif kind == "founder":  # stands on the organisation, belonging on the person
            there.organisations.append(source)
            here.others.append(target)
        elif kind in BELONGING:
            here.organisations.append(target)
        else:
            here.others.append(target)
        if self._data[source]["type"] == "Event" and target != source:
            there.events.append(source)

    def documents(self) -> Iterator[words.Document]:
        """Yield what the word index has of each node: a value, or several, for each field."""
        for node, data in self._data.items():
            around = self._around.get(node, _NOTHING)
            kind = data["type"]
            events = [node] if kind == "Event" else around.events
            places = self._places_of(node, around)
            spellings = list(dict.fromkeys(filter(None, map(fold, (data["name"], *data["alternateName"])))))
            self._names[node] = "\n".join(spellings)
            found: words.Document = {"number": self._number[node], NAMES: spellings, "type": kind}
            if kind == "Person":
                found[INITIALS] = " ".join({word[0]: None for name in spellings for word in name.split()})
            text = plain(" . ".join(self._texts(data, around, places)))
            for language in languages(text, data.get("inLanguage")):
                found[language] = text
            found["source"] = list({source["id"]: None for source in data["sources"]})
            if regions := self._regions_of(data, places):
                found["region"] = regions
            self._add_plain(found, data, around, events)
            if places:
                self._add_places(found, places)
            if days := [known for event in events if (known := self._days_of(event))]:
                noted = _noted(days)
                found["day"], found["last"] = noted, noted[-1]
                found["year"] = list({str(date.fromordinal(day).year): None for each in days for day in each})
            yield found

    def _add_plain(self, found: words.Document, data: Json, around: _Around, events: Sequence[str]) -> None:
        """Add what one can ask for by its own name."""
        themes = [*data.get("about", ()), *data.get("keywords", ())]
        if data["type"] == "Person":
            themes += [topic for event in events for topic in self._data[event].get("about", ())]
        roles = [*([data["jobTitle"]] if data.get("jobTitle") else ()), *sorted(around.roles)]
        organisations = around.organisations + [each for each in around.others if each.startswith("organization-")]
        above = self._above(events)
        for field_, values in (
            ("theme", themes),
            ("role", roles),
            ("organisation", [self._data[each]["name"] for each in organisations]),
            ("series", [self._data[each]["name"] for each in above]),
        ):
            if values:
                found[field_] = [plain(value) for value in dict.fromkeys(values)]

    def _add_places(self, found: words.Document, places: Sequence[str]) -> None:
        if towns := list({town: None for place in places if (town := self._data[place].get("addressLocality"))}):
            found["town"] = [plain(town) for town in towns]
            found["place"] = towns
        if points := sorted({point for place in places if (point := self._point(place))}):
            found["latitude"] = [point[0] for point in points]
            found["longitude"] = [point[1] for point in points]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the table's rows; ``documents`` comes first."""
        for node, data in self._data.items():
            around = self._around.get(node, _NOTHING)
            kind, town = data["type"], None
            if kind in ("Event", "Place"):
                place = node if kind == "Place" else self._place_of(node)
                town = self._data[place].get("addressLocality") if place else None
            known = [days[1] for event in ([node] if kind == "Event" else around.events) if (days := self._days[event])]
            yield (
                self._number[node],
                node,
                kind,
                self._names[node],
                data.get("startDate"),
                data.get("endDate") or data.get("startDate"),
                fold(town) if town else None,
                data.get("eventAttendanceMode") == "OnlineEventAttendanceMode",
                around.links,
                max(known) if known else None,
            )

    def contents(self) -> Iterator[tuple[int, bytes]]:
        for number, data in enumerate(self._data.values(), 1):
            yield number, orjson.dumps(data)

    def points(self) -> Iterator[tuple[int, float, float]]:
        for node, number in self._number.items():
            places = self._places_of(node, self._around.get(node, _NOTHING))
            for point in sorted({point for place in places if (point := self._point(place))}):
                yield number, *point

    def edges(self) -> Iterator[tuple[int, int, str, bytes]]:
        for source, target, kind, data in self._edges:
            yield source, target, kind, orjson.dumps(data)

    def _texts(self, data: Json, around: _Around, places: Sequence[str]) -> list[str]:
        person = data["type"] == "Person"
        texts = [] if person else [data["name"], *data["alternateName"]]
        texts += [data[key] for key in ("description", "jobTitle", "additionalType") if key in data]
        texts += [*data.get("about", ()), *data.get("keywords", ())]
        texts += sorted(around.roles)
        # What one would say of a thing that its own fields do not: where it was, who spoke, what they work for.
        for others in (around.location, around.above, around.organisations, around.others):
            texts += [self._data[other]["name"] for other in others]
        texts += [town for place in places if (town := self._data[place].get("addressLocality"))]
        if person:
            # What a person's events were about, and what they were called.
            for event in around.events:
                held = self._data[event]
                texts += [held["name"], *held.get("about", ()), *held.get("keywords", ())]
        return texts

    def _above(self, events: Iterable[str]) -> list[str]:
        """Return what events are part of, and what that is part of."""
        first = {each: None for event in events for each in self._around.get(event, _NOTHING).above}
        second = (each for whole in first for each in self._around.get(whole, _NOTHING).above)
        return list(dict.fromkeys([*first, *second]))

    def _days_of(self, event: str) -> _Days | None:
        """Return an event's first and last day: its own, else those of what it is part of."""
        if event not in self._days:
            self._days[event] = None  # should an event be part of itself
            data = self._data[event]
            first = _span(data["startDate"]) if "startDate" in data else None
            if first:
                last = _span(data["endDate"]) if "endDate" in data else None
                self._days[event] = (first[0], max(first[1], (last or first)[1]))
            elif above := self._around.get(event, _NOTHING).above:
                self._days[event] = self._days_of(above[0])
        return self._days[event]

    def _places_of(self, node: str, around: _Around) -> list[str]:
        """Return the places of a node: itself, its location, that of what it is part of, belongs to or took part in."""
        kind = self._data[node]["type"]
        if kind == "Place":
            return [node]
        if kind == "Event":
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
            self._places[event] = None  # should an event be part of itself
            around = self._around.get(event, _NOTHING)
            if around.location:
                self._places[event] = min(around.location)
            elif around.above:
                self._places[event] = self._place_of(min(around.above))
        return self._places[event]

    def _point(self, place: str) -> tuple[float, float] | None:
        data = self._data[place]
        return (data["latitude"], data["longitude"]) if "latitude" in data and "longitude" in data else None

    def _regions_of(self, data: Json, places: Sequence[str]) -> list[str]:
        """Return the regions of a node's sources and places, and the countries that they are in."""
        found: dict[str, None] = {}
        stated = [self._regions.get(source["id"]) for source in data["sources"]]
        stated += [self._data[place].get("addressRegion") for place in places]
        for region in stated:
            if region:
                found[region] = None
                if _REGION.fullmatch(region):
                    found[region[:2]] = None
        return list(found)


@lru_cache(maxsize=50_000)
def _span(stated: str) -> _Days | None:
    days = span(stated)
    return (days[0].toordinal(), days[1].toordinal()) if days else None


def _noted(days: Iterable[_Days]) -> list[int]:
    """Return the days on which something took place."""
    found: set[int] = set()
    for start, end in days:
        if start == end:
            found.add(start)
            continue
        found.update(range(start, end + 1, 1 if end - start <= LONG else 7))
        found.add(end)
    return sorted(found)


__all__ = ["FOLDER", "VERSION", "Indexed", "documents", "folder_of", "write"]
