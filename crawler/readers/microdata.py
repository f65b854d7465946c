"""schema.org in microdata attributes of an HTML page."""

from typing import Any

from extruct.w3cmicrodata import MicrodataExtractor

from crawler.documents import Document, Reader, Reading
from crawler.schema_org import Mapper


class Microdata(Reader):
    name = "microdata"
    title = "schema.org microdata"
    marks = "an `itemtype` of schema.org in a page"
    gives = "events, people in public roles, places, organisations, series"
    specification = "https://html.spec.whatwg.org/multipage/microdata.html"
    embedded = True

    def recognise(self, document: Document) -> str | None:
        return (
            "an itemtype of schema.org"
            if document.is_html and b"schema.org" in document.body and b"itemtype" in document.body
            else None
        )

    def read(self, document: Document) -> Reading:
        """Return the records of the page's microdata items."""
        reading = Reading(self.name)
        try:
            # Without an address to count from, links come as they stand: one that cannot be joined would lose the page.
            items = MicrodataExtractor(nested=True).extract_items(document.html, None)
        except RecursionError:
            reading.problems.append(f"{document.url}: microdata cannot be read: nested too deeply")
            return reading
        Mapper(document, reading).read([_node(item) for item in items])
        return reading


def _node(item: Any, depth: int = 0) -> Any:
    """Return an extracted item in JSON-LD's shape."""
    if isinstance(item, list):
        return [_node(each, depth) for each in item]
    if not isinstance(item, dict) or depth > 20:
        return item
    node = {key: _node(value, depth + 1) for key, value in item.get("properties", {}).items()}
    node["@type"] = item.get("type", [])
    if isinstance(identity := item.get("id"), str):
        node["@id"] = identity
    return node
