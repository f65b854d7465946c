"""How a page writes dates: in which language, with the day or the month first, and as of which day."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crawler.dates import Expression, find, parse
from crawler.documents import Document

_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{2}|\d{4})(?![\d/-])")
_US = re.compile(r"\b[A-Z]{2} \d{5}\b|\(\d{3}\) ?\d{3}[-.]\d{4}")
_MONTHS = {
    "en": re.compile(
        r"\b(?:january|february|march|april|may|june|july|august|october|december|monday|tuesday|thursday)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:janvier|février|mars|avril|mai|juin|juillet|août|octobre|décembre|lundi|mardi|jeudi)\b", re.IGNORECASE
    ),
}
# Countries that write the month first; the others write the day first, or the year.
MONTH_FIRST = ("US", "PH", "FM", "MH", "PW", "PR", "GU")


@dataclass(frozen=True)
class Manner:
    """How dates of one page are read: what ``crawler.dates`` is told."""

    reference: date
    language: str | None
    order: str

    def find(self, text: str, year: int | None = None) -> list[Expression]:
        return find(text, self.reference, self.language, order=self.order, year=year)

    def parse(self, text: str, year: int | None = None) -> Expression | None:
        return parse(text, self.reference, self.language, order=self.order, year=year)


def manner(document: Document, texts: Iterable[str]) -> Manner:
    """Return how the dates of a document are written, by its own texts first, then by what the catalogue says."""
    sample = [text for text in texts if any(c.isdigit() for c in text)]
    language = _language(document, sample)
    return Manner(_reference(document), language, _order(document, sample, language))


def month_first(texts: Iterable[str], document: Document) -> bool:
    """Whether dates in figures alone have the month first."""
    return manner(document, texts).order == "MDY"


def whole(text: str) -> tuple[str, str | None, str | None] | None:
    """Return (date, clock time, None) of a text that is a date in words and nothing else."""
    if not re.search(r"[A-Za-zéû]{3}", text):
        return None
    found = parse(text, date(2000, 1, 1), None)
    if found is None or not found.has_year or not found.start or len(found.start) < 10:
        return None
    return found.start[:10], found.time, None


def _reference(document: Document) -> date:
    try:
        return date.fromisoformat(document.fetched[:10])
    except ValueError:
        return date(2000, 1, 1)


def _language(document: Document, sample: list[str]) -> str | None:
    """Return the language that the months are written in, else the one that the page or the catalogue states."""
    counts = Counter({name: sum(bool(words.search(text)) for text in sample[:400]) for name, words in _MONTHS.items()})
    (first, most), (_, second) = counts.most_common(2)
    if most > 2 * second:
        return first
    stated = (document.html.get("lang") or "")[:2].lower() if document.is_html else ""
    return next((name for name in (stated, document.source.language) if name in ("fr", "en")), None)


def _order(document: Document, sample: list[str], language: str | None) -> str:
    """Return MDY or DMY: by figures that can only be the one or the other, by weekdays, else by the country."""
    votes: Counter[str] = Counter()
    for text in sample:
        for match in _NUMERIC.finditer(text):
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second:
                votes["DMY"] += 1
            elif second > 12 >= first:
                votes["MDY"] += 1
    if votes["MDY"] != votes["DMY"]:
        return "MDY" if votes["MDY"] > votes["DMY"] else "DMY"
    country = document.source.region.partition("-")[0].upper()
    stated = (document.html.get("lang") or "").lower() if document.is_html else ""
    if country in MONTH_FIRST or stated == "en-us":
        return "MDY"
    if language == "fr" or (len(country) == 2 and country.isalpha()):
        return "DMY"
    return "MDY" if sum(bool(_US.search(text)) for text in sample) > 1 else "DMY"
