"""The files of the export."""

from typing import Any

from output.web.api.answers import ExportFile, Exports
from output.web.api.files import MEDIA_TYPES, digest, files
from output.web.api.operation import ROOT, Operation
from output.web.site import Site


class ApiExports(Operation):
    pattern = f"{ROOT}/exports"
    name = "exports"
    summary = "The files of the whole export, with sizes and digests"
    tag = "The whole"
    answers = Exports

    def reply(self, site: Site, asked: Any) -> Exports:
        return Exports(
            [
                ExportFile(path.name, MEDIA_TYPES[path.name], path.stat().st_size, digest(path), f"exports/{path.name}")
                for path in files(site.export)
            ]
        )
