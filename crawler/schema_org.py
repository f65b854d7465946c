"""schema.org data, however it was written in a page (JSON-LD, microdata), as records.

Input is JSON-LD's shape: ``@type``, ``@id`` and properties, each a value or a list of values. What must not be kept
is counted and left out here, at the reader; what is neither used nor known to be ignored is counted as a surprise.
"""

import hashlib
import html
import re
from collections.abc import Iterator
from typing import Any

from crawler.documents import Document, Link, Reading
from crawler.privacy import fold
from crawler.text import clean
from crawler.times import from_iso

Node = dict[str, Any]

EVENTS = frozenset(
    """
    Event BusinessEvent ChildrensEvent ComedyEvent ConferenceEvent CourseInstance DanceEvent DeliveryEvent
    EducationEvent EventSeries ExhibitionEvent Festival FoodEvent Hackathon LiteraryEvent MusicEvent
    PublicationEvent SaleEvent ScreeningEvent SocialEvent SportsEvent TheaterEvent VisualArtsEvent
    """.split()
)
PLACES = frozenset(
    """
    Place AdministrativeArea CivicStructure City EventVenue Library Museum Park PlaceOfWorship PublicToilet
    StadiumOrArena Residence Room MeetingRoom TouristAttraction Landform Accommodation BarOrPub CafeOrCoffeeShop
    Hotel Restaurant CoworkingSpace
    """.split()
)
ORGANIZATIONS = frozenset(
    """
    Organization Association Airline Consortium Corporation Cooperative EducationalOrganization
    CollegeOrUniversity School GovernmentOrganization LibrarySystem LocalBusiness NGO NewsMediaOrganization
    PerformingGroup MusicGroup Project ResearchOrganization OnlineBusiness WorkersUnion ProfessionalService
    """.split()
)
POSTS = {"Article", "BlogPosting", "NewsArticle", "Report", "SocialMediaPosting"}
LISTS = {"ItemList", "CollectionPage", "WebPage", "WebSite", "AboutPage", "ProfilePage", "DataFeed", "Blog"}

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
    @context @graph @id @type acceptsReservations aggregateRating audience amenityFeature author copyrightHolder
    copyrightYear creator currenciesAccepted dateCreated datePublished disambiguatingDescription doorTime duration
    eventSchedule hasMap identifier image inLanguage isAccessibleForFree legalName logo mainEntityOfPage
    maximumAttendeeCapacity offers openingHoursSpecification paymentAccepted photo potentialAction
    previousStartDate priceRange publisher remainingAttendeeCapacity review slogan sponsor subjectOf taxID
    thumbnailUrl typicalAgeRange vatID video workFeatured workPerformed
    """.split()
)

_MAX_DEPTH = 12


class Mapper:
    """Turns the nodes of one document into the records of a reading."""

    def __init__(self, document: Document, reading: Reading) -> None:
        self.document = document
        self.reading = reading
        self._by_id: dict[str, Node] = {}

    def read(self, roots: list[Node]) -> None:
        """Add the records of a page's top-level nodes; what they nest stays nested."""
        nodes = list(_flatten(roots))
        self._by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
        # A node that another one refers to is read there, as the place of its event, unless it stands for itself.
        used = {ref for node in nodes for ref in _references(node)}
        for node in nodes:
            kind = kind_of(node)
            if kind == "Event" and node.get("@id") in used and self._is_super_event(node, nodes):
                continue
            self._top(node, kind, standing_alone=node.get("@id") not in used)

    def _is_super_event(self, node: Node, nodes: list[Node]) -> bool:
        return any(node["@id"] in _ids(other.get("superEvent")) for other in nodes if other is not node)

    def _top(self, node: Node, kind: str | None, standing_alone: bool) -> None:
        if kind in ("Event", "EventSeries"):
            self._add(self.thing(node))
            for sub in self._nodes(node.get("subEvent")):
                child = self.thing(sub)
                if child and child["type"] == "Event":
                    parent = {key: value for key, value in (self.thing(node) or {}).items() if key in _PARENT_KEYS}
                    self._add({"superEvent": parent, **child})
        elif kind in ("Place", "Organization"):
            if standing_alone:
                self._add(self.thing(node))
            self._members(node)
        elif kind == "Person":
            if standing_alone:
                self._add(self.person(node))
        elif types_of(node) & POSTS:
            self._post(node)
        elif types_of(node) & LISTS:
            self._list(node)

    def _add(self, record: Node | None) -> None:
        if record and record not in self.reading.records:
            if record["type"] == "Person" and "id" not in record:
                record["id"] = record.get("url") or person_key(record["name"], self.document.url)
            self.reading.records.append(record)

    def _list(self, node: Node) -> None:
        for key in ("itemListElement", "hasPart", "mainEntity", "about", "dataFeedElement", "event", "events"):
            for item in self._nodes(node.get(key)):
                target = next(iter(self._nodes(item.get("item"))), item)
                if kind := kind_of(target):
                    self._top(target, kind, standing_alone=True)
                elif link := self.document.link(_text(target.get("url")) or _text(item.get("item"))):
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
        name = _text(node.get("name"))
        if not name or not kind or depth > _MAX_DEPTH:
            return None
        if kind == "Person":
            return self.person(node, depth)
        thing: Node = {"type": kind, "name": name}
        taken = {"name", *self._common(thing, node)}
        match kind:
            case "Event":
                taken |= self._event(thing, node, depth)
            case "Place":
                taken |= self._place(thing, node)
            case "Organization":
                taken |= self._organization(thing, node, depth)
            case "EventSeries":
                taken |= {"organizer", "startDate", "endDate"}
                thing["organizer"] = self._agents(node.get("organizer"), depth)
        self._account(node, kind, taken)
        return {key: value for key, value in thing.items() if value not in (None, [], {})}

    def person(self, node: Node, depth: int = 0) -> Node | None:
        """Return a person in a public role; contact details and traits are counted and left out."""
        name = _text(node.get("name")) or clean(
            " ".join(filter(None, (_text(node.get("givenName")), _text(node.get("familyName")))))
        )
        if not name or depth > _MAX_DEPTH:
            return None
        person: Node = {"type": "Person", "name": name}
        if url := self.document.link(_text(node.get("url"))):
            person["url"] = url
        person["sameAs"] = self._links(node.get("sameAs"))
        person["jobTitle"] = _text(node.get("jobTitle")) or _text(node.get("roleName"))
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
        self._account(node, "Person", used | {"description", "knowsAbout", "alumniOf", "additionalName"} | set(PRIVATE))
        return {key: value for key, value in person.items() if value}

    def _common(self, thing: Node, node: Node) -> set[str]:
        url = self.document.link(_text(node.get("url")))
        identity = self.document.link(_text(node.get("@id")))
        if url:
            thing["url"] = url
        if identity or url:
            thing["id"] = identity or url
        thing["alternateName"] = _texts(node.get("alternateName"))
        thing["description"] = _plain(_text(node.get("description")))
        thing["sameAs"] = self._links(node.get("sameAs"))
        thing["keywords"] = [
            word.strip() for text in _texts(node.get("keywords")) for word in text.split(",") if word.strip()
        ]
        return {"url", "alternateName", "description", "sameAs", "keywords", "additionalType"}

    def _event(self, thing: Node, node: Node, depth: int) -> set[str]:
        thing |= from_iso(_text(node.get("startDate")), _text(node.get("endDate")), self.document.source)
        if thing.get("id") and thing.get("startDate") and not self.document.link(_text(node.get("@id"))):
            # Occurrences of a series often share one address.
            thing["id"] = f"{thing['id']}#{thing['startDate'][:10]}"
        thing["eventStatus"] = _enum(node.get("eventStatus"), _STATUS)
        thing["eventAttendanceMode"] = _enum(node.get("eventAttendanceMode"), _MODE)
        self._location(thing, node.get("location"), depth)
        thing["organizer"] = self._agents(node.get("organizer"), depth)
        thing["performer"] = self._agents(
            _both(node.get("performer"), node.get("performers"), node.get("speaker")), depth
        )
        attendees = self._nodes(_both(node.get("attendee"), node.get("attendees")))
        if self.document.source.attendees:
            thing["attendee"] = [
                p for each in attendees if kind_of(each) == "Person" and (p := self.person(each, depth + 1))
            ]
        elif attendees:
            self.reading.dropped["attendee"] += len(attendees)
        for above in self._nodes(node.get("superEvent")):
            thing.setdefault("superEvent", self.thing(above, depth + 1))
        thing["about"] = [name for each in _list(node.get("about")) if (name := _text(each) or _name(each))]
        return {
            "startDate", "endDate", "eventStatus", "eventAttendanceMode", "location", "organizer", "performer",
            "performers", "speaker", "attendee", "attendees", "superEvent", "subEvent", "about",
        }  # fmt: skip

    def _location(self, thing: Node, value: Any, depth: int) -> None:
        """Set the event's place: a real one wins over an online one, and both together make it mixed."""
        places: list[Node] = []
        online: list[Node] = []
        for each in _list(value):
            if isinstance(each, str):
                link = self.document.link(each) if re.match(r"https?://", each.strip()) else None
                if link:
                    online.append({"type": "VirtualLocation", "url": link})
                elif name := clean(html.unescape(each)):
                    places.append({"type": "Place", "name": name[:500]})
                continue
            node = self._resolve(each)
            if "VirtualLocation" in types_of(node):
                online.append({"type": "VirtualLocation", "url": self.document.link(_text(node.get("url")))})
            elif place := self._as_place(node, depth):
                places.append(place)
        if places:
            thing["location"] = places[0]
        elif online:
            thing["location"] = {key: value for key, value in online[0].items() if value}
        if online and not thing.get("eventAttendanceMode"):
            thing["eventAttendanceMode"] = ("Mixed" if places else "Online") + "EventAttendanceMode"

    def _as_place(self, node: Node, depth: int) -> Node | None:
        """Return a node as a place, whatever it is called: an organisation's address is where its event takes place."""
        name = _text(node.get("name"))
        address = _address(node.get("address"))
        if not name and address:
            name = address.get("streetAddress") or address.get("addressLocality")
        return self.thing({**node, "@type": "Place", "name": name}, depth + 1) if name else None

    def _place(self, thing: Node, node: Node) -> set[str]:
        thing["address"] = _address(node.get("address"))
        thing["geo"] = _geo(next(iter(self._nodes(node.get("geo"))), node))
        thing["openingHours"] = _texts(node.get("openingHours"))
        kinds = [kind for kind in types_of(node) if kind not in ("Place", "LocalBusiness")]
        thing["additionalType"] = _text(node.get("additionalType")) or (min(kinds) if kinds else None)
        if thing["additionalType"] and thing["additionalType"].startswith("http"):
            thing["additionalType"] = thing["additionalType"].rstrip("/").rpartition("/")[2] or None
        self._count_contacts(node)
        return {"address", "geo", "openingHours", "latitude", "longitude", *CONTACTS, *_PEOPLE, "event", "events"}

    def _organization(self, thing: Node, node: Node, depth: int) -> set[str]:
        if address := _address(node.get("address")):
            thing["location"] = {"type": "Place", "name": thing["name"], "address": address}
        for place in self._nodes(node.get("location")):
            thing["location"] = self._as_place(place, depth) or thing.get("location")
        if thing.get("location") and (geo := _geo(next(iter(self._nodes(node.get("geo"))), {}))):
            thing["location"].setdefault("geo", geo)
        founders = (each for each in self._nodes(node.get("founder")) if kind_of(each) == "Person")
        thing["founder"] = [person for each in founders if (person := self.person(each, depth + 1))]
        self._count_contacts(node)
        return {
            "address",
            "location",
            "geo",
            "openingHours",
            "foundingDate",
            *CONTACTS,
            *_PEOPLE,
            "event",
            "events",
            "areaServed",
        }

    def _count_contacts(self, node: Node) -> None:
        for key, what in CONTACTS.items():
            if key in node:
                self.reading.dropped[what] += 1

    def _agents(self, value: Any, depth: int) -> list[Node]:
        """Return who holds or speaks: a bare text is an organisation, unless it stands as a performer's name alone."""
        agents = []
        for each in _list(value):
            node = {"@type": "Organization", "name": each} if isinstance(each, str) else self._resolve(each)
            if kind_of(node) not in ("Person", "Organization"):
                # An untyped or otherwise typed name (a Place that organises) acts here: an organisation.
                node = {**node, "@type": "Organization"}
            if agent := self.thing(node, depth + 1):
                agents.append(agent)
        return agents

    def _organisation_of(self, value: Any, depth: int) -> Node | None:
        return next(iter(self._agents(value, depth)), None)

    def _links(self, value: Any) -> list[str]:
        return [link for text in _texts(value) if re.match("https?:", text) and (link := self.document.link(text))]

    def _nodes(self, value: Any) -> list[Node]:
        return [self._resolve(each) for each in _list(value) if isinstance(each, dict)]

    def _resolve(self, node: Any) -> Node:
        """Return the node that a bare ``{"@id": …}`` refers to, where the page has it."""
        if not isinstance(node, dict):
            return {}
        identity = node.get("@id")
        return self._by_id.get(identity, node) if isinstance(identity, str) and len(node) <= 2 else node

    def _account(self, node: Node, kind: str, taken: set[str]) -> None:
        for key in node:
            if key not in taken and key not in IGNORED:
                self.reading.surprises[f"{kind}.{key}"] += 1


_PARENT_KEYS = {"type", "id", "name", "startDate", "endDate", "url"}
_PEOPLE = {"employee", "member", "members", "founder", "founders"}
_STATUS = {"EventScheduled", "EventCancelled", "EventPostponed", "EventRescheduled", "EventMovedOnline"}
_MODE = {"OfflineEventAttendanceMode", "OnlineEventAttendanceMode", "MixedEventAttendanceMode"}


def person_key(name: str, page: str) -> str:
    """Return a key for a person who has no address of their own on a page: a hash, so that no name stands in it.

    The page is part of it: two pages of a site may say different things of one name, or name two people.
    """
    return "person:" + hashlib.sha256(f"{page}\0{fold(name)}".encode()).hexdigest()[:16]


def types_of(node: Node) -> set[str]:
    """Return a node's types without their vocabulary's address."""
    return {re.sub(r"^.*[/#:]", "", kind) for kind in _list(node.get("@type")) if isinstance(kind, str)}


def kind_of(node: Node) -> str | None:
    """Return the record's type for a node, or None."""
    types = types_of(node)
    if "EventSeries" in types:
        return "EventSeries"
    for kind, names in (("Event", EVENTS), ("Person", {"Person"}), ("Place", PLACES), ("Organization", ORGANIZATIONS)):
        if types & names:
            return kind
    if any(name.endswith("Event") for name in types):
        return "Event"
    return "Organization" if any(name.endswith(("Organization", "Business", "Store")) for name in types) else None


def _flatten(roots: list[Any]) -> Iterator[Node]:
    stack = list(reversed(roots))
    for _ in range(10_000):
        if not stack:
            return
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, dict):
            if "@type" in node or "@id" in node:
                yield node
            stack.extend(reversed(_list(node.get("@graph"))))


def _references(node: Node) -> Iterator[str]:
    for key, value in node.items():
        if key not in ("@graph", "itemListElement", "mainEntity", "mainEntityOfPage", "hasPart"):
            yield from _ids(value)


def _ids(value: Any) -> list[str]:
    return [
        each["@id"]
        for each in _list(value)
        if isinstance(each, dict) and isinstance(each.get("@id"), str) and len(each) <= 2
    ]


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _both(*values: Any) -> list[Any]:
    return [each for value in values for each in _list(value)]


def _text(value: Any) -> str | None:
    """Return the first text in a value: plain, in a list, or a JSON-LD value object; entities decoded, on one line."""
    for each in _list(value):
        if isinstance(each, dict):
            each = each.get("@value")
        if isinstance(each, bool) or not isinstance(each, str | int | float):
            continue
        if text := clean(html.unescape(str(each))):
            return text[:2_000]
    return None


def _texts(value: Any) -> list[str]:
    return [text for each in _list(value) if (text := _text(each))]


def _name(value: Any) -> str | None:
    return _text(value.get("name")) if isinstance(value, dict) else None


def _plain(text: str | None) -> str | None:
    """Return a description without the HTML that some write into it."""
    return clean(re.sub(r"<[^<>]{0,500}>", " ", text)) or None if text else None


def _enum(value: Any, allowed: set[str]) -> str | None:
    text = re.sub(r"^.*[/#]", "", _text(value) or "")
    return text if text in allowed else None


def _address(value: Any) -> Node | None:
    for each in _list(value):
        if isinstance(each, str) and (text := clean(html.unescape(each))):
            return {"streetAddress": text[:500]}
        if isinstance(each, dict):
            keys = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
            fields = {key: _text(each.get(key)) or _name(each.get(key)) for key in keys}
            if address := {key: text for key, text in fields.items() if text}:
                return address
    return None


def _geo(node: Node) -> Node | None:
    try:
        latitude, longitude = (float(str(_text(node.get(key))).replace(",", ".")) for key in ("latitude", "longitude"))
    except ValueError:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude, longitude) == (0, 0):
        return None
    return {"latitude": latitude, "longitude": longitude}
