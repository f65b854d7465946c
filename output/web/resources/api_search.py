"""Search, in pages."""

from typing import Any

from pydantic import Field

from output.search import search
from output.web.api.answers import SearchPage
from output.web.api.operation import ROOT, Operation, begun, page
from output.web.api.parameters import Cursor, Limit, Searched
from output.web.site import Site

MOST = 1_000  # results of one question; who needs more takes an export


class _Asked(Searched):
    limit: Limit = 20
    cursor: Cursor = Field(None)


class ApiSearch(Operation):
    pattern = f"{ROOT}/search"
    name = "search"
    summary = "Search people, places, events, series and organisations"
    description = "The best first; without words the newest. No more than 1000 results of one question."
    tag = "Look up"
    parameters = _Asked
    answers = SearchPage

    def reply(self, site: Site, asked: Any) -> SearchPage:
        start = begun(self, asked)
        wanted = max(0, min(MOST - start, asked.limit + 1))
        found = search(site.index, asked.q, limit=wanted, start=start, among=MOST, **asked.filters())
        return SearchPage(*page(self, asked, found, start, MOST))
