"""What stands around a node, as lists show it: a line each, without loading whatever else is known of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from output.index import Index, Node
from output.web.addresses import town_slug
from output.web.wording import SHORT, short

MOST = 5_000  # neighbours of a node that are looked at, each way; of more than that the oldest events are left out
SHOWN = 40  # of a section, on the page of the node itself
EVENTS = "Event"

_NEIGHBOURS = """
SELECT edge.rowid, edge.type, {outgoing}, near.number, near.type, near.start, near.end
FROM edge JOIN node AS near ON near.number = edge.{far} WHERE edge.{here} = ?1
ORDER BY near.start IS NOT NULL, near.start DESC, edge.rowid LIMIT ?2
"""
_OUT = _NEIGHBOURS.format(outgoing=1, far="target", here="source")
_IN = _NEIGHBOURS.format(outgoing=0, far="source", here="target")
_CARDS = """
SELECT node.number, node.id, node.type, node.start, node.end, node.city, node.territory, content.doc
FROM node JOIN content USING (number) WHERE node.number IN (SELECT value FROM json_each(?1))
"""
_PLACES = """
SELECT source, min(target) FROM edge
WHERE source IN (SELECT value FROM json_each(?1)) AND type = 'location' GROUP BY source
"""
_EDGES = "SELECT rowid, doc FROM edge WHERE rowid IN (SELECT value FROM json_each(?1))"


@dataclass(frozen=True, slots=True)
class Read:
    """A page that says something: its address, the source it belongs to, and the instant since which it says so.

    ``until`` is when it was last read so, where its source says it no more; else empty.
    """

    url: str
    source: str
    at: str
    until: str = ""

    @classmethod
    def of(cls, stated: Mapping[str, str]) -> "Read":
        """Return a graph's reference to a page."""
        return cls(stated["url"], stated["id"], stated["fetched"], stated.get("until", ""))


@dataclass(frozen=True, slots=True)
class Card:
    """A node in one line.

    ``roles`` are as pages state them, ``relations`` the types of the edges that lead here; both stand for what the node
    is to the one whose page lists it. ``reads`` are the pages that say so.
    """

    id: str
    type: str
    name: str
    start: str | None = None
    end: str | None = None
    zone: str | None = None
    status: str | None = None
    mode: str | None = None
    town: str | None = None
    territory: str | None = None
    place: "Card | None" = None
    unsure: bool = False
    role: str | None = None
    roles: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    reads: tuple[Read, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def town_slug(self) -> str:
        return town_slug(self.town, self.territory) if self.town else ""


@dataclass(frozen=True, slots=True)
class Section:
    """Some of what stands around a node: what it is, the first of its cards, and how many there are of them all."""

    key: str
    cards: Sequence[Card]
    total: int


@dataclass(slots=True)
class _Near:
    """A neighbour, before anything of it is read: the edges that lead there."""

    number: int
    type: str
    start: str
    end: str
    edges: list[int]
    relations: list[str]


class Around:
    """What stands around a node, in sections; only what is shown of them is read.

    ``left_out`` is how many of the edges that lead to it or from it are more than those that are looked at.
    """

    def __init__(self, index: Index, node: Node, today: date) -> None:
        self._index = index
        (number,) = next(index.rows("SELECT number FROM node WHERE id = ?", node.id))
        self._number: int = number
        self._sections: dict[str, list[_Near]] = {}
        near: dict[tuple[str, int], _Near] = {}
        self.left_out = 0
        for query, here in ((_OUT, "source"), (_IN, "target")):
            found = list(index.rows(query, number, MOST))
            if len(found) == MOST:
                (edges,) = next(index.rows(f"SELECT count(*) FROM edge WHERE {here} = ?", number))
                self.left_out += edges - MOST
            for row, relation, outgoing, other, kind, start, end in found:
                key = _section(node.type, relation, bool(outgoing), kind)
                if key == "events" and is_over(end or start, today):
                    key = "past"
                held = near.get((key, other))
                if held is None:
                    held = near[key, other] = _Near(other, kind, start or "", end or "", [], [])
                    self._sections.setdefault(key, []).append(held)
                held.edges.append(row)
                held.relations.append(relation)
        for key, held_there in self._sections.items():
            held_there.sort(key=lambda each: (each.start, each.number), reverse=key == "past")

    @property
    def total(self) -> int:
        return sum(map(len, self._sections.values()))

    @property
    def most(self) -> int:
        """How many there are in the largest section."""
        return max(map(len, self._sections.values()), default=0)

    def sections(self, shown: int = SHOWN) -> list[Section]:
        """Return the sections in the order of the page, with no more than so many cards in each."""
        return self.whole(shown)[1]

    def whole(self, shown: int = SHOWN) -> tuple[Card, list[Section]]:
        """Return the card of the node itself, and the sections."""
        taken = {key: self._sections[key][:shown] for key in ORDER if key in self._sections}
        near = [each for found in taken.values() for each in found]
        plain = self._plain([self._number, *(each.number for each in near)])
        cards = self._cards(near, plain)
        return plain[self._number], [
            Section(key, [cards[id(each)] for each in found], len(self._sections[key])) for key, found in taken.items()
        ]

    def slice(self, start: int, end: int) -> list[Section]:
        """Return what is there from one position to another, as sections that may be cut."""
        flat = [(key, each) for key in ORDER for each in self._sections.get(key, ())][start:end]
        cards = self._cards([each for _, each in flat], self._plain([each.number for _, each in flat]))
        found: dict[str, list[Card]] = {}
        for key, each in flat:
            found.setdefault(key, []).append(cards[id(each)])
        return [Section(key, each, len(self._sections[key])) for key, each in found.items()]

    def _plain(self, numbers: Sequence[int]) -> dict[int, Card]:
        return {each.number: each.card for each in by_numbers(self._index, numbers)}

    def _cards(self, shown: Sequence[_Near], plain: Mapping[int, Card]) -> dict[int, Card]:
        wanted = orjson.dumps([edge for each in shown for edge in each.edges]).decode()
        edges = {row: orjson.loads(doc) for row, doc in self._index.rows(_EDGES, wanted)}
        return {id(each): _with(plain[each.number], each, [edges[row] for row in each.edges]) for each in shown}


ORDER = ("place", "whole", "events", "parts", "series", "people", "organisations", "places", "past", "others")


def _section(kind: str, relation: str, outgoing: bool, other: str) -> str:
    """Return in which section of a node of a kind a neighbour stands."""
    if other == "Event":
        if kind == "Event":
            return "whole" if outgoing else "parts"
        return "events"
    if kind in ("Event", "EventSeries") and outgoing and relation in ("location", "superEvent"):
        return "place" if relation == "location" else "whole"
    return {"Person": "people", "Organization": "organisations", "Place": "places", "EventSeries": "series"}.get(
        other, "others"
    )


def is_over(end: str | None, today: date) -> bool:
    """Whether something that ends on a day, month or year is over; what has no day is."""
    return not end or end[:10] < today.isoformat()[: len(end)]


@dataclass(frozen=True, slots=True)
class Numbered:
    number: int
    card: Card


def by_numbers(index: Index, numbers: Iterable[int]) -> Iterator[Numbered]:
    """Yield the cards of nodes, in no order, events with the place where they are."""
    wanted = orjson.dumps(list(dict.fromkeys(numbers))).decode()
    places: dict[int, int] = {row[0]: row[1] for row in index.rows(_PLACES, wanted)}
    there = orjson.dumps(sorted(set(places.values()))).decode()
    at = {each[0]: _card(each) for each in index.rows(_CARDS, there)} if places else {}
    for row in index.rows(_CARDS, wanted):
        card = _card(row)
        if row[2] == EVENTS and (place := at.get(places.get(row[0], 0))):
            card = replace(card, place=place, town=place.town or card.town)
        yield Numbered(row[0], card)


def cards(index: Index, ids: Sequence[str]) -> list[Card]:
    """Return the cards of nodes by their ids, in their order; an id that is not there is left out."""
    query = "SELECT number FROM node WHERE id IN (SELECT value FROM json_each(?))"
    numbers = [row[0] for row in index.rows(query, orjson.dumps(list(ids)).decode())]
    found = {each.card.id: each.card for each in by_numbers(index, numbers)}
    return [found[each] for each in ids if each in found]


def _card(row: tuple[Any, ...]) -> Card:
    _, node, kind, start, end, city, territory, doc = row
    data = orjson.loads(doc)
    town = data.get("addressLocality") or (city.title() if city else None)
    return Card(
        id=node,
        type=kind,
        name=short(data["name"]) or node,
        start=start,
        end=end if end != start else None,
        zone=data.get("timeZone"),
        status=data.get("eventStatus"),
        mode=data.get("eventAttendanceMode"),
        town=short(town) if town else None,
        territory=territory,
        unsure="lowConfidence" in data,
        role=short(data.get("jobTitle") or data.get("additionalType") or "") or None,
        topics=tuple(filter(None, (short(each, 40) for each in data.get("about", ())[:4]))),
    )


def _with(card: Card, near: _Near, edges: Sequence[dict[str, Any]]) -> Card:
    roles = dict.fromkeys(short(edge["jobTitle"]) for edge in edges if edge.get("jobTitle"))
    reads = dict.fromkeys(Read.of(each) for edge in edges for each in edge["sources"])
    return replace(
        card, roles=tuple(filter(None, roles)), relations=tuple(dict.fromkeys(near.relations)), reads=tuple(reads)
    )


__all__ = ["MOST", "SHORT", "SHOWN", "Around", "Card", "Read", "Section", "by_numbers", "cards", "is_over"]
