"""An event as calendars, feeds and snippets tell it: when it is, where, and whether it takes place."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from urllib.parse import quote
from zoneinfo import ZoneInfo, available_timezones

from output.index import Index, Node

DEPTH = 3  # how far up an event's place is looked for: talk, day, conference

_PLACE = """
SELECT place.id FROM node JOIN edge ON edge.source = node.number AND edge.type = ?2
JOIN node AS place ON place.number = edge.target WHERE node.id = ?1 ORDER BY place.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with its place. ``start`` and ``end`` are days, or instants in the event's own zone or with its offset.

    An instant with neither is in that of wherever it takes place. The end of days is the last of them.
    """

    node: Node
    start: date
    end: date | None
    place: Node | None

    @property
    def cancelled(self) -> bool:
        return bool(self.node.data.get("eventStatus") == "EventCancelled")

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, datetime)

    @property
    def read(self) -> datetime:
        """The instant of the newest reading that states anything of it."""
        return max(datetime.fromisoformat(source["fetched"]) for source in self.node.data["sources"]).astimezone(UTC)

    @property
    def where(self) -> str:
        """The place's name and address in one line, each part once; empty where it is not known."""
        if self.place is None:
            return ""
        data = self.place.data
        town = " ".join(filter(None, (data.get("postalCode"), data.get("addressLocality"))))
        parts = filter(None, (self.place.name, data.get("streetAddress"), town))
        return ", ".join(dict.fromkeys(line(part) for part in parts))


def happening(index: Index, event: Node) -> Happening | None:
    """Return an event with its place, its own or that of what it is part of; None where its day is not known."""
    start = moment(event.data.get("startDate"), event.data.get("timeZone"))
    if start is None:
        return None
    end = moment(event.data.get("endDate"), event.data.get("timeZone"))
    if end is not None and (_kind(end) != _kind(start) or end < start):
        end = None  # a day and an instant cannot be one span
    return Happening(event, start, end, _place(index, event.id))


def _place(index: Index, event: str) -> Node | None:
    for _ in range(DEPTH):
        for row in index.rows(_PLACE, event, "location"):
            return index.node(row[0])
        above = next(index.rows(_PLACE, event, "superEvent"), None)
        if above is None:
            return None
        event = above[0]
    return None


def _kind(moment: date) -> tuple[bool, bool]:
    return isinstance(moment, datetime), isinstance(moment, datetime) and moment.tzinfo is not None


def moment(stated: str | None, zone: str | None) -> date | None:
    """Return what a date of the graph says, in the named zone; where there is none, with the offset that is stated."""
    if stated is None or len(stated) < 10:
        return None
    try:
        if len(stated) == 10:
            return date.fromisoformat(stated)
        moment = datetime.fromisoformat(stated)
        if zone not in _zones():
            return moment  # by the clock there, whatever the zone is called
        place = ZoneInfo(zone)
        return moment.replace(tzinfo=place) if moment.tzinfo is None else moment.astimezone(place)
    except (ValueError, OverflowError):
        return None


@cache
def _zones() -> frozenset[str]:
    """Return the names of all time zones: another one is a path that one would look for files at."""
    return frozenset(available_timezones())


def after(end: date) -> date:
    """Return the day after the last one: iCalendar's end is exclusive."""
    return end if end == date.max else end + timedelta(days=1)


def line(text: str) -> str:
    """Return a text from a source as one line without control codes."""
    joined = " ".join(text.split())
    return joined if joined.isprintable() else "".join(char for char in joined if char.isprintable())


def lines(text: str) -> str:
    """Return a text from a source without control codes but the ends of its lines."""
    return "\n".join(line(each) for each in text.splitlines()).strip()


def web_address(url: str | None) -> str | None:
    """Return an address that a reader may follow: http(s), without blanks or control codes; else None."""
    if not url or not url.lower().startswith(("http://", "https://")) or not url.isprintable() or " " in url:
        return None
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")  # a second time changes nothing


__all__ = ["Happening", "after", "happening", "line", "lines", "moment", "web_address"]
