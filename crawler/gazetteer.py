"""Towns, French départements and regions by name: where "Lorient" or "Finistère" is.

Every French commune, and the world's towns of 15,000 inhabitants and more, each with its centre and population. The
data are one compressed file beside this module, written by ``crawler.gazetteer_build`` and read at the first question.
"""

import gzip
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from crawler.privacy import fold

FILE = "gazetteer.tsv.gz"
ATTRIBUTION = (
    "Towns: GeoNames (CC BY 4.0). French communes, départements and regions: INSEE, Code officiel géographique and "
    "populations légales, by Etalab (Licence Ouverte 2.0)."
)
KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6,371 km
EARTH_RADIUS_KM = 6_371.0

_ABBREVIATIONS = {
    "fd": "ferrand",
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "s": "sur",
    "ss": "sous",
}
# What an address adds to a town's name: "Rennes Cedex 7", "Lyon 3e", "Paris 11ème arrondissement".
_POSTAL_TAIL = re.compile(r" (?:cedex(?: \d{1,2})?|\d{1,2} ?(?:er|e|eme|nd|nde)?(?: arrondissement)?)$")


@dataclass(frozen=True, slots=True)
class Town:
    """A town's centre (WGS 84, degrees). Codes are ISO 3166: ``country`` alpha-2, ``region`` and ``department`` part 2.

    ``region`` is known for France, Belgium, Switzerland, the United Kingdom and the United States, ``department`` for
    France alone. The French overseas départements are France, and region and département at once.
    ``uncertainty_km`` is not 0 where the source has no point for the commune: its centre then is the median of its
    neighbours', and that is how far they lie from it.
    """

    name: str
    country: str
    region: str | None
    department: str | None
    latitude: float
    longitude: float
    population: int
    uncertainty_km: int = 0


@dataclass(frozen=True, slots=True)
class Region:
    """A French region or département. ``code`` is ISO 3166-2, ``parent`` the region of a département.

    The centre is the mean of its towns', in degrees.
    """

    code: str
    name: str
    parent: str | None
    latitude: float
    longitude: float


def key(name: str) -> str:
    """Return what two spellings of a town's name share: no case, accents, hyphens, apostrophes; St is Saint."""
    words = fold(name.replace("/", " ")).split()
    text = " ".join(_ABBREVIATIONS.get(word, word) for word in words)
    return _POSTAL_TAIL.sub("", text)


def find(name: str, country: str | None = None, region: str | None = None) -> list[Town]:
    """Return the towns called ``name``, in any spelling or under a foreign name ("Londres"); most populous first.

    ``country`` is an ISO 3166-1 code; ``region`` the ISO 3166-2
    code of a region or a French département.
    """
    data = _data()
    towns = sorted(map(data.town, data.keys.get(key(name), ())), key=lambda town: -town.population)
    return [
        town for town in towns if country in (None, town.country) and region in (None, town.region, town.department)
    ]


def names() -> Iterator[tuple[str, list[Town]]]:
    """Yield every name of a town as ``key`` folds it, with the towns called so, the most populous first."""
    for name in _data().keys:
        yield name, find(name)


def near(points: Iterable[tuple[float, float]], km: float) -> set[Town]:
    """Return the towns whose centre is at most ``km`` away from any of the points (latitude, longitude)."""
    by_latitude, towns = _sorted()
    span = km / KM_PER_DEGREE
    found: set[int] = set()
    for latitude, longitude in points:
        # How far a circle on the globe reaches east: most of the towns between two latitudes are on other continents.
        wide = math.sin(km / EARTH_RADIUS_KM) / max(1e-9, math.cos(math.radians(latitude)))
        east = math.degrees(math.asin(wide)) + 1e-6 if wide < 1 else 180.0
        for number in range(bisect_left(by_latitude, latitude - span), bisect_right(by_latitude, latitude + span)):
            town = towns[number]
            apart = abs(town.longitude - longitude)
            if number in found or min(apart, 360 - apart) > east:
                continue
            if distance(latitude, longitude, town.latitude, town.longitude) <= km:
                found.add(number)
    return {towns[number] for number in found}


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance of two points in kilometres (haversine formula)."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((other - one) / 2) ** 2
    half += math.cos(one) * math.cos(other) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def regions() -> list[Region]:
    """Return the French regions and départements, regions first."""
    return list(dict.fromkeys(_regions().values()))


def region(name: str) -> Region | None:
    """Return the French region or département of this name, number or ISO 3166-2 code: Bretagne, FR-BRE, 29.

    Where a region and a département share a name (overseas) they are one and the same.
    """
    found = _regions()
    return found.get(name.upper()) or found.get(fold(name))


def region_name(code: str) -> str | None:
    """Return the name of a French region or département by its ISO 3166-2 code."""
    found = _regions().get(code)
    return found.name if found else None


class _Data:
    """The file's tables: regions, towns (still text), and the rows of each name."""

    def __init__(self, text: str) -> None:
        _, regions, towns, alternates = text.split("\n\n")
        self.regions = regions.split("\n")
        self.rows = towns.split("\n")
        self.keys: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            self.keys.setdefault(row[: row.index("\t")], []).append(number)
        for line in alternates.split("\n"):
            name, *numbers = line.split("\t")
            self.keys.setdefault(name, []).extend(map(int, numbers))

    def town(self, number: int) -> Town:
        _, name, country, region, department, *figures = self.rows[number].split("\t")
        latitude, longitude, population, uncertainty = figures
        point = float(latitude), float(longitude)
        return Town(name, country, region or None, department or None, *point, int(population), int(uncertainty))


@cache
def _data() -> _Data:
    return _Data(gzip.decompress((files("crawler") / FILE).read_bytes()).decode())


@cache
def _sorted() -> tuple[list[float], list[Town]]:
    data = _data()
    towns = sorted(map(data.town, range(len(data.rows))), key=lambda town: town.latitude)
    return [town.latitude for town in towns], towns


@cache
def _regions() -> dict[str, Region]:
    found: dict[str, Region] = {}
    for line in _data().regions:
        code, name, parent, latitude, longitude = line.split("\t")
        each = Region(code, name, parent or None, float(latitude), float(longitude))
        for label in (code, code.removeprefix("FR-"), fold(name)):
            found.setdefault(label, each)
    return found
