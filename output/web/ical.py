"""Events as an iCalendar subscription (RFC 5545, and 7986 for what a calendar says of itself)."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from icalendar import Calendar, Event, Timezone, vDuration, vText

from output.web.happening import Happening, after, line, lines, web_address
from output.web.templating import translations
from output.web.wording import state

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=12)
STATUS = {"EventCancelled": "CANCELLED", "EventPostponed": "TENTATIVE"}
LONGEST = 5_000  # characters of a description

_: Callable[[str], str] = str

SOURCE = _("Source: %(address)s")


def calendar(name: str, events: Sequence[Happening], own: str | None, pages: dict[str, str], language: str) -> bytes:
    """Return a calendar. The same events give the same bytes: every stamp is that of a reading.

    Args:
        name: what the calendar is called.
        events: in the order that they are to stand in.
        own: the absolute address of the calendar, where it is known.
        pages: the absolute address of our page of each event, by its id, where it is known.
        language: of what it says by itself. An event has one id in all of them.
    """
    made = Calendar()
    made.add("prodid", f"-//Recroise//Recroise//{language.upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    for key in ("name", "x-wr-calname"):
        made.add(key, vText(line(name)))
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    if own:
        made.add("source", own, parameters={"VALUE": "URI"})
    for each in events:
        made.add_component(_event(each, pages.get(each.node.id), language))
    _add_zones(made, [moment.year for each in events for moment in (each.start, each.end or each.start)])
    return bytes(made.to_ical())


def _add_zones(made: Calendar, years: Sequence[int]) -> None:
    if not years:
        made.add_component(Timezone.from_tzid("Etc/UTC"))  # a calendar has one component at the least (3.6)
        return
    made.add_missing_timezones(
        first_date=date(max(1, min(years) - 1), 1, 1), last_date=date(min(9_998, max(years) + 1), 12, 31)
    )
    # The library adds them in the order of a set, which is another one in each process.
    made.subcomponents.sort(key=lambda each: (each.name != "VTIMEZONE", str(each.get("TZID", ""))))


def _event(told: Happening, page: str | None, language: str) -> Event:
    data = told.node.data
    made = Event()
    made.add("uid", told.node.id)
    made.add("dtstamp", told.read)
    made.add("summary", vText(line(told.node.name)))
    _add_times(made, told)
    made.add("status", STATUS.get(data.get("eventStatus", ""), "CONFIRMED"))
    made.add("transp", "TRANSPARENT")  # that something takes place does not say that the reader is busy
    if told.where:
        made.add("location", vText(told.where))
    if told.place is not None and "latitude" in told.place.data and "longitude" in told.place.data:
        made.add("geo", (told.place.data["latitude"], told.place.data["longitude"]))
    if address := web_address(data.get("url")) or page:
        made.add("url", address)
    if themes := _themes(data):
        made.add("categories", themes)
    made.add("description", vText(_description(told, page, language)))
    return made


def _add_times(made: Event, told: Happening) -> None:
    made.add("dtstart", _instant(told.start))
    if told.end is None:
        return
    if told.all_day:
        made.add("dtend", after(told.end))
    elif told.end > told.start:
        made.add("dtend", _instant(told.end))


def _instant(moment: date) -> date:
    """Return a time as a calendar can say it: an offset that belongs to no zone has no name there, so it is in UTC."""
    if isinstance(moment, datetime) and isinstance(moment.tzinfo, timezone):
        return moment.astimezone(UTC)
    return moment


def _themes(data: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(line, (*data.get("about", ()), *data.get("keywords", ()))))))


def _description(told: Happening, page: str | None, language: str) -> str:
    """Return what became of an event and is said of it, our page, and the pages that it was read from."""
    read_at = [address for source in told.node.sources if (address := web_address(source))]
    # Not every program shows the status.
    said = state(told.node.data.get("eventStatus"), language)
    stated = translations(language).gettext(SOURCE)
    parts = [said, lines(told.node.data.get("description", ""))[:LONGEST], page]
    parts += [stated % {"address": each} for each in read_at[:5]]
    return "\n\n".join(filter(None, parts))


__all__ = ["MEDIA_TYPE", "calendar"]
