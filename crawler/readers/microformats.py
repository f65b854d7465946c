"""Microformats 1 and 2 in an HTML page: h-event and hCalendar, h-card and hCard."""

import re
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

import mf2py
from icalendar import vDuration

from crawler import reached
from crawler.addresses import parse_address
from crawler.classic_microformats import cut_out
from crawler.documents import Document, Reader, Reading
from crawler.people import is_person
from crawler.schema_org import person_key
from crawler.strict import point, without_empty
from crawler.text import clean
from crawler.times import from_iso
from crawler.titles import name_and_state
from crawler.venue import held, venue

Item = dict[str, Any]

_MARKS = ("h-event", "h-card", "vevent", "vcard", "p-author")
MAX_STARTS = 100  # of one event
MAX_DEPTH = 10

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
_PLACE = {"adr", "geo", "latitude", "longitude", "altitude", "extended-address", "post-office-box", "label"} | {
    theirs for _, theirs in _ADDRESS
}
USED = {
    "h-event": _PLACE
    | set(
        """
        name summary start end duration url uid content description category location organizer performer speaker
        series super-event about status attendee contact
        """.split()
    ),
    "h-card": _PLACE | set(PRIVATE) | set("name org job-title role title url uid".split()),
}
IGNORED = frozenset(
    """
    additional-name agent anniversary author class dtstamp featured family-name given-name honorific-prefix
    honorific-suffix key logo mailer nickname note category organization-name organization-unit photo published
    published-date pronoun pronouns rel rev rsvp sort-string sound syndication tz updated video last-modified
    """.split()
)
_STATUS = (("cancel", "EventCancelled"), ("postpone", "EventPostponed"), ("reschedul", "EventRescheduled"))


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
        html = cut_out(document.html)
        if not html:
            return reading
        try:
            # Roots are asked for by name: in the styles of some pages h-full is a height.
            parsed = mf2py.parse(doc=html, url=document.base, html_parser="lxml", filter_roots=True)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError) as error:
            reading.problems.append(f"{document.url}: microformats cannot be read: {clean(str(error))}")
            return reading
        mapper = _Mapper(document, reading)
        for item in parsed.get("items", []):
            mapper.top(item)
        return reading


class _Mapper:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document = document
        self.reading = reading

    def top(self, item: Item, depth: int = 0) -> None:
        """Add the records of one item, and of the events and cards in it that stand for themselves."""
        types = item.get("type", [])
        if reached.over(depth, MAX_DEPTH, "readers.microformats.MAX_DEPTH"):
            return
        if "h-event" in types:
            for record in self.events(item):
                self._add(record)
        elif "h-card" in types:
            self._add(self.card(item))
        elif "h-entry" in types:
            for author in _values(item, "author"):
                self._author(author)
            return
        for each in item.get("children", []):
            # A card in an event that says no more of itself is the event's: it speaks there.
            if isinstance(each, dict) and not ("h-event" in types and "h-card" in each.get("type", [])):
                self.top(each, depth + 1)

    def _add(self, record: Item | None) -> None:
        if record and record not in self.reading.records:
            if record["type"] == "Person":
                record.setdefault("id", record.get("url") or person_key(record["name"], self.document.url))
            self.reading.records.append(record)

    def _author(self, author: Any) -> None:
        card = self.card(author) if isinstance(author, dict) else None
        if card and card["type"] == "Person" and is_person(card["name"]):
            card.setdefault("jobTitle", "author")
            self._add(card)

    def events(self, item: Item) -> list[Item]:
        """Return the event, once for each start that it states."""
        name = _first(item, "name") or _first(item, "summary")
        if not name:
            return []
        self._account(item, "h-event")
        name, status = name_and_state(name[:500], _status(_first(item, "status")))
        url = self.document.link(_first(item, "url"))
        event: Item = {"type": "Event", "name": name, "url": url, "eventStatus": status}
        event["description"] = (
            _first(item, "content")
            or _first(item, "description")
            or (_first(item, "summary") if _first(item, "name") else None)
        )
        event["keywords"] = _texts(item, "category")
        event |= self._where(item)
        event["organizer"] = self.agents(_values(item, "organizer"))
        event["performer"] = self.agents(
            [*_values(item, "performer"), *_values(item, "speaker"), *self._contacts(item)]
        )
        event["superEvent"] = self._series(item)
        event["about"] = _texts(item, "about")
        attendees = _values(item, "attendee")
        if self.document.source.attendees:
            event["attendee"] = [each for each in self.agents(attendees, "Person") if each["type"] == "Person"]
        elif attendees:
            self.reading.dropped["attendee"] += len(attendees)
        own = _first(item, "uid")
        found = []
        for times in self._times(item):
            # Occurrences of a series often share one address.
            identity = own or (f"{url}#{times.get('startDate', '')[:10]}" if url else None)
            record = without_empty({**event, "id": identity, **times})
            if record not in found:
                found.append(record)
        return found

    def _times(self, item: Item) -> list[Item]:
        starts, ends = (
            reached.cut(_texts(item, "start"), MAX_STARTS, "readers.microformats.MAX_STARTS"),
            _texts(item, "end"),
        )
        found = []
        for start, stated in zip_longest(starts, ends[: len(starts)]):
            end = _end(start, stated, _first(item, "duration") if not ends else None)
            if times := from_iso(_iso(start), end, self.document.source, surprises=self.reading.surprises):
                found.append(times)
        return found or [{}]

    def _contacts(self, item: Item) -> list[Any]:
        """Return the cards inside an event that have no role of their own: hCalendar's way to name who speaks."""
        return [each for each in item.get("children", []) if "h-card" in each.get("type", [])]

    def _series(self, item: Item) -> Item | None:
        for each in [*_values(item, "series"), *_values(item, "super-event")]:
            if name := _text(each):
                return {"type": "EventSeries", "name": name[:500]}
        return None

    def agents(self, values: list[Any], bare: str = "Organization") -> list[Item]:
        """Return who holds or speaks: a card says which of the two; a bare text is taken for ``bare``."""
        found = []
        for each in values:
            name = _text(each)
            agent = self.card(each) if isinstance(each, dict) and "properties" in each else None
            if agent and agent["type"] == "Place":
                agent = {"type": "Organization", "name": agent["name"]}
            if agent is None and name and "@" not in name:
                agent = {"type": bare, "name": name[:500]}
            if agent and agent not in found:
                found.append(agent)
        return found

    def card(self, item: Item) -> Item | None:
        """Return a card as a person, an organisation or a place, by what it says of itself."""
        name, org = _first(item, "name"), _first(item, "org")
        if not name and not org:
            return None
        self._account(item, "h-card")
        place = _address(item) or _geo(item)
        role = _first(item, "job-title") or _first(item, "role") or _first(item, "title")
        personal = role or any(_values(item, key) for key in ("bday", "given-name", "family-name"))
        organisation = "h-org" in item.get("type", []) or (org and name in (None, org))
        if name and not organisation:
            if personal or org or (not place and is_person(name)):
                return self._person(item, name, role)
            return self._place_card(item, name) if place else None
        name = name or org or ""
        self._count(item, CONTACTS)
        found: Item = {"type": "Organization", "name": name[:500]}
        linked = _first(item, "url") or next((_first(each, "url") for each in _cards(item, "org")), None)
        if url := self.document.link(linked):
            found |= {"url": url, "id": url}
        if place:
            where = self._place_card(item, name, count=False)
            found["location"] = {key: value for key, value in where.items() if key not in ("id", "url")}
        return found

    def _person(self, item: Item, name: str, role: str | None) -> Item:
        self._count(item, PRIVATE)
        person: Item = {"type": "Person", "name": name[:500]}
        links = list(dict.fromkeys(link for text in _texts(item, "url") if (link := self.document.link(text))))
        if links:
            person["url"] = links[0]
        if links[1:]:
            person["sameAs"] = links[1:50]
        if role:
            person["jobTitle"] = role[:500]
        for each in _values(item, "org")[:1]:
            if org := _text(each):
                works: Item = {"type": "Organization", "name": org[:500]}
                if isinstance(each, dict) and (link := self.document.link(_first(each, "url"))):
                    works["url"] = link
                person["worksFor"] = works
        return person

    def _place_card(self, item: Item, name: str, *, count: bool = True) -> Item:
        if count:
            self._count(item, CONTACTS)
        url = self.document.link(_first(item, "url"))
        place = {"type": "Place", "name": name[:500], "url": url, "id": url}
        return without_empty({**place, "address": _address(item), "geo": _geo(item)})

    def _where(self, item: Item) -> Item:
        """Return an event's place, and whether it is held on the net."""
        for value in _values(item, "location"):
            if isinstance(value, dict) and "properties" in value:
                if place := self._place(value):
                    calls = [place["url"]] if set(place) == {"type", "name", "url"} else []
                    there = held(place, calls)
                    return there if there["location"]["type"] == "VirtualLocation" else {"location": place}
            elif (text := _text(value)) and (found := venue(text, self.document)):
                return found
        address, geo = _address(item), _geo(item)
        if not (name := _called(address)):
            return {}
        return {"location": without_empty({"type": "Place", "name": name, "address": address, "geo": geo})}

    def _place(self, value: Item) -> Item | None:
        address, geo = _address(value), _geo(value)
        name = _first(value, "name") or _first(value, "org") or _called(address) or _text(value)
        url = self.document.link(_first(value, "url"))
        place = {"type": "Place", "name": (name or "")[:500], "address": address, "geo": geo, "url": url}
        return without_empty(place) if name else None

    def _count(self, item: Item, kinds: dict[str, str]) -> None:
        for key, what in kinds.items():
            if item.get("properties", {}).get(key):
                self.reading.dropped[what] += 1

    def _account(self, item: Item, kind: str) -> None:
        known = USED[kind]
        self.reading.surprises.update(
            f"{kind}.{key}"[:100] for key in item.get("properties", {}) if key not in known and key not in IGNORED
        )


def _values(item: Item, key: str) -> list[Any]:
    values = item.get("properties", {}).get(key, [])
    return values if isinstance(values, list) else [values]


def _cards(item: Item, key: str) -> list[Item]:
    return [each for each in _values(item, key) if isinstance(each, dict) and "properties" in each]


def _text(value: Any) -> str | None:
    """Return a property's text: plain, of an embedded item, or of HTML content."""
    if isinstance(value, dict):
        if "properties" in value and (name := _first(value, "name")):
            return name
        value = value.get("value", "")
    return clean(value) or None if isinstance(value, str) else None


def _first(item: Item, key: str) -> str | None:
    return next((text for value in _values(item, key) if (text := _text(value))), None)


def _texts(item: Item, key: str) -> list[str]:
    return [text[:500] for each in _values(item, key) if (text := _text(each))][:100]


def _called(address: Item | None) -> str | None:
    """Return what a place without a name is called."""
    return (address or {}).get("streetAddress") or (address or {}).get("addressLocality")


def _status(text: str | None) -> str | None:
    return next((status for word, status in _STATUS if word in (text or "").lower()), None)


def _end(start: str, end: str | None, duration: str | None) -> str | None:
    """Return the end; one that is a time alone is on the day of the start, and a duration counts from the start."""
    if end and re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?([+-]\d\d:?\d\d|Z)?", end):
        return f"{start[:10]}T{end.zfill(5)}"
    if not end and duration:
        try:
            length: timedelta = vDuration.from_ical(duration)  # type: ignore[no-untyped-call]
            return (datetime.fromisoformat(_iso(start)) + length).isoformat()
        except (ValueError, TypeError, OverflowError):
            return None
    return _iso(end) if end else None


def _iso(text: str) -> str:
    """Return a microformats date as ISO 8601: a blank for T, offsets with or without colon, times without minutes."""
    return re.sub(r"^(\d{4}-\d\d-\d\d) (\d)(?=:)", r"\1T0\2", text.strip())


def _address(item: Item) -> Item | None:
    for each in [*_values(item, "adr"), item]:
        if isinstance(each, str) and clean(each):
            return parse_address(clean(each)[:500])
        if isinstance(each, dict) and "properties" in each:
            address = {ours: text[:500] for ours, theirs in _ADDRESS if (text := _first(each, theirs))}
            if not address and each is not item and (text := _text(each)):
                address = parse_address(text[:500])
            if address:
                return address
    return None


def _geo(item: Item) -> Item | None:
    for each in [*_values(item, "geo"), item]:
        text = each if isinstance(each, str) else each.get("value") if isinstance(each, dict) else None
        if isinstance(text, str) and (
            match := re.fullmatch(r"(?:geo:)?(-?\d+(?:\.\d+)?)[;,]\s*(-?\d+(?:\.\d+)?).*", text.strip())
        ):
            return point(match[1], match[2])
        if isinstance(each, dict) and (found := point(_first(each, "latitude"), _first(each, "longitude"))):
            return found
    return None
