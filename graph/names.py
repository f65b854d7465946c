"""Names as linking compares them: without what differs between spellings of one name."""

import re
from collections.abc import Iterable
from functools import lru_cache
from sys import intern

from anyascii import anyascii
from w3lib.url import canonicalize_url

from crawler.privacy import fold as fold_anew
from crawler.series import edition_number, series_title
from graph.foretold import MOST, foretold

fold = lru_cache(maxsize=100_000)(fold_anew)


@foretold(MOST)
def place_words(name: str, town: str | None) -> tuple[str, ...]:
    """Return the words that tell a place or an organisation from others of its town.

    Articles, link words and "numérique" go, who keeps it ("La Cantine par Silicon Sentier"), and the town itself, as a
    noun or an adjective: "La Cantine numérique rennaise" in Rennes is ``cantine``. Where nothing would be left, all
    words come back.
    """
    words = _telling(folded_to_ascii(_KEEPER.sub("", name)), town)
    return tuple(word for word in words if word not in _FILLERS) or words


def head_of(name: str) -> str | None:
    """Return a long name up to its "and", as which it often goes: "Réseau des Cantines" for "… et des lieux associés".

    None where less than two telling words stand before it.
    """
    head, conjunction, _ = _AND.sub("\0", name, count=1).partition("\0")
    return head if conjunction and len(_telling(folded_to_ascii(head), None)) >= 2 else None


@foretold(MOST)
def title_words(name: str, town: str | None) -> tuple[str, ...]:
    """Return the words of the series that an event's or a series' title tells of, without its town."""
    words = _telling(folded_to_ascii(series_title(name)), town)
    return tuple("conf" if word in ("conference", "conferences") else word for word in words if word != "club") or words


def title_key(name: str, town: str | None) -> str:
    """Return ``title_words`` without blanks: ``OpenCoffee Club`` is ``Open Coffee``."""
    return "".join(title_words(name, town))


@foretold(100_000)
def acronyms(name: str, least: int = 3) -> tuple[str, ...]:
    """Return what a name may be shortened to: its initials with and without link words, and its first syllables.

    Of at least ``least`` letters: two say little.
    """
    words = folded_to_ascii(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", series_title(name))).split()
    full = [word for word in words if word not in _LINKS]
    found = {"".join(word[0] for word in words), "".join(word[0] for word in full), "".join(word[:2] for word in full)}
    return tuple(sorted(each for each in found if len(each) >= least)) if len(full) >= 2 else ()


@lru_cache(maxsize=100_000)
def edition(name: str, year: str) -> str | None:
    """Return the number of an event within its series; its year is none."""
    number = edition_number(name)
    return None if number in (year, year[2:]) else number


_CITY_SUFFIX = re.compile(
    r" (cedex( \d+)?|\d+(e|er|eme)?( arrondissement)?|a[lkzr]|c[aot]|d[ec]|fl|ga|hi|i[dlna]|k[sy]|la|m[edainsot]|"
    r"n[evhjmycd]|o[hkr]|pa|ri|s[cd]|t[nx]|ut|v[ta]|w[aviy]|on|qc|bc|ab|mb|sk|ns|nb|nl|pe)$"
)
_SAINT = re.compile(r"\bst(e?)(?= )")


class Towns:
    """Known towns, to be found in names."""

    def __init__(self, towns: Iterable[str]) -> None:
        self._by_word = {town: town for town in towns}
        self._by_stem: dict[str, str] = {}
        for town in sorted(self._by_word, reverse=True):
            if len(town) >= 4:
                self._by_stem[_stem(town)] = town
        self._named: dict[str, str | None] = {}

    def named_in(self, name: str) -> str | None:
        """Return the one town that a name says, as a noun or an adjective: "Cantine brestoise" is of Brest."""
        if name not in self._named:
            found = {town for word in folded_to_ascii(name).split() if (town := self._of(word))}
            self._named[name] = found.pop() if len(found) == 1 else None
        return self._named[name]

    def _of(self, word: str) -> str | None:
        if town := self._by_word.get(word):
            return town
        for length in range(len(word) - 2, 2, -1):
            if (town := self._by_stem.get(word[:length])) and _adjective(town).fullmatch(word):
                return town
        return None


def _stem(town: str) -> str:
    return re.sub(r"[es]+$", "", town)


@lru_cache(maxsize=50_000)
def _adjective(town: str) -> re.Pattern[str]:
    return re.compile(re.escape(_stem(town)) + _DEMONYM)


def folded_to_ascii(name: str) -> str:
    """Return a name folded, other alphabets as ASCII spells them."""
    folded = fold(name)
    return folded if folded.isascii() else fold(anyascii(folded))


_LINKS = frozenset("de du des d l le la les un une a au aux en et the an of in at and for by par sur pour".split())
_KEEPER = re.compile(r"(?<=\w)\s+(?:by|par)\s+\S.*$", re.IGNORECASE)
_AND = re.compile(r"\s+(?:et|and|&|und|y|e)\s+", re.IGNORECASE)
_FILLERS = frozenset("numerique numeriques digital digitale".split())  # what every place of this kind is
_DEMONYM = r"\w?(?:ais|ois|ain|ien|ienn|aines|oises|aises|iens|in|ard)e?s?"


def _telling(folded: str, town: str | None) -> tuple[str, ...]:
    words = tuple(map(intern, folded.split()))  # kept once for all the names that they stand in
    kept = tuple(word for word in words if word not in _LINKS)
    if town:
        there = set(town.split())
        there |= {word.replace("saint", "st") for word in there & {"saint", "sainte"}}
        names = [_adjective(word) for word in there if len(word) >= 4]
        kept = tuple(w for w in kept if w not in there and not any(each.fullmatch(w) for each in names))
    return kept or words


@lru_cache(maxsize=100_000)
def city_name(city: str | None) -> str | None:
    """Return what compares of a town's name: without the number of a district, a postal suffix or an American state.

    "St" and "Ste" are written out: "St Brieuc" is "Saint-Brieuc".
    """
    if not city:
        return None
    name = _CITY_SUFFIX.sub("", fold(city))
    return _SAINT.sub(r"saint\1", name) or None


def canonical_address(url: str) -> str:
    """Return an address as linking compares it: no scheme, no ``www.``, no trailing slash, no tracking parameters.

    The hosts under which one site shows a profile are one, and there capitals do not count.
    """
    try:
        canonical = canonicalize_url(url)
    except ValueError:
        canonical = url
    bare = re.sub(r"^https?://(www\d?\.)?", "", canonical)
    bare = re.sub(r"[?&](utm_\w+|fbclid|gclid)=[^&]*", "", bare).rstrip("/?&")
    profile = _PROFILE.match(bare)
    return f"{_HOSTS.get(profile[1].lower(), profile[1])}{profile[2]}".lower() if profile else bare


# Sites that call one person's page by several hosts, for a language or a kind of screen, and by a name without case.
_PROFILE = re.compile(
    r"(?:[a-z]{2}\.|m\.|mobile\.)?(twitter\.com|x\.com|linkedin\.com|facebook\.com|instagram\.com|github\.com)"
    r"(?!/[^?#]*\.php)(/[^?#]+)(?:[?#].*)?$",
    re.IGNORECASE,
)
_HOSTS = {"x.com": "twitter.com"}
