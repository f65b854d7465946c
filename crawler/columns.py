"""Which column of a table is which of our fields: by its header, confirmed or found by what stands in it.

No table needs to be described beforehand. A header is split into words (camel case, underscores, words written
without spaces), without accents, and looked up in ``columns.toml``; then the values must fit: a column called
``site`` with no web address in it is none. What no header tells may show in the values: postcodes, points, addresses
on the web, opening hours. What a catalogue says of its source's columns goes before all of this.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from crawler.privacy import fold
from crawler.strict import as_number, as_text

WORDS = Path(__file__).with_name("columns.toml")
SAMPLE = 300  # values of a column that are looked at
MAX_COLUMNS = 1_000
NONE = "-"  # in a catalogue: no column is this field
LISTED = "[]"  # in a header: the column is of the first of several things that belong to a row
DAYS = {
    "Mo": "lundi monday montag lunes mo lun mon",
    "Tu": "mardi tuesday dienstag martes tu mar tue",
    "We": "mercredi wednesday mittwoch miercoles we mer wed",
    "Th": "jeudi thursday donnerstag jueves th jeu thu",
    "Fr": "vendredi friday freitag viernes fr ven fri",
    "Sa": "samedi saturday samstag sabado sa sam sat",
    "Su": "dimanche sunday sonntag domingo su dim sun",
}
MANY = frozenset(("profile", "keywords"))  # fields that several columns may be together

_DAY_OF = {word: day for day, words in DAYS.items() for word in words.split()}
_HOURS_WORDS = frozenset(
    "horaires horaire ouv h heures ouverture open opening hours matin apres midi am pm soir".split()
)
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")

_CLOCK = re.compile(r"\d{1,2}\s?(?:[:hH.]\s?\d\d|[hH]|[ap]\.?m)", re.IGNORECASE)
_EMAIL = re.compile(r"\S+@\S+\.\S+")
_PHONE = re.compile(r"(?:\+|00)?\d(?:[ .()/-]{0,2}\d){7,14}")
_POSTCODE = re.compile(r"\d{4,5}|[A-Z]{0,2}-?\d[A-Z\d -]{2,8}", re.IGNORECASE)
_FRENCH_POSTCODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-58])\d{3}")
_WEB = re.compile(r"(?:https?://|www\.)\S+|[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,12}(?:/\S*)?", re.IGNORECASE)
_TIME = r"\d{1,2}\s?(?:[:hH]\s?(?:\d\d)?|[ap]m)"
_RANGE = re.compile(rf"{_TIME}\s*(?:-|–|à|a|to|bis|/)\s*{_TIME}|24/7", re.IGNORECASE)
_DAY_WORD = re.compile(
    rf"\b(?:{'|'.join(word for word in _DAY_OF if len(word) >= 5)}|mo|tu|we|th|fr|sa|su)s?\b", re.IGNORECASE
)
_PAIR = re.compile(r"\W{0,8}(-?\d{1,3}\.\d+)\s*[,; ]\s*(-?\d{1,3}\.\d+)\W{0,8}")
_DATE = re.compile(
    r"\d{4}-\d\d|(?:19|20)\d\d$|\d{4}/\d\d/\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{8}T|\d{1,2} \w{3,9} \d{4}|\w{3}, \d"
)


class ColumnError(ValueError):
    """What the catalogue says of the columns does not fit the table: what, and what there is."""


@dataclass
class Columns:
    """Which columns are what.

    ``fields``: our field → the columns that are it (more than one only where they belong together). ``hours``: day
    (``Mo`` … ``Su``) → its columns. ``never``: column → what is left out there. ``unknown``: columns without meaning.
    ``projected``: latitude and longitude are no degrees but metres.
    """

    fields: dict[str, list[str]] = field(default_factory=dict)
    hours: dict[str, list[str]] = field(default_factory=dict)
    never: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    projected: bool = False

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    @property
    def is_table_of_things(self) -> bool:
        """Whether rows are things that are somewhere, or begin at some time: each with a name."""
        return "name" in self and any(name in self for name in ("city", "street", "postcode", "latitude", "point",
                                                               "url", "start", "country"))  # fmt: skip


@dataclass(frozen=True)
class _Phrase:
    field: str
    words: tuple[str, ...]
    weight: float


@cache
def _phrases() -> tuple[tuple[_Phrase, ...], frozenset[str]]:
    """Return the phrases of ``columns.toml`` and its words that say nothing."""
    table: dict[str, Any] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    filler = frozenset(table.pop("filler")["words"].split())
    sections = [(f"never.{name}", section) for name, section in table.pop("never").items()] + list(table.items())
    return tuple(
        _Phrase(name, tuple(phrase.split()), weight + 0.3 * phrase.count(" "))
        for name, section in sections
        for key, weight in (("words", 1.0), ("fair", 0.8), ("weak", 0.6))
        for phrase in section.get(key, ())
    ), filler


@cache
def _vocabulary() -> frozenset[str]:
    phrases, filler = _phrases()
    return filler | {word for phrase in phrases for word in phrase.words} | {w for w in _DAY_OF if len(w) > 4}


def fields() -> frozenset[str]:
    """Return the fields that a catalogue may name a column for."""
    return frozenset(phrase.field for phrase in _phrases()[0] if "." not in phrase.field) - {"known"}


@lru_cache(maxsize=10_000)
def words_of(header: str) -> tuple[str, ...]:
    """Return a header's words, folded: ``Nomdelastructure`` → nom, de, la, structure."""
    folded = fold(_CAMEL.sub(" ", header[:200]).replace("_", " "))
    return tuple(part for word in folded.split() for part in _split(word))


def _split(word: str) -> list[str]:
    """Return the words that one without spaces is made of, where they are known: at least half of its letters."""
    known = _vocabulary()
    if word in known or len(word) < 5 or not word.isalpha():
        return [word]
    # best[i]: the fewest unknown letters, then the fewest words, that word[:i] can be cut into.
    best: list[tuple[int, int, list[str]]] = [(0, 0, [])]
    for end in range(1, len(word) + 1):
        unknown, count, parts = best[end - 1]
        goes_on = bool(parts) and parts[-1] not in known
        letter = word[end - 1]
        options = [(unknown + 1, count, [*parts[:-1], parts[-1] + letter] if goes_on else [*parts, letter])]
        for start in range(max(0, end - 15), end - 1):
            if (piece := word[start:end]) in known:
                unknown, count, parts = best[start]
                options.append((unknown, count + 1, [*parts, piece]))
        best.append(min(options, key=lambda option: option[:2]))
    unknown, count, parts = best[-1]
    limit = 0 if len(word) < 9 else len(word) // 2
    # What ends in a word that says nothing is an ending: regionaux is not region and aux.
    return parts if count > 1 and unknown <= limit and parts[-1] not in _phrases()[1] else [word]


def inspect(
    headers: Sequence[str], rows: Iterable[Mapping[str, Any]], named: Mapping[str, str] | None = None
) -> Columns:
    """Return which of the columns ``headers`` are which fields, by their names and the values in ``rows``.

    ``named`` says it for some: our field → header, or ``-`` for none.

    Raises:
        ColumnError: for a field that is none of ours, and for a column that the table does not have.
    """
    headers = list(headers)[:MAX_COLUMNS]
    values: dict[str, list[Any]] = {header: [] for header in headers}
    for number, row in enumerate(rows):
        if number >= SAMPLE:
            break
        for header in headers:
            values[header].append(row.get(header))
    stated = {header: [each for each in column if each not in (None, "", [], {})] for header, column in values.items()}
    columns = Columns()
    taken = _named(columns, headers, named or {})
    settled = set(named or {})
    _contacts_by_value(columns, stated, taken)
    _days(columns, stated, taken, settled)
    _by_header(columns, headers, values, stated, taken, settled)
    _by_value(columns, headers, values, stated, taken, settled)
    _check_points(columns, stated)
    _check_number(columns, stated)
    columns.unknown = [header for header in headers if header not in taken and stated[header]]
    return columns


def _named(columns: Columns, headers: Sequence[str], named: Mapping[str, str]) -> set[str]:
    """Take what the catalogue says; return the columns that are spoken for."""
    folded = {fold(header): header for header in reversed(headers)}
    taken: set[str] = set()
    for name, header in named.items():
        if name not in fields():
            raise ColumnError(f"columns: {name!r} is no field; fields are {', '.join(sorted(fields()))}")
        if header == NONE:
            continue
        found = header if header in headers else folded.get(fold(header))
        if found is None:
            there = ", ".join(map(repr, headers[:40]))
            raise ColumnError(f"columns: {name} is to be {header!r}, and the table has no such column; it has {there}")
        columns.fields[name] = [found]
        taken.add(found)
    return taken


def _contacts_by_value(columns: Columns, stated: dict[str, list[Any]], taken: set[str]) -> None:
    """Find the columns of mailboxes by what stands in them, whatever they are called: they are never kept."""
    for header, column in stated.items():
        if header not in taken and column and _share(column, _is_mailbox) >= 0.5:
            columns.never[header] = "e-mail"
            taken.add(header)


def _days(columns: Columns, stated: dict[str, list[Any]], taken: set[str], settled: set[str]) -> None:
    """Find one column a day (``horaires_lundi``, ``lundi matin``): only where most of a week is there."""
    if "hours" in settled:
        return
    found: dict[str, list[str]] = defaultdict(list)
    for header, column in stated.items():
        words = words_of(header)
        days = [_DAY_OF[word] for word in words if word in _DAY_OF and (len(word) > 4 or _HOURS_WORDS & set(words))]
        at_an_end = words and (words[-1] in _DAY_OF or words[0] in _DAY_OF)
        if (
            header not in taken
            and at_an_end
            and len(set(days)) == 1
            and (not column or _share(column, _has_hours) >= 0.3)
        ):
            found[days[0]].append(header)
    if len(found) >= 5:
        columns.hours = {day: found[day] for day in DAYS if day in found}
        taken.update(header for each in found.values() for header in each)
        settled.add("hours")


def _by_header(
    columns: Columns,
    headers: Sequence[str],
    values: dict[str, list[Any]],
    stated: dict[str, list[Any]],
    taken: set[str],
    settled: set[str],
) -> None:
    """Give columns to fields by their headers, the best fit first."""
    order = {name: number for number, name in enumerate(dict.fromkeys(phrase.field for phrase in _phrases()[0]))}
    candidates = [
        (-score, order[name], number, name, header)
        for number, header in enumerate(headers)
        if header not in taken
        for name, score in _scores(words_of(header)).items()
        if (not values[header] or stated[header]) and (LISTED not in header or name in _OF_PLACES)
    ]
    for score, _, _, name, header in sorted(candidates):
        if header in taken or (name in settled and name not in MANY):
            continue
        if name.startswith("never."):
            columns.never[header] = name.removeprefix("never.")
        elif name == "known":
            pass
        elif name == "hours" and any(len(word) > 4 for word in _DAY_OF.keys() & set(words_of(header))):
            continue  # of one day only
        elif _fits(name, values[header], stated[header], sure=-score >= 0.7):
            columns.fields.setdefault(name, []).append(header)
            settled.add(name)
        else:
            continue
        taken.add(header)


@lru_cache(maxsize=10_000)
def _scores(words: tuple[str, ...]) -> dict[str, float]:
    """Return how well a header's words name each field: the phrase's weight, less where much else is said."""
    phrases, filler = _phrases()
    content = [word for word in words if word not in filler] or list(words)
    there = set(words)
    scores: dict[str, float] = {}
    for phrase in phrases:
        if phrase.field == "street_number" and len(phrase.words) == 1 and len(content) > 1:
            continue
        if not there.issuperset(phrase.words) or (
            len(phrase.words[0]) == 1 and len(phrase.words) == 1 and len(content) > 1
        ):
            continue
        covered = sum(word in phrase.words for word in content) / len(content)
        if phrase.field == "venue" and covered < 1:
            continue  # eventLocation.city is a part of it, and says which
        scores[phrase.field] = max(scores.get(phrase.field, 0), phrase.weight * (0.5 + 0.5 * covered))
    return {name: score for name, score in scores.items() if score > 0.34}


def _by_value(
    columns: Columns,
    headers: Sequence[str],
    values: dict[str, list[Any]],
    stated: dict[str, list[Any]],
    taken: set[str],
    settled: set[str],
) -> None:
    """Find what no header told: telephones (left out), then postcodes, points, addresses, hours and a name."""

    def free() -> list[str]:
        own = (header for header in headers if LISTED not in header)
        return [header for header in own if header not in taken and len(stated[header]) >= 3]

    for header in headers:
        if header not in taken and len(stated[header]) >= 3 and _share(stated[header], _is_phone) >= 0.6:
            columns.never[header] = "telephone"
            taken.add(header)
    tests: tuple[tuple[str, Callable[[Any], bool]], ...] = (
        ("postcode", lambda value: bool(_FRENCH_POSTCODE.fullmatch(_text(value)))),
        ("point", _is_pair),
        ("url", _is_web),
        ("hours", lambda value: bool(_RANGE.search(_text(value))) and bool(_DAY_WORD.search(_text(value)))),
    )
    for name, test in tests:
        if name in settled or (name == "point" and "latitude" in columns):
            continue
        fitting = [header for header in free() if _share(stated[header], test) >= 0.8]
        if name == "postcode":  # a number that is the same everywhere, or a key, is none
            fitting = [each for each in fitting if len(set(stated[each])) > 1 and "id" not in words_of(each)]
        if fitting:
            columns.fields[name] = [fitting[0]]
            taken.add(fitting[0])
    if "name" not in settled and "start" in columns:  # meetings of one body bear its name again and again
        again = [(-score, header) for header in free() if (score := _scores(words_of(header)).get("name", 0))]
        for _, header in sorted(again):
            if _fits("name", values[header], stated[header], sure=True):
                columns.fields["name"] = [header]
                taken.add(header)
                settled.add("name")
                break
    if "name" not in settled:
        for header in free():
            texts = [_text(value) for value in stated[header]]
            if len(set(texts)) >= 0.8 * len(texts) and _fits("name", values[header], stated[header]):
                columns.fields["name"] = [header]
                taken.add(header)
                break


def _fits(name: str, values: list[Any], stated: list[Any], *, sure: bool = False) -> bool:
    """Whether what stands in a column can be this field. Without values the header alone decides.

    Names may repeat, as meetings' do, where the header is ``sure`` to say that they are names.
    """
    if not values:
        return True
    if not stated:
        return False
    test = _TESTS.get(name)
    if test is not None and _share(stated, test[0]) < test[1]:
        return False
    texts = [_text(value) for value in stated]
    different = len(set(texts)) / len(texts)
    match name:
        case "id":
            return len(stated) == len(values) and different == 1
        case "kind":
            return len(texts) < 10 or different <= 0.5
        case "name":
            return sure or len(texts) < 10 or different > 0.3
        case _:
            return True


def _check_points(columns: Columns, stated: dict[str, list[Any]]) -> None:
    """See whether latitude and longitude are degrees, and put them right where they stand in each other's columns."""
    pair = [columns.fields.get(name) for name in ("latitude", "longitude")]
    if pair[0] is None or pair[1] is None:
        for name in ("latitude", "longitude"):
            columns.fields.pop(name, None)
        return
    north, east = (
        [number for value in stated[each[0]] if (number := as_number(value)) is not None] for each in pair if each
    )
    if not north or not east:
        return
    if _share(north, lambda number: abs(number) > 1_000) > 0.5:
        columns.projected = True
        return
    straight = [_in_france(one, other) for one, other in zip(north, east, strict=False)]
    swapped = [_in_france(one, other) for one, other in zip(east, north, strict=False)]
    if _share(north, lambda number: abs(number) > 90) > 0.5 or (
        _share(swapped, bool) > 0.8 and _share(straight, bool) < 0.2
    ):
        columns.fields |= {"latitude": pair[1], "longitude": pair[0]}


def _check_number(columns: Columns, stated: dict[str, list[Any]]) -> None:
    """Let go of a column of house numbers where the street's own column has them."""
    street, number = columns.fields.get("street"), columns.fields.get("street_number")
    if number and (not street or _share(stated[street[0]], lambda value: _text(value)[:1].isdigit()) > 0.2):
        del columns.fields["street_number"]


def _in_france(latitude: float, longitude: float) -> bool:
    return 41 <= latitude <= 51.5 and -5.5 <= longitude <= 10


def _share(values: list[Any], test: Callable[[Any], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value[:20])
    return (as_text(value) or "")[:500]


def _is_mailbox(value: Any) -> bool:
    text = _text(value)
    return "@" in text and bool(_EMAIL.match(text)) and not text.startswith("http")


def _is_phone(value: Any) -> bool:
    text = _text(value)
    return bool(_PHONE.fullmatch(text)) and len(re.sub(r"\D", "", text)) >= 9


def _is_web(value: Any) -> bool:
    return bool(_WEB.match(_text(value)))


def _is_pair(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) in (2, 3) and all(as_number(each) is not None for each in value)
    return bool(_PAIR.fullmatch(_text(value)))


def _is_words(value: Any) -> bool:
    return any(char.isalpha() for char in _text(value))


def _is_short_words(value: Any) -> bool:
    text = _text(value)
    return 0 < len(text) <= 60 and any(char.isalpha() for char in text) and text[0] != "#" and not _is_web(value)


def _is_title(value: Any) -> bool:
    text = "" if isinstance(value, list) else _text(value)
    return 0 < len(text) <= 150 and any(char.isalpha() for char in text) and "://" not in text


def _is_date(value: Any) -> bool:
    return bool(_DATE.match(_text(value)))


def _is_number(value: Any) -> bool:
    return as_number(value) is not None


def _has_hours(value: Any) -> bool:
    text = _text(value)
    return bool(_RANGE.search(text)) or fold(text) in ("ferme", "closed", "off", "geschlossen")


def _says_hours(value: Any) -> bool:
    text = _text(value)
    return bool(re.search(_TIME, text) or _DAY_WORD.search(text))


# What the first of several things may say of a row: where it is, not what it is called.
_OF_PLACES = frozenset(
    "street street_number postcode city region country latitude longitude venue keywords known".split()
) | {"never.e-mail", "never.telephone", "never.contact"}

# Of a field's values: what they must be, and what share of them at least.
_TESTS: dict[str, tuple[Callable[[Any], bool], float]] = {
    "name": (_is_title, 0.8),
    "kind": (_is_short_words, 0.8),
    "description": (_is_words, 0.5),
    "street": (_is_words, 0.6),
    "street_number": (lambda value: len(_text(value)) <= 12 and _text(value)[:1].isdigit(), 0.6),
    "postcode": (lambda value: bool(_POSTCODE.fullmatch(_text(value))), 0.6),
    "city": (_is_short_words, 0.8),
    "region": (_is_short_words, 0.8),
    "country": (_is_short_words, 0.8),
    "latitude": (_is_number, 0.8),
    "longitude": (_is_number, 0.8),
    "point": (_is_pair, 0.6),
    "url": (_is_web, 0.4),
    "feed": (_is_web, 0.4),
    "profile": (_is_words, 0.5),
    "hours": (_says_hours, 0.3),
    "modified": (_is_date, 0.6),
    "start": (_is_date, 0.6),
    "end": (_is_date, 0.6),
    "time": (lambda value: bool(_CLOCK.match(_text(value))), 0.6),
    "end_time": (lambda value: bool(_CLOCK.match(_text(value))), 0.6),
    "organizer": (_is_title, 0.6),
    "venue": (_is_title, 0.6),
    "keywords": (_is_words, 0.6),
    "status": (_is_short_words, 0.6),
}
