"""Mentions: a record and every thing nested in it, each as what linking compares."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import orjson

from crawler.stored import StoredRecord
from graph.model import NODE_TYPES, RELATED, RELATIONS
from graph.names import Towns, city_name, fold

# What readers write before, or behind an address, where a source has no key for a thing.
_MADE_UP = re.compile(r"^(?:person|author|row|inferred):|#[0-9a-f]{12}$")


class Reference(NamedTuple):
    """Where something was stated: the catalogue's source, the page, and the instant at which it was first read so.

    ``until`` is when it was last read so, where the source says it no more; else empty.
    """

    id: str
    url: str
    fetched: str
    until: str = ""


@dataclass(slots=True)  # never changed; said to be frozen it takes three times as long to make
class Mention:
    """One thing as one record states it.

    Attributes:
        key: the record's key; of a nested thing with a hash of where in the record it stands and of its source's key
            for it, else of what it is called, so that the order of a list does not matter, no name is visible, and what
            else is learnt of it changes nothing. Of its address as well where the same field tells two so called apart.
        data: the thing's own fields, without the things nested in it.
        city: the town that it is stated to be in, folded; ``near``: else the town of its event or of its source.
        day: an event's first day, ``YYYY-MM-DD``, where it is known to the day.
        parent, relation: the mention that it is nested in, and by which field.
        own_key: the source's own key for the thing, where it states one. Not one that a reader made up for what has
            none: it holds for one page, and says of two pages nothing.
    """

    key: str
    type: str
    name: str
    source: Reference
    first_seen: str
    last_seen: str
    data: Mapping[str, Any] = field(repr=False)
    city: str | None = None
    near: str | None = None
    day: str | None = None
    parent: str | None = None
    relation: str | None = None
    own_key: str | None = None

    @property
    def seat(self) -> str | None:
        """The town outside which it is another: a place's stated one; an organisation's, be it but in its name.

        An event's as well, though two sources may put one event in two towns: see ``clusters``.
        """
        if self.type in ("Organization", "Event"):
            return self.city or self.near
        return self.city if self.type == "Place" else None

    @property
    def identity(self) -> str | None:
        """What its source keeps it apart by: a key of its own, or for a record the address of the thing.

        None for what is only named: a record's key then is made of what it says.
        """
        return (self.key if self.own_key or self.data.get("url") else None) if self.parent is None else self.own_key


def mentions(records: Iterable[StoredRecord], cities: Mapping[str, str | None]) -> Iterator[Mention]:
    """Yield the mentions of records, parents before what they nest.

    ``cities`` gives for each source the town that the catalogue says it speaks of.
    """
    reading = _Reading()
    for record in records:
        yield from reading.mentions(record, city_name(cities.get(record.body["source"]["id"])))


class _Thing(NamedTuple):
    """What a thing says of itself, wherever it stands.

    Attributes:
        nested: the things nested in it, with the field that each stands in.

    The others are those of ``Mention``.
    """

    type: str
    name: str
    data: Mapping[str, Any]
    city: str | None
    day: str | None
    own_key: str | None
    nested: Sequence[tuple[str, Mapping[str, Any]]]


class _Reading:
    """Makes mentions of records; what many of them say in the same words is kept once for all."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {kind: kind for kind in NODE_TYPES}
        self._things: dict[bytes, tuple[_Thing, str, str]] = {}

    def mentions(self, record: StoredRecord, town: str | None) -> list[Mention]:
        """Return the mentions of a record; ``town`` is the one that its source speaks of."""
        stamp = record.body["source"]
        reference = Reference(
            self._text(stamp["id"]), stamp["url"], self._text(stamp["fetched"]), self._text(record.until)
        )
        seen = self._text(record.first_seen), self._text(record.last_seen)
        found: list[Mention] = []
        self._add(found, self._thing(record.body), reference, seen, record.key, near=town)
        return found

    def _add(
        self,
        found: list[Mention],
        thing: _Thing,
        reference: Reference,
        seen: tuple[str, str],
        key: str,
        *,
        near: str | None,
        parent: str | None = None,
        relation: str | None = None,
    ) -> None:
        kind, name, data, city, day, own_key, nested = thing
        found.append(Mention(key, kind, name, reference, *seen, data, city, near, day, parent, relation, own_key))
        record = found[0].key
        children = [(field_, *self._nested(child)) for field_, child in nested]
        meant: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for field_, _, called, stated in children if len(children) > 1 else ():
            meant[field_, called].add(stated)
        for field_, inner, called, stated in children:
            where = (city or near) if _is_here(kind, field_) else None
            alone = len(children) == 1 or len(meant[field_, called]) == 1
            own = "\0".join((key, field_, called if alone else stated))
            digest = hashlib.sha256(own.encode()).hexdigest()[:12]
            self._add(found, inner, reference, seen, f"{record}:{digest}", near=where, parent=key, relation=field_)

    def _nested(self, child: Mapping[str, Any]) -> tuple[_Thing, str, str]:
        """Return a nested thing, what it is known by, and what tells it from others beside it that are known by that.

        One in which nothing is nested is said again and again: a host, a venue, a speaker.
        """
        token = orjson.dumps(child) if RELATED.isdisjoint(child) else None
        found = self._things.get(token) if token else None
        if found is None:
            thing = self._thing(child)
            called = (thing.type, "", thing.own_key) if thing.own_key else (thing.type, fold(thing.name), "")
            told = (thing.type, fold(thing.name), str(child.get("url", "")), thing.own_key or "")
            found = thing, "\0".join(called), "\0".join(told)
            if token:
                self._things[token] = found
        return found

    def _thing(self, thing: Mapping[str, Any]) -> _Thing:
        kind = self._text(thing["type"])
        data = {name: value for name, value in thing.items() if name not in RELATED and name != "source"}
        data["type"] = kind
        nested: list[tuple[str, Mapping[str, Any]]] = []
        if not RELATED.isdisjoint(thing):
            for name in RELATIONS:
                value = thing.get(name)
                children = value if isinstance(value, list) else [value] if value else []
                nested += [(name, child) for child in children if child["type"] in NODE_TYPES]  # online is no place
        return _Thing(kind, thing["name"], data, _city(thing), _day(thing), _own_key(thing), nested)

    def _text(self, text: str) -> str:
        return self._texts.setdefault(text, text)


_PLACED = frozenset(("Place", "Organization", "Event"))


def located(found: Iterable[Mention]) -> list[Mention]:
    """Return mentions, those that state no town with the one that their name says: a place, an organisation, an event.

    Only towns that some mention states are looked for.
    """
    listed = list(found)
    towns = Towns({mention.city for mention in listed if mention.city})
    for number, mention in enumerate(listed):
        unplaced = mention.type in _PLACED and not (mention.city or mention.near)
        if unplaced and (town := towns.named_in(mention.name)):
            listed[number] = replace(mention, near=town)
    return listed


def _is_here(kind: str, relation: str) -> bool:
    # What a person works for or was born to may be anywhere; where an event takes place, and its series, are here.
    return kind in ("Event", "EventSeries") and relation in ("location", "superEvent")


def _city(thing: Mapping[str, Any]) -> str | None:
    place = thing if thing["type"] == "Place" else thing.get("location") or {}
    return city_name((place.get("address") or {}).get("addressLocality"))


def _own_key(thing: Mapping[str, Any]) -> str | None:
    key = thing.get("id")
    return key if isinstance(key, str) and (thing["type"] == "Event" or not _MADE_UP.search(key)) else None


def _day(thing: Mapping[str, Any]) -> str | None:
    start = thing.get("startDate") or ""
    return start[:10] if len(start) >= 10 else None
