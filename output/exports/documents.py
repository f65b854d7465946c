"""A graph as what its index holds: the word index's documents, and the rows of the tables of nodes and edges.

A million nodes pass here one by one, each once. So nodes are positions in lists, which the processor finds faster than
ids in dictionaries; what a node has none of costs nothing; and what many have alike (a year, a conference) is worked
out once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import orjson

from graph.build import Graph
from output.fold import fold
from output.periods import span
from output.territories import territory, told_apart
from output.text import INITIALS, NAMES, languages, plain

LONG = 62  # days; of what lasts longer every seventh day is noted

ROLES = frozenset(("performer", "organizer", "attendee"))
BELONGING = frozenset(("worksFor", "memberOf", "founder"))
SAID = ("description", "jobTitle", "additionalType")
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")

Value = TypeVar("Value")

Json = dict[str, Any]
Document = dict[str, Any]  # a field's value, or several
Row = tuple[Any, ...]  # of the table of nodes
Point = tuple[float, float]  # latitude, longitude
_Days = tuple[int, int]  # first and last, as ordinals
_When = tuple[list[int], list[str]]  # the days on which something took place, and the years in which it began and ended
_Ends = list[list[int]]  # for each node the nodes at the other ends of some of its edges

_NEVER: _When = ([], [])
_NOT_ASKED = -1  # which is no node's place in a list


class Indexed:
    """A graph as rows and documents; nodes are numbered from 1 in the order of their ids, and kept from 0."""

    def __init__(self, graph: Graph) -> None:
        nodes: dict[str, Json] = {node: data for node, data in graph.nodes(data=True)}  # noqa: C416 - types
        self._ids = sorted(nodes)
        self._data = [nodes[node] for node in self._ids]
        self._types: list[str] = [data["type"] for data in self._data]
        self._names: list[str] = [data["name"] for data in self._data]
        self._edges: list[tuple[int, int, str, Json]] = []
        self._links = [0] * len(self._ids)
        none: list[int] = []  # of most kinds of edges most nodes have none; nothing is ever added to it
        self._location: _Ends = [none] * len(self._ids)
        self._above: _Ends = [none] * len(self._ids)  # what an event is part of
        self._organisations: _Ends = [none] * len(self._ids)
        self._events: _Ends = [none] * len(self._ids)  # in which it has a part
        self._others: _Ends = [none] * len(self._ids)
        self._roles: dict[int, set[str]] = {}
        self._take_edges(dict(graph.adjacency()))
        self._regions = {each["id"]: each.get("region") for each in graph.graph["sources"]}
        self._whens: list[_When | None] = [None] * len(self._ids)  # of events, once it was asked for
        self._places: list[int | None] = [_NOT_ASKED] * len(self._ids)  # of events
        self._series: dict[int, list[str]] = {}
        self._territories = self._told_apart()

    def _take_edges(self, adjacent: dict[str, dict[str, dict[str, Json]]]) -> None:
        at = {node: place for place, node in enumerate(self._ids)}
        for source, node in enumerate(self._ids):
            ends = adjacent[node]
            if not ends:
                continue
            of_event = self._types[source] == "Event"
            for identity, keyed in sorted(ends.items()) if len(ends) > 1 else ends.items():
                target = at[identity]
                for _, edge in sorted(keyed.items()) if len(keyed) > 1 else keyed.items():
                    kind = edge["type"]
                    self._edges.append((source + 1, target + 1, kind, edge))
                    self._links[source] += 1
                    self._links[target] += 1
                    if role := edge.get("jobTitle"):
                        self._roles.setdefault(target if kind in ROLES else source, set()).add(role)
                    if kind == "location":
                        _add(self._location, source, target)
                    elif kind == "superEvent":
                        _add(self._above, source, target)
                    elif kind == "founder":  # stands on the organisation, belonging on the person
                        _add(self._organisations, target, source)
                        _add(self._others, source, target)
                    elif kind in BELONGING:
                        _add(self._organisations, source, target)
                    else:
                        _add(self._others, source, target)
                    if of_event and target != source:
                        _add(self._events, target, source)

    def nodes(self) -> Iterator[tuple[Document, Row, Sequence[Point]]]:
        """Yield what the word index has of each node (a value, or several, for each field), its row, and its points."""
        for node, (data, kind) in enumerate(zip(self._data, self._types, strict=True)):
            events = [node] if kind == "Event" else self._events[node]
            places = self._places_of(node, kind)
            spellings = self._spellings(node, data)
            found: Document = {"number": node + 1, NAMES: spellings, "type": kind}
            if kind == "Person":
                found[INITIALS] = " ".join({word[0]: None for name in spellings for word in name.split()})
            text = plain(" . ".join(self._texts(node, data, events, places)))
            for language in languages(text, data.get("inLanguage")):
                found[language] = text
            stated = found["source"] = _each([source["id"] for source in data["sources"]])
            if regions := self._regions_of(stated, places):
                found["region"] = regions
            self._add_plain(found, node, data, events)
            points = self._add_places(found, places) if places else ()
            seen = None
            days, years = self._when(node) if kind == "Event" else _together([self._when(event) for event in events])
            if days:
                found["day"], found["year"] = days, years
                found["last"] = seen = days[-1]
            yield found, self._row(node, data, kind, spellings, seen, places), points

    def _told_apart(self) -> dict[int, str]:
        """Return where the places are whose town's name stands in several countries or regions, as far as known."""
        named: dict[str, list[int]] = {}
        for place, (data, kind) in enumerate(zip(self._data, self._types, strict=True)):
            if kind == "Place" and (town := data.get("addressLocality")):
                named.setdefault(_folded(town), []).append(place)
        found = {}
        for places in named.values():
            if len(places) < 2:
                continue
            stated = [self._territory(place) for place in places]
            town = self._data[places[0]]["addressLocality"]
            for place, code in zip(places, stated, strict=True) if (meant := told_apart(town, stated)) else ():
                found[place] = meant[code]
        return found

    def _territory(self, place: int) -> str:
        data = self._data[place]
        sources = _each([source["id"] for source in data["sources"]])
        about = [region for source in sources if (region := self._regions.get(source))]
        return territory(data["addressLocality"], data, about)

    def documents(self) -> Iterator[Document]:
        """Yield what the word index has of each node."""
        for document, _, _ in self.nodes():
            yield document

    def _row(
        self, node: int, data: Json, kind: str, spellings: Sequence[str], seen: int | None, places: Sequence[int]
    ) -> Row:
        town = self._data[places[0]].get("addressLocality") if places and kind in ("Event", "Place") else None
        start = data.get("startDate")
        city = _folded(town) if town else None
        return (
            node + 1,
            self._ids[node],
            kind,
            "\n".join(spellings),
            start,
            data.get("endDate") or start,
            city,
            self._territories.get(places[0]) or None if city else None,
            data.get("eventAttendanceMode") == "OnlineEventAttendanceMode",
            self._links[node],
            seen,
        )

    def _spellings(self, node: int, data: Json) -> list[str]:
        name = fold(self._names[node])
        if not (others := data["alternateName"]):
            return [name] if name else []
        return _each([spelling for spelling in (name, *map(fold, others)) if spelling])

    def _add_plain(self, found: Document, node: int, data: Json, events: Sequence[int]) -> None:
        """Add what one can ask for by its own name."""
        nodes = self._data
        themes = _themes(data)
        if self._types[node] == "Person":
            for event in events:
                if about := nodes[event].get("about"):
                    themes = [*themes, *about]
        if themes:
            found["theme"] = _plain(themes)
        stated, roles = data.get("jobTitle"), self._roles.get(node, ())
        if stated or roles:
            found["role"] = _plain([*((stated,) if stated else ()), *sorted(roles)])
        organisations = self._organisations[node]
        if others := self._others[node]:
            organisations = organisations + [each for each in others if self._types[each] == "Organization"]
        if organisations:
            found["organisation"] = _plain([self._names[each] for each in organisations])
        if series := self._series_of(events):
            found["series"] = series

    def _add_places(self, found: Document, places: Sequence[int]) -> Sequence[Point]:
        if towns := _each([town for place in places if (town := self._data[place].get("addressLocality"))]):
            found["town"] = [plain(town) for town in towns]
            found["place"] = towns
        if points := sorted({point for place in places if (point := self._point(place))}):
            found["latitude"] = [point[0] for point in points]
            found["longitude"] = [point[1] for point in points]
        return points

    def contents(self) -> Iterator[bytes]:
        """Yield everything known of each node, as JSON."""
        return map(orjson.dumps, self._data)

    def edges(self) -> Sequence[tuple[int, int, str, Json]]:
        """Return the edges: the numbers of their ends, their type, and everything known of them."""
        return self._edges

    def _texts(self, node: int, data: Json, events: Sequence[int], places: Sequence[int]) -> list[str]:
        person = self._types[node] == "Person"
        nodes, names = self._data, self._names
        texts: list[str] = [] if person else [names[node], *data["alternateName"]]
        texts += map(data.__getitem__, filter(data.__contains__, SAID))
        texts += _themes(data)
        if node in self._roles:
            texts += sorted(self._roles[node])
        # What one would say of a thing that its own fields do not: where it was, who spoke, what they work for.
        for others in (self._location[node], self._above[node], self._organisations[node], self._others[node]):
            for other in others:
                texts.append(names[other])
        if places:
            texts += [town for place in places if (town := nodes[place].get("addressLocality"))]
        if person:
            # What a person's events were about, and what they were called.
            for event in events:
                texts.append(names[event])
                texts += _themes(nodes[event])
        return texts

    def _series_of(self, events: Sequence[int]) -> list[str]:
        """Return the names of what events are part of, and of what that is part of."""
        first = self._above[events[0]] if len(events) == 1 else _each([a for each in events for a in self._above[each]])
        if len(first) == 1:
            if (whole := first[0]) not in self._series:
                self._series[whole] = self._wholes(first)
            return self._series[whole]
        return self._wholes(first) if first else []

    def _wholes(self, first: Sequence[int]) -> list[str]:
        second = [each for whole in first for each in self._above[whole]]
        return _plain([self._names[each] for each in _each([*first, *second])])

    def _when(self, event: int) -> _When:
        """Return an event's days and years: its own, else those of what it is part of, else none."""
        if (known := self._whens[event]) is None:
            known = self._whens[event] = _NEVER  # should an event be part of itself
            data = self._data[event]
            if "startDate" in data:
                known = _stated(data["startDate"], data.get("endDate"))
            if not known[0] and (above := self._above[event]):
                known = self._when(above[0])
            self._whens[event] = known
        return known

    def _places_of(self, node: int, kind: str) -> list[int]:
        """Return the places of a node: itself, its location, that of what it is part of, belongs to or took part in."""
        if kind == "Place":
            return [node]
        if kind == "Event":
            place = self._place_of(node)
            return [place] if place is not None else []
        found = [*self._location[node]]
        for each in self._organisations[node]:
            found += [each] if self._types[each] == "Place" else self._location[each]
        found += [place for event in self._events[node] if (place := self._place_of(event)) is not None]
        return _each(found)

    def _place_of(self, event: int) -> int | None:
        if self._places[event] == _NOT_ASKED:
            self._places[event] = None  # should an event be part of itself
            if location := self._location[event]:
                self._places[event] = min(location)
            elif above := self._above[event]:
                self._places[event] = self._place_of(min(above))
        return self._places[event]

    def _point(self, place: int) -> Point | None:
        data = self._data[place]
        return (data["latitude"], data["longitude"]) if "latitude" in data and "longitude" in data else None

    def _regions_of(self, sources: Iterable[str], places: Sequence[int]) -> list[str]:
        """Return the regions of a node's sources and places, and the countries that they are in."""
        stated = [region for source in sources if (region := self._regions.get(source))]
        if not stated and not places:
            return stated
        if places:
            stated += [region for place in places if (region := self._data[place].get("addressRegion"))]
        return _each([each for region in stated for each in _with_country(region)])


def _add(ends: _Ends, node: int, other: int) -> None:
    if known := ends[node]:
        known.append(other)
    else:
        ends[node] = [other]


def _each(values: list[Value]) -> list[Value]:
    """Return the values in their order, each once."""
    return list(dict.fromkeys(values)) if len(values) > 1 else values


def _plain(values: Sequence[str]) -> list[str]:
    return [plain(value) for value in dict.fromkeys(values)]


def _themes(data: Json) -> Sequence[str]:
    about, keywords = data.get("about", ()), data.get("keywords", ())
    return [*about, *keywords] if about or keywords else ()


_folded = lru_cache(maxsize=50_000)(fold)  # of towns


@lru_cache(maxsize=5_000)
def _with_country(region: str) -> tuple[str, ...]:
    return (region, region[:2]) if _REGION.fullmatch(region) else (region,)


@lru_cache(maxsize=50_000)
def _span(stated: str) -> _Days | None:
    days = span(stated)
    return (days[0].toordinal(), days[1].toordinal()) if days else None


@lru_cache(maxsize=50_000)
def _stated(start: str, end: str | None) -> _When:
    """Return the days and years of what began and ended when that is said."""
    first, last = _span(start), _span(end) if end else None
    return _noted((first[0], max(first[1], (last or first)[1]))) if first else _NEVER


@lru_cache(maxsize=50_000)
def _noted(days: _Days) -> _When:
    start, end = days
    noted = [*range(start, end, 1 if end - start <= LONG else 7), end]
    return noted, _each([str(date.fromordinal(day).year) for day in days])


def _together(several: Sequence[_When]) -> _When:
    """Return the days and years of several things."""
    if len(several) < 2:
        return several[0] if several else _NEVER
    days = sorted({day for noted, _ in several for day in noted})
    return days, _each([year for _, years in several for year in years])


__all__ = ["Document", "Indexed", "Point", "Row"]
