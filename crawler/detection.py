"""Looks at one address: what can be read there, and how it becomes a source of the user's own catalogue.

One request, by the same crawler with the same rules (robots.txt, address guard) as any crawl.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from boltons.fileutils import atomic_save
from pydantic import ValidationError
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from tomlkit.exceptions import TOMLKitError
from twisted.python.failure import Failure

from crawler import readers
from crawler import settings as project_settings
from crawler.catalogue import CatalogueError, Source, host_of, load
from crawler.datadir import USER_CATALOGUE, write_lock
from crawler.documents import Document, Link, ReaderError
from crawler.intake import take
from crawler.privacy import Exclusions
from crawler.spiders.base import explain, to_document

SAMPLES = 5


class DetectionError(RuntimeError):
    """The address cannot be read: why."""


@dataclass
class Detection:
    """What stands at an address: the formats found with the mark that tells, the best first, and what they give."""

    url: str
    best: str | None = None
    formats: list[tuple[str, str]] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    samples: list[dict[str, Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "best": self.best,
            "formats": [{"format": name, "why": why} for name, why in self.formats],
            "types": dict(self.types),
            "samples": self.samples,
            "links": [{"url": link.url, "kind": link.kind} for link in self.links],
            "problems": self.problems,
        }


@dataclass(frozen=True)
class Added:
    """A source that was appended to a catalogue file."""

    id: str
    file: Path
    detection: Detection


class _OnePage(Spider):
    name = "detect"

    async def start(self) -> Any:
        meta = {"source": self.source, "kind": "start", "asked": self.source.url}
        yield Request(self.source.url, callback=self.parse, errback=self.failed, meta=meta)

    source: Source
    document: Document | None = None
    failure: str | None = None

    def parse(self, response: Response, **_: Any) -> None:
        self.document = to_document(response, self.source)

    def failed(self, failure: Failure) -> None:
        self.failure = explain(failure)[1]


def detect(url: str, private: bool = False) -> Detection:
    """Fetch ``url`` once and say what can be read there.

    Raises:
        DetectionError: when it cannot be fetched.
    """
    source = _source(url, "looked-at", private=private)
    settings = Settings()
    settings.setmodule(project_settings)
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(_OnePage)
    process.crawl(crawler, source=source)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, _OnePage)
    if spider.document is None:
        raise DetectionError(f"{url}: {spider.failure or 'no answer'}")
    return look_at(spider.document)


def look_at(document: Document) -> Detection:
    """Return what can be read in a document that was fetched."""
    found = Detection(document.url)
    try:
        found.formats = [(reader.name, why) for reader, why in readers.recognise(document)]
        reading = readers.read(document)
    except ReaderError as error:
        found.problems.append(str(error))
        return found
    intake = take(reading, document, Exclusions())
    found.best = reading.format
    found.types = Counter(record["type"] for record in intake.records)
    found.samples = intake.records[:SAMPLES]
    # The entries of a list are many and alike; other forms of the same thing are what a person may want instead.
    found.links = [link for link in reading.links if link.kind in ("alternate", "api", "next")][:SAMPLES]
    found.problems += [*reading.problems, *intake.refused]
    return found


def add(url: str, data: Path, *, id: str | None, region: str, community: str, licence: str, private: bool) -> Added:  # noqa: A002
    """Look at ``url`` and append it to the user's own catalogue.

    Raises:
        DetectionError: when nothing can be read there.
        CatalogueError: when the catalogue cannot take it.
    """
    taken = load(data=data)
    name = id or unused_id(url, taken)
    source = _source(url, name, region=region, community=community, licence=licence, private=private)
    if name in taken:
        raise CatalogueError(f"{name}: this id is already taken; choose another with --id")
    if known := [each.id for each in taken.values() if each.url == url]:
        raise CatalogueError(f"{url}: this address is already in the catalogue, as {known[0]}")
    found = detect(url, private)
    if found.best is None:
        raise DetectionError("; ".join(found.problems) or f"{url}: nothing that can be read")
    with write_lock(data):
        return Added(name, append(source, data / USER_CATALOGUE), found)


def append(source: Source, path: Path) -> Path:
    """Append a source to a catalogue file, keeping what a person wrote there; return the file's path."""
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else "# Your own sources.\n"
        document = tomlkit.parse(text)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise CatalogueError(f"{path}: cannot be read: {error}") from None
    row = tomlkit.table()
    for key, value in source.model_dump(exclude_defaults=True).items():
        row.add(key, value)
    rows = document.get("source")
    if rows is None:
        rows = tomlkit.aot()
        document.add("source", rows)
    rows.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_save(str(path), overwrite_part=True) as file:
        file.write(tomlkit.dumps(document).encode())
    return path


def unused_id(url: str, taken: dict[str, Source]) -> str:
    """Return an id made from the address's host that no source has yet."""
    host = re.sub(r"[^a-z0-9]+", "-", host_of(url).removeprefix("www.")).strip("-")[:50] or "source"
    stem = host if len(host) > 1 else f"{host}-source"
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 2))]
    return next(name for name in names if name not in taken)


def _source(
    url: str,
    id: str,  # noqa: A002
    region: str = "world",
    community: str = "agenda",
    licence: str = "unknown",
    private: bool = False,
) -> Source:
    try:
        return Source(
            id=id,
            name=host_of(url) or url,
            url=re.sub(r"^webcal://", "https://", url),
            region=region,
            community=community,
            licence=licence,
            private_network=private,
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        raise CatalogueError(f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}") from None
