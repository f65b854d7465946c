"""A node as schema.org JSON-LD, for whoever reads our pages by machine: this project's own readers too."""

from collections.abc import Sequence
from typing import Any

import orjson

from output.index import Node
from output.web.cards import Card, Section
from output.web.happening import line, lines, web_address
from output.web.wording import LONG

CONTEXT = "https://schema.org"
CONNECTED = 25  # of each kind that are told of
# What a section of a node's page is, in schema.org's terms, by the node's type.
_EVENTS = {"Person": "performerIn", "Place": "event", "Organization": "event", "EventSeries": "subEvent"}
# What these relations are called at their other end.
_SEEN_FROM = {("Organization", "worksFor"): "employee", ("Organization", "memberOf"): "member"}
_TEXTS = ("additionalType", "description")
_ADDRESS = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")

Json = dict[str, Any]


def script(node: Node, sections: Sequence[Section], address: str) -> str:
    """Return the JSON-LD of a node for a script element: it cannot end that element, whatever is in it.

    Args:
        node: the node.
        sections: what its page shows around it.
        address: of its page; absolute where the site's is known. The pages of what is around stand beside it.
    """
    beside = address.removesuffix(f"{node.id}/")
    whole = {"@context": CONTEXT, "@id": address, **_node(node), **_around(node, sections, beside)}
    text = orjson.dumps(whole).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _node(node: Node) -> Json:
    data = node.data
    found: Json = {"@type": node.type, "name": line(node.name) or node.id}
    if names := [name for each in data["alternateName"][:10] if (name := line(each))]:
        found["alternateName"] = names
    for key in _TEXTS:
        if text := lines(data.get(key, ""))[:LONG]:
            found[key] = text
    for key in ("about", "keywords"):
        if values := [text for each in data.get(key, ())[:20] if (text := line(each))]:
            found[key] = values
    if url := web_address(data.get("url")):
        found["url"] = url
    if same := [url for each in data.get("sameAs", ()) if (url := web_address(each))]:
        found["sameAs"] = same
    for key in ("jobTitle", "startDate", "endDate", "eventStatus", "eventAttendanceMode"):
        if key in data:
            found[key] = f"{CONTEXT}/{data[key]}" if key.startswith("event") else data[key]
    if node.type in ("Place", "Organization") and (address := _address(data)):
        found["address"] = address
    if node.type == "Place" and "latitude" in data and "longitude" in data:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": data["latitude"], "longitude": data["longitude"]}
    return found


def _address(data: Json) -> Json | None:
    parts = {key: text for key in _ADDRESS if (text := line(data.get(key, "")))}
    return {"@type": "PostalAddress", **parts} if parts else None


def _around(node: Node, sections: Sequence[Section], beside: str) -> Json:
    found: dict[str, list[Json]] = {}
    for section in sections:
        for card in section.cards[:CONNECTED]:
            for relation in _relations(node.type, section.key, card):
                found.setdefault(relation, []).append(_card(card, beside))
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def _relations(kind: str, section: str, card: Card) -> Sequence[str]:
    """Return the properties of a node that lead to what a section of its page lists."""
    if section in ("events", "past"):
        return [_EVENTS[kind]] if kind in _EVENTS else []
    if section == "place":
        return ["location"]
    if section == "whole":
        return ["superEvent"]
    if section == "parts":
        return ["subEvent"]
    known = {
        "Event": ("performer", "organizer", "attendee"),
        "EventSeries": ("organizer",),
        "Person": ("worksFor", "memberOf"),
        "Organization": ("founder", "location", "worksFor", "memberOf"),
    }.get(kind, ())
    return [_SEEN_FROM.get((kind, each), each) for each in card.relations if each in known]


def _card(card: Card, beside: str) -> Json:
    found: Json = {"@type": card.type, "@id": f"{beside}{card.id}/", "name": card.name}
    if card.start:
        found["startDate"] = card.start
    if card.end:
        found["endDate"] = card.end
    if card.status:
        found["eventStatus"] = f"{CONTEXT}/{card.status}"
    if card.roles and card.type == "Person":
        found["jobTitle"] = card.roles[0]
    if card.type == "Place" and card.town:
        found["address"] = {"@type": "PostalAddress", "addressLocality": card.town}
    if card.place:
        found["location"] = _card(card.place, beside)
    return found


__all__ = ["CONTEXT", "script"]
