"""What does not fit on the first page of the map's list."""

from collections.abc import Iterable, Mapping

from output.web import places
from output.web.addresses import page
from output.web.resource import Asked, Document, MovedError, Resource
from output.web.resources.map import listed
from output.web.site import LANGUAGES, Site


class MapPage(Resource):
    pattern = "/{lang}/map/{number:int}/"

    def answer(self, site: Site, asked: Asked) -> Document:
        number = int(asked.values["number"])
        if number < 2:
            raise MovedError(page(asked.values["lang"], "map"))
        return listed(site, asked, number)

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return (
            {"lang": language, "number": str(number)} for language in LANGUAGES for number in places.numbers(site.index)
        )
