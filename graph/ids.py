"""Node ids that stay: across crawls, re-linking, merges and splits.

Which id each mention was last given is remembered in the store's database. A cluster takes the id that most of its
members had; an id that lost its last cluster to a merge leads to the survivor for ever; a split leaves the id with the
larger part, of equal ones with the one that it was named after. An id is named after a mention: what a merge is undone
for takes back the id that it had, and an id that led to what was split leads to the part with the mention of its name.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Column, MetaData, String, Table, delete, insert, select

from crawler.datadir import open_store
from crawler.store import Store

_META = MetaData()
MEMBERS = Table(
    "node_member",
    _META,
    Column("mention", String, primary_key=True),
    Column("node", String, nullable=False),
)
REDIRECTS = Table(
    "node_redirect",
    _META,
    Column("old", String, primary_key=True),
    Column("new", String, nullable=False),
)


@dataclass
class Assignment:
    """An id for each cluster, in the clusters' order, and where the ids that are no more lead.

    ``splits`` gives for each id that a part has left since the last time the ids of the parts that left.
    """

    ids: list[str] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    splits: dict[str, list[str]] = field(default_factory=dict)


def _named_after(kind: str, mention: str, salt: int = 0) -> str:
    digest = hashlib.sha256(f"{mention}\0{salt or ''}".encode()).hexdigest()[:12]
    return f"{kind.lower()}-{digest}"


def new_id(kind: str, mention: str, taken: Mapping[str, object] | set[str]) -> str:
    """Return a fresh id: the type, and a hash of the cluster's first mention."""
    for salt in range(1_000):
        if (node := _named_after(kind, mention, salt)) not in taken:
            return node
    raise AssertionError("a thousand hashes collide")  # pragma: no cover


def assign(
    groups: Sequence[Sequence[str]],
    kinds: Sequence[str],
    known: Mapping[str, str],
    redirects: Mapping[str, str],
    age: Mapping[str, str],
) -> Assignment:
    """Give each cluster its id.

    ``known`` gives the id that each mention last had, ``redirects`` the ones of before, ``age`` when each mention was
    first seen: a new cluster is named after its oldest.
    """
    votes = [Counter(known[key] for key in group if key in known) for group in groups]
    claims: defaultdict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for number, counter in enumerate(votes):
        for node, count in counter.items():
            claims[node].append((-count, groups[number][0], number))
    won: defaultdict[int, list[str]] = defaultdict(list)
    for node, claimants in claims.items():
        most = min(claimants)[0]
        equal = [number for count, _, number in sorted(claimants) if count == most]
        named = (each for each in equal if any(_named_after(kinds[each], key) == node for key in groups[each]))
        won[equal[0] if len(equal) == 1 else next(named, equal[0])].append(node)
    result = Assignment(ids=[""] * len(groups))
    taken = {*known.values(), *redirects}
    merged: dict[str, str] = {}
    for number, group in enumerate(groups):
        if names := won.get(number):
            best = min(names, key=lambda node: (-votes[number][node], node))
            result.ids[number] = best
            merged |= dict.fromkeys((node for node in names if node != best), best)
        else:
            by_age = sorted(group, key=lambda key: (age.get(key, ""), key))
            before = (_named_after(kinds[number], key) for key in by_age) if redirects else ()
            own = next((node for node in before if node in redirects and node not in claims), None)
            result.ids[number] = own or new_id(kinds[number], by_age[0], taken)
            taken.add(result.ids[number])
    live = set(result.ids)
    for node in sorted(claims):
        parts = {result.ids[number] for _, _, number in claims[node]} - {node}
        if node in live and parts:
            result.splits[node] = sorted(parts)
            for number in (number for _, _, number in claims[node] if redirects):
                former = (_named_after(kinds[number], key) for key in groups[number])
                merged |= dict.fromkeys((old for old in former if old in redirects), result.ids[number])
    result.redirects = _flattened({**redirects, **merged}, live)
    return result


def _flattened(redirects: Mapping[str, str], live: set[str]) -> dict[str, str]:
    """Return redirects that lead in one step, none from an id that is in use again, none in a circle."""
    flat = {}
    for old in sorted(redirects):
        target, seen = old, {old}
        while target not in live and target in redirects and redirects[target] not in seen:
            target = redirects[target]
            seen.add(target)
        if old not in live and target != old:
            flat[old] = target
    return flat


def remember(store: Store, groups: Sequence[Sequence[str]], kinds: Sequence[str], age: Mapping[str, str]) -> Assignment:
    """Give each cluster its id and write down which mention got which, for the next time."""
    connection = store.connection
    _META.create_all(connection)
    known = {row.mention: row.node for row in connection.execute(select(MEMBERS))}
    before = {row.old: row.new for row in connection.execute(select(REDIRECTS))}
    assignment = assign(groups, kinds, known, before, age)
    members = {key: node for group, node in zip(groups, assignment.ids, strict=True) for key in group}
    if changed := {key: node for key, node in members.items() if known.get(key) != node}:
        gone = [key for key in changed if key in known]
        for start in range(0, len(gone), 500):
            connection.execute(delete(MEMBERS).where(MEMBERS.c.mention.in_(gone[start : start + 500])))
        connection.execute(insert(MEMBERS), [{"mention": key, "node": node} for key, node in changed.items()])
    if assignment.redirects != before:
        connection.execute(delete(REDIRECTS))
        rows = [{"old": old, "new": new} for old, new in assignment.redirects.items()]
        if rows:
            connection.execute(insert(REDIRECTS), rows)
    return assignment


def members(data: Path, node: str) -> list[str]:
    """Return the mentions that a node, or the one that it was merged into, was made of when it was last linked."""
    with open_store(data) as store:
        connection = store.connection
        _META.create_all(connection)
        moved = connection.execute(select(REDIRECTS.c.new).where(REDIRECTS.c.old == node)).scalar()
        query = select(MEMBERS.c.mention).where(MEMBERS.c.node == (moved or node)).order_by(MEMBERS.c.mention)
        return list(connection.execute(query).scalars())


def current_id(data: Path, mention: str) -> str | None:
    """Return the id of the node that a mention was last linked to."""
    with open_store(data) as store:
        _META.create_all(store.connection)
        found = store.connection.execute(select(MEMBERS.c.node).where(MEMBERS.c.mention == mention)).scalar()
        return str(found) if found else None
