"""What passes between Scrapy and the readers: the request for a link, and the document that its answer is."""

import hashlib
import re
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler import readers
from crawler.catalogue import Source
from crawler.documents import Document, Link
from crawler.stored import PageState

READ_HEADERS = ("x-wp-totalpages", "x-wp-total", "link")  # of an answer, that a reader may look at: paging


def to_request(link: Link, source: Source, **handlers: Any) -> Request:
    """Return the request for a document; the source goes with it everywhere, redirects included."""
    headers = {"Accept": link.accept} if link.accept else {}
    if link.body:
        headers |= {"Content-Type": "application/json", "Accept": "application/json"}
    return Request(
        link.url,
        method="POST" if link.body else "GET",
        body=link.body or b"",
        headers=headers,
        meta={"source": source, "kind": link.kind, "asked": link.key, "posted": link.body or ""},
        dont_filter=link.kind in ("start", "beside"),  # of each source, whatever others ask for
        **handlers,
    )


def reading_version(source: Source) -> str:
    """Return what a page's reading depends on beside the page: this program's version and the source's entry."""
    entry = source.model_dump_json(exclude={"name", "every", "verified", "note", "max_pages"})
    return hashlib.sha256(f"{readers.VERSION}\0{entry}".encode()).hexdigest()[:16]


def wishes_of(response: Response) -> set[str]:
    """Return what a server asks of whoever reads an answer: ``noindex``, ``reserved``."""
    tag = b",".join(response.headers.getlist("X-Robots-Tag")).decode("latin-1").lower()
    wishes = {"noindex"} if re.search(r"\b(noindex|none)\b", tag) else set()
    return wishes | {"reserved"} if (response.headers.get("TDM-Reservation") or b"").strip() == b"1" else wishes


def anew(request: Request) -> Request:
    """Return a request for the whole document, whether it changed or not."""
    again: Request = request.replace(dont_filter=True)
    again.meta["anew"] = True
    for name in ("If-None-Match", "If-Modified-Since"):
        again.headers.pop(name, None)
    return again


def to_document(response: Response, source: Source, fetched: str) -> Document:
    """Return an answer, read at an instant, as the document that readers take."""
    wishes = wishes_of(response)
    return Document(
        url=response.url,
        body=response.body,
        fetched=fetched,
        source=source,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        noindex="noindex" in wishes,
        reserved="reserved" in wishes,
        asked=response.meta.get("posted", ""),
        headers={name: value.decode("latin-1") for name in READ_HEADERS if (value := response.headers.get(name))},
    )


def page_state(response: Response, document: Document, format_: str, digest: str, links: list[Link]) -> PageState:
    """Return what is to be known of a document that was read: by which format, its hash, and the links that it gave."""

    def header(name: str) -> str | None:
        value = response.headers.get(name)
        return value.decode("latin-1") if value else None

    assert response.request is not None
    return PageState(
        url=response.request.meta["asked"],
        source=document.source.id,
        sha256=digest,
        read=document.fetched,
        etag=header("ETag"),
        last_modified=header("Last-Modified"),
        format=format_,
        version=reading_version(document.source),
        links=tuple(link.row() for link in links),
    )
