"""The Events Calendar, a WordPress plugin: the answers of its REST interfaces.

Two of them: ``tribe/events/v1`` (an object with a list and ``next_rest_url``) and, since 6.15, ``tec/v1`` (WordPress's
own shape: a bare list, its number of pages in a header). Fields: the plugin's source, ``Post_Repository`` and
``REST/TEC/V1/Documentation``. A missing venue is ``[]``, one is an object, several are a list.
"""

import re
from datetime import date, timedelta
from typing import Any

from crawler import paging
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.strict import Fields, as_words, keywords, point, rows, short, site, without_empty
from crawler.times import from_iso
from crawler.titles import name_and_state
from crawler.venue import held

_LISTS = ("events", "venues", "organizers")
_TYPES = ("tribe_events", "tribe_venue", "tribe_organizer")
_STATES = {"canceled": "EventCancelled", "postponed": "EventPostponed", "scheduled": "EventScheduled"}
_SHIFT = re.compile(r"UTC(?P<sign>[+-])(?P<hours>\d{1,2})(?:\.(?P<part>\d\d?))?")  # WordPress's zones without a name
# What both interfaces say of every post and nobody needs; an author is an account of the site.
_POST = (
    "author", "content", "date", "date_gmt", "date_utc", "excerpt", "featured_media", "global_id", "global_id_lineage",
    "guid", "id", "image", "rest_url", "slug", "template", "type", "class_list", "show_map", "show_map_link", "meta",
    "permalink_template", "generated_slug", "password", "json_ld", "_links",
)  # fmt: skip
_EVENT = (
    "cost", "cost_details", "dates", "displays_on", "duration", "ends_this_week", "event_status_reason", "featured",
    "happens_this_week", "hide_from_listings", "is_now", "is_past", "is_virtual", "multiday", "organizer_names",
    "schedule_details", "short_schedule_details", "starts_this_week", "sticky", "this_week_duration", "ticketed",
    "timezone_abbr", "tribe_events_cat",
)  # fmt: skip


class Theeventscalendar(Reader):
    name = "theeventscalendar"
    title = "The Events Calendar (WordPress)"
    marks = "a `rest_url` of `tribe/events/v1`, or posts of the type `tribe_events`"
    gives = "events with their venues and organisers, never the organisers' mailboxes; venues; organisers"
    specification = "https://github.com/the-events-calendar/the-events-calendar"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json:
            return None
        if not any(mark in document.body for mark in (b"tribe", b"global_id")) and "/tec/v1/" not in document.url:
            return None
        data = document.json
        if isinstance(data, dict) and any(isinstance(data.get(key), list) for key in _LISTS):
            return "rest_url of tribe/events/v1" if "tribe/events/v1" in str(data.get("rest_url")) else None
        if isinstance(data, dict) and "global_id_lineage" in data and _kind(data):
            return "a single post of tribe/events/v1"
        first = next(iter(data), None) if isinstance(data, list) else data
        if isinstance(first, dict) and first.get("type") in _TYPES:
            return f"a post of the type {first['type']}"
        return "an empty list of tec/v1" if data == [] and "/tec/v1/" in document.url else None

    def read(self, document: Document) -> Reading:
        """Return the events, venues or organisers of one page of the interface, and where the next page is.

        Raises:
            ReaderError: for what is no answer of it, its own error messages among them.
        """
        reading = Reading(self.name)
        data = document.need_json("an answer of The Events Calendar")
        if isinstance(data, dict) and isinstance(data.get("code"), str) and "message" in data:
            raise ReaderError(f"the site's interface says: {data['message']}"[:300], document.url)
        key = next((key for key in _LISTS if isinstance(data, dict) and isinstance(data.get(key), list)), None)
        if key:
            listed: Any = data[key]
            if following := document.link(data.get("next_rest_url")):
                reading.links.append(Link(following, "next"))
        elif isinstance(data, list):
            listed = data
            reading.links += paging.wordpress(document)
        elif isinstance(data, dict) and _kind(data):
            listed = [data]
        else:
            raise ReaderError("not an answer of The Events Calendar: no events, venues or organisers", document.url)
        mapper = _Mapper(document, reading)
        for row in rows(listed, "event", document.url, reading):
            mapper.read(row)
        return reading


def _kind(data: dict[str, Any]) -> str | None:
    """Return which of the three kinds of post an object is; the older interface does not say it."""
    if data.get("type") in _TYPES:
        return str(data["type"])
    marks = (("start_date", "tribe_events"), ("venue", "tribe_venue"), ("organizer", "tribe_organizer"))
    return next((kind for key, kind in marks if key in data), None)


class _Mapper:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document, self.reading = document, reading

    def read(self, row: dict[str, Any]) -> None:
        """Add the record of one post, unless it is not for everybody."""
        match _kind(row):
            case "tribe_events":
                record = self.event(row)
            case "tribe_venue":
                record = self.place(row)
            case "tribe_organizer":
                record = self.organizer(row)
            case _:
                self._tell(row, "neither an event nor a venue nor an organiser")
                return
        if record:
            self.reading.records.append(record)

    def event(self, row: dict[str, Any]) -> dict[str, Any] | None:
        if not self._is_public(row):
            return None
        with Fields(row, "event", self.reading) as fields:
            common = self._common(fields)
            fields.drop("author's name", "author_name")
            fields.ignore(*_EVENT, *(key for key in row if key.endswith("_details")))
            times = self._times(fields)
            # The plugin has no such field in every version; where its status reaches the answer it is one of these.
            stated = _STATES.get(fields.text("event_status") or "")
            place = next(iter(self._each(fields, "venue", "venues", make=self.place)), None)
            calls = [link for link in [self.document.link(fields.text("virtual_url"))] if link]
            organizers = list(self._each(fields, "organizer", "organizers", make=self.organizer))
            labels = keywords(fields.take("categories"), fields.take("tags"))
            fields.ignore("status")
            if not common.get("name") or not times:
                self._tell(row, "an event without a " + ("start_date" if common.get("name") else "title"))
                return None
            website = site(fields.take("website"), self.document)
        name, state = name_and_state(common["name"], stated)
        return without_empty(
            {
                "type": "Event",
                **common,
                "name": name,
                **times,
                **held(place, calls),
                "eventStatus": state,
                "organizer": organizers,
                "keywords": labels,
                "sameAs": [website] if website and website != common.get("url") else [],
            }
        )

    def place(self, row: dict[str, Any]) -> dict[str, Any] | None:
        if not self._is_public(row):
            return None
        with Fields(row, "venue", self.reading) as fields:
            common = self._common(fields, "venue")
            fields.drop("telephone", "phone")
            fields.ignore("status", "directions_link", "map_url", "events")
            website = site(fields.take("website"), self.document)
            address = {
                "streetAddress": fields.name("address"),
                "postalCode": fields.name("zip"),
                "addressLocality": fields.name("city"),
                "addressRegion": fields.name("stateprovince", "state_province", "province", "state"),
                "addressCountry": fields.name("country"),
            }
            geo = point(fields.take("geo_lat"), fields.take("geo_lng"))
        if not common.get("name"):
            return None
        place = {"type": "Place", **common, "address": without_empty(address), "geo": geo}
        return without_empty({**place, "url": website or common.get("url")})

    def organizer(self, row: dict[str, Any]) -> dict[str, Any] | None:
        if not self._is_public(row):
            return None
        with Fields(row, "organizer", self.reading) as fields:
            common = self._common(fields, "organizer")
            fields.drop("telephone", "phone")
            fields.drop("e-mail", "email")
            fields.ignore("status")
            website = site(fields.take("website"), self.document)
        if not common.get("name"):
            return None
        return without_empty({"type": "Organization", **common, "url": website or common.get("url")})

    def _common(self, fields: Fields, name: str = "title") -> dict[str, Any]:
        """Return what every post has: its address as its key, name, description and last change."""
        url = self.document.link(fields.text("url", "link"))
        stated = {
            "name": short(as_words(_rendered(fields.take(name, "title")))),
            "description": as_words(_rendered(fields.take("description", "content"))),
        }
        changed = from_iso(_as_utc(fields.text("modified_utc", "modified_gmt")), None, self.document.source)
        fields.ignore("modified", *_POST)
        return without_empty({"id": url, "url": url, **stated, "dateModified": changed.get("startDate")})

    def _times(self, fields: Fields) -> dict[str, Any]:
        start, end = fields.text("start_date") or "", fields.text("end_date") or ""
        fields.ignore("utc_start_date", "utc_end_date", "start_date_utc", "end_date_utc")
        zone = fields.text("timezone")
        if fields.take("all_day") is True:
            return from_iso(start[:10], _last_day(start, end), self.document.source, surprises=self.reading.surprises)
        if zone and (shift := _SHIFT.fullmatch(zone)):
            minutes = round(float(f"0.{shift['part'] or 0}") * 60)
            offset = f"{shift['sign']}{int(shift['hours']):02d}:{minutes:02d}"
            start, end, zone = start + offset, end + offset if end else end, None
        return from_iso(start, end, self.document.source, zone, self.reading.surprises)

    def _each(self, fields: Fields, *keys: str, make: Any) -> list[dict[str, Any]]:
        value = fields.take(*keys)
        listed = value if isinstance(value, list) else [value]
        return [made for each in listed[:50] if isinstance(each, dict) and (made := make(each))]

    def _is_public(self, row: dict[str, Any]) -> bool:
        content, classes = row.get("content"), row.get("class_list")
        protected = isinstance(content, dict) and content.get("protected") is True
        protected = protected or (isinstance(classes, list) and "post-password-required" in classes)
        if protected or row.get("status", "publish") not in ("publish", None, ""):
            self.reading.dropped["not public"] += 1
            return False
        return True

    def _tell(self, row: dict[str, Any], problem: str) -> None:
        self.reading.problems.append(f"{self.document.url}: {str(row.get('id'))[:50]}: {problem}")


def _rendered(value: Any) -> Any:
    """Return a text that WordPress's own interface wraps: ``{"rendered": "…"}``."""
    return value.get("rendered") if isinstance(value, dict) else value


def _as_utc(text: str | None) -> str | None:
    return f"{text}Z" if text else None


def _last_day(start: str, end: str) -> str | None:
    """Return the last day of an all-day event of several: it ends at 23:59:59, or in the night where days end late."""
    try:
        last = date.fromisoformat(end[:10])
        day = (last - timedelta(days=1) if end[11:] < start[11:] else last).isoformat()
    except (ValueError, OverflowError):
        return None
    return day if day != start[:10] else None
