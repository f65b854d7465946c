"""SpaceAPI: what a hackerspace says of itself (v13 to v15, older ones too), and the directory of them.

Source: schema.spaceapi.io. Who holds a key, who opened the door and who is there now are people's own business: they
are left out and counted, and so are the sensors that tell of presence.
"""

from typing import Any
from urllib.parse import urlsplit

from crawler import reached
from crawler.accounts import NETWORKS, account
from crawler.addresses import parse_address
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.spacelists import is_country
from crawler.strict import Fields, as_text, point, short, site, without_empty

MAX_SPACES = 5_000  # of one directory
_DIRECTORY = "directory.spaceapi.io"


class Spaceapi(Reader):
    name = "spaceapi"
    title = "SpaceAPI"
    marks = "JSON with `space` and `api` or `api_compatibility`; the directory: a map of names to addresses of JSON"
    gives = "a place with address, point and accounts; its calendar and blog; the spaces that a directory lists"
    specification = "https://spaceapi.io/docs/"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json or not isinstance(document.json, dict | list):
            return None
        data = document.json
        if isinstance(data, dict) and isinstance(data.get("space"), str) and {"api", "api_compatibility"} & data.keys():
            return "space and its API's version"
        return "a directory of spaces" if list(_listed(data, document)) else None

    def read(self, document: Document) -> Reading:
        """Return a space, or the addresses that a directory lists.

        Raises:
            ReaderError: for what is neither.
        """
        data = document.need_json("SpaceAPI")
        reading = Reading(self.name)
        if isinstance(data, dict) and isinstance(data.get("space"), str):
            with Fields(data, "space", reading) as fields:
                _space(fields, document, reading)
            return reading
        reading.links = list(_listed(data, document))
        if not reading.links:
            raise ReaderError("neither a space nor a directory of spaces", document.url)
        return reading


def _listed(data: Any, document: Document) -> list[Link]:
    """Return what a directory lists: a map of names to addresses (version 1), or objects with ``url`` (version 2).

    A map of texts to addresses may be anything: it is a directory where its own address or the addresses in it say so.
    """
    items = data.get("items", data) if isinstance(data, dict) else data
    if isinstance(items, dict):
        urls = list(items.values())
        named = urlsplit(document.url).hostname == _DIRECTORY
        said = sum(isinstance(url, str) and ("spaceapi" in url.lower() or "status" in url.lower()) for url in urls)
        if not urls or not all(isinstance(url, str) for url in urls) or not (named or said * 3 >= len(urls)):
            return []
    else:
        rows = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
        if not rows or not all("url" in each and ("valid" in each or "space" in each) for each in rows):
            return []
        urls = [each["url"] for each in rows if each.get("valid") is not False]
    links = (
        document.link(url)
        for url in reached.cut(list(urls), MAX_SPACES, "readers.spaceapi.MAX_SPACES")
        if isinstance(url, str)
    )
    return [Link(link, "listed", "application/json") for link in dict.fromkeys(filter(None, links))]


def _space(fields: Fields, document: Document, reading: Reading) -> None:
    name, url = short(fields.text("space")), site(fields.take("url"), document)
    if not name:
        reading.problems.append(f"{document.url}: a space without a name")
        return
    same_as = _contact(fields.object("contact"), document)
    place: dict[str, Any] = {
        "type": "Place",
        "id": document.url.partition("#")[0],
        "name": name,
        "additionalType": "hackerspace",
        "url": url,
        **_location(fields.object("location"), fields),
    }
    _feeds(fields, document, reading)
    for other in fields.objects("linked_spaces", "linked_space"):
        with other:
            endpoint, website = document.link(other.text("endpoint")), document.link(other.text("website"))
            if link := endpoint or website:
                reading.links.append(Link(link, "listed", "application/json" if endpoint else None))
    for more in fields.objects("links", "link"):
        with more:
            same_as += filter(None, [site(more.take("url"), document)])
            more.ignore("name", "description")
    projects = fields.take("projects")
    for each in projects if isinstance(projects, list) else []:
        same_as += filter(None, [document.link(as_text(each))])
    place["sameAs"] = [address for address in dict.fromkeys(same_as) if address != url][:30]
    with fields.object("state") as state:
        state.drop("person who opened", "trigger_person")
        # Whether it is open at this moment is no fact to keep.
        state.ignore("open", "lastchange", "message", "icon", "ext_*")
    events = fields.take("events")
    if isinstance(events, list) and events:
        reading.dropped["check-in"] += len(events)
    _sensors(fields.take("sensors"), reading)
    fields.ignore("api", "api_compatibility", "logo", "issue_report_channels", "cache", "spacefed", "cam", "stream")
    fields.ignore("membership_plans", "radio_show", "open", "lastchange", "icon", "status", "ext_*")
    reading.records.append(without_empty(place))


def _location(location: Fields, fields: Fields) -> dict[str, Any]:
    """Return address and point; versions before 13 have them at the top."""
    with location:
        parts = [part.strip() for part in (location.text("address") or fields.text("address") or "").split(",")]
        country = location.text("country_code", "country")
        if len(parts) > 1 and is_country(parts[-1]):
            country = country or parts[-1]
            parts.pop()
        address = {**parse_address(", ".join(parts)), "addressCountry": country}
        latitude, longitude = location.take("lat"), location.take("lon")
        if latitude is None:
            latitude, longitude = fields.take("lat"), fields.take("lon")
        # The clock of the place's events; the record has a zone for events alone.
        location.ignore("timezone", "hint", "ext_*")
        areas = [text for area in location.objects("areas") if (text := area.text("name"))]
    return {"address": without_empty(address), "geo": point(latitude, longitude), "keywords": areas[:20]}


def _contact(contact: Fields, document: Document) -> list[str]:
    """Return the space's own accounts; whatever reaches a person is left out."""
    with contact:
        found = [account(network, contact.text(network), document) for network in NETWORKS if network != "meetup"]
        contact.drop("keymaster", "keymasters", "keymaster")
        contact.drop("e-mail", "email", "issue_mail", "ml", "google_groups")
        contact.drop("telephone", "phone", "sip", "jabber_phone")
        contact.drop("contact", "irc", "xmpp", "jabber", "matrix", "mumble", "gopher", "identica", "google", "telegram")
        contact.ignore("ext_*", "foursquare", "discord", "slack", "signal")
    return [address for address in found if address]


def _feeds(fields: Fields, document: Document, reading: Reading) -> None:
    """Pass on the space's calendar and blog: a map (from version 13), or a list of ``name`` and ``url`` (before)."""
    feeds = fields.take("feeds")
    if isinstance(feeds, list):
        feeds = {str(each.get("name", "")).lower(): each for each in feeds if isinstance(each, dict)}
    if not isinstance(feeds, dict):
        return
    for name, kind in (("calendar", "api"), ("blog", "alternate")):  # a wiki's feed tells of edits, not of meetings
        feed = feeds.get(name)
        if isinstance(feed, dict) and (link := document.link(as_text(feed.get("url")))):
            # Of a space that a directory listed they are read where the directory's sites are.
            reading.links.append(Link(link, "listed" if document.source.elsewhere else kind))


def _sensors(sensors: Any, reading: Reading) -> None:
    """Count what sensors tell of people; temperatures and the like are nobody's concern here."""
    if not isinstance(sensors, dict):
        return
    for name in ("people_now_present", "network_connections", "door_locked", "total_member_count"):
        if sensors.get(name):
            reading.dropped["presence"] += 1
