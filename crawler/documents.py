"""What goes into a reader and what comes out of it.

A reader is a pure function from one ``Document`` to one ``Reading``: no network, no clock, no files.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import lxml.html
from w3lib.encoding import html_to_unicode

from crawler.catalogue import Source

HEAD = 4_096  # bytes looked at for a format's marks that stand at the beginning


class ReaderError(ValueError):
    """A document that a reader cannot read: what is wrong, where, and in which line when known."""

    def __init__(self, problem: str, url: str, line: int | None = None) -> None:
        super().__init__(f"{url}{f', line {line}' if line else ''}: {problem}")
        self.problem, self.url, self.line = problem, url, line


@dataclass(frozen=True)
class Document:
    """One thing that was fetched or saved.

    ``fetched`` is the instant of reading (ISO 8601, UTC): relative dates count from it. ``source`` gives
    the catalogue's context: zone, language, city, and whether attendee lists may be read. ``noindex`` is what the
    server's X-Robots-Tag said.
    """

    url: str
    body: bytes
    fetched: str
    source: Source
    content_type: str = ""
    noindex: bool = False

    @cached_property
    def text(self) -> str:
        """The body as text: charset from the header, the byte order mark, the document, else detected; never raises."""
        return html_to_unicode(self.content_type or None, self.body, default_encoding="utf-8")[1]

    @cached_property
    def head(self) -> str:
        """The first bytes as lower-case ASCII, for looking for marks."""
        return self.body[:HEAD].decode("ascii", "replace").lower().lstrip("\ufeff\ufffd \t\r\n")

    @cached_property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()

    @cached_property
    def is_html(self) -> bool:
        if self.media_type in ("text/html", "application/xhtml+xml"):
            return True
        return not self.media_type.endswith(("json", "calendar")) and (
            "<html" in self.head or "<!doctype html" in self.head or "<body" in self.head
        )

    @cached_property
    def html(self) -> lxml.html.HtmlElement:
        """The parsed HTML tree (shared: do not change it); an empty page where nothing can be parsed."""
        parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
        text = self.text.replace("\0", "").encode("utf-8", "replace")
        try:
            tree = lxml.html.document_fromstring(text or b"<html></html>", parser=parser)
        except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
            tree = lxml.html.document_fromstring(b"<html><body></body></html>")
        return tree

    @cached_property
    def base(self) -> str:
        """The address that relative links count from: ``<base href>`` where it is http(s), else the document's own."""
        if self.is_html and b"<base" in self.body.lower():
            for href in self.html.xpath("//head/base/@href")[:1]:
                return self.link(href, self.url) or self.url
        return self.url

    def link(self, href: str | None, base: str | None = None) -> str | None:
        """Return ``href`` as an absolute http(s) address, or None for anything else (``mailto:``, broken …)."""
        if not href or not isinstance(href, str):
            return None
        try:
            url = urljoin(base or self.base, href.strip())
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
                return None
        except ValueError:
            return None
        return re.sub(r"\s", "%20", url) if len(url) <= 2_000 else None


@dataclass(frozen=True, slots=True)
class Link:
    """A further document worth reading. ``kind``: ``next`` page, ``entry`` of a list, ``alternate`` form, ``api``."""

    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Page:
    """A plain page, for the prose reader: title, main text in paragraphs, links, and the day it was published."""

    title: str
    text: str
    published: str | None = None
    language: str | None = None
    links: tuple[str, ...] = ()


@dataclass
class Reading:
    """What one reader got out of one document.

    ``records`` are in the contract's JSON form without ``source``: provenance is stamped later, by the machinery.
    ``dropped`` counts what was left out on purpose (privacy), ``surprises`` the keys that the reader does not know,
    ``problems`` says in one line each what could not be read while the rest went on.
    """

    format: str
    records: list[dict[str, Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    page: Page | None = None
    dropped: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


class Reader(Protocol):
    """Reads one format. The class is called like its module; ``name`` is the catalogue's ``format``."""

    name: str
    title: str

    def recognise(self, document: Document) -> str | None:
        """Return by which mark the format was recognised, or None. Cheap: no parsing where the bytes tell."""

    def read(self, document: Document) -> Reading:
        """Return what the document says; ReaderError when it cannot be read at all."""
