"""What the map draws."""

from collections.abc import Iterable, Mapping

import orjson

from output.web import places
from output.web.resource import Asked, Document, Resource
from output.web.site import Site


class DataMap(Resource):
    pattern = "/data/map.json"
    slow = True

    def answer(self, site: Site, asked: Asked) -> Document:
        return Document(orjson.dumps(places.pins(site.index, site.today)), "application/json")

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({},)
