"""People's names as linking compares them: under accents, order of words, short forms and other alphabets."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from operator import attrgetter
from sys import intern
from typing import Any

from anyascii import anyascii

from graph.foretold import MOST, foretold
from graph.names import fold, folded_to_ascii

_TITLES = frozenset(
    "mr mrs ms miss mme mlle m dr prof pr phd md jr sr ii iii iv esq sir madame monsieur maitre".split()
)
# Of one letter none: that is an initial.
_PARTICLES = frozenset(
    "de du des la le les l van von der den del della di da dos das do bin ben ibn al el zu zur ter ten af av".split()
)
# Fathers and sons of one name: often left out, but never one when both are told.
_GENERATIONS = frozenset("jr sr ii iii iv".split())
# "(she/her)": says how to speak of somebody, not which of two.
_PRONOUNS = re.compile(r"\s*[(\[]\s*(?:she|he|they|elle|il|iel|ella|sie|er)(?:\s*[/,·]\s*\w+)*\s*[)\]]", re.IGNORECASE)
# A whole name in Chinese characters or in Hangul, which stands without a blank; two may be a surname alone.
_UNSPACED = re.compile(
    "(?P<family>[\u4e00-\u9fff]|[\u4e00-\u9fff]{2}(?=..$)|[\uac00-\ud7a3](?=..$))(?P<given>[\u4e00-\u9fff]{2}|[\uac00-\ud7a3]{2})"
)
# Sons named as their fathers: what tells the two apart.
_SUFFIXES = frozenset("filho neto junior sobrinho fils pere".split())
_QUOTES = frozenset("\"“”„«»'‘’")  # one of which stands before each _ASIDE
_ASIDE = re.compile(r"[\"“”„«»]([^\"“”„«»]{1,40})[\"“”„«»]|(?<=\s)['‘]([^'’]{1,30})['’](?=\s)")
# "Tom Stuart @mortice", "Éric (Mutinerie)": what a source writes behind a name to tell it from another.
_QUALIFIER = re.compile(r"\S\s+(?:@\w+|\([^()]+\))\s*$")
# What nobody's name is written as: "makicamel", "s4ichi", "JohnnyT", "osyo-manga".
_HANDLE = re.compile(r"@?(?=.*[A-Za-z])(?:[a-z0-9][\w.-]*|\w*(?:[0-9_]|(?<=[a-z])[A-Z])[\w.-]*)")
_BLANKS = re.compile(r"[\s,]+")
_SEPARATORS = re.compile(r"[-_.]")
_DIGIT = re.compile(r"\d")
COMMON = 0.15  # namesakes to be expected of a name by chance, from which on it is a common one
WORLD = 2_000  # full names at least that those at hand are thought to be drawn among: a village has no common names
SHORTEST_HANDLE = 5  # letters; a shorter one may be anybody's

# Spellings of one sound, in this order, on ASCII letters: what transliterations and languages write differently. Before
# each the letters of which a word has one where it may be there: to look is quicker than to search.
_SOUNDS = tuple(
    (frozenset(letters), re.compile(pattern), replacement)
    for letters, pattern, replacement in (
        ("hz", r"shch|tsch|sch|sz|sh", "s"),
        ("tz", r"tch|cz|tz|ts", "c"),
        ("kx", r"ks|cks|xc", "x"),
        ("p", r"ph", "f"),
        ("hkq", r"ck|ch|kh|q|k", "c"),
        ("jz", r"dj|zh|rz", "j"),
        ("w", r"w", "v"),
        ("o", r"oe", "o"),  # as German writes "ö" without dots
        ("ou", r"ou|oo|ue|uu", "u"),
        ("h", r"oh(?=[^aeiouy]|$)", "o"),
        ("a", r"aa|ae", "a"),
        ("y", r"(?<=[aeo])y(?=$|[^aeiou])", "i"),
        ("e", r"ei", "ai"),
        ("ijy", r"ie|iy|ii|ij|yy|y|j", "i"),
        ("h", r"(?<=[^aeiou])h|h(?=[^aeiou]|$)", ""),
        ("z", r"z", "s"),
    )
)
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=MOST)
def sound(word: str) -> str:
    """Return one spelling for what transliterations and languages write in several: ``Sergey`` and ``Sergei``."""
    for letters, pattern, replacement in _SOUNDS:
        if not letters.isdisjoint(word):
            word = pattern.sub(replacement, word)
    return _DOUBLED.sub(r"\1", word)


@dataclass(slots=True)  # never changed; said to be frozen it takes three times as long to make
class PersonalName:
    """A name's parts, folded to ASCII, without titles and particles.

    Attributes:
        full: the words in alphabetical order: the same in whatever order they were written. Empty for less than a full
            name: one word, or a given name and an initial; but a handle with a number is one.
        spelt: ``full``; of a given name and a widespread surname the name as it is written, in small letters: there
            accents tell people apart, as "Hiếu Nguyễn" from "Hieu Nguyen".
        generation: what tells a father from a son of his name: "jr", "iii"; None where nothing does.
        widespread: whether a great part of a nation bears the surname.
        squashed: the letters of all words, as written; a handle often is just that.
        first, middle, last: the words in the order given name, others, surname; ``last`` is empty for a single word.
        first_sound, last_sound: their spelling by ``sound``.
        sounds: ``full`` by ``sound``.
        counterparts: names that ``first`` is easily taken for, of the other sex.
        given: every name that ``first`` may stand for, by ``sound``: itself, what it is short for, and its other forms.
        qualified: whether the source tells it from a namesake by what it writes behind it.
        single: whether it is written without a blank.
        handle: a single word, folded, where it is written as nobody's name is.
        handles: handles that may be made of the name: initial and surname, given name and initial; and, behind ``"``,
            what stands in quotes within it. Of a single word itself, in both ways as far as they apply.
    """

    full: str
    spelt: str
    generation: str | None
    widespread: bool
    squashed: str
    first: str
    middle: str
    last: str
    first_sound: str
    last_sound: str
    sounds: str
    counterparts: tuple[str, ...]
    given: tuple[str, ...]
    qualified: bool
    single: bool
    handle: str | None
    handles: tuple[str, ...]

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        # What a dataclass writes of itself takes twice as long to read, and many are passed on.
        return PersonalName, _FIELDS(self)


_FIELDS = attrgetter(*PersonalName.__slots__)


@foretold(MOST)
def personal_name(name: str) -> PersonalName:
    """Return the parts of a name as a page writes it."""
    if "(" in name or "[" in name:
        name = _PRONOUNS.sub("", name) or name
    if not name.isascii() and (unspaced := _UNSPACED.fullmatch(name.strip())):
        name = f"{unspaced['given']} {unspaced['family']}"
    plain = _QUOTES.isdisjoint(name)
    words = (() if plain else _words(_ASIDE.sub(" ", name))) or _words(name) or (name.casefold(),)
    bare = tuple(word for word in words if word not in _PARTICLES and word not in _TITLES)
    if len(bare) < 2:
        bare = tuple(word for word in words if word not in _TITLES) or words
    single = _is_single(name) or (len(bare) == 2 and _is_double(name, *bare))
    if single and len(words) > 1:
        bare = ("".join(bare),)  # "Jean-Pierre" is a first name alone
    # Words are kept once for all the names that they stand in.
    first, last = (intern(bare[0]), intern(bare[-1])) if len(bare) > 1 else (intern("".join(bare)), "")
    # A handle with a number in it is somebody in particular, as no first name is.
    whole = len(last) > 1 or (len(bare) == 1 and len(first) >= 5 and bool(_DIGIT.search(first)))
    suffixed = len(bare) > 2 and bare[-1] in _SUFFIXES
    handle = _handle(name, bare) if single else None
    full = " ".join(sorted(bare)) if whole else ""
    sounds = " ".join(sorted(map(sound, bare))) if whole else ""
    widespread = sound(last) in _widespread()
    return PersonalName(
        full=full,
        spelt=name.casefold() if full and widespread and len(bare) == 2 else full,
        generation=words[-1] if len(words) > 2 and words[-1] in _GENERATIONS else None,
        widespread=widespread,
        squashed="".join(words),
        first=first,
        middle=" ".join(bare[1:-1]),
        last=last,
        first_sound=sound(first),
        last_sound=sound(last),
        sounds=full if sounds == full else sounds,
        counterparts=_counterparts().get(first, ()),
        given=given_names(first),
        qualified=suffixed or (("@" in name or ")" in name) and bool(_QUALIFIER.search(name))),
        single=single,
        handle=handle,
        handles=tuple(sorted({*_handles(bare, handle, single=single), *(() if plain or single else _quoted(name))})),
    )


@lru_cache(maxsize=MOST)
def full_name(name: str) -> str:
    """Return of a name ``PersonalName.full``: what is asked for when the rest is not kept any more."""
    return personal_name(name).full


def _is_single(name: str) -> bool:
    return not _BLANKS.search(name.strip())


def _is_double(name: str, first: str, second: str) -> bool:
    """Whether two words are a given name alone ("Jean Pierre"), and nothing says that one is the surname."""
    written = name.replace("_", " ").split()
    stated = "," in name or (len(written) == 2 and written[0].isupper() != written[1].isupper())
    return not stated and second in _doubles().get(first, ())


def _handle(name: str, words: tuple[str, ...]) -> str | None:
    squashed = "".join(words)
    if len(squashed) < SHORTEST_HANDLE or not _HANDLE.fullmatch(name.strip()):
        return None
    parts = _SEPARATORS.split(name.strip().lower())
    if words[0] in _forms() or words[0] in _given() or (len(parts) == 2 and parts[1] in _doubles().get(parts[0], ())):
        return None
    return squashed


def _quoted(name: str) -> Iterator[str]:
    for quoted in _ASIDE.finditer(name):
        yield f'"{fold(anyascii(quoted[1] or quoted[2])).replace(" ", "")}'


def _handles(words: tuple[str, ...], handle: str | None, *, single: bool) -> Iterator[str]:
    if single:
        yield f'"{"".join(words)}'
        if handle:
            yield handle
        return
    if len(words) > 1:
        first, last = words[0], words[-1]
        for made in (first[0] + last, first + last[0]):
            # What is somebody's given name is no handle.
            if len(made) >= SHORTEST_HANDLE and made not in _forms():
                yield made


def _words(name: str) -> tuple[str, ...]:
    """Return a name's words, folded to ASCII, the surname last where capitals or a comma tell which it is."""
    if "," in name:
        before, _, after = name.partition(",")
        if before.strip() and after.strip() and fold(after).split()[0:1] and fold(after) not in _TITLES:
            name = f"{after} {before}"
    written = name.replace("_", " ").split()
    capital = [len(word) > 2 and word.isupper() for word in written]
    if any(capital) and not all(capital) and capital[0]:
        # KONDO Uchio: the words in capitals are the surname.
        written = [w for w, up in zip(written, capital, strict=True) if not up] + [
            w for w, up in zip(written, capital, strict=True) if up
        ]
    return tuple(folded_to_ascii(" ".join(written)).split())


def common_names(people: Iterable[str]) -> frozenset[str]:
    """Return the full names of people that so many bear that two bearers of one are to be expected.

    Expected from how many different full names share the given name, and how many the surname, as if the two were
    drawn apart: how often one person is named does not count.
    """
    names = {full: personal_name(name) for name in people if (full := full_name(name))}
    given = Counter(name.first_sound for name in names.values())
    family = Counter(name.last_sound for name in names.values())
    return frozenset(
        full
        for full, name in names.items()
        if given[name.first_sound] * family[name.last_sound] > COMMON * max(len(names), WORLD)
        and family[name.last_sound] > 1
    )


@lru_cache(maxsize=100_000)
def given_names(first: str) -> tuple[str, ...]:
    """Return, by ``sound``, the given names that one may stand for, itself among them, in order."""
    return tuple(sorted({sound(first), *(sound(each) for each in _forms().get(first, ()))}))


@cache
def _widespread() -> frozenset[str]:
    """Return the surnames, by ``sound``, that so many of a nation bear that they tell little."""
    return frozenset(sound(name) for line in _lines("surnames") for name in line.partition(":")[2].split())


@cache
def _doubles() -> dict[str, frozenset[str]]:
    """Return what follows a given name to make one of two words."""
    parts = (line.partition(":") for line in _lines("double_names"))
    return {first: frozenset(others.split()) for first, _, others in parts}


@cache
def _given() -> frozenset[str]:
    """Return given names that have no other forms."""
    return frozenset(name for line in _lines("given_names") for name in line.split())


@cache
def _counterparts() -> dict[str, tuple[str, ...]]:
    """Return for each man's name the women's that look like it, and the other way round."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for his, _, hers in (line.partition(":") for line in _lines("feminine")):
        for name in hers.split():
            found[his].add(name)
            found[name].add(his)
    return {name: tuple(sorted(others)) for name, others in found.items()}


def _lines(name: str) -> list[str]:
    """Return the lines of a list in ``graph/models`` that are no comments."""
    text = (resources.files("graph") / "models" / f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _forms() -> dict[str, frozenset[str]]:
    """Return for each given name the heads of the groups that it stands in."""
    heads: defaultdict[str, set[str]] = defaultdict(set)
    for line in _lines("nicknames"):
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
