"""Looks at an address over the network, and makes a source of the user's own catalogue of it.

By the same crawler with the same rules (robots.txt, address guard, pauses) as any crawl.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
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

from crawler import settings as project_settings
from crawler.answers import to_document, to_request
from crawler.catalogue import CatalogueError, Source, explained, host_of, load
from crawler.datadir import USER_CATALOGUE, write_lock
from crawler.detection import Detection, DetectionError, Failed, Found, Investigation, host_stem, investigate
from crawler.documents import Document, Link
from crawler.failures import explain
from crawler.platforms import by_name
from crawler.records import now


@dataclass(frozen=True)
class Added:
    """A source that was appended to a catalogue file."""

    id: str
    file: Path
    detection: Detection


class _Looker(Spider):
    """Asks for what an investigation wants, one document after the other."""

    name = "detect"
    source: Source
    investigation: Investigation
    detection: Detection | None = None
    failure: Exception | None = None

    async def start(self) -> AsyncIterator[Any]:
        yield self._request(next(self.investigation))

    def _request(self, link: Link) -> Request:
        start = replace(link, kind="start")  # each is wanted, also one that was asked for before in another way
        return to_request(start, self.source, callback=self.parse, errback=self.failed)

    def parse(self, response: Response, **_: Any) -> Any:
        yield from self._send(to_document(response, self.source, now()))

    def failed(self, failure: Failure) -> Any:
        yield from self._send(Failed(explain(failure).detail))

    def _send(self, answer: Document | Failed) -> Any:
        try:
            yield self._request(self.investigation.send(answer))
        except StopIteration as end:
            self.detection = end.value
        except (DetectionError, CatalogueError) as error:
            self.failure = error


def detect(url: str, private: bool = False) -> Detection:
    """Look at ``url`` and say what can be read there.

    Raises:
        DetectionError: when nothing there answers.
    """
    source = _source(url, "looked-at", private=private)
    settings = Settings()
    settings.setmodule(project_settings)
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(_Looker)
    process.crawl(crawler, source=source, investigation=investigate(source))
    process.start()
    spider = crawler.spider
    assert isinstance(spider, _Looker)
    if spider.detection is None:
        raise spider.failure or DetectionError(f"{url}: no answer")
    return spider.detection


def add(url: str, data: Path, *, id: str | None, region: str, community: str, licence: str, private: bool) -> Added:  # noqa: A002
    """Look at ``url`` and append the best that was found to the user's own catalogue.

    Raises:
        DetectionError: when nothing can be read there.
        CatalogueError: when the catalogue cannot take it.
    """
    taken = load(data=data)
    name = id or unused_id(url, taken)
    source = _source(url, name, region=region, community=community, licence=licence, private=private)
    if name in taken:
        raise CatalogueError(f"{name}: this id is already taken; choose another with --id")
    _not_twice(url, taken)
    found = detect(url, private)
    if found.best is None:
        problems = [*found.problems, *(line for each in found.found for line in each.problems)]
        raise DetectionError("; ".join(problems) or f"{url}: nothing that can be read")
    chosen = _chosen(source, found.best)
    _not_twice(chosen.url, taken)
    with write_lock(data):
        return Added(name, append(chosen, data / USER_CATALOGUE), found)


def _chosen(source: Source, best: Found) -> Source:
    """Return the source as it is to be read: at the address of the best that was found there."""
    if best.format == "recroise":
        # Whom another instance was asked to forget is to go from here the next day, however seldom it changes.
        source = source.model_copy(update={"every": "1d"})
    if best.url == source.url:
        return source
    if best.platform and by_name(best.platform, source.url):
        # The table knows how to ask; the address that people know stays in the catalogue.
        pointer = by_name(best.platform, source.url)[0]
        if pointer.link.body or pointer.link.accept:
            return source.model_copy(update={"platform": best.platform})
    note = f"found from {source.url}: {best.why}"
    return source.model_copy(update={"url": best.url, "note": note[:500]})


def _not_twice(url: str, taken: dict[str, Source]) -> None:
    if known := [each.id for each in taken.values() if each.url == url]:
        raise CatalogueError(f"{url}: this address is already in the catalogue, as {known[0]}")


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
    host = re.sub(r"[^a-z0-9]+", "-", host_stem(url)).strip("-")[:50] or "source"
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
        raise CatalogueError(explained(error)) from None
