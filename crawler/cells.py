"""What the cells of a table hold, and whether that can be what a header says."""

import re
from collections.abc import Callable
from typing import Any

from crawler.headers import DAY_WORDS
from crawler.privacy import fold
from crawler.strict import as_number, as_text

_CLOCK = re.compile(r"\d{1,2}\s?(?:[:hH.]\s?\d\d|[hH]|[ap]\.?m)", re.IGNORECASE)
_EMAIL = re.compile(r"\S+@\S+\.\S+")
_PHONE = re.compile(r"(?:\+|00)?\d(?:[ .()/-]{0,2}\d){7,14}")
_POSTCODE = re.compile(r"\d{4,5}|[A-Z]{0,2}-?\d[A-Z\d -]{2,8}", re.IGNORECASE)
_FRENCH_POSTCODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-58])\d{3}")
_WEB = re.compile(r"(?:https?://|www\.)\S+|[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,12}(?:/\S*)?", re.IGNORECASE)
_TIME = r"\d{1,2}\s?(?:[:hH]\s?(?:\d\d)?|[ap]m)"
_RANGE = re.compile(rf"{_TIME}\s*(?:-|–|à|a|to|bis|/)\s*{_TIME}|24/7", re.IGNORECASE)
_DAY_WORD = re.compile(
    rf"\b(?:{'|'.join(word for word in DAY_WORDS if len(word) >= 5)}|mo|tu|we|th|fr|sa|su)s?\b", re.IGNORECASE
)
_PAIR = re.compile(r"(?:POINT)?\W{0,8}(-?\d{1,3}\.\d+)\s*[,; ]\s*(-?\d{1,3}\.\d+)\W{0,8}")
_DATE = re.compile(
    r"\d{4}-\d\d|(?:19|20)\d\d$|\d{4}/\d\d/\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{8}T|\d{1,2} \w{3,9} \d{4}|\w{3}, \d"
)


def fits(name: str, values: list[Any], stated: list[Any], *, sure: bool = False) -> bool:
    """Whether what stands in a column can be this field. Without values the header alone decides.

    Names may repeat, as meetings' do, where the header is ``sure`` to say that they are names.
    """
    if not values:
        return True
    if not stated:
        return False
    test = _TESTS.get(name)
    if test is not None and share(stated, test[0]) < test[1]:
        return False
    texts = [cell_text(value) for value in stated]
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


def share(values: list[Any], test: Callable[[Any], bool]) -> float:
    """Return the share of ``values`` that pass ``test``; 0 where there are none."""
    return sum(map(test, values)) / len(values) if values else 0.0


def cell_text(value: Any) -> str:
    """Return a cell's text on one line; of a list its members', of anything else nothing."""
    if isinstance(value, list):
        return ", ".join(cell_text(each) for each in value[:20])
    return (as_text(value) or "")[:500]


def begins_with_digit(value: Any) -> bool:
    """Whether a cell begins with a digit, as addresses with house numbers do."""
    return cell_text(value)[:1].isdigit()


def is_mailbox(value: Any) -> bool:
    """Whether a cell is a mailbox, or begins with one."""
    text = cell_text(value)
    return "@" in text and bool(_EMAIL.match(text)) and not text.startswith("http")


def is_phone(value: Any) -> bool:
    """Whether a cell is a telephone number: nine digits or more, and nothing but what stands between digits."""
    text = cell_text(value)
    return bool(_PHONE.fullmatch(text)) and len(re.sub(r"\D", "", text)) >= 9


def is_web(value: Any) -> bool:
    """Whether a cell begins with an address of the web, with or without its scheme."""
    return bool(_WEB.match(cell_text(value)))


def is_pair(value: Any) -> bool:
    """Whether a cell is a point: two numbers with fractions in a text, or two or three in a list."""
    if isinstance(value, list):
        return len(value) in (2, 3) and all(as_number(each) is not None for each in value)
    return bool(_PAIR.fullmatch(cell_text(value)))


def _is_words(value: Any) -> bool:
    return any(char.isalpha() for char in cell_text(value))


def _is_short_words(value: Any) -> bool:
    text = cell_text(value)
    return 0 < len(text) <= 60 and any(char.isalpha() for char in text) and text[0] != "#" and not is_web(value)


def _is_title(value: Any) -> bool:
    text = "" if isinstance(value, list) else cell_text(value)
    return 0 < len(text) <= 150 and any(char.isalpha() for char in text) and "://" not in text


def _is_date(value: Any) -> bool:
    return bool(_DATE.match(cell_text(value)))


def _is_number(value: Any) -> bool:
    return as_number(value) is not None


def has_hours(value: Any) -> bool:
    """Whether a cell has a span of hours, or says closed."""
    text = cell_text(value)
    return bool(_RANGE.search(text)) or fold(text) in ("ferme", "closed", "off", "geschlossen")


def _says_hours(value: Any) -> bool:
    text = cell_text(value)
    return bool(re.search(_TIME, text) or _DAY_WORD.search(text))


# Of a field's values: what they must be, and what share of them at least.
_TESTS: dict[str, tuple[Callable[[Any], bool], float]] = {
    "name": (_is_title, 0.8),
    "kind": (_is_short_words, 0.8),
    "description": (_is_words, 0.5),
    "street": (_is_words, 0.6),
    "street_number": (lambda value: len(cell_text(value)) <= 12 and begins_with_digit(value), 0.6),
    "postcode": (lambda value: bool(_POSTCODE.fullmatch(cell_text(value))), 0.6),
    "city": (_is_short_words, 0.8),
    "region": (_is_short_words, 0.8),
    "country": (_is_short_words, 0.8),
    "latitude": (_is_number, 0.8),
    "longitude": (_is_number, 0.8),
    "point": (is_pair, 0.6),
    "url": (is_web, 0.4),
    "feed": (is_web, 0.4),
    "profile": (_is_words, 0.5),
    "hours": (_says_hours, 0.3),
    "modified": (_is_date, 0.6),
    "start": (_is_date, 0.6),
    "end": (_is_date, 0.6),
    "time": (lambda value: bool(_CLOCK.match(cell_text(value))), 0.6),
    "end_time": (lambda value: bool(_CLOCK.match(cell_text(value))), 0.6),
    "organizer": (_is_title, 0.6),
    "venue": (_is_title, 0.6),
    "keywords": (_is_words, 0.6),
    "status": (_is_short_words, 0.6),
}

# Fields that show in the values alone.
BY_VALUE: dict[str, Callable[[Any], bool]] = {
    "postcode": lambda value: bool(_FRENCH_POSTCODE.fullmatch(cell_text(value))),
    "point": is_pair,
    "url": is_web,
    "hours": lambda value: bool(_RANGE.search(cell_text(value)) and _DAY_WORD.search(cell_text(value))),
}
