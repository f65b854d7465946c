"""Which of the graph's events the asker's diary tells of, and how surely: by time, place and title."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from output import near as places
from output.diary import Entry
from output.evidence import Event, Evidence
from output.fold import fold, words
from output.index import Index
from output.similarity import covered, likeness

LEAST = 0.1  # probability from which an entry is taken to be an event
SAME_TOWN = 0.5  # that one was there, being in the town on that day
SAME_TITLE = 0.95  # where the entry is called like the event
ELSEWHERE = 0.05  # where the entry says another town
OTHER_TIME = 0.05  # where both have hours, and they do not touch
TITLE = 0.75  # likeness from which titles are the same
TALK = 0.35  # that one heard a talk, having been at the conference
TOLERANCE = timedelta(minutes=10)  # that hours may be off
WITHIN = 15.0  # kilometres that are the same place
LONG = 31  # days; a longer entry tells nothing of a single event


def presences(index: Index, evidence: Evidence, entries: Sequence[Entry]) -> dict[int, float]:
    """Return for each event that the diary may tell of the probability that the asker was there."""
    found: dict[int, float] = {}
    towns: dict[str, places.Area | None] = {}  # for this question alone
    for entry in entries:
        if (entry.last - entry.first).days > LONG:
            continue
        area = _located(index, entry, towns)
        for event in evidence.events(_around(index, entry)).values():
            likely = _likely(entry, area, event, [each.name for each in evidence.events(event.wholes).values()])
            if likely >= LEAST:
                found[event.number] = 1 - (1 - found.get(event.number, 0.0)) * (1 - likely)
    # Who was at the conference heard some of its talks; who heard a talk was at the conference.
    parts = evidence.parts(found)
    talks = evidence.events([part for several in parts.values() for part in several])
    days = {day for entry in entries for day in _days(entry)}
    for whole, several in parts.items():
        for part in several:
            talk = talks.get(part)
            if talk and part not in found and (talk.first is None or talk.first in days):
                found[part] = TALK * found[whole]
    for number, heard in evidence.events(list(found)).items():
        for whole in heard.wholes:
            found[whole] = max(found.get(whole, 0.0), found[number])
    return found


def _days(entry: Entry) -> Iterable[date]:
    return (entry.first + timedelta(days=day) for day in range(min(LONG, (entry.last - entry.first).days + 1)))


def _around(index: Index, entry: Entry) -> list[int]:
    """Return the numbers of the events on the days of an entry; one known to the month or year alone is not matched."""
    query = (
        "SELECT number FROM node WHERE type = 'Event' AND start >= ? AND start < ? AND end >= ? AND length(start) >= 10"
    )
    earliest = (entry.first - timedelta(days=14)).isoformat()
    rows = index.rows(query, earliest, entry.last.isoformat() + "U", entry.first.isoformat())
    return [row[0] for row in rows]


def _located(index: Index, entry: Entry, towns: dict[str, places.Area | None]) -> places.Area | None:
    if entry.point:
        return places.Area("", entry.point)
    # "La Cantine, 12 rue X, 35000 Rennes": the last part that is a town is.
    for part in reversed(entry.place.split(",")):
        name = " ".join(word for word in part.split() if not word.isdecimal())
        if name and name not in towns:
            try:
                towns[name] = places.locate(index, name)
            except places.PlaceError:
                towns[name] = None
        if name and towns[name]:
            return towns[name]
    return None


def _likely(entry: Entry, area: places.Area | None, event: Event, wholes: Sequence[str]) -> float:
    titles = [event.name, *wholes]
    title = words(entry.title)
    there = _there(entry, area, event)
    # "RubyConf Miami 2013": what a title says of the town and the year is not the event's name.
    around = {*(event.city or "").split(), str(event.first.year if event.first else "")}
    if event.city and there is None and covered(event.city.split(), title) > 0.95:
        there = 1.0
    bare = [word for word in title if word not in around]
    alike = max(_alike(title, titles), _alike(bare, titles))
    if alike >= TITLE:
        likely = SAME_TITLE * alike * (1.0 if there is None else max(there, 0.3))
    elif there:
        # In the town that day; an entry with another title was probably something else.
        likely = there * (SAME_TOWN if not bare else SAME_TOWN / 2)
    else:
        return 0.0
    return likely * _at_that_time(entry, event)


def _alike(title: Sequence[str], names: Sequence[str]) -> float:
    """Return how much a title (folded words) is like one of the names; it may say more: "avec Marie: Open Coffee"."""
    if not title:
        return 0.0
    said = " ".join(title)
    like = max((max(likeness(said, name), covered(title, name.split())) for name in names), default=0.0)
    return max(like, *(covered(name.split(), title) if len(name.split()) > 1 else 0.0 for name in names))


def _there(entry: Entry, area: places.Area | None, event: Event) -> float | None:
    """Return whether an entry's place is the event's, from 0 to 1; None where either is not known."""
    place = fold(entry.place)
    if place and (event.city or event.venue):
        have = place.split()
        if event.venue and covered(event.venue.split(), have) > 0.9:
            return 1.0
        if event.city and covered(event.city.split(), have) > 0.95:
            return 1.0
    if area and area.point and event.points:
        away = min(places.distance(area.point, point) for point in event.points)
        return 1.0 if away <= WITHIN else ELSEWHERE
    if area and area.town and event.city:
        return 1.0 if area.town == event.city else ELSEWHERE
    return None


def _at_that_time(entry: Entry, event: Event) -> float:
    if entry.start is None or entry.end is None or event.start is None:
        return 1.0
    first, last = _comparable(entry.start, event.start), _comparable(entry.end, event.end or event.start)
    if first is None or last is None:
        return 1.0
    touches = first[0] <= last[1] + TOLERANCE and last[0] >= first[1] - TOLERANCE
    return 1.0 if touches else OTHER_TIME


def _comparable(one: datetime, other: datetime) -> tuple[datetime, datetime] | None:
    """Return two instants that can be compared; None where only one of them has a zone."""
    return (one, other) if (one.tzinfo is None) == (other.tzinfo is None) else None


__all__ = ["presences"]
