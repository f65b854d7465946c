"""Coworking wikis and lists of coworking places."""

from typing import ClassVar

from crawler.spiders.base import CatalogueSpider


class CoworkingWiki(CatalogueSpider):
    name = "coworking_wiki"
    community: ClassVar[str | None] = "coworking-wiki"
