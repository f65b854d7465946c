"""Atoms: mentions that are one before any comparison."""

from array import array
from dataclasses import dataclass

import numpy as np

from graph.beside import Beside
from graph.matches import Numbers
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

    @property
    def key(self) -> str:
        return self.mentions[0].key


class Atoms:
    """All atoms.

    Attributes:
        by_type: the atoms of each type, in the order of their keys.
        number: for each mention's number that of its atom.
        beside: what stands beside the mentions.
    """

    def __init__(self, around: Surroundings, by_type: dict[str, list[Atom]], number: Numbers) -> None:
        self.around = around
        self.by_type = by_type
        self.number = number
        self.beside = Beside(around)


def atoms(around: Surroundings) -> Atoms:
    """Return the atoms of all mentions."""
    groups: dict[tuple[str, ...], Atom] = {}
    found: dict[str, list[Atom]] = {kind: [] for kind in sorted(NODE_TYPES)}
    number_of = array("q", range(len(around.mentions)))
    for number, mention in enumerate(around.mentions):
        identity = _identity(mention, around)
        atom = None if identity is None else groups.get(identity)
        if atom is not None:
            number_of[number] = atom.number
            atom.mentions.append(mention)
            continue
        atom = Atom([mention], number)
        if identity is not None:
            groups[identity] = atom
        found[mention.type].append(atom)
    return Atoms(around, {kind: each for kind, each in found.items() if each}, np.array(number_of))


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
