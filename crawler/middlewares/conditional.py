"""Asks only for what changed: If-None-Match and If-Modified-Since from what the store knows of a page."""

from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler


class ConditionalMiddleware:
    """Adds the validators of the last reading; the server answers 304 and no body when nothing changed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ConditionalMiddleware":
        return cls(crawler)

    def process_request(self, request: Request, **_: Any) -> None:
        known = getattr(self._crawler.spider or Spider("none"), "known", None)
        page = known(request) if known else None
        # The answer "not modified" may come without the header that asked for something: whether it still does, and
        # the people of the page are to be left out, only the whole answer tells.
        if page is None or page.wishes:
            return
        if page.etag:
            request.headers.setdefault("If-None-Match", page.etag)
        if page.last_modified:
            request.headers.setdefault("If-Modified-Since", page.last_modified)
