"""One source: its licence, how it fares, and the events that it tells of."""

from collections.abc import Iterable, Mapping

from output.web.cards import cards
from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.scopes import coming, has_region, past, scope
from output.web.site import LANGUAGES, Site
from output.web.templating import render

SHOWN = 20  # events to come, and as many of those that are over
FIELDS = 12  # of what it gives, the first


class Source(Resource):
    pattern = "/{lang}/source/{id}/"

    def answer(self, site: Site, asked: Asked) -> Document:
        name = asked.values["id"]
        if asked.values["lang"] not in LANGUAGES or not (name in site.sources or name in site.health):
            raise NotFoundError(asked.path)
        source = site.sources.get(name, {"id": name, "name": name})
        sections = []
        if name in site.sources:
            told = scope(site.index, f"source-{name}")
            for key, nodes in (
                ("events", coming(site.index, told, site.today, SHOWN)),
                ("past", past(site.index, told, site.today, SHOWN)),
            ):
                sections.append((key, cards(site.index, [each.id for each in nodes])))
        health = site.health.get(name, {})
        return render(
            site,
            asked,
            "source.html",
            source=source,
            health=health,
            fields=list(health.get("coverage", {}).items())[:FIELDS],
            region_told=has_region(site.index, source.get("region") or ""),
            sections=[(key, found) for key, found in sections if found],
        )

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        names = sorted({*site.sources, *site.health})
        return ({"lang": language, "id": name} for language in LANGUAGES for name in names)
