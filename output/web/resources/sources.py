"""The sources: which they are, under which licences, and how each fares."""

from collections.abc import Iterable, Mapping

from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.scopes import has_region
from output.web.site import LANGUAGES, Site
from output.web.templating import render


class Sources(Resource):
    pattern = "/{lang}/sources/"

    def answer(self, site: Site, asked: Asked) -> Document:
        if asked.values["lang"] not in LANGUAGES:
            raise NotFoundError(asked.path)
        # Those that were read and gave nothing yet are known by their health alone.
        known = {name: {"id": name, "name": name} for name in site.health} | site.sources
        rows = [each | {"health": site.health.get(each["id"], {})} for each in known.values()]
        rows.sort(key=lambda each: (each["name"].casefold(), each["id"]))
        regions = {code for each in rows if (code := each.get("region"))}
        ailing = [each for each in rows if each["health"].get("state") not in (None, "healthy")]
        told = {code for code in regions if has_region(site.index, code)}
        return render(site, asked, "sources.html", rows=rows, told=told, ailing=len(ailing))

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language} for language in LANGUAGES)
