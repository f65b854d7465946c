"""Any sources of the catalogue: what ``recroise crawl`` and ``recroise run`` use."""

from crawler.spiders.base import CatalogueSpider


class Sources(CatalogueSpider):
    name = "sources"
