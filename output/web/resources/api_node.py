"""One node, as the graph has it."""

from typing import Any

from output.web.api.answers import GraphNode
from output.web.api.operation import ROOT, Operation
from output.web.api.parameters import Id, Query
from output.web.resource import MovedError
from output.web.site import Site


class _Asked(Query):
    id: Id


class ApiNode(Operation):
    pattern = f"{ROOT}/nodes/{{id}}"
    name = "node"
    summary = "Everything known of one node, each fact with its sources"
    description = "An id that was merged into another is redirected to it."
    tag = "The graph"
    parameters = _Asked
    answers = GraphNode

    def reply(self, site: Site, asked: Any) -> dict[str, Any]:
        node = site.index.node(asked.id)
        if node.id != asked.id:
            raise MovedError(f"{ROOT}/nodes/{node.id}")
        return {"id": node.id, **node.data}
