"""The name of the series that a meeting's title tells of: without what differs from one evening to the next."""

import re
from functools import lru_cache

from crawler.text import clean

_MONTH_NAMES = """
janvier janv février fevrier févr fevr mars avril avr mai juin juillet juil août aout septembre sept octobre oct
novembre nov décembre decembre déc dec january jan february feb march mar april apr may june jun july jul august aug
september sep october november december januar februar märz juni juli oktober dezember enero febrero marzo abril mayo
junio julio agosto septiembre octubre noviembre diciembre
"""
# Longest first: "sept" is the beginning of "septembre".
_MONTHS = "|".join(sorted(_MONTH_NAMES.split(), key=len, reverse=True))
# These mean something else as well: alone they are no date.
_CLEAR_MONTHS = "|".join(
    sorted(
        set(_MONTH_NAMES.split())
        - set("mars mai avr oct nov dec déc jan mar may apr jun jul aug sep sept feb".split()),
        key=len,
        reverse=True,
    )
)
_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_ORDINALS = (
    "premier|première|deuxième|second|seconde|troisième|quatrième|cinquième|sixième|septième|huitième|neuvième|dixième|"
    "first|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
)
_YEAR = r"(?:19|20)\d\d"
_ORDINAL = r"\d{1,3} ?(?:ère|ere|ème|eme|nde|er|re|nd|rd|st|th|è|e)"
_EDITIONS = "éditions?|editions?|edição|ausgabe|edición|rencontre|session|saison|season|numéro|numero|episode|épisode"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


# Each is replaced by a blank, in this order: what is longer first, so that no half of a date is left.
_DATES = (
    _pattern(rf"\b{_YEAR}[-/.]\d\d?[-/.]\d\d?\b"),
    _pattern(rf"\b\d\d?[-/.]\d\d?[-/.](?:{_YEAR}|\d\d)\b"),
    _pattern(
        rf"\b(?:(?:du|le|on|the|den|am) )?(?:(?:{_DAYS}),? )?(?:\d\d?(?:er|st|nd|rd|th)?\.? ?(?:et|au|to|and|&|-|–) ?)?"
        rf"\d\d?(?:er|st|nd|rd|th)?\.? (?:of |de )?(?:{_MONTHS})\b\.?(?:,? (?:de )?{_YEAR}\b)?"
    ),
    _pattern(rf"\b(?:{_MONTHS})\b\.? \d\d?(?:st|nd|rd|th)?(?:-\d\d?)?(?:,? {_YEAR})?(?![\d.:h])\b"),
    _pattern(rf"\b(?:(?:de|du|d['’]|in|of|-|–) ?)?(?:{_MONTHS})\b\.? {_YEAR}\b"),
    _pattern(rf"(?<!\w)(?:de |d['’]|du mois de |du mois d['’])(?:{_CLEAR_MONTHS}|mars|mai)(?=\s*(?:$|[:|–(-]))"),
    _pattern(rf"(?<=\s)(?:{_CLEAR_MONTHS})(?=\s*(?:$|[:|–(-]))"),
    _pattern(rf"\b(?:le |du |on |every )?(?:{_DAYS})(?: prochain| next)?(?=\s*(?:$|[:|–(-]))"),
    _pattern(r"\b(?:[àa] )?\d\d? ?[hH:]\d\d(?: ?(?:am|pm))?\b"),
    _pattern(rf"['’(\[]?\b{_YEAR}(?:[-/]\d\d(?:\d\d)?)?\b[)\]]?"),
)
_NUMBERS = (
    _pattern(rf"[,–-]?\s*\(?\b(?:{_ORDINAL}|{_ORDINALS}) (?:{_EDITIONS})\b\)?"),
    _pattern(rf"[,–-]?\s*\b(?:{_EDITIONS}) ?(?:n[°ºo]?\.? ?)?#?\d+\b"),
    _pattern(r"(?<!\w)(?:#|n[°º]\.? ?|n[or]\.? ?|num[ée]ro |vol(?:ume)?\.? ?|ed\.? ?|[ée]d\. ?|part(?:ie)? )\d+\b"),
    _pattern(r"\bv\.? ?\d+(?:\.\d+)*\b"),
    _pattern(rf"\b{_ORDINAL}(?=\s)(?! (?:{_MONTHS}|arrondissement|lieu|rue))"),
    _pattern(r"(?<=\s)[(\[]?\d{1,3}(?:\.\d)?[)\]]?\s*(?=$|[:|–]|-\s)"),
    _pattern(r"(?<=\s)(?:II|III|IV|VI{0,3}|IX|XI{0,3}|XIV|XV)(?=\s*(?:$|[:|–(]|-\s))"),
)
_WITHOUT_DIGITS = ("x de novembre", "x novembre", "x lundi", "x, première édition", "x second session", "x IV")
_ALL = (*_DATES, *_NUMBERS)
# Those that may match where there is no digit: months, days, ordinals and Roman numbers.
_IN_WORDS = tuple(pattern for pattern in _ALL if any(pattern.search(text) for text in _WITHOUT_DIGITS))
_EDITION = _pattern(
    rf"(?<!\w)(?:#|n[°º]\.? ?|v\.? ?|vol(?:ume)?\.? ?|(?:{_EDITIONS}) (?:n[°º]\.? ?)?)(\d{{1,3}}(?:\.\d+)*)\b|"
    r"(?<!\w)(\d{1,3}) ?(?:ère|ere|ème|eme|nde|er|re|nd|rd|st|th|è|e)\b|(?<=\s)(\d{1,3}(?:\.\d+)*)\s*$"
)
_DIGIT = re.compile(r"\d")
_ANNOUNCED = _pattern(
    r"^\s*[\[(]?\s*(?:annulé|annulée|complet|reporté|reportée|cancelled|canceled|sold out|rappel|reminder|"
    r"save the date|invitation|compte[- ]rendu|retour sur(?: le| la| l['’])?)\s*[\])]?\s*[:!–-]?\s*"
)
_THEME = re.compile(r"\s*(?:\s[:|–—•·/-]+\s?|:\s|\s\(|\s\[|[«“\"„])")
_TRAILING = _pattern(
    r"(?:\s+(?:de|du|des|d['’]|le|la|les|l['’]|à|au|en|et|the|of|on|in|at|for|and|with|avec|sur))+\s*$"
)
_PUNCTUATION = " \t,;:.!–—-|/#·•([{«“\"'’"


@lru_cache(maxsize=200_000)
def series_title(name: str) -> str:
    """Return the title without edition number, date and theme: ``Open Coffee #12 : la banque`` → ``Open Coffee``.

    Spelling and capitals stay as they are. Where nothing would be left ("12 novembre 2012"), all of it comes back.
    """
    title = clean(name)
    bare = _ANNOUNCED.sub("", title)
    numbers = any(char.isdigit() for char in bare)
    for pattern in _ALL if numbers else _IN_WORDS:
        bare = pattern.sub(" ", bare)
    for part in _parts(bare):
        stripped = _TRAILING.sub("", clean(part).strip(_PUNCTUATION)).strip(_PUNCTUATION + ")]}»”")
        if sum(char.isalpha() for char in stripped) >= 3:
            return stripped
    return title


def edition_number(name: str) -> str | None:
    """Return the number that tells one meeting of a series from the next, as digits; None where the title has none.

    A year is a date, not a number: "BarCamp 2012" has none. Of "v0.1" the digits are "0.1".
    """
    if not _DIGIT.search(name):
        return None
    title = clean(name)
    for pattern in _DATES:
        title = pattern.sub(" ", title)
    match = _EDITION.search(_theme_free(title))
    number = next((group for group in match.groups() if group), None) if match else None
    return str(int(number)) if number and number.isdecimal() else number


def _theme_free(title: str) -> str:
    match = _THEME.search(title)
    return title[: match.start()] if match and match.start() else title


def _parts(title: str) -> list[str]:
    """Return what stands before the first mark of a theme, then the rest, for titles that begin with a date."""
    match = _THEME.search(title)
    return [title[: match.start()], title[match.end() :], title] if match else [title]
