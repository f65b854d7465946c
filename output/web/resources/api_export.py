"""One file of the export, whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from output.web.api.files import MEDIA_TYPES, files
from output.web.api.operation import ROOT, Operation
from output.web.api.parameters import Query
from output.web.resource import Document, NotFoundError
from output.web.site import Site


class _Asked(Query):
    name: str = Field(max_length=50, description="A name of the list of files.", examples=["places.geojson"])


class ApiExport(Operation):
    pattern = f"{ROOT}/exports/{{name}}"
    name = "export"
    summary = "One file of the export"
    description = "Parts of it can be asked for (Range)."
    tag = "The whole"
    parameters = _Asked
    answers = None

    def reply(self, site: Site, asked: Any) -> Document:
        path = site.export / asked.name
        if path not in files(site.export):
            raise NotFoundError(f"{asked.name}: no such file; {ROOT}/exports lists them")
        return Document(b"", MEDIA_TYPES[asked.name], file=path)

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"name": path.name} for path in files(site.export))
