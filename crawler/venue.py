"""Where an event takes place, as one line of text says it: a place with its address, or a meeting on the net."""

import re
from typing import Any

from crawler.addresses import COUNTRIES, parse_address
from crawler.documents import Document
from crawler.privacy import fold
from crawler.text import clean

_ONLINE = re.compile(
    r"(?:[ée]v[èé]nement )?en ligne|online(?: event)?|on line|distanciel|[àa] distance|"
    r"visio(?:conf[ée]rence)?|webinaire?|virtual|virtuel|"
    r"(?:microsoft )?teams(?:[- ](?:meeting|besprechung))?|r[ée]union (?:microsoft )?teams|"
    r"zoom(?: meeting)?|(?:google )?meet|jitsi(?: meet)?|big ?blue ?button|discord|skype",
    re.IGNORECASE,
)
# The page of the event itself, where the place is told to those who sign up: no place on the net either.
_PAGE = re.compile(r"//(?:www\.)?(?:lu\.ma|luma\.com|meetup\.com|eventbrite\.[a-z.]{2,6})/", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_MAP = re.compile(
    r"//(?:www\.)?(?:maps?\.|goo\.gl/maps|google\.\w+/maps|openstreetmap\.|osm\.org|umap\.)", re.IGNORECASE
)
_WITHIN = re.compile(r"([^(),]{2,200}?)\s*\(([^()]{3,300},[^()]{2,300})\)")
_STREET = re.compile(r"\d{1,4}(?: ?(?:bis|ter))?,? \D")


def venue(text: str, document: Document, calls: list[str] | None = None) -> dict[str, Any]:
    """Return ``location`` and ``eventAttendanceMode`` of an event, as far as ``text`` tells.

    ``calls`` are the addresses of video calls that stand beside it. An address of a map is no place on the net.
    """
    found = [each for each in _URL.findall(text) if not _MAP.search(each) and not _PAGE.search(each)]
    links = [link for each in found if (link := document.link(each))]
    name = clean(re.sub(r"\s*[\r\n]+\s*", ", ", _URL.sub(" ", text[:2_000]))).strip(" ,;–-")[:500]
    if name.startswith("(") or name.count("(") != name.count(")"):
        name = name.strip(" ,;–-()")
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
    if within := _WITHIN.fullmatch(text):  # Meetup's way: La Cantine (4 rue X, 35000 Rennes, France)
        text = f"{within[1]}, {within[2]}"
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
