"""What the store takes and gives: pages and records, as objects and as rows."""

from dataclasses import dataclass, field
from typing import Any, Self

import orjson
from sqlalchemy import RowMapping


@dataclass(frozen=True, slots=True)
class PageState:
    """What is known of one document of one source: validators for a conditional request, hash, links to go on with.

    ``version`` tells by which program and catalogue entry it was read: read by another one, it must be read again.
    After that, in words, what the server asked of whoever reads it.
    """

    url: str
    source: str
    sha256: str
    read: str
    etag: str | None = None
    last_modified: str | None = None
    format: str | None = None
    version: str = ""
    links: tuple[tuple[str | None, ...], ...] = ()

    @property
    def wishes(self) -> set[str]:
        """What the server asked of whoever reads the document: ``noindex``."""
        return set(self.version.split()[1:])


@dataclass
class Counts:
    """What storing changed."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __iadd__(self, other: "Counts") -> Self:
        self.new, self.changed, self.same = self.new + other.new, self.changed + other.changed, self.same + other.same
        return self


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record (JSON form) with its key and when it was first and last seen.

    ``until`` is the instant at which it was last seen, where its source was read well since then without it; empty
    where the source still says it.
    """

    key: str
    body: dict[str, Any] = field(repr=False)
    first_seen: str = ""
    last_seen: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it lies in the store: its body as bytes (JSON)."""

    key: str
    body: bytes = field(repr=False)
    first_seen: str
    last_seen: str
    until: str

    def record(self) -> StoredRecord:
        return StoredRecord(self.key, orjson.loads(self.body), self.first_seen, self.last_seen, self.until)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record as it was seen once: by which source, on which page, when."""

    source: str
    page: str
    seen: str
    record: dict[str, Any]


def page_row(page: PageState) -> dict[str, Any]:
    """Return the row of a page that was read."""
    return {
        "url": page.url,
        "source": page.source,
        "etag": page.etag,
        "last_modified": page.last_modified,
        "sha256": page.sha256,
        "format": page.format,
        "version": page.version,
        "links": orjson.dumps(page.links),
        "first_read": page.read,
        "last_read": page.read,
    }


def page_of(row: RowMapping) -> PageState:
    """Return the page of a row."""
    return PageState(
        url=row["url"],
        source=row["source"],
        sha256=row["sha256"],
        read=row["last_read"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        format=row["format"],
        version=row["version"],
        links=tuple(tuple(link) for link in orjson.loads(row["links"])),
    )


def record_of(row: RowMapping) -> StoredRecord:
    """Return the record of a row."""
    return StoredRecord(row["key"], orjson.loads(row["body"]), row["first_seen"], row["last_seen"])
