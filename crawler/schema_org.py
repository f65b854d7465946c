"""schema.org data, however it was written in a page (JSON-LD, microdata), as records.

Input is JSON-LD's shape: ``@type``, ``@id`` and properties, each a value or a list of values. What must not be kept
is counted and left out here, at the reader; what is neither used nor known to be ignored is counted as a surprise.
A document's nodes may refer to each other in circles: depth, length and number of what is built are bounded.
"""

import hashlib
import html
import re
from datetime import datetime
from typing import Any

import orjson

from crawler import reached, schedule
from crawler.addresses import short_address
from crawler.documents import Document, Link, Reading
from crawler.people import is_person
from crawler.privacy import fold
from crawler.records import MAX_THINGS
from crawler.schema_nodes import (
    LISTS,
    ORGANIZATIONS,
    OTHERS,
    POSTS,
    Node,
    as_list,
    both,
    by_id,
    flatten,
    ids,
    kind_of,
    name_of,
    nested_name,
    plain,
    references,
    term,
    text_of,
    texts_of,
    types_of,
)
from crawler.strict import point
from crawler.text import clean
from crawler.times import from_iso, published
from crawler.titles import name_and_state
from crawler.vcalendar import Expansion, RuleError
from crawler.venue import is_online, venue

PRIVATE = {
    "address": "home address",
    "birthDate": "birth date",
    "contactPoint": "contact",
    "email": "e-mail",
    "faxNumber": "telephone",
    "gender": "gender",
    "height": "physical trait",
    "homeLocation": "home address",
    "image": "photo",
    "nationality": "nationality",
    "photo": "photo",
    "telephone": "telephone",
    "weight": "physical trait",
}
CONTACTS = {"email": "e-mail", "telephone": "telephone", "faxNumber": "telephone", "contactPoint": "contact"}
IGNORED = frozenset(
    """
    @context @graph @id @reverse @type acceptsReservations aggregateRating audience amenityFeature author
    copyrightHolder copyrightYear creator currenciesAccepted dateCreated datePublished disambiguatingDescription
    doorTime hasMap identifier image inLanguage isAccessibleForFree legalName logo mainEntityOfPage
    maximumAttendeeCapacity offers openingHoursSpecification paymentAccepted photo potentialAction
    priceRange publisher remainingAttendeeCapacity review slogan sponsor subjectOf taxID
    thumbnailUrl typicalAgeRange vatID video workFeatured workPerformed
    """.split()
)

_ADDRESS = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
_ADDRESS_IGNORED = {"@type", "@id", "@context", "name", "postOfficeBoxNumber", "areaServed", *CONTACTS}


# What stands in the place of a place's name that is not told to everybody.
_UNTOLD = re.compile(
    r"register to see address|to be (?:announced|determined|confirmed)|tb[acd]|à (?:définir|confirmer|préciser)",
    re.IGNORECASE,
)

_MAX_DEPTH = 4  # of things within things: a talk's speaker's employer's place
_MAX_BUILT = 50_000  # things of one document, nested ones and occurrences counted


class Mapper:
    """Turns the nodes of one document into the records of a reading."""

    def __init__(self, document: Document, reading: Reading) -> None:
        self.document = document
        self.reading = reading
        self._by_id: dict[str, Node] = {}
        self._seen: set[bytes] = set()
        self._parts_of: set[str] = set()
        self._built = 0
        self._expansion: Expansion | None = None

    def read(self, roots: list[Node]) -> None:
        """Add the records of a page's top-level nodes; what they nest stays nested."""
        nodes = list(flatten(roots))
        self._by_id = by_id(nodes)
        # A node that another one refers to is read there, as the place of its event, unless it stands for itself.
        used = {ref for node in nodes for ref in references(node)}
        above = {ref for node in nodes for ref in ids(node.get("superEvent"))}
        for node in nodes:
            kind = kind_of(node)
            identity = node.get("@id") if isinstance(node.get("@id"), str) else None
            if kind == "Event" and identity in above:
                continue
            self._top(node, kind, standing_alone=identity not in used)
        if reached.over(self._built, _MAX_BUILT, "schema_org._MAX_BUILT"):
            self.reading.problems.append(f"{self.document.url}: more than {_MAX_BUILT} things; the rest is left out")

    def _top(self, node: Node, kind: str | None, standing_alone: bool, depth: int = 0) -> None:
        if self._too_much(depth):
            return
        if depth and isinstance(identity := node.get("@id"), str):
            # What several name as their part, or each other, is told of once.
            if identity in self._parts_of:
                return
            self._parts_of.add(identity)
        if kind in ("Event", "EventSeries"):
            thing = self.thing(node)
            if not self._scheduled(node, thing):
                self._add(thing)
            self._parts(node, thing, depth)
        elif kind in ("Place", "Organization"):
            if standing_alone:
                self._add(self.thing(node))
            self._members(node)
            self._events_of(node, "location" if kind == "Place" else "organizer", depth)
        elif kind == "Person":
            person = self.person(node) if standing_alone else None
            # Accounts of a site's own programs are persons, too, there.
            if person and (is_person(person["name"]) or {"jobTitle", "worksFor", "memberOf"} & person.keys()):
                self._add(person)
            self._events_of(node, "performer", depth)
        elif types_of(node) & POSTS:
            self._post(node)
        elif types_of(node) & LISTS:
            self._list(node, depth)
        else:
            self.reading.surprises.update(f"type {name}"[:100] for name in types_of(node) - OTHERS)

    def _parts(self, node: Node, whole: Node | None, depth: int) -> None:
        """Add the events that an event or a series consists of, their parts too."""
        above = {key: value for key, value in (whole or {}).items() if key in _PARENT_KEYS}
        for sub in self._nodes(both(node.get("subEvent"), node.get("subEvents"))):
            if kind_of(sub) in ("Event", "EventSeries") and sub is not node:
                self._top({**({"superEvent": _as_node(above)} if above else {}), **sub}, kind_of(sub), True, depth + 1)

    def _events_of(self, node: Node, role: str, depth: int) -> None:
        """Add the events that a place, an organisation or a person names as its own."""
        own = {key: value for key, value in node.items() if key not in ("event", "events", "performerIn", "subEvent")}
        for event in self._nodes(both(node.get("event"), node.get("events"), node.get("performerIn"))):
            if kind_of(event) in ("Event", "EventSeries"):
                there = {"location": own} if role == "organizer" and node.get("address") else {}
                self._top({**there, role: own, **event}, kind_of(event), True, depth + 1)

    def _scheduled(self, node: Node, thing: Node | None) -> bool:
        """Add the occurrences of an event that states a schedule, and the series; False where it states none."""
        schedules = self._nodes(node.get("eventSchedule"))
        if not schedules or thing is None:
            return False
        if self._expansion is None:
            self._expansion = Expansion(datetime.fromisoformat(self.document.fetched).date())
        rules: dict[str, None] = {}
        spans: list[tuple[str, str | None, str | None]] = []
        for each in schedules[:20]:
            self._account(each, "Schedule", set(schedule.USED))
            try:
                rule, found = schedule.occurrences(each, node, self._expansion)
            except RuleError as error:
                problem = f"{self.document.url}: schedule of {thing['name'][:80]!r}: {clean(str(error))}"
                self.reading.problems.append(f"{problem}; only the stated date is read")
                continue
            rules[rule] = None
            spans += [(start, end, schedule.zone_of(each)) for start, end in found]
        if not rules:
            return False
        series = {key: value for key, value in thing.items() if key not in _OCCURRENCE_KEYS}
        series |= {"type": "EventSeries", "eventSchedule": " ".join(rules)[:500]}
        if series.get("location", {}).get("type") != "Place":  # only its occurrences can be on the net
            series.pop("location", None)
        own = text_of(node.get("@id")) or text_of(node.get("url"))
        series["id"] = (self.document.link(own) if own else None) or person_key(
            thing["name"], self.document.url, "series"
        )
        above = {key: series[key] for key in ("type", "id", "name", "url", "eventSchedule") if key in series}
        for start, end, zone in spans:
            self._built += 1
            times = from_iso(start, end, self.document.source, zone, self.reading.surprises)
            once = {key: value for key, value in thing.items() if key not in _TIME_KEYS}
            self._add({**once, **times, "type": "Event", "superEvent": above, "id": f"{series['id']}#{start}"})
        self._add(series)
        return True

    def _add(self, record: Node | None) -> None:
        if not record:
            return
        if record["type"] == "Person" and "id" not in record:
            record["id"] = record.get("url") or person_key(record["name"], self.document.url)
        stated = hashlib.sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).digest()
        if stated not in self._seen:
            self._seen.add(stated)
            self.reading.records.append(record)

    def _too_much(self, depth: int) -> bool:
        deep = reached.over(depth, _MAX_DEPTH, "schema_org._MAX_DEPTH")
        return deep or self._built > _MAX_BUILT

    def _list(self, node: Node, depth: int) -> None:
        for key in ("itemListElement", "hasPart", "mainEntity", "about", "dataFeedElement", "event", "events"):
            for item in self._nodes(node.get(key)):
                target = next(iter(self._nodes(item.get("item"))), item)
                if kind := kind_of(target):
                    self._top(target, kind, standing_alone=True, depth=depth + 1)
                elif types_of(target) & LISTS and not self._too_much(depth + 1):
                    self._list(target, depth + 1)
                elif link := self.document.link(text_of(target.get("url")) or text_of(item.get("item"))):
                    self.reading.links.append(Link(link, "entry"))

    def _post(self, node: Node) -> None:
        for author in self._nodes(node.get("author")):
            if kind_of(author) == "Person" and (person := self.person(author)) and " " in person["name"]:
                self._add({**person, "jobTitle": person.get("jobTitle", "author")})
        for key in ("about", "mentions", "mainEntity"):
            for each in self._nodes(node.get(key)):
                if kind := kind_of(each):
                    self._top(each, kind, standing_alone=True)

    def _members(self, node: Node) -> None:
        """Add the people that an organisation or place names as its own."""
        whole = self.thing(node)
        if whole is None:
            return
        whole = {key: value for key, value in whole.items() if key not in ("description", "founder")}
        for key, role in (("employee", None), ("member", None), ("members", None), ("founder", "founder")):
            for each in self._nodes(node.get(key)):
                if kind_of(each) != "Person" or not (person := self.person(each)):
                    continue
                if role:
                    person.setdefault("jobTitle", role)
                if key in ("employee", "founder") and whole["type"] == "Organization":
                    person.setdefault("worksFor", whole)
                else:
                    person.setdefault("memberOf", whole)
                self._add(person)

    def thing(self, node: Node, depth: int = 0) -> Node | None:
        """Return one node as a thing of the record, nested things in it; None where it has no name or no known type."""
        kind = kind_of(node)
        name = name_of(node.get("name"))
        self._built += 1
        if not name or not kind or self._too_much(depth):
            return None
        if kind == "Person":
            return self.person(node, depth)
        thing: Node = {"type": kind, "name": name}
        taken = set(self._common(thing, node))
        match kind:
            case "Event":
                taken |= self._event(thing, node, depth)
            case "Place":
                taken |= self._place(thing, node)
            case "Organization":
                taken |= self._organization(thing, node, depth)
            case "EventSeries":
                taken |= {"organizer", "location", *_EVENT_KEYS}
                thing["organizer"] = self._agents(node.get("organizer"), depth)
                place: Node = {}
                self._location(place, node.get("location"), depth)
                if place.get("location", {}).get("type") == "Place":
                    thing["location"] = place["location"]
        self._account(node, kind, taken)
        return {key: value for key, value in thing.items() if value not in (None, [], {})}

    def person(self, node: Node, depth: int = 0) -> Node | None:
        """Return a person in a public role; contact details and traits are counted and left out."""
        self._built += 1
        name = name_of(node.get("name")) or clean(
            " ".join(filter(None, (text_of(node.get("givenName")), text_of(node.get("familyName")))))
        )
        if not name or "@" in name or self._too_much(depth):
            return None
        person: Node = {"type": "Person", "name": name}
        if url := self.document.link(text_of(node.get("url"))):
            person["url"] = url
        person["sameAs"] = self._links(node.get("sameAs"))
        person["jobTitle"] = text_of(node.get("jobTitle")) or text_of(node.get("roleName"))
        person["worksFor"] = self._organisation_of(node.get("worksFor") or node.get("affiliation"), depth)
        person["memberOf"] = self._organisation_of(node.get("memberOf"), depth)
        for key, what in PRIVATE.items():
            if key in node:
                self.reading.dropped[what] += 1
        used = {
            "name",
            "givenName",
            "familyName",
            "url",
            "sameAs",
            "jobTitle",
            "roleName",
            "worksFor",
            "affiliation",
            "memberOf",
        }
        self._account(node, "Person", used | _PERSON_IGNORED | set(PRIVATE))
        return {key: value for key, value in person.items() if value}

    def _common(self, thing: Node, node: Node) -> set[str]:
        url = self.document.link(text_of(node.get("url")))
        identity = self.document.link(text_of(node.get("@id")))
        if url:
            thing["url"] = url
        if identity or url:
            thing["id"] = identity or url
        thing["description"] = plain(text_of(node.get("description")))
        if "alternateName" in node:
            thing["alternateName"] = texts_of(node["alternateName"])
        if "sameAs" in node:
            thing["sameAs"] = self._links(node["sameAs"])
        if "keywords" in node:
            words = (word.strip() for text in texts_of(node["keywords"]) for word in text.split(","))
            thing["keywords"] = [word for word in words if word]
        if "dateModified" in node:
            thing["dateModified"] = published(text_of(node["dateModified"]), self.document.source)
        return _COMMON_KEYS

    def _event(self, thing: Node, node: Node, depth: int) -> set[str]:
        start = text_of(node.get("startDate"))
        if start and len(start) == 10 and (clock := text_of(node.get("startTime"))):
            start = f"{start}T{clock}"
        thing |= from_iso(start, text_of(node.get("endDate")), self.document.source, surprises=self.reading.surprises)
        if thing.get("id") and thing.get("startDate") and not self.document.link(text_of(node.get("@id"))):
            # Occurrences of a series often share one address.
            thing["id"] = f"{thing['id']}#{thing['startDate'][:10]}"
        status = term(node.get("eventStatus"), _STATUS)
        before = text_of(node.get("previousStartDate"))
        if before and before != text_of(node.get("startDate")) and status in (None, "EventScheduled"):
            status = "EventRescheduled"
        thing["name"], thing["eventStatus"] = name_and_state(thing["name"], status)
        thing["eventAttendanceMode"] = term(node.get("eventAttendanceMode"), _MODE)
        self._location(thing, node.get("location"), depth)
        thing["organizer"] = self._agents(node.get("organizer"), depth)
        thing["performer"] = self._agents(
            both(node.get("performer"), node.get("performers"), node.get("speaker")), depth
        )
        attendees = self._nodes(both(node.get("attendee"), node.get("attendees")))
        if self.document.source.attendees:
            people = (
                each for each in reached.cut(attendees, MAX_THINGS, "records.MAX_THINGS") if kind_of(each) == "Person"
            )
            thing["attendee"] = [person for each in people if (person := self.person(each, depth + 1))]
        elif attendees:
            self.reading.dropped["attendee"] += len(attendees)
        for above in self._nodes(node.get("superEvent"))[:1]:
            thing["superEvent"] = self.thing(above, depth + 1)
        thing["about"] = [name for each in as_list(node.get("about")) if (name := text_of(each) or nested_name(each))]
        return _EVENT_KEYS

    def _location(self, thing: Node, value: Any, depth: int) -> None:
        """Set the event's place: a real one wins over an online one, and both together make it mixed."""
        places: list[Node] = []
        online: list[Node] = []
        for each in as_list(value):
            if isinstance(each, str):
                found = venue(clean(html.unescape(each)), self.document).get("location")
                if found:
                    (places if found["type"] == "Place" else online).append(found)
                continue
            node = self._resolve(each)
            url = self.document.link(text_of(node.get("url")))
            if "VirtualLocation" in types_of(node):
                self._account(node, "VirtualLocation", {"name", "url", "description"})
                online.append({"type": "VirtualLocation", "name": name_of(node.get("name")) or "online", "url": url})
            elif place := self._as_place(node, depth):
                if is_online(place["name"]):
                    online.append({"type": "VirtualLocation", "name": place["name"], "url": url})
                else:
                    places.append(place)
        if places or online:
            thing["location"] = places[0] if places else {key: each for key, each in online[0].items() if each}
        if online and not thing.get("eventAttendanceMode"):
            thing["eventAttendanceMode"] = ("Mixed" if places else "Online") + "EventAttendanceMode"

    def _as_place(self, node: Node, depth: int) -> Node | None:
        """Return a node as a place, whatever it is called: an organisation's address is where its event takes place."""
        if "PostalAddress" in types_of(node):
            node = {"@type": "Place", "name": node.get("name"), "address": node}
        name = name_of(node.get("name"))
        if name and _UNTOLD.fullmatch(name):
            name = None
        if not name and (address := self._address(node.get("address"), count=False)):
            name = address.get("streetAddress") or address.get("addressLocality")
        kinds = [kind for kind in as_list(node.get("@type")) if isinstance(kind, str)]
        return self.thing({**node, "@type": ["Place", *kinds], "name": name}, depth + 1) if name else None

    def _address(self, value: Any, *, count: bool = True) -> Node | None:
        for each in as_list(value):
            if isinstance(each, str) and (text := clean(html.unescape(each))):
                return short_address(text)
            if not isinstance(each, dict):
                continue
            node = self._resolve(each)
            if count:
                self._account(node, "PostalAddress", {*_ADDRESS, *_ADDRESS_IGNORED})
                self._count_contacts(node)
            fields = {key: text_of(node.get(key)) or nested_name(node.get(key)) for key in _ADDRESS}
            if address := {key: text[:500] for key, text in fields.items() if text}:
                return address
        return None

    def _place(self, thing: Node, node: Node) -> set[str]:
        thing["address"] = self._address(node.get("address"))
        thing["geo"] = _geo(next(iter(self._nodes(node.get("geo"))), node))
        thing["openingHours"] = texts_of(node.get("openingHours"))
        kinds = [kind for kind in types_of(node) if kind not in _NO_KINDS]
        thing["additionalType"] = text_of(node.get("additionalType")) or (min(kinds) if kinds else None)
        if thing["additionalType"] and thing["additionalType"].startswith("http"):
            thing["additionalType"] = thing["additionalType"].rstrip("/").rpartition("/")[2] or None
        self._count_contacts(node)
        return _PLACE_KEYS

    def _organization(self, thing: Node, node: Node, depth: int) -> set[str]:
        if address := self._address(node.get("address")):
            thing["location"] = {"type": "Place", "name": thing["name"], "address": address}
        for place in self._nodes(node.get("location"))[:1]:
            thing["location"] = self._as_place(place, depth) or thing.get("location")
        if thing.get("location") and (geo := _geo(next(iter(self._nodes(node.get("geo"))), {}))):
            thing["location"].setdefault("geo", geo)
        if depth == 0:  # who founded what an organiser's employer belongs to is told on that one's own page
            stated = reached.cut(self._nodes(node.get("founder")), MAX_THINGS, "records.MAX_THINGS")
            founders = (each for each in stated if kind_of(each) == "Person")
            thing["founder"] = [person for each in founders if (person := self.person(each, depth + 1))]
        self._count_contacts(node)
        return _ORGANIZATION_KEYS

    def _count_contacts(self, node: Node) -> None:
        for key, what in CONTACTS.items():
            if key in node:
                self.reading.dropped[what] += 1

    def _agents(self, value: Any, depth: int) -> list[Node]:
        """Return who holds or speaks: a bare text is an organisation, unless it stands as a performer's name alone."""
        agents = []
        for each in reached.cut(as_list(value), MAX_THINGS, "records.MAX_THINGS"):
            node = {"@type": "Organization", "name": each} if isinstance(each, str) else self._resolve(each)
            if isinstance(each, str) and "@" in each:
                self.reading.dropped["e-mail"] += 1
                continue
            if kind_of(node) not in ("Person", "Organization"):
                # An untyped or otherwise typed name (a Place that organises) acts here: an organisation.
                node = {**node, "@type": "Organization"}
            if agent := self.thing(node, depth + 1):
                agents.append(agent)
        return agents

    def _organisation_of(self, value: Any, depth: int) -> Node | None:
        return next(iter(self._agents(value, depth)), None)

    def _links(self, value: Any) -> list[str]:
        return [link for text in texts_of(value) if re.match("https?:", text) and (link := self.document.link(text))]

    def _nodes(self, value: Any) -> list[Node]:
        return [self._resolve(each) for each in as_list(value) if isinstance(each, dict)]

    def _resolve(self, node: Any) -> Node:
        """Return the node that a bare ``{"@id": …}`` refers to, where the page has it."""
        if not isinstance(node, dict):
            return {}
        identity = node.get("@id")
        return self._by_id.get(identity, node) if isinstance(identity, str) and len(node) <= 2 else node

    def _account(self, node: Node, kind: str, taken: set[str]) -> None:
        for key in node:
            if key not in taken and key not in IGNORED:
                self.reading.surprises[f"{kind}.{key}"[:100]] += 1


_PARENT_KEYS = {"type", "id", "name", "startDate", "endDate", "url"}
_TIME_KEYS = {"startDate", "endDate", "timeZone", "timeZoneSource"}
# What an occurrence has and its series has not.
_OCCURRENCE_KEYS = _TIME_KEYS | {
    "eventStatus", "eventAttendanceMode", "performer", "attendee", "about", "superEvent", "dateModified",
}  # fmt: skip
_COMMON_KEYS = {
    "name", "url", "alternateName", "description", "sameAs", "keywords", "additionalType", "dateModified",
}  # fmt: skip
_EVENT_KEYS = {
    "startDate", "startTime", "endDate", "duration", "previousStartDate", "eventSchedule", "eventStatus",
    "eventAttendanceMode", "location", "organizer", "performer", "performers", "speaker", "attendee", "attendees",
    "superEvent", "subEvent", "subEvents", "about",
}  # fmt: skip
_PEOPLE = {"employee", "member", "members", "founder", "founders"}
_PERSON_IGNORED = {"description", "knowsAbout", "knowsLanguage", "alumniOf", "additionalName", "performerIn",
                   "honorificPrefix", "honorificSuffix", "hasOccupation", "award"}  # fmt: skip
_ORGANIZATION_IGNORED = {"foundingDate", "areaServed", "foundingLocation", "knowsAbout", "parentOrganization",
                         "subOrganization", "department", "memberOf", "numberOfEmployees"}  # fmt: skip
_PLACE_KEYS = {"address", "geo", "openingHours", "latitude", "longitude", "event", "events", *CONTACTS, *_PEOPLE}
_ORGANIZATION_KEYS = _PLACE_KEYS | _ORGANIZATION_IGNORED | {"location"}
# What says of a place only that it is one.
_NO_KINDS = ORGANIZATIONS | {"Place", "Thing"}
_STATUS = {"EventScheduled", "EventCancelled", "EventPostponed", "EventRescheduled", "EventMovedOnline"}
_MODE = {"OfflineEventAttendanceMode", "OnlineEventAttendanceMode", "MixedEventAttendanceMode"}


def person_key(name: str, page: str, what: str = "person") -> str:
    """Return a key for a person who has no address of their own on a page: a hash, so that no name stands in it.

    The page is part of it: two pages of a site may say different things of one name, or name two people.
    """
    return f"{what}:" + hashlib.sha256(f"{page}\0{fold(name)}".encode()).hexdigest()[:16]


def _as_node(record: Node) -> Node:
    """Return a record's event as a node again, to be named by its parts."""
    kind = {"@type": record["type"], "@id": record.get("id")}
    return kind | {key: value for key, value in record.items() if key not in ("type", "id")}


def _geo(node: Node) -> Node | None:
    return point(text_of(node.get("latitude")), text_of(node.get("longitude")))
