"""What is one and what is two: tables of records with their verdicts, and the laws that clusters keep."""

import itertools
import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records import record_key
from crawler.stored import StoredRecord
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


def online(number: int, name: str, start: str, **fields: object) -> StoredRecord:
    """Return an event that says nothing of where it is."""
    return stored(number, type="Event", name=name, startDate=start, **fields)


def organization(number: int, name: str, city: str | None = None) -> StoredRecord:
    where = {"location": {"type": "Place", "name": city, "address": {"addressLocality": city}}} if city else {}
    return stored(number, type="Organization", name=name, **where)


def series(number: int, name: str, city: str | None = None, **fields: object) -> StoredRecord:
    where = {"location": {"type": "Place", "name": city, "address": {"addressLocality": city}}} if city else {}
    return stored(number, type="EventSeries", name=name, **where, **fields)


def agenda(record: StoredRecord) -> StoredRecord:
    """Return a record as one agenda states it, that has no keys for what it lists."""
    body = {**record.body, "source": {"id": "agenda", "url": "http://agenda.example/", "fetched": SEEN}}
    del body["id"]
    return StoredRecord(record_key(body), body, SEEN, SEEN)


CONFERENCE = {"type": "Event", "name": "Breizh Camp 2012", "startDate": "2012-06-14"}
YANN = {"type": "Person", "name": "Yann Morvan"}
DOUANE = {"addressLocality": "Brest", "streetAddress": "11 quai de la Douane"}
COLLOC = {"type": "Organization", "name": "La Colloc"}
KARINE = {"type": "Person", "name": "Karine Sabatier"}
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
    ("short form, same organisation", person(1, "Margot Lecointre", worksFor=COLLOC), person(2, "Marguerite Lecointre", worksFor=COLLOC)),
    ("initial, same organisation", person(1, "Ay. Poulain Maubant", worksFor=COLLOC), person(2, "Aymeric Poulain-Maubant", worksFor=COLLOC)),
    ("transliteration", person(1, "Aleksandr Sokolov"), person(2, "Alexandr Sokolow")),
    ("one word", person(1, "AngeZanetti", worksFor=COLLOC), person(2, "Ange Zanetti", worksFor=COLLOC)),
    ("a handle's profile", person(1, "hsbt", url="http://hsbt.example/"), person(2, "Hiroshi Shibata", url="http://www.hsbt.example")),
    ("initial and surname in one word, same organisation", person(1, "Tanguy Kervella", worksFor=COLLOC), person(2, "tkervella", worksFor=COLLOC)),
    ("given name and initial in one word, same organisation", person(1, "Tanguy Kervella", worksFor=COLLOC), person(2, "tanguy-k", worksFor=COLLOC)),
    ("nickname in quotes, same organisation", person(1, 'Tanguy "Pixel" Kervella', worksFor=COLLOC), person(2, "Pixel", worksFor=COLLOC)),
    ("given name and initial without the blank", person(1, "Ronan K"), person(2, "RonanK")),
    ("a handle, same organisation", person(1, "pixel29", worksFor=COLLOC), person(2, "@pixel29", worksFor=COLLOC)),
    ("another spelling of the given name", person(1, "Olivier Kervella"), person(2, "Oliver Kervella")),
    ("characters without a blank", person(1, "欧阳娜娜"), person(2, "Ouyang Nana", worksFor=COLLOC)),
    ("Hangul without a blank", person(1, "장나라"), person(2, "장나라")),
    ("an umlaut written out", person(1, "Jörg Kläver"), person(2, "Joerg Klaever")),
    ("pronouns", person(1, "Karine Sabatier (she/her)"), person(2, "Karine Sabatier")),
    ("a son's name without what tells him from his father", person(1, "Robert Kervella Jr."), person(2, "Robert Kervella")),
    ("another surname, own site", person(1, "Tanguy Kervella", url="http://tanguy.example/"), person(2, "Tanguy Riou", url="http://tanguy.example/")),
    ("another surname, own profile", person(1, "Tanguy Kervella", sameAs=["http://net.example/@pixel"]), person(2, "Tanguy Riou", sameAs=["http://net.example/@pixel"])),
    ("hosts of one profile", person(1, "Tanguy Kervella", sameAs=["https://twitter.com/Pixel29"]), person(2, "Pixel", sameAs=["https://mobile.x.com/pixel29?s=20"])),
    ("saint in short", place(1, "La Cantine", "Saint-Brieuc"), place(2, "La Cantine de St Brieuc", "St. Brieuc")),
    ("surname stated, be it a given name", person(1, "Jean PIERRE"), person(2, "Pierre, Jean")),
    ("diphthongs", person(1, "Reiner Kervella"), person(2, "Rainer Kervella")),
    ("a widespread surname, spelt the same", person(1, "Lân Trần"), person(2, "LÂN TRẦN")),
    ("adjective of the town", place(1, "La Cantine numérique rennaise", "Rennes"), place(2, "Cantine de Rennes", "Rennes")),
    ("street and a letter", place(1, "Le Fourneau", address=DOUANE), place(2, "Le Fourneaux", address=DOUANE)),
    ("edition and year", event(1, "RubyDay 2015", "2015-11-13", "Turin"), event(2, "Rubyday", "2015-11-13", "Turin")),
    ("initials of a conference", event(1, "GoGaRuCo", "2014-09-19", "San Francisco"), event(2, "Golden Gate Ruby Conference", "2014-09-19", "San Francisco")),
    ("days that overlap", event(1, "Rocky Mountain Ruby", "2014-09-24", "Boulder", endDate="2014-09-26"), event(2, "Rocky Mountain Ruby Conference", "2014-09-25", "Boulder", endDate="2014-09-26")),
    ("neighbouring towns", event(1, "Startup week-end Bordeaux", "2011-05-20", "Talence"), event(2, "Startup Weekend Bordeaux", "2011-05-20", "Bordeaux")),
    ("same speaker, day and town", event(1, "Le numérique en partage", "2012-11-08", "Lorient", performer=[KARINE]), event(2, "Soirée cantines", "2012-11-08", "Lorient", performer=[KARINE])),
    ("series spelt apart", series(1, "Startup Weekend"), series(2, "startup week-end")),
    ("series' initials", series(1, "OCC", "Lorient"), series(2, "Open Coffee Club", "Lorient")),
    ("who keeps it", place(1, "La Cantine", "Toulouse"), place(2, "La Cantine par La Forge", "Toulouse")),
    ("a long name up to its and", organization(1, "Réseau des ateliers"), organization(2, "Réseau des Ateliers et des lieux amis")),
    ("a series' name up to its and", series(1, "Journées du code"), series(2, "Journées du code et des données")),
    ("two initials, same town and host", series(1, "SW", "Brest", organizer=[COLLOC]), series(2, "Startup Weekend", "Brest", organizer=[COLLOC])),
    ("one instant in two zones", event(1, "Nuit du code", "2012-11-08T23:30:00+00:00", "Brest"), event(2, "Nuit du code", "2012-11-09T00:30:00+01:00", "Brest")),
    ("a title of common words, with its town", event(1, "Apéro", "2012-11-08", "Brest"), event(2, "Apéro #4", "2012-11-08T19:00", "Brest")),
    ("telling words in common", event(1, "Granit Rose Ruby", "2012-11-08T19:00", "Brest"), event(2, "Granit Rose Rencontres", "2012-11-08T19:00", "Brest")),
    ("titles of one series", event(1, "Le code libre", "2012-11-08", "Brest", superEvent=SERIES), event(2, "Rencontre du jeudi", "2012-11-08T19:00", "Brest", superEvent=SERIES)),
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
    ("accents of a widespread surname", person(1, "Lân Trần"), person(2, "Lan Tran")),
    ("namesake told apart", person(1, "Ronan Riou", worksFor=COLLOC), person(2, "Ronan Riou @pixel", worksFor=COLLOC)),
    ("son of the same name", person(1, "Paulo Reis", worksFor=COLLOC), person(2, "Paulo Reis Filho", worksFor=COLLOC)),
    ("double first name", person(1, "Jean-Pierre", worksFor=COLLOC), person(2, "Jean-Pierre", worksFor=COLLOC)),
    ("double first name without a hyphen", person(1, "Jean Pierre", worksFor=COLLOC), person(2, "Jean-Pierre", worksFor=COLLOC)),
    ("two characters, of a surname alone", person(1, "田中"), person(2, "田中")),
    ("double first name twice", person(1, "Marie Laure", worksFor=COLLOC), person(2, "Marie Laure", worksFor=COLLOC)),
    ("first name in small letters", person(1, "gwendal", worksFor=COLLOC), person(2, "gwendal", worksFor=COLLOC)),
    ("double first name in small letters", person(1, "jean-pierre", worksFor=COLLOC), person(2, "jean-pierre", worksFor=COLLOC)),
    ("father and son", person(1, "Robert Kervella Sr.", worksFor=COLLOC), person(2, "Robert Kervella Jr.", worksFor=COLLOC)),
    ("second and third of a name", person(1, "Robert Kervella II", source="s"), person(2, "Robert Kervella III", source="s")),
    ("a man's and a woman's name", person(1, "Michel Kervella", worksFor=COLLOC), person(2, "Michèle Kervella", worksFor=COLLOC)),
    ("a woman's name with a letter more", person(1, "Pascal Kervella", worksFor=COLLOC), person(2, "Pascale Kervella", worksFor=COLLOC)),
    ("colleagues of one given name at their firm's site", person(1, "Tanguy Kervella", url="http://firm.example/"), person(2, "Tanguy Riou", url="http://firm.example/")),
    ("brothers at their firm's site", person(1, "Yann Le Goff", url="http://firm.example/"), person(2, "Erwan Le Goff", url="http://firm.example/")),
    ("colleagues on one page of a team", person(1, "Tanguy Kervella", url="http://firm.example/equipe.html"), person(2, "Tanguy Riou", url="http://firm.example/equipe.html")),
    ("a first name is no handle", person(1, "Mari Evano", worksFor=COLLOC), person(2, "marie", worksFor=COLLOC)),
    ("a handle alone", person(1, "Tanguy Kervella"), person(2, "tkervella")),
    ("short form, and a middle name", person(1, "Kim Riou"), person(2, "Kimberly D. Riou")),
    ("point alone", place(1, "A", geo={"latitude": 47.1, "longitude": -3.1}), place(2, "B", geo={"latitude": 47.1, "longitude": -3.1})),
    ("site of two branches", place(1, "La Cordée", "Lyon", url="http://c.example"), place(2, "La Cordée", "Rennes", url="http://c.example")),
    ("technopoles", place(1, "Technopole de Lorient", "Lorient"), place(2, "Technopôle Brest-Iroise", "Brest")),
    ("days", event(1, "Open Coffee", "2012-11-08", "Lorient"), event(2, "Open Coffee", "2012-12-08", "Lorient")),
    ("towns of events", event(1, "Startup Weekend", "2012-11-08", "Nantes"), event(2, "Startup Weekend", "2012-11-08", "Brest")),
    ("editions", event(1, "Breizh'péro 4", "2011-11-10", "Quimper"), event(2, "Breizh'péro 5", "2011-11-10", "Quimper")),
    ("short form alone", person(1, "Margot Lecointre"), person(2, "Marguerite Lecointre")),
    ("a letter alone", person(1, "Adam Dawkins"), person(2, "Adam Hawkins")),
    ("middle initials", person(1, "Jason A. Clark", worksFor=COLLOC), person(2, "Jason R. Clark", worksFor=COLLOC)),
    ("first name, same organisation", person(1, "Éric", worksFor=COLLOC), person(2, "Éric", worksFor=COLLOC)),
    ("brothers", person(1, "Yann Le Goff", worksFor=COLLOC), person(2, "Erwan Le Goff", worksFor=COLLOC)),
    ("page of a team", person(1, "Éric", url="http://team.example/"), person(2, "Anne", url="http://team.example/")),
    ("one source's two", place(1, "Espace coworking", "Brest", source="s"), place(2, "Espace coworking", "Brest", source="s")),
    ("single word within", place(1, "Hub", "Brest"), place(2, "Hub Mas", "Brest")),
    ("evenings of common words", series(1, "Apéro", "Brest"), series(2, "Apéro", "Quimper")),
    ("speaker on another day", event(1, "Un", "2012-11-08", "Lorient", performer=[KARINE]), event(2, "Deux", "2012-11-09", "Lorient", performer=[KARINE])),
    ("types", person(1, "La Cantine"), place(2, "La Cantine")),
    ("organisations' towns", organization(1, "La Cantine", "Brest"), organization(2, "La Cantine", "Rennes")),
    ("up to an and, a single word", organization(1, "Ateliers"), organization(2, "Ateliers et lieux amis")),
    ("letters of a short word of its own", place(1, "Coworking Ris", "Brest"), place(2, "Coworking Red", "Brest")),
    ("two initials", series(1, "SW", "Brest"), series(2, "Startup Weekend", "Brest")),
    ("talks of one conference", event(1, "Git pour tous", "2012-06-14", "Brest", superEvent=CONFERENCE, performer=[KARINE]), event(2, "Les tests", "2012-06-14", "Brest", superEvent=CONFERENCE, performer=[YANN])),
    ("talks of one series", event(1, "Git pour tous", "2012-06-14", "Brest", superEvent=SERIES, performer=[KARINE]), event(2, "Les tests", "2012-06-14", "Brest", superEvent=SERIES, performer=[YANN])),
    ("a title of common words, without a town", online(1, "Réunion mensuelle", "2012-11-08"), online(2, "Réunion mensuelle", "2012-11-08")),
    ("workshops of common words", event(1, "Atelier d'initiation Arduino", "2012-11-08", "Brest"), event(2, "Atelier d'initiation Scratch", "2012-11-08", "Brest")),
    ("assemblies of two hosts", event(1, "Assemblée générale", "2012-11-08T18:00", "Brest", organizer=[COLLOC]), event(2, "Assemblée générale", "2012-11-08T18:30", "Brest", organizer=[{"type": "Organization", "name": "Radio Club"}])),
    ("hours of one page", agenda(event(1, "Visite", "2012-11-08T10:00", "Brest", performer=[KARINE])), agenda(event(2, "Visite", "2012-11-08T18:00", "Brest", performer=[KARINE]))),
    ("evenings of two days", event(1, "Open Coffee", "2012-11-08T08:30", "Brest"), event(2, "Open Coffee", "2012-11-09T08:30", "Brest")),
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


def test_an_evening_without_a_town_joins_neither_of_two() -> None:
    evenings = [event(1, "Install party", "2025-03-05", "Brest"), event(2, "Install party", "2025-03-05", "Lille")]
    records = [*evenings, online(3, "Install party", "2025-03-05")]
    linked = decide(records, {})
    assert not any(together(linked, one.key, other.key) for one, other in itertools.combinations(records, 2))


def test_evenings_without_a_town_tie_no_two_towns_together() -> None:
    records = [
        event(1, "Install party #12", "2025-03-05T19:00", "Brest"),
        online(2, "Install party #12", "2025-03-05T19:00"),
        online(3, "Install party", "2025-03-05"),
        event(4, "Install party #31", "2025-03-05T18:30", "Lille"),
        online(5, "Install party #31", "2025-03-05T18:30"),
    ]
    linked = decide(records, {})
    assert together(linked, records[0].key, records[1].key)
    assert not together(linked, records[0].key, records[3].key)


def test_a_town_that_two_sources_write_in_two_ways_keeps_no_event_apart() -> None:
    site = "https://pycon.example/2025"
    records = [
        event(1, "Pycon Ukraine", "2025-03-05", "Kiev", url=site),
        event(2, "Pycon Ukraine", "2025-03-05", "Kyiv", url=site),
        online(3, "Pycon Ukraine", "2025-03-05"),
    ]
    assert together(decide(records, {}), *(record.key for record in records))


def test_an_evening_is_in_the_town_that_its_title_says() -> None:
    records = [
        event(1, "Install party", "2025-03-05", "Lannion"),
        event(2, "Install party", "2025-03-05", "Lille"),
        online(3, "Install party de Lannion", "2025-03-05"),
    ]
    linked = decide(records, {})
    assert together(linked, records[0].key, records[2].key)
    assert not together(linked, records[0].key, records[1].key)


def test_an_organisation_without_a_town_ties_no_two_of_its_name_together() -> None:
    records = [organization(1, "La Cantine", "Nantes"), organization(2, "La Cantine", "Brest"), organization(3, "La Cantine")]  # fmt: skip
    groups = decide(records, {}).clusters.groups
    assert not any({records[0].key, records[1].key} <= set(group) for group in groups)


def test_the_town_of_the_source_tells_homonyms_apart() -> None:
    records = [place(1, "La Cantine", "Nantes"), place(2, "La Cantine", "Toulouse"), place(3, "La Cantine", source="x")]
    linked = decide(records, {"x": "Toulouse"})
    assert together(linked, records[1].key, records[2].key)


def test_a_source_without_keys_of_its_own_keeps_nothing_apart() -> None:
    pair = [person(n, name, source="s", worksFor=COLLOC, id=None) for n, name in enumerate(("Margot Lecointre", "Marguerite Lecointre"))]  # fmt: skip
    for record in pair:
        del record.body["id"]
    linked = decide([StoredRecord(record_key(record.body), record.body, SEEN, SEEN) for record in pair], {})
    assert len([group for group in linked.clusters.groups if linked.mentions[group[0]].type == "Person"]) == 1


def test_a_name_within_two_that_are_not_one_joins_neither() -> None:
    records = [place(1, "La Cordée centre ville", "Lyon"), place(2, "La Cordée centre ville Perrache", "Lyon"), place(3, "La Cordée centre ville Liberté", "Lyon")]  # fmt: skip
    assert len(decide(records, {}).clusters.groups) == 3


def test_what_is_named_by_its_kind_and_town_is_the_one_such_place() -> None:
    records = [place(1, "An Daol Vras", "Brest", additionalType="cantine"), place(2, "la cantine de Brest", "Brest")]
    assert together(decide(records, {}), records[0].key, records[1].key)
    records.append(place(3, "La Forge", "Brest", additionalType="cantine"))
    assert not together(decide(records, {}), records[0].key, records[1].key)


def test_two_of_one_surname_initial_are_one_at_events_of_one_host_in_one_town() -> None:
    def evening(number: int, title: str, day: str, host: str) -> StoredRecord:
        hosts = [{"type": "Organization", "name": host}]
        return event(number, title, day, "Lorient", organizer=hosts, performer=[{"type": "Person", "name": "Karine S."}], superEvent={"type": "EventSeries", "name": f"Cycle {host}"})  # fmt: skip

    def people(linked: Linked) -> int:
        return sum(linked.mentions[group[0]].type == "Person" for group in linked.clusters.groups)

    assert people(decide([evening(1, "Un", "2012-11-08", "LTI"), evening(2, "Deux", "2012-12-13", "LTI")], {})) == 1
    assert people(decide([evening(1, "Un", "2012-11-08", "LTI"), evening(2, "Deux", "2012-12-13", "BUG")], {})) == 2


def test_events_that_turn_out_to_be_one_make_their_speakers_one() -> None:
    def evening(number: int, speaker: str) -> StoredRecord:
        return event(number, "Dynamique des Cantines", "2012-11-08", "Lorient", performer=[{"type": "Person", "name": speaker}])  # fmt: skip

    linked = decide([evening(1, "Margot Lecointre"), evening(2, "Marguerite Lecointre")], {})
    speakers = [key for key, mention in linked.mentions.items() if mention.type == "Person"]
    assert together(linked, *speakers)


def test_a_handle_that_two_names_may_be_made_into_is_neither() -> None:
    names = ("Tanguy Kervella", "Thierry Kervella", "tkervella")
    linked = decide([person(number, name, worksFor=COLLOC) for number, name in enumerate(names)], {})
    assert sum(linked.mentions[group[0]].type == "Person" for group in linked.clusters.groups) == len(names)


def test_a_word_in_small_letters_that_is_somebodys_given_name_is_no_handle() -> None:
    names = ("rozalba", "rozalba", "Rozalba Riou")
    linked = decide([person(number, name, worksFor=COLLOC) for number, name in enumerate(names)], {})
    assert sum(linked.mentions[group[0]].type == "Person" for group in linked.clusters.groups) == len(names)


def test_one_source_names_one_speaker_of_an_event_once_with_more_names() -> None:
    def talk(number: int, speaker: str) -> StoredRecord:
        above = {"type": "Event", "id": "dojo", "name": "Journées du dojo", "startDate": "2012-11-08"}
        return event(number, f"Exposé {number} sur les tests", "2012-11-08", "Brest", source="s", superEvent=above, performer=[{"type": "Person", "name": speaker}])  # fmt: skip

    def people(*names: str) -> int:
        linked = decide([talk(number, name) for number, name in enumerate(names)], {})
        return sum(linked.mentions[group[0]].type == "Person" for group in linked.clusters.groups)

    assert people("Pablo Riou", "Pablo Riou Calvet") == 1
    assert people("Chris Seizon", "Chris Sezon") == 2


def test_who_is_named_beside_a_namesake_is_another() -> None:
    names = ("Chris Sexton", "Christopher Sexton", "Anne Martin", "Paul Le Bihan")
    speakers = [{"type": "Person", "name": name} for name in names]
    linked = decide([event(n, f"Soirée {n}", f"2012-0{n}-08", "Brest", performer=speakers) for n in (1, 2, 3)], {})
    assert sum(linked.mentions[group[0]].type == "Person" for group in linked.clusters.groups) == len(names)


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


@given(RECORDS)
def test_the_same_records_give_the_same_clusters_and_reasons(rows: list) -> None:
    records = made(rows)
    once, again = decide(records, {}), decide(records, {})
    assert once.clusters.groups == again.clusters.groups
    assert once.matches == again.matches


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
