"""Find somebody you met, from scraps of memory: known-item search over people and the events they had a role in.

Every clue is optional and soft: a wrong one lowers a person's score and never excludes. What one shared with somebody
is counted on the bipartite graph of people and events (``output/encounter.py``), each event as much as the clues and
the asker's diary make it likely (``output/evidence.py``, ``output/presence.py``), times the likelihood of the name.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from output import diary as diaries
from output.encounter import amounts, encounters, shared
from output.evidence import BELONGING, ROLES, UNKNOWN, Clues, Event, Evidence
from output.fold import fold
from output.index import Edge, Index
from output.periods import parse, span
from output.presence import presences

VERB = {"performer": "spoke at", "organizer": "organised", "attendee": "took part in"}

# Likelihoods: floors keep a wrong clue from excluding.
FULL_NAME, PART_OF_NAME, OTHER_NAME = 1.0, 0.9, 0.0005
UNWRITTEN = 0.02  # that one was at an event that the diary does not tell of
NO_MEETING = 0.3  # weight of somebody of whom no event is known, by role alone
OFTEN = 0.5  # power of how often somebody is on record, by which clues without a diary count less
NOBODY = 0.05  # weight of "it was none of these", where one clue is given
BY_CHANCE = 0.5  # that a further clue fits somebody who is not on record
LEAST = 0.01  # a weight below which nobody fits
FAR = 0.005  # share of the best one's weight below which somebody is not worth a mention
CONTRAST = 2.0  # power that makes shares of weights: with it, first answers are right about as often as they say
EQUAL = 0.7  # two scores whose ratio is above this are about equal
FITTING = 0.2  # likelihood from which an event is what was meant
UNATTENDED = 3  # events that are named, where nobody fits
ASKED_OF = 5  # answers among which a question should tell apart

POINTED = 1_500  # events that clues point to whose people are looked at, those that fit best
CANDIDATES = 2_000  # people that are scored
STEPS = 400  # people met whose other gatherings are looked at, those met most


class Sentence(str):
    """A sentence that knows its ``template`` and the ``values`` in it, so that a page can say it in its language."""

    template: str
    values: dict[str, str]

    def __new__(cls, template: str, **values: str) -> "Sentence":
        made = super().__new__(cls, template.format(**values))
        made.template, made.values = template, values
        return made

    def __deepcopy__(self, _: Any) -> "Sentence":
        return self


class MetError(ValueError):
    """A question without a clue."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event that a person had a role in. ``diary``: the asker's diary has it."""

    event: str
    name: str
    role: str
    date: str | None
    city: str | None
    about: tuple[str, ...]
    sources: tuple[str, ...]
    diary: bool = False
    fit: float = field(default=1.0, repr=False)

    def sentence(self) -> str:
        when = f", {_day(self.date)}" if self.date else ""
        where = f" ({self.city})" if self.city else ""
        topic = f", on *{'; '.join(self.about)}*" if self.about else ""
        too = "; you were there, by your diary" if self.diary else ""
        return f"{VERB[self.role]} {self.name}{when}{where}{topic}{too}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A person who fits. ``score`` is between 0 and 1 and shares out among the answers and "none of these".

    ``reasons`` are what speaks for them and ``against`` what does not fit, each a sentence; ``url`` is the public
    profile that a page gives for their role.
    """

    id: str
    name: str
    score: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    meetings: tuple[Meeting, ...]
    sources: tuple[str, ...]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """The people who fit, the best first, and the question that would tell the first two apart where they are equal.

    ``events``: where nobody fits, the events that do and of which nobody is on record, each in a few words.
    """

    people: tuple[Answer, ...] = ()
    ask: str | None = None
    events: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.people)

    def __len__(self) -> int:
        return len(self.people)

    def to_json(self) -> dict[str, Any]:
        return {
            "answers": [asdict(answer) for answer in self.people],
            "ask": self.ask,
            "events": list(self.events),
        }


def met(
    index: Index,
    name: str | None = None,
    *,
    at: str | None = None,
    where: str | None = None,
    when: str | None = None,
    about: str | None = None,
    diary: Sequence[Path | diaries.Entry] = (),
    limit: int = 10,
    today: date | None = None,
) -> Answers:
    """Return who that may have been.

    Args:
        index: an open index.
        name: a first name, or any part of a name; slips are forgiven.
        at: an event, a series, or who held it.
        where: a town or a place.
        when: a period, as people say it: "2012", "spring 2012", "il y a deux ans".
        about: a topic, a role, a skill.
        diary: the asker's own calendars (files, or entries already read). They are matched to events in memory and
            kept nowhere.
        limit: how many answers at the most.
        today: the day from which "last year" counts; today by default.

    Raises:
        MetError: when no clue is given: this is no list of everybody.
        PeriodError: when ``when`` cannot be read.
        DiaryError: for a diary that cannot be read.
    """
    clues = Clues(
        name=_said(name),
        at=_said(at),
        where=_said(where),
        when=parse(when, today or date.today()) if when and when.strip() else None,
        about=_said(about),
    )
    if clues == Clues() and not diary:
        raise MetError("give at least one clue: --name, --at, --where, --when, --about or --diary")
    entries = [entry for each in diary for entry in (diaries.read(each) if isinstance(each, Path) else [each])]
    question = _Question(index, clues, entries)
    scores = question.scores()
    best = max(scores.values(), default=0.0)
    kept = [
        # Somebody of that very name stays, however wrong the other clues: these lower, they do not exclude.
        (score, person)
        for person, score in scores.items()
        if (best >= LEAST and score >= best * FAR) or (clues.name and question.names.get(person, 0.0) >= PART_OF_NAME)
    ]
    kept.sort(key=lambda pair: (-pair[0], pair[1]))
    given = sum(clue is not None for clue in astuple(clues)) + bool(entries)
    nobody = NOBODY * BY_CHANCE ** (given - 1)
    total = sum(score**CONTRAST for score in scores.values()) + nobody**CONTRAST
    people = tuple(question.answer(person, round(score**CONTRAST / total, 4)) for score, person in kept[:limit])
    return Answers(people, _ask(people, clues), () if people else tuple(question.unattended()))


def _said(text: str | None) -> str | None:
    return text if text and fold(text) else None


class _Question:
    """One question: its clues, the diary, and what they make of the people in the index."""

    def __init__(self, index: Index, clues: Clues, entries: Sequence[diaries.Entry]) -> None:
        self._index = index
        self._clues = clues
        self._evidence = Evidence(index, clues)
        self._presences = presences(index, self._evidence, entries) if entries else {}
        self._diary = bool(entries)
        self.names: dict[int, float] = {}

    def scores(self) -> dict[int, float]:
        """Return how likely each of the people is meant whom the clues or the diary point to, up to a common factor."""
        evidence = self._evidence
        pointed = evidence.events({**self._presences, **evidence.pointed_to()})
        fits = {number: evidence.fit(event) * self._presence(number) for number, event in pointed.items()}
        best = sorted(fits, key=lambda number: (-fits[number], number))[:POINTED]
        people: dict[int, float] = {}
        for number in best:
            for person in pointed[number].people:
                people[person] = max(people.get(person, 0.0), fits[number])
        for found in (evidence.named, evidence.about_people, evidence.at_people, evidence.where_people):
            for person, like in found.items():
                people[person] = max(people.get(person, 0.0), like)
        persons = sorted(people, key=lambda person: (-people[person], person))[:CANDIDATES]
        persons = self._people(persons)
        roles = evidence.roles(persons)
        events = evidence.events(event for several in roles.values() for event in several)
        direct = self._direct(roles, events)
        if self._presences:
            direct = self._with_steps(direct)
        found = {}
        for person in {*persons, *direct}:
            weight = direct.get(person, 0.0) / max(1, len(roles.get(person, ()))) ** (0.0 if self._diary else OFTEN)
            alone = NO_MEETING * evidence.fit_without_event(person) * (UNWRITTEN if self._diary else 1.0)
            found[person] = max(weight, alone) * self._name(person)
        return found

    def unattended(self) -> Iterator[str]:
        """Yield the events that fit best, of which nobody is on record: that is why nobody fits."""
        evidence = self._evidence
        pointed = evidence.events({**self._presences, **evidence.pointed_to()})
        attended = set(self._people([person for event in pointed.values() for person in event.people]))
        fits = {
            number: evidence.fit(event) * self._presence(number)
            for number, event in pointed.items()
            if not attended.intersection(event.people) and not evidence.parts([number])
        }
        best = sorted(fits, key=lambda number: (-fits[number], number))[:UNATTENDED]
        best = [number for number in best if fits[number] >= FITTING]
        for node in self._index.by_number(best):
            when = f", {_day(node.data['startDate'])}" if node.data.get("startDate") else ""
            yield f"{node.name}{when}"

    def _people(self, numbers: Sequence[int]) -> list[int]:
        """Return those of the numbers that are people: an organisation may hold an event too."""
        query = "SELECT number FROM node WHERE number IN (SELECT value FROM json_each(?)) AND +type = 'Person'"
        people = {row[0] for row in self._index.rows(query, orjson.dumps(list(numbers)).decode())}
        return [number for number in numbers if number in people]

    def _presence(self, event: int) -> float:
        return self._presences.get(event, UNWRITTEN) if self._diary else 1.0

    def _direct(self, roles: dict[int, list[int]], events: dict[int, Event]) -> dict[int, float]:
        gatherings = {number: event.gathering for number, event in events.items()}
        return shared(
            (
                person,
                gatherings[number].day if gatherings[number].day is not None else -number,
                self._amount(person, number, events, gatherings),
            )
            for person, several in roles.items()
            for number in several
            if person in events[number].people
        )

    def _amount(self, person: int, number: int, events: dict[int, Event], gatherings: dict[int, Any]) -> float:
        fit = self._evidence.fit(events[number], person)
        return float(gatherings[number].weight(person) * fit * self._presence(number))

    def _with_steps(self, direct: dict[int, float]) -> dict[int, float]:
        """Add what those met have in common with others, one step on."""
        met_most = sorted(direct, key=lambda person: (-direct[person], person))[:STEPS]
        roles = self._evidence.roles(met_most)
        events = self._evidence.events(event for several in roles.values() for event in several)
        around = {
            person: shared(amounts(((events[number].gathering, 1.0) for number in several), person))
            for person, several in roles.items()
        }
        found = encounters({person: direct[person] for person in met_most}, around)
        known = set(self._people(list(found)))
        return {**direct, **{person: score for person, score in found.items() if person in known}}

    def _name(self, person: int) -> float:
        if not self._clues.name:
            return 1.0
        evidence = self._evidence
        share = evidence.named[person] if person in evidence.named else evidence.name_fit(person)
        full = share > 0.999 and self._is_full_name(person)
        like = FULL_NAME if full else max(OTHER_NAME, PART_OF_NAME * share**3)
        self.names[person] = like
        return like

    def _is_full_name(self, person: int) -> bool:
        asked = sorted(fold(self._clues.name or "").split())
        rows = self._index.rows("SELECT names FROM node WHERE number = ?", person)
        return any(sorted(name.split()) == asked for row in rows for name in row[0].split("\n"))

    def answer(self, person: int, score: float) -> Answer:
        """Return a person with everything that speaks for and against them."""
        (node,) = self._index.by_number([person])
        edges = self._index.edges(node.id, (*ROLES, *BELONGING))
        belonging = [edge for edge in edges if edge.type in BELONGING]
        meetings = self._meetings(person, [edge for edge in edges if edge.type in ROLES])
        roles = [_role(edge) for edge in belonging] or ([node.data["jobTitle"]] if node.data.get("jobTitle") else [])
        fitting = [meeting for meeting in meetings if meeting.fit >= meetings[0].fit / 2][:3]
        return Answer(
            id=node.id,
            name=node.name,
            score=score,
            reasons=tuple([meeting.sentence() for meeting in fitting] + list(dict.fromkeys(roles))),
            against=tuple(self._against(person, meetings)),
            meetings=tuple(meetings),
            sources=tuple(dict.fromkeys([url for meeting in fitting for url in meeting.sources] + list(node.sources))),
            url=node.data.get("url"),
        )

    def _meetings(self, person: int, edges: Sequence[Edge]) -> list[Meeting]:
        """Return one meeting an event and role, with the sources of all who state it; those that fit best first."""
        grouped: defaultdict[tuple[str, str], list[Edge]] = defaultdict(list)
        for edge in edges:
            if edge.other.type == "Event":
                grouped[edge.other.id, edge.type].append(edge)
        numbers = {
            row[1]: row[0]
            for identity, _ in grouped
            for row in self._index.rows("SELECT number, id FROM node WHERE id = ?", identity)
        }
        events = self._evidence.events(numbers.values())
        towns = self._towns(events)
        found = []
        for (identity, role), several in grouped.items():
            event, number = several[0].other, numbers[identity]
            found.append(
                Meeting(
                    event=identity,
                    name=event.name,
                    role=role,
                    date=event.data.get("startDate"),
                    city=towns.get(number),
                    about=tuple(event.data.get("about", [])),
                    sources=tuple(dict.fromkeys(source["url"] for edge in several for source in edge.data["sources"])),
                    diary=number in self._presences,
                    fit=self._amount(person, number, events, {number: events[number].gathering}),
                )
            )
        return sorted(found, key=lambda each: (-each.fit, each.date or "9999", each.event, each.role))

    def _towns(self, events: Mapping[int, Event]) -> dict[int, str]:
        """Return where events were: the town of their place, or of that of what they are part of."""
        listed = orjson.dumps([each for event in events.values() for each in (event.number, *event.wholes)]).decode()
        query = (
            "SELECT edge.source, json_extract(CAST(content.doc AS TEXT), '$.addressLocality') "
            "FROM edge JOIN content ON content.number = edge.target "
            "WHERE edge.source IN (SELECT value FROM json_each(?)) AND edge.type = 'location' ORDER BY edge.target DESC"
        )
        towns = {number: town for number, town in self._index.rows(query, listed) if town}
        return {
            number: towns[each]
            for number, event in events.items()
            for each in (*reversed(event.wholes), number)
            if each in towns
        }

    def _against(self, person: int, meetings: Sequence[Meeting]) -> Iterator[str]:
        """Say what does not fit, so that the asker can judge."""
        clues, evidence = self._clues, self._evidence
        if clues.name:
            share = evidence.named.get(person, evidence.name_fit(person))
            if share < 0.6:
                yield Sentence("the name is not like {name!r}", name=clues.name)
            elif share < 0.99 and not self._begins(person):
                yield Sentence("the name is only similar to {name!r}", name=clues.name)
        events = evidence.events(evidence.roles([person]).get(person, ()))
        said = (evidence.at.get(each) for event in events.values() for each in (event.number, *event.wholes))
        if clues.at and meetings and not evidence.at_people.get(person) and not any(said):
            yield Sentence("no event of theirs is known as {at!r}", at=clues.at)
        if clues.where and events and all(evidence.place_fit(event) <= UNKNOWN for event in events.values()):
            yield Sentence("no event of theirs is known in {where}", where=clues.where)
        if clues.when and events:
            dated = [event for event in events.values() if event.first]
            if dated and not any(evidence.time_fit(event) == 1.0 for event in dated):
                yield Sentence("no event of theirs is known in that period")
        if self._diary and meetings and not any(meeting.diary for meeting in meetings):
            yield Sentence("your diary has none of their events")

    def _begins(self, person: int) -> bool:
        asked = fold(self._clues.name or "").split()
        rows = self._index.rows("SELECT names FROM node WHERE number = ?", person)
        return any(
            all(any(word.startswith(part) for word in name.split()) for part in asked)
            for row in rows
            for name in row[0].split("\n")
        )


def _role(edge: Edge) -> str:
    if edge.type == "founder":
        return Sentence("founder of {whole}", whole=edge.other.name)
    title = edge.data.get("jobTitle")
    if title:
        return Sentence("{title} of {whole}", title=title, whole=edge.other.name)
    return Sentence("works for {whole}" if edge.type == "worksFor" else "member of {whole}", whole=edge.other.name)


def _ask(people: Sequence[Answer], clues: Clues) -> str | None:
    """Return the question that would tell the best apart, where the first two are about equal.

    Of what was not said, that is asked which is expected to leave least doubt among the first answers (the entropy of
    their scores), as long as the first two differ in it.
    """
    if len(people) < 2 or people[1].score < people[0].score * EQUAL:
        return None
    intro = f"{people[0].name} and {people[1].name} are about equally likely."
    first = people[:ASKED_OF]
    ways: list[tuple[float, str]] = []
    for given, key, option, question in _QUESTIONS:
        if getattr(clues, given) is not None:
            continue
        values = [key(person) for person in first]
        if values[0] != values[1] and values[0] and values[1]:
            asked = question.format(values[0], values[1])
            ways.append((_information([person.score for person in first], values), f"{asked} ({option})"))
    if ways:
        return f"{intro} {max(ways, key=lambda way: way[0])[1]}"
    if not clues.name:
        return f"{intro} Do you remember any part of the name? (--name)"
    return f"{intro} What else do you remember?"


def _town(person: Answer) -> str | None:
    return person.meetings[0].city if person.meetings else None


def _year(person: Answer) -> str | None:
    return person.meetings[0].date[:4] if person.meetings and person.meetings[0].date else None


def _topic(person: Answer) -> str | None:
    return f"*{'; '.join(person.meetings[0].about)}*" if person.meetings and person.meetings[0].about else None


def _event(person: Answer) -> str | None:
    return person.meetings[0].name if person.meetings else None


_QUESTIONS = (
    ("where", _town, "--where", "Was it in {} or in {}?"),
    ("when", _year, "--when", "Was it in {} or in {}?"),
    ("about", _topic, "--about", "Was it about {} or {}?"),
    ("at", _event, "--at", "Was it {} or {}?"),
)


def _information(scores: Sequence[float], values: Sequence[str | None]) -> float:
    """Return the bits that one expects from hearing which of the values it was."""
    groups: defaultdict[str | None, float] = defaultdict(float)
    for score, value in zip(scores, values, strict=True):
        groups[value] += score
    total = sum(groups.values()) or 1.0
    return -sum(share / total * math.log2(share / total) for share in groups.values() if share > 0)


def _day(stated: str) -> str:
    """Return a date as people write it, as precisely as it is known."""
    days = span(stated)
    if days is None:
        return stated
    if len(stated) >= 10:
        return f"{days[0].day} {days[0]:%B %Y}"
    return f"{days[0]:%B %Y}" if len(stated) == 7 else stated


__all__ = ["Answer", "Answers", "Meeting", "MetError", "Sentence", "met"]
