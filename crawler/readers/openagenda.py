"""OpenAgenda: the public export (v2) of an agenda, and what its API says of one event.

Fields and codes: developers.openagenda.com (structure of events and places). One event has up to 800 timings, each of
which is told as an event of its own; texts are maps of languages. The same event stands in many agendas: its own
number and that of the agenda it was written in are its key.
"""

import re
from collections.abc import Iterator
from typing import Any

from crawler import paging, reached
from crawler.addresses import parse_street
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.strict import (
    MAX_ROWS,
    Fields,
    as_words,
    from_markdown,
    in_language,
    keywords,
    point,
    rows,
    short,
    site,
    without_empty,
)
from crawler.times import from_iso
from crawler.titles import name_and_state
from crawler.venue import held

# 5 is "full": it takes place as announced.
_STATES = {
    1: "EventScheduled",
    2: "EventRescheduled",
    3: "EventMovedOnline",
    4: "EventPostponed",
    5: "EventScheduled",
    6: "EventCancelled",
}
_MODES = {1: "Offline", 2: "Online", 3: "Mixed"}
_PUBLISHED = 2
_AGENDA = re.compile(r"/agendas/(\d{1,12})(?:/|$)")


class Openagenda(Reader):
    name = "openagenda"
    title = "OpenAgenda"
    marks = "`events` with `uid` and `timings`"
    gives = "events, one for each of their timings, with their places and points; the event as a whole above them"
    specification = "https://developers.openagenda.com/evenements/structure"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json or not (b'"uid"' in document.body or "openagenda.com/" in document.url):
            return None
        listed = _listed(document.json)
        first = next(iter(listed), None) if listed is not None else None
        if isinstance(first, dict) and "uid" in first and {"timings", "firstTiming", "removed"} & first.keys():
            return "events with uid and timings"
        return "an empty list of openagenda.com" if listed == [] and "openagenda.com/" in document.url else None

    def read(self, document: Document) -> Reading:
        """Return the events of an answer, timing by timing, and where the next page is.

        Raises:
            ReaderError: for what is no answer of it, its own error messages among them.
        """
        reading = Reading(self.name)
        data = document.need_json("an answer of OpenAgenda")
        listed = _listed(data)
        if listed is None:
            said = as_words(data.get("message") or data.get("error")) if isinstance(data, dict) else None
            problem = f"OpenAgenda says: {said[:300]}" if said else "not an answer of OpenAgenda: no events"
            raise ReaderError(problem, document.url)
        for row in rows(listed, "event", document.url, reading):
            for event in _events(row, document, reading):
                if reached.over(len(reading.records) + 1, MAX_ROWS, "strict.MAX_ROWS"):
                    reading.problems.append(f"{document.url}: more than {MAX_ROWS} timings; the rest is left out")
                    return reading
                reading.records.append(event)
        after = data.get("after")
        if listed and isinstance(after, list) and after and all(isinstance(each, str | int | float) for each in after):
            following = paging.with_parameters(document.url, **{"after[]": [str(each) for each in after]})
            reading.links.append(Link(following, "next"))
        return reading


def _listed(data: Any) -> list[Any] | None:
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("event"), dict):
        return [data["event"]]
    return data["events"] if isinstance(data.get("events"), list) else None


def _events(row: dict[str, Any], document: Document, reading: Reading) -> Iterator[dict[str, Any]]:
    if row.get("removed") is True:
        return  # what is no longer listed is not cancelled
    if row.get("state", _PUBLISHED) != _PUBLISHED:
        reading.dropped["not public"] += 1
        return
    with Fields(row, "event", reading) as fields:
        common, zone, timings = _common(fields, document, reading)
    name = common.get("name")
    times = [each for begin, end in timings if (each := from_iso(begin, end, document.source, zone, reading.surprises))]
    times.sort(key=lambda each: str(each["startDate"]))
    if not name or not times or not common.get("id"):
        missing = "title" if not name else "timing" if not times else "uid"
        reading.problems.append(f"{document.url}: event {common.get('id', '?')} without a {missing}")
        return
    if len(times) == 1:
        yield {"type": "Event", **common, **times[0]}
        return
    whole = {"type": "Event", "id": common["id"], "name": name, "startDate": times[0]["startDate"]}
    whole |= {key: common[key] for key in ("url", "eventStatus") if key in common}
    if last := times[-1].get("endDate"):
        whole["endDate"] = last
    for each in times:
        yield {"type": "Event", **common, "id": f"{common['id']}#{each['startDate']}", **each, "superEvent": whole}


def _common(
    fields: Fields, document: Document, reading: Reading
) -> tuple[dict[str, Any], str | None, list[tuple[str | None, str | None]]]:
    """Return what holds for every timing of an event, its zone, and the timings."""
    language = document.source.language

    def words(*keys: str) -> str | None:
        found = (in_language(fields.take(key), language) for key in keys)
        return next((text for each in found if (text := from_markdown(each))), None)

    with fields.object("originAgenda", "agenda") as origin:
        agenda = origin.text("uid")
        origin.ignore("*")
    listed_in = _AGENDA.search(document.url.partition("?")[0])
    number = fields.text("uid")
    shown_in = agenda or (listed_in[1] if listed_in else None)
    page = f"https://openagenda.com/agendas/{shown_in}/events/{number}" if shown_in and number else None
    with fields.object("location") as location:
        place, place_zone = _place(location, language, document)
    link = site(fields.take("onlineAccessLink"), document)
    mode = _MODES.get(_code(fields.take("attendanceMode")))
    where = held(place, [link] if link and mode != "Offline" else [])
    if mode and not (mode == "Online" and place):
        where["eventAttendanceMode"] = f"{mode}EventAttendanceMode"
    if mode == "Online":
        where = held({"name": "online"}, [link] if link else [])
    title, state = name_and_state(short(words("title")) or "", _STATES.get(_code(fields.take("status"))))
    zone = fields.text("timezone") or place_zone
    timings = [_timing(each) for each in fields.objects("timings")]
    first, last = fields.take("firstTiming"), fields.take("lastTiming")
    if not timings:
        only = [each for each in (first, last) if isinstance(each, dict)]
        timings = list(dict.fromkeys(_timing(Fields(each, "timing", reading)) for each in only))
    for each in fields.objects("registration"):
        with each:
            kind = each.text("type")
            each.ignore("*")
            if kind in ("email", "phone"):
                reading.dropped["e-mail" if kind == "email" else "telephone"] += 1
    common = {
        "id": ":".join(filter(None, ("openagenda", agenda, number))) if number else None,
        "name": title,
        "description": words("longDescription", "description"),
        "url": document.link(fields.text("canonicalUrl")) or page,
        "keywords": keywords(in_language(fields.take("keywords"), language)),
        **where,
        "eventStatus": state,
        "dateModified": from_iso(fields.text("updatedAt"), None, document.source).get("startDate"),
    }
    fields.drop("account", "contributor", "creator", "creatorUid", "member", "owner", "ownerUid", "userUid")
    fields.drop("contact", "contact", "organizerContact")
    fields.ignore(
        "accessibility", "addMethod", "age", "conditions", "country", "createdAt", "dateRange", "description",
        "draft", "extId", "extIds", "featured", "firstDate", "firstTimeEnd", "firstTimeStart", "html", "image",
        "imageCredits", "lastDate", "lastTimeEnd", "lastTimeStart", "links", "locationUid", "motive", "nextTiming",
        "origin", "originalImage", "private", "range", "references", "relative", "removed", "slug", "sort",
        "sourceAgendas", "state", "thumbnail",
    )  # fmt: skip
    return without_empty(common), zone, timings


def _timing(timing: Fields) -> tuple[str | None, str | None]:
    with timing:
        return timing.text("begin", "start"), timing.text("end")


def _place(location: Fields, language: str | None, document: Document) -> tuple[dict[str, Any] | None, str | None]:
    number, name = location.text("uid"), location.name("name")
    written, town = location.name("address"), location.name("city", "adminLevel4")
    parsed = parse_street(written) if written != town else {}
    address = {
        **parsed,
        "postalCode": location.name("postalCode") or parsed.get("postalCode"),
        "addressLocality": town or parsed.get("addressLocality"),
        "addressRegion": location.name("region", "adminLevel1"),
        "addressCountry": location.name("countryCode") or parsed.get("addressCountry"),
    }
    place = {
        "type": "Place",
        "id": f"openagenda:location:{number}" if number else None,
        "name": name or address.get("streetAddress") or town,
        "description": from_markdown(in_language(location.take("description"), language)),
        "url": site(location.take("website"), document),
        "address": without_empty(address),
        "geo": point(location.take("latitude"), location.take("longitude")),
    }
    zone = location.text("timezone")
    location.drop("e-mail", "email")
    location.drop("telephone", "phone")
    location.ignore(
        "access", "adminLevel2", "adminLevel3", "adminLevel5", "adminLevel6", "agendaUid", "country", "createdAt",
        "department", "disqualifiedDuplicates", "district", "duplicateCandidates", "extId", "extIds", "image",
        "imageCredits", "insee", "links", "mergedIn", "setUid", "slug", "state", "tags", "updatedAt",
    )  # fmt: skip
    return (without_empty(place) if place["name"] else None), zone


def _code(value: Any) -> int:
    """Return a coded value; with its labels asked for it is an object."""
    code = value.get("id") if isinstance(value, dict) else value
    return code if isinstance(code, int) else int(code) if isinstance(code, str) and code in "123456" and code else 0
