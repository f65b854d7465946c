"""Calendars and feeds of events, read back with readers that are not ours and with those that are."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from crawler.catalogue import Source
from crawler.documents import Document as Saved
from crawler.readers.icalendar import Icalendar
from output.index import Node
from output.web.app import create_app
from output.web.atom import atom
from output.web.happening import Happening, happening
from output.web.ical import calendar
from output.web.resource import Asked, BadRequestError, MovedError, NotFoundError
from output.web.resources.api_events import ApiEvents
from output.web.resources.feed_atom import FeedAtom
from output.web.resources.feed_atom_in import FeedAtomIn
from output.web.resources.feed_calendar import FeedCalendar
from output.web.resources.feed_calendar_in import FeedCalendarIn
from output.web.site import Site
from tests.conftest import ROOT
from tests.web.made import HOSTILE, READ, identity, site

SERIES, PLACE, ORG, PERSON = (identity(kind, 1) for kind in ("EventSeries", "Place", "Organization", "Person"))
EVENT = {number: identity("Event", number) for number in range(1, 20)}
NODES: list[dict[str, Any]] = [
    {
        "id": PLACE, "type": "Place", "name": "La Cantine", "streetAddress": "1 rue de la Paix; cour", "postalCode": "56100",
        "addressLocality": "Lorient", "addressRegion": "FR-BRE", "latitude": 47.7486, "longitude": -3.3702,
    },
    {"id": SERIES, "type": "EventSeries", "name": "Open Coffee"},
    {"id": ORG, "type": "Organization", "name": "Les Amis"},
    {"id": PERSON, "type": "Person", "name": "Ada Lovelace"},
    {
        "id": EVENT[1], "type": "Event", "name": "Timed", "startDate": "2026-12-03T18:30:00+01:00",
        "endDate": "2026-12-03T20:30:00+01:00", "timeZone": "Europe/Paris", "timeZoneSource": "place",
        "about": ["web, and more", "café"], "description": "Bring\n\nyour own cup; please", "url": "https://lorient.example/c",
    },
    {"id": EVENT[2], "type": "Event", "name": "Days", "startDate": "2026-12-05", "endDate": "2026-12-07"},
    {"id": EVENT[3], "type": "Event", "name": "Called off", "startDate": "2026-12-09", "eventStatus": "EventCancelled"},
    {"id": EVENT[4], "type": "Event", "name": "Floating", "startDate": "2026-12-10T09:00:00"},
    {"id": EVENT[5], "type": "Event", "name": "Elsewhere", "startDate": "2026-12-11T09:00:00+09:00"},
    {"id": EVENT[6], "type": "Event", "name": "A month", "startDate": "2026-12"},
    {"id": EVENT[7], "type": "Event", "name": "Long ago", "startDate": "2012-11-08"},
    {"id": EVENT[8], "type": "Event", "name": "A talk of it", "startDate": "2026-12-05T10:00:00", "url": "javascript:alert(1)"},
    {"id": EVENT[9], "type": "Event", "name": HOSTILE, "description": HOSTILE, "about": [HOSTILE], "startDate": "2026-12-12",
     "url": "https://evil.example/\r\nATTENDEE:mailto:x@example.org"},
    {"id": EVENT[10], "type": "Event", "name": "Backwards", "startDate": "2026-12-13T10:00:00", "endDate": "2026-12-13T09:00:00"},
    {"id": EVENT[11], "type": "Event", "name": "Mixed", "startDate": "2026-12-14T10:00:00", "endDate": "2026-12-15"},
    {"id": EVENT[12], "type": "Event", "name": "In summer", "startDate": "2027-07-01T19:00:00+02:00", "timeZone": "Europe/Paris",
     "timeZoneSource": "place"},
]  # fmt: skip
EDGES = [
    *((EVENT[number], "location", PLACE) for number in (1, 2, 3, 4, 9)),
    (EVENT[1], "superEvent", SERIES), (EVENT[7], "superEvent", SERIES), (SERIES, "organizer", ORG),
    (EVENT[8], "superEvent", EVENT[2]), (EVENT[8], "performer", PERSON),
]  # fmt: skip
BASE = "https://recroise.example/sub/"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterable[Site]:
    opened = site(tmp_path_factory.mktemp("feeds"), NODES, EDGES)
    yield opened
    opened.close()


def asked(name: str, kind: str, query: dict[str, list[str]] | None = None, base: str | None = BASE) -> Asked:
    return Asked(f"/feeds/{name}.{kind}", {"id": name}, query or {}, base)


def in_english(name: str, kind: str) -> Asked:
    return Asked(f"/feeds/en/{name}.{kind}", {"id": name, "lang": "en"}, {}, BASE)


def body(site: Site, name: str, query: dict[str, list[str]] | None = None, base: str | None = BASE) -> bytes:
    return FeedCalendar().answer(site, asked(name, "ics", query, base)).body


def events(data: bytes) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.errors
    return {str(each["UID"]): each for each in calendar.walk("VEVENT")}


def ids(site: Site, name: str, query: dict[str, list[str]] | None = None) -> list[str]:
    return list(events(body(site, name, query)))


def test_a_timed_event_keeps_its_zone_its_place_and_its_words(made: Site) -> None:
    event = events(body(made, SERIES))[EVENT[1]]
    assert event.start == datetime.fromisoformat("2026-12-03T18:30:00+01:00")
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event.end - event.start == timedelta(hours=2)
    assert event["DTSTAMP"].dt == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert event["LOCATION"] == "La Cantine, 1 rue de la Paix; cour, 56100 Lorient"
    assert event["GEO"].to_ical() == "47.7486;-3.3702"
    assert event["CATEGORIES"].cats == ["web, and more", "café"]
    assert event["URL"] == "https://lorient.example/c"
    assert event["DESCRIPTION"].startswith("Bring\n\nyour own cup; please\n\n")
    assert f"{BASE}fr/{EVENT[1]}/" in event["DESCRIPTION"]
    assert "Source\N{NO-BREAK SPACE}: https://made.example/page" in event["DESCRIPTION"]


def test_zones_are_defined_in_the_calendar_for_winter_and_summer(made: Site) -> None:
    calendar = icalendar.Calendar.from_ical(body(made, "all"))
    (zone,) = calendar.walk("VTIMEZONE")
    rules = zone.to_tz()
    for moment, hours in ((datetime(2026, 12, 3, 18, 30), 1), (datetime(2027, 7, 1, 19), 2)):
        assert moment.replace(tzinfo=rules).utcoffset() == timedelta(hours=hours)
    assert events(body(made, "all"))[EVENT[12]].start == datetime.fromisoformat("2027-07-01T19:00:00+02:00")


def test_days_end_after_the_last_and_instants_without_a_zone_float(made: Site) -> None:
    found = events(body(made, "town-lorient"))
    assert (found[EVENT[2]].start, found[EVENT[2]].end) == (date(2026, 12, 5), date(2026, 12, 8))
    assert found[EVENT[2]]["DTSTART"].params["VALUE"] == "DATE"
    assert found[EVENT[4]].start == datetime(2026, 12, 10, 9)
    assert found[EVENT[3]]["STATUS"] == "CANCELLED"
    assert found[EVENT[1]]["STATUS"] == "CONFIRMED"
    assert events(body(made, "all"))[EVENT[5]]["DTSTART"].to_ical() == b"20261211T000000Z"


@pytest.mark.parametrize("zone", ["x" * 5_000, "../../etc/passwd", "Mars/Olympus", "", "Europe", "\0"])
def test_a_zone_that_is_none_leaves_the_instant(made: Site, zone: str) -> None:
    read = {"id": "made", "url": "https://made.example/page", "fetched": READ}
    data = {"name": "x", "startDate": "2026-12-11T09:00:00+09:00", "timeZone": zone, "sources": [read]}
    told = happening(made.index, Node(EVENT[1], "Event", data))
    assert told is not None
    assert told.start == datetime(2026, 12, 11, tzinfo=UTC)


def test_an_end_that_cannot_be_is_left_out(made: Site) -> None:
    found = events(body(made, "all"))
    assert "DTEND" not in found[EVENT[10]]
    assert "DTEND" not in found[EVENT[11]]


def test_the_calendar_says_what_it_is_where_it_is_and_when_to_come_again(made: Site) -> None:
    calendar = icalendar.Calendar.from_ical(body(made, "town-lorient"))
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Lorient"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=12)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert b"X-PUBLISHED-TTL:PT12H" in body(made, "town-lorient")
    assert calendar["SOURCE"] == f"{BASE}feeds/town-lorient.ics"
    assert b"recroise.example" not in body(made, "town-lorient", base=None)


def test_each_scope_has_its_own_events_and_parts_are_told_by_their_whole(made: Site) -> None:
    assert ids(made, "town-lorient") == [EVENT[number] for number in (1, 2, 3, 4, 9)]
    assert ids(made, PLACE) == ids(made, "town-lorient")
    assert ids(made, SERIES) == [EVENT[7], EVENT[1]]  # the past before what comes
    assert ids(made, ORG) == [EVENT[7], EVENT[1]]
    every = {EVENT[number] for number in (1, 2, 3, 4, 5, 7, 9, 10, 11, 12)}  # neither the talk nor the month
    assert set(ids(made, "all")) == set(ids(made, "region-FR-BRE")) == set(ids(made, "source-made")) == every
    assert ids(made, EVENT[2]) == [EVENT[2], EVENT[8]]


def test_what_is_part_of_something_without_a_day_is_told_itself(tmp_path: Path) -> None:
    """A meetup that its source has for one event, with an evening each month, is in no calendar otherwise."""
    evening, meetup, other = (identity("Event", number) for number in (1, 2, 3))
    nodes = [
        NODES[0],
        {"id": meetup, "type": "Event", "name": "A meetup"},
        {"id": evening, "type": "Event", "name": "Its evening", "startDate": "2026-12-16"},
        {"id": other, "type": "Event", "name": "Another", "startDate": "2026-12-17T19:00:00"},
    ]
    edges = [(evening, "superEvent", meetup), (other, "superEvent", meetup), (meetup, "location", PLACE)]
    opened = site(tmp_path, nodes, edges)
    for name in ("all", "source-made", "town-lorient", PLACE, meetup):
        assert ids(opened, name) == [evening, other]
    found = ApiEvents().reply(opened, ApiEvents.parameters())
    assert [each.id for each in found.items] == [evening, other]
    opened.close()


def test_a_search_is_subscribed_to_with_its_filters(made: Site) -> None:
    assert ids(made, "search", {"q": ["timed"]}) == [EVENT[1]]
    assert ids(made, "search", {"near": ["Lorient"], "q": ["days"]}) == [EVENT[2]]
    assert icalendar.Calendar.from_ical(body(made, "search", {"q": ["a;b"]}))["SOURCE"].endswith("search.ics?q=a%3Bb")
    for query in ({"q": ["a", "b"]}, {"who": ["x"]}, {"near": ["99,0"]}, {"q": ["x" * 300]}, {"within": ["far"]}):
        with pytest.raises(BadRequestError):
            body(made, "search", query)


@pytest.mark.parametrize("near", ["Atlantis", "Perpignan", "10,10"])
def test_a_search_that_is_followed_stays_one_when_nothing_is_left_there(made: Site, near: str) -> None:
    """A program that is told of an error gives a subscription up."""
    assert ids(made, "search", {"near": [near]}) == []
    parsed = feedparser.parse(FeedAtom().answer(made, asked("search", "atom", {"near": [near]})).body)
    assert not parsed.bozo
    assert near in parsed.feed.title


def test_there_is_nothing_to_subscribe_to_of_people_or_of_what_is_not_there(made: Site) -> None:
    for name in (PERSON, "town-atlantis", "region-XX", "source-x", "place-000000000000", "search2", "town-"):
        with pytest.raises(NotFoundError):
            body(made, name)
    with pytest.raises(MovedError) as moved:
        body(made, identity("Event", 0xDEAD))
    assert moved.value.path == f"/feeds/{EVENT[1]}.ics"


def test_the_same_export_gives_the_same_bytes(made: Site, tmp_path: Path) -> None:
    again = site(tmp_path, NODES, EDGES)
    for name in ("all", "town-lorient", SERIES):
        assert body(made, name) == body(again, name)
        atom = [FeedAtom().answer(each, asked(name, "atom")).body for each in (made, again)]
        assert atom[0] == atom[1]
    again.close()


def test_zones_stand_in_one_order_whatever_the_process(tmp_path: Path) -> None:
    zones = ("Europe/Paris", "Europe/London", "America/New_York", "Asia/Tokyo", "Etc/UTC")
    held = [
        {"id": EVENT[number], "type": "Event", "name": zone, "startDate": "2026-12-01T09:00:00", "timeZone": zone}
        for number, zone in enumerate(zones, 1)
    ]
    site(tmp_path, held, []).close()
    made = {
        subprocess.run(
            [sys.executable, "-c", PRINTED, str(tmp_path)], check=True, capture_output=True, cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(made) == 1
    found = icalendar.Calendar.from_ical(made.pop())
    assert {str(each["TZID"]) for each in found.walk("VTIMEZONE")} >= {*zones} - {"Etc/UTC"}
    assert [each.name for each in found.subcomponents][-len(zones) :] == ["VEVENT"] * len(zones)


PRINTED = """
import sys
from pathlib import Path
from output.web.resource import Asked
from output.web.resources.feed_calendar import FeedCalendar
from output.web.site import Site
print(FeedCalendar().answer(Site(Path(sys.argv[1])), Asked("/feeds/all.ics", {"id": "all"})).body.decode())
"""


def test_a_calendar_without_events_has_a_component_all_the_same(tmp_path: Path) -> None:
    opened = site(tmp_path, [NODES[0]], [])
    found = icalendar.Calendar.from_ical(body(opened, PLACE))
    assert [each.name for each in found.subcomponents] == ["VTIMEZONE"]  # RFC 5545, 3.6: one at the least
    assert not feedparser.parse(FeedAtom().answer(opened, asked(PLACE, "atom")).body).bozo
    opened.close()


def test_words_of_a_source_add_no_line_to_a_calendar(made: Site) -> None:
    data = body(made, EVENT[9])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert not [line for line in data.split(b"\r\n") if line.startswith((b"ATTENDEE", b"<", b"\x1b"))]
    (event,) = events(data).values()
    assert event["SUMMARY"].startswith('a,b;c\\d "e" <script>alert(1)</script> ATTENDEE:mailto:x@example.org')
    assert "ATTENDEE" not in event
    assert event["URL"] == f"{BASE}fr/{EVENT[9]}/"  # its own is none
    assert "javascript" not in body(made, EVENT[8]).decode()


def test_our_own_reader_takes_the_calendar_back(made: Site) -> None:
    source = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="FR")
    document = Saved("http://saved.example/a.ics", body(made, "all"), READ, source, "text/calendar")
    reading = Icalendar().read(document)
    records = {each["name"]: each for each in reading.records if each["type"] == "Event"}
    assert len(records) == len(ids(made, "all"))
    assert records["Timed"]["startDate"] == "2026-12-03T18:30:00+01:00"
    assert records["Days"]["endDate"] == "2026-12-07"
    assert records["Called off"]["eventStatus"] == "EventCancelled"


def test_atom_tells_the_same_and_links_to_pages(made: Site) -> None:
    parsed = feedparser.parse(FeedAtom().answer(made, asked("town-lorient", "atom")).body)
    assert not parsed.bozo
    assert parsed.feed.title == "Lorient"
    assert {each.rel: each.href for each in parsed.feed.links} == {
        "self": f"{BASE}feeds/town-lorient.atom", "alternate": f"{BASE}fr/town/lorient/",
    }  # fmt: skip
    entries = {each.id: each for each in parsed.entries}
    assert set(entries) == {f"tag:recroise.example,2026:sub/event/{each}" for each in ids(made, "town-lorient")}
    timed = entries[f"tag:recroise.example,2026:sub/event/{EVENT[1]}"]
    assert timed.link == f"{BASE}fr/{EVENT[1]}/"
    assert timed.updated == "2026-11-20T08:00:00+00:00"
    said = timed.content[0].value.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("jeudi 3 décembre 2026, 18 h 30 – 20 h 30 (Europe/Paris) · La Cantine, ")
    called_off = entries[f"tag:recroise.example,2026:sub/event/{EVENT[3]}"]
    assert called_off.content[0].value.startswith("Annulé · mercredi 9 décembre 2026")
    assert [tag.term for tag in called_off.tags] == ["EventCancelled"]


def test_what_is_followed_from_an_english_page_is_english(made: Site) -> None:
    french, english = (
        feedparser.parse(resource.answer(made, which).body)
        for resource, which in ((FeedAtom(), asked("all", "atom")), (FeedAtomIn(), in_english("all", "atom")))
    )
    assert (french.feed.language, english.feed.language) == ("fr", "en")
    assert (french.feed.title, english.feed.title) == ("Recroise · Tous les événements", "Recroise · All events")
    assert french.feed.id != english.feed.id
    assert [each.id for each in french.entries] == [each.id for each in english.entries]
    (called_off,) = [each for each in english.entries if each.title == "Called off"]
    assert called_off.content[0].value.startswith("Cancelled · Wednesday 9 December 2026")
    assert [tag.label for tag in called_off.tags] == ["Cancelled"]
    links = {each.id: each.link for each in english.entries}
    assert links == {each.id: each.link.replace("/fr/", "/en/") for each in french.entries}
    assert english.feed.link == f"{BASE}en/"


def test_a_calendar_is_in_the_language_of_its_address(made: Site) -> None:
    french = events(body(made, "town-lorient"))
    english = events(FeedCalendarIn().answer(made, in_english("town-lorient", "ics")).body)
    assert french.keys() == english.keys()
    assert french[EVENT[3]]["DESCRIPTION"].startswith("Annulé\n")
    assert english[EVENT[3]]["DESCRIPTION"].startswith("Cancelled\n")
    assert f"{BASE}en/{EVENT[1]}/" in english[EVENT[1]]["DESCRIPTION"]
    region = icalendar.Calendar.from_ical(FeedCalendarIn().answer(made, in_english("region-FR", "ics")).body)
    assert region["X-WR-CALNAME"] == "France"


def test_a_feed_has_one_address_in_each_language(made: Site) -> None:
    client = TestClient(create_app(made.data, BASE, rate=None), follow_redirects=False)
    for language, path in (("fr", "feeds"), ("en", "feeds/en")):
        page = client.get(f"/{language}/town/lorient/").text
        assert f'href="../../../{path}/town-lorient.atom"' in page
        assert f'value="{BASE}{path}/town-lorient.ics"' in page
        assert f'"../{path}/all.ics"' in client.get(f"/{language}/").text
        assert client.get(f"/{path}/town-lorient.ics").status_code == 200
    moved = client.get("/feeds/fr/search.ics?q=x")
    assert (moved.status_code, moved.headers["location"]) == (308, "../search.ics?q=x")
    assert client.get("/feeds/de/all.ics").status_code == 404
    assert client.get("/feeds/en/search.ics?q=timed").status_code == 200


@pytest.mark.parametrize(
    ("base", "begins"),
    [
        ("https://a.example/", "tag:a.example,2026:"),
        ("http://A.example", "tag:a.example,2026:"),  # the same, however it is reached
        ("https://a.example/town/", "tag:a.example,2026:town/"),
        ("http://127.0.0.1:8000/", "tag:127.0.0.1,2026:8000/"),
        ("https://bücher.example/é/", "tag:recroise.org,2026:"),
        ("http://[::1]:8000/", "tag:recroise.org,2026:"),
        (None, "tag:recroise.org,2026:"),
    ],
)
def test_ids_are_of_the_site_that_gives_them(made: Site, base: str | None, begins: str) -> None:
    parsed = feedparser.parse(FeedAtom().answer(made, asked("all", "atom", base=base)).body)
    assert parsed.feed.id == f"{begins}events/all"
    assert {each.id.removeprefix(f"{begins}event/") for each in parsed.entries} == {*ids(made, "all")}


def test_a_feed_of_a_search_is_known_by_what_is_looked_for(made: Site) -> None:
    def name(query: dict[str, list[str]]) -> str:
        return str(feedparser.parse(FeedAtom().answer(made, asked("search", "atom", query)).body).feed.id)

    assert name({"q": ["timed"], "near": ["Lorient"]}) == name({"near": ["Lorient"], "q": ["timed"]})
    assert len({name({"q": [word]}) for word in ("timed", "days", "é&b")}) == 3


def test_a_town_in_any_script_has_its_calendar(tmp_path: Path) -> None:
    held = [
        {"id": EVENT[1], "type": "Event", "name": "x", "startDate": "2026-12-01"},
        {"id": PLACE, "type": "Place", "name": "y", "addressLocality": "Москва"},
    ]
    site(tmp_path, held, [(EVENT[1], "location", PLACE)]).close()
    client = TestClient(create_app(tmp_path, BASE, rate=None))
    page = client.get("/fr/town/москва/").text
    (link,) = re.findall(r'type="text/calendar"[^>]*>|href="(../../../feeds/town-[^"]*.ics)"', page)[:1]
    assert "Москва" in page
    whole = "https://recroise.example/sub/feeds/town-%D0%BC%D0%BE%D1%81%D0%BA%D0%B2%D0%B0"
    for kind, said in (("ics", f"SOURCE;VALUE=URI:{whole}.ics"), ("atom", f'href="{whole}.atom" rel="self"')):
        answer = client.get(urljoin("/fr/town/x/", link.replace(".ics", f".{kind}")))
        assert answer.status_code == 200
        assert said in answer.text.replace("\r\n ", "")
    for text in (page, client.get("/sitemap/1.xml").text):
        found = re.findall(r"https://recroise\.example/[^\"<]*", text)
        assert [each for each in found if not each.isascii()] == []
        assert f"{BASE}fr/town/%D0%BC%D0%BE%D1%81%D0%BA%D0%B2%D0%B0/" in found


def test_what_is_published_needs_no_server(made: Site) -> None:
    calendars = [each["id"] for each in FeedCalendar().published(made)]
    assert len(calendars) == len(set(calendars))
    assert {"all", "town-lorient", "region-FR", "region-FR-BRE", "source-made", PLACE, SERIES, ORG, EVENT[1]} <= {
        *calendars
    }
    assert EVENT[8] in calendars  # a talk, which has a page with a link to it
    assert not {"search", PERSON, EVENT[6], EVENT[7]} & {*calendars}
    for name in calendars:
        assert body(made, name)
    for each in FeedAtom().published(made):
        assert not feedparser.parse(FeedAtom().answer(made, asked(each["id"], "atom")).body).bozo


def test_a_source_makes_up_no_file(tmp_path: Path) -> None:
    places = [
        {
            "id": identity("Place", number),
            "type": "Place",
            "name": "x",
            "addressLocality": town,
            "addressRegion": region,
        }
        for number, (town, region) in enumerate(
            (("../../etc", "../../etc"), ("a/b\\c", "FR-BRE/x"), ("é" * 300, "FR BRE")), 1
        )
    ]
    held = [{"id": EVENT[number], "type": "Event", "name": "x", "startDate": "2026-12-01"} for number in (1, 2, 3)]
    edges = [(EVENT[number], "location", identity("Place", number)) for number in (1, 2, 3)]
    opened = site(tmp_path, [*places, *held], edges)
    names = [each["id"] for each in FeedCalendar().published(opened)]
    assert {"town-etc", "town-a-b-c", "region-FR-BRE", "source-made"} <= {*names}
    assert [each for each in names if "/" in each or ".." in each or len(each) > 120] == []
    for name in names:
        assert body(opened, name)
    opened.close()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120)


@settings(max_examples=100)
@given(name=TEXT, description=TEXT, town=TEXT, topic=TEXT)
def test_whatever_a_source_says_calendars_and_feeds_stay_whole(
    name: str, description: str, town: str, topic: str
) -> None:
    read = {"id": "made", "url": f"https://made.example/{town}", "fetched": READ}
    data = {"name": name, "description": description, "about": [topic], "url": f"https://x.example/{topic}"}
    place = Node(PLACE, "Place", {"name": town, "addressLocality": town, "sources": [read]})
    event = Node(EVENT[1], "Event", {**data, "sources": [read]})
    told = [Happening(event, date(2026, 12, 1), None, place)]
    made = calendar(name, told, None, {}, "fr")
    (found,) = events(made).values()
    assert str(found["SUMMARY"]) == "".join(char for char in " ".join(name.split()) if char.isprintable())
    assert icalendar.Calendar.from_ical(made).to_ical() == made
    parsed = feedparser.parse(atom("all", name, told, None, None, {}, "fr", None))
    assert not parsed.bozo
    assert len(parsed.entries) == 1
