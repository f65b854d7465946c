"""iCalendar files (RFC 5545 and 7986, and what Outlook, Google and Apple add to them)."""

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar.cal import Component
from icalendar.prop.broken import vBroken

from crawler import reached
from crawler.contacts import without_contacts
from crawler.documents import Document, Reader, ReaderError, Reading
from crawler.people import is_person
from crawler.privacy import fold
from crawler.text import clean
from crawler.times import FIRST_YEAR, LAST_YEAR, from_values, zone
from crawler.titles import name_and_state
from crawler.vcalendar import BROKEN, Calendar, Expansion, RuleError, as_list, calendars, first, is_repeated
from crawler.venue import venue

MAX_RECORDS = 30_000  # events of one document, occurrences counted
MAX_PROBLEMS = 50  # told of one document; the others are counted

USED = frozenset(
    """
    UID SUMMARY DTSTART DTEND DURATION RECURRENCE-ID RRULE RDATE EXDATE STATUS LOCATION GEO URL DESCRIPTION CATEGORIES
    ORGANIZER ATTENDEE CONTACT CONFERENCE LAST-MODIFIED SEQUENCE CLASS
    """.split()
)
IGNORED = frozenset(
    """
    DTSTAMP CREATED TRANSP PRIORITY ATTACH COMMENT IMAGE RESOURCES RELATED-TO REQUEST-STATUS COLOR REFRESH-INTERVAL
    EXRULE STRUCTURED-DATA STYLED-DESCRIPTION LOCATION-TYPE PARTICIPANT-TYPE SOURCE LINK CONCEPT REFID
    """.split()
)
# What the large programs add for themselves.
IGNORED_X = tuple("X-MICROSOFT- X-MS- X-APPLE- X-GOOGLE- X-MOZ- X-LIC- X-WR- X-ALT-DESC X-CALENDARSERVER-".split())
CONFERENCES = (
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
)
# Where an event says what it is; the others say when.
DESCRIBING = (
    *("SUMMARY", "STATUS", "LOCATION", "GEO", "X-APPLE-STRUCTURED-LOCATION", "URL", "DESCRIPTION", "X-ALT-DESC"),
    *("CATEGORIES", "ORGANIZER", "ATTENDEE", "LAST-MODIFIED", *CONFERENCES),
)
ALL_DAY = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY")
STATES = {"CANCELLED": "EventCancelled", "CONFIRMED": "EventScheduled"}
_UNREADABLE = f"no DTSTART that can be read, from {FIRST_YEAR} to {LAST_YEAR}"
_BUSY = re.compile(r"busy|occup[ée]e?|free|libre|indisponible|disponible|tentative", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")


class Icalendar(Reader):
    name = "icalendar"
    title = "iCalendar"
    marks = "`BEGIN:VCALENDAR` at the beginning, or the media type `text/calendar`"
    gives = "events with their times, places, states and repetitions; series"
    specification = "https://www.rfc-editor.org/rfc/rfc5545"

    def recognise(self, document: Document) -> str | None:
        if document.head.startswith("begin:vcalendar"):
            return "begins with BEGIN:VCALENDAR"
        return "media type text/calendar" if document.media_type == "text/calendar" else None

    def read(self, document: Document) -> Reading:
        """Return the calendar's events, repeated ones as occurrences within bounds around the day of reading.

        Raises:
            ReaderError: when it is no calendar at all. One broken event is a problem and never loses the others.
        """
        reading = Reading(self.name)
        told = _Told(document, reading)
        expansion = Expansion(datetime.fromisoformat(document.fetched).date())
        any_ = False
        for calendar in calendars(document.text, told.problem):
            any_ = True
            _Mapper(calendar, document, reading, told, expansion).read()
        if not any_:
            raise ReaderError("no BEGIN:VCALENDAR and no event: not a calendar", document.url)
        told.close()
        return reading


class _Told:
    """What could not be read, a line each, up to a limit."""

    def __init__(self, document: Document, reading: Reading) -> None:
        self._url, self._problems, self._more = document.url, reading.problems, 0

    def problem(self, what: str, line: int | None) -> None:
        if len(self._problems) < MAX_PROBLEMS:
            what = without_contacts(clean(what), Counter())[:200]
            self._problems.append(f"{self._url}{f', line {line}' if line else ''}: {what}")
        else:
            reached.note("readers.icalendar.MAX_PROBLEMS")
            self._more += 1

    def close(self) -> None:
        if self._more:
            self._problems.append(f"{self._url}: {self._more} more problems")


class _Mapper:
    """Turns the events of one calendar into records."""

    def __init__(
        self, calendar: Calendar, document: Document, reading: Reading, told: _Told, expansion: Expansion
    ) -> None:
        self.calendar, self.document, self.reading = calendar, document, reading
        self.told, self.expansion = told, expansion
        head = calendar.head
        self.default = zone(_text(head.get("X-WR-TIMEZONE"))) or zone(_text(head.get("TIMEZONE-ID")))
        self.cancelled = (_text(head.get("METHOD")) or "").upper() == "CANCEL"

    def read(self) -> None:
        for uid, events in self._series().items():
            repeated = [event for _, event in events if is_repeated(event)]
            if repeated and self._repeated(uid, events, repeated[0]):
                continue
            for line, event in events:
                self._one(line, event, {"id": _occurrence(uid, event, None)})

    def _series(self) -> dict[str, list[tuple[int, Component]]]:
        """Return the events to be read by their keys: overridden versions and private events are left out."""
        series: dict[str, list[tuple[int, Component]]] = {}
        for line, event in self.calendar.events:
            if self._admitted(line, event):
                series.setdefault(_key(event), []).append((line, event))
        result: dict[str, list[tuple[int, Component]]] = {}
        for uid, events in series.items():
            masters = [each for each in events if each[1].get("RECURRENCE-ID") is None]
            latest = max((_sequence(event) for _, event in masters), default=0)
            masters = [each for each in masters if _sequence(each[1]) == latest]
            others = [each for each in events if each[1].get("RECURRENCE-ID") is not None]
            result[uid] = masters[:1] + others
            # Some programs give all of their events the same UID: the start tells them apart.
            for line, event in masters[1:]:
                result.setdefault(_occurrence(uid, event, event), [(line, event)])
        return result

    def _admitted(self, line: int, event: Component) -> bool:
        """Count what an event as written holds that is not kept; whether it is to be read at all."""
        for name, error in event.errors:
            self._tell(f"{name}: {error}" if name else "a line that cannot be read", line, event)
        if isinstance(event.get("RECURRENCE-ID"), vBroken):
            return False  # it stands for a day of a series, nobody knows which
        for key in [key for key in event if any(isinstance(each, vBroken) for each in as_list(event.get(key)))]:
            del event[key]
        if (_text(event.get("CLASS")) or "PUBLIC").upper() in ("PRIVATE", "CONFIDENTIAL"):
            self.reading.dropped["private event"] += 1
            return False
        title = _text(event.get("SUMMARY"))
        if title and _BUSY.fullmatch(title):
            self.reading.dropped["busy time"] += 1
            return False
        dropped = self.reading.dropped
        dropped["e-mail"] += sum(str(each).lower().startswith("mailto:") for each in as_list(event.get("ORGANIZER")))
        dropped["contact"] += len(as_list(event.get("CONTACT")))
        if not self.document.source.attendees:
            dropped["attendee"] += len(as_list(event.get("ATTENDEE")))
        self.reading.dropped = +dropped
        if any("TZID" in each.params and _is_floating(each) for each in as_list(event.get("DTSTART"))):
            self.reading.surprises["unknown TZID"] += 1
        for key in event:
            if key not in USED and key not in IGNORED and not key.startswith(IGNORED_X) and key not in ALL_DAY:
                self.reading.surprises[f"VEVENT.{key}"] += 1
        return True

    def _repeated(self, uid: str, events: list[tuple[int, Component]], master: Component) -> bool:
        """Add the occurrences of a series and the series itself; False where its rule cannot be followed."""
        if self._full(events[0][0]):
            return True
        line = next(line for line, event in events if event is master)
        try:
            found, left_out = self.expansion.occurrences([event for _, event in events])
        except RuleError as error:
            self._tell(f"{error}; only the stated dates are read", line, master)
            return False
        except BROKEN as error:
            self._tell(f"the series cannot be followed, only its stated dates: {error or type(error)}", line, master)
            return False
        if left_out:
            self._tell(f"{left_out} older occurrences are left out", line, master)
        above: dict[str, Any] = {"type": "EventSeries", "id": uid, "name": (_text(master.get("SUMMARY")) or "")[:500]}
        if rules := [rule.to_ical().decode("utf-8", "replace") for rule in as_list(master.get("RRULE"))]:
            above["eventSchedule"] = " ".join(rules)[:500]
        if not above["name"]:
            self._tell("no SUMMARY", line, master)
            return True
        before = len(self.reading.records)
        about = self._about(master)
        stated = [dict.get(master, key) for key in DESCRIBING]
        for event in found:
            # What a rule makes is a copy of its event: what that says is read once.
            same = all(dict.get(event, key) is value for key, value in zip(DESCRIBING, stated, strict=True))
            fields = {"id": _occurrence(uid, event, master), "superEvent": above}
            self._one(line, event, fields, about if same else None)
        if len(self.reading.records) > before:
            place = self._place(master).get("location", {})
            more = {"location": place if place.get("type") == "Place" else None, "organizer": _organizers(master)}
            self.reading.records.append({**above, **{key: value for key, value in more.items() if value}})
        return True

    def _one(self, line: int, event: Component, fields: dict[str, Any], about: dict[str, Any] | None = None) -> None:
        if self._full(line):
            return
        about = self._about(event) if about is None else about
        try:
            times = self._times(event)
        except BROKEN as error:
            self._tell(f"DTSTART or DTEND: {error}", line, event)
            return
        if not about or not times:
            self._tell(_UNREADABLE if about else "no SUMMARY", line, event)
            return
        self.reading.records.append({"type": "Event", **fields, **about, **times})

    def _about(self, event: Component) -> dict[str, Any]:
        """Return all that an event says of itself but when it takes place; nothing where it has no name."""
        title = (_text(event.get("SUMMARY")) or "")[:500]
        if not title:
            return {}
        stated = "CANCELLED" if self.cancelled else (_text(event.get("STATUS")) or "").upper()
        name, status = name_and_state(title, STATES.get(stated))
        record: dict[str, Any] = {"name": name, **self._place(event)}
        record["eventStatus"] = status
        record["url"] = self.document.link(_text(event.get("URL")))
        record["description"] = _plain(event.get("DESCRIPTION")) or _plain(event.get("X-ALT-DESC"))
        record["keywords"] = list(dict.fromkeys(_categories(event)))[:100]
        record["organizer"] = _organizers(event)
        record["dateModified"] = _modified(event)
        if self.document.source.attendees:
            record["attendee"] = _attendees(event)
        return {key: value for key, value in record.items() if value not in ("", [], None)}

    def _tell(self, what: str, line: int, event: Component) -> None:
        self.told.problem(f"event {(_text(event.get('UID')) or 'without UID')[:80]}: {what}", line)

    def _full(self, line: int) -> bool:
        full = reached.over(len(self.reading.records) + 1, MAX_RECORDS, "readers.icalendar.MAX_RECORDS")
        if full:
            self.told.problem(f"more than {MAX_RECORDS} events; this one is left out", line)
        return full

    def _times(self, event: Component) -> dict[str, Any]:
        start, end = first(event, "DTSTART"), _end(event)
        if not isinstance(start, date):
            return {}
        if any((_text(event.get(key)) or "").upper() == "TRUE" for key in ALL_DAY):
            start, end = _as_days(start, end)
        return from_values(start, end, self.document.source, self.default, surprises=self.reading.surprises)

    def _place(self, event: Component) -> dict[str, Any]:
        text = str(next(iter(as_list(event.get("LOCATION"))), ""))
        calls = [each for key in CONFERENCES for each in as_list(event.get(key))]
        fields = venue(text, self.document, [link for call in calls if (link := self.document.link(str(call)))])
        if fields.get("location", {}).get("type") == "Place" and (geo := _geo(event)):
            fields["location"]["geo"] = geo
        return fields


def _key(event: Component) -> str:
    """Return an event's own key: its UID, else a hash of what it says of itself, which stays when others come."""
    if uid := _text(event.get("UID")):
        return uid[:900]
    stated = "\0".join(_raw(event, key) for key in ("SUMMARY", "DTSTART", "LOCATION", "URL"))
    return "no-uid:" + hashlib.sha256(stated.encode("utf-8", "replace")).hexdigest()[:24]


def _raw(event: Component, key: str) -> str:
    value = next(iter(as_list(event.get(key))), None)
    try:
        return "" if value is None else bytes(value.to_ical()).decode("utf-8", "replace")
    except BROKEN:
        return str(value)


def _occurrence(uid: str, event: Component, master: Component | None) -> str:
    """Return the key of one event: UID, and for an occurrence its original start, which it keeps when it is moved."""
    try:
        original = first(event, "RECURRENCE-ID")
        if original is None and master is not None:
            original = first(event, "DTSTART")
        start = first(master or event, "DTSTART")
    except BROKEN:
        return uid
    if not isinstance(original, date):
        return uid
    if isinstance(original, datetime):
        if not isinstance(start, datetime):
            return f"{uid}#{original:%Y%m%d}"
        if original.tzinfo and start.tzinfo:
            original = original.astimezone(start.tzinfo)
        return f"{uid}#{original:%Y%m%dT%H%M%S}"
    return f"{uid}#{original:%Y%m%d}"


def _sequence(event: Component) -> int:
    try:
        return int(next(iter(as_list(event.get("SEQUENCE"))), 0))
    except BROKEN:
        return 0


def _end(event: Component) -> Any:
    start = first(event, "DTSTART")
    if event.get("DTEND") is not None:
        end = first(event, "DTEND")
        return end if isinstance(end, datetime) == isinstance(start, datetime) else None
    duration = first(event, "DURATION")
    return start + duration if isinstance(duration, timedelta) else None


def _is_floating(value: Any) -> bool:
    return getattr(getattr(value, "dt", None), "tzinfo", None) is None


def _as_days(start: date, end: Any) -> tuple[date, Any]:
    """Return the days of an event that its program calls all-day but writes from midnight to midnight."""
    if (
        not isinstance(start, datetime)
        or start.time() != time()
        or (isinstance(end, datetime) and end.time() != time())
    ):
        return start, end
    return start.date(), end.date() if isinstance(end, datetime) else None


def _modified(event: Component) -> str | None:
    try:
        modified = first(event, "LAST-MODIFIED")
    except BROKEN:
        return None
    if not isinstance(modified, datetime) or not FIRST_YEAR < modified.year < LAST_YEAR:
        return None
    utc = modified.astimezone(UTC) if modified.tzinfo else modified  # the standard allows UTC alone
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def _organizers(event: Component) -> list[dict[str, Any]]:
    """Return who holds an event. It is an organisation, unless it says that it is a person or its mailbox does."""
    agents = []
    for each in as_list(event.get("ORGANIZER")):
        params = getattr(each, "params", {})
        name = clean(str(params.get("CN") or each))[:500]
        if not name or "@" in name or re.match(r"(mailto|https?|invalid|urn|tel):", name, re.IGNORECASE):
            continue
        person = is_person(name) and (
            str(params.get("CUTYPE", "")).upper() == "INDIVIDUAL" or _has_mailbox(name, str(each))
        )
        agents.append({"type": "Person" if person else "Organization", "name": name})
    return agents


def _has_mailbox(name: str, address: str) -> bool:
    """Whether a mailbox is made of a person's name (prenom.nom@…): offices have theirs called contact or accueil."""
    local = fold(address.lower().removeprefix("mailto:").partition("@")[0])
    words = fold(name).split()
    return "@" in address and local.split() in (words, words[::-1], [words[0][:1], *words[1:]])


def _attendees(event: Component) -> list[dict[str, Any]]:
    people = []
    for each in as_list(event.get("ATTENDEE")):
        params = getattr(each, "params", {})
        name = clean(str(params.get("CN", "")))
        states = {str(params.get("PARTSTAT", "")).upper(), str(params.get("CUTYPE", "")).upper()}
        if name and "@" not in name and not states & {"DECLINED", "GROUP", "RESOURCE", "ROOM"}:
            people.append({"type": "Person", "name": name[:500]})
    return people[:1_000]


def _geo(event: Component) -> dict[str, float] | None:
    for value in as_list(event.get("GEO")):
        found: tuple[Any, Any] = getattr(value, "latitude", None), getattr(value, "longitude", None)
        break
    else:
        match = re.match(r"geo:(-?[\d.]{1,20}),(-?[\d.]{1,20})", _text(event.get("X-APPLE-STRUCTURED-LOCATION")) or "")
        found = (match[1], match[2]) if match else (None, None)
    try:
        latitude, longitude = float(found[0]), float(found[1])
    except (TypeError, ValueError):
        return None
    # 0;0 is what programs write that know no place.
    known = -90 <= latitude <= 90 and -180 <= longitude <= 180 and (latitude, longitude) != (0, 0)
    return {"latitude": latitude, "longitude": longitude} if known else None


def _categories(event: Component) -> Iterator[str]:
    for each in as_list(event.get("CATEGORIES")):
        for word in getattr(each, "cats", [each]):
            if text := clean(str(word)):
                yield text[:500]


def _text(value: Any) -> str | None:
    return next((text for each in as_list(value) if (text := clean(str(each)))), None)


def _plain(value: Any) -> str | None:
    """Return a description without the HTML that some programs put into it."""
    text = next((str(each) for each in as_list(value)), "")[:20_000]
    return clean(html.unescape(_TAG.sub(" ", text))) or None
