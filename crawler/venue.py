"""Where an event takes place, as one line of text says it: a place with its address, or a meeting on the net."""

import re
from typing import Any

from crawler.addresses import parse_address
from crawler.documents import Document
from crawler.privacy import fold
from crawler.text import clean

COUNTRIES = frozenset(
    """
    allemagne belgique belgie belgium canada deutschland england espana espagne france germany ireland irlande italia
    italie italy luxembourg nederland netherlands portugal schweiz spain suisse switzerland uk usa
    """.split()
) | {"etats unis", "pays bas", "royaume uni", "united kingdom", "united states", "united states of america"}

_ONLINE = re.compile(
    r"(?:[ée]v[èé]nement )?en ligne|online(?: event)?|on line|distanciel|[àa] distance|"
    r"visio(?:conf[ée]rence)?|webinaire?|virtual|virtuel|"
    r"(?:microsoft )?teams(?:[- ](?:meeting|besprechung))?|r[ée]union (?:microsoft )?teams|"
    r"zoom(?: meeting)?|(?:google )?meet|jitsi(?: meet)?|big ?blue ?button|discord|skype",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_MAP = re.compile(
    r"//(?:www\.)?(?:maps?\.|goo\.gl/maps|google\.\w+/maps|openstreetmap\.|osm\.org|umap\.)", re.IGNORECASE
)
_STREET = re.compile(r"\d{1,4}(?: ?(?:bis|ter))?,? \D")


def venue(text: str, document: Document, calls: list[str] | None = None) -> dict[str, Any]:
    """Return ``location`` and ``eventAttendanceMode`` of an event, as far as ``text`` tells.

    ``calls`` are the addresses of video calls that stand beside it. An address of a map is no place on the net.
    """
    links = [link for found in _URL.findall(text) if not _MAP.search(found) and (link := document.link(found))]
    name = clean(re.sub(r"\s*[\r\n]+\s*", ", ", _URL.sub(" ", text[:2_000]))).strip(" ,;–-()")[:500]
    virtual = bool(_ONLINE.fullmatch(name))
    if name and not virtual:
        there = {"location": {"type": "Place", **_named(name)}}
        return {**there, "eventAttendanceMode": "MixedEventAttendanceMode"} if calls else there
    if not (virtual or calls or links):
        return {}
    location = {"type": "VirtualLocation", "name": name or "online"}
    if address := next(iter([*(calls or []), *links]), None):
        location["url"] = address
    return {"location": location, "eventAttendanceMode": "OnlineEventAttendanceMode"}


def held(place: dict[str, Any] | None, calls: list[str]) -> dict[str, Any]:
    """Return ``location`` and ``eventAttendanceMode`` of an event from its place and the addresses of its calls.

    A place that is called "online" (en ligne, visio, Zoom …) is none.
    """
    if place and not is_online(str(place.get("name", ""))):
        return {"location": place, **({"eventAttendanceMode": "MixedEventAttendanceMode"} if calls else {})}
    if not (place or calls):
        return {}
    location = {"type": "VirtualLocation", "name": place["name"] if place else "online"}
    if calls:
        location["url"] = calls[0]
    return {"location": location, "eventAttendanceMode": "OnlineEventAttendanceMode"}


def is_online(name: str) -> bool:
    """Whether the name of a place says that there is none: "en ligne", "visio", "Zoom"."""
    return bool(_ONLINE.fullmatch(name.strip()))


def _named(text: str) -> dict[str, Any]:
    """Return the name and the address of a place written in one line: "La Cantine, 4 rue X, 35000 Rennes, France"."""
    parts = [part for each in text.split(",") if (part := each.strip())]
    if len(parts) < 2:
        return {"name": text}
    name = parts[0]
    rest = parts if _STREET.match(name) else parts[1:]
    address: dict[str, str] = {}
    if fold(rest[-1]) in COUNTRIES:
        address["addressCountry"] = rest.pop()
    if rest and (match := re.fullmatch(r"([A-Z]{2}) (\d{5})(?:-\d{4})?", rest[-1])):  # Portland, OR 97209
        address |= {"addressRegion": match[1], "postalCode": match[2]}
        rest.pop()
    address |= parse_address(", ".join(rest))
    return {"name": name, "address": address} if address else {"name": name}
