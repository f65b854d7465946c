"""What never gets in: contact details, attendee lists, people who asked to be left out."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue import Source
from crawler.contacts import address_without_contacts, without_contacts
from crawler.documents import Document, Reading
from crawler.intake import accept, take
from crawler.privacy import Exclusions, ExclusionsError, fold
from crawler.records import record_key

SOURCE = {"id": "s", "url": "http://a.example/", "fetched": "2026-11-23T10:00:00Z"}


def event(**fields: object) -> dict:
    return {"type": "Event", "name": "Open Coffee", "source": SOURCE, **fields}


def excluding(*names: str) -> Exclusions:
    exclusions = Exclusions()
    for name in names:
        exclusions.add(name)
    return exclusions


@pytest.mark.parametrize(
    "text",
    [
        "écrire à prenom.nom@exemple.fr",
        "prenom.nom (at) exemple.fr",
        "mailto:prenom@exemple.co.uk",
        "Tél. 02 97 12 34 56",
        "tél : 02.97.12.34.56",
        "+33 6 12 34 56 78",
        "+33 (0)2 97 12 34 56",
        "0297123456",
        "02/97/12/34/56",
        "+44 20 7946 12 34",
        "+49 (0)30 12 34 56 78",
        "+1 (503) 555-12 34",
        "(503) 555-1234",
        "503-555-1234",
        "Tel.: 030 / 12 34 567",
        "fax 030-123456 7",
        "prenom.nom (AROBASE) exemple.fr",
        "PRENOM (AT) exemple.FR",
        "http://a.org/ecrire?a=prenom%40exemple.fr",
    ],
)
def test_contact_details_are_taken_out_of_text(text: str) -> None:
    dropped: Counter[str] = Counter()
    kept = without_contacts(f"Inscription : {text}.", dropped)
    assert "[…]" in kept
    assert dropped.total() == 1
    assert not any(part in kept for part in ("exemple", "12 34", "12.34", "123456"))


@pytest.mark.parametrize(
    "text",
    [
        "du 2012-11-08 au 2012-11-10",
        "à 18h30, salle 104",
        "http://a.example/2012/01/02/03456",
        "400 m² et 15 000 visiteurs en 2010",
        "look at the agenda",
        "56100 Lorient",
        "portable 2012",
        "hôtel 12, 29000 Brest",
        "de 2008-2009 à 2010-2011, 1+1 = 2",
        "ISBN 978-2-212-13544-3",
        "voir (at) ou [at]",
        "+ 20 personnes, +50 en 2012",
    ],
)
def test_what_is_no_contact_stays(text: str) -> None:
    dropped: Counter[str] = Counter()
    assert without_contacts(text, dropped) == text
    assert not dropped.total()


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://a.example/e?id=1&mail=ada@b.example&x=%20y", "http://a.example/e?id=1&x=%20y"),
        ("http://a.example/e?mail=ada%40b.example#list", "http://a.example/e#list"),
        ("http://a.example/e?to=Ada+Lovelace+<ada.lovelace+open@mail.b.example>", "http://a.example/e"),
        ("http://a.example/e#ada@b.example", "http://a.example/e"),
        ("http://a.example/e?tel=%2B33+2+97+12+34+56", "http://a.example/e"),
        ("https://ada:secret@a.example/e", "https://a.example/e"),
        ("http://a.example/user/ada@b.example/events", None),
    ],
)
def test_contact_details_are_taken_out_of_addresses(url: str, kept: str | None) -> None:
    dropped: Counter[str] = Counter()
    assert address_without_contacts(url, dropped) == kept
    assert dropped.total() == 1
    stored = accept([event(url=url)], Exclusions()).records[0]
    assert stored.get("url") == kept


@pytest.mark.parametrize(
    "url",
    [
        "https://social.example/@ada",
        "https://social.example/@ada@b.example",
        "https://maps.example/@47.75,-3.36,17z",
        "https://registry.example/library@1.2.0/index",
        "https://calendar.example/ical/0a1b%40group.calendar.google.com/public/basic.ics",
        "http://a.example/?id=0297123456&telescope=20120101",
        "http://a.example/e?a=1&&b=#",
        "http://[broken",
    ],
)
def test_what_is_no_contact_stays_in_an_address(url: str) -> None:
    dropped: Counter[str] = Counter()
    assert address_without_contacts(url, dropped) == url
    assert not dropped.total()


def test_the_page_that_a_record_was_read_on_is_told_without_contacts() -> None:
    record = event()
    stamp = {**record["source"], "url": "http://a.example/e?mail=ada@b.example&id=1"}
    assert accept([{**record, "source": stamp}], Exclusions()).records[0]["source"]["url"] == "http://a.example/e?id=1"


def test_attendees_come_in_only_where_they_were_switched_on() -> None:
    record = event(attendee=[{"type": "Person", "name": "Ada Lovelace"}, {"type": "Person", "name": "Alan Turing"}])
    off = accept([record], Exclusions())
    assert "attendee" not in off.records[0]
    assert off.dropped == {"attendee": 2}
    assert len(accept([record], Exclusions(), attendees=True).records[0]["attendee"]) == 2


def test_a_page_that_asks_not_to_be_indexed_names_nobody() -> None:
    speaker = {"type": "Person", "name": "Ada Lovelace"}
    page = accept([event(performer=[speaker]), {**speaker, "source": SOURCE}], Exclusions(), people=False)
    assert page.records == [event()]


def test_a_mailbox_in_a_calendar_key_is_not_kept_but_still_tells_apart() -> None:
    records = accept([event(id="1-ada@exemple.fr"), event(id="2-ada@exemple.fr")], Exclusions()).records
    assert "ada" not in str(records)
    assert records[0]["id"] != records[1]["id"]


@pytest.mark.parametrize("spelling", ["Édouard Forzy", "edouard forzy", "FORZY Édouard", "Forzy, Edouard"])
def test_an_excluded_person_is_left_out_however_written(spelling: str) -> None:
    exclusions = excluding("Édouard Forzy")
    speakers = [{"type": "Person", "name": spelling}, {"type": "Person", "name": "Ada Lovelace"}]
    record = event(performer=speakers, name=f"Soirée avec {spelling}", description=f"{spelling} parlera. Venez !")
    (kept,) = accept([record], exclusions).records
    assert kept["performer"] == speakers[1:]
    assert "orzy" not in str(kept).casefold()
    assert accept([{**speakers[0], "source": SOURCE}], exclusions).records == []


def test_other_people_of_the_same_surname_stay() -> None:
    speaker = {"type": "Person", "name": "Anne Forzy"}
    (kept,) = accept([event(performer=[speaker])], excluding("Édouard Forzy")).records
    assert kept["performer"] == [speaker]


def test_the_exclusion_file_tells_no_name_and_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "exclusions.json"
    excluding("Édouard Forzy").save(path)
    assert "forzy" not in path.read_text().casefold()
    assert Exclusions.load(path).covers("Edouard FORZY")
    assert not Exclusions.load(tmp_path / "none.json").covers("Edouard Forzy")


def test_a_broken_exclusion_file_stops_everything(tmp_path: Path) -> None:
    path = tmp_path / "exclusions.json"
    path.write_text("{")
    with pytest.raises(ExclusionsError, match="mend it"):
        Exclusions.load(path)


def test_a_refused_record_is_named_and_does_not_stop_the_others() -> None:
    intake = accept([event(foo=1), event(name="Breizh'péro")], Exclusions())
    assert [record["name"] for record in intake.records] == ["Breizh'péro"]
    assert intake.refused == ["s: record 1 of http://a.example/: foo: unknown key"]


@given(st.text())
def test_folding_is_stable_and_texts_without_exclusions_are_untouched(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert Exclusions().redact(text) == text


@given(st.text(alphabet="abcé '-.,\n", max_size=60), st.text(alphabet="abcé '-.,\n", max_size=60))
def test_a_name_is_redacted_wherever_it_stands(before: str, after: str) -> None:
    exclusions = excluding("Karine Sabatier")
    kept = exclusions.redact(f"{before} Karine  SABATIER {after}")
    assert "sabatier" not in kept.casefold()


def test_things_that_share_an_address_on_one_page_do_not_replace_each_other() -> None:
    source = Source(id="xx", name="x", url="http://a.example/", community="agenda", region="FR")
    document = Document("http://a.example/", b"", "2026-11-23T10:00:00Z", source)
    branches = [{"type": "Place", "name": name, "url": "http://chain.example/"} for name in ("Liberté", "Perrache")]
    same = {"type": "Place", "name": "Palpite", "id": "p"}
    records = take(Reading("jsonld", [*branches, same, same]), document, Exclusions()).records
    assert len({record_key(record) for record in records}) == 3
    assert records[2]["id"] == "p"


@pytest.mark.parametrize(
    "name",
    (
        "TODO|tba|T.B.A.|N/A|Various|Various speakers|VARIOUS ARTISTS|Speaker TBA|Unknown Speaker|Plusieurs intervenants|"
        "Intervenant à confirmer|À définir|Verschiedene Referenten|Varios ponentes|Orateur : à préciser|Mystery guest|"
        "Wird noch bekannt gegeben|Diverse sprekers|Palestrante a definir"
    ).split("|"),
)
def test_what_stands_for_people_who_are_not_named_is_nobody(name: str) -> None:
    speakers = [{"type": "Person", "name": name}, {"type": "Person", "name": "Ada Lovelace"}]
    record = event(performer=speakers, organizer={"type": "Person", "name": name})
    taken = accept([record, {"type": "Person", "name": name, "source": SOURCE}], Exclusions())
    (kept,) = taken.records
    assert [person["name"] for person in kept["performer"]] == ["Ada Lovelace"]
    assert "organizer" not in kept
    assert taken.dropped == {"placeholder for a person": 3}
    assert not taken.refused


@pytest.mark.parametrize("name", ["Todd O'Various", "Many", "Les", "Na", "Tod Todo", "Anne Divers", "N. C.", "Speaker"])
def test_a_name_that_is_like_such_a_placeholder_is_a_person(name: str) -> None:
    taken = accept([{"type": "Person", "name": name, "source": SOURCE}], Exclusions())
    assert [person["name"] for person in taken.records] == [name]


def test_an_organisation_or_event_may_be_called_anything() -> None:
    things = [{"type": kind, "name": "Various Artists", "source": SOURCE} for kind in ("Organization", "Event")]
    assert len(accept(things, Exclusions()).records) == 2
