"""Linking by rules: the source's own keys, canonical addresses, names with towns and days.

Careful by design: two nodes for one thing are a nuisance, two people on one node are a wrong. First names alone never
match, coordinates alone never do, and homonyms in two towns stay two.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from graph.linking import Match
from graph.mentions import Mention
from graph.names import canonical_address, compatible, event_name, person_name, place_name, series_name

# Nominal weights in bits: only their order matters here.
SAME_KEY = 30.0
SAME_ADDRESS = 20.0
SAME_NAME_DAY_TOWN = 16.0
SAME_SERIES_DAY_TOWN = 14.0
SAME_NAME_TOWN = 12.0
SAME_FULL_NAME = 10.0
SAME_NAME = 6.0  # and no more than one town known for it


class DeterministicLinker:
    """The rules of this module as a linker."""

    def matches(self, mentions: Sequence[Mention]) -> Iterator[Match]:
        """Yield matches: in each group of mentions that a rule holds to be one, the first with each of the others."""
        ordered = sorted(mentions, key=lambda mention: mention.key)
        by_type: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in ordered:
            by_type[mention.type].append(mention)
        yield from _same_key(ordered)
        yield from _same_address(ordered)
        yield from _people(by_type["Person"])
        for kind in ("Place", "Organization"):
            yield from _named(by_type[kind], lambda m: place_name(m.name, _town(m)), SAME_NAME_TOWN, "name")
        yield from _events(by_type["Event"], by_type["EventSeries"])
        yield from _series(by_type["EventSeries"])


def _town(mention: Mention) -> str | None:
    return mention.city or mention.near


def _star(group: Sequence[Mention], weight: float, rule: str) -> Iterator[Match]:
    for other in group[1:]:
        yield Match(group[0].key, other.key, weight, rule)


def _same_key(mentions: Iterable[Mention]) -> Iterator[Match]:
    groups: defaultdict[tuple[str, str, str], list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.own_key:
            groups[mention.source.id, mention.type, mention.own_key].append(mention)
    for group in groups.values():
        yield from _star(group, SAME_KEY, "the source's own key")


def _same_address(mentions: Iterable[Mention]) -> Iterator[Match]:
    groups: defaultdict[tuple[str, ...], list[Mention]] = defaultdict(list)
    for mention in mentions:
        if url := mention.data.get("url"):
            if mention.type == "Event" and not mention.day:
                continue
            day = mention.day or "" if mention.type == "Event" else ""
            groups[mention.type, canonical_address(url), day].append(mention)
    for group in groups.values():
        if _names_several(group):
            continue
        first = group[0]
        for other in group[1:]:
            one_town = first.city is None or other.city is None or first.city == other.city
            if one_town and compatible(first.name, other.name):
                yield Match(first.key, other.key, SAME_ADDRESS, "address and name")


def _names_several(group: Sequence[Mention]) -> bool:
    """Whether an address is a page's own that several things of a type stand on: then it is no key to any of them."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for mention in group:
        names[mention.source.url].add(mention.name.casefold())
    return any(
        len(each) > 1 and canonical_address(page) == canonical_address(group[0].data["url"])
        for page, each in names.items()
    )


def _people(people: Sequence[Mention]) -> Iterator[Match]:
    groups: defaultdict[str, list[Mention]] = defaultdict(list)
    for person in people:
        if name := person_name(person.name):
            groups[name].append(person)
    for group in groups.values():
        if not _kept_apart(group):
            yield from _star(group, SAME_FULL_NAME, "full name")


def _kept_apart(group: Sequence[Mention]) -> bool:
    """Whether one source has several people of this name, under different profiles: then the name decides nothing."""
    profiles: defaultdict[str, set[str]] = defaultdict(set)
    for person in group:
        if person.parent is None and (url := person.data.get("url")):
            profiles[person.source.id].add(canonical_address(url))
    return any(len(each) > 1 for each in profiles.values())


def _named(mentions: Iterable[Mention], key: Callable[[Mention], str], weight: float, what: str) -> Iterator[Match]:
    """Match by name and town. What states no town joins only where no more than one is known for its name."""
    groups: defaultdict[str, defaultdict[str | None, list[Mention]]] = defaultdict(lambda: defaultdict(list))
    for mention in mentions:
        groups[key(mention)][_town(mention)].append(mention)
    for towns in groups.values():
        lost = towns.pop(None, [])
        for group in towns.values():
            yield from _star(group, weight, f"{what} and town")
        if len(towns) <= 1:
            known = next(iter(towns.values()), [])[:1]
            yield from _star([*known, *lost], SAME_NAME, f"{what}, of which only one town is known")


def _events(events: Sequence[Mention], series: Sequence[Mention]) -> Iterator[Match]:
    dated = [event for event in events if event.day]
    yield from _named(
        dated, lambda event: f"{event.day} {event_name(event.name, _town(event))}", SAME_NAME_DAY_TOWN, "name, day"
    )
    above = {each.parent: each for each in series if each.relation == "superEvent"}
    groups: defaultdict[tuple[str, str | None, str], list[Mention]] = defaultdict(list)
    for event in dated:
        town = _town(event)
        if event.key in above and town:
            groups[event.day or "", town, series_name(above[event.key].name, town)].append(event)
        elif town:
            groups[event.day or "", town, series_name(event.name, town)].append(event)
    for group in groups.values():
        # An event that is nobody's occurrence may bear the series' very name; two such are for the rule above.
        if any(event.key in above for event in group) and not _same_source(group):
            yield from _star(group, SAME_SERIES_DAY_TOWN, "series, day and town")


def _same_source(group: Sequence[Mention]) -> bool:
    """Whether a source has several of these, under keys of its own: it knows that they are several."""
    own: defaultdict[str, set[str]] = defaultdict(set)
    for mention in group:
        if mention.parent is None and mention.own_key:
            own[mention.source.id].add(mention.own_key)
    return any(len(each) > 1 for each in own.values())


def _series(series: Sequence[Mention]) -> Iterator[Match]:
    groups: defaultdict[tuple[str, str | None], list[Mention]] = defaultdict(list)
    for each in series:
        town = _town(each)
        groups[series_name(each.name, town), town].append(each)
    for group in groups.values():
        yield from _star(group, SAME_NAME_TOWN, "series' name and town")
