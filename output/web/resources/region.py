"""What takes place in a region, its towns, and what is there."""

from collections.abc import Iterable, Mapping

from output.web.areas import area
from output.web.resource import Asked, Document, Resource
from output.web.scopes import areas
from output.web.site import LANGUAGES, Site


class Region(Resource):
    pattern = "/{lang}/region/{id}/"

    def answer(self, site: Site, asked: Asked) -> Document:
        return area(site, asked, "region")

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        names = [value for kind, value in areas(site.index) if kind == "region"]
        return ({"lang": language, "id": name} for language in LANGUAGES for name in names)
