"""What is one and what is two: tables of records with their verdicts, and the laws that clusters keep."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records import record_key
from crawler.store import StoredRecord
from graph.judgements import Judgement
from graph.link import Linked, decide

SEEN = "2026-01-01T00:00:00Z"


def stored(number: int, **fields: object) -> StoredRecord:
    """Return a record, read by a source of its own unless one is given."""
    source = fields.pop("source", f"s{number}")
    record = {
        "id": f"own-{number}",
        **fields,
        "source": {"id": source, "url": f"http://{source}.example/{number}", "fetched": SEEN},
    }
    return StoredRecord(record_key(record), record, SEEN, SEEN)


def person(number: int, name: str, **fields: object) -> StoredRecord:
    return stored(number, type="Person", name=name, **fields)


def place(number: int, name: str, city: str | None = None, **fields: object) -> StoredRecord:
    address = {"address": {"addressLocality": city}} if city else {}
    return stored(number, type="Place", name=name, **address, **fields)


def event(number: int, name: str, start: str, city: str | None = None, **fields: object) -> StoredRecord:
    location = {"type": "Place", "name": "salle", **({"address": {"addressLocality": city}} if city else {})}
    return stored(number, type="Event", name=name, startDate=start, location=location, **fields)


SERIES = {"type": "EventSeries", "name": "Open Coffee"}

ONE = [
    ("accents", person(1, "Édouard Forzy"), person(2, "Edouard Forzy")),
    ("capitals", person(1, "Bernard Marquet"), person(2, "Bernard MARQUET")),
    ("order", person(1, "Karine Sabatier"), person(2, "SABATIER Karine")),
    ("hyphen", person(1, "Aymeric Poulain Maubant"), person(2, "Aymeric Poulain-Maubant")),
    ("capital particle", person(1, "Laëtitia Brière De La Hosseraye"), person(2, "Laetitia Brière de la Hosseraye")),
    ("profile", person(1, "Margot L.", url="https://m.example/"), person(2, "Margot", url="http://www.m.example")),
    ("article", place(1, "Le Coworkshop", "Paris"), place(2, "Coworkshop", "Paris")),
    ("own town", place(1, "La Cantine", "Toulouse"), place(2, "La Cantine Toulouse", "Toulouse")),
    ("district", place(1, "Mutinerie", "Paris 19e"), place(2, "Mutinerie", "Paris")),
    ("only one town", place(1, "Mutinerie", "Paris"), place(2, "Mutinerie")),
    ("apostrophe", event(1, "Breizh'péro 4", "2011-11-10", "Quimper"), event(2, "Breizh’péro 4", "2011-11-10T18:00", "Quimper")),
    ("town in the name", event(1, "Open Coffee de Lorient", "2012-11-08", "Lorient"), event(2, "OpenCoffee Lorient", "2012-11-08", "Lorient")),
    (
        "series, day and town",
        event(1, "Dynamique des Cantines", "2012-11-08", "Lorient", superEvent=SERIES),
        event(2, "Open Coffee de Lorient", "2012-11-08", "Lorient"),
    ),
]  # fmt: skip

TWO = [
    ("first name", person(1, "Éric"), person(2, "Éric")),
    ("first name and full name", person(1, "Éric"), person(2, "Éric Le Scoul")),
    ("initial", person(1, "Karine S."), person(2, "Karine S.")),
    ("surname", person(1, "Camille Allain"), person(2, "Camille Berteau")),
    ("profiles", person(1, "Anne Martin", url="http://a.example/1", source="s"), person(2, "Anne Martin", url="http://a.example/2", source="s")),
    ("towns", place(1, "La Cantine", "Nantes"), place(2, "La Cantine", "Toulouse")),
    ("point alone", place(1, "A", geo={"latitude": 47.1, "longitude": -3.1}), place(2, "B", geo={"latitude": 47.1, "longitude": -3.1})),
    ("site of two branches", place(1, "La Cordée", "Lyon", url="http://c.example"), place(2, "La Cordée", "Rennes", url="http://c.example")),
    ("technopoles", place(1, "Technopole de Lorient", "Lorient"), place(2, "Technopôle Brest-Iroise", "Brest")),
    ("days", event(1, "Open Coffee", "2012-11-08", "Lorient"), event(2, "Open Coffee", "2012-12-08", "Lorient")),
    ("towns of events", event(1, "Startup Weekend", "2012-11-08", "Nantes"), event(2, "Startup Weekend", "2012-11-08", "Brest")),
    ("editions", event(1, "Breizh'péro 4", "2011-11-10", "Quimper"), event(2, "Breizh'péro 5", "2011-11-10", "Quimper")),
    ("types", person(1, "La Cantine"), place(2, "La Cantine")),
]  # fmt: skip


def together(linked: Linked, *keys: str) -> bool:
    return any(set(keys) <= set(group) for group in linked.clusters.groups)


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in ONE], ids=[row[0] for row in ONE])
def test_these_are_one(one: StoredRecord, other: StoredRecord) -> None:
    assert together(decide([one, other], {}), one.key, other.key)


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in TWO], ids=[row[0] for row in TWO])
def test_these_are_two(one: StoredRecord, other: StoredRecord) -> None:
    assert not together(decide([one, other], {}), one.key, other.key)


def test_a_homonym_without_a_town_joins_neither_of_two() -> None:
    records = [place(1, "La Cantine", "Nantes"), place(2, "La Cantine", "Toulouse"), place(3, "La Cantine")]
    assert len(decide(records, {}).clusters.groups) == 3


def test_the_town_of_the_source_tells_homonyms_apart() -> None:
    records = [place(1, "La Cantine", "Nantes"), place(2, "La Cantine", "Toulouse"), place(3, "La Cantine", source="x")]
    linked = decide(records, {"x": "Toulouse"})
    assert together(linked, records[1].key, records[2].key)


def test_two_speakers_of_one_organisation_both_keep_it() -> None:
    works = {"type": "Organization", "name": "BookBeo"}
    speakers = [{"type": "Person", "name": name, "worksFor": works} for name in ("David Le Meur", "Sophie Le Douarin")]
    linked = decide([event(1, "Breizh'péro 5", "2012-01", "Quimper", performer=speakers)], {})
    parents = {mention.parent for mention in linked.mentions.values() if mention.name == "BookBeo"}
    assert len(parents) == 2


NAMES = ["Karine Sabatier", "Éric Le Scoul", "Eric Le Scoul", "Éric", "La Cantine", "Open Coffee"]
RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["Person", "Place", "Event"]),
        st.sampled_from(NAMES),
        st.sampled_from([None, "Lorient", "Rennes"]),
        st.sampled_from(["s", "t"]),
    ),
    max_size=12,
)


def made(rows: Iterable[tuple[str, str, str | None, str]]) -> list[StoredRecord]:
    make = {
        "Person": lambda n, name, _city, source: person(n, name, source=source),
        "Place": lambda n, name, city, source: place(n, name, city, source=source),
        "Event": lambda n, name, city, source: event(n, name, "2012-11-08", city, source=source),
    }
    return [make[row[0]](number, *row[1:]) for number, row in enumerate(rows)]


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(rows: list, shuffler: random.Random) -> None:
    records = made(rows)
    shuffled = list(records)
    shuffler.shuffle(shuffled)
    assert decide(records, {}).clusters.groups == decide(shuffled, {}).clusters.groups


@given(RECORDS)
def test_nothing_is_lost_and_no_place_is_in_two_towns(rows: list) -> None:
    linked = decide(made(rows), {})
    assert sorted(key for group in linked.clusters.groups for key in group) == sorted(linked.mentions)
    for group in linked.clusters.groups:
        assert len({linked.mentions[key].type for key in group}) == 1
        if linked.mentions[group[0]].type == "Place":
            assert len({linked.mentions[key].city for key in group} - {None}) <= 1


@settings(max_examples=60)
@given(RECORDS.filter(lambda rows: len(rows) > 1), st.data())
def test_judging_different_always_separates_and_undoing_restores(rows: list, data: st.DataObject) -> None:
    records = made(rows)
    before = decide(records, {})
    left, right = data.draw(st.lists(st.sampled_from(sorted(before.mentions)), min_size=2, max_size=2, unique=True))
    log = [Judgement(left, right, "different")]
    assert not together(decide(records, {}, log), left, right)
    log.append(Judgement(right, left, "unsure"))
    assert decide(records, {}, log).clusters.groups == before.clusters.groups


def test_judging_the_same_joins_and_a_conflict_is_reported() -> None:
    one, other, third = person(1, "Margot Lecointre"), person(2, "Marguerite Lecointre"), person(3, "Margot Lecointre")
    same = Judgement(one.key, other.key, "same", by="someone")
    assert together(decide([one, other], {}, [same]), one.key, other.key)
    apart = Judgement(other.key, third.key, "different")
    linked = decide([one, other, third], {}, [same, apart])
    assert not together(linked, other.key, third.key)
    assert [conflict.reason for conflict in linked.clusters.conflicts] == ["judged different"]
