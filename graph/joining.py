"""Which matches hold a cluster together: its strongest tree, and the weakest link of that."""

from collections.abc import Collection, Iterable

from graph.linking import Match


def joining(matches: Iterable[Match], keys: Collection[str]) -> list[Match]:
    """Return the strongest matches that tie ``keys`` into one, the strongest first: one less than there are keys.

    They are the maximum spanning tree, so that the last is the link without which the cluster would fall in two.
    """
    root = {key: key for key in keys}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    tree = []
    for match in sorted(matches, key=lambda match: (-match.weight, match.left, match.right, match.rule)):
        if match.left in root and match.right in root and (one := find(match.left)) != (other := find(match.right)):
            root[max(one, other)] = min(one, other)
            tree.append(match)
    return tree


def weakest_links(matches: Iterable[Match], groups: Iterable[Collection[str]]) -> dict[str, Match]:
    """Return the weakest link of each group of more than one, by the group's first key."""
    of = {key: number for number, group in enumerate(groups) for key in group}
    first: dict[int, str] = {}
    for key, number in of.items():
        first[number] = min(first.get(number, key), key)
    within = [match for match in matches if of.get(match.left, -1) == of.get(match.right, -2)]
    weakest: dict[str, Match] = {}
    for match in joining(within, of):
        weakest[first[of[match.left]]] = match  # the strongest come first: the last one stays
    return weakest
