"""The people of a place or community."""

from typing import Annotated, Any

from pydantic import Field

from output.show import members
from output.web.api.answers import MemberPage
from output.web.api.operation import ROOT, Operation, begun, page
from output.web.api.parameters import Cursor, Limit, Query
from output.web.resource import MovedError
from output.web.site import Site

MOST = 100_000


MemberOf = Annotated[
    str,
    Field(
        pattern=r"^(place|organization)-[0-9a-f]{12}$",
        description="The stable id of a place or an organisation.",
        examples=["place-0123456789ab"],
    ),
]


class _Asked(Query):
    id: MemberOf
    limit: Limit = 50
    cursor: Cursor = Field(None)


class ApiMembers(Operation):
    pattern = f"{ROOT}/nodes/{{id}}/members"
    name = "members"
    summary = "The members of a place or community in public roles"
    tag = "The graph"
    parameters = _Asked
    answers = MemberPage

    def reply(self, site: Site, asked: Any) -> MemberPage:
        node = site.index.node(asked.id)
        if node.id != asked.id:
            raise MovedError(f"{ROOT}/nodes/{node.id}/members")
        start = begun(self, asked)
        whole = members(site.index, node.id)
        users, after = page(self, asked, whole["users"][start : start + asked.limit + 1], start, MOST)
        return MemberPage(node.id, node.name, whole["usersCount"], users, after)
