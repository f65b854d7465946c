"""Objects of a structured source, read key by key: what nobody asked for is counted, so a changed source is seen."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import islice
from typing import Any

from crawler import reached
from crawler.documents import Document, Reading
from crawler.text import clean

MAX_TEXT = 20_000  # characters of one value that are looked at
MAX_ROWS = 10_000  # of one list of one document
MAX_NAME = 500  # characters of a name, an address line, a keyword: the record's limit
MAX_WORDS = 100  # keywords of one thing: the record's limit

_INLINE = re.compile(
    r"</?(?:a|abbr|b|code|em|font|i|mark|small|span|strong|su[bp]|u)(?:\s[^<>]{0,2000})?>", re.IGNORECASE
)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
_MARKDOWN = re.compile(
    r"!?\[(?P<text>[^\[\]]{0,500})\]\([^()\s]{0,2000}\)|\*{2,3}|__|^\s{0,3}(?:#{1,6}|>|[*+-])\s", re.MULTILINE
)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+[a-z]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)


class Fields:
    """One object of a source and, per key, whether it was used.

    ``where`` names the kind of object in the counts: a key that is left over counts as the surprise ``where.key``.
    Use as a context manager: leaving it counts what is left over.
    """

    def __init__(self, data: Any, where: str, reading: Reading) -> None:
        self._data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        self._left = dict.fromkeys(self._data)
        self._where, self._reading = where, reading

    def __enter__(self) -> "Fields":
        return self

    def __exit__(self, *_: object) -> None:
        self._reading.surprises.update(f"{self._where}.{key}"[:100] for key in self._left)
        self._left = {}

    def take(self, *keys: str) -> Any:
        """Return the first value that is stated (not null, not empty) of these keys; all of them count as used."""
        found = None
        for key in keys:
            self._left.pop(key, None)
            value = self._data.get(key)
            if found is None and value not in (None, "", [], {}):
                found = value
        return found

    def text(self, *keys: str) -> str | None:
        """Return a value as one line of text, entities decoded; None for what is no text or number."""
        return as_text(self.take(*keys))

    def name(self, *keys: str) -> str | None:
        """Return a value as one short line: a name, a town, a part of an address. HTML in it goes."""
        return short(as_words(self.take(*keys)))

    def words(self, *keys: str) -> str | None:
        """Return a text that may be HTML as its words alone, on one line."""
        return as_words(self.take(*keys))

    def number(self, *keys: str) -> float | None:
        """Return a value as a number, also where it was written as text; None for what is none."""
        return as_number(self.take(*keys))

    def object(self, key: str, where: str | None = None) -> "Fields":
        """Return a nested object, to be read in the same way; empty where there is none."""
        return Fields(self.take(key), where or f"{self._where}.{key}", self._reading)

    def objects(self, key: str, where: str | None = None) -> Iterator["Fields"]:
        """Yield the objects of a nested list (or the one object that stands in its place)."""
        value = self.take(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield Fields(each, where or f"{self._where}.{key}", self._reading)

    def ignore(self, *keys: str) -> None:
        """Say that these keys are known and not needed. A key that ends in ``*`` stands for all that begin so."""
        for key in keys:
            if key.endswith("*"):
                for each in [each for each in self._left if each.startswith(key[:-1])]:
                    self._left.pop(each)
            else:
                self._left.pop(key, None)

    def drop(self, what: str, *keys: str) -> None:
        """Leave out what must not be kept (privacy): counted under ``what`` where it is stated, and never looked at."""
        for key in keys:
            self._left.pop(key, None)
            if self._data.get(key) not in (None, "", [], {}, False):
                self._reading.dropped[what] += 1

    def has(self, key: str) -> bool:
        """Whether the object has this key at all; it does not count as used."""
        return key in self._data

    def __bool__(self) -> bool:
        return bool(self._data)


def as_text(value: Any) -> str | None:
    """Return a text or number as one clean line, entities decoded; None for anything else and for nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return clean(unescape(reached.cut(str(value), MAX_TEXT, "strict.MAX_TEXT"))) or None


def as_words(value: Any) -> str | None:
    """Return the words of a text that may be HTML, on one line; None for what is no text and for nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = reached.cut(str(value), MAX_TEXT, "strict.MAX_TEXT")
    return clean(unescape(_TAG.sub(" ", _INLINE.sub("", text)))) or None


def from_markdown(value: Any) -> str | None:
    """Return the words of a text in Markdown: links by their words, no marks of emphasis, headings and lists."""
    if not isinstance(value, str):
        return None
    return as_words(_MARKDOWN.sub(lambda match: match["text"] or "", reached.cut(value, MAX_TEXT, "strict.MAX_TEXT")))


def short(text: str | None) -> str | None:
    """Return a text cut to what the record allows for a name, or None for nothing."""
    return reached.cut(text, MAX_NAME, "strict.MAX_NAME").strip() or None if text else None


def keywords(*values: Any) -> list[str]:
    """Return labels as keywords, each once: texts, objects that have a name or title, and lists of these."""
    found = [each for value in values for each in (value if isinstance(value, list) else [value])][: MAX_WORDS * 2]
    texts = [(each.get("name") or each.get("title")) if isinstance(each, dict) else each for each in found]
    words = list(dict.fromkeys(word for text in texts if isinstance(text, str) and (word := short(as_words(text)))))
    return reached.cut(words, MAX_WORDS, "strict.MAX_WORDS")


def in_language(value: Any, language: str | None) -> Any:
    """Return a text out of a map of languages: in ``language``, else French, English, or the first that is stated."""
    if not isinstance(value, dict):
        return value
    keys = [*filter(None, (language, "fr", "en")), *value]
    return next((value[key] for key in keys if value.get(key)), None)


def site(value: Any, document: Document) -> str | None:
    """Return the address of a site as people write it into a form, also without ``https://``; None for what is none."""
    text = (as_text(value) or "").strip()
    if re.match(r"https?://", text, re.IGNORECASE):
        return document.link(text)
    return document.link(f"https://{text}") if _HOST.fullmatch(text) else None


def rows(value: Any, what: str, url: str, reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list, as far as one document may have them; what is none is a problem, and one line."""
    found = value if isinstance(value, list) else []
    for number, row in enumerate(islice(found, MAX_ROWS), 1):
        if isinstance(row, dict):
            yield row
        else:
            reading.problems.append(f"{url}: {what} {number} is no object")
    if reached.over(len(found), MAX_ROWS, "strict.MAX_ROWS"):
        reading.problems.append(f"{url}: more than {MAX_ROWS} rows; the rest is left out")


def as_number(value: Any) -> float | None:
    """Return a number, also where it was written as text with a decimal comma; None for what is none or not finite."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(str(value)[:50].strip().replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e18 else None


def point(latitude: Any, longitude: Any) -> dict[str, float] | None:
    """Return WGS 84 coordinates in degrees as the record has them; None for what cannot be, and for 0;0 (unknown)."""
    north, east = as_number(latitude), as_number(longitude)
    if north is None or east is None or not (-90 <= north <= 90 and -180 <= east <= 180) or (north, east) == (0, 0):
        return None
    return {"latitude": north, "longitude": east}


def without_empty(thing: dict[str, Any]) -> dict[str, Any]:
    """Return a thing without its empty fields."""
    return {key: value for key, value in thing.items() if value not in (None, "", [], {})}
