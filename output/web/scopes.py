"""What events can be asked for by: everything, a town, region, source, series, place, community, or one event.

A scope has a stable name that addresses carry: a node's id, ``town-lorient``, ``region-FR-BRE``, ``source-ID``,
``all``. A town whose name stands in several countries or regions is told from the others of its name by a code:
``town-portland-us-or``; the bare name is all of them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson
from tantivy import Occur, Query

from output.index import Index, Node, UnknownIdError
from output.web.addresses import slug, town_slug

ALL = "all"
COMING, PAST = 500, 200  # events of a scope that are given at the most
LASTING = 62  # days; who asks for everything is not told of what began earlier and still goes on
ASKED = 5_000  # events that the word index names, of which those with a day of their own are kept
LONGEST = 100  # characters of a town in a file's name
UNKNOWN = "?"  # which of the towns of a name it is
_REGION, _SOURCE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?"), re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
NODES = ("Event", "EventSeries", "Place", "Organization")

WHOLE = """NOT EXISTS (
    SELECT 1 FROM edge JOIN node AS whole ON whole.number = edge.target
    WHERE edge.source = node.number AND edge.type = 'superEvent' AND whole.type = 'Event' AND length(whole.start) >= 10
)"""  # what is part of another event is told by that one, where that one has a day and is told itself

# Of a folded name, and of a territory where one is asked for.
IN_TOWN = f"node.city = ?1 AND (?2 = '' OR coalesce(node.territory, '{UNKNOWN}') = ?2)"

# By the index on types and times, for everything; a plus keeps SQLite from it where what is asked for is much less.
_EVENTS, _OF_THESE = "node.type = 'Event'", "+node.type = 'Event'"

_SELECT = """
SELECT node.number FROM node WHERE {where} AND {period} AND length(node.start) >= 10
AND {whole}
ORDER BY node.start {order}, node.id {order} LIMIT {limit}
"""
_HELD = "('location', 'organizer', 'superEvent')"
# Events at, by or of a node, and those of a series that is.
_OF_NODE = f"""
{_OF_THESE} AND node.number IN (
    SELECT source FROM edge WHERE target = ?1 AND type IN {_HELD}
    UNION SELECT part.source FROM edge AS part JOIN edge AS held ON held.source = part.target
    WHERE held.target = ?1 AND held.type IN {_HELD} AND part.type = 'superEvent'
)"""
_PARTS = """
SELECT node.number FROM node JOIN edge ON edge.source = node.number
WHERE edge.target = ?1 AND edge.type = 'superEvent' AND length(node.start) >= {least} ORDER BY node.start, node.id
LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for: its stable name, a name for people, its kind, and the value or node that it stands for.

    ``kind`` is ``all``, ``town``, ``region``, ``source`` or a node's type. ``territory`` tells a town from the others
    of its name; it is empty for all of them, and ``UNKNOWN`` for what may be in any.
    """

    name: str
    title: str
    kind: str
    value: str = ""
    node: Node | None = None
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Town:
    """One of the towns of a name: its territory, and how many places and events are there."""

    territory: str
    places: int
    events: int


def scope(index: Index, name: str) -> Scope:
    """Return the scope of a name; a region's title is its code, which languages name otherwise.

    Raises:
        UnknownIdError: where there is none, and for a person: where somebody will be next is nothing to subscribe to.
    """
    if name == ALL:
        return Scope(ALL, "Recroise", ALL)
    kind, _, value = name.partition("-")
    if kind == "town":
        town = slug(value)  # there is one address of a town, however it is typed
        for city, code in _readings(town):
            if title := town_name(index, city, code):
                return Scope(f"town-{town}", title, kind, city, territory=code)
    if kind == "region" and has_region(index, value):
        return Scope(name, value, kind, value)
    if kind == "source" and (title := _source_name(index, value)):
        return Scope(name, title, kind, value)
    node = index.node(name)
    if node.type not in NODES:
        raise UnknownIdError(f"{name}: there are calendars of places, communities, series and events, not of people")
    return Scope(node.id, node.name, node.type, node.id, node)


def scopes(index: Index) -> Iterator[str]:
    """Yield the name of every scope but single events, in a fixed order."""
    yield ALL
    yield from (f"{kind}-{value}" for kind, value in areas(index))
    query = "SELECT id FROM node WHERE type IN ('EventSeries', 'Place', 'Organization') ORDER BY id"
    yield from (row[0] for row in index.rows(query))


def areas(index: Index) -> Iterator[tuple[str, str]]:
    """Yield the kind and the value of every town, region and source, in a fixed order.

    A name that no file can have, because it is too long or a source made up a region, is left out.
    """
    query = """
    SELECT city, NULL FROM node WHERE city IS NOT NULL
    UNION SELECT city, territory FROM node WHERE city IS NOT NULL AND territory IS NOT NULL ORDER BY 1, 2
    """
    towns = (town_slug(*row) for row in index.rows(query))
    yield from (("town", name) for name in towns if len(name) <= LONGEST)
    regions = index.words.count(Query.all_query(), ("region",), 10_000)["region"]
    yield from (("region", code) for code in sorted(regions) if _REGION.fullmatch(code))
    yield from (("source", source["id"]) for source in index.sources if _SOURCE.fullmatch(source["id"]))


def to_come(index: Index, today: date) -> Iterator[str]:
    """Yield the ids of the events that are not over and whose day is known."""
    query = "SELECT id FROM node WHERE type = 'Event' AND length(start) >= 10 AND end >= ? ORDER BY id"
    yield from (row[0] for row in index.rows(query, today.isoformat()))


def merged(index: Index, kinds: Sequence[str]) -> Iterator[str]:
    """Yield the ids that nodes of some types had before they were merged into what they are now."""
    query = """
    SELECT old FROM redirect JOIN node ON node.id = redirect.new
    WHERE node.type IN (SELECT value FROM json_each(?)) ORDER BY old
    """
    yield from (row[0] for row in index.rows(query, orjson.dumps(kinds).decode()))


def _readings(town: str) -> Iterator[tuple[str, str]]:
    """Yield what a town's address may mean: a folded name, or one and the code of where it is."""
    words = town.split("-")
    yield " ".join(words), ""
    for parts in (1, 2):  # of a code
        if len(words) > parts:
            yield " ".join(words[:-parts]), "-".join(words[-parts:]).upper()


def town_name(index: Index, town: str, territory: str = "") -> str | None:
    """Return how most of its places write a town that is given folded; None where nothing is there."""
    query = f"""
    SELECT json_extract(CAST(doc AS TEXT), '$.addressLocality') AS town FROM node JOIN content USING (number)
    WHERE {IN_TOWN} AND type = 'Place' GROUP BY town ORDER BY count(*) DESC, town LIMIT 1
    """
    for row in index.rows(query, town, territory):
        return str(row[0])
    return None


def towns(index: Index, town: str) -> list[Town]:
    """Return the towns of a name that is given folded, the one with most places first; none where it is one."""
    query = """
    SELECT territory, sum(type = 'Place'), sum(type = 'Event') FROM node
    WHERE city = ? AND territory IS NOT NULL GROUP BY territory ORDER BY 2 DESC, 3 DESC, 1
    """
    return [Town(*row) for row in index.rows(query, town)]


def spellings(counted: Mapping[str, int]) -> dict[str, int]:
    """Return how often towns are named, those of one folded name together, as they are written most often."""
    found: dict[str, str] = {}
    together: Counter[str] = Counter()
    for town, count in sorted(counted.items(), key=lambda each: (-each[1], each[0])):
        if folded := slug(town):
            together[found.setdefault(folded, town)] += count
    return dict(together.most_common())


def in_territory(index: Index, code: str) -> dict[str, str]:
    """Return those towns in a country or region whose names stand elsewhere too: folded names, with their codes."""
    query = """
    SELECT DISTINCT city, territory FROM node
    WHERE city IS NOT NULL AND territory IS NOT NULL AND (territory = ?1 OR territory LIKE ?1 || '-%') ORDER BY 1, 2
    """
    return dict(index.rows(query, code))


def has_region(index: Index, code: str) -> bool:
    """Return whether there is anything to tell of a region: it is one, and something is there."""
    return bool(_REGION.fullmatch(code)) and index.words.known("region", code)


def _source_name(index: Index, identity: str) -> str | None:
    for source in index.sources:
        if source["id"] == identity:
            return str(source.get("name", identity))
    return None


def coming(index: Index, asked: Scope, today: date, limit: int = COMING) -> list[Node]:
    """Return the events of a scope that are not over, the next first; of one event, it and its parts with a time.

    Where it has no day itself, those of its parts that have one stand for it.
    """
    if asked.node is not None and asked.kind == "Event":
        return _one(index, asked.node, limit)
    period = f"node.end >= '{today}'"
    if asked.kind == ALL:
        period += f" AND node.start >= '{today - timedelta(days=LASTING)}'"
    return _select(index, asked, period, "ASC", limit, today, None)


def past(index: Index, asked: Scope, today: date, limit: int = PAST) -> list[Node]:
    """Return the latest events of a scope that are over, the latest first; of one event none."""
    if asked.kind == "Event":
        return []
    period = f"node.end < '{today}'"
    return _select(index, asked, period, "DESC", limit, None, today - timedelta(days=1))


def dated(index: Index, numbers: list[int]) -> list[Node]:
    """Return the nodes that are events with a day of their own, and no part of another, the earliest first."""
    return _listed(index, numbers, "1", "ASC", len(numbers))


def latest(index: Index, numbers: list[int], limit: int) -> list[Node]:
    """Return those of the nodes that ``dated`` does which begin last, the latest first."""
    return _listed(index, numbers, "1", "DESC", limit)


def _one(index: Index, event: Node, limit: int) -> list[Node]:
    (number,) = next(index.rows("SELECT number FROM node WHERE id = ?", event.id))
    own = [event] if len(event.data.get("startDate", "")) >= 10 else []
    parts = [row[0] for row in index.rows(_PARTS.format(least=11 if own else 10, limit=limit), number)]
    return own + index.by_number(parts)


def _select(
    index: Index, asked: Scope, period: str, order: str, limit: int, first: date | None, last: date | None
) -> list[Node]:
    if asked.kind in ("region", "source"):
        words = index.words
        terms = [words.term("type", "Event"), words.term(asked.kind, asked.value), words.days(first, last)]
        query = Query.boolean_query([(Occur.Must, each) for each in terms])
        return _listed(index, [number for number, _ in words.find(query, ASKED, newest=True)], period, order, limit)
    if asked.kind == "town":
        where = f"{IN_TOWN} AND {_OF_THESE}"
        return _nodes(index, period, where, order, limit, asked.value, asked.territory)
    if asked.kind == ALL:
        return _nodes(index, period, _EVENTS, order, limit)
    (number,) = next(index.rows("SELECT number FROM node WHERE id = ?", asked.value))
    return _nodes(index, period, _OF_NODE, order, limit, number)


def _listed(index: Index, numbers: list[int], period: str, order: str, limit: int) -> list[Node]:
    where = f"node.number IN (SELECT value FROM json_each(?1)) AND {_OF_THESE}"
    return _nodes(index, period, where, order, limit, orjson.dumps(numbers).decode())


def _nodes(index: Index, period: str, where: str, order: str, limit: int, *values: Any) -> list[Node]:
    query = _SELECT.format(whole=WHOLE, period=period, where=where, order=order, limit=limit)
    return index.by_number([row[0] for row in index.rows(query, *values)])


__all__ = [
    "ALL",
    "IN_TOWN",
    "UNKNOWN",
    "Scope",
    "Town",
    "areas",
    "coming",
    "dated",
    "has_region",
    "in_territory",
    "latest",
    "merged",
    "past",
    "scope",
    "scopes",
    "spellings",
    "to_come",
    "town_name",
    "towns",
]
