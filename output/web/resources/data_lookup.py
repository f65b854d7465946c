"""The index that a browser searches and looks up in by itself: always whole, never a part that a question chose."""

from collections.abc import Iterable, Mapping

import orjson

from output.names import FILTERS, LINKS, LOOKUP, NAMES, TEXTS, TOWNS
from output.web.constants import constants
from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.site import Site

JSON = "application/json"
CONSTANTS = "constants.json"
FILES = (NAMES, TEXTS, FILTERS, TOWNS, LINKS)


class DataLookup(Resource):
    pattern = "/data/lookup/{name}"

    def answer(self, site: Site, asked: Asked) -> Document:
        name = asked.values["name"]
        if name == CONSTANTS:
            return Document(orjson.dumps(constants()), JSON)
        path = site.export / LOOKUP / name
        if name not in FILES or not path.is_file():
            raise NotFoundError(f"{asked.path}: no such file; an older export has none: recroise export")
        return Document(b"", JSON, file=path)

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        folder = site.export / LOOKUP
        return ({"name": name} for name in (CONSTANTS, *(name for name in FILES if (folder / name).is_file())))
