"""Tells requests apart that ask one address for different media types: ActivityPub answers where a page stands."""

from scrapy import Request
from scrapy.utils.request import fingerprint


class Fingerprinter:
    """Scrapy's own fingerprint, with the media type where a request asks for one of its own."""

    def fingerprint(self, request: Request) -> bytes:
        return fingerprint(request, include_headers=["Accept"])
