"""Mentions: a record and every thing nested in it, each as what linking compares."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crawler.store import StoredRecord
from graph.model import NODE_TYPES, RELATIONS
from graph.names import Towns, city_name, fold

# What readers write before, or behind an address, where a source has no key for a thing.
_MADE_UP = re.compile(r"^(?:person|author|row|inferred):|#[0-9a-f]{12}$")


@dataclass(frozen=True, slots=True)
class Reference:
    """Where something was stated: the catalogue's source, the page, and the instant at which it was read so."""

    id: str
    url: str
    fetched: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing as one record states it.

    Attributes:
        key: the record's key; of a nested thing with a hash of where in the record it stands and what it is called, so
            that the order of a list does not matter and no name is visible.
        data: the thing's own fields, without the things nested in it.
        city: the town that it is stated to be in, folded; ``near``: else the town of its event or of its source.
        day: an event's first day, ``YYYY-MM-DD``, where it is known to the day.
        parent, relation: the mention that it is nested in, and by which field.
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

    @property
    def own_key(self) -> str | None:
        """The source's own key for the thing, where it states one.

        Not one that a reader made up for what has none: it holds for one page, and says of two pages nothing.
        """
        key = self.data.get("id")
        if not isinstance(key, str) or (self.type != "Event" and _MADE_UP.search(key)):
            return None
        return key

    @property
    def seat(self) -> str | None:
        """The town outside which it is another: a place's stated one; an organisation's, be it but in its name."""
        if self.type == "Organization":
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
    for record in records:
        stamp = record.body["source"]
        reference = Reference(stamp["id"], stamp["url"], stamp["fetched"])
        town = city_name(cities.get(stamp["id"]))
        yield from _mentions(record, record.body, reference, record.key, near=town)


def _mentions(
    record: StoredRecord,
    thing: Mapping[str, Any],
    reference: Reference,
    key: str,
    *,
    near: str | None,
    parent: str | None = None,
    relation: str | None = None,
) -> Iterator[Mention]:
    city = _city(thing)
    yield Mention(
        key=key,
        type=thing["type"],
        name=thing["name"],
        source=reference,
        first_seen=record.first_seen,
        last_seen=record.last_seen,
        data={name: value for name, value in thing.items() if name not in RELATIONS and name != "source"},
        city=city,
        near=near,
        day=_day(thing),
        parent=parent,
        relation=relation,
    )
    for name in RELATIONS:
        value = thing.get(name)
        for child in value if isinstance(value, list) else [value] if value else []:
            if child["type"] not in NODE_TYPES:
                continue  # online is no place
            yield from _mentions(
                record,
                child,
                reference,
                _nested_key(record.key, key, name, child),
                near=_near(thing, name, city or near),
                parent=key,
                relation=name,
            )


def located(found: Iterable[Mention]) -> list[Mention]:
    """Return mentions, those of places and organisations that state no town with the one that their name says.

    Only towns that some mention states are looked for.
    """
    listed = list(found)
    towns = Towns({mention.city for mention in listed if mention.city})
    return [
        replace(mention, near=towns.named_in(mention.name))
        if mention.type in ("Place", "Organization") and not (mention.city or mention.near)
        else mention
        for mention in listed
    ]


def _near(thing: Mapping[str, Any], relation: str, town: str | None) -> str | None:
    # What a person works for or was born to may be anywhere; where an event takes place, and its series, are here.
    return town if thing["type"] in ("Event", "EventSeries") and relation in ("location", "superEvent") else None


def _nested_key(record: str, parent: str, relation: str, thing: Mapping[str, Any]) -> str:
    what = "\0".join((parent, relation, thing["type"], fold(thing["name"]), str(thing.get("url", ""))))
    return f"{record}:{hashlib.sha256(what.encode()).hexdigest()[:12]}"


def _city(thing: Mapping[str, Any]) -> str | None:
    place = thing if thing["type"] == "Place" else thing.get("location") or {}
    return city_name((place.get("address") or {}).get("addressLocality"))


def _day(thing: Mapping[str, Any]) -> str | None:
    start = thing.get("startDate") or ""
    return start[:10] if len(start) >= 10 else None
