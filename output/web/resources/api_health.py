"""Whether the server answers, and of when its data are: for whoever watches it."""

from importlib.metadata import version
from types import MappingProxyType
from typing import Any

from output.web.api.answers import Health
from output.web.api.operation import ROOT, Operation
from output.web.site import Site


class ApiHealth(Operation):
    pattern = f"{ROOT}/health"
    name = "health"
    summary = "That the server answers, and of when its data are"
    tag = "The whole"
    answers = Health
    headers = MappingProxyType({"Cache-Control": "no-store"})

    def reply(self, site: Site, asked: Any) -> Health:
        (nodes,) = next(site.index.rows("SELECT coalesce(max(number), 0) FROM node"))
        return Health("ok", version("recroise"), site.index.when, nodes)
