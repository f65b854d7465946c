"""What every spider does: reads the sources that were chosen, page by page, into the store."""

import gc
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, Self

from filelock import BaseFileLock
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler import limits, objections, platforms, reached, readers
from crawler.answers import anew, page_state, reading_version, to_document, to_request, wishes_of
from crawler.backup import forget_copies
from crawler.catalogue import CatalogueError, Source, choose, host_of, load
from crawler.conclusions import conclude
from crawler.contacts import address_without_contacts
from crawler.datadir import EXCLUSIONS, open_store, write_lock
from crawler.documents import Erased, Link, ReaderError
from crawler.failures import ObjectionError, SpentError, explain
from crawler.health import Run
from crawler.intake import take
from crawler.objections import Objections
from crawler.outcomes import Failed, Outcome
from crawler.passed_on import withdraw
from crawler.privacy import Exclusions, Rules, protect
from crawler.records import now
from crawler.reservations import SAID, ReservedError
from crawler.store import Store, StoreError
from crawler.stored import PageState
from crawler.urls import without_session

MAX_DEPTH = 20  # links followed in a row, from a source's own address; the next pages of a list are one step


# What the robots.txt middleware says of an unreachable host is a traceback; the spider says the same in one line.
logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)


class CatalogueSpider(Spider):
    """Reads catalogue sources.

    Arguments, all optional (``-a NAME=VALUE``): ``region`` (ISO 3166-2, ``FR`` holds ``FR-BRE``), ``community``,
    ``ids`` (comma-separated), ``catalogue`` (files, separated by commas; they replace the packaged ones).
    """

    community: ClassVar[str | None] = None

    def __init__(
        self,
        region: str | None = None,
        community: str | None = None,
        ids: str | None = None,
        catalogue: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.region = region
        self.wanted = community or self.community
        self.ids = [each for each in (ids or "").split(",") if each]
        self.catalogue = [Path(each) for each in (catalogue or "").split(",") if each]
        self.sources: list[Source] = []
        self.outcomes: dict[str, Outcome] = {}
        self.started = now()
        self._began = monotonic()
        self._versions: dict[str, str] = {}  # reading_version of each source
        self._loaded = False  # whether the readers are
        self.runs: dict[str, Run] = {}  # of the sources that were noted, at the end
        self.broke: str | None = None  # why the whole crawl had to stop

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        limits.apply()
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.data = Path(crawler.settings["RECROISE_DATA"])
        spider.exclusions = Exclusions.load(spider.data / EXCLUSIONS)
        spider.objections = Objections.load(spider.data / objections.FILE)
        spider.sources = choose(load(spider.catalogue, spider.data), spider.ids, spider.region, spider.wanted)
        spider._lock = write_lock(spider.data)
        spider.store = open_store(spider.data, crawler.settings["RECROISE_STORE"])
        spider.outcomes = {source.id: Outcome(source.id) for source in spider.sources}
        crawler.signals.connect(spider.ended, signals.spider_closed)
        crawler.signals.connect(spider.sent, signals.request_reached_downloader)
        crawler.signals.connect(spider.headed, signals.headers_received)
        crawler.signals.connect(spider.arrived, signals.bytes_received)
        crawler.signals.connect(spider.crashed, signals.spider_error)
        return spider

    # Set in from_crawler: Scrapy makes spiders in two steps.
    data: Path
    exclusions: Exclusions
    objections: Objections
    store: Store
    _lock: BaseFileLock

    async def start(self) -> AsyncIterator[Any]:
        try:
            self.store.put_before(self.started)
            if self.objections:
                self.store.withdraw(self.objections.cover)
        except StoreError as error:
            self._break_off(error)
            return
        for source in self.sources:
            if self.objections.cover(source.url):
                self.outcomes[source.id].fail(Failed("refused", "objection", f"{source.url}: its publisher objected"))
                continue
            if self.exclusions.in_source(source.id, source.url):
                why = "its id or address names somebody who asked not to be listed; take it out of the catalogue"
                self.outcomes[source.id].fail(Failed("refused", "objection", why))
                continue
            try:
                links = platforms.start_links(source)
            except CatalogueError as error:
                self.outcomes[source.id].fail(Failed("failing", "catalogue", str(error)))
                continue
            self.outcomes[source.id].starts = len(links)
            for link in links:
                try:
                    request = self.request(source, link)
                except ValueError as error:
                    self.outcomes[source.id].miss_start(Failed("failing", "catalogue", f"{link.url}: {error}"))
                else:
                    yield request

    def request(self, source: Source, link: Link, steps: int = 0) -> Request:
        """Return the request for a document of a source, that many steps away from where the source begins."""
        self.outcomes[source.id].asked += 1
        request = to_request(link, source, callback=self.parse, errback=self.failed)
        request.meta["steps"] = steps
        return request

    def known(self, request: Request) -> PageState | None:
        """Return the state of a page that was read before by this program under this entry: ask if it changed."""
        source = request.meta.get("source")
        if source is None:
            return None
        if source.id not in self._versions:
            self._versions[source.id] = reading_version(source)
        page = self.store.page(source.id, request.meta["asked"])
        if request.meta.get("anew") or page is None:
            return None
        return page if page.version.partition(" ")[0] == self._versions[source.id] else None

    def parse(self, response: Response, **_: Any) -> Iterator[Any]:
        """Read one document: store what it says, then give the records on, and the requests for what it links to."""
        if self.broke is not None:
            return  # nothing more can be stored
        try:
            with reached.counting() as counts:
                found = list(self._take_in(response))
            self._count(response, counts)
            yield from found
        except StoreError as error:
            self._break_off(error)

    def _count(self, response: Response, counts: Counter[str]) -> None:
        """Note which limits a document reached: with its source, and among the crawl's counters."""
        assert response.request is not None
        self.outcomes[response.request.meta["source"].id].reached += counts
        for name, count in counts.items():
            self._inc(f"limit/{name}", count)

    def _break_off(self, error: StoreError) -> None:
        """Stop the crawl: what cannot be stored need not be fetched. What was stored before stays."""
        if self.broke is None and self.crawler.engine is not None:
            self.broke = str(error)
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="store"))

    def _take_in(self, response: Response) -> Iterator[Any]:
        request = response.request
        assert request is not None
        source, asked = request.meta["source"], request.meta["asked"]
        outcome, known = self.outcomes[source.id], self.known(request)
        told = wishes_of(response)
        same = known is not None and response.status == 304
        if known and told != known.wishes:
            # What was read under other wishes is not what may be kept, or not all of it, the same page or not.
            if same:
                yield anew(request)
                return
            known = None
        digest = known.sha256 if known and same else hashlib.sha256(response.body).hexdigest()
        seen_before = response.status != 304 and digest in outcome.digests
        outcome.digests.add(digest)
        if known and known.sha256 == digest:
            outcome.unchanged += 1
            outcome.records += self.store.confirm_page(source.id, asked, self.now())
            links = [Link(*row) for row in known.links]  # type: ignore[arg-type]
        else:
            document = to_document(response, source, self.now())
            self._load_readers()
            try:
                reading = readers.read(document)
            except ReaderError as error:
                self._give_up(request, Failed("failing", "unreadable", str(error)))
                return
            wished = told | {"noindex"} if reading.dropped["noindex"] else told
            if reading.dropped["tdm-reservation"]:
                wished |= {"reserved"}
            if wished and self.store.page(source.id, asked):
                self._take_back(source, asked, everything="reserved" in wished)
            if "reserved" in wished:
                said = f"{response.url}: {SAID}"
                self._give_up(request, Failed("refused", "objection", said))
                return
            intake = take(reading, document, self.exclusions)
            if reading.erased:
                self._erase(source, reading.erased)
            # An address may name somebody who asked not to be kept.
            links = [link for link in reading.links if not self.exclusions.in_address(link.url)]
            state = page_state(response, document, reading.format, digest, links)
            version = " ".join((state.version, *sorted(told)))
            self.store.save_page(replace(state, version=version), intake.records)
            outcome.read += 1
            outcome.records += len(intake.records)
            outcome.formats[reading.format] += 1
            outcome.dropped += reading.dropped + intake.dropped
            outcome.surprises += reading.surprises
            for line in (*reading.problems, *intake.refused):
                self._problem(outcome, line)
            yield from intake.records
        # The same page under ever new addresses leads nowhere new.
        if not seen_before:
            yield from self._follow(response, source, links)

    def now(self) -> str:
        """Return the present instant: never before the crawl began, whatever the clock says meanwhile."""
        return max(self.started, now())

    def _load_readers(self) -> None:
        if not self._loaded:
            readers.load()
            # They live as long as the process: the collector need not walk through them again and again.
            gc.freeze()
            self._loaded = True

    def _erase(self, source: Source, erased: Erased) -> None:
        """Remove what another instance says is to go, from what was read there, and say so to those who read us."""
        gone = withdraw(self.store, source.id, erased)
        if not gone.removed | gone.changed:
            return
        self.exclusions.pages |= gone.pages
        self.exclusions.removed |= gone.removed
        self.exclusions.changed |= gone.changed - gone.removed
        self.exclusions.save(self.data / EXCLUSIONS)
        self.store.flush()
        forget_copies(self.data)

    def _take_back(self, source: Source, asked: str, everything: bool) -> None:
        """Remove what a page said before it asked not to be kept: all of it, or the people whom it named."""
        nobody = Rules(Exclusions(), attendees=True, people=False, dropped=Counter())
        for record in self.store.on_page(source.id, asked):
            states = [*self.store.history(record.key), record.body]
            left = [None if everything else protect(state, nobody) for state in states]
            if left != states:
                self.store.rewrite(record.key, left[-1])

    def _follow(self, response: Response, source: Source, links: list[Link]) -> Iterator[Request]:
        outcome = self.outcomes[source.id]
        for link in links:
            if spent := self._spent(source, outcome):
                self._stop(outcome, spent)
                return
            if not self._wanted(link, response, source):
                continue
            steps = response.meta["steps"] + (link.kind != "next")
            url = without_session(link.url)
            if link.kind != "api":  # what the page says to somebody is not needed to read it
                url = address_without_contacts(url, Counter()) or url
            try:
                request = self.request(source, replace(link, url=url), steps)
            except ValueError as error:
                self._problem(outcome, f"{response.url}: links to what is no address: {link.url}: {error}")
            else:
                yield request

    def leaves(self, request: Request) -> None:
        """Look at a request once more, before it leaves: many may have been made before one of them was answered.

        Raises:
            SpentError: where the source's bytes or seconds are used up by now.
            ObjectionError: where a redirect leads to somebody who objected.
        """
        source = request.meta.get("source")
        if source is None:  # robots.txt, tdmrep.json
            return
        if self.objections.cover(request.url):
            raise ObjectionError("its publisher objected")
        outcome = self.outcomes[source.id]
        if outcome.began is None:
            outcome.began = monotonic()
        elif spent := self._used_up(source, outcome):
            raise SpentError(spent)

    def _spent(self, source: Source, outcome: Outcome) -> str | None:
        """Return which of a source's budgets for one run is used up, in words, or None."""
        if outcome.asked >= source.max_pages:
            return f"max_pages = {source.max_pages}"
        return self._used_up(source, outcome)

    @staticmethod
    def _used_up(source: Source, outcome: Outcome) -> str | None:
        if outcome.bytes >= source.max_bytes:
            return f"max_bytes = {source.max_bytes}"
        if outcome.began is not None and monotonic() - outcome.began >= source.max_seconds:
            return f"max_seconds = {source.max_seconds}"
        return None

    def _stop(self, outcome: Outcome, spent: str) -> None:
        """Say, once, that a budget ended a source's run."""
        if spent not in outcome.stopped:
            outcome.stopped.add(spent)
            self._problem(
                outcome, f"{outcome.source}: stopped after {spent}; raise it in the catalogue if that is meant"
            )
        self._inc(f"budget/{spent.partition(' ')[0]}")

    def waited(self, request: Request, seconds: float) -> None:
        """Note that a host made us wait."""
        if source := request.meta.get("source"):
            self.outcomes[source.id].waited += seconds

    def put_off(self, request: Request, seconds: float) -> None:
        """Note that a host wants to be left alone for longer than a crawl waits."""
        if source := request.meta.get("source"):
            outcome = self.outcomes[source.id]
            outcome.retry_after = max(outcome.retry_after, monotonic() - self._began + seconds)

    def _inc(self, key: str, count: int = 1) -> None:
        if self.crawler.stats:
            self.crawler.stats.inc_value(key, count)

    def _wanted(self, link: Link, response: Response, source: Source) -> bool:
        if self.objections.cover(link.url):
            return False
        if not self._leads_on(link, response, source):
            return False
        return not reached.over(response.meta["steps"] + 1, MAX_DEPTH, "spiders.base.MAX_DEPTH")

    @staticmethod
    def _leads_on(link: Link, response: Response, source: Source) -> bool:
        start = response.meta["kind"] == "start"
        if link.kind == "beside":
            return bool(start)
        if link.kind == "listed":
            return source.elsewhere
        # The feeds that every page of a site names are worth reading once, for the page that the source starts from.
        if link.kind == "alternate" and not start:
            return False
        # Only hosts that the source speaks for: a feed's entries elsewhere are other people's pages, under another
        # licence. A page's own calendar at a service is the page's, and what an API pages through stays at the API.
        here = {source.host, host_of(response.url)} if link.kind == "next" else {source.host}
        return host_of(link.url) in here or (link.kind == "api" and start)

    def failed(self, failure: Failure) -> None:
        """Note what stood in the way of one document; the others go on."""
        if isinstance(failure.value, StoreError):
            self._break_off(failure.value)
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, SpentError):
            self._stop(self.outcomes[request.meta["source"].id], str(failure.value))
            return
        if isinstance(failure.value, ReservedError):
            try:
                self._take_back(request.meta["source"], request.meta["asked"], everything=True)
            except StoreError as error:
                self._break_off(error)
                return
        why = explain(failure)
        self._give_up(request, replace(why, detail=f"{request.url}: {why.detail}"))

    def crashed(self, failure: Failure, response: Response) -> None:
        """Note that a document broke what reads it: a fault of ours, that must not look like an empty page."""
        assert response.request is not None
        said = f"{response.url}: the reader broke ({type(failure.value).__name__}: {failure.value})"
        self._give_up(response.request, Failed("failing", "unreadable", f"{said}; please report it"))

    def _give_up(self, request: Request, why: Failed) -> None:
        outcome = self.outcomes[request.meta["source"].id]
        if request.meta["kind"] == "beside":
            return  # not every export has it
        if request.meta["kind"] == "start":
            outcome.miss_start(why)
            self.logger.warning("%s: %s", outcome.source, why.detail)
        else:
            self._problem(outcome, why.detail)

    def _problem(self, outcome: Outcome, line: str) -> None:
        outcome.problem(line)
        self.logger.info("%s: %s", outcome.source, line)

    def sent(self, request: Request) -> None:
        if source := request.meta.get("source"):
            self.outcomes[source.id].requests += 1

    def headed(self, headers: Headers, request: Request) -> None:
        self.arrived(headers.to_string(), request)

    def arrived(self, data: bytes, request: Request) -> None:
        """Count what came for a source: packed as it came, of redirects, further tries and what broke off too."""
        if source := request.meta.get("source"):
            self.outcomes[source.id].bytes += len(data)

    def ended(self, reason: str) -> None:
        """Write down how each source fared; after an interruption only for those that were asked at all."""
        try:
            if self.broke is None:
                with self.store as store:
                    for source in self.sources:
                        self._note(store, source, whole=reason == "finished")
        except StoreError as error:
            self.broke = str(error)
        finally:
            self.store.close()
            self._lock.release()

    def _note(self, store: Store, source: Source, whole: bool) -> None:
        outcome = self.outcomes[source.id]
        if self.exclusions.in_source(source.id, source.url):
            # Its id must be written down nowhere.
            why = (outcome.failed_class, outcome.failure)
            self.runs[source.id] = Run(self.started, outcome.failed_state or "refused", *why)
            return
        if not whole:
            return  # what an interrupted run did not come to see tells nothing; the next one goes on
        if outcome.failure:
            outcome.failure = self.exclusions.redact(outcome.failure)
        run = conclude(store, source, outcome, self.started)
        self.runs[source.id] = run
        entry = source.model_dump(mode="json")
        if self.exclusions.hashes:
            stated = entry.items()
            entry = {key: self.exclusions.redact(each) if isinstance(each, str) else each for key, each in stated}
        store.save_source(entry, run.at, run.state, run.why, run.documents, run.good)
