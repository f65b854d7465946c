"""Open Coffee meetings."""

from typing import ClassVar

from crawler.spiders.base import CatalogueSpider


class OpenCoffee(CatalogueSpider):
    name = "open_coffee"
    community: ClassVar[str | None] = "open-coffee"
