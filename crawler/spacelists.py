"""Items of lists of spaces, as wikis have them: a name, mostly a link, and free text with town, address and status."""

import hashlib
import re
from typing import Any

from crawler.addresses import parse_address
from crawler.documents import Document, Reading
from crawler.privacy import fold
from crawler.strict import without_empty
from crawler.times import from_iso
from crawler.venue import COUNTRIES

SPACES = re.compile(
    r"co-?working|cantine|hacker ?spaces?|fab ?labs?|maker ?spaces?|tiers[- ]lieux?|espaces?\b|\bspaces?\b|biohack",
    re.IGNORECASE,
)
KIND = re.compile(r"co-?working|cantine|hacker ?space|fab ?lab|maker ?space|tiers[- ]lieu", re.IGNORECASE)
MAX_NAME = 120  # characters: longer is a sentence

_STATUS = re.compile(r"\b(planned|closed|open(?:ed)?|en projet|ferm[ée]e?|ouverte?)\b", re.IGNORECASE)
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_STREET = re.compile(
    r"\d{1,4}(?: ?(?:bis|ter))?,? (?:[^\W\d][\w'’.-]*\s){0,4}?"
    r"(?:rue|avenue|av\.?|boulevard|bd\.?|place|quai|all[ée]e|chemin|impasse|passage|cours|route|square|faubourg|"
    r"street|st\.?|ave\.?|road|rd\.?|blvd\.?|lane|drive|way|calle|via)\b[^\n;]{0,120}",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"(?:contacts?|ask for|e-?mail|m[ée]l|courriel|t[ée]l|phone)\b", re.IGNORECASE)
_BREAK = re.compile(r"\s[–—|-]\s|\s?[;•·]\s|\n|\. (?=[A-ZÀ-Ý])")


def space(
    name: str, url: str | None, rest: str, heading: str, key: str, document: Document, reading: Reading
) -> dict[str, Any] | None:
    """Return the place that an item of a list names; None where it names none.

    ``rest`` is the text beside the name, ``heading`` the nearest one above: a town, or a country, where it is no title.
    ``key`` is the page's own key. What follows "contact" is left out and counted.
    """
    if not name or len(name) > MAX_NAME:
        return None
    parts = [part for each in _BREAK.split(rest) if (part := each.strip(" ,;:–—-()"))]
    kept = [part for part in parts if not _CONTACT.match(part)]
    reading.dropped["contact"] += len(parts) - len(kept)
    rest = " – ".join(kept) if len(kept) < len(parts) else rest
    own = hashlib.sha256((url or fold(name)).encode()).hexdigest()[:12]
    place: dict[str, Any] = {"type": "Place", "id": f"{key}#{own}", "name": name, "url": url}
    town, text = _town(rest, heading)
    place["address"] = _address(kept, town)
    place["description"] = text
    place["keywords"] = [status[1].lower()] if (status := _STATUS.search(rest)) else []
    if times := _DAY.search(rest):
        place["dateModified"] = from_iso(times[0], None, document.source).get("startDate")
    reading.dropped = +reading.dropped
    return without_empty(place)


def is_country(text: str) -> bool:
    """Whether a heading is a country's name."""
    return fold(text) in COUNTRIES or fold(text) == "france"


def _town(rest: str, heading: str) -> tuple[str | None, str]:
    """Return the town of a list item, from its first words after a comma or the heading above, and the other text."""
    text = rest.strip(" ,;:–—-")
    if text.startswith("(") and (text.endswith(")") or ")" not in text):
        text = text.strip("() ")
    first = re.match(r"^[,(]\s*([A-ZÀ-Ý][\w' -]{1,40}?)\s*(?:[,;.)–—]|-\s|$)", rest.strip())
    if first and not any(char.isdigit() for char in first[1]):
        return first[1].strip(), text.removeprefix("(").removeprefix(first[1]).strip(" ,;:–—-()")
    town = heading if heading and not SPACES.search(heading) and len(heading.split()) <= 4 else None
    return town, text


def _address(parts: list[str], town: str | None) -> dict[str, str]:
    """Return the address that stands in one of the parts, with the town; a country's name is one, not a town."""
    where = {"addressCountry" if is_country(town) else "addressLocality": town} if town else {}
    for part in parts:
        if match := _STREET.search(part):
            found = parse_address(match[0])
            if town and "postalCode" not in found:
                found = {"streetAddress": match[0].strip(" ,.")}  # the town is known; what follows a comma is prose
            if 0 < len(found.get("streetAddress", "")) <= 80 and len(found.get("addressLocality", "")) <= 40:
                return {**where, **found}
    return where
