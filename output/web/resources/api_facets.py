"""How many nodes there are of each type, year, region, town and source."""

from typing import Any

from output.search import facets
from output.web.api.answers import Facets
from output.web.api.operation import ROOT, Operation
from output.web.api.parameters import Searched
from output.web.site import Site


class ApiFacets(Operation):
    pattern = f"{ROOT}/facets"
    name = "facets"
    summary = "Count what a search would find, by type, year, region, town and source"
    tag = "Look up"
    parameters = Searched
    answers = Facets

    def reply(self, site: Site, asked: Any) -> Facets:
        return Facets(**facets(site.index, asked.q, **asked.filters()))
