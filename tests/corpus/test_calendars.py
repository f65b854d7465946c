"""Every calendar of the shared corpus over a year: our occurrences are those of recurring-ical-events.

Of each file the year is taken that holds most of its stated starts; both are asked for the same days, and occurrences are
compared by UID and start: an instant where the calendar names a zone, a day or wall time where it names none. A
difference has to be explained by one of ``REASONS``, each checked on the occurrence itself. Files that the library
cannot read as a whole are compared in the series that it can read. ``make corpus`` prints the table.
"""

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from icalendar.cal import Component

from crawler.catalogue import Source
from crawler.documents import Document, ReaderError
from crawler.readers.icalendar import Icalendar
from crawler.vcalendar import BROKEN
from tests.conftest import ROOT

CALENDARS = ROOT.parent / "shared" / "corpus" / "calendars"
# No place: a time without a zone stays the wall time that it is, and can be compared as such.
SOURCE = Source(id="corpus", name="corpus", url="http://a.example/", community="agenda", region="world")
YEAR = timedelta(days=365)
LATELY = date(2019, 1, 1)  # where the library cannot tell which year holds events

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CALENDARS.exists(), reason="needs the shared corpus beside the checkout"),
]


@dataclass
class Peer:
    """What the library finds in a file within the year from ``start``; ``whole``: all of its series could be read."""

    start: date
    found: list[Component] = field(default_factory=list)
    whole: bool = True


def peer_of(body: bytes) -> Peer | None:
    """Return what the library reads of a file; None where it cannot read it, or there is no event in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            calendars = icalendar.Calendar.from_ical(body, multiple=True)
        except BROKEN:
            return None
        starts = sorted(start for calendar in calendars for start in stated_starts(calendar))
        if not starts:
            return None
        begin = max(starts, key=lambda start: (sum(start <= other < start + YEAR for other in starts), start))
        for whole in (True, False):
            peer = Peer(begin, whole=whole)
            try:
                for calendar in calendars:
                    query = recurring_ical_events.of(calendar, skip_bad_series=not whole)
                    for event in query.between(begin, begin + YEAR):
                        if begin <= day_of(event["DTSTART"].dt) < begin + YEAR:
                            peer.found.append(event)
                return peer
            except (*BROKEN, icalendar.InvalidCalendar):
                continue
    return None


def stated_starts(calendar: Component) -> Iterator[date]:
    for event in calendar.walk("VEVENT"):
        try:
            yield day_of(event["DTSTART"].dt)
        except BROKEN:
            continue


def day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def key(value: date) -> str:
    """Return a start as it is compared: a day, a wall time, or an instant in UTC."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.strftime("%Y-%m-%dT%H:%M:%S") if isinstance(value, datetime) else value.isoformat()


def keys(start: str) -> list[str]:
    """Return how a record's start may stand in the calendar."""
    if "T" not in start:
        return [start]
    moment = datetime.fromisoformat(start)
    return [start[:19], *([key(moment)] if moment.tzinfo else [])]


def wall(event: Component) -> str:
    return event["DTSTART"].dt.isoformat()[:19]


# Why an occurrence of the library is none of ours: a test of that occurrence, given our records of the same document.
Reason = Callable[[Component, list[dict[str, Any]]], bool]
REASONS: dict[str, Reason] = {
    "it has no SUMMARY: an event without a name is told of, not recorded": lambda event, _: (
        not str(event.get("SUMMARY", "")).strip()
    ),
    "it is marked private": lambda event, _: str(event.get("CLASS")).upper() in ("PRIVATE", "CONFIDENTIAL"),
    "the record knows the years 1800 to 2200": lambda event, _: not 1800 <= event["DTSTART"].dt.year <= 2200,
    "it ends before it starts: the library swaps them, the record keeps the start": lambda event, ours: any(
        is_of(each, event) and key(event["DTEND"].dt) in keys(each["startDate"]) for each in ours
    ),
    "its end is of another kind (day, time, UTC) than its start: the library converts, the record keeps the start": (
        lambda event, ours: any(is_of(each, event) and wall(event).startswith(each["startDate"][:19]) for each in ours)
    ),
}
OTHER_START = [*REASONS][-2:]


def ours_of(name: str, body: bytes, begin: date) -> list[dict[str, Any]]:
    middle = (datetime(begin.year, begin.month, begin.day) + YEAR / 2).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        reading = Icalendar().read(Document(f"http://a.example/{name}", body, middle, SOURCE, "text/calendar"))
    except ReaderError:
        return []
    return [record for record in reading.records if record["type"] == "Event"]


def compare(peer: Peer, ours: list[dict[str, Any]]) -> tuple[list[Component], list[dict[str, Any]]]:
    """Return the library's occurrences that are not ours, and ours that are not the library's."""
    missing = list(peer.found)
    read = {str(event.get("UID")) for event in missing}
    extra = []
    for record in ours:
        starts = keys(record["startDate"])
        same = [event for event in missing if key(event["DTSTART"].dt) in starts and is_of(record, event)]
        inside = any(peer.start.isoformat() <= start[:10] < (peer.start + YEAR).isoformat() for start in starts)
        if same:
            missing.remove(same[0])
        elif inside and (peer.whole or record["id"].rpartition("#")[0] in read):
            extra.append(record)
    return missing, extra


def is_of(record: dict[str, Any], event: Component) -> bool:
    """Whether a record's key is made of an event's UID; without one it is made of what the event says."""
    uid = str(event.get("UID", ""))
    return record["id"] == uid or record["id"].startswith(f"{uid}#") or (not uid and record["id"].startswith("no-uid:"))


def as_it_stands(body: bytes) -> bytes:
    return body


def named_and_public(body: bytes) -> bytes:
    """Give every event a name and take marks of privacy away: so that what is left out for them is compared as well."""

    def named(event: re.Match[bytes]) -> bytes:
        if re.search(rb"\nSUMMARY(;[^:\r\n]*)?:[ \t]*\S", event[0]):
            return event[0]
        return event[0].replace(event[1], event[1] + b"SUMMARY:x" + event[2], 1)

    body = re.sub(rb"(BEGIN:VEVENT[ \t]*(\r?\n)).*?END:VEVENT", named, body, flags=re.DOTALL)
    return re.sub(rb"CLASS:(?:PRIVATE|CONFIDENTIAL)", b"CLASS:PUBLIC", body)


@pytest.mark.parametrize(
    ("change", "reasons"), [(as_it_stands, REASONS), (named_and_public, dict([*REASONS.items()][2:]))]
)
def test_occurrences_over_a_year_are_those_of_the_library_or_the_difference_is_explained(
    change: Callable[[bytes], bytes], reasons: dict[str, Reason]
) -> None:
    outcomes: Counter[str] = Counter()
    occurrences = alone = 0
    explained: list[str] = []
    unexplained: list[str] = []
    for path in sorted(CALENDARS.rglob("*.ics")):
        name, body = f"{path.parent.name}/{path.name}", change(path.read_bytes())
        peer = peer_of(body)
        if peer is None or not peer.found:
            if b"BEGIN:VEVENT" in body:
                outcomes["the library cannot read it, or finds no start in it"] += 1
                alone += len(ours_of(path.name, body, peer.start if peer else LATELY))
            else:
                outcomes["no event in it"] += 1
            continue
        occurrences += len(peer.found)
        ours = ours_of(path.name, body, peer.start)
        missing, extra = compare(peer, ours)
        why = Counter(
            next((reason for reason, holds in reasons.items() if holds(event, ours)), "") for event in missing
        )
        unexplained += [f"{name}: misses {why['']} of {len(peer.found)}"] if why[""] else []
        # Where the record keeps another start than the library makes, ours is one too many beside one too few.
        unexplained += [f"{name}: has {len(extra)} more"] if len(extra) > sum(why[each] for each in OTHER_START) else []
        explained += [f"{name}: {count} of {len(peer.found)}: {reason}" for reason, count in why.items() if reason]
        equal = "equal" if peer.whole else "equal in the series that the library can read"
        outcomes["explained" if missing or extra else equal] += 1
    print(f"calendars {change.__name__}: {outcomes.total()} files, {occurrences} occurrences of the library")
    print("\n".join(f"  {count:4} {outcome}" for outcome, count in outcomes.most_common()))
    print(f"  {alone:4} events of files that the library cannot read are read")
    print("\n".join(f"  explained: {each}" for each in explained))
    print(*unexplained, sep="\n")
    assert unexplained == []
    assert outcomes["equal"] > 190
    assert occurrences > 6_000
