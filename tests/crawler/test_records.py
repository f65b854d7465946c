"""The record's contract: what it takes, what it refuses and how it says so."""

import json
from datetime import date, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crawler
from crawler.records import RecordError, content_hash, json_schema, parse, record_key, to_json

SOURCE = {"id": "s", "url": "http://a.example/", "fetched": "2026-11-23T10:00:00Z", "licence": "CC0-1.0"}

EVENT = {
    "type": "Event",
    "id": "uid-1",
    "name": "Open Coffee de Lorient",
    "startDate": "2012-11-08T18:30:00+01:00",
    "timeZone": "Europe/Paris",
    "eventStatus": "EventScheduled",
    "location": {
        "type": "Place",
        "name": "Technopole de Lorient",
        "address": {"addressLocality": "Lorient"},
        "geo": {"latitude": 47.75, "longitude": -3.37},
    },
    "organizer": [{"type": "Organization", "name": "Technopole de Lorient"}],
    "performer": [
        {
            "type": "Person",
            "name": "Karine Sabatier",
            "jobTitle": "directrice",
            "worksFor": {"type": "Organization", "name": "La Cantine numérique rennaise"},
        }
    ],
    "superEvent": {"type": "EventSeries", "name": "Open Coffee"},
    "about": ["Dynamique des Cantines"],
    "url": "http://a.example/occ",
    "source": SOURCE,
}


def test_a_record_comes_back_as_it_went_in() -> None:
    assert to_json(parse(EVENT)) == EVENT


def test_the_published_schema_is_the_one_of_the_models_and_takes_the_record() -> None:
    published = json.loads((Path(crawler.__file__).parent / "record.schema.json").read_text(encoding="utf-8"))
    assert published == json_schema(), "write it anew: python -m crawler.schema"
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.Draft202012Validator(published).validate(EVENT)


@pytest.mark.parametrize("kind", ["Person", "Place", "Event", "EventSeries", "Organization"])
def test_each_type_needs_no_more_than_a_name_and_its_source(kind: str) -> None:
    record = {"type": kind, "name": "x", "source": SOURCE}
    assert to_json(parse(record)) == record


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"foo": 1}, "foo: unknown key"),
        ({"location": {"type": "Place", "name": "x", "tel": "1"}}, "location.tel: unknown key"),
        ({"startDate": "2013-02-30"}, "startDate: no such day: '2013-02-30'"),
        ({"startDate": "2013-13"}, "startDate: no such day"),
        ({"startDate": "2013-02-03T25:00"}, "startDate: no such time"),
        ({"startDate": "demain"}, "startDate: not an ISO 8601 date"),
        ({"startDate": "9999-01-01"}, "startDate: year out of range"),
        ({"endDate": "2011-01-01"}, "record: endDate is before startDate"),
        (
            {"location": {"type": "Place", "name": "x", "geo": {"latitude": 91, "longitude": 0}}},
            "location.geo.latitude",
        ),
        ({"location": {"type": "Place", "name": "x", "geo": {"latitude": float("nan"), "longitude": 0}}}, "latitude"),
        ({"performer": [{"type": "Person"}]}, "performer.0.name: missing"),
        ({"performer": [{"type": "Robot", "name": "x"}]}, "type must be one of"),
        ({"eventStatus": "Maybe"}, "eventStatus"),
        ({"url": "mailto:a@b.fr"}, "url: not an http or https address"),
        ({"url": "javascript:alert(1)"}, "url: not an http or https address"),
        ({"type": "Offer"}, "type must be one of Person, Place, Event, EventSeries, Organization"),
        ({"name": " \u202e "}, "name"),
        ({"source": {"id": "s"}}, "source.url: missing"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(change: dict, message: str) -> None:
    with pytest.raises(RecordError, match=r".") as error:
        parse({**EVENT, **change})
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_text_is_one_line_without_control_characters() -> None:
    record = parse({**EVENT, "name": "  Open\n\tCoffee\x1b[31m\u202e \u00a0Lorient\x00 "})
    assert record.name == "Open Coffee[31m Lorient"


def test_a_single_thing_may_stand_where_a_list_is_meant() -> None:
    record = {**EVENT, "performer": EVENT["performer"][0], "about": "Dynamique des Cantines"}
    assert to_json(parse(record)) == EVENT


def test_schema_org_addresses_of_a_status_are_taken() -> None:
    record = parse({**EVENT, "eventStatus": "https://schema.org/EventCancelled"})
    assert to_json(record)["eventStatus"] == "EventCancelled"


def test_deep_nesting_is_refused_not_crashed_on() -> None:
    event: dict = {"type": "Event", "name": "x"}
    for _ in range(5_000):
        event = {"type": "Event", "name": "x", "superEvent": event}
    with pytest.raises(RecordError):
        parse({**event, "source": SOURCE})


def test_the_key_hangs_on_source_type_and_own_key_alone() -> None:
    moved = {**EVENT, "name": "Open Coffee (nouvelle salle)", "startDate": "2012-11-15"}
    assert record_key(moved) == record_key(EVENT)
    assert record_key({**EVENT, "source": {**SOURCE, "id": "t"}}) != record_key(EVENT)
    assert "karine" not in record_key({"type": "Person", "name": "karine", "source": SOURCE})


def test_the_content_does_not_hang_on_when_it_was_read() -> None:
    later = {**EVENT, "source": {**SOURCE, "fetched": "2027-01-01T00:00:00Z"}}
    assert content_hash(later) == content_hash(EVENT)
    assert content_hash({**EVENT, "name": "x"}) != content_hash(EVENT)


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31)))
def test_every_real_day_is_taken(day: date) -> None:
    assert parse({**EVENT, "startDate": day.isoformat()}).start_date == day.isoformat()


@given(st.datetimes(min_value=datetime(1800, 1, 1), max_value=datetime(2200, 12, 31)))
def test_every_real_time_is_taken_and_given_seconds(moment: datetime) -> None:
    stated = moment.strftime("%Y-%m-%dT%H:%M").rjust(16, "0")
    assert parse({**EVENT, "startDate": stated}).start_date == stated + ":00"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*EVENT, "x"]), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*EVENT, "geo", "x"]), JSON))
def test_no_data_whatsoever_raises_anything_but_its_own_error(data: dict) -> None:
    try:
        record = parse({**EVENT, **data})
    except RecordError:
        return
    assert parse(to_json(record)) == record
