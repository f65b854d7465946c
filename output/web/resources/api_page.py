"""The API, described for people, and tried where it is described.

A page of our own: Swagger UI 5.35 keeps to the policy too, but is 1.9 MB of one language that says nothing without a
script.
"""

from collections.abc import Iterable, Mapping

from output.web.api.openapi import TAGS, document
from output.web.middleware import BURST, LONGEST, RATE
from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.resources.api_openapi import operations
from output.web.site import LANGUAGES, Site
from output.web.templating import render


class ApiPage(Resource):
    pattern = "/{lang}/api/"

    def answer(self, site: Site, asked: Asked) -> Document:
        if asked.values["lang"] not in LANGUAGES:
            raise NotFoundError(asked.path)
        paths = [(path, methods["get"]) for path, methods in document(operations())["paths"].items()]
        limits = {"rate": f"{RATE:g}", "burst": f"{BURST:g}", "longest": LONGEST}
        return render(site, asked, "api.html", paths=paths, tags=TAGS, limits=limits)

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language} for language in LANGUAGES)
