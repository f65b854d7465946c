"""ActivityStreams 2.0: events as ActivityPub servers publish them, by FEP-8a8e and as they did before it.

Mobilizon, Gancio and the Event Bridge for WordPress are read alike: single events, activities about them, and the
collections (an actor's outbox, its ``upcomingEvents``) that hold them. Only what is addressed to the public is read;
who attends is not. Where organisers are withheld, nobody is inferred (FEP-8a8e, Explicit Non-Disclosure).
"""

from typing import Any

from crawler.addresses import parse_address
from crawler.agents import agent
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.strict import Fields, as_text, as_words, in_language, keywords, point, rows, short, without_empty
from crawler.times import from_iso
from crawler.titles import name_and_state
from crawler.venue import held, is_online

ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_NAMESPACE = "https://www.w3.org/ns/activitystreams"
_PUBLIC = {f"{_NAMESPACE}#Public", "as:Public", "Public"}
_ACTIVITIES = {"Create", "Update", "Announce", "Add"}  # what shows an event; the others take it away or answer it
_COLLECTIONS = {"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}
_ACTORS = {"Application", "Group", "Organization", "Person", "Service"}
_STATES = {"EventCancelled", "EventMovedOnline", "EventPostponed", "EventRescheduled", "EventScheduled"}
_ICAL = {"CONFIRMED": "EventScheduled", "CANCELLED": "EventCancelled"}  # TENTATIVE is neither
_COMMON = "MEETING"  # the category of what has none

# What every object may have, or an event, and nobody needs: files, addressees, how to join, the writer's account.
_NOT_NEEDED = (
    "@context", "actor", "anonymousParticipationEnabled", "audience", "bcc", "bto", "cc", "commentsEnabled", "context",
    "conversation", "dcterms", "displayStartTime", "externalParticipationUrl", "generator", "hideParticipantCount",
    "icon", "id", "image", "inReplyTo", "interactionPolicy", "joinMode", "likes", "maximumAttendeeCapacity",
    "mediaType", "participantCount", "participationMessage", "preview", "published", "remainingAttendeeCapacity",
    "repliesModerationOption", "requiredJoinVisibility", "sensitive", "shares", "source", "to", "type", "updated",
    "uuid",
)  # fmt: skip


class Activitypub(Reader):
    name = "activitypub"
    title = "ActivityPub events"
    marks = "the context `https://www.w3.org/ns/activitystreams`, or the media type `application/activity+json`"
    gives = "public events with their places and zones; organisers that are named and not withheld; groups"
    specification = "https://w3id.org/fep/8a8e"
    order = 40

    def recognise(self, document: Document) -> str | None:
        if not document.is_json:
            return None
        if document.media_type == "application/activity+json":
            return "media type application/activity+json"
        marked = b"ns/activitystreams" in document.body or b"ns\\/activitystreams" in document.body
        data = document.json if marked else None
        if isinstance(data, dict) and isinstance(data.get("type"), str):
            return f"the context of ActivityStreams, {data['type'][:50]}"
        return None

    def read(self, document: Document) -> Reading:
        """Return the events of a document, and the collections and pages that hold more.

        Raises:
            ReaderError: for what is no ActivityStreams object.
        """
        reading = Reading(self.name)
        data = document.need_json("an ActivityStreams object")
        if not isinstance(data, dict) or not _type(data):
            raise ReaderError("not an ActivityStreams object: it has no type", document.url)
        _Mapper(document, reading).read(data)
        return reading


class _Mapper:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document, self.reading = document, reading
        self._seen: set[str] = set()

    def read(self, data: dict[str, Any]) -> None:
        """Read a whole document: an event, an activity, a collection or an actor; what is none is left alone."""
        kind = _type(data)
        if kind in _COLLECTIONS:
            self._collection(data)
        elif kind in _ACTORS:
            self._actor(data)
        else:
            self._item(data)

    def _collection(self, data: dict[str, Any]) -> None:
        pages = [data, *(page for page in [data.get("first")] if isinstance(page, dict))]
        for page in pages:
            items = page.get("orderedItems") or page.get("items")
            for each in _each(items)[:1_000]:
                if isinstance(each, str):
                    self._link(each, "entry")
            for row in rows(
                [each for each in _each(items) if not isinstance(each, str)], "item", self.document.url, self.reading
            ):
                self._item(row)
            self._link(page.get("next"), "next")
        self._link(data.get("first"), "next")

    def _actor(self, data: dict[str, Any]) -> None:
        """Take a group as an organisation, never a person for their account; and where the actor's events are."""
        if _type(data) in ("Group", "Organization"):
            url = self._page(data.get("url")) or self._id(data)
            name = short(as_words(data.get("name"))) or short(as_text(data.get("preferredUsername")))
            group = agent("Group", name, url, self.reading.dropped, description=as_words(data.get("summary")))
            if group:
                self.reading.records.append({**group, **({"id": own} if (own := self._id(data)) else {})})
        for key in ("upcomingEvents", "outbox"):
            value = data.get(key)
            if isinstance(value, dict):
                self._collection(value)
            else:
                self._link(value, "api")

    def _item(self, data: dict[str, Any]) -> None:
        """Read an event, or the event that an activity shows; the newest word of several on one event."""
        shown = data
        if _type(data) in _ACTIVITIES:
            thing = data.get("object")
            if isinstance(thing, str):
                self._link(thing, "entry")
                return
            shown = thing if isinstance(thing, dict) else {}
        if _type(shown) != "Event":
            return
        # What the activity around it is addressed to says nothing of the event (FEP-8a8e, Discoverability).
        if not _PUBLIC.intersection(each for each in _each(shown.get("to")) if isinstance(each, str)):
            self.reading.dropped["not public"] += 1
            return
        own = self._id(shown)
        if own and own in self._seen:
            return
        if own:
            self._seen.add(own)
        if event := self._event(shown):
            self.reading.records.append(event)

    def _event(self, data: dict[str, Any]) -> dict[str, Any] | None:
        with Fields(data, "Event", self.reading) as fields:
            if fields.take("draft") is True:
                self.reading.dropped["not public"] += 1
                fields.ignore("*")
                return None
            name = self._words(fields, "name", "nameMap")
            text = self._words(fields, "content", "contentMap") or self._words(fields, "summary", "summaryMap")
            fields.ignore("contentMap", "nameMap", "summary", "summaryMap")
            start, end = fields.text("startTime"), fields.text("endTime")
            before = fields.text("previousStartTime")
            if fields.take("displayEndTime") is False:
                end = None
            zone = fields.text("timezone")
            times = from_iso(start or before, end, self.document.source, zone, self.reading.surprises)
            own, page = self._id(data), self._page(fields.take("url"))
            labels = [str(each).replace("_", " ").lower() for each in _each(fields.take("category")) if each != _COMMON]
            event = {
                "id": own or page,
                "url": page or own,
                "description": text,
                "keywords": keywords(self._tags(fields), labels),
                "inLanguage": short(fields.text("inLanguage")),
                "organizer": self._organizers(fields),
                "dateModified": from_iso(fields.text("updated", "published"), None, self.document.source).get(
                    "startDate"
                ),
            }
            stated = _state(fields)
            links = self._attached(fields)
            place, calls = self._location(fields)
            online = fields.take("isOnline") is True
            fields.drop("attendee", "attendees", "participants")
            fields.drop("contact", "contacts")
            fields.drop("comment", "replies", "comments")
            fields.ignore(*_NOT_NEEDED)
        if not name or not times:
            missing = "startTime" if name else "name"
            self.reading.problems.append(f"{self.document.url}: event {(own or '?')[:200]} without a {missing}")
            return None
        name, state = name_and_state(name, stated)
        where = held({"name": "online"} if online and not place else place, calls)
        if where.get("location", {}).get("type") == "VirtualLocation":
            # What is linked beside a meeting on the net is where it takes place.
            where["location"] |= {"url": links[0]} if links and not calls else {}
        else:
            event["sameAs"] = [link for link in links if link not in (own, page)]
        return without_empty({"type": "Event", "name": name, **event, **times, **where, "eventStatus": state})

    def _organizers(self, fields: Fields) -> list[dict[str, Any]]:
        """Return those of ``organizers``; only where there is no such key, those the event is attributed to."""
        disclosed = fields.has("organizers")
        value, author = fields.take("organizers"), fields.take("attributedTo")
        if disclosed:
            items = _members(value)
            if not items:
                self.reading.dropped["hidden organiser"] += 1
        else:
            items = _each(author)
        found = []
        for item in items[:20]:
            if not isinstance(item, dict):  # an address alone says nobody's name
                continue
            with Fields(item, "organizer", self.reading) as each:
                kind = (_type(item) or "").rpartition(":")[2]
                name = each.name("name", "preferredUsername" if kind in ("Group", "Organization") else "name")
                url = self._page(each.take("url")) or self.document.link(each.text("href", "id"))
                each.ignore("*")
            if found_one := agent("Group" if kind == "Link" else kind, name, url, self.reading.dropped):
                found.append(found_one)
        return found

    def _location(self, fields: Fields) -> tuple[dict[str, Any] | None, list[str]]:
        """Return the first place, and the addresses of the meetings on the net."""
        places: list[dict[str, Any]] = []
        calls: list[str] = []
        for each in _each(fields.take("location"))[:10]:
            if isinstance(each, str) and (text := short(as_words(each))):
                link = self.document.link(text) if text.startswith("http") else None
                calls += [link] if link else []
                places += [] if link else [{"type": "Place", "name": text}]
            elif isinstance(each, dict):
                if (_type(each) or "").endswith("VirtualLocation"):
                    url = self.document.link(as_text(each.get("url")))
                    calls += [url] if url else []
                    places += [] if url else [{"type": "Place", "name": "online"}]
                elif place := self._place(each):
                    places.append(place)
        real = [place for place in places if not is_online(place["name"])]
        return next(iter([*real, *places]), None), calls

    def _place(self, data: dict[str, Any]) -> dict[str, Any] | None:
        with Fields(data, "Place", self.reading) as fields:
            stated = fields.take("address")
            address: dict[str, Any] = parse_address(short(as_words(stated)) or "") if isinstance(stated, str) else {}
            if isinstance(stated, dict):
                with Fields(stated, "PostalAddress", self.reading) as parts:
                    keys = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
                    address = without_empty({key: parts.name(key) for key in keys})
                    parts.ignore("type", "@type", "id", "name")
            name = fields.name("name") or address.get("streetAddress") or address.get("addressLocality")
            place = {
                "type": "Place",
                "id": self.document.link(fields.text("id")),
                "name": name,
                "url": self._page(fields.take("url")),
                "address": address,
                "geo": point(fields.take("latitude"), fields.take("longitude")),
            }
            fields.drop("telephone", "phone")
            fields.drop("e-mail", "email")
            fields.ignore(
                "content", "type", "@type", "accuracy", "altitude", "attributedTo", "radius", "units", *_NOT_NEEDED
            )
        return without_empty(place) if name else None

    def _tags(self, fields: Fields) -> list[str]:
        found = []
        for each in _each(fields.take("tag")):
            if isinstance(each, dict) and _type(each) == "Mention":
                self.reading.dropped["account"] += 1
            elif isinstance(each, dict) and (name := as_text(each.get("name"))):
                found.append(name.removeprefix("#"))
        return found

    def _attached(self, fields: Fields) -> list[str]:
        found = []
        for each in _each(fields.take("attachment"))[:20]:
            if isinstance(each, dict) and _type(each) == "Link" and each.get("mediaType") in (None, "text/html"):
                found += [link for link in [self.document.link(as_text(each.get("href")))] if link]
        return list(dict.fromkeys(found))

    def _words(self, fields: Fields, key: str, in_languages: str) -> str | None:
        value = fields.take(key, in_languages)
        text = as_words(in_language(value, self.document.source.language))
        return short(text) if key == "name" else text

    def _page(self, value: Any) -> str | None:
        """Return the address of a thing's page: of several forms the one for people."""
        links = [each for each in _each(value) if isinstance(each, str | dict)]
        html = [each for each in links if isinstance(each, str) or each.get("mediaType") == "text/html"]
        chosen = next(iter([*html, *links]), None)
        return self.document.link(as_text(chosen.get("href")) if isinstance(chosen, dict) else chosen)

    def _id(self, data: dict[str, Any]) -> str | None:
        return self.document.link(as_text(data.get("id")))

    def _link(self, value: Any, kind: str) -> None:
        link = self.document.link(value) if isinstance(value, str) else None
        if link and link != self.document.url:
            self.reading.links.append(Link(link, kind, ACCEPT))


def _type(data: dict[str, Any]) -> str | None:
    """Return an object's type; of several the one that is known here."""
    known = {"Event", "Mention", "Link", *_ACTIVITIES, *_COLLECTIONS, *_ACTORS}
    kinds = [each for each in _each(data.get("type") or data.get("@type")) if isinstance(each, str)]
    return next((kind for kind in kinds if kind in known), kinds[0] if kinds else None)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _members(collection: Any) -> list[Any]:
    """Return what an embedded collection holds, on its first page too."""
    if not isinstance(collection, dict):
        return _each(collection)
    if collection.get("totalItems") == 0:
        return []
    first = collection.get("first")
    pages = [collection, *([first] if isinstance(first, dict) else [])]
    return [each for page in pages for each in _each(page.get("orderedItems") or page.get("items"))]


def _state(fields: Fields) -> str | None:
    told = (fields.text("eventStatus") or "").rpartition("/")[2].rpartition("#")[2]
    fallback = _ICAL.get((fields.text("status", "ical:status") or "").upper())
    told = told[:1].upper() + told[1:]  # the proposal itself writes both
    return told if told in _STATES else fallback
