"""In which country or region a town is, as a code of ISO 3166: what tells towns of one name from each other.

A place says it by its coordinates, a region, a country, or through the region that its sources are about; each in the
source's own words. Names of countries are those of the Unicode CLDR in the languages of the sources.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from babel.core import Locale

from graph import gazetteer
from output.fold import fold

REACH = 50.0  # kilometres from a town's centre to the places that are said to be in it
RENOWNED = 20  # times the inhabitants of the next of its name, from which on a bare name means a town
LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt")

# Names that CLDR does not have; nations of a country are it.
_COUNTRIES = {
    "usa": "US", "us of a": "US", "united states of america": "US", "etats unis d amerique": "US", "america": "US",
    "uk": "GB", "great britain": "GB", "grande bretagne": "GB", "england": "GB", "angleterre": "GB", "scotland": "GB",
    "ecosse": "GB", "wales": "GB", "pays de galles": "GB", "northern ireland": "GB", "the netherlands": "NL",
    "holland": "NL", "hollande": "NL", "belgie": "BE", "czech republic": "CZ", "republique tcheque": "CZ", "uae": "AE",
    "korea": "KR", "turkey": "TR", "espana": "ES", "macedonia": "MK",
}  # fmt: skip
# Regions of the countries whose towns the gazetteer knows by region, beside France (ISO 3166-2).
_REGIONS = """
US AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware
US DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas
US KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri
US MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina
US ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota
US TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming
GB ENG England,SCT Scotland,WLS Wales,NIR Northern Ireland
BE BRU Bruxelles,VLG Vlaanderen,WAL Wallonie
CH AG Aargau,AI Appenzell Innerrhoden,AR Appenzell Ausserrhoden,BE Bern,BL Basel-Landschaft,BS Basel-Stadt
CH FR Fribourg,GE Genève,GL Glarus,GR Graubünden,JU Jura,LU Luzern,NE Neuchâtel,NW Nidwalden,OW Obwalden
CH SG St. Gallen,SH Schaffhausen,SO Solothurn,SZ Schwyz,TG Thurgau,TI Ticino,UR Uri,VD Vaud,VS Valais,ZG Zug
CH ZH Zürich
"""
_CODE = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?")


def region_name(code: str) -> str | None:
    """Return what a region is called, by its ISO 3166-2 code, where the gazetteer has it or towns in it."""
    return gazetteer.region_name(code) or _regions().get(code)


def country_code(text: str | None) -> str:
    """Return the ISO 3166-1 code of a country in a source's words, or empty: "U.S.A.", "Allemagne", "FR"."""
    return _country(text.strip()) if text else ""


def codes(text: str) -> frozenset[str]:
    """Return the codes that words for a country, region or French département may mean, as such or by its name.

    Several where it may be one or another: "ME" is Maine and Montenegro; none where nothing is called so.
    """
    return named().get(_joined(fold(text)), frozenset())


@cache
def named() -> Mapping[str, frozenset[str]]:
    """Return the codes by the folded names that countries, regions and French départements have, and by themselves."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, country in _countries().items():
        found[name].add(country)
        found[fold(country)].add(country)
    french = {region.code: region.name for region in gazetteer.regions()}
    for code, name in (*french.items(), *_regions().items()):
        for said in (name, code, code[3:]):
            found[fold(said)].add(code)
    return {name: frozenset(each) for name, each in found.items() if name}


def name_of(code: str) -> str:
    """Return what a country or region is called, in English where it has a name in it; else the code."""
    return region_name(code) or Locale("en").territories.get(code, code)


def territory(town: str, data: Mapping[str, Any], regions: Iterable[str] = ()) -> str:
    """Return the region, or where that is not known the country, that a place in a town is in; empty for neither.

    Args:
        town: its name.
        data: what is known of the place: its coordinates, ``addressRegion`` and ``addressCountry``.
        regions: what its sources are about, as codes; they count where a town of that name is there.
    """
    country = country_code(data.get("addressCountry"))
    region = _region(data.get("addressRegion") or "", country)
    point = (round(data["latitude"], 1), round(data["longitude"], 1)) if "latitude" in data else None
    return _territory(town, country, region, point, tuple(regions))


def told_apart(town: str, stated: Sequence[str]) -> dict[str, str]:
    """Return which town of a name is meant by each of the territories that its places say; empty where it is one.

    A country alone means its only town of that name that anything is in; nothing at all the one that is so much larger
    than all others. Where neither helps, it means none of them: the empty string.
    """
    said = sorted({each for each in stated if each})
    several = {country: [each for each in said if each.startswith(f"{country}-")] for country in {e[:2] for e in said}}
    found = {each: each if "-" in each else _only(town, each, several[each]) for each in said}
    towns = {each for each in found.values() if each}
    if len(towns) < 2:
        return {}
    renowned = _renowned(town, None)
    return {**found, "": renowned if renowned in towns else ""}


def _only(town: str, country: str, regions: Sequence[str]) -> str:
    if len(regions) < 2:
        return regions[0] if regions else country
    renowned = _renowned(town, country)
    return renowned if renowned in regions else ""


def _renowned(town: str, country: str | None) -> str:
    """Return where the town is that everybody means by its bare name, or empty."""
    towns = gazetteer.find(town, country=country)
    others = [each for each in towns if _code(each) != _code(towns[0])]
    if not towns or (others and towns[0].population < RENOWNED * others[0].population):
        return ""
    return _code(towns[0])


@lru_cache(maxsize=50_000)
def _territory(
    town: str, country: str, region: str, point: tuple[float, float] | None, sources: tuple[str, ...]
) -> str:
    towns = gazetteer.find(town)
    if point:
        apart = [(gazetteer.distance(*point, each.latitude, each.longitude), _code(each)) for each in towns]
        if near := [each for each in apart if each[0] <= REACH]:
            return min(near)[1]
    if region:
        return region
    for whole in (country,) if country else sources:
        there = {_code(each) for each in towns if whole in (each.country, each.region, each.department)}
        if len(there) == 1:
            return there.pop()
        if there or whole == country:
            return whole[:2]
    return ""


def _code(town: gazetteer.Town) -> str:
    return town.region or town.country


@lru_cache(maxsize=10_000)
def _country(text: str) -> str:
    if _CODE.fullmatch(text):
        return text[:2]
    return _countries().get(_joined(fold(text)), "")


def _joined(name: str) -> str:
    """Return a folded name without blanks between single letters: "U. S. A." and "USA" are one."""
    return name.replace(" ", "") if all(len(word) == 1 for word in name.split()) else name


@lru_cache(maxsize=10_000)
def _region(text: str, country: str) -> str:
    """Return the code of a region in a source's words; of a French département that of the region."""
    text = text.strip()
    if country in ("", "FR") and (found := gazetteer.region(text)):
        return found.parent or found.code
    if _CODE.fullmatch(text) and "-" in text:
        return text
    if f"{country}-{text}" in _regions():
        return f"{country}-{text}"
    named = {code for code, name in _regions().items() if fold(name) == fold(text) and code.startswith(country)}
    return named.pop() if len(named) == 1 else ""


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(fold(name), code)
    return found | _COUNTRIES


@cache
def _regions() -> dict[str, str]:
    found = {}
    for line in _REGIONS.split("\n"):
        country, _, regions = line.partition(" ")
        for each in filter(None, regions.split(",")):
            code, _, name = each.partition(" ")
            found[f"{country}-{code}"] = name
    return found


__all__ = ["codes", "country_code", "name_of", "named", "region_name", "territory", "told_apart"]
