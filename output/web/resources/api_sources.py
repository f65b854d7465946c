"""Where it all comes from, and how each source fares."""

from typing import Any

from output.web.api.answers import SourceItem, Sources
from output.web.api.operation import ROOT, Operation
from output.web.site import Site


class ApiSources(Operation):
    pattern = f"{ROOT}/sources"
    name = "sources"
    summary = "The sources, their licences, and how each fares"
    tag = "The whole"
    answers = Sources

    def reply(self, site: Site, asked: Any) -> Sources:
        return Sources([_item(source, site.health.get(source["id"], {})) for source in site.index.sources])


def _item(source: dict[str, str], health: dict[str, Any]) -> SourceItem:
    return SourceItem(
        id=source["id"],
        name=source.get("name"),
        url=source.get("url"),
        community=source.get("community"),
        region=source.get("region"),
        licence=source["licence"],
        state=health.get("state"),
        lastGood=health.get("last_good"),
        lastRun=health.get("last_run"),
        records=health.get("records"),
    )
