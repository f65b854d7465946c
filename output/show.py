"""Everything known of one node: its facts, each with its sources, and what it is connected with."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from output.fold import fold
from output.index import FILE, Index, Node, UnknownIdError, open_index

HOMONYMS = 1_000  # nodes of one name that are looked at


@dataclass(frozen=True, slots=True)
class Fact:
    """One stated value: the property, the value, and the pages that state it with the day that they were read."""

    property: str
    value: Any
    sources: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A connected node: by which relation, which way, in what role, when, and the pages that say so."""

    relation: str
    outgoing: bool
    id: str
    type: str
    name: str
    role: str | None
    date: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A node with everything known of it."""

    id: str
    type: str
    name: str
    alternate_names: tuple[str, ...]
    facts: tuple[Fact, ...]
    neighbours: tuple[Neighbour, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def show(index: Index, name: str) -> Shown:
    """Return a node (or the one it was merged into) with all of its facts; UnknownIdError where there is none."""
    node = index.node(name)
    read_at = [(source["url"], source["fetched"], source.get("until", "")) for source in node.data["sources"]]
    facts = tuple(
        Fact(key, stated["value"], tuple(read_at[number] for number in stated["sources"]))
        for key, values in node.data["facts"].items()
        for stated in values
    )
    neighbours = tuple(
        Neighbour(
            relation=edge.type,
            outgoing=edge.outgoing,
            id=edge.other.id,
            type=edge.other.type,
            name=edge.other.name,
            role=edge.data.get("jobTitle"),
            date=edge.data.get("startDate") or edge.other.data.get("startDate"),
            sources=tuple(dict.fromkeys(source["url"] for source in edge.data["sources"])),
        )
        for edge in index.edges(node.id)
    )
    return Shown(node.id, node.type, node.name, tuple(node.data["alternateName"]), facts, neighbours)


def members(index: Index, name: str) -> dict[str, Any]:
    """Return a place's or organisation's people, as We Are Coworkers' ``place/{id}`` did: public roles only.

    An organisation that is at a place, and the other way round, count as one here.
    """
    node = index.node(name)
    wholes = {node.id: node}
    for edge in index.edges(node.id, ("location",)):
        if edge.other.type in ("Place", "Organization"):
            wholes[edge.other.id] = edge.other
    people: dict[str, dict[str, Any]] = {}
    for whole in wholes.values():
        for edge in index.edges(whole.id, ("worksFor", "memberOf", "founder")):
            if edge.other.type == "Person":
                _add(people, edge.other, edge.data.get("jobTitle") or ("founder" if edge.type == "founder" else None))
    users = [people[each] for each in sorted(people, key=lambda each: (people[each]["name"], each))]
    return {"id": node.id, "name": node.name, "usersCount": len(users), "users": users}


def _add(people: dict[str, dict[str, Any]], person: Node, role: str | None) -> None:
    entry = people.setdefault(
        person.id,
        {
            "id": person.id,
            "name": person.name,
            "jobs": [],
            "site": person.data.get("url"),
            "sources": list(person.sources),
        },
    )
    if role and role not in entry["jobs"]:
        entry["jobs"].append(role)


@dataclass(frozen=True, slots=True)
class Sought:
    """A person who is looked for: every spelling of the name, and where they are known by it.

    ``known``: ids of ``sources``, names of ``organizations``, ``profiles``; there a name of one word is theirs.
    """

    names: tuple[str, ...]
    known: dict[str, list[str]] = field(default_factory=dict)


def sought(data: Path, who: str) -> Sought:
    """Return the person that a full name, a node's id or a profile's address stands for.

    A name that the index does not have is returned as it is: it can be kept out all the same.

    Raises:
        UnknownIdError: for an id or address that no person has.
    """
    index_exists = (data / FILE).exists()
    if who.startswith("person-") or "://" in who:
        with open_index(data) as index:
            node = index.node(who) if "://" not in who else _by_address(index, who)
            if node.type != "Person":
                raise UnknownIdError(f"{who}: not a person")
            return Sought(tuple(dict.fromkeys([node.name, *node.data["alternateName"]])), _known(index, node))
    if not index_exists:
        return Sought((who,))
    with open_index(data) as index:
        spellings = {name for node in _by_name(index, who) for name in (node.name, *node.data["alternateName"])}
    return Sought((who, *sorted(name for name in spellings - {who} if len(fold(name).split()) > 1)))


def _known(index: Index, node: Node) -> dict[str, list[str]]:
    return {
        "sources": sorted({source["id"] for source in node.data["sources"]}),
        "organizations": [edge.other.name for edge in index.edges(node.id, ("worksFor", "memberOf"))],
        "profiles": [node.data["url"]] if node.data.get("url") else [],
    }


def _by_name(index: Index, name: str) -> list[Node]:
    from tantivy import Occur, Query

    from output.text import NAMES

    words = sorted(fold(name).split())
    if not words:
        return []
    people = [index.words.term("type", "Person"), *(index.words.term(NAMES, word) for word in words)]
    found = index.words.find(Query.boolean_query([(Occur.Must, each) for each in people]), HOMONYMS)
    return [
        node
        for node in index.by_number(number for number, _ in sorted(found))
        if any(sorted(fold(each).split()) == words for each in (node.name, *node.data["alternateName"]))
    ]


def _by_address(index: Index, url: str) -> Node:
    query = (
        "SELECT id FROM node JOIN content ON content.number = node.number "
        "WHERE type = 'Person' AND json_extract(CAST(doc AS TEXT), '$.url') = ? ORDER BY id"
    )
    for row in index.rows(query, url):
        return index.node(row[0])
    raise UnknownIdError(f"{url}: no person has this public profile; give the full name or the id")
