"""schema.org data as pages write it, and as nobody should."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.catalogue import Source
from crawler.documents import Document, Reading
from crawler.intake import take
from crawler.privacy import Exclusions
from crawler.readers.jsonld import Jsonld
from crawler.readers.microdata import Microdata

SOURCE = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="FR")


def document(*blocks: Any, **source: Any) -> Document:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    body = f"<html><head>{scripts}</head></html>".encode()
    return Document(
        "http://saved.example/", body, "2012-11-20T09:00:00Z", SOURCE.model_copy(update=source), "text/html"
    )


def read(*blocks: Any, **source: Any) -> Reading:
    return Jsonld().read(document(*blocks, **source))


def event(**fields: Any) -> dict[str, Any]:
    (record,) = read({"@type": "Event", "name": "x", "startDate": "2012-11-08T18:30", **fields}).records
    return record


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"eventStatus": "http://schema.org/EventCancelled"}, "EventCancelled"),
        ({"eventStatus": "EventScheduled", "previousStartDate": "2012-11-01T18:30"}, "EventRescheduled"),
        ({"previousStartDate": "2012-11-08T18:30"}, None),
        ({"eventStatus": "EventCancelled", "previousStartDate": "2012-11-01"}, "EventCancelled"),
        ({"name": "Annulé : x", "eventStatus": "EventScheduled"}, "EventCancelled"),
        ({"eventStatus": "whatever"}, None),
    ],
)
def test_the_state_of_an_event(fields: dict[str, Any], status: str | None) -> None:
    found = event(**fields)
    assert (found["name"], found.get("eventStatus")) == ("x", status)


@pytest.mark.parametrize(
    ("location", "place", "mode"),
    [
        ("La Cantine, 4 rue Neuve, 35000 Rennes", "La Cantine", None),
        ({"@type": "PostalAddress", "streetAddress": "4 rue Neuve", "addressLocality": "Rennes"}, "4 rue Neuve", None),
        ({"@type": "Organization", "name": "La Cantine", "address": "4 rue Neuve"}, "La Cantine", None),
        ({"@type": "Place", "name": "TBA", "address": {"addressLocality": "Rennes"}}, "Rennes", None),
        ({"@type": "Place", "name": "En ligne"}, "En ligne", "OnlineEventAttendanceMode"),
        (
            [{"@type": "VirtualLocation", "url": "http://a.example/"}, "La Cantine"],
            "La Cantine",
            "MixedEventAttendanceMode",
        ),
        ("https://visio.example/salle", "online", "OnlineEventAttendanceMode"),
        (None, None, None),
    ],
)
def test_where_it_takes_place(location: Any, place: str | None, mode: str | None) -> None:
    found = event(location=location)
    assert (found.get("location", {}).get("name"), found.get("eventAttendanceMode")) == (place, mode)


def test_a_schedule_gives_occurrences_under_a_series() -> None:
    schedule = {"repeatFrequency": "P1W", "byDay": ["schema:Thursday"], "repeatCount": 3, "endTime": "20:00"}
    reading = read({"@type": "Event", "name": "x", "startDate": "2012-11-08T18:30", "eventSchedule": schedule})
    *events, series = reading.records
    assert [each["startDate"][:10] for each in events] == ["2012-11-08", "2012-11-15", "2012-11-22"]
    assert {each["endDate"][11:16] for each in events} == {"20:00"}
    assert (series["type"], series["eventSchedule"]) == ("EventSeries", "FREQ=WEEKLY;COUNT=3;BYDAY=TH")
    assert {each["superEvent"]["id"] for each in events} == {series["id"]}


@pytest.mark.parametrize("schedule", [{}, {"repeatFrequency": "PT1S"}, {"repeatFrequency": "P1D", "startDate": "hier"}])
def test_a_schedule_that_cannot_be_followed_leaves_the_stated_date_and_is_told(schedule: dict[str, Any]) -> None:
    stated = {
        "@type": "Event",
        "name": "x",
        "startDate": "2012-11-08",
        "eventSchedule": {"@type": "Schedule", **schedule},
    }
    if "startDate" in schedule:
        stated["eventSchedule"]["startDate"] = "hier"
    reading = read(stated)
    assert [each["startDate"] for each in reading.records] == ["2012-11-08"]
    assert len(reading.problems) == 1


def test_events_told_of_from_the_other_side_know_who_holds_them_and_where() -> None:
    inner = {"@type": "Event", "name": "x", "startDate": "2012-11-08"}
    place = {"@type": "Place", "@id": "#p", "name": "La Cantine", "event": [inner]}
    group = {"@type": "Organization", "name": "Les Locos", "@reverse": {"organizer": inner}}
    events = [each for each in read(place, group).records if each["type"] == "Event"]
    assert events[0]["location"]["name"] == "La Cantine"
    assert events[1]["organizer"][0]["name"] == "Les Locos"


def test_what_is_nested_under_an_id_is_found_from_elsewhere() -> None:
    place = {"@type": "Place", "@id": "#p", "name": "La Cantine"}
    one = {"@type": "Event", "name": "a", "startDate": "2012-11-08", "location": place}
    other = {"@type": "Event", "name": "b", "startDate": "2012-11-09", "location": {"@id": "#p"}}
    assert {each["location"]["name"] for each in read(one, other).records} == {"La Cantine"}


def test_accounts_of_a_sites_programs_are_no_people() -> None:
    people = [{"@type": "Person", "@id": f"#{name}", "name": name} for name in ("admin", "Jean", "Ada Le Gall")]
    hired = {"@type": "Person", "name": "Jo", "jobTitle": "animatrice"}
    assert [each["name"] for each in read({"@graph": [*people, hired]}).records] == ["Ada Le Gall", "Jo"]


def test_every_key_is_used_or_ignored_or_a_surprise() -> None:
    place = {
        "@type": "Place",
        "name": "p",
        "wifi": 1,
        "address": {"@type": "PostalAddress", "addressLocality": "l", "etage": 2},
    }
    nodes = [
        {"@type": "Event", "name": "x", "startDate": "2012", "moon": 1, "offers": {}, "location": place},
        {"@type": "Ufo"},
    ]
    surprises = read(*nodes).surprises
    assert set(surprises) == {"Event.moon", "Place.wifi", "PostalAddress.etage", "type Ufo"}


def test_nodes_that_name_each_other_in_circles_cost_a_bounded_time() -> None:
    people = [
        {"@type": "Person", "@id": f"#{n}", "name": f"Ada Le Gall {n}", "worksFor": {"@id": "#o"}} for n in range(60)
    ]
    all_ = [{"@id": each["@id"]} for each in people]
    group = {"@type": "Organization", "@id": "#o", "name": "o", "founder": all_, "employee": all_}
    events = [
        {"@type": "Event", "@id": f"#e{n}", "name": "x", "startDate": "2012", "organizer": {"@id": "#o"}, "performer": all_,
         "superEvent": [{"@id": f"#e{m}"} for m in range(n)], "subEvent": [{"@id": f"#e{m}"} for m in range(30)]}
        for n in range(30)
    ]  # fmt: skip
    page = document({"@graph": [group, *people, *events]})
    reading = Jsonld().read(page)
    assert take(reading, page, Exclusions()).refused == []


KEYS = [
    "@type",
    "@id",
    "@graph",
    "@reverse",
    "@value",
    "name",
    "startDate",
    "endDate",
    "location",
    "organizer",
    "address",
]
KEYS += [
    "performer",
    "superEvent",
    "subEvent",
    "eventSchedule",
    "repeatFrequency",
    "byDay",
    "exceptDate",
    "event",
    "geo",
]
KEYS += [
    "startTime",
    "eventStatus",
    "itemListElement",
    "item",
    "founder",
    "worksFor",
    "url",
    "sameAs",
    "latitude",
    "attendee",
]


@pytest.mark.parametrize("href", ["http://[", "//[", "javascript:x", "http://a b.example/"])
def test_a_link_that_cannot_be_joined_does_not_lose_a_page_of_microdata(href: str) -> None:
    item = f'<p itemscope itemtype="http://schema.org/Event"><b itemprop="name">x</b><a itemprop="url" href="{href}">y</a></p>'
    page = Document("http://saved.example/", f"<html>{item}".encode(), "2012-11-20T09:00:00Z", SOURCE, "text/html")
    assert [each["name"] for each in Microdata().read(page).records] == ["x"]


VALUES = st.recursive(
    st.sampled_from(["x", "", "2012-11-08", "Event", "#e", "P1W", "TH", 1, -1, True, None, 1e300, "2012-11-08T18:30"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)
TYPES = ["Event", "Place", "Organization", "Person", "ItemList", "EventSeries", "WebPage", "BlogPosting", "Schedule"]


@settings(max_examples=150)
@given(st.sampled_from(TYPES), VALUES, st.booleans())
def test_no_values_raise_anything_and_what_they_give_is_let_in(kind: str, value: Any, attendees: bool) -> None:
    node = {"@type": kind, "name": "x", "startDate": "2012", **(value if isinstance(value, dict) else {"event": value})}
    page = document(node, attendees=attendees)
    reading = Jsonld().read(page)
    assert take(reading, page, Exclusions()).refused == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "42 avenue de la Perrière, 56100 Lorient",
            {"streetAddress": "42 avenue de la Perrière", "postalCode": "56100", "addressLocality": "Lorient"},
        ),
        (
            "Hauptstr. 1, 10115 Berlin, Germany",
            {"streetAddress": "Hauptstr. 1", "postalCode": "10115", "addressLocality": "Berlin",
             "addressCountry": "Germany"},
        ),
        (
            "3 rue X 29000 Quimper France",
            {"streetAddress": "3 rue X", "postalCode": "29000", "addressLocality": "Quimper",
             "addressCountry": "France"},
        ),
        ("10 Downing Street, London", {"streetAddress": "10 Downing Street, London"}),
    ],
)  # fmt: skip
def test_an_address_that_is_one_text_is_parted_where_its_postcode_tells(text: str, address: dict[str, str]) -> None:
    assert event(location={"@type": "Place", "name": "y", "address": text})["location"]["address"] == address


def test_a_series_on_the_net_is_kept() -> None:
    reading = read(
        {
            "@type": "Event",
            "name": "x",
            "startDate": "2012-11-08T18:30",
            "location": {"@type": "VirtualLocation", "url": "http://saved.example/call"},
            "eventSchedule": {"@type": "Schedule", "repeatFrequency": "P1W", "repeatCount": 2,
                              "startDate": "2012-11-08", "startTime": "18:30"},
        }
    )  # fmt: skip
    taken = take(reading, document(), Exclusions())
    assert not taken.refused
    assert [record["type"] for record in taken.records].count("EventSeries") == 1


def test_schedules_of_one_document_are_bounded_together() -> None:
    schedule = {"repeatFrequency": "P1D", "startDate": "2010-01-01", "endDate": "2040-01-01", "startTime": "10:00"}
    events = [
        {"@type": "Event", "name": f"x {number}", "startDate": "2012-11-08T10:00", "eventSchedule": schedule}
        for number in range(80)
    ]
    reading = read(events)
    assert len(reading.records) < 60_000
    assert [problem for problem in reading.problems if "more than 50000 things" in problem]
