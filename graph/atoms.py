"""Atoms: mentions that are one before any comparison."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.arrays import Numbers
from graph.beside import Beside
from graph.mentions import Mention
from graph.model import NODE_TYPES
from graph.names import fold
from graph.personal_names import personal_name
from graph.surroundings import Surroundings, town


@dataclass(slots=True)
class Atom:
    """What one source says of one thing in the same words; ``mentions`` are in the order of their keys.

    It is never taken apart, but by a judgement. ``number`` is that of its first mention.
    """

    mentions: list[Mention]
    number: int

    @property
    def first(self) -> Mention:
        return self.mentions[0]


class Atoms:
    """All atoms; one is an object only while somebody looks at it.

    Attributes:
        number: for each mention's number that of its atom.
        beside: what stands beside the mentions.
    """

    def __init__(self, around: Surroundings, firsts: Mapping[str, Sequence[int]], number: Numbers) -> None:
        self.around = around
        self.number = number
        self.beside = Beside(around)
        self._firsts = firsts
        self._several: dict[int, list[Mention]] = {}
        for later in np.flatnonzero(number != np.arange(len(number))).tolist():
            first = int(number[later])
            self._several.setdefault(first, [around.mentions[first]]).append(around.mentions[later])

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many atoms there are of each type that there is."""
        return {kind: len(numbers) for kind, numbers in self._firsts.items()}

    def of(self, kind: str) -> list[Atom]:
        """Return the atoms of a type, in the order of their keys."""
        mentions, several = self.around.mentions, self._several
        return [Atom(several.get(number) or [mentions[number]], number) for number in self._firsts[kind]]


def atoms(around: Surroundings) -> Atoms:
    """Return the atoms of all mentions."""
    first_of: dict[tuple[str, ...], int] = {}
    firsts: dict[str, array[int]] = {kind: array("q") for kind in sorted(NODE_TYPES)}
    number_of = array("q", range(len(around.mentions)))
    for number, mention in enumerate(around.mentions):
        identity = _identity(mention, around)
        first = number if identity is None else first_of.setdefault(identity, number)
        if first == number:
            firsts[mention.type].append(number)
        else:
            number_of[number] = first
    return Atoms(around, {kind: each for kind, each in firsts.items() if each}, np.array(number_of))


def _identity(mention: Mention, around: Surroundings) -> tuple[str, ...] | None:
    """Return its type and what else mentions must share to be one atom; None where it stands alone."""
    kind = mention.type
    source = mention.source.id
    if key := mention.own_key:
        return (kind, source, "key", key)
    url = mention.data.get("url") or ""
    if kind == "Person":
        name = personal_name(mention.name)
        if not name.full:
            if handle := around.handle(mention):
                return (kind, source, "handle", handle, url)
            # A first name is nobody in particular: only its own record says that it is the same again.
            return (kind, source, mention.name, url) if url else None
        where: tuple[str, ...] = ()
        if name.full in around.common:
            event = around.parent(mention)
            workplaces = sorted(fold(each.name) for each in around.named(mention, "worksFor", "memberOf"))
            where = (*workplaces, "", (event and town(event)) or "")
        return (kind, source, name.spelt, name.generation or "", url, *where)
    if kind == "Event":
        if not mention.day:
            return None
        return (kind, source, fold(mention.name), mention.data.get("startDate", ""), town(mention) or "", url)
    address = mention.data.get("address") or {}
    geo = mention.data.get("geo") or {}
    street = fold(address.get("streetAddress", ""))
    point = str(sorted(geo.items())) if geo else ""
    return (kind, source, fold(mention.name), town(mention) or "", url, street, point)
