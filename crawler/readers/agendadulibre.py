"""Agenda du Libre, and what runs on its software: the JSON of its events and of its organisations.

An event's ``url`` is the address of its JSON; its page is the same without ``.json``. The contact is a mailbox. What
is repeated stands there as so many events.
"""

import re
from typing import Any

from crawler.documents import Document, Reader, ReaderError, Reading
from crawler.strict import Fields, as_words, keywords, point, rows, site, without_empty
from crawler.times import from_iso
from crawler.titles import name_and_state
from crawler.venue import held, is_online

_EVENT = {"title", "start_time", "city"}
_ORGA = {"name", "city"}
_SITE = re.compile(r"https?://(?:[\w-]+\.)*agendadulibre\.")
_LIST = re.compile(r"/(?:events|orgas)\.json(?:[?#]|$)")


class Agendadulibre(Reader):
    name = "agendadulibre"
    title = "Agenda du Libre"
    marks = "objects with `title`, `start_time` and `city`; with `name` and `city` at an address of `orgas`"
    gives = "events with their places and points; organisations; never their mailboxes"
    specification = "https://www.agendadulibre.org/"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json:
            return None
        marked = any(mark in document.body for mark in (b'"start_time"', b'"place_name"', b'"region_id"'))
        if not marked and not _SITE.match(document.url):
            return None
        data = document.json
        first = next(iter(data), None) if isinstance(data, list) else data
        if isinstance(first, dict) and first.keys() >= _EVENT and {"place_name", "region_id", "region"} & first.keys():
            return "title, start_time and city"
        if isinstance(first, dict) and first.keys() >= _ORGA and "/orgas" in document.url:
            return "name and city of orgas"
        return "an empty list" if data == [] and _SITE.match(document.url) and _LIST.search(document.url) else None

    def read(self, document: Document) -> Reading:
        """Return the events or organisations of an answer.

        Raises:
            ReaderError: for what is neither.
        """
        reading = Reading(self.name)
        data = document.need_json("an answer of Agenda du Libre")
        if not isinstance(data, list) and not (isinstance(data, dict) and data.keys() & {"start_time", "name"}):
            raise ReaderError("not an answer of Agenda du Libre: neither events nor organisations", document.url)
        for row in rows(data if isinstance(data, list) else [data], "row", document.url, reading):
            if row.get("moderated") in (False, 0):
                reading.dropped["not public"] += 1
            elif record := _event(row, document, reading) if "start_time" in row else _orga(row, document, reading):
                reading.records.append(record)
        return reading


def _event(row: dict[str, Any], document: Document, reading: Reading) -> dict[str, Any] | None:
    with Fields(row, "event", reading) as fields:
        title = fields.name("title")
        times = from_iso(
            fields.text("start_time"), fields.text("end_time"), document.source, surprises=reading.surprises
        )
        number, page = fields.text("id"), _page(fields, document)
        place = _place(fields)
        common = _common(fields, document)
        fields.ignore("count", "event", "event_id", "repeat", "rule")
    if not title or not times:
        missing = "start_time" if title else "title"
        reading.problems.append(f"{document.url}: event {(number or page or '?')[:100]} without a {missing}")
        return None
    name, state = name_and_state(title, None)
    event = {"type": "Event", "id": page, "name": name, "url": page, **common, **times, "eventStatus": state}
    return without_empty({**event, **held(place, [])})


def _orga(row: dict[str, Any], document: Document, reading: Reading) -> dict[str, Any] | None:
    with Fields(row, "orga", reading) as fields:
        name = fields.name("name")
        number = fields.text("id")
        # An organisation's url is its own site; where it is told by its JSON, that is its page here.
        own = site(fields.take("url"), document)
        page = own.removesuffix(".json") if own and own.endswith(".json") else None
        place = _place(fields, name)
        common = _common(fields, document)
        kind = fields.take("kind")
        fields.ignore("active", "department", "diaspora", "feed", "kind_id")
    if not name:
        reading.problems.append(f"{document.url}: organisation {(number or '?')[:100]} without a name")
        return None
    kind = as_words(kind.get("name") if isinstance(kind, dict) else kind)
    key = page or (f"{document.url.partition('/orgas')[0]}/orgas/{number}" if number else own)
    common["keywords"] = keywords(kind, common["keywords"])
    where = place if place and len(place) > 2 else None
    return without_empty({"type": "Organization", "id": key, "name": name, "url": own, **common, "location": where})


def _common(fields: Fields, document: Document) -> dict[str, Any]:
    tags = fields.take("tags", "tag_list")
    words = re.split(r"[,\s]+", tags) if isinstance(tags, str) else tags
    changed = from_iso(fields.text("updated_at"), None, document.source).get("startDate")
    text = fields.words("description")
    fields.drop("e-mail", "contact", "submitter")
    fields.drop("telephone", "phone")
    fields.ignore("created_at", "decision_time", "lock_version", "locality", "moderated", "region_id", "secret")
    fields.ignore("submission_time")
    return {"description": text, "keywords": keywords(words), "dateModified": changed}


def _page(fields: Fields, document: Document) -> str | None:
    link = document.link(fields.text("url"))
    return link.removesuffix(".json") if link else None


def _place(fields: Fields, default: str | None = None) -> dict[str, Any] | None:
    name, street, town = fields.name("place_name"), fields.name("address"), fields.name("city")
    region = fields.take("region")
    address = {
        "streetAddress": street,
        "addressLocality": town if town and not is_online(town) else None,
        "addressRegion": as_words(region.get("name") if isinstance(region, dict) else region),
    }
    geo = point(fields.take("latitude"), fields.take("longitude"))
    called = name or default or street or town
    place = {"type": "Place", "name": called, "address": without_empty(address), "geo": geo}
    return without_empty(place) if called else None
