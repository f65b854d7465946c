"""Microformats 1 and 2 in an HTML page: h-event and hCalendar, h-card and hCard."""

import re
from collections.abc import Iterator
from typing import Any

import mf2py

from crawler.addresses import parse_address
from crawler.documents import Document, Reader, Reading
from crawler.readers.feed import is_person
from crawler.schema_org import person_key
from crawler.text import clean
from crawler.times import from_iso

Item = dict[str, Any]

_MARKS = ("h-event", "h-card", "h-entry", "h-feed", "vevent", "vcard", "hentry", "h-adr")

PRIVATE = {"email": "e-mail", "tel": "telephone", "photo": "photo", "bday": "birth date", "adr": "home address",
           "sex": "gender", "gender-identity": "gender", "impp": "contact", "geo": "home address"}  # fmt: skip
_ADDRESS = (
    ("streetAddress", "street-address"),
    ("postalCode", "postal-code"),
    ("addressLocality", "locality"),
    ("addressRegion", "region"),
    ("addressCountry", "country-name"),
)
CONTACTS = {"email": "e-mail", "tel": "telephone", "impp": "contact"}


class Microformats(Reader):
    name = "microformats"
    title = "Microformats"
    marks = "a class such as `h-event`, `h-card`, `vevent` or `vcard` in a page"
    gives = "events, people in public roles, places, organisations"
    specification = "https://microformats.org/wiki/microformats2"
    embedded = True

    def recognise(self, document: Document) -> str | None:
        # Parsing them costs twenty times what JSON-LD does: the marks are looked for in the bytes first.
        if not document.is_html:
            return None
        return next((f"class {mark}" for mark in _MARKS if mark.encode() in document.body), None)

    def read(self, document: Document) -> Reading:
        """Return the page's events, people, places and organisations."""
        reading = Reading(self.name)
        try:
            parsed = mf2py.parse(doc=document.text, url=document.base)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError) as error:
            reading.problems.append(f"{document.url}: microformats cannot be read: {clean(str(error))}")
            return reading
        mapper = _Mapper(document, reading)
        for item in _items(parsed.get("items", [])):
            mapper.top(item)
        return reading


def _items(items: list[Item], depth: int = 0) -> Iterator[Item]:
    """Yield the items of a page, those inside feeds, entries and unnamed wrappers too, in the page's order."""
    for item in items:
        if not isinstance(item, dict) or depth > 10:
            continue
        yield item
        types = item.get("type", [])
        if "h-event" not in types and "h-card" not in types:
            nested = [
                each for values in item.get("properties", {}).values() for each in values if isinstance(each, dict)
            ]
            yield from _items([*(each for each in nested if "type" in each), *item.get("children", [])], depth + 1)
        elif "h-event" in types:
            yield from _items(
                [each for each in item.get("children", []) if "h-event" in each.get("type", [])], depth + 1
            )
        else:
            yield from _items(item.get("children", []), depth + 1)


class _Mapper:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document = document
        self.reading = reading

    def top(self, item: Item) -> None:
        types = item.get("type", [])
        record: Item | None = None
        if "h-event" in types:
            record = self.event(item)
        elif "h-card" in types:
            record = self.card(item)
        elif "h-entry" in types or "h-feed" in types:
            for author in _values(item, "author"):
                self._author(author)
        if record and record not in self.reading.records:
            if record["type"] == "Person":
                record.setdefault("id", record.get("url") or person_key(record["name"], self.document.url))
            self.reading.records.append(record)

    def _author(self, author: Any) -> None:
        card = self.card(author) if isinstance(author, dict) else None
        if card and card["type"] == "Person" and is_person(card["name"]):
            card.setdefault("jobTitle", "author")
            card["id"] = card.get("url") or person_key(card["name"], self.document.url)
            if card not in self.reading.records:
                self.reading.records.append(card)

    def event(self, item: Item) -> Item | None:
        name = _first(item, "name") or _first(item, "summary")
        times = from_iso(_iso(_first(item, "start")), _iso(_end(item)), self.document.source)
        if not name:
            return None
        event: Item = {"type": "Event", "name": name[:500], **times}
        if url := self.document.link(_first(item, "url")):
            event["url"] = url
        own = _first(item, "uid") or (f"{url}#{times.get('startDate', '')[:10]}" if url else None)
        event["id"] = own
        event["description"] = _first(item, "content") or (_first(item, "summary") if _first(item, "name") else None)
        event["keywords"] = [text[:500] for each in _values(item, "category") if (text := _text(each))]
        event["location"] = next((place for each in _values(item, "location") if (place := self.place(each))), None)
        if not event["location"]:
            event["location"] = self._loose_place(item)
        event["organizer"] = self.agents(_values(item, "organizer"))
        speakers = [*_values(item, "performer"), *_values(item, "speaker"), *self._contacts(item)]
        event["performer"] = self.agents(speakers)
        event["superEvent"] = self._series(item)
        event["about"] = [text[:500] for each in _values(item, "about") if (text := _text(each))]
        if (status := _first(item, "status")) and "cancel" in status.lower():
            event["eventStatus"] = "EventCancelled"
        attendees = _values(item, "attendee")
        if self.document.source.attendees:
            event["attendee"] = [each for each in self.agents(attendees) if each["type"] == "Person"]
        elif attendees:
            self.reading.dropped["attendee"] += len(attendees)
        return {key: value for key, value in event.items() if value not in (None, [], {}, "")}

    def _contacts(self, item: Item) -> list[Any]:
        """Return the cards inside an event that have no role of their own: hCalendar's way to name who speaks."""
        return [each for each in item.get("children", []) if "h-card" in each.get("type", [])]

    def _series(self, item: Item) -> Item | None:
        for each in [*_values(item, "series"), *_values(item, "super-event")]:
            if name := _text(each):
                return {"type": "EventSeries", "name": name[:500]}
        return None

    def agents(self, values: list[Any]) -> list[Item]:
        """Return who holds or speaks: a card says which of the two; a bare text is an organisation."""
        found = []
        for each in values:
            name = _text(each)
            agent = self.card(each) if isinstance(each, dict) and "properties" in each else None
            if agent and agent["type"] == "Place":
                agent = {"type": "Organization", "name": agent["name"]}
            if agent is None and name and "@" not in name:
                agent = {"type": "Organization", "name": name[:500]}
            if agent and agent not in found:
                found.append(agent)
        return found

    def card(self, item: Item) -> Item | None:
        """Return a card as a person, an organisation or a place, by what it says of itself."""
        name, org = _first(item, "name"), _first(item, "org")
        place = _address(item) or _geo(item)
        if not name and org:
            name = org
        if not name:
            return None
        role = _first(item, "job-title") or _first(item, "role") or _first(item, "title")
        if role or (org and org != name) or (not place and not org and is_person(name)):
            return self._person(item, name, role)
        if place and org != name:
            return self._place_card(item, name)
        if org == name or "org" in item.get("properties", {}):
            self._count(item, CONTACTS)
            found: Item = {"type": "Organization", "name": name[:500]}
            if url := self.document.link(_first(item, "url")):
                found |= {"url": url, "id": url}
            if place:
                found["location"] = {
                    key: value for key, value in self._place_card(item, name).items() if key not in ("id", "url")
                }
            return found
        return self._person(item, name, role) if " " in name and is_person(name) else None

    def _person(self, item: Item, name: str, role: str | None) -> Item:
        self._count(item, PRIVATE)
        person: Item = {"type": "Person", "name": name[:500]}
        if url := self.document.link(_first(item, "url")):
            person["url"] = url
        if role:
            person["jobTitle"] = role[:500]
        for each in _values(item, "org")[:1]:
            if org := _text(each):
                works: Item = {"type": "Organization", "name": org[:500]}
                if isinstance(each, dict) and (link := self.document.link(_first(each, "url"))):
                    works["url"] = link
                person["worksFor"] = works
        return person

    def _place_card(self, item: Item, name: str) -> Item:
        self._count(item, CONTACTS)
        place: Item = {"type": "Place", "name": name[:500]}
        if url := self.document.link(_first(item, "url")):
            place |= {"url": url, "id": url}
        if address := _address(item):
            place["address"] = address
        if geo := _geo(item):
            place["geo"] = geo
        return place

    def place(self, value: Any) -> Item | None:
        """Return an event's place from a card, an address or a text."""
        name = _text(value)
        if isinstance(value, dict) and "properties" in value:
            address, geo = _address(value), _geo(value)
            name = (
                _first(value, "name")
                or (address or {}).get("streetAddress")
                or (address or {}).get("addressLocality")
                or name
            )
            if not name:
                return None
            place: Item = {"type": "Place", "name": name[:500], "address": address, "geo": geo}
            if url := self.document.link(_first(value, "url")):
                place["url"] = url
            return {key: each for key, each in place.items() if each}
        if name and (link := self.document.link(name)) and re.match("https?:", name):
            return {"type": "VirtualLocation", "name": "online", "url": link}
        return {"type": "Place", "name": name[:500]} if name else None

    def _loose_place(self, item: Item) -> Item | None:
        address, geo = _address(item), _geo(item)
        name = (address or {}).get("streetAddress") or (address or {}).get("addressLocality")
        return (
            {
                "type": "Place",
                "name": name,
                **({"address": address} if address else {}),
                **({"geo": geo} if geo else {}),
            }
            if name
            else None
        )

    def _count(self, item: Item, kinds: dict[str, str]) -> None:
        for key, what in kinds.items():
            if item.get("properties", {}).get(key):
                self.reading.dropped[what] += 1


def _values(item: Item, key: str) -> list[Any]:
    values = item.get("properties", {}).get(key, [])
    return values if isinstance(values, list) else [values]


def _text(value: Any) -> str | None:
    """Return a property's text: plain, of an embedded item, or of HTML content."""
    if isinstance(value, dict):
        if "properties" in value:
            return _first(value, "name") or clean(str(value.get("value", ""))) or None
        value = value.get("value", "")
    return clean(value) or None if isinstance(value, str) else None


def _first(item: Item, key: str) -> str | None:
    return next((text for value in _values(item, key) if (text := _text(value))), None)


def _end(item: Item) -> str | None:
    """Return the end; an end that is a time alone is on the day of the start."""
    end, start = _first(item, "end"), _first(item, "start")
    if end and start and re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?([+-]\d\d:?\d\d|Z)?", end):
        return f"{start[:10]}T{end.zfill(5)}"
    return end


def _iso(text: str | None) -> str | None:
    """Return a microformats date as ISO 8601: a blank for T, offsets with or without colon, times without minutes."""
    if text is None:
        return None
    return re.sub(r"^(\d{4}-\d\d-\d\d) (\d)(?=:)", r"\1T0\2", text.strip())


def _address(item: Item) -> Item | None:
    for each in [*_values(item, "adr"), item]:
        if isinstance(each, str) and clean(each):
            return parse_address(clean(each)[:500])
        if isinstance(each, dict) and "properties" in each:
            address = {ours: text[:500] for ours, theirs in _ADDRESS if (text := _first(each, theirs))}
            if not address and each is not item and (text := _text(each)):
                address = parse_address(text[:500])  # old classes within a new one lose their parts
            if address:
                return address
    return None


def _geo(item: Item) -> Item | None:
    for each in [*_values(item, "geo"), item]:
        if isinstance(each, str) and (
            match := re.fullmatch(r"(?:geo:)?(-?\d+(?:\.\d+)?)[;,]\s*(-?\d+(?:\.\d+)?).*", each.strip())
        ):
            pair = (match[1], match[2])
        elif isinstance(each, dict):
            pair = (_first(each, "latitude") or "", _first(each, "longitude") or "")
        else:
            continue
        try:
            latitude, longitude = float(pair[0]), float(pair[1])
        except ValueError:
            continue
        if -90 <= latitude <= 90 and -180 <= longitude <= 180:
            return {"latitude": latitude, "longitude": longitude}
    return None
