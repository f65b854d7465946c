"""Semantic MediaWiki: the answers to queries (``action=ask`` and ``askargs``), in API versions 2 and 3.

Source: semantic-mediawiki.org, Help:API:ask and Help:Serialization (JSON). What a query prints is a table; which of its
columns is what is found by ``crawler/columns.py``. A space that is closed or planned is kept, with its status as a
keyword: who met there is worth knowing, and statuses go stale.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from crawler import reached
from crawler.columns import ColumnError, inspect
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.headers import words_of
from crawler.htmltables import PAGE
from crawler.rows import Rows
from crawler.strict import as_text
from crawler.text import clean

LIMIT = 500  # results asked for in one answer
MAX_OFFSET = 10_000  # a wiki's own limit ($smwgQMaxLimit)
MAX_QUERY = 2_000  # characters
MAX_ASKS = 5  # queries that one page leads to
_NAME = "name of the page"
_SPECIAL = re.compile(
    r"[:/=](?:Special|Spécial|Sp%C3%A9cial|Spezial|Especial|Speciaal):(?:Ask|Requ%C3%AAter|Requêter|Semantische_Suche)"
    r"(?P<rest>[/?&].*)?$",
    re.IGNORECASE,
)


class Semanticmediawiki(Reader):
    name = "semanticmediawiki"
    title = "Semantic MediaWiki"
    marks = "an answer of `action=ask` or `askargs`: `printrequests` and `results`"
    gives = "places: country, region, town, site, point, status, last update; further results"
    specification = "https://www.semantic-mediawiki.org/wiki/Help:API:ask"
    order = 40

    def recognise(self, document: Document) -> str | None:
        if not document.is_json:
            return None
        if b'"printrequests"' in document.body and isinstance(_query(document.json), dict):
            return "an answer to a semantic query"
        asked = dict(parse_qsl(urlsplit(document.url).query)).get("action") in ("ask", "askargs")
        return "an error of a semantic query" if asked and b'"error"' in document.body else None

    def read(self, document: Document) -> Reading:
        """Return the results as places, and the address of the further ones.

        Raises:
            ReaderError: for the wiki's own errors, and for answers of another shape.
        """
        answer = document.need_json("an answer of a wiki's API")
        if isinstance(answer, dict) and (refusal := answer.get("error")):
            raise ReaderError(f"the wiki says: {_refusal(refusal)}", document.url)
        query = _query(answer)
        results = query.get("results") if isinstance(query, dict) else None
        if not isinstance(results, dict | list):
            raise ReaderError("not an answer to a semantic query", document.url)
        reading = Reading(self.name)
        rows = list(_rows(results))
        headers = list(dict.fromkeys(header for row in rows for header in row if header not in (PAGE, _NAME)))
        try:
            columns = inspect(headers, rows, document.source.columns)
        except ColumnError as error:
            raise ReaderError(str(error), document.url) from None
        columns.fields["id"] = [PAGE]
        if "name" not in document.source.columns and not columns.of_people:
            columns.fields["name"] = [_NAME]
        reading.links += _next(answer, document)
        if rows and not columns.is_table_of_things:
            # A query's pages may be anything: people, projects, machines.
            reading.problems.append(f"{document.url}: the results say neither where nor when they are: not read")
            return reading
        Rows(columns, document, reading).read(rows, "result")
        kind = _kind(document.url)
        for record in reading.records:
            if kind and record["type"] == "Place":
                record.setdefault("additionalType", kind)
        return reading


def _query(answer: Any) -> Any:
    return answer.get("query") if isinstance(answer, dict) else None


def _refusal(refusal: Any) -> str:
    """Return an error in one line: MediaWiki's ``info``, or the list that Semantic MediaWiki gives."""
    if isinstance(refusal, dict):
        refusal = refusal.get("info") or refusal.get("query") or refusal.get("code")
    return clean("; ".join(map(str, refusal[:5])) if isinstance(refusal, list) else str(refusal))[:500]


def _rows(results: dict[str, Any] | list[Any]) -> Iterator[dict[str, Any]]:
    """Yield each result as a row. Version 2 has them by name, version 3 in a list of one-name objects."""
    pairs = [results] if isinstance(results, dict) else results
    for pair in pairs:
        for name, result in pair.items() if isinstance(pair, dict) else ():
            if not isinstance(result, dict):
                continue
            printouts = result.get("printouts")
            row: dict[str, Any] = {
                label: _value(values) for label, values in (printouts if isinstance(printouts, dict) else {}).items()
            }
            row[_NAME] = as_text(result.get("displaytitle")) or as_text(result.get("fulltext")) or as_text(name)
            row[PAGE] = as_text(result.get("fullurl")) or f"page:{name}"
            yield row


def _value(values: Any) -> Any:
    """Return a printout's values: one as itself, several as a list."""
    found = [text for each in (values if isinstance(values, list) else [values])[:50] if (text := _one(each))]
    return found[0] if len(found) == 1 else found


def _one(value: Any) -> str | None:
    """Return one value as text: a page's title, a day, a point, a quantity's number, or what stands there."""
    if not isinstance(value, dict):
        return as_text(value)
    if "fulltext" in value:
        return as_text(value.get("displaytitle")) or as_text(value["fulltext"])
    if "lat" in value:
        return f"{value['lat']}, {value.get('lon')}"
    if "raw" in value:  # calendar model/year/month/day/hour/minute/second
        parts = str(value["raw"]).split("/")[1:4]
        if len(parts) and all(part.isdigit() for part in parts):
            return "-".join([parts[0].zfill(4), *(part.zfill(2) for part in parts[1:])])
    return as_text(value.get("value"))


def _kind(url: str) -> str | None:
    """Return the kind of place that the query asks for: its category, in lower case."""
    for _, value in parse_qsl(urlsplit(url).query):
        if found := re.search(r"(?:Category|Catégorie|Kategorie):([^\]|:+<>]{3,60})", value):
            return clean(found[1].replace("_", " ")).lower()
    return None


def _next(answer: dict[str, Any], document: Document) -> list[Link]:
    """Return the address of the further results: the same question with the offset that the answer names."""
    offset = answer.get("query-continue-offset")
    parts = urlsplit(document.url)
    asked = dict(parse_qsl(parts.query))
    key = "parameters" if asked.get("action") == "askargs" else "query"
    if not isinstance(offset, int) or (key == "query" and key not in asked):
        return []
    text = asked.get(key, "")
    now = re.search(r"\|?\s*offset\s*=\s*(\d{1,9})", text)
    if offset <= (int(now[1]) if now else 0) or reached.over(
        offset, MAX_OFFSET, "readers.semanticmediawiki.MAX_OFFSET"
    ):
        return []
    rest = re.sub(r"\|?\s*offset\s*=\s*\d{1,9}", "", text).strip("|")
    asked[key] = f"{rest}|offset={offset}".strip("|")
    return [Link(parts._replace(query=urlencode(asked)).geturl(), "next")]


def asked_in(document: Document, api: str) -> list[Link]:
    """Return what a page's links to ``Special:Ask`` ask, put to the API: without the columns that are never kept."""
    found: dict[str, Link] = {}
    for href in document.html.xpath("//a/@href"):
        match = _SPECIAL.search(href[: 4 * MAX_QUERY])
        if match and (query := _question(match["rest"] or "")):
            asked = {"action": "ask", "query": f"{query}|limit={LIMIT}|offset=0", "format": "json", "api_version": "2"}
            found.setdefault(query, Link(f"{api}?{urlencode(asked)}", "api"))
    return reached.cut(list(found.values()), MAX_ASKS, "readers.semanticmediawiki.MAX_ASKS")


def _question(rest: str) -> str | None:
    """Return what a link to ``Special:Ask`` asks: in its path, in ``x``, or in ``q`` and ``po``."""
    path, _, text = rest.partition("?") if rest.startswith("/") else ("", "", rest.lstrip("?&"))
    asked = dict(parse_qsl(text))
    if "q" in asked:
        parts = [asked["q"], *asked.get("po", "").split("\n")]
    else:
        coded = asked.get("x") or unquote(path.lstrip("/"))
        # In a path "-" and two digits stand for a character, as "%" does elsewhere.
        parts = [unquote(re.sub(r"-([0-9A-F]{2})", r"%\1", part)) for part in coded.split("/")]
    conditions = "".join(part for part in parts if part.lstrip().startswith("[["))
    printouts = [part.strip().lstrip("?") for part in parts if part.strip().startswith("?")]
    kept = [f"?{each}" for each in printouts if not inspect([each.partition("=")[0]], []).never and words_of(each)]
    query = "|".join([conditions, *kept])
    too_long = reached.over(len(query), MAX_QUERY, "readers.semanticmediawiki.MAX_QUERY")
    return query if conditions and not too_long else None
