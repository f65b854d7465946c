"""Mobilizon: the answers of its GraphQL interface to ``searchEvents``, ``events``, ``event`` and ``group``.

Fields: mobilizon's schema (``lib/graphql/schema``). Times are in UTC, the event's zone stands in its options. A search
also gives copies of other instances' events: the address of an event (its ActivityPub identifier) tells them apart.
Who takes part is not shown to anonymous readers, and would not be read.
"""

import re
from typing import Any

import orjson

from crawler import paging, reached
from crawler.agents import GROUPS, agent
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.strict import Fields, as_text, keywords, point, rows, site, without_empty
from crawler.times import from_iso
from crawler.titles import name_and_state
from crawler.venue import held

_QUERIES = ("searchEvents", "events", "event", "group")
_STATES = {"CONFIRMED": "EventScheduled", "CANCELLED": "EventCancelled"}  # TENTATIVE is neither
_PAGE = re.compile(r"\b(page\s*:\s*)(\d{1,6})\b")
_LIMIT = re.compile(r"\blimit\s*:\s*(\d{1,6})\b")
_COMMON = "MEETING"  # the category of what has none


class Mobilizon(Reader):
    name = "mobilizon"
    title = "Mobilizon"
    marks = "`data` with `searchEvents`, `events`, `event` or `group` in it, as its GraphQL interface answers"
    gives = "events with their places, points and zones; who organises them in public: groups, and profiles by name"
    specification = "https://docs.mobilizon.org/"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json or not any(mark in document.body[:500] for mark in (b'"data"', b'"errors"')):
            return None
        answer = document.json
        if not isinstance(answer, dict):
            return None
        data = answer.get("data")
        if isinstance(data, dict) and any(key in data and _is_ours(data[key]) for key in _QUERIES):
            return "an answer of GraphQL with events"
        ours = any(query in document.asked for query in ("searchEvents", "organizedEvents"))
        return "errors of GraphQL" if ours and isinstance(answer.get("errors"), list) else None

    def read(self, document: Document) -> Reading:
        """Return the events of an answer, and what to ask for the next page.

        Raises:
            ReaderError: for GraphQL's errors without data, and for answers of another shape.
        """
        reading = Reading(self.name)
        answer = document.need_json("an answer of Mobilizon")
        data = answer.get("data") if isinstance(answer, dict) else None
        errors = answer.get("errors") if isinstance(answer, dict) else None
        said = [_message(each) for each in (errors if isinstance(errors, list) else [])][:10]
        key = next((key for key in _QUERIES if isinstance(data, dict) and data.get(key)), None)
        if not key:
            if said:
                raise ReaderError(f"the instance says: {said[0]}", document.url)
            raise ReaderError("not an answer of Mobilizon: no data of events or a group", document.url)
        reading.problems += [f"{document.url}: the instance says: {each}" for each in said]
        assert isinstance(data, dict)
        found = data[key]
        if key == "group" and isinstance(found, dict):
            if group := _group(found, document, reading):
                reading.records.append(group)
            found = found.get("organizedEvents")
        if key == "event":
            found = {"elements": [found]}
        elif isinstance(found, list):
            found = {"elements": found}
        listed = found.get("elements") if isinstance(found, dict) else None
        for row in rows(listed, "event", document.url, reading):
            if event := _event(row, document, reading):
                reading.records.append(event)
        if isinstance(listed, list) and listed and (body := _next(document.asked, found.get("total"), len(listed))):
            reading.links.append(Link(document.url, "next", body=body))
        return reading


def _is_ours(found: Any) -> bool:
    """Whether something under a query's name has what Mobilizon's has: other sites have a query ``events`` too."""
    if isinstance(found, dict) and "organizedEvents" in found:
        return True
    listed = found.get("elements") if isinstance(found, dict) and "elements" in found else [found]
    first = next(iter(listed), {"beginsOn": None}) if isinstance(listed, list) else None
    return isinstance(first, dict) and "beginsOn" in first


def _next(asked: str, total: Any, received: int) -> str | None:
    """Return the body that asks for the page after the one that ``asked`` asked for, or None where there is none."""
    try:
        body = orjson.loads(asked)
    except orjson.JSONDecodeError:
        return None
    query = body.get("query") if isinstance(body, dict) else None
    if not isinstance(query, str) or not isinstance(total, int) or not (match := _PAGE.search(query)):
        return None
    page = int(match[2])
    limit = int(stated[1]) if (stated := _LIMIT.search(query)) else received
    if page * limit >= total or reached.over(page + 1, paging.MAX_PAGES, "paging.MAX_PAGES"):
        return None
    return orjson.dumps({**body, "query": _PAGE.sub(rf"\g<1>{page + 1}", query, count=1)}).decode()


def _event(row: dict[str, Any], document: Document, reading: Reading) -> dict[str, Any] | None:
    if row.get("draft") is True or (as_text(row.get("visibility")) or "PUBLIC").upper() != "PUBLIC":
        reading.dropped["not public"] += 1
        return None
    with Fields(row, "event", reading) as fields:
        title = fields.name("title")
        url = document.link(fields.text("url"))
        with fields.object("options") as options:
            zone, online = options.text("timezone"), options.take("isOnline") is True
            shows_start = options.take("showStartTime") is not False
            shows_end = options.take("showEndTime") is not False
            hides_person = options.take("hideOrganizerWhenGroupEvent") is True
            options.drop("attendee", "attendees")
            options.ignore(
                "__typename", "anonymousParticipation", "commentModeration", "hideNumberOfParticipants", "id",
                "maximumAttendeeCapacity", "offers", "participationConditions", "program",
                "remainingAttendeeCapacity", "showParticipationPrice", "showRemainingAttendeeCapacity",
            )  # fmt: skip
        start, end = fields.text("beginsOn"), fields.text("endsOn")
        with fields.object("physicalAddress", "address") as address:
            place, place_zone = _place(address)
        times = from_iso(start, end, document.source, zone or place_zone, reading.surprises)
        site_of = site(fields.take("onlineAddress"), document)
        category = (fields.text("category") or "").replace("_", " ").lower()
        language = fields.text("language")
        stated = _STATES.get((fields.text("status") or "").upper())
        uuid = fields.text("uuid")
        event = {
            "id": url or uuid,
            "url": url,
            "description": fields.words("description"),
            "organizer": _organizers(fields, hides_person, document, reading),
            "keywords": keywords(fields.take("tags"), [] if category == _COMMON.lower() else category),
            "inLanguage": language if language != "und" else None,
            "dateModified": from_iso(fields.text("updatedAt"), None, document.source).get("startDate"),
        }
        fields.drop("telephone", "phoneAddress")
        fields.drop("contact", "contacts")
        fields.drop("attendee", "participants")
        fields.drop("comment", "comments", "conversations")
        fields.ignore(
            "__typename", "createdAt", "draft", "externalParticipationUrl", "id", "insertedAt", "joinOptions", "local",
            "longEvent", "media", "metadata", "participantStats", "picture", "publishAt", "relatedEvents", "slug",
            "visibility",
        )  # fmt: skip
    if not title or not times:
        missing = "beginsOn" if title else "title"
        reading.problems.append(f"{document.url}: event {(uuid or url or '?')[:100]} without a {missing}")
        return None
    first, last = times["startDate"][:10], times.get("endDate", "")[:10]
    if not shows_start:
        times = from_iso(first, last if last != first else None, document.source)
    elif not shows_end and last:
        # Only the hour is hidden: an end on another day is shown to everybody.
        times = {**times, "endDate": last if last != first else None}
    name, state = name_and_state(title, stated)
    if online:
        where = held(None, [site_of] if site_of else []) or held({"name": "online"}, [])
    else:
        where = held(place, [])
        event["sameAs"] = [site_of] if site_of and site_of != url else []
    return without_empty({"type": "Event", "name": name, **event, **times, **where, "eventStatus": state})


def _place(address: Fields) -> tuple[dict[str, Any] | None, str | None]:
    """Return the place at an address and its zone. The point is written ``longitude;latitude``."""
    description, street, town = address.name("description"), address.name("street"), address.name("locality")
    parts = {
        "streetAddress": street,
        "postalCode": address.name("postalCode"),
        "addressLocality": town,
        "addressRegion": address.name("region"),
        "addressCountry": address.name("country"),
    }
    longitude, _, latitude = (address.text("geom") or "").partition(";")
    zone = address.text("timezone")
    address.ignore("__typename", "id", "locationHint", "originId", "pictureInfo", "type", "url")
    if not (name := description or street or town):
        return None, zone
    place = {"type": "Place", "name": name, "address": without_empty(parts), "geo": point(latitude, longitude)}
    return without_empty(place), zone


def _organizers(fields: Fields, hides_person: bool, document: Document, reading: Reading) -> list[dict[str, Any]]:
    """Return who organises in public: the group, and the profile that announces, where the group does not hide it."""
    found = []
    with fields.object("attributedTo", "actor") as actor:
        if group := _agent(actor, document, reading):
            found.append(group)
    with fields.object("organizerActor", "actor") as actor:
        if actor and group and hides_person:
            reading.dropped["hidden organiser"] += 1
            actor.ignore("*")
        elif person := _agent(actor, document, reading):
            found.append(person)
    return found


def _agent(actor: Fields, document: Document, reading: Reading) -> dict[str, Any] | None:
    """Return a group or a profile; a group may be called by its handle alone."""
    kind = actor.text("type", "__typename") or ""
    name, handle, url = actor.name("name"), actor.name("preferredUsername"), document.link(actor.text("url"))
    text = actor.words("summary")
    actor.ignore(
        "__typename", "avatar", "banner", "domain", "followersCount", "id", "local", "membersCount", "suspended"
    )
    if kind.upper() in GROUPS:
        name = name or handle
    return agent(kind, name, url, reading.dropped, description=text) if name or handle else None


def _group(row: dict[str, Any], document: Document, reading: Reading) -> dict[str, Any] | None:
    with Fields({"type": "GROUP", **row}, "group", reading) as fields:
        with fields.object("physicalAddress", "address") as address:
            place, _ = _place(address)
        fields.ignore("organizedEvents", "visibility", "openness", "manuallyApprovesFollowers")
        fields.drop("member", "members", "followers")
        group = _agent(fields, document, reading)
    return {**group, **({"location": place} if place else {})} if group else None


def _message(error: Any) -> str:
    message = error.get("message") if isinstance(error, dict) else error
    return (as_text(str(message)) or "an error without words")[:300]
