"""Places on the map and in the list beside it: where they are, and what comes next there."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from output.index import Index
from output.web.cards import Card, by_numbers
from output.web.wording import short

MOST = 20_000  # places on a map, those with the most links first
KINDS = 12  # kinds of places that one chooses from
PAGE = 250  # places on a page of the list

_PINS = """
SELECT node.number, node.id, content.doc, point.latitude, point.longitude
FROM node JOIN content USING (number) JOIN point USING (number)
WHERE node.type = 'Place' ORDER BY node.links DESC, node.id LIMIT ?1
"""
_NEXT = """
SELECT edge.target, event.id, event.start, content.doc
FROM node AS event JOIN edge ON edge.source = event.number AND edge.type = 'location'
JOIN content ON content.number = event.number
WHERE event.type = 'Event' AND event.end >= ?1 AND length(event.start) >= 10 ORDER BY event.start, event.id LIMIT ?2
"""
_LISTED = "SELECT number FROM node WHERE type = 'Place' ORDER BY city IS NULL, city, territory, id LIMIT ?1 OFFSET ?2"


@dataclass(frozen=True, slots=True)
class Town:
    """The places of a town on a page of the list; without a name, those of which it is not known.

    ``territory`` tells it from others of its name.
    """

    name: str
    territory: str | None
    slug: str
    places: Sequence[Card]


def pins(index: Index, today: date) -> dict[str, Any]:
    """Return what the map draws: ``kinds``, and ``places``: id, name, kind, town, latitude, longitude, coming events.

    A coming event is its id, name and start; there are three of a place at the most, the next first.
    """
    coming: dict[int, list[list[str]]] = {}
    for place, event, start, doc in index.rows(_NEXT, today.isoformat(), MOST):
        held = coming.setdefault(place, [])
        if len(held) < 3:
            held.append([event, short(orjson.loads(doc)["name"]), start])
    found = []
    kinds: Counter[str] = Counter()
    for number, node, doc, latitude, longitude in index.rows(_PINS, MOST):
        data = orjson.loads(doc)
        kind = short(data.get("additionalType") or "", 60)
        kinds[kind] += bool(kind)
        town = short(data.get("addressLocality") or "", 60)
        found.append([node, short(data["name"]), kind, town, latitude, longitude, coming.get(number, [])])
    often = sorted(kinds, key=lambda each: (-kinds[each], each))[:KINDS]
    return {"kinds": [each for each in often if each], "places": found}


def towns(index: Index, number: int) -> list[Town]:
    """Return a page of the list, by town; pages are counted from 1."""
    numbers = [row[0] for row in index.rows(_LISTED, PAGE, (number - 1) * PAGE)]
    cards = {each.number: each.card for each in by_numbers(index, numbers)}
    grouped: dict[str, list[Card]] = {}
    for each in numbers:
        grouped.setdefault(cards[each].town_slug, []).append(cards[each])
    return [Town(held[0].town or "", held[0].territory, name, held) for name, held in grouped.items()]


def pages(index: Index) -> int:
    """Return how many pages the list has; one at least."""
    return max(1, -(-count(index) // PAGE))


def count(index: Index) -> int:
    """Return how many places there are."""
    return int(next(index.rows("SELECT count(*) FROM node WHERE type = 'Place'"))[0])


def numbers(index: Index) -> Iterator[int]:
    """Yield the numbers of the list's pages after the first."""
    return iter(range(2, pages(index) + 1))


__all__ = ["PAGE", "Town", "count", "numbers", "pages", "pins", "towns"]
