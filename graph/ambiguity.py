"""Matches that could as well be with another: such are followed to neither."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from graph.atoms import Surroundings, town
from graph.linking import Match
from graph.mentions import Mention
from graph.names import place_words, title_words
from graph.personal_names import personal_name

MARGIN = 3.0  # bits by which one of two that exclude each other must be the likelier


def without_ambiguous(matches: Sequence[Match], around: Surroundings) -> Iterator[Match]:
    """Yield the matches but those of a mention that fits, about as well, two that cannot be one.

    Two cannot be one that lie in two towns, or that one source keeps apart; and two longer names are not one because a
    shorter is within both ("La Cordée" in "La Cordée Perrache" and in "La Cordée Liberté").
    """
    by_end: defaultdict[str, list[tuple[Match, str]]] = defaultdict(list)
    for match in matches:
        by_end[match.left].append((match, match.right))
        by_end[match.right].append((match, match.left))
    linked = {(match.left, match.right) for match in matches}
    dropped: set[tuple[str, str]] = set()
    for end, found in by_end.items():
        if len(found) > 1:
            own = set(_marks(around.by_key[end]))
            dropped |= _torn(own, found, around)
            dropped |= _within_several(around.by_key[end], found, linked, around)
    for match in matches:
        if (match.left, match.right) not in dropped:
            yield match


def _marks(mention: Mention) -> Iterator[tuple[str, str]]:
    """Yield what sets a mention apart from others: its town, the key that its source has for it."""
    if mention.seat:
        yield "town", mention.seat
    if mention.identity:
        yield mention.source.id, mention.identity


def _torn(own: set[tuple[str, str]], found: Sequence[tuple[Match, str]], around: Surroundings) -> set[tuple[str, str]]:
    """Return the matches of one end, when they go to two that exclude each other and it is with neither by a mark."""
    best: defaultdict[str, dict[str, float]] = defaultdict(dict)
    of: defaultdict[tuple[str, str], list[Match]] = defaultdict(list)
    marks_of_own = {name for name, _ in own}
    for match, other in found:
        for name, mark in _marks(around.by_key[other]):
            if name not in marks_of_own:
                best[name][mark] = max(best[name].get(mark, match.weight), match.weight)
                of[name, mark].append(match)
    dropped: set[tuple[str, str]] = set()
    for name, weights in best.items():
        if len(weights) > 1:
            first, second = sorted(weights.values(), reverse=True)[:2]
            for mark, value in weights.items():
                if first - second < MARGIN or value < first:
                    dropped |= {(match.left, match.right) for match in of[name, mark] if not match.strong}
    return dropped


def _within_several(
    mention: Mention, found: Sequence[tuple[Match, str]], linked: set[tuple[str, str]], around: Surroundings
) -> set[tuple[str, str]]:
    """Return the matches with longer names that do not match each other."""
    words = _words(mention)
    longer = {}
    for match, other in found:
        theirs = _words(around.by_key[other])
        # "la cantine de Brest" is within no other name, and may mean any cantine there.
        if words < theirs or (mention.type == "Place" and words.isdisjoint(theirs)):
            longer[other] = (match, theirs)
    keys = sorted(longer)[:50]
    dropped: set[tuple[str, str]] = set()
    for number, one in enumerate(keys):
        for other in keys[number + 1 :]:
            apart = not (longer[one][1] <= longer[other][1] or longer[other][1] <= longer[one][1])
            if apart and (one, other) not in linked:
                dropped |= {(match.left, match.right) for match in (longer[one][0], longer[other][0])}
    return dropped


def _words(mention: Mention) -> frozenset[str]:
    """Return the words that tell a mention from others, as far as linking compares them."""
    if mention.type == "Person":
        name = personal_name(mention.name)
        return frozenset((name.first, *name.middle.split(), name.last))
    telling = place_words if mention.type in ("Place", "Organization") else title_words
    return frozenset(telling(mention.name, town(mention)))
