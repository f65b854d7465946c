"""Cantines numériques: agendas, teams, members."""

from typing import ClassVar

from crawler.spiders.base import CatalogueSpider


class Cantine(CatalogueSpider):
    name = "cantine"
    community: ClassVar[str | None] = "cantine"
