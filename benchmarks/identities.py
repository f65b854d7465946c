"""The Breton scene: which spellings of ``facts/identities.json`` come together, and which look-alikes stay apart.

Counted twice, strictly both times: a group is merged when *all* that states any of its spellings is one node.

* ``as the pages state them``: the records of the facts' pages alone; groups that two records state at least.
* ``every spelling``: a spelling that no page's record states gets a page of its own, which says what the facts say
  of its group: a person's roles, a place's town and kind, a series' evenings.

An organisation and the place that it keeps are two nodes, and one for this purpose where the graph ties them by
``location``: "An Daol Vras" is where the "Cantine brestoise" is.
"""

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import truth
from benchmarks.truth import Json

Linked = Any
KINDS = {
    "same_person": ("Person",),
    "same_place": ("Place", "Organization"),
    "same_series": ("EventSeries", "Organization"),
    "must_stay_apart": ("Person", "Place", "EventSeries", "Organization"),
}


def measure(corpus: Path) -> Json:
    groups = json.loads((corpus / "facts" / "identities.json").read_text(encoding="utf-8"))
    groups.pop("note")
    pages = truth.facts(corpus)
    return {
        "as the pages state them": _measured(_link(pages), groups, least=2),
        "every spelling": _measured(_link([*pages, *_further(pages, groups)]), groups, least=1),
    }


def _link(records: Iterable[Json]) -> Linked:
    from benchmarks.linking import linked

    return linked(records)[0]


def _measured(result: Linked, groups: Json, least: int) -> Json:
    nodes = _Nodes(result)
    merged: Json = {}
    left: list[str] = []
    apart = [" ≠ ".join(group) for group in groups["must_stay_apart"] if not nodes.are_apart(group)]
    for kind in ("same_person", "same_place", "same_series"):
        for group in groups[kind]:
            found = {name: nodes.of(name, KINDS[kind]) for name in group}
            if sum(map(len, found.values())) < least:
                left.append(" = ".join(group))
                continue
            numbers = {number for each in found.values() for number in each.values()}
            merged[" = ".join(name for name in group if found[name])] = len(numbers) == 1
    return {
        "groups": len(merged),
        "merged": sum(merged.values()),
        "share": round(sum(merged.values()) / len(merged), 3),
        "merged though they must stay apart": apart,
        "not merged": [group for group, one in merged.items() if not one],
        "left out, as stated once or never": left,
    }


class _Nodes:
    """The node of each mention; an organisation's is that of the one place that it keeps."""

    def __init__(self, result: Linked) -> None:
        self._mentions = result.mentions
        self._number = {key: number for number, group in enumerate(result.clusters.groups) for key in group}
        kept: defaultdict[int, set[int]] = defaultdict(set)
        for key, mention in self._mentions.items():
            parent = self._mentions.get(mention.parent) if mention.parent else None
            if parent is not None and parent.type == "Organization" and mention.relation == "location":
                kept[self._number[parent.key]].add(self._number[key])
        self._place = {number: places.pop() for number, places in kept.items() if len(places) == 1}

    def of(self, name: str, kinds: Sequence[str], *, tied: bool = True) -> dict[str, int]:
        """Return the nodes of the mentions that state a spelling: "La Cantine (Paris)" is the one that is there."""
        from crawler.privacy import fold

        match = re.fullmatch(r"(.+) \((.+)\)", name)
        bare, where = (match[1], fold(match[2])) if match else (name, None)
        found = {}
        for key, mention in self._mentions.items():
            there = where is None or where in (mention.city, mention.near, self._works_for(mention))
            if mention.type in kinds and (mention.name == name or (mention.name == bare and there)):
                number = self._number[key]
                found[key] = self._place.get(number, number) if tied else number
        return found

    def _works_for(self, person: Any) -> str:
        from crawler.privacy import fold

        return " ".join(fold(each.name) for each in self._mentions.values() if each.parent == person.key)

    def are_apart(self, group: Sequence[str]) -> bool:
        nodes = [set(self.of(name, KINDS["must_stay_apart"]).values()) for name in group]
        return all(not one & other for one, other in itertools.combinations(nodes, 2))


def _further(pages: Sequence[Json], groups: Json) -> Iterator[Json]:
    """Yield records of the spellings that no page's record states, with what the pages state of their groups."""
    stated = [thing for record in pages for thing in _things(record)]
    number = 0
    for kind in ("same_person", "same_place", "same_series"):
        for group in groups[kind]:
            about = [thing for thing in stated if thing["type"] in KINDS[kind] and thing["name"] in _bare(group)]
            known = {thing["name"] for thing in about}
            for name in group:
                if name in known or _bare([name]) & known:
                    continue
                number += 1
                make = {"same_person": _person, "same_place": _place, "same_series": _series}[kind]
                for record in make(name, group, about, pages):
                    yield truth.stamped(f"further-{number}", name, record)


def _bare(names: Iterable[str]) -> set[str]:
    return {name.partition(" (")[0] for name in names}


def _things(thing: Json) -> Iterator[Json]:
    yield thing
    for value in thing.values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict) and "name" in child:
                yield from _things(child)


def _person(name: str, _group: Sequence[str], about: Sequence[Json], _pages: Sequence[Json]) -> Iterator[Json]:
    roles = [thing for thing in about if thing.get("worksFor")] or [{}]
    for role in roles:
        yield {"type": "Person", "name": name, "jobTitle": role.get("jobTitle"), "worksFor": role.get("worksFor")}


def _place(name: str, group: Sequence[str], about: Sequence[Json], _pages: Sequence[Json]) -> Iterator[Json]:
    town = next((match[1] for each in group if (match := re.search(r"\((.+)\)", each))), None)
    there = [thing for thing in about if town in (None, (thing.get("address") or {}).get("addressLocality"))]
    known = next((thing for thing in there if thing["type"] == "Place"), {})
    address = known.get("address") or ({"addressLocality": town} if town else None)
    yield {"type": "Place", "name": name, "address": address, "additionalType": known.get("additionalType")}


def _series(name: str, _group: Sequence[str], about: Sequence[Json], pages: Sequence[Json]) -> Iterator[Json]:
    """Yield the series, and its evenings as another page tells of them: on the same day in the same town."""
    yield {"type": "EventSeries", "name": name}
    known = {thing["name"] for thing in about}
    for record in pages:
        if (record.get("superEvent") or {}).get("name") in known:
            told = {key: record.get(key) for key in ("startDate", "endDate", "location", "organizer")}
            town = ((record.get("location") or {}).get("address") or {}).get("addressLocality")
            yield {
                "type": "Event",
                "name": f"{name} {town}" if town else name,
                **told,
                "superEvent": {"type": "EventSeries", "name": name},
            }
