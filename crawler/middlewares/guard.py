"""Refuses requests to private networks that the catalogue does not name."""

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.utils.httpobj import urlparse_cached

from crawler.catalogue import Source
from crawler.network import AddressRefusedError, GuardedResolver, is_localhost, is_public, literal_address


class GuardMiddleware:
    """Checks hosts that are addresses themselves, and tells the resolver which names may be private.

    Redirected requests pass here again. Names are checked where they are resolved (``GuardedResolver``).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        return cls(crawler)

    def process_request(self, request: Request, **_: Any) -> None:
        host = (urlparse_cached(request).hostname or "").lower()
        if self._may_be_private(request, host):
            GuardedResolver.allowed.add(host)
            return
        address = literal_address(host)
        if is_localhost(host) or (address and not is_public(address)):
            self._count()
            raise AddressRefusedError(host, address or "loopback")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count a document whose host's name gave a private address; robots.txt and the like of it are not."""
        host = (urlparse_cached(request).hostname or "").lower()
        resolved = isinstance(exception, CannotResolveHostError) and host in GuardedResolver.refused
        if resolved and request.meta.get("source"):
            self._count()

    def _count(self) -> None:
        if self._stats:
            self._stats.inc_value("guard/refused")

    @staticmethod
    def _may_be_private(request: Request, host: str) -> bool:
        # Only the source's own host: a redirect or a link must not lead further into the private network.
        source = request.meta.get("source")
        if source is None:  # robots.txt and the like of a host that the resolver was already told about
            return host in GuardedResolver.allowed
        return isinstance(source, Source) and source.private_network and host == source.host
