"""The API, described for programs."""

from collections.abc import Iterable, Mapping

import orjson

from output.web.api.openapi import document
from output.web.api.operation import JSON, ROOT, Operation
from output.web.resource import Asked, Document, Resource
from output.web.site import Site


def operations() -> tuple[Operation, ...]:
    """Return every operation of the API."""
    from output.web.resources import all_resources

    return tuple(each for each in all_resources() if isinstance(each, Operation))


class ApiOpenapi(Resource):
    pattern = f"{ROOT}/openapi.json"

    def answer(self, site: Site, asked: Asked) -> Document:
        return Document(orjson.dumps(document(operations())), JSON)

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({},)
