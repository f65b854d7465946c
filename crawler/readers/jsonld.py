"""schema.org in JSON-LD scripts of an HTML page, or as a document of its own."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jstyleson
import orjson

from crawler.documents import Document, Reader, ReaderError, Reading
from crawler.schema_org import Mapper

# A script's content is raw text up to its end tag (HTML, 13.1.2.6): it is found without building the page's tree, which
# would cost three times as much as reading the JSON.
_SCRIPT = re.compile(
    r"<script\b[^<>]{0,500}\btype\s*=\s*[\"']?application/ld\+json\b[^<>]{0,500}>", re.IGNORECASE | re.DOTALL
)
_END = re.compile("</script", re.IGNORECASE)
# Keys written with their vocabulary's prefix or address.
_PREFIXED = re.compile(r'"(?:schema:|https?://schema\.org/)([A-Za-z]{1,60})"(?=\s*:)')


class Jsonld(Reader):
    name = "jsonld"
    title = "schema.org JSON-LD"
    marks = "a script of the type `application/ld+json` in a page, or that media type"
    gives = "events, people in public roles, places, organisations, series"
    specification = "https://schema.org/Event"
    embedded = True

    def recognise(self, document: Document) -> str | None:
        if document.media_type == "application/ld+json":
            return "media type application/ld+json"
        return "a script of type application/ld+json" if document.is_html and b"ld+json" in document.body else None

    def read(self, document: Document) -> Reading:
        """Return the records of every block that can be read; a broken one is a problem and never loses the others."""
        reading = Reading(self.name)
        blocks = list(_blocks(document.text)) if document.is_html else [document.text]
        nodes: list[Any] = []
        for number, block in enumerate(blocks, 1):
            try:
                nodes += parse(block)
            except (ValueError, RecursionError) as error:
                reading.problems.append(f"{document.url}: JSON-LD block {number} cannot be read: {error}")
        if blocks and len(reading.problems) == len(blocks) and not document.is_html:
            raise ReaderError(reading.problems[0].partition(": ")[2], document.url)
        Mapper(document, reading).read(nodes)
        return reading


def _blocks(text: str) -> Iterator[str]:
    position = 0
    while (start := _SCRIPT.search(text, position)) and (end := _END.search(text, start.end())):
        yield text[start.end() : end.start()]
        position = end.end()


def parse(block: str) -> list[Any]:
    """Return the values of one block; what people get wrong (comments, trailing commas, wrappers) is forgiven.

    Raises:
        ValueError: when it is no JSON even so.
    """
    if "schema:" in block or ".org/" in block:
        block = _PREFIXED.sub(r'"\1"', block)
    try:
        return [orjson.loads(block)]
    except orjson.JSONDecodeError:
        bare = re.sub(r"<!\[CDATA\[|\]\]>|<!--|-->", "", block)
        bare = re.sub(r"^\s*//.*$", "", bare, flags=re.MULTILINE).strip().rstrip(";").strip()
    if not bare:
        return []
    try:
        return list(_values(bare))
    except json.JSONDecodeError:
        return list(_values(jstyleson.dispose(bare).strip()))


def _values(text: str) -> Any:
    """Yield the JSON values that stand one after the other; control characters inside strings are forgiven."""
    decoder = json.JSONDecoder(strict=False)
    position = 0
    while position < len(text):
        value, position = decoder.raw_decode(text, position)
        yield value
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
