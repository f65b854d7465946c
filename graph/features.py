"""What linking compares: each atom as one flat row for its type's model.

A row is made of strings, numbers and lists of strings alone, so that any engine of Splink's can compare it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson

from crawler import gazetteer
from graph.atoms import Atom
from graph.beside import CONTEXT
from graph.mentions import Mention
from graph.names import (
    acronyms,
    canonical_address,
    edition,
    fold,
    head_of,
    place_words,
    title_key,
    title_words,
)
from graph.personal_names import PersonalName, full_name, personal_name
from graph.surroundings import Surroundings, town

Row = dict[str, Any]

MOST = 60  # members kept of a list in a row: what is in more is no evidence
# Columns that say what is around an atom, not what it is called: where those alone differ, the name decides.
AROUND = frozenset(
    ("talks", "towns", "editions", "pages", *(column for columns in CONTEXT.values() for column in columns))
)


# What rows say, by type. A list that is empty is None: Splink's null level.


def said(kind: str, found: Sequence[Atom], around: Surroundings) -> Iterator[Row]:
    """Yield of the row of each atom of one type what it says of itself: all but the columns ``AROUND``."""
    if kind == "Person":
        yield from _people(found, around)
    else:
        make = {"Event": _event, "EventSeries": _series}.get(kind, _place)
        for atom in found:
            yield {"key": atom.number, **make(atom, around)}


def _some(values: Iterable[str | None]) -> list[str] | None:
    if not values:
        return None
    kept = {value for value in values if value}
    if len(kept) < 2:
        return list(kept) or None
    return sorted(kept)[:MOST]


def name_token(mention: Mention) -> str | None:
    """Return what stands for a mention before anything is merged: nothing, where its name says too little."""
    if mention.type == "Person":
        return full_name(mention.name) or None
    if mention.type == "Event":
        return f"{mention.day} {title_key(mention.name, town(mention))}" if mention.day else None
    if mention.type == "EventSeries":
        return f"{title_key(mention.name, town(mention))} {town(mention) or ''}"
    return _place_token(mention.name, town(mention))


@lru_cache(maxsize=100_000)
def _place_token(name: str, where: str | None) -> str:
    return " ".join((*sorted(place_words(name, where)), "·", where or ""))


def _people(found: Sequence[Atom], around: Surroundings) -> Iterator[Row]:
    telling = _telling_handles(found)
    profiles = {atom.number: own for atom in found if (own := _profiles(atom))}
    shared = _shared(found, profiles)
    for atom in found:
        name = personal_name(atom.first.name)
        called = around.handle(atom.first)
        yield {
            "key": atom.number,
            "whole": 1 if name.full else None,
            "squashed": name.squashed,
            "first": name.first,
            "middle": name.middle,
            "last": name.last,
            "full": name.full or None,
            "spelt": name.spelt or None,
            "generation": name.generation,
            "widespread": int(name.widespread),
            "sounds": name.sounds or None,
            "first_sound": name.first_sound,
            "last_sound": name.last_sound or None,
            "counterparts": list(name.counterparts) or None,
            "given": list(name.given),
            # A name that its source tells from another is not that other with a surname more.
            "words": _some(
                [name.full]
                if name.qualified
                else (f"{name.first} {word}" for word in {*name.middle.split(), name.last} if len(word) > 1)
            ),
            "single": int(name.single),
            "handle": called,
            "handles": _some(handle for handle in _handles(atom) if handle == called or handle in telling),
            "common": 1 if name.full in around.common or len(name.first) == 1 else 0,
            "profiles": _some(address for address in profiles.get(atom.number, ()) if address not in shared),
        }


def _handles(atom: Atom) -> Collection[str]:
    names = {mention.name for mention in atom.mentions}
    found = [personal_name(name).handles for name in names]
    return found[0] if len(found) == 1 else set().union(*found)


def _telling_handles(found: Iterable[Atom]) -> frozenset[str]:
    """Return the handles that may be made of one name alone: one that fits several tells of none."""
    bearer: dict[str, str | None] = {}  # None: several
    for atom in found:
        if not (name := personal_name(atom.first.name)).single:
            called = name.sounds or f"{name.first} {name.last}"
            for handle in _handles(atom):
                if bearer.setdefault(handle, called) != called:
                    bearer[handle] = None
    return frozenset(handle for handle, called in bearer.items() if called is not None)


# Pages of a site that tell of several people.
_TEAM = frozenset("team equipe about apropos contact people staff members membres speakers intervenants".split())


def _shared(found: Iterable[Atom], profiles: Mapping[int, Sequence[str]]) -> set[str]:
    """Return the addresses of people that are not one's own: the site of a firm or a family, a team's page.

    A site's front page, or one that is called a team's, is that when it is given for two people whose names make them
    two; any other address for three, as people do change their names.
    """
    bearers: defaultdict[str, dict[str, PersonalName]] = defaultdict(dict)
    for atom in found:
        if atom.number in profiles and (name := personal_name(atom.first.name)).full and not name.single:
            for address in profiles[atom.number]:
                bearers[address].setdefault(name.full, name)
    return {address for address, names in bearers.items() if len(names) > 1 and _is_shared(address, names.values())}


def _is_shared(address: str, names: Iterable[PersonalName]) -> bool:
    host, _, path = address.partition("/")
    people: list[PersonalName] = []
    for name in names:
        if all(_are_two(name, other, host) for other in people):
            people.append(name)
    page = fold(path.rpartition("/")[2].partition(".")[0]).replace(" ", "")
    return len(people) >= (2 if not path or page in _TEAM else 3)


def _are_two(one: PersonalName, other: PersonalName, host: str) -> bool:
    words, others = set(one.full.split()), set(other.full.split())
    if words <= others or others <= words or one.sounds == other.sounds:
        return False
    if 1 in (len(one.first), len(other.first)):
        return one.first[0] != other.first[0] or one.last_sound != other.last_sound
    if set(one.given).isdisjoint(other.given):
        return True
    # Of one given name, she who changed her surname keeps a site that is called by her name.
    return one.last_sound != other.last_sound and not any(word in host for word in (one.first, one.last, other.last))


def _profiles(atom: Atom) -> list[str] | None:
    """Return the addresses that are stated of an atom, but for the pages that state them."""
    found: set[str] = set()
    for mention in atom.mentions:
        data = mention.data
        if "url" in data or "sameAs" in data:
            page = canonical_address(mention.source.url)
            stated = {canonical_address(url) for url in (data.get("url"), *data.get("sameAs", ())) if url}
            found |= stated - {page}
    return _some(found) if found else None


def wording(atom: Atom, around: Surroundings, stated: dict[int, bytes]) -> Hashable | None:
    """Return what a row says beside ``AROUND``, before it is made; None where that is not known so early.

    Of two atoms of a type of whom this is the same the rows say the same. ``stated`` keeps from call to call what the
    data of a mention comes to: many mentions share theirs.
    """
    mention = atom.mentions[0]
    if mention.type in ("Person", "Event"):
        return None
    for each in atom.mentions:
        if each.data.get("url") or each.data.get("sameAs"):
            return None
    token = stated.get(id(mention.data))
    if token is None:
        token = stated[id(mention.data)] = orjson.dumps(mention.data, option=orjson.OPT_SORT_KEYS)
    titles = frozenset(_titles(atom, around)) if mention.type == "EventSeries" else None
    return token, mention.city, mention.near, titles


def _titles(atom: Atom, around: Surroundings) -> set[str]:
    """Return what the evenings of a series are called."""
    return {
        parent.name
        for each in atom.mentions
        if (parent := around.parent(each)) and parent.type == "Event" and each.relation == "superEvent"
    }


def _place(atom: Atom, _around: Surroundings) -> Row:
    mention = atom.first
    where = town(mention)
    words = place_words(mention.name, where)
    address = mention.data.get("address") or {}
    geo = mention.data.get("geo") or {}
    kind = fold(mention.data.get("additionalType", ""))
    street = fold(address.get("streetAddress", ""))
    name = "".join(words)
    others = mention.data.get("alternateName", ())
    return {
        "name": name,
        "words": sorted(set(words)),
        "word": words[0] if words else None,
        "second_word": words[1] if len(words) > 1 else "·",
        "names": _some((name, *("".join(place_words(each, where)) for each in others))),
        "acronyms": _some((*acronyms(mention.name), *(short for each in others for short in acronyms(each)))),
        "letters": fold(mention.name).replace(" ", ""),
        "head": "".join(place_words(head, where)) if (head := head_of(mention.name)) else None,
        "town": where,
        "stated_town": mention.city,
        "street": street if re.search(r"\d", street) else None,
        "kind": kind or None,
        "kind_word": kind.split()[0] if kind else None,
        # "la cantine de Brest": named by what it is and where.
        "described": words[0] if where and is_described(words) else None,
        "latitude": geo.get("latitude"),
        "longitude": geo.get("longitude"),
        "urls": _profiles(atom),
    }


# What evenings are called everywhere: such a name tells a series only with its town.
_COMMON_NOUNS = frozenset(
    "apero aperos web soiree rencontre rencontres meetup meeting reunion conf conferences atelier ateliers cafe forum "
    "debat petit dejeuner dejeuners dej afterwork hackathon permanence portes ouvertes coworking dojo coding install "
    "party jeudi mardi mercredi lundi vendredi samedi dimanche club mensuelle mensuel workshop talk talks evening "
    "drinks breakfast lunch open session numerique assemblee generale conseil administration webinaire webinar visite "
    "formation initiation stage cours seance projection debats table ronde brunch vernissage".split()
)


def is_generic(title: str, where: str | None) -> bool:
    """Whether a title is made of common words alone."""
    return set(title_words(title, where)) <= _COMMON_NOUNS


# What places of a community are called for what they are.
_KINDS = frozenset(
    "cantine coworking fablab hackerspace makerspace technopole pepiniere incubateur mediatheque bibliotheque library "
    "universite university tiers espace".split()
)


def is_described(words: Sequence[str]) -> bool:
    """Whether a name is a common noun, with its town: it may mean the one such place there."""
    return bool(words) and words[0] in _KINDS and len(words) <= 2


def _series(atom: Atom, around: Surroundings) -> Row:
    mention = atom.first
    where = town(mention)
    names = {mention.name, *mention.data.get("alternateName", ())}
    return {
        "name": title_key(mention.name, where),
        "words": sorted(set(title_words(mention.name, where))),
        "names": _some(title_key(name, where) for name in names),
        # What its evenings are called, where they are not called by their theme.
        "titles": _some(title_key(title, where) for title in _titles(atom, around)),
        "acronyms": _some(each for name in names for each in acronyms(name, least=2)),
        "letters": fold(mention.name).replace(" ", ""),
        "head": title_key(head, where) if (head := head_of(mention.name)) else None,
        "word": min(title_words(mention.name, where)),
        "second_word": "·",
        "generic": 1 if is_generic(mention.name, where) else 0,
        "kind": None,
        "town": where,
        "urls": _profiles(atom),
    }


def _event(atom: Atom, around: Surroundings) -> Row:
    mention = atom.first
    where = town(mention)
    start = mention.data.get("startDate") or ""
    first = _days(start)
    last = _days(mention.data.get("endDate") or "") or first
    above = [each for mention in atom.mentions for each in around.named(mention, "superEvent")]
    words = title_words(mention.name, where)
    name = "".join(words)
    folded = fold(mention.name)
    venues = around.named(mention, "location")
    latitude, longitude = _point(venues, where)
    cycles = _some(title_key(each.name, where) for each in above if each.type == "EventSeries")
    return {
        "name": name,
        "words": sorted(set(words)),
        # Two that both are "Atelier d'initiation" have nothing in common.
        "telling": sorted(telling) if len(telling := set(words) - _COMMON_NOUNS) >= 2 else None,
        "title": folded.replace(" ", ""),
        "plain": title_key(mention.name, None),
        "acronyms": _some(acronyms(mention.name)),
        "letters": name,
        "generic": 1 if is_generic(mention.name, where) else 0,
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
        "moment": _moment(start),
        "town": where,
        "country": _country(venues),
        "latitude": latitude,
        "longitude": longitude,
        "series": _some([name, *(title_key(each.name, where) for each in above)]),
        "cycles": cycles,
        "themes": _some(fold(each) for each in (*mention.data.get("about", ()), *mention.data.get("keywords", ()))),
        "urls": _profiles(atom),
    }


def _country(venues: Iterable[Mention]) -> str | None:
    for place in venues:
        if country := (place.data.get("address") or {}).get("addressCountry"):
            return fold(country)
    return None


def _point(venues: Iterable[Mention], where: str | None) -> tuple[float | None, float | None]:
    """Return where an event takes place: the place's own point, else the centre of its town."""
    for place in venues:
        if geo := place.data.get("geo"):
            return geo["latitude"], geo["longitude"]
    return _centre(where) if where else (None, None)


@lru_cache(maxsize=50_000)
def _centre(where: str) -> tuple[float | None, float | None]:
    """Return the centre of a town, of several of one name the largest; nothing for an unknown one."""
    found = gazetteer.find(where)
    return (found[0].latitude, found[0].longitude) if found else (None, None)


def _moment(value: str) -> int | None:
    """Return the minute, counted in UTC, of a time that states its offset: one instant has several hours and days."""
    return int(datetime.fromisoformat(value).timestamp()) // 60 if len(value) > 19 else None


def _days(value: str) -> int | None:
    """Return the day as a number, None for what is not known to the day."""
    try:
        return date.fromisoformat(value[:10]).toordinal() if len(value) >= 10 else None
    except ValueError:
        return None
