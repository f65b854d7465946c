"""iCalendar files (RFC 5545)."""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import recurring_ical_events
from icalendar.cal import Component

from crawler.addresses import parse_address
from crawler.documents import Document, ReaderError, Reading
from crawler.text import clean
from crawler.times import from_values, zone

PAST = timedelta(days=365 * 15)  # how far back from the day of reading a recurrence is expanded: the past matters here
FUTURE = timedelta(days=365)  # and how far ahead
MAX_OCCURRENCES = 1_000  # of one series
MAX_EVENTS = 20_000  # of one calendar

USED = frozenset(
    """
    UID SUMMARY DTSTART DTEND DURATION RECURRENCE-ID RRULE RDATE EXDATE STATUS LOCATION GEO URL DESCRIPTION CATEGORIES
    ORGANIZER ATTENDEE CONTACT CONFERENCE LAST-MODIFIED
    """.split()
)
IGNORED = frozenset(
    """
    DTSTAMP CREATED SEQUENCE TRANSP CLASS PRIORITY ATTACH COMMENT IMAGE RESOURCES RELATED-TO REQUEST-STATUS COLOR
    REFRESH-INTERVAL EXRULE STRUCTURED-DATA STYLED-DESCRIPTION LOCATION-TYPE PARTICIPANT-TYPE SOURCE
    """.split()
)

_CANCELLED = re.compile(r"^\W*(annul[ée]e?s?|cancell?ed|reporté sine die)\b[\s:!\])-]*", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"]+")


class Icalendar:
    name = "icalendar"
    title = "iCalendar"

    def recognise(self, document: Document) -> str | None:
        if document.head.startswith("begin:vcalendar"):
            return "begins with BEGIN:VCALENDAR"
        return "media type text/calendar" if document.media_type == "text/calendar" else None

    def read(self, document: Document) -> Reading:
        """Return the calendar's events, recurring ones as occurrences within a bounded time around the day of reading.

        Raises:
            ReaderError: when it is no calendar at all. One broken event is a problem and never loses the others.
        """
        reading = Reading(self.name)
        texts = list(_calendars(document.text))
        if not texts:
            raise ReaderError("no BEGIN:VCALENDAR: not a calendar", document.url)
        for text in texts:
            for calendar in _parsed(text, document, reading):
                _Calendar(calendar, document, reading).read()
        return reading


def _calendars(text: str) -> Iterator[str]:
    """Yield each calendar of a file, mended where it was cut off: a component without its end is dropped."""
    blocks = re.split(r"(?im)^BEGIN:VCALENDAR[ \t]*\r?$", text)[1:]
    for block in blocks:
        body = re.split(r"(?im)^END:VCALENDAR", block)[0]
        yield "BEGIN:VCALENDAR\r\n" + _whole(body) + "END:VCALENDAR\r\n"


def _whole(body: str) -> str:
    """Return a calendar's body without the component that it breaks off in."""
    depth, safe, lines = 0, 0, [line for line in body.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        word = line[:6].upper()
        depth += word == "BEGIN:"
        depth -= line[:4].upper() == "END:"
        if depth <= 0:
            depth, safe = 0, number
    return "".join(f"{line}\r\n" for line in lines[:safe])


def _parsed(text: str, document: Document, reading: Reading) -> Iterator[Component]:
    try:
        yield _from_ical(text)
        return
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        problem = f"{document.url}: {clean(str(error)) or type(error).__name__}; read event by event"
    reading.problems.append(problem)
    # One line that the library cannot take loses the calendar: give it the events one by one.
    head = re.split(r"(?im)^BEGIN:VEVENT", text)[0]
    zones = "".join(re.findall(r"(?ims)^BEGIN:VTIMEZONE.*?^END:VTIMEZONE[ \t]*\r?\n", text))
    default = re.search(r"(?im)^X-WR-TIMEZONE:.*$", head)
    for event in re.findall(r"(?ims)^BEGIN:VEVENT.*?^END:VEVENT[ \t]*\r?\n", text)[:MAX_EVENTS]:
        parts = ("BEGIN:VCALENDAR", default[0].strip() if default else "VERSION:2.0", zones + event + "END:VCALENDAR")
        try:
            yield _from_ical("\r\n".join(parts) + "\r\n")
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            line = text[: text.find(event)].count("\n") + 1
            reading.problems.append(f"{document.url}, line {line}: {clean(str(error)) or type(error).__name__}")


def _from_ical(text: str) -> Component:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the library guesses of odd zones is right, and nobody's to act on
        return icalendar.Calendar.from_ical(text)


class _Calendar:
    """One calendar of a document, being read."""

    def __init__(self, calendar: Component, document: Document, reading: Reading) -> None:
        self.calendar = calendar
        self.document = document
        self.reading = reading
        self.default = zone(str(calendar.get("X-WR-TIMEZONE", ""))) or zone(str(calendar.get("TIMEZONE-ID", "")))
        self.today = datetime.fromisoformat(document.fetched).date()

    def read(self) -> None:
        series: dict[str, list[Component]] = {}
        for number, event in enumerate(self.calendar.walk("VEVENT")):
            if number >= MAX_EVENTS:
                self._problem(f"more than {MAX_EVENTS} events; the rest is left out")
                break
            series.setdefault(str(event.get("UID") or f"no-uid-{number}"), []).append(event)
        for uid, events in series.items():
            try:
                if any(event.get("RRULE") or event.get("RDATE") for event in events):
                    self._recurring(uid, events)
                else:
                    for event in events:
                        self._once(uid, event)
            except (
                ValueError,
                TypeError,
                KeyError,
                AttributeError,
                OverflowError,
                IndexError,
                ArithmeticError,
            ) as error:
                self._problem(f"event {clean(uid)[:80]}: {clean(str(error)) or type(error).__name__}")

    def _once(self, uid: str, event: Component) -> None:
        original = event.get("RECURRENCE-ID")
        own = f"{uid}#{_stamp(original.dt)}" if original is not None else uid
        self._add(event, {"id": own}, event)

    def _recurring(self, uid: str, events: list[Component]) -> None:
        master = next((event for event in events if event.get("RECURRENCE-ID") is None), events[0])
        calendar = icalendar.Calendar()
        for zone_ in self.calendar.walk("VTIMEZONE"):
            calendar.add_component(zone_)
        for event in events:
            calendar.add_component(event)
        rule = master.get("RRULE")
        if rule is not None and any(part in str(rule) for part in ("SECONDLY", "MINUTELY", "HOURLY")):
            self._problem(f"series {clean(uid)[:80]}: repeats within a day: no meeting does")
            return
        above: dict[str, Any] = {"type": "EventSeries", "name": _summary(master) or "", "id": uid}
        if rule is not None:
            above["eventSchedule"] = (
                (rule[0] if isinstance(rule, list) else rule).to_ical().decode("utf-8", "replace")[:500]
            )
        count = 0
        query = recurring_ical_events.of(calendar, keep_recurrence_attributes=True)
        # The query walks outwards from the past: a rule without end costs no more than the horizon.
        for occurrence in query.between(self.today - PAST, self.today + FUTURE):
            count += 1
            if count > MAX_OCCURRENCES:
                self._problem(
                    f"series {clean(uid)[:80]}: more than {MAX_OCCURRENCES} occurrences; the rest is left out"
                )
                break
            original = occurrence.get("RECURRENCE-ID")
            start = original.dt if original is not None else occurrence["DTSTART"].dt
            fields = {"id": f"{uid}#{_stamp(start)}"}
            self._add(occurrence, {**fields, "superEvent": above} if above["name"] else fields, master)
        if above["name"] and count:
            self.reading.records.append(
                {**above, "organizer": self._organizers(master)} if self._organizers(master) else above
            )

    def _add(self, event: Component, fields: dict[str, Any], counted: Component) -> None:
        name, start = _summary(event), event.get("DTSTART")
        if not name or start is None:
            self._problem(f"event {clean(str(event.get('UID', '?')))[:80]}: no {'SUMMARY' if not name else 'DTSTART'}")
            return
        record: dict[str, Any] = {"type": "Event", **fields, "name": _CANCELLED.sub("", name) or name}
        record |= from_values(start.dt, _end(event, start.dt), self.document.source, self.default)
        status = str(event.get("STATUS", "")).upper()
        if status == "CANCELLED" or _CANCELLED.match(name):
            record["eventStatus"] = "EventCancelled"
        elif status == "CONFIRMED":
            record["eventStatus"] = "EventScheduled"
        self._place(record, event)
        if url := self.document.link(str(event.get("URL", "")) or None):
            record["url"] = url
        if text := _text(event.get("DESCRIPTION")):
            record["description"] = clean(re.sub(r"<[^<>]{0,500}>", " ", text))
        if words := list(_categories(event)):
            record["keywords"] = words
        if agents := self._organizers(event):
            record["organizer"] = agents
        if (modified := event.get("LAST-MODIFIED")) is not None and isinstance(getattr(modified, "dt", None), datetime):
            record["dateModified"] = modified.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._attendees(record, event)
        self._count(counted)
        self.reading.records.append({key: value for key, value in record.items() if value not in ("", [], None)})

    def _place(self, record: dict[str, Any], event: Component) -> None:
        text = _text(event.get("LOCATION")) or ""
        links = [link for found in _URL.findall(text) if (link := self.document.link(found))]
        online = links + [link for each in _all(event.get("CONFERENCE")) if (link := self.document.link(str(each)))]
        name = clean(_URL.sub(" ", text)).strip(" ,;–-()")
        if name:
            place: dict[str, Any] = {"type": "Place", "name": name[:500]}
            first, _, rest = name.partition(",")
            if rest.strip():
                place |= {"name": first.strip()[:500], "address": parse_address(rest)}
            if (geo := event.get("GEO")) is not None and hasattr(geo, "latitude"):
                place["geo"] = {"latitude": geo.latitude, "longitude": geo.longitude}
            record["location"] = place
        elif online:
            record["location"] = {"type": "VirtualLocation", "name": "online", "url": online[0]}
        if online and (not name or event.get("CONFERENCE") is not None):
            record["eventAttendanceMode"] = ("Mixed" if name else "Online") + "EventAttendanceMode"

    def _organizers(self, event: Component) -> list[dict[str, Any]]:
        agents = []
        for each in _all(event.get("ORGANIZER")):
            if str(each).lower().startswith("mailto:"):
                self.reading.dropped["e-mail"] += 1
            name = clean(str(each.params.get("CN", ""))) if hasattr(each, "params") else clean(str(each))
            if not name or "@" in name or name.lower().startswith(("mailto:", "http")):
                continue
            kind = str(each.params.get("CUTYPE", "")).upper() if hasattr(each, "params") else ""
            agents.append({"type": "Person" if kind == "INDIVIDUAL" else "Organization", "name": name[:500]})
        return agents

    def _attendees(self, record: dict[str, Any], event: Component) -> None:
        attendees = _all(event.get("ATTENDEE"))
        if not self.document.source.attendees:
            self.reading.dropped["attendee"] += len(attendees)
        else:
            names = (clean(str(each.params.get("CN", ""))) for each in attendees if hasattr(each, "params"))
            record["attendee"] = [{"type": "Person", "name": name} for name in names if name and "@" not in name]
        if event.get("CONTACT") is not None:
            self.reading.dropped["contact"] += 1

    def _count(self, event: Component) -> None:
        for key in event:
            if key not in USED and key not in IGNORED and not key.startswith("X-"):
                self.reading.surprises[f"VEVENT.{key}"] += 1

    def _problem(self, what: str) -> None:
        self.reading.problems.append(f"{self.document.url}: {what}")


def _summary(event: Component) -> str | None:
    return _text(event.get("SUMMARY"))


def _text(value: Any) -> str | None:
    for each in _all(value):
        if text := clean(str(each)):
            return text
    return None


def _all(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _categories(event: Component) -> Iterator[str]:
    for each in _all(event.get("CATEGORIES")):
        for word in getattr(each, "cats", [each]):
            if text := clean(str(word)):
                yield text[:500]


def _end(event: Component, start: date) -> date | None:
    if (end := event.get("DTEND")) is not None and hasattr(end, "dt"):
        found: date = end.dt
        return found if isinstance(found, datetime) == isinstance(start, datetime) else None
    if (duration := event.get("DURATION")) is not None and isinstance(getattr(duration, "dt", None), timedelta):
        ended: date = start + duration.dt
        return ended
    return None


def _stamp(start: date) -> str:
    """Return an occurrence's original start, as RFC 5545 writes it: a key that a moved occurrence keeps."""
    return start.strftime("%Y%m%dT%H%M%S" if isinstance(start, datetime) else "%Y%m%d")
