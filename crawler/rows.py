"""Rows of a table, of which it is known which column is what, as records."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crawler import reached
from crawler.accounts import NETWORKS, account
from crawler.addresses import parse_address
from crawler.columns import Columns
from crawler.dates import DATE, DATETIME, find
from crawler.documents import Document, Link, Reading
from crawler.lambert import is_lambert, to_degrees
from crawler.people import is_person
from crawler.privacy import fold
from crawler.strict import as_number, as_text, point, site, without_empty
from crawler.text import clean, shorten
from crawler.times import from_iso
from crawler.titles import name_and_state
from crawler.venue import venue

MAX_ROWS = 50_000
MAX_PROBLEMS = 50
# Countries where the number of a house stands behind its street.
_NUMBER_BEHIND = frozenset("AT BE CH CZ DE DK ES FI HR HU IT NL NO PL PT SE SI SK".split())

_TAG = re.compile(r"<[^<>]{1,200}>")
_PAIR = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)")
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:\D{1,4}(\d{1,2}[:h]\d\d.{0,6}))?")
_CLOCK = re.compile(r"\b(\d{1,2})\s?(?:([:hH.])\s?(\d\d)?(?::\d\d)?)?\s?(?:([ap])\.?m)?", re.IGNORECASE)
_TOWN = re.compile(r"(?:^|[\s,–-])(\d{5})[\s,]+([^\d,;]{2,60})")
_OFF = frozenset(("ferme", "closed", "off", "geschlossen", "fermeture"))
_ORGANISATIONS = re.compile(r"\b(?:organisation|organization|association|entreprise|company|societe|verein)\b")


class Rows:
    """Makes records of a table's rows.

    A row is a place; an event where a column says when it begins; an organisation where the column of its name says
    so and nothing says where it is. What must not be kept is counted, and columns that nobody knows are surprises.
    """

    def __init__(self, columns: Columns, document: Document, reading: Reading) -> None:
        self.columns, self.document, self.reading = columns, document, reading
        fields = columns.fields
        name = fold(" ".join(fields.get("name", ())))
        self._event = "start" in fields
        where = fields.keys() & {"latitude", "point", "hours"} or columns.hours
        self._organization = not self._event and bool(_ORGANISATIONS.search(name)) and not where
        reading.surprises.update(f"column {header}"[:100] for header in columns.unknown)

    def read(self, rows: Sequence[Mapping[str, Any]], where: str = "row") -> None:
        """Put the records of ``rows`` into the reading; ``where`` names a row in what is told of it."""
        self._month_first = self._writes_month_first(rows[:1_000])
        without_name = 0
        for number, row in enumerate(rows, 1):
            if reached.over(number, MAX_ROWS, "rows.MAX_ROWS"):
                self.reading.problems.append(f"{self.document.url}: only the first {MAX_ROWS} rows are read")
                break
            for header, what in self.columns.never.items():
                if row.get(header) not in (None, "", [], {}, False):
                    self.reading.dropped[what] += 1
            if record := self._record(row):
                self.reading.records.append(record)
            elif any(value not in (None, "", [], {}) for value in row.values()):
                without_name += 1
                if without_name <= MAX_PROBLEMS:
                    self.reading.problems.append(f"{self.document.url}, {where} {number}: no name, left out")
        if reached.over(without_name, MAX_PROBLEMS, "rows.MAX_PROBLEMS"):
            self.reading.problems.append(f"{self.document.url}: {without_name - MAX_PROBLEMS} more without a name")

    def _record(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        name = self._text(row, "name")
        if not name:
            return None
        address = self._address(row)
        place: dict[str, Any] = {"type": "Place", "address": address, "geo": self._geo(row)}
        thing: dict[str, Any] = {
            "type": "Place",
            "id": self._text(row, "id") or self._own_key(row, name),
            "name": shorten(name, 300),
            "additionalType": self._text(row, "kind", 200),
            "description": self._text(row, "description", 5_000),
            "url": self._link(row, "url"),
            "sameAs": self._same_as(row),
            "keywords": self._keywords(row),
            "dateModified": self._date(row, "modified"),
        }
        if self._event:
            thing |= self._times(row)
            if not thing.get("startDate"):
                self.reading.surprises["row without a date"] += 1
            thing |= {"type": "Event", **self._held(row, place)}
            thing["name"], thing["eventStatus"] = name_and_state(thing["name"], self._state(row))
            if organizer := self._text(row, "organizer", 300):
                kind = "Person" if is_person(organizer) else "Organization"
                thing["organizer"] = [{"type": kind, "name": organizer}]
        elif self._organization:
            thing |= {
                "type": "Organization",
                "location": without_empty({**place, "name": thing["name"]}) if address else None,
            }
        else:
            thing |= place | {"openingHours": self._hours(row)}
        return without_empty(thing)

    def _held(self, row: Mapping[str, Any], place: dict[str, Any]) -> dict[str, Any]:
        """Return where an event takes place: by the columns of its address, else by the one text that says it."""
        text, address = self._text(row, "venue"), place["address"] or {}
        if text and not address.get("streetAddress"):
            told = venue(text, self.document)
            if told.get("location", {}).get("type") == "Place":
                told["location"] = without_empty({**place, **told["location"]})
                if address:
                    told["location"]["address"] = {**told["location"].get("address", {}), **address}
            return told
        name = text or address.get("streetAddress") or address.get("addressLocality")
        return {"location": without_empty({**place, "name": shorten(name, 300)})} if name else {}

    def _state(self, row: Mapping[str, Any]) -> str | None:
        """Return ``eventStatus`` where a column says that the event is cancelled or postponed."""
        if any(str(value).lower() in ("true", "1", "yes", "oui", "x") for value in self._values(row, "cancelled")):
            return "EventCancelled"
        said = fold(self._text(row, "status") or "")
        if re.search(r"\b(?:cancel|annul)", said):
            return "EventCancelled"
        return "EventPostponed" if re.search(r"\b(?:postpone|reporte)", said) else None

    def _own_key(self, row: Mapping[str, Any], name: str) -> str | None:
        """Return a key for a row without one of its own: homonyms are told apart by where and when they are.

        An address on the web is a key already; a hash, because names may be people's.
        """
        if self._link(row, "url"):
            return None
        parts = [fold(name), *(fold(self._text(row, key) or "") for key in ("postcode", "city", "street", "start"))]
        return "row:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def _values(self, row: Mapping[str, Any], name: str) -> list[Any]:
        return [row.get(header) for header in self.columns.fields.get(name, ())]

    def _text(self, row: Mapping[str, Any], name: str, limit: int = 500) -> str | None:
        for value in self._values(row, name):
            if isinstance(value, list):
                value = ", ".join(filter(None, map(as_text, value[:50])))
            if isinstance(value, str) and "<" in value:
                value = _TAG.sub(", " if name == "street" else " ", value[:20_000])
            if text := as_text(value):
                return shorten(text, limit)
        return None

    def _address(self, row: Mapping[str, Any]) -> dict[str, str] | None:
        street, city = self._text(row, "street"), self._text(row, "city")
        postcode = self._postcode(row)
        address: dict[str, str | None] = {}
        if street and (found := _TOWN.search(street)) and (not postcode or postcode == found[1]):
            # The whole address stands in one column.
            address = {"postalCode": found[1], "addressLocality": clean(found[2]).strip(" .-–")}
            street = street[: found.start()]
        elif street and not city and not postcode and "," in street:
            address = dict(parse_address(street))
            street = address.pop("streetAddress", None)
        number = self._text(row, "street_number", 20)
        if number and street and not street[:1].isdigit():
            behind = self.document.source.region[:2] in _NUMBER_BEHIND
            street = f"{street} {number}" if behind else f"{number} {street}"
        stated = {
            "streetAddress": street.strip(" ,;-–") if street else None,
            "postalCode": postcode,
            "addressLocality": city,
            "addressRegion": self._text(row, "region"),
            "addressCountry": self._text(row, "country"),
        }
        return {key: value for key, value in (address | without_empty(stated)).items() if value} or None

    def _postcode(self, row: Mapping[str, Any]) -> str | None:
        """Return the postcode; a French one that a spreadsheet took for a number has its zero again."""
        text = self._text(row, "postcode", 20)
        if text and re.fullmatch(r"\d+\.0", text):
            text = text[:-2]
        source = self.document.source
        if text and re.fullmatch(r"[1-9]\d{3}", text) and source.region.startswith("FR"):
            return "0" + text
        return text

    def _geo(self, row: Mapping[str, Any]) -> dict[str, float] | None:
        if "latitude" in self.columns:
            pair = self._values(row, "latitude")[0], self._values(row, "longitude")[0]
            if self.columns.projected:
                return _unprojected(as_number(pair[1]), as_number(pair[0]))
            if geo := point(*pair):
                return geo
        for value in self._values(row, "point"):
            if isinstance(value, list) and len(value) in (2, 3):
                east, north = as_number(value[0]), as_number(value[1])  # a list has GeoJSON's order
                return point(north, east) or _unprojected(east, north)
            text = as_text(value) or ""
            if found := _PAIR.search(text):
                # "[-3.36, 47.74]" and "POINT(-3.36 47.74)" begin with the longitude, "47.74, -3.36" with the latitude.
                return point(found[2], found[1]) if text.startswith(("[", "POINT")) else point(found[1], found[2])
        return None

    def _link(self, row: Mapping[str, Any], name: str) -> str | None:
        return next((link for value in self._values(row, name) if (link := self._web(value))), None)

    def _web(self, value: Any) -> str | None:
        """Return an address of the web, also one with words behind it."""
        return site((as_text(value) or "").split(" ")[0].rstrip(",;"), self.document)

    def _same_as(self, row: Mapping[str, Any]) -> list[str]:
        """Return the thing's addresses elsewhere: accounts on networks, and its feed, which is also worth reading."""
        found: list[str] = []
        for header in self.columns.fields.get("profile", ()):
            network = next((name for name in NETWORKS if name in fold(header)), "")
            for part in re.split(r"[\s,;]+", as_text(row.get(header)) or "")[:10]:
                found += filter(None, [account(network, part, self.document)])
        if feed := self._link(row, "feed"):
            found.append(feed)
            self.reading.links.append(Link(feed, "listed"))
        return list(dict.fromkeys(found))[:20]

    def _keywords(self, row: Mapping[str, Any]) -> list[str]:
        words: list[str] = []
        for value in [*self._values(row, "keywords"), *(() if self._event else self._values(row, "status"))]:
            parts = value if isinstance(value, list) else re.split(r"[;,|\n]", str(value)) if value else []
            words += [text for part in parts if (text := as_text(part)) and len(text) <= 100]
        return list(dict.fromkeys(words))[:50]

    def _hours(self, row: Mapping[str, Any]) -> list[str]:
        if not self.columns.hours:
            text = self._text(row, "hours", 500)
            return [text] if text else []
        found = []
        for day, headers in self.columns.hours.items():
            parts = [as_text(row.get(header)) or "" for header in headers]
            if spans := ",".join(
                re.sub(r"\s*([-–,])\s*", r"\1", part) for part in parts if part and fold(part) not in _OFF
            ):
                found.append(shorten(f"{day} {spans}", 200))
        return found

    def _date(self, row: Mapping[str, Any], name: str) -> str | None:
        start = from_iso(self._iso(self._text(row, name, 100)), None, self.document.source).get("startDate")
        return str(start) if start else None

    def _times(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return when an event takes place; an hour may have a column of its own."""
        start, end = (
            _with_clock(self._iso(self._text(row, day, 100)), self._text(row, clock, 50))
            for day, clock in (("start", "time"), ("end", "end_time"))
        )
        if start and not end and "end_time" in self.columns:
            end = _with_clock(start[:10], self._text(row, "end_time", 50))
            end = end if end and "T" in end else None
        return from_iso(start, end, self.document.source, surprises=self.reading.surprises)

    def _writes_month_first(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether 07/11 is in July: as most dates that can be read in one way only; without any, in the USA."""
        texts = (self._text(row, name, 100) or "" for row in rows for name in ("start", "end", "modified"))
        found = [(int(match[1]), int(match[2])) for text in texts if (match := _NUMERIC.match(text))]
        months_first = sum(first <= 12 < second for first, second in found)
        days_first = sum(second <= 12 < first for first, second in found)
        return months_first > days_first or (not days_first and self.document.source.region.startswith("US"))

    def _iso(self, text: str | None) -> str | None:
        """Return a date as tables have it (07/12/2021 14:00, 23 March 2026, 2021/02/23 10:31) as ISO 8601 has it."""
        if not text:
            return None
        if found := _NUMERIC.match(text):
            day, month = int(found[1]), int(found[2])
            day, month = (month, day) if month > 12 or (self._month_first and day <= 12) else (day, month)
            return _with_clock(f"{found[3]}-{month:02}-{day:02}", found[4])
        if re.match(r"\d{4}[/-]?\d\d[/-]?\d\d", text):
            return re.sub(r"^(\d{4})/(\d\d)/(\d\d)", r"\1-\2-\3", text)
        if re.fullmatch(r"\d{4}(?:-\d\d)?", text):
            return text
        reference = datetime.fromisoformat(self.document.fetched).date()
        told = next((each for each in find(text, reference) if each.start and each.kind in (DATE, DATETIME)), None)
        return told.start if told else None


def _unprojected(x: float | None, y: float | None) -> dict[str, float] | None:
    """Return the point of two numbers in metres, in whichever order they are Lambert-93; None where they are not."""
    for east, north in ((x, y), (y, x)):
        if east is not None and north is not None and is_lambert(east, north):
            latitude, longitude = to_degrees(east, north)
            return point(round(latitude, 6), round(longitude, 6))
    return None


def _with_clock(day: str | None, clock: str | None) -> str | None:
    """Return a day with the time of day that a text begins with (14:30, 14h, 2:30 PM), where it has none yet."""
    match = _CLOCK.search(clock or "")
    if not day or not match or "T" in day or not (match[2] or match[3] or match[4]):
        return day
    hour, minute = int(match[1]), int(match[3] or 0)
    if half := (match[4] or "").lower():
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{day}T{hour:02}:{minute:02}" if hour < 24 and minute < 60 else day
