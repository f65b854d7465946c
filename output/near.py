"""Where something is: a town's point, and distances on the globe."""

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from output.fold import fold
from output.index import Index

if TYPE_CHECKING:
    from graph.gazetteer import Town

EARTH = 6_371.0  # kilometres
ONE_TOWN = 25.0  # kilometres from its middle that are still a town
DEGREE = EARTH * math.pi / 180  # kilometres of a degree of latitude

Point = tuple[float, float]  # latitude, longitude in degrees

_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")


class PlaceError(ValueError):
    """Words that name no place that is known: what to say instead."""


@dataclass(frozen=True, slots=True)
class Area:
    """A town (folded name, "" for bare coordinates) and its point, where it is known.

    ``territory`` is the code of the region or country that it is in, where one was said; else empty.
    """

    town: str
    point: Point | None
    territory: str = ""


def locate(index: Index, text: str) -> Area | None:
    """Return the place that words mean: ``latitude,longitude``, or a town of the graph or of the gazetteer.

    Of several towns of one name the one that the graph knows something in is meant, else the largest. None where no
    town is called so.

    Raises:
        PlaceError: for coordinates that are not on the globe.
    """
    if match := _POINT.fullmatch(text):
        latitude, longitude = float(match[1]), float(match[2])
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise PlaceError(f"{text}: latitude comes first, then longitude, in degrees")
        return Area("", (latitude, longitude))
    name, _, whole = (part.strip() for part in text.partition(","))
    town = fold(name)
    known = _known_points(index, town)
    if known and not whole:
        middle = (sum(each[0] for each in known) / len(known), sum(each[1] for each in known) / len(known))
        if all(distance(each, middle) < ONE_TOWN for each in known):
            return Area(town, middle)
    towns = _gazetteer(name, whole)
    points = [(each.latitude, each.longitude) for each in towns]
    if known and not whole:
        # Several towns of that name: the one where most of what the graph has is.
        near = {point: sum(distance(point, each) < ONE_TOWN for each in known) for point in [*points, *known]}
        return Area(town, max(near, key=lambda point: near[point]))
    if points:
        return Area(town, points[0], (towns[0].region or towns[0].country) if whole else "")
    here = "SELECT 1 FROM node WHERE city = ? LIMIT 1"
    return Area(town, None, whole.upper()) if list(index.rows(here, town)) else None


def _known_points(index: Index, town: str) -> list[Point]:
    query = (
        "SELECT point.latitude, point.longitude FROM node JOIN point ON point.number = node.number "
        "WHERE node.city = ? AND node.type = 'Place' LIMIT 100"
    )
    return [(row[0], row[1]) for row in index.rows(query, town)]


def _gazetteer(name: str, whole: str) -> "list[Town]":
    """Return the towns of a name, the largest first; ``whole`` is a country or region code, or empty."""
    try:
        from graph import gazetteer
    except ImportError:
        return []
    country, region = (None, None) if not whole else (None, whole.upper()) if "-" in whole else (whole.upper(), None)
    return gazetteer.find(name, country=country, region=region)


def distance(one: Point, other: Point) -> float:
    """Return the great-circle distance in kilometres of two points, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(each) for each in point) for point in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def box(point: Point, within: float) -> tuple[Point, Point]:
    """Return the southern and northern latitudes, and the western and eastern longitudes, of a circle's box."""
    north = within / DEGREE
    east = min(180.0, north / max(0.01, math.cos(math.radians(min(89.0, abs(point[0]) + north)))))
    return (point[0] - north, point[0] + north), (point[1] - east, point[1] + east)


__all__ = ["Area", "PlaceError", "Point", "box", "distance", "locate"]
