"""MediaWiki: pages and categories, through the action API's answers.

Endpoints and parameters: mediawiki.org, API:Parsing_wikitext and API:Categorymembers. From an HTML page of a wiki come
the API's addresses for it and for the semantic queries that it links to, and the places of its tables: they are often
a query's results, which no wikitext holds. From a category come its pages; from a page's wikitext its places. Editors
of a page are nobody's members.
"""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import mwparserfromhell
import orjson
from mwparserfromhell.nodes import ExternalLink, Heading, Template, Text, Wikilink
from mwparserfromhell.wikicode import Wikicode

from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.htmltables import read_spaces
from crawler.privacy import fold
from crawler.readers.semanticmediawiki import asked_in
from crawler.spacelists import KIND, SPACES, space
from crawler.text import clean

FIELDS = {
    "name": ("name", "nom", "title", "titre"),
    "city": ("city", "ville", "town", "commune", "locality"),
    "country": ("country", "pays"),
    "region": ("state", "region", "région"),
    "street": ("address", "adresse", "street", "street_address", "location"),
    "postcode": ("postcode", "postal_code", "code_postal", "zip"),
    "url": ("website", "site", "site_web", "siteweb", "homepage", "url", "web"),
    "latitude": ("lat", "latitude"),
    "longitude": ("lon", "long", "lng", "longitude"),
    "point": ("coordinate", "coordinates", "coordonnées", "geo", "map"),
    "status": ("status", "statut"),
    "description": ("description", "résumé"),
}
CONTACTS = {
    "email": "e-mail", "e-mail": "e-mail", "mail": "e-mail", "courriel": "e-mail", "contact": "contact",
    "ml": "contact",
    "phone": "telephone", "telephone": "telephone", "téléphone": "telephone", "tel": "telephone", "mobile": "telephone",
    "fax": "telephone", "irc": "contact", "keymasters": "keymaster",
}  # fmt: skip

_SEMANTIC = re.compile(rb"<table[^<>]{0,200}\bsmwtable\b")


class Mediawiki(Reader):
    name = "mediawiki"
    title = "MediaWiki"
    marks = (
        "in a page the generator `MediaWiki` with an `EditURI` link, or a table of a semantic query; "
        "an answer of the action API"
    )
    gives = "places from the pages' tables, templates and lists; the pages of a category"
    specification = "https://www.mediawiki.org/wiki/API:Main_page"

    def recognise(self, document: Document) -> str | None:
        if document.is_html:
            marks = b'content="MediaWiki' in document.body and b"EditURI" in document.body
            if marks:
                return "generator MediaWiki and EditURI"
            return "a table of a semantic query" if _SEMANTIC.search(document.body) else None
        head = document.head
        if head.startswith("{") and ("api.php" in document.url or '"parse"' in head[:200] or '"query"' in head):
            if any(mark in document.body for mark in (b'"categorymembers"', b'"wikitext"', b'"pageid"')):
                return "an answer of the action API"
            return "an error of the action API" if "api.php" in document.url and '"error"' in head else None
        return None

    def read(self, document: Document) -> Reading:
        """Return a page's places, or the further addresses that an index leads to.

        Raises:
            ReaderError: for the API's own errors, and for answers of another shape.
        """
        reading = Reading(self.name)
        if document.is_html:
            reading.links = _api_links(document)
            title = " ".join(document.html.xpath("//title/text()")[:1])
            contents = document.html.xpath("//*[@id='mw-content-text']") or [document.html]
            read_spaces(document, contents[0], title, reading)
            return reading
        try:
            answer = orjson.loads(document.body)
        except orjson.JSONDecodeError as error:
            raise ReaderError(f"not JSON: {error}", document.url) from None
        if not isinstance(answer, dict):
            raise ReaderError("not an answer of the action API", document.url)
        if isinstance(refusal := answer.get("error"), dict):
            raise ReaderError(
                f"the wiki's API says: {clean(str(refusal.get('info') or refusal.get('code')))}", document.url
            )
        if isinstance(parsed := answer.get("parse"), dict):
            _read_page(parsed, document, reading)
        elif isinstance(query := answer.get("query"), dict) and "categorymembers" in query:
            _read_category(answer, query, document, reading)
        else:
            raise ReaderError("an answer of the action API that is neither a page nor a category", document.url)
        return reading


def _api_links(document: Document) -> list[Link]:
    hrefs = document.html.xpath("//link[@rel='EditURI']/@href")
    api = document.link(hrefs[0].partition("?")[0]) if hrefs else None
    page = _named_page(document.text) or _page_of(document.url)
    if not api or not page:
        return []
    return [Link(_api_address(api, page), "api"), *asked_in(document, api)]


def _named_page(text: str) -> str | None:
    """Return the page's name as its scripts have it, or None where they are broken."""
    found = re.search(r'"wgPageName":("(?:[^"\\\n]|\\.){1,500}")', text)
    try:
        return str(orjson.loads(found[1])) if found else None
    except orjson.JSONDecodeError:
        return None


def _page_of(url: str) -> str:
    parts = urlsplit(url)
    return dict(parse_qsl(parts.query)).get("title") or unquote(parts.path.rstrip("/").rpartition("/")[2])


def _api_address(api: str, page: str) -> str:
    title = page.replace("_", " ")
    if re.match(r"(category|catégorie)\s*:", title, re.IGNORECASE):
        query = {"action": "query", "list": "categorymembers", "cmtitle": title, "cmlimit": "500", "format": "json"}
    else:
        query = {
            "action": "parse",
            "page": title,
            "prop": "wikitext|categories",
            "format": "json",
            "formatversion": "2",
        }
    return f"{api}?{urlencode(query)}"


def _read_category(answer: Any, query: Any, document: Document, reading: Reading) -> None:
    api = document.url.partition("?")[0]
    for member in query["categorymembers"] if isinstance(query["categorymembers"], list) else []:
        if isinstance(member, dict) and member.get("ns") == 0 and isinstance(title := member.get("title"), str):
            reading.links.append(Link(_api_address(api, title), "entry"))
    if isinstance(further := answer.get("continue"), dict):
        asked = dict(parse_qsl(urlsplit(document.url).query))
        asked |= {key: str(value) for key, value in further.items()}  # every key of it, as the API asks
        reading.links.append(Link(f"{api}?{urlencode(asked)}", "next"))


def _read_page(parsed: Any, document: Document, reading: Reading) -> None:
    wikitext = parsed.get("wikitext")
    if isinstance(wikitext, dict):  # formatversion 1
        wikitext = wikitext.get("*")
    if not isinstance(wikitext, str):
        raise ReaderError("an answer without wikitext: ask with prop=wikitext", document.url)
    title = clean(str(parsed.get("title", "")))
    number = parsed.get("pageid")
    page = f"page:{number if isinstance(number, int) else title}"[:1_000]
    code = mwparserfromhell.parse(wikitext[:2_000_000], skip_style_tags=True)
    named = parsed.get("categories")
    categories = " ".join(map(_category, named if isinstance(named, list) else []))
    for template in code.filter_templates(recursive=False):
        if place := _infobox(template, title, page, document, reading):
            reading.records.append(place)
            return  # the page is about that one place; its lists are of other things
    if SPACES.search(f"{title} {categories}"):
        reading.records += _lists(code, page, document, reading)


def _category(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("category") or value.get("*") or value.get("title") or ""
    return str(value).replace("_", " ")


def _infobox(template: Template, title: str, page: str, document: Document, reading: Reading) -> dict[str, Any] | None:
    """Return the place that a template describes: one about a space, with a town, a country or an address."""
    name = clean(str(template.name))
    given = {fold(str(each.name)).replace(" ", "_"): _plain(each.value) for each in template.params if each.showkey}
    values = {
        ours: next((given[key] for key in map(_key, theirs) if given.get(key)), "") for ours, theirs in FIELDS.items()
    }
    if not (SPACES.search(name) or KIND.search(title)) or not (values["city"] or values["country"] or values["street"]):
        return None
    for key, what in CONTACTS.items():
        if given.get(_key(key)):
            reading.dropped[what] += 1
    known = {_key(key) for keys in FIELDS.values() for key in keys} | {_key(key) for key in CONTACTS}
    for key in given:
        if key not in known:
            reading.surprises[f"{fold(name)}.{key}"] += 1
    place: dict[str, Any] = {"type": "Place", "id": page, "name": values["name"] or title, "address": _address(values)}
    kind = KIND.search(name)
    place["additionalType"] = kind[0].lower().replace(" ", "") if kind else None
    place["url"] = document.link(values["url"]) if "." in values["url"] else None
    place["geo"] = _geo(values)
    place["description"] = values["description"]
    place["keywords"] = [values["status"]] if values["status"] else []
    return {key: value for key, value in place.items() if value}


def _key(name: str) -> str:
    return fold(name).replace(" ", "_")


def _address(values: dict[str, str]) -> dict[str, str]:
    keys = (("streetAddress", "street"), ("postalCode", "postcode"), ("addressLocality", "city"),
            ("addressRegion", "region"), ("addressCountry", "country"))  # fmt: skip
    return {ours: values[theirs] for ours, theirs in keys if values.get(theirs)}


def _geo(values: dict[str, str]) -> dict[str, float] | None:
    pair = [values["latitude"], values["longitude"]]
    if not all(pair):
        pair = re.findall(r"-?\d+\.\d+", values["point"])[:2]
    try:
        latitude, longitude = (float(part.replace(",", ".")) for part in pair)
    except ValueError:
        return None
    return {"latitude": latitude, "longitude": longitude} if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _lists(code: Wikicode, page: str, document: Document, reading: Reading) -> list[dict[str, Any]]:
    """Return the places that a list names, one an item: its first link or its first words, with the town above it."""
    places: list[dict[str, Any]] = []
    heading = ""
    for line in _lines(code):
        if isinstance(line, str):
            heading = line
        elif place := _item(line, heading, page, document, reading):
            places.append(place)
    return places


def _lines(code: Wikicode) -> list[str | list[Any]]:
    """Return headings as text and list items as their nodes, in the page's order."""
    found: list[str | list[Any]] = []
    item: list[Any] | None = None
    for node in code.nodes:
        if isinstance(node, Heading):
            found.append(_plain(node.title))
            item = None
        elif getattr(node, "wiki_markup", None) in ("*", "#"):
            item = []
            found.append(item)
        elif item is not None:
            if isinstance(node, Text) and "\n" in str(node):
                item.append(Text(str(node).partition("\n")[0]))
                item = None
            else:
                item.append(node)
    return found


def _item(nodes: list[Any], heading: str, page: str, document: Document, reading: Reading) -> dict[str, Any] | None:
    link = next((node for node in nodes if isinstance(node, ExternalLink | Wikilink)), None)
    rest = clean(
        "".join(_plain(node) if not isinstance(node, Text) else str(node) for node in nodes if node is not link)
    )
    if isinstance(link, ExternalLink):
        name, url = _plain(link.title) if link.title else "", document.link(str(link.url))
    elif isinstance(link, Wikilink):
        name, url = _plain(link.text or link.title), None
        if re.match(r"(file|image|category|fichier|catégorie)\s*:", str(link.title), re.IGNORECASE):
            return None
    else:
        name, _, rest = (part.strip(" ,;") for part in re.sub(r"\s[–—-]\s", "\0", rest, count=1).partition("\0"))
        url = None
    return space(name, url, rest, heading, page, document, reading)


def _plain(value: Any) -> str:
    """Return wikitext as text."""
    code = value if isinstance(value, Wikicode) else mwparserfromhell.parse(str(value), skip_style_tags=True)
    return clean(code.strip_code(normalize=True, collapse=True))
