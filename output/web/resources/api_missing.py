"""Whatever else is asked of the API: nothing has that address, and the answer says so as all of them do."""

from output.web.api.problems import problem
from output.web.resource import Asked, Document, Resource
from output.web.site import Site


class ApiMissing(Resource):
    pattern = "/api/{rest:path}"

    def answer(self, site: Site, asked: Asked) -> Document:
        return problem(404, f"{asked.path[:100]}: nothing has this address; /api/v1/openapi.json says what there is")
