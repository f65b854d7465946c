"""Names as linking compares them: without what differs between spellings of one name."""

import re

from w3lib.url import canonicalize_url

from crawler.privacy import fold

_ARTICLES = re.compile(r"^(le|la|les|l|the|a|an|un|une) ")
_EDITION = re.compile(
    r"\b(?:(?:n|no|num|numero|edition|ed|vol|volume|saison|session) ?)?"
    r"\d+ ?(?:e|er|eme|ere|nd|rd|st|th)?\b(?: edition)?"
)
_LINK_WORDS = r"(?:de la|de l|de|du|des|d|a|au|in|of|at)"


def place_name(name: str, city: str | None) -> str:
    """Return what compares of a place's or organisation's name: without article and without its own town at the end."""
    folded = _ARTICLES.sub("", fold(name))
    return _without_city(folded, city) or folded


def series_name(name: str, city: str | None) -> str:
    """Return what compares of a series' name, or of an event's as one of a series: no town, number, year or blanks."""
    folded = _ARTICLES.sub("", fold(name))
    without = _without_city(_EDITION.sub(" ", folded).strip(), city)
    bare = re.sub(r"\bclub\b", "", without).replace(" ", "")
    return bare or folded.replace(" ", "")


def event_name(name: str, city: str | None) -> str:
    """Return what compares of an event's name: without its town, numbers kept."""
    folded = _ARTICLES.sub("", fold(name))
    return (_without_city(folded, city) or folded).replace(" ", "")


def person_name(name: str) -> str | None:
    """Return what compares of a full name, in whatever order its words stand; None for less than a full name.

    A first name alone, or with an initial only, is nobody's full name.
    """
    words = fold(name).split()
    return " ".join(sorted(words)) if sum(len(word) > 1 for word in words) >= 2 else None


def compatible(one: str, other: str) -> bool:
    """Whether two names may be spellings of one: all the words of the shorter are in the longer."""
    words = [set(_ARTICLES.sub("", fold(name)).split()) for name in (one, other)]
    return bool(words[0] and words[1]) and (words[0] <= words[1] or words[1] <= words[0])


def city_name(city: str | None) -> str | None:
    """Return what compares of a town's name: without the number of a district or a postal suffix."""
    if not city:
        return None
    return re.sub(r" (cedex( \d+)?|\d+(e|er|eme)?( arrondissement)?)$", "", fold(city)) or None


def canonical_address(url: str) -> str:
    """Return an address as linking compares it: no scheme, no ``www.``, no trailing slash, no tracking parameters."""
    try:
        canonical = canonicalize_url(url)
    except ValueError:
        canonical = url
    bare = re.sub(r"^https?://(www\d?\.)?", "", canonical)
    return re.sub(r"[?&](utm_\w+|fbclid|gclid)=[^&]*", "", bare).rstrip("/?&")


def _without_city(folded: str, city: str | None) -> str:
    if not city:
        return folded
    return re.sub(rf"(^| )(?:{_LINK_WORDS} )?{re.escape(city)}$", "", folded).strip()
