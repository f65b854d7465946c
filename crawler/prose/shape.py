"""Parts of records in the contract's JSON form, as prose fills them."""

from typing import Any

from crawler.gazetteer import Town
from crawler.privacy import fold
from crawler.prose.venues import Venue

Json = dict[str, Any]


def without_quotes(value: Any) -> Any:
    """Return a record without its quotes: sentences may name people."""
    if isinstance(value, dict):
        return {key: without_quotes(each) for key, each in value.items() if key != "quote"}
    return [without_quotes(each) for each in value] if isinstance(value, list) else value


def distinct(things: list[Json]) -> list[Json]:
    """Return one thing for each name, with what the later ones add."""
    told: dict[str, Json] = {}
    for thing in things:
        known = told.setdefault(fold(thing["name"]), thing)
        if known is not thing:
            known |= {key: value for key, value in thing.items() if key not in known}
    return list(told.values())


def place(name: str, town: Town | None, kind: str | None = None) -> Json:
    """Return a place by name, with its kind and its town where they are known."""
    thing: Json = {"type": "Place", "name": name}
    if kind:
        thing["additionalType"] = kind
    if town:
        thing["address"] = _address(town)
    return thing


def venue(where: Venue, town: Town | None) -> Json:
    """Return the place that is an event's venue; ``town`` is where it is when the venue itself does not say."""
    parts: Json = {"streetAddress": where.street, "postalCode": where.postcode, "addressLocality": where.town}
    parts |= {"addressRegion": where.region, "addressCountry": where.country}
    if town and not where.town:
        parts |= _address(town)
    address = {key: value for key, value in parts.items() if value}
    name = where.name or where.street or where.town or (town.name if town else "")
    thing: Json = {"type": "Place", "name": name[0].upper() + name[1:]}
    return thing | ({"address": address} if address else {})


def _address(town: Town) -> Json:
    parts = {"addressLocality": town.name, "addressRegion": town.region, "addressCountry": town.country}
    return {key: value for key, value in parts.items() if value}
