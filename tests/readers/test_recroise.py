"""What another instance gives: every fact keeps the page that it came from, and takes nobody else's place."""

import json

import pytest

from crawler import readers
from crawler.documents import Document, ReaderError
from crawler.intake import Intake, take
from crawler.privacy import Exclusions
from crawler.records import record_key
from tests.readers.golden import SAVED, document_of


def taken(name: str) -> Intake:
    document = document_of(SAVED / "recroise" / name)
    return take(readers.read(document), document, Exclusions())


def test_records_keep_the_page_licence_and_instant_that_they_were_read_from() -> None:
    event, cale, phare = taken("records.jsonl").records
    assert event["source"] == {
        "id": "saved/open-coffee",
        "url": "http://oc.example/12",
        "fetched": "2012-11-15T09:00:00Z",
        "licence": "CC0-1.0",
        "sha256": "a" * 64,
        "format": "icalendar",
    }
    assert "attendee" not in event
    assert [each["source"]["licence"] for each in (cale, phare)] == ["ODbL-1.0", "unknown"]


def test_another_instances_records_take_no_place_of_ours_nor_of_each_others() -> None:
    _, cale, phare = taken("records.jsonl").records
    ours = {**cale, "source": {**cale["source"], "id": "lieux-a"}}
    assert (cale["id"], phare["id"]) == ("1", "1")
    assert len({record_key(each) for each in (cale, phare, ours)}) == 3


def test_a_graph_gives_what_each_page_states_and_no_more() -> None:
    intake = taken("graph.json")
    assert intake.refused == []
    by_page = {(each["source"]["url"], each["name"]): each for each in intake.records}
    first, second = by_page["http://a.example/1", "La Cale"], by_page["http://a.example/2", "Cale"]
    assert (first["address"], first["keywords"], "geo" in first) == (
        {"addressLocality": "Lorient"},
        ["café", "wifi"],
        False,
    )
    assert (second["geo"], second["keywords"], "address" in second) == (
        {"latitude": 47.75, "longitude": -3.37},
        ["wifi"],
        False,
    )
    assert first["id"] != second["id"]
    apero = by_page["http://c.example/x", "Apéro"]
    assert (apero["location"]["name"], apero["performer"][0]["jobTitle"], "attendee" in apero) == (
        "La Cale",
        "oratrice",
        False,
    )
    ada = by_page["http://c.example/x", "Ada Lovelace"]
    assert (ada["jobTitle"], ada["worksFor"]["name"], ada["source"]["licence"]) == (
        "fondatrice",
        "Machines",
        "CC-BY-4.0",
    )


@pytest.mark.parametrize(
    "body", [b"{}", b'{"type": "Place"}', b"[]", b"", b'{"$schema": "https://recroise.org/schema/graph-1.json"}']
)
def test_what_is_neither_records_nor_a_graph_is_refused(body: bytes) -> None:
    given = document_of(SAVED / "recroise" / "records.jsonl")
    with pytest.raises(ReaderError, match=r"no records of Recroise|a graph without nodes"):
        readers.READERS["recroise"].read(Document(given.url, body, given.fetched, given.source))


def test_a_record_whose_key_is_no_text_is_none() -> None:
    given = document_of(SAVED / "recroise" / "records.jsonl")
    body = given.body.replace(b'"id": "oc-12"', b'"id": ["oc-12"]').replace(b'"id": "1"', b'"id": {}', 1)
    document = Document(given.url, body, given.fetched, given.source)
    reading = readers.read(document)
    assert [each["name"] for each in take(reading, document, Exclusions()).records] == ["Le Phare"]
    assert len(reading.problems) == 4, reading.problems


@pytest.mark.parametrize("wrong", [{"type": ["Place"]}, {"id": ["1"]}, {"id": {"a": 1}}, {"name": [1]}, {"url": 7}])
def test_what_is_no_record_is_refused_and_the_others_are_taken(wrong: dict[str, object]) -> None:
    given = document_of(SAVED / "recroise" / "graph.json")
    graph = json.loads(given.body)
    graph["nodes"][0] |= wrong
    document = Document(given.url, json.dumps(graph).encode(), given.fetched, given.source)
    intake = take(readers.read(document), document, Exclusions())
    assert len(intake.records) >= 3
