"""Nodes of JSON-LD's shape (``@type``, ``@id``, values or lists of them): of what kind one is, and what it says."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from crawler import reached
from crawler.records import MAX_DESCRIPTION
from crawler.strict import MAX_NAME
from crawler.text import clean

MAX_NODES = 100_000  # of one document that are looked at for their ids, at each depth
MAX_TEXT = 20_000  # characters of one value that are looked at

Node = dict[str, Any]

EVENTS = frozenset(
    """
    Event BusinessEvent ChildrensEvent ComedyEvent ConferenceEvent CourseInstance DanceEvent DeliveryEvent
    EducationEvent EventSeries ExhibitionEvent Festival FoodEvent Hackathon LiteraryEvent MusicEvent
    PublicationEvent SaleEvent ScreeningEvent SocialEvent SportsEvent TheaterEvent VisualArtsEvent
    """.split()
)
PLACES = frozenset(
    """
    Place AdministrativeArea CivicStructure City EventVenue Library Museum Park PlaceOfWorship PublicToilet
    StadiumOrArena Residence Room MeetingRoom TouristAttraction Landform Accommodation BarOrPub CafeOrCoffeeShop
    Hotel Restaurant CoworkingSpace
    """.split()
)
ORGANIZATIONS = frozenset(
    """
    Organization Association Airline Consortium Corporation Cooperative EducationalOrganization
    CollegeOrUniversity School GovernmentOrganization LibrarySystem LocalBusiness NGO NewsMediaOrganization
    PerformingGroup MusicGroup Project ResearchOrganization OnlineBusiness WorkersUnion ProfessionalService
    """.split()
)
POSTS = {"Article", "BlogPosting", "NewsArticle", "Report", "SocialMediaPosting"}
LISTS = {"ItemList", "CollectionPage", "WebPage", "WebSite", "AboutPage", "ProfilePage", "DataFeed", "Blog"}
# What stands at the top of a page and tells of nobody who meets.
OTHERS = frozenset(
    """
    AggregateOffer AggregateRating BreadcrumbList ContactPage ContactPoint CreativeWork FAQPage GeoCoordinates
    ImageGallery ImageObject ItemPage ListItem MediaObject Offer PostalAddress Product Question Rating Recipe Review
    SearchAction SearchResultsPage SiteNavigationElement Thing VideoObject VirtualLocation WPFooter WPHeader WPSideBar
    WebApplication WebPageElement
    """.split()
)

_TYPE = re.compile(r"^.*[/#:]")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")


def types_of(node: Node) -> set[str]:
    """Return a node's types without their vocabulary's address."""
    stated = node.get("@type")
    if isinstance(stated, str):
        return {_bare(stated)}
    return {_bare(kind) for kind in as_list(stated) if isinstance(kind, str)}


@lru_cache(maxsize=1_024)
def _bare(kind: str) -> str:
    return _TYPE.sub("", kind)


def kind_of(node: Node) -> str | None:
    """Return the record's type for a node, or None."""
    types = types_of(node)
    if "EventSeries" in types:
        return "EventSeries"
    for kind, names in (("Event", EVENTS), ("Person", {"Person"}), ("Place", PLACES), ("Organization", ORGANIZATIONS)):
        if types & names:
            return kind
    if any(name.endswith("Event") for name in types):
        return "Event"
    return "Organization" if any(name.endswith(("Organization", "Business", "Store")) for name in types) else None


def flatten(roots: list[Any]) -> Iterator[Node]:
    """Yield the nodes at the top of a document, in its order: those of graphs too, and those told of in reverse."""
    stack = list(reversed(roots))
    for _ in range(10_000):
        if not stack:
            return
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, dict):
            if "@type" in node or "@id" in node:
                yield node
            stack.extend(reversed(as_list(node.get("@graph"))))
            if isinstance(back := node.get("@reverse"), dict):
                bare = {key: value for key, value in node.items() if key != "@reverse"}
                stack.extend(
                    {**each, key: bare}
                    for key, value in back.items()
                    for each in as_list(value)
                    if isinstance(each, dict)
                )


def by_id(nodes: list[Node]) -> dict[str, Node]:
    """Return what a document states of each ``@id``, nested nodes too; the top of the document goes first."""
    found: dict[str, Node] = {}
    level: list[Any] = nodes
    for _ in range(8):
        deeper: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                if len(node) > 2 and isinstance(node.get("@id"), str):
                    found.setdefault(node["@id"], node)
                deeper += [value for value in node.values() if isinstance(value, dict | list)]
            elif isinstance(node, list):
                deeper += node
        level = reached.cut(deeper, MAX_NODES, "schema_nodes.MAX_NODES")
    return found


def references(node: Node) -> Iterator[str]:
    """Yield the ids of the nodes that a node refers to, other than as a list's items."""
    for key, value in node.items():
        if key not in ("@graph", "itemListElement", "mainEntity", "mainEntityOfPage", "hasPart"):
            yield from ids(value)


def ids(value: Any) -> list[str]:
    """Return the ids that a value's bare references (``{"@id": …}``) name."""
    return [
        each["@id"]
        for each in as_list(value)
        if isinstance(each, dict) and isinstance(each.get("@id"), str) and len(each) <= 2
    ]


def as_list(value: Any) -> list[Any]:
    """Return a property's values as a list: none, the one, or all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def both(*values: Any) -> list[Any]:
    """Return the values of several properties as one list."""
    return [each for value in values for each in as_list(value)]


def text_of(value: Any) -> str | None:
    """Return the first text in a value: plain, in a list, or a JSON-LD value object; entities decoded, on one line."""
    if value is None:
        return None
    for each in value if isinstance(value, list) else (value,):
        if isinstance(each, dict):
            each = each.get("@value")
        if not isinstance(each, str):
            if isinstance(each, bool) or not isinstance(each, int | float):
                continue
            each = str(each)
        each = reached.cut(each, MAX_TEXT, "schema_nodes.MAX_TEXT")
        if "&" in each:
            each = html.unescape(html.unescape(each))  # some programs escape what was escaped already
        if text := clean(each):
            return reached.cut(text, MAX_DESCRIPTION, "records.MAX_DESCRIPTION")
    return None


def name_of(value: Any) -> str | None:
    """Return a name as the record has it: without HTML, and not longer than its limit."""
    text = text_of(value)
    if not text:
        return None
    return reached.cut((plain(text) or text) if "<" in text else text, MAX_NAME, "strict.MAX_NAME")


def texts_of(value: Any) -> list[str]:
    """Return all texts in a value, as ``text_of`` does the first."""
    return [text for each in as_list(value) if (text := text_of(each))]


def nested_name(value: Any) -> str | None:
    """Return the name of a node that stands as a value."""
    return name_of(value.get("name")) if isinstance(value, dict) else None


def plain(text: str | None) -> str | None:
    """Return a description without the HTML that some write into it."""
    return clean(_TAG.sub(" ", text)) or None if text else None


def term(value: Any, allowed: set[str]) -> str | None:
    """Return the one of schema.org's own terms that a value names, with or without its address, or None."""
    text = _bare(text_of(value) or "")
    return text if text in allowed else None
