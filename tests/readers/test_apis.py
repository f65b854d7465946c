"""What the interfaces of platforms answer beside data: their own errors, and other things under the same address."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import readers
from crawler.catalogue import Source
from crawler.documents import Document, ReaderError, Reading
from crawler.intake import take
from crawler.paging import parameter
from crawler.privacy import Exclusions
from tests.readers.golden import cases, document_of

SOURCE = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="FR")


def document(answer: Any, url: str = "http://saved.example/api", **more: Any) -> Document:
    return Document(url, json.dumps(answer).encode(), "2012-11-20T09:00:00Z", SOURCE, "application/json", **more)


def read(reader: str, answer: Any, **more: Any) -> Reading:
    return readers.READERS[reader].read(document(answer, **more))


def problem(reader: str, answer: Any) -> str:
    with pytest.raises(ReaderError) as caught:
        read(reader, answer)
    assert "\n" not in str(caught.value)
    return caught.value.problem


@pytest.mark.parametrize(
    ("reader", "answer", "said"),
    [
        ("theeventscalendar", {"code": "event-not-found", "message": "Aucun", "data": {"status": 404}}, "Aucun"),
        ("theeventscalendar", {"events": 3}, "no events"),
        ("gancio", {"error": "x"}, "neither a list"),
        ("mobilizon", {"data": {"group": None}, "errors": [{"message": "Group not found"}]}, "Group not found"),
        ("mobilizon", {"errors": [3]}, "says: 3"),
        ("mobilizon", {"data": {}}, "no data"),
        ("activitypub", ["x"], "no type"),
        ("openagenda", {"error": "access denied"}, "access denied"),
        ("openagenda", [], "no events"),
        ("agendadulibre", {"status": 404}, "neither events"),
        ("communecter", {"result": False, "msg": "Accès refusé"}, "Accès refusé"),
        ("communecter", [], "no entities"),
        ("gogocarto", {"error": "Element does not exists"}, "no data"),
        ("wordpress", {"code": "rest_no_route", "message": "Aucune route", "data": {"status": 404}}, "Aucune route"),
        (
            "wordpress",
            [{"id": 1, "name": "ada", "slug": "ada", "link": "http://x.example/", "avatar_urls": {}}],
            "users",
        ),
        ("wordpress", [{"id": 1, "taxonomy": "category"}], "no posts"),
    ],
)
def test_an_error_is_said_in_its_own_words(reader: str, answer: Any, said: str) -> None:
    assert said in problem(reader, answer)


MOBILIZON = {"query": "{ searchEvents(page: 3, limit: 2) { total elements { uuid } } }"}


@pytest.mark.parametrize(
    ("asked", "total", "page"),
    [
        (json.dumps(MOBILIZON), 7, "page: 4,"),
        (json.dumps(MOBILIZON), 6, None),
        (json.dumps(MOBILIZON), "many", None),
        ("", 7, None),
        ("[]", 7, None),
        (json.dumps({"query": "{ events { total } }"}), 7, None),
    ],
)
def test_the_next_page_of_a_query_is_asked_for_as_the_last_was(asked: str, total: Any, page: str | None) -> None:
    event = {"title": "x", "beginsOn": "2012-11-08T17:30:00Z"}
    links = read("mobilizon", {"data": {"searchEvents": {"total": total, "elements": [event]}}}, asked=asked).links
    assert [link.url for link in links] == (["http://saved.example/api"] if page else [])
    assert not page or page in json.loads(links[0].body or "")["query"]


def test_a_query_without_events_ends() -> None:
    answer = {"data": {"searchEvents": {"total": 99, "elements": []}}}
    assert read("mobilizon", answer, asked=json.dumps(MOBILIZON)).links == []
    assert [reader.name for reader, _ in readers.recognise(document(answer))] == ["mobilizon"]


def test_errors_alone_are_the_readers_that_asked() -> None:
    answer = {"errors": [{"message": "complexity"}], "data": None}
    found = readers.recognise(document(answer, asked=json.dumps(MOBILIZON)))
    assert [reader.name for reader, _ in found] == ["mobilizon"]
    assert "mobilizon" not in {reader.name for reader, _ in readers.recognise(document(answer))}


def test_an_event_of_many_timings_does_not_fill_the_store() -> None:
    timings = [
        {"begin": f"2012-{month:02d}-{day:02d}T09:00:00+01:00"} for month in range(1, 13) for day in range(1, 29)
    ]
    reading = read("openagenda", {"events": [{"uid": n, "title": "x", "timings": timings} for n in range(40)]})
    assert len(reading.records) == 10_000
    assert reading.problems == ["http://saved.example/api: more than 10000 timings; the rest is left out"]


def test_a_list_of_users_is_known_and_refused() -> None:
    users = document([{"id": 1, "name": "Ada Lovelace", "slug": "ada", "link": "http://x.example/", "avatar_urls": {}}])
    assert [reader.name for reader, _ in readers.recognise(users)] == ["wordpress"]
    with pytest.raises(ReaderError, match="nobody is named for having an account"):
        readers.read(users)
    with pytest.raises(ReaderError, match="nobody is named for having an account"):
        read("wordpress", [], url="http://saved.example/wp-json/wp/v2/users?page=2")


@pytest.mark.parametrize(
    ("headers", "page"),
    [
        ({"x-wp-totalpages": "3"}, "2"),
        ({"x-wp-totalpages": "1"}, None),
        ({"x-wp-totalpages": "many"}, None),
        ({"link": '<http://saved.example/api?page=1>; rel="prev", <http://saved.example/api?page=7>; rel="next"'}, "7"),
        ({"link": '<javascript:x>; rel="next"', "x-wp-totalpages": "3"}, None),
        ({}, None),
    ],
)
def test_a_list_goes_on_where_its_headers_say(headers: dict[str, str], page: str | None) -> None:
    links = read("wordpress", [], url="http://saved.example/api?per_page=100", headers=headers).links
    assert [parameter(link.url, "page") for link in links] == ([page] if page else [])


JSON = [case for case in cases() if case.suffix == ".json"]
# Their records keep to the contract whatever a platform answers; others may say that a record was refused.
APIS = {
    "activitypub",
    "agendadulibre",
    "communecter",
    "gancio",
    "gogocarto",
    "mobilizon",
    "openagenda",
    "theeventscalendar",
    "wordpress",
}
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["x" * 700, "http://[", "https://x.example/" + "a" * 700, "2012-02-31", "0001-01-01", 1e12]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "type", "id"]), inner),
    max_leaves=4,
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where every value of a JSON document stands."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else []
    return [path, *(place for key, value in inside for place in places(value, (*path, key)))]


def put(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a JSON document with another value in one place."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = put(copy[path[0]], path[1:], value)
    return copy


@settings(max_examples=150)
@given(st.data())
def test_a_value_of_another_kind_anywhere_breaks_no_reader_and_no_record(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(JSON))
    original = document_of(case)
    answer = original.json
    for _ in range(data.draw(st.integers(1, 3))):
        answer = put(answer, data.draw(st.sampled_from(places(answer))), data.draw(ODD))
    spoilt = Document(
        original.url, json.dumps(answer).encode(), original.fetched, original.source, original.content_type,
        asked=original.asked, headers=original.headers,
    )  # fmt: skip
    readers.recognise(spoilt)
    try:
        reading = readers.READERS[case.parent.name].read(spoilt)
    except ReaderError as error:
        assert "\n" not in str(error)
        return
    refused = take(reading, spoilt, Exclusions()).refused
    assert not refused or case.parent.name not in APIS


ORGANISED = {"type": "Event", "id": "http://a.example/1", "name": "x", "startTime": "2012-11-08T17:30:00Z",
             "to": "as:Public", "@context": "https://www.w3.org/ns/activitystreams"}  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "state"),
    [
        ("Postponed", "EventPostponed"),
        ("cancelled", "EventCancelled"),
        ("EventMovedOnline", "EventMovedOnline"),
        ("eventRescheduled", "EventRescheduled"),
        ("https://schema.org/EventCancelled", "EventCancelled"),
        ("Tentative", None),
        ("", None),
    ],
)
def test_the_state_of_an_activitypub_event_may_be_written_short(stated: str, state: str | None) -> None:
    (event,) = read("activitypub", {**ORGANISED, "eventStatus": stated}).records
    assert event.get("eventStatus") == state


def test_a_single_event_of_the_events_calendar_is_recognised_by_its_address() -> None:
    post = {
        "title": "x",
        "start_date": "2012-11-08 18:30:00",
        "rest_url": "http://a.example/wp-json/tribe/events/v1/events/7",
    }
    reader, mark = readers.recognise(document(post))[0]
    assert (reader.name, mark) == ("theeventscalendar", "a single post of tribe/events/v1")


def test_events_of_agenda_du_libre_with_one_site_are_several() -> None:
    row = {"title": "x", "start_time": "2012-11-08T18:30:00+01:00", "city": "Brest", "url": "http://lug.example"}
    rows = [{**row, "id": 7}, {**row, "id": 8}, {key: row[key] for key in ("title", "start_time", "city")} | {"id": 9}]
    found = read("agendadulibre", rows, url="http://www.agendadulibre.org/events.json").records
    assert [event["id"] for event in found] == [f"http://www.agendadulibre.org/events/{each}" for each in (7, 8, 9)]


@pytest.mark.parametrize(
    ("shown", "ends"),
    [
        ({"showStartTime": False, "showEndTime": False}, "2012-11-09"),
        ({"showStartTime": True, "showEndTime": False}, "2012-11-09"),
        ({"showStartTime": True, "showEndTime": True}, "2012-11-09T20:00:00+01:00"),
    ],
)
def test_an_end_on_another_day_is_kept_where_only_its_hour_is_hidden(shown: dict[str, bool], ends: str) -> None:
    event = {"title": "x", "beginsOn": "2012-11-08T17:30:00Z", "endsOn": "2012-11-09T19:00:00Z",
             "options": {"timezone": "Europe/Paris", **shown}}  # fmt: skip
    (record,) = read("mobilizon", {"data": {"event": event}}).records
    assert record["endDate"] == ends
