"""The first page: what is next near here, and what is new."""

from collections.abc import Iterable, Mapping

from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.site import LANGUAGES, Site
from output.web.templating import render


class Home(Resource):
    pattern = "/{lang}/"

    def answer(self, site: Site, asked: Asked) -> Document:
        if asked.values["lang"] not in LANGUAGES:
            raise NotFoundError(asked.path)
        return render(site, asked, "home.html")

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language} for language in LANGUAGES)
