"""Another Recroise instance: its records (JSON lines) or its graph, each fact with the page that it came from.

Records keep the source that they name; what takes them in puts the id of the source that they came through before
it. From a graph comes one record for each node and page that states something of it: exactly what that page states.
Attendee lists are not taken: whoever switched them on did so for their own instance.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import orjson

from crawler import reached
from crawler.documents import Document, Erased, Link, Reader, ReaderError, Reading
from crawler.records import TYPES
from crawler.strict import without_empty

SCHEMA = "https://recroise.org/schema/graph-1.json"
ERASURES = "https://recroise.org/schema/erasures-1.json"
BESIDE = "erasures.json"  # what an export says of those who are gone from it
MAX_RECORDS = 200_000
MAX_PROBLEMS = 50
LISTS = frozenset(("alternateName", "sameAs", "keywords", "about", "openingHours"))
_ADDRESS = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
_POINT = ("latitude", "longitude")
_MANY = frozenset(("performer", "organizer", "founder"))


class Recroise(Reader):
    name = "recroise"
    title = "Recroise"
    marks = "JSON lines of records with their `source`; a graph with Recroise's schema"
    gives = "the records of another instance, each with the page that it was first read from"
    specification = "https://recroise.org/schema/record-1.json"
    order = 20

    def recognise(self, document: Document) -> str | None:
        if not document.head.startswith("{"):
            return None
        if ERASURES in document.head:
            return "a list of erasures with Recroise's schema"
        if SCHEMA.encode() in document.body and b'"nodes"' in document.body:
            return "a graph with Recroise's schema"
        beginning = document.body[:100_000]
        if b'"source"' not in beginning or b'"fetched"' not in beginning:
            return None
        first = document.body.split(b"\n", 20)[:20]
        return "records with their source" if any(_is_record(_line(line)) for line in first) else None

    def read(self, document: Document) -> Reading:
        """Return the records with the sources that they name.

        Raises:
            ReaderError: for what is neither records nor a graph.
        """
        reading = Reading(self.name)
        if ERASURES in document.head:
            reading.erased = _erasures(document.need_json("a list of erasures"), document)
            return reading
        is_graph = SCHEMA.encode() in document.body
        found = _graph(document.need_json("a graph"), document, reading) if is_graph else _lines(document, reading)
        for number, record in enumerate(found):
            if reached.over(number + 1, MAX_RECORDS, "readers.recroise.MAX_RECORDS"):
                reading.problems.append(f"{document.url}: more than {MAX_RECORDS} records; the rest is left out")
                break
            reading.records.append(_without_attendees(record, reading))
        if not reading.records and not is_graph:
            raise ReaderError("no records of Recroise", document.url)
        if beside := document.link(BESIDE):
            reading.links.append(Link(beside, "beside"))
        return reading


def _erasures(data: Any, document: Document) -> Erased:
    if not isinstance(data, dict):
        raise ReaderError("a list of erasures that is none", document.url)
    found = []
    for name in ("nodes", "removed", "changed", "pages"):
        values = data.get(name)
        found.append(frozenset(each for each in values if isinstance(each, str)) if isinstance(values, list) else ())
    return Erased(*map(frozenset, found))


def _line(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _is_record(value: Any) -> bool:
    source = value.get("source") if isinstance(value, dict) else None
    keys = [value.get("id"), value.get("url")] if isinstance(source, dict) else [source]
    return (
        isinstance(source, dict)
        and value.get("type") in TYPES
        and {"id", "url", "fetched"} <= source.keys()
        and all(key is None or isinstance(key, str) for key in keys)
    )


def _lines(document: Document, reading: Reading) -> Iterator[dict[str, Any]]:
    wrong = 0
    for number, line in enumerate(document.body.splitlines(), 1):
        record = _line(line)
        if _is_record(record):
            yield record
        elif line.strip():
            wrong += 1
            if wrong <= MAX_PROBLEMS:
                reading.problems.append(f"{document.url}, line {number}: not a record of Recroise")
    if reached.over(wrong, MAX_PROBLEMS, "readers.recroise.MAX_PROBLEMS"):
        reading.problems.append(f"{document.url}: {wrong - MAX_PROBLEMS} more lines that are no records")


def _without_attendees(thing: dict[str, Any], reading: Reading) -> dict[str, Any]:
    attendees = thing.get("attendee")
    if attendees is None:
        return thing
    reading.dropped["attendee"] += len(attendees) if isinstance(attendees, list) else 1
    return {key: value for key, value in thing.items() if key != "attendee"}


def _graph(data: Any, document: Document, reading: Reading) -> Iterator[dict[str, Any]]:
    if not isinstance(data, dict) or not isinstance(data.get("nodes"), list):
        raise ReaderError("a graph without nodes", document.url)
    attributes = data.get("graph")
    known = attributes.get("sources") if isinstance(attributes, dict) else None
    licences = {str(each.get("id")): each.get("licence") for each in _objects(known)}
    nodes = {str(node.get("id")): node for node in _objects(data["nodes"]) if node.get("type") in TYPES}
    edges: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for edge in _objects(data.get("edges")):
        if edge.get("type") == "attendee":
            reading.dropped["attendee"] += 1
        else:
            edges[str(edge.get("source"))].append(edge)
    for key, node in nodes.items():
        sources = _objects(node.get("sources"))
        pages = Counter(str(source.get("id")) for source in sources)
        for number, source in enumerate(sources):
            record = _stated(node, number)
            if not record:
                continue
            if pages[str(source.get("id"))] > 1:
                # Several pages of one source: each tells its own, so each has its own key.
                record["id"] = f"{key}#{hashlib.sha256(str(source.get('url')).encode()).hexdigest()[:12]}"
            for edge in edges[key]:
                if _page(source) in map(_page, _objects(edge.get("sources"))):
                    _join(record, edge, nodes.get(str(edge.get("target"))))
            stamp = {**source, "licence": licences.get(str(source.get("id")))}
            yield {**without_empty(record), "source": without_empty(stamp)}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _page(source: dict[str, Any]) -> tuple[Any, Any]:
    return str(source.get("id")), str(source.get("url"))


def _stated(node: dict[str, Any], number: int) -> dict[str, Any]:
    """Return what the source at position ``number`` states of a node, as a record; {} where that is nothing."""
    facts = node.get("facts")
    stated: dict[str, Any] = {}
    for name, values in facts.items() if isinstance(facts, dict) else ():
        own = [
            each.get("value")
            for each in _objects(values)
            if isinstance(each.get("sources"), list) and number in each["sources"]
        ]
        if own:
            stated[name] = own if name in LISTS else own[0]
            if name == "name" and len(own) > 1:
                stated["alternateName"] = [*own[1:], *stated.get("alternateName", [])]
    if not stated:
        return {}
    record = {"name": node.get("name"), **stated, "type": node.get("type"), "id": str(node.get("id"))}
    if not isinstance(record.get("url", ""), str):
        return {}
    for whole, parts in (("address", _ADDRESS), ("geo", _POINT)):
        found = {part: record.pop(part) for part in parts if part in record}
        if found and record["type"] == "Place":
            record[whole] = found
    return record


def _join(record: dict[str, Any], edge: dict[str, Any], target: dict[str, Any] | None) -> None:
    """Put what an edge leads to into a record, by its name and key: its own records tell the rest."""
    role = str(edge.get("type"))
    if target is None:
        return
    thing = without_empty({"type": target.get("type"), "id": target.get("id"), "name": target.get("name")})
    if edge.get("jobTitle") and record.get("type") == "Person":
        record.setdefault("jobTitle", edge["jobTitle"])
    elif edge.get("jobTitle") and thing.get("type") == "Person":
        thing["jobTitle"] = edge["jobTitle"]
    if role in _MANY:
        record.setdefault(role, []).append(thing)
    else:
        record.setdefault(role, thing)
