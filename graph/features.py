"""What linking compares: mentions grouped to atoms, and each atom as one flat row for its type's model.

An atom is what one source says of one thing in one breath: the same name with the same marks of identity. It is never
taken apart, but by a judgement. A row is made of strings, numbers and lists of strings alone, so that any engine of
Splink's can compare it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from crawler import gazetteer
from graph.mentions import Mention
from graph.names import acronyms, canonical_address, edition, fold, place_words, title_key, title_words
from graph.personal_names import personal_name

Row = dict[str, Any]

COMMON = 0.15  # namesakes to be expected of a name by chance, from which on it is a common one
WORLD = 2_000  # full names at least that those at hand are thought to be drawn among: a village has no common names
MOST = 60  # members kept of a list in a row: what is in more is no evidence


@dataclass(slots=True)
class Atom:
    """Mentions that are one before any comparison; ``key`` is the smallest of their keys.

    ``context`` gives for each column of evidence that flows along the graph the mentions that are named beside it.
    """

    key: str
    mentions: list[Mention]
    context: dict[str, set[str]] = field(default_factory=dict)

    @property
    def first(self) -> Mention:
        return self.mentions[0]


# Columns that hold what an atom is connected to: evidence that grows when those are merged.
CONTEXT = {
    "Person": ("events", "hosts", "companions", "organizations"),
    "Event": ("speakers", "places", "hosts"),
    "Place": ("events", "members"),
    "Organization": ("events", "members"),
    "EventSeries": ("hosts", "places", "speakers"),
}


# Columns that say what is around an atom, not what it is called: where those alone differ, the name decides.
AROUND = frozenset(("talks", "towns", "editions", *(column for columns in CONTEXT.values() for column in columns)))


class Surroundings:
    """Who and what stands beside each mention in its record."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.by_key = {mention.key: mention for mention in mentions}
        self.children: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.parent is not None:
                self.children[mention.parent].append(mention)

    def parent(self, mention: Mention) -> Mention | None:
        return self.by_key.get(mention.parent) if mention.parent else None

    def named(self, mention: Mention, *relations: str) -> list[Mention]:
        return [child for child in self.children.get(mention.key, ()) if child.relation in relations]


def town(mention: Mention) -> str | None:
    """Return the town that a mention states, else that of its event or source."""
    return mention.city or mention.near


def atoms(mentions: Iterable[Mention], around: Surroundings) -> dict[str, list[Atom]]:
    """Return the atoms of each type, in the order of their keys, with what stands beside them."""
    groups: defaultdict[tuple[str, ...], list[Mention]] = defaultdict(list)
    common = _common_names(mention for mention in around.by_key.values() if mention.type == "Person")
    for mention in mentions:
        groups[_identity(mention, around, common)].append(mention)
    found: defaultdict[str, list[Atom]] = defaultdict(list)
    for group in groups.values():
        group.sort(key=lambda mention: mention.key)
        atom = Atom(group[0].key, group)
        beside = _BESIDE[atom.first.type]
        for mention in group:
            beside(mention, around, atom.context)
        found[atom.first.type].append(atom)
    return {kind: sorted(found[kind], key=lambda atom: atom.key) for kind in sorted(found)}


def _identity(mention: Mention, around: Surroundings, common: frozenset[str]) -> tuple[str, ...]:
    """Return what mentions must share to be one atom."""
    source, kind = mention.source.id, mention.type
    if mention.own_key:
        return (kind, source, "key", mention.own_key)
    url = mention.data.get("url") or ""
    if kind == "Person":
        name = personal_name(mention.name)
        if not name.full:
            # A first name or a handle is nobody in particular: only its own record says that it is the same again.
            return (kind, source, mention.name, url) if url else (kind, mention.key)
        where: tuple[str, ...] = ()
        if name.full in common:
            event = around.parent(mention)
            where = (*sorted(fold(each.name) for each in around.named(mention, "worksFor", "memberOf")),
                     "", (event and town(event)) or "")  # fmt: skip
        return (kind, source, name.full, url, *where)
    if kind == "Event":
        return (kind, mention.key) if not mention.day else (
            kind, source, fold(mention.name), mention.data.get("startDate", ""), town(mention) or "", url
        )  # fmt: skip
    address = mention.data.get("address") or {}
    geo = mention.data.get("geo") or {}
    street = fold(address.get("streetAddress", ""))
    return (kind, source, fold(mention.name), town(mention) or "", url, street, str(sorted(geo.items())))


def _common_names(people: Iterable[Mention]) -> frozenset[str]:
    """Return the full names that so many bear that two bearers of one are to be expected.

    Expected from how many different full names share the given name, and how many the surname, as if the two were
    drawn apart: how often one person is named does not count.
    """
    names = {name.full: name for name in (personal_name(person.name) for person in people) if name.full}
    given = Counter(name.first_sound for name in names.values())
    family = Counter(name.last_sound for name in names.values())
    return frozenset(
        full
        for full, name in names.items()
        if given[name.first_sound] * family[name.last_sound] > COMMON * max(len(names), WORLD)
        and family[name.last_sound] > 1
    )


# What stands beside a mention, by type.

Context = dict[str, set[str]]


def _add(context: Context, column: str, mentions: Iterable[Mention]) -> None:
    for mention in mentions:
        context.setdefault(column, set()).add(mention.key)


def _beside_person(person: Mention, around: Surroundings, context: Context) -> None:
    _add(context, "organizations", around.named(person, "worksFor", "memberOf"))
    parent = around.parent(person)
    if parent is None:
        return
    if parent.type == "Organization":
        _add(context, "organizations", [parent])
    if parent.type in ("Event", "EventSeries"):
        if parent.type == "Event":
            _add(context, "events", [parent])
        for event in (parent, *around.named(parent, "superEvent")):
            _add(context, "hosts", [event] if event is not parent or event.type == "EventSeries" else ())
            _add(context, "hosts", around.named(event, "organizer"))
            people = around.named(event, "performer", "organizer", "attendee")
            _add(context, "companions", (each for each in people if each.type == "Person" and each is not person))


def _beside_event(event: Mention, around: Surroundings, context: Context) -> None:
    _add(context, "speakers", (each for each in around.named(event, "performer") if each.type == "Person"))
    _add(context, "places", around.named(event, "location"))
    _add(context, "hosts", around.named(event, "organizer", "superEvent"))


def _beside_place(place: Mention, around: Surroundings, context: Context) -> None:
    parent = around.parent(place)
    if parent and parent.type == "Event":
        _add(context, "events", [parent])
    elif parent and parent.type == "Person":
        _add(context, "members", [parent])
    _add(context, "members", around.named(place, "founder"))


def _beside_series(series: Mention, around: Surroundings, context: Context) -> None:
    _add(context, "hosts", around.named(series, "organizer"))
    _add(context, "places", around.named(series, "location"))
    parent = around.parent(series)
    if parent and parent.type == "Event":
        _add(context, "hosts", around.named(parent, "organizer"))
        _add(context, "places", around.named(parent, "location"))
        _add(context, "speakers", around.named(parent, "performer"))


_BESIDE: dict[str, Callable[[Mention, Surroundings, Context], None]] = {
    "Person": _beside_person,
    "Event": _beside_event,
    "Place": _beside_place,
    "Organization": _beside_place,
    "EventSeries": _beside_series,
}


# Rows, by type. A list that is empty is None: Splink's null level.


def rows(kind: str, found: Sequence[Atom], around: Surroundings) -> Iterator[Row]:
    """Yield the row of each atom of one type."""
    if kind == "Person":
        yield from _people(found, around)
    else:
        make = {"Event": _event, "EventSeries": _series}.get(kind, _place)
        for atom in found:
            yield {"key": atom.key, **make(atom, around), **_context(atom, around)}


def _some(values: Iterable[str | None]) -> list[str] | None:
    kept = sorted({value for value in values if value})
    return kept[:MOST] or None


def _context(atom: Atom, around: Surroundings) -> Row:
    """Return the names of what stands beside an atom, as far as a name alone can tell."""
    return {
        # That two were at one event is known only once it is: many are called "Lightning talks".
        column: None
        if column == "events"
        else _some(_token(column, around.by_key[key]) for key in atom.context.get(column, ()))
        for column in CONTEXT[atom.first.type]
    }


def _token(column: str, mention: Mention) -> str | None:
    if column == "hosts" and mention.type == "Event":
        return title_key(mention.name, town(mention))  # the edition of a year is a host for its series
    return name_token(mention)


def name_token(mention: Mention) -> str | None:
    """Return what stands for a mention before anything is merged: nothing, where its name says too little."""
    if mention.type == "Person":
        return personal_name(mention.name).full or None
    if mention.type == "Event":
        return f"{mention.day} {title_key(mention.name, town(mention))}" if mention.day else None
    if mention.type == "EventSeries":
        return f"{title_key(mention.name, town(mention))} {town(mention) or ''}"
    return " ".join((*sorted(place_words(mention.name, town(mention))), "·", town(mention) or ""))


def _people(found: Sequence[Atom], around: Surroundings) -> Iterator[Row]:
    common = _common_names(mention for atom in found for mention in atom.mentions)
    talks: defaultdict[str, set[str]] = defaultdict(set)
    spoke: dict[str, set[str]] = {}
    for atom in found:
        spoke[atom.key] = {
            title
            for key in atom.context.get("events", ())
            if len((title := fold(around.by_key[key].name)).split()) >= 3
        }
        for title in spoke[atom.key]:
            talks[title].add(atom.key)
    for atom in found:
        name = personal_name(atom.first.name)
        events = [around.by_key[key] for key in sorted(atom.context.get("events", ()))]
        yield {
            "key": atom.key,
            "whole": 1 if name.full else None,
            "squashed": name.squashed,
            "first": name.first,
            "middle": name.middle,
            "last": name.last,
            "full": name.full or None,
            "sounds": name.sounds or None,
            "first_sound": name.first_sound,
            "last_sound": name.last_sound or None,
            "given": list(name.given),
            "words": _some(f"{name.first} {word}" for word in {*name.middle.split(), name.last} if len(word) > 1),
            "common": 1 if name.full in common or len(name.first) == 1 else 0,
            "profiles": _some(_profiles(atom)),
            # What several people speak under ("lightning talks", "opening") is nobody's own.
            "talks": _some(title for title in spoke[atom.key] if len(talks[title]) <= 4),
            "towns": _some(town(event) for event in events),
            "editions": _some(
                f"{above.source.id} {above.own_key or above.name} {above.day}"
                for event in events
                for above in (event, *around.named(event, "superEvent"))
                if above.type == "Event"
            ),
            **_context(atom, around),
        }


def _profiles(atom: Atom) -> Iterator[str]:
    for mention in atom.mentions:
        for url in (mention.data.get("url"), *mention.data.get("sameAs", ())):
            if url and (address := canonical_address(url)) != canonical_address(mention.source.url):
                yield address


def _place(atom: Atom, _around: Surroundings) -> Row:
    mention = atom.first
    where = town(mention)
    words = place_words(mention.name, where)
    address = mention.data.get("address") or {}
    geo = mention.data.get("geo") or {}
    kind = fold(mention.data.get("additionalType", ""))
    street = fold(address.get("streetAddress", ""))
    names = [mention.name, *mention.data.get("alternateName", ())]
    return {
        "name": "".join(words),
        "words": sorted(set(words)),
        "word": words[0] if words else None,
        "second_word": words[1] if len(words) > 1 else "·",
        "names": _some("".join(place_words(name, where)) for name in names),
        "acronyms": _some(each for name in names for each in acronyms(name)),
        "letters": fold(mention.name).replace(" ", ""),
        "town": where,
        "stated_town": mention.city,
        "street": street if re.search(r"\d", street) else None,
        "kind": kind or None,
        "kind_word": kind.split()[0] if kind else None,
        # "la cantine de Brest": named by what it is and where.
        "described": words[0] if where and _is_described(words) else None,
        "latitude": geo.get("latitude"),
        "longitude": geo.get("longitude"),
        "urls": _some(_profiles(atom)),
    }


# What evenings are called everywhere: such a name tells a series only with its town.
_COMMON_NOUNS = frozenset(
    "apero aperos web soiree rencontre rencontres meetup meeting reunion conf conferences atelier ateliers cafe forum "
    "debat petit dejeuner dejeuners dej afterwork hackathon permanence portes ouvertes coworking dojo coding install "
    "party jeudi mardi mercredi lundi vendredi samedi dimanche club mensuelle mensuel workshop talk talks evening "
    "drinks breakfast lunch open session numerique".split()
)


def is_generic(title: str, where: str | None) -> bool:
    """Whether a title is made of common words alone."""
    return set(title_words(title, where)) <= _COMMON_NOUNS


# What places of a community are called for what they are.
_KINDS = frozenset(
    "cantine coworking fablab hackerspace makerspace technopole pepiniere incubateur mediatheque bibliotheque library "
    "universite university tiers espace".split()
)


def _is_described(words: Sequence[str]) -> bool:
    """Whether a name is a common noun, with its town: it may mean the one such place there."""
    return bool(words) and words[0] in _KINDS and len(words) <= 2


def _series(atom: Atom, around: Surroundings) -> Row:
    mention = atom.first
    where = town(mention)
    names = {mention.name, *mention.data.get("alternateName", ())}
    titles = {
        parent.name
        for each in atom.mentions
        if (parent := around.parent(each)) and parent.type == "Event" and each.relation == "superEvent"
    }
    return {
        "name": title_key(mention.name, where),
        "words": sorted(set(title_words(mention.name, where))),
        "names": _some(title_key(name, where) for name in names),
        # What its evenings are called, where they are not called by their theme.
        "titles": _some(title_key(title, where) for title in titles),
        "acronyms": _some(each for name in names for each in acronyms(name)),
        "letters": fold(mention.name).replace(" ", ""),
        "word": min(title_words(mention.name, where)),
        "second_word": "·",
        "generic": 1 if is_generic(mention.name, where) else 0,
        "kind": None,
        "town": where,
        "urls": _some(_profiles(atom)),
    }


def _event(atom: Atom, around: Surroundings) -> Row:
    mention = atom.first
    where = town(mention)
    start = mention.data.get("startDate") or ""
    first = _days(start)
    last = _days(mention.data.get("endDate") or "") or first
    above = [
        each for key in sorted(atom.context.get("hosts", ())) if (each := around.by_key[key]).relation == "superEvent"
    ]
    words = title_words(mention.name, where)
    point = _point(mention, around, where)
    return {
        "name": title_key(mention.name, where),
        "words": sorted(set(words)),
        "title": "".join(fold(mention.name).split()),
        "plain": title_key(mention.name, None),
        "acronyms": _some(acronyms(mention.name)),
        "letters": title_key(mention.name, where),
        "edition": edition(mention.name, start[:4]),
        "part_of": _some(title_key(each.name, where) for each in above if each.type == "Event"),
        "day": first,
        "last_day": last,
        "word": words[0],
        "week": first // 7 if first is not None else None,
        "next_week": first // 7 + 1 if first is not None else None,
        "month": start[:7] or None,
        "month_only": start[:7] if len(start) >= 7 else None,
        "hour": start[11:16] or None,
        "town": where,
        "country": _country(mention, around),
        "latitude": point[0],
        "longitude": point[1],
        "series": _some([title_key(mention.name, where), *(title_key(each.name, where) for each in above)]),
        "themes": _some(fold(each) for each in (*mention.data.get("about", ()), *mention.data.get("keywords", ()))),
        "urls": _some(_profiles(atom)),
    }


def _country(event: Mention, around: Surroundings) -> str | None:
    for place in around.named(event, "location"):
        if country := (place.data.get("address") or {}).get("addressCountry"):
            return fold(country)
    return None


def _point(event: Mention, around: Surroundings, where: str | None) -> tuple[float | None, float | None]:
    """Return where an event takes place: the place's own point, else the centre of its town."""
    for place in around.named(event, "location"):
        if geo := place.data.get("geo"):
            return geo["latitude"], geo["longitude"]
    return _centre(where) if where else (None, None)


@lru_cache(maxsize=50_000)
def _centre(where: str) -> tuple[float | None, float | None]:
    """Return the centre of a town, of several of one name the largest; nothing for an unknown one."""
    found = gazetteer.find(where)
    return (found[0].latitude, found[0].longitude) if found else (None, None)


def _days(value: str) -> int | None:
    """Return the day as a number, None for what is not known to the day."""
    try:
        return date.fromisoformat(value[:10]).toordinal() if len(value) >= 10 else None
    except ValueError:
        return None
