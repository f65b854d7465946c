"""Gancio, a calendar for one town: the answers of its API, lists and single events.

Fields: gancio's own source (``server/api/controller/event.js``). Times are instants in Unix seconds. There is no
organiser; a place called "online" is none. An occurrence of a repeated event names its parent's number.
"""

import re
from typing import Any
from urllib.parse import quote

from crawler import paging
from crawler.addresses import parse_address
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.strict import Fields, keywords, point, rows, site, without_empty
from crawler.times import from_iso, from_unix
from crawler.titles import name_and_state
from crawler.venue import held, is_online

_ASKED = re.compile(r"/api/events\?(?:[^#]{1,500}&)?(?:start|max|show_recurrent|show_multidate)=")


class Gancio(Reader):
    name = "gancio"
    title = "Gancio"
    marks = "objects with `start_datetime`, `place` and `slug`"
    gives = "events with their places and points; series of repeated events"
    specification = "https://gancio.org/"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json or not (b'"start_datetime"' in document.body or "/api/events?" in document.url):
            return None
        data = document.json
        first = next(iter(data), None) if isinstance(data, list) else data
        if isinstance(first, dict) and {"start_datetime", "place", "title"} <= first.keys():
            return "start_datetime and place"
        return "an empty list of /api/events" if data == [] and _ASKED.search(document.url) else None

    def read(self, document: Document) -> Reading:
        """Return the events of an answer, and where the next page is.

        Raises:
            ReaderError: for what is neither a list of events nor one.
        """
        reading = Reading(self.name)
        data = document.need_json("an answer of Gancio")
        if not isinstance(data, list) and not (isinstance(data, dict) and "start_datetime" in data):
            raise ReaderError("not an answer of Gancio: neither a list of events nor one", document.url)
        listed = data if isinstance(data, list) else [data]
        for row in rows(listed, "event", document.url, reading):
            if event := _event(row, document, reading):
                reading.records.append(event)
        most = paging.number(document.url, "max", 0)
        if most and len(listed) >= most:
            page = paging.number(document.url, "page", 0) + 1  # counted from 0
            reading.links.append(Link(paging.with_parameters(document.url, page=page), "next"))
        return reading


def _event(row: dict[str, Any], document: Document, reading: Reading) -> dict[str, Any] | None:
    if row.get("is_visible") is False:
        reading.dropped["not public"] += 1
        return None
    base = paging.api_base(document.url)
    with Fields(row, "event", reading) as fields:
        number, slug = fields.text("id"), fields.text("slug")
        name = fields.name("title")
        times = from_unix(
            fields.take("start_datetime"), fields.take("end_datetime"), document.source, surprises=reading.surprises
        )
        calls = [link for each in _texts(fields.take("online_locations")) if (link := site(each, document))]
        with fields.object("place") as place:
            there = _place(place)
        parent = fields.text("parentId")
        event = {
            "description": fields.words("description", "plain_description"),
            "url": document.link(f"{base}/event/{quote(slug or number or '', safe='')}"),
            "keywords": keywords(fields.take("tags")),
            # A copy from another instance says where it came from.
            "sameAs": [link for link in [document.link(fields.text("original_url", "ap_id"))] if link],
            "dateModified": from_iso(fields.text("updatedAt"), None, document.source).get("startDate"),
        }
        fields.drop("comment", "resources")
        fields.drop("account", "likes", "boost", "user", "userId", "apUserApId")
        fields.ignore(
            "ap_object", "ap_user", "createdAt", "image_path", "isAnon", "isMine", "is_visible", "media", "multidate",
            "next", "placeId", "prev", "recurrent",
        )  # fmt: skip
    if not name or not times:
        reading.problems.append(
            f"{document.url}: event {(number or '?')[:20]} without a {'start_datetime' if name else 'title'}"
        )
        return None
    name, state = name_and_state(name, None)
    if number:
        event["id"] = f"{base}/federation/m/{number}"  # its identifier in the fediverse, too
    if parent:
        event["superEvent"] = {"type": "EventSeries", "id": f"{base}/federation/m/{parent}", "name": name}
    return without_empty({"type": "Event", "name": name, **event, **times, **held(there, calls), "eventStatus": state})


def _place(place: Fields) -> dict[str, Any] | None:
    name, address = place.name("name"), place.name("address")
    geo = point(place.take("latitude"), place.take("longitude"))
    place.ignore("id", "createdAt", "updatedAt", "plusCode", "ap_id")
    if not name:
        return None
    if address is None or is_online(address):
        address = ""
    return without_empty({"type": "Place", "name": name, "address": parse_address(address), "geo": geo})


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)][:10]
