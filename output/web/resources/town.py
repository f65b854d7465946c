"""What takes place in a town, and what is there."""

from collections.abc import Iterable, Mapping

from output.web.areas import area
from output.web.resource import Asked, Document, Resource
from output.web.scopes import areas
from output.web.site import LANGUAGES, Site


class Town(Resource):
    pattern = "/{lang}/town/{id}/"

    def answer(self, site: Site, asked: Asked) -> Document:
        return area(site, asked, "town")

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        names = [value for kind, value in areas(site.index) if kind == "town"]
        return ({"lang": language, "id": name} for language in LANGUAGES for name in names)
