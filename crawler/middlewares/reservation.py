"""Asks each host once a run what it reserves of text and data mining, and lets no request out that it reserves."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from crawler import reached
from crawler.reservations import PATH, SAID, Reservations, ReservedError

FIRST = 1_000  # priority: before the pages that wait for it


class ReservationMiddleware:
    """Stands behind Scrapy's for robots.txt: a host that lets nobody in is not asked this either."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._largest: int = crawler.settings.getint("TDMREP_MAXSIZE")
        self._known: dict[str, Deferred[None] | Reservations | None] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ReservationMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("source") is None:  # robots.txt, and the file itself
            return
        found = await self._of_host(request)
        if found and found.cover(request.url):
            self._inc("tdmrep/reserved")
            raise ReservedError(SAID)

    async def _of_host(self, request: Request) -> Reservations | None:
        """Return what a request's host reserves, None for nothing; whoever comes meanwhile waits."""
        url = urlparse_cached(request)
        if url.netloc not in self._known:
            waiting: Deferred[None] = Deferred()
            self._known[url.netloc] = waiting
            asked = Request(
                f"{url.scheme}://{url.netloc}{PATH}",
                priority=FIRST,
                meta={"dont_retry": True, "download_maxsize": self._largest},
                callback=NO_CALLBACK,
            )
            self._inc("tdmrep/asked")
            assert self._crawler.engine is not None
            answer: Deferred[Response] = deferred_from_coro(self._crawler.engine.download_async(asked))
            found = None
            try:
                found = await maybe_deferred_to_future(answer.addCallbacks(self._read, self._failed))
            finally:
                self._known[url.netloc] = found
                waiting.callback(None)
            return found
        if isinstance(asking := self._known[url.netloc], Deferred):
            await maybe_deferred_to_future(_beside(asking))
        known = self._known[url.netloc]
        assert not isinstance(known, Deferred)
        return known

    def _read(self, response: Response) -> Reservations | None:
        if response.status != 200:
            return None
        with reached.counting() as counts:
            found = Reservations(response.body)
        for name, count in counts.items():
            self._inc(f"limit/{name}", count)
        return found

    def _failed(self, _: Failure) -> None:
        """A file that cannot be had reserves nothing."""
        self._inc("tdmrep/failed")

    def _inc(self, key: str, count: int = 1) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(key, count)


def _beside(waiting: "Deferred[None]") -> "Deferred[None]":
    """Return a wait of one's own for what several wait for."""
    own: Deferred[None] = Deferred()

    def done(_: None) -> None:
        own.callback(None)

    waiting.addCallback(done)
    return own
