"""Find somebody you met, from scraps of memory: known-item search over people and the events they had a role in.

Every clue is optional and soft: a wrong one lowers a person's score and never excludes. Co-presence counts on the
bipartite graph of people and events, normalised by attendance; a clue's likelihoods multiply in (Recroise's
``lookup.md``, and Newman 2001 for size-weighted co-attendance). The asker's own events would be one more factor of
``_meeting``: nothing else has to change for a diary.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from rapidfuzz.distance import OSA

from output.fold import fold, words
from output.index import Edge, Index, Node
from output.periods import Period, parse, span

MEETING = ("performer", "organizer", "attendee")
BELONGING = ("worksFor", "memberOf", "founder")

# How likely one is to have met somebody who had this role at a gathering one was at: a speaker is seen by all.
ROLE_WEIGHT = {"performer": 1.0, "organizer": 0.8, "attendee": 0.4}
VERB = {"performer": "spoke at", "organizer": "organised", "attendee": "took part in"}
ONLINE = 0.5  # weight of a meeting that took place online

# Likelihoods of a clue: floors keep a wrong one from excluding.
NAME_LIKELIHOOD = {"full": 1.0, "word": 0.9, "beginning": 0.7, "typo": 0.5, "none": 0.01}
FLOOR = 0.05
NO_MEETING = 0.3  # weight of somebody of whom no event is known, by role alone
NOBODY = 0.05  # weight of "it was none of these"
LEAST = 0.01  # a score below which somebody does not fit
EQUAL = 0.8  # two scores whose ratio is above this are about equal

MATCHES = 50_000  # people that one clue may point to
CANDIDATES = 200  # people that are scored, those to whom most clues point


class MetError(ValueError):
    """A question without a clue."""


@dataclass(frozen=True, slots=True)
class Clues:
    """What one remembers; all optional, at least one given."""

    name: str | None = None
    at: str | None = None
    where: str | None = None
    when: Period | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event that a person had a role in."""

    event: str
    name: str
    role: str
    date: str | None
    city: str | None
    about: tuple[str, ...]
    sources: tuple[str, ...]
    fit: float = field(default=1.0, repr=False)

    def sentence(self) -> str:
        when = f", {_day(self.date)}" if self.date else ""
        where = f" ({self.city})" if self.city else ""
        topic = f", on *{'; '.join(self.about)}*" if self.about else ""
        return f"{VERB[self.role]} {self.name}{when}{where}{topic}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A person who fits. ``score`` is between 0 and 1 and shares out among the answers and "none of these"."""

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
    """The people who fit, the best first, and the question that would tell the first two apart where they are equal."""

    people: tuple[Answer, ...] = ()
    ask: str | None = None

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.people)

    def __len__(self) -> int:
        return len(self.people)

    def to_json(self) -> dict[str, Any]:
        return {"answers": [asdict(answer) for answer in self.people], "ask": self.ask}


def met(
    index: Index,
    name: str | None = None,
    *,
    at: str | None = None,
    where: str | None = None,
    when: str | None = None,
    about: str | None = None,
    limit: int = 10,
    today: date | None = None,
) -> Answers:
    """Return who that may have been.

    Args:
        index: an open index.
        name: a first name, or any part of a name; one slip is forgiven.
        at: an event, a series, or who held it.
        where: a town or a place.
        when: a period, as people say it: "2012", "spring 2012", "il y a deux ans".
        about: a topic, a role, a skill.
        limit: how many answers at the most.
        today: the day from which "last year" counts; today by default.

    Raises:
        MetError: when no clue is given: this is no list of everybody.
        PeriodError: when ``when`` cannot be read.
    """
    clues = Clues(
        name=_said(name),
        at=_said(at),
        where=_said(where),
        when=parse(when, today or date.today()) if when and when.strip() else None,
        about=_said(about),
    )
    if clues == Clues():
        raise MetError("give at least one clue: --name, --at, --where, --when or --about")
    scored = []
    for node in _candidates(index, clues):
        score, answer = _answer(index, node, clues)
        # Somebody of that very name stays, however wrong the other clues: these lower, they do not exclude.
        if score >= LEAST or (clues.name and _name_match(node, clues.name) in ("full", "word")):
            scored.append((score, answer))
    scored.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].id))
    total = sum(score for score, _ in scored) + NOBODY
    people = tuple(replace(answer, score=round(score / total, 4)) for score, answer in scored[:limit])
    return Answers(people, _ask(people, clues))


def _said(text: str | None) -> str | None:
    return text if text and fold(text) else None


def _candidates(index: Index, clues: Clues) -> list[Node]:
    """Return the people whom most of the clues point to, in the order of their ids: enough to rank, not everybody."""
    hits: Counter[str] = Counter()
    for people in _pointed_to(index, clues):
        hits.update(people)
    best = sorted(hits, key=lambda person: (-hits[person], person))[:CANDIDATES]
    return [index.node(person) for person in sorted(best)]


def _pointed_to(index: Index, clues: Clues) -> Iterator[set[str]]:
    """Yield for each clue the people (ids) that it points to, and once more whom place and time together do."""
    if clues.name:
        yield _named(index, clues.name)
    if clues.where:
        town = _ids(index, f"{_OF_EVENTS} event.city = ?", fold(clues.where))
        yield town | _ids(index, _AROUND, _match(clues.where, "names")) | _ids(index, _DESCRIBED, _match(clues.where))
    if clues.when:
        yield _ids(index, f"{_OF_EVENTS} {_IN_PERIOD}", *_bounds(clues.when))
    if clues.where and clues.when:
        both = f"{_OF_EVENTS} event.city = ? AND {_IN_PERIOD}"
        yield _ids(index, both, fold(clues.where), *_bounds(clues.when))
    if clues.about:
        yield _ids(index, _OF_MATCHES, _match(clues.about)) | _ids(index, _DESCRIBED, _match(clues.about))
    if clues.at:
        found = _ids(index, _OF_MATCHES, _match(clues.at, "names")) | _ids(index, _AROUND, _match(clues.at, "names"))
        yield found | _ids(index, _DESCRIBED, _match(clues.at))


# CROSS JOIN fixes the order for SQLite: the full-text matches first, not every node of a type looked up among them.
_ROLES = "role.type IN ('performer', 'organizer', 'attendee') AND role.target GLOB 'person-*'"
_OF_EVENTS = (
    "SELECT DISTINCT role.target FROM node AS event JOIN edge AS role ON role.source = event.id "
    f"WHERE event.type = 'Event' AND {_ROLES} AND"
)
_IN_PERIOD = "event.start < ? AND event.end >= ?"
_OF_MATCHES = (
    "SELECT DISTINCT role.target FROM text CROSS JOIN node AS event ON event.number = text.rowid "
    f"JOIN edge AS role ON role.source = event.id WHERE text MATCH ? AND event.type = 'Event' AND {_ROLES}"
)
# Events of a series, of an organiser, at a place.
_AROUND = (
    "SELECT DISTINCT role.target FROM text CROSS JOIN node AS whole ON whole.number = text.rowid "
    "JOIN edge AS part ON part.target = whole.id JOIN edge AS role ON role.source = part.source "
    "WHERE text MATCH ? AND whole.type IN ('EventSeries', 'Organization', 'Place') "
    f"AND part.type IN ('superEvent', 'organizer', 'location') AND {_ROLES}"
)
# People whose role, organisation or topics are called so.
_DESCRIBED = (
    "SELECT node.id FROM text CROSS JOIN node ON node.number = text.rowid WHERE text MATCH ? AND node.type = 'Person'"
)


def _ids(index: Index, query: str, *values: str) -> set[str]:
    return {row[0] for row in index.rows(f"{query} LIMIT {MATCHES}", *values)}


def _match(text: str, column: str = "") -> str:
    asked = " OR ".join(f'"{word}" *' for word in words(text))
    return f"{column} : ({asked})" if column else asked


def _bounds(period: Period) -> tuple[str, str]:
    """Return what an event's start is below and its end not below; a date known to the year alone counts as in it."""
    return period.end.isoformat() + "U", period.start.isoformat()[:4]


def _named(index: Index, name: str) -> set[str]:
    asked = fold(name).split()
    match = "names : (" + " OR ".join(f'"{word}" *' for word in asked) + ")"
    if matches := _ids(index, _DESCRIBED, match):
        return matches
    # Nothing begins like it: a slip, perhaps in the first letter. All names are looked at, once.
    everybody = "SELECT node.id, text.names FROM text JOIN node ON node.number = text.rowid WHERE node.type = 'Person'"
    return {
        node
        for node, names in index.rows(everybody)
        if any(_typo(word, each) for word in asked for each in names.split())
    }


def _answer(index: Index, node: Node, clues: Clues) -> tuple[float, Answer]:
    edges = index.edges(node.id, (*MEETING, *BELONGING))
    belonging = [edge for edge in edges if edge.type in BELONGING]
    meetings = _once(_meeting(index, edge, clues, belonging) for edge in edges if edge.type in MEETING)
    weight = sum(meeting.fit for meeting in meetings) / math.sqrt(len(meetings)) if meetings else 0.0
    weight = max(
        weight, NO_MEETING * _fit(clues, None, None, "", [], _texts(node, belonging), _towns(index, belonging))
    )
    kind = _name_match(node, clues.name)
    roles = [_role(edge) for edge in belonging] or ([node.data["jobTitle"]] if node.data.get("jobTitle") else [])
    fitting = [meeting for meeting in meetings if meeting.fit >= meetings[0].fit / 2][:3]
    answer = Answer(
        id=node.id,
        name=node.name,
        score=0.0,
        reasons=tuple([meeting.sentence() for meeting in fitting] + list(dict.fromkeys(roles))),
        against=tuple(_against(clues, kind, meetings)),
        meetings=tuple(meetings),
        sources=tuple(dict.fromkeys([url for meeting in fitting for url in meeting.sources] + list(node.sources))),
        url=node.data.get("url"),
    )
    return weight * (NAME_LIKELIHOOD[kind] if clues.name else 1.0), answer


def _once(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Return one meeting an event and role, with the sources of all who state it; those that fit best first."""
    found: dict[tuple[str, str], Meeting] = {}
    for meeting in meetings:
        known = found.get((meeting.event, meeting.role))
        sources = (*(known.sources if known else ()), *meeting.sources)
        found[meeting.event, meeting.role] = replace(meeting, sources=tuple(dict.fromkeys(sources)))
    return sorted(
        found.values(), key=lambda meeting: (-meeting.fit, meeting.date or "9999", meeting.event, meeting.role)
    )


def _meeting(index: Index, edge: Edge, clues: Clues, belonging: list[Edge]) -> Meeting:
    event = edge.other
    around = index.edges(event.id, ("location", "superEvent", "organizer"))
    place = next((each.other for each in around if each.type == "location" and each.outgoing), None)
    city = place.data.get("addressLocality") if place else None
    above = " ".join(each.other.name for each in around if each.outgoing)
    online = event.data.get("eventAttendanceMode") == "OnlineEventAttendanceMode"
    texts = [
        event.name,
        *event.data.get("about", []),
        *event.data.get("keywords", []),
        event.data.get("description", ""),
    ]
    texts += [text for each in belonging for text in (each.other.name, each.data.get("jobTitle", ""))]
    fit = _fit(clues, event, place, above, texts, texts, [city] if city else [])
    return Meeting(
        event=event.id,
        name=event.name,
        role=edge.type,
        date=event.data.get("startDate"),
        city=city,
        about=tuple(event.data.get("about", [])),
        sources=tuple(dict.fromkeys(source["url"] for source in edge.data["sources"])),
        fit=fit * ROLE_WEIGHT[edge.type] * (ONLINE if online else 1.0),
    )


def _fit(
    clues: Clues,
    event: Node | None,
    place: Node | None,
    above: str,
    event_texts: list[str],
    texts: list[str],
    towns: list[str],
) -> float:
    """Return the product of the clues' likelihoods at one event, or of what is known of a person without one."""
    fit = 1.0
    if clues.where:
        here = [*towns, *([place.name] if place else []), *([event.name] if event else [])]
        share = max((_share(clues.where, each) for each in here), default=0.0)
        fit *= max(FLOOR, share if event else share / 2)
    if clues.when:
        days = span(event.data["startDate"]) if event and event.data.get("startDate") else None
        last = span(event.data["endDate"]) if event and event.data.get("endDate") else None
        # An event without a date may have been then; one with a date elsewhere was probably not.
        fit *= max(FLOOR, clues.when.closeness(days[0], (last or days)[1])) if days else 0.3
    if clues.about:
        fit *= max(FLOOR, _share(clues.about, " ".join(event_texts or texts)))
    if clues.at:
        fit *= max(FLOOR, _share(clues.at, f"{event.name} {above}" if event else " ".join(texts)))
    return fit


def _share(asked: str, text: str) -> float:
    """Return the share of the asked words that a text has, whole or as beginnings."""
    have = fold(text).split()
    wanted = words(asked)
    return sum(
        any(word == each or (len(word) > 2 and each.startswith(word)) for each in have) for word in wanted
    ) / len(wanted)


def _texts(node: Node, belonging: list[Edge]) -> list[str]:
    own = [node.data.get("jobTitle", ""), node.data.get("description", "")]
    return own + [text for edge in belonging for text in (edge.other.name, edge.data.get("jobTitle", ""))]


def _towns(index: Index, belonging: list[Edge]) -> list[str]:
    """Return the towns of the places and organisations that a person belongs to, and what these are called."""
    found = []
    for edge in belonging:
        found.append(edge.other.name)
        places = [edge.other, *(each.other for each in index.edges(edge.other.id, ("location",)) if each.outgoing)]
        found += [place.data["addressLocality"] for place in places if place.data.get("addressLocality")]
    return found


def _name_match(node: Node, asked: str | None) -> str:
    if not asked:
        return "none"
    wanted = fold(asked).split()
    best = "none"
    for name in (node.name, *node.data["alternateName"]):
        have = fold(name).split()
        if sorted(have) == sorted(wanted):
            return "full"
        if all(word in have for word in wanted):
            best = "word"
        elif best != "word" and all(any(each.startswith(word) for each in have) for word in wanted):
            best = "beginning"
        elif best == "none" and all(any(_typo(word, each) for each in have) for word in wanted):
            best = "typo"
    return best


def _typo(word: str, other: str) -> bool:
    """Whether two words differ by one slip: a letter changed, missing, added, or two swapped (OSA distance 1)."""
    return len(word) > 2 and OSA.distance(word, other, score_cutoff=1) <= 1


def _role(edge: Edge) -> str:
    if edge.type == "founder":
        return f"founder of {edge.other.name}"
    title = edge.data.get("jobTitle")
    return (
        f"{title} of {edge.other.name}"
        if title
        else f"{'works for' if edge.type == 'worksFor' else 'member of'} {edge.other.name}"
    )


def _against(clues: Clues, name_match: str, meetings: list[Meeting]) -> Iterator[str]:
    """Say what does not fit, so that the asker can judge."""
    if clues.name and name_match == "none":
        yield f"the name is not like {clues.name!r}"
    if clues.name and name_match == "typo":
        yield f"the name is only similar to {clues.name!r}"
    if clues.where and meetings and not any(_share(clues.where, f"{each.city or ''} {each.name}") for each in meetings):
        yield f"no event of theirs is known in {clues.where}"
    if clues.when and meetings:
        dates = [days for each in meetings if each.date and (days := span(each.date))]
        if dates and not any(clues.when.closeness(*days) == 1.0 for days in dates):
            yield "no event of theirs is known in that period"


def _ask(people: tuple[Answer, ...], clues: Clues) -> str | None:
    """Return the question that would tell the two best apart, where they are about equal."""
    if len(people) < 2 or people[1].score < people[0].score * EQUAL:
        return None
    one, other = people[0], people[1]
    firsts = [person.meetings[0] if person.meetings else None for person in (one, other)]
    intro = f"{one.name} and {other.name} are about equally likely."
    if firsts[0] and firsts[1]:
        left, right = firsts[0], firsts[1]
        if not clues.where and left.city and right.city and left.city != right.city:
            return f"{intro} Was it in {left.city} or in {right.city}? (--where)"
        if not clues.when and left.date and right.date and left.date[:4] != right.date[:4]:
            return f"{intro} Was it in {left.date[:4]} or in {right.date[:4]}? (--when)"
        if not clues.about and left.about != right.about and (left.about or right.about):
            topics = " or ".join(f"*{'; '.join(each.about)}*" for each in (left, right) if each.about)
            return f"{intro} Was it about {topics}? (--about)"
        if not clues.at and left.name != right.name:
            return f"{intro} Was it {left.name} or {right.name}? (--at)"
    if not clues.name:
        return f"{intro} Do you remember any part of the name? (--name)"
    return f"{intro} What else do you remember?"


def _day(stated: str) -> str:
    """Return a date as people write it, as precisely as it is known."""
    days = span(stated)
    if days is None:
        return stated
    if len(stated) >= 10:
        return f"{days[0].day} {days[0]:%B %Y}"
    return f"{days[0]:%B %Y}" if len(stated) == 7 else stated
