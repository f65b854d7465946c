"""How alike what somebody typed is to a name: the distance that candidates are ranked by.

Damerau–Levenshtein distance in its optimal string alignment form (a letter changed, missing or added, or two
neighbours swapped, is one slip) over the whole, and word by word, so that names count as alike whose parts are
swapped, missing, begun or initials.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

INITIAL = 0.8  # likeness of a word to its first letter
BEGUN = 0.75  # least likeness of a word to its beginning
UNSAID = 0.12  # of likeness lost where the name has as many words more as were asked
JOINED = 0.98  # the same letters with blanks elsewhere
SWAPPED = 0.99  # the same words in another order


def likeness(asked: str, name: str) -> float:
    """Return how alike two folded texts are, from 0 to 1: one slip in ten letters is 0.9."""
    if asked == name:
        return 1.0
    if not asked or not name:
        return 0.0
    whole = OSA.normalized_similarity(asked, name)
    one, other = asked.split(), name.split()
    if len(one) == len(other) == 1:
        return max(whole, _word(asked, name))
    if len(one) == len(other) and sorted(one) == sorted(other):
        return SWAPPED
    joined = JOINED * OSA.normalized_similarity("".join(one), "".join(other))
    return max(whole, joined, _by_words(one, other))


def best(asked: str, names: Iterable[str]) -> float:
    """Return how alike a text is to the spelling that it is most like."""
    return max((likeness(asked, name) for name in names), default=0.0)


def covered(asked: Sequence[str], name: Sequence[str], least: float = 0.5) -> float:
    """Return how much of the asked words a name has, each of its words taken once; longer words count for more.

    Words less alike than ``least`` are not.
    """
    free = list(name)
    total = found = 0.0
    for word in sorted(asked, key=len, reverse=True):
        total += len(word)
        if not free:
            continue
        like, where = max((_word(word, each), -position) for position, each in enumerate(free))
        if like > least:
            found += len(word) * like
            del free[-where]
    return found / total if total else 0.0


def _by_words(asked: Sequence[str], name: Sequence[str]) -> float:
    share = covered(asked, name)
    surplus = max(0, len(name) - len(asked)) / len(name)
    return share * (1 - UNSAID * surplus) * SWAPPED


def _word(asked: str, word: str) -> float:
    if asked == word:
        return 1.0
    if len(asked) == 1 or len(word) == 1:
        return INITIAL if asked[0] == word[0] and not asked[0].isdecimal() else 0.0
    alike: float = OSA.normalized_similarity(asked, word)
    if word.startswith(asked):
        return max(alike, BEGUN + (0.95 - BEGUN) * len(asked) / len(word))
    return alike


__all__ = ["best", "covered", "likeness"]
