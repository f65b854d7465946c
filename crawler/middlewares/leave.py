"""Looks once more at a request before it leaves: much may have come between its making and its turn."""

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler


class LeaveMiddleware:
    """Asks the spider, which raises ``IgnoreRequest`` where it no longer wants a document.

    Redirected requests and those that are tried again pass here too.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LeaveMiddleware":
        return cls(crawler)

    def process_request(self, request: Request, **_: Any) -> None:
        if look := getattr(self._crawler.spider, "leaves", None):
            look(request)
