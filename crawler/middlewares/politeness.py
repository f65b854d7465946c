"""Slows down when asked to: Retry-After, robots.txt's Crawl-delay; and does not wait on our own machine."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

from scrapy import Request, signals
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.network import is_loopback


class PolitenessMiddleware:
    """Puts each request into its host's slot and lengthens the slot's pause when the host asks for it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._loopback: str = crawler.settings["LOOPBACK_SLOT"]
        self._longest: float = crawler.settings.getfloat("RETRY_AFTER_MAX")
        self._longest_delay: float = crawler.settings.getfloat("CRAWL_DELAY_MAX")
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PolitenessMiddleware":
        return cls(crawler)

    def process_request(self, request: Request, **_: Any) -> None:
        host = urlparse_cached(request).hostname or ""
        if is_loopback(host):
            request.meta["proxy"] = None  # a proxy of the environment has no business there
            # A host that asked for a pause has a slot of its own, or it would stop all of the others.
            paused = host in self._downloader.per_slot_settings
            request.meta["download_slot"] = host if paused else self._loopback

    def process_response(self, request: Request, response: Response, **_: Any) -> Response:
        if response.status not in (429, 503):
            return response
        stated = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
        wait = retry_after(stated, datetime.now(UTC))
        if wait is None:
            return response
        self._inc("politeness/retry_after")
        if wait > self._longest:
            request.meta["dont_retry"] = True  # a later run will ask again
            if put_off := getattr(self._crawler.spider, "put_off", None):
                put_off(request, wait)
        else:
            self._pause(request, wait)
            if note := getattr(self._crawler.spider, "waited", None):
                note(request, wait)
        return response

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        delay = robotparser.crawl_delay(self._agent)
        host = urlparse_cached(request).hostname or ""
        if not delay or is_loopback(host):
            return
        delay = min(float(delay), self._longest_delay)
        self._inc("politeness/crawl_delay")
        settings = self._downloader.per_slot_settings.setdefault(host, {})
        settings["delay"] = max(delay, self._crawler.settings.getfloat("DOWNLOAD_DELAY"))
        if slot := self._downloader.slots.get(host):
            slot.delay = settings["delay"]

    def _pause(self, request: Request, seconds: float) -> None:
        """Let nothing out of the request's slot for ``seconds``."""
        host = urlparse_cached(request).hostname or ""
        if request.meta.get("download_slot") == self._loopback:
            self._downloader.per_slot_settings[host] = {"delay": 0, "concurrency": 1}
        request.meta["download_slot"] = host
        _, slot = self._downloader._get_slot(request)
        # The slot sends again once ``delay`` has gone by since ``lastseen``: put lastseen into the future.
        slot.delay = slot.delay or 0.001
        slot.lastseen = max(slot.lastseen, monotonic() + seconds - slot.delay)

    @property
    def _downloader(self) -> Downloader:
        assert self._crawler.engine is not None
        return self._crawler.engine.downloader

    def _inc(self, key: str) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(key)


def retry_after(stated: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date), or None."""
    if stated.isdecimal() and stated.isascii():
        return float(stated[:9])
    try:
        when = parsedate_to_datetime(stated)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
