"""Communecter, on which France Tiers-Lieux' map runs: organisations, projects, events and points of interest.

Fields: its source (``Api``, ``TranslateCommunecter``) and its documentation of the API. A list may tell no more than
names; then each thing's own address in the interface is followed. The address of the next page that an answer states
leaves out which community was asked for: it is rebuilt from the address asked. People's own accounts are left out, and
the lists of members and followers; who takes part is read only where that was switched on.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from crawler import reached
from crawler.agents import agent
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.strict import (
    Fields,
    as_number,
    as_text,
    as_words,
    from_markdown,
    keywords,
    point,
    rows,
    site,
    without_empty,
)
from crawler.times import from_iso, from_unix
from crawler.titles import name_and_state
from crawler.venue import held

_KINDS = {
    "organization": "Organization", "organizations": "Organization", "group": "Organization", "ngo": "Organization",
    "localbusiness": "Organization", "cooperative": "Organization", "governmentorganization": "Organization",
    "project": "Organization", "projects": "Organization",
    "event": "Event", "events": "Event",
    "poi": "Place", "place": "Place", "places": "Place",
    "person": "Person", "citoyen": "Person", "citoyens": "Person",
}  # fmt: skip
_ASKED = re.compile(r"/api/(\w{1,30})/get(?:/|\?|$)")
_TOLD = {"address", "geo", "geoPosition", "shortDescription", "description", "startDate", "tags"}
_PEOPLE = {"members": "member", "followers": "member", "contributors": "member", "attendees": "attendee"}
_MAX_INDEX = 100_000


class Communecter(Reader):
    name = "communecter"
    title = "Communecter"
    marks = "`entities` with `meta`"
    gives = "organisations, projects, events and places with addresses and points; never accounts, members or mailboxes"
    specification = "https://github.com/pixelhumain/wiki-en/wiki/Documentation-of-the-API"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json or b'"entities"' not in document.body:
            return None
        data = document.json
        if isinstance(data, dict) and isinstance(data.get("entities"), dict | list):
            meta = data.get("meta")
            return "entities with meta" if isinstance(meta, dict) and "limit" in meta else None
        return None

    def read(self, document: Document) -> Reading:
        """Return what an answer tells of, and where more of it is.

        Raises:
            ReaderError: for what is no answer of it, its own error messages among them.
        """
        reading = Reading(self.name)
        data = document.need_json("an answer of Communecter")
        entities = data.get("entities") if isinstance(data, dict) else None
        if not isinstance(entities, dict | list):
            said = as_words(data.get("msg") or data.get("message")) if isinstance(data, dict) else None
            raise ReaderError(
                f"Communecter says: {said[:300]}" if said else "not an answer of Communecter: no entities", document.url
            )
        # An empty list stands for an empty object, as PHP writes it.
        keyed = list(entities.items()) if isinstance(entities, dict) else [(None, each) for each in entities]
        asked = _ASKED.search(document.url)
        listed = [
            {"key": key, "asked": asked[1] if asked else "", **each} if isinstance(each, dict) else each
            for key, each in keyed
        ]
        for row in rows(listed, "entity", document.url, reading):
            _entity(row, document, reading)
        meta = data.get("meta")
        limit = as_number(meta.get("limit")) if isinstance(meta, dict) else None
        if limit and limit >= 1 and len(keyed) >= limit and (following := _next(document.url, int(limit))):
            reading.links.append(Link(following, "next"))
        return reading


def _next(url: str, limit: int) -> str | None:
    """Return the address of the next page: ``index`` counts the things left out, and stands in the path."""
    if "/get/id/" in url or "?" in url:
        return None
    path = url.partition("#")[0].rstrip("/")
    index = int(match[1]) if (match := re.search(r"/index/(\d{1,9})(?=/|$)", path)) else 0
    path = re.sub(r"/(?:index|limit)/\d{1,9}(?=/|$)", "", path)
    if reached.over(index + limit, _MAX_INDEX, "readers.communecter._MAX_INDEX"):
        return None
    return f"{path}/limit/{limit}/index/{index + limit}"


def _entity(row: dict[str, Any], document: Document, reading: Reading) -> None:
    kind = _kind(row)
    if kind == "Person":
        reading.dropped["account"] += 1
        return
    page, api, website = _addresses(row, document)
    if not _TOLD & row.keys() and api:
        reading.links.append(Link(api, "entry"))  # the list told its name alone
        return
    if kind is None:
        return
    with Fields(row, "entity", reading) as fields:
        fields.ignore("asked", "key", "url", "urlApi", "urlCommunecter", "_id", "id", "@id")
        name = fields.name("name")
        number = as_text(row.get("key")) or as_text(row.get("id")) or page
        texts = [text for key in ("shortDescription", "description") if (text := from_markdown(fields.take(key)))]
        where = _place(fields, name)
        common = {
            "type": kind,
            "id": number if number and number.startswith("http") else f"communecter:{number}" if number else None,
            "name": name,
            "url": website or page,
            "description": " ".join(texts),
            "keywords": keywords(fields.take("tags")),
            "additionalType": fields.name("typeCommunecter", "type"),
            "sameAs": _social(fields, document),
        }
        if kind == "Event":
            record = _event(fields, common, where, document)
        elif kind == "Place":
            record = {**where, **without_empty(common)}
        else:
            record = {**common, "location": where if len(where) > 2 else None}
        _links(fields, record, document, reading)
        fields.drop("e-mail", "email")
        fields.drop("telephone", "phone", "telephone")
        fields.drop("contact", "contact", "contacts")
        fields.drop("account", "creator", "parent", "parentId")
        fields.ignore("@context", "@type", "category", "collection", "created", "image", "images", "medias", "modified")
        fields.ignore(
            "parentType", "preferences", "profilImageUrl", "profilMarkerImageUrl", "profilMediumImageUrl",
            "profilThumbImageUrl", "public", "recurrency", "role", "section", "slug", "source", "state", "status",
            "typeElement", "typeSig", "updated",
        )  # fmt: skip
    if not name or (kind == "Event" and "startDate" not in record):
        missing = "startDate" if name else "name"
        reading.problems.append(f"{document.url}: {(number or '?')[:100]} without a {missing}")
        return
    reading.records.append(without_empty(record))


def _kind(row: dict[str, Any]) -> str | None:
    """Return the record's type for an entity: by what it calls itself, else by what was asked for."""
    for value in (row.get("@type"), row.get("collection"), row.get("typeElement"), row.get("asked")):
        if isinstance(value, str) and (kind := _KINDS.get(value.lower())):
            return kind
    return None


def _addresses(row: dict[str, Any], document: Document) -> tuple[str | None, str | None, str | None]:
    """Return an entity's page, its address in the interface, and its own site."""
    stated = row.get("url")
    urls = stated if isinstance(stated, dict) else {"website": stated}
    page = document.link(as_text(urls.get("communecter") or row.get("urlCommunecter")))
    api = document.link(as_text(urls.get("api") or row.get("urlApi")))
    here = urlsplit(document.url).hostname
    return page, api if api and urlsplit(api).hostname == here else None, site(urls.get("website"), document)


def _place(fields: Fields, name: str | None) -> dict[str, Any]:
    with fields.object("address") as address:
        keys = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
        parts = without_empty({key: address.name(key) for key in keys})
        address.ignore("@type", "codeInsee", "depName", "insee", "regionName")
        address.ignore("level*", "localityId")
    with fields.object("geo") as geo:
        where = point(geo.take("latitude"), geo.take("longitude"))
        geo.ignore("@type")
    position = fields.take("geoPosition")
    pair = position.get("coordinates") if isinstance(position, dict) else None
    if not where and isinstance(pair, list) and len(pair) == 2:
        where = point(pair[1], pair[0])
    return without_empty({"type": "Place", "name": name, "address": parts, "geo": where})


def _event(fields: Fields, common: dict[str, Any], where: dict[str, Any], document: Document) -> dict[str, Any]:
    start, end = fields.take("startDate"), fields.take("endDate")
    zone = fields.text("timeZone", "timezone")
    if isinstance(start, dict):  # as the database writes an instant
        until = end.get("sec") if isinstance(end, dict) else None
        times = from_unix(as_number(start.get("sec")), as_number(until), document.source, zone)
    else:
        times = from_iso(as_text(start), as_text(end), document.source, zone)
    if str(fields.take("allDay")).lower() in ("true", "1") and times:
        last = times.get("endDate", "")[:10]
        times = from_iso(times["startDate"][:10], last if last > times["startDate"][:10] else None, document.source)
    fields.ignore("endDateDB", "openingHours", "startDateDB")
    name, state = name_and_state(common["name"] or "", None)
    # What an event has is where it is held, and no name of a place.
    parts = where.get("address", {})
    called = parts.get("streetAddress") or parts.get("addressLocality")
    place = {**where, "name": called} if called else None
    return {**common, "name": name, **times, **held(place, []), "eventStatus": state}


def _social(fields: Fields, document: Document) -> list[str]:
    stated = fields.take("socialNetwork")
    named = stated.items() if isinstance(stated, dict) else []
    # A handle alone is no address; a name at Skype is a contact.
    found = [link for key, value in named if key != "skype" and (link := site(value, document))]
    return list(dict.fromkeys(found))[:20]


def _links(fields: Fields, record: dict[str, Any], document: Document, reading: Reading) -> None:
    """Count the lists of people, and read those who take part where that was switched on for the source."""
    with fields.object("links") as links:
        for key, what in _PEOPLE.items():
            value = links.take(key)
            people = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
            if key == "attendees" and document.source.attendees and record["type"] == "Event":
                found = [_attendee(each, reading) for each in people if isinstance(each, dict)]
                record["attendee"] = [each for each in found if each]
            elif people:
                reading.dropped[what] += len(people)
        links.ignore("*")


def _attendee(row: dict[str, Any], reading: Reading) -> dict[str, Any] | None:
    found = agent("Person", as_words(row.get("name")), None, reading.dropped)
    return found if found and found["type"] == "Person" else None
