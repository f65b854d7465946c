"""Venues that nobody states: the place that an organisation keeps under its own name.

In schema.org a coworking space is a LocalBusiness, an organisation and a place at once; here these are two nodes, tied
by the organisation's ``location``. Pages name whichever they speak of ("director of the Cantine brestoise"), so the tie
is inferred, and says so: where a place of the organisation's name, or the one that its name describes, is stated.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from graph.clusters import Clusters
from graph.features import is_described
from graph.mentions import Mention
from graph.names import place_words
from graph.surroundings import town

RULE = "inferred"


def inferred_venues(mentions: Iterable[Mention]) -> list[Mention]:
    """Return a mention of the place for each organisation that seems to keep one."""
    found = list(mentions)
    towns: defaultdict[tuple[str, ...], set[str | None]] = defaultdict(set)
    for mention in found:
        if mention.type == "Place":
            towns[_words(mention)].add(town(mention))
    located = {mention.parent for mention in found if mention.relation == "location"}
    return [
        _mention(mention)
        for mention in found
        if mention.type == "Organization" and mention.key not in located and _keeps_a_place(mention, towns)
    ]


def _words(mention: Mention) -> tuple[str, ...]:
    return place_words(mention.name, town(mention))


def _keeps_a_place(organization: Mention, towns: Mapping[tuple[str, ...], set[str | None]]) -> bool:
    words, where = _words(organization), town(organization)
    of_its_name = towns.get(words, set())
    if where is None:
        return bool(of_its_name) and len(of_its_name - {None}) <= 1  # "La Cantine" may be any of seven
    return not {where, None}.isdisjoint(of_its_name) or is_described(words)


def _mention(organization: Mention) -> Mention:
    digest = hashlib.sha256(f"{RULE}\0{organization.key}".encode()).hexdigest()[:12]
    return Mention(
        key=f"{organization.key}:{digest}",
        type="Place",
        name=organization.name,
        source=organization.source,
        first_seen=organization.first_seen,
        last_seen=organization.last_seen,
        data={"type": "Place", "name": organization.name, "rule": RULE},
        city=town(organization),
        parent=organization.key,
        relation="location",
    )


def unfounded(clusters: Clusters, venues: Iterable[str]) -> set[str]:
    """Return the keys of inferred venues that are one with no place that anybody states."""
    inferred = set(venues)
    return {key for group in clusters.groups if inferred.issuperset(group) for key in group}
