"""Software and services whose data lies elsewhere than the page that people know: from an address to what to ask for.

The table is data: ``platforms.toml``. Patterns are matched against one address or a bounded part of one page.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from crawler import reached
from crawler.catalogue import CatalogueError, Source
from crawler.documents import Document, Link

TABLE = Path(__file__).with_name("platforms.toml")
PAGE_PART = 500_000  # characters of a page in which a platform's mark is looked for
MAX_POINTERS = 10  # of one address or page
MAX_MARKS = 5  # of one platform in one page
SOFTWARE = "/.well-known/nodeinfo"  # nodeinfo.diaspora.software: which software a host runs


@dataclass(frozen=True, slots=True)
class Pointer:
    """Something to ask for, and why: ``platform`` is its name in the table, ``reader`` what reads the answer."""

    platform: str
    reader: str
    link: Link
    why: str


@dataclass(frozen=True)
class Platform:
    """One row of the table; the fields are described there."""

    name: str
    title: str
    reader: str
    endpoints: tuple[str, ...]
    address: re.Pattern[str] | None = None
    page: re.Pattern[str] | None = None
    mark: str = ""
    hosts: tuple[str, ...] = ()
    in_head: bool = False
    software: str | None = None
    accept: str | None = None
    body: str | None = None
    note: str = ""

    def pointers(self, url: str, groups: dict[str, str | None], why: str) -> Iterator[Pointer]:
        """Yield what to ask for, with what the pattern found put into the endpoints."""
        values = {"root": root_of(url), "base": root_of(url), "url": url, "query": ""}
        # A pattern's alternatives cannot share a name: ``uid_2`` stands for ``uid``.
        values |= {re.sub(r"_\d$", "", name): value for name, value in groups.items() if value}
        body = Template(self.body).safe_substitute(values) if self.body else None
        for endpoint in self.endpoints:
            address = Template(endpoint).substitute(values)
            yield Pointer(self.name, self.reader, Link(address, "api", self.accept, body), why)


@cache
def platforms() -> tuple[Platform, ...]:
    """Return the table's rows, in order of preference."""
    rows: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["platform"]
    return tuple(
        Platform(
            **{
                **row,
                "endpoints": tuple(row["endpoints"]),
                "hosts": tuple(row.get("hosts", ())),
                "address": re.compile(row["address"]) if "address" in row else None,
                "page": re.compile(row["page"], re.IGNORECASE) if "page" in row else None,
            }
        )
        for row in rows
    )


def by_address(url: str) -> list[Pointer]:
    """Return what stands behind an address, as far as the address itself tells."""
    found = [
        pointer
        for platform in platforms()
        if platform.address and (match := platform.address.fullmatch(url))
        for pointer in platform.pointers(url, match.groupdict(), f"an address of {platform.title}")
    ]
    return reached.cut(found, MAX_POINTERS, "platforms.MAX_POINTERS")


def by_page(document: Document) -> list[Pointer]:
    """Return what stands behind an HTML page, as far as its marks tell."""
    if not document.is_html:
        return []
    part = document.text[:PAGE_PART]
    host = urlsplit(document.url).hostname or ""
    found: dict[str, Pointer] = {}
    for platform in platforms():
        if not platform.page or (platform.hosts and host.removeprefix("www.") not in platform.hosts):
            continue
        # What the page says of itself stands in its head, which is the smaller part.
        if platform.mark.encode() not in (document.top if platform.in_head else document.low):
            continue
        for match in list(_some(platform.page, part)):
            for pointer in platform.pointers(
                document.url, match.groupdict(), f"a mark of {platform.title} in the page"
            ):
                if document.link(pointer.link.url):
                    found.setdefault(pointer.link.key, pointer)
    return reached.cut(list(found.values()), MAX_POINTERS, "platforms.MAX_POINTERS")


def by_name(name: str, url: str) -> list[Pointer]:
    """Return what to ask a platform for, which the catalogue names, at an address; empty where there is no such row."""
    for platform in platforms():
        if platform.name == name:
            match = platform.address.fullmatch(url) if platform.address else None
            try:
                return list(platform.pointers(url, match.groupdict() if match else {}, "named in the catalogue"))
            except KeyError:  # the endpoint needs what only an address of the right form tells
                return []
    return []


def start_links(source: Source) -> list[Link]:
    """Return what a source is read from: its platform's endpoints where its address is known to be one's, else itself.

    Raises:
        CatalogueError: for a platform that the table does not have, or whose addresses look otherwise.
    """
    if source.platform:
        pointers = by_name(source.platform, source.url)
        if not pointers:
            known = ", ".join(platform.name for platform in platforms())
            raise CatalogueError(
                f"source {source.id}: platform {source.platform!r} does not know this address; platforms are: {known}"
            )
    else:
        pointers = [] if source.format else by_address(source.url)
    links = [replace(pointer.link, kind="start") for pointer in pointers if pointer.platform == pointers[0].platform]
    return links or [Link(source.url, "start")]


def by_software(answer: Any, url: str) -> list[Pointer]:
    """Return what to ask a host for, by what its nodeinfo document (schema 2.x) says that it runs."""
    software = answer.get("software") if isinstance(answer, dict) else None
    name = str(software.get("name", "")).lower() if isinstance(software, dict) else ""
    return [
        pointer
        for platform in platforms()
        if name and platform.software == name
        for pointer in platform.pointers(url, {}, f"nodeinfo says {name}")
    ]


def nodeinfo_document(answer: Any, document: Document) -> str | None:
    """Return the address of the nodeinfo document that a host's ``/.well-known/nodeinfo`` names (same host only)."""
    links = answer.get("links") if isinstance(answer, dict) else None
    named = [each.get("href") for each in (links if isinstance(links, list) else []) if isinstance(each, dict)]
    here = root_of(document.url)
    return next((link for href in named if (link := document.link(href)) and root_of(link) == here), None)


def root_of(url: str) -> str:
    """Return an address's scheme and host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _some(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    yield from reached.first(pattern.finditer(text), MAX_MARKS, "platforms.MAX_MARKS")
