"""Search in names and texts, with filters by type, town, distance, region and date."""

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from output.fold import fold, words
from output.index import Index
from output.periods import Period, span

TYPES = ("Person", "Place", "Event", "EventSeries", "Organization")
NAME_WEIGHT = 10.0  # of a word in a name, beside one in a description
EXACT = 100.0  # added where the query is a name as it stands
NEAR = 20.0  # kilometres around a town, where no distance is said
CANDIDATES = 2_000  # matches that are ranked at the most
EARTH = 6_371.0  # kilometres


class SearchError(ValueError):
    """A filter that cannot be used: which, and what to say instead."""


@dataclass(frozen=True, slots=True)
class Result:
    """A node that was found. ``score`` grows with relevance and compares within one search alone."""

    id: str
    type: str
    name: str
    other_names: tuple[str, ...]
    date: str | None
    city: str | None
    summary: str
    sources: tuple[str, ...]
    score: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def search(
    index: Index,
    query: str = "",
    *,
    types: Sequence[str] = (),
    near: str | None = None,
    within: float | None = None,
    region: str | None = None,
    from_: Period | None = None,
    to: Period | None = None,
    limit: int = 20,
) -> list[Result]:
    """Return the nodes that fit the query and all the filters, the best first.

    All words must occur, the last one perhaps only begun; where nothing has them all, any. Accents, case and
    punctuation do not matter, and no character has a special meaning. ``near`` is a town or ``latitude,longitude``,
    ``within`` kilometres; dates filter events by their own date and everything else by the events it is connected with.

    Raises:
        SearchError: for an unknown type, or a town that is not in the graph.
    """
    if unknown := [name for name in types if name not in TYPES]:
        raise SearchError(f"unknown type {', '.join(unknown)}; known: {', '.join(TYPES)}")
    if within is not None and near is None:
        raise SearchError("--within says how far from --near: give both")
    point = _point(index, near) if near else None
    found, asked = [], fold(query)
    wanted = orjson.dumps(list(types)).decode()
    for row in _matches(index, words(query), wanted) if asked else _everything(index, wanted):
        result = _result(row, asked)
        if region and not _in_region(row[5], region):
            continue
        if near and not _is_near(row, point, fold(near), within or NEAR):
            continue
        if (from_ or to) and not _in_time(index, row, from_, to):
            continue
        found.append(result)
    return sorted(found, key=lambda result: (-result.score, result.date or "9999", result.name, result.id))[:limit]


_COLUMNS = "node.id, node.type, node.start, node.end, node.city, node.region, node.latitude, node.longitude, node.doc"


_OF_TYPES = "(? = '[]' OR node.type IN (SELECT value FROM json_each(?)))"


def _matches(index: Index, asked: list[str], types: str) -> list[tuple[Any, ...]]:
    quoted = [f'"{word}"' for word in asked]
    quoted[-1] += "*"
    for operator in (" AND ", " OR "):
        query = (
            f"SELECT {_COLUMNS}, -bm25(text, {NAME_WEIGHT}, 1.0) AS score "
            "FROM text CROSS JOIN node ON node.number = text.rowid "
            f"WHERE text MATCH ? AND {_OF_TYPES} ORDER BY score DESC, node.id LIMIT ?"
        )
        if found := list(index.rows(query, operator.join(quoted), types, types, CANDIDATES)):
            return found
    return []


def _everything(index: Index, types: str) -> list[tuple[Any, ...]]:
    query = (
        f"SELECT {_COLUMNS}, 0.0 FROM node WHERE {_OF_TYPES} "
        "ORDER BY node.start IS NULL, node.start DESC, node.id LIMIT ?"
    )
    return list(index.rows(query, types, types, CANDIDATES * 50))


def _result(row: tuple[Any, ...], asked: str) -> Result:
    node, kind, start, _, city, _, _, _, doc, score = row
    data = orjson.loads(doc)
    shown = data.get("addressLocality") or (city.title() if city else None)
    about = data.get("about") or []
    summary = " · ".join(filter(None, [data.get("jobTitle") or data.get("additionalType"), *about])) or (
        data.get("description") or ""
    )
    if asked and asked in (fold(name) for name in (data["name"], *data["alternateName"])):
        score += EXACT
    return Result(
        id=node,
        type=kind,
        name=data["name"],
        other_names=tuple(data["alternateName"]),
        date=start,
        city=shown,
        summary=summary[:200],
        sources=tuple(dict.fromkeys(source["url"] for source in data["sources"])),
        score=round(score, 6),
    )


def _in_region(stated: str | None, region: str) -> bool:
    return stated is not None and (stated == region or stated.startswith(f"{region}-"))


def _point(index: Index, near: str) -> tuple[float, float] | None:
    """Return the coordinates of a town (the middle of what the graph has there), or of ``latitude,longitude``.

    None where the town is known but nothing in it has coordinates: then the town's name alone decides.
    """
    if match := re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*", near):
        latitude, longitude = float(match[1]), float(match[2])
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise SearchError(f"--near {near}: latitude comes first, then longitude, in degrees")
        return latitude, longitude
    query = "SELECT count(*), avg(latitude), avg(longitude) FROM node WHERE city = ? AND type = 'Place'"
    ((count, latitude, longitude),) = index.rows(query, fold(near))
    if not count and not list(index.rows("SELECT 1 FROM node WHERE city = ? LIMIT 1", fold(near))):
        raise SearchError(f"--near {near}: nothing in the graph is in that town; give latitude,longitude instead")
    return None if latitude is None else (latitude, longitude)


def _is_near(row: tuple[Any, ...], point: tuple[float, float] | None, town: str, within: float) -> bool:
    if row[4] == town:
        return True
    if point is None or row[6] is None:
        return False
    return distance(point, (row[6], row[7])) <= within


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance in kilometres of two points (latitude, longitude), by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(each) for each in point) for point in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def _in_time(index: Index, row: tuple[Any, ...], from_: Period | None, to: Period | None) -> bool:
    if row[1] == "Event":
        return _touches(row[2], row[3], from_, to)
    query = (
        "SELECT node.start, node.end FROM edge JOIN node ON node.id = edge.source "
        "WHERE edge.target = ? AND node.type = 'Event'"
    )
    return any(_touches(start, end, from_, to) for start, end in index.rows(query, row[0]))


def _touches(start: str | None, end: str | None, from_: Period | None, to: Period | None) -> bool:
    first = span(start) if start else None
    if first is None:
        return False
    last = (span(end) if end else None) or first
    return (from_ is None or last[1] >= from_.start) and (to is None or first[0] <= to.end)
