"""The microformats test suite: how much of what its expected JSON states of events and cards the reader's records hold.

Counted: of an event its name, each start and end, address, place (name, street, town …, point), organisers, attendees
(from a source whose attendee lists are switched on); of a card its name, organisation, role, addresses; of an organisation's
or place's card also its postal address and point. Not counted is what must not be kept of a person: mailboxes,
telephones, photos, days of birth, homes, notes.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.catalogue import Source
from crawler.documents import Document
from crawler.intake import take
from crawler.privacy import Exclusions
from crawler.readers.microformats import Microformats
from tests.conftest import ROOT

SUITE = ROOT.parent / "shared" / "corpus" / "structured" / "microformats"
KINDS = ("h-event", "h-card", "hcalendar", "hcard")
ADDRESS = ("street-address", "locality", "region", "postal-code", "country-name")
# What only a person has: the card's address is a home then.
PERSONAL = {"given-name", "family-name", "additional-name", "bday", "job-title", "role", "title", "nickname"}
SOURCE = Source(id="suite", name="suite", url="http://example.com/", community="agenda", region="world", attendees=True)

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SUITE.exists(), reason="needs the shared corpus beside the checkout"),
]

Item = dict[str, Any]
Fact = tuple[str, str, str]  # kind, the name of the thing that it is stated of, value


def cases() -> list[Path]:
    return sorted(path for path in SUITE.rglob("*.html") if path.parent.name in KINDS and expected_file(path).exists())


def expected_file(case: Path) -> Path:
    return case.with_suffix(".json")


def words(text: str) -> str:
    return " ".join(text.split()).casefold()


def moment(text: str) -> str:
    """Return a date or time in one spelling: to the minute, UTC where an offset stands."""
    if ordinal := re.fullmatch(r"(\d{4})-(\d{3})", text):
        from datetime import datetime

        return datetime.strptime(text, "%Y-%j").date().isoformat() if ordinal else text
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[tT ](\d\d:\d\d)(?::\d\d)?([zZ]|[+-]\d\d:?(?:\d\d)?)?)?", text.strip())
    if not match or not match[2]:
        return text.strip()
    offset = (match[3] or "").upper().replace("Z", "+0000").replace(":", "")
    return f"{match[1]} {match[2]}{offset.ljust(5, '0') if offset else ''}"


def text_of(value: Any) -> str:
    if isinstance(value, dict):
        if "properties" in value and (names := value["properties"].get("name")):
            return str(names[0])
        return str(value.get("value", ""))
    return str(value)


def facts_of(item: Item, above: str = "") -> Iterator[Fact]:
    """Yield what the suite expects of one item and those within it."""
    of = item.get("properties", {})
    kinds = item.get("type", [])
    organisation = next((text_of(each) for each in of.get("org", [])), "")
    name = next((text_of(each) for each in of.get("name", [])), "") or organisation
    if name and "h-event" in kinds:
        yield "event name", name, name
        for key, kind in (("start", "event start"), ("end", "event end")):
            yield from ((kind, name, moment(text_of(each))) for each in of.get(key, []))
        yield from (("event url", name, text_of(each)) for each in of.get("url", []))
        for key, kind in (
            ("location", "event location"),
            ("organizer", "event organizer"),
            ("attendee", "event attendee"),
        ):
            yield from ((kind, name, text_of(each)) for each in of.get(key, []))
        yield from (fact for each in of.get("location", []) for fact in where(each, text_of(each)))
    elif name and "h-card" in kinds:
        yield "card name", name, name
        yield from (("card url", name, text_of(each)) for each in of.get("url", []))
        roles = of.get("job-title") or of.get("role") or of.get("title") or []
        yield from (("card job-title", name, text_of(each)) for each in roles[:1])
        if organisation and organisation != name:
            yield "card org", name, organisation
        if organisation == name or not (PERSONAL & set(of) or organisation):
            yield from where(item, name)
    nested = [each for values in of.values() for each in values if isinstance(each, dict) and "type" in each]
    for each in [*nested, *item.get("children", [])]:
        yield from facts_of(each, name or above)


def where(item: Any, name: str) -> Iterator[Fact]:
    for each in [item, *(item.get("properties", {}).get("adr", []) if isinstance(item, dict) else [])]:
        if isinstance(each, dict):
            stated = each.get("properties", {})
            yield from (("address", name, text_of(part)) for key in ADDRESS for part in stated.get(key, [])[:1])
            if "latitude" in stated and "longitude" in stated:
                yield "point", name, f"{float(text_of(stated['latitude'][0]))};{float(text_of(stated['longitude'][0]))}"


def held_by(thing: Any, held: dict[str, set[tuple[str, str]]]) -> None:
    """Add what a record and the things in it hold: (kind, value) by the thing's name."""
    for each in thing if isinstance(thing, list) else [thing]:
        if not isinstance(each, dict):
            continue
        if "name" in each:
            held[words(each["name"])] |= set(_held(each))
        for value in each.values():
            held_by(value, held)


def _held(thing: Item) -> Iterator[tuple[str, str]]:
    kind = "event" if thing["type"] == "Event" else "card"
    yield f"{kind} name", words(thing["name"])
    for key in ("url", "sameAs"):
        yield from ((f"{kind} url", words(url)) for url in _list(thing.get(key)))
    for key, what in (("startDate", "event start"), ("endDate", "event end")):
        if key in thing:
            yield what, moment(thing[key])
            yield what, moment(thing[key][:19])  # an end without an offset is told on the clock of its start
    place = thing.get("location", thing if thing["type"] == "Place" else {})
    if "location" in thing:
        yield "event location", words(place["name"])
    yield from (("address", words(part)) for part in place.get("address", {}).values())
    if geo := place.get("geo"):
        yield "point", f"{geo['latitude']};{geo['longitude']}"
    for key in ("organizer", "attendee"):
        yield from ((f"event {key}", words(each["name"])) for each in _list(thing.get(key)))
    if "jobTitle" in thing:
        yield "card job-title", words(thing["jobTitle"])
    yield from (("card org", words(thing[key]["name"])) for key in ("worksFor", "memberOf") if key in thing)


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def test_what_the_suite_states_of_events_and_cards_is_recovered() -> None:
    stated: Counter[str] = Counter()
    recovered: Counter[str] = Counter()
    missed = []
    for case in cases():
        document = Document("http://example.com/", case.read_bytes(), "2012-11-20T09:00:00Z", SOURCE, "text/html")
        held: dict[str, set[tuple[str, str]]] = defaultdict(set)
        held_by(take(Microformats().read(document), document, Exclusions()).records, held)
        for item in json.loads(expected_file(case).read_text(encoding="utf-8"))["items"]:
            for kind, name, value in facts_of(item):
                stated[kind] += 1
                if (kind, words(value)) in held[words(name)] or (kind, value) in held[words(name)]:
                    recovered[kind] += 1
                else:
                    missed.append(f"{case.parent.name}/{case.name}: {kind} of {' '.join(name.split())!r}: {value!r}")
    print(f"microformats suite: {recovered.total()} of {stated.total()} recovered, from {len(cases())} documents")
    print("\n".join(f"  {recovered[kind]:4} of {stated[kind]:4} {kind}" for kind in sorted(stated)))
    print("\n".join(f"  missed: {each}" for each in missed))
    assert stated.total() > 150
    assert recovered.total() / stated.total() >= 0.98
