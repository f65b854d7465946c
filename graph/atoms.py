"""Atoms: mentions that are one before any comparison, and what stands beside them in their records."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

from graph.mentions import Mention
from graph.names import fold
from graph.personal_names import personal_name

COMMON = 0.15  # namesakes to be expected of a name by chance, from which on it is a common one
WORLD = 2_000  # full names at least that those at hand are thought to be drawn among: a village has no common names


@dataclass(slots=True)
class Atom:
    """What one source says of one thing in the same words; ``mentions`` are in the order of their keys.

    It is never taken apart, but by a judgement. ``number`` is that of its first mention.
    """

    mentions: Sequence[Mention]
    around: "Surroundings" = field(repr=False, compare=False)
    number: int

    @property
    def first(self) -> Mention:
        return self.mentions[0]

    @property
    def key(self) -> str:
        return self.mentions[0].key

    @property
    def context(self) -> "Context":
        """For each column of evidence that flows along the graph the mentions that are named beside it, by key.

        Made when asked for: kept, it would be the larger part of a large graph.
        """
        context: Context = {}
        beside = _BESIDE[self.mentions[0].type]
        for mention in self.mentions:
            beside(mention, self.around, context)
        return context

    @property
    def events(self) -> list[Mention]:
        """The events that a person is named at: of the ``context`` the part that is asked for first."""
        parents = (self.around.parent(mention) for mention in self.mentions)
        return [parent for parent in parents if parent and parent.type == "Event"]


# Columns that hold what an atom is connected to: evidence that grows when those are merged.
CONTEXT = {
    "Person": ("events", "hosts", "companions", "organizations"),
    "Event": ("speakers", "places", "hosts"),
    "Place": ("events", "members"),
    "Organization": ("events", "members"),
    "EventSeries": ("hosts", "places", "speakers"),
}


class Surroundings:
    """Who and what stands beside each mention in its record.

    A mention's number is its place among ``mentions``, which are in the order of their keys.
    """

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self.by_key = {mention.key: mention for mention in sorted(mentions, key=_key)}
        self.mentions = list(self.by_key.values())
        self.children: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            if mention.parent is not None:
                if mention.parent in self.children:
                    self.children[mention.parent].append(mention)
                else:
                    self.children[mention.parent] = [mention]

    @cached_property
    def keys(self) -> list[str]:
        return list(self.by_key)

    @cached_property
    def numbers(self) -> dict[str, int]:
        return dict(zip(self.keys, range(len(self.keys)), strict=True))

    def parent(self, mention: Mention) -> Mention | None:
        return self.by_key.get(mention.parent) if mention.parent else None

    def named(self, mention: Mention, *relations: str) -> list[Mention]:
        children = self.children.get(mention.key)
        return [child for child in children if child.relation in relations] if children else []

    @cached_property
    def common(self) -> frozenset[str]:
        """The full names that are common among the people here."""
        return common_names(mention for mention in self.mentions if mention.type == "Person")

    @cached_property
    def given(self) -> frozenset[str]:
        """The given names of the people here who are called by a full one."""
        names = (personal_name(mention.name) for mention in self.mentions if mention.type == "Person")
        return frozenset(name.first for name in names if name.full and not name.single)

    def handle(self, person: Mention) -> str | None:
        """Return the handle that somebody is called by; None for what is somebody else's given name."""
        handle = personal_name(person.name).handle
        return None if handle and handle.isalpha() and handle in self.given else handle


def town(mention: Mention) -> str | None:
    """Return the town that a mention states, else that of its event or source."""
    return mention.city or mention.near


_key = attrgetter("key")


def atoms(around: Surroundings) -> dict[str, list[Atom]]:
    """Return the atoms of each type, in the order of their keys."""
    groups: dict[tuple[str, ...], list[Mention]] = {}
    found: dict[str, list[Atom]] = {}
    for number, mention in enumerate(around.mentions):
        identity = _identity(mention, around)
        if identity is not None and identity in groups:
            groups[identity].append(mention)
            continue
        group = [mention]
        if identity is not None:
            groups[identity] = group
        found.setdefault(mention.type, []).append(Atom(group, around, number))
    return {kind: found[kind] for kind in sorted(found)}


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


def common_names(people: Iterable[Mention]) -> frozenset[str]:
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

Context = dict[str, dict[str, Mention]]


def _add(context: Context, column: str, mentions: Iterable[Mention]) -> None:
    for mention in mentions:
        if column in context:
            context[column][mention.key] = mention
        else:
            context[column] = {mention.key: mention}


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
