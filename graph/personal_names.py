"""People's names as linking compares them: under accents, order of words, short forms and other alphabets."""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from anyascii import anyascii

from graph.names import fold

_TITLES = frozenset(
    "mr mrs ms miss mme mlle m dr prof pr phd md jr sr ii iii iv esq sir madame monsieur maitre".split()
)
# Of one letter none: that is an initial.
_PARTICLES = frozenset(
    "de du des la le les l van von der den del della di da dos das do bin ben ibn al el zu zur ter ten af av".split()
)
_ASIDE = re.compile(r"[\"“”„«»]([^\"“”„«»]{1,40})[\"“”„«»]|(?<=\s)['‘]([^'’]{1,30})['’](?=\s)")

# Spellings of one sound, in this order, on ASCII letters: what transliterations and languages write differently.
_SOUNDS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"shch|tsch|sch|sz|sh", "s"),
        (r"tch|cz|tz|ts", "c"),
        (r"ks|cks|xc", "x"),
        (r"ph", "f"),
        (r"ck|ch|kh|q|k", "c"),
        (r"dj|zh|rz", "j"),
        (r"c(?=[eiy])", "c"),
        (r"w", "v"),
        (r"ou|oe|oo|ue|uu", "u"),
        (r"oh(?=[^aeiouy]|$)", "o"),
        (r"aa|ae", "a"),
        (r"(?<=[aeo])y(?=$|[^aeiou])", "i"),
        (r"ie|iy|ii|ij|yy|y|j", "i"),
        (r"(?<=[^aeiou])h|h(?=[^aeiou]|$)", ""),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """Return one spelling for what transliterations and languages write in several: ``Sergey`` and ``Sergei``."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


@dataclass(frozen=True, slots=True)
class PersonalName:
    """A name's parts, folded to ASCII, without titles and particles.

    Attributes:
        full: the words in alphabetical order: the same in whatever order they were written. Empty for less than a full
            name: one word, or a given name and an initial; but a handle with a number is one.
        squashed: the letters of all words, as written; a handle often is just that.
        first, middle, last: the words in the order given name, others, surname; ``last`` is empty for a single word.
        first_sound, last_sound: their spelling by ``sound``.
        sounds: ``full`` by ``sound``.
        given: every name that ``first`` may stand for, by ``sound``: itself, what it is short for, and its other forms.
    """

    full: str
    squashed: str
    first: str
    middle: str
    last: str
    first_sound: str
    last_sound: str
    sounds: str
    given: tuple[str, ...]


@lru_cache(maxsize=200_000)
def personal_name(name: str) -> PersonalName:
    """Return the parts of a name as a page writes it."""
    words = _words(_ASIDE.sub(" ", name)) or _words(name) or (name.casefold(),)
    bare = tuple(word for word in words if word not in _PARTICLES and word not in _TITLES)
    if len(bare) < 2:
        bare = tuple(word for word in words if word not in _TITLES) or words
    first, last = (bare[0], bare[-1]) if len(bare) > 1 else ("".join(bare), "")
    # A handle with a number in it is somebody in particular, as no first name is.
    whole = len(last) > 1 or (len(bare) == 1 and len(first) >= 5 and bool(re.search(r"\d", first)))
    return PersonalName(
        full=" ".join(sorted(bare)) if whole else "",
        squashed="".join(words),
        first=first,
        middle=" ".join(bare[1:-1]),
        last=last,
        first_sound=sound(first),
        last_sound=sound(last),
        sounds=" ".join(sorted(map(sound, bare))) if whole else "",
        given=given_names(first),
    )


def _words(name: str) -> tuple[str, ...]:
    """Return a name's words, folded to ASCII, the surname last where capitals or a comma tell which it is."""
    if "," in name:
        before, _, after = name.partition(",")
        if before.strip() and after.strip() and fold(after).split()[0:1] and fold(after) not in _TITLES:
            name = f"{after} {before}"
    written = [word for word in re.split(r"[\s_]+", name) if word]
    capital = [len(word) > 2 and word.isupper() for word in written]
    if any(capital) and not all(capital) and capital[0]:
        # KONDO Uchio: the words in capitals are the surname.
        written = [w for w, up in zip(written, capital, strict=True) if not up] + [
            w for w, up in zip(written, capital, strict=True) if up
        ]
    return tuple(fold(anyascii(fold(" ".join(written)))).split())


@lru_cache(maxsize=100_000)
def given_names(first: str) -> tuple[str, ...]:
    """Return, by ``sound``, the given names that one may stand for, itself among them, in order."""
    return tuple(sorted({sound(first), *(sound(each) for each in _forms().get(first, ()))}))


@cache
def _forms() -> dict[str, frozenset[str]]:
    """Return for each given name the heads of the groups that it stands in."""
    heads: defaultdict[str, set[str]] = defaultdict(set)
    text = (resources.files("graph") / "models" / "nicknames.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            names = line.split()
            for name in names:
                heads[name].add(names[0])
    for canonical, short in _english():
        heads[short].add(canonical)
        heads[canonical].add(canonical)
    return {name: frozenset(found) for name, found in heads.items()}


def _english() -> list[tuple[str, str]]:
    path = resources.files("nicknames") / "names.csv"
    rows = csv.reader(path.read_text("utf-8").splitlines())
    return [(row[0].lower(), row[2].lower()) for row in rows if len(row) == 3 and row[1] == "has_nickname"]
