"""Search in names and texts, with filters by type, town, distance, region, series, source and date; and facets."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from tantivy import Occur, Query

from output import near as places
from output.fold import fold
from output.index import Index, Node
from output.matching import Candidate, candidates, keyword, matching
from output.periods import Period
from output.query import TYPES as SPELT
from output.query import parse
from output.text import NAMES, Words

TYPES = ("Person", "Place", "Event", "EventSeries", "Organization")
NEAR = 20.0  # kilometres around a town, where no distance is said
LONG = 8  # letters of a series' name from which on it may have two slips
SPARE = 4  # candidates taken for each result, where a filter is only exact on a closer look
MOST = 100_000  # nodes of one question that are looked at
_ID = re.compile(r"[a-z]+-[0-9a-f]+")
FACETS = {"type": 10, "year": 30, "region": 30, "place": 20, "source": 20}  # and how many values of each


class SearchError(ValueError):
    """A filter that cannot be used: which, and what to say instead."""


class NothingNearError(SearchError):
    """Nothing is known in a town or around it."""


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


@dataclass(frozen=True, slots=True)
class Filters:
    """What a result must be: every one that is given has to hold.

    Attributes:
        types: node types.
        near, within: a town or ``latitude,longitude``, and kilometres around it (20 by default).
        region: ISO 3166-2 region (``FR-BRE``) or country (``FR``).
        from_, to: dates filter events by their own date and everything else by the events it is connected with.
        series: words of the name of what an event is part of; of people and places, of one of their events. Where
            nothing has them as they are, in any order, begun or with slips.
        source: a source's id.
    """

    types: Sequence[str] = ()
    near: str | None = None
    within: float | None = None
    region: str | None = None
    from_: Period | None = None
    to: Period | None = None
    series: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class _Conditions:
    """Filters as queries, and the circle that the index only knows the box of."""

    queries: list[Query] = field(default_factory=list)
    area: places.Area | None = None
    within: float = NEAR


def search(
    index: Index, query: str = "", *, limit: int = 20, start: int = 0, among: int = 0, **filters: Any
) -> list[Result]:
    """Return the nodes that fit the query and all the filters, the best first.

    Accents, case and punctuation do not matter; names are found with slips, swapped, shortened or only begun; texts by
    the stems of their words, French and English. ``"a phrase"``, ``town:lorient`` and ``-not`` mean what one expects
    (``output/query.py``), and nothing that can be typed is an error. Without words the newest come first. An id finds
    its node.

    Args:
        index: an open index.
        query: what is looked for.
        limit: how many results at the most.
        start: how many of the best are left out, for a page that is not the first.
        among: of how many at the least the best are chosen. Pages of one question follow one another where they are
            chosen of the same: as many as all of them have.
        filters: the fields of ``Filters``.

    Raises:
        SearchError: for an unknown type, or a town that is not known.
    """
    conditions = _conditions(index, Filters(**filters))
    if (exactly := _of_id(index, query.strip())) is not None:
        (node,) = index.by_number([exactly])
        return [_result(index, node, Candidate(exactly, 1.0, 1.0))]
    asked = parse(query)
    end = start + limit
    wanted = max(end, among) * (SPARE if conditions.area else 1)
    found = candidates(index, asked, conditions.queries, wanted)
    kept = list(islice((each for each in found if _is_near(index, each.number, conditions)), start, end))
    nodes = index.by_number(each.number for each in kept)
    return [_result(index, node, each) for node, each in zip(nodes, kept, strict=True)]


def _of_id(index: Index, typed: str) -> int | None:
    for row in index.rows("SELECT number FROM node WHERE id = ?", typed) if _ID.fullmatch(typed) else ():
        return int(row[0])
    return None


def numbers(index: Index, **filters: Any) -> list[int]:
    """Return the numbers of all nodes that fit the filters (at the most ``MOST``, the newest), in no order.

    Raises:
        SearchError: for an unknown type, or a town that is not known.
    """
    conditions = _conditions(index, Filters(**filters))
    everything = Query.boolean_query([(Occur.Must, each) for each in conditions.queries or [Query.all_query()]])
    found = index.words.find(everything, MOST, newest=True)
    return [number for number, _ in found if _is_near(index, number, conditions)]


def facets(index: Index, query: str = "", **filters: Any) -> dict[str, dict[str, int]]:
    """Return how many of the nodes that fit are of each type, year, region, town and source, most first.

    Near a town, what lies in the corners of the box around the circle is counted too.
    """
    conditions = _conditions(index, Filters(**filters))
    found = index.words.count(matching(index, parse(query), conditions.queries), tuple(FACETS), max(FACETS.values()))
    return {name: dict(list(values.items())[: FACETS[name]]) for name, values in found.items()}


def _conditions(index: Index, filters: Filters) -> _Conditions:
    types = [SPELT.get(fold(name), name) for name in filters.types]
    if unknown := [name for name in types if name not in TYPES]:
        raise SearchError(f"unknown type {', '.join(unknown)}; known: {', '.join(TYPES)}")
    if filters.within is not None and filters.near is None:
        raise SearchError("--within says how far from --near: give both")
    words, within = index.words, filters.within or NEAR
    queries: list[Query] = []
    if types:
        queries.append(_one_of([words.term("type", name) for name in types]))
    if filters.region:
        queries.append(keyword(words, "region", filters.region))
    if filters.source:
        queries.append(words.term("source", filters.source))
    if filters.series:
        queries.append(_series(words, filters.series))
    if filters.from_ or filters.to:
        queries.append(
            words.days(filters.from_.start if filters.from_ else None, filters.to.end if filters.to else None)
        )
    area = _area(index, filters.near) if filters.near else None
    if area:
        around = _around(words, area, within)
        if not words.find(around, 1):
            raise NothingNearError(_nothing_there(filters.near or ""))
        queries.append(around)
    return _Conditions([Query.const_score_query(each, 0.0) for each in queries], area, within)


def _one_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, each) for each in queries])


def _series(words: Words, text: str) -> Query:
    """What is part of a series that is called so, and the series itself: as it is written, else as one types it.

    That is with the words in any order, begun, with a slip or two, or without a blank.
    """
    terms = words.analyse("series", text)
    if not terms:
        return Query.empty_query()
    of_series = words.term("type", "EventSeries")
    itself = _every([of_series, *(words.term(NAMES, term) for term in terms)])
    for parts in (words.phrase("series", terms), _every([words.term("series", term) for term in terms])):
        if words.find(parts, 1):
            return _one_of([parts, itself])
    if words.find(itself, 1):
        return itself
    ways = []
    for typed in dict.fromkeys((tuple(terms), ("".join(terms),))):
        ways.append(_every([_meant(words, "series", term) for term in typed]))
        ways.append(_every([of_series, *(_meant(words, NAMES, term) for term in typed)]))
    return _one_of(ways)


def _every(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, each) for each in queries])


def _meant(words: Words, field: str, term: str) -> Query:
    """A word of a series' name as it is, begun, with a slip (two from ``LONG`` letters on), or two run together."""
    ways = [words.term(field, term)]
    if len(term) > 2:
        ways.append(words.like(field, term, 0, prefix=True))
    if len(term) > 3:
        ways.append(words.like(field, term, 1 if len(term) < LONG else 2))
    halves = ((term[:cut], term[cut:]) for cut in range(2, len(term) - 1))
    both = (two for two in halves if all(words.known(field, half) for half in two))
    return _one_of([*ways, *(_every([words.term(field, half) for half in two]) for two in both)])


def series_like(index: Index, text: str, limit: int = 3) -> list[str]:
    """Return the names of the series that are called the most like something, those first that are."""
    of_series = Query.const_score_query(index.words.term("type", "EventSeries"), 0.0)
    found = candidates(index, parse(text), [of_series], limit)
    return [node.name for node in index.by_number(each.number for each in found)]


def _area(index: Index, near: str) -> places.Area:
    try:
        area = places.locate(index, near)
    except places.PlaceError as error:
        raise SearchError(f"--near {error}") from None
    if area is None:
        raise NothingNearError(_nothing_there(near))
    return area


def _nothing_there(near: str) -> str:
    return f"--near {near}: nothing in the graph is in that town or around it; say another, or latitude,longitude"


def _around(words: Words, area: places.Area, within: float) -> Query:
    ways = [words.phrase("town", area.town.split())] if area.town else []
    if area.point:
        latitudes, longitudes = places.box(area.point, within)
        inside = [words.between("latitude", *latitudes), words.between("longitude", *longitudes)]
        ways.append(Query.boolean_query([(Occur.Must, each) for each in inside]))
    return _one_of(ways)


def _is_near(index: Index, number: int, conditions: _Conditions) -> bool:
    """Whether any of a node's points is in the circle; the town's name alone decides where there are no points.

    But what is known to be in another town of that name is not near.
    """
    area = conditions.area
    if area is None:
        return True
    if area.territory and _is_elsewhere(index, number, area):
        return False
    if area.point is None:
        return True
    points = list(index.rows("SELECT latitude, longitude FROM point WHERE number = ?", number))
    return not points or any(places.distance(area.point, (row[0], row[1])) <= conditions.within for row in points)


def _is_elsewhere(index: Index, number: int, area: places.Area) -> bool:
    query = "SELECT 1 FROM node WHERE number = ? AND city = ? AND territory IS NOT NULL AND territory != ?"
    return bool(list(index.rows(query, number, area.town, area.territory)))


def _result(index: Index, node: Node, found: Candidate) -> Result:
    data = node.data
    town = data.get("addressLocality")
    if town is None:  # an event's is its place's
        for row in index.rows("SELECT city FROM node WHERE number = ?", found.number):
            town = row[0].title() if row[0] else None
    about = data.get("about") or []
    role = data.get("jobTitle") or data.get("additionalType")
    return Result(
        id=node.id,
        type=node.type,
        name=node.name,
        other_names=tuple(data["alternateName"]),
        date=data.get("startDate"),
        city=town,
        summary=(" · ".join(filter(None, [role, *about])) or data.get("description") or "")[:200],
        sources=node.sources,
        score=round(found.score, 6),
    )


__all__ = [
    "TYPES",
    "Filters",
    "NothingNearError",
    "Result",
    "SearchError",
    "facets",
    "numbers",
    "search",
    "series_like",
]
