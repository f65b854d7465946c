"""What goes into a reader and what comes out of it.

A reader is a pure function from one ``Document`` to one ``Reading``: no network, no clock, no files.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

import lxml.html
import orjson
from w3lib.encoding import html_to_unicode

from crawler.catalogue import Source

# An address that stands as it is, whatever it counts from.
_WHOLE = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*[a-z0-9](?::\d{2,5})?(?:/[!-\"$->@-~]*(?:\?[!-\"$-~]+)?(?:#[!-\"$-~]+)?)?"
)

# What a tree takes from a page, and refuses to be given back (XML 1.0, production 2).
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));?")

HEAD = 4_096  # bytes looked at for a format's marks that stand at the beginning


def _in_xml(reference: re.Match[str]) -> str:
    """Return a character reference as it stands; nothing where it means what a tree refuses."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "" if code > 0x10FFFF or _NOT_XML.match(chr(code)) else reference[0]


def page_hash(url: str) -> str:
    """Return what a list of erasures calls a page whose address names somebody."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:24]


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
    server's X-Robots-Tag said, ``reserved`` what its TDM-Reservation did (W3C TDMRep). ``asked`` is the body that was
    posted for it, where one was: a page of a query's answers does not say by itself what the next one is to be asked
    for. ``headers`` are the few of the answer that readers look at, by their names in lower case.
    """

    url: str
    body: bytes
    fetched: str
    source: Source
    content_type: str = ""
    noindex: bool = False
    reserved: bool = False
    asked: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The body as text: charset from the header, the byte order mark, the document, else detected; never raises."""
        return html_to_unicode(self.content_type or None, self.body, default_encoding="utf-8")[1]

    @cached_property
    def head(self) -> str:
        """The first bytes as lower-case ASCII, for looking for marks."""
        return self.body[:HEAD].decode("ascii", "replace").lower().lstrip("\ufeff\ufffd \t\r\n")

    @cached_property
    def low(self) -> bytes:
        """The body in lower case (ASCII alone), for looking for marks that may stand anywhere."""
        return self.body.lower()

    @cached_property
    def top(self) -> bytes:
        """A page's head in lower case (all of it where no head ends), for what a page says of itself."""
        end = self.low.find(b"</head")
        return self.low[:end] if end >= 0 else self.low

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
    def is_json(self) -> bool:
        """Whether it begins as a JSON object or list does; that it can be parsed is not said."""
        return self.head[:1] in ("{", "[") and not self.is_html

    @cached_property
    def json(self) -> Any:
        """The parsed JSON, or None where it is none (shared: do not change it)."""
        try:
            return orjson.loads(self.text) if self.is_json else None
        except orjson.JSONDecodeError:
            return None

    def need_json(self, what: str) -> Any:
        """Return the parsed JSON; ReaderError, with the line, where it is none."""
        try:
            return orjson.loads(self.text)
        except orjson.JSONDecodeError as error:
            raise ReaderError(f"not {what}: {error.msg}", self.url, error.lineno) from None

    @cached_property
    def html(self) -> lxml.html.HtmlElement:
        """The parsed HTML tree (shared: do not change it); an empty page where nothing can be parsed."""
        parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
        text = _REFERENCE.sub(_in_xml, _NOT_XML.sub("", self.text)).encode("utf-8", "replace")
        try:
            tree = lxml.html.document_fromstring(text or b"<html></html>", parser=parser)
        except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
            tree = lxml.html.document_fromstring(b"<html><body></body></html>")
        return tree

    @cached_property
    def base(self) -> str:
        """The address that relative links count from: ``<base href>`` where it is http(s), else the document's own."""
        if self.is_html and b"<base" in self.low:
            for href in self.html.xpath("//head/base/@href")[:1]:
                return self.link(href, self.url) or self.url
        return self.url

    def link(self, href: str | None, base: str | None = None) -> str | None:
        """Return ``href`` as an absolute http(s) address, or None for anything else (``mailto:``, broken …)."""
        if not href or not isinstance(href, str):
            return None
        if _WHOLE.fullmatch(href) and "/." not in href:
            return href if len(href) <= 2_000 else None
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
    """A further document worth reading, and how to ask for it.

    ``kind``: ``start`` of a source, ``next`` page, ``entry`` of a list, ``alternate`` form, ``api``, ``beside`` (a file
    that may stand beside the start), or ``listed``: a site of its own that a directory lists.
    ``accept`` is the media type to ask for, ``body`` the JSON to post.
    """

    url: str
    kind: str
    accept: str | None = None
    body: str | None = None

    @property
    def key(self) -> str:
        """What tells this document from others of the same address."""
        if not self.accept and not self.body:
            return self.url
        how = f"{self.accept}\0{self.body}".encode()
        return f"{self.url}#{hashlib.sha256(how).hexdigest()[:12]}"

    def row(self) -> tuple[str | None, ...]:
        """Return the link as the store keeps it: ``Link(*row)`` is the link again."""
        return (self.url, self.kind, self.accept, self.body) if self.accept or self.body else (self.url, self.kind)


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
    Only those of another instance name theirs, and keep it. Where a reader had to guess, a record carries
    ``confidence`` and ``grounds``, which go with its provenance.
    ``dropped`` counts what was left out on purpose (privacy), ``surprises`` the keys that the reader does not know,
    ``problems`` says in one line each what could not be read while the rest went on. ``erased`` is what another
    instance asks those who read it to remove.
    """

    format: str
    records: list[dict[str, Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    page: Page | None = None
    dropped: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    erased: "Erased | None" = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What another instance says that must go: ids of its nodes, and keys of its records.

    ``removed`` records are gone there, ``changed`` ones say less than they did; ``pages`` are hashes (``page_hash``) of
    addresses that named somebody.
    """

    nodes: frozenset[str]
    removed: frozenset[str]
    changed: frozenset[str]
    pages: frozenset[str] = frozenset()


class Reader:
    """Reads one format. The class is called like its module; ``name`` is the catalogue's ``format``.

    What a reader says of itself is what the documentation says of it.

    Attributes:
        title: what people call the format.
        marks: by what it is recognised, in words.
        gives: what comes out, in words.
        specification: where the format is described.
        embedded: whether it is one of several things in an HTML page, rather than the whole document.
        order: readers with a low one are asked first; what is recognised by less certain marks comes later.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    marks: ClassVar[str]
    gives: ClassVar[str]
    specification: ClassVar[str]
    embedded: ClassVar[bool] = False
    order: ClassVar[int] = 50

    def recognise(self, document: Document) -> str | None:
        """Return by which mark the format was recognised, or None. Cheap: no parsing where the bytes tell."""
        raise NotImplementedError

    def read(self, document: Document) -> Reading:
        """Return what the document says; ReaderError when it cannot be read at all."""
        raise NotImplementedError
