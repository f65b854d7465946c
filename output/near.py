"""Where something is: a town's point, and distances on the globe."""

import math
import re
from collections.abc import Sequence
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

    Of several towns of one name that in the country or region that is said after a comma is meant ("Portland, Maine");
    where none is said, the one that the graph knows something in, else the largest. None where no town is called so.

    Raises:
        PlaceError: for coordinates that are not on the globe; for towns none of which is in what was said.
    """
    if match := _POINT.fullmatch(text):
        latitude, longitude = float(match[1]), float(match[2])
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise PlaceError(f"{text}: latitude comes first, then longitude, in degrees")
        return Area("", (latitude, longitude))
    name, *wholes = (part.strip() for part in text.split(","))
    if wholes := [whole for whole in wholes if whole]:
        return _within(index, name, wholes)
    town = fold(name)
    known = _known_points(index, town)
    if known:
        middle = (sum(each[0] for each in known) / len(known), sum(each[1] for each in known) / len(known))
        if all(distance(each, middle) < ONE_TOWN for each in known):
            return Area(town, middle)
    points = [(each.latitude, each.longitude) for each in _gazetteer(name)]
    if known:
        # Several towns of that name: the one where most of what the graph has is.
        near = {point: sum(distance(point, each) < ONE_TOWN for each in known) for point in [*points, *known]}
        return Area(town, max(near, key=lambda point: near[point]))
    if points:
        return Area(town, points[0])
    return Area(town, None) if _is_known(index, town) else None


def _within(index: Index, name: str, wholes: Sequence[str]) -> Area | None:
    """Return the town of a name in all the countries and regions that are said, the largest of several."""
    from output.territories import codes, name_of

    town, meant = fold(name), [codes(whole) for whole in wholes]
    towns = _gazetteer(name)
    for each in towns:
        if all(said & {each.country, each.region, each.department} for said in meant):
            return Area(town, (each.latitude, each.longitude), each.region or each.country)
    for whole in wholes:  # a region that the gazetteer does not know, as a place states it
        if list(index.rows("SELECT 1 FROM node WHERE city = ? AND territory = ? LIMIT 1", town, whole.upper())):
            return Area(town, None, whole.upper())
    if not towns:  # too small for the gazetteer, which can tell nothing of where it is
        sure = next((next(iter(said)) for said in meant if len(said) == 1), "")
        return Area(town, None, sure) if all(meant) and _is_known(index, town) else None
    there = dict.fromkeys(f"{each.name}, {name_of(each.region or each.country)}" for each in towns)
    raise PlaceError(f"{name}, {', '.join(wholes)}: no town of that name is known there; known: {'; '.join(there)}")


def _is_known(index: Index, town: str) -> bool:
    return bool(list(index.rows("SELECT 1 FROM node WHERE city = ? LIMIT 1", town)))


def _known_points(index: Index, town: str) -> list[Point]:
    query = (
        "SELECT point.latitude, point.longitude FROM node JOIN point ON point.number = node.number "
        "WHERE node.city = ? AND node.type = 'Place' LIMIT 100"
    )
    return [(row[0], row[1]) for row in index.rows(query, town)]


def _gazetteer(name: str) -> "list[Town]":
    """Return the towns of a name, the largest first."""
    from graph import gazetteer

    return gazetteer.find(name)


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
