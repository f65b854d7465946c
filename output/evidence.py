"""What the clues say of events and people: a likelihood for each, never nought.

The events that clues point to come from the index; of an event that a clue does not point to, and of every event of the
people in question, place and time are looked at directly. No graph is loaded, and no node's whole content.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import orjson
from tantivy import Occur, Query

from output import near as places
from output.encounter import Gathering
from output.fold import fold, words
from output.index import Index
from output.matching import apart, candidates, stands
from output.periods import Period, span
from output.query import Asked
from output.similarity import covered
from output.text import NAMES, STEMS, Words

# Likelihood of an event that a clue does not fit: the smaller, the more there are that one might have said instead.
FLOOR, AT_FLOOR, ABOUT_FLOOR = 0.03, 0.01, 0.005
UNKNOWN = 0.3  # of one of which it is not known whether it fits
NEAR = 20.0  # kilometres that are still the town
AWAY = 40.0  # kilometres further, after each of which a place is a third as likely

EVENTS = 3_000  # events that one clue may point to
PEOPLE = 400  # people whom one clue may point to
SLIP = 0.7  # likeness from which two words of people's names may be one: one slip in four letters, two in seven
WITHIN = 0.95  # likeness of a name that has all the words that were said, and more
SHARP = 4  # power that makes a likelihood of a likeness: one slip in ten letters is two thirds
TOPIC = 4.0  # bm25 is a sum of logarithms of odds: nothing of the best one's is a factor of exp(-4)
NAMED = 0.5  # likeness from which a name is the one that was said
PART = 0.9  # likelihood of a talk where the conference was said, or the other way round

ROLES = ("performer", "organizer", "attendee")
BELONGING = ("worksFor", "memberOf", "founder")


@dataclass(frozen=True, slots=True)
class Clues:
    """What one remembers; all optional, at least one given (or a diary)."""

    name: str | None = None
    at: str | None = None
    where: str | None = None
    when: Period | None = None
    about: str | None = None


@dataclass(slots=True)
class Event:
    """An event as far as clues look at it. ``whole`` is what it is part of."""

    number: int
    name: str
    first: date | None
    last: date | None
    city: str | None
    online: bool
    points: list[places.Point] = field(default_factory=list)
    wholes: list[int] = field(default_factory=list)
    venue: str = ""
    people: dict[int, str] = field(default_factory=dict)
    start: datetime | None = None  # where the hour is known
    end: datetime | None = None

    @property
    def gathering(self) -> Gathering:
        return Gathering(self.people, self.first.toordinal() if self.first else None, self.online)


class Evidence:
    """The likelihoods of the clues, worked out as far as they are asked for."""

    def __init__(self, index: Index, clues: Clues) -> None:
        self._index = index
        self.clues = clues
        self._events: dict[int, Event] = {}
        # What is asked for again and again: of events where and when they were, of names of places how much fits.
        self._places: dict[int, float] = {}
        self._times: dict[int, float] = {}
        self._called: dict[str, float] = {}

    # Events

    def events(self, numbers: Iterable[int]) -> dict[int, Event]:
        """Return events by their numbers, with their people, what they are part of and where they were."""
        wanted = list(dict.fromkeys(numbers))
        missing = [number for number in wanted if number not in self._events]
        if missing:
            self._load(missing)
        return {number: self._events[number] for number in wanted if number in self._events}

    def _load(self, numbers: list[int]) -> None:
        listed = orjson.dumps(numbers).decode()
        # The plus keeps SQLite from going through all events there are, by the index of types.
        rows = self._index.rows(
            "SELECT number, names, start, end, city, online FROM node "
            "WHERE number IN (SELECT value FROM json_each(?)) AND +type = 'Event'",
            listed,
        )
        for number, names, start, end, city, online in rows:
            first = span(start) if start else None
            last = span(end) if end else None
            self._events[number] = Event(
                number,
                names.partition("\n")[0],
                first[0] if first else None,
                (last or first or (None, None))[1],
                city,
                bool(online),
                start=_hour(start),
                end=_hour(end),
            )
        edges = self._index.rows(
            "SELECT source, target, type, "
            "CASE type WHEN 'location' THEN (SELECT names FROM node WHERE number = target) END "
            "FROM edge WHERE source IN (SELECT value FROM json_each(?))",
            listed,
        )
        for source, target, kind, names in edges:
            event = self._events.get(source)
            if event is None:
                continue
            if kind in ROLES:
                # A role that counts for more stands, where somebody has two.
                if kind != "attendee" or target not in event.people:
                    event.people[target] = "organizer" if event.people.get(target) == "organizer" else kind
            elif kind == "superEvent":
                event.wholes.append(target)
            elif kind == "location":
                event.venue = names.partition("\n")[0]
        for number, latitude, longitude in self._index.rows(
            "SELECT number, latitude, longitude FROM point WHERE number IN (SELECT value FROM json_each(?))", listed
        ):
            self._events[number].points.append((latitude, longitude)) if number in self._events else None
        wholes = {each for number in numbers if number in self._events for each in self._events[number].wholes}
        if missing := [each for each in wholes if each not in self._events]:
            self._load(missing)
        for number in numbers:
            event = self._events.get(number)
            for whole in event.wholes if event else ():
                if event and event.first is None and whole in self._events:
                    event.first, event.last = self._events[whole].first, self._events[whole].last

    def parts(self, numbers: Iterable[int]) -> dict[int, list[int]]:
        """Return for each event, series, place or organisation the events in, at or by it."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        rows = self._index.rows(
            "SELECT target, source FROM edge WHERE target IN (SELECT value FROM json_each(?)) "
            "AND type IN ('superEvent', 'location', 'organizer')",
            orjson.dumps(list(numbers)).decode(),
        )
        for whole, part in rows:
            found[whole].append(part)
        return found

    def roles(self, people: Iterable[int]) -> dict[int, list[int]]:
        """Return the events that people had a role in."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        rows = self._index.rows(
            "SELECT DISTINCT target, source FROM edge WHERE target IN (SELECT value FROM json_each(?)) "
            "AND type IN ('performer', 'organizer', 'attendee') ORDER BY target, source",
            orjson.dumps(list(people)).decode(),
        )
        for person, event in rows:
            found[person].append(event)
        return found

    # Clues

    @cached_property
    def at(self) -> dict[int, float]:
        """Events that were said: by their name, or that of their series, place, organiser or conference."""
        if not self.clues.at:
            return {}
        named = self._named(self.clues.at, ("Event", "EventSeries", "Organization", "Place"))
        found = dict(named)
        for _ in range(2):  # a series' conferences, and their talks
            for whole, parts in self.parts(found).items():
                for part in parts:
                    found[part] = max(found.get(part, 0.0), PART * found[whole])
        return found

    @cached_property
    def at_people(self) -> dict[int, float]:
        """People who belong to an organisation or place that was said, or to what is at that place."""
        if not self.clues.at:
            return {}
        wholes = self._named(self.clues.at, ("Organization", "Place"))
        listed = orjson.dumps(list(wholes)).decode()
        at_places = self._index.rows(
            "SELECT target, source FROM edge WHERE target IN (SELECT value FROM json_each(?)) AND type = 'location'",
            listed,
        )
        for place, each in list(at_places):
            wholes[each] = max(wholes.get(each, 0.0), PART * wholes[place])
        return self._members(wholes)

    @cached_property
    def about(self) -> dict[int, float]:
        """Events on the topic, as the best of them is; talks of a conference on it a little."""
        if not self.clues.about:
            return {}
        found = self._told(self.clues.about, "Event", (NAMES, *STEMS), EVENTS)
        for whole, parts in self.parts(found).items():
            for part in parts:
                found[part] = max(found.get(part, 0.0), UNKNOWN * found[whole])
        return found

    @cached_property
    def about_people(self) -> dict[int, float]:
        """People whose role, organisation or topics are called so."""
        if not self.clues.about:
            return {}
        return self._told(self.clues.about, "Person", ("role", "organisation", *STEMS), PEOPLE)

    @cached_property
    def skilled(self) -> dict[int, float]:
        """People whose role or organisation is called so, whatever their events were about."""
        return self._told(self.clues.about, "Person", ("role", "organisation"), PEOPLE) if self.clues.about else {}

    @cached_property
    def here(self) -> places.Area | None:
        if not self.clues.where:
            return None
        try:
            return places.locate(self._index, self.clues.where)
        except places.PlaceError:
            return None

    @cached_property
    def where_people(self) -> dict[int, float]:
        """People who belong to something that is in the town or called like the place."""
        if not self.clues.where:
            return {}
        found = self._named(self.clues.where, ("Organization", "Place"))
        town = self.here.town if self.here and self.here.town else fold(self.clues.where)
        in_town = self._index.rows("SELECT number FROM node WHERE city = ? AND type = 'Place' LIMIT ?", town, EVENTS)
        wholes = {**found, **{row[0]: 1.0 for row in in_town}}
        at_places = self._index.rows(
            "SELECT source FROM edge WHERE target IN (SELECT value FROM json_each(?)) AND type = 'location'",
            orjson.dumps(list(wholes)).decode(),
        )
        return self._members({**wholes, **{row[0]: 1.0 for row in at_places}})

    def pointed_to(self) -> dict[int, float]:
        """Return the events that the clues point to; of place and time alone only where nothing else was said."""
        found = {**self.about, **self.at}
        if not found and (self.clues.where or self.clues.when):
            then_and_there = self._then_and_there(self.clues.where)
            if not then_and_there and self.clues.when:
                then_and_there = self._then_and_there(None)  # the place may be wrong, or not on record
            found = dict.fromkeys(then_and_there, 1.0)
        return found

    def _then_and_there(self, where: str | None) -> list[int]:
        # Only those of which somebody is known to have been there: the rest leads to nobody.
        query = (
            "SELECT number FROM node WHERE type = 'Event' AND EXISTS (SELECT 1 FROM edge WHERE source = node.number "
            "AND edge.type IN ('performer', 'organizer', 'attendee'))"
        )
        values: list[str] = []
        if self.clues.when:
            # A date known to the year alone counts as in it.
            query += " AND start < ? AND end >= ?"
            values += [self.clues.when.end.isoformat() + "U", self.clues.when.start.isoformat()[:4]]
        if where:
            around = [each for each, like in self._named(where, ("Place",)).items() if like > NAMED]
            listed = orjson.dumps([part for parts in self.parts(around).values() for part in parts]).decode()
            towns = self.here.town if self.here and self.here.town else fold(where)
            near = orjson.dumps(self._nearby()).decode()
            query += (
                " AND (city = ? OR number IN (SELECT value FROM json_each(?)) "
                "OR number IN (SELECT value FROM json_each(?)))"
            )
            values += [towns, listed, near]
        return [row[0] for row in self._index.rows(f"{query} LIMIT {EVENTS}", *values)]

    def _nearby(self) -> list[int]:
        if not self.here or not self.here.point:
            return []
        query = (
            "SELECT DISTINCT point.number FROM point JOIN node ON node.number = point.number "
            "WHERE node.type = 'Event' AND point.latitude BETWEEN ? AND ? AND point.longitude BETWEEN ? AND ? LIMIT ?"
        )
        latitudes, longitudes = places.box(self.here.point, NEAR)
        return [row[0] for row in self._index.rows(query, *latitudes, *longitudes, EVENTS)]

    def fit(self, event: Event, person: int | None = None) -> float:
        """Return how well an event fits all clues but the name: the product of their likelihoods."""
        fit = 1.0
        if self.clues.at:
            said = max((self.at.get(each, 0.0) for each in (event.number, *event.wholes)), default=0.0)
            fit *= max(AT_FLOOR, said, PART * self.at_people.get(person or 0, 0.0))
        if self.clues.about:
            fit *= max(ABOUT_FLOOR, self.about.get(event.number, 0.0), PART * self.skilled.get(person or 0, 0.0))
        if self.clues.where:
            fit *= self.place_fit(event)
        if self.clues.when:
            fit *= self.time_fit(event)
        return fit

    def place_fit(self, event: Event) -> float:
        if event.number not in self._places:
            self._places[event.number] = self._place_fit(event)
        return self._places[event.number]

    def _place_fit(self, event: Event) -> float:
        named = max(self._called_so(text) for text in (event.name, event.venue, event.city or ""))
        if named > 0.9 or (self.here and self.here.town and event.city == self.here.town):
            return 1.0
        if self.here and self.here.point and event.points:
            away = min(places.distance(self.here.point, point) for point in event.points) - NEAR
            return max(FLOOR, math.exp(-max(0.0, away) / AWAY))
        return UNKNOWN if not event.city and not event.points else max(FLOOR, named / 2)

    def _called_so(self, text: str) -> float:
        """Return how much of the place that was said a name has."""
        if text not in self._called:
            self._called[text] = covered(self._where, text.split())
        return self._called[text]

    @cached_property
    def _where(self) -> list[str]:
        return words(self.clues.where or "")

    def time_fit(self, event: Event) -> float:
        if event.number not in self._times:
            self._times[event.number] = self._time_fit(event)
        return self._times[event.number]

    def _time_fit(self, event: Event) -> float:
        if self.clues.when is None or event.first is None:
            return UNKNOWN
        return max(FLOOR, self.clues.when.closeness(event.first, event.last))

    def fit_without_event(self, person: int) -> float:
        """Return how well somebody fits of whom the role alone is known."""
        fit = 1.0
        if self.clues.at:
            fit *= max(AT_FLOOR, self.at_people.get(person, 0.0))
        if self.clues.about:
            fit *= max(ABOUT_FLOOR, self.skilled.get(person, 0.0), self.about_people.get(person, 0.0) / 2)
        if self.clues.where:
            fit *= max(FLOOR, self.where_people.get(person, 0.0) / 2)
        if self.clues.when:
            fit *= UNKNOWN
        return fit

    @cached_property
    def named(self) -> dict[int, float]:
        """People of whom the name is not unlike what was said, and how much of it they have."""
        if not self.clues.name:
            return {}
        asked = Asked(fold(self.clues.name).split(), text=self.clues.name)
        person = [Query.const_score_query(self._index.words.term("type", "Person"), 0.0)]
        found = candidates(self._index, asked, person, PEOPLE)
        return {each.number: self.name_fit(each.number) for each in found}

    def name_fit(self, person: int) -> float:
        """Return how much of the name that was said a person has, from 0 to 1."""
        asked = fold(self.clues.name or "").split()
        for row in self._index.rows("SELECT names FROM node WHERE number = ?", person):
            return max((covered(asked, name.split(), SLIP) for name in row[0].split("\n")), default=0.0)
        return 0.0

    def _named(self, text: str, types: Iterable[str]) -> dict[int, float]:
        """Return the nodes that are called so."""
        asked = Asked(words(text), text=text)
        wanted = Query.boolean_query([(Occur.Should, self._index.words.term("type", kind)) for kind in types])
        found = candidates(self._index, asked, [Query.const_score_query(wanted, 0.0)], PEOPLE)
        typed = words(text)
        alike: dict[int, float] = {}
        for each in found:
            for row in self._index.rows("SELECT names FROM node WHERE number = ?", each.number):
                names = row[0].split("\n")
                within = max(covered(typed, name.split()) for name in names)
                alike[each.number] = max(each.likeness, WITHIN * within)
        return {number: like**SHARP for number, like in alike.items() if like > NAMED}

    def _told(self, text: str, kind: str, fields: Sequence[str], limit: int) -> dict[int, float]:
        """Return the nodes that say so in some fields, the best with 1."""
        index = self._index.words
        ways = []
        for word in words(text):
            terms = [(field, term) for field in fields for term in index.analyse(field, word)]
            meant = [index.term(field, term) for field, term in terms]
            if not stands(index, word):  # a slip, or a blank that is missing
                meant += [index.like(field, term, 1) for field, term in terms if len(term) > 3]
                meant += [_both(index, field, parts) for parts in apart(index, word) for field in fields]
            if meant:
                ways.append(Query.disjunction_max_query(meant))
        if not ways:
            return {}
        said = Query.boolean_query([(Occur.Should, each) for each in ways])
        of_kind = Query.const_score_query(index.term("type", kind), 0.0)
        found = index.find(Query.boolean_query([(Occur.Must, said), (Occur.Must, of_kind)]), limit)
        most = max((score for _, score in found), default=1.0)
        return {number: math.exp(TOPIC * (score / most - 1)) for number, score in found}

    def _members(self, wholes: Mapping[int, float]) -> dict[int, float]:
        found: dict[int, float] = {}
        listed = orjson.dumps(list(wholes)).decode()
        listed_in = "IN (SELECT value FROM json_each(?)) AND type"
        belonging = f"SELECT target, source FROM edge WHERE target {listed_in} IN ('worksFor', 'memberOf')"
        founding = f"SELECT source, target FROM edge WHERE source {listed_in} = 'founder'"
        for query in (belonging, founding):
            for whole, person in self._index.rows(query, listed):
                found[person] = max(found.get(person, 0.0), wholes[whole])
        return found


def _both(index: Words, field: str, parts: Iterable[str]) -> Query:
    terms = [term for part in parts for term in index.analyse(field, part)]
    return Query.boolean_query([(Occur.Must, index.term(field, term)) for term in terms])


def _hour(stated: str | None) -> datetime | None:
    """Return the instant that a date with a time states."""
    return datetime.fromisoformat(stated) if stated and len(stated) > 10 else None


__all__ = ["BELONGING", "FLOOR", "ROLES", "UNKNOWN", "Clues", "Event", "Evidence"]
