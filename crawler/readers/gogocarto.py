"""GoGoCarto, the software of many maps of alternatives: the elements of a map, whole or compact.

Fields: gogocarto's source (``APIController``, ``ElementJsonGenerator``). A compact element is a list: its number, the
values of the fields that the answer's ``mapping`` names, latitude, longitude, the numbers of its categories (which the
mapping leaves out), and its state where it is not the usual one. A map's own fields have the names that its makers gave
them: those of contacts are left out whatever they are called. Aggregated maps (Transiscope) say where an element came
from; that is kept as a keyword.
"""

import re
from typing import Any

from crawler import paging, reached
from crawler.addresses import parse_street
from crawler.documents import Document, Reader, ReaderError, Reading
from crawler.privacy import fold
from crawler.strict import MAX_ROWS, Fields, as_text, keywords, point, rows, short, site, without_empty
from crawler.times import from_iso

_ONTOLOGIES = ("gogofull", "gogocompact")
_MARKS = (b"gogofull", b"gogocompact", b"context-gogo")
_OWN = "gogocarto"  # the source of what was written into the map itself
_NOT_YET, _REFUSED = 0, -2  # states: proposed and not accepted; from here down refused, deleted, a duplicate
_CHANGED = re.compile(r"(\d\d)/(\d\d)/(\d{4}) à (\d\d:\d\d)")
_CONTACT = re.compile(
    r"(?P<mail>mail|courriel|subscriber)|(?P<phone>^tel|telephone|phone|mobile|portable|^fax)|"
    r"(?P<person>contact|referent|responsable|prenom|first ?name|last ?name)"
)
_SITE = ("website", "webSite", "siteWeb", "site_web", "site", "site_internet", "url", "lien")
_SOCIAL = ("facebook", "twitter", "mastodon", "instagram", "linkedin", "youtube", "peertube", "diaspora", "wikipedia")
_TEXTS = ("description", "description_more", "descriptionMore", "abstract", "presentation", "commitment")
_IGNORED = (
    "categoriesFull", "createdAt", "files", "fullTextSearch", "image", "images", "moderationState", "modifiedElement",
    "optionValues", "optionsString", "osmData", "reports", "searchScore", "stamps", "status", "votes",
)  # fmt: skip


class Gogocarto(Reader):
    name = "gogocarto"
    title = "GoGoCarto (Transiscope)"
    marks = "`data` with an `ontology` of `gogofull` or `gogocompact`; JSON-LD with the context of GoGoCarto"
    gives = "places with addresses, points, sites, opening hours and categories; never their mailboxes and telephones"
    specification = "https://github.com/pixelhumain/GoGoCarto"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json or not any(mark in document.body for mark in _MARKS):
            return None
        data = document.json
        if not isinstance(data, dict):
            return None
        if data.get("ontology") in _ONTOLOGIES and "data" in data:
            return f"the ontology {data['ontology']}"
        return "the context of GoGoCarto" if _is_graph(data) else None

    def read(self, document: Document) -> Reading:
        """Return the elements of a map as places.

        Raises:
            ReaderError: for what is no answer of a map, such as the demand for a token.
        """
        reading = Reading(self.name)
        data = document.need_json("an answer of GoGoCarto (some maps ask for a token)")
        listed = data.get("@graph" if _is_graph(data) else "data") if isinstance(data, dict) else None
        if isinstance(listed, dict):
            listed = [listed]
        if not isinstance(listed, list):
            raise ReaderError("not an answer of GoGoCarto: no data", document.url)
        base = paging.api_base(document.url)
        whole = _whole(listed, _compact_fields(data), document.url, reading) if _is_compact(listed) else listed
        for row in rows(whole, "element", document.url, reading):
            if place := _place(row, base, document, reading):
                reading.records.append(place)
        return reading


def _is_graph(data: Any) -> bool:
    return isinstance(data, dict) and "context-gogo" in str(data.get("@context"))[:500] and "@graph" in data


def _is_compact(listed: list[Any]) -> bool:
    return any(isinstance(row, list) for row in listed[:1])


def _compact_fields(data: dict[str, Any]) -> list[str]:
    """Return the names of a compact element's own fields: the list that stands second in the mapping."""
    mapping = data.get("mapping")
    named = mapping[1] if isinstance(mapping, list) and len(mapping) > 1 else None
    return [str(each) for each in named] if isinstance(named, list) else ["name"]


def _whole(listed: list[Any], names: list[str], url: str, reading: Reading) -> list[Any]:
    """Return compact elements in the form of whole ones; what has another form is a problem each."""
    found: list[Any] = []
    for number, row in enumerate(reached.cut(listed, MAX_ROWS + 1, "rows.MAX_ROWS"), 1):
        if not isinstance(row, list) or len(row) < 4 or not isinstance(row[1], list):
            reading.problems.append(f"{url}: element {number} is no compact element")
            continue
        values = dict(zip(names, row[1], strict=False))
        geo = {"latitude": row[2], "longitude": row[3]}
        found.append({**values, "id": row[0], "geo": geo, **({"status": row[5]} if len(row) > 5 else {})})
    return found


def _place(row: dict[str, Any], base: str, document: Document, reading: Reading) -> dict[str, Any] | None:
    state = row.get("status")
    if isinstance(state, int) and (state == _NOT_YET or state <= _REFUSED):
        reading.dropped["not public"] += 1
        return None
    with Fields(row, "element", reading) as fields:
        number = fields.text("id", "@id")
        name = fields.name("name", "title")
        for key in row:
            if match := _CONTACT.search(fold(key)):
                what = {"mail": "e-mail", "phone": "telephone", "person": "contact"}[str(match.lastgroup)]
                fields.drop(what, key)
        fields.drop("account", "contributions", "pendingContribution", "userOwnerEmail")
        with fields.object("geo") as geo:
            where = point(geo.take("latitude"), geo.take("longitude"))
        source = fields.text("sourceKey", "source")
        kinds = keywords(fields.take("categories"))
        social = [link for key in _SOCIAL if (link := site(fields.take(key), document))]
        place = {
            "type": "Place",
            "name": name,
            "url": site(fields.take(*_SITE), document),
            "description": " ".join(text for key in _TEXTS if (text := fields.words(key))),
            "address": _address(fields.take("address"), reading),
            "geo": where,
            "openingHours": _hours(fields),
            "additionalType": kinds[0] if kinds else None,
            "keywords": keywords(kinds, fields.take("tags"), source if source != _OWN else None),
            "sameAs": list(dict.fromkeys(social)),
            "dateModified": _changed(fields.text("updatedAt"), document),
        }
        fields.ignore(*_IGNORED)
    if not name:
        reading.problems.append(f"{document.url}: element {(number or '?')[:50]} without a name")
        return None
    if number:
        # In the JSON-LD form the number may be an address.
        place["id"] = document.link(number) if number.startswith("http") else f"{base}/api/elements/{number}.json"
    return without_empty(place)


def _address(stated: Any, reading: Reading) -> dict[str, Any]:
    if isinstance(stated, str):
        return parse_street(short(as_text(stated)))
    with Fields(stated, "address", reading) as parts:
        keys = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
        address = without_empty({key: parts.name(key) for key in keys})
        written = parts.name("customFormatedAddress")
        parts.ignore("@type", "streetNumber")
    return address or parse_street(written)


def _hours(fields: Fields) -> list[str]:
    """Return opening hours, a day each ("Mo 09:00-12:00,14:00-18:00"), then what else is said of them."""
    days = fields.take("openHours", "openhours")
    more = short(fields.words("openHoursMoreInfos", "openhours_more_infos"))
    found = (
        [f"{day} {text}" for day, value in days.items() if (text := short(as_text(value)))]
        if isinstance(days, dict)
        else [text for text in [short(as_text(days))] if text]
    )
    return [*found[:20], *([more] if more else [])]


def _changed(text: str | None, document: Document) -> str | None:
    if match := _CHANGED.fullmatch(text or ""):
        text = f"{match[3]}-{match[2]}-{match[1]}T{match[4]}"
    return from_iso(text, None, document.source).get("startDate")
