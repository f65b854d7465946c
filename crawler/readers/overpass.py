"""OpenStreetMap through the Overpass API: coworking spaces, hackerspaces and other places, by their tags.

Sources: wiki.openstreetmap.org, Overpass API (JSON output) and the pages of the keys ``amenity``, ``office``,
``leisure``, ``addr:*``, ``contact:*``, ``opening_hours``. The data's licence (ODbL) is the catalogue's to state.
"""

import re
from typing import Any

from crawler.accounts import NETWORKS, account
from crawler.documents import Document, Reader, ReaderError, Reading
from crawler.strict import Fields, point, rows, short, site, without_empty
from crawler.text import clean

OSM = "https://www.openstreetmap.org"
KINDS = ("amenity", "office", "leisure", "club", "craft", "shop", "social_facility", "community_centre")
_NAMES = ("alt_name", "short_name", "official_name", "old_name", "loc_name")
_WIKIPEDIA = re.compile(r"([a-z]{2,12}):(.{1,200})")


class Overpass(Reader):
    name = "overpass"
    title = "OpenStreetMap (Overpass)"
    marks = "JSON with `generator` Overpass API and `elements`"
    gives = "places: kind, address, point, site, opening hours, Wikidata"
    specification = "https://wiki.openstreetmap.org/wiki/Overpass_API"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json or '"generator"' not in document.head or "overpass" not in document.head:
            return None
        answer = document.json
        # Overpass turbo exports GeoJSON, under much the same name: a table.
        ours = isinstance(answer, dict) and answer.get("type") != "FeatureCollection"
        return "the generator Overpass API" if ours else None

    def read(self, document: Document) -> Reading:
        """Return the elements that have a name as places.

        Raises:
            ReaderError: for another answer, and for one that broke off: it holds no more than a part.
        """
        answer = document.need_json("an answer of the Overpass API")
        elements = answer.get("elements") if isinstance(answer, dict) else None
        if not isinstance(elements, list):
            raise ReaderError("an answer without elements", document.url)
        remark = clean(str(answer.get("remark") or ""))
        if "error" in remark.lower() or "timed out" in remark.lower():
            # The status is 200 all the same.
            raise ReaderError(f"the Overpass API says: {remark[:300]}", document.url)
        reading = Reading(self.name)
        if remark:
            reading.problems.append(f"{document.url}: the Overpass API says: {remark[:300]}")
        for element in rows(elements, "element", document.url, reading):
            if isinstance(element.get("tags"), dict):
                if place := _place(element, document, reading):
                    reading.records.append(place)
                else:
                    reading.surprises["element without a name"] += 1
        return reading


def _place(element: dict[str, Any], document: Document, reading: Reading) -> dict[str, Any] | None:
    center = element.get("center") if isinstance(element.get("center"), dict) else element
    with Fields(element["tags"], "tag", reading) as tags:
        language = document.source.language or "fr"
        name = tags.text("name", f"name:{language}", "operator:short", "brand")
        others = [text for key in _NAMES if (text := tags.text(key)) and text != name]
        kinds = [text for key in KINDS if (text := tags.text(key)) and text not in ("yes", "no")]
        street = tags.text("addr:street", "addr:place", "contact:street")
        number = tags.text("addr:housenumber", "contact:housenumber")
        hours = tags.text("opening_hours")
        place: dict[str, Any] = {
            "type": "Place",
            "id": f"{element.get('type')}/{element.get('id')}",
            "name": short(name or next(iter(others), None)),
            "alternateName": list(filter(None, map(short, others))),
            "additionalType": _kind(kinds),
            "description": tags.text(f"description:{language}", "description"),
            "url": site((tags.text("website", "contact:website", "url", "contact:url") or "").split(";")[0], document),
            "sameAs": _same_as(tags, element, document),
            "address": without_empty(
                {
                    "streetAddress": " ".join(filter(None, (number, street))) if street else None,
                    "postalCode": tags.text("addr:postcode", "contact:postcode"),
                    "addressLocality": tags.text("addr:city", "contact:city", "addr:town", "addr:village"),
                    "addressRegion": tags.text("addr:state", "addr:province"),
                    "addressCountry": tags.text("addr:country"),
                }
            ),
            "geo": point(center.get("lat"), center.get("lon")) if isinstance(center, dict) else None,
            "openingHours": [part for each in (hours or "").split(";") if (part := each.strip())],
            "keywords": kinds[1:],
            "dateModified": _day(tags.text("check_date", "survey:date", "check_date:opening_hours")),
        }
        tags.drop("e-mail", "email", "contact:email", "operator:email")
        tags.drop("telephone", "phone", "contact:phone", "mobile", "contact:mobile", "fax", "contact:fax")
        # An operator may be a person; what the place is called tells enough.
        tags.drop("contact", "contact:name", "operator", "owner")
        tags.ignore("addr:*", "building*", "name:*", "source*", "wheelchair*", "internet_access*", "fee", "level")
        tags.ignore("access", "indoor", "toilets*", "ref*", "note*", "fixme", "survey*", "check_date*", "smoking")
        tags.ignore("payment*", "wikimedia_commons", "image", "contact:*", "brand*", "start_date", "capacity*")
        tags.ignore(
            "description*", "opening_hours*", "operator:*", "height", "roof*", "layer", "disused*", "coworking*"
        )
    return without_empty(place) if place["name"] else None


def _kind(kinds: list[str]) -> str | None:
    """Return the most telling of an element's kinds: ``amenity=coworking_space`` and ``office=coworking`` are one."""
    telling = [
        kind for kind in kinds if kind in ("coworking_space", "coworking", "hackerspace", "makerspace", "fablab")
    ]
    return next(iter(telling or kinds), None)


def _same_as(tags: Fields, element: dict[str, Any], document: Document) -> list[str]:
    found = [f"{OSM}/{element.get('type')}/{element.get('id')}"]
    wikipedia = tags.text("wikipedia")
    if wikipedia and (match := _WIKIPEDIA.fullmatch(wikipedia)):
        found.append(f"https://{match[1]}.wikipedia.org/wiki/{match[2].replace(' ', '_')}")
    for network in NETWORKS:
        found += filter(None, [account(network, tags.text(f"contact:{network}", network), document)])
    return found


def _day(text: str | None) -> str | None:
    return text if text and re.fullmatch(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)", text) else None
